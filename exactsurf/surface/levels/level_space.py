"""A name for the least value of a sum of terms over a space of predictions: equal names, equal numbers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

from exactsurf.exact.linear_algebra import Matrix, Vector, dot, row_echelon, solve
from exactsurf.surface.levels.terms import SpanTerm

_ZERO = Fraction(0)

SpaceName: TypeAlias = tuple[tuple[tuple[Fraction, Fraction], ...], Matrix]


def space_name(terms: Sequence[SpanTerm], span: Matrix) -> SpaceName:
    """What the least value of Σ terms over the predictions in a space depends on: weights, and the space of gaps.

    The order of the samples plays no part, samples whose gaps are always the same are one, and so are f with a label and −f with
    the other one.
    Parameters: `terms` of one loss, one for each column of `span`, whose rows are independent.
    Exactness: equal names stand for equal numbers; the converse is not claimed. Raises: nothing. Source: none needed.

    >>> from exactsurf.surface.levels.conjugate_pairs import Logistic
    >>> from exactsurf.surface.levels.terms import PairTerm
    >>> plus, minus = (PairTerm(Logistic, Fraction(1), sign, Fraction(0)) for sign in (1, -1))
    >>> one = (Fraction(1),) * 3
    >>> space_name([plus, minus, plus], (one,)) == space_name([minus, minus, plus], (one,))
    True
    """
    weights: dict[tuple[Vector, Fraction], Fraction] = {}
    for k, term in enumerate(terms):
        key = tuple(term.sign * row[k] for row in span), term.shift
        weights[key] = weights.get(key, _ZERO) + term.weight
    columns = [column for column, _ in weights]
    rows = list(zip(*columns, strict=True)) if span else []
    ordered = sorted(zip(weights.values(), (shift for _, shift in weights), _shapes(rows, columns), columns, strict=True))
    return (
        tuple((weight, shift) for weight, shift, _, _ in ordered),
        row_echelon(list(zip(*(column for _, _, _, column in ordered), strict=True)) if span else []),
    )


def _shapes(rows: Sequence[Vector], columns: Sequence[Vector]) -> list[tuple[Fraction, ...]]:
    """What the projection on the space says of every column, whatever the order of the others."""
    if not rows:
        return [()] * len(columns)
    gram = [[dot(a, b) for b in rows] for a in rows]
    turned = [solve(gram, column) for column in columns]
    table = [[dot(column, other) for other in turned] for column in columns]
    return [(row[k], *sorted(row)) for k, row in enumerate(table)]
