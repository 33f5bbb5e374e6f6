"""What can be reached from a signed cell below a level: one side of a barrier."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.errors import InputError
from exactsurf.surface.facet_graph import SignedCell, SignedCellGraph


class Side:
    """The signed cells that can be `reached` from one below a level, and the masks of the facets where that `ends`.

    `crossed`, pairs of signed unit cells: the one that a unit has on this side of such a facet, and the one beyond.
    Exactness: exact. Raises: `InputError` when `max_cells` are not enough. Source: theory.md, theorem B.
    """

    def __init__(self, graph: SignedCellGraph, start: SignedCell, level: Fraction) -> None:
        self.graph, self.level = graph, level
        self.reached = {start}
        self._waiting = [start]
        self.ends: set[int] = set()
        self.crossed: set[tuple[int, int]] = set()
        self._below: dict[int, bool] = {}

    @property
    def is_complete(self) -> bool:
        """Whether no more can be reached."""
        return not self._waiting

    def advance(self, max_cells: int) -> None:
        """Go on from one more signed cell."""
        cell = self._waiting.pop()
        for beyond, place, generators in self.graph.facets(cell):
            if beyond in self.reached:
                continue
            face = self.graph.facet(cell, place, generators)
            if face.mask not in self._below:
                self._below[face.mask] = self.graph.level(face) < self.level
            if self._below[face.mask]:
                self.reached.add(beyond)
                self._waiting.append(beyond)
            else:
                self.ends.add(face.mask)
                self.crossed.add((cell[place], beyond[place]))
        if len(self.reached) > max_cells:
            raise InputError(
                f"more than {max_cells} signed cells can be reached below the barrier",
                fix="raise max_cells, or take fewer samples or units",
            )
