"""Layers on one another with fixed maps between: the parameters of the network compute the composition."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.model.activation import Activation
from exactsurf.model.layer_stack import activated, combined, forms_of, largest, redundant_names, stack_of, weighted
from exactsurf.model.restrictions import of_forms
from tests.model.test_restrictions import predictions

ONE = Fraction(1)
small = st.fractions(-3, 3, max_denominator=4)


@pytest.mark.parametrize("activation", [es.relu, es.leaky_relu("1/2"), es.leaky_relu(-3), es.relu6], ids=repr)
@given(st.lists(small, min_size=5, max_size=5), st.integers(1, 5))
def test_the_largest_of_the_first_units(activation: Activation, inputs: list[Fraction], count: int) -> None:
    """A mean before the activation, maxima behind it, and a weight: v · max_k h((x_k + x_{k+1})/2)."""
    means = [{k: Fraction(1, 2), (k + 1) % 5: Fraction(1, 2)} for k in range(5)]
    stack = weighted(stack_of(5), [{k: {"a": ONE}} for k in range(5)], None)
    stack = activated(combined(stack, means), activation)
    stack = largest(stack, [list(range(count))], activation, "the pooling")
    network, forms = forms_of(weighted(stack, [{0: {"v": ONE}}], [{"c": ONE}]), activation)
    assert network.layers == 2 + (count - 1).bit_length()
    found = predictions(of_forms(network, forms), [inputs], a=Fraction(2), v=Fraction(3), c=Fraction(-1))
    hidden = [activation(inputs[k] + inputs[(k + 1) % 5]) for k in range(count)]
    assert found == [[3 * max(hidden) - 1]]


def test_values_of_several_signs_and_beyond_the_cut_are_told_apart() -> None:
    """Differences of units may be negative, and sums beyond the cut of relu6: neither is clipped by a further layer."""
    start = activated(weighted(stack_of(2), [{0: {"a": ONE}}, {1: {"a": ONE}}], None), es.relu)
    stack = largest(combined(start, [{0: ONE, 1: -ONE}, {1: ONE, 0: -ONE}]), [[0, 1], [0]], es.relu, "the pooling")
    network, forms = forms_of(stack, es.relu)
    for x, y in ((3, 1), (1, 3), (0, 2)):
        assert predictions(of_forms(network, forms), [[Fraction(x), Fraction(y)]], a=ONE) == [[abs(x - y), x - y]]
    cut = activated(weighted(stack_of(2), [{0: {"a": ONE}}, {1: {"a": ONE}}], None), es.relu6)
    with pytest.raises(es.UnsupportedError, match="no network with the activation relu6"):
        largest(combined(cut, [{0: ONE, 1: ONE}, {0: ONE}]), [[0, 1]], es.relu6, "the pooling")


def test_redundant_names_leave_a_basis() -> None:
    forms = [(Fraction(0), {"a": ONE, "b": ONE, "c": ONE}), (Fraction(0), {"b": ONE, "c": ONE}), (Fraction(0), {"d": ONE})]
    assert redundant_names(forms) == ["c"]
