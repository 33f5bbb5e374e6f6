"""Directions along which the risk stays the same: rescalings, shifts, takeovers, what is not read, what all classes share."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

from exactsurf.errors import InternalError
from exactsurf.exact.bounded_system import FarkasVector, solve_bounded_system
from exactsurf.exact.linear_algebra import Matrix, Vector, kernel
from exactsurf.minima.local.coordinate_vector import dimension, row_positions
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem

_ONE = Fraction(1)
Rows: TypeAlias = tuple[tuple[tuple[int, ...], ...], ...]


def invariance_tangents(point: Point, has_common: bool = False) -> Matrix:
    """Tangents of flows near `point` that leave the risk as it is, also at points on walls.

    All but one sort leave every prediction as it is; the hinge loss of several classes sees differences of outputs only.

    Parameters: `point`; `has_common`, whether the risk sees differences of outputs only. Returns: vectors as of `vector_of`, not
    always independent.
    Exactness: exact. Raises: nothing. Source: theory.md, section 6; proofs/rules/second_order.md, lemma 2 lists the flows.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1], biases=False), es.Data.from_arrays([1], [1]))
    >>> theta = problem.parameters(W1=[[2]], W2=[[3]])
    >>> [list(map(int, tangent)) for tangent in invariance_tangents(Point(problem, theta))]
    [[2, -3], [-2, 3]]
    """
    problem, parameters = point.problem, point.parameters
    network, h = problem.network, problem.network.activation
    sides = [[h.pieces(z) for z in layer] for layer in point.forward.pre_activations]
    rows = row_positions(network)
    found: list[Vector] = []
    for layer, units in enumerate(sides):
        for j in range(len(units)):
            if h.two_slopes is not None:
                found.append(_rescaling(problem, parameters, rows, layer, j))
            found += shift_of(point, rows, layer, j)
    found += Reading(point, sides, rows).tangents()
    if has_common or problem.right_outputs is not None:
        size = dimension(network)
        found += [tuple(Fraction(int(p in together)) for p in range(size)) for together in zip(*rows[-1], strict=True)]
    return tuple(vector for vector in found if any(vector))


def _rescaling(problem: Problem, parameters: Parameters, rows: Rows, layer: int, j: int) -> Vector:
    """The row of a unit grows and the weights above it shrink."""
    vector = [Fraction(0)] * dimension(problem.network)
    for position, value in zip(rows[layer][j], _row(parameters, layer, j), strict=True):
        vector[position] = value
    for above, row in zip(rows[layer + 1], parameters.weights[layer + 1], strict=True):
        vector[above[j]] = -row[j]
    return tuple(vector)


def _row(parameters: Parameters, layer: int, j: int) -> Vector:
    bias = parameters.biases[layer]
    return (*parameters.weights[layer][j], *((bias[j],) if bias is not None else ()))


def shift_of(point: Point, rows: Rows, layer: int, j: int) -> list[Vector]:
    """The shift of a unit, if there is one: it passes with the same slope on every sample, and the bias above takes it back.

    Exactness: exact. Raises: nothing. Source: proofs/rules/second_order.md, lemma 2.
    """
    problem, h = point.problem, point.problem.network.activation
    pieces = h.pieces(point.forward.pre_activations[layer][j])
    slopes = {h.slopes[piece] for sides in pieces for piece in sides}
    if not (problem.network.biases[layer] and problem.network.biases[layer + 1] and len(slopes) == 1):
        return []
    vector, slope = [Fraction(0)] * dimension(problem.network), slopes.pop()
    vector[rows[layer][j][-1]] = _ONE
    for above, row in zip(rows[layer + 1], point.parameters.weights[layer + 1], strict=True):
        vector[above[-1]] = -slope * row[j]
    return [tuple(vector)]


@dataclass(frozen=True)
class Reading:
    """Which samples notice which unit, and what follows from that for the rows of weights."""

    point: Point
    sides: list[list[list[tuple[int, int]]]]
    rows: Rows

    @cached_property
    def mute(self) -> list[list[list[bool]]]:
        """[layer][unit][sample]: whether the unit sits inside a piece of slope 0."""
        h = self.point.problem.network.activation
        return [[[left == right and not h.slopes[left] for left, right in unit] for unit in layer] for layer in self.sides]

    @cached_property
    def noticed(self) -> list[list[bool]]:
        """[layer][sample]: whether the sample may notice the layer's units that are not mute, whatever the weights above."""
        samples = range(len(self.point.problem.data))
        found = [[True] * len(samples), [True] * len(samples)]
        for layer in reversed(self.mute[1:]):
            found.insert(0, [found[0][i] and not all(unit[i] for unit in layer) for i in samples])
        return found if self.mute else found[1:]

    def tangents(self) -> list[Vector]:
        """Changes of rows that are not noticed, and of rows that take over what a unit beside them adds."""
        widths = self.point.problem.network.widths[1:]
        return [vector for layer, width in enumerate(widths) for k in range(width) for vector in self._of_row(layer, k)]

    def _of_row(self, layer: int, k: int) -> list[Vector]:
        """Changes of one row of weights."""
        hidden, names = layer < len(self.mute), self.noticing(layer, k)
        columns = self._columns(layer, names)
        kept = [p for p, (_, silent) in enumerate(columns) if not silent]
        size, places = dimension(self.point.problem.network), self.rows[layer][k]
        found = [_placed(size, places, {p: _ONE}) for p in range(len(columns)) if p not in kept]
        table = [[columns[p][0][n] for p in kept] for n in range(len(names))]
        basis = kernel(table) if names and kept else ()
        # Above the first layer readings move with the weights; what is independent stays so.
        independent = len(kept) - len(basis) == len(names)
        if layer == 0 or independent:
            found += [_placed(size, places, dict(zip(kept, vector, strict=True))) for vector in basis]
        if hidden and names and kept:
            found += self._takeovers(layer, k, names, kept, table if independent else None)
        return found

    def noticing(self, layer: int, k: int) -> list[int]:
        """The samples that may notice the row, one of each input. Exactness: exact."""
        data, mute = self.point.problem.data, self.mute[layer][k] if layer < len(self.mute) else None
        noticed = [i for i in range(len(data)) if self.noticed[layer][i] and not (mute and mute[i])]
        return list({data.inputs.integer_row(i): i for i in reversed(noticed)}.values())

    def _columns(self, layer: int, names: list[int]) -> list[tuple[list[Fraction], bool]]:
        """For every entry of a row of the layer: its readings on the samples `names`; whether they are zero nearby too."""
        columns: list[tuple[list[Fraction], bool]] = []
        if layer == 0:
            for p in range(self.point.problem.network.widths[0]):
                values = [self.point.problem.data.inputs.column(p)[i] for i in names]
                columns.append((values, not any(values)))
        else:
            for unit, quiet in zip(self.point.forward.activations[layer - 1], self.mute[layer - 1], strict=True):
                values = [unit[i] for i in names]
                columns.append((values, not any(values) and all(quiet[i] for i in names)))
        if self.point.problem.network.biases[layer]:
            columns.append(([_ONE] * len(names), not names))
        return columns

    def _takeovers(
        self, layer: int, k: int, names: list[int], kept: list[int], table: list[list[Fraction]] | None
    ) -> list[Vector]:
        """For units j: the weights above j grow by those above k, and the row of k makes up for it on the samples `names`.

        It can if j is a fixed multiple of what k passes on, or if the readings (`table`, if they are independent) allow all.
        """
        lines, sides = self.point.problem.network.activation.lines, self.sides[layer]
        noticed = [i for i, seen in enumerate(self.noticed[layer]) if seen]
        if any(left != right for left, right in (sides[k][i] for i in noticed)):
            return []
        found = []
        for j, values in enumerate(self.point.forward.activations[layer]):
            if not all(self.mute[layer][j][i] and not values[i] for i in noticed if self.mute[layer][k][i]):
                continue
            ratios = {lines[sides[j][i][0]][0] / lines[sides[k][i][0]][0] for i in names}
            straight = all(sides[j][i][0] == sides[j][i][1] and not lines[sides[j][i][0]][1] for i in names)
            if straight and len(ratios) == 1:
                ratio = ratios.pop()
                entries = {p: -ratio * value for p, value in enumerate(_row(self.point.parameters, layer, j))}
            elif table is not None and j != k:
                wanted = [-values[i] / lines[sides[k][i][0]][0] for i in names]
                change = solve_bounded_system(list(zip(*table, strict=True)), wanted, [None] * len(kept), [None] * len(kept))
                if isinstance(change, FarkasVector):
                    raise InternalError("independent readings cannot be matched")
                entries = dict(zip(kept, change.values, strict=True))
            else:
                continue
            vector = list(_placed(dimension(self.point.problem.network), self.rows[layer][k], entries))
            for above, row in zip(self.rows[layer + 1], self.point.parameters.weights[layer + 1], strict=True):
                vector[above[j]] = row[k]
            found.append(tuple(vector))
        return found


def _placed(size: int, positions: tuple[int, ...], entries: dict[int, Fraction]) -> Vector:
    vector = [Fraction(0)] * size
    for p, value in entries.items():
        vector[positions[p]] = value
    return tuple(vector)
