"""Verdicts about theorems carry the certificate of whatever claim shows them, and the verifier accepts it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.papers import freeman_2017, venturi_2019, yun_2019
from exactsurf.papers.yun_2019_smooth import three_samples
from exactsurf.theorems.theorem import Theorem

F = Fraction
BENT = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
VALLEYS = venturi_2019.no_spurious_valleys


@pytest.mark.parametrize(
    ("theorem", "problem", "status", "kind", "risk"),
    [
        (VALLEYS, es.Problem(es.Network([1, 2, 1]), BENT), Status.REFUTED, "spurious valley", F(1, 3)),
        (VALLEYS, es.Problem(es.Network([1, 3, 1]), BENT), Status.PROVED, "all valleys", None),
        (freeman_2017.level_sets, es.Problem(es.Network([1, 2, 1]), BENT), Status.REFUTED, "spurious valley", F(1, 3)),
        (yun_2019.theorem_2, three_samples(es.tanh), Status.PROVED, "spurious local minimum on three samples", F(1, 3)),
    ],
    ids=["spurious valley", "all valleys", "level sets", "three samples"],
)
def test_the_certificate_is_accepted_from_its_file(
    theorem: Theorem, problem: es.Problem, status: Status, kind: str, risk: Fraction | None, tmp_path: Path
) -> None:
    verdict = theorem.conclusion(problem)
    assert verdict.status is status and verdict.certificate is not None
    accepted = es.verify(verdict.certificate.save(tmp_path / "certificate.json"))
    assert accepted.kind == verdict.certificate.kind == kind
    assert accepted.risk == risk
    assert risk is None or verdict.risk == risk
