"""All cells of one hidden unit and dual vectors: evidence of what no path does below a level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from exactsurf.certificate.claims.all_cells import ListedCell, cells_document, cells_of
from exactsurf.certificate.problem_document import vector_document
from exactsurf.certificate.reading.values import matrix_of
from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.problem import Problem


@dataclass(frozen=True)
class Cut:
    """Why no path stays below a level: all `cells` of one hidden unit, and dual vectors."""

    cells: tuple[ListedCell, ...]
    duals: tuple[Vector, ...]

    def document(self, problem: Problem) -> dict[str, Any]:
        """The fields ``cells`` and ``duals`` of the evidence."""
        return {"cells": cells_document(problem, self.cells), "duals": [vector_document(dual) for dual in self.duals]}

    @staticmethod
    def read(document: Mapping[str, Any]) -> Cut:
        """The cut in the evidence of an accepted certificate."""
        return Cut(cells_of(document), matrix_of(document["evidence"]["duals"]))
