"""Every sharpness example violates exactly the hypothesis it names, and there the conclusion fails; for every theorem."""

from __future__ import annotations

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.papers import THEOREMS
from exactsurf.theorems.theorem import SharpnessExample, Theorem, whole
from tests import oracle

SHARP = [(theorem, example) for theorem in THEOREMS.values() for example in theorem.sharpness()]
REFUTED = [(theorem, example) for theorem in THEOREMS.values() for example in theorem.counterexamples()]


def names(pairs: list[tuple[Theorem, SharpnessExample]]) -> list[str]:
    return [f"{theorem.key}-{example.hypothesis}-{k}" for k, (theorem, example) in enumerate(pairs)]


@pytest.mark.parametrize(("theorem", "example"), SHARP, ids=names(SHARP))
def test_exactly_one_hypothesis_fails_and_the_conclusion(theorem: Theorem, example: SharpnessExample) -> None:
    report = theorem.check(example.problem, example.parameters)
    assert report.failing == (example.hypothesis,)
    assert report.undecided == ()
    check_refuted(theorem, example)


@pytest.mark.parametrize(("theorem", "example"), REFUTED, ids=names(REFUTED))
def test_counterexamples_satisfy_every_hypothesis(theorem: Theorem, example: SharpnessExample) -> None:
    assert theorem.check(example.problem, example.parameters).status is Status.PROVED
    check_refuted(theorem, example)


@pytest.mark.parametrize("theorem", THEOREMS.values(), ids=THEOREMS)
def test_every_hypothesis_has_an_example_or_a_reason(theorem: Theorem) -> None:
    needed = {hypothesis.name for hypothesis in theorem.hypotheses if not hypothesis.setting}
    shown = {example.hypothesis for example in theorem.sharpness()}
    excused = [name for name, _ in theorem.without_example]
    assert needed <= shown | set(excused)
    assert not shown & set(excused) and len(excused) == len(set(excused)) and set(excused) <= needed
    assert all(len(why) > 20 for _, why in theorem.without_example)


def check_refuted(theorem: Theorem, example: SharpnessExample) -> None:
    verdict = theorem.conclusion(example.problem, example.parameters, other=example.other)
    assert verdict.status is Status.REFUTED
    if verdict.certificate is not None:
        assert es.verify(verdict.certificate.encoded).risk == verdict.risk
    if verdict.lower_point is not None:
        problem = whole(example.problem)
        above = verdict.risk if example.parameters is None else oracle.risk(problem, example.parameters)
        assert oracle.risk(problem, verdict.lower_point) < above


def test_the_claims_that_the_literature_makes_as_worded_are_refuted() -> None:
    assert [theorem.key for theorem, _ in REFUTED] == ["he_2020.one_valley"] * 2


@pytest.mark.parametrize(
    ("key", "hypothesis", "risk", "lower"),
    [
        ("he_2020.global_in_the_cell", "depth", "13", "207/16"),
        ("he_2020.global_in_the_cell", "d_y", "1", "3649/3825"),
        ("he_2020.global_in_the_cell", "loss", "1", "3/100"),
        ("laurent_2018.leaky_separable", "separable", "1", "0"),
        ("laurent_2018.leaky_separable", "leaky", "1/2", "0"),
        ("laurent_2018.leaky_separable", "balanced", "2/5", "0"),
        ("laurent_2018.deep_linear", "loss", "1", "0"),
        ("laurent_2018.deep_linear", "widths", "7/2", "3/2"),
        ("haeffele_2017.zero_unit", "zero unit", "3/4", "21/32"),
    ],
)
def test_published_risks(key: str, hypothesis: str, risk: str, lower: str) -> None:
    (example,) = (example for example in THEOREMS[key].sharpness() if example.hypothesis == hypothesis)
    assert str(oracle.risk(example.problem, example.parameters)) == risk
    assert str(oracle.risk(example.problem, example.other)) == lower
    assert not oracle.is_lower_nearby(example.problem, example.parameters, [es.exact_float(1e-3), es.exact_float(1e-9)], tries=30)
