"""Critical points that msolve finds, against published counts, closed forms and SymPy's Gröbner bases; skipped without msolve."""

from __future__ import annotations

from itertools import pairwise

import pytest

import exactsurf as es
from exactsurf.errors import HypothesisError, InputError, UnsupportedError
from exactsurf.exact.msolve import msolve_program
from exactsurf.papers.bharadwaj_2023 import (
    count_critical_points,
    critical_points_by_msolve,
    generic_count,
    number_of_critical_points,
    torus_bound,
)
from exactsurf.theorems.constructions.critical_points_by_msolve import isolated_bound
from exactsurf.theorems.outcome import Outcome

needs_msolve = pytest.mark.skipif(msolve_program() is None, reason="the program msolve is not installed")


def one_sample(widths: list[int]) -> es.Problem:
    data = es.Data.from_arrays([[1 + 2 * k for k in range(widths[0])]], [[20 + 17 * k for k in range(widths[-1])]])
    return es.Problem(es.Network(widths, es.linear, biases=False), data)


@needs_msolve
@pytest.mark.parametrize(
    ("widths", "count"),
    [([1, 1, 1], 5), ([1, 2, 2], 33), ([1, 2, 3], 73), ([1, 3, 2], 73), ([2, 2, 2], 33), ([2, 2, 3], 73)],
    ids=str,
)
def test_one_hidden_layer_is_complete(widths: list[int], count: int) -> None:
    problem = one_sample(widths)
    found = critical_points_by_msolve(problem)
    assert found.complex_points == found.with_multiplicity == found.bound == count == generic_count(widths, 1)
    assert found.is_complete and count <= torus_bound(problem) and found.real_points % 2 == 1
    if sum(a * b for a, b in pairwise(widths)) <= 6 and count < 40:
        assert count_critical_points(problem).real_points == found.real_points


@needs_msolve
@pytest.mark.parametrize(("widths", "count"), [([1, 1, 1, 2], 33), ([1, 1, 1, 1, 2], 97), ([1, 2, 2, 1], 129)], ids=str)
def test_deeper_networks_are_counted_from_below(widths: list[int], count: int) -> None:
    found = critical_points_by_msolve(one_sample(widths))
    assert found.complex_points == found.with_multiplicity == count and found.are_nondegenerate
    assert found.bound is None and found.is_complete is None
    assert generic_count(widths, 1) in (count, None)


@needs_msolve
def test_the_theorem_is_decided_for_larger_networks() -> None:
    report = number_of_critical_points.examine(one_sample([1, 2, 3]))
    assert report.outcome is Outcome.CONFIRMED and "73 complex critical points" in report.conclusion.reason


@needs_msolve
def test_without_a_regulariser_there_are_infinitely_many() -> None:
    with pytest.raises(HypothesisError):
        critical_points_by_msolve(one_sample([1, 1, 1]), [0, 0])


def test_the_bound_is_about_one_layer_and_one_sample() -> None:
    for widths in ([1, 1, 1], [1, 2, 2], [3, 2, 4], [1, 3, 3]):
        assert isolated_bound(one_sample(widths)) == generic_count([1, *widths[1:]], 1) or min(widths[1:]) > 1
    assert isolated_bound(one_sample([1, 3, 3])) == 1 + 36 + 144 + 64
    assert isolated_bound(one_sample([1, 1, 1, 1])) is None
    data = es.Data.from_arrays([[0]], [[1]])
    assert isolated_bound(es.Problem(es.Network([1, 1, 1], es.linear, biases=False), data)) is None


def test_what_is_refused() -> None:
    problem = es.Problem(es.Network([1, 1, 1], biases=False), es.Data.from_arrays([[1]], [[1]]))
    with pytest.raises(UnsupportedError, match="deep linear"):
        critical_points_by_msolve(problem)
    with pytest.raises(InputError, match="1 factors"):
        critical_points_by_msolve(one_sample([1, 1, 1]), [1])
