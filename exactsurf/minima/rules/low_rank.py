"""Rule `low rank`: a best fit among all matrices of the largest rank, in a deep linear network or on the pieces of the units."""

from __future__ import annotations

from exactsurf.certificate.rules.low_rank import LowRank
from exactsurf.effort import Effort
from exactsurf.minima.deep_linear.best_rank import is_best_on_slice
from exactsurf.minima.deep_linear.classification import PointKind, classify_deep_linear
from exactsurf.minima.local.matrix_slice import matrix_slice
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rules.curve import not_deep_linear
from exactsurf.minima.rules.rule import Answer, Proved, Rule
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem


def ask(point: Point, effort: Effort) -> Answer:
    """Prove that a point is a best fit of the largest rank: of a deep linear network, a global minimum, or near the point.

    Exactness: exact. Raises: `OutOfTime`. Source: proofs/rules/low_rank.md.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([[1, -1], [-1, 0]], [[0, 2], [-2, 0]])
    >>> problem = es.Problem(es.Network([2, 1, 2], es.absolute_value, biases=False), data)
    >>> ask(Point(problem, problem.parameters(W1=[[-1, 0]], W2=[[-1], [1]])), es.Effort()).evidence
    LowRank(left_out=())
    """
    reason = ""
    if not not_deep_linear(point):
        linear = classify_deep_linear(point.problem, point.parameters, effort=effort)
        if linear.kind is not PointKind.GLOBAL_MINIMUM:
            return NotProved(linear.reason)
        if fits_low_rank(point.problem):
            return Proved(LowRank(), f"even a global one, for {linear.reason}")
        reason = f"a global minimum ({linear.reason}), but no rule of the certificate format covers it"
    piece = matrix_slice(point)
    if isinstance(piece, NotProved):
        return NotProved(reason or piece.reason)
    if not is_best_on_slice(point, piece):
        return NotProved(reason or "on the pieces of the units the predictions are no best fit of the largest rank")
    words = "near the point the predictions are made by a matrix, and none of the rank that the widths allow fits better"
    return Proved(LowRank(piece.left_out), words)


def _why_not(point: Point) -> str:
    return "" if point.problem.loss.is_squared else "best fits of low rank are for the squared loss"


def fits_low_rank(problem: Problem) -> bool:
    """Whether the certificate format has a rule for the best fits of this network (proofs/FORMAT.md, section 4.6).

    Parameters: `problem`. Exactness: exact. Raises: nothing. Source: proofs/rules/low_rank.md.
    """
    network, h = problem.network, problem.network.activation
    free = network.biases[-1] or not (any(network.biases) or h.value_at_0)
    return problem.is_least_squares and not h.breakpoints and free


RULE = Rule("low rank", ask, _why_not)
