"""The evidence `one-sided curve` as a JSON value and back."""

from __future__ import annotations

import json

import exactsurf as es
from exactsurf.certificate.rules.smooth.one_sided_curve import OneSidedCurve
from tests.verifier.smooth_point_examples import get


def test_the_evidence_reads_back() -> None:
    evidence = get("smooth_point_one_sided_curve")["evidence"]
    read = OneSidedCurve.read(evidence)
    assert read.rule == "one-sided curve" and {"bits": 64, **read.document()} == evidence


def test_decide_writes_it_in_format_2() -> None:
    problem = es.Problem(es.Network([1, 1, 1], es.selu(2, "1/2"), biases=False), es.Data.from_arrays([1, -1, 2], [1, 0, 1]))
    certificate = es.decide(problem, problem.parameters(W1=[[0]], W2=[[0]])).certificate
    assert json.loads(certificate.encoded) == get("smooth_point_one_sided_curve")
    assert isinstance(certificate.evidence, OneSidedCurve)
