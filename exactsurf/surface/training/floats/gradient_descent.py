"""Gradient descent in floats, as networks are trained: trajectories for what is asked exactly afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import inf, isfinite

from exactsurf.errors import InputError
from exactsurf.model.floats.batch_risk import BatchRisk
from exactsurf.model.needed_problem import check_piecewise_linear
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.surface.bounds.floats.descent import layer_shapes, parameters_of

RECORDS = 40
"""Points of a trajectory that are kept unless told otherwise, the first and the last among them."""


def gradient_descent(
    problem: Problem,
    seeds: Sequence[int],
    *,
    steps: int = 2000,
    step_size: Fraction | float | str = "1/50",
    scale: Fraction | float | str = 1,
    records: int = RECORDS,
) -> list[tuple[Parameters, ...]]:
    """Plain gradient descent in doubles from random starts, one trajectory for each seed.

    Parameters: a problem with a piecewise linear activation and any loss, with weight decay or without; `seeds` of the starts:
    normal weights of variance `scale`² over the number of inputs of a layer, biases of variance `scale`²; `steps` of length
    `step_size` times the gradient, for which the slopes at breakpoints are those on the left; `records`, how many points of a
    trajectory are kept, more of the early ones.
    Returns: for every seed its points, the first and the last among them. A run that diverges ends before it does.
    Exactness: the points are the doubles that the run had, exactly; the run is a proposal, and decides nothing. Another
    machine may round differently. Raises: `InputError` for numbers out of range and for smooth activations. Source: Cauchy 1847.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    >>> run = es.gradient_descent(problem, [0])[0]
    >>> len(run) <= 40, problem.risk(run[-1]) < problem.risk(run[0])
    (True, True)
    """
    import numpy as np

    check_piecewise_linear(problem, "gradient_descent")
    rate, size = _positive(step_size, "step_size"), _positive(scale, "scale")
    if not (hasattr(steps, "__index__") and hasattr(records, "__index__") and steps >= 1 and records >= 2):
        raise InputError("a trajectory has at least one step and two records", text=f"steps={steps}, records={records}")
    if not isinstance(seeds, Iterable) or not all(isinstance(seed, int) and seed >= 0 for seed in seeds):
        raise InputError("seeds are integers from 0 on, one for each run", text=repr(seeds), fix="for example range(20)")
    try:
        risk, network = BatchRisk(problem), problem.network
    except OverflowError:
        raise InputError("the problem has numbers beyond doubles", fix="scale the data") from None
    kept = _kept(steps, records)
    starts = []
    for seed in seeds:
        source, start = np.random.default_rng(seed), []
        for below, shape, bias in zip(network.widths, layer_shapes(problem), network.biases, strict=False):
            weights = source.normal(size=shape) * size
            weights[:, : shape[1] - bias] /= np.sqrt(below)
            start.append(weights)
        starts.append(start)
    runs = [[parameters_of(problem, start)] for start in starts]
    points = [np.array(layer) for layer in zip(*starts, strict=True)]
    running = set(range(len(runs)))
    with np.errstate(all="ignore"):
        for step in range(1, steps + 1 if running else 1):
            _, slopes = risk.at(points)
            points = [matrix - rate * slope for matrix, slope in zip(points, slopes, strict=True)]
            if step in kept:
                running = {k for k in running if all(np.isfinite(matrix[k]).all() for matrix in points)}
                for k in running:
                    runs[k].append(parameters_of(problem, [matrix[k] for matrix in points]))
    return [tuple(run) for run in runs]


def _kept(steps: int, records: int) -> frozenset[int]:
    """The steps behind which a point is kept: the last one, and earlier ones in a geometric sequence."""
    return frozenset(max(1, round(steps ** (k / (records - 1)))) for k in range(1, records))


def _positive(value: Fraction | float | str, name: str) -> float:
    try:
        number = float(Fraction(value))
    except OverflowError:
        number = inf
    except (TypeError, ValueError, ZeroDivisionError):
        number = 0.0
    if not isfinite(number) or number <= 0:
        raise InputError(f"{name} must be a positive number that a double holds", text=str(value), fix="for example 1/50")
    return number
