"""Activations in floats: against the exact ones, and slopes against differences."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import exactsurf as es
from exactsurf.errors import UnsupportedError
from exactsurf.model.floats.activation_values import values_and_slopes


@pytest.mark.parametrize("h", [es.relu, es.activations.hard_tanh, es.elu("1/2"), es.selu(), es.selu(2, 3)], ids=str)
def test_values_and_slopes(h: Any) -> None:
    z = np.array([-3.0, -1.25, -0.5, 0.0, 0.25, 2.0])
    values, slopes = values_and_slopes(h)(z)
    exact = [h(Fraction(v)) for v in z.tolist()]
    assert np.allclose(values, [float(v if isinstance(v, Fraction) else v.midpoint) for v in exact], rtol=1e-14, atol=1e-14)
    step = 2.0**-24
    left = (values - values_and_slopes(h)(z - step)[0]) / step
    assert np.allclose(slopes, left, rtol=1e-6, atol=1e-6)


def test_other_activations_are_refused() -> None:
    with pytest.raises(UnsupportedError, match="tanh"):
        values_and_slopes(es.activations.tanh)
