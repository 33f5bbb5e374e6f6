"""The text about functional dimensions, in three forms."""

from __future__ import annotations

import pytest

from tests.show.claims.three_forms import assert_shown_in_three_forms

SAID = {
    "dimension_deep": "The largest rank of the derivatives of the outputs by the 15 parameters",
    "dimension_batch": "On the 4 inputs of the certificate",
    "dimension_full": "The rank cannot be more than the number of parameters.",
    "dimension_no_input": "is 0.",
}


@pytest.mark.parametrize("name", SAID)
def test_shown_in_three_forms(name: str) -> None:
    assert_shown_in_three_forms(name, SAID[name])
