"""Symmetries of samples against all permutations, of which the ranks say whether a linear map makes up for them."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations, product

from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.exact.linear_algebra import rank
from exactsurf.model.sample_symmetries import SampleSymmetry, sample_symmetries


def by_brute_force(problem: es.Problem, total: int | None) -> set[tuple[tuple[object, ...], ...]]:
    """The permutations of different inputs that a linear map makes up for and that keep (or turn round) what stands there."""
    data = problem.data
    weights = data.weights or (Fraction(1),) * len(data)
    one = (Fraction(1),) if problem.network.biases[0] else ()
    rows = [(*row, *one) for row in data.x]
    height = rank(rows)
    found = set()
    for order in permutations(range(len(rows))):
        wanted = [y[0] if total is None else total - y[0] for y in data.y]
        if any(wanted[i] != data.y[k][0] or weights[i] != weights[k] for i, k in enumerate(order)):
            continue
        if rank([(*rows[i], *rows[k]) for i, k in enumerate(order)]) == height:
            found.add(tuple(rows[k] for k in order))
    return found


@st.composite
def problems(draw: st.DrawFn) -> es.Problem:
    size, samples = draw(st.integers(1, 2)), draw(st.integers(1, 5))
    number = st.integers(-1, 1)
    x = draw(st.lists(st.lists(number, min_size=size, max_size=size), min_size=samples, max_size=samples))
    y = draw(st.lists(st.integers(0, 1), min_size=samples, max_size=samples))
    weights = draw(st.one_of(st.none(), st.lists(st.integers(1, 2), min_size=samples, max_size=samples)))
    biases = [draw(st.booleans()), draw(st.booleans())]
    loss = draw(st.sampled_from([es.squared, es.absolute, es.quantile("1/3"), es.hinge]))
    if loss.is_of_labels:
        y = [2 * value - 1 for value in y]
    return es.Problem(es.Network([size, 1, 1], biases=biases), es.Data.from_arrays(x, y), loss=loss, sample_weight=weights)


def generated(found: tuple[SampleSymmetry, ...], rows: list[object]) -> set[tuple[object, ...]]:
    """What the generators make of the list of inputs, with whether targets are turned round."""
    start = (tuple(range(len(rows))), False)
    known, walk = {start}, [start]
    for order, turned in walk:
        for one in found:
            image = (tuple(order[i] for i in one.samples), turned != one.reflects)
            if image not in known:
                known.add(image)
                walk.append(image)
    return {(tuple(rows[i] for i in order), turned) for order, turned in known}


@given(problems())
@settings(max_examples=150, deadline=None)
def test_all_of_them_and_no_others(problem: es.Problem) -> None:
    found = sample_symmetries(problem)
    one = (Fraction(1),) if problem.network.biases[0] else ()
    rows = [(*row, *one) for row in problem.data.x]
    expected = {(order, False) for order in by_brute_force(problem, None)}
    if problem.loss.is_symmetric:
        targets = [y[0] for y in problem.data.y]
        total = 0 if problem.loss.is_of_labels else min(targets) + max(targets)
        if not total or problem.network.biases[1]:
            expected |= {(order, True) for order in by_brute_force(problem, total)}
    assert generated(found.generators, rows) == expected
    assert found.order == len(expected)


def test_the_cube_and_the_triangle() -> None:
    corners = list(product((0, 1), repeat=3))
    cube = es.Problem(es.Network([3, 1, 1]), es.Data.from_arrays(corners, [sum(row) % 2 for row in corners]))
    assert sample_symmetries(cube).order == 48
    # Six affine maps permute the corners of any triangle, of which coordinates show two.
    triangle = es.Problem(
        es.Network([2, 1, 1]), es.Data.from_arrays([[0, 0], [1, 0], [0, 1]], [1, 1, 1]), loss=es.quantile("1/3")
    )
    assert sample_symmetries(triangle).order == 6
    assert es.data_symmetries(triangle).order == 2


def test_weight_decay_is_left_alone() -> None:
    data = es.Data.from_arrays([-1, 1], [1, 1])
    assert sample_symmetries(es.Problem(es.Network([1, 1, 1]), data, weight_decay="1/10")).order == 1
