"""Polynomials combined with coefficients that are polynomials, too, and whose values at 0 lie strictly within bounds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations_with_replacement
from math import comb, prod
from typing import TYPE_CHECKING

from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.exact.bounded_system import FarkasVector, solve_bounded_system
from exactsurf.exact.linear_algebra import to_fraction
from exactsurf.exact.polynomial_variables import flint_rational
from exactsurf.exact.simplex import Bound

if TYPE_CHECKING:
    from flint import fmpq, fmpq_mpoly

_ZERO, _ONE = Fraction(0), Fraction(1)

MAX_MONOMIALS = 500
"""Most monomials in what is combined."""

MAX_MULTIPLES = 8_000
"""Most products of a generator and a monomial."""


@dataclass(frozen=True)
class Generator:
    """A polynomial, and the bounds of its coefficient; the coefficient may be anything that lies strictly inside at 0."""

    polynomial: fmpq_mpoly
    low: Fraction = _ZERO
    high: Bound = None


class TooLarge(Exception):
    """The degree and the number of variables make too many monomials."""


@dataclass(frozen=True)
class Combination:
    """unit · target + Σ a_k g_k = 0, with unit > 0 at 0."""

    unit: fmpq_mpoly
    coefficients: list[fmpq_mpoly]


def combine(
    target: fmpq_mpoly | None,
    generators: Sequence[Generator],
    degree: int,
    effort: Effort = UNBOUNDED,
    *,
    order: int | None = None,
) -> Combination | None:
    """Polynomials u and a_k with u·target + Σ a_k g_k = 0, or None if none were found.

    Parameters: `target` and at least one of the `generators`; `degree`, the most that a product may have; `order`, the most that
    a_k and u may have, by default anything. With `target` None, some a_k are positive at 0 and the others are 0.
    Returns: u, positive at 0, and a_k such that a_k/u is a constant within the bounds, or lies strictly within them at 0.
    Exactness: exact. The coefficients with these properties form a convex set, so all those that can lie strictly within their
    bounds do so in one solution, and what cannot is dropped until nothing changes: complete for its degree.
    Raises: `TooLarge`, `OutOfTime`. Source: proofs/rules/positive_products.md.

    >>> from exactsurf.exact.polynomial_variables import context
    >>> x, y = context(("x", "y")).gens()
    >>> [str(a) for a in combine(x + x * y, [Generator(-x), Generator(-y)], 2).coefficients]
    ['y + 1', '0']
    >>> found = combine(x, [Generator(-x - x * y)], 2)
    >>> str(found.unit), [str(a) for a in found.coefficients]
    ('y + 1', ['1'])
    >>> combine(x * y, [Generator(-x)], 2) is None
    True
    """
    multiples = _all_multiples(generators, degree, order)
    ends: dict[int, Fraction] = {}
    inside = frozenset(range(len(generators)))
    while True:
        effort.check()
        spanning = [multiple for k in sorted(inside) for multiple in multiples[k]]
        system = _System(target, generators, ends, [*spanning, *_unit_multiples(target, generators, ends, degree, order)], effort)
        values = system.fullest(inside)
        if values is None:
            return None
        strict = frozenset(k for k in inside if system.is_inside(values, k))
        if target is None and not strict:
            return None
        if strict == inside:
            return system.leanest(values, inside)
        ends |= {k: system.value(values, k) for k in inside - strict}
        inside = strict


@dataclass(frozen=True)
class _Multiple:
    """`polynomial` is `monomial` times generator `index`, or, if that is −1, times the target with what stays constant."""

    index: int
    monomial: fmpq_mpoly
    polynomial: fmpq_mpoly


def _all_multiples(generators: Sequence[Generator], degree: int, order: int | None) -> list[list[_Multiple]]:
    """The products of each generator with monomials of positive degree, at most `order`."""
    ring = generators[0].polynomial.context()
    count, rooms = ring.nvars(), [max(degree - generator.polynomial.total_degree(), 0) for generator in generators]
    rooms = [min(room, degree if order is None else order) for room in rooms]
    if sum(comb(count + room, count) - 1 for room in rooms) > MAX_MULTIPLES:
        raise TooLarge
    monomials: list[list[fmpq_mpoly]] = [[ring.constant(1)]]
    for power in range(1, max(rooms) + 1):
        choices = combinations_with_replacement(ring.gens(), power)
        monomials.append([prod(choice, start=ring.constant(1)) for choice in choices])
    found = []
    for k, (generator, room) in enumerate(zip(generators, rooms, strict=True)):
        allowed = [monomial for group in monomials[1 : room + 1] for monomial in group] if generator.polynomial else []
        found.append([_Multiple(k, monomial, monomial * generator.polynomial) for monomial in allowed])
    return found


def _unit_multiples(
    target: fmpq_mpoly | None,
    generators: Sequence[Generator],
    ends: Mapping[int, Fraction],
    degree: int,
    order: int | None,
) -> list[_Multiple]:
    """Monomials times the target, to which the generators are added whose coefficients are always at an end."""
    if target is None:
        return []
    from flint import fmpq

    for k, end in ends.items():
        target = target + fmpq(end.numerator, end.denominator) * generators[k].polynomial
    (multiples,) = _all_multiples([Generator(target)], degree, order) if target else ([],)
    return [_Multiple(-1, multiple.monomial, multiple.polynomial) for multiple in multiples]


class _System:
    """{(a, s) : s·target + Σ a_k g_k in the span of the multiples, s·low ≤ a ≤ s·high, s ≥ 0}, a cone: a = s·low + u, u ≥ 0.

    A point lists for every generator u and, if it has two bounds, s·(high − low) − u, and at the end s, if there is a target.
    """

    def __init__(
        self,
        target: fmpq_mpoly | None,
        generators: Sequence[Generator],
        ends: Mapping[int, Fraction],
        spanning: Sequence[_Multiple],
        effort: Effort,
    ) -> None:
        from flint import fmpq

        self.effort = effort
        self.target, self.generators, self.ends, self.spanning = target, generators, ends, spanning
        polynomials = [generator.polynomial for generator in generators]
        rows = _modulo([*polynomials, *([target] if target is not None else [])], [m.polynomial for m in spanning])
        equations, intervals = len(rows[0]), sum(generator.high is not None for generator in generators)
        self.places: list[tuple[int, ...]] = []
        zero, one = fmpq(0), fmpq(1)
        scale = [*(rows[-1] if target is not None else [zero] * equations), *([zero] * intervals)]
        vectors: list[list[fmpq]] = []
        for generator, row in zip(generators, rows, strict=False):
            if generator.low:
                low = flint_rational(generator.low)
                for e, value in enumerate(row):
                    scale[e] += low * value
            vectors.append([*row, *([zero] * intervals)])
            self.places.append((len(vectors) - 1,))
            if generator.high is not None:
                vectors[-1][equations] = one
                vectors.append([one if e == equations else zero for e in range(len(scale))])
                scale[equations] = flint_rational(generator.low - generator.high)
                self.places[-1] = (len(vectors) - 2, len(vectors) - 1)
                equations += 1
        self.vectors = _independent_equations([*vectors, scale] if target is not None else vectors)

    def is_inside(self, point: Sequence[Fraction], k: int) -> bool:
        """Whether coefficient k lies strictly within its bounds."""
        return all(point[place] for place in self.places[k])

    def value(self, point: Sequence[Fraction], k: int) -> Fraction:
        """Coefficient k at 0."""
        factor = point[-1] if self.target is not None else _ONE
        return self.generators[k].low + point[self.places[k][0]] / factor

    def fullest(self, inside: Collection[int]) -> list[Fraction] | None:
        """A point with as many coefficients of `inside` strictly within their bounds as there can be, s > 0; None if s = 0.

        A Farkas vector against a point with all wished entries ≥ 1 names some that are 0 everywhere.
        """
        wished = {place for k in inside for place in self.places[k]}
        needed = {len(self.vectors) - 1} if self.target is not None else set()
        if not self.vectors[0]:
            return [_ONE if k in wished | needed else _ZERO for k in range(len(self.vectors))]
        # Nearly all systems without points are seen without a linear program.
        forced = self._forced_zeros
        if needed & forced or (self.target is None and len(forced) == len(self.vectors)) or not self._has_points():
            return None
        wished -= forced
        while True:
            lower: list[Bound] = [_ONE if k in wished | needed else _ZERO for k in range(len(self.vectors))]
            answer = solve_bounded_system(self.vectors, [_ZERO] * len(self.vectors[0]), lower, [None] * len(lower), self.effort)
            if not isinstance(answer, FarkasVector):
                return list(answer.values)
            zero = {k for k, v in enumerate(self.vectors) if sum(a * b for a, b in zip(v, answer.values, strict=True) if a and b)}
            if needed & zero:
                return None
            wished -= zero

    @cached_property
    def _forced_zeros(self) -> frozenset[int]:
        """Entries that are 0 in every point, as an equation whose other entries are 0 has coefficients of one sign only."""
        open_ones = set(range(len(self.vectors)))
        rows = [{k: value for k, value in enumerate(row) if value} for row in zip(*self.vectors, strict=True)]
        changes = True
        while changes:
            changes = False
            for row in rows:
                left = row.keys() & open_ones
                if left and len({row[k] > 0 for k in left}) == 1:
                    open_ones -= left
                    changes = True
        return frozenset(range(len(self.vectors))) - open_ones

    def _has_points(self) -> bool:
        """Whether there is a point with s = 1, or, without a target, one other than 0: most searches end with this answer."""
        if self.target is not None:
            lower = [*[_ZERO] * (len(self.vectors) - 1), _ONE]
            vectors, wanted = self.vectors, [_ZERO] * len(self.vectors[0])
        else:
            lower = [_ZERO] * len(self.vectors)
            vectors, wanted = [[*vector, _ONE] for vector in self.vectors], [*[_ZERO] * len(self.vectors[0]), _ONE]
        return not isinstance(solve_bounded_system(vectors, wanted, lower, [None] * len(lower), self.effort), FarkasVector)

    def leanest(self, full: Sequence[Fraction], inside: frozenset[int]) -> Combination:
        """The coefficients with all their terms, of a solution that uses few of the generators."""
        intervals = {k for k in inside if self.generators[k].high is not None}
        wished: set[int] = set()
        while True:
            point = self.fullest(wished) if self.target is not None else full
            assert point is not None
            found, used = self._coefficients(point)
            # Where the unit is no constant, a constant at an end of an interval would leave it.
            missing = {k for k in used - {-1} | (intervals if -1 in used else set()) if not self.is_inside(point, k)}
            if not missing:
                return found
            wished |= missing

    def _coefficients(self, point: Sequence[Fraction]) -> tuple[Combination, set[int]]:
        """The coefficients at a point, and of which of them (−1 for the unit) more than the constant terms are needed."""
        from flint import fmpq

        ring = self.generators[0].polynomial.context()
        unit, rest = ring.constant(1), self.target if self.target is not None else ring.constant(0)
        found = []
        for k, generator in enumerate(self.generators):
            value = self.value(point, k)
            found.append(ring.constant(fmpq(value.numerator, value.denominator)))
            rest = rest + found[-1] * generator.polynomial
        used = set()
        for multiple, share in zip(self.spanning, _expressed(rest, [m.polynomial for m in self.spanning]), strict=True):
            if not share:
                continue
            used.add(multiple.index)
            if multiple.index >= 0:
                found[multiple.index] = found[multiple.index] - share * multiple.monomial
                continue
            unit = unit - share * multiple.monomial
            for k, end in self.ends.items():
                found[k] = found[k] - share * fmpq(end.numerator, end.denominator) * multiple.monomial
        return Combination(unit, found), used


def _independent_equations(vectors: list[list[fmpq]]) -> list[list[Fraction]]:
    """The coordinates of the vectors without those that depend on others: as many combinations as the rank."""
    from flint import fmpq_mat

    size, count = len(vectors[0]), len(vectors)
    if not size:
        return [[] for _ in vectors]
    reduced, rank = fmpq_mat(size, count, [entry for row in zip(*vectors, strict=True) for entry in row]).rref()
    entries = [to_fraction(entry) if entry else _ZERO for entry in reduced.entries()[: rank * count]]
    return [entries[k::count] for k in range(count)]


def _modulo(polynomials: Sequence[fmpq_mpoly], spanning: Sequence[fmpq_mpoly]) -> list[list[fmpq]]:
    """The polynomials as vectors modulo the span of others."""
    from flint import fmpq, fmpq_mat

    terms, spanned = [p.to_dict() for p in polynomials], [p.to_dict() for p in spanning]
    names = {name: k for k, name in enumerate(sorted({name for entries in (*terms, *spanned) for name in entries}))}
    if len(names) > MAX_MONOMIALS:
        raise TooLarge
    width, zero = len(names), fmpq(0)
    table = [zero] * (len(spanned) * width)
    for k, entries in enumerate(spanned):
        for name, value in entries.items():
            table[k * width + names[name]] = value
    reduced, rank = fmpq_mat(len(spanned), width, table).rref() if table else (fmpq_mat(0, 0), 0)
    flat = reduced.entries()
    tails, places = list[dict[int, fmpq]](), dict[int, int]()
    for k in range(rank):
        tails.append({p: value for p, value in enumerate(flat[k * width : (k + 1) * width]) if value})
        pivot = min(tails[-1])
        del tails[-1][pivot]
        places[pivot] = k
    others = [p for p in range(width) if p not in places]
    found = []
    for entries in terms:
        rest: dict[int, fmpq] = {}
        for name, value in entries.items():
            p = names[name]
            if p in places:
                for q, factor in tails[places[p]].items():
                    rest[q] = rest.get(q, 0) - value * factor
            else:
                rest[p] = rest.get(p, 0) + value
        found.append([rest.get(p, zero) for p in others])
    return found


def _expressed(polynomial: fmpq_mpoly, spanning: Sequence[fmpq_mpoly]) -> list[fmpq]:
    """Factors with Σ factor·spanning = polynomial, which has to be in the span."""
    from flint import fmpq, fmpq_mat

    factors = [fmpq(0)] * len(spanning)
    wanted, spanned = polynomial.to_dict(), [p.to_dict() for p in spanning]
    if not wanted:
        return factors
    names = sorted({name for entries in (wanted, *spanned) for name in entries})
    columns = [*spanned, wanted]
    table = fmpq_mat(len(names), len(columns), [entries.get(name, fmpq(0)) for name in names for entries in columns])
    reduced, rank = table.rref()
    for k in range(rank):
        pivot = next(p for p in range(len(columns)) if reduced[k, p])
        factors[pivot] = reduced[k, len(spanned)]
    return factors
