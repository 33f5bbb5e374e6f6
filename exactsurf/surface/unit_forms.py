"""Proofs that dual vectors hold on the regions of a sign tree, by sums of lines: nothing in them has to be found again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from exactsurf.certificate.claims.global_minimum import GlobalMinimum, SignSplit, TreeNode
from exactsurf.certificate.claims.unit_forms import (
    ON_WALL,
    FormLeaf,
    ImpliedStep,
    LinesStep,
    ProofStep,
    Slopes,
    UnitForm,
    Wall,
    WallSplit,
)
from exactsurf.effort import UNBOUNDED, AnyEffort, Effort
from exactsurf.errors import InputError, InternalError
from exactsurf.exact.bounded_system import Multipliers, solve_bounded_system
from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.problem import Problem
from exactsurf.surface.unit_table import UnitTable, generator_table

_ZERO = Fraction(0)
_MAX_STEPS = 100_000
"""Steps of all forms together."""


@dataclass(frozen=True)
class _Region:
    """What is required of a unit: the sign of v (0: none), and sides of walls (1 or −1)."""

    sign: int
    walls: frozenset[tuple[Wall, int]]


def with_forms(proof: GlobalMinimum, effort: AnyEffort = None) -> GlobalMinimum:
    """The certificate with a reason for every leaf of its tree: evidence that needs no vertices, and that Coq's checker knows.

    Parameters: a certificate with a tree; `effort`, seconds or an `Effort` (default: as long as it takes).
    Exactness: exact. Raises: `InputError` beyond 100,000 steps of proofs, `OutOfTime`.
    Source: proofs/FORMAT.md, section 25; proofs/claims/global_minimum.md, section 8.
    """
    effort = Effort.of(effort, UNBOUNDED).started()
    prover = FormProver(proof.problem, generator_table(proof.problem, effort), proof.duals, effort)
    tree = _with_forms(proof, prover)
    return replace(proof, tree=tree, forms=tuple(prover.forms))


def _with_forms(proof: GlobalMinimum, prover: FormProver) -> tuple[TreeNode, ...]:
    """The nodes of the certificate, with forms at the leaves."""
    nodes: list[TreeNode] = list(proof.tree)
    start = _Region(0, frozenset())
    waiting = [(0, (start,) * proof.problem.network.widths[1])]
    while waiting:
        place, regions = waiting.pop()
        node = nodes[place]
        if isinstance(node, SignSplit):
            upper, lower = _parted(regions, node)
            waiting += [(node.plus, upper), (node.minus, lower)]
        elif isinstance(node, int):
            dual = node
            forms = (
                tuple(prover.form(dual, sign, dict(region.walls)) for sign in (1, -1) if region.sign != -sign)
                for region in regions
            )
            nodes[place] = FormLeaf(dual, tuple(forms))
    return tuple(nodes)


class FormProver:
    """Forms of the units of a problem, each with its proof, for `duals`, which may grow; `table` holds the generators of cells.

    Source: proofs/FORMAT.md, section 25; proofs/claims/global_minimum.md, section 8.
    """

    def __init__(self, problem: Problem, table: UnitTable, duals: Sequence[Vector], effort: Effort) -> None:
        self.duals, self.effort = duals, effort
        function = problem.network.activation
        self.breakpoints, self.first = function.breakpoints, function.slopes[0]
        self.turns = [b - a for a, b in zip(function.slopes, function.slopes[1:], strict=False)]
        self.origin = function(_ZERO) + sum((d * t for d, t in zip(self.turns, self.breakpoints, strict=True) if t < 0), _ZERO)
        one = (Fraction(1),) if problem.network.biases[0] else ()
        self.samples = [(*row, *one) for row in problem.data.x]
        self.walls = [(i, k) for i in range(len(self.samples)) for k in range(len(self.breakpoints))]
        self.values = self._values(table)
        self.forms: list[UnitForm] = []
        self.known: dict[tuple[int, int, frozenset[tuple[Wall, int]]], int] = {}
        self.steps = 0

    def _values(self, table: UnitTable) -> tuple[list[Vector], int]:
        """The values of all walls at the generators of the cells, and the vertices among these (as bits)."""
        rows, vertices = [], 0
        for g, generator in enumerate(table.generators):
            seen = [sum((a * b for a, b in zip(row, generator.weights, strict=True)), _ZERO) for row in self.samples]
            rows.append(tuple(seen[i] - generator.apex * self.breakpoints[k] for i, k in self.walls))
            vertices |= bool(generator.apex) << g
        # Where v is no variable of its own all walls contain 0, the only vertex.
        return rows, -1 if table.homogeneous or not any(self.breakpoints) else vertices

    def form(self, dual: int, sign: int, walls: Mapping[Wall, int]) -> int:
        """The number of the form of a dual vector times a sign (1 or −1) on a region of walls with sides; it is proved once."""
        key = dual, sign, frozenset(walls.items())
        if key not in self.known:
            region = tuple(sorted(walls.items()))
            self.known[key] = len(self.forms)
            self.forms.append(UnitForm(dual, sign, region, self._proof([sign * r for r in self.duals[dual]], dict(walls))))
        return self.known[key]

    def sides_at(self, weights: Sequence[Fraction]) -> dict[Wall, int]:
        """The sides of all walls on which weights lie that are on none."""
        seen = [sum((a * b for a, b in zip(row, weights, strict=True)), _ZERO) for row in self.samples]
        return {(i, k): 1 if seen[i] > self.breakpoints[k] else -1 for i, k in self.walls}

    def _proof(self, signed: Sequence[Fraction], region: dict[Wall, int]) -> tuple[ProofStep, ...]:
        bends = [signed[i] * self.turns[k] for i, k in self.walls]
        concave = [n for n, bend in enumerate(bends) if bend < 0]
        steps: list[ProofStep | None] = [None]
        waiting = [(0, region, self.inside(region))]
        while waiting:
            place, sides, inside = waiting.pop()
            self._count()
            if self.values[1] >= 0 and not inside & self.values[1]:
                steps[place] = LinesStep(self._constant([_ZERO] * len(self.walls), sides, self._row(1)), empty=True)
                continue
            free = [n for n in concave if self.walls[n] not in sides]
            if not free:
                steps[place] = LinesStep(self._below(signed, bends, sides))
                continue
            n = max(free, key=lambda n: self._evenness(n, inside))
            wall = self.walls[n]
            above, below = inside & self._half(n, 1), inside & self._half(n, -1)
            if inside in (above, below):
                side = 1 if inside == above else -1
                target = [-side * value for value in self._wall_row(n)]
                slopes = self._constant([_ZERO] * len(self.walls), sides, target)
                chosen = tuple(sorted((*slopes, (*wall, Fraction(side)))))
                steps[place] = ImpliedStep(wall, chosen, len(steps))
                waiting.append((len(steps), {**sides, wall: side}, inside))
                steps.append(None)
                continue
            steps[place] = WallSplit(wall, len(steps), len(steps) + 1)
            waiting += [(len(steps) + 1, {**sides, wall: -1}, below), (len(steps), {**sides, wall: 1}, above)]
            steps += [None, None]
        return tuple(step for step in steps if step is not None)

    def _count(self) -> None:
        self.steps += 1
        self.effort.check(f"{len(self.forms)} forms of units are proved")
        if self.steps > _MAX_STEPS:
            raise InputError(
                f"the proofs of the leaves have more than {_MAX_STEPS} steps",
                fix="write the certificate without --formal (in Python, formal=False), or take fewer samples or units",
            )

    def inside(self, sides: Mapping[Wall, int]) -> int:
        """The generators (as bits) that meet these requirements."""
        inside = (1 << len(self.values[0])) - 1
        for n, wall in enumerate(self.walls):
            if wall in sides:
                inside &= self._half(n, sides[wall])
        return inside

    def _half(self, n: int, side: int) -> int:
        if side == ON_WALL:
            return self._half(n, 1) & self._half(n, -1)
        return sum(1 << g for g, row in enumerate(self.values[0]) if side * row[n] >= 0)

    def _evenness(self, n: int, inside: int) -> tuple[bool, int]:
        """Walls that follow come first (they cost one step); then those that cut into halves of a similar size."""
        above, below = inside & self._half(n, 1), inside & self._half(n, -1)
        return inside in (above, below), min(above.bit_count(), below.bit_count())

    def _row(self, height: int) -> list[Fraction]:
        return [*([_ZERO] * len(self.samples[0])), Fraction(height)]

    def _wall_row(self, n: int) -> list[Fraction]:
        i, k = self.walls[n]
        return [*self.samples[i], -self.breakpoints[k]]

    def _below(self, signed: Sequence[Fraction], bends: Sequence[Fraction], sides: Mapping[Wall, int]) -> Slopes:
        """Slopes below the form that add up to a constant that is not negative."""
        target = [
            -self.first * sum((r * row[p] for r, row in zip(signed, self.samples, strict=True)), _ZERO)
            for p in range(len(self.samples[0]))
        ]
        return self._constant(bends, sides, [*target, -self.origin * sum(signed)])

    def _constant(self, bends: Sequence[Fraction], sides: Mapping[Wall, int], target: Sequence[Fraction]) -> Slopes:
        """Unusual slopes of lines below the bends with the coefficients of `target` and at least its constant."""
        rows, upper, right = [], [], list(target)
        signs: list[int] = []
        lower: list[Fraction | None] = []
        for n, wall in enumerate(self.walls):
            side, row = sides.get(wall, 0), self._wall_row(n)
            if side == 1 and bends[n]:
                right = [a - bends[n] * b for a, b in zip(right, row, strict=True)]
            rows.append([-value for value in row] if side == 1 else row)
            signs.append(-1 if side == 1 else 1)
            lower.append(None if side == ON_WALL else _ZERO)
            upper.append(None if side else max(bends[n], _ZERO))
        rows.append([-value for value in self._row(1)])
        found = solve_bounded_system(rows, right, [*lower, _ZERO], [*upper, None], self.effort)
        if not isinstance(found, Multipliers):
            raise InternalError("a form that is not negative on a region is a sum of lines there")
        usual = [bends[n] if sides.get(wall, 0) == 1 else _ZERO for n, wall in enumerate(self.walls)]
        listed = zip(self.walls, usual, signs, found.values, strict=False)
        return tuple((*wall, own + sign * value) for wall, own, sign, value in listed if value)


def _parted(regions: tuple[_Region, ...], node: SignSplit) -> tuple[tuple[_Region, ...], tuple[_Region, ...]]:
    region = regions[node.unit]
    upper = (*regions[: node.unit], _cut(region, node.wall, 1), *regions[node.unit + 1 :])
    return upper, tuple(_cut(other, node.wall, -1) if other == region else other for other in regions)


def _cut(region: _Region, wall: Wall | None, side: int) -> _Region:
    return _Region(side, region.walls) if wall is None else _Region(region.sign, region.walls | {(wall, side)})
