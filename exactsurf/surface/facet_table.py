"""Orbits, and all facets between them sorted by the least level that they can have, in arrays of machine integers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations_with_replacement
from typing import TYPE_CHECKING, Any, TypeAlias

from exactsurf.errors import InputError
from exactsurf.surface.signed_cells import Crossing, Orbit, Orbits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers: TypeAlias = NDArray[Any]

_TOGETHER = 1 << 20
"""Facets whose numbers are computed at once."""

_SAFE = 1 << 62


@dataclass(frozen=True, eq=False)
class FacetTable:
    """The facets between orbits, each once, by rising `least`, and as `passages` lists them where that is equal.

    Of facet f: `numbers[f]`, its place among all in the order of `passages`, with gaps; `first[f]` and `second[f]`, its orbits;
    `least[f]`, the larger one of their births, as places among the levels: the minimum over a facet is not lower.
    Exactness: exact; machine integers hold every number (`facet_table` sees to it).
    """

    orbits: Orbits
    ways: tuple[tuple[Crossing, ...], ...]
    numbers: Integers
    first: Integers
    second: Integers
    least: Integers

    def __len__(self) -> int:
        return len(self.numbers)

    def rows(self, together: int = 1 << 16) -> Iterator[tuple[list[int], list[int], list[int]]]:
        """Numbers and orbits in lists, some facets at a time."""
        for begin in range(0, len(self), together):
            part = slice(begin, begin + together)
            yield self.numbers[part].tolist(), self.first[part].tolist(), self.second[part].tolist()

    def counts(self, levels: int) -> list[int]:
        """How many facets have each level as the least one that they can have."""
        import numpy as np

        return [int(count) for count in np.bincount(self.least, minlength=levels)]

    @cached_property
    def widest(self) -> int:
        """The most ways out of a signed unit cell."""
        return _widest(self.ways)

    def crossing(self, number: int, orbit: Sequence[int]) -> tuple[int, Crossing]:
        """Which unit (its place) crosses this facet of its first orbit, and how."""
        place, way = divmod(number % (self.orbits.units * self.widest), self.widest)
        return place, self.ways[orbit[place]][way]


def facet_table(orbits: Orbits, ways: tuple[tuple[Crossing, ...], ...], births: Sequence[int]) -> FacetTable:
    """The facets between all orbits.

    Parameters: `ways`, what `crossings` returns; `births[k]`, the place among the levels of the minimum over orbit k.
    Exactness: exact. Raises: `InputError` if there are too many orbits for machine integers. Source: theory.md, section 4.

    >>> from exactsurf.surface.signed_cells import crossings
    >>> table = facet_table(Orbits(2, 4), crossings((((1, ()),), ((0, ()),))), [0] * 10)
    >>> len(table), list(zip(table.first.tolist(), table.second.tolist()))[:3]
    (16, [(0, 1), (0, 2), (1, 4)])
    """
    import numpy as np

    units, widest = orbits.units, _widest(ways)
    if orbits.count >= 1 << 31 or orbits.count * units * widest >= _SAFE:
        fix = "ask for what lies below a level"
        raise InputError(f"{orbits.count} orbits of signed cells are too many to build a tree of", fix=fix)
    moves = [(kind, c.beyond, way) for kind, own in enumerate(ways) for way, c in enumerate(own) if c.beyond > kind]
    if not moves:
        none = np.zeros(0, dtype=np.int64)
        return FacetTable(orbits, ways, none, none, none, none)
    here, beyond, way = np.array(moves, dtype=np.int64).T
    # The other units, and for each place what the entries before it and behind it add to the number of the orbit.
    tuples = list(combinations_with_replacement(range(orbits.kinds), units - 1))
    others = np.array(tuples, dtype=np.int64).reshape(len(tuples), units - 1)
    shares = np.array(orbits.shares, dtype=np.int64)
    before, behind = (np.zeros((units, len(others)), dtype=np.int64) for _ in range(2))
    for place in range(units - 1):
        before[place + 1] = before[place] + shares[place][others[:, place]]
    for place in range(units - 2, -1, -1):
        behind[place] = behind[place + 1] + shares[place + 1][others[:, place]]
    own = np.asarray(births, dtype=np.int32)
    size = len(moves) * len(others)
    # As short as they may be: there are several facets to an orbit.
    numbers = np.empty(size, dtype=np.int32 if orbits.count * units * widest < 1 << 31 else np.int64)
    first, second, least = (np.empty(size, dtype=np.int32) for _ in range(3))
    step = max(1, _TOGETHER // len(others))
    for begin in range(0, len(moves), step):
        kinds, targets, codes = (column[begin : begin + step, None] for column in (here, beyond, way))
        places, near = _ranked(others, before, behind, shares, kinds)
        far = _ranked(others, before, behind, shares, targets)[1]
        part = slice(begin * len(others), (begin + len(kinds)) * len(others))
        numbers[part] = ((near * units + places) * widest + codes).ravel()
        first[part], second[part] = near.ravel(), far.ravel()
        least[part] = np.maximum(own[near], own[far]).ravel()
    order = np.lexsort((numbers, least)).astype(np.int32 if size < 1 << 31 else np.int64)
    # One column after the other, so that only one is there twice.
    columns = [numbers, first, second, least]
    del numbers, first, second, least
    for k in range(len(columns)):
        columns[k] = columns[k][order]
    return FacetTable(orbits, ways, *columns)


def _widest(ways: tuple[tuple[Crossing, ...], ...]) -> int:
    return max(map(len, ways), default=1)


def _ranked(
    others: Integers, before: Integers, behind: Integers, shares: Integers, entries: Integers
) -> tuple[Integers, Integers]:
    """Where each of some entries (a column) stands among the others (rows, sorted), and the numbers of the orbits with it."""
    import numpy as np

    place = np.zeros((len(entries), len(others)), dtype=np.int64)
    for position in range(others.shape[1]):
        place += others[:, position] < entries
    row = np.arange(len(others))
    return place, before[place, row] + behind[place, row] + shares[place, entries]


def entries_of(orbits: Iterable[Orbit], units: int) -> Integers:
    """Orbits as rows of machine integers.

    Exactness: exact; numbers of signed unit cells are short. Raises: nothing. Source: none.

    >>> entries_of(Orbits(2, 2).between(0, 3), 2).tolist()
    [[0, 0], [0, 1], [1, 1]]
    """
    import numpy as np

    return np.fromiter(chain.from_iterable(orbits), dtype=np.int32).reshape(-1, units)


def equal_neighbours(entries: Integers) -> list[int]:
    """For sorted orbits, one a row, the bits k at which entry k + 1 is entry k.

    Exactness: exact. Raises: nothing. Source: none.

    >>> import numpy as np
    >>> equal_neighbours(np.array([[0, 0, 1], [1, 2, 3], [2, 2, 2]]))
    [1, 0, 3]
    """
    import numpy as np

    equal = entries[:, 1:] == entries[:, :-1]
    found: list[int] = (equal << np.arange(equal.shape[1])).sum(1).tolist()
    return found
