"""Strata of parameter space, and families of unit strata: one answer for all strata whose units are in the same families.

A unit moves within its family along closures and opens the same columns all the time, so whether a stratum holds minimisers,
and with which others it is connected, depends on the families of its units only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations_with_replacement, groupby, product
from math import comb, prod
from typing import TypeAlias, overload

from exactsurf.surface.unit_table import UnitFace

UnitStratum: TypeAlias = tuple[int, int]
"""A face (its place in the table) and the sign of the output weight."""

Choice: TypeAlias = tuple[int, ...]
"""For every unit its family (or its unit stratum), in order."""


@dataclass(frozen=True)
class Stratum:
    """Relatively open faces of the arrangement, one for each unit, with the signs −1, 0 or 1 of the output weights."""

    faces: tuple[UnitFace, ...]
    signs: tuple[int, ...]


@dataclass(frozen=True)
class Families:
    """Unit strata in families: `members[f]`, their places in `parts`; `lower[f]`, the families with one in the closure of f's.

    Members of one family are of one kind, and connected where one is in the closure of another. Families stand in the order of
    their first members. Exactness: exact. Source: proofs/local_minima.md, section 6.
    """

    faces: tuple[UnitFace, ...]
    parts: tuple[UnitStratum, ...]
    members: tuple[tuple[int, ...], ...]
    lower: tuple[tuple[int, ...], ...]


def below(chosen: Choice, lower: Sequence[Sequence[int]]) -> Iterator[Choice]:
    """The choices of families that are in the closure of this one, once for each order of units that matters.

    Parameters: `lower`, of every family those in its closure that matter. Exactness: exact. Raises: nothing.
    Source: proofs/local_minima.md, section 6.

    >>> list(below((1, 1), [[0], [0, 1]]))
    [(0, 0), (0, 1), (1, 1)]
    """
    # Units in one family are exchanged within it, so the order among them does not matter.
    runs = [(lower[family], len(tuple(run))) for family, run in groupby(chosen)]
    for choice in product(*(combinations_with_replacement(own, count) for own, count in runs)):
        yield tuple(chain.from_iterable(choice))


def families(faces: tuple[UnitFace, ...], parts: Sequence[UnitStratum], kinds: Sequence[Hashable]) -> Families:
    """The families of unit strata.

    Parameters: `faces` of a `UnitTable`; `parts`, unit strata, with their `kinds`. Exactness: exact. Raises: nothing.
    Source: proofs/local_minima.md, section 6.

    >>> faces = tuple(UnitFace(signs, (), (), 0) for signs in [(1,), (-1,), (0,)])
    >>> found = families(faces, [(0, 1), (1, 1), (2, 1)], ["a", "b", "a"])
    >>> found.members, found.lower
    (((0, 2), (1,)), ((0,), (0, 1)))
    """
    bits = [_sign_bits(faces[face].signs) for face, _ in parts]
    below = [
        [a for a, (sign, own) in enumerate(zip(parts, bits, strict=True)) if sign[1] in (0, parts[b][1]) and not own & ~bits[b]]
        for b in range(len(parts))
    ]
    home = list(range(len(parts)))

    def root(place: int) -> int:
        while home[place] != place:
            home[place] = home[home[place]]
            place = home[place]
        return place

    for b, lower in enumerate(below):
        for a in lower:
            if kinds[a] == kinds[b]:
                first, second = sorted((root(a), root(b)))
                home[second] = first
    groups: dict[int, list[int]] = {}
    for place in range(len(parts)):
        groups.setdefault(root(place), []).append(place)
    number = {place: index for index, members in enumerate(groups.values()) for place in members}
    lowers = tuple(tuple(sorted({number[a] for b in members for a in below[b]})) for members in groups.values())
    return Families(faces, tuple(parts), tuple(map(tuple, groups.values())), lowers)


def _sign_bits(signs: Sequence[int]) -> int:
    """A number whose bits are among another's if and only if the face is in the closure of the other one."""
    found = 0
    for sign in signs:
        found = found << 2 | (1 if sign > 0 else 2 if sign < 0 else 0)
    return found


@dataclass(frozen=True, eq=False)
class ConnectedStrata(Sequence[Stratum]):
    """The strata whose units are in certain families, each once; they are listed where they are asked for, not counted.

    Two are equal if they have the same strata.
    """

    families: Families
    choices: tuple[Choice, ...]

    def __len__(self) -> int:
        members = self.families.members
        return sum(
            prod(comb(len(members[family]) + count - 1, count) for family, count in Counter(choice).items())
            for choice in self.choices
        )

    @cached_property
    def _listed(self) -> tuple[Stratum, ...]:
        faces, parts, members = self.families.faces, self.families.parts, self.families.members
        chosen = []
        for choice in self.choices:
            runs = (combinations_with_replacement(members[family], len(tuple(run))) for family, run in groupby(choice))
            chosen += [tuple(sorted(chain.from_iterable(own))) for own in product(*runs)]
        return tuple(Stratum(tuple(faces[parts[k][0]] for k in own), tuple(parts[k][1] for k in own)) for own in sorted(chosen))

    @overload
    def __getitem__(self, index: int) -> Stratum: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Stratum, ...]: ...
    def __getitem__(self, index: int | slice) -> Stratum | tuple[Stratum, ...]:
        return self._listed[index]

    def __iter__(self) -> Iterator[Stratum]:
        return iter(self._listed)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and self._listed == tuple(other)

    def __hash__(self) -> int:
        return hash(self._listed)

    def __repr__(self) -> str:
        return f"<{len(self)} strata>"
