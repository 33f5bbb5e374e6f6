"""What a search says of itself: counts, reasons, its end; certificates that are as strong as what it knows."""

from __future__ import annotations

import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import exactsurf as es
from exactsurf.effort import look
from exactsurf.search.search_result import SearchState

SMALL = es.Network([1, 1, 1])


@es.claim("nobody knows for x = 1", networks=[SMALL])
def sometimes(problem: es.Problem) -> es.Answer:
    return es.undecided("x is 1") if problem.data.x[0][0] == 1 else es.holds("x is not 1")


def test_what_was_tried_held_and_stayed_undecided() -> None:
    states: list[SearchState] = []
    result = es.find_counterexample(sometimes, limit=60, progress=states.append)
    assert result.found is None and result.ended is es.SearchEnd.LIMIT
    ones = sum(state.problem.data.x[0][0] == 1 for state in states)
    assert 0 < ones < 60
    assert (result.tried, result.held, result.undecided, result.outside) == (60, 60 - ones, ones, 0)
    assert result.reasons == (("x is 1", ones),)
    assert states[-1].held + states[-1].undecided == 59
    assert f"{ones} undecided (most often: x is 1)" in result.summary and result.summary in repr(result)
    with pytest.raises(TypeError, match=r"result\.found"):
        bool(result)


def test_the_ends() -> None:
    assert es.find_counterexample(sometimes, seconds=0).ended is es.SearchEnd.OUT_OF_TIME
    whole = es.find_counterexample(sometimes, samples=1, entries=["0", "1"], seconds=None)
    assert whole.ended is es.SearchEnd.EXHAUSTED and whole.tried == 2 * 4  # by turns with random ones
    outside = es.find_counterexample(es.claim_of(es.papers.kawaguchi_2016.theorem_2_3), limit=40)
    assert outside.outside > 0 and outside.tried == outside.held + outside.outside + outside.undecided == 40


@es.claim("two samples have one target", networks=[es.Network([2, 2, 1])])
def one_target(problem: es.Problem) -> es.Answer:
    return es.fails("two targets") if len(set(problem.data.y)) > 1 else es.holds("one target")


def test_the_networks_of_the_caller_are_never_left() -> None:
    """Made smaller within them: fewer units or inputs would still refute the claim, but are not what was asked about."""
    for networks in (None, [es.Network([2, 3, 1])], [es.Network([2, 3, 1]), es.Network([2, 2, 1])]):
        states: list[SearchState] = []
        found = es.find_counterexample(one_target, networks=networks, samples=[4], progress=states.append).found
        assert found is not None and len(found.problem.data) == 2
        asked = networks or [es.Network([2, 2, 1])]
        assert all(state.problem.network in asked for state in states)
        assert found.problem.network == asked[-1]
        smaller = [state for state in states if state.reductions is not None]
        assert [state.reductions for state in smaller] == list(range(found.reductions + 1)) and found.reductions > 0


def test_progress_in_python(capsys: pytest.CaptureFixture[str]) -> None:
    es.find_counterexample(one_target, samples=[3], progress=True)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("instance 1 (0 held, 0 undecided): Problem(") and "making it smaller, step 1" in "".join(lines)


@es.claim("a valley is a global minimum", networks=[SMALL])
def valleys_are_global(problem: es.Problem) -> es.Answer:
    land = es.landscape(problem)
    for valley in land.valleys:
        if valley.is_spurious and valley.parameters is not None and land.global_minimum.parameters is not None:
            return es.fails("a spurious valley", valley.parameters, land.global_minimum.parameters)
    return es.holds("none")


def test_what_is_saved_has_the_certificate_that_the_search_can_give(tmp_path: Path) -> None:
    """A claim of a user gives two points; the search certifies the first as spurious, because the second is lower."""
    found = es.find_counterexample(valleys_are_global, samples=3, entries=1).found
    assert found is not None
    paths = found.save(tmp_path)
    names = ["problem.json", "counterexample.tex", "notebook_cell.py", "certificate.json", "certificate_2.json"]
    assert [path.name for path in paths] == names and es.verify(paths[4]).risk == found.problem.risk(found.witness[1])
    accepted = es.verify(paths[3])
    assert accepted.kind == "spurious local minimum" and accepted.risk == found.problem.risk(found.witness[0])
    assert found.verdict.certificate == found.certificate


def test_a_certified_minimum_becomes_spurious_where_a_lower_point_is_known() -> None:
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    made = es.papers.yun_2019.construct(problem)
    assert made.parameters is not None

    @es.claim("no minimum", networks=[es.Network([1, 2, 1])])
    def no_minimum(asked: es.Problem, point: es.Parameters) -> es.Answer:
        lower = made.better_points[0].parameters
        if asked != problem or point != made.parameters:
            return es.holds("not this one")
        certificate = es.decide(asked, point).certificate
        return es.fails("a minimum", point, lower, certificates=[certificate])

    from exactsurf.search.spurious import with_certificates

    answer = with_certificates(problem, no_minimum.check(problem, made.parameters))
    assert [es.verify(one).kind for one in answer.certificates] == ["spurious local minimum"]
    alone = with_certificates(problem, es.fails("a minimum", made.parameters))
    assert [es.verify(one).kind for one in alone.certificates] == ["local minimum"]
    assert with_certificates(problem, es.holds("so")) == es.holds("so")


@pytest.mark.parametrize("allowed", [{"seconds": Fraction(1, 10)}, {"seconds": None, "effort": "0.1"}])
def test_a_question_does_not_outlast_the_search(allowed: dict[str, Any]) -> None:
    def long(problem: es.Problem) -> es.Answer:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            look("a long question")
        return es.holds("so")

    result = es.find_counterexample(es.claim("long", networks=[SMALL])(long), **allowed)
    assert (result.ended, result.tried, result.undecided) == (es.SearchEnd.OUT_OF_TIME, 1, 1)
    assert "a long question" in result.reasons[0][0]
