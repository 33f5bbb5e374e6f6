"""Profiles: exact pieces, kinks against patterns on both sides, and against the discriminant of known curves."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.cells.activation_pattern import BoundaryPair, activation_pattern
from exactsurf.cells.profile import profile
from exactsurf.cells.slice import Slice
from exactsurf.exact.real_roots import RealRoot, real_roots
from tests.cells.slice_cases import direction, random_problem

F = Fraction
CASES = [
    ((2, 3, 1), es.relu, es.squared),
    ((2, 2, 2, 1), es.hard_tanh, es.squared),
    ((1, 2, 2, 2, 1), es.leaky_relu("1/4"), es.squared.mean),
    ((2, 2, 1), es.relu, es.absolute),
    ((1, 2, 2), es.relu, es.huber(1)),
    ((2, 2, 1), es.absolute_value, es.hinge),
]


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("seed", [1, 2])
def test_pieces_cover_the_interval_and_tell_risk_and_pattern(case, seed):
    rnd = random.Random(seed)
    problem = random_problem(rnd, *case, 4)
    base, step = direction(problem, rnd), direction(problem, rnd)
    found = profile(problem, base, step, (-1, "3/2"))
    assert (found.pieces[0].start.value, found.pieces[-1].stop.value) == (-1, F(3, 2))
    assert [piece.start for piece in found.pieces[1:]] == list(found.kinks) == sorted(found.kinks)
    for _ in range(40):
        t = F(rnd.randint(-1000, 1500), 1000)
        parameters = base.moved(step, t)
        assert found.risk_at(t) == problem.risk(parameters)
        place = RealRoot.rational(t)
        for piece in found.pieces:
            if piece.start < place < piece.stop:
                there = activation_pattern(problem, parameters)
                # A wall that is only touched does not end a piece.
                if there.is_interior == piece.pattern.is_interior:
                    assert there == piece.pattern
    for before, after, walls in zip(found.pieces, found.pieces[1:], found.walls, strict=False):
        assert walls and (before.pattern, before.risk) != (after.pattern, after.risk)
        difference = before.risk - after.risk
        if not difference.is_constant:
            coefficients = [F(0)] * (difference.total_degree + 1)
            for (exponent,), value in difference.items():
                coefficients[exponent] = value
            assert before.stop in real_roots(coefficients)  # the risk is continuous
        else:
            assert difference.is_zero


def test_kinks_of_a_slice_with_straight_walls_are_where_the_line_meets_them():
    rnd = random.Random(4)
    problem = random_problem(rnd, (2, 3, 1))
    base, first = direction(problem, rnd), direction(problem, rnd, (1,))
    found = profile(problem, base, first, (-1, 1))
    plane = Slice(problem, base, first, direction(problem, rnd, (1,)), (-1, 1, -1, 1))
    crossings = set()
    for segment in plane.walls():
        (a, b), (c, d) = segment.start, segment.end
        if b * d <= 0 and b != d:
            crossings.add(a + (c - a) * (-b) / (d - b))
    assert {kink.value for kink in found.kinks} == crossings - {-1, 1}


def test_an_irrational_kink_is_known_by_its_equation():
    """Both weights move: unit 1 of layer 2 is off where t·t < 2."""
    problem = es.Problem(es.Network([1, 1, 1, 1], biases=[False, True, False]), es.Data.from_arrays([1], [0]))

    def point(w1, w2, b2, w3):
        return problem.parameters(W1=[[w1]], W2=[[w2]], b2=[b2], W3=[[w3]])

    found = profile(problem, point(0, 0, -2, 1), point(1, 1, 0, 0), (-3, 3))
    last = found.kinks[-1]
    assert (last.polynomial, last.value) == ((-2, 0, 1), None) and last > RealRoot.rational(F(0))
    assert found.walls[-1] == (BoundaryPair(2, 0, 0, F(0)),)
    assert str(found.pieces[-1].risk) == "Polynomial(1/2*t^4 - 2*t^2 + 2)" and found.pieces[-2].risk.is_zero
    assert found.risk_at(2) == 2
    with pytest.raises(es.InputError, match="outside"):
        found.risk_at(4)


def test_a_wall_that_is_touched_does_not_end_a_piece():
    """z = (1 + t)(5 − 5t) = 5 − 5t² of layer 2 reaches the breakpoint 5 at t = 0 and goes back."""
    network = es.Network([1, 1, 1, 1], es.piecewise_linear([5], [1, 2]), biases=False)
    problem = es.Problem(network, es.Data.from_arrays([1], [1]))

    def point(w1, w2, w3):
        return problem.parameters(W1=[[w1]], W2=[[w2]], W3=[[w3]])

    found = profile(problem, point(1, 5, 1), point(1, -5, 0), (F(-1, 2), F(1, 2)))
    (piece,) = found.pieces
    assert activation_pattern(problem, point(1, 5, 1)).boundary
    assert (found.kinks, found.walls, piece.pattern.boundary) == ((), (), ())
    assert str(piece.risk) == "Polynomial(25/2*t^4 - 20*t^2 + 8)"


def test_a_unit_that_stays_on_its_breakpoint_is_told_in_the_pattern():
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([1], [1]))

    def point(w, v):
        return problem.parameters(W1=[[w]], b1=[0], W2=[[v]], b2=[0])

    (piece,) = profile(problem, point(0, 0), point(0, 1)).pieces
    assert piece.pattern.boundary == (BoundaryPair(1, 0, 0, F(0)),) and piece.risk == piece.risk.constant((), F(1, 2))


def test_refusals():
    rnd = random.Random(2)
    problem = random_problem(rnd)
    base = direction(problem, rnd)
    with pytest.raises(es.InputError, match="empty"):
        profile(problem, base, base, (1, 1))
    with pytest.raises(es.ShapeError, match="interval"):
        profile(problem, base, base, (1, 2, 3))
    with pytest.raises(es.InexactNumberError):
        profile(problem, base, base, (0, 0.5))
