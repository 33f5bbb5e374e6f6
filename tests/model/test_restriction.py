"""Affine subspaces of parameter space: charts, values and texts against one another."""

from __future__ import annotations

import copy
import pickle
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.model.parameter_vector import vector_of

NETWORK = es.Network([2, 2, 1], biases=[True, False])
SHARED = es.restriction(NETWORK, W1=[["a", "2*a - b"], ["1/3", None]], b1=["b", "-b + 1"], W2=[[1, "a"]])
small = st.fractions(-5, 5, max_denominator=7)


@given(st.lists(small, min_size=3, max_size=3))
def test_the_chart_and_its_values_are_inverse(values: list[Fraction]) -> None:
    a, b, free = values
    theta = SHARED.at(values)
    assert theta == es.Parameters(W1=[[a, 2 * a - b], ["1/3", free]], b1=[b, 1 - b], W2=[[1, a]])
    assert SHARED.values(theta) == tuple(values) and SHARED.holds(theta)
    assert theta == SHARED.parameters(a=a, b=b, W1_1_1=free)
    start, end = vector_of(SHARED.offset), vector_of(SHARED.direction(values))
    assert vector_of(theta) == tuple(p + q for p, q in zip(start, end, strict=True))


def test_texts_are_read_back() -> None:
    again = es.restriction(NETWORK, **SHARED.expressions())
    assert again == SHARED and again.names == ("a", "b", "W1_1_1") and hash(again) == hash(SHARED)
    assert pickle.loads(pickle.dumps(SHARED)) == SHARED == copy.deepcopy(SHARED)


def test_names_play_no_part_in_equality() -> None:
    assert es.restriction(NETWORK, W2=[["x", "y"]]) == es.restriction(NETWORK, W2=[["v", "w"]])
    assert es.restriction(NETWORK, W2=[["x", "x"]]) != es.restriction(NETWORK, W2=[["v", "w"]])


@pytest.mark.parametrize(
    ("build", "told"),
    [
        (lambda: es.restriction(NETWORK, W2=[[1, 2, 3]]), "row 0 of W2"),
        (lambda: es.restriction(NETWORK, W2=[1, 2]), "W2"),
        (lambda: es.restriction(NETWORK, W3=[[1]]), "no parameter 'W3'"),
        (lambda: es.restriction(NETWORK, W2=[["a b", 1]]), "W2[0][0]: not an affine expression"),
        (lambda: es.restriction(NETWORK, W2=[["a*b", 1]]), "not an affine expression"),
        (lambda: es.restriction(NETWORK, W2=[[0.5, 1]]), "float"),
        (lambda: es.restriction(es.Network([1, 1]), W1=[[1]], b1=[0]), "no parameter is free"),
        (lambda: es.restriction(es.Network([1, 1]), W1=[["a + b"]], b1=[0]), "not independent"),
        (lambda: es.restriction("2-2-1"), "a Network"),
        (lambda: SHARED.parameters(a=1, b=2), "'W1_1_1' has no value"),
        (lambda: SHARED.parameters(a=1, b=2, c=3), "no free parameter 'c'"),
        (lambda: SHARED.at([1]), "the values of the free parameters"),
        (lambda: SHARED.values(es.Parameters(W1=[[1, 1], ["1/3", 0]], b1=[1, 0], W2=[[2, 1]])), "W2 is not what"),
        (lambda: SHARED.values(es.Parameters(W1=[[1]], W2=[[2]])), "wrong shape"),
        (lambda: es.Restriction(NETWORK, SHARED.offset, SHARED.basis, ["a", "a", "b"]), "different words"),
        (lambda: es.Restriction(NETWORK, SHARED.offset, SHARED.basis, ["a", 1, "b"]), "different words"),
        (lambda: es.Restriction(NETWORK, SHARED.offset, SHARED.basis, ["a", "é", "b"]), "letters from a to z"),
        (lambda: es.restriction(NETWORK, W2=[["lambda", 1]]), "no words of Python such as lambda"),
        (lambda: es.restriction(NETWORK, W2=[["é", 1]]), "W2[0][0]: not an affine expression"),
    ],
)
def test_bad_input_is_named(build: object, told: str) -> None:
    with pytest.raises(es.ExactsurfError) as caught:
        build()  # type: ignore[operator]
    assert told in str(caught.value), caught.value


def test_a_free_parameter_may_have_any_name() -> None:
    odd = es.restriction(es.Network([1, 1, 1], biases=False), W1=[["self"]], W2=[["named"]])
    assert odd.parameters(self=1, named=2) == es.Parameters(W1=[[1]], W2=[[2]])
    problem = es.RestrictedProblem(odd, es.Data.from_arrays([1], [2]))
    assert problem.risk(problem.parameters(self=1, named=2)) == 0
