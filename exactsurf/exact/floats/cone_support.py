"""Which columns of a cone the point nearest to a target seems to use: the active set method in floats.

Nothing is concluded from what it says: the fit by these columns is solved for exactly, and exact arithmetic decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from exactsurf.effort import look

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[Any]

_LONGEST = 900
"""Bits of numbers that floats can hold, and multiply."""
_SMALL = 1e-9
"""Slopes of columns of length 1, for a target of length 1, that may be roundings."""
_DEPENDENT = 1e-11
"""Squared distance of a column of length 1 from the others at which it seems to depend on them."""


class ConeSupports:
    """Columns and a target in floats.

    Parameters: `columns`, integer vectors that are not 0; `target`; `metric` as in `ConeLeastSquares`.
    Exactness: none, proposals. Raises: nothing. Source: Lawson and Hanson, Solving Least Squares Problems, 1974, chapter 23.

    >>> ConeSupports([(1, 0), (0, 1), (1, 1)], (3, -2)).support(0b000111, ())
    (0,)
    """

    def __init__(self, columns: Sequence[Sequence[int]], target: Sequence[int], metric: Sequence[int] | None = None) -> None:
        import numpy as np

        longest = max((abs(value).bit_length() for row in (*columns, target, metric or ()) for value in row), default=0)
        self.fits = bool(columns) and longest <= _LONGEST // 3
        if self.fits:
            root = np.sqrt(np.array(metric or [1] * len(target), dtype=float))
            table = np.array(columns, dtype=float) * root
            self._table = table / np.linalg.norm(table, axis=1)[:, None]
            self._target = np.array(target, dtype=float) * root
            self._target /= max(1.0, float(np.linalg.norm(self._target)))
            self._most = 3 * len(target) + 10

    def support(self, cone: int, start: Sequence[int]) -> tuple[int, ...] | None:
        """The support of the nearest point as far as floats see it, in order; None if they do not.

        Parameters: `cone`, a mask as in `ConeLeastSquares`; `start`, independent columns that are likely to be in it.
        Exactness: none. Raises: nothing. Source: see the class.
        """
        import numpy as np

        if not self.fits:
            return None
        count = len(self._table)
        bits = np.frombuffer(cone.to_bytes(-(-2 * count // 8), "little"), dtype=np.uint8)
        inside = np.unpackbits(bits, count=2 * count, bitorder="little").reshape(2, count).astype(np.float64)
        ways, free = inside[1] - inside[0], inside[0] * inside[1] > 0
        any_free = bool(free.any())
        point = self._begun(start, inside)
        for _ in range(self._most):
            look("the minimum over a cone is looked for")
            slopes = self._table @ (point.x @ point.rows - self._target)
            fall = slopes * ways
            if any_free:
                fall = np.where(free, np.abs(slopes), fall)
            fall[point.own] = 0
            k = int(fall.argmax())
            if not fall[k] > _SMALL:
                return tuple(sorted(point.own))
            grown = self._with(point, k, float(slopes[k]), inside)
            if grown is None or k not in grown.own:
                return tuple(sorted(point.own))
            point = grown
        return None

    def _begun(self, start: Sequence[int], inside: Floats) -> _Point:
        """The best fit by the columns of the start, without those that would leave the cone."""
        import numpy as np

        own, none = [k for k in start if inside[0, k] or inside[1, k]], np.zeros((0, 0))
        if not own:
            return _Point([], np.zeros(0), self._table[:0], none)
        rows = self._table[own]
        try:
            inverse = np.linalg.inv(rows @ rows.T)
        except np.linalg.LinAlgError:
            return _Point([], np.zeros(0), self._table[:0], none)
        point = _Point(own, inverse @ (rows @ self._target), rows, inverse)
        while point.own and (bad := inside[(point.x < 0).astype(int), point.own] == 0).any():
            point = point.without(int(bad.argmax()))
        return point

    def _with(self, point: _Point, entering: int, slope: float, inside: Floats) -> _Point | None:
        """The best fit after a column has come in and those that would leave the cone have gone out."""
        import numpy as np

        column = self._table[entering]
        products = point.rows @ column
        along = point.inverse @ products
        rest = 1 - float(products @ along)
        if not rest > _DEPENDENT:
            return None
        size = len(point.own)
        inverse = np.empty((size + 1, size + 1))
        inverse[:size, :size] = point.inverse + along[:, None] * (along / rest)
        inverse[size, :size] = inverse[:size, size] = -along / rest
        inverse[size, size] = 1 / rest
        amount = -slope / rest
        goal = _Point(
            [*point.own, entering],
            np.concatenate((point.x - amount * along, [amount])),
            np.concatenate((point.rows, column[None, :])),
            inverse,
        )
        here = np.concatenate((point.x, [0.0]))
        while (bad := inside[(goal.x < 0).astype(int), goal.own] == 0).any():
            sizes = np.abs(here)
            steps = np.where(bad, sizes / (sizes + np.abs(goal.x) + 1e-300), 2.0)
            out = int(steps.argmin())
            here = here + steps[out] * (goal.x - here)
            goal = goal.without(out)
            here = np.concatenate((here[:out], here[out + 1 :]))
            if not goal.own:
                return None
        return goal


class _Point(NamedTuple):
    """The best fit by the columns `own`: their coefficients, the columns, the inverse of the matrix of their products."""

    own: list[int]
    x: Floats
    rows: Floats
    inverse: Floats

    def without(self, place: int) -> _Point:
        """The best fit without one of the columns."""

        kept = [k for k in range(len(self.own)) if k != place]
        column = self.inverse[:, place] / self.inverse[place, place]
        inverse = self.inverse - column[:, None] * self.inverse[place]
        x = self.x - self.x[place] * column
        return _Point([self.own[k] for k in kept], x[kept], self.rows[kept], inverse[kept][:, kept])
