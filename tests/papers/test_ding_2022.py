"""Wide networks with a suboptimal local minimum: published numbers, moments, and the warning that a certificate refutes."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import HypothesisError, UnsupportedError
from exactsurf.papers import THEOREMS, ding_2022
from tests.papers.datasets import A

F = Fraction


@pytest.mark.parametrize("width", [1, 2, 5, 20])
def test_wide_networks_with_squares_have_a_suboptimal_local_minimum(width: int) -> None:
    """papers.md, section 4: x = −1, 0, 1, y = −1, 2, −1: risk 3 at every width, and 0 with v = −3, c = 2."""
    found = ding_2022.construct([[-1], [0], [1]], width, scale=2)
    assert [y for (y,) in found.problem.data.y] == [-1, 2, -1]
    assert found.risk == squares_risk(found.problem, found.parameters) == 3
    assert found.lower_risk == squares_risk(found.problem, found.lower_point) < 3
    source = random.Random(width)
    for size in (F(1, 100), F(1, 10**6)):
        for _ in range(40):
            assert squares_risk(found.problem, jittered(found.parameters, source, size)) >= 3
    fitted = es.Parameters((((F(1),), *((F(0),),) * (width - 1)), ((F(-3), *(F(0),) * (width - 1)),)), ((F(0),) * width, (F(2),)))
    assert squares_risk(found.problem, fitted) == 0


def test_moments_in_two_dimensions() -> None:
    inputs = [[0, 0], [1, 0], [0, 1], [1, 1], [2, 1], [1, 3], [-1, 2]]
    e = ding_2022.moment_residuals(inputs)
    degrees = [(0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2)]
    moments = [sum(w * x**p * y**q for w, (x, y) in zip(e, inputs, strict=True)) for p, q in degrees]
    assert moments == [0, 0, 0, 1, 0, 1]
    with pytest.raises(HypothesisError, match="moments"):
        ding_2022.moment_residuals([[0, 0], [1, 0], [0, 1], [1, 1]])
    with pytest.raises(UnsupportedError, match="rational"):
        ding_2022.construct([[-1], [0], [1]], 2, "sigmoid")


def test_the_warning_is_refuted_by_a_certificate() -> None:
    theorem = THEOREMS["yu_1995.enough_units"]
    problem = es.Problem(es.Network([1, 5, 1], es.leaky_relu("1/3")), A)
    assert theorem.check(problem).failing == ("sigmoid",)
    verdict = theorem.conclusion(problem)
    assert verdict.status is Status.REFUTED and es.verify(verdict.certificate.encoded).kind == "spurious local minimum"


def squares_risk(problem: object, theta: es.Parameters) -> Fraction:
    """½ Σ (c + Σ v (w·x + b)² − y)², written out."""
    total = F(0)
    for x, (y,) in zip(problem.data.x, problem.data.y, strict=True):
        units = zip(theta.weights[0], theta.biases[0], strict=True)
        inner = [sum(a * b for a, b in zip(row, x, strict=True)) + bias for row, bias in units]
        total += (theta.biases[1][0] + sum(v * z**2 for v, z in zip(theta.weights[1][0], inner, strict=True)) - y) ** 2
    return total / 2


def jittered(theta: es.Parameters, source: random.Random, size: Fraction) -> es.Parameters:
    """Every entry moved by a random multiple of `size`."""

    def move(value: Fraction) -> Fraction:
        return value + size * source.randint(-9, 9)

    weights = tuple(tuple(tuple(map(move, row)) for row in matrix) for matrix in theta.weights)
    return es.Parameters(weights, tuple(tuple(map(move, bias)) for bias in theta.biases))
