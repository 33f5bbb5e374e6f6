"""The characteristic polynomial of an arrangement, and Zaslavsky's count of the cells.

With many symmetries classes of flats are quicker (`flat_classes`), otherwise deletion and restriction.
Nothing here is shared with the enumeration of cells: the rows are read from the arrangement, made coprime integers and
never compared with a point. So the number of listed cells and this number check each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from math import gcd, lcm
from typing import TYPE_CHECKING, TypeAlias

from exactsurf.arrangement.flat_classes import betti_numbers_by_classes
from exactsurf.effort import UNBOUNDED, Effort, look
from exactsurf.errors import InternalError

if TYPE_CHECKING:
    from exactsurf.arrangement.hyperplanes import Hyperplanes

Row: TypeAlias = tuple[int, ...]
Known: TypeAlias = dict[tuple[Row, ...], list[int]]
Progress: TypeAlias = Callable[[int, int], None]
"""Called with the hyperplanes that are taken away and all; each takes longer than the one before.

Where many symmetries make the count quick it is not called."""


def characteristic_polynomial(arrangement: Hyperplanes) -> tuple[int, ...]:
    """χ(t) of the arrangement of the different hyperplanes: entry k is the coefficient of t^k, k = 0 … d.

    Zero rows are no hyperplanes; equal, opposite and proportional rows count once.

    Parameters: `arrangement` in Q^d with n rows. Returns: d + 1 integers, the last one 1.
    Exactness: exact, with Python's integers; no linear program, no list of cells.
    Raises: nothing; the time can grow exponentially with d.
    Source: deletion–restriction χ(A) = χ(A∖H) − χ(A^H); Stanley, "An introduction to hyperplane arrangements", 2007; with
    many symmetries proofs/flat_classes.md.

    >>> import exactsurf as es
    >>> braid = es.Arrangement([[1, -1, 0], [1, 0, -1], [0, 1, -1]])
    >>> characteristic_polynomial(braid)  # t(t − 1)(t − 2)
    (0, 2, -3, 1)
    """
    signed = [(-1) ** j * value for j, value in enumerate(betti_numbers(arrangement))]
    return tuple(reversed(signed))


def betti_numbers(arrangement: Hyperplanes, progress: Progress | None = None, effort: Effort = UNBOUNDED) -> tuple[int, ...]:
    """The Betti numbers b_0 … b_d of the complexified complement: χ(t) = Σ_j (−1)^j b_j t^(d−j), and Σ_j b_j cells.

    They are the coefficients of the Poincaré polynomial; b_0 = 1 and b_1 is the number of different hyperplanes.

    Parameters, Returns, Exactness: as for `characteristic_polynomial`; `effort`, whose time is bounded. Raises: `OutOfTime`.
    Source: Orlik and Solomon 1980; Zaslavsky 1975 (the number of cells is |χ(−1)| = Σ_j b_j).

    >>> import exactsurf as es
    >>> betti_numbers(es.Arrangement([[1, 0], [0, 1], [1, 1]])), betti_numbers(es.Arrangement([[1], [1]], offsets=[0, 1]))
    ((1, 3, 2), (1, 2))
    """
    # The cone over an arrangement is central in one dimension more; its Poincaré polynomial is 1 + t times as large.
    rows = []
    for normal, offset in zip(arrangement.normals, arrangement.offsets, strict=True):
        if any(normal):
            common = lcm(offset.denominator, *(value.denominator for value in normal))
            rows.append(tuple(v.numerator * (common // v.denominator) for v in (*normal, -offset)))
    size = arrangement.dimension + 1
    if not any(row[-1] for row in rows):
        found = _whole(distinct_rows(row[:-1] for row in rows), progress, effort)
        return tuple(found[:size] + [0] * (size - len(found)))
    cone = _whole(distinct_rows([(0,) * (size - 1) + (1,), *rows]), progress, effort)
    quotient = [cone[0]]
    for value in cone[1:]:
        quotient.append(value - quotient[-1])
    if any(quotient[size:]) or quotient[len(cone) - 1]:
        raise InternalError("the Poincaré polynomial of a cone is not divisible by 1 + t")
    return tuple(quotient[:size] + [0] * (size - len(quotient)))


def _whole(rows: list[Row], progress: Progress | None, effort: Effort) -> list[int]:
    return betti_numbers_by_classes(rows, effort) or betti_numbers_by_deletion(rows, progress, effort)


def betti_numbers_by_deletion(rows: list[Row], progress: Progress | None = None, effort: Effort = UNBOUNDED) -> list[int]:
    """The Betti numbers (b_0, …, up to the rank or a zero or so more) of different central hyperplanes, however symmetric.

    Parameters: `rows`, as `distinct_rows` gives them. Exactness: exact. Raises: `OutOfTime`.
    Source: deletion–restriction; see `characteristic_polynomial`.

    >>> betti_numbers_by_deletion([(1, 0), (0, 1), (1, 1)])
    [1, 3, 2]
    """
    return _central(rows, {}, progress, effort)


def _central(rows: list[Row], known: Known, progress: Progress | None, effort: Effort) -> list[int]:
    """The Betti numbers (b_0, …, up to the rank or a zero or so more) of different central hyperplanes.

    Taking the hyperplanes away from the last to the first: b_j = Σ_k b_{j−1} of the first k restricted to the one after.
    """
    count = len(rows)
    if count < 2:
        return [1, 1][: count + 1]
    if len(rows[0]) == 2:
        return [1, count, count - 1]
    key = _normal_form(rows)
    found = known.get(key)
    if found is None:
        effort.check("counted cells")
        look("cells are counted")
        if len(key[0]) == 3:
            second = sum(len(restricted_rows(rows[:k], rows[k])) for k in range(count))
            found = [1, count, second, second - count + 1]  # Σ (−1)^j b_j = 0 for central arrangements
        else:
            parts: list[list[int]] = []
            for k in range(count):
                parts.append(_central(restricted_rows(rows[:k], rows[k]), known, None, effort))
                if progress is not None:
                    progress(k + 1, count)
            found = [1, *map(sum, zip_longest(*parts, fillvalue=0))]
        if sum(found[0::2]) != sum(found[1::2]):
            raise InternalError("the Betti numbers of a central arrangement do not cancel")
        known[key] = found
    return found


def restricted_rows(rows: Sequence[Row], onto: Row) -> list[Row]:
    """The different traces of hyperplanes on the hyperplane `onto`, one coordinate of which is eliminated."""
    pivot = min((abs(value), p) for p, value in enumerate(onto) if value)[1]
    factor, rest = onto[pivot], onto[:pivot] + onto[pivot + 1 :]
    traces = []
    for row in rows:
        multiple = row[pivot]
        shorter = row[:pivot] + row[pivot + 1 :]
        traces.append(tuple([factor * x - multiple * y for x, y in zip(shorter, rest, strict=True)]))
    return distinct_rows(traces)


def distinct_rows(rows: Iterable[Sequence[int]]) -> list[Row]:
    """Non-zero rows up to a factor: coprime, the first non-zero entry positive, each once, in the order of appearance."""
    seen: dict[Row, None] = {}
    for row in rows:
        divisor = gcd(*row)
        if next(value for value in row if value) < 0:
            divisor = -divisor
        seen[tuple(row) if divisor == 1 else tuple([value // divisor for value in row])] = None
    return list(seen)


def _normal_form(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The same for many arrangements that differ by the order of rows and coordinates only; zero columns are left out.

    Equal forms are equal arrangements up to the names of coordinates, so a shared answer is right whenever it is found.
    """
    columns = sorted((column for column in zip(*rows, strict=True) if any(column)), key=lambda c: sorted(map(abs, c)))
    return tuple(sorted(distinct_rows(zip(*columns, strict=True))))
