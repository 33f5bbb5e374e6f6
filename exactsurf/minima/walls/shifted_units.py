"""Hidden units in one piece on all samples: a change of their bias is taken off by the biases of the next layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from exactsurf.minima.local.coordinate_vector import row_positions
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.model.wall import Wall

Shifted: TypeAlias = tuple[tuple[int, int], ...]
"""Units (layer, unit), in order, whose biases are held."""


def shifted_units(problem: Problem, point: Parameters, walls: Sequence[Wall]) -> Shifted:
    """The units on no wall which lie in one piece on all samples, and whose biases can be changed without any effect.

    Neither their bias nor, unless their slope is 0, those of the next layer may be penalised by weight decay.
    Exactness: exact. Raises: `ShapeError`. Source: proofs/claims/minimum_on_walls.md.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1], [0, 1]), weight_decay=1)
    >>> shifted_units(problem, problem.parameters(W1=[[1], [1]], b1=[1, "-1/2"], W2=[[1, 1]], b2=[0]), [])
    ((1, 0),)
    """
    h, found = problem.network.activation, list[tuple[int, int]]()
    on_walls = {(wall.layer, wall.unit) for wall in walls}
    for layer, columns in enumerate(problem.forward(point).pre_activations, start=1):
        if not _has_free_biases(problem, layer):
            continue
        for unit, column in enumerate(columns):
            pieces = set(h.pieces(column))
            if (layer, unit) in on_walls or len(pieces) != 1:
                continue
            left, right = pieces.pop()
            if left == right and (not h.slopes[left] or _has_free_biases(problem, layer + 1)):
                found.append((layer, unit))
    return tuple(found)


def shifted_positions(problem: Problem, shifted: Shifted) -> set[int]:
    """Where the biases of these units stand in the vector of parameters."""
    positions = row_positions(problem.network)
    return {positions[layer - 1][unit][-1] for layer, unit in shifted}


def _has_free_biases(problem: Problem, layer: int) -> bool:
    return problem.network.biases[layer - 1] and (problem.decay is None or not problem.decay.biases)
