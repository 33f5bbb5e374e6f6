"""Forms of one unit are written as they were read."""

from __future__ import annotations

import pytest

from exactsurf.certificate.claims.unit_forms import ImpliedStep, LinesStep, WallSplit, form_document, form_of
from tests.verifier.test_unit_forms import NAMES
from tests.verifier.verdicts import golden


@pytest.mark.parametrize("name", NAMES)
def test_the_same_json(name: str):
    forms = golden(name, "accept_2")["evidence"]["forms"]
    assert [form_document(form_of(entry)) for entry in forms] == forms


def test_every_kind_of_step_is_read():
    forms = [form_of(entry) for name in NAMES for entry in golden(name, "accept_2")["evidence"]["forms"]]
    steps = [step for form in forms for step in form.proof]
    assert {type(step) for step in steps} == {WallSplit, ImpliedStep, LinesStep}
    assert {step.empty for step in steps if isinstance(step, LinesStep)} == {True, False}
