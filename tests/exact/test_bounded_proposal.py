"""What floats propose for bounded systems is judged by the definition, however small, degenerate or long the system is."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings

from exactsurf.effort import UNBOUNDED, Effort, OutOfTime
from exactsurf.exact import bounded_system
from exactsurf.exact.bounded_proposal import proposed_answers
from exactsurf.exact.bounded_system import FarkasVector, Multipliers, is_farkas_vector, is_solution, solve_bounded_system
from tests.bounded_systems import answered, systems

F = Fraction


@pytest.fixture
def at_every_size(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bounded_system, "LARGE", 1)


@given(systems())
@settings(deadline=None)
def test_answers_with_proposals_are_those_without(system):
    with pytest.MonkeyPatch.context() as patch:
        kind = answered(system)
        patch.setattr(bounded_system, "LARGE", 1)
        assert answered(system) is kind


def drawn(rnd: random.Random, size: int, count: int, kind: str):
    """A system in whole numbers: inside, at a corner, on an edge, or without a solution."""
    columns = [tuple(rnd.randint(-9, 9) for _ in range(size)) for _ in range(count)]
    low = [F(rnd.randint(-3, 0)) for _ in range(count)]
    high = [value + rnd.choice([0, 1, 1, 2]) for value in low]
    share = {"inside": F(1, 2), "corner": F(1), "edge": F(1, 3), "none": F(40)}[kind]
    values = [a + (b - a) * (share if kind != "edge" or c % 2 else 1) for c, (a, b) in enumerate(zip(low, high, strict=True))]
    right = [sum((value * column[i] for value, column in zip(values, columns, strict=True)), F(0)) for i in range(size)]
    return columns, right, low, high


@pytest.mark.parametrize("kind", ["inside", "corner", "edge", "none"])
@pytest.mark.parametrize("seed", range(3))
def test_large_systems_are_answered_by_proposals(kind: str, seed: int, monkeypatch: pytest.MonkeyPatch):
    rnd = random.Random(seed)
    system = drawn(rnd, 40, 60, kind)
    # The exact simplex is not asked.
    monkeypatch.setattr(bounded_system, "feasible_point", None)
    answer = solve_bounded_system(*system)
    if kind == "none":
        assert isinstance(answer, FarkasVector) and is_farkas_vector(answer.values, *system)
    else:
        assert isinstance(answer, Multipliers) and is_solution(answer.values, *system)


def test_wrong_proposals_are_not_believed(at_every_size, monkeypatch: pytest.MonkeyPatch):
    system = ([(F(1),)], (F(1),), [F(0)], [F(2)])
    wrong = [(True, (F(2),)), (True, (F(-1),)), (False, (F(1),)), (False, (F(0),))]
    monkeypatch.setattr(bounded_system, "proposed_answers", lambda *_: wrong)
    assert solve_bounded_system(*system) == Multipliers((F(1),))
    monkeypatch.setattr(bounded_system, "proposed_answers", lambda *_: [])
    assert solve_bounded_system(*system) == Multipliers((F(1),))


def test_equations_that_depend_on_others_are_met():
    columns, bounds = [(1, 2, 1), (3, 6, 1), (1, 2, 0)], ([F(0)] * 3, [F(1)] * 3)
    found = list(proposed_answers(columns, (4, 8, 1), *bounds, UNBOUNDED))
    assert found and all(is_point and is_solution(values, columns, (4, 8, 1), *bounds) for is_point, values in found)
    found = list(proposed_answers(columns, (4, 9, 1), *bounds, UNBOUNDED))
    assert found and not any(is_point for is_point, _ in found)
    assert any(is_farkas_vector(values, columns, (4, 9, 1), *bounds) for _, values in found)


def test_numbers_that_floats_cannot_hold_and_free_unknowns_are_left_to_the_simplex():
    assert list(proposed_answers([(10**400,)], (1,), [F(0)], [None], UNBOUNDED)) == []
    assert list(proposed_answers([(1,)], (1,), [None], [None], UNBOUNDED)) == []


def test_floats_stop_when_the_time_is_over():
    with pytest.raises(OutOfTime):
        next(proposed_answers([(1,)], (1,), [F(0)], [F(2)], Effort(seconds=F(1, 10**9)).started()))
