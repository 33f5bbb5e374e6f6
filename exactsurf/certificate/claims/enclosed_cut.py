"""Why no path stays below an enclosed level: all cells of a unit, and dual vectors, with slopes if there is weight decay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from exactsurf.certificate.claims.all_cells import ListedCell, cells_document, cells_of
from exactsurf.certificate.claims.near_global_minimum import DecayDual
from exactsurf.certificate.problem_document import vector_document
from exactsurf.certificate.reading.values import vector_of
from exactsurf.model.problem import Problem


@dataclass(frozen=True)
class EnclosedCut:
    """Why no path stays below a bound: all `cells` of one hidden unit, and `duals`.

    `bits`, with which the verifier encloses a loss given by an expression; None for a loss by pieces.
    """

    cells: tuple[ListedCell, ...]
    duals: tuple[DecayDual, ...]
    bits: int | None

    def document(self, problem: Problem, path: list[dict[str, Any]]) -> dict[str, Any]:
        """The evidence, with the path in its place."""
        found = self.of_cells(problem)
        return {**({"bits": found.pop("bits")} if "bits" in found else {}), "path": path, **found}

    def of_cells(self, problem: Problem) -> dict[str, Any]:
        """The fields of the evidence without a path."""
        if problem.decay is None:
            duals: list[Any] = [vector_document(dual.vector) for dual in self.duals]
        else:
            duals = [_dual_document(dual) for dual in self.duals]
        bits = {} if self.bits is None else {"bits": self.bits}
        return {**bits, "cells": cells_document(problem, self.cells), "duals": duals}

    @staticmethod
    def read(document: Mapping[str, Any]) -> EnclosedCut:
        """The cut in the evidence of an accepted certificate."""
        evidence = document["evidence"]
        return EnclosedCut(cells_of(document), tuple(map(_dual_of, evidence["duals"])), evidence.get("bits"))


def _dual_document(dual: DecayDual) -> dict[str, Any]:
    return {
        "vector": vector_document(dual.vector),
        "slopes": [[kind, vector_document(slope)] for kind, slope in dual.slopes],
        "facets": [[kind, other, vector_document(slope)] for kind, other, slope in dual.facets],
    }


def _dual_of(entry: Any) -> DecayDual:
    if not isinstance(entry, dict):
        return DecayDual(vector_of(entry), ())
    slopes = tuple((kind, vector_of(slope)) for kind, slope in entry["slopes"])
    return DecayDual(
        vector_of(entry["vector"]), slopes, tuple((kind, other, vector_of(slope)) for kind, other, slope in entry["facets"])
    )
