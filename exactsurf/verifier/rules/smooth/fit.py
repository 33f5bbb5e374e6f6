"""The rule `fit`: for every input the residuals of its samples add up to 0 (FORMAT.md, section 13)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...arithmetic.document import Field
from ...arithmetic.rational import Rational
from ...smooth_problem import SmoothProblem

Row = tuple[Rational, ...]


def check_fit(problem: SmoothProblem, residuals: Sequence[Sequence[Rational]], field: Field) -> None:
    """For every input and output the residuals of its samples add up to 0."""
    for sums in sums_by_key(problem.inputs, residuals).values():
        if any(sums):
            raise field.reject("the residuals of the samples with some input do not add up to 0")


def sums_by_key(keys: Iterable[Row], rows: Iterable[Sequence[Rational]]) -> dict[Row, list[Rational]]:
    """For every key the sum of its rows."""
    sums: dict[Row, list[Rational]] = {}
    for key, row in zip(keys, rows, strict=True):
        sums[key] = [a + b for a, b in zip(sums.get(key, [0] * len(row)), row, strict=True)]
    return sums
