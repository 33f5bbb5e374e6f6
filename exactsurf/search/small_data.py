"""All small data sets with entries from a finite set, each once modulo symmetry: lazily, smallest first, or at random.

The group: reordering samples, inputs and outputs, and, if the set of entries has −v with every v, changing the sign of one
input or output on all samples. Risks of fully connected networks are carried along by moving the weights.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import permutations, product
from math import factorial, prod
from random import Random
from typing import TypeAlias

from exactsurf.errors import InputError
from exactsurf.exact.number import exact, integer_text
from exactsurf.model.data import Data

_LARGEST_ENTRY = 10_000
Ranks: TypeAlias = tuple[int, ...]
"""A sample: the places of its inputs and targets in the lists of values."""


@dataclass(frozen=True)
class SmallData:
    """The data sets of `samples` samples, `inputs` inputs and `outputs` targets with entries from two lists of values.

    Attributes: `x_values` and `y_values`, small ones first. Exactness: exact: iteration visits every orbit of the symmetry
    group once, by its first member in lexicographic order of places. Source: orderly generation (Read 1978, Faradzev 1978).

    >>> data = SmallData(2, 1, 1, entries(1), entries(1))
    >>> len(list(data.representatives())), len(list(data.all_tables()))
    (17, 81)
    """

    samples: int
    inputs: int
    outputs: int
    x_values: tuple[Fraction, ...]
    y_values: tuple[Fraction, ...]

    @cached_property
    def rows(self) -> tuple[Ranks, ...]:
        """Every sample, in lexicographic order of places."""
        places = [range(len(self.x_values))] * self.inputs + [range(len(self.y_values))] * self.outputs
        return tuple(product(*places))

    @cached_property
    def _moves(self) -> tuple[list[int], ...]:
        """The group without the order of samples: where each element but the identity sends every row."""
        place = {row: k for k, row in enumerate(self.rows)}
        x_flip, y_flip = _negation(self.x_values), _negation(self.y_values)
        x_signs = list(product((False, True), repeat=self.inputs)) if x_flip else [(False,) * self.inputs]
        y_signs = list(product((False, True), repeat=self.outputs)) if y_flip else [(False,) * self.outputs]
        found = []
        for x_order, y_order in product(permutations(range(self.inputs)), permutations(range(self.outputs))):
            order = [*x_order, *(self.inputs + k for k in y_order)]
            for signs in ((*xs, *ys) for xs, ys in product(x_signs, y_signs)):
                flips = [(x_flip if k < self.inputs else y_flip) if sign else None for k, sign in enumerate(signs)]
                images = []
                for row in self.rows:
                    moved = [row[source] for source in order]
                    images.append(place[tuple(v if flip is None else flip[v] for v, flip in zip(moved, flips, strict=True))])
                if images != list(range(len(images))):
                    found.append(images)
        return tuple(found)

    def is_first(self, table: Sequence[int]) -> bool:
        """Whether a non-decreasing list of row numbers is the first one of its orbit."""
        chosen = list(table)
        return not any(sorted([images[row] for row in chosen]) < chosen for images in self._moves)

    def representatives(self) -> Iterator[tuple[int, ...]]:
        """One table (row numbers, non-decreasing) of every orbit.

        Without its last row, a first table is a first table too, so nothing else is extended. Exactness: exact.
        """
        waiting: list[tuple[tuple[int, ...], int]] = [((), 0)]
        while waiting:
            table, row = waiting.pop()
            if row + 1 < len(self.rows):
                waiting.append((table, row + 1))
            longer = (*table, row)
            if self.is_first(longer):
                if len(longer) == self.samples:
                    yield longer
                else:
                    waiting.append((longer, row))

    def all_tables(self) -> Iterator[tuple[int, ...]]:
        """Every list of rows in every order, without any symmetry, smallest places first."""
        return product(range(len(self.rows)), repeat=self.samples)

    @property
    def work(self) -> int:
        """About how many numbers `representatives` keeps: rows times moves."""
        rows = prod([len(self.x_values)] * self.inputs + [len(self.y_values)] * self.outputs)
        return rows * factorial(self.inputs) * factorial(self.outputs) << (self.inputs + self.outputs)

    def random_data(self, random: Random) -> Data:
        """A data set of independent entries."""
        x = [[random.choice(self.x_values) for _ in range(self.inputs)] for _ in range(self.samples)]
        return Data.from_arrays(x, [[random.choice(self.y_values) for _ in range(self.outputs)] for _ in range(self.samples)])

    def data(self, table: Sequence[int]) -> Data:
        """The data set of a table."""
        x, y = [], []
        for number in table:
            row = self.rows[number]
            x.append([self.x_values[v] for v in row[: self.inputs]])
            y.append([self.y_values[v] for v in row[self.inputs :]])
        return Data.from_arrays(x, y)

    def reaches(self, table: Sequence[int], level: Fraction, *, with_targets: bool) -> bool:
        """Whether some entry of a table has this absolute value; the targets count only if `with_targets`."""
        for number in table:
            for k, place in enumerate(self.rows[number]):
                if (k < self.inputs or with_targets) and abs(self._value(k, place)) == level:
                    return True
        return False

    def _value(self, column: int, place: int) -> Fraction:
        return (self.x_values if column < self.inputs else self.y_values)[place]


def entries(values: int | Sequence[object]) -> tuple[Fraction, ...]:
    """The values that entries of data may have, small ones first: −n, …, n for an integer n, or a list of exact numbers.

    Exactness: exact. Raises: `InputError` for an integer that is negative or beyond 10,000, or an empty list. Source: none.

    >>> [str(value) for value in entries(2)], [str(value) for value in entries(["1/2", 0])]
    (['0', '1', '-1', '2', '-2'], ['0', '1/2'])
    """
    if isinstance(values, int):
        if values < 0:
            raise InputError("the largest absolute value of entries is negative", text=integer_text(values))
        if values > _LARGEST_ENTRY:
            raise InputError(
                f"entries beyond {_LARGEST_ENTRY} are not all tried", text=integer_text(values), fix="list the values"
            )
        found = {Fraction(v) for v in range(-values, values + 1)}
    else:
        found = {exact(value, "entry") for value in values}
    if not found:
        raise InputError("no values for the entries of the data", fix="give an integer or a list of exact numbers")
    return tuple(sorted(found, key=lambda value: (abs(value), value < 0)))


def _negation(values: tuple[Fraction, ...]) -> tuple[int, ...] | None:
    """The place of −v for every v, or None if some −v is missing."""
    place = {value: k for k, value in enumerate(values)}
    if any(-value not in place for value in values):
        return None
    return tuple(place[-value] for value in values)
