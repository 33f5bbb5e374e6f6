"""Classes of cells: published numbers of threshold functions, and all symmetries tried one by one."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.cells.unit_cells import enumerate_unit_cells
from exactsurf.exact.linear_algebra import rank

NPN = {1: 2, 2: 3, 3: 6, 4: 15, 5: 63}
"""Threshold functions of at most n variables up to negations and permutations of inputs and of the output (Muroga 1971)."""


@pytest.mark.parametrize("n", NPN)
def test_threshold_functions(n: int) -> None:
    corners = list(product((0, 1), repeat=n))
    problem = es.Problem(es.Network([n, 1, 1]), es.Data.from_arrays(corners, [0] * len(corners)))
    found = es.cell_classes(problem)
    assert len(found.classes) == NPN[n]
    assert found.cells == es.count_cells(problem)
    assert found.is_turned


@st.composite
def problems(draw: st.DrawFn) -> es.Problem:
    size, samples = draw(st.integers(1, 2)), draw(st.integers(1, 5))
    row = st.tuples(*[st.integers(-1, 1)] * size)
    x = draw(st.lists(row, min_size=samples, max_size=samples))
    if not any(map(any, x)):
        x[0] = (1,) * size
    activation = draw(st.sampled_from([es.relu, es.leaky_relu("1/2"), es.hard_tanh, es.relu6]))
    y = draw(st.lists(st.integers(0, 3), min_size=samples, max_size=samples))
    return es.Problem(es.Network([size, 1, 1], activation, biases=draw(st.booleans())), es.Data.from_arrays(x, y))


@given(problems())
@settings(max_examples=80, deadline=None)
def test_by_brute_force(problem: es.Problem) -> None:
    one = (Fraction(1),) if problem.network.biases[0] else ()
    rows = [(*row, *one) for row in problem.data.x]
    points = problem.network.activation.breakpoints
    maps = [
        order
        for order in permutations(range(len(rows)))
        if rank([(*rows[i], *rows[k]) for i, k in enumerate(order)]) == rank(rows)
    ]
    found = es.cell_classes(problem)
    assert found.symmetries == len({tuple(rows[k] for k in order) for order in maps})
    assert found.is_turned == (tuple(points) == tuple(-t for t in reversed(points)))
    witnesses = {cell.pieces: cell.witness for cell in enumerate_unit_cells(problem)}

    def pieces(weights: tuple[Fraction, ...]) -> tuple[int, ...]:
        values = [sum(a * b for a, b in zip(row, weights, strict=True)) for row in rows]
        return tuple(
            sum(t < z or (t <= z and not any(row) and t < 0) for t in points) for z, row in zip(values, rows, strict=True)
        )

    classes = set()
    for own, witness in witnesses.items():
        images = [tuple(own[k] for k in order) for order in maps]
        if found.is_turned:
            turned = pieces(tuple(-w for w in witness))
            images += [tuple(turned[k] for k in order) for order in maps]
        assert set(images) <= set(witnesses)
        classes.add(frozenset(images))
    assert sorted(len(one) for one in classes) == sorted(one.size for one in found.classes)
    assert all(any(one.cell.pieces in own and len(own) == one.size for own in classes) for one in found.classes)


def test_too_many_are_not_listed() -> None:
    corners = list(product((0, 1), repeat=3))
    problem = es.Problem(es.Network([3, 1, 1]), es.Data.from_arrays(corners, [0] * 8))
    with pytest.raises(es.InputError, match="104 cells, more than the limit of 100"):
        es.cell_classes(problem, limit=100)
