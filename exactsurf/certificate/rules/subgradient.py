"""The field ``subgradient`` of several rules: frozen derivatives where the loss has a kink."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exactsurf.certificate.problem_document import vector_document
from exactsurf.certificate.reading.values import matrix_of
from exactsurf.exact.linear_algebra import Matrix


def subgradient_document(subgradient: Matrix | None) -> dict[str, Any]:
    """The field ``subgradient``, if there is one."""
    return {} if subgradient is None else {"subgradient": [vector_document(row) for row in subgradient]}


def subgradient_of(document: Mapping[str, Any]) -> Matrix | None:
    """The field ``subgradient``, if there is one."""
    return matrix_of(document["subgradient"]) if "subgradient" in document else None
