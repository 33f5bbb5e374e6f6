"""Bounded linear systems: every answer is judged by the definition, in plain loops over Fractions."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from exactsurf.errors import InputError, InternalError, ShapeError
from exactsurf.exact import bounded_system
from exactsurf.exact.bounded_system import (
    FarkasVector,
    Multipliers,
    is_farkas_vector,
    is_solution,
    solve_bounded_system,
)
from exactsurf.exact.simplex import Outcome, Vertex
from tests.bounded_systems import answered, dot, numbers, systems

F = Fraction


def fourier_motzkin(system):
    """Whether a system has a solution, by eliminating one multiplier after the other."""
    vectors, target, lower, upper = system
    count = len(vectors)
    rows = set()  # (a, b) stands for a·μ ≤ b

    def add(row, bound):
        size = max((abs(v) for v in row), default=F(0)) or F(1)
        rows.add((tuple(v / size for v in row), bound / size))

    for i, value in enumerate(target):
        row = [u[i] for u in vectors]
        add(row, value)
        add([-v for v in row], -value)
    for c in range(count):
        unit = [F(int(c == k)) for k in range(count)]
        if upper[c] is not None:
            add(unit, upper[c])
        if lower[c] is not None:
            add([-v for v in unit], -lower[c])
    for c in range(count):
        over, under = [r for r in rows if r[0][c] > 0], [r for r in rows if r[0][c] < 0]
        rows = {r for r in rows if r[0][c] == 0}
        for (a, b), (e, f) in product(over, under):
            add([x / a[c] - y / e[c] for x, y in zip(a, e, strict=True)], b / a[c] - f / e[c])
    return all(bound >= 0 for _, bound in rows)


@given(systems())
def test_the_answer_meets_its_definition(system):
    answered(system)


@given(systems(entries=st.sampled_from([F(-1), F(0), F(0), F(1)]), most_vectors=12))
def test_degenerate_systems(system):
    answered(system)


@given(systems(most_vectors=3, most_coordinates=2))
def test_brute_force_agrees(system):
    assert (answered(system) is Multipliers) == fourier_motzkin(system)


@given(systems(), st.data())
def test_bounded_combinations_have_multipliers(system, data):
    vectors, target, lower, upper = system
    values = [
        data.draw(st.fractions(min_value=-9 if a is None else a, max_value=9 if b is None else b, max_denominator=9))
        if a is None or b is None or a < b
        else a
        for a, b in zip(lower, upper, strict=True)
    ]
    target = [dot(values, [u[i] for u in vectors]) for i in range(len(target))]
    assert answered((vectors, target, lower, upper)) is Multipliers


@given(systems(), st.lists(numbers, min_size=4, max_size=4), st.sampled_from([F(1), F(1, 10**40)]))
def test_separated_targets_have_a_farkas_vector(system, direction, margin):
    vectors, target, lower, upper = system
    direction = direction[: len(target)]
    assume(any(direction))
    slopes = [dot(u, direction) for u in vectors]
    # Bounds are added where the maximum along the direction would be infinite.
    upper = [(a or F(0)) + 1 if b is None and s > 0 else b for a, b, s in zip(lower, upper, slopes, strict=True)]
    lower = [(b or F(0)) - 1 if a is None and s < 0 else a for a, b, s in zip(lower, upper, slopes, strict=True)]
    reach = sum((max(v * s for v in (a, b) if v is not None) for a, b, s in zip(lower, upper, slopes, strict=True) if s), F(0))
    excess = (reach + margin - dot(target, direction)) / dot(direction, direction)
    target = [t + excess * d for t, d in zip(target, direction, strict=True)]
    assert answered((vectors, target, lower, upper)) is FarkasVector


@given(systems(), st.randoms(use_true_random=False))
def test_order_and_scale_do_not_matter(system, rng):
    vectors, target, lower, upper = system
    kind = answered(system)
    order = rng.sample(range(len(vectors)), len(vectors))
    assert answered(([vectors[c] for c in order], target, [lower[c] for c in order], [upper[c] for c in order])) is kind
    factors = [F(rng.randint(1, 9), rng.randint(1, 9)) for _ in vectors]
    longer = [[v * f for v in u] for u, f in zip(vectors, factors, strict=True)]
    low = [None if a is None else a / f for a, f in zip(lower, factors, strict=True)]
    high = [None if b is None else b / f for b, f in zip(upper, factors, strict=True)]
    assert answered((longer, target, low, high)) is kind
    mirrored = [None if b is None else -b for b in upper], [None if a is None else -a for a in lower]
    assert answered((vectors, [-t for t in target], *mirrored)) is kind


def test_worked_examples():
    one, zero = F(1), F(0)
    plane = [[one, zero], [zero, one], [-one, -one]]
    inside = solve_bounded_system(plane, [F(-2), F(-3)], [zero] * 3, [None] * 3)
    assert inside == Multipliers((one, zero, F(3)))
    assert answered((plane, [F(-2), F(-3)], [zero] * 3, [None, None, F(5, 2)])) is FarkasVector
    assert answered((plane, [F(-2), F(-3)], [None, zero, zero], [None, None, F(5, 2)])) is FarkasVector
    assert answered((plane, [F(-2), F(-3)], [None, None, zero], [None, None, zero])) is Multipliers


def test_smallest_systems():
    assert solve_bounded_system([], [], [], []) == Multipliers(())
    assert solve_bounded_system([], [F(0)], [], []) == Multipliers(())
    assert answered(([], [F(0), F(-3)], [], [])) is FarkasVector
    assert solve_bounded_system([[], []], [], [F(1), None], [F(2), F(-1)]) == Multipliers((F(1), F(-1)))
    assert answered(([[F(0)]], [F(0)], [F(2)], [F(3)])) is Multipliers
    assert answered(([[F(0)]], [F(1)], [None], [None])) is FarkasVector
    assert solve_bounded_system([[F(2)]], [F(0)], [F(-1)], [F(1)]) == Multipliers((F(0),))
    assert answered(([[F(2)]], [F(0)], [F(1)], [F(1)])) is FarkasVector


def test_equal_bounds_and_duplicates():
    copies = [[F(1), F(2)]] * 5
    half = [F(1, 2)] * 5
    assert solve_bounded_system(copies, [F(5, 2), F(5)], half, half) == Multipliers(tuple(half))
    assert answered((copies, [F(5, 2), F(6)], half, half)) is FarkasVector
    assert answered((copies, [F(5), F(10)], [F(0)] * 5, [F(1)] * 5)) is Multipliers
    assert answered((copies, [F(501, 100), F(501, 50)], [F(0)] * 5, [F(1)] * 5)) is FarkasVector


@pytest.mark.parametrize("digits", [100, 3000])
def test_residuals_with_thousands_of_digits(digits):
    """Long residuals times short data: the target on the boundary, and off it by one unit in the last place."""
    rng = random.Random(digits)
    below = 10**digits + 7
    residuals = [F(rng.randrange(10**digits), below) + 1 for _ in range(40)]
    data = [[F(1), *(F(rng.randint(-50, 50), 10) for _ in range(5))] for _ in residuals]
    vectors = [[r * v for v in row] for r, row in zip(residuals, data, strict=True)]
    zero, one = [F(0)] * 40, [F(1)] * 40
    everything = [sum(column, F(0)) for column in zip(*vectors, strict=True)]
    assert answered((vectors, everything, zero, one)) is Multipliers
    assert answered((vectors, [everything[0] + F(1, below), *everything[1:]], zero, one)) is FarkasVector
    assert answered((vectors, [v / 3 for v in everything], zero, [None] * 40)) is Multipliers
    assert answered((vectors, [-everything[0], *everything[1:]], zero, [None] * 40)) is FarkasVector


def test_what_does_not_fit_is_refused():
    one = [F(1)]
    with pytest.raises(InputError, match="vector 1 exceeds its upper bound"):
        solve_bounded_system([one, one], one, [F(0), F(2)], [F(1), F(1)])
    with pytest.raises(ShapeError, match=r"vector 1 of the bounded system .* expected 1, got 2"):
        solve_bounded_system([one, [F(1), F(2)]], one, [None] * 2, [None] * 2)
    with pytest.raises(ShapeError, match="the lower bounds"):
        solve_bounded_system([one], one, [], [None])
    with pytest.raises(ShapeError, match="the upper bounds"):
        solve_bounded_system([one], one, [None], [None, None])


@pytest.mark.parametrize(("point", "separator"), [((F(2),), None), (None, (-1,)), (None, (0,))])
def test_a_wrong_answer_is_never_handed_out(monkeypatch, point, separator):
    def wrong(*_):
        return Outcome(point, separator, Vertex((0,), (0,)), 0)

    monkeypatch.setattr(bounded_system, "feasible_point", wrong)
    with pytest.raises(InternalError):
        solve_bounded_system([[F(1)]], [F(1)], [F(0)], [None])


def test_the_checks_refuse_near_misses():
    vectors, target = [[F(1), F(2)], [F(3), F(4)]], [F(4), F(6)]
    assert is_solution([F(1), F(1)], vectors, target, [F(1), None], [None, F(1)])
    assert not is_solution([F(1), F(1)], vectors, target, [F(2), None], [None, F(1)])
    assert not is_solution([F(1), F(1)], vectors, target, [F(1), None], [None, F(1, 2)])
    assert not is_solution([F(1), F(1)], vectors, [F(4), F(7)], [F(1), None], [None, F(1)])
    # g·δ = 4 and the reach is max μ₁ + 3 max μ₂.
    along = [F(1), F(0)]
    assert is_farkas_vector(along, vectors, target, [None, None], [F(1), F(9, 10)])
    assert not is_farkas_vector(along, vectors, target, [None, None], [F(1), F(1)])
    assert not is_farkas_vector(along, vectors, target, [None, None], [F(1), None])
    assert not is_farkas_vector([F(0), F(0)], vectors, target, [None, None], [F(1), F(1)])
    assert not is_farkas_vector([-v for v in along], vectors, target, [None, None], [F(1), F(9, 10)])
