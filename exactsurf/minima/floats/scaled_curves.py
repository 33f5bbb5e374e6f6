"""Curves on which every parameter moves at a rate of its own, and whose coefficients a descent in floats has found."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.effort import Effort
from exactsurf.minima.floats.drawn_curves import Curve, DrawnCurves, evidence_along, goes_down
from exactsurf.minima.local.coordinate_vector import dimension, row_positions
from exactsurf.model.floats.batch_risk import BatchRisk
from exactsurf.model.parameter_vector import vector_of
from exactsurf.model.point import Point

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    Array = NDArray[Any]

_TOGETHER = 512
"""Most curves at once."""

_WORK = 400_000
"""Most floats in the layers of one step of the descent."""

_STEPS = 150
_STEP = 2.0**-5
"""Where the descent looks at the risk; a curve must be lower at a quarter of that too, since one fall may be far away."""

_LONGEST = 4.0
_NOISE = 1e-13
"""A fall below this part of the risk may be rounding."""

_GRIDS = (1, 2, 4, 16, 64, 1024)
"""Denominators to which coefficients are rounded, the shortest that serves."""

_EXACT = 8
"""Most curves of one round whose series is computed exactly."""


def find_scaled_curve(point: Point, effort: Effort, rounds: int) -> DescentCurve | None:
    """A curve θ + (t^p u) with a power p ∈ {1, 2, 3} by parameter along which the risk falls; None if none is found.

    Parameters: `point` of a piecewise linear network with a loss by pieces; `effort`, whose time is bounded; `rounds`, each
    with fresh powers and starts.
    Where parameters grow at fitting rates, a leading part of the risk is a function of u alone. It may be negative only where
    several units keep close to their kinks together, on a cone that is too thin to be hit by a draw: a descent of the risk at
    one small t, in u, moves into it. Exactness: exact; floats only propose u. Raises: `OutOfTime`.
    Source: proofs/rules/curve.md; Kingma and Ba, "Adam", ICLR 2015, for the steps.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2, 2, 1], biases=False), es.Data.from_arrays([1, -1, 2], [1, 2, -1]))
    >>> zero = problem.parameters(W1=[[0], [0]], W2=[[0, 0], [0, 0]], W3=[[0, 0]])
    >>> find_scaled_curve(Point(problem, zero), es.Effort(), 1).order
    3
    """
    import numpy as np

    network = point.problem.network
    source = np.random.default_rng(1)
    count = min(_TOGETHER, _WORK // (len(point.problem.data) * sum(network.widths) + dimension(network)))
    if not count:
        return None
    for _ in range(rounds):
        draw = _drawn(source, (count, dimension(network)))
        try:
            with np.errstate(all="ignore"):
                draw, falls = _descended(point, draw, effort)
        except OverflowError:
            return None
        for row in falls[:_EXACT]:
            for grid in _GRIDS:
                effort.check()
                curve = DrawnCurves(draw.power, np.round(draw.first * grid) / grid, draw.second).coefficients(int(row))
                if goes_down(point, curve):
                    return evidence_along(point, _rounded(point, curve, grid, effort), effort)
    return None


def _rounded(point: Point, curve: Curve, grid: int, effort: Effort) -> Curve:
    """The curve with shorter entries, where it still goes down."""
    for power, vector in enumerate(curve):
        for place, value in enumerate(vector):
            for coarse in _GRIDS[: _GRIDS.index(grid)]:
                effort.check()
                shorter = [list(entries) for entries in curve]
                shorter[power][place] = Fraction(round(value * coarse), coarse)
                if shorter[power][place] == value or goes_down(point, shorter):
                    curve = shorter
                    break
    return curve


def _drawn(source: Generator, shape: tuple[int, int]) -> DrawnCurves:
    """Powers and starts; few, most or all parameters move."""
    import numpy as np

    power = source.choice([1, 2, 3], p=[0.5, 0.35, 0.15], size=shape)
    moves = source.random(shape) < source.choice([0.4, 0.7, 1], size=(shape[0], 1))
    return DrawnCurves(power, np.where(moves, source.normal(size=shape), 0), np.zeros(shape))


def _descended(point: Point, draw: DrawnCurves, effort: Effort) -> tuple[DrawnCurves, Array]:
    """The lowest curves that a descent has met, and which of them fall at both steps, the deepest first."""
    import numpy as np

    batch, positions = BatchRisk(point.problem), [np.array(layer) for layer in row_positions(point.problem.network)]
    here, risk = np.array(vector_of(point.parameters), dtype=float), float(point.risk)
    scale = np.where(draw.first != 0, _STEP**draw.power, 0)
    u, mean, square = draw.first.copy(), np.zeros_like(scale), np.zeros_like(scale)
    lowest, found = np.full(len(u), np.inf), u.copy()
    for step in range(1, _STEPS + 1):
        effort.check()
        moved = here + scale * u
        values, slopes = batch.at([moved[:, where] for where in positions])
        better = values < lowest
        lowest[better], found[better] = values[better], u[better]
        slope = np.zeros_like(u)
        for where, part in zip(positions, slopes, strict=True):
            slope[:, where.ravel()] = part.reshape(len(part), -1)
        slope *= scale
        mean += 0.1 * (slope - mean)
        square += 0.01 * (slope * slope - square)
        rate = 0.1 * (1 - step / (_STEPS + 1))
        u -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-300)
        np.clip(u, -_LONGEST, _LONGEST, out=u)
    draw = DrawnCurves(draw.power, found, draw.second)
    moved = here + draw.at(_STEP / 4)
    noise, nearer = _NOISE * (1 + risk), batch.values([moved[:, where] for where in positions])
    falls = np.flatnonzero((lowest < risk - noise) & (nearer < risk - noise))
    return draw, falls[np.argsort(nearer[falls], kind="stable")]
