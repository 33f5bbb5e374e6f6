"""The problem part of a certificate, and parameters, as JSON values (proofs/FORMAT.md, section 2)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from exactsurf.exact.number import to_text
from exactsurf.exact.rational_table import RationalTable
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

EMBED_LIMIT = 200_000
"""Data with at most this many cells are restated in the certificate; larger files are named by their SHA-256."""


def problem_document(problem: Problem, *, embed: bool | None = None) -> dict[str, Any]:
    """The problem restated: widths, biases, activation, loss and data.

    Parameters: `embed` decides whether the numbers of the data are written out (the default for data without a file and
    for up to 200,000 cells) or the file is named by its SHA-256. Exactness: exact. Raises: nothing.
    Source: proofs/FORMAT.md, section 2.
    """
    network, loss = problem.network, problem.loss
    h = network.activation
    described: dict[str, Any] = {"name": loss.name, "scale": to_text(loss.total_scale(len(problem.data)))}
    if loss.delta is not None:
        described["delta"] = to_text(loss.delta)
    return {
        "widths": list(network.widths),
        "biases": list(network.biases),
        "activation": {
            "breakpoints": vector_document(h.breakpoints),
            "slopes": vector_document(h.slopes),
            "value_at_0": to_text(h.value_at_0),
        },
        "loss": described,
        "data": _data_document(problem, embed),
    }


def restates_data(problem: Problem, embed: bool | None) -> bool:
    """Whether the numbers of the data are written out; see `problem_document`."""
    data = problem.data
    if data.source is None:
        return True
    return len(data) * (data.inputs.columns + data.targets.columns) <= EMBED_LIMIT if embed is None else embed


def _data_document(problem: Problem, embed: bool | None) -> dict[str, Any]:
    data, source = problem.data, problem.data.source
    if source is None or restates_data(problem, embed):
        return {"x": _table_document(data.inputs), "y": _table_document(data.targets)}
    return {
        "csv": {
            "file": source.file,
            "sha256": source.sha256,
            "delimiter": source.delimiter,
            "skip_rows": source.skip_rows,
            "samples": source.samples,
            "x": list(source.x),
            "y": list(source.y),
        }
    }


def _table_document(table: RationalTable) -> list[list[str]]:
    return [vector_document(row) for row in table]


def vector_document(values: Sequence[Fraction]) -> list[str]:
    """A vector as the list of its numbers' texts."""
    return [to_text(value) for value in values]


def parameters_document(parameters: Parameters) -> dict[str, Any]:
    """Parameters as ``{"W1": [[…]], "b1": […], …}``."""
    return {
        name: [vector_document(row) if isinstance(row, tuple) else to_text(row) for row in value]
        for name, value in parameters.items()
    }
