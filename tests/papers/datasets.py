"""Worked examples of papers.md, section 1, and random data that satisfy the hypotheses."""

from __future__ import annotations

from fractions import Fraction

import exactsurf as es

F = Fraction
A = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
XOR = es.Data.from_arrays([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
D = es.Data.from_arrays([[-1, 0], [-1, 1], [-1, 2], [1, 0], [1, 1], [1, 2]], [-3, 0, -3, 2, 2, 2])
TWO_OUTPUTS = es.Data.from_arrays([[0, 1], [1, 0], [2, 1], [1, 3], [0, 0]], [[0, 1], [1, 1], [0, -2], [2, 0], [1, 1]])

ACTIVATIONS = [
    es.relu,
    es.leaky_relu("1/100"),
    es.absolute_value,
    es.relu6,
    es.hard_tanh,
    es.piecewise_linear([-1, "1/2"], [2, "-1/3", 1], "1/7"),
    es.piecewise_linear([3], [1, 0], -2),
    es.relu_like(0, -1),
    es.relu_like("1/2", "-1/2"),
]
