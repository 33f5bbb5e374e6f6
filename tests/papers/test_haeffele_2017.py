"""Zero units: the polar condition against a search, and the local minima that it makes global."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.papers.haeffele_2017 import is_polar, zero_unit
from tests import oracle

F = Fraction

small = st.integers(-2, 2)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(small, small), min_size=2, max_size=5), small, small, st.sampled_from([es.relu, es.leaky_relu("1/2")]))
def test_the_polar_condition_against_a_search(samples: list[tuple[int, int]], v: int, c: int, h: es.Activation) -> None:
    """Polar means that no single unit, on a fine circle of directions, correlates with the residual."""
    data = es.Data.from_arrays([s[0] for s in samples], [s[1] for s in samples])
    problem = es.Problem(es.Network([1, 2, 1], h), data)
    theta = problem.parameters(W1=[[1], [0]], b1=[1, 0], W2=[[v, 0]], b2=[c])
    r = [f[0] - s[1] for f, s in zip(oracle.predictions(problem, theta), samples, strict=True)]
    grid = [(a, b) for a in range(-6, 7) for b in range(-12, 13)]
    flat = all(sum(e * oracle.activate(h, F(a * s[0] + b)) for e, s in zip(r, samples, strict=True)) == 0 for a, b in grid)
    assert is_polar(problem, theta)[0] == (flat and sum(r) == 0)


def test_a_zero_unit_makes_a_local_minimum_global() -> None:
    twins = es.Data.from_arrays([0, 0, 1, 1], [0, 2, 0, 4])
    problem = es.Problem(es.Network([1, 2, 1]), twins)
    fitted = problem.parameters(W1=[[1], [0]], b1=[1, 0], W2=[[1, 0]], b2=[0])
    report = zero_unit.examine(problem, fitted)
    assert report.status is Status.PROVED and report.conclusion.status is Status.PROVED
    missed = problem.parameters(W1=[[1], [0]], b1=[1, 0], W2=[[2, 0]], b2=[0])
    report = zero_unit.examine(problem, missed)
    assert report.failing == ("minimum",) and report.conclusion.reason.startswith("nothing is claimed")
