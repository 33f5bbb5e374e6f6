"""Components of the minimisers in one cell: known counts, witnesses checked by loops, symmetry."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import UnsupportedError
from exactsurf.papers.he_2020 import one_valley
from tests import oracle
from tests.papers.product_components import cell_minimisers, output_signs

F = Fraction


def axes(units: int) -> tuple[es.Problem, es.Parameters]:
    problem = es.Problem(es.Network([2, units, 1], biases=False), es.Data.from_arrays([[1, 0], [0, 1]], [1, -1]))
    return problem, problem.parameters(W1=[[2, 1], [1, 2], *[[1, 1]] * (units - 2)], W2=[[1, -1, *[0] * (units - 2)]])


def curve(third: tuple[int, int] | None = None, shift: int = 0, output_bias: bool = True) -> tuple[es.Problem, es.Parameters]:
    """x = 0, 1, 2, 3 and y = 0, 1, 3, 6 (+ shift), unit 2 active on {2, 3}; perhaps a third unit with weight 0."""
    data = es.Data.from_arrays([0, 1, 2, 3], [v + shift for v in (0, 1, 3, 6)])
    network = es.Network([1, 2 + (third is not None), 1], biases=[True, output_bias])
    problem = es.Problem(network, data)
    w, b, v = [[1], [2]], [1, -3], [1, 1]
    if third is not None:
        w, b, v = [*w, [third[0]]], [*b, third[1]], [*v, 0]
    return problem, problem.parameters(W1=w, b1=b, W2=[v], **({"b2": [-1]} if output_bias else {}))


def count(problem: es.Problem, parameters: es.Parameters) -> int:
    found = cell_minimisers(problem, parameters)
    risk, cell = oracle.risk(problem, parameters), problem.cell(parameters)
    for signs, witness in found.witnesses.items():
        assert output_signs(witness) == signs
        assert oracle.risk(problem, witness) == risk
        assert cell.contains(witness)
    assert output_signs(parameters) in found.witnesses
    assert len(found.witnesses) + len(found.excluded) == 3 ** problem.network.widths[1]
    assert sum(map(len, found.components)) == len(found.witnesses)
    verdict = one_valley.conclusion(problem, parameters)
    assert verdict.status is (Status.PROVED if len(found.components) == 1 else Status.REFUTED)
    for witness in list(found.witnesses.values())[:6]:
        together = found.component_of(output_signs(witness)) == found.component_of(output_signs(parameters))
        pair = one_valley.conclusion(problem, parameters, other=witness)
        assert pair.status is (Status.PROVED if together else Status.REFUTED)
    return len(found.components)


@pytest.mark.parametrize(("units", "components"), [(2, 2), (3, 1), (4, 1)])
def test_two_samples(units: int, components: int) -> None:
    assert count(*axes(units)) == components


def test_not_affine_with_biases() -> None:
    assert count(*curve()) == 2
    assert count(*curve(third=(0, -1))) == 2  # a dead unit does not help
    assert count(*curve(third=(1, 1))) == 1  # one that is active everywhere does
    assert count(*curve(shift=1, output_bias=False)) == 1  # the product weights are unique


def test_the_straight_path_between_the_components() -> None:
    """The straight path between witnesses of the two components leaves the minimum or the cell at every point tried."""
    problem, parameters = curve()
    found = cell_minimisers(problem, parameters)
    first, second = (found.witnesses[next(iter(component))] for component in found.components)
    for step in range(1, 50):
        middle = first.moved(second.moved(first, F(-1)), F(step, 50))
        assert not (problem.cell(parameters).contains(middle) and oracle.risk(problem, middle) == 0)


@settings(max_examples=12, deadline=None)
@given(y=st.lists(st.integers(-4, 4), min_size=3, max_size=3), scale=st.integers(1, 5))
def test_symmetries(y: list[int], scale: int) -> None:
    """Permuting and rescaling units, and reordering samples, change nothing."""
    x = [0, 1, 2]
    for order in ([0, 1, 2], [2, 0, 1]):
        data = es.Data.from_arrays([x[i] for i in order], [y[i] for i in order])
        problem = es.Problem(es.Network([1, 2, 1]), data)
        fit = data.affine_fit
        slope, constant = fit.slopes[0][0], fit.constants[0]
        floor = min(F(-1), 2 * constant, 4 * (slope + constant), 4 * (2 * slope + constant))
        plain = problem.parameters(W1=[[slope], [0]], b1=[constant - floor, 1], W2=[[1, 0]], b2=[floor])
        swapped = problem.parameters(
            W1=[[0], [slope * scale]], b1=[1, (constant - floor) * scale], W2=[[0, F(1, scale)]], b2=[floor]
        )
        assert count(problem, plain) == count(problem, swapped) == 1


def test_refusals() -> None:
    problem, _ = axes(2)
    wall = problem.parameters(W1=[[1, 0], [1, 1]], W2=[[1, 1]])
    with pytest.raises(UnsupportedError, match="wall"):
        cell_minimisers(problem, wall)
    wide, point = axes(6)
    with pytest.raises(UnsupportedError, match="at most 5 units"):
        cell_minimisers(wide, point)
