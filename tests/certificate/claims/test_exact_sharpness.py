"""What the certificates of algebraic sharpness share: the sentence and the fields of the claim."""

from __future__ import annotations

import pytest

import exactsurf as es
from exactsurf.certificate.claims.exact_sharpness import ExactSharpness
from tests.verifier.verdicts import GOLDEN


@pytest.mark.parametrize("name", ["exact_flattest_linear", "exact_flattest_eigenvalue", "exact_rescaling_chain"])
def test_sentence_and_fields(name):
    proof = es.load(GOLDEN / "accept" / f"{name}.json")
    assert isinstance(proof, ExactSharpness) and proof.sentence.startswith(proof.beginning)
    document = proof.document()
    assert document["claim"]["of"] == proof.of and document["claim"]["value"] == proof.value.document()
    assert ", ".join(map(str, proof.value.polynomial)) in proof.sentence and document["evidence"] == proof.evidence()
    stated = proof.stated(document)
    assert (stated["of"], stated["value"], stated["parameters"]) == (proof.of, proof.value, proof.parameters)
