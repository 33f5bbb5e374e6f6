"""All local minima of a restricted problem with scales, by strata: signs of the scales, and faces of the cells of filters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod

from exactsurf.cells.affine_network import Form
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.linear_algebra import Vector, rank
from exactsurf.exact.strict_system import MotzkinMultipliers, solve_strict_system
from exactsurf.surface.restricted.minimiser_sets import MinimiserFace, RestrictedMinimum, minimiser_face
from exactsurf.surface.restricted.scaled_cells import ScaledCells

_ZERO, _ONE = Fraction(0), Fraction(1)

MAX_STRATA = 1_000_000
"""Strata that `local_minima` looks through."""


@dataclass(frozen=True)
class _Block:
    """Free parameters that share no hyperplane with others: a filter with its scales, or all that is in no filter.

    `scales`, their places; `members`, the places of the products; `walls`, the hyperplanes that cut these.
    """

    scales: tuple[int, ...]
    members: tuple[int, ...]
    walls: tuple[int, ...]


@dataclass(frozen=True)
class _Part:
    """A stratum of a block: a sign −1, 0 or 1 of each of its scales, and the side −1, 0 or 1 of each of its walls."""

    scales: tuple[int, ...]
    sides: tuple[int, ...]
    inside: Vector

    @property
    def is_off(self) -> bool:
        """Whether some scale is 0, and so are the products."""
        return not all(self.scales)


def local_minima(
    cells: ScaledCells,
    risks: Sequence[Fraction],
    minimisers: Sequence[Vector],
    under: Sequence[tuple[int, ...]],
    valleys: Sequence[tuple[int, ...]],
) -> tuple[RestrictedMinimum, ...]:
    """All local minima, as connected sets, lowest first; those that are minimisers of all signed cells around them.

    Parameters: as for `minimiser_sets.local_minima`; `minimisers` are products. Exactness: exact; complete where
    `has_all_local_minima`. Raises: `UnsupportedError` for networks in which a wall cuts several filters, or a scale that is no
    factor of a prediction; `InputError` for more than `MAX_STRATA` strata. Source: proofs/scaled_surface.md.
    """
    strata = _Strata(cells, risks, minimisers)
    found = list(strata.minimal())
    parent = list(range(len(found)))

    def root(place: int) -> int:
        while parent[place] != place:
            place = parent[place]
        return place

    for a, (one, _, _, _) in enumerate(found):
        for b, (other, _, _, _) in enumerate(found):
            if a != b and root(a) != root(b) and _is_below(one, other):
                parent[root(a)] = root(b)
    components: dict[int, list[int]] = {}
    for place in range(len(found)):
        components.setdefault(root(place), []).append(place)
    lowest, bottoms = min(risks), {cell for valley in valleys for cell in valley}
    minima = []
    for places in components.values():
        widest = max(places, key=lambda place: found[place][3])
        _, around, values, dimension = found[widest]
        every = tuple(sorted({cell for place in places for cell in found[place][1]}))
        home = around[0]
        parameters = cells.scales.restriction.at(values)
        risk = risks[home]
        minima.append(RestrictedMinimum(risk, parameters, dimension, risk == lowest, home in bottoms, under[home], every))
    return tuple(sorted(minima, key=lambda minimum: (minimum.risk, minimum.cells)))


def _is_below(one: tuple[_Part, ...], other: tuple[_Part, ...]) -> bool:
    """Whether a stratum lies in the closure of another."""
    return all(
        sign in (0, above)
        for own, wider in zip(one, other, strict=True)
        for sign, above in zip((*own.scales, *own.sides), (*wider.scales, *wider.sides), strict=True)
    )


class _Strata:
    """The strata of the space of free parameters whose points are minimisers of all signed cells around them."""

    def __init__(self, cells: ScaledCells, risks: Sequence[Fraction], minimisers: Sequence[Vector]) -> None:
        self.cells, self.risks, self.minimisers = cells, risks, minimisers
        self.blocks = _blocks(cells)
        self.places = cells.orthants[0].places
        self._faces: dict[int, MinimiserFace] = {}
        self.of_block = [sorted({tuple(signs[w] for w in block.walls) for signs in self.places}) for block in self.blocks]

    def minimal(self) -> Iterator[tuple[tuple[_Part, ...], tuple[int, ...], Vector, int]]:
        """Those that have minimisers: the stratum, the cells around it, values in it, and the dimension of what it has."""
        options = [list(self._parts(block, own)) for block, own in zip(self.blocks, self.of_block, strict=True)]
        count = prod(map(len, options))
        if count > MAX_STRATA:
            what = f"the free parameters have {count} strata, more than {MAX_STRATA} in which local minima are looked for"
            raise InputError(what, fix="take fewer samples or free parameters, or ask about one point with decide")
        for stratum in product(*options):
            around = self._around(stratum)
            if around is None:
                continue
            found = self._held(stratum, around[0])
            if found is not None:
                yield (stratum, around, *found)

    def _parts(self, block: _Block, own: Sequence[tuple[int, ...]]) -> Iterator[_Part]:
        forms = [self.cells.hyperplanes[wall] for wall in block.walls]
        faces = list(_faces(forms, own, len(self.cells.scales.kept)))
        for scales in product((1, -1, 0), repeat=len(block.scales)):
            for sides, inside in faces:
                yield _Part(scales, sides, inside)

    def _around(self, stratum: tuple[_Part, ...]) -> tuple[int, ...] | None:
        """The signed cells around a stratum, None if their minima are not the same."""
        signs = [0] * len(self.cells.scales.scales)
        for block, part in zip(self.blocks, stratum, strict=True):
            for scale, sign in zip(block.scales, part.scales, strict=True):
                signs[scale] = sign
        orthants = [
            number
            for number, own in enumerate(self.cells.scales.orthants)
            if all(sign in (0, side) for sign, side in zip(signs, own, strict=True))
        ]
        choices = [
            [own for own in every if all(side in (0, beside) for side, beside in zip(part.sides, own, strict=True))]
            for part, every in zip(stratum, self.of_block, strict=True)
        ]
        found, risk = list[int](), None
        full = [0] * len(self.cells.hyperplanes)
        for chosen in product(*choices):
            for block, own in zip(self.blocks, chosen, strict=True):
                for wall, side in zip(block.walls, own, strict=True):
                    full[wall] = side
            inner = self.places[tuple(full) or next(iter(self.places))]
            for orthant in orthants:
                cell = orthant * self.cells.in_each + inner
                if risk is None:
                    risk = self.risks[cell]
                elif self.risks[cell] != risk:
                    return None
                found.append(cell)
        return tuple(found)

    def _held(self, stratum: tuple[_Part, ...], cell: int) -> tuple[Vector, int] | None:
        """Values of the free parameters that are minimisers in a stratum, and the dimension of these; None if there are none."""
        size = len(self.cells.scales.kept)
        if cell not in self._faces:
            orthant, inner = divmod(cell, self.cells.in_each)
            self._faces[cell] = minimiser_face(self.cells.orthants[orthant], inner, self.minimisers[cell])[0]
        face = self._faces[cell]
        equal, strict, fibre = list(face.equal), list[Form](), 0
        for block, part in zip(self.blocks, stratum, strict=True):
            forms = [self.cells.hyperplanes[wall] for wall in block.walls]
            fibre += sum(map(abs, part.scales))
            if part.is_off:
                equal += [tuple(_ONE if k == place else _ZERO for k in range(size + 1)) for place in block.members]
                zero = [form[:-1] for form, side in zip(forms, part.sides, strict=True) if not side]
                fibre += len(block.members) - rank(zero)
                continue
            for form, side in zip(forms, part.sides, strict=True):
                if side:
                    strict.append(form if side > 0 else tuple(-value for value in form))
                else:
                    equal.append(form)
        found = MinimiserFace(tuple(equal), face.weak).inside(size, strict)
        if found is None:
            return None
        products, dimension = list(found[0]), found[1]
        signs = [0] * len(self.cells.scales.scales)
        for block, part in zip(self.blocks, stratum, strict=True):
            for scale, sign in zip(block.scales, part.scales, strict=True):
                signs[scale] = sign
            for place in block.members if part.is_off else ():
                products[place] = part.inside[place]
        return self.cells.scales.values(signs, products), dimension + fibre


def _blocks(cells: ScaledCells) -> list[_Block]:
    """The filters, and the other free parameters."""
    groups = [*cells.scales.groups]
    network = cells.scales.restriction.network
    if (network.layers > 2 or not cells.scales.are_last) and not network.activation.is_linear:
        what = "local minima with scales are known for one hidden layer before all scales, and for linear activations"
        raise UnsupportedError(what, "es.decide answers about one point")
    grouped = {place for _, members in groups for place in members}
    others = tuple(place for place in range(len(cells.scales.kept)) if place not in grouped)
    blocks, left = [], set(range(len(cells.hyperplanes)))
    for scales, members in groups:
        own = [w for w, form in enumerate(cells.hyperplanes) if any(form[place] for place in members)]
        blocks.append(_Block(scales, members, tuple(own)))
        left -= set(own)
    return [*blocks, _Block((), others, tuple(sorted(left)))] if others or left else blocks


def _faces(forms: Sequence[Form], cells: Sequence[tuple[int, ...]], size: int) -> Iterator[tuple[tuple[int, ...], Vector]]:
    """The relatively open faces of the cells of some hyperplanes: on which side of each they lie, and a point inside."""
    height = (*[_ZERO] * size, _ONE)
    waiting: list[tuple[int, ...]] = [()]
    while waiting:
        sides = waiting.pop()
        strict = [form if side > 0 else tuple(-v for v in form) for form, side in zip(forms, sides, strict=False) if side]
        equal = [form for form, side in zip(forms, sides, strict=False) if not side]
        found = solve_strict_system([height, *strict], equal)
        if isinstance(found, MotzkinMultipliers):
            continue
        if len(sides) == len(forms):
            yield sides, tuple(value / found[-1] for value in found[:-1])
            continue
        waiting += [
            (*sides, side)
            for side in (-1, 0, 1)
            if any(all(s in (0, o) for s, o in zip((*sides, side), own, strict=False)) for own in cells)
        ]
