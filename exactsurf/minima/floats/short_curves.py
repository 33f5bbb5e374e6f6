"""Curves with few and small coefficients, drawn at random and tried in floats, as proposals for rule `curve`."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.effort import Effort
from exactsurf.exact.linear_algebra import Vector
from exactsurf.minima.floats.drawn_curves import Curve, DrawnCurves, evidence_along, goes_down
from exactsurf.minima.local.coordinate_vector import dimension, row_positions
from exactsurf.model.floats.batch_risk import BatchRisk
from exactsurf.model.network import Network
from exactsurf.model.parameter_vector import vector_of
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    Array = NDArray[Any]

FEW, MANY = 2_000, 40_000
"""Curves that are drawn where cheap rules have answered nothing, and where no rule has."""

_ROUND = 10_000
"""Most curves at once."""

_ROUNDS = 4
"""Most rounds: of a large network fewer curves are drawn."""

_WORK = 20_000_000
"""Most floats in the layers of one round, which makes about 200 MB."""

_SUPPORT = 7
"""Most parameters that move, where they need not lie on one path of units."""

_AT_ONCE = 2_000_000
"""Most floats between two looks at the clock."""

_STEPS = (2**-4, 2**-6)
"""Where a curve must be lower: twice, since one fall may be far away from the point."""

_NOISE = 1e-12
"""A fall below this part of the risk may be rounding."""

_EXACT = 40
"""Most curves of one round whose series is computed exactly."""


def find_short_curve(point: Point, effort: Effort, curves: int = MANY) -> DescentCurve | None:
    """A curve along which the risk falls, in which few parameters move, or those along one path of units; None if none is found.

    Parameters: `point` of a piecewise linear network with a loss by pieces; `effort`, whose time is bounded; how many `curves`
    are drawn.
    At a saddle of high order, as where all weights are 0, descent needs several weights that grow together, at rates t, t², …;
    small integers and halves are tried for them, with a fixed seed.
    Exactness: exact; floats only choose among the curves. Raises: `OutOfTime`. Source: proofs/rules/curve.md.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2, 2, 1], biases=False), es.Data.from_arrays([1, -1, 2], [1, 2, -1]))
    >>> zero = problem.parameters(W1=[[0], [0]], W2=[[0, 0], [0, 0]], W3=[[0, 0]])
    >>> find_short_curve(Point(problem, zero), es.Effort()).order
    3
    """
    for curve in proposed_curves(point.problem, vector_of(point.parameters), point.risk, effort, curves):
        if goes_down(point, curve):
            return evidence_along(point, curve, effort)
    return None


def proposed_curves(problem: Problem, here: Vector, risk: Fraction, effort: Effort, curves: int) -> Iterator[Curve]:
    """Short curves along which the risk is lower at some steps, as floats see it, those with few and low powers first.

    Parameters: `problem`, of which `BatchRisk` has values; `here`, a point as a vector; `risk`, its risk or a number near it;
    `effort`, whose time is bounded; how many `curves` are drawn.
    Exactness: none, floats; to be decided exactly. Raises: `OutOfTime`. Source: proofs/rules/curve.md.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1], biases=False), es.Data.from_arrays([1], [1]))
    >>> zero = (Fraction(0), Fraction(0))
    >>> next(proposed_curves(problem, zero, Fraction(1, 2), es.Effort(), FEW))[0]
    [Fraction(1, 1), Fraction(1, 1)]
    """
    import numpy as np

    network = problem.network
    source = np.random.default_rng(0)
    count = min(curves, _ROUND, _WORK // (len(problem.data) * max(network.widths) + dimension(network)))
    for _ in range(min(curves // count, _ROUNDS) if count else 0):
        effort.check()
        draw = _draw(network, source, count)
        chosen = _falling(problem, here, risk, draw, effort)
        for row in chosen[np.argsort(draw.size[chosen], kind="stable")][:_EXACT]:
            effort.check()
            yield draw.coefficients(int(row))


def _falling(problem: Problem, here: Vector, risk: Fraction, draw: DrawnCurves, effort: Effort) -> Array:
    """Which curves are seen to be lower at all steps; none where numbers are beyond doubles."""
    import numpy as np

    falls = np.ones(len(draw.power), dtype=bool)
    together = max(1, _AT_ONCE // (len(problem.data) * sum(problem.network.widths)))
    try:
        start, level = np.array(here, dtype=float), float(risk)
        batch, positions = BatchRisk(problem), [np.array(layer) for layer in row_positions(problem.network)]
        with np.errstate(all="ignore"):
            for step in _STEPS:
                moved, left = start + draw.at(step), np.flatnonzero(falls)
                for first in range(0, len(left), together):
                    effort.check()
                    part = left[first : first + together]
                    falls[part] = batch.values([moved[part][:, where] for where in positions]) < level - _NOISE * (1 + level)
    except OverflowError:
        falls[:] = False
    return np.flatnonzero(falls)


def _draw(network: Network, source: Generator, count: int) -> DrawnCurves:
    """Half of the curves move any few parameters, the others parameters along one path of units."""
    import numpy as np

    shape = (count, dimension(network))
    size = source.integers(1, min(shape[1], _SUPPORT) + 1, size=count)
    # The least entries of each row: to order all of them would take several times as long.
    drawn, most = source.random(shape), min(shape[1], _SUPPORT)
    least = drawn.argpartition(most - 1, axis=1)[:, :most]
    least = np.take_along_axis(least, np.take_along_axis(drawn, least, 1).argsort(axis=1), 1)
    moves = np.zeros(shape, dtype=bool)
    np.put_along_axis(moves, least, np.arange(most) < size[:, None], 1)
    paths = _on_paths(network, source, count // 2)
    moves[: count // 2] = paths & (source.random(paths.shape) < source.choice([0.6, 1], size=count // 2)[:, None])
    power = source.choice([1, 2, 3], p=[0.6, 0.3, 0.1], size=shape)
    first = source.choice([1, -1, 2, -2, 0.5, -0.5], p=[0.35, 0.35, 0.1, 0.1, 0.05, 0.05], size=shape)
    second = source.choice([0, 1, -1, 2, -2], p=[0.8, 0.06, 0.06, 0.04, 0.04], size=shape)
    return DrawnCurves(power, np.where(moves, first, 0), np.where(moves, second, 0))


def _on_paths(network: Network, source: Generator, count: int) -> Array:
    """Which parameters lie on a path through one random unit of each layer, for `count` paths."""
    import numpy as np

    moves = np.zeros((count, dimension(network)), dtype=bool)
    each, below = np.arange(count), None
    for positions, has_bias in zip(row_positions(network), network.biases, strict=True):
        table = np.array(positions)
        unit = source.integers(0, len(table), size=count)
        if below is None:
            for column in table.T:
                moves[each, column[unit]] = True
        else:
            moves[each, table[unit, below]] = True
            if has_bias:
                moves[each, table[unit, -1]] = True
        below = unit
    return moves
