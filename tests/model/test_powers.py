"""Powers of parameters that are shared by layers: what has them, and that predictions are those of the powers."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.model.powers import needs_powers, powers_of
from tests.surface.restricted.test_power_landscape import PLANES

WITHOUT = {
    "free factors": es.diagonal(2),
    "degree 1": es.convolution(4, [2], strides=2, head=[1, 1]),
    "shared by an entry with a constant": es.restriction(
        es.Network([1, 1, 1], "linear", biases=False), W1=[["w + 1"]], W2=[["w"]]
    ),
    "a filter that is its own head": es.restriction(es.Network([2, 1, 1], biases=False), W1=[["a", "b"]], W2=[["a"]]),
    "a free scale beside it": es.restriction(
        es.Network([1, 1, 1, 1], "linear", biases=False), W1=[["w"]], W2=[["w"]], W3=[["v"]]
    ),
    "pieces that depend on each other": es.restriction(es.Network([1, 1, 1], biases=False), W1=[["w + a"]], W2=[["w"]]),
    "breakpoints that are not 0": es.restriction(es.Network([1, 1, 1], "hard_tanh", biases=False), W1=[["w"]], W2=[["w"]]),
}


def problem(restriction: es.Restriction) -> es.RestrictedProblem:
    rows = [[k - 1] * restriction.network.widths[0] for k in range(3)]
    return es.RestrictedProblem(restriction, es.Data.from_arrays(rows, [1, 0, 2]))


@pytest.mark.parametrize("name", PLANES)
def test_predictions_are_those_of_the_powers(name: str) -> None:
    given = problem(PLANES[name])
    found = powers_of(given)
    assert found is not None and needs_powers(given)
    source = random.Random(name)
    for _ in range(10):
        values = [Fraction(source.randint(-3, 3), source.randint(1, 3)) for _ in found.exponents]
        powers = [w * abs(w) ** (e - 1) for w, e in zip(values, found.exponents, strict=True)]
        products = [powers[k] for k in found.places]
        assert list(found.ordered(products)) == powers
        point = found.scales.fixed(found.signs(products)).at(products)
        assert given.unrestricted.predictions(point) == given.unrestricted.predictions(given.restriction.at(values))


@pytest.mark.parametrize("name", WITHOUT)
def test_what_has_no_powers(name: str) -> None:
    given = problem(WITHOUT[name])
    assert powers_of(given) is None and not needs_powers(given)
