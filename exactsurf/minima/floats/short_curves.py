"""Curves with few and small coefficients, drawn at random and tried in floats, as proposals for rule `curve`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.effort import Effort
from exactsurf.minima.local.coordinate_vector import dimension, row_positions
from exactsurf.minima.local.risk_series import descend_along, leading_order, risk_series
from exactsurf.model.floats.batch_risk import BatchRisk
from exactsurf.model.network import Network
from exactsurf.model.parameter_vector import parameters_of, vector_of
from exactsurf.model.point import Point

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

_POWERS = 4


@dataclass(frozen=True)
class _Draw:
    """Curves θ + a t^p + b t^(p+1), by entry: arrays `power` p, `first` a and `second` b of shape (curves, parameters)."""

    power: Array
    first: Array
    second: Array

    def at(self, step: float) -> Array:
        """The displacements at t = `step`."""
        powers: Array = step**self.power
        return (self.first + self.second * step) * powers

    @property
    def size(self) -> Array:
        """The sum of all powers of t, by curve: few and low ones make short certificates."""
        sizes: Array = (self.power * (self.first != 0) + (self.power + 1) * (self.second != 0)).sum(axis=1)
        return sizes

    def coefficients(self, row: int) -> list[list[Fraction]]:
        """c_1, c_2, … of one curve, as vectors."""
        found = [[Fraction(0)] * self.power.shape[1] for _ in range(_POWERS)]
        for place, (power, first, second) in enumerate(zip(self.power[row], self.first[row], self.second[row], strict=True)):
            found[power - 1][place] += Fraction(float(first))
            found[power][place] += Fraction(float(second))
        return found


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
    import numpy as np

    problem, network = point.problem, point.problem.network
    source = np.random.default_rng(0)
    count = min(curves, _ROUND, _WORK // (len(problem.data) * max(network.widths) + dimension(network)))
    for _ in range(min(curves // count, _ROUNDS) if count else 0):
        effort.check()
        draw = _draw(network, source, count)
        chosen = _falling(point, draw, effort)
        for row in chosen[np.argsort(draw.size[chosen], kind="stable")][:_EXACT]:
            effort.check()
            curve = draw.coefficients(int(row))
            if _goes_down(point, curve):
                return _evidence(point, _shortened(point, curve, effort))
    return None


def _falling(point: Point, draw: _Draw, effort: Effort) -> Array:
    """Which curves are seen to be lower at all steps; none where numbers are beyond doubles."""
    import numpy as np

    falls = np.ones(len(draw.power), dtype=bool)
    problem = point.problem
    together = max(1, _AT_ONCE // (len(problem.data) * sum(problem.network.widths)))
    try:
        here, risk = np.array(vector_of(point.parameters), dtype=float), float(point.risk)
        batch, positions = BatchRisk(problem), [np.array(layer) for layer in row_positions(problem.network)]
        with np.errstate(all="ignore"):
            for step in _STEPS:
                moved, left = here + draw.at(step), np.flatnonzero(falls)
                for start in range(0, len(left), together):
                    effort.check()
                    part = left[start : start + together]
                    falls[part] = batch.values([moved[part][:, where] for where in positions]) < risk - _NOISE * (1 + risk)
    except OverflowError:
        falls[:] = False
    return np.flatnonzero(falls)


def _draw(network: Network, source: Generator, count: int) -> _Draw:
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
    return _Draw(power, np.where(moves, first, 0), np.where(moves, second, 0))


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


def _goes_down(point: Point, curve: Sequence[Sequence[Fraction]]) -> bool:
    """Whether the first coefficient of the risk along the curve that is not zero is negative."""
    tangents = [parameters_of(point.problem.network, vector) for vector in curve]
    series = risk_series(point, tangents, _order(point))
    order = leading_order(series)
    return order is not None and series[order] < 0


def _order(point: Point) -> int:
    """Behind the order at which curves with first powers up to 3 move the output of one path."""
    return 4 * point.problem.network.layers + 2


def _shortened(point: Point, curve: list[list[Fraction]], effort: Effort) -> list[list[Fraction]]:
    """The curve without the entries that it does not need."""
    for power, place in _entries(curve):
        effort.check()
        shorter = [list(vector) for vector in curve]
        shorter[power][place] = Fraction(0)
        if _goes_down(point, shorter):
            curve = shorter
    while not any(curve[-1]):
        curve = curve[:-1]
    return curve


def _entries(curve: Sequence[Sequence[Fraction]]) -> Iterator[tuple[int, int]]:
    """Where a curve is not 0, the highest powers first."""
    for power in reversed(range(len(curve))):
        yield from ((power, place) for place, value in enumerate(curve[power]) if value)


def _evidence(point: Point, curve: Sequence[Sequence[Fraction]]) -> DescentCurve | None:
    return descend_along(point, [parameters_of(point.problem.network, vector) for vector in curve], _order(point))
