"""decide(problem, parameters): is this exact point a local minimum of the training risk?"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from exactsurf import display
from exactsurf.cells.coordinates import coordinates
from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.point import LOCAL_MINIMUM, NOT_A_LOCAL_MINIMUM, SPURIOUS_LOCAL_MINIMUM, Certificate
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.certificate.verdict import Kind, Status, Verdict, undecided_in_the_end
from exactsurf.effort import AnyEffort, Effort, OutOfTime
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.number import near
from exactsurf.minima.kind import kind_of
from exactsurf.minima.local.directional import selected_gradient
from exactsurf.minima.rule_search import ask_rules
from exactsurf.minima.rules import DECAY_RULES, RULES
from exactsurf.minima.rules.rule import Proved, Refuted
from exactsurf.minima.spurious import lower_points
from exactsurf.model.parameter_vector import vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem


@undecided_in_the_end
def decide(
    problem: Problem | RestrictedProblem,
    parameters: Parameters,
    *,
    lower: Iterable[Parameters] | Parameters = (),
    spurious: bool = False,
    effort: AnyEffort = None,
) -> Verdict:
    """Decide whether `parameters` are a local minimum of the risk of `problem`, and, if asked, a spurious one.

    Parameters: exact `parameters` of the problem's network; `lower`, parameters of lower risk, which make a local minimum a
    certified *spurious* one; `spurious`, whether to look for a lower point; `effort`, seconds or an `Effort`, by default 60
    seconds: how long to try at most, and how many cones to examine.
    Returns: a `Verdict`: PROVED (a local minimum) or REFUTED (not one), each with a certificate that the verifier has
    accepted, or UNDECIDED with the reason. With a lower point the certificate of a local minimum claims that it is spurious;
    where none was found, or the minimum is a global one, the reason says so. One hidden layer with one output is decided at
    every point, for every loss, unless it takes more effort than allowed. Everywhere else the path test, first and second
    order on the fan of tangent cones, identities with positive products of walls, and curves of higher order prove or refute;
    little is left open. Saddles of deep linear networks are refuted by curves of any order. For smooth activations see
    `decide_smooth`, for losses that are expressions (logistic, cross entropy, …) `decide_analytic`. With weight decay one hidden
    layer with one output is decided where the loss is differentiable; elsewhere first and second order may decide. For a
    `RestrictedProblem` see `decide_restricted`.
    Exactness: exact. Raises: `ShapeError` for parameters of another network, `InputError` for an effort that is none and for a
    lower point whose risk is not lower, `UnsupportedError` if a number of the certificate would be longer than its format
    allows (250,000 hexadecimal digits), for lower points with a smooth activation, and for `spurious` without `lower` with
    weight decay.
    Source: theory.md, theorems A and C and section 6; proofs/rules/unitwise.md,
    unitwise_vectors.md, unitwise_decay.md, low_rank.md, paths.md, second_order.md, convex_cells.md, positive_products.md,
    direction.md, curve.md.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([5, 4, 3, 1, -1], [2, 1, 0, -3, 3]))
    >>> theta = problem.parameters(W1=[[1]], b1=[-3], W2=[[1]], b2=[0])
    >>> es.decide(problem, theta).status, problem.risk(theta)
    (<Status.PROVED: 'PROVED'>, Fraction(9, 1))
    >>> found = es.decide(problem, theta, spurious=True)
    >>> found.certificate.kind, problem.risk(found.lower_point) < 9
    ('spurious local minimum', True)
    """
    if isinstance(problem, RestrictedProblem):
        from exactsurf.minima.restricted.decide import decide_restricted

        return decide_restricted(problem, parameters, lower=lower, spurious=spurious, effort=effort)
    if not isinstance(problem, Problem):
        raise InputError("not a problem", text=repr(problem), fix="call decide(problem, parameters)")
    if not problem.network.is_piecewise_linear:
        if spurious or lower:
            raise UnsupportedError("lower points are for piecewise linear activations", "ask without lower and spurious")
        # Imported here and below, because most decisions need neither interval arithmetic nor expressions.
        from exactsurf.minima.smooth.decide import decide_smooth

        return decide_smooth(problem, parameters, effort=effort)
    if not problem.loss.is_piecewise_quadratic:
        from exactsurf.minima.analytic.decide import decide_analytic

        return decide_analytic(problem, parameters, lower=lower, spurious=spurious, effort=effort)
    running, point = Effort.of(effort).started(), Point(problem, parameters)
    below = lower_points(point, lower)
    if problem.decay is not None and spurious and not below:
        raise UnsupportedError("no lower points are looked for with weight decay", "give one as lower=, or leave spurious out")
    found = ask_rules(point, running, RULES if problem.decay is None else DECAY_RULES)
    try:
        if isinstance(found.answer, Proved):
            return _proved(point, found.answer, _search(point, below, spurious, running), running)
        if isinstance(found.answer, Refuted):
            return _refuted(point, found.answer)
    except OutOfTime as late:
        return Verdict(Status.UNDECIDED, str(late), risk=point.risk)
    return Verdict(Status.UNDECIDED, found.answer.reason, risk=point.risk, open_directions=found.answer.directions)


_TRAINED = 10_000
"""From this denominator on a point is taken for one of floats."""


def _search(point: Point, below: tuple[LowerPoint, ...], spurious: bool, effort: Effort) -> tuple[tuple[LowerPoint, ...], str]:
    """The points of lower risk, and what is to be said about them."""
    if not below and spurious:
        # What a search leaves is for the verifier: a local minimum that is proved is not lost.
        with effort.share(Fraction(1, 2)).governs() as half:
            found = display.lower_point(point, half)
        if found.is_global:
            return (), f"; not a spurious one: {found.is_global}"
        if found.lower is None:
            return (), f"; no point of lower risk was found (tried {', '.join(found.tried)})"
        below = (found.lower,)
    return below, f"; a point of risk {near(below[0].risk)} is lower" if below else ""


def _proved(point: Point, answer: Proved, search: tuple[tuple[LowerPoint, ...], str], effort: Effort) -> Verdict:
    (below, remark), evidence = search, answer.evidence
    claim = SPURIOUS_LOCAL_MINIMUM if below else LOCAL_MINIMUM
    unsigned = Certificate(claim, point.problem, point.parameters, point.risk, local_minimum=evidence, lower_points=below)
    certificate = confirmed(unsigned)
    if point.problem.decay is None:
        try:
            kind = kind_of(point, evidence=evidence, modulo_invariance=answer.dimension, effort=effort)
        except OutOfTime:
            kind = Kind()
    else:
        size = answer.dimension
        kind = Kind() if size is None else Kind(strict=size == 0, isolated_modulo_invariance=True, dimension=size)
    reason = f"a {claim}: {answer.reason}{remark}"
    lower = below[0].parameters if below else None
    return Verdict(Status.PROVED, reason, certificate, lower, point.risk, kind=kind)


def _of_training(point: Point) -> str:
    """What else is worth saying of a point that comes from floats, as its long fractions tell."""
    entries = vector_of(point.parameters)
    if max(value.denominator for value in entries) < _TRAINED:
        return ""
    slopes = vector_of(selected_gradient(point))
    place = max(range(len(slopes)), key=lambda p: abs(slopes[p]))
    if not slopes[place]:
        return ""
    name = list(coordinates(point.parameters))[place]
    size = f"the derivative with respect to {name} is {near(slopes[place], 3)}, and that is the largest"
    return f" ({size}; a trained point is rarely critical: polish goes on from it to an exact one)"


def _refuted(point: Point, answer: Refuted) -> Verdict:
    evidence = answer.evidence
    certificate = confirmed(Certificate(NOT_A_LOCAL_MINIMUM, point.problem, point.parameters, point.risk, descent=evidence))
    try:
        trained = _of_training(point) if point.problem.decay is None else ""
    except OutOfTime:
        trained = ""
    reason, lower = f"not a local minimum: {answer.reason}{trained}", evidence.lower_point.parameters
    return Verdict(Status.REFUTED, reason, certificate, lower, point.risk, kind=Kind(flat=False))
