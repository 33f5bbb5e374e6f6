"""The certificate *these are all the cells*: the claim about a network with one hidden layer, and its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import comb
from typing import Any

from exactsurf.certificate.encoding import CertificateFile, architecture, counted
from exactsurf.certificate.problem_document import certificate_format, number_document, problem_document, vector_document
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.values import vector_of
from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.problem import Problem

ALL_CELLS = "all cells"

_DOTTED = 10  # breakpoints from which the pieces of a unit are numbers between dots


@dataclass(frozen=True)
class ListedCell:
    """A cell of one hidden unit: its piece on every sample, and weights (and bias) strictly inside."""

    pieces: tuple[int, ...]
    witness: Vector


@dataclass(frozen=True)
class AllCells(CertificateFile):
    """The claim that `cells` are all the cells of one hidden unit of `problem`, which has one hidden layer.

    The cells of the network are the products of the cells of its units. `embed` as in `problem_document`.
    Exactness: exact. Source: proofs/FORMAT.md, section 6; proofs/claims/all_cells.md.
    """

    problem: Problem
    cells: tuple[ListedCell, ...]
    embed: bool | None = field(default=None, compare=False)

    kind = ALL_CELLS

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        count = len(self.cells)
        return (
            f"On {counted(len(self.problem.data), 'sample')} each hidden unit of the {architecture(self.problem)} network "
            f"has exactly {counted(count, 'activation cell')}, and the network exactly {count}^{self._units}."
        )

    @property
    def cells_per_unit(self) -> int:
        """The number of cells of one hidden unit."""
        return len(self.cells)

    @property
    def total(self) -> int:
        """The number of cells of the network."""
        total: int = self.cells_per_unit**self._units
        return total

    @property
    def total_modulo_permutation(self) -> int:
        """The number of cells of the network, those that differ by the order of the units counted once."""
        return comb(self.cells_per_unit + self._units - 1, self._units)

    @property
    def _units(self) -> int:
        return self.problem.network.widths[1]

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        return {
            "format": certificate_format(self.problem),
            "claim": {
                "kind": self.kind,
                "sentence": self.sentence,
                "cells_per_unit": _integer(self.cells_per_unit),
                "cells": _integer(self.total),
                "cells_modulo_permutation": _integer(self.total_modulo_permutation),
            },
            "problem": problem_document(self.problem, embed=self.embed),
            "evidence": {"cells": cells_document(self.problem, self.cells)},
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> AllCells:
        """The certificate from its JSON value and its problem."""
        return cls(problem, cells_of(document), embed=embeds_data(document))

    def __repr__(self) -> str:
        return f"AllCells({counted(self.cells_per_unit, 'cell')} per unit, {self.problem!r})"


def _integer(value: int) -> str:
    return number_document(Fraction(value))


def cells_document(problem: Problem, cells: Sequence[ListedCell]) -> list[list[Any]]:
    """A list of cells of one hidden unit, as evidence has it."""
    breakpoints = len(problem.network.activation.breakpoints)
    return [[pieces_text(cell.pieces, breakpoints), vector_document(cell.witness)] for cell in cells]


def cells_of(document: Mapping[str, Any]) -> tuple[ListedCell, ...]:
    """The list of cells in the evidence of an accepted certificate."""
    dotted = len(document["problem"]["activation"]["breakpoints"]) >= _DOTTED
    return tuple(
        ListedCell(tuple(map(int, pieces.split(".") if dotted else pieces)), vector_of(witness))
        for pieces, witness in document["evidence"]["cells"]
    )


def pieces_text(pieces: Sequence[int], breakpoints: int) -> str:
    """The pieces of one unit as a certificate writes them: digits, or numbers between dots from ten breakpoints on.

    Parameters: `pieces`, one for every sample; the number of `breakpoints` of the activation. Exactness: exact.
    Raises: nothing. Source: proofs/FORMAT.md, section 6.

    >>> pieces_text([0, 1, 1, 0], 1), pieces_text([3, 10], 10)
    ('0110', '3.10')
    """
    return ("" if breakpoints < _DOTTED else ".").join(map(str, pieces))
