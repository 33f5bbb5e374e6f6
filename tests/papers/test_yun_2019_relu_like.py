"""Yun et al. 2019, Theorem 2, for ReLU-like activations: built with and without biases, against the landscape and near misses."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import HypothesisError, RejectedCertificate
from exactsurf.papers.yun_2019_relu_like import ReluLikeMinimum
from exactsurf.papers.yun_2019_smooth import construct, theorem_2, three_samples
from exactsurf.theorems.outcome import Outcome
from tests import oracle

F = Fraction
slopes = st.fractions(0, 5, max_denominator=12)


@settings(max_examples=60, deadline=None)
@given(slopes.filter(bool), slopes, st.booleans(), st.sampled_from([es.squared, es.squared.mean]))
def test_every_relu_like_activation(right: Fraction, left: Fraction, biases: bool, loss: es.Loss) -> None:
    problem = three_samples(es.piecewise_linear([0], [left, right]) if left != right else es.linear, loss=loss, biases=biases)
    if left == right:
        assert theorem_2.examine(problem).outcome is Outcome.FAILS_WITHOUT
        return
    found = construct(problem)
    assert isinstance(found, ReluLikeMinimum) and found.status is Status.PROVED
    assert found.risk == oracle.risk(problem, found.parameters) and oracle.risk(problem, found.lower_point) == 0
    assert found.risk == oracle.risk(problem, problem.parameters(**flat_point(right, biases)))
    accepted = es.verify(found.certificate.encoded)
    assert (accepted.kind, accepted.risk) == ("spurious local minimum", found.risk)
    v1, v2, v3, v4 = found.fit

    def h(z: Fraction) -> Fraction:
        return right * max(z, F(0)) + left * min(z, F(0))

    assert h(v1) * h(v4) == h(v2) * h(v3) and h(v1) * h((v3 + v4) / 2) != h(v3) * h((v1 + v2) / 2)
    assert theorem_2.examine(problem).outcome is Outcome.CONFIRMED


def flat_point(right: Fraction, biases: bool) -> dict[str, object]:
    """The constant 1/3 on the three samples, written down by hand."""
    named: dict[str, object] = {"W1": [[1, 1], [0, 0]], "W2": [[1 / (3 * right), 0]]}
    return named | ({"b1": [0, 0], "b2": [0]} if biases else {})


@pytest.mark.parametrize("biases", [True, False])
def test_the_risk_does_not_fall_nearby(biases: bool) -> None:
    found = construct(three_samples("relu", biases=biases))
    assert not oracle.is_lower_nearby(found.problem, found.parameters, [F(1, 1000), F(1, 10**9)], tries=60)
    assert es.decide(found.problem, found.parameters).status is Status.PROVED
    assert es.landscape(three_samples("relu", biases=biases)).global_minimum.risk == 0


@pytest.mark.parametrize(
    "activation", [es.hard_tanh, es.relu6, es.absolute_value, es.piecewise_linear([-1, 2], [3, 0, 1])], ids=repr
)
def test_other_pieces(activation: es.Activation) -> None:
    for biases in (True, False):
        found = construct(three_samples(activation, biases=biases))
        assert found.risk == F(1, 3) and es.verify(found.certificate.encoded).kind == "spurious local minimum"


def test_a_tampered_certificate_is_rejected() -> None:
    text = construct("relu").certificate.encoded.decode()
    for old, new in (('"1/3"', '"1/4"'), ('"1/6"', '"1/5"')):
        assert old in text
        with pytest.raises(RejectedCertificate):
            es.verify(text.replace(old, new, 1).encode())


def test_linear_activations_have_no_such_numbers() -> None:
    with pytest.raises(HypothesisError, match=r"C2\.1"):
        construct("linear")
    source = random.Random(1)
    for _ in range(200):
        v1, v2, v3 = (F(source.randint(-9, 9), source.randint(1, 4)) for _ in range(3))
        if v1:
            v4 = v2 * v3 / v1
            assert v1 * (v3 + v4) == v3 * (v1 + v2)
