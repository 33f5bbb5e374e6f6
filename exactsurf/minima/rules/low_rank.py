"""Rule `low rank`: a global minimum of a deep linear network, a best fit among all matrices of the largest rank."""

from __future__ import annotations

from exactsurf.certificate.rules.low_rank import LowRank
from exactsurf.effort import Effort
from exactsurf.minima.deep_linear.classification import PointKind, classify_deep_linear
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rules.curve import not_deep_linear
from exactsurf.minima.rules.rule import Answer, Proved, Rule
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem


def ask(point: Point, effort: Effort) -> Answer:
    """Prove that a point of a deep linear network is a global minimum, where the format has a rule for it.

    Exactness: exact. Raises: `OutOfTime`. Source: proofs/rules/low_rank.md.
    """
    linear = classify_deep_linear(point.problem, point.parameters, effort=effort)
    if linear.kind is not PointKind.GLOBAL_MINIMUM:
        return NotProved(linear.reason)
    if fits_low_rank(point.problem):
        return Proved(LowRank(), f"even a global one, for {linear.reason}")
    return NotProved(f"a global minimum ({linear.reason}), but no rule of the certificate format covers it")


def fits_low_rank(problem: Problem) -> bool:
    """Whether the certificate format has a rule for the best fits of this network (proofs/FORMAT.md, section 4.6).

    Parameters: `problem`. Exactness: exact. Raises: nothing. Source: proofs/rules/low_rank.md.
    """
    network, h = problem.network, problem.network.activation
    free = network.biases[-1] or not (any(network.biases) or h.value_at_0)
    return problem.is_least_squares and not h.breakpoints and free


RULE = Rule("low rank", ask, not_deep_linear)
