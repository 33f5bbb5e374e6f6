"""First and second order where second derivatives of the loss have any sign, or are those of softmax: by squares of outputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from exactsurf.certificate.rules import Descent, LocalMinimum
from exactsurf.certificate.rules.analytic import Frozen, Squares
from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.certificate.verdict import Kind
from exactsurf.effort import Effort
from exactsurf.minima.analytic.analytic_point import AnalyticPosition
from exactsurf.minima.analytic.fit import is_known_convex
from exactsurf.minima.analytic.surrogates import Surrogates, losses_for, simplex_around
from exactsurf.minima.local.curvature import GivenSquares
from exactsurf.minima.local.risk_series import leading_order
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rules.second_order import ProvedOnFan, decide_second_order
from exactsurf.model.parameters import Parameters

REASON = "first and second order are positive on every tangent cone"


def squares_below(here: AnalyticPosition, bits: int) -> GivenSquares:
    """Squares whose sum is strictly below the second derivatives of the loss, but for what all outputs share.

    Exactness: proved by balls. Raises: nothing. Source: proofs/FORMAT.md, section 37.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2]), es.Data.from_arrays([0], [1]), "cross_entropy")
    >>> squares_below(AnalyticPosition(problem, problem.parameters(W1=[[0], [0]], b1=[0, 0])), 8).rows
    [[(((0, 1), (1, -1)), Fraction(255, 1024))]]
    """
    return _squares(here, bits, below=True)


def _squares(here: AnalyticPosition, bits: int, below: bool) -> GivenSquares:
    classes, rows, bounded = here.problem.loss.is_of_classes, [], []
    convex = is_known_convex(here.problem)
    for i, loss in enumerate(losses_for(here, bits)):
        size, row = range(len(loss.gradient)), []
        for k, m in ((k, m) for k in size for m in size if (k < m if classes else k == m)):
            ball = loss.hessian[k][m]
            low, high = (-ball.upper, -ball.lower) if classes else (ball.lower, ball.upper)
            parts = ((k, 1), (m, -1)) if classes else ((k, 1),)
            row.append((parts, _short(low, bits, down=True) if below else _short(high, bits, down=False)))
        rows.append(row)
        if all(q >= 0 for _, q in row) or (convex and not any(slope.terms for slope in here.slopes[i])):
            bounded.append(i)
    return GivenSquares(rows, frozenset(bounded), classes, convex)


def _short(value: Fraction, bits: int, down: bool) -> Fraction:
    """A number of about so many bits strictly below another, or strictly above it."""
    size = abs(value)
    exponent = size.numerator.bit_length() - size.denominator.bit_length() if size else 0
    unit = Fraction(2) ** (exponent - bits)
    return ((value / unit).__ceil__() - 1) * unit if down else ((value / unit).__floor__() + 1) * unit


def entries_of(given: GivenSquares) -> Squares:
    """The squares as evidence. Exactness: exact."""
    return Squares(tuple(tuple((parts[0][0], parts[-1][0], q) for parts, q in row) for row in given.rows))


def corners_of(here: AnalyticPosition, bits: int) -> Surrogates:
    """The simplex around the derivatives, with squared losses of weight 1. Exactness: as `simplex_around`. Raises: nothing."""
    return Surrogates(here, *simplex_around(here, bits), (Fraction(1),) * len(here.problem.data))


def decide_by_squares(here: AnalyticPosition, bits: int, effort: Effort) -> tuple[Frozen, str, Kind] | Descent | NotProved:
    """First and second order on the fan of tangent cones, with squares below the second derivatives of the loss.

    Parameters: `here`; `bits` of the numbers that stand for others; `effort`. Returns: evidence with its reason and what is known
    of the minimum; or a descent of the sums in the place of the risk, which need not be one of the risk; or why it stays open.
    Exactness: exact. Raises: `OutOfTime`. Source: proofs/rules/second_order.md; proofs/claims/analytic_point.md.
    """
    corners, given = corners_of(here, bits), squares_below(here, bits)
    parts: list[LocalMinimum | Descent] = []
    dimensions = set()
    for vertex in range(corners.size):
        found = decide_second_order(corners.point(vertex), effort=effort, given=given)
        if not isinstance(found, ProvedOnFan):
            return found
        parts.append(found.evidence)
        dimensions.add(found.dimension)
    evidence = Frozen(corners.lower, corners.widths, entries_of(given), tuple(parts), relations=here.evidence_of_relations)
    dimension = dimensions.pop() if len(dimensions) == 1 else None
    known = Kind() if dimension is None else Kind(dimension == 0, True, None, None, dimension)
    modulo = "" if here.problem.decay is not None and dimension == 0 else ", modulo invariances of the network"
    return evidence, REASON + modulo, known


def falls_below_squares(here: AnalyticPosition, curve: Sequence[Parameters], order: int, bits: int) -> Frozen | None:
    """Evidence that the risk falls along a curve, by squares above the second derivatives of the loss; None if these do not fall.

    Exactness: exact. Raises: nothing. Source: proofs/FORMAT.md, section 37.
    """
    corners, given, decay = corners_of(here, bits), _squares(here, bits, below=False), here.problem.decay
    parts: list[LocalMinimum | Descent] = []
    for vertex in range(corners.size):
        series = list(given.series(corners.point(vertex).undecayed, curve, order))
        if decay is not None:
            series = [a + b for a, b in zip(series, decay.changes([here.parameters, *curve], order), strict=True)]
        leading = leading_order(series)
        if leading is None or series[leading] > 0:
            return None
        # The lower point of a part says nothing.
        parts.append(DescentCurve(tuple(curve), leading, series[leading], LowerPoint(here.parameters, Fraction(0))))
    found = Frozen(corners.lower, corners.widths, entries_of(given), tuple(parts), "frozen curve")
    return replace(found, relations=here.evidence_of_relations)
