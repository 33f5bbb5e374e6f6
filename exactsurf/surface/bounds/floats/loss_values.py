"""Values, slopes and curvatures of the terms of a risk, of many predictions at once, in floats: for proposals only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from exactsurf.model.analytic_losses import exponential, log_cosh, logistic, poisson
from exactsurf.model.problem import Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]

_FAR = 60.0
"""Exponents are cut off here: what lies beyond is no risk that anybody looks for."""

_SMOOTHING = 1e-3
"""How much of its slope a kink is moved, so that there is a curvature."""


class Jet(NamedTuple):
    """Value, slope and curvature, of the shape of the predictions."""

    value: Floats
    slope: Floats
    curvature: Floats


Function: TypeAlias = "Callable[[Floats, Floats], Jet]"
"""Of gaps (or predictions) and targets."""


class LossValues:
    """The loss of predictions, as a sum of terms that are functions of sums of outputs.

    Parameters: a problem whose loss is by pieces, or has a conjugate in closed form. Exactness: none, doubles.
    Raises: `OverflowError` for numbers beyond doubles. Source: proofs/FORMAT.md, sections 2, 14, 15 and 22.

    >>> import numpy as np
    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([1, 2], [0, 1]))
    >>> LossValues(problem).risk(np.array([[1.0], [1.0]])).tolist()
    0.5
    """

    def __init__(self, problem: Problem) -> None:
        import numpy as np

        plain, loss = problem.without_decay, problem.loss
        outputs, samples = plain.network.widths[-1], len(plain.data)
        self.is_of_classes = loss.gap == "classes"
        self.outputs = outputs
        factors = np.array([float(loss.scale * share) for share in plain.shares])
        targets = np.array([[float(y) for y in row] for row in plain.data.y])
        pairs = [(i, k) for i in range(samples) for k in range(outputs)]
        parts = {pair: plain.term_outputs(*pair) if loss.is_piecewise_quadratic else ((pair[1], 1),) for pair in pairs}
        self.terms = [pair for pair in pairs if parts[pair]]
        self.samples = np.array([i for i, _ in self.terms])
        self.first = np.array([parts[pair][0][0] for pair in self.terms])
        self.second = np.array([parts[pair][1][0] for pair in self.terms]) if loss.gap == "lead" or _leads(plain) else None
        self._targets = np.array([targets[pair] for pair in self.terms])
        self._factors = factors[self.samples]
        self._pieces = None
        if loss.is_piecewise_quadratic:
            functions = [plain.term_function(i, k) for i, k in self.terms]
            stops, table = (np.array([getattr(g, name) for g in functions], dtype=float) for name in ("breakpoints", "pieces"))
            self._pieces = _Pieces(stops, table, all(g.is_smooth for g in functions))
        elif not self.is_of_classes:
            self._function = _function_of(loss.gap, loss.shape)
            self._is_of_gap = loss.gap == "margin"

    def term_predictions(self, f: Floats) -> Floats:
        """What the terms are functions of, for predictions of shape (…, samples, outputs)."""
        found = f[..., self.samples, self.first]
        return found if self.second is None else found - f[..., self.samples, self.second]

    def spread(self, slopes: Floats, shape: tuple[int, ...]) -> Floats:
        """The slopes by predictions, from those of the terms."""
        import numpy as np

        if self.second is None:
            whole: Floats = slopes.reshape(shape)
            return whole
        found = np.zeros(shape)
        for n, (i, k) in enumerate(zip(self.samples, self.first, strict=True)):
            found[..., i, k] += slopes[..., n]
            found[..., i, self.second[n]] -= slopes[..., n]
        return found

    def jets(self, u: Floats) -> Jet:
        """Of all terms, at predictions of shape (…, terms); those of classes share the value of their sample."""
        import numpy as np

        if self._pieces is not None:
            return self._pieces.jets(u)
        if self.is_of_classes:
            shape = (*u.shape[:-1], -1, self.outputs)
            f, y = u.reshape(shape), self._targets.reshape(-1, self.outputs)
            top = f.max(axis=-1, keepdims=True)
            powers = np.exp(f - top)
            total = powers.sum(axis=-1, keepdims=True)
            p = powers / total
            rows = (np.log(total) + top - (y * f).sum(axis=-1, keepdims=True)) / self.outputs
            value, slope = np.broadcast_to(rows, f.shape).reshape(u.shape), (p - y).reshape(u.shape)
            return self._times(Jet(value, slope, p.reshape(u.shape)))
        y = self._targets
        if not self._is_of_gap:
            return self._times(self._function(u, y))
        jet = self._function(y * u, y)
        return self._times(Jet(jet.value, y * jet.slope, jet.curvature))

    def risk(self, f: Floats) -> Floats:
        """The risk without weight decay, for predictions of shape (…, samples, outputs)."""
        found: Floats = self.jets(self.term_predictions(f)).value.sum(axis=-1)
        return found

    def _times(self, jet: Jet) -> Jet:
        return Jet(*(self._factors * part for part in jet))


class _Pieces(NamedTuple):
    """Functions by pieces; `stops` and `table` with a row for each."""

    stops: Floats
    table: Floats
    is_smooth: bool

    def jets(self, u: Floats) -> Jet:
        """With kinks smoothed in slope and curvature."""
        import numpy as np

        rows = np.arange(len(self.table))
        piece = (u[..., None] > self.stops).sum(axis=-1)
        a, b, c = (self.table[rows, piece, n] for n in range(3))
        value, slope, curvature = (a * u + b) * u + c, 2 * a * u + b, 2 * a
        if self.is_smooth:
            return Jet(value, slope, curvature)
        for n in range(self.stops.shape[-1]):
            t = self.stops[..., n]
            low, high = (2 * self.table[:, m, 0] * t + self.table[:, m, 1] for m in (n, n + 1))
            width = _SMOOTHING * (high - low)
            inside = (np.abs(u - t) < width) & (width > 0)
            share = np.where(inside, (u - t) / np.where(width > 0, width, 1), 0)
            slope = np.where(inside, (low + high) / 2 + (high - low) / 2 * share, slope)
            curvature = np.where(inside, 0.5 / _SMOOTHING, curvature)
        return Jet(value, slope, curvature)


def _leads(problem: Problem) -> bool:
    return problem.loss.is_piecewise_quadratic and problem.right_outputs is not None


def _exponential(u: Floats, _: Floats) -> Jet:
    import numpy as np

    power = np.exp(np.minimum(-u, _FAR))
    return Jet(power, -power, power)


def _logistic(u: Floats, _: Floats) -> Jet:
    import numpy as np

    p = 1 / (1 + np.exp(np.clip(u, -_FAR, 10 * _FAR)))
    return Jet(np.logaddexp(0, -u), -p, p * (1 - p))


def _log_cosh(f: Floats, y: Floats) -> Jet:
    import numpy as np

    u = f - y
    slope = np.tanh(u)
    return Jet(np.logaddexp(u, -u) - np.log(2), slope, 1 - slope * slope)


def _count(f: Floats, y: Floats) -> Jet:
    import numpy as np

    power = np.exp(np.minimum(f, _FAR))
    return Jet(power - y * f, power - y, power)


def _function_of(gap: str, shape: object) -> Function:
    """The loss, by its gap and its expression."""
    known: dict[tuple[object, object], Function] = {
        (logistic.gap, logistic.shape): _logistic,
        (exponential.gap, exponential.shape): _exponential,
        (log_cosh.gap, log_cosh.shape): _log_cosh,
        (poisson.gap, poisson.shape): _count,
    }
    if (gap, shape) in known:
        return known[gap, shape]
    assert isinstance(shape, tuple), "losses without a conjugate in closed form are refused before"
    p = int(shape[2])

    def power(f: Floats, y: Floats) -> Jet:
        u = f - y
        return Jet(u**p, p * u ** (p - 1), p * (p - 1) * u ** (p - 2))

    return power


__all__ = ["Jet", "LossValues"]
