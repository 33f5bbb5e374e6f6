"""One hidden layer, one output, a loss with kinks, and units of output weight 0: a proof signed cell by signed cell.

Near a unit with output weight 0 its weight has either sign. For each choice of signs and each cell, the frozen risk of
the unit must not be negative in the sense of that sign; the subgradients may differ from one signed cell to the next.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from exactsurf.certificate.evidence import ConeNode, ConvexCells, CriticalCone, Pair, PairSplit, WeightSplit
from exactsurf.exact.bounded_system import FarkasVector
from exactsurf.exact.linear_algebra import Vector
from exactsurf.minima.cell_programs import CellPrograms
from exactsurf.minima.coordinate_vector import row_positions
from exactsurf.minima.multiplier_system import MultiplierSystem, critical_cone, first_order_system
from exactsurf.model.forward import ForwardPass
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

_ZERO = Fraction(0)
_LEAST = tuple(Fraction(1, 16**power) for power in range(4))
"""How positive the frozen risk of a unit is wished to be; the first wish that can be fulfilled is taken."""


def prove_signed_cells(
    problem: Problem, parameters: Parameters, forward: ForwardPass, risk: Fraction, *, max_cones: int
) -> ConvexCells | None:
    """A proof for a point with units of output weight 0, or None if none was found.

    Parameters: a problem with one hidden layer and one output; `forward` and `risk` at the point; `max_cones`, the most leaves.
    Exactness: exact; sufficient, not complete. Raises: nothing. Source: theory.md, section 3; proofs/convex_cells.md.

    >>> from exactsurf.model.data import Data
    >>> from exactsurf.model.network import Network
    >>> data = Data.from_arrays([[1, 0], [2, 0], [1, 1]], [0, 0, 1])
    >>> problem = Problem(Network([2, 1, 1], biases=False), data, "absolute")
    >>> theta = problem.parameters(W1=[[1, 0]], W2=[[0]])
    >>> forward = problem.forward(theta)
    >>> len(prove_signed_cells(problem, theta, forward, problem.risk(theta), max_cones=10).nodes)
    3
    """
    dead = [j for j, weight in enumerate(parameters.weights[1][0]) if not weight]
    pairs = list(CellPrograms(problem, parameters, forward, risk).fan.pairs)
    if (1 << len(dead) + len(pairs)) > max_cones:
        return None
    nodes: list[ConeNode | None] = [None]
    pending: list[tuple[int, dict[int, int], dict[Pair, int]]] = [(0, {}, {})]
    programs: dict[tuple[int, ...], CellPrograms] = {}
    while pending:
        index, weights, signs = pending.pop()
        choices = [({**weights, dead[len(weights)]: sign}, signs) for sign in (1, -1)] if len(weights) < len(dead) else []
        if choices:
            nodes[index] = WeightSplit(dead[len(weights)], len(nodes), len(nodes) + 1)
        elif len(signs) < len(pairs):
            nodes[index] = PairSplit(pairs[len(signs)], len(nodes), len(nodes) + 1)
            choices = [(weights, {**signs, pairs[len(signs)]: sign}) for sign in (1, -1)]
        if choices:
            pending += [(len(nodes) + k, *choice) for k, choice in enumerate(choices)]
            nodes += [None, None]
            continue
        key = tuple(weights.values())
        if key not in programs:
            # With ±1 in the place of 0 the weights of such a unit count in the first-order conditions.
            programs[key] = CellPrograms(problem, _signed(parameters, weights), forward, risk)
        leaf = _leaf(programs[key], weights, signs)
        if leaf is None:
            return None
        nodes[index] = leaf
    return ConvexCells(tuple(node for node in nodes if node is not None))


def _signed(parameters: Parameters, weights: dict[int, int]) -> Parameters:
    row = tuple(Fraction(weights[j]) if j in weights else value for j, value in enumerate(parameters.weights[1][0]))
    return Parameters((parameters.weights[0], (row,)), parameters.biases)


def _leaf(local: CellPrograms, weights: dict[int, int], signs: dict[Pair, int]) -> CriticalCone | None:
    system = first_order_system(local, signs)[0]
    rows = row_positions(local.problem.network)
    size = len(system.gradient)
    # The weight of a dead unit has a wall too: it does not change its sign.
    own = {(2, j, 0): tuple(Fraction(sign) if p == rows[1][0][j] else _ZERO for p in range(size)) for j, sign in weights.items()}
    full = replace(system, walls={**system.walls, **own})
    for count in range(len(weights), -1, -1):
        for chosen in combinations(weights, count):
            for least in _LEAST if count else (_ZERO,):
                left_out = {p for j in chosen for p in rows[0][j]}
                solved = _without(full, left_out).solve({(2, j, 0): least for j in chosen})
                if isinstance(solved, FarkasVector):
                    continue
                walls = len(system.walls)
                kept = [_ZERO if pair[1] in chosen else value for pair, value in zip(system.walls, solved, strict=False)]
                return replace(critical_cone(system, (*kept, *solved[walls + len(own) :])), positive=chosen)
    return None


def _without(system: MultiplierSystem, positions: set[int]) -> MultiplierSystem:
    """The conditions without those of some parameters."""

    def cut(vector: Vector) -> Vector:
        return tuple(value for p, value in enumerate(vector) if p not in positions)

    return MultiplierSystem(
        {name: cut(wall) for name, wall in system.walls.items()},
        {name: cut(kink) for name, kink in system.kinks.items()},
        system.intervals,
        cut(system.gradient),
    )
