"""The conditions for a flattest minimiser as polynomial equations: primal, dual, and what is between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product as pairs_of

from exactsurf.effort import Effort
from exactsurf.errors import SingularMatrixError
from exactsurf.exact.linear_algebra import Vector, dot, least_squares
from exactsurf.minima.floats.flattest_fibre import flattest_near
from exactsurf.minima.floats.isolated_solution import Equation, isolated_solution, product, total
from exactsurf.minima.local.fibre import Fibre
from exactsurf.minima.not_proved import NotProved

_NEAR, _ZERO, _ONE = 160, Fraction(0), Fraction(1)
_TINY = Fraction(1, 1 << 44)


@dataclass(frozen=True)
class FlattestSolution:
    """Numbers near a solution of the conditions, by unit and by sample: see proofs/claims/exact_flattest_minimiser.md.

    `value`; `products` p_j and `bias` (one entry or none); `squares` s_j; `lines` y_j; `multipliers` μ_i; `prices` ν_ij;
    `density`, the entries of Z by pairs of curved samples, empty for the trace. Exactness: none, a proposal.
    """

    value: Fraction
    products: tuple[Vector, ...]
    bias: Vector
    squares: Vector
    lines: tuple[Vector, ...]
    multipliers: Vector
    prices: tuple[Vector, ...]
    density: tuple[Vector, ...]


def flattest_solution(fibre: Fibre, by_trace: bool, bits: int, effort: Effort) -> FlattestSolution | NotProved:
    """Where the least trace, or the least largest eigenvalue, is taken, and what bounds it from below, to many bits.

    Parameters: `fibre`; `by_trace`, which of the two; `bits`; `effort`, its clock running. Exactness: none, a proposal.
    Raises: `OutOfTime`. Source: proofs/claims/exact_flattest_minimiser.md.
    """
    conditions = _Conditions(fibre, by_trace, effort)
    found = isolated_solution(conditions.equations(), conditions.start, bits, effort)
    return found if isinstance(found, NotProved) else conditions.told(found)


class _Conditions:
    """The unknowns in one row: products, output bias, squares, value, Z, lines, multipliers, prices."""

    def __init__(self, fibre: Fibre, by_trace: bool, effort: Effort) -> None:
        self.fibre, self.by_trace = fibre, by_trace
        near = flattest_near(fibre.form, by_trace, _NEAR, effort)
        density = fibre.curvatures if by_trace else near.density
        forms = fibre.unit_forms(density)
        try:
            multipliers, prices = fibre.multipliers(near, forms, 3 * _NEAR)
        except (SingularMatrixError, ZeroDivisionError):
            multipliers, prices = (_ZERO,) * len(fibre.rows), near.prices
        mass = _ONE if by_trace else fibre.mass(density)
        value = (fibre.constant(density) + dot(multipliers, fibre.predictions)) / mass
        self.units, self.samples, self.size = len(fibre.slopes), len(fibre.rows), len(fibre.rows[0])
        place = fibre.beyond_unseen_walls(near.moves)
        scale = max([_ONE, *map(abs, place)])
        usual = max(v * v for v in fibre.outputs)
        self.alive = [square > usual * _TINY for square in near.squares]
        slack = {(j, i): self._side(place, j, i) for j, i in fibre.walls}
        self.active = [wall for wall in fibre.walls if slack[wall] < scale * _TINY]
        of_wall = dict(zip(fibre.walls, prices, strict=True))
        lines = fibre.lines(multipliers, prices)
        values: list[Fraction] = list(place)
        self.first_square = len(values)
        values += [square if alive else _ZERO for square, alive in zip(near.squares, self.alive, strict=True)]
        self.level = len(values)
        values.append(value)
        n = len(fibre.curved)
        self.density_place: dict[tuple[int, int], int] = {}
        if not by_trace:
            for a in range(n):
                for b in range(a + 1):
                    self.density_place[a, b] = self.density_place[b, a] = len(values)
                    values.append(density[a][b] / mass)
        self.first_line = len(values)
        for j, (line, form) in enumerate(zip(lines, forms, strict=True)):
            own = place[j * self.size : (j + 1) * self.size]
            values += [2 * p / near.squares[j] for p in own] if self.alive[j] else least_squares(form, line)
        self.first_multiplier = len(values)
        values += [m / mass for m in multipliers]
        # What the conditions leave open are prices: they come last, and are held where they are positive.
        self.price_place: dict[tuple[int, int], int] = {}
        for wall in self.active:
            self.price_place[wall] = len(values)
            values.append(of_wall[wall] / mass)
        self.start = values

    def _side(self, place: Sequence[Fraction], unit: int, sample: int) -> Fraction:
        own = place[unit * self.size : (unit + 1) * self.size]
        return self.fibre.sides[unit][sample] * dot(own, self.fibre.rows[sample])

    def _form(self, first: int, factors: Sequence[Fraction]) -> Equation:
        return {(first + c,): value for c, value in enumerate(factors) if value}

    def _read(self, first: int, unit: int, sample: int) -> Equation:
        """a_ij x_i·p_j, or the same of y_j."""
        slope = self.fibre.slopes[unit][sample]
        return self._form(first + unit * self.size, [slope * x for x in self.fibre.rows[sample]])

    def _density(self, a: int, b: int) -> Equation:
        if self.by_trace:
            return {(): self.fibre.curvatures[a][b]} if a == b else {}
        return {(self.density_place[a, b],): _ONE}

    def equations(self) -> list[Equation]:
        """All conditions that are equations."""
        found = [*self._primal(), *self._dual()]
        return found if self.by_trace else [*found, *self._between()]

    def _primal(self) -> list[Equation]:
        fibre, found = self.fibre, list[Equation]()
        for i, row in enumerate(fibre.equations):
            found.append(total([self._form(0, row), {(): -fibre.predictions[i]}]))
        for j, i in self.active:
            found.append(self._form(j * self.size, fibre.rows[i]))
        for j, i in pairs_of(range(self.units), fibre.curved):
            twice = product({(): Fraction(-2)}, self._read(0, j, i))
            square: Equation = {(self.first_square + j,): _ONE} if self.alive[j] else {}
            found.append(total([product(square, self._read(self.first_line, j, i)), twice]))
        return found

    def _dual(self) -> list[Equation]:
        fibre, curved, found = self.fibre, self.fibre.curved, list[Equation]()
        pull: dict[tuple[int, ...], Fraction] = {(self.first_multiplier + i,): f for i, f in enumerate(fibre.predictions) if f}
        level: Equation = {(self.level,): Fraction(-1)}
        if fibre.has_bias:
            found.append(self._form(self.first_multiplier, (_ONE,) * self.samples))
            level = total([level, *(self._density(a, b) for a, b in pairs_of(range(len(curved)), repeat=2))])
        found.append(total([pull, level]))
        for j, own in enumerate(fibre.slopes):
            parts: list[list[Equation]] = [[] for _ in range(self.size)]
            for i, row in enumerate(fibre.rows):
                line: dict[tuple[int, ...], Fraction] = {(self.first_multiplier + i,): own[i]}
                if (j, i) in self.price_place:
                    line[(self.price_place[j, i],)] = Fraction(fibre.sides[j][i])
                for c, x in enumerate(row):
                    parts[c].append(product(line, {(): x}))
            mass: list[Equation] = []
            for a, i in enumerate(curved):
                for b, k in enumerate(curved):
                    image = product(self._density(a, b), self._read(self.first_line, j, k))
                    for c, x in enumerate(fibre.rows[i]):
                        parts[c].append(product(image, {(): -own[i] * x}))
                    mass.append(product(image, self._read(self.first_line, j, i)))
                    mass.append(product(self._density(a, b), {(): -4 * own[i] * own[k] * dot(fibre.rows[i], fibre.rows[k])}))
            found += [total(part) for part in parts]
            if self.alive[j]:
                found.append(total(mass))
        return found

    def _between(self) -> list[Equation]:
        """(λ/κ − K) Z = 0, and Z of mass 1."""
        fibre, curved, n = self.fibre, self.fibre.curved, len(self.fibre.curved)
        found: list[Equation] = [
            total([{(): Fraction(-1)}, *(product(self._density(a, a), {(): 1 / fibre.weights[i]}) for a, i in enumerate(curved))])
        ]
        gap: list[list[Equation]] = []
        for a, i in enumerate(curved):
            gap.append([])
            for b, k in enumerate(curved):
                parts: list[Equation] = [{(): Fraction(-1)}] if fibre.has_bias else []
                if a == b:
                    parts.append({(self.level,): 1 / fibre.weights[i]})
                for j, own in enumerate(fibre.slopes):
                    if self.alive[j]:
                        share = -own[i] * own[k] * dot(fibre.rows[i], fibre.rows[k])
                        parts.append({(self.first_square + j,): share})
                        parts.append(product(self._read(0, j, i), self._read(self.first_line, j, k), Fraction(-1, 2)))
                gap[a].append(total(parts))
        for a, b in pairs_of(range(n), repeat=2):
            found.append(total([product(gap[a][c], self._density(c, b)) for c in range(n)]))
        return found

    def told(self, values: Vector) -> FlattestSolution:
        """The unknowns by name."""
        size, units = self.size, self.units

        def rows(first: int) -> tuple[Vector, ...]:
            return tuple(values[first + j * size : first + (j + 1) * size] for j in range(units))

        n = len(self.fibre.curved)
        return FlattestSolution(
            values[self.level],
            rows(0),
            values[units * size : self.first_square],
            values[self.first_square : self.first_square + units],
            rows(self.first_line),
            values[self.first_multiplier : self.first_multiplier + self.samples],
            tuple(
                tuple(values[self.price_place[j, i]] if (j, i) in self.price_place else _ZERO for i in range(self.samples))
                for j in range(units)
            ),
            () if self.by_trace else tuple(tuple(values[self.density_place[a, b]] for b in range(n)) for a in range(n)),
        )
