"""What the two certificates of bounds on the sharpness share: fields of the claim, and what is read back from them."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.certificate.claims.sharpness_bounds import SharpnessBounds

LINE = es.Problem(es.Network([1, 2, 1], biases=False), es.Data.from_arrays([1, 2], [2, 4]))
POINT = LINE.parameters(W1=[[4], ["1/2"]], W2=[["1/4", 2]])


@pytest.mark.parametrize("ask", [es.flattest_rescaling, es.flattest_minimiser])
def test_the_claim_states_both_intervals(ask):
    proof = ask(LINE, POINT).certificate
    assert isinstance(proof, SharpnessBounds)
    document = proof.document()
    for name, bounds in (("trace", proof.trace), ("eigenvalue", proof.eigenvalue)):
        assert tuple(map(Fraction, document["claim"][name])) == bounds
        assert all(text in proof.sentence for text in document["claim"][name])
    assert set(document["evidence"]) == {"trace", "eigenvalue"} and proof.beginning in proof.sentence
    stated = proof.stated(document)
    assert stated["parameters"] == POINT and stated["risk"] == proof.risk == 0
    assert (stated["trace"], stated["eigenvalue"]) == (proof.trace, proof.eigenvalue)


def test_a_certificate_that_names_no_evidence_is_none():
    with pytest.raises(TypeError, match="abstract"):
        SharpnessBounds(LINE, POINT, Fraction(0), (Fraction(0), Fraction(1)), (Fraction(0), Fraction(1)))
