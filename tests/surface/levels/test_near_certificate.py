"""Certificates of the global minimum with weight decay: made, accepted, read back, told."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.certificate.claims.near_global_minimum import NearGlobalMinimum

F = Fraction
PLANE = [[1, 2], [0, 1], [1, 0], [-1, 2], [2, -1]]
LINE = [[0], [1], [2], [3], [4]]
CASES = {
    "free biases": ([1, 2, 1], LINE, True, False, es.squared),
    "penalised biases": ([1, 2, 1], LINE, True, True, es.squared),
    "no output bias": ([1, 2, 1], LINE, [True, False], True, es.huber("1/2")),
    "no biases": ([1, 2, 1], [[1], [-2], [3], ["1/2"], [-1]], False, False, es.squared_hinge),
    "two inputs": ([2, 2, 1], PLANE, [False, True], False, es.squared.mean),
    "two inputs, free biases": ([2, 2, 1], PLANE, True, False, es.squared),
    "two inputs, free biases, leaky": ([2, 1, 1], [["1/2", 2], [0, 1], [1, 0], [-1, 2], [2, -1]], True, False, es.huber(1)),
    "two inputs, penalised biases": ([2, 1, 1], [["1/2", 2], [0, 1], [1, 0], [-1, 2], [2, -1]], True, True, es.huber(1)),
}


def case(name: str) -> es.Problem:
    widths, x, biases, penalised, loss = CASES[name]
    labels = [1, -1, 1, 1, -1] if loss is es.squared_hinge else [0, 1, 0, 2, 1]
    data = es.Data.from_arrays(x, labels, weights=[1, 2, 1, 1, "1/2"])
    return es.Problem(es.Network(widths, biases=biases), data, loss, weight_decay="1/10", decay_biases=penalised)


@pytest.mark.parametrize("name", CASES)
def test_the_global_minimum_is_certified(name: str):
    land = es.enclosed_landscape(case(name))
    proof = es.certify_near_global_minimum(land)
    accepted = es.verify(proof.encoded)
    assert accepted.kind == "near global minimum" and accepted.risk == proof.risk
    low = land.global_minimum.risk.low
    assert low * (1 - F(1, 10**9)) < proof.bound <= low <= proof.risk <= low * (1 + F(1, 10**9))
    assert 0 < len(proof.duals) <= len(land.levels)
    text = es.markdown(proof)
    assert "Near a global minimum" in text and "near_global_minimum.md" in text


def test_a_certificate_is_read_back(tmp_path):
    proof = es.certify_near_global_minimum(es.enclosed_landscape(case("penalised biases")))
    again = es.load(proof.save(tmp_path / "near.json"))
    assert isinstance(again, NearGlobalMinimum) and again == proof and again.document() == proof.document()
    assert "dual vectors" in repr(again)


def test_a_wide_enclosure_has_a_short_point():
    land = es.enclosed_landscape(case("penalised biases"), width=F(1, 100))
    proof = es.certify_near_global_minimum(land)
    assert proof.bound < proof.risk < proof.bound * F(101, 100)
    assert len(str(proof.risk)) < len(str(es.certify_near_global_minimum(es.enclosed_landscape(case("penalised biases"))).risk))


def test_inputs_that_do_not_span():
    data = es.Data.from_arrays([[1, 1], [2, 2], [-1, -1]], [0, 1, 2])
    problem = es.Problem(es.Network([2, 1, 1], biases=[False, True]), data, weight_decay=1)
    land = es.enclosed_landscape(problem)
    assert land.global_minimum.risk.low > 0
    with pytest.raises(es.UnsupportedError, match="span"):
        es.certify_near_global_minimum(land)
