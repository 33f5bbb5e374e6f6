"""A local minimum of the affine model, lifted to a spurious local minimum of the network, for convex losses by pieces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.point import SPURIOUS_LOCAL_MINIMUM, Certificate
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.certificate.rules.paths import Paths
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.errors import InternalError
from exactsurf.minima.rules.paths import check_paths
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem
from exactsurf.theorems.constructions.affine_minimum import AffineMinimum
from exactsurf.theorems.constructions.affine_network import Anchor, affine_parameters
from exactsurf.theorems.constructions.hinge_descent import bent_model


@dataclass(frozen=True)
class AffineLift:
    """What became of lifting: `verdict`, and if it is PROVED the local minimum, its risk, and points of lower risk.

    The last of these is the best affine model, bent once.
    """

    verdict: Verdict
    parameters: Parameters | None = None
    risk: Fraction | None = None
    lower: tuple[LowerPoint, ...] = ()


def lift_affine_minimum(
    problem: Problem,
    best: AffineMinimum,
    anchor: Anchor,
    parameters: Parameters,
    *,
    further: tuple[LowerPoint, ...] = (),
    note: Callable[[str], None] = lambda _: None,
    embed: bool | None = None,
    effort: Effort = UNBOUNDED,
) -> AffineLift:
    """Prove that `parameters`, which compute the best affine model on the data, are a spurious local minimum.

    Parameters: `problem` with a convex loss by pieces; `best`, its `affine_minimum`; `anchor`, for the lower point;
    `parameters` with every unit strictly inside one piece; `further` points of lower risk for the certificate; `note` is told the
    stages; `embed` as in `problem_document`; `effort`.
    Returns: PROVED after the verifier has accepted the certificate, or UNDECIDED with the reason.
    Exactness: exact. Raises: `OutOfTime`. Source: theory.md, section 5.
    """
    if best.is_perfect:
        return AffineLift(Verdict(Status.UNDECIDED, _why_perfect(problem)))
    point = Point(problem, parameters)
    evidence = check_paths(point)
    if not isinstance(evidence, Paths) or point.risk != best.risk:
        raise InternalError("the best affine model does not lift to a point that passes the path test")
    note("looking for a hinge that descends")
    bent = bent_model(problem, best, effort)
    if bent is None:
        return AffineLift(Verdict(Status.UNDECIDED, _why_not_bent(problem)))
    note("building the points")
    bent_parameters = affine_parameters(problem, anchor, bent.slopes, bent.constants, bent.hinge)
    if problem.rational_risk(bent_parameters) != bent.risk:
        raise InternalError("the bent model has not the risk that it must have")
    below = (*further, LowerPoint(bent_parameters, bent.risk))
    note("writing the certificate and verifying its bytes")
    unsigned = Certificate(
        SPURIOUS_LOCAL_MINIMUM, problem, parameters, best.risk, local_minimum=evidence, lower_points=below, embed=embed
    )
    certificate = confirmed(unsigned, note=note)
    reason = "a spurious local minimum: it passes the path test, and a lower point is given"
    lowest = min(below, key=lambda lower: lower.risk)
    return AffineLift(Verdict(Status.PROVED, reason, certificate, lowest.parameters, best.risk), parameters, best.risk, below)


def _why_perfect(problem: Problem) -> str:
    if problem.is_least_squares:
        return "an affine model fits the data exactly, so the affine point has risk 0 and is a global minimum"
    return "the best affine model has the least loss on every sample, so the affine point is a global minimum"


def _why_not_bent(problem: Problem) -> str:
    if problem.is_least_squares:
        return "at every distinct input the affine fit is the mean of the targets, so no function of the inputs does better"
    return "no affine model with one hinge that was tried has a lower risk than the best affine model"
