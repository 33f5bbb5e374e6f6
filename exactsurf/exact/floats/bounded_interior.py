"""Where the multipliers of a bounded system, or a vector against it, seem to lie: an interior-point method in floats.

Nothing is concluded from what it says; `proposed_answers` makes it exact, and exact arithmetic decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from exactsurf.effort import Effort
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.simplex import Bound

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[Any]

_STEPS = 80
_ENOUGH = 1e-8
"""Complementarity, to the first one, at which the method stops."""
_MET, _MISSED = 1e-6, 1e-2
"""Violation of equations whose largest right side is 1 that may be a rounding, and that is none."""
_DRIFT = 1e-5
"""Violation of equations that no step may leave behind."""
_LONGEST = 900
"""Bits of numbers that floats can hold."""


class Interior(NamedTuple):
    """A point x well between its bounds, whether it seems to meet its equations or to miss them, and a vector y against them."""

    point: Vector
    is_met: bool
    is_missed: bool
    against: Vector


def find_interior(
    columns: Sequence[Sequence[int]], right: Sequence[int], lower: Sequence[Bound], upper: Sequence[Bound], effort: Effort
) -> Interior | None:
    """The least Σ|p| with Σ_j x_j a_j + p = b and lower ≤ x ≤ upper, by Mehrotra's method; None if floats cannot hold it.

    Parameters: as for `feasible_point`; every x_j has a bound. Exactness: a proposal. Raises: `OutOfTime`.
    Source: Mehrotra, On the implementation of a primal-dual interior point method, 1992.
    """
    import numpy as np

    numbers = [*right, *(entry for column in columns for entry in column)]
    ends = [end for end in (*lower, *upper) if end is not None]
    if any(abs(value).bit_length() > _LONGEST for value in numbers) or any(abs(int(end)).bit_length() > _LONGEST for end in ends):
        return None
    table = np.array(columns, dtype=float).T
    c = np.array(right, dtype=float)
    widths = np.maximum(1e-300, np.abs(table).max(0))
    table = table / widths
    low = np.array([-np.inf if end is None else float(end) for end in lower]) * widths
    high = np.array([np.inf if end is None else float(end) for end in upper]) * widths
    heights = np.maximum(1e-300, np.maximum(np.abs(table).max(1), 0))
    table, c = table / heights[:, None], c / heights
    size = max(1.0, float(np.abs(c).max()))
    c, low, high = c / size, low / size, high / size
    with np.errstate(all="ignore"):
        x, violation, y = _descended(table, c, low, high, effort)
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        return None
    point, against = (tuple(map(Fraction, vector.tolist())) for vector in (x * size / widths, y / heights))
    return Interior(point, violation <= _MET, violation > _MISSED, against)


def _descended(a: Floats, c: Floats, low: Floats, high: Floats, effort: Effort) -> tuple[Floats, float, Floats]:
    """Mehrotra's steps on z = (x, p, q): the least Σp + Σq with A x + p − q = c, low ≤ x ≤ high, p ≥ 0, q ≥ 0."""
    import numpy as np

    size = len(c)
    moves = low < high
    x = np.where(moves, np.where(np.isfinite(low), low + 1, high - 1), low)
    both = moves & np.isfinite(low) & np.isfinite(high)
    x[both] = (low + high)[both] / 2
    rest = c - a @ x
    room = 1 + np.abs(rest).mean()
    z = np.concatenate([x, np.maximum(rest, 0) + room, np.maximum(-rest, 0) + room])
    low, high = np.concatenate([low, np.zeros(2 * size)]), np.concatenate([high, np.full(2 * size, np.inf)])
    moves, cost = low < high, np.concatenate([np.zeros_like(x), np.ones(2 * size)])
    has_low, has_high = np.isfinite(low) & moves, np.isfinite(high) & moves
    y, zl, zu = np.zeros(size), has_low.astype(float), has_high.astype(float)
    first = 0.0
    for k in range(_STEPS):
        effort.check("floats look for multipliers of a large system")
        sl, su = np.where(has_low, z - low, 1.0), np.where(has_high, high - z, 1.0)
        gap = (sl @ zl + su @ zu) / (has_low.sum() + has_high.sum())
        first = first if k else gap
        if gap <= _ENOUGH * first:
            break
        theta = np.where(moves, 1 / (zl / sl + zu / su + 1e-300), 0)
        matrix = (a * theta[: len(x)]) @ a.T
        matrix[np.diag_indices_from(matrix)] += theta[len(x) : len(x) + size] + theta[len(x) + size :]
        try:
            place = _Place(a, np.linalg.inv(matrix), theta, c - _times(a, z), cost - _back(a, y) - zl + zu, sl, su, zl, zu)
        except np.linalg.LinAlgError:
            break
        dz, dy, dl, du = place.step(-sl * zl, -su * zu)
        ahead, back = min(_far(sl, dz, has_low), _far(su, -dz, has_high)), min(_far(zl, dl, has_low), _far(zu, du, has_high))
        left = np.where(has_low, (sl + ahead * dz) * (zl + back * dl), 0).sum()
        left += np.where(has_high, (su - ahead * dz) * (zu + back * du), 0).sum()
        aim = gap * (max(0.0, left) / (gap * (has_low.sum() + has_high.sum()))) ** 3
        dz, dy, dl, du = place.step(np.where(has_low, aim - sl * zl - dz * dl, 0), np.where(has_high, aim - su * zu + dz * du, 0))
        ahead, back = min(_far(sl, dz, has_low), _far(su, -dz, has_high)), min(_far(zl, dl, has_low), _far(zu, du, has_high))
        further = z + 0.99 * ahead * dz
        # Near the end rounding errors may grow without bound.
        if not np.abs(c - _times(a, further)).max() <= max(_DRIFT, np.abs(place.primal).max()):
            break
        z, y, zl, zu = further, y + 0.99 * back * dy, zl + 0.99 * back * dl, zu + 0.99 * back * du
    return z[: len(x)], float(z[len(x) :].sum()), y


class _Place(NamedTuple):
    """Where a step begins: the matrix A, the inverse of its normal equations, what is left of the equations, the slacks."""

    a: Floats
    inverse: Floats
    theta: Floats
    primal: Floats
    dual: Floats
    sl: Floats
    su: Floats
    zl: Floats
    zu: Floats

    def step(self, cl: Floats, cu: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """The moves of z, y and the two duals that change the products of slacks and duals by `cl` and `cu`."""
        own = cl / self.sl - cu / self.su - self.dual
        dy = self.inverse @ (self.primal - _times(self.a, self.theta * own))
        dz = self.theta * (_back(self.a, dy) + own)
        return dz, dy, (cl - self.zl * dz) / self.sl, (cu + self.zu * dz) / self.su


def _times(a: Floats, z: Floats) -> Floats:
    size, count = a.shape
    product: Floats = a @ z[:count] + z[count : count + size] - z[count + size :]
    return product


def _back(a: Floats, y: Floats) -> Floats:
    import numpy as np

    return np.concatenate([a.T @ y, y, -y])


def _far(values: Floats, moves: Floats, among: Floats) -> float:
    """How far values may move before one of them is 0, at most all the way."""
    import numpy as np

    down = (moves < 0) & among
    return float(min(1.0, np.min(-values[down] / moves[down]))) if down.any() else 1.0
