"""The risk is quadratic in the output layer, which is solved for exactly where the hidden layers have short fractions."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy

import exactsurf as es
from exactsurf.minima.floats.polish import Polished
from exactsurf.minima.floats.rational_critical_point import with_best_output_layer

F = Fraction
LONG = F(1234567, 7654321)
CASES = [
    ([-4, 1, 3, 5, 6], [0, -4, -2, 4, -2], 1, F(27, 52), F(-101, 52)),
    ([-3, 0, 1, 4, 7], [-2, 4, 3, 4, -1], 4, F(-13, 12), F(9, 4)),
    ([0, 2, 4, 6, 7], [-2, -2, 5, 4, 1], 6, F(-1, 4), F(5, 4)),
]


@pytest.mark.parametrize(("x", "y", "wall", "v", "b"), CASES)
def test_a_minimum_at_a_kink_with_long_output_weights(x: list[int], y: list[int], wall: int, v: F, b: F) -> None:
    """On a wall with a kink there is no Hessian for Newton's method, and the second output's weights have seven digits."""
    problem = es.Problem(es.Network([1, 1, 2]), es.Data.from_arrays(x, [[q, q * LONG] for q in y]))
    expected = problem.parameters(W1=[[1]], b1=[-wall], W2=[[v], [v * LONG]], b2=[b, b * LONG])
    floats = {
        "W1": [[1.00000004]],
        "b1": [-wall - 2e-8],
        "W2": [[float(v) + 1e-8], [float(v * LONG)]],
        "b2": [float(b) + 1e-9, float(b * LONG)],
    }
    found = es.polish(problem, floats)
    assert isinstance(found, Polished) and found.verdict.status is es.Status.PROVED
    assert found.parameters == expected and found.largest_change < F(1, 10**6)


@pytest.mark.parametrize("biases", [True, [True, False]])
def test_against_sympy(biases: bool | list[bool]) -> None:
    """The gradient in the output layer is 0; what has no effect (a dead unit's weights) stays where it was."""
    data = es.Data.from_arrays([[0, 1], [2, 1], [1, -1], [3, 0]], [[1, 0], [0, 2], [1, 1], [2, 5]])
    problem = es.Problem(es.Network([2, 3, 2], biases=biases), data)
    named = {"W1": [[1, 0], [0, 1], [-1, -1]], "b1": [0, 1, -9], "W2": [[1, 2, 3], [4, 5, 6]], "b2": [7, 8]}
    theta = problem.parameters(**{name: value for name, value in named.items() if name in problem.network.shapes})
    solved = with_best_output_layer(problem, theta)
    hidden = sympy.Matrix([[max(0, a), max(0, b + 1), 0, *([1] if problem.network.biases[-1] else [])] for a, b in data.x])
    pairs = zip(problem.predictions(solved), data.y, strict=True)
    residuals = sympy.Matrix([[sympy.Rational(f - y) for f, y in zip(*pair, strict=True)] for pair in pairs])
    assert hidden.T * residuals == sympy.zeros(hidden.cols, 2)
    assert [row[2] for row in solved["W2"]] == [3, 6]
    assert solved["W1"] == theta["W1"] and problem.risk(solved) < problem.risk(theta)
