"""Is a point a local minimum of a restricted risk?"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.restricted_point import (
    NOT_A_RESTRICTED_MINIMUM,
    RESTRICTED_MINIMUM,
    RESTRICTED_SPURIOUS_MINIMUM,
    RestrictedCurve,
    RestrictedPoint,
    RestrictedTree,
    UnrestrictedMinimum,
)
from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.certificate.rules.dead_unit import DeadUnit
from exactsurf.certificate.rules.direction import DescentDirection
from exactsurf.certificate.verdict import Status, Verdict, undecided_in_the_end
from exactsurf.effort import AnyEffort, Effort, OutOfTime
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import near
from exactsurf.minima.local.cell_programs import CellPrograms
from exactsurf.minima.local.subspace import Subspace
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.restricted.lower_points import find_lower_values
from exactsurf.minima.rule_search import ask_rules
from exactsurf.minima.rules import DECAY_RULES, RULES
from exactsurf.minima.rules.rule import Proved, Refuted
from exactsurf.minima.rules.second_order import ProvedOnFan, decide_programs
from exactsurf.minima.spurious import points_given
from exactsurf.model.parameter_vector import vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.restricted_problem import RestrictedProblem

_SHARE = Fraction(1, 2)


@undecided_in_the_end
def decide_restricted(
    restricted: RestrictedProblem,
    parameters: Parameters,
    *,
    lower: Iterable[Parameters] | Parameters = (),
    spurious: bool = False,
    effort: AnyEffort = None,
) -> Verdict:
    """Decide whether `parameters`, which obey the restriction, are a local minimum of the restricted risk.

    Parameters: as those of `decide`. Returns: a `Verdict`. Where at most one weight varies on each path of the network (fixed
    output weights, for example) every point is decided, for every loss, also with weight decay; elsewhere first and second order
    on the cells that the subspace meets, tangents of the losses, or a proof that it is a local minimum without the restriction
    may decide.
    Exactness: exact. Raises: as `decide`; `InputError` for parameters that do not obey the restriction, `UnsupportedError` for
    lower points with a smooth activation.
    Source: proofs/claims/restricted_point.md, restricted_analytic_point.md, restricted_smooth_point.md.

    >>> import exactsurf as es
    >>> shared = es.restriction(es.Network([1, 1, 1], biases=False), W1=[["a"]], W2=[["a"]])
    >>> problem = es.RestrictedProblem(shared, es.Data.from_arrays([1], [4]))
    >>> [str(es.decide(problem, problem.parameters(a=a)).status) for a in (2, 1, -1)]
    ['PROVED', 'REFUTED', 'PROVED']
    """
    problem = restricted.unrestricted
    restricted.values(parameters)
    running = Effort.of(effort).started()
    if not problem.network.is_piecewise_linear:
        if spurious or points_given(lower):
            raise UnsupportedError("lower points are for piecewise linear activations", "ask without lower and spurious")
        # Imported here and below, because most decisions need neither interval arithmetic nor expressions.
        from exactsurf.minima.restricted.smooth import decide_restricted_smooth

        return decide_restricted_smooth(restricted, parameters, running)
    if not problem.loss.is_piecewise_quadratic:
        from exactsurf.minima.restricted.analytic import decide_restricted_analytic

        return decide_restricted_analytic(restricted, parameters, points_given(lower), spurious, running)
    point = Point(problem, parameters)
    below = _lower_points(restricted, point, lower)
    found = _asked(restricted, point, running)
    if isinstance(found, NotProved):
        return Verdict(Status.UNDECIDED, found.reason, risk=point.risk, open_directions=found.directions)
    values = restricted.values(parameters)
    if isinstance(found, RestrictedCurve):
        unsigned = RestrictedPoint(NOT_A_RESTRICTED_MINIMUM, restricted, values, point.risk, descent=found)
        reason = f"not a local minimum: the restricted risk falls along a rational curve, to order {found.order}"
        lowest = restricted.restriction.at(found.lower[0])
        return Verdict(Status.REFUTED, reason, confirmed(unsigned), lowest, point.risk)
    tried = spurious and not below
    if tried:
        below = _searched(restricted, values, point.risk, running.share(_SHARE))
    kind = RESTRICTED_SPURIOUS_MINIMUM if below else RESTRICTED_MINIMUM
    how = "also without the restriction" if isinstance(found, UnrestrictedMinimum) else "on every cell that the subspace meets"
    remark = "; no point of lower risk was found" if tried and not below else ""
    remark = f"; a point of risk {near(below[0][1])} is lower" if below else remark
    certificate = confirmed(RestrictedPoint(kind, restricted, values, point.risk, local_minimum=found, lower_points=below))
    first = restricted.restriction.at(below[0][0]) if below else None
    return Verdict(Status.PROVED, f"a {kind}: {how}{remark}", certificate, first, point.risk)


def _searched(
    restricted: RestrictedProblem, values: Vector, risk: Fraction, effort: Effort
) -> tuple[tuple[Vector, Fraction], ...]:
    try:
        found = find_lower_values(restricted, values, risk, effort)
    except OutOfTime:
        return ()
    return () if found is None else (found,)


def _lower_points(
    restricted: RestrictedProblem, point: Point, lower: Iterable[Parameters] | Parameters
) -> tuple[tuple[Vector, Fraction], ...]:
    given = points_given(lower)
    found = []
    for parameters in given:
        values, risk = restricted.values(parameters), restricted.unrestricted.rational_risk(parameters)
        if risk >= point.risk:
            raise InputError(f"a lower point has the risk {near(risk)}, and the point {near(point.risk)}", text=repr(parameters))
        found.append((values, risk))
    return tuple(found)


def _asked(
    restricted: RestrictedProblem, point: Point, effort: Effort
) -> RestrictedTree | UnrestrictedMinimum | RestrictedCurve | NotProved:
    """First and second order on the subspace; then, with the time that is left, the rules without the restriction."""
    decay, plain = point.problem.decay, point.undecayed
    subspace = Subspace(restricted.restriction, plain, decay)
    try:
        found = decide_programs(CellPrograms(plain, effort=effort.share(_SHARE), decay=decay, subspace=subspace))
    except OutOfTime as error:
        found = NotProved(str(error))
    if isinstance(found, ProvedOnFan):
        return RestrictedTree(found.evidence.nodes)
    if not isinstance(found, NotProved):
        curve = _within(restricted, found)
        return NotProved("a descent leaves the restriction") if curve is None else curve
    whole = ask_rules(point, effort, RULES if decay is None else DECAY_RULES).answer
    if isinstance(whole, Proved):
        return UnrestrictedMinimum(whole.evidence)
    if isinstance(whole, Refuted) and (curve := _within(restricted, whole.evidence)) is not None:
        return curve
    return found


def _within(restricted: RestrictedProblem, descent: DescentDirection | DescentCurve | DeadUnit) -> RestrictedCurve | None:
    """A descent in the values of the free parameters, if it stays in the subspace."""
    if isinstance(descent, DeadUnit):
        return None
    step = restricted.restriction.step
    curve = (descent.direction,) if isinstance(descent, DescentDirection) else descent.curve
    steps = [step(vector_of(move)) for move in curve]
    lower = descent.lower_point
    inside = [values for values in steps if values is not None]
    if len(inside) < len(steps) or not restricted.restriction.holds(lower.parameters):
        return None
    order, coefficient = (
        (1, descent.derivative) if isinstance(descent, DescentDirection) else (descent.order, descent.coefficient)
    )
    return RestrictedCurve(tuple(inside), order, coefficient, (restricted.values(lower.parameters), lower.risk))
