"""decide(problem, parameters): is this exact point a local minimum of the training risk?"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.point import LOCAL_MINIMUM, NOT_A_LOCAL_MINIMUM, Certificate
from exactsurf.certificate.evidence import (
    ConvexCells,
    DeadUnit,
    Descent,
    DescentCurve,
    LocalMinimum,
    LowRank,
    Paths,
    Unitwise,
    UnitwiseVectors,
)
from exactsurf.certificate.verdict import Kind, Status, Verdict
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.minima.deep_linear.classification import PointKind, classify_deep_linear
from exactsurf.minima.kind import kind_of
from exactsurf.minima.local.cell_programs import CellPrograms
from exactsurf.minima.local.cone_tree import MAX_CONES
from exactsurf.minima.local.directional import selected_gradient
from exactsurf.minima.local.formal_arc import find_descent_arc
from exactsurf.minima.local.subgradient_choice import propose_subgradients
from exactsurf.minima.local.tangent_fan import MAX_FAN
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rules.convex_cells import decide_signed_cells
from exactsurf.minima.rules.descent import descend
from exactsurf.minima.rules.low_rank import fits_low_rank
from exactsurf.minima.rules.paths import check_paths
from exactsurf.minima.rules.positive_products import prove_positive_products
from exactsurf.minima.rules.second_order import ProvedOnFan, decide_second_order
from exactsurf.minima.rules.unitwise import decide_unitwise
from exactsurf.minima.rules.unitwise_vectors import prove_unitwise_vectors
from exactsurf.minima.smooth.decide import decide_smooth
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem


def decide(problem: Problem, parameters: Parameters, *, max_cones: int = MAX_CONES, max_fan: int = MAX_FAN) -> Verdict:
    """Decide whether `parameters` are a local minimum of the risk of `problem`.

    Parameters: exact `parameters` of the problem's network; `max_cones` bounds the work at points on many
    walls for one unit of a network with one hidden layer, `max_fan` that at kinks of its loss and for the tangent fan of
    any other network.
    Returns: a `Verdict`: PROVED (a local minimum) or REFUTED (not one), each with a certificate that the verifier has
    accepted, or UNDECIDED with the reason. One hidden layer with one output is decided at every point, for every
    loss, unless it has more cones than these bounds allow. Everywhere else the path test, first and second order on the fan of
    tangent cones, identities with positive products of walls, and curves of higher order prove or refute; little is left open.
    Saddles of deep linear networks are refuted by curves of any order. For smooth activations see `decide_smooth`.
    Exactness: exact. Raises: `ShapeError` for parameters of another network, `UnsupportedError` if a number of the certificate
    would be longer than its format allows (250,000 hexadecimal digits).
    Source: theory.md, theorems A and C and section 6; proofs/rules/unitwise.md,
    unitwise_vectors.md, low_rank.md, paths.md, second_order.md, convex_cells.md, positive_products.md, direction.md, curve.md.

    >>> from exactsurf.model.data import Data
    >>> from exactsurf.model.network import Network
    >>> problem = Problem(Network([1, 1, 1]), Data.from_arrays([5, 4, 3, 1, -1], [2, 1, 0, -3, 3]))
    >>> theta = problem.parameters(W1=[[1]], b1=[-3], W2=[[1]], b2=[0])
    >>> decide(problem, theta).status, problem.risk(theta)
    (<Status.PROVED: 'PROVED'>, Fraction(9, 1))
    """
    if not isinstance(problem, Problem):
        raise InputError("not a problem", text=repr(problem), fix="call decide(problem, parameters)")
    if not problem.network.is_piecewise_linear:
        return decide_smooth(problem, parameters)
    point = Point(problem, parameters)
    question, risk = _Question(point), point.risk
    try:
        paths = check_paths(point)
    except UnsupportedError as error:
        paths = NotProved(str(error))
    if isinstance(paths, Paths):
        return question.proved(paths, "the frozen risk is constant near the point (path test, theorem C)")
    single = problem.network.layers == 2 and problem.network.widths[-1] == 1
    if single and point.kink is None:
        answer = decide_unitwise(point, max_cones=max_cones)
        if isinstance(answer, Unitwise):
            return question.proved(answer, "every unit passes the unitwise criterion (theorem A)")
        if not isinstance(answer, NotProved):
            return question.refuted(answer)
        return Verdict(Status.UNDECIDED, answer.reason, risk=risk)
    # Most points are refuted by backpropagation alone.
    descent = descend(point, _downhill(selected_gradient(point)))
    if descent is not None:
        return question.refuted(descent)
    if single:
        signed = decide_signed_cells(point, max_cones=max_fan)
        if isinstance(signed, ConvexCells):
            return question.proved(signed, "every signed cell at the point has multipliers, and is convex in product variables")
        if not isinstance(signed, NotProved):
            return question.refuted(signed)
        return Verdict(Status.UNDECIDED, signed.reason, risk=risk)
    found = decide_second_order(point, max_cones=max_fan)
    if isinstance(found, ProvedOnFan):
        reason = "first and second order are positive on every tangent cone, modulo invariances of the network"
        return question.proved(found.evidence, reason, found.dimension)
    if not isinstance(found, NotProved):
        return question.refuted(found)
    if problem.network.layers == 2:
        vectors = _unitwise_vectors(point, max_fan)
        if vectors is not None:
            return question.proved(vectors, "every unit passes the unitwise criterion for several outputs")
    if question.is_deep_linear:
        linear = classify_deep_linear(problem, parameters)
        if linear.descent is not None:
            return question.refuted(linear.descent)
        if linear.kind is PointKind.GLOBAL_MINIMUM:
            if fits_low_rank(problem):
                return question.proved(LowRank(), f"even a global one, for {linear.reason}")
            reason = f"a global minimum ({linear.reason}), but no rule of the certificate format covers it"
            return Verdict(Status.UNDECIDED, reason, risk=risk, open_directions=found.directions)
    local = CellPrograms(point)
    products = prove_positive_products(local, max_cones=max_fan)
    if products is not None:
        return question.proved(products, "on every cell the change of the risk is at least a sum of positive products of walls")
    arc = find_descent_arc(local)
    if arc is not None:
        return question.refuted(arc)
    reason = f"{question.why_not_unitwise}, the path test does not apply ({paths.reason}), and {found.reason}"
    return Verdict(Status.UNDECIDED, reason, risk=risk, open_directions=found.directions)


def _unitwise_vectors(point: Point, max_cones: int) -> UnitwiseVectors | None:
    if point.kink is None:
        return prove_unitwise_vectors(point, [low for low, _ in point.subdifferentials], max_cones=max_cones)
    for chosen in propose_subgradients(point, max_cones=max_cones):
        evidence = prove_unitwise_vectors(point, chosen, max_cones=max_cones)
        if evidence is not None:
            return replace(evidence, subgradient=tuple(zip(*(values.fractions() for values in chosen), strict=True)))
    return None


class _Question:
    """One call of `decide`: what its answers share."""

    def __init__(self, point: Point) -> None:
        self.point = point

    def proved(self, evidence: LocalMinimum, reason: str, dimension: int | None = None) -> Verdict:
        point = self.point
        certificate = confirmed(Certificate(LOCAL_MINIMUM, point.problem, point.parameters, point.risk, local_minimum=evidence))
        kind = kind_of(point, evidence=evidence, modulo_invariance=dimension)
        return Verdict(Status.PROVED, f"a local minimum: {reason}", certificate, risk=point.risk, kind=kind)

    def refuted(self, evidence: Descent) -> Verdict:
        point = self.point
        certificate = confirmed(Certificate(NOT_A_LOCAL_MINIMUM, point.problem, point.parameters, point.risk, descent=evidence))
        if isinstance(evidence, DeadUnit):
            reason = f"not a local minimum: unit {evidence.unit} has output weight 0, and moving it opens a descent"
        elif isinstance(evidence, DescentCurve):
            reason = f"not a local minimum: the risk falls along a rational curve, to order {evidence.order}"
        else:
            reason = "not a local minimum: the risk has a negative one-sided derivative along a rational direction"
        return Verdict(Status.REFUTED, reason, certificate, evidence.lower_point.parameters, point.risk, kind=Kind(flat=False))

    @property
    def is_deep_linear(self) -> bool:
        """Whether every critical point is a minimum or a saddle of the product of the weights."""
        h = self.point.problem.network.activation
        return self.point.kink is None and h.is_linear and h.slopes[0] != 0

    @property
    def why_not_unitwise(self) -> str:
        if self.point.kink is not None:
            return f"the {self.point.problem.loss.name} loss is not differentiable at the prediction of sample {self.point.kink}"
        if self.point.problem.network.layers != 2:
            return f"the unitwise criterion needs one hidden layer (here {self.point.problem.network.layers - 1})"
        return f"the unitwise criterion needs one output (here {self.point.problem.network.widths[-1]})"


def _downhill(gradient: Parameters) -> Parameters:
    zero = gradient.moved(gradient, Fraction(-1))
    return zero.moved(gradient, Fraction(-1))
