"""The conditions for a flattest rescaling as polynomial equations in the squares of the factors, and their solution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product as pairs_of

from exactsurf.effort import Effort
from exactsurf.exact.ldlt import ldlt
from exactsurf.exact.linear_algebra import Matrix, Vector, dot
from exactsurf.minima.algebraic.weighted_squares import weighted_squares
from exactsurf.minima.floats.isolated_solution import Equation, isolated_solution, product, total
from exactsurf.minima.local.rescaling import Rescaling
from exactsurf.minima.not_proved import NotProved

_ZERO, _ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class RescalingSolution:
    """Numbers near a solution: `value`; by unit `squares` of factors and their `inverses`; `vectors` z and their `shares`.

    Exactness: none, a proposal. Source: proofs/claims/exact_flattest_rescaling.md.
    """

    value: Fraction
    squares: Vector
    inverses: Vector
    vectors: tuple[Vector, ...]
    shares: Vector


def rescaling_solution(
    hessian: Matrix, rescaling: Rescaling, factors: Vector, near: Matrix | None, bits: int, effort: Effort
) -> RescalingSolution | NotProved:
    """Where the least trace, or the least largest eigenvalue, among rescalings is taken, to many bits.

    Parameters: `hessian`, positive semidefinite, not 0; `rescaling`, its units; `factors`, near the flattest; `near`, vectors of
    the bound from below for the eigenvalue, None for the trace; `bits`; `effort`, its clock running.
    Exactness: none, a proposal. Raises: `OutOfTime`. Source: proofs/claims/exact_flattest_rescaling.md.
    """
    conditions = _Conditions(hessian, rescaling, factors, near)
    found = isolated_solution(conditions.equations(), conditions.start, bits, effort)
    return found if isinstance(found, NotProved) else conditions.told(found)


class _Conditions:
    """The unknowns in one row: squares of factors, their inverses, the value, and Z where H = B D Bᵀ."""

    def __init__(self, hessian: Matrix, rescaling: Rescaling, factors: Vector, near: Matrix | None) -> None:
        self.hessian, self.units, self.near = hessian, len(factors), near
        self.exponents = rescaling.exponents(len(hessian))
        factored = ldlt(hessian)
        kept = [k for k, block in enumerate(factored.blocks) if block[0][0]]
        rows = {p: factored.L[n] for n, p in enumerate(factored.permutation)}
        self.basis = [[rows[p][k] for k in kept] for p in range(len(hessian))]
        self.pivots = [factored.blocks[k][0][0] for k in kept]
        squares = [factor * factor for factor in factors]
        values = [*squares, *(1 / square for square in squares)]
        self.level, self.rank = len(values), len(kept)
        scales = [_scale(row, squares) for row in self.exponents]
        if near is None:
            values.append(sum((h[p] / scales[p] for p, h in enumerate(hessian)), _ZERO))
        else:
            images = [[dot(row, z) for row in hessian] for z in near]
            mass = sum((dot(z, image) for z, image in zip(near, images, strict=True)), _ZERO)
            size = sum((value * value / s for image in images for value, s in zip(image, scales, strict=True)), _ZERO)
            values.append(size / mass)
            # H z = λ B y with y = D Bᵀ z/λ, up to the mass.
            columns = list(zip(*self.basis, strict=True))
            ys = [[d * dot(column, z) for d, column in zip(self.pivots, columns, strict=True)] for z in near]
            whole = sum((y[a] * y[a] / self.pivots[a] for y in ys for a in range(self.rank)), _ZERO)
            for a in range(self.rank):
                values += [sum((y[a] * y[b] for y in ys), _ZERO) / whole for b in range(a + 1)]
        self.start = values

    def _mass(self, parameter: int, factor: Fraction) -> Equation:
        """factor/s_p²."""
        places = [u if e < 0 else self.units + u for u, e in enumerate(self.exponents[parameter]) if e]
        return {tuple(sorted(places)): factor} if factor else {}

    def _density(self, a: int, b: int) -> Equation:
        first, second = max(a, b), min(a, b)
        return {(self.level + 1 + first * (first + 1) // 2 + second,): _ONE}

    def equations(self) -> list[Equation]:
        """All conditions."""
        size, span = len(self.hessian), range(self.rank)
        found: list[Equation] = [{(u, self.units + u): _ONE, (): -_ONE} for u in range(self.units)]
        if self.near is None:
            masses: list[Equation] = [self._mass(p, self.hessian[p][p]) for p in range(size)]
            found.append(total([*masses, {(self.level,): -_ONE}]))
        else:
            masses = []
            for p in range(size):
                own = self.basis[p]
                seen = total([product(self._density(a, b), {(): own[a] * own[b]}) for a, b in pairs_of(span, repeat=2)])
                masses.append(product(seen, self._mass(p, _ONE)))
            gap = [[total([self._gap(a, b)]) for b in span] for a in span]
            for a, b in pairs_of(span, repeat=2):
                found.append(total([product(gap[a][c], self._density(c, b)) for c in span]))
            found.append(total([{(): -_ONE}, *(product(self._density(a, a), {(): 1 / self.pivots[a]}) for a in span)]))
        for u in range(self.units):
            parts = [product(masses[p], {(): Fraction(row[u])}) for p, row in enumerate(self.exponents) if row[u]]
            found.append(total(parts))
        return found

    def _gap(self, a: int, b: int) -> Equation:
        """The entry of λ/D − Bᵀ S⁻² B."""
        parts: list[Equation] = [{(self.level,): 1 / self.pivots[a]}] if a == b else []
        parts += [self._mass(p, -row[a] * row[b]) for p, row in enumerate(self.basis)]
        return total(parts)

    def told(self, values: Vector) -> RescalingSolution:
        """The unknowns by name; z = S⁻² B y."""
        squares, inverses = values[: self.units], values[self.units : self.level]
        vectors: list[Vector] = []
        shares: Vector = ()
        if self.near is not None:
            entries = [[next(iter(self._density(a, b)))[0] for b in range(self.rank)] for a in range(self.rank)]
            ys, shares = weighted_squares([[values[place] for place in row] for row in entries])
            for y in ys:
                image = [dot(row, y) for row in self.basis]
                vectors.append(tuple(value / _scale(row, squares) for value, row in zip(image, self.exponents, strict=True)))
        return RescalingSolution(values[self.level], squares, inverses, tuple(vectors), shares)


def _scale(row: Sequence[int], squares: Sequence[Fraction]) -> Fraction:
    """s_p² from the squares of the factors."""
    found = _ONE
    for exponent, square in zip(row, squares, strict=True):
        if exponent:
            found = found * square if exponent > 0 else found / square
    return found
