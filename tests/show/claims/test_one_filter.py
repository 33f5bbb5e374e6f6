"""The text about one filter, in three forms."""

from __future__ import annotations

import pytest

from tests.show.claims.three_forms import assert_shown_in_three_forms


@pytest.mark.parametrize(("name", "said"), [("filter_spurious", "2.10785"), ("filter_none", "is not a local minimum of F")])
def test_shown_in_three_forms(name: str, said: str) -> None:
    assert_shown_in_three_forms(name, said)
