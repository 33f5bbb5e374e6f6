"""Activation patterns, against nested loops over Fractions and against points close by."""

from __future__ import annotations

import pickle
import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.cells.activation_pattern import ActivationPattern, activation_pattern, checked_pattern, pattern_along
from exactsurf.errors import InputError, ShapeError
from tests import oracle
from tests.cells.cell_cases import ACTIVATIONS, integer_point

F = Fraction


def small_case(rnd: random.Random) -> tuple[es.Problem, es.Parameters]:
    """Small integers everywhere, so that many pre-activations are breakpoints, also of dead layers without biases."""
    widths = [rnd.randint(1, 2), *[rnd.randint(1, 3) for _ in range(rnd.randint(1, 3))], rnd.randint(1, 2)]
    network = es.Network(widths, rnd.choice(ACTIVATIONS), biases=[rnd.random() < 0.6 for _ in widths[1:]])
    n = rnd.randint(1, 4)
    data = es.Data.from_arrays(
        [[rnd.randint(-2, 2) for _ in range(widths[0])] for _ in range(n)],
        [[rnd.randint(-2, 2) for _ in range(widths[-1])] for _ in range(n)],
    )
    problem = es.Problem(network, data)
    return problem, integer_point(problem, rnd, 2)


def values(problem: es.Problem, theta: es.Parameters, layer: int, unit: int, sample: int) -> Fraction:
    return oracle.pre_activations(problem, theta, problem.data.x[sample])[layer - 1][unit]


def pairs(pattern: ActivationPattern) -> list[tuple[int, int, int, int | None]]:
    return [
        (layer, j, i, piece)
        for layer, units in enumerate(pattern.pieces, start=1)
        for j, unit in enumerate(units)
        for i, piece in enumerate(unit)
    ]


def test_pieces_and_boundary_pairs() -> None:
    rnd, boundaries, still = random.Random(1), 0, 0
    for _ in range(300):
        problem, theta = small_case(rnd)
        pattern = activation_pattern(problem, theta)
        points = problem.network.activation.breakpoints
        listed = {(b.layer, b.unit, b.sample): b.breakpoint for b in pattern.boundary}
        nearby = [oracle.along(theta, integer_point(problem, rnd, 10**6), F(1, 10**12)) for _ in range(3)]
        for layer, unit, sample, piece in pairs(pattern):
            z = values(problem, theta, layer, unit, sample)
            if piece is None:
                boundaries += 1
                assert listed.pop((layer, unit, sample)) == z and z in points
            elif z in points:
                still += 1
                assert z == 0 and piece == points.index(z)
                if pattern.is_interior:
                    assert [values(problem, near, layer, unit, sample) for near in nearby] == [0, 0, 0]
            else:
                assert piece == sum(t < z for t in points)
        assert not listed and pattern.is_interior == (not pattern.boundary)
    assert boundaries > 100 and still > 100


def test_along_a_direction_is_at_a_point_close_by() -> None:
    rnd, decided, stuck = random.Random(2), 0, 0
    for _ in range(300):
        problem, theta = small_case(rnd)
        direction = integer_point(problem, rnd, 2)
        ahead = pattern_along(problem, theta, direction)
        close = [activation_pattern(problem, oracle.along(theta, direction, F(1, 10**k))) for k in (9, 12)]
        assert [near.pieces for near in close] == [ahead.pieces] * 2
        assert [near.boundary for near in close] == [ahead.boundary] * 2
        decided += bool(activation_pattern(problem, theta).boundary) and ahead.is_interior
        stuck += bool(ahead.boundary)
    assert decided > 30 and stuck > 30


def test_a_direction_of_higher_order() -> None:
    """Both factors of W2·h(z) start at zero: the pre-activation of layer 2 moves with ε² only."""
    problem = es.Problem(es.Network([1, 1, 1, 1], biases=False), es.Data.from_arrays([1], [1]))
    theta = problem.parameters(W1=[[0]], W2=[[0]], W3=[[1]])
    for sign in (1, -1):
        step = problem.parameters(W1=[[1]], W2=[[sign]], W3=[[0]])
        assert pattern_along(problem, theta, step).pieces == (((1,),), ((int(sign > 0),),))


def test_a_dead_layer_below_makes_no_boundary() -> None:
    problem = es.Problem(es.Network([1, 1, 1, 1], biases=[True, False, True]), es.Data.from_arrays([1], [1]))
    theta = problem.parameters(W1=[[1]], b1=[-2], W2=[[5]], W3=[[1]], b3=[0])
    pattern = activation_pattern(problem, theta)
    assert pattern.is_interior and pattern.pieces == (((0,),), ((0,),))
    alive = ActivationPattern((((0,),), ((1,),)))
    assert checked_pattern(problem, alive) == pattern, "both names of the piece are the same cell"


def test_a_zero_sample_makes_no_boundary_without_a_bias() -> None:
    data = es.Data.from_arrays([[0], [1]], [0, 1])
    without, with_bias = (es.Problem(es.Network([1, 1, 1], biases=[flag, True]), data) for flag in (False, True))
    assert activation_pattern(without, without.parameters(W1=[[1]], W2=[[1]], b2=[0])).is_interior
    found = activation_pattern(with_bias, with_bias.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])).boundary
    assert [(pair.layer, pair.unit, pair.sample, pair.breakpoint) for pair in found] == [(1, 0, 0, 0)]


def test_repr_and_pickle() -> None:
    problem, theta = small_case(random.Random(3))
    pattern = activation_pattern(problem, theta)
    assert pickle.loads(pickle.dumps(pattern)) == pattern
    assert repr(ActivationPattern((((0, None), (1, 12)),))) == "ActivationPattern(0| 1(12))"
    assert repr(ActivationPattern((((0,) * 100,),))) == "ActivationPattern(1 hidden units)"


def test_bad_input() -> None:
    data = es.Data.from_arrays([0, 1], [0, 1])
    one, two = (es.Problem(es.Network([1, m, 1]), data) for m in (1, 2))
    here = one.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])
    with pytest.raises(ShapeError, match="W1"):
        activation_pattern(two, here)
    for first, second in ((one, two), (two, one)):
        theta = integer_point(first, random.Random(0), 1), integer_point(second, random.Random(0), 1)
        with pytest.raises(ShapeError):
            pattern_along(first, *theta)
        with pytest.raises(ShapeError):
            pattern_along(first, *theta[::-1])
    for pieces, error, text in (
        (((),), ShapeError, "hidden units by layer"),
        ((((0, 1),), ((0, 1),)), ShapeError, "expected 1, got 1 × 1"),
        ((((0,),),), ShapeError, r"layer 1, unit 0 \(samples\)"),
        ((((0, 2),),), InputError, "no piece 2"),
        ((((0, -1),),), InputError, "no piece -1"),
        ((((0, True),),), InputError, "no piece True"),
        ((((0, None),),), InputError, "without boundary pairs"),
    ):
        with pytest.raises(error, match=text):
            checked_pattern(one, ActivationPattern(pieces))  # type: ignore[arg-type]
