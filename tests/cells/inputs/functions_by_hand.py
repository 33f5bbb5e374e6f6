"""A second way to compute outputs, and random small parameters, for tests of what a network does with its inputs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction

import exactsurf as es


def outputs(network: es.Network, theta: es.Parameters, x: Sequence[Fraction]) -> list[Fraction]:
    """The outputs, layer by layer, with the activation called on every number."""
    values = [Fraction(v) for v in x]
    for layer, (rows, bias) in enumerate(zip(theta.weights, theta.biases, strict=True), start=1):
        values = [sum(w * v for w, v in zip(row, values, strict=True)) + (bias[j] if bias else 0) for j, row in enumerate(rows)]
        if layer < network.layers:
            values = [network.activation(value) for value in values]
    return values


def pattern(network: es.Network, theta: es.Parameters, x: Sequence[Fraction]) -> tuple[int, ...] | None:
    """How many breakpoints lie below every pre-activation; None if one is at a breakpoint."""
    values, found = [Fraction(v) for v in x], []
    for layer, (rows, bias) in enumerate(zip(theta.weights, theta.biases, strict=True), start=1):
        values = [sum(w * v for w, v in zip(row, values, strict=True)) + (bias[j] if bias else 0) for j, row in enumerate(rows)]
        if layer < network.layers:
            if any(value in network.activation.breakpoints for value in values):
                return None
            found += [sum(value > t for t in network.activation.breakpoints) for value in values]
            values = [network.activation(value) for value in values]
    return tuple(found)


def random_parameters(network: es.Network, source: random.Random, most: int = 9) -> es.Parameters:
    """Small integers."""
    return es.Parameters(
        **{
            name: [source.randint(-most, most) for _ in range(shape[0])]
            if len(shape) == 1
            else [[source.randint(-most, most) for _ in range(shape[1])] for _ in range(shape[0])]
            for name, shape in network.shapes.items()
        }
    )
