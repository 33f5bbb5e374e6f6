"""The flattest minimiser: the least trace and the least largest eigenvalue of the Hessian among minimisers of a signed cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.exact_flattest_minimiser import ExactFlattestMinimiser
from exactsurf.certificate.claims.flattest_minimiser import FibreBound, FlattestMinimiserCertificate
from exactsurf.effort import AnyEffort, Effort, keeps_effort
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.ldlt import ldlt
from exactsurf.exact.linear_algebra import Matrix, dot
from exactsurf.exact.number import Exact, approximate, exact, to_text
from exactsurf.exact.real_roots import RealRoot
from exactsurf.minima.algebraic.exact_flattest import exact_flattest, root_of
from exactsurf.minima.floats.flattest_fibre import NearFlattest, flattest_near
from exactsurf.minima.local.fibre import Fibre, fibre_of
from exactsurf.minima.local.hessian import hessian_of_cell
from exactsurf.minima.local.stable_step import largest_step_between, stable_between
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.needed_problem import check_piecewise_linear
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

WIDTH = Fraction(1, 10**9)
_ZERO = Fraction(0)


@dataclass(frozen=True)
class FlattestMinimiser:
    """How flat the minimisers of a signed cell are at best: a whole valley, or the part of it in that cell.

    Attributes: `problem`, `parameters`; `trace` and `eigenvalue`, bounds on the infima of the trace of the Hessian and of its
    largest eigenvalue over all parameters of the signed cell with the same predictions; `with_least_trace` and
    `with_least_eigenvalue`, rational parameters at which the upper bounds hold; `certificate` of the bounds, accepted; where it
    was asked to be exact, `exact_trace` and `exact_eigenvalue`, accepted certificates that the infima are algebraic numbers, or
    why there are none. Exactness: exact bounds, and exact numbers where they are known.
    Source: proofs/claims/flattest_minimiser.md, proofs/claims/exact_flattest_minimiser.md.
    """

    problem: Problem
    parameters: Parameters
    trace: tuple[Fraction, Fraction]
    eigenvalue: tuple[Fraction, Fraction]
    with_least_trace: Parameters
    with_least_eigenvalue: Parameters
    certificate: FlattestMinimiserCertificate
    exact_trace: ExactFlattestMinimiser | NotProved | None = None
    exact_eigenvalue: ExactFlattestMinimiser | NotProved | None = None

    @property
    def least_trace(self) -> RealRoot | None:
        """The least trace as an algebraic number; None where it is known by its bounds only."""
        return _number(self.trace, self.exact_trace)

    @property
    def least_eigenvalue(self) -> RealRoot | None:
        """The least largest eigenvalue as an algebraic number; None where it is known by its bounds only."""
        return _number(self.eigenvalue, self.exact_eigenvalue)

    @property
    def largest_step(self) -> tuple[Fraction, Fraction] | None:
        """Bounds on 2/λ, λ the least largest eigenvalue: with a longer step gradient descent is unstable at all of them.

        None if the eigenvalue may be 0. Exactness: exact bounds. Source: proofs/claims/sharpness.md.
        """
        return largest_step_between(self.eigenvalue)

    def is_stable(self, step: Exact) -> bool | None:
        """Whether a step of gradient descent is stable, to first order, at some of these; None if the bounds do not tell.

        Parameters: `step` > 0. Exactness: True is proved by `with_least_eigenvalue`, False holds for all of them.
        Raises: `InputError` for a step that is not positive. Source: Wu, Ma and E 2018; proofs/claims/sharpness.md.
        """
        return stable_between(self.eigenvalue, step)

    def __repr__(self) -> str:
        return f"FlattestMinimiser(trace ≈ {approximate(self.trace[1])}, eigenvalue ≈ {approximate(self.eigenvalue[1])})"


@keeps_effort()
def flattest_minimiser(
    problem: Problem, parameters: Parameters, *, width: Exact = WIDTH, exactly: bool = False, effort: AnyEffort = None
) -> FlattestMinimiser:
    """How flat minimisers with the same predictions are at best in a signed cell: bounds as near as one likes, with proof.

    Both are convex problems in the products v_j w_j and the squares v_j² of the output weights.
    Parameters: a `problem` with one hidden layer and one output, h(cz) = c h(z) for c > 0 (ReLU, leaky ReLU, linear), a loss that
    is quadratic by pieces, no weight decay, at most 40 parameters; exact `parameters` of zero gradient, on no wall, with output
    weights that are not 0: where the pieces of the loss are curved, all that have their predictions in their signed cell are its
    minimisers, and no others; `width`, how far apart the bounds may be, as a part of the upper one (where that is nearly 0, of
    `width` times the trace here); `exactly`, whether the infima are also looked for as algebraic numbers, which succeeds up to
    degree 24 where the conditions of optimality are regular; `effort`, seconds (60) or an `Effort`.
    Returns: a `FlattestMinimiser`. Exactness: long floats propose; bounds and algebraic numbers are proved.
    Raises: `UnsupportedError` for other problems and points; `InputError` for a width that is not positive; `ShapeError`,
    `OutOfTime`.
    Source: Mulayoff and Michaeli 2020 (flattest minima of linear networks); proofs/claims/flattest_minimiser.md.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2, 1], biases=False), es.Data.from_arrays([1, 2], [2, 4]))
    >>> found = es.flattest_minimiser(problem, problem.parameters(W1=[[1], [1]], W2=[[1, 1]]), width="1e-12")
    >>> found, found.eigenvalue[1] - found.eigenvalue[0] < Fraction(1, 10**10)
    (FlattestMinimiser(trace ≈ 20, eigenvalue ≈ 20), True)
    >>> plane = es.Problem(es.Network([2, 2, 1], "linear", biases=False), es.Data.from_arrays([[1, 0], [0, 1]], [3, 4]))
    >>> point = plane.parameters(W1=[[3, 0], [0, 4]], W2=[[1, 1]])
    >>> es.flattest_minimiser(plane, point, exactly=True).least_trace.polynomial  # 10√2
    (-200, 0, 1)
    """
    running = Effort.of(effort)
    allowed = exact(width, "width")
    if allowed <= 0:
        raise InputError("the width must be positive", text=to_text(allowed))
    check_piecewise_linear(problem, "flattest_minimiser")
    fibre = fibre_of(problem, parameters)
    running.check("the minimisers of the signed cell were described")
    trace, for_trace, flat_trace = _least(fibre, True, allowed, running)
    eigenvalue, for_eigenvalue, flat_eigenvalue = _least(fibre, False, allowed, running)
    risk = problem.rational_risk(parameters)
    unsigned = FlattestMinimiserCertificate(
        problem, parameters, risk, trace, eigenvalue, flat_trace, flat_eigenvalue, for_trace, for_eigenvalue
    )
    numbers = [exact_flattest(fibre, by_trace, running) for by_trace in (True, False)] if exactly else [None, None]
    return FlattestMinimiser(problem, parameters, trace, eigenvalue, flat_trace, flat_eigenvalue, confirmed(unsigned), *numbers)


def _number(bounds: tuple[Fraction, Fraction], found: ExactFlattestMinimiser | NotProved | None) -> RealRoot | None:
    """An infimum that its bounds or a certificate say exactly."""
    if bounds[0] == bounds[1]:
        return RealRoot.rational(bounds[0])
    return root_of(found.value) if isinstance(found, ExactFlattestMinimiser) else None


def _least(
    fibre: Fibre, by_trace: bool, width: Fraction, effort: Effort
) -> tuple[tuple[Fraction, Fraction], FibreBound, Parameters]:
    """Bounds on the least trace, or the least largest eigenvalue, what proves the lower one, and a point of the upper one."""
    bits = max(8, (width.denominator // width.numerator).bit_length() + 4)
    usual = sum((fibre.hessian[p][p] for p in range(len(fibre.hessian))), _ZERO)
    while True:
        near = flattest_near(fibre.form, by_trace, bits, effort)
        low, evidence = _below(fibre, near, by_trace, bits, effort)
        point = fibre.point(near.moves, near.squares, 2 * bits + 32)
        if point is not None:
            hessian, _ = hessian_of_cell(fibre.problem, point, "flattest_minimiser")
            trace = sum((hessian[p][p] for p in range(len(hessian))), _ZERO)
            high = _short(trace if by_trace else _largest(hessian, low, bits, effort), bits, 1)
            low = min(_short(low, bits, 0), high)
            # An infimum of 0 is not known to a part of itself.
            if high - low <= width * max(high, width * usual):
                return (low, high), evidence, point
        bits += bits // 2


def _short(value: Fraction, bits: int, up: int) -> Fraction:
    """A number near that is not above, or not below if `up`; short ones stay."""
    if value.numerator.bit_length() + value.denominator.bit_length() <= bits + 40:
        return value
    grid = Fraction(2) ** (bits + 24 + value.denominator.bit_length() - value.numerator.bit_length())
    scaled = value * grid
    return Fraction(-(-scaled.numerator // scaled.denominator) if up else scaled.numerator // scaled.denominator) / grid


def _largest(hessian: Matrix, low: Fraction, bits: int, effort: Effort) -> Fraction:
    """A number not below the largest eigenvalue, little above a lower bound if that is near."""
    size, nearness = len(hessian), bits + 16
    if not any(map(any, hessian)):
        return _ZERO
    while True:
        effort.check("a bound on the eigenvalue from above")
        high = low + (low or 1) * Fraction(2) ** -nearness
        form = [[(high if p == q else _ZERO) - hessian[p][q] for q in range(size)] for p in range(size)]
        if ldlt(form).is_positive_semidefinite:
            return high
        nearness -= 1


def _below(fibre: Fibre, near: NearFlattest, by_trace: bool, bits: int, effort: Effort) -> tuple[Fraction, FibreBound]:
    """A lower bound on all of the fibre, and what proves it."""
    density = fibre.curvatures if by_trace else near.density
    masses, forms = fibre.masses(density), fibre.unit_forms(density)
    multipliers = fibre.multipliers(near, forms, 3 * bits + 64)
    mass = Fraction(1) if by_trace else fibre.mass(density)
    shrink, least = Fraction(2) ** -(2 * bits + 20), _ZERO
    while True:
        effort.check("a bound from below over all minimisers of the signed cell")
        kept = 1 - least
        scaled, prices = (tuple(kept * value for value in part) for part in multipliers)
        lines = fibre.lines(scaled, prices)
        if all(_is_bounded(mass_of, form, line) for mass_of, form, line in zip(masses, forms, lines, strict=True)):
            bound = (fibre.constant(density) + dot(scaled, fibre.predictions)) / mass
            return max(bound, _ZERO), FibreBound(() if by_trace else density, scaled, fibre.by_unit(prices))
        least = shrink if not least else least * 16
        if least >= 1:
            raise UnsupportedError(
                "no bound from below over all minimisers of the signed cell was found: units that are off on some samples are "
                "held by these samples alone",
                "ask es.flattest_rescaling, which knows rescalings of units",
            )


def _is_bounded(mass: Fraction, form: Matrix, line: Sequence[Fraction]) -> bool:
    """Whether s·mass + p·form·p/s is at least line·p for all p and s > 0."""
    size = len(line)
    return ldlt([[4 * mass * form[a][b] - line[a] * line[b] for b in range(size)] for a in range(size)]).is_positive_semidefinite
