"""A second landscape, slow and simple: all signed cells of parameter space one by one, no symmetry, no active sets, no tables.

Minima come from the exhaustive search through supports; valleys from union–find over the sorted levels. Units have one input
and a bias (so their cells are sectors between neighbouring rays), or are given by the columns of their sectors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations, product

import exactsurf as es
from exactsurf.model.parameters import Parameters
from tests import oracle

Vector = tuple[Fraction, ...]


def solve_supports(columns: Sequence[Sequence], target: Sequence, free: Sequence[Sequence]) -> Iterator[tuple[Vector, Fraction]]:
    """Least squares fits on independent supports with non-negative coefficients: coefficients (free last) and ½-less distance."""
    target = [Fraction(t) for t in target]
    for size in range(len(columns) + 1):
        for chosen in combinations(range(len(columns)), size):
            used = [columns[k] for k in chosen] + list(free)
            rows = [[Fraction(sum(a * b for a, b in zip(u, w, strict=True))) for w in [*used, target]] for u in used]
            reduced, pivots = oracle.echelon(rows)
            if pivots != list(range(len(used))):
                if size:
                    continue
                # Dependent free columns: any of their solutions serves.
                x = [Fraction(0)] * len(used)
                for row, pivot in zip(reduced, pivots, strict=True):
                    x[pivot] = row[-1]
            else:
                x = [row[-1] for row in reduced]
            if any(value < 0 for value in x[:size]):
                continue
            rest = [sum((a * u[i] for a, u in zip(x, used, strict=True)), Fraction(0)) - t for i, t in enumerate(target)]
            full = [Fraction(0)] * len(columns)
            for k, value in zip(chosen, x, strict=False):
                full[k] = value
            yield (*full, *x[size:]), sum((r * r for r in rest), Fraction(0))


def nearest_by_supports(columns: Sequence[Sequence], target: Sequence, free: Sequence[Sequence]) -> Fraction:
    independent = []
    for column in free:
        if len(oracle.echelon([[Fraction(v) for v in c] for c in [*independent, column]])[1]) > len(independent):
            independent.append(column)
    return min(distance for _, distance in solve_supports(columns, target, independent))


def best_vertex(problem: es.Problem, columns: Sequence[Vector], free: Sequence[Vector]) -> Fraction:
    """The least risk for a piecewise linear loss: it is taken where as many predictions as columns in use are at the kink y."""
    y = [row[0] for row in problem.data.y]
    best = None
    for size in range(len(columns) + 1):
        for chosen in combinations(columns, size):
            used = [*chosen, *free]
            for samples in combinations(range(len(y)), len(used)):
                reduced, pivots = oracle.echelon([[*(u[i] for u in used), y[i]] for i in samples])
                if pivots != list(range(len(used))):
                    continue
                x = [row[-1] for row in reduced]
                if any(value < 0 for value in x[:size]):
                    continue
                f = [sum((a * u[i] for a, u in zip(x, used, strict=True)), Fraction(0)) for i in range(len(y))]
                risk = oracle.scale(problem) * sum(oracle.loss(problem, a, b) for a, b in zip(f, y, strict=True))
                best = risk if best is None else min(best, risk)
    assert best is not None
    return best


def rays(problem: es.Problem) -> list[Vector]:
    """The directions ±(1, −x) in which a unit with one input and a bias sits on a breakpoint, around the circle."""
    points = sorted({row[0] for row in problem.data.x})
    half = [(Fraction(1), -x) for x in reversed(points)]
    return half + [(-a, -b) for a, b in half]


def column(problem: es.Problem, ray: Vector) -> Vector:
    return tuple(oracle.activate(problem.network.activation, ray[0] * row[0] + ray[1]) for row in problem.data.x)


class FullLandscape:
    """All signed cells of a network with one input, hidden bias, h(0) = 0 the only breakpoint, squared loss."""

    def __init__(self, problem: es.Problem) -> None:
        self.problem = problem
        self.units = problem.network.widths[1]
        self.rays = rays(problem)
        self.columns = [column(problem, ray) for ray in self.rays]
        count = len(self.rays)
        self.unit_cells = [((k, (k + 1) % count), s) for k in range(count) for s in (1, -1)]
        self.free = [(Fraction(1),) * len(problem.data)] if problem.network.biases[1] else []
        self.target = [row[0] for row in problem.data.y]

    @cache  # noqa: B019
    def minimum(self, generators: frozenset[tuple[int, int]]) -> Fraction:
        columns = [tuple(s * v for v in self.columns[k]) for k, s in sorted(generators)]
        columns = [c for c in columns if any(c)]
        if self.problem.loss.name != "squared":
            return best_vertex(self.problem, columns, self.free)
        return oracle.scale(self.problem) * nearest_by_supports(columns, self.target, self.free)

    def level(self, cell: Sequence[tuple[tuple[int, ...], int]]) -> Fraction:
        return self.minimum(frozenset((k, s) for generators, s in cell for k in generators))

    def edges(self) -> Iterator[tuple[tuple, tuple, Fraction]]:
        count = len(self.rays)
        for cell in product(range(2 * count), repeat=self.units):
            for j, kind in enumerate(cell):
                here, sign = self.unit_cells[kind]
                others = [self.unit_cells[k] for i, k in enumerate(cell) if i != j]
                if sign == 1:
                    yield cell, (*cell[:j], kind + 1, *cell[j + 1 :]), self.level(others)
                beyond = (kind + 2) % (2 * count)
                yield cell, (*cell[:j], beyond, *cell[j + 1 :]), self.level([*others, ((here[1],), sign)])

    def valleys(self) -> Counter[tuple[Fraction, Fraction | None]]:
        """(risk, barrier to something strictly lower) of every leaf of the full merge tree."""
        cells = list(product(range(len(self.unit_cells)), repeat=self.units))
        birth = {cell: self.level([self.unit_cells[k] for k in cell]) for cell in cells}
        events = sorted(((level, a, b) for a, b, level in self.edges()), key=lambda event: event[0])
        parent = {cell: cell for cell in cells}
        lowest = dict(birth)
        open_leaves: dict[tuple, int] = {}
        found: Counter[tuple[Fraction, Fraction | None]] = Counter()

        def root(cell: tuple) -> tuple:
            while parent[cell] != cell:
                parent[cell] = parent[parent[cell]]
                cell = parent[cell]
            return cell

        # Plateaus first: cells that are joined at their own level are one leaf.
        for level, a, b in events:
            ra, rb = root(a), root(b)
            if ra != rb and lowest[ra] == lowest[rb] == level:
                parent[rb] = ra
        for cell in cells:
            if root(cell) == cell:
                open_leaves[cell] = 1
        for level, a, b in events:
            ra, rb = root(a), root(b)
            if ra == rb:
                continue
            if lowest[rb] < lowest[ra]:
                ra, rb = rb, ra
            parent[rb] = ra
            if lowest[rb] == lowest[ra]:
                open_leaves[ra] += open_leaves.pop(rb)
            else:
                leaves = open_leaves.pop(rb)
                if lowest[rb] < level:
                    found[lowest[rb], level] += leaves
        found[lowest[root(cells[0])], None] += open_leaves[root(cells[0])]
        return found

    def local_minimum_risks(self) -> set[Fraction]:
        """The risks of all local minima among the fits on supports, by the oracle's reading of theorem A."""
        found = set()
        for cell in product(range(len(self.unit_cells)), repeat=self.units):
            if list(cell) != sorted(cell):
                continue
            chosen = [
                (k, s, j) for j, kind in enumerate(cell) for k in self.unit_cells[kind][0] for s in (self.unit_cells[kind][1],)
            ]
            columns = [tuple(s * v for v in self.columns[k]) for k, s, _ in chosen]
            for x, distance in solve_supports(columns, self.target, self.free):
                risk = oracle.scale(self.problem) * distance
                if risk not in found and oracle.is_local_minimum(self.problem, self.point(cell, chosen, x)):
                    found.add(risk)
        return found

    def point(self, cell: Sequence[int], chosen: Sequence[tuple[int, int, int]], x: Sequence[Fraction]) -> Parameters:
        weights = [[Fraction(0), Fraction(0)] for _ in cell]
        for (k, _, j), value in zip(chosen, x, strict=False):
            weights[j] = [a + value * b for a, b in zip(weights[j], self.rays[k], strict=True)]
        outputs = []
        for j, kind in enumerate(cell):
            generators, sign = self.unit_cells[kind]
            outputs.append(Fraction(sign) if any(weights[j]) else Fraction(0))
            if not any(weights[j]):
                weights[j] = [sum(self.rays[k][i] for k in generators) for i in (0, 1)]
        named = {"W1": [[w] for w, _ in weights], "b1": [b for _, b in weights], "W2": [outputs]}
        if self.free:
            named["b2"] = [x[len(chosen)]]
        return self.problem.parameters(**named)
