"""Points that are critical for a loss by expression, planted by weights of the samples that solve its equations."""

from __future__ import annotations

import random
from fractions import Fraction

import exactsurf as es
from exactsurf.exact.bounded_system import FarkasVector, solve_bounded_system
from exactsurf.model.loss_slopes import exact_slopes
from exactsurf.model.losses import loss_from
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem


def planted(source: random.Random, loss: str, outputs: int, units: int, samples: int) -> tuple[Problem, Parameters] | None:
    """A small ReLU network at which all first order equations hold, atom by atom; samples on walls have what weights they get."""
    named = {
        "W1": [[source.choice([-1, 1])] for _ in range(units)],
        "b1": [source.choice([-2, -1, 0, 1, 2]) for _ in range(units)],
        "W2": [[source.choice([0, 1, -1]) for _ in range(units)] for _ in range(outputs)],
        "b2": [source.choice([0, 0, "1/2"]) for _ in range(outputs)],
    }
    x = [source.randint(-3, 3) for _ in range(samples)]
    y = [source.randint(0, outputs - 1) if outputs > 1 else source.choice([0, 1]) for _ in range(samples)]
    network, chosen = es.Network([1, units, outputs]), loss_from(loss)
    problem = es.Problem(network, es.Data.from_arrays(x, y), chosen)
    theta = problem.parameters(**named)
    slopes = exact_slopes(problem, problem.predictions(theta))
    atoms = sorted({atom for row in slopes for slope in row for atom, _ in slope.terms})
    active = [[value > 0 for value in z.fractions()] for z in problem.forward(theta).pre_activations[0]]
    zero, equations = Fraction(0), []
    for k in range(outputs):
        for atom in atoms:
            column = [row[k].coefficients.get(atom, zero) for row in slopes]
            equations.append(column)
            for on in active:
                equations.append([c if a else zero for c, a in zip(column, on, strict=True)])
                equations.append([c * xi if a else zero for c, xi, a in zip(column, x, on, strict=True)])
    one = [Fraction(1)] * samples
    found = solve_bounded_system(
        [[row[i] for row in equations] for i in range(samples)], [zero] * len(equations), one, [8 * value for value in one]
    )
    if isinstance(found, FarkasVector):
        return None
    return es.Problem(network, es.Data.from_arrays(x, y, weights=found.values), chosen), theta
