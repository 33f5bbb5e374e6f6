"""Verdicts of one question as lines and as JSON values."""

from __future__ import annotations

from pathlib import Path

import exactsurf as es
from exactsurf.cli.verdict_report import saved_certificate, verdict_document


def test_a_verdict_without_a_certificate(tmp_path: Path) -> None:
    verdict = es.Verdict(es.Status.UNDECIDED, "open")
    assert saved_certificate(verdict, tmp_path, Path("p.json"), "equal") is None and not list(tmp_path.iterdir())
    assert verdict_document(verdict, None) == {"status": "UNDECIDED", "reason": "open", "certificate": None, "claim": None}
