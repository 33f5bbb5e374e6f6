"""Restricted problems of degree 1, of all kinds, with small random data."""

from __future__ import annotations

import random

import exactsurf as es

INPUTS = [[1, -1, 1, 1], [-1, 0, 2, 0], [-2, 1, 2, -2], [-1, 2, 1, 0]]
FILTERS = es.convolution(4, [2], strides=2, head=[1, 1])
LESSON = es.RestrictedProblem(FILTERS, es.Data.from_arrays(INPUTS, [2, 2, 2, 1]))

PLANES = {
    "filter": FILTERS,
    "opposite head": es.convolution(4, [2], strides=2, head=[1, -1]),
    "overlapping": es.convolution(4, [2], head=[1, 1, -2], activation={"leaky_relu": "1/4"}),
    "tied": es.restriction(es.Network([4, 2, 1]), W1=[["a", "b", 0, 1], ["-a", 1, "b", "a"]], b1=["b", 0], W2=[[1, -1]], b2=[0]),
    "hard tanh": es.convolution(4, [2], strides=2, head=[2, 1], activation="hard_tanh"),
    "first of two": es.restriction(
        es.Network([4, 1, 2, 1]), W1=[["a", "b", 1, 0]], b1=[0], W2=[[1], [-1]], b2=[-1, 2], W3=[[1, 1]], b3=[0]
    ),
}
"""Restrictions with two free parameters."""

LOSSES = ("squared", "absolute", "huber(1/2)")


def plane(name: str, seed: int) -> es.RestrictedProblem:
    """A problem with two free parameters."""
    source = random.Random(f"{name} {seed}")
    rows = [[source.randint(-2, 2) for _ in range(4)] for _ in range(4)]
    targets = [source.randint(-2, 3) for _ in range(4)]
    return es.RestrictedProblem(PLANES[name], es.Data.from_arrays(rows, targets), LOSSES[seed % 3])
