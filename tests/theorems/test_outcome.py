"""Outcomes: a hypothesis that fails refutes no theorem, and a conclusion that claims nothing is no proof."""

from __future__ import annotations

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.papers import THEOREMS
from exactsurf.search.catalogue import instances
from exactsurf.theorems.outcome import NothingClaimed, Outcome
from exactsurf.theorems.theorem import Finding, Report

ZIGZAG = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
LINE = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [1, 3, 5, 7]))


def report(*, hypothesis: Status, conclusion: Verdict) -> Report:
    return Report("t", (Finding("H", "x", hypothesis, "why"),), conclusion)


@pytest.mark.parametrize(
    ("hypothesis", "conclusion", "outcome", "summary"),
    [
        ("PROVED", "PROVED", Outcome.CONFIRMED, "applies, and the conclusion holds: so"),
        ("PROVED", "REFUTED", Outcome.CONTRADICTED, "applies, and the conclusion fails: so"),
        ("PROVED", "UNDECIDED", Outcome.APPLIES, "applies, and the conclusion is not decided: so"),
        ("REFUTED", "PROVED", Outcome.HOLDS_NEVERTHELESS, "does not apply (H fails: why); the conclusion holds nevertheless: so"),
        ("REFUTED", "REFUTED", Outcome.FAILS_WITHOUT, "does not apply (H fails: why); the conclusion fails: so"),
        ("REFUTED", "UNDECIDED", Outcome.DOES_NOT_APPLY, "does not apply (H fails: why); the conclusion is not decided: so"),
        (
            "UNDECIDED",
            "PROVED",
            Outcome.NOT_DECIDED,
            "not decided whether it applies (H is not decided: why); the conclusion holds: so",
        ),
    ],
)
def test_the_words(hypothesis: str, conclusion: str, outcome: Outcome, summary: str) -> None:
    found = report(hypothesis=Status(hypothesis), conclusion=Verdict(Status(conclusion), "so"))
    assert found.outcome is outcome and found.summary == summary
    assert found.document()["outcome"] == str(outcome) and str(found).startswith(f"t: {outcome}")
    assert str(outcome) in found.to_html() and str(outcome) in found.to_latex()


def test_an_outcome_needs_a_conclusion() -> None:
    checked = THEOREMS["yun_2019.theorem_1"].check(ZIGZAG)
    assert checked.outcome is None and checked.summary == "applies"
    assert "outcome" not in checked.document()


def test_on_data() -> None:
    theorem = es.papers.yun_2019.theorem_1
    assert theorem.examine(ZIGZAG).outcome is Outcome.CONFIRMED
    line = theorem.examine(LINE)
    assert line.outcome is Outcome.FAILS_WITHOUT and line.summary.startswith("does not apply (C1.1 fails: ")
    found = instances()["he_2020.one_valley.counterexample_1"]
    assert THEOREMS["he_2020.one_valley"].examine(found.problem, found.parameters).outcome is Outcome.CONTRADICTED


def test_where_nothing_is_claimed_nothing_is_said_to_be_proved() -> None:
    """Of every theorem, at a point that is neither critical nor a minimum."""
    silent = set()
    data = es.Data.from_arrays([[1], [2], [3]], [1, 0, 2])
    for problem in (es.Problem(es.Network([1, 1, 1], es.linear, biases=False), data), es.Problem(es.Network([1, 1, 1]), data)):
        entries = {name: [1] if len(s) == 1 else [[1] * s[1]] * s[0] for name, s in problem.network.shapes.items()}
        for theorem in THEOREMS.values():
            found = theorem.examine(problem, problem.parameters(**entries))
            assert found.conclusion is not None
            assert found.conclusion.reason.startswith("nothing is claimed") == isinstance(found.conclusion, NothingClaimed)
            if isinstance(found.conclusion, NothingClaimed):
                silent.add(theorem.key)
                assert found.outcome is Outcome.SAYS_NOTHING
                for text in (str(found), found.to_latex(), found.to_html(), found.summary):
                    assert "PROVED" not in text and "holds: nothing" not in text
    assert {"kawaguchi_2016.theorem_2_3", "zhou_2018.critical_points", "he_2020.global_in_the_cell"} <= silent


def test_no_paper_on_smooth_activations_is_said_to_be_about_others() -> None:
    problem = es.Problem(es.Network([1, 2, 1], "tanh"), es.Data.from_arrays([0, 1, 2], [0, 1, 0]))
    for theorem in THEOREMS.values():
        why = theorem.does_not_apply(problem)
        assert why is None or "it is about piecewise linear" not in why
    assert "tanh is smooth" in (THEOREMS["he_2020.infinitely_many"].does_not_apply(problem) or "")
