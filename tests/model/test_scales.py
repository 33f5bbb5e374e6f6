"""Scales of restrictions: what can be moved predicts the same, and what cannot is no scale."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.model.scales import scales_of, scales_where_needed
from tests.surface.restricted.scaled_problems import KINDS

WITH = {
    **KINDS,
    "ordinary": es.restriction(es.Network([2, 2, 1])),
    "three factors": es.diagonal(3, 3),
    "one input, two outputs": es.restriction(es.Network([1, 1, 2], biases=False)),
    "one number in two units": es.restriction(es.Network([1, 2, 1], biases=False), W1=[["w"], ["-w"]]),
    "scale in layer 1": es.restriction(es.Network([1, 2, 1], biases=False), W1=[["v"], ["-2*v"]], W2=[["a", "b"]]),
    "basis in another order": es.Restriction(
        es.Network([1, 1, 1], biases=False),
        es.Parameters(W1=[[0]], W2=[[0]]),
        [es.Parameters(W1=[[0]], W2=[[1]]), es.Parameters(W1=[[1]], W2=[[0]])],
    ),
}
WITHOUT = {
    "two free filters": es.convolution(3, [2, 2], activation="linear"),
    "breakpoints that are not 0": es.restriction(es.Network([1, 1, 1], "hard_tanh")),
    "a fixed bias in the filter": es.restriction(es.Network([1, 1, 1]), b1=[1]),
    "three free layers": es.restriction(es.Network([1, 1, 1, 1])),
    "shared by layers": es.diagonal(2, 2, shared=True),
    "two scales, one filter, one layer": es.restriction(es.Network([2, 2, 1], biases=False), W1=[["a", "b"], ["-a", "b"]]),
    "two outputs": es.restriction(es.Network([2, 1, 2], "linear")),
    "a factor with a constant": es.restriction(es.Network([1, 1, 1], biases=False), W2=[["v + 1"]]),
    "a filter read twice": es.restriction(es.Network([1, 1, 1]), W1=[["w"]], b1=["w"], W2=[["w"]], b2=["w"]),
    "value at 0": es.restriction(es.Network([1, 1, 1], {"breakpoints": [0], "slopes": [0, 1], "value_at_0": 1})),
    "degree 1": es.convolution(4, [2], strides=2, head=[1, 1]),
}


@pytest.mark.parametrize("name", WITH)
def test_what_is_moved_predicts_the_same(name: str) -> None:
    restriction = WITH[name]
    found = scales_of(restriction)
    assert found is not None and found.scales
    source = random.Random(name)
    rows = [[source.randint(-3, 3) for _ in range(restriction.network.widths[0])] for _ in range(4)]
    problem = es.Problem(restriction.network, es.Data.from_arrays(rows, [[0] * restriction.network.widths[-1]] * 4))

    def predicted(values: object) -> object:
        return problem.predictions(restriction.at(values))  # type: ignore[arg-type]

    for _ in range(6):
        values = [Fraction(source.randint(-4, 4), source.randint(1, 3)) for _ in range(restriction.dimension)]
        for scale in found.scales:
            factor = Fraction(source.randint(1, 5), source.randint(1, 5))
            moved = list(values)
            moved[scale.factor] /= factor
            for k in scale.filter:
                moved[k] *= factor
            assert predicted(moved) == predicted(values)
        signs, products = found.products(values)
        assert predicted(found.values(signs, products)) == predicted(values)
        fixed = found.fixed(signs)
        assert fixed.degree <= 1 and fixed.at(products) == restriction.at(found.values(signs, products))
    assert sorted([*found.kept, *(scale.factor for scale in found.scales)]) == list(range(restriction.dimension))


@pytest.mark.parametrize("name", WITHOUT)
def test_what_has_no_scales(name: str) -> None:
    restriction = WITHOUT[name]
    data = es.Data.from_arrays([[1] * restriction.network.widths[0]], [[1] * restriction.network.widths[-1]])
    problem = es.RestrictedProblem(restriction, data)
    assert scales_where_needed(problem) is None
    if restriction.degree > 1:
        with pytest.raises(es.UnsupportedError, match="no landscape of this restricted problem is known"):
            es.landscape(problem)
