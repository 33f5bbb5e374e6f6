"""Theorems about affine minima hold their hypothesis on the loss to the papers' words: continuously differentiable losses."""

from __future__ import annotations

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.papers import THEOREMS
from exactsurf.theorems.outcome import Outcome

KEYS = ["he_2020.infinitely_many", "christof_2023.continuum", "goldblum_2020.affine_minima"]
LABELS = es.Data.from_arrays([0, 1, 2, 3], [1, -1, 1, -1])
VALUES = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
NETWORK = es.Network([1, 2, 1])


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    ("data", "loss"), [(LABELS, "logistic"), (VALUES, "log_cosh"), (VALUES, "huber"), (VALUES, "squared")], ids=str
)
def test_differentiable_losses_are_confirmed(key: str, data: es.Data, loss: str) -> None:
    problem = es.Problem(NETWORK, data, loss)
    assert THEOREMS[key].does_not_apply(problem) is None
    report = THEOREMS[key].examine(problem)
    assert report.outcome is Outcome.CONFIRMED
    es.verify(report.conclusion.certificate.encoded)


@pytest.mark.parametrize("key", KEYS)
def test_losses_with_kinks_are_beyond_the_papers_and_built_all_the_same(key: str) -> None:
    report = THEOREMS[key].examine(es.Problem(NETWORK, VALUES, "absolute"))
    assert report.outcome is Outcome.CONFIRMED
    assert any("which the paper does not have" in finding.witness for finding in report.findings)


@pytest.mark.parametrize("key", KEYS)
def test_separable_labels_have_no_best_affine_model(key: str) -> None:
    report = THEOREMS[key].check(es.Problem(NETWORK, es.Data.from_arrays([0, 1, 2, 5], [-1, -1, 1, 1]), "logistic"))
    assert report.failing == ("attained",)
    (finding,) = (one for one in report.findings if one.name == "attained")
    assert finding.status is Status.REFUTED and "separates" in finding.witness
