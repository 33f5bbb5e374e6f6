"""Verdicts of one question as lines and as JSON values."""

from __future__ import annotations

from pathlib import Path

import exactsurf as es
from exactsurf.cli.verdict_report import saved_certificate, senses_document, verdict_document


def test_a_verdict_without_a_certificate(tmp_path: Path) -> None:
    verdict = es.Verdict(es.Status.UNDECIDED, "open")
    assert saved_certificate(verdict, tmp_path, Path("p.json"), "equal") is None and not list(tmp_path.iterdir())
    assert verdict_document(verdict, None) == {"status": "UNDECIDED", "reason": "open", "certificate": None, "claim": None}


def test_a_gradient_is_named_as_what_is_free() -> None:
    data = es.Data.from_arrays([1], [2])
    plain = es.Problem(es.Network([1, 1], biases=False), data)
    tied = es.RestrictedProblem(es.restriction(plain.network, W1=[["2*a"]]), data)
    found = senses_document(es.stationarity(plain, plain.parameters(W1=[[1]])))
    assert found["gradient"] == {"W1": [["-1"]]} and found["gradient_zero"]["status"] == "REFUTED"
    assert senses_document(es.stationarity(tied, tied.parameters(a="1/2")), ("a",))["gradient"] == {"a": "-2"}
    kinked = es.Problem(plain.network, data, "absolute")
    assert senses_document(es.stationarity(kinked, kinked.parameters(W1=[[2]])))["gradient"] is None
