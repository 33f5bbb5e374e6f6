"""Few dual vectors that bound the risk from below on many signed cells at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exactsurf.exact.linear_algebra import Vector
from exactsurf.surface.cell_minima import CellMinima


@dataclass
class DualCover:
    """Dual vectors with a bound of at least `level`, and the masks of signed columns on which their forms are ≥ 0.

    `holding[k]` is the set (as bits) of the dual vectors that hold on the cone of part k.

    A dual vector bounds the risk on a signed cell, or on a face of one, if the mask of that is within its own. It is found as
    the residual at the minimum over a cone that is larger than the signed cell: as many signed unit cells of `parts` are
    added to it as leave the minimum at `level` or above.
    Exactness: exact. Source: proofs/claims/global_minimum.md.
    """

    minima: CellMinima
    parts: Sequence[int]
    level: Fraction
    vectors: list[Vector] = field(default_factory=list)
    masks: list[int] = field(default_factory=list)
    holding: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.holding = [0] * len(self.parts)

    def covers(self, mask: int) -> bool:
        """Whether one of the dual vectors bounds the risk on the cone of `mask`."""
        return any(not mask & ~own for own in self.masks)

    def add(self, mask: int) -> None:
        """Add a dual vector for the cone of `mask`, over which the minimum is at least `level`."""
        # One type for both tables: the starts that are handed over come from the same table.
        cones: Any = self.minima.cones
        fit = cones.minimum(mask)
        ranked = sorted(
            ((cones.minimum(mask | part, fit).value, -k) for k, part in enumerate(self.parts) if part & ~fit.allowed),
            reverse=True,
        )
        for value, k in ranked:
            part = self.parts[-k]
            if self.minima.risk(value) < self.level:
                break
            if part & ~fit.allowed:
                wider = cones.minimum(mask | part, fit)
                if self.minima.risk(wider.value) >= self.level:
                    mask, fit = mask | part, wider
        for k, part in enumerate(self.parts):
            if not part & ~fit.allowed:
                self.holding[k] |= 1 << len(self.masks)
        self.vectors.append(self.minima.gradient(fit))
        self.masks.append(fit.allowed)

    def needed_on(self, cones: Iterable[int]) -> tuple[Vector, ...]:
        """The dual vectors without some that are not needed to bound the risk on these cones, which they bound together.

        Parameters: `cones`, masks. Exactness: exact. Raises: nothing. Source: the definition.
        """
        holding = [sum(1 << k for k, own in enumerate(self.masks) if not mask & ~own) for mask in cones]
        kept = (1 << len(self.masks)) - 1
        for k in range(len(self.masks)):
            if all(own & kept & ~(1 << k) for own in holding):
                kept &= ~(1 << k)
        return self._chosen(kept)

    def needed_everywhere(self, units: int) -> tuple[Vector, ...]:
        """The dual vectors without some that are not needed to bound all signed cells of this many units.

        Parameters: dual vectors that bound them all together. Exactness: exact. Raises: nothing. Source: the definition.
        """
        kept = (1 << len(self.masks)) - 1
        for k in range(len(self.masks)):
            if _all_bounded({own & kept & ~(1 << k) for own in self.holding}, units):
                kept &= ~(1 << k)
        return self._chosen(kept)

    def _chosen(self, kept: int) -> tuple[Vector, ...]:
        return tuple(vector for k, vector in enumerate(self.vectors) if kept >> k & 1)


def _all_bounded(holding: set[int], units: int) -> bool:
    """Whether any `units` of these sets of dual vectors (as bits), one possibly several times, have one in common."""
    least = [own for own in holding if not any(other != own and not other & ~own for other in holding)]
    common = set(least)
    for _ in range(1, units):
        if 0 in common:
            return False
        common = {one & other for one in common for other in least}
    return 0 not in common
