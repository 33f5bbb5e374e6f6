"""The evidence `one-sided slope` as a JSON value and back."""

from __future__ import annotations

import json

import exactsurf as es
from exactsurf.certificate.rules.smooth.one_sided_slope import OneSidedSlope
from tests.verifier.smooth_point_examples import get


def test_the_evidence_reads_back() -> None:
    evidence = get("smooth_point_one_sided_slope")["evidence"]
    read = OneSidedSlope.read(evidence)
    assert read.rule == "one-sided slope" and {"bits": 64, **read.document()} == evidence


def test_decide_writes_it_in_format_2() -> None:
    problem = es.Problem(es.Network([1, 2, 1], es.elu("1/2")), es.Data.from_arrays([1, 0, -1], [1, 2, 0]))
    certificate = es.decide(problem, problem.parameters(W1=[[1], [2]], b1=[0, 0], W2=[[1, -1]], b2=[1])).certificate
    document = json.loads(certificate.encoded)
    assert document["format"] == "exactsurf-certificate/2" and document["evidence"]["rule"] == "one-sided slope"
    assert isinstance(certificate.evidence, OneSidedSlope)
