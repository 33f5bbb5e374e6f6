"""What the claims of algebraic sharpness share in the verifier: fields, sentences, and the number that is stated."""

from __future__ import annotations

import copy
from fractions import Fraction

import pytest

from exactsurf.verifier import Rejected
from exactsurf.verifier.algebraic_ring import Ring, read_root
from exactsurf.verifier.arithmetic.document import Field
from exactsurf.verifier.exact_sharpness import read_exact_sharpness
from exactsurf.verifier.field_numbers import FieldNumbers
from exactsurf.verifier.rescaled_units import check_shape
from exactsurf.verifier.submission import Submission
from tests.verifier.oracle import Document
from tests.verifier.verdicts import golden

BEGINNING = (
    "Rescaling the hidden units of the {architecture} network at the given parameters, the least {of} of the Hessian of the"
)


def read(document: Document):
    submission = Submission(Field(document, ""), document["claim"]["kind"], None, lambda _: None, 2)
    return read_exact_sharpness(submission, check_shape, BEGINNING + " {risk} on {samples} is ")


def test_the_stated_number() -> None:
    document = golden("exact_rescaling_chain")
    stated = read(document)
    assert stated.sentence == document["claim"]["sentence"] and stated.by_trace
    root = read_root(Field(document["claim"]["value"], "claim.value"))
    field = FieldNumbers(Ring(root), root.enclosed(200))
    alpha = ([Fraction(0), Fraction(1), Fraction(0)], [0, 0, 0])
    stated.check_value(field, alpha)
    for other, place in ((field.ring.scaled(alpha, 2), "polynomial"), (field.ring.constant(1), "polynomial")):
        with pytest.raises(Rejected) as caught:
            stated.check_value(field, other)
        assert caught.value.place == f"claim.value.{place}"


@pytest.mark.parametrize(("name", "value"), [("of", "determinant"), ("sentence", "It holds."), ("risk", "1")])
def test_other_claims(name: str, value: str) -> None:
    document = copy.deepcopy(golden("exact_rescaling_chain"))
    document["claim"][name] = value
    with pytest.raises(Rejected) as caught:
        read(document)
    assert caught.value.place == f"claim.{name}"
