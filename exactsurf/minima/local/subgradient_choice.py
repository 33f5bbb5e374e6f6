"""Which subgradients of a loss with kinks to freeze, so that no unit of the one hidden layer lowers the frozen risk.

The first-order conditions of all units on all cones, and the subgradients, are unknowns of one linear system with bounds.
Its solutions are candidates: the unitwise criterion for several outputs decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from exactsurf.arrangement.arrangement import Arrangement
from exactsurf.arrangement.least_count import count_up_to
from exactsurf.effort import Effort
from exactsurf.exact.bounded_system import FarkasVector, solve_bounded_system
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.scaled_vector import ScaledVector
from exactsurf.exact.simplex import Bound
from exactsurf.model.class_margins import from_wrong_classes
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem

_ZERO = Fraction(0)
_MOST_UNKNOWNS = 160
_FEW_UNKNOWNS = 80
_MOST_WISHES = 8
"""Most amounts that are wished to be positive one after the other."""


def propose_subgradients(point: Point, *, effort: Effort) -> Iterator[tuple[ScaledVector, ...]]:
    """Subgradients r, by output, for which no cone of a unit has a direction of descent of the frozen risk: at most two.

    Parameters: a `point` of a network with one hidden layer; `effort`, whose `fan` bounds the cones of one unit.
    Exactness: exact, but only candidates for `prove_unitwise_vectors`; the second one has more positive multipliers.
    None if there are no such subgradients, or if more than 160 unknowns would be needed.
    Raises: `OutOfTime`. Source: theory.md, section 3, vector output.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([1, 1, 1], [[0, 0], [1, 2], [2, 3]])
    >>> problem = es.Problem(es.Network([1, 1, 2], biases=False), data, "absolute")
    >>> theta = problem.parameters(W1=[[1]], W2=[[1], [2]])
    >>> first = next(propose_subgradients(Point(problem, theta), effort=es.Effort()))
    >>> [r.fractions() for r in first]
    [(Fraction(1, 1), Fraction(0, 1), Fraction(-1, 1)), (Fraction(1, 1), Fraction(0, 1), Fraction(-1, 1))]
    """
    system = _Conditions(point, effort)
    if not system.collect():
        return
    solution = system.solve({})
    if solution is None:
        return
    yield system.subgradient(solution)
    # Amounts may be positive one by one; the mean of solutions has all those positive together.
    found = [solution]
    for slack in system.slacks[:_MOST_WISHES] if len(solution) <= _FEW_UNKNOWNS else ():
        if not any(one[slack] for one in found):
            better = system.solve({slack: Fraction(1, 64)})
            found += [] if better is None else [better]
    if len(found) > 1:
        yield system.subgradient([sum(values, _ZERO) / len(found) for values in zip(*found, strict=True)])


@dataclass(frozen=True)
class _Conditions:
    point: Point
    effort: Effort

    @property
    def problem(self) -> Problem:
        return self.point.problem

    @cached_property
    def slopes(self) -> tuple[tuple[Vector, Vector], ...]:
        """[term]: left and right derivatives of the loss in that term, over the samples."""
        return tuple((low.fractions(), high.fractions()) for low, high in self.problem.term_slopes(self.point.forward.outputs))

    @cached_property
    def kinks(self) -> list[tuple[int, int]]:
        """(sample, term) at the kinks of the loss: the first unknowns are their subgradients."""
        size = range(len(self.problem.data))
        return [(i, k) for k, (low, high) in enumerate(self.slopes) for i in size if low[i] != high[i]]

    @cached_property
    def fixed(self) -> list[list[Fraction]]:
        """[output][sample]: what the terms away from kinks add to r."""
        parts = [
            ScaledVector.from_fractions([a if a == b else _ZERO for a, b in zip(low, high, strict=True)])
            for low, high in self.slopes
        ]
        right = self.problem.right_outputs
        return [list(v.fractions()) for v in (parts if right is None else from_wrong_classes(parts, right))]

    @cached_property
    def rows(self) -> list[tuple[dict[int, Fraction], Fraction]]:
        """Equations Σ coefficient · unknown = right side."""
        return []

    @cached_property
    def bounds(self) -> list[tuple[Bound, Bound]]:
        """Of every unknown."""
        return [(self.slopes[k][0][i], self.slopes[k][1][i]) for i, k in self.kinks]

    @cached_property
    def slacks(self) -> list[int]:
        """The unknowns that are amounts v·a of rays."""
        return []

    def collect(self) -> bool:
        """Write down all equations; False if there would be too many."""
        network, size = self.problem.network, len(self.problem.data)
        outputs = range(network.widths[-1])
        if network.biases[1]:
            for k in outputs:
                self._add(k, [Fraction(1)] * size, {})
        for values in self.point.forward.activations[0]:
            for k in outputs:
                self._add(k, values.fractions(), {})
        return all(self._collect_unit(j) for j in range(network.widths[1]))

    def _add(self, output: int, weights: Sequence[Fraction], others: dict[int, Fraction]) -> None:
        """Σ_i weights_i r_i,output + Σ others = 0."""
        row = dict(others)
        for position, (i, k) in enumerate(self.kinks):
            for name, sign in self.problem.term_outputs(i, k):
                if name == output and weights[i]:
                    row[position] = row.get(position, _ZERO) + sign * weights[i]
        right = -sum((w * r for w, r in zip(weights, self.fixed[output], strict=True) if w), _ZERO)
        if row or right:
            self.rows.append((row, right))

    def _collect_unit(self, unit: int) -> bool:
        network, inputs = self.problem.network, self.problem.data.inputs
        h, has_bias, size = network.activation, network.biases[0], len(self.problem.data)
        points = [inputs.row(i) + ((Fraction(1),) if has_bias else ()) for i in range(size)]
        pieces = h.pieces(self.point.forward.pre_activations[0][unit])
        walls = [i for i, (left, right) in enumerate(pieces) if h.slopes[left] != h.slopes[right] and any(points[i])]
        weights = [row[unit] for row in self.point.parameters.weights[1]]
        cones: list[tuple[int, ...]] = [()]
        if walls:
            normals = [points[i] for i in walls]
            if count_up_to(normals, self.effort.fan, self.effort) > self.effort.fan:
                return False
            cones = [cell.signs for cell in Arrangement(normals).cells()]
        # One ray for each hyperplane: the first of its samples stands for them.
        names: dict[Vector, int] = {}
        for n, i in enumerate(walls):
            lead = next(value for value in points[i] if value)
            names.setdefault(tuple(value / lead for value in points[i]), n)
        for signs in cones:
            self.effort.check()
            side = dict(zip(walls, signs, strict=True))
            slopes = [h.slopes[right if side.get(i, -1) > 0 else left] for i, (left, right) in enumerate(pieces)]
            if not self._collect_cone(weights, points, slopes, {n: signs[n] for n in names.values()}, walls):
                return False
        return True

    def _collect_cone(
        self,
        weights: Sequence[Fraction],
        points: Sequence[Vector],
        slopes: Sequence[Fraction],
        rays: dict[int, int],
        walls: Sequence[int],
    ) -> bool:
        """Σ_i r_i slope_i x̃_i = Σ a_C τ_C x̃_C for every output, v·a_C ≥ 0 (and a = 0 if v = 0)."""
        start, dead = len(self.bounds), not any(weights)
        used = {} if dead else rays
        places = {n: [start + len(weights) * m + k for k in range(len(weights))] for m, n in enumerate(used)}
        self.bounds.extend([(None, None)] * (len(weights) * len(used)))
        for k in range(len(weights)):
            for c in range(len(points[0])):
                others = {places[n][k]: -sign * points[walls[n]][c] for n, sign in used.items() if points[walls[n]][c]}
                self._add(k, [slope * point[c] for slope, point in zip(slopes, points, strict=True)], others)
        for n in used:
            self.slacks.append(len(self.bounds))
            row = {place: weight for place, weight in zip(places[n], weights, strict=True) if weight}
            self.rows.append(({**row, len(self.bounds): Fraction(-1)}, _ZERO))
            self.bounds.append((_ZERO, None))
        return len(self.bounds) <= _MOST_UNKNOWNS

    def solve(self, least: dict[int, Fraction]) -> Vector | None:
        """All unknowns, with some lower bounds raised; None if there is no solution."""
        columns: list[list[Fraction]] = [[_ZERO] * len(self.rows) for _ in self.bounds]
        for n, (row, _) in enumerate(self.rows):
            for place, value in row.items():
                columns[place][n] = value
        lower = [least.get(p, low) for p, (low, _) in enumerate(self.bounds)]
        answer = solve_bounded_system(
            columns, [right for _, right in self.rows], lower, [high for _, high in self.bounds], self.effort
        )
        return None if isinstance(answer, FarkasVector) else answer.values

    def subgradient(self, solution: Sequence[Fraction]) -> tuple[ScaledVector, ...]:
        """r by output."""
        found = [list(column) for column in self.fixed]
        for value, (i, k) in zip(solution, self.kinks, strict=False):
            for output, sign in self.problem.term_outputs(i, k):
                found[output][i] += sign * value
        return tuple(map(ScaledVector.from_fractions, found))
