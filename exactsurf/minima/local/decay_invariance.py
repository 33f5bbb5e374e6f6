"""Directions along which a risk with weight decay stays the same: turning two units, and biases that are not penalised."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.minima.local.coordinate_vector import dimension, row_positions
from exactsurf.minima.local.invariance import Reading, Rows, shift_of
from exactsurf.model.point import Point
from exactsurf.model.weight_decay import WeightDecay


def tangents_with_decay(point: Point, decay: WeightDecay, has_common: bool = False) -> Matrix:
    """Tangents of flows near a point that leave the risk with weight decay as it is, also at points on walls.

    Parameters: `point` in the problem without the weight decay; `decay`; `has_common`, whether the risk sees differences of
    outputs only. Returns: vectors as of `vector_of`, not always independent. Exactness: exact. Raises: nothing.
    Source: proofs/rules/second_order.md, lemma 4; proofs/FORMAT.md, section 38.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2, 1], "linear", biases=False), es.Data.from_arrays([1], [1]))
    >>> theta = problem.parameters(W1=[[2], [0]], W2=[[3, 0]])
    >>> [list(map(int, tangent)) for tangent in tangents_with_decay(Point(problem, theta), WeightDecay(Fraction(1)))]
    [[0, -2, 0, -3]]
    """
    network, h = point.problem.network, point.problem.network.activation
    sides = [[h.pieces(z) for z in layer] for layer in point.forward.pre_activations]
    rows = row_positions(network)
    reading = Reading(point, sides, rows)
    found: list[Vector] = []
    for layer, units in enumerate(sides):
        straight = {}
        for j, unit in enumerate(units):
            if all(h.lines[left] == h.lines[right] and not h.lines[left][1] for left, right in unit):
                straight[j] = [h.slopes[left] for left, _ in unit]
            if decay.biases:
                continue
            found += shift_of(point, rows, layer, j)
            if network.biases[layer] and not reading.noticing(layer, j):
                found.append(_ones(point, [rows[layer][j][-1]]))
        found += [_rotation(point, rows, layer, j, k) for j, k in combinations(straight, 2) if straight[j] == straight[k]]
    if (has_common or point.problem.right_outputs is not None) and network.biases[-1] and not decay.biases:
        found.append(_ones(point, [row[-1] for row in rows[-1]]))
    return tuple(vector for vector in found if any(vector))


def _ones(point: Point, places: list[int]) -> Vector:
    return tuple(Fraction(int(p in places)) for p in range(dimension(point.problem.network)))


def _rotation(point: Point, rows: Rows, layer: int, j: int, k: int) -> Vector:
    """Both rows turn, and the columns of the next layer turn with them."""
    parameters, vector = point.parameters, [Fraction(0)] * dimension(point.problem.network)
    bias = parameters.biases[layer]
    for to, other, sign in (j, k, 1), (k, j, -1):
        row = (*parameters.weights[layer][other], *(() if bias is None else (bias[other],)))
        for place, value in zip(rows[layer][to], row, strict=True):
            vector[place] = sign * value
        for above, weights in zip(rows[layer + 1], parameters.weights[layer + 1], strict=True):
            vector[above[to]] = sign * weights[other]
    return tuple(vector)
