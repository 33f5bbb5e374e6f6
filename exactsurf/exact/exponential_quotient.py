"""Quotients of sums of e^q, q rational: which rational combinations of such numbers are 0 is decided (Lindemann, Weierstrass)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from random import Random

from exactsurf.exact.exponential_sum import ONE, Atom

Sum = Mapping[Fraction, Fraction]
"""Coefficients by exponent, none of them 0."""

MAX_TERMS = 2_000
"""Most terms of a sum for which quotients are compared."""
MAX_ATOMS = 150
"""Most numbers between which relations are looked for."""
_PRIME = (1 << 61) - 1
_EXTRA = 4


@dataclass(frozen=True)
class ExponentialQuotient:
    """A sum of rational multiples of e^q over another one that is not 0.

    Attributes: `numerator` and `denominator`, coefficients by exponent. Exactness: exact; it is 0 exactly if the numerator has no
    term, because e^q for different q are linearly independent over the rational numbers. Raises: nothing.
    Source: Lindemann and Weierstrass; proofs/claims/analytic_point.md.

    >>> one = ExponentialQuotient({Fraction(0): Fraction(1)}, {Fraction(0): Fraction(1), Fraction(1): Fraction(1)})
    >>> other = ExponentialQuotient({Fraction(1): Fraction(1)}, {Fraction(0): Fraction(1), Fraction(1): Fraction(1)})
    >>> one.plus(other, Fraction(1)).numerator == one.plus(other, Fraction(1)).denominator
    True
    """

    numerator: Sum
    denominator: Sum

    def plus(self, other: ExponentialQuotient, factor: Fraction) -> ExponentialQuotient:
        """self + factor·other; `OverflowError` where a sum has too many terms."""
        if self.denominator == other.denominator:
            return ExponentialQuotient(_plus(self.numerator, other.numerator, factor), self.denominator)
        first, second = _times(self.numerator, other.denominator), _times(other.numerator, self.denominator)
        return ExponentialQuotient(_plus(first, second, factor), _times(self.denominator, other.denominator))

    def times(self, other: ExponentialQuotient) -> ExponentialQuotient:
        """The product; `OverflowError` where a sum has too many terms."""
        return ExponentialQuotient(_times(self.numerator, other.numerator), _times(self.denominator, other.denominator))

    def over(self, other: ExponentialQuotient) -> ExponentialQuotient | None:
        """The quotient; None for a divisor 0; `OverflowError` where a sum has too many terms."""
        return self.times(ExponentialQuotient(other.denominator, other.numerator)) if other.numerator else None


def whole(terms: Sum) -> ExponentialQuotient:
    """A sum as a quotient. Exactness: exact. Raises: nothing. Source: none needed."""
    return ExponentialQuotient({q: c for q, c in terms.items() if c}, {Fraction(0): Fraction(1)})


def number_quotient(value: Fraction) -> ExponentialQuotient:
    """A rational number. Exactness: exact. Raises: nothing. Source: none needed."""
    return whole({Fraction(0): value})


def sigmoid_quotient(q: Fraction) -> ExponentialQuotient:
    """e^q/(1 + e^q). Exactness: exact. Raises: nothing. Source: none needed."""
    if not q:
        return number_quotient(Fraction(1, 2))
    return ExponentialQuotient({q: Fraction(1)}, {Fraction(0): Fraction(1), q: Fraction(1)})


def of_atom(atom: Atom) -> ExponentialQuotient | None:
    """An atom of an `ExponentialSum`; None for one that stands for another number. Exactness: exact. Raises: `OverflowError`.

    Source: proofs/FORMAT.md, section 23.

    >>> of_atom((1, Fraction(1), 2)).denominator
    {Fraction(0, 1): Fraction(1, 1), Fraction(1, 1): Fraction(2, 1), Fraction(2, 1): Fraction(1, 1)}
    """
    match atom:
        case ():
            return number_quotient(Fraction(1))
        case (0, q):
            return whole({q: Fraction(1)})
        case (1, q, n):
            found = sigmoid_quotient(q)
            for _ in range(n - 1):
                found = found.times(sigmoid_quotient(q))
            return found
        case (2, leads, lead):
            total: dict[Fraction, Fraction] = {}
            for value in leads:
                total[value] = total.get(value, Fraction(0)) + 1
            return ExponentialQuotient({lead: Fraction(1)}, total)
    return None


@dataclass(frozen=True)
class Relation:
    """atom = constant + Σ coefficient·other atom: an identity of real numbers."""

    atom: Atom
    constant: Fraction
    terms: tuple[tuple[Atom, Fraction], ...]


@dataclass(frozen=True)
class Relations:
    """The atoms that are combinations of others, and how many may be for all that is known."""

    found: tuple[Relation, ...] = ()
    left_open: int = 0


def relations_between(quotients: Mapping[Atom, ExponentialQuotient]) -> Relations:
    """All relations between 1 and numbers that are quotients: each as a combination of 1 and of earlier ones that are free.

    Values at random arguments modulo a prime propose them: numbers that are independent there are independent. Then each is
    checked as an identity of sums of e^q, which may need too many terms; those are counted.

    Parameters: `quotients`, by atom, in the order of the atoms. Exactness: exact. Raises: nothing.
    Source: theory.md; proofs/claims/analytic_point.md.

    >>> leads = (Fraction(0), Fraction(-1), Fraction(-2), Fraction(-3))
    >>> atoms = [(1, Fraction(2), 1), (2, leads, Fraction(-3)), (2, leads, Fraction(-2)), (2, leads, Fraction(-1))]
    >>> relations_between({atom: of_atom(atom) for atom in atoms}).found[0].terms[0]
    ((1, Fraction(2, 1), 1), Fraction(-1, 1))
    """
    atoms = list(quotients)
    if len(atoms) > MAX_ATOMS:
        return Relations((), len(atoms))
    columns = _columns([quotients[atom] for atom in atoms])
    if columns is None:
        return Relations((), len(atoms))
    free: list[int] = []
    found, left_open = [], 0
    for k, combination in _dependent(columns, free):
        coefficients = [_rational(value) for value in combination]
        relation = None if None in coefficients else _checked(atoms, quotients, free, k, coefficients)
        if relation is None:
            left_open += 1
        else:
            found.append(relation)
    return Relations(tuple(found), left_open)


def _checked(
    atoms: Sequence[Atom],
    quotients: Mapping[Atom, ExponentialQuotient],
    free: Sequence[int],
    k: int,
    coefficients: Sequence[Fraction | None],
) -> Relation | None:
    constant, *rest = (Fraction(value or 0) for value in coefficients)
    terms = tuple((atoms[j], value) for j, value in zip(free, rest, strict=False) if value)
    try:
        total = quotients[atoms[k]].plus(number_quotient(Fraction(1)), -constant)
        for atom, value in terms:
            total = total.plus(quotients[atom], -value)
    except OverflowError:
        return None
    return None if total.numerator else Relation(atoms[k], constant, terms)


def _columns(quotients: Sequence[ExponentialQuotient]) -> list[list[int]] | None:
    """Values of 1 and of the quotients at random arguments t, e^q being t^{Dq}, modulo a prime; None where a divisor is 0."""
    coefficients = [c for one in quotients for part in (one.numerator, one.denominator) for c in part.values()]
    if not all(c.denominator % _PRIME for c in coefficients):
        return None
    common = lcm(*(q.denominator for one in quotients for part in (one.numerator, one.denominator) for q in part))
    random = Random(0)
    points = [random.randrange(2, _PRIME) for _ in range(len(quotients) + 1 + _EXTRA)]

    def value(terms: Sum, t: int) -> int:
        return (
            sum(
                c.numerator * pow(c.denominator, -1, _PRIME) * pow(t, int(q * common) % (_PRIME - 1), _PRIME)
                for q, c in terms.items()
            )
            % _PRIME
        )

    columns = [[1] * len(points)]
    for one in quotients:
        below = [value(one.denominator, t) for t in points]
        if not all(below):
            return None
        columns.append([value(one.numerator, t) * pow(b, -1, _PRIME) % _PRIME for t, b in zip(points, below, strict=True)])
    return columns


def _dependent(columns: Sequence[Sequence[int]], free: list[int]) -> list[tuple[int, list[int]]]:
    """Columns that are combinations of earlier free ones, with the coefficients: of the first, and of those in `free`."""
    basis: list[tuple[int, list[int], list[int]]] = []
    found: list[tuple[int, list[int]]] = []
    for k, column in enumerate(columns):
        rest, used = list(column), [0] * len(basis)
        share = [0] * len(basis)
        for b, (pivot, line, _) in enumerate(basis):
            factor = rest[pivot]
            if factor:
                rest = [(x - factor * y) % _PRIME for x, y in zip(rest, line, strict=True)]
                share[b] = factor
        # The lines are combinations of the free columns: back to these.
        for factor, (_, _, of) in zip(share, basis, strict=True):
            for j, value in enumerate(of):
                used[j] = (used[j] + factor * value) % _PRIME
        place = next((p for p, x in enumerate(rest) if x), None)
        if place is None:
            found.append((k - 1, used))
            continue
        inverse = pow(rest[place], -1, _PRIME)
        mine = [-inverse * value % _PRIME for value in used] + [inverse]
        basis.append((place, [x * inverse % _PRIME for x in rest], mine))
        if k:
            free.append(k - 1)
    return found


def _rational(value: int) -> Fraction | None:
    """The short fraction with this remainder modulo the prime."""
    a, b, x, y = _PRIME, value, 0, 1
    while b * b * 2 > _PRIME:
        quotient = a // b
        a, b, x, y = b, a - quotient * b, y, x - quotient * y
    return Fraction(b, y) if y and y * y * 2 < _PRIME else None


def _plus(first: Sum, second: Sum, factor: Fraction) -> Sum:
    total = dict(first)
    for q, c in second.items():
        total[q] = total.get(q, Fraction(0)) + factor * c
    return _bounded({q: c for q, c in total.items() if c})


def _times(first: Sum, second: Sum) -> Sum:
    if len(first) * len(second) > 20 * MAX_TERMS:
        raise OverflowError("too many exponents")
    total: dict[Fraction, Fraction] = {}
    for p, a in first.items():
        for q, b in second.items():
            total[p + q] = total.get(p + q, Fraction(0)) + a * b
    return _bounded({q: c for q, c in total.items() if c})


def _bounded(terms: Sum) -> Sum:
    if len(terms) > MAX_TERMS:
        raise OverflowError("too many exponents")
    return terms


def without(terms: Sequence[tuple[Atom, Fraction]], relations: Mapping[Atom, Relation]) -> list[tuple[Atom, Fraction]]:
    """The terms of a sum with the relations put in. Exactness: exact. Raises: nothing. Source: none needed.

    >>> relation = Relation((0, Fraction(2)), Fraction(3), (((0, Fraction(1)), Fraction(5)),))
    >>> without([((0, Fraction(2)), Fraction(2))], {(0, Fraction(2)): relation})
    [((), Fraction(6, 1)), ((0, Fraction(1, 1)), Fraction(10, 1))]
    """
    found: list[tuple[Atom, Fraction]] = []
    for atom, factor in terms:
        relation = relations.get(atom)
        if relation is None:
            found.append((atom, factor))
        else:
            found += [(ONE, factor * relation.constant), *((other, factor * value) for other, value in relation.terms)]
    return found
