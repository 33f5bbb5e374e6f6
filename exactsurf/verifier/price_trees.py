"""What bounds a unit of one hidden layer with weight decay, part by part of its region (FORMAT.md, section 41)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .arithmetic.document import Field, at
from .arithmetic.effort import price, spend
from .arithmetic.packed_rows import PackedRows
from .arithmetic.rational import Rational
from .arithmetic.rational_rows import bits_of, dot, is_nowhere_negative
from .arithmetic.region_count import Effort
from .arithmetic.table import common_denominator, numerators, weighted_sums
from .cell_list import UnitProblem
from .unit_cells import central_rays
from .weight_decay import WeightDecay

MAX_DEPTH = 64


@dataclass(frozen=True)
class _Part:
    """A matrix by rows, its entries in the coordinates of rays, or two parts on the sides of a wall (sample, breakpoint)."""

    matrix: list[list[Fraction]]
    wall: tuple[int, int]
    halves: tuple[_Part, ...]


class PriceTrees:
    """The field `prices`, and the rays along which forms and matrices are asked."""

    def __init__(self, problem: UnitProblem, decay: WeightDecay, problem_field: Field, field: Field) -> None:
        if problem.hidden_layers != 1:
            raise field.reject("prices are for one hidden layer")
        function = problem.activation
        if list(function.breakpoints) != [0] or any(function.intercepts):
            raise problem_field.child("activation").reject("prices need the single breakpoint 0 and h(0) = 0")
        with at(field.place):
            rays = central_rays(problem, Effort())
        if rays is None:
            raise problem_field.child("data").reject("the inputs (with a bias, if there is one) do not span their space")
        self.problem, self.decay, self.field = problem, decay, field
        one = (1,) if problem.biases[0] else ()
        samples = [(*row, *one) for row in problem.x.rows]
        self.width = len(samples[0])
        spend(len(rays) * len(samples) * 2)
        common = common_denominator(list(function.slopes))
        low, high = numerators(list(function.slopes), common)
        self.sides = [weighted_sums(samples, ray) for ray in rays]
        rows = [
            [*((low if z < 0 else high) * z for z in sides), *(common * u for u in ray)]
            for sides, ray in zip(self.sides, rays, strict=True)
        ]
        self.packed = PackedRows(rows)
        self.scales = [*problem.x.denominators, *one]
        first: dict[tuple[int, ...], int] = {}
        self.owner = [first.setdefault(row, i) for i, row in enumerate(samples)]
        self.halves: dict[tuple[int, int], int] = {}
        self.trees = [self._read(entry, 0) for entry in field.items()]
        self.known: set[tuple[object, ...]] = set()
        self.named: set[int] = set()

    def _read(self, field: Field, depth: int) -> _Part:
        if depth > MAX_DEPTH:
            raise field.refuse(f"prices that are nested deeper than {MAX_DEPTH} are beyond the limits of this verifier")
        if field.has("wall"):
            split, plus, minus = field.fields("wall", "plus", "minus")
            sample, k = split.items(2)
            i = sample.index(len(self.owner))
            k.index(1)
            spend(4)
            return _Part([], (i, 0), (self._read(plus, depth + 1), self._read(minus, depth + 1)))
        (slope,) = field.fields("slope")
        rows = [list(map(Fraction, row)) for row in slope.matrix(self.problem.widths[-1], self.width)]
        with at(slope.place):
            bits = [bits_of(row) for row in rows]
            spend(len(rows) ** 2 * (1 + self.width * price(*bits)))
            square = Fraction(self.decay.factor) ** 2
            gram = [[(square if a is b else 0) - Fraction(dot(a, b)) for b in rows] for a in rows]
            if not is_nowhere_negative(gram):
                raise slope.reject("a singular value is above the factor of the weight decay")
        if self.problem.biases[0] and not self.decay.biases and any(row[-1] for row in rows):
            raise slope.reject("the last entries belong to biases that are not penalised, and are not 0")
        return _Part([[q * d for q, d in zip(row, self.scales, strict=True)] for row in rows], (0, 0), ())

    def check(
        self,
        field: Field,
        columns: Sequence[Sequence[Rational]],
        dual: int,
        walls: dict[tuple[int, int], int],
        cone: Sequence[tuple[int, ...]],
    ) -> None:
        """Check that a unit with these sides of walls and output weights in the cone gains no more than it pays."""
        number = field.index(len(self.trees))
        self.named.add(number)
        key = number, dual, frozenset(walls.items()), tuple(cone)
        spend(4 + len(walls) + len(cone))
        if key in self.known:
            return
        self.known.add(key)
        inside = self.packed.every
        for (i, _), side in walls.items():
            inside &= self._half(i, side)
        forms = []
        for vector in cone:
            if any(vector):
                spend(len(columns[0]) * len(vector) * price(*(value.bit_length() for value in vector)))
                forms.append(
                    (
                        vector,
                        [
                            sum((v * Fraction(c[i]) for v, c in zip(vector, columns, strict=True)), Fraction(0))
                            for i in range(len(self.owner))
                        ],
                    )
                )
        self._check_part(field, self.trees[number], inside, forms)

    def _check_part(
        self, field: Field, part: _Part, inside: int, forms: Sequence[tuple[tuple[int, ...], list[Fraction]]]
    ) -> None:
        if not inside:
            return
        if part.halves:
            for side, half in zip((1, -1), part.halves, strict=True):
                self._check_part(field, half, inside & self._half(part.wall[0], side), forms)
            return
        for vector, form in forms:
            with at(field.place):
                spend(len(vector) * self.width * price(*(bits_of(row) for row in part.matrix)))
                last = [
                    sum((v * row[k] for v, row in zip(vector, part.matrix, strict=True)), Fraction(0)) for k in range(self.width)
                ]
                whole = [*form, *last]
                spend(len(whole) * price(bits_of(whole)))
                negative = self.packed.products(numerators(whole, common_denominator(whole, len(whole)))).negative(inside)
            if negative:
                raise field.reject("the prices do not bound the dual vector on the region of this unit")

    def _half(self, sample: int, side: int) -> int:
        """The rays (as bits) on one side of the wall of a sample."""
        found = self.halves.get((sample, side))
        if found is None:
            spend(1 + len(self.sides) >> 1)
            found = sum(1 << k for k, z in enumerate(self.sides) if side * z[sample] >= 0)
            self.halves[sample, side] = found
        return found

    def check_named(self) -> None:
        """Reject prices that no leaf names."""
        missing = set(range(len(self.trees))) - self.named
        if missing:
            raise self.field.reject(f"price {min(missing)} is named by no node")
