"""Linear networks have no landscape of cells; what is said of them instead."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import exactsurf as es

DATA = es.Data.from_arrays([0, 1, 2], [0, 1, 0])


@pytest.mark.parametrize("ask", [es.landscape, es.certify_global_minimum])
@pytest.mark.parametrize(
    "network", [es.Network([1, 1, 1], es.linear, biases=False), es.Network([1, 1]), es.Network([1, 2, 2, 1], "linear")]
)
def test_linear_networks_are_told_what_to_ask(ask: Callable[[es.Problem], object], network: es.Network) -> None:
    with pytest.raises(es.InputError, match=r"is linear: .*classify_deep_linear\(problem, parameters\)"):
        ask(es.Problem(network, DATA))


def test_the_advice_can_be_followed() -> None:
    problem = es.Problem(es.Network([1, 1, 1], es.linear, biases=False), DATA)
    found = es.classify_deep_linear(problem, problem.parameters(W1=[["1/5"]], W2=[[1]]))
    assert str(found.kind) == "global minimum"
