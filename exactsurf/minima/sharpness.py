"""Sharpness, exactly: the largest eigenvalue of the Hessian as an algebraic number, its trace, and stable step sizes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.sharpness import SharpnessCertificate
from exactsurf.effort import AnyEffort, Effort, keeps_effort
from exactsurf.exact.ldlt import ldlt
from exactsurf.exact.linear_algebra import Matrix, Vector, dot, kernel, solve
from exactsurf.exact.number import Exact, approximate, brief
from exactsurf.exact.real_roots import RealRoot, real_roots
from exactsurf.exact.spectrum import eigenvalue_polynomial
from exactsurf.minima.local.hessian import hessian_of_cell
from exactsurf.minima.local.stable_step import largest_eigenvalue_of, largest_step_between
from exactsurf.model.needed_problem import check_piecewise_linear
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

_BITS = 40


@dataclass(frozen=True)
class Sharpness:
    """The Hessian of the risk at a point: its largest eigenvalue and its trace.

    Attributes: `problem`, `parameters`; `hessian`, in the order of the parameters; `largest`, the largest eigenvalue as a
    `RealRoot` (minimal polynomial and isolating interval); `trace`; `is_critical`, whether the gradient is zero;
    `certificate`, which the verifier has accepted.
    Exactness: exact. Source: proofs/claims/sharpness.md.
    """

    problem: Problem
    parameters: Parameters
    hessian: Matrix
    largest: RealRoot
    trace: Fraction
    is_critical: bool
    certificate: SharpnessCertificate

    @property
    def largest_step(self) -> tuple[Fraction, Fraction] | None:
        """Bounds on 2/λ, the step size of gradient descent above which it leaves the point; None if λ ≤ 0.

        With a step η < 2/λ the linear part of a step at a minimum is stable in all directions, with η > 2/λ it is not.
        Exactness: 2/λ lies between the bounds, which are equal if λ is rational. Source: proofs/claims/sharpness.md.
        """
        return largest_step_between(self.certificate.bounds)

    def is_stable(self, step: Exact) -> bool:
        """Whether gradient descent with a step is stable here, to first order, if this is a minimum: λ ≤ 2/step.

        Parameters: `step` > 0. Exactness: exact: whether 2/step − λ is negative is decided by elimination. Raises: `InputError`
        for a step that is not positive. Source: Wu, Ma and E 2018; Cohen et al. 2021; proofs/claims/sharpness.md.
        """
        most = largest_eigenvalue_of(step)
        size = len(self.hessian)
        gap = [[(most if p == q else Fraction(0)) - self.hessian[p][q] for q in range(size)] for p in range(size)]
        return ldlt(gap).is_positive_semidefinite

    def __repr__(self) -> str:
        return f"Sharpness(largest eigenvalue {_told(self.largest)}, trace {brief(self.trace)}, {self.problem!r})"


def _told(root: RealRoot) -> str:
    return brief(root.value) if root.value is not None else f"≈ {approximate((root.low + root.high) / 2)}"


@keeps_effort()
def sharpness(problem: Problem, parameters: Parameters, *, effort: AnyEffort = None) -> Sharpness:
    """The largest eigenvalue of the Hessian of the risk at a point, as an algebraic number, with a certificate.

    Parameters: a `problem` with a piecewise linear activation and a loss that is quadratic by pieces, of any depth, with at most
    40 parameters; exact `parameters` at which the risk has a second derivative: no unit at a breakpoint, no prediction at one of
    the loss; `effort`, seconds (60) or an `Effort`. Returns: a `Sharpness`. Exactness: exact: characteristic polynomial, its
    largest real root. Raises: `UnsupportedError` where there is no Hessian, for class losses, and for more parameters;
    `ShapeError`, `OutOfTime`.
    Source: Mulayoff and Michaeli 2020, Cohen et al. 2021 (what it is good for); proofs/claims/sharpness.md.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1], es.linear, biases=False), es.Data.from_arrays([1], [2]))
    >>> for point in (problem.parameters(W1=[[2]], W2=[[1]]), problem.parameters(W1=[[8]], W2=[["1/4"]])):
    ...     found = es.sharpness(problem, point)
    ...     print(found.largest.value, found.trace, [str(end) for end in found.largest_step])
    5 5 ['2/5', '2/5']
    1025/16 1025/16 ['32/1025', '32/1025']
    >>> found.is_stable("1/50"), found.is_stable("1/20")
    (True, False)
    """
    running = Effort.of(effort)
    check_piecewise_linear(problem, "sharpness")
    hessian, gradient = hessian_of_cell(problem, parameters, "sharpness")
    size = len(hessian)
    running.check("the Hessian was found")
    largest = real_roots(eigenvalue_polynomial(hessian), running)[-1]
    trace = sum((hessian[p][p] for p in range(size)), Fraction(0))
    bounds, vector = _bounds(hessian, largest, running)
    unsigned = SharpnessCertificate(problem, parameters, problem.rational_risk(parameters), bounds, trace, vector)
    return Sharpness(problem, parameters, hessian, largest, trace, not any(gradient), confirmed(unsigned))


def _bounds(hessian: Matrix, largest: RealRoot, effort: Effort) -> tuple[tuple[Fraction, Fraction], Vector]:
    """Rational bounds on the largest eigenvalue, equal if it is rational, and a vector that proves the lower one."""
    size = len(hessian)
    if largest.value is not None:
        shifted = [[hessian[p][q] - (largest.value if p == q else 0) for q in range(size)] for p in range(size)]
        return (largest.value, largest.value), kernel(shifted)[0]
    start, bits = tuple(Fraction(p + 1) for p in range(size)), _BITS
    while True:
        effort.check("the largest eigenvalue was isolated, and a vector beside it is looked for")
        near = largest.narrowed(Fraction(1, 1 << bits))
        # One step of inverse iteration beside the eigenvalue; entries are rounded, and the bound is checked.
        shifted = [[(near.high if p == q else 0) - hessian[p][q] for q in range(size)] for p in range(size)]
        vector = solve(shifted, start)
        scale = max(map(abs, vector))
        vector = tuple(Fraction(round(value / scale * (1 << bits)), 1 << bits) for value in vector)
        image = [dot(row, vector) for row in hessian]
        if dot(vector, image) >= near.low * dot(vector, vector):
            return (near.low, near.high), vector
        start, bits = tuple(Fraction((p * p + 3) % 7 + 1) for p in range(size)), bits + _BITS
