"""The assumptions on paths never hold together."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.papers import choromanska_2015
from tests import oracle


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-2, 2), min_size=10, max_size=10), st.lists(st.integers(-3, 3), min_size=1, max_size=4))
def test_the_assumptions_on_paths_never_hold_together(entries: list[int], inputs: list[int]) -> None:
    data = es.Data.from_arrays(inputs, [0] * len(inputs))
    problem = es.Problem(es.Network([1, 2, 2, 1], biases=False), data)
    e = entries
    theta = problem.parameters(W1=[[e[0]], [e[1]]], W2=[e[2:4], e[4:6]], W3=[e[6:8]])
    report = choromanska_2015.spin_glass.check(problem, theta)
    assert {"same ρ", "independence"} & set(report.failing)
    for path, flags in choromanska_2015.active_paths(problem, theta).items():
        by_oracle = [
            all(layer[unit] > 0 for layer, unit in zip(oracle.pre_activations(problem, theta, x), path, strict=False))
            for x in problem.data.x
        ]
        assert list(flags) == by_oracle
