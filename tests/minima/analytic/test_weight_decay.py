"""Losses by expression with weight decay, one hidden layer and one output: decided at rational points."""

from __future__ import annotations

import json
import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.verifier import Rejected, verify

DATA = es.Data.from_arrays([-2, -1, 1, 2], [0, 1, 0, 1])


def at_zero(factor, loss="logistic", bias=0, **options):
    problem = es.Problem(es.Network([1, 1, 1]), DATA, loss, weight_decay=factor, **options)
    return problem, problem.parameters(W1=[[0]], b1=[bias], W2=[[0]], b2=[0])


def test_idle_units_stay_idle_where_the_factor_is_large():
    """With r_i = ±1/2, Σ r_i relu(w x_i + b) is −w where all units are on, and nowhere steeper."""
    for factor, status in (("1/2", es.Status.REFUTED), ("1", es.Status.PROVED), ("3", es.Status.PROVED)):
        problem, theta = at_zero(factor)
        verdict = es.decide(problem, theta)
        assert verdict.status is status, (factor, verdict)
        assert verdict.certificate.sentence.startswith("The given parameters are ")
        assert f"risk with weight decay {factor} of the 1-1-1 network" in verdict.certificate.sentence


@pytest.mark.parametrize("loss", ["logistic", "exponential", "log_cosh", "(f-y)**4"])
def test_random_points_are_decided_and_lower_points_are_lower(loss):
    rng = random.Random(4)
    for _ in range(6):
        problem, _ = at_zero(Fraction(1, rng.randint(1, 9)), loss, decay_biases=rng.random() < 0.5)
        theta = problem.parameters(
            W1=[[rng.randint(-2, 2)]], b1=[rng.randint(-1, 1)], W2=[[rng.randint(-2, 2)]], b2=[rng.randint(-1, 1)]
        )
        verdict = es.decide(problem, theta)
        assert verdict.status is not es.Status.UNDECIDED, (problem, theta, verdict)
        if verdict.status is es.Status.REFUTED:
            lower, here = (es.Ball(v) if isinstance(v, Fraction) else v for v in map(problem.risk, (verdict.lower_point, theta)))
            assert lower.upper < here.lower


def test_a_spurious_one_with_a_point_that_is_given():
    data = es.Data.from_arrays([1, 2, -1], [1, 1, 0])
    problem = es.Problem(es.Network([1, 1, 1], biases=[False, False]), data, "logistic", weight_decay="1")
    zero = problem.parameters(W1=[[0]], W2=[[0]])
    verdict = es.decide(problem, zero)
    assert verdict.status is es.Status.REFUTED
    with pytest.raises(es.UnsupportedError, match="lower="):
        es.decide(problem, zero, spurious=True)


def test_deep_networks_are_refuted_or_left_open():
    problem = es.Problem(es.Network([1, 1, 1, 1]), DATA, "logistic", weight_decay="1/3")
    theta = problem.parameters(W1=[[1]], b1=[1], W2=[[1]], b2=[1], W3=[[1]], b3=[0])
    assert es.decide(problem, theta).status is es.Status.REFUTED


def test_tampering_is_noticed():
    problem, theta = at_zero("3", bias=1)
    document = json.loads(es.decide(problem, theta).certificate.encoded)
    verify(json.dumps(document).encode())
    assert document["evidence"]["rule"] == "frozen" and document["evidence"]["parts"][0]["rule"] == "unitwise decay"
    for change in (
        lambda d: d["problem"]["weight_decay"].update(factor="1/100"),
        lambda d: d["problem"].pop("weight_decay"),
        lambda d: d["problem"]["loss"].update(scale="99"),
        lambda d: d["evidence"]["parts"][0].update(rule="unitwise"),
        lambda d: d["evidence"].update(parts=[]),
        lambda d: d["evidence"]["curvatures"].__setitem__(0, "0"),
        lambda d: d["claim"].update(risk=["0", "1"]),
        lambda d: d["parameters"].update(W1=[["1"]]),
        lambda d: d["parameters"].update(b2=["1"]),
        lambda d: d["claim"].update(sentence=d["claim"]["sentence"].replace(" with weight decay 3", "")),
    ):
        changed = json.loads(json.dumps(document))
        change(changed)
        with pytest.raises(Rejected):
            verify(json.dumps(changed).encode())


def test_texts_and_reading_back(tmp_path):
    problem, theta = at_zero("3", bias=1)
    certificate = es.decide(problem, theta).certificate
    assert "weight decay" in es.markdown(certificate) and "½ λ |w|²" in es.markdown(certificate)
    assert es.load(certificate.save(tmp_path / "point.json")) == certificate
