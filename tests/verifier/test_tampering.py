"""Every small change of a certificate is rejected, or what the changed certificate says is true."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verifier.examples import EXAMPLES, get
from tests.verifier.oracle import assert_true
from tests.verifier.verdicts import accepted, assert_changes_are_noticed


@pytest.mark.parametrize("name", EXAMPLES)
def test_single_changes(name: str) -> None:
    assert_changes_are_noticed(get(name), assert_true, least=400)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(EXAMPLES)), st.data())
def test_several_changes(name: str, data: st.DataObject) -> None:
    document = get(name)
    for _ in range(data.draw(st.integers(2, 4))):
        numbers: list[tuple[list[object], int]] = []
        _collect(document, numbers)
        values, i = data.draw(st.sampled_from(range(len(numbers))).map(numbers.__getitem__))
        values[i] = data.draw(st.sampled_from(["0", "1", "-1", "1/2", "2", "-3/2", "3"]))
    if accepted(document):
        assert_true(document)


def _collect(value: object, found: list[tuple[list[object], int]]) -> None:
    if isinstance(value, dict):
        for item in value.values():
            _collect(item, found)
    elif isinstance(value, list):
        for i, item in enumerate(value):
            if isinstance(item, str):
                found.append((value, i))
            else:
                _collect(item, found)
