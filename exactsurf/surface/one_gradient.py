"""The cones of one gradient: whether the risk has it at the minimum over a cone, and all of the cone is needed for that."""

from __future__ import annotations

from exactsurf.exact.cone_least_squares import ConeLeastSquares, Fit
from exactsurf.exact.cone_linear import Deviation
from exactsurf.surface.cell_minima import CellMinima


class OneGradient:
    """Cones within one cone of signed columns, for a differentiable loss.

    Parameters: `every`, the mask of that cone; `independent`, what is known of sets of columns, in common for many gradients.
    Exactness: exact. Raises: nothing. Source: proofs/local_minima.md, section 7.
    """

    def __init__(self, minima: CellMinima, every: int, independent: dict[int, bool]) -> None:
        self.minima = minima
        self._best = minima.minimum(every)
        self._independent = independent
        # Fits are known by their identity, which is theirs while they are kept.
        self._known: dict[int, tuple[Fit | Deviation, bool]] = {}

    def fit(self, mask: int) -> Fit | Deviation | None:
        """The minimum over a part of the cone if its gradient is that over the cone, else None.

        The gradient is the same if and only if the value is: then a minimiser over the part is one over the cone.
        """
        cones = self.minima.cones
        if isinstance(cones, ConeLeastSquares) and isinstance(self._best, Fit):
            found: Fit | Deviation = cones.minimum(mask, self._best)
        else:
            # Other tables start from smaller cones only.
            found = self.minima.minimum(mask)
        known = self._known.get(id(found))
        if known is None:
            known = self._known[id(found)] = (found, found.value == self._best.value)
        return found if known[1] else None

    def is_all_used(self, mask: int, fit: Fit | Deviation) -> bool | None:
        """Whether some minimiser has positive coefficients of all signed columns of a mask; None where that is left open.

        Parameters: `fit`, the minimum over the cone of the mask. A column with both signs may have any coefficient.
        """
        if not isinstance(fit, Fit):
            return None
        count = len(self.minima.columns)
        both = mask & mask >> count & ((1 << count) - 1)
        unused = mask & ~(both | both << count) & ~fit.signed
        if not unused:
            return True
        # Independent columns have one set of coefficients only.
        return False if self._are_independent((mask | mask >> count) & ((1 << count) - 1)) else None

    def _are_independent(self, columns: int) -> bool:
        found = self._independent.get(columns)
        if found is None:
            chosen = [self.minima.columns[k] for k in range(columns.bit_length()) if columns >> k & 1]
            found = len(chosen) <= len(chosen[0]) and _rank(chosen) == len(chosen)
            self._independent[columns] = found
        return found


def _rank(rows: list[tuple[int, ...]]) -> int:
    from flint import fmpz_mat

    return int(fmpz_mat(len(rows), len(rows[0]), [value for row in rows for value in row]).rank())
