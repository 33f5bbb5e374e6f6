"""The text about enclosed sharpness, in three forms."""

from __future__ import annotations

import pytest

from tests.show.claims.three_forms import assert_shown_in_three_forms


@pytest.mark.parametrize("name", ["enclosed_sharpness_tanh", "enclosed_sharpness_decay"])
def test_shown_in_three_forms(name: str) -> None:
    assert_shown_in_three_forms(name, "Symmetric elimination of")
