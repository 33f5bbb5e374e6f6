"""Certificates of global minima with forms: both checkers accept them, for every loss, bias and activation."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.certificate.claims.global_minimum import GlobalMinimum
from exactsurf.certificate.read import certificate_of
from exactsurf.errors import InputError
from exactsurf.formal import Verdict, judge
from exactsurf.surface import unit_forms
from exactsurf.surface.global_certificate import certify_global_minimum, certify_search
from exactsurf.surface.global_search import GlobalSearch
from exactsurf.verifier.arithmetic.document import read_document

F = Fraction
ACTIVATIONS = {
    "relu": es.relu,
    "leaky": es.leaky_relu("1/3"),
    "absolute value": es.absolute_value,
    "shifted": es.piecewise_linear([1], [0, 1], 0),
    "hard tanh": es.piecewise_linear([-1, 1], [0, 1, 0], 0),
    "three": es.piecewise_linear([-1, 0, 2], ["1/3", -1, 2, 0], "1/2"),
}
LOSSES = (es.squared, es.absolute, es.huber(F(1, 2)), es.hinge)
BIASES = ((True, True), (False, True), (True, False), (False, False))


def drawn(source: random.Random, activation, loss, units: int, inputs: int, biases) -> es.Problem:
    samples = 3 if len(activation.breakpoints) > 1 else 4
    x = [[source.randint(-3, 3) for _ in range(inputs)] for _ in range(samples)]
    y = [source.choice([-1, 1]) if loss is es.hinge else source.randint(-3, 3) for _ in range(samples)]
    weights = [F(source.randint(1, 4), 2) for _ in range(samples)] if source.random() < 0.3 else None
    network = es.Network([inputs, units, 1], activation, biases=list(biases))
    return es.Problem(network, es.Data.from_arrays(x, y), loss=loss, sample_weight=weights)


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS.keys())
def test_both_checkers_accept(activation):
    source = random.Random(1)
    for loss in LOSSES:
        for biases in BIASES:
            problem = drawn(source, activation, loss, source.choice([1, 2]), source.choice([1, 2]), biases)
            proof = certify_global_minimum(problem, formal=True)
            assert judge(proof.encoded) is Verdict.ACCEPTED
            assert proof.risk == certify_global_minimum(problem).risk


def test_without_forms_the_proved_checker_does_not_know_it():
    problem = drawn(random.Random(2), es.relu, es.squared, 1, 1, (True, True))
    assert judge(certify_global_minimum(problem).encoded) is Verdict.UNKNOWN


def test_a_search_that_is_not_over_has_a_bound_that_both_accept():
    data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    proof = certify_search(GlobalSearch(es.Problem(es.Network([1, 1, 1]), data)), formal=True)
    assert proof.kind == "lower bound" and proof.risk == 0 and judge(proof.encoded) is Verdict.ACCEPTED


def test_an_infimum_that_is_not_attained():
    problem = es.Problem(
        es.Network([2, 1, 1], ACTIVATIONS["shifted"], biases=[False, False]),
        es.Data.from_arrays([[1, 3], [1, 2], [2, -2]], [0, 2, 3]),
        loss=es.huber(F(1, 2)),
    )
    proof = certify_global_minimum(problem, formal=True)
    assert (proof.kind, proof.risk) == ("lower bound", F(315, 512)) and judge(proof.encoded) is Verdict.ACCEPTED


def test_what_was_written_is_read_again():
    proof = certify_global_minimum(
        drawn(random.Random(4), ACTIVATIONS["hard tanh"], es.absolute, 1, 1, (True, True)), formal=True
    )
    again = certificate_of(read_document(proof.encoded).value, Path())
    assert isinstance(again, GlobalMinimum) and again == proof and again.forms


def test_too_many_steps_end_with_advice(monkeypatch):
    monkeypatch.setattr(unit_forms, "_MAX_STEPS", 1)
    data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    with pytest.raises(InputError, match="without --formal"):
        certify_global_minimum(es.Problem(es.Network([1, 1, 1]), data), formal=True)
