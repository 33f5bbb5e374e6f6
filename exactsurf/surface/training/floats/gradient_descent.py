"""Gradient descent in floats, as networks are trained: trajectories for what is asked exactly afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import inf, isfinite, sqrt
from typing import TYPE_CHECKING

from exactsurf.errors import InputError
from exactsurf.exact.number import whole_number
from exactsurf.minima.local.coordinate_vector import row_positions
from exactsurf.model.floats.batch_risk import BatchRisk
from exactsurf.model.needed_problem import check_piecewise_linear
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.surface.bounds.floats.descent import layer_shapes, parameters_of

if TYPE_CHECKING:
    import numpy as np

    from exactsurf.model.floats.batch_risk import Floats

RECORDS = 40
"""Points of a trajectory that are kept unless told otherwise, the first and the last among them."""


def gradient_descent(
    problem: Problem | RestrictedProblem,
    seeds: Sequence[int],
    *,
    steps: int = 2000,
    step_size: Fraction | float | str = "1/50",
    scale: Fraction | float | str = 1,
    records: int = RECORDS,
) -> list[tuple[Parameters, ...]]:
    """Plain gradient descent in doubles from random starts, one trajectory for each seed.

    Parameters: a problem with a piecewise linear activation and any loss, with weight decay or without; `seeds` of the starts:
    normal weights of variance `scale`² over the number of inputs of a layer, biases of variance `scale`², and free parameters of
    a restricted problem, which are what descends there, of variance `scale`²; `steps` of length
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

    whole = problem.unrestricted if isinstance(problem, RestrictedProblem) else problem
    check_piecewise_linear(whole, "gradient_descent")
    rate, size = _positive(step_size, "step_size"), _positive(scale, "scale")
    try:
        steps, records = whole_number(steps, "steps"), whole_number(records, "records", least=2)
    except InputError:
        raise InputError("a trajectory has at least one step and two records", text=f"steps={steps}, records={records}") from None
    if not isinstance(seeds, Iterable) or not all(isinstance(seed, int) and seed >= 0 for seed in seeds):
        raise InputError("seeds are integers from 0 on, one for each run", text=repr(seeds), fix="for example range(20)")
    try:
        risk = BatchRisk(whole)
        free = _FreeCoordinates(problem) if isinstance(problem, RestrictedProblem) else _Coordinates(problem)
    except OverflowError:
        raise InputError("the problem has numbers beyond doubles", fix="scale the data") from None
    kept = _kept(steps, records)
    starts = [free.drawn(np.random.default_rng(seed), size) for seed in seeds]
    runs = [[free.parameters(start)] for start in starts]
    points = [np.array(layer) for layer in zip(*starts, strict=True)]
    running = set(range(len(runs)))
    with np.errstate(all="ignore"):
        for step in range(1, steps + 1 if running else 1):
            _, slopes = risk.at(free.layers(points))
            points = [matrix - rate * slope for matrix, slope in zip(points, free.pulled(slopes), strict=True)]
            if step in kept:
                running = {k for k in running if all(np.isfinite(matrix[k]).all() for matrix in points)}
                for k in running:
                    runs[k].append(free.parameters([matrix[k] for matrix in points]))
    return [tuple(run) for run in runs]


@dataclass(frozen=True)
class _Coordinates:
    """What descends: the matrices of all layers, a bias in the last column."""

    problem: Problem

    def drawn(self, source: np.random.Generator, size: float) -> list[Floats]:
        """A start."""
        network, start = self.problem.network, []
        for below, shape, bias in zip(network.widths, layer_shapes(self.problem), network.biases, strict=False):
            weights = source.normal(size=shape) * size
            weights[:, : shape[1] - bias] /= sqrt(below)
            start.append(weights)
        return start

    def parameters(self, point: list[Floats]) -> Parameters:
        """The parameters at one point, exactly."""
        return parameters_of(self.problem, point)

    def layers(self, points: list[Floats]) -> list[Floats]:
        """The matrices of the layers at many points."""
        return points

    def pulled(self, slopes: list[Floats]) -> list[Floats]:
        """The slopes along the coordinates, from those along the entries of the matrices."""
        return slopes


@dataclass(frozen=True)
class _FreeCoordinates:
    """What descends: the free parameters of a restriction, as a single row."""

    problem: RestrictedProblem

    @cached_property
    def _parts(self) -> list[tuple[Floats, Floats]]:
        """Of every layer the offset and the directions, as matrices."""
        import numpy as np

        restriction = self.problem.restriction
        table = np.array([list(map(float, vector)) for vector in (restriction.origin, *restriction.directions)])
        layers = [table[:, np.array(rows)] for rows in row_positions(restriction.network)]
        return [(layer[0], layer[1:]) for layer in layers]

    def drawn(self, source: np.random.Generator, size: float) -> list[Floats]:
        """A start."""
        return [source.normal(size=self.problem.restriction.dimension) * size]

    def parameters(self, point: list[Floats]) -> Parameters:
        """The parameters at one point, exactly: the free ones are the doubles that the run had."""
        return self.problem.restriction.at([Fraction(float(value)) for value in point[0]])

    def layers(self, points: list[Floats]) -> list[Floats]:
        """The matrices of the layers at many points."""
        import numpy as np

        return [offset + np.tensordot(points[0], directions, axes=1) for offset, directions in self._parts]

    def pulled(self, slopes: list[Floats]) -> list[Floats]:
        """The slopes along the coordinates, from those along the entries of the matrices."""
        import numpy as np

        pairs = zip(slopes, self._parts, strict=True)
        return [sum(np.einsum("nij,kij->nk", slope, directions) for slope, (_, directions) in pairs)]


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
