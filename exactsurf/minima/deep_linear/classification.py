"""Deep linear networks: every critical point is a global minimum or a saddle, decided by the gradient of the product."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.certificate.verdict import Status
from exactsurf.effort import AnyEffort, Effort, OutOfTime
from exactsurf.errors import InternalError, UnsupportedError
from exactsurf.exact.ldlt import ldlt
from exactsurf.exact.linear_algebra import Matrix, Vector, dot, from_flint, rank, scaled, to_flint
from exactsurf.minima.deep_linear.best_rank import is_best_of_its_rank
from exactsurf.minima.deep_linear.escape import find_escape, product_of
from exactsurf.minima.local.critical_faces import hessian_on, second_derivatives
from exactsurf.minima.local.directional import selected_gradient
from exactsurf.minima.local.risk_series import descend_along
from exactsurf.minima.local.second_order_form import PointForms
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.needed_problem import check_piecewise_linear
from exactsurf.model.parameter_vector import parameters_of, vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem


class PointKind(StrEnum):
    """What a point of a deep linear network is."""

    NOT_CRITICAL = "not critical"
    GLOBAL_MINIMUM = "global minimum"
    SADDLE = "saddle"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class DeepLinear:
    """The kind of a point of a deep linear network, with the quantities that decide it.

    Attributes: `kind` and `reason`; `risk`; `product`, the matrix P of the network's linear map (with a last column for a
    bias of layer 1 if there is no bias above), and `product_gradient`, the gradient of the risk in P; `widths_suffice`:
    no hidden layer is narrower than both input and output; `upper_ranks[j]` and `lower_ranks[j]`, the ranks of W_L…W_{j+2} and
    W_j…W_1, the products above and below layer j + 1 (the empty product counts as full: its width); `full_rank_layer`, the
    first layer (from 1) whose upper product has full row rank and lower product full column rank, if any; `inertia` of the
    Hessian (positive, negative, zero), if it is defined; `strict`: whether the Hessian has a negative eigenvalue, with
    `negative_direction`; `is_tightened`, for the squared loss and a product of less than the largest rank: every pair of
    layers splits the others into blocks one of which has the rank of the product; `descent`, a curve along which the risk
    falls, where the point is no local minimum and one is known.
    Exactness: exact. Source: papers.md, section 1 (Yun, Sra and Jadbabaie 2019), A2 (Kawaguchi 2016), A3 (Laurent and
    von Brecht 2018), B (Achour, Malgouyres and Gerchinovitz 2024).
    """

    kind: PointKind
    reason: str
    risk: Fraction
    product: Matrix
    product_gradient: Matrix
    widths_suffice: bool
    upper_ranks: tuple[int, ...]
    lower_ranks: tuple[int, ...]
    full_rank_layer: int | None
    inertia: tuple[int, int, int] | None
    strict: Status
    negative_direction: Parameters | None
    is_tightened: bool | None
    descent: DescentCurve | None

    @property
    def lower(self) -> LowerPoint | None:
        """A point of lower risk on the curve."""
        return self.descent.lower_point if self.descent is not None else None


def classify_deep_linear(problem: Problem, parameters: Parameters, *, effort: AnyEffort = None) -> DeepLinear:
    """Classify a point of a deep linear network as not critical, a global minimum or a saddle.

    Biases are allowed: one in the output layer makes the constant part free, one in layer 1 alone counts as one more input.
    Parameters: exact `parameters` of a network whose activation has one slope, not 0.
    Returns: a `DeepLinear`. Critical points are decided if no hidden layer is narrower than both input and output; for the
    squared loss global minima are decided for all widths. Else UNDECIDED is possible.
    Exactness: exact; a lower point is substituted, a negative direction checked.
    Raises: `UnsupportedError` for other activations, and where the loss is not differentiable at the predictions;
    `ShapeError` for parameters of another network.
    Source: Yun, Sra and Jadbabaie, "Small nonlinearities…", 2019, theorem 4 and corollary 5; Laurent and von Brecht, "Deep
    linear networks with arbitrary loss", 2018; Kawaguchi 2016; Achour et al. 2024.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([[1, 0], [0, 1]], [[2, 0], [0, 1]])
    >>> problem = es.Problem(es.Network([2, 2, 2, 2], es.linear, biases=False), data)
    >>> zero = [[0, 0], [0, 0]]
    >>> answer = es.classify_deep_linear(problem, problem.parameters(W1=zero, W2=zero, W3=zero))
    >>> answer.kind, answer.strict, answer.inertia, answer.lower.risk < answer.risk
    (<PointKind.SADDLE: 'saddle'>, <Status.REFUTED: 'REFUTED'>, (0, 0, 12), True)
    """
    check_piecewise_linear(problem, "classify_deep_linear")
    problem.check_no_decay()
    h, network = problem.network.activation, problem.network
    if not h.is_linear or not h.slopes[0]:
        raise UnsupportedError(f"a deep linear network needs an activation with one slope, not 0, but this one is {h!r}")
    running, point = Effort.of(effort).started(), Point(problem, parameters)
    if point.kink is not None:
        raise UnsupportedError(
            f"the {problem.loss.title} loss has a kink at a prediction of this point", "stationarity(…) takes any point"
        )
    shape = _Shape(problem, parameters)
    residuals = [low.fractions() for low, _ in point.subdifferentials]
    product = scaled(product_of(shape.factors), h.slopes[0] ** (network.layers - 1))
    gradient = _gradient_of_product(problem, residuals, shape.has_column)
    gradient_vector = vector_of(selected_gradient(point))
    widths = (len(shape.factors[0][0]), *network.widths[1:])
    suffices = shape.is_product and min(widths) >= min(widths[0], widths[-1])
    upper = tuple(_rank(shape.factors[j + 1 :], widths[-1]) for j in range(network.layers))
    lower = tuple(_rank(shape.factors[:j], widths[0]) for j in range(network.layers))
    full = next((j + 1 for j in range(network.layers) if upper[j] == widths[-1] and lower[j] == widths[0]), None)
    top = rank(product)
    tightened = _is_tightened(shape.factors, top) if problem.is_least_squares and shape.is_product and top < min(widths) else None
    # The first order often says more in less time.
    inertia, strict, direction = _second_order(point, running.share(Fraction(1, 2)))
    try:
        with running.governs():
            kind, reason, descent = _kind(point, shape, residuals, gradient, gradient_vector, suffices, inertia, running)
    except OutOfTime as error:
        kind, reason, descent = PointKind.UNDECIDED, str(error), None
    if kind is PointKind.GLOBAL_MINIMUM and strict is Status.PROVED:
        raise InternalError("a global minimum whose Hessian has a negative direction")
    if descent is None and direction is not None:
        with suppress(OutOfTime), running.governs():
            descent = descend_along(point, [direction], 2)
    return DeepLinear(
        kind, reason, point.risk, product, gradient, suffices, upper, lower, full, inertia, strict, direction, tightened, descent
    )


class _Shape:
    """The weights as the factors of a product; a bias of layer 1 alone is a column of the first factor."""

    def __init__(self, problem: Problem, parameters: Parameters) -> None:
        biases, layers = problem.network.biases, problem.network.layers
        lifted = layers > 1 and problem.network.activation.value_at_0 != 0
        self.has_column = biases[0] and not biases[-1] and layers > 1
        # With an output bias everything constant is a free summand; without one it must come from layer 1.
        self.is_product = biases[-1] or not (any(biases[1:]) or lifted)
        first = parameters.weights[0]
        if self.has_column:
            first = tuple((*row, shift) for row, shift in zip(first, parameters.biases[0] or (), strict=True))
        self.factors: tuple[Matrix, ...] = (first, *parameters.weights[1:])

    def parameters(self, problem: Problem, old: Parameters, factors: Sequence[Matrix]) -> Parameters:
        """The parameters with these factors and the same output at x = 0, unless a column says otherwise."""
        if self.has_column:
            first = tuple(row[:-1] for row in factors[0])
            return Parameters((first, *factors[1:]), (tuple(row[-1] for row in factors[0]), *old.biases[1:]))
        new, last = Parameters(tuple(factors), old.biases), old.biases[-1]
        if last is None:
            return new
        # Weights above a bias change what it adds to the outputs; the output bias takes that back.
        shifts = zip(last, _constant_part(problem, old), _constant_part(problem, new), strict=True)
        return Parameters(new.weights, (*new.biases[:-1], tuple(bias + before - after for bias, before, after in shifts)))


def _constant_part(problem: Problem, parameters: Parameters) -> Vector:
    """The output at x = 0."""
    h, current = problem.network.activation, (Fraction(0),) * problem.network.widths[0]
    for layer, (matrix, bias) in enumerate(zip(parameters.weights, parameters.biases, strict=True)):
        inputs = current if layer == 0 else tuple(map(h, current))
        shift = bias if bias is not None else (Fraction(0),) * len(matrix)
        current = tuple(dot(row, inputs) + b for row, b in zip(matrix, shift, strict=True))
    return current


def _kind(
    point: Point,
    shape: _Shape,
    residuals: Sequence[Vector],
    gradient: Matrix,
    gradient_vector: Vector,
    suffices: bool,
    inertia: tuple[int, int, int] | None,
    effort: Effort,
) -> tuple[PointKind, str, DescentCurve | None]:
    problem, parameters = point.problem, point.parameters
    if any(gradient_vector):
        direction = parameters_of(problem.network, [-value for value in gradient_vector])
        return PointKind.NOT_CRITICAL, "the gradient is not 0", descend_along(point, [direction], 1)
    constant = any(problem.network.biases) or bool(problem.network.activation.value_at_0)
    if not any(map(any, gradient)) and not (constant and any(sum(r, Fraction(0)) for r in residuals)):
        return PointKind.GLOBAL_MINIMUM, "the gradient in the product is 0 and the loss is convex", None
    if (
        problem.is_least_squares
        and shape.is_product
        and not suffices
        and is_best_of_its_rank(problem, shape.factors, shape.has_column)
    ):
        return PointKind.GLOBAL_MINIMUM, "the product is a best approximation among matrices of the largest rank", None
    # The slope comes in once for every hidden layer; its sign says which way is down.
    slope = scaled(gradient, problem.network.activation.slopes[0] ** (problem.network.layers - 1))
    escape = None
    if shape.is_product:
        escape = find_escape(point, shape.factors, slope, lambda factors: shape.parameters(problem, parameters, factors), effort)
    if suffices:
        if escape is None:
            raise InternalError("no curve down from a saddle of a wide deep linear network")
        return PointKind.SADDLE, "the gradient in the product is not 0 (Yun, Sra and Jadbabaie, theorem 4)", escape
    if escape is not None:
        return PointKind.SADDLE, "points with the same product, as near as you like, have a gradient that is not 0", escape
    if inertia is not None and inertia[0] and inertia[1]:
        return PointKind.SADDLE, "the Hessian has a positive and a negative eigenvalue", None
    why = "a hidden layer is narrower than input and output" if shape.is_product else "a bias of a hidden layer is not free"
    return PointKind.UNDECIDED, f"the gradient in the product is not 0, but {why}, and no curve down was found", None


def _second_order(point: Point, effort: Effort) -> tuple[tuple[int, int, int] | None, Status, Parameters | None]:
    curvatures = second_derivatives(point)
    if isinstance(curvatures, NotProved):
        return None, Status.UNDECIDED, None
    try:
        with effort.governs():
            factors = ldlt(hessian_on(PointForms(point), curvatures, {}, effort))
    except OutOfTime:
        return None, Status.UNDECIDED, None
    vector = factors.negative_direction
    if vector is None:
        return factors.inertia, Status.REFUTED, None
    return factors.inertia, Status.PROVED, parameters_of(point.problem.network, vector)


def _gradient_of_product(problem: Problem, residuals: Sequence[Vector], has_column: bool) -> Matrix:
    """Σ_i r_i x̃_iᵀ."""
    rows = [(*row, *((Fraction(1),) if has_column else ())) for row in problem.data.x]
    return from_flint(to_flint(residuals) * to_flint(rows))


def _is_tightened(factors: Sequence[Matrix], top: int) -> bool:
    """Every pair of layers splits the others into three blocks, at least one of rank `top` (Achour et al., definition)."""
    count = len(factors)
    for i in range(count):
        for j in range(i):
            blocks = (factors[i + 1 :], factors[j + 1 : i], factors[:j])
            if not any(block and rank(product_of(block)) == top for block in blocks):
                return False
    return True


def _rank(factors: Sequence[Matrix], width: int) -> int:
    return rank(product_of(factors)) if factors else width
