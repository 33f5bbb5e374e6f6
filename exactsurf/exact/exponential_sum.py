"""Numbers made of e^q and 1/(1 + e^−q), q rational: exact sums of rational multiples, with decided equality and signs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from exactsurf.errors import UnsupportedError
from exactsurf.exact.balls import Ball, from_arb, to_arb, working_precision

if TYPE_CHECKING:
    from flint import arb

Atom: TypeAlias = tuple[Any, ...]
"""What a sum has multiples of: () is 1, (0, q) is e^q, (1, q, k) is σ(q)^k with q > 0, (2, leads, v) is e^v/Σ e^lead with leads
that fall from 0, v one of them that is not 0. Others may stand for numbers that are only enclosed: (3, …)."""

ONE: Atom = ()
MAX_SHIFT = 64
_MOST_BITS = 1 << 14
_FIRST_BITS = 64


@dataclass(frozen=True)
class ExponentialSum:
    """Σ c·a over atoms a, with coefficients that are not 0, in the order of the atoms.

    The numbers 1, e^q, σ(q)^k are linearly independent over the rational numbers, so such a sum is 0 only if it has no terms.
    Build with `number`, `exponential`, `sigmoid`, `softmax`. Exactness: exact. Raises: nothing.
    Source: proofs/losses.md, lemmas 1 and 2 (Lindemann and Weierstrass).

    >>> (sigmoid(Fraction(2)) + sigmoid(Fraction(-2))).rational
    Fraction(1, 1)
    >>> (exponential(Fraction(1, 2)) * exponential(Fraction(-1, 2))).rational
    Fraction(1, 1)
    """

    terms: tuple[tuple[Atom, Fraction], ...] = ()

    @cached_property
    def coefficients(self) -> dict[Atom, Fraction]:
        """The coefficients by atom."""
        return dict(self.terms)

    @property
    def rational(self) -> Fraction | None:
        """The number itself if it is rational, as far as its terms tell; else None."""
        if not self.terms:
            return Fraction(0)
        return self.terms[0][1] if len(self.terms) == 1 and self.terms[0][0] == ONE else None

    @property
    def atoms(self) -> tuple[Atom, ...]:
        """The atoms but for 1."""
        return tuple(atom for atom, _ in self.terms if atom != ONE)

    def __add__(self, other: ExponentialSum) -> ExponentialSum:
        return collected([*self.terms, *other.terms])

    def __sub__(self, other: ExponentialSum) -> ExponentialSum:
        return self + other.times(Fraction(-1))

    def times(self, factor: Fraction) -> ExponentialSum:
        """A rational multiple."""
        return ExponentialSum(tuple((atom, factor * value) for atom, value in self.terms)) if factor else ExponentialSum()

    def __mul__(self, other: ExponentialSum) -> ExponentialSum | None:
        """The product, or None where it is no such sum by the rules of proofs/FORMAT.md, section 15."""
        found: list[tuple[Atom, Fraction]] = []
        for a, x in self.terms:
            for b, y in other.terms:
                part = _product(a, b)
                if part is None:
                    return None
                found += part.times(x * y).terms
        return collected(found)

    def over(self, other: ExponentialSum) -> ExponentialSum | None:
        """The quotient by a number, by a multiple of e^q, or of e^p + e^q; None for others, and where it is no such sum.

        >>> q = Fraction(3)
        >>> difference, total = exponential(q) - exponential(-q), exponential(q) + exponential(-q)
        >>> difference.over(total) == sigmoid(2 * q).times(Fraction(2)) - number(1)
        True
        """
        if other.rational is not None:
            return self.times(1 / other.rational) if other.rational else None
        if any(atom != ONE and atom[0] != 0 for atom, _ in other.terms):
            return None
        exponents = [_exponent(atom) for atom, _ in other.terms]
        factors = {value for _, value in other.terms}
        if len(exponents) > 2 or len(factors) > 1:
            return None
        largest, share = max(exponents), ExponentialSum(((ONE, 1 / factors.pop()),))
        inverse = exponential(-largest)
        if len(exponents) == 1:
            return _chain(self, inverse, share)
        tail = sigmoid(largest - min(exponents))
        return _chain(self, inverse * tail, share) or _chain(self, inverse, tail, share)

    def ball(self, bits: int, others: Callable[[Atom, int], Ball] | None = None) -> Ball:
        """An enclosure at a working precision; `others` encloses atoms that are none of these."""
        found = from_arb(self._arb(bits, others))
        if found is None:
            raise UnsupportedError("a sum of exponentials is beyond all bounds of ball arithmetic", "use smaller numbers")
        return found

    def _arb(self, bits: int, others: Callable[[Atom, int], Ball] | None) -> arb:
        with working_precision(bits):
            total = to_arb(Fraction(0))
            for atom, value in self.terms:
                total += to_arb(value) * (
                    to_arb(others(atom, bits)) if others is not None and atom and atom[0] == 3 else _arb(atom)
                )
            return total

    def sign(self, others: Callable[[Atom, int], Ball] | None = None) -> int | None:
        """The sign: 0 if there is no term, else by balls of rising precision; None where 16,384 bits do not tell.

        >>> from fractions import Fraction
        >>> (exponential(Fraction(1)) - number(Fraction(2718281828459045, 10**15))).sign()
        1
        """
        if not self.terms:
            return 0
        bits = _FIRST_BITS
        while bits <= _MOST_BITS:
            # FLINT's own comparison, because a sum may be too near to 0 for the numbers of a `Ball`.
            total = self._arb(bits, others)
            if total > 0 or total < 0:
                return 1 if total > 0 else -1
            bits *= 2
        return None


def collected(terms: Iterable[tuple[Atom, Fraction]]) -> ExponentialSum:
    """The sum of these terms.

    Parameters: `terms`, atoms with coefficients, in any order. Exactness: exact. Raises: nothing. Source: none needed.

    >>> from fractions import Fraction
    >>> collected([((0, Fraction(1)), Fraction(2)), ((0, Fraction(1)), Fraction(-2))])
    ExponentialSum(terms=())
    """
    found: dict[Atom, Fraction] = {}
    for atom, value in terms:
        found[atom] = found.get(atom, Fraction(0)) + value
    return ExponentialSum(tuple((atom, found[atom]) for atom in sorted(found) if found[atom]))


def number(value: Fraction | int) -> ExponentialSum:
    """A rational number. Exactness: exact. Raises: nothing. Source: none needed."""
    return ExponentialSum(((ONE, Fraction(value)),)) if value else ExponentialSum()


def exponential(q: Fraction) -> ExponentialSum:
    """e^q. Exactness: exact. Raises: nothing. Source: none needed."""
    return ExponentialSum((((0, q), Fraction(1)),)) if q else number(1)


def sigmoid(q: Fraction) -> ExponentialSum:
    """1/(1 + e^−q), with σ(0) = ½ and σ(−q) = 1 − σ(q). Exactness: exact. Raises: nothing. Source: none needed."""
    if not q:
        return number(Fraction(1, 2))
    positive = ExponentialSum((((1, abs(q), 1), Fraction(1)),))
    return positive if q > 0 else number(1) - positive


def softmax(values: Sequence[Fraction]) -> tuple[ExponentialSum, ...]:
    """e^{f_k}/Σ_l e^{f_l} for every k; their sum is 1, exactly.

    Parameters: `values`, the f_k. Exactness: exact; two different values make sigmoids if they occur equally often.
    Raises: nothing. Source: none needed.

    >>> p = softmax([Fraction(1), Fraction(3), Fraction(1)])
    >>> p[0] == p[2], (p[0] + p[1] + p[2]).rational
    (True, Fraction(1, 1))
    """
    top = max(values)
    leads = tuple(sorted((f - top for f in values), reverse=True))
    counts = {lead: leads.count(lead) for lead in leads}
    found: dict[Fraction, ExponentialSum] = {}
    for lead, count in counts.items():
        if lead and len(counts) == 2 and count == counts[Fraction(0)]:
            found[lead] = sigmoid(lead).times(Fraction(1, count))
        elif lead:
            found[lead] = ExponentialSum((((2, leads, lead), Fraction(1)),))
    rest = number(1)
    for lead, value in found.items():
        rest -= value.times(Fraction(counts[lead]))
    found[Fraction(0)] = rest.times(Fraction(1, counts[Fraction(0)]))
    return tuple(found[f - top] for f in values)


def _exponent(atom: Atom) -> Fraction:
    return Fraction(0) if atom == ONE else Fraction(atom[1])


def _chain(first: ExponentialSum, *others: ExponentialSum | None) -> ExponentialSum | None:
    found: ExponentialSum | None = first
    for other in others:
        found = None if found is None or other is None else found * other
    return found


def _product(a: Atom, b: Atom) -> ExponentialSum | None:
    if a == ONE or b == ONE:
        return ExponentialSum(((a or b, Fraction(1)),))
    a, b = sorted((a, b))
    match a, b:
        case (0, p), (0, q):
            return exponential(p + q)
        case (1, p, j), (1, q, k) if p == q:
            return ExponentialSum((((1, p, j + k), Fraction(1)),))
        case (0, p), (1, q, 1) if (p / q).denominator == 1 and abs(p / q) <= MAX_SHIFT:
            return _shifted(q, int(p / q))
    return None


def _shifted(q: Fraction, n: int) -> ExponentialSum:
    """e^{nq} σ(q) for q > 0: σ(q) − 1 + e^{−q}·… downwards, e^q − σ(q) upwards, in closed form."""
    sign = Fraction(-1 if n % 2 else 1)
    found = sigmoid(q).times(sign)
    if n > 0:
        for m in range(1, n + 1):
            found += exponential(m * q).times(Fraction(-1 if (n - m) % 2 else 1))
    else:
        for m in range(-n):
            found += exponential(-m * q).times(Fraction(1 if (-n - 1 - m) % 2 == 0 else -1))
    return found


def _arb(atom: Atom) -> arb:
    match atom:
        case ():
            return to_arb(Fraction(1))
        case (0, q):
            return to_arb(q).exp()
        case (1, q, k):
            value = 1 / (1 + to_arb(-q).exp())
            return value**k if k != 1 else value
        case _:
            total = to_arb(Fraction(0))
            for lead in atom[1]:
                total += to_arb(lead).exp()
            return to_arb(atom[2]).exp() / total
