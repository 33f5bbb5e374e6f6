"""The number of regions of an arrangement of hyperplanes, by deletion and restriction (proofs/claims/all_cells.md, section 2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import gcd

from .effort import spend

Row = tuple[int, ...]

MAX_KNOWN = 1 << 20
"""Rows of the arrangements whose counts are remembered; some hundred megabytes."""


class Effort:
    """The steps of one count, entries of rows that are computed; they count as steps of the running check."""

    def __init__(self, limit: int | None = None) -> None:
        self.limit = limit
        self.spent = 0

    def spend(self, amount: int) -> None:
        """OverflowError once more than the limit was spent."""
        spend(amount)
        self.spent += amount
        if self.limit is not None and self.spent > self.limit:
            raise OverflowError(f"more than {self.limit} steps of this check are beyond the limits of this verifier")


def count_regions(normals: Sequence[Sequence[int]], constants: Sequence[int], effort: Effort) -> int:
    """The number of regions of space without the hyperplanes {w : normal·w + constant = 0}; zero normals are none.

    An arrangement whose hyperplanes all contain the origin is counted as it is. Any other is the trace, at height 1, of a
    central one in one dimension more, which is cut by the hyperplane of height 0 and has twice as many regions.
    """
    rows = [(*normal, constant) for normal, constant in zip(normals, constants, strict=True) if any(normal)]
    bits = max((value.bit_length() for row in rows for value in row), default=0)
    width = len(rows[0]) if rows else 1
    # Every primitive row of a restriction divides a vector of minors, whose size Hadamard's inequality bounds.
    longest = min(width, len(rows) + 1) * (bits + width.bit_length())
    price = 1 + (longest >> 7) ** 2
    try:
        if not any(row[-1] for row in rows):
            return _regions(hyperplanes(row[:-1] for row in rows), _Known(), effort, price)
        twice = _regions(hyperplanes([(0,) * (width - 1) + (1,), *rows]), _Known(), effort, price)
    except RecursionError:
        raise OverflowError("a restriction in so many dimensions is beyond the limits of this verifier") from None
    return twice // 2


class _Known:
    """Counts by the form of the arrangement, as long as there is room."""

    def __init__(self) -> None:
        self.counts: dict[tuple[Row, ...], int] = {}
        self.rows = 0

    def keep(self, form: tuple[Row, ...], count: int) -> None:
        self.rows += len(form)
        if self.rows <= MAX_KNOWN:
            self.counts[form] = count


def _regions(rows: list[Row], known: _Known, effort: Effort, price: int) -> int:
    """The regions of different central hyperplanes: each cuts as many of those before it as its own trace has regions."""
    if len(rows) < 2:
        return 1 + len(rows)
    if len(rows[0]) == 2:
        return 2 * len(rows)
    form = _form(rows)
    found = known.counts.get(form)
    if found is None:
        effort.spend(len(rows) * len(rows) * len(rows[0]) * price)
        found = 1 + sum(_regions(traces(rows[:k], row), known, effort, price) for k, row in enumerate(rows))
        known.keep(form, found)
    return found


def traces(rows: list[Row], onto: Row) -> list[Row]:
    """Different hyperplanes cut with the hyperplane `onto`, in all coordinates but one that its equation gives away."""
    place = eliminated(onto)
    factor = onto[place]
    others = [(p, value) for p, value in enumerate(onto) if p != place]
    return hyperplanes(tuple([factor * row[p] - row[place] * value for p, value in others]) for row in rows)


def eliminated(onto: Row) -> int:
    """The coordinate that the equation of a hyperplane gives away."""
    return min((p for p, value in enumerate(onto) if value), key=lambda p: abs(onto[p]))


def hyperplanes(rows: Iterable[Row]) -> list[Row]:
    """The different hyperplanes of these normals: coprime, with a positive first entry that is not 0."""
    found: dict[Row, None] = {}
    for row in rows:
        common = gcd(*row)
        if common:
            if next(filter(None, row)) < 0:
                common = -common
            found[row if common == 1 else tuple([value // common for value in row])] = None
    return list(found)


def _form(rows: list[Row]) -> tuple[Row, ...]:
    """One of the arrangements that differ from this one by the order of rows and coordinates only.

    They all have the same number of regions, so it does no harm that not all of them get the same form.
    """
    columns = [(sorted(map(abs, column)), column) for column in zip(*rows, strict=True) if any(column)]
    columns.sort()
    return tuple(sorted(hyperplanes(zip(*(column for _, column in columns), strict=True))))
