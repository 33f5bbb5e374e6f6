"""What floats propose for a relaxed problem with curved terms and prices: amounts, slopes and matrices, as fractions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from exactsurf.model.floats.loss_functions import Jet
from exactsurf.model.floats.loss_values import LossValues
from exactsurf.surface.bounds.floats.curved_cone import Block, Minimum, minimise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]

_ROUND = 1 << 30


class Proposal(NamedTuple):
    """Amounts of the columns, slopes of the terms, and a matrix of prices by output for each block."""

    amounts: tuple[Fraction, ...]
    slopes: tuple[Fraction, ...]
    prices: tuple[tuple[tuple[Fraction, ...], ...], ...]


class Relaxed(NamedTuple):
    """A relaxed problem. For each column: what it adds to the terms, whether it is `free`, products by output in multiples of
    1/`unit`, and where to `start`; `blocks`, the places of columns with one price; `squares`, of those that pay (factor/2)·b².
    """

    rows: Sequence[Sequence[int]]
    free: Sequence[bool]
    products: Sequence[Sequence[int]]
    start: Sequence[Fraction]
    blocks: Sequence[Sequence[int]]
    squares: Sequence[int]
    factor: Fraction
    unit: int


def propose(values: LossValues, relaxed: Relaxed) -> Proposal | None:
    """About a minimum; None where numbers are beyond doubles.

    Parameters: the `values` of the loss; `relaxed`. Exactness: none, proposals. Raises: nothing.
    Source: proofs/claims/enclosed_least_risk.md, section 4.
    """
    import numpy as np

    terms = len(values.terms)
    try:
        table = np.array(relaxed.rows, dtype=float).reshape(len(relaxed.rows), terms).T
        blocks = []
        for places in relaxed.blocks:
            products = np.array([relaxed.products[k] for k in places], dtype=float) / relaxed.unit
            blocks.append(Block(np.array(places), products.reshape(len(places), values.outputs, -1)))
        first = np.array([float(x) for x in relaxed.start])
        ways, factor = np.array(relaxed.free, dtype=bool), float(relaxed.factor)
        with np.errstate(all="ignore"):
            found = _minimum(table, ways, values, blocks, factor, first, relaxed.squares)
        return Proposal(
            tuple(Fraction(float(x)) for x in found.amounts),
            tuple(Fraction(float(r)) for r in found.slopes[:terms]),
            tuple(tuple(tuple(Fraction(float(q)) for q in row) for row in matrix) for matrix in found.prices),
        )
    except (np.linalg.LinAlgError, OverflowError, ValueError):  # numbers beyond doubles, or none
        return None


def share_below(matrix: Sequence[Sequence[Fraction]], factor: Fraction) -> Fraction:
    """About the greatest number up to 1 by which a matrix may be multiplied so that no singular value is above the factor.

    Exactness: none, a proposal. Raises: nothing. Source: none needed.

    >>> share_below([[Fraction(2)]], Fraction(1)) < Fraction(1, 2)
    True
    """
    import numpy as np

    try:
        rows = np.array([[float(q) for q in row] for row in matrix])
        largest = float(np.linalg.norm(rows, 2)) if rows.size else 0.0
        if largest * (1 + 1e-9) <= float(factor):
            return Fraction(1)
        return Fraction(int(float(factor) / largest * (1 - 1e-9) * _ROUND), _ROUND)
    except (np.linalg.LinAlgError, OverflowError, ValueError):
        return Fraction(0)


def _minimum(
    table: Floats, ways: Floats, values: LossValues, blocks: Sequence[Block], factor: float, first: Floats, squares: Sequence[int]
) -> Minimum:
    """As `minimise`, with (factor/2)·b² for each column of `squares`, which the terms know as rows of their own."""
    import numpy as np

    if not squares:
        return minimise(table, ways, values.jets, blocks, factor, first)
    rows = np.zeros((len(squares), len(first)))
    rows[np.arange(len(squares)), list(squares)] = 1
    count = len(table)

    def jets(u: Floats) -> Jet:
        loss, rest = values.jets(u[:count]), u[count:]
        square = Jet(factor / 2 * rest * rest, factor * rest, np.full(len(rest), factor))
        return Jet(*(np.concatenate(pair) for pair in zip(loss, square, strict=True)))

    return minimise(np.concatenate([table, rows]), ways, jets, blocks, factor, first)
