"""The least trace and the least largest eigenvalue over minimisers, or rescalings, as algebraic numbers, proved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, TypeVar

from exactsurf.certificate.check import verify
from exactsurf.certificate.claims.algebraic_point import AlgebraicNumber
from exactsurf.certificate.claims.exact_flattest_minimiser import ExactFlattestMinimiser, FlattestPlace
from exactsurf.certificate.claims.exact_flattest_rescaling import BalancedFactors, ExactFlattestRescaling
from exactsurf.effort import Effort, OutOfTime
from exactsurf.errors import RejectedCertificate
from exactsurf.exact.integer_relation import find_polynomial
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.exact.real_roots import RealRoot, real_roots
from exactsurf.minima.algebraic.flattest_conditions import FlattestSolution, flattest_solution
from exactsurf.minima.algebraic.number_field import in_one_field, nearest_root
from exactsurf.minima.algebraic.rescaling_conditions import rescaling_solution
from exactsurf.minima.algebraic.weighted_squares import BITS, weighted_squares
from exactsurf.minima.local.fibre import Fibre
from exactsurf.minima.local.rescaling import Rescaling
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

DEGREE = 24
_SPARE, _ENCLOSED = 96, 512
_OF = {True: "trace", False: "largest eigenvalue"}
Claimed = TypeVar("Claimed", ExactFlattestMinimiser, ExactFlattestRescaling)


def exact_flattest(fibre: Fibre, by_trace: bool, effort: Effort) -> ExactFlattestMinimiser | NotProved:
    """The least trace, or the least largest eigenvalue, as an algebraic number with a certificate.

    Newton's method solves the conditions of a flattest minimiser and of what bounds it from below, lattice reduction guesses a
    number field, and the verifier checks all conditions in it.
    Parameters: `fibre`; `by_trace`, which of the two; `effort`, its clock running. Returns: the certificate, accepted; or why
    there is none: no curved term, degenerate conditions, a degree above 24, or no time. Exactness: exact; floats and guesses
    only propose. Raises: nothing. Source: proofs/claims/exact_flattest_minimiser.md.
    """
    if not fibre.curved:
        return NotProved("no term of the risk is curved, so all Hessians are 0")

    def found(numbers: Numbers) -> ExactFlattestMinimiser | NotProved:
        solution = flattest_solution(fibre, by_trace, BITS, effort)
        if isinstance(solution, NotProved):
            return solution
        vectors, shares = weighted_squares(solution.density)
        field = numbers(solution.value, _in_a_row(solution, vectors, shares))
        if isinstance(field, NotProved):
            return field
        place, problem, parameters = _place(solution, field, len(vectors)), fibre.problem, fibre.parameters
        of = _OF[by_trace]
        return ExactFlattestMinimiser(problem, parameters, problem.rational_risk(parameters), of, field.value, place)

    return proved(found, effort)


def exact_rescaling(
    problem: Problem, parameters: Parameters, hessian: Matrix, factors: Vector, near: Matrix | None, effort: Effort
) -> ExactFlattestRescaling | NotProved:
    """The least trace, or the least largest eigenvalue, among rescalings as an algebraic number with a certificate.

    Parameters: a point and its `hessian`, positive semidefinite; `factors`, near the flattest; `near`, vectors of the bound from
    below for the eigenvalue, None for the trace; `effort`, its clock running. Returns: as `exact_flattest`. Exactness: exact.
    Raises: nothing. Source: proofs/claims/exact_flattest_rescaling.md.
    """
    if not any(map(any, hessian)):
        return NotProved("the Hessian is 0")
    rescaling = Rescaling.of(problem.network)

    def found(numbers: Numbers) -> ExactFlattestRescaling | NotProved:
        solution = rescaling_solution(hessian, rescaling, factors, near, BITS, effort)
        if isinstance(solution, NotProved):
            return solution
        row = [*solution.squares, *solution.inverses, *(v for z in solution.vectors for v in z), *solution.shares]
        field = numbers(solution.value, row)
        if isinstance(field, NotProved):
            return field
        left = iter(field.images)
        squares, inverses = (tuple(next(left) for _ in factors) for _ in range(2))
        vectors = tuple(tuple(next(left) for _ in z) for z in solution.vectors)
        place = BalancedFactors(_ENCLOSED, field.root, field.level, squares, inverses, vectors, tuple(left))
        risk = problem.rational_risk(parameters)
        return ExactFlattestRescaling(problem, parameters, risk, _OF[near is None], field.value, place)

    return proved(found, effort)


@dataclass(frozen=True)
class InOneField:
    """The number `value` that is claimed; α, `root`; `level`, `images`: the value and other numbers as polynomials in α."""

    value: AlgebraicNumber
    root: AlgebraicNumber
    level: Vector
    images: tuple[Vector, ...]


Numbers: TypeAlias = Callable[[Fraction, Sequence[Fraction]], InOneField | NotProved]


def proved(found: Callable[[Numbers], Claimed | NotProved], effort: Effort) -> Claimed | NotProved:
    """A certificate that the verifier accepts, from what makes one of numbers in one field; or why there is none.

    Exactness: the verifier's. Raises: nothing. Source: none.
    """

    def numbers(value: Fraction, others: Sequence[Fraction]) -> InOneField | NotProved:
        field = in_one_field([value, *others], BITS - _SPARE, DEGREE, effort)
        if isinstance(field, NotProved):
            return field
        level = find_polynomial(value, BITS - _SPARE, DEGREE)
        if level is None:
            return NotProved(f"no polynomial of degree {DEGREE} or less was found for the sharpness")
        root, (first, *images) = field
        return InOneField(nearest_root(level, value), root, first, tuple(images))

    try:
        certificate = found(numbers)
        if not isinstance(certificate, NotProved):
            effort.check("the verifier checks the algebraic numbers")
            verify(certificate)
        return certificate
    except OutOfTime as error:
        return NotProved(f"out of time: {error}")
    except RejectedCertificate as error:
        return NotProved(f"algebraic numbers were guessed, but not proved: {error.fields['reason']}")


def root_of(number: AlgebraicNumber) -> RealRoot:
    """An algebraic number of a certificate as a `RealRoot`.

    Exactness: exact. Raises: nothing. Source: Sturm's theorem.

    >>> root_of(AlgebraicNumber((-2, 0, 1), Fraction(1), Fraction(2))).index
    1
    """
    for root in real_roots(number.polynomial):
        near = root
        while near.value is None and near.low < number.high and near.high > number.low:
            if number.low <= near.low and near.high <= number.high:
                return near
            near = near.narrowed((near.high - near.low) / 2)
        if near.value is not None and number.low < near.value < number.high:
            return near
    raise AssertionError("an algebraic number has a root between its numbers")


def _in_a_row(solution: FlattestSolution, vectors: Sequence[Vector], shares: Vector) -> list[Fraction]:
    deep = (solution.products, (solution.bias, solution.squares), solution.lines, (solution.multipliers,), solution.prices)
    return [*(value for rows in (*deep, vectors, (shares,)) for row in rows for value in row)]


def _place(solution: FlattestSolution, field: InOneField, count: int) -> FlattestPlace:
    """The evidence, from the images of all numbers in the order of `_in_a_row`."""
    left = iter(field.images)

    def row(length: int) -> Matrix:
        return tuple(next(left) for _ in range(length))

    def rows(like: Sequence[Vector]) -> tuple[Matrix, ...]:
        return tuple(row(len(one)) for one in like)

    products, bias, squares = rows(solution.products), row(len(solution.bias)), row(len(solution.squares))
    lines, multipliers, prices = rows(solution.lines), row(len(solution.multipliers)), rows(solution.prices)
    vectors = tuple(row(len(solution.density)) for _ in range(count))
    start = (_ENCLOSED, field.root, field.level)
    return FlattestPlace(*start, products, bias, squares, lines, multipliers, prices, vectors, row(count))
