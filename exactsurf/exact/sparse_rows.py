"""Rational rows of which few entries are not 0: which are combinations of others, and of which combination a vector is made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.exact.linear_algebra import Vector, least_squares, pivot_columns

SparseRow = Mapping[int, Fraction]
"""The entries of a row that are not 0, by column."""

_ZERO = Fraction(0)


@dataclass(frozen=True)
class PeeledRows:
    """Rows in an order in which most can be told one by one.

    Attributes: `rows`; `order`, pairs of a row and a column in which it has an entry, and of the rows behind and of `rest` none
    has; `rest`, the other rows, in groups of which no two have a column in common.
    Exactness: exact. Source: elimination without fill-in.
    """

    rows: tuple[SparseRow, ...]
    order: tuple[tuple[int, int], ...]
    rest: tuple[tuple[int, ...], ...]

    def dependent(self) -> list[int]:
        """Rows without which the others are a basis of the same space; a basis has none.

        Exactness: exact. Raises: nothing. Source: standard.

        >>> one, two = Fraction(1), Fraction(2)
        >>> peeled_rows([{0: one, 1: one}, {0: two, 1: two}, {1: one, 2: one}]).dependent()
        [1]
        """
        found: list[int] = []
        for group in self.rest:
            columns = self._columns(group)
            table = [[self.rows[k].get(j, _ZERO) for k in group] for j in columns]
            kept = set(pivot_columns(table)) if table else set[int]()
            found += [k for place, k in enumerate(group) if place not in kept]
        return sorted(found)

    def combination(self, target: Sequence[Fraction]) -> Vector | None:
        """The c with Σ c_k row_k = `target`, of independent rows, or None if there is none.

        Exactness: exact. Raises: nothing. Source: standard.

        >>> peeled_rows([{0: Fraction(2)}, {0: Fraction(1), 1: Fraction(1)}]).combination((Fraction(3), Fraction(1)))
        (Fraction(1, 1), Fraction(1, 1))
        """
        factors, left = [_ZERO] * len(self.rows), list(target)
        for k, column in self.order:
            self._take(k, left[column] / self.rows[k][column], factors, left)
        for group in self.rest:
            columns = self._columns(group)
            table = [[self.rows[k].get(j, _ZERO) for k in group] for j in columns]
            for k, factor in zip(group, least_squares(table, [left[j] for j in columns]), strict=True):
                self._take(k, factor, factors, left)
        return None if any(left) else tuple(factors)

    def _columns(self, group: Sequence[int]) -> list[int]:
        return sorted({j for k in group for j in self.rows[k]})

    def _take(self, k: int, factor: Fraction, factors: list[Fraction], left: list[Fraction]) -> None:
        factors[k] = factor
        if factor:
            for j, value in self.rows[k].items():
                left[j] -= factor * value


def peeled_rows(rows: Sequence[SparseRow]) -> PeeledRows:
    """Rows, those with a column of their own first, and again among the others; see `PeeledRows`.

    Exactness: exact; entries that are 0 must be left out. Raises: nothing. Source: elimination without fill-in.
    """
    users: dict[int, set[int]] = defaultdict(set)
    for k, row in enumerate(rows):
        for j in row:
            users[j].add(k)
    order: list[tuple[int, int]] = []
    taken: set[int] = set()
    ready = [j for j in users if len(users[j]) == 1]
    while ready:
        column = ready.pop()
        if len(users[column]) != 1:
            continue
        (k,) = users[column]
        order.append((k, column))
        taken.add(k)
        for j in rows[k]:
            users[j].discard(k)
            if len(users[j]) == 1:
                ready.append(j)
    return PeeledRows(tuple(rows), tuple(order), _groups(rows, users, [k for k in range(len(rows)) if k not in taken]))


def _groups(rows: Sequence[SparseRow], users: Mapping[int, set[int]], left: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """The components of the graph that has an edge between rows with a common column."""
    groups, seen = list[tuple[int, ...]](), set[int]()
    for start in left:
        if start in seen:
            continue
        group, stack = [], [start]
        seen.add(start)
        while stack:
            k = stack.pop()
            group.append(k)
            further = {other for j in rows[k] for other in users[j]} - seen
            seen |= further
            stack.extend(further)
        groups.append(tuple(sorted(group)))
    return tuple(groups)
