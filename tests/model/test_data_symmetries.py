"""Symmetries of the data against all signed permutations, and against the risk that they leave as it is."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import permutations, product

from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es

CUBE = [list(corner) for corner in product((0, 1), repeat=3)]


def by_brute_force(problem: es.Problem) -> int:
    """How many signed permutations, each with the shifts that centre the inputs, keep the multiset of samples."""
    x, y = problem.data.x, problem.data.y
    weights = problem.data.weights or (Fraction(1),) * len(x)
    middles = [(min(column) + max(column)) / 2 for column in zip(*x, strict=True)]
    rows = Counter(zip(x, y, weights, strict=True))
    found = 0
    for order in permutations(range(len(x[0]))):
        for signs in product((1, -1), repeat=len(order)):
            shifts = [middles[j] - s * middles[p] for j, (p, s) in enumerate(zip(order, signs, strict=True))]
            if any(shifts) and not problem.network.biases[0]:
                continue
            moved = [tuple(s * row[p] + t for p, s, t in zip(order, signs, shifts, strict=True)) for row in x]
            found += Counter(zip(moved, y, weights, strict=True)) == rows
    return found


def generated(found: es.DataSymmetries, size: int) -> int:
    """The number of maps that the generators generate, by closing them under products."""
    identity = (tuple(range(size)), (1,) * size, (Fraction(0),) * size)
    known, walk = {identity}, [identity]
    while walk:
        inputs, signs, shifts = walk.pop()
        for one in found.generators:
            # First the generator, then what is known.
            image = (
                tuple(one.inputs[p] for p in inputs),
                tuple(s * one.signs[p] for p, s in zip(inputs, signs, strict=True)),
                tuple(s * one.shifts[p] + t for p, s, t in zip(inputs, signs, shifts, strict=True)),
            )
            if image not in known:
                known.add(image)
                walk.append(image)
    return len(known)


@st.composite
def problems(draw: st.DrawFn) -> es.Problem:
    size, samples = draw(st.integers(1, 3)), draw(st.integers(1, 6))
    number = st.integers(-1, 1)
    x = draw(st.lists(st.lists(number, min_size=size, max_size=size), min_size=samples, max_size=samples))
    y = draw(st.lists(st.integers(0, 1), min_size=samples, max_size=samples))
    weights = draw(st.one_of(st.none(), st.lists(st.integers(1, 2), min_size=samples, max_size=samples)))
    data = es.Data.from_arrays(x, y)
    return es.Problem(es.Network([size, 2, 1], biases=draw(st.booleans())), data, sample_weight=weights)


@given(problems(), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_all_of_them_and_no_others(problem: es.Problem, rnd) -> None:
    found = es.data_symmetries(problem)
    size = len(problem.data.x[0])
    assert found.order == by_brute_force(problem) == generated(found, size)
    values = {"W1": [[rnd.randint(-3, 3) for _ in range(size)] for _ in range(2)], "W2": [[rnd.randint(-3, 3) for _ in range(2)]]}
    if problem.network.biases[0]:
        values |= {"b1": [rnd.randint(-3, 3) for _ in range(2)], "b2": [rnd.randint(-3, 3)]}
    theta = problem.parameters(**values)
    predictions = problem.predictions(theta)
    for one in found.generators:
        assert sorted(one.samples) == list(range(len(problem.data)))
        moved = one.moved(theta)
        assert problem.risk(moved) == problem.risk(theta)
        assert problem.predictions(moved) == tuple(predictions[i] for i in one.samples)


def test_cubes() -> None:
    for labels, order in (([sum(corner) % 2 for corner in CUBE], 24), ([sum(corner) for corner in CUBE], 6), ([0] * 8, 48)):
        problem = es.Problem(es.Network([3, 2, 1]), es.Data.from_arrays(CUBE, labels))
        assert es.data_symmetries(problem).order == order


def test_weight_decay_of_biases_forbids_shifts() -> None:
    data = es.Data.from_arrays([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
    for options, order in (({}, 4), ({"weight_decay": "1/10"}, 4), ({"weight_decay": "1/10", "decay_biases": True}, 2)):
        problem = es.Problem(es.Network([2, 2, 1]), data, **options)
        found = es.data_symmetries(problem)
        assert found.order == order
        theta = problem.parameters(W1=[[1, 2], [-1, "1/2"]], b1=[1, -2], W2=[[1, 3]], b2=[0])
        assert all(problem.risk(one.moved(theta)) == problem.risk(theta) for one in found.generators)


def test_the_landscape_says_so_and_its_valleys_are_carried_along() -> None:
    data = es.Data.from_arrays([-1, 0, 1], [1, 0, 1])
    land = es.landscape(es.Problem(es.Network([1, 2, 1]), data))
    assert land.symmetries.order == 2
    (mirror,) = land.symmetries.generators
    assert str(mirror) == "x1 → −x1"
    for valley in land.valleys:
        assert valley.parameters is not None
        assert land.problem.risk(mirror.moved(valley.parameters)) == valley.risk
