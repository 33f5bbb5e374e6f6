"""Zero units: the polar condition against a search, and the local minima that it makes global."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.papers.haeffele_2017 import is_polar, zero_unit, zero_unit_with_decay
from exactsurf.theorems.outcome import Outcome
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


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([-2, -1, 1, 2]), small), min_size=2, max_size=4, unique_by=lambda sample: sample[0]),
    st.sampled_from(["1/2", 1, 2, 5]),
    st.sampled_from([False, [False, True], [True, False], True]),
    st.booleans(),
    st.sampled_from([es.squared, es.huber(1), es.squared.mean]),
    st.sampled_from([es.relu, es.leaky_relu("1/2")]),
)
def test_with_decay_every_local_minimum_with_a_zero_unit_is_certified_as_global(samples, factor, biases, penalised, loss, h):
    # Without an active unit, and with one that fits a sample as well as is worth its price.
    problem = es.Problem(
        es.Network([1, 2, 1], h, biases=biases),
        es.Data.from_arrays([s[0] for s in samples], [s[1] for s in samples]),
        loss,
        weight_decay=factor,
        decay_biases=penalised or biases in (True, [True, False]),
    )
    zero = {name: [[0] * shape[1]] * shape[0] for name, shape in problem.network.shapes.items() if name[0] == "W"}
    zero |= {name: [0] * shape[0] for name, shape in problem.network.shapes.items() if name[0] == "b"}
    for unit in (0, 1, F(1, 2)):
        theta = problem.parameters(**zero | {"W1": [[unit], [0]], "W2": [[unit, 0]]})
        report = zero_unit_with_decay.examine(problem, theta)
        assert report.failing in ((), ("minimum",)) and report.undecided == ()
        if report.failing:
            assert report.outcome is Outcome.SAYS_NOTHING
            continue
        assert report.conclusion.status is Status.PROVED
        proof = report.conclusion.certificate
        assert es.verify(proof.encoded).risk == proof.bound == problem.risk(theta)
        land = es.enclosed_landscape(problem)
        assert land.global_minimum.risk.low <= proof.bound <= land.global_minimum.risk.high


def test_what_the_theorem_with_decay_is_not_about(tmp_path) -> None:
    data = es.Data.from_arrays([[1, 1], [2, 2]], [1, 0])
    flat = es.Problem(es.Network([2, 1, 1], biases=False), data, weight_decay=10)
    theta = flat.parameters(W1=[[0, 0]], W2=[[0]])
    assert "span" in zero_unit_with_decay.conclusion(flat, theta).reason
    assert zero_unit_with_decay.conclusion(flat.without_decay, theta).reason == "there is no weight decay"
    assert "without weight decay" in zero_unit.does_not_apply(flat, theta)
    half = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [0, 1]), weight_decay=1)
    assert "not penalised" in zero_unit_with_decay.does_not_apply(half, half.parameters(W1=[[0]], b1=[0], W2=[[0]], b2=[0]))
