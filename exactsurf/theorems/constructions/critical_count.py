"""How many critical points a regularised deep linear network has, complex and real, by a Gröbner basis and its trace form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from itertools import count, islice, pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from exactsurf.errors import HypothesisError, InputError, InternalError, UnsupportedError
from exactsurf.exact.ldlt import ldlt
from exactsurf.exact.linear_algebra import from_flint
from exactsurf.exact.number import Exact, exact
from exactsurf.model.network import Network
from exactsurf.model.problem import Problem
from exactsurf.theorems.constructions.linear_network import linear_without_biases

if TYPE_CHECKING:
    from flint import fmpq_mat

Monomial: TypeAlias = tuple[int, ...]
MAX_WEIGHTS = 6
"""Most weights of a network whose critical points are counted unless told otherwise."""


@dataclass(frozen=True)
class CriticalCount:
    """The number of critical points: `complex_points`, `real_points`, and `with_multiplicity`, the dimension of the algebra.

    All are nondegenerate if and only if `complex_points` = `with_multiplicity`.
    Exactness: exact. That there are not fewer is checked by matrices that satisfy all equations; that there are not more rests
    on SymPy's Gröbner basis. Source: Hermite's trace form; papers.md, B (Bharadwaj and Hoşten).
    """

    complex_points: int
    real_points: int
    with_multiplicity: int


def generic_regulariser(network: Network) -> tuple[Fraction, ...]:
    """The prime numbers 2, 3, 5, … as factors, one for every weight, layer after layer and row after row.

    Exactness: exact. Raises: nothing. Source: none; whether they are generic for given data shows in the count.

    >>> import exactsurf as es
    >>> [int(value) for value in generic_regulariser(es.Network([1, 2, 1], es.linear, biases=False))]
    [2, 3, 5, 7]
    """
    size = sum(a * b for a, b in pairwise(network.widths))
    primes = (n for n in count(2) if all(n % k for k in range(2, n)))
    return tuple(Fraction(p) for p in islice(primes, size))


def count_critical_points(
    problem: Problem, regulariser: Sequence[Exact] | None = None, *, max_weights: int = MAX_WEIGHTS
) -> CriticalCount:
    """Count the critical points of risk + ½ Σ λ_w w², over all weights w of a deep linear network.

    Parameters: `problem`, a deep linear network without biases, squared loss; `regulariser`, the factors λ in the order of
    `generic_regulariser`, which is the default; `max_weights`, the largest number of weights that is tried.
    Returns: a `CriticalCount`. Exactness: exact, see `CriticalCount`.
    Raises: `HypothesisError` if there are infinitely many, `UnsupportedError` for other problems and larger networks,
    `InputError` for a regulariser of another length. Source: Mehta et al. 2021; Bharadwaj and Hoşten 2023; papers.md, B.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1], es.linear, biases=False), es.Data.from_arrays([1], [20]))
    >>> count_critical_points(problem)
    CriticalCount(complex_points=5, real_points=3, with_multiplicity=5)
    """
    size = _weights(problem)
    if size > max_weights:
        raise UnsupportedError(
            f"{size} weights, more than {max_weights}",
            "raise max_weights, and the basis may take very long, or ask critical_points_by_msolve",
        )
    found = count_solutions(*critical_equations(problem, regulariser))
    if found is None:
        raise HypothesisError("isolated critical points", "there are infinitely many", "regularise every weight")
    return found


def count_solutions(names: Sequence[Any], equations: Sequence[Any]) -> CriticalCount | None:
    """How many complex and real solutions polynomial equations have; None if there are infinitely many.

    Parameters: `names`, the unknowns as symbols of SymPy; `equations`, expressions with rational coefficients that are 0.
    Exactness: see `CriticalCount`. Raises: nothing. Source: Hermite's trace form.

    >>> import sympy
    >>> x, y = sympy.symbols("x y")
    >>> count_solutions([x, y], [x**2 - 2, y**2 + 1]), count_solutions([x, y], [x * y])
    (CriticalCount(complex_points=4, real_points=0, with_multiplicity=4), None)
    """
    sympy, size = import_module("sympy"), len(names)
    basis = sympy.groebner(equations, *names, order="grevlex", domain="QQ")
    if basis.exprs == [1]:
        return CriticalCount(0, 0, 0)
    if not basis.is_zero_dimensional:
        return None
    algebra = _Algebra([poly.terms(order="grevlex") for poly in basis.polys], size)
    algebra.check([sympy.Poly(equation, *names, domain="QQ").terms() for equation in equations])
    inertia = ldlt(algebra.trace_form()).inertia
    return CriticalCount(inertia[0] + inertia[1], inertia[0] - inertia[1], len(algebra.monomials))


def critical_equations(problem: Problem, regulariser: Sequence[Exact] | None = None) -> tuple[list[Any], list[Any]]:
    """SymPy's symbols for all weights, and the derivatives of risk + ½ Σ λ_w w² by them.

    Parameters: as `count_critical_points`. Exactness: exact. Raises: `UnsupportedError`, `InputError` as there.
    Source: papers.md, B.
    """
    size = _weights(problem)
    factors = generic_regulariser(problem.network) if regulariser is None else [exact(v, "regulariser") for v in regulariser]
    if len(factors) != size:
        raise InputError(f"the regulariser has {len(factors)} factors, the network {size} weights")
    return _equations(problem, factors)


def _weights(problem: Problem) -> int:
    """How many weights a deep linear network has."""
    holds, witness, _ = linear_without_biases(problem)
    if not holds or not problem.is_least_squares:
        raise UnsupportedError(f"critical points are counted for deep linear networks with squared loss ({witness})")
    return sum(a * b for a, b in pairwise(problem.network.widths))


def _equations(problem: Problem, factors: Sequence[Fraction]) -> tuple[list[Any], list[Any]]:
    sympy = import_module("sympy")

    def number(value: Fraction) -> Any:
        return sympy.Rational(value.numerator, value.denominator)

    widths = problem.network.widths
    names = list(sympy.symbols(f"w:{len(factors)}"))
    product, place = sympy.eye(widths[0]), 0
    for below, above in pairwise(widths):
        product = sympy.Matrix(above, below, names[place : place + above * below]) * product
        place += above * below
    scale, data = number(problem.common_scale), problem.data
    risk = sum((number(f) * w**2 / 2 for f, w in zip(factors, names, strict=True)), sympy.Integer(0))
    for x, y in zip(data.x, data.y, strict=True):
        misfit = product * sympy.Matrix([number(v) for v in x]) - sympy.Matrix([number(v) for v in y])
        risk += scale * misfit.dot(misfit)
    return names, [sympy.expand(sympy.diff(risk, name)) for name in names]


class _Algebra:
    """ℚ[w]/I on its monomial basis: the multiplications by the variables as matrices."""

    def __init__(self, basis: Sequence[Sequence[tuple[Monomial, Any]]], size: int) -> None:
        from flint import fmpq, fmpq_mat

        rules: dict[Monomial, Mapping[Monomial, Any]] = {}
        for terms in basis:
            (lead, top), *rest = [(tuple(map(int, exponents)), _rational(c)) for exponents, c in terms]
            rules[lead] = {exponents: -c / top for exponents, c in rest}
        self.monomials = _standard(list(rules), size)
        index = {monomial: k for k, monomial in enumerate(self.monomials)}
        known: dict[Monomial, dict[int, Any]] = {monomial: {k: fmpq(1)} for monomial, k in index.items()}

        def normal(monomial: Monomial) -> dict[int, Any]:
            """The coordinates of a monomial: a factor of it is on the border or leads a rule, and smaller ones follow."""
            found = known.get(monomial)
            if found is None:
                lead = next(lead for lead in rules if all(a <= b for a, b in zip(lead, monomial, strict=True)))
                found = {}
                for exponents, value in rules[lead].items():
                    shifted = tuple(m - a + b for m, a, b in zip(monomial, lead, exponents, strict=True))
                    for k, other in normal(shifted).items():
                        found[k] = found.get(k, fmpq(0)) + value * other
                known[monomial] = found
            return found

        self.multiplications: list[fmpq_mat] = []
        for variable in range(size):
            table = fmpq_mat(len(index), len(index))
            for column, monomial in enumerate(self.monomials):
                image = normal(tuple(e + (p == variable) for p, e in enumerate(monomial)))
                for row, value in image.items():
                    table[row, column] = value
            self.multiplications.append(table)

    def check(self, equations: Sequence[Sequence[tuple[Monomial, Any]]]) -> None:
        """That the matrices commute and satisfy all equations: then the algebra is not smaller than its monomial basis."""
        for k, first in enumerate(self.multiplications):
            for second in self.multiplications[:k]:
                if first * second != second * first:
                    raise InternalError("multiplications of a Gröbner basis do not commute")
        for terms in equations:
            total = 0 * self.power((0,) * len(self.multiplications))
            for exponents, value in terms:
                total += _rational(value) * self.power(tuple(map(int, exponents)))
            if any(total.entries()):
                raise InternalError("multiplications of a Gröbner basis do not satisfy the equations")

    def power(self, exponents: Monomial) -> fmpq_mat:
        """The multiplication by a monomial."""
        from flint import fmpq_mat

        size = len(self.monomials)
        total = fmpq_mat(size, size, [int(i == j) for i in range(size) for j in range(size)])
        for matrix, exponent in zip(self.multiplications, exponents, strict=True):
            for _ in range(exponent):
                total = total * matrix
        return total

    def trace_form(self) -> tuple[tuple[Fraction, ...], ...]:
        """tr(multiplication by ab) for a, b of the basis: its rank counts complex points, its signature real ones."""
        from flint import fmpq_mat

        powers = [self.power(monomial) for monomial in self.monomials]
        size = len(powers)
        traces = [sum((power[k, k] for k in range(size)), 0 * power[0, 0]) for power in powers]
        # The first column of a power holds the coordinates of the monomial's products.
        columns = fmpq_mat(size, 1, traces).transpose()
        rows = [(columns * power).entries() for power in powers]
        return from_flint(fmpq_mat(size, size, [value for row in rows for value in row]))


def _standard(leads: Sequence[Monomial], size: int) -> list[Monomial]:
    """The monomials that no leading monomial divides, by degree; 1 comes first."""
    found: list[Monomial] = []
    level = [(0,) * size]
    while level:
        kept = [m for m in level if not any(all(a <= b for a, b in zip(lead, m, strict=True)) for lead in leads)]
        found += kept
        level = sorted({tuple(e + (p == k) for p, e in enumerate(m)) for m in kept for k in range(size)})
    return found


def _rational(value: Any) -> Any:
    from flint import fmpq

    return fmpq(int(value.p), int(value.q))
