"""The minimisers of the risk in one open cell, one hidden layer and one output, by components: a second algorithm.

It shares with exactsurf.surface.in_cell_components the theorem and nothing else.

In the cell the predictions are linear in the product variables p_k = v_k w_k (and v_k), and all minimisers of a strictly
convex risk have the same predictions ŷ. For a sign vector σ of the output weights the minimisers with sgn(v) = σ are a
product of convex sets, so they are connected; those of σ and σ′ touch if σ arises from σ′ by putting zeros. Hence the
components of the minimiser set are the components of this order on the sign vectors that occur (papers.md, section 2:
one valley); each is decided by one linear system.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product

from exactsurf.cells.activation_pattern import ActivationPattern, activation_pattern
from exactsurf.errors import UnsupportedError
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.strict_system import MotzkinMultipliers, solve_strict_system
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

MAX_UNITS = 5
"""Most hidden units: the number of linear systems is 3 to this power."""

Signs = tuple[int, ...]


@dataclass(frozen=True)
class CellMinimisers:
    """The sign vectors of the output weights that occur among the minimisers, in connected components.

    Attributes: `components`, sets of sign vectors; `witnesses`, a minimiser for each of them; `excluded`, for each other sign
    vector the multipliers that exclude it.
    """

    components: tuple[frozenset[Signs], ...]
    witnesses: dict[Signs, Parameters]
    excluded: dict[Signs, MotzkinMultipliers]

    def component_of(self, signs: Signs) -> int:
        """The number of the component that holds the minimisers with these signs."""
        return next(k for k, component in enumerate(self.components) if signs in component)


def output_signs(parameters: Parameters) -> Signs:
    """sgn(v) of a network with one hidden layer and one output."""
    return tuple((v > 0) - (v < 0) for v in parameters.weights[1][0])


def cell_minimisers(problem: Problem, parameters: Parameters) -> CellMinimisers:
    """The minimisers of the risk in the cell of `parameters`, which is one of them, by connected components.

    Parameters: `problem` with one hidden layer of at most 5 units, one output and a strictly convex loss; `parameters`, a
    minimiser of the risk in its open cell. Exactness: exact; every sign vector has a witness or multipliers that exclude it.
    Raises: `UnsupportedError` for other networks and for points on a wall. Source: papers.md, section 2.
    """
    network = problem.network
    if network.layers != 2 or network.widths[-1] != 1 or network.widths[1] > MAX_UNITS:
        raise UnsupportedError(f"components are decided for one hidden layer of at most {MAX_UNITS} units and one output")
    pattern = activation_pattern(problem, parameters)
    if not pattern.is_interior:
        raise UnsupportedError("the point lies on a wall", "choose a point inside a cell")
    target = problem.forward(parameters).outputs[0].fractions()
    witnesses: dict[Signs, Parameters] = {}
    excluded: dict[Signs, MotzkinMultipliers] = {}
    for signs in product((1, -1, 0), repeat=network.widths[1]):
        found = _with_signs(problem, parameters, pattern, target, signs)
        if isinstance(found, Parameters):
            witnesses[signs] = found
        else:
            excluded[signs] = found
    return CellMinimisers(_components(list(witnesses)), witnesses, excluded)


def _with_signs(
    problem: Problem, parameters: Parameters, pattern: ActivationPattern, target: Vector, signs: Signs
) -> Parameters | MotzkinMultipliers:
    """A point of the cell with these predictions and sgn(v), or multipliers against it.

    Unknowns: p_k and v_k of the units with σ_k ≠ 0, the output bias c, and a scale τ > 0 that makes everything homogeneous.
    """
    network, zero, one = problem.network, Fraction(0), Fraction(1)
    h, (hidden_bias, output_bias) = network.activation, network.biases
    rows = [(*row, one) if hidden_bias else row for row in problem.data.x]
    used, width = [k for k, sign in enumerate(signs) if sign], len(rows[0])
    start = {k: position * (width + 1) for position, k in enumerate(used)}
    size = len(used) * (width + 1) + int(output_bias) + 1
    scale = [zero] * (size - 1) + [one]
    strict, equal = [scale], []
    for k in used:
        positive = [zero] * size
        positive[start[k] + width] = Fraction(signs[k])
        strict.append(positive)
    for i, row in enumerate(rows):
        prediction = [zero] * size
        for k in used:
            piece = pattern.pieces[0][k][i] or 0
            slope, intercept = h.lines[piece]
            prediction[start[k] : start[k] + width + 1] = [*(slope * value for value in row), intercept]
            if not any(row):
                continue  # the pre-activation is zero on the whole cell and has no wall
            ends = (
                (h.breakpoints[piece - 1], 1) if piece > 0 else None,
                (h.breakpoints[piece], -1) if piece < len(h.breakpoints) else None,
            )
            for end in ends:
                if end is not None:
                    wall, side = [zero] * size, end[1] * signs[k]
                    wall[start[k] : start[k] + width + 1] = [*(side * value for value in row), -side * end[0]]
                    strict.append(wall)
        if output_bias:
            prediction[-2] = one
        prediction[-1] = -target[i]
        equal.append(prediction)
    found = solve_strict_system(strict, equal)
    if isinstance(found, MotzkinMultipliers):
        return found
    weights, biases = [list(row) for row in parameters.weights[0]], list(parameters.biases[0] or ())
    outer = [zero] * len(signs)
    for k in used:
        *product, v = found[start[k] : start[k] + width + 1]
        moved = [value / v for value in product]
        weights[k], outer[k] = moved[: problem.data.inputs.columns], v / found[-1]
        if hidden_bias:
            biases[k] = moved[-1]
    shift = (found[-2] / found[-1],) if output_bias else None
    return Parameters((tuple(map(tuple, weights)), (tuple(outer),)), (tuple(biases) if hidden_bias else None, shift))


def _components(signs: list[Signs]) -> tuple[frozenset[Signs], ...]:
    group = {s: {s} for s in signs}
    for first, second in combinations(signs, 2):
        comparable = all(a in (0, b) for a, b in zip(first, second, strict=True)) or all(
            b in (0, a) for a, b in zip(first, second, strict=True)
        )
        if comparable and group[first] is not group[second]:
            merged = group[first] | group[second]
            for member in merged:
                group[member] = merged
    return tuple({id(g): frozenset(g) for g in group.values()}.values())
