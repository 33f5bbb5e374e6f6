"""Restricted problems with scales, of all kinds, with small random data."""

from __future__ import annotations

import random

import exactsurf as es
from tests.surface.restricted.problems import LOSSES

SCALED = es.restriction(es.Network([4, 2, 1], biases=False), W1=[["a", "b", 0, 0], [0, 0, "a", "b"]], W2=[["v", "-v"]])
KINDS = {
    "opposite patches": SCALED,
    "patches and a fixed bias": es.restriction(
        es.Network([4, 3, 1], {"leaky_relu": "-1/2"}, biases=[False, True]),
        W1=[["a", "b", 0, 0], [0, "a", "b", 0], [0, 0, "a", "b"]],
        W2=[["v", "2*v", "v"]],
        b2=[1],
    ),
    "one number and a free bias": es.restriction(es.Network([1, 2, 1]), W1=[["w"], ["-2*w"]], b1=[0, "w"], W2=[["v", "v"]]),
    "products": es.diagonal(1, 3),
}
"""Restrictions with three free parameters."""


def scaled(name: str, seed: int, samples: int = 4) -> es.RestrictedProblem:
    """A problem with three free parameters."""
    restriction = KINDS[name]
    source = random.Random(f"{name} {seed}")
    rows = [[source.randint(-2, 2) for _ in range(restriction.network.widths[0])] for _ in range(samples)]
    targets = [source.randint(-2, 3) for _ in range(samples)]
    return es.RestrictedProblem(restriction, es.Data.from_arrays(rows, targets), LOSSES[seed % 3])
