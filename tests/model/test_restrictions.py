"""Architectures as restrictions: what they compute is what their formulas say."""

from __future__ import annotations

from fractions import Fraction
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsurf as es

small = st.fractions(-3, 3, max_denominator=5)


def predictions(restriction: es.Restriction, inputs: list[list[Fraction]], **named: Fraction) -> list[list[Fraction]]:
    data = es.Data.from_arrays(inputs, [[0] * restriction.network.widths[-1] for _ in inputs])
    problem = es.RestrictedProblem(restriction, data)
    return [list(row) for row in problem.unrestricted.predictions(problem.parameters(**named))]


@given(st.lists(small, min_size=2, max_size=2), st.lists(small, min_size=6, max_size=6))
def test_diagonal_networks_multiply_weights(inputs: list[Fraction], weights: list[Fraction]) -> None:
    free, shared = es.diagonal(2, 3), es.diagonal(2, 3, shared=True)
    named = dict(zip(free.names, weights, strict=True))
    expected = [sum(x * prod(named[f"w{layer}_{j}"] for layer in (1, 2, 3)) for j, x in enumerate(inputs))]
    assert predictions(free, [inputs], **named) == [expected]
    a, b = weights[:2]
    assert predictions(shared, [inputs], w_0=a, w_1=b) == [[a**3 * inputs[0] + b**3 * inputs[1]]]


@pytest.mark.parametrize("slope", ["0", "1/2", "3"])
@given(st.lists(small, min_size=2, max_size=2), st.lists(small, min_size=9, max_size=9))
def test_residual_blocks_add_their_input(slope: str, inputs: list[Fraction], weights: list[Fraction]) -> None:
    def h(z: Fraction) -> Fraction:
        return z if z > 0 else Fraction(slope) * z

    network = es.residual(2, 1, blocks=2, activation=es.leaky_relu(slope), head=[1, "v"])
    named = dict(zip(network.names, weights, strict=True))
    x = inputs
    for b in (1, 2):
        unit = h(sum(named[f"W{b}_0_{k}"] * x[k] for k in range(2)))
        x = [x[k] + named[f"V{b}_{k}_0"] * unit for k in range(2)]
    assert predictions(network, [inputs], **named) == [[x[0] + named["v"] * x[1]]]
    (plain,) = predictions(es.residual(2, 1, activation=es.leaky_relu(slope)), [inputs], **dict(list(named.items())[:4]))
    unit = h(sum(named[f"W1_0_{k}"] * inputs[k] for k in range(2)))
    assert plain == [inputs[k] + named[f"V1_{k}_0"] * unit for k in range(2)]


def test_linear_residual_blocks_are_near_the_identity() -> None:
    network = es.residual(2, 1, blocks=2, activation="linear")
    zero = {name: Fraction(0) for name in network.names}
    assert predictions(network, [[Fraction(3), Fraction(5)]], **zero) == [[3, 5]]
    assert predictions(network, [[Fraction(3), Fraction(5)]], **{**zero, "A1_0_1": Fraction(2)}) == [[13, 5]]
    assert es.residual(2, 1, blocks=1, activation="linear", head=[1, None]).network.widths == (2, 2, 1)


@pytest.mark.parametrize(
    ("build", "told"),
    [
        (lambda: es.diagonal(2, 1), "at least two layers"),
        (lambda: es.diagonal("a"), "the number of inputs must be an integer"),
        (lambda: es.residual(1, 0), "the number of hidden units must be an integer, at least 1"),
        (lambda: es.residual(1, 1, blocks=0), "the number of blocks"),
        (lambda: es.residual(1, 1, head=[1, 2]), "the head of a residual network has the wrong shape"),
        (lambda: es.residual(2, 1, head=[1]), "the head of a residual network has the wrong shape"),
        (lambda: es.residual(2, 1, activation="hard_tanh"), "no skip connection"),
        (lambda: es.residual(2, 1, activation="tanh"), "no skip connection"),
        (lambda: es.residual(2, 1, activation="absolute_value"), "no skip connection"),
    ],
)
def test_bad_input_is_named(build: object, told: str) -> None:
    with pytest.raises(es.ExactsurfError) as caught:
        build()  # type: ignore[operator]
    assert told in str(caught.value), caught.value
