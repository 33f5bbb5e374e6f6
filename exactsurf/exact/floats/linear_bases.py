"""Bases of linear programs over cones, proposed in floats: a simplex method whose proposals exact arithmetic checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from exactsurf.effort import look

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[Any]

_SMALL = 1e-9
"""What counts as zero, in a proposal."""

_SPREAD = 1e-7
"""Costs are moved by parts of this, so that bases seldom tie."""

_FRESH = 20
"""Steps after which the inverse of a basis is computed anew."""

_LOOKED_FOR = "the minimum over a cone is looked for"

_LONGEST = 300
"""Bits of the longest entry: squares of longer ones are beyond doubles."""


class LinearBases:
    """Bases of min Σ cost_k x_k, Σ x_k variable_k = target, x ≥ 0 where some x_k are 0, in floats.

    Parameters: `variables`, integer vectors; `costs`, non-negative; `target`; `first`, a basis with non-negative values.
    Exactness: none, proposals only. Raises: nothing. Source: Lemke 1954 (the dual simplex
    method), Dantzig 1951.

    >>> bases = LinearBases([(1, 1), (1, 0), (0, 1), (-1, 0), (0, -1)], [0, 1, 1, 1, 1], (3, 1), (1, 2))
    >>> bases.basis(0b11111, ())
    (0, 1)
    >>> bases.basis(0b11110, (0, 1))
    (1, 2)
    """

    def __init__(
        self, variables: Sequence[Sequence[int]], costs: Sequence[int], target: Sequence[int], first: Sequence[int]
    ) -> None:
        import numpy as np

        longest = max((abs(value).bit_length() for row in (*variables, costs, target) for value in row), default=0)
        self.fits = bool(target) and longest <= _LONGEST
        if not self.fits:
            return
        # Every variable in a length of its own, so that slopes compare.
        columns = np.array(variables, dtype=float).reshape(len(variables), len(target))
        lengths = np.linalg.norm(columns, axis=1)
        lengths[lengths == 0] = 1
        self._columns = (columns / lengths[:, None]).T.copy()
        own = np.array(costs, dtype=float) / lengths
        self._costs = own + _SPREAD * max(own.max(), 1) * (1 + np.random.default_rng(0).random(len(own)))
        self._target = np.array(target, dtype=float)
        self._scale = max(abs(self._target).max(), 1)
        self._first = list(first)
        self._most = 100 + 20 * len(target)

    def basis(self, allowed: int, start: Sequence[int]) -> tuple[int, ...] | None:
        """The basis of least cost in which only variables of a mask are not 0, sorted; None where floats do not find it.

        Parameters: `allowed`; `start`, a basis of least cost where others were allowed, most of them the same (empty:
        none is known). Exactness: none. Raises: nothing. Source: see the class.
        """
        import numpy as np

        if not self.fits:
            return None
        count = self._columns.shape[1]
        content = np.frombuffer(allowed.to_bytes(-(-count // 8), "little"), dtype=np.uint8)
        open_ = np.unpackbits(content, count=count, bitorder="little").astype(bool)
        with np.errstate(all="ignore"):
            try:
                found = self._dual(open_, list(start)) if start else None
                found = self._primal(open_, found or list(self._first))
            except np.linalg.LinAlgError:
                return None
        return None if found is None else tuple(sorted(found))

    def _dual(self, open_: Floats, basis: list[int]) -> list[int] | None:
        """Basic variables below 0, or that must be 0, go out; the slopes of all others stay non-negative."""
        import numpy as np

        usable = open_.copy()
        usable[basis] = False
        closed = ~open_[basis]
        for step in range(self._most):
            look(_LOOKED_FOR)
            if step % _FRESH == 0:
                inverse = np.linalg.inv(self._columns[:, basis])
                values = inverse @ self._target
                slopes = self._costs - (self._costs[basis] @ inverse) @ self._columns
            excess = np.where(closed, abs(values), -values)
            excess[excess <= _SMALL * self._scale] = 0
            # The steepest edge: how fast the cost rises for a length of the dual vector.
            row = int((excess * excess / np.einsum("ij,ij->i", inverse, inverse)).argmax())
            if not excess[row]:
                return self._without_closed(open_, basis, inverse)
            turns = inverse[row] @ self._columns
            if values[row] < 0:
                turns = -turns
            candidates = (usable & (turns > _SMALL)).nonzero()[0]
            if not len(candidates):
                return None
            ratios = np.maximum(slopes[candidates], 0) / turns[candidates]
            near = candidates[ratios <= ratios.min() + _SMALL * _SPREAD]
            entering = int(near[turns[near].argmax()])
            slopes -= slopes[entering] / turns[entering] * turns
            inverse, values = self._exchanged(inverse, values, row, entering)
            usable[entering], usable[basis[row]] = False, not closed[row]
            basis[row], closed[row] = entering, False
        return None

    def _primal(self, open_: Floats, basis: list[int]) -> list[int] | None:
        """The steepest variable comes in, as long as one lowers the cost."""
        import numpy as np

        for step in range(self._most):
            look(_LOOKED_FOR)
            if step % _FRESH == 0:
                inverse = np.linalg.inv(self._columns[:, basis])
                values = inverse @ self._target
            slopes = self._costs - (self._costs[basis] @ inverse) @ self._columns
            slopes[basis] = 0
            slopes[~open_] = 0
            entering = int(slopes.argmin())
            if slopes[entering] >= -_SMALL:
                return basis
            turns = inverse @ self._columns[:, entering]
            rows = (turns > _SMALL).nonzero()[0]
            if not len(rows):
                return None
            ratios = np.maximum(values[rows], 0) / turns[rows]
            near = rows[ratios <= ratios.min() + _SMALL]
            row = int(near[turns[near].argmax()])
            inverse, values = self._exchanged(inverse, values, row, entering)
            basis[row] = entering
        return None

    def _without_closed(self, open_: Floats, basis: list[int], inverse: Floats) -> list[int] | None:
        """Variables that must be 0, and are, change places with others."""
        import numpy as np

        values = np.zeros(len(basis))
        for row in (~open_[basis]).nonzero()[0].tolist():
            slopes = self._costs - (self._costs[basis] @ inverse) @ self._columns
            turns = abs(inverse[row] @ self._columns)
            free = open_ & (turns > _SMALL)
            free[basis] = False
            candidates = free.nonzero()[0]
            if not len(candidates):
                return None
            entering = int(candidates[(np.maximum(slopes[candidates], 0) / turns[candidates]).argmin()])
            inverse, values = self._exchanged(inverse, values, row, entering)
            basis[row] = entering
        return basis

    def _exchanged(self, inverse: Floats, values: Floats, row: int, entering: int) -> tuple[Floats, Floats]:
        """The inverse and the values when a variable takes the place of the one in a row."""
        turns = inverse @ self._columns[:, entering]
        own, value = inverse[row] / turns[row], values[row] / turns[row]
        turns[row] = 0
        inverse = inverse - turns[:, None] * own
        inverse[row] = own
        values = values - turns * value
        values[row] = value
        return inverse, values
