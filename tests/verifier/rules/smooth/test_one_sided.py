"""The forward pass along a direction: with numbers in the place of intervals it is the network, and zeros are told exactly."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from exactsurf.verifier.arithmetic.document import read_document
from exactsurf.verifier.network import Parameters
from exactsurf.verifier.rules.smooth.one_sided import Row, outputs_along
from exactsurf.verifier.smooth_problem import read_smooth_problem
from tests.verifier.verdicts import encode, golden

F = Fraction


def test_polynomials_in_the_step() -> None:
    """Values are polynomials c₀ + c₁t + …; a unit squares them, and the network is the polynomial that it should be."""
    problem_document: dict[str, Any] = {
        "widths": [1, 1, 1],
        "biases": [True, False],
        "activation": {"name": "quadratic"},
        "loss": {"name": "squared", "scale": "1"},
        "data": {"x": [["2"]], "y": [["0"]]},
    }
    field = read_document(encode({**golden("smooth_point_slope"), "problem": problem_document})).child("problem")
    problem = read_smooth_problem(field, None)
    seen: list[bool] = []

    def affine(own: Row, change: Row, line: list[list[Fraction]]) -> list[Fraction]:
        total = [F(own[1] or 0), F(change[1] or 0), *[F(0)] * 4]
        for weight, step, entry in zip(own[0], change[0], line, strict=True):
            for power, value in enumerate(entry[:5]):
                total[power] += weight * value
                total[power + 1] += step * value
        return total

    def image(z: list[Fraction], is_zero: bool) -> list[Fraction]:
        seen.append(is_zero)
        return [sum((z[k] * z[n - k] for k in range(n + 1)), F(0)) for n in range(6)]

    here = Parameters([[[F(1)]], [[F(3)]]], [[F(-2)], None])
    step = Parameters([[[F(1)]], [[F(5)]]], [[F(1)], None])
    ((constant, *rest),) = outputs_along(problem, 0, here, step, [[F(2), *[F(0)] * 5]], affine, image)
    # z = (1 + t)·2 − 2 + t = 3t, and the output is (3 + 5t)·9t².
    assert (constant, rest) == (0, [0, 27, 45, 0, 0]) and seen == [True]
