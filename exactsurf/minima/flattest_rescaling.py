"""The flattest point among rescalings of hidden units: the least trace and the least largest eigenvalue of the Hessian."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.exact_flattest_rescaling import ExactFlattestRescaling
from exactsurf.certificate.claims.flattest_rescaling import BalancedFlow, FlattestRescalingCertificate
from exactsurf.effort import AnyEffort, Effort, keeps_effort
from exactsurf.errors import UnsupportedError
from exactsurf.exact.ldlt import ldlt
from exactsurf.exact.linear_algebra import Matrix, Vector, dot
from exactsurf.exact.number import Exact, approximate
from exactsurf.exact.real_roots import RealRoot
from exactsurf.minima.algebraic.exact_flattest import exact_rescaling, root_of
from exactsurf.minima.algebraic.least_sharpness import least_eigenvalue_root, sum_of_square_roots
from exactsurf.minima.floats.flattest_factors import flattest_factors_near
from exactsurf.minima.local.hessian import hessian_of_cell
from exactsurf.minima.local.rescaling import Rescaling
from exactsurf.minima.local.stable_step import largest_step_between, stable_between
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.needed_problem import check_piecewise_linear
from exactsurf.model.parameter_vector import vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

_LONG, _FIRST = 64, 52


@dataclass(frozen=True)
class FlattestRescaling:
    """How flat a point becomes when hidden units are rescaled: c times what comes in, 1/c times what goes out.

    Attributes: `problem`, `parameters`; `trace` and `eigenvalue`, bounds on the infima of the trace of the Hessian and of its
    largest eigenvalue over all rescalings; `least_trace` and `least_eigenvalue`, the same as algebraic numbers where they are
    known: computed, without a certificate, with one hidden layer of at most 5 units (trace) and with one hidden unit
    (eigenvalue); with `exactly` for any units and depth, and then `exact_trace` and `exact_eigenvalue` are accepted certificates
    of them, or why there are none; `with_least_trace` and `with_least_eigenvalue`, rational parameters at which the upper bounds
    hold; `is_attained`, whether some rescaling has the least trace; `only_rescalings`, whether all minima near the point are
    rescalings of it; `certificate` of the bounds, accepted.
    Exactness: exact. Source: proofs/claims/flattest_rescaling.md, proofs/claims/exact_flattest_rescaling.md.
    """

    problem: Problem
    parameters: Parameters
    trace: tuple[Fraction, Fraction]
    eigenvalue: tuple[Fraction, Fraction]
    least_trace: RealRoot | None
    least_eigenvalue: RealRoot | None
    with_least_trace: Parameters
    with_least_eigenvalue: Parameters
    is_attained: bool
    only_rescalings: bool
    certificate: FlattestRescalingCertificate
    exact_trace: ExactFlattestRescaling | NotProved | None = None
    exact_eigenvalue: ExactFlattestRescaling | NotProved | None = None

    @property
    def largest_step(self) -> tuple[Fraction, Fraction] | None:
        """Bounds on 2/λ, λ the least largest eigenvalue: above it gradient descent is unstable at all rescalings of a minimum.

        None if the eigenvalue may be 0. Exactness: exact bounds. Source: proofs/claims/sharpness.md.
        """
        return largest_step_between(self.eigenvalue)

    def is_stable(self, step: Exact) -> bool | None:
        """Whether a step of gradient descent is stable, to first order, at some rescaling; None if the bounds do not tell.

        Parameters: `step` > 0. Exactness: True is proved by `with_least_eigenvalue`, False holds for all rescalings.
        Raises: `InputError` for a step that is not positive. Source: Wu, Ma and E 2018; proofs/claims/sharpness.md.
        """
        return stable_between(self.eigenvalue, step)

    def __repr__(self) -> str:
        return f"FlattestRescaling(trace ≈ {approximate(self.trace[1])}, eigenvalue ≈ {approximate(self.eigenvalue[1])})"


@keeps_effort()
def flattest_rescaling(
    problem: Problem, parameters: Parameters, *, exactly: bool = False, effort: AnyEffort = None
) -> FlattestRescaling:
    """How flat a minimum becomes by rescaling its hidden units, which changes no prediction: bounds with a certificate.

    Parameters: a `problem` with h(cz) = c h(z) for c > 0 (ReLU, leaky ReLU, linear), any depth, and a loss that is quadratic by
    pieces, without weight decay, with at most 40 parameters; exact `parameters` at which the risk has a Hessian without negative
    eigenvalues, a smooth local minimum for example; `exactly`, whether the infima are also looked for as algebraic numbers with
    certificates, up to degree 24; `effort`, seconds (60) or an `Effort`.
    Returns: a `FlattestRescaling`. Exactness: floats propose factors; bounds are proved. Raises: `UnsupportedError` where
    there is no Hessian, or one with a negative eigenvalue, and for other problems; `ShapeError`, `OutOfTime`.
    Source: Mulayoff and Michaeli 2020 (flattest minima of linear networks); proofs/claims/flattest_rescaling.md.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1], biases=False), es.Data.from_arrays([1, 2], [2, 4]))
    >>> found = es.flattest_rescaling(problem, problem.parameters(W1=[[1]], W2=[[2]]))
    >>> found.least_trace.value, found.least_eigenvalue.value, found.only_rescalings
    (Fraction(20, 1), Fraction(20, 1), True)
    """
    running = Effort.of(effort)
    check_piecewise_linear(problem, "flattest_rescaling")
    network = problem.network
    if network.layers < 2 or network.activation.degree != 1:
        raise UnsupportedError(
            f"rescaling is for hidden units with h(cz) = c h(z) for c > 0; this is {network!r}", "take relu, leaky_relu or linear"
        )
    hessian, _ = hessian_of_cell(problem, parameters, "flattest_rescaling")
    size = len(hessian)
    factored = ldlt(hessian)
    if not factored.is_positive_semidefinite:
        raise UnsupportedError(
            "the Hessian has a negative eigenvalue here, so the point is no local minimum",
            "ask es.sharpness, or take a minimum",
        )
    rescaling = Rescaling.of(network)
    running.check("the Hessian was found")
    trace, for_trace, is_attained, trace_factors = _trace(hessian, rescaling, running)
    eigenvalue, for_eigenvalue, eigenvalue_factors = _eigenvalue(hessian, rescaling, running)
    unsigned = FlattestRescalingCertificate(
        problem, parameters, problem.rational_risk(parameters), trace, eigenvalue, for_trace, for_eigenvalue
    )
    certificate = confirmed(unsigned)
    least_trace = sum_of_square_roots(*_roots(hessian, rescaling), running) if network.layers == 2 else None
    least_eigenvalue = least_eigenvalue_root(hessian, rescaling.exponents(size), eigenvalue, running)
    exact_trace: ExactFlattestRescaling | NotProved | None = None
    exact_eigenvalue: ExactFlattestRescaling | NotProved | None = None
    if exactly:
        exact_trace = exact_rescaling(problem, parameters, hessian, trace_factors, None, running)
        near = for_eigenvalue.vectors
        exact_eigenvalue = exact_rescaling(problem, parameters, hessian, eigenvalue_factors, near, running)
        least_trace = root_of(exact_trace.value) if isinstance(exact_trace, ExactFlattestRescaling) else least_trace
        if isinstance(exact_eigenvalue, ExactFlattestRescaling):
            least_eigenvalue = root_of(exact_eigenvalue.value)
    return FlattestRescaling(
        problem,
        parameters,
        trace,
        eigenvalue,
        least_trace,
        least_eigenvalue,
        rescaling.rescaled(parameters, trace_factors),
        rescaling.rescaled(parameters, eigenvalue_factors),
        is_attained,
        factored.inertia[2] == len(rescaling.into) and _has_all_tangents(parameters, rescaling),
        certificate,
        exact_trace,
        exact_eigenvalue,
    )


def _has_all_tangents(parameters: Parameters, rescaling: Rescaling) -> bool:
    """Whether every unit has a weight that comes in and one that goes out, so that the tangents of rescaling are independent."""
    vector = vector_of(parameters)
    return all(
        any(vector[p] for p in comes) and any(vector[p] for p in goes)
        for comes, goes in zip(rescaling.into, rescaling.out_of, strict=True)
    )


def _roots(hessian: Matrix, rescaling: Rescaling) -> tuple[Fraction, list[Fraction]]:
    """C and the numbers 4 A_j B_j: with one hidden layer the least trace is C + Σ √(4 A_j B_j)."""
    free = sum((hessian[p][p] for p in range(len(hessian))), Fraction(0))
    products = []
    for comes, goes in zip(rescaling.into, rescaling.out_of, strict=True):
        above = sum((hessian[p][p] for p in comes), Fraction(0))
        below = sum((hessian[p][p] for p in goes), Fraction(0))
        free -= above + below
        products.append(4 * above * below)
    return free, products


def _trace(hessian: Matrix, rescaling: Rescaling, effort: Effort) -> tuple[tuple[Fraction, Fraction], BalancedFlow, bool, Vector]:
    size = len(hessian)
    diagonal = [hessian[p][p] for p in range(size)]
    factors, is_attained = rescaling.balancing_factors(diagonal, effort)
    masses = [h / (s * s) for h, s in zip(diagonal, rescaling.scales(factors, size), strict=True)]
    flow = rescaling.flow_below(masses)
    return (
        (_short(sum(flow, Fraction(0)), floor), _short(sum(masses, Fraction(0)), ceil)),
        BalancedFlow(rescaling.by_layer(factors), flow),
        is_attained,
        factors,
    )


def _eigenvalue(hessian: Matrix, rescaling: Rescaling, effort: Effort) -> tuple[tuple[Fraction, Fraction], BalancedFlow, Vector]:
    size = len(hessian)
    factors, vectors = flattest_factors_near(hessian, rescaling.exponents(size), effort)
    squares = [s * s for s in rescaling.scales(factors, size)]
    mass, masses = Fraction(0), [Fraction(0)] * size
    for vector in vectors:
        image = [dot(row, vector) for row in hessian]
        mass += dot(vector, image)
        masses = [t + value * value / square for t, value, square in zip(masses, image, squares, strict=True)]
    flow = rescaling.flow_below(masses)
    low = _short(sum(flow, Fraction(0)) / mass, floor) if mass else Fraction(0)
    high = _bound_above(hessian, squares, low, effort)
    return (low, high), BalancedFlow(rescaling.by_layer(factors), flow, vectors), factors


def _bound_above(hessian: Matrix, squares: Vector | list[Fraction], low: Fraction, effort: Effort) -> Fraction:
    """A number β with βS² − H positive semidefinite, equal to the lower bound or little above it."""
    size, bits = len(hessian), _FIRST
    if not any(map(any, hessian)):
        return Fraction(0)
    while True:
        effort.check("a bound on the eigenvalue from above")
        high = low + (low or 1) * Fraction(2) ** -bits if bits < _FIRST else low
        form = [[(high * squares[p] if p == q else Fraction(0)) - hessian[p][q] for q in range(size)] for p in range(size)]
        if ldlt(form).is_positive_semidefinite:
            return high
        bits -= 4


def _short(value: Fraction, towards: Callable[[Fraction], int]) -> Fraction:
    """A number of 64 bits below (floor) or above (ceil); short numbers stay."""
    if value.numerator.bit_length() + value.denominator.bit_length() <= _LONG:
        return value
    grid = Fraction(2) ** (_LONG - value.numerator.bit_length() + value.denominator.bit_length())
    return towards(value * grid) / grid
