"""Gradients on a region against SymPy's derivatives of the outputs written out."""

from __future__ import annotations

import random

import pytest
import sympy

import exactsurf as es
from exactsurf.cells.coordinates import coordinates, weight_names
from exactsurf.cells.inputs.affine_network import coordinates_of_inputs, gradients_on, outputs_on, pieces_at
from tests.cells.inputs.functions_by_hand import outputs, pattern, random_parameters


@pytest.mark.parametrize("widths", [[2, 3, 2], [1, 2, 2, 1], [2, 1, 1, 2, 1]], ids=str)
@pytest.mark.parametrize("h", [es.relu, es.leaky_relu("1/3"), es.hard_tanh], ids=repr)
def test_gradients_are_the_derivatives(widths: list[int], h: es.Activation) -> None:
    network, source = es.Network(widths, h, biases=[True] * (len(widths) - 2) + [False]), random.Random(len(widths))
    theta = random_parameters(network, source, 3)
    x = [es.exact(f"{source.randint(-5, 5)}/3") for _ in range(widths[0])]
    pieces, _ = pieces_at(network, theta, x)
    names, inputs = weight_names(network), sympy.symbols(f"x:{widths[0]}")
    values = {sympy.Symbol(name): sympy.Rational(str(value)) for name, value in coordinates(theta).items()}
    layer = list(inputs)
    for number, width in enumerate(widths[1:], start=1):
        layer = [
            sum(sympy.Symbol(f"W{number}_{j}_{k}") * value for k, value in enumerate(layer))
            + (sympy.Symbol(f"b{number}_{j}") if network.biases[number - 1] else 0)
            for j in range(width)
        ]
        if number < network.layers:
            lines = [h.lines[piece] for piece in pieces[number - 1]]
            layer = [sympy.Rational(str(a)) * z + sympy.Rational(str(c)) for z, (a, c) in zip(layer, lines, strict=True)]
    for k, rows in enumerate(gradients_on(network, theta, pieces, coordinates_of_inputs(widths[0]))):
        for name, function in zip(names, rows, strict=True):
            true = sympy.Poly(sympy.diff(layer[k], sympy.Symbol(name)).subs(values), *inputs)
            found = sum(sympy.Rational(str(a)) * v for a, v in zip(function, (*inputs, 1), strict=True))
            assert sympy.expand(true.as_expr() - found) == 0


def test_outputs_and_pieces_are_those_by_hand() -> None:
    source = random.Random(3)
    network = es.Network([2, 3, 2, 1], es.hard_tanh)
    for _ in range(50):
        theta = random_parameters(network, source)
        x = [es.exact(f"{source.randint(-9, 9)}/7") for _ in range(2)]
        pieces, wall = pieces_at(network, theta, x)
        (function,) = outputs_on(network, theta, pieces, coordinates_of_inputs(2))[-1]
        assert sum(a * v for a, v in zip(function, (*x, 1), strict=True)) == outputs(network, theta, x)[0]
        seen = pattern(network, theta, x)
        assert (wall is None) == (seen is not None)
        assert seen is None or seen == tuple(piece for layer in pieces for piece in layer)
