"""How subcommands about one question tell an answer: status and reason, where the certificate is, senses of stationarity."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exactsurf.certificate.problem_document import parameters_document, vector_document
from exactsurf.certificate.verdict import Verdict
from exactsurf.cli.point_file import NOT_WRITTEN, certificate_file
from exactsurf.minima.senses.senses import Stationarity

if TYPE_CHECKING:
    from rich.console import Console


def saved_certificate(verdict: Verdict, output: Path | None, problem: Path, about: str) -> Path | None:
    """The file of the certificate, written if there is one and a place for it."""
    if verdict.certificate is None or output is None:
        return None
    return verdict.certificate.save(certificate_file(output, problem, about))


def verdict_document(verdict: Verdict, file: Path | None) -> dict[str, Any]:
    """The verdict as a JSON value."""
    return {
        "status": str(verdict.status),
        "reason": verdict.reason,
        "certificate": None if file is None else str(file),
        "claim": None if verdict.certificate is None else verdict.certificate.kind,
    }


def senses_document(senses: Stationarity, free: Sequence[str] = ()) -> dict[str, Any]:
    """The senses of stationarity as a JSON value; `free`, the names of the free parameters of a restricted problem."""
    names = ("differentiable", "gradient_zero", "clarke", "directional", "second_order")
    answers = {
        name: {"status": str(sense.status), "reason": sense.reason} for name, sense in zip(names, senses.senses, strict=True)
    }
    gradient = senses.gradient
    if isinstance(gradient, tuple):
        return {**answers, "gradient": dict(zip(free, vector_document(gradient), strict=True))}
    return {**answers, "gradient": None if gradient is None else parameters_document(gradient)}


def print_verdict(console: Console, verdict: Verdict, file: Path | None, question: str = "") -> None:
    """The verdict as lines."""
    console.print(f"{question}{verdict.status}  {verdict.reason}", markup=False)
    if verdict.certificate is not None:
        console.print(f"certificate  {file or NOT_WRITTEN}", markup=False)
