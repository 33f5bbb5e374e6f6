"""What the text needs to know of a certificate about units on normal inputs."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

from exactsurf.certificate.reading.population_view import population_view

GOLDEN = Path(__file__).parents[3] / "proofs/golden/accept"


def test_read() -> None:
    view = population_view(json.loads((GOLDEN / "population_three.json").read_text(encoding="utf-8")))
    assert (view.units, view.dimension, view.larger, view.bits) == (3, 2, True, 80)
    assert view.radius == Fraction(1, 10**9) and view.risk[0] < Fraction("0.018366") < view.risk[1] + Fraction(1, 10**5)
    assert view.teachers.values[2] == (-3, 2) and view.parameters[0].shape == (3, 2)
