"""Points of deep networks, and of networks with several outputs, whose targets make them first-order stationary by design.

The weights come first, some of them put on walls by the biases; then residuals are chosen so that on every cell around
the point the gradient is a combination of its walls with multipliers ≥ 0, and the targets follow from the residuals.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from itertools import product

import exactsurf as es
from exactsurf.exact.bounded_system import FarkasVector, solve_bounded_system
from exactsurf.minima.local.tangent_fan import TangentFan
from exactsurf.model.point import Point

F = Fraction
SHAPES = ([1, 2, 2, 1], [1, 2, 1, 1], [2, 2, 2, 1], [1, 2, 2], [2, 2, 3], [1, 1, 2, 2], [2, 1, 1, 1, 1])
STRENGTH = F(1, 50)
ACTIVATIONS = (es.relu, es.leaky_relu("1/3"), es.absolute_value)


def plant_deep(
    rnd: random.Random,
    walls: int,
    strength: Fraction = STRENGTH,
    *,
    shapes: Sequence[list[int]] | None = None,
    activations: Sequence[es.Activation] = ACTIVATIONS,
) -> tuple[es.Problem, es.Parameters] | None:
    """A problem and a stationary point with `walls` boundary pairs (at most), or None if the draw was unlucky."""
    network = es.Network(rnd.choice(shapes or SHAPES), rnd.choice(activations))
    samples = rnd.randint(7, 12) if network.widths[-1] == 1 else rnd.randint(5, 8)
    data = [[F(rnd.randint(-4, 4)) for _ in range(network.widths[0])] for _ in range(samples)]
    blank = es.Problem(network, es.Data.from_arrays(data, [[0] * network.widths[-1]] * samples))
    values = {
        name: [[rnd.choice((-2, -1, 1, 2, F(1, 2))) for _ in range(shape[1])] for _ in range(shape[0])]
        if len(shape) == 2
        else [F(rnd.randint(-5, 5), 3) for _ in range(shape[0])]
        for name, shape in network.shapes.items()
    }
    theta = blank.parameters(**values)
    for _ in range(walls):
        layer = rnd.randint(1, network.layers - 1)
        unit = rnd.randrange(network.widths[layer])
        z = blank.forward(theta).pre_activations[layer - 1][unit][rnd.randrange(samples)]
        values[f"b{layer}"][unit] -= z  # type: ignore[index, operator]
        theta = blank.parameters(**values)
    residuals = stationary_residuals(rnd, blank, theta)
    if residuals is None:
        return None
    fitted = blank.predictions(theta)
    scale = strength / max(abs(r) for row in residuals for r in row)
    y = [[f - scale * r for f, r in zip(*rows, strict=True)] for rows in zip(fitted, residuals, strict=True)]
    return es.Problem(network, es.Data.from_arrays(data, y)), theta


def stationary_residuals(rnd: random.Random, problem: es.Problem, theta: es.Parameters) -> list[list[Fraction]] | None:
    """Residuals r ≠ 0 for which the first-order conditions hold on every cell around θ, by one linear program."""
    fan = TangentFan(Point(problem, theta))
    if len(fan.pairs) > 3:
        return None
    samples, outputs, size = len(problem.data), problem.network.widths[-1], fan.forms.size
    choices = list(product((1, -1), repeat=len(fan.pairs)))
    columns: list[list[Fraction]] = []
    lower: list[Fraction | None] = []
    for i, k in product(range(samples), range(outputs)):
        column = []
        for choice in choices:
            signs = dict(zip(fan.pairs, choice, strict=True))
            gradient = fan.sample_form(i, signs).gradient(problem.network.layers, k)
            column += [F(int(gradient[p].p), int(gradient[p].q)) if p in gradient else F(0) for p in range(size)]
        columns.append([*column, F(0)])
        lower.append(F(-1))
    for block, choice in enumerate(choices):
        signs = dict(zip(fan.pairs, choice, strict=True))
        for pair in fan.pairs:
            column = [F(0)] * (size * len(choices) + 1)
            column[block * size : (block + 1) * size] = [-value for value in fan.wall_vector(pair, signs)]
            columns.append(column)
            lower.append(F(0))
    # One residual is wished for, on a wall if there is one, so that r = 0 is no answer.
    wished = fan.pairs[0][2] if fan.pairs else rnd.randrange(samples)
    for sign in (1, -1):
        columns[wished * outputs][-1] = F(1)
        upper: list[Fraction | None] = [F(1)] * (samples * outputs) + [None] * (len(columns) - samples * outputs)
        target = [F(0)] * (size * len(choices)) + [F(sign, 4)]
        solved = solve_bounded_system(columns, target, lower, upper)
        if not isinstance(solved, FarkasVector):
            r = solved.values[: samples * outputs]
            return [list(r[i * outputs : (i + 1) * outputs]) for i in range(samples)]
    return None
