"""Which relaxed problems bound the risk of a problem, and the ends of its enclosure as a certificate states them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from exactsurf.exact.linear_algebra import rank
from exactsurf.model.problem import Problem
from exactsurf.surface.bounds.curved_fits import CurvedFits
from exactsurf.surface.bounds.priced_columns import PricedColumns
from exactsurf.surface.bounds.term_fits import TermFits
from exactsurf.surface.levels.short_duals import short_between, spare

_LONG = 64
"""Bits of a denominator beyond which an upper end is rounded."""


def fits_of(problem: Problem, prices: PricedColumns | None) -> TermFits | CurvedFits:
    """The fits of relaxed problems: exact ones where the loss has them, else proposed ones with proved bounds.

    Parameters: `prices` of weight decay, if it counts. Exactness: see the classes. Raises: `UnsupportedError` for losses
    without a known conjugate. Source: proofs/claims/global_minimum.md, proofs/claims/enclosed_least_risk.md.
    """
    loss = problem.loss
    if prices is not None:
        fits = CurvedFits(problem, priced=True)
        fits.unit = prices.unit
        return fits
    plain = problem.without_decay
    has_exact = loss.is_piecewise_quadratic and (loss.is_smooth or loss.is_piecewise_linear)
    return TermFits(plain) if has_exact else CurvedFits(plain)


def counts_decay(problem: Problem) -> bool:
    """Whether bounds count weight decay: one hidden layer, h(cz) = c h(z) for c > 0, and inputs that span their space.

    With a 1 in the inputs where units have a bias. Elsewhere the bounds are those of the risk without it, which is not higher.
    Exactness: exact. Raises: nothing. Source: proofs/FORMAT.md, section 41.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([[1, 2], [2, 4]], [[0, 1], [1, 0]])
    >>> counts_decay(es.Problem(es.Network([2, 1, 2], biases=False), data, weight_decay=1))
    False
    """
    network = problem.network
    if problem.decay is None or network.layers != 2 or network.activation.two_slopes is None:
        return False
    one = (Fraction(1),) if network.biases[0] else ()
    rows = [(*row, *one) for row in problem.data.x]
    return rank(rows) == len(rows[0])


def stated_ends(problem: Problem, lower: Fraction, upper: Fraction, values: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    """Numbers around an enclosure of the least risk that the verifier sees, too: the same ones if they are short and rational.

    Parameters: `lower` and `upper` bounds; `values`, the bounds of the leaves. Exactness: exact. Raises: nothing. Source: none.
    """
    little, room = spare(upper), spare(lower)
    if problem.loss.is_piecewise_quadratic:
        # Rational numbers, but perhaps long ones.
        return lower, upper if upper.denominator.bit_length() <= _LONG else short_between(upper, upper + little)
    most = short_between(upper + little, upper + 2 * little)
    if not lower and all(not value or value > room for value in values):
        return lower, most
    return short_between(lower - 2 * room, lower - room), most
