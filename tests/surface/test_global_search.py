"""Branch and bound against the whole landscape, which looks at every signed cell; and what is known when it is stopped."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf import effort
from exactsurf.certificate.check import confirmed
from exactsurf.effort import UNBOUNDED
from exactsurf.surface.global_search import GlobalSearch
from exactsurf.surface.surface import landscape

F = Fraction
ACTIVATIONS = [
    es.relu,
    es.leaky_relu("1/3"),
    es.absolute_value,
    es.hard_tanh,
    es.piecewise_linear([1], [0, 1], 0),
    es.piecewise_linear([-1, 0, 2], [0, 2, -1, 3], 1),
]
LOSSES = [es.squared, es.absolute, es.huber(1), es.hinge, es.squared.mean, "quantile(1/3)", "squared_hinge"]


def search_of(problem: es.Problem) -> GlobalSearch:
    search = GlobalSearch(problem)
    search.run(UNBOUNDED, 100_000)
    return search


def random_problem(generator: random.Random, loss, activation) -> es.Problem:
    inputs = generator.choice([1, 1, 2])
    units = generator.choice([1, 2]) if inputs == 1 else 1
    samples = generator.randint(1, 3 if len(activation.breakpoints) > 1 else 5)
    size = generator.choice([1, 2, 4])  # small sizes give equal samples and zeros
    x = [[generator.randint(-size, size) for _ in range(inputs)] for _ in range(samples)]
    y = [generator.choice([-1, 1]) if "hinge" in str(loss) else generator.randint(-3, 3) for _ in x]
    biases = [generator.random() < F(2, 3), generator.random() < F(2, 3)]
    weights = [generator.randint(1, 3) for _ in x] if generator.random() < F(1, 3) else None
    network = es.Network([inputs, units, 1], activation, biases=biases)
    return es.Problem(network, es.Data.from_arrays(x, y), loss=loss, sample_weight=weights)


@pytest.mark.parametrize("loss", LOSSES, ids=str)
@pytest.mark.parametrize("activation", ACTIVATIONS, ids=str)
def test_the_landscape_has_the_same_minimum(activation, loss):
    generator = random.Random(f"{activation} {loss}")
    for _ in range(5):
        problem = random_problem(generator, loss, activation)
        search, best = search_of(problem), landscape(problem, workers=1).global_minimum
        assert search.lower == search.upper == best.risk
        point = search.parameters(100_000)
        assert (point is not None) == best.is_attained
        assert point is None or problem.risk(point) == best.risk
        assert confirmed(search.proof(point)).risk == best.risk


def test_symmetric_data():
    corners = [[a, b] for a in (-1, 1) for b in (-1, 1)]
    problem = es.Problem(es.Network([2, 2, 1]), es.Data.from_arrays(corners * 2, [1, -1, -1, 1, 0, 0, 0, 0]))
    assert search_of(problem).upper == landscape(problem).global_minimum.risk == 1


def test_nothing_is_seen():
    problem = es.Problem(es.Network([1, 2, 1], biases=[False, True]), es.Data.from_arrays([0, 0], [1, 3]))
    search = search_of(problem)
    assert search.upper == 1 == problem.risk(search.parameters(10))
    assert confirmed(search.proof(search.parameters(10))).risk == 1


def test_more_orbits_than_a_landscape_lists():
    generator = random.Random(5)
    x = [[generator.randint(-9, 9), generator.randint(-9, 9)] for _ in range(14)]
    y = [generator.randint(-9, 9) for _ in x]
    problem = es.Problem(es.Network([2, 2, 1]), es.Data.from_arrays(x, y))
    proof = es.certify_global_minimum(problem)
    assert proof.tree and not proof.cells
    assert proof.risk == problem.risk(proof.parameters)
    assert es.verify(proof).risk == proof.risk
    # The best of many descents by hand is not lower: single units moved on a grid around the minimum.
    base = proof.parameters
    for _ in range(50):
        w1 = [[value + F(generator.randint(-3, 3), 4) for value in row] for row in base.weights[0]]
        b1 = [value + F(generator.randint(-3, 3), 4) for value in base.biases[0]]
        assert problem.risk(problem.parameters(W1=w1, b1=b1, W2=base.weights[1], b2=base.biases[1])) >= proof.risk


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 40))
def test_enclosures_shrink_around_the_minimum(seed, nodes):
    generator = random.Random(seed)
    x = [[generator.randint(-5, 5), generator.randint(-5, 5)] for _ in range(7)]
    problem = es.Problem(es.Network([2, 2, 1]), es.Data.from_arrays(x, [generator.randint(-5, 5) for _ in x]))
    search = GlobalSearch(problem)
    with_all = search_of(problem).upper
    seen = [(search.lower, search.upper)]
    search.run(UNBOUNDED, 100_000, lambda _, *enclosure: seen.append(enclosure))
    assert all(low <= with_all <= high for low, high in seen)
    assert seen == sorted(seen, key=lambda pair: (pair[0], -pair[1])) and seen[-1] == (with_all, with_all)
    stopped = GlobalSearch(problem)
    try:
        stopped.run(UNBOUNDED, nodes)
    except es.errors.InputError as error:
        assert "lies between" in str(error)
    bound = confirmed(stopped.proof(None))
    assert (bound.kind, bound.risk) == ("lower bound", stopped.lower)
    assert problem.risk(stopped.best_point()) == stopped.upper


def test_a_stopped_search_goes_on(monkeypatch: pytest.MonkeyPatch):
    generator = random.Random(2)
    x = [[generator.randint(-5, 5), generator.randint(-5, 5)] for _ in range(8)]
    problem = es.Problem(es.Network([2, 2, 1]), es.Data.from_arrays(x, [generator.randint(-5, 5) for _ in x]))
    search, whole = GlobalSearch(problem), search_of(problem)
    looks = count()
    with monkeypatch.context() as patch:
        patch.setattr(effort, "monotonic_ns", lambda: next(looks) * 10**9)
        with pytest.raises(es.OutOfTime, match="dual vectors bound some"):
            search.run(es.Effort(4).started(), 100_000)
    assert search.lower < whole.upper <= search.upper
    search.run(UNBOUNDED, 100_000)
    assert search.lower == search.upper == whole.upper
    assert json.loads(search.proof(search.parameters(10)).encoded) == json.loads(whole.proof(whole.parameters(10)).encoded)


@pytest.mark.parametrize("loss", [es.squared, es.absolute, es.huber(1), es.hinge])
def test_it_may_be_stopped_at_every_look_at_the_clock(monkeypatch: pytest.MonkeyPatch, loss) -> None:
    """Also inside of a step: both bounds stay true, and what was begun is begun again."""
    generator = random.Random(3)
    x = [[generator.randint(-4, 4), generator.randint(-4, 4)] for _ in range(6)]
    y = [generator.choice([-1, 1]) if loss == es.hinge else generator.randint(-4, 4) for _ in x]
    problem = es.Problem(es.Network([2, 2, 1]), es.Data.from_arrays(x, y), loss)
    whole, search, stops = search_of(problem), GlobalSearch(problem), 0
    bounds = [(search.lower, search.upper)]
    while search.lower < search.upper and stops < 4000:
        ticks = count()
        with monkeypatch.context() as patch:
            # The time is over at a look that comes later from time to time, so that every run gets somewhere at last.
            patch.setattr(effort, "monotonic_ns", lambda ticks=ticks: next(ticks) * 10**9)
            try:
                search.run(es.Effort(1 + stops % 23).started(), 100_000)
            except es.OutOfTime as error:
                assert "dual vectors bound some" in str(error)
        stops += 1
        bounds.append((search.lower, search.upper))
    assert stops > 5 and bounds[-1] == (whole.lower, whole.upper)
    assert bounds == sorted(bounds, key=lambda pair: (pair[0], -pair[1]))
    assert all(low <= whole.upper <= high for low, high in bounds)
    assert confirmed(search.proof(search.best_point())).risk == whole.upper


def test_the_clock_is_asked_while_a_search_is_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    x = [[k * k % 7, k % 5, k] for k in range(12)]
    for loss in (es.squared, es.absolute, es.huber(1)):
        problem = es.Problem(es.Network([3, 1, 1]), es.Data.from_arrays(x, list(range(12))), loss)
        tried = set()
        for seconds in range(1, 1000, 50):
            ticks = count()
            with monkeypatch.context() as patch:
                patch.setattr(effort, "monotonic_ns", lambda ticks=ticks: next(ticks) * 10**9)
                try:
                    GlobalSearch(problem, es.Effort(seconds))
                except es.OutOfTime as error:
                    tried.add(error.fields["tried"])
        for step in ("are listed", "are computed", "are made", "are found"):
            assert any(step in what for what in tried)
