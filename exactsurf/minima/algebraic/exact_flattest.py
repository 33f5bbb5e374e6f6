"""The least trace and the least largest eigenvalue over the minimisers of a signed cell as algebraic numbers, proved."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from exactsurf.certificate.check import verify
from exactsurf.certificate.claims.algebraic_point import AlgebraicNumber
from exactsurf.certificate.claims.exact_flattest_minimiser import ExactFlattestMinimiser, FlattestPlace
from exactsurf.effort import Effort, OutOfTime
from exactsurf.errors import RejectedCertificate
from exactsurf.exact.integer_relation import find_polynomial
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.exact.real_roots import RealRoot, real_roots
from exactsurf.minima.algebraic.flattest_conditions import FlattestSolution, flattest_solution
from exactsurf.minima.algebraic.number_field import in_one_field, nearest_root
from exactsurf.minima.local.fibre import Fibre
from exactsurf.minima.not_proved import NotProved

DEGREE = 24
_BITS, _SPARE = 3072, 96
_SMALL = Fraction(1, 1 << 80)


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
    try:
        solution = flattest_solution(fibre, by_trace, _BITS, effort)
        if isinstance(solution, NotProved):
            return solution
        vectors, shares = _vectors(solution.density)
        values = _in_a_row(solution, vectors, shares)
        field = in_one_field(values, _BITS - _SPARE, DEGREE, effort)
        if isinstance(field, NotProved):
            return field
        root, images = field
        level = find_polynomial(solution.value, _BITS - _SPARE, DEGREE)
        if level is None:
            return NotProved(f"no polynomial of degree {DEGREE} or less was found for the sharpness")
        effort.check("the verifier checks the algebraic numbers")
        place = _place(solution, root, images, len(vectors))
        problem, parameters = fibre.problem, fibre.parameters
        least = nearest_root(level, solution.value)
        of = "trace" if by_trace else "largest eigenvalue"
        certificate = ExactFlattestMinimiser(problem, parameters, problem.rational_risk(parameters), of, least, place)
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


def _vectors(density: Matrix) -> tuple[list[Vector], Vector]:
    """Z = Σ d z zᵀ by symmetric elimination, the largest pivot first, until hardly anything is left."""
    work, size = [list(row) for row in density], len(density)
    vectors: list[Vector] = []
    shares: list[Fraction] = []
    most = max((work[k][k] for k in range(size)), default=Fraction(0))
    for _ in range(size):
        best = max(range(size), key=lambda k: work[k][k])
        pivot = work[best][best]
        if pivot < most * _SMALL:
            break
        vector = tuple(row[best] / pivot for row in work)
        vectors.append(tuple(Fraction(round(v * (1 << _BITS)), 1 << _BITS) if v != 1 else v for v in vector))
        shares.append(pivot)
        work = [[entry - pivot * vector[a] * vector[b] for b, entry in enumerate(row)] for a, row in enumerate(work)]
    return vectors, tuple(shares)


def _in_a_row(solution: FlattestSolution, vectors: Sequence[Vector], shares: Vector) -> list[Fraction]:
    deep = (solution.products, (solution.bias, solution.squares), solution.lines, (solution.multipliers,), solution.prices)
    return [solution.value, *(value for rows in (*deep, vectors, (shares,)) for row in rows for value in row)]


def _place(solution: FlattestSolution, root: AlgebraicNumber, images: Sequence[Vector], count: int) -> FlattestPlace:
    """The evidence, from the images of all numbers in the order of `_in_a_row`."""
    left = iter(images)

    def row(length: int) -> Matrix:
        return tuple(next(left) for _ in range(length))

    def rows(like: Sequence[Vector]) -> tuple[Matrix, ...]:
        return tuple(row(len(one)) for one in like)

    value = next(left)
    products, bias, squares = rows(solution.products), row(len(solution.bias)), row(len(solution.squares))
    lines, multipliers, prices = rows(solution.lines), row(len(solution.multipliers)), rows(solution.prices)
    vectors = tuple(row(len(solution.density)) for _ in range(count))
    bits = 512
    return FlattestPlace(bits, root, value, products, bias, squares, lines, multipliers, prices, vectors, row(count))
