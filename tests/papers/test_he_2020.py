"""He, Wang and Tao (2020): the construction at any depth, its continuum, and its cells."""

from __future__ import annotations

import random
import time
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.cells.activation_pattern import activation_pattern
from exactsurf.certificate.verdict import Status
from exactsurf.errors import HypothesisError, InputError, UnsupportedError
from exactsurf.papers.he_2020 import (
    affine_families,
    construct,
    construct_inequivalent,
    infinitely_many,
    linear_collapse,
    multilinear_partition,
    one_valley,
)
from tests import oracle
from tests.papers.datasets import ACTIVATIONS, TWO_OUTPUTS, A

F = Fraction


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=repr)
@pytest.mark.parametrize("hidden", [[2], [3, 2], [2, 2, 2, 2]], ids=str)
def test_construction_at_any_depth(activation: es.Activation, hidden: list[int]) -> None:
    problem = es.Problem(es.Network([1, *hidden, 1], activation), A)
    found = construct(problem)
    assert found.verdict.status is Status.PROVED
    assert oracle.risk(problem, found.parameters) == F(3, 4) == found.risk
    assert oracle.risk(problem, found.better_points[0].parameters) == found.lower_risk == F(2, 3)
    assert not oracle.is_lower_nearby(problem, found.parameters, [F(1, 10**9)], tries=5)
    assert es.verify(found.certificate.encoded).kind == "spurious local minimum"
    # One hidden layer with one output is decided by the unitwise criterion too, which shares nothing with the path test.
    assert es.decide(problem, found.parameters).status is Status.PROVED


@pytest.mark.parametrize("activation", [es.relu, es.hard_tanh, es.absolute_value], ids=repr)
def test_several_outputs(activation: es.Activation) -> None:
    problem = es.Problem(es.Network([2, 3, 2, 2], activation), TWO_OUTPUTS)
    found = construct(problem)
    assert found.verdict.status is Status.PROVED
    assert oracle.risk(problem, found.verdict.lower_point) < found.risk == oracle.risk(problem, found.parameters)


@pytest.mark.parametrize("activation", [es.relu, es.hard_tanh, es.leaky_relu("1/3")], ids=repr)
def test_the_free_parameters_and_their_intervals(activation: es.Activation) -> None:
    problem = es.Problem(es.Network([1, 3, 2, 1], activation), A)
    for family in affine_families(problem):
        (floor,) = family.floors
        assert floor.high == min(F(0), F(1, 2), 1, F(3, 2))  # the affine fit is x/2
        chosen = (floor.high - F(1, 7),)
        scale = family.scale(chosen).inner_point()
        for value in (scale, scale / 3, scale / 1000):
            found = construct(problem, family=family, floors=chosen, scale=value)
            assert found.verdict.status is Status.PROVED and found.risk == F(3, 4)
        # Closed ends are excluded: there a unit sits on a breakpoint.
        for bad in ({"floors": (floor.high,)}, {"scale": F(0)}):
            with pytest.raises(InputError, match="must lie in"):
                construct(problem, family=family, **bad)
        top = family.scale(chosen).high
        if top is not None:
            with pytest.raises(InputError):
                family.point(chosen, top)
            assert activation_pattern(problem, family.point(chosen, top * F(999, 1000))).is_interior
        risks = {oracle.risk(problem, point) for point in family.between(scale, scale / 5)}
        assert risks == {F(3, 4)}


def class_of(problem: es.Problem, parameters: es.Parameters) -> tuple[object, ...]:
    """The activation pattern modulo permutation of the units of every layer."""
    return tuple(tuple(sorted(layer)) for layer in activation_pattern(problem, parameters).pieces)


@pytest.mark.parametrize(
    ("hidden", "activation", "count"),
    [
        ([2], es.relu, 2),
        ([3], es.relu, 2),
        ([2], es.leaky_relu(), 3),
        ([3], es.leaky_relu(), 4),
        ([3], es.hard_tanh, 3),
        ([2, 1], es.absolute_value, 4),
    ],
)
def test_families_are_inequivalent(hidden: list[int], activation: es.Activation, count: int) -> None:
    problem = es.Problem(es.Network([1, *hidden, 1], activation), A)
    found = construct_inequivalent(problem, limit=10)
    assert len(found) == len({class_of(problem, one.parameters) for one in found}) == count
    assert all(one.verdict.status is Status.PROVED for one in found)


def test_refusals() -> None:
    line = es.Data.from_arrays([0, 1, 2], [1, 2, 3])
    with pytest.raises(HypothesisError, match="A1"):
        construct(es.Problem(es.Network([1, 2, 1]), line))
    with pytest.raises(HypothesisError, match=r"C1\.4"):
        construct(es.Problem(es.Network([1, 1, 1]), A))
    with pytest.raises(HypothesisError, match="A4"):
        construct(es.Problem(es.Network([1, 2, 1], es.linear), A))
    with pytest.raises(UnsupportedError, match="squared"):
        construct(es.Problem(es.Network([1, 2, 1]), A, "log_cosh"))
    with pytest.raises(HypothesisError, match="A1"):
        construct(es.Problem(es.Network([1, 2, 1]), A, es.epsilon_insensitive(2)))


def test_depth_five_width_eight_is_quick() -> None:
    source = random.Random(1)
    x = [[source.randint(-99, 99) for _ in range(5)] for _ in range(100)]
    problem = es.Problem(es.Network([5, 8, 8, 8, 8, 8, 1]), es.Data.from_arrays(x, [source.randint(-99, 99) for _ in x]))
    start = time.process_time()
    assert construct(problem).verdict.status is Status.PROVED
    assert time.process_time() - start < 10


@settings(max_examples=30, deadline=None)
@given(
    y=st.lists(st.integers(-5, 5), min_size=4, max_size=4),
    s_plus=st.integers(-2, 3),
    s_minus=st.integers(-2, 3),
    depth=st.integers(1, 3),
)
def test_the_conclusion_is_never_refuted_under_the_hypotheses(y: list[int], s_plus: int, s_minus: int, depth: int) -> None:
    network = es.Network([1, *[2] * depth, 1], es.relu_like(s_plus, s_minus))
    problem = es.Problem(network, es.Data.from_arrays([0, 1, 3, 4], y))
    report = infinitely_many.examine(problem)
    assert report.conclusion is not None
    if report.status is Status.PROVED:
        assert report.conclusion.status is Status.PROVED
    else:
        assert report.conclusion.status is not Status.PROVED


def test_multilinear_partition_and_linear_collapse() -> None:
    problem = es.Problem(es.Network([1, 2, 2, 1]), A)
    point = construct(problem).parameters
    assert multilinear_partition.conclusion(problem, point).status is Status.PROVED
    assert linear_collapse.conclusion(problem).status is Status.REFUTED
    flat = es.Problem(es.Network([1, 2, 1], es.linear), A)
    assert linear_collapse.examine(flat).conclusion.status is Status.PROVED
    on_a_wall = problem.parameters(W1=[[1], [1]], b1=[0, 1], W2=[[1, 0], [0, 1]], b2=[1, 1], W3=[[1, 1]], b3=[0])
    assert multilinear_partition.check(problem, on_a_wall).failing == ("cell",)
    assert multilinear_partition.conclusion(problem, on_a_wall).status is Status.UNDECIDED


def test_the_constructed_minima_of_one_family_are_connected() -> None:
    problem = es.Problem(es.Network([1, 2, 1]), A)
    first, second = (construct(problem, scale=F(1, k)).parameters for k in (1, 9))
    assert one_valley.conclusion(problem, first, other=second).status is Status.PROVED
