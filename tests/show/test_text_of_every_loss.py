"""Certificates about losses as data and weighted samples, in words: what stands there is what the certificate says."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.show.certificates import html_page, latex, markdown
from exactsurf.surface.global_certificate import certify_global_minimum
from tests.weighted_losses import FORMULAS, OWN_MIXED, labels_for


def certificates(loss: es.Loss, weights: list[int] | None) -> list:
    data = es.Data.from_arrays([0, 1, 2, 4], labels_for(loss, [1, -2, 3, -1]), weights=weights)
    instance = es.Problem(es.Network([1, 1, 1]), data, loss)
    theta = instance.parameters(W1=[[1]], b1=[0], W2=[[0]], b2=[1])
    found = [es.decide(instance, theta).certificate]
    if loss != OWN_MIXED:
        proof = certify_global_minimum(instance)
        found += [proof, *([es.decide(instance, proof.parameters).certificate] if proof.parameters is not None else [])]
    return found


@pytest.mark.parametrize("weights", [None, [1, 2, 3, 5]], ids=["plain", "weighted"])
@pytest.mark.parametrize("loss", FORMULAS, ids=repr)
def test_every_format_says_the_loss_and_the_weights(loss, weights):
    named = weights is None and loss.name in ("squared", "absolute", "huber", "hinge")
    for certificate in certificates(loss, weights):
        text = markdown(certificate)
        assert certificate.sentence in text
        assert (f"the {loss.name} risk" in certificate.sentence.lower()) == named
        assert ("ωᵢ" in text) == (weights is not None)
        assert r"\begin{theorem}" in latex(certificate)
        assert "<html" in html_page(certificate)


def test_the_pieces_of_a_loss_are_written_out():
    text = markdown(certificates(es.smoothed_hinge, None)[0])
    for line in ("-u + 1/2 if u ≤ 0", "½ u² − u + 1/2 if 0 ≤ u ≤ 1", "0 if u ≥ 1"):
        assert line in " ".join(text.split())


def test_the_bounds_of_dual_vectors_are_their_conjugates():
    proof = certificates(es.quantile("1/3"), None)[1]
    assert isinstance(proof.risk, Fraction)
    assert "conjugate of the term of sample" in markdown(proof)


def test_classes_and_weights_are_said_together():
    data = es.Data.from_arrays([0, 1, 2], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], weights=[1, 2, 3])
    instance = es.Problem(es.Network([1, 1, 3]), data, es.squared_hinge)
    theta = instance.parameters(W1=[[1]], b1=[0], W2=[[0], [0], [0]], b2=[0, 0, 0])
    text = markdown(es.decide(instance, theta).certificate)
    assert "wrong classes" in text
    assert "u² + 2·u + 1" in text
