"""The form of theorems: every one is listed, cited and checked hypothesis by hypothesis."""

from __future__ import annotations

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.papers import THEOREMS
from exactsurf.theorems.theorem import Finding, Report, Theorem
from tests.papers.datasets import A


@pytest.mark.parametrize("theorem", THEOREMS.values(), ids=list(THEOREMS))
def test_theorems_are_described(theorem: Theorem) -> None:
    assert THEOREMS[theorem.key] is theorem
    assert theorem.reference.startswith("@") and theorem.reference.count("{") == theorem.reference.count("}")
    assert theorem.statement.count("$") % 2 == 0 and theorem.title
    names = [hypothesis.name for hypothesis in theorem.hypotheses]
    assert len(set(names)) == len(names)
    assert all(hypothesis.statement for hypothesis in theorem.hypotheses)
    module, _, name = theorem.key.partition(".")
    assert getattr(getattr(es.papers, module), name) is theorem


def test_reports() -> None:
    good, bad = Finding("H1", "x", Status.PROVED, "yes"), Finding("H2", "y", Status.REFUTED, "no: 3 < 4", (3, 4))
    assert Report("t", (good,)).status is Status.PROVED
    report = Report("t", (good, bad))
    assert report.status is Status.REFUTED and report.failing == ("H2",)
    assert str(report).splitlines() == ["t: hypotheses", "  H1  holds  yes", "  H2  FAILS  no: 3 < 4"]
    assert report.document() == {
        "theorem": "t",
        "status": "REFUTED",
        "hypotheses": [
            {"name": "H1", "statement": "x", "status": "PROVED", "witness": "yes"},
            {"name": "H2", "statement": "y", "status": "REFUTED", "witness": "no: 3 < 4"},
        ],
    }


def test_checks_never_raise_on_valid_problems() -> None:
    """`check` is promised to raise nothing, whatever the network and the loss."""
    for network in (
        es.Network([1, 1]),
        es.Network([1, 1, 1], es.linear, biases=False),
        es.Network([1, 3, 3, 1], es.relu6),
    ):
        for loss in (es.squared, es.absolute, es.huber(2)):
            report = es.papers.yun_2019.theorem_1.check(es.Problem(network, A, loss))
            assert report.failing and all(finding.witness for finding in report.findings)


def test_representations_are_short():
    grid = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    for theorem in THEOREMS.values():
        assert len(repr(theorem)) < 200 and theorem.key in repr(theorem)
    report = repr(es.papers.yun_2019.theorem_1.check(grid))
    assert report == "Report(yun_2019.theorem_1: C1.1 holds, C1.2 holds, C1.3 holds, C1.4 holds, setting holds)"
