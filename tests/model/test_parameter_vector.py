"""Parameters and vectors: the order of entries, and back."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.cells.coordinates import coordinates
from exactsurf.model.parameter_vector import parameters_of, vector_of


@pytest.mark.parametrize("biases", [True, False, [True, False, True]])
def test_a_vector_has_the_order_of_the_names(biases: bool | list[bool]) -> None:
    network = es.Network([2, 3, 2, 1], biases=biases)
    size = sum(shape[0] * (shape[1] if len(shape) == 2 else 1) for shape in network.shapes.values())
    theta = parameters_of(network, [Fraction(n, 7) for n in range(size)])
    assert vector_of(theta) == tuple(coordinates(theta).values()) == tuple(Fraction(n, 7) for n in range(size))
    assert {name: len(value) for name, value in theta.items()} == {name: shape[0] for name, shape in network.shapes.items()}
