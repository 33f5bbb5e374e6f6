"""The risk in the coordinates of some active faces, in floats: slopes, curvatures, steps. Nothing is concluded from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from exactsurf.model.floats.loss_functions import Jet
from exactsurf.surface.levels.floats.float_terms import FloatTerms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[Any]

_HALVINGS = 60
_RIDGE = 1e-13
"""What is added to the diagonal of a Hessian whose diagonal is 1."""


class Block(NamedTuple):
    """An active atom: what its coordinates predict, with the sign of v; its Gram matrix, its sides, and the price of a ray."""

    features: Floats
    gram: Floats
    rows: Floats
    is_ray: bool
    price: float


class Place(NamedTuple):
    """Coordinates of all blocks and the output bias, in one vector, with what the terms say there, and the risk."""

    coordinates: Floats
    jets: Jet
    pulls: Floats
    lengths: Floats
    risk: float


class ActiveFaces:
    """The risk as a function of the coordinates of blocks, and of the output bias as the last one if there is one.

    Parameters: `blocks`; `terms`; `has_bias`; `penalty`, λ if the output bias is penalised, else 0; `factor`, λ of the lengths.
    Exactness: none, proposals. Raises: nothing. Source: as of `RelaxedMinimum`.
    """

    def __init__(self, blocks: Sequence[Block], terms: FloatTerms, has_bias: bool, penalty: float, factor: float) -> None:
        import numpy as np

        self.terms, self.has_bias, self.penalty, self.factor = terms, has_bias, penalty, factor
        self.starts = [0]
        sides = [0]
        for block in blocks:
            self.starts.append(self.starts[-1] + len(block.features))
            sides.append(sides[-1] + len(block.rows))
        size = self.starts[-1] + has_bias
        self.table = np.vstack([*(block.features for block in blocks), *[np.ones((1, terms.count))] * has_bias])
        self._rows = np.zeros((sides[-1], size))
        self._gram = np.zeros((size, size))
        self._same = np.zeros((size, size))
        self._prices = np.zeros(size)
        self._owner = np.zeros(sides[-1], dtype=int)
        self._faces = np.zeros((len(blocks), size))
        for k, block in enumerate(blocks):
            own = slice(self.starts[k], self.starts[k + 1])
            self._rows[sides[k] : sides[k + 1], own] = block.rows
            self._owner[sides[k] : sides[k + 1]] = k
            if block.is_ray:
                self._prices[own] = block.price
            else:
                self._gram[own, own] = block.gram
                self._same[own, own] = 1.0
                self._faces[k, own] = 1.0

    def at(self, coordinates: Floats) -> Place:
        """Everything at a point."""
        import numpy as np

        jets = self.terms.at(coordinates @ self.table)
        pulls = self._gram @ coordinates
        lengths = np.sqrt(np.maximum(self._faces @ (coordinates * pulls), 0.0))
        risk = float(jets.value.sum() + self.factor * lengths.sum() + self._prices @ coordinates)
        if self.penalty:
            risk += self.penalty * float(coordinates[-1]) ** 2 / 2
        return Place(coordinates, jets, pulls, lengths, risk)

    def newton_step(self, place: Place) -> tuple[Floats, float] | None:
        """The step to where the slope would be 0, and how fast the risk falls along it; None where floats fail."""
        import numpy as np

        gradient = self.table @ place.jets.slope + self._prices
        hessian = (self.table * place.jets.curvature) @ self.table.T
        if len(place.lengths):
            # Of rays, and of the bias, the pull is 0.
            each = self.factor * (self._faces.T @ (1 / np.where(place.lengths > 0, place.lengths, np.inf)))
            gradient = gradient + each * place.pulls
            cubes = each**3 / self.factor**2 if self.factor else each
            hessian += self._gram * each[:, None] - self._same * (cubes[:, None] * np.outer(place.pulls, place.pulls))
        if self.penalty:
            gradient[-1] += self.penalty * place.coordinates[-1]
            hessian[-1, -1] += self.penalty
        diagonal = hessian.diagonal()
        scale = np.sqrt(np.maximum(diagonal, 1e-12 * max(float(diagonal.max()), 1e-300)))
        scaled = hessian / (scale[:, None] * scale)
        scaled.flat[:: len(scale) + 1] += _RIDGE
        try:
            step = -np.linalg.solve(scaled, gradient / scale) / scale
        except np.linalg.LinAlgError:
            return None
        fall = float(gradient @ step)
        return (step, fall) if np.isfinite(fall) and np.isfinite(step).all() else None

    def moved(self, place: Place, step: Floats, longest: float, fall: float, unseen: float) -> tuple[Place, bool] | None:
        """Along a step to where the risk falls, and whether that is as far as allowed; None if none is.

        What falls by no more than `unseen` is taken to fall if the whole step does, and not to do so if a part does.
        """
        length = longest
        if -fall <= unseen:
            return self.at(place.coordinates + length * step), True
        for _ in range(_HALVINGS):
            after = self.at(place.coordinates + length * step)
            if after.risk <= place.risk + 1e-4 * length * fall:
                return after, length == longest
            length /= 2
            if -length * fall <= unseen:
                break
        return None

    def room(self, place: Place, step: Floats) -> tuple[float, int]:
        """How much of a step the sides of the faces allow, at most 1, and the block that allows no more; −1 for none."""
        here, sinking = self._rows @ place.coordinates, self._rows @ step
        leaving = ((sinking < 0) & (here + sinking < 0)).nonzero()[0]
        if not len(leaving):
            return 1.0, -1
        ratios = -here[leaving] / sinking[leaving]
        least = int(ratios.argmin())
        return max(float(ratios[least]), 0.0), int(self._owner[leaving[least]])

    def crossing(self, place: Place, step: Floats) -> list[int]:
        """Blocks whose points come near 0, or cross it, along a step."""
        along = self._faces @ (place.pulls * step)
        found: list[int] = (2 * along < -(place.lengths**2)).nonzero()[0].tolist()
        return found

    def worthless(self, place: Place, blocks: Sequence[int]) -> int | None:
        """One of these faces for which 0 is better, as things are: length is not smooth there. None if there is none."""
        import numpy as np

        chosen = [k for k in blocks if self._faces[k].any()]
        if not chosen:
            return None
        seen = (self._faces[chosen] * place.coordinates) @ self.table
        slopes = self.terms.at(place.coordinates @ self.table - seen).slope
        values = (slopes * seen).sum(axis=1) + self.factor * place.lengths[chosen]
        worst = int(np.argmax(values))
        return chosen[worst] if values[worst] >= 0 else None
