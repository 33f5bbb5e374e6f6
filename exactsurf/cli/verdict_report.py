"""How subcommands about one question tell a verdict: a line with the status and the reason, and where the certificate is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from exactsurf.certificate.verdict import Verdict
from exactsurf.cli.point_file import NOT_WRITTEN, certificate_file

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


def print_verdict(console: Console, verdict: Verdict, file: Path | None, question: str = "") -> None:
    """The verdict as lines."""
    console.print(f"{question}{verdict.status}  {verdict.reason}", markup=False)
    if verdict.certificate is not None:
        console.print(f"certificate  {file or NOT_WRITTEN}", markup=False)
