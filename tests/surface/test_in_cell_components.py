"""Components of the local minima inside one open cell: the cases of theory.md, section 8, and the definition."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

import exactsurf as es
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.surface.in_cell_components import InCellMinima, in_cell_components

F = Fraction


def flat(problem: es.Problem, v1, w1, b1, v2, w2, b2, c):
    return problem.parameters(W1=[[w1], [w2]], b1=[b1, b2], W2=[[v1, v2]], b2=[c])


def check(problem: es.Problem, cell: es.Cell, found: InCellMinima) -> None:
    """Points and separators by the definition."""
    units = problem.network.widths[1]
    listed = [signs for component in found.components for signs in component.signs]
    assert sorted([*listed, *found.separators]) == sorted(product((-1, 0, 1), repeat=units))
    for component in found.components:
        theta = component.parameters
        assert problem.cell(theta) == cell
        assert [row[0] for row in problem.predictions(theta)] == list(found.predictions)
        assert problem.risk(theta) == found.risk
        assert es.decide(problem, theta).status == "PROVED"
        assert tuple((v > 0) - (v < 0) for v in theta["W2"][0]) in component.signs
    for first in found.components:
        for second in found.components:
            if first is not second:
                pairs = product(first.signs, second.signs)
                assert not any(all(a in (0, b) for a, b in zip(s, t, strict=True)) for s, t in pairs)


CASES = [
    ([0, 1, 2, 3], [0, 1, 3, 6], (1, 1, 1, 1, 2, -3, -1), (-1, -1, 4, 1, 2, -3, 4), 0),
    ([0, 1, 2, 3, 4, 5], [1, -1, 3, 5, 5, 11], (1, 1, 1, 1, 2, -5, -1), (-1, -1, 6, 1, 2, -5, 6), 6),
]


@pytest.mark.parametrize(("x", "y", "first", "second", "risk"), CASES)
def test_two_valleys_in_one_cell(x, y, first, second, risk):
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays(x, y))
    one, other = flat(problem, *first), flat(problem, *second)
    cell = problem.cell(one)
    assert problem.cell(other) == cell and problem.risk(one) == problem.risk(other) == risk
    found = in_cell_components(problem, cell)
    assert found.risk == risk
    homes = [
        next(k for k, part in enumerate(found.components) if tuple((v > 0) - (v < 0) for v in theta["W2"][0]) in part.signs)
        for theta in (one, other)
    ]
    assert homes[0] != homes[1]
    check(problem, cell, found)


def test_two_valleys_without_biases():
    problem = es.Problem(es.Network([2, 2, 1], biases=False), es.Data.from_arrays([[1, 0], [0, 1]], [1, -1]))
    one, other = (problem.parameters(W1=[[2, 1], [1, 2]], W2=[[v, -v]]) for v in (1, -1))
    assert problem.cell(one) == problem.cell(other)
    found = in_cell_components(problem, problem.cell(one))
    assert [component.signs for component in found.components] == [((-1, 1),), ((1, -1),)]
    check(problem, problem.cell(one), found)


def test_separators_separate():
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays(CASES[0][0], CASES[0][1]))
    theta = flat(problem, *CASES[0][2])
    found = in_cell_components(problem, problem.cell(theta))
    for signs, delta in found.separators.items():
        assert sum(delta) == 0
        goal = sum((d * f for d, f in zip(delta, found.predictions, strict=True)), F(0))
        assert goal >= 0
        # Points of the cell with these signs: the two units of theta and of its partner, scaled.
        for scale in (F(1, 3), F(1), F(5)):
            point = problem.parameters(W1=theta["W1"], b1=theta["b1"], W2=[[scale * s for s in signs]], b2=[0])
            value = sum((d * f[0] for d, f in zip(delta, problem.predictions(point), strict=True)), F(0))
            assert value <= 0 and (value < 0 or goal > 0 or not any(signs))


@pytest.mark.parametrize("activation", [es.leaky_relu("1/3"), es.hard_tanh, es.absolute_value], ids=repr)
def test_other_activations(activation):
    problem = es.Problem(es.Network([1, 2, 1], activation), es.Data.from_arrays([0, 1, 2], [1, -1, F(1, 2)]))
    for w, b in product((F(1, 4), F(1), F(-2)), repeat=2):
        cell = problem.cell(problem.parameters(W1=[[w], [b]], b1=[F(1, 8), F(-1, 3)], W2=[[1, 1]], b2=[0]))
        check(problem, cell, in_cell_components(problem, cell))


def test_cells_without_minimum_have_no_component():
    data = es.Data.from_arrays([0, 1, 2], [0, 1, 0])
    problem = es.Problem(es.Network([1, 1, 1]), data)
    # Rising from 1 on and bent there, the unit has more freedom in the tent than its sector allows: the fit lies outside.
    active_on_all = problem.cell(problem.parameters(W1=[[1]], b1=[1], W2=[[1]], b2=[0]))
    assert len(in_cell_components(problem, active_on_all).components) == 1
    active_on_two = problem.cell(problem.parameters(W1=[[2]], b1=[-1], W2=[[1]], b2=[0]))
    found = in_cell_components(problem, active_on_two)
    assert found.risk == 0 and found.components == () and len(found.separators) == 3
    check(problem, active_on_two, found)


def test_refusals():
    data = es.Data.from_arrays([0, 1], [0, 1])
    deep = es.Problem(es.Network([1, 1, 1, 1]), data)
    zero = deep.parameters(W1=[[1]], b1=[1], W2=[[1]], b2=[1], W3=[[1]], b3=[0])
    with pytest.raises(UnsupportedError, match="one hidden layer"):
        in_cell_components(deep, deep.cell(zero))
    wide = es.Problem(es.Network([1, 10, 1]), data)
    many = wide.parameters(W1=[[1]] * 10, b1=[1] * 10, W2=[[1] * 10], b2=[0])
    with pytest.raises(UnsupportedError, match="59049"):
        in_cell_components(wide, wide.cell(many))
    one = es.Problem(es.Network([1, 1, 1]), data)
    other = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [0, 2]))
    with pytest.raises(InputError, match="another problem"):
        in_cell_components(one, other.cell(other.parameters(W1=[[1]], b1=[1], W2=[[1]], b2=[0])))
    three = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, 0]))
    with pytest.raises(InputError, match="no weights of unit 0"):
        in_cell_components(three, es.Cell(three, es.ActivationPattern((((0, 1, 0),),))))
