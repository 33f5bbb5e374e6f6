"""The best output weights for given hidden units, and the best weights of the units for given output weights, exactly."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.exact.linear_algebra import Vector, dot, primitive
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.surface.bounds.curved_fits import CurvedFits
from exactsurf.surface.bounds.term_fits import Column, TermFits
from exactsurf.surface.bounds.unit_rays import UnitRays
from exactsurf.surface.levels.level_point import risk_above

_SIMPLE = 64
"""Bits of a denominator up to which a weight is kept as it is."""

_BITS = 30
_ROUNDS = 24


def with_best_outputs(fits: TermFits | CurvedFits, parameters: Parameters) -> tuple[Fraction, Parameters]:
    """The parameters with the weights and biases of the last layer that make the risk least, and that risk.

    Exactness: exact. Raises: nothing. Source: the risk is convex in the last layer.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2], [0, 0, 1]))
    >>> here = problem.parameters(W1=[[1]], b1=[-1], W2=[[0]], b2=[5])
    >>> with_best_outputs(TermFits(problem), here)
    (Fraction(0, 1), Parameters(W1=[[1]], b1=[-1], W2=[[1]], b2=[0]))
    """
    problem, outputs = fits.problem, fits.outputs
    hidden = _hidden_values(problem, parameters)
    named: dict[Column, tuple[int, int, Fraction]] = {}
    for j, values in enumerate(hidden):
        short, length = primitive(values)
        if length:
            for k in range(outputs):
                column = tuple(value if k == axis else 0 for value in short for axis in range(outputs))
                named.setdefault(column, (k, j, length))
    fit = fits.minimum((), list(named))
    weights = [[Fraction(0)] * len(hidden) for _ in range(outputs)]
    for column, amount in fit.amounts.items():
        if column in named:
            k, j, length = named[column]
            weights[k][j] = amount / length
    # A unit that is constant on all samples has the column of the bias, which then is counted there.
    biases = tuple(Fraction(0) if column in named else fit.amounts.get(column, Fraction(0)) for column in fits.biases) or None
    found = Parameters((*parameters.weights[:-1], tuple(map(tuple, weights))), (*parameters.biases[:-1], biases))
    return risk_above(problem, found), found


def improved(
    fits: TermFits | CurvedFits, rays: UnitRays, parameters: Parameters, worth: Fraction | None = None
) -> tuple[Fraction, Parameters]:
    """Parameters of one hidden layer after steps that never raise the risk, and their risk.

    In turn the last layer is the best one, and the weights of the units are the best ones in their closed cells for the output
    weights that they have. Parameters: `worth`, a risk above which steps after the first one are not worth while.
    Exactness: exact. Raises: nothing. Source: the risk is convex in either.
    """
    best = with_best_outputs(fits, parameters)
    if worth is not None and best[0] > worth:
        return best
    for _ in range(_ROUNDS):
        moved = _with_best_weights(fits, rays, best[1])
        if moved is None:
            return best
        found = with_best_outputs(fits, moved)
        if found[0] >= best[0]:
            return best
        small = best[0] - found[0] < best[0] / 10_000
        best = found
        if small:
            return best
    return best


def _with_best_weights(fits: TermFits | CurvedFits, rays: UnitRays, here: Parameters) -> Parameters | None:
    one = here.biases[0]
    weights = [(*row, *(() if one is None else (one[j],))) for j, row in enumerate(here.weights[0])]
    named: dict[Column, tuple[int, int, Fraction]] = {}
    for j, row in enumerate(weights):
        vector, length = primitive([own[j] for own in here.weights[1]])
        if not length:
            continue
        sides = frozenset(
            (i, k, 1 if value >= t else -1)
            for i, value in ((i, dot(rays.samples[i], row)) for i in rays.classes)
            for k, t in enumerate(rays.breakpoints)
        )
        for g in rays.inside(sides):
            if rays.lengths[g]:
                column = tuple(v * value for value in rays.predictions[g] for v in vector)
                named.setdefault(column, (j, g, rays.lengths[g]))
    fit = fits.minimum(list(named))
    sums = [[Fraction(0)] * len(row) for row in weights]
    heights = [Fraction(0)] * len(weights)
    for column, amount in fit.amounts.items():
        if column in named:
            j, g, length = named[column]
            share = amount / length
            heights[j] += share * rays.apexes[g]
            sums[j] = [total + share * value for total, value in zip(sums[j], rays.weights[g], strict=True)]
    rows = []
    for total, height, old in zip(sums, heights, weights, strict=True):
        if not any(total):
            rows.append(old)
        elif not any(rays.breakpoints):
            size = max(map(abs, total))
            rows.append(tuple(_short(value / size) for value in total))
        elif not height:
            return None
        else:
            rows.append(tuple(_short(value / height) for value in total))
    if one is None:
        return Parameters((tuple(rows), here.weights[1]), here.biases)
    return Parameters((tuple(row[:-1] for row in rows), here.weights[1]), (tuple(row[-1] for row in rows), here.biases[1]))


def _hidden_values(problem: Problem, parameters: Parameters) -> list[Vector]:
    """The activations of the last hidden layer, by unit."""
    return [column.fractions() for column in problem.forward(parameters).activations[-1]]


def _short(value: Fraction) -> Fraction:
    """The value itself if it is simple, else one near it."""
    return value if value.denominator.bit_length() <= _SIMPLE else Fraction(round(value * (1 << _BITS)), 1 << _BITS)
