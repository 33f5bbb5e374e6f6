"""Random subspaces of parameter space."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import exactsurf as es
from exactsurf.minima.local.coordinate_vector import dimension
from exactsurf.model.parameter_vector import parameters_of


def random_restriction(network: es.Network, source: random.Random, words: Sequence[str]) -> es.Restriction | None:
    """A restriction whose entries are some of these words, in repeated rows; None where no parameter is free."""
    layers: dict[str, Any] = {}
    for name, shape in network.shapes.items():
        entries = [source.choice(words) for _ in range(4)]
        rows = [[entries[i + j] for j in range(shape[-1])] for i in range(shape[0])]
        layers[name] = entries[: shape[0]] if len(shape) == 1 else rows
    try:
        return es.restriction(network, **layers)
    except es.InputError:
        return None


def whole_space(network: es.Network) -> es.Restriction:
    """The restriction that restricts nothing."""
    size = dimension(network)
    axes = [parameters_of(network, [Fraction(int(p == q)) for q in range(size)]) for p in range(size)]
    return es.Restriction(network, parameters_of(network, [Fraction(0)] * size), axes)
