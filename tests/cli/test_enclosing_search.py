"""Searches that enclose a least risk: over before they began, stopped, done."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.cli.enclosing_search import SearchRequest, nothing_found, run_search
from exactsurf.effort import OutOfTime

PROBLEM = es.Problem(es.Network([1, 1, 2]), es.Data.from_arrays([0, 1, 2], [[0, 0], [1, 2], [1, 0]]))
REQUEST = SearchRequest(None, None, as_json=True, quiet=True, effort=es.Effort(seconds=None))
WORDS = {"first": "beginning", "counts": "regions"}


def test_done(tmp_path: Path) -> None:
    goal = tmp_path / "bound.json"
    found = run_search(
        lambda effort: es.BoundSearch(PROBLEM, effort),
        lambda s: s.proof(),
        replace(REQUEST, goal=goal),
        width=Fraction(1, 10),
        **WORDS,
    )
    assert found is not None and found.status == 0
    assert es.verify(goal).kind == found.proof.kind


@pytest.mark.parametrize(("error", "status"), [(OutOfTime(3, "regions"), 3), (KeyboardInterrupt(), 130)])
def test_stopped_it_has_what_was_found(error: BaseException, status: int, capsys: pytest.CaptureFixture[str]) -> None:
    class Stopped(es.BoundSearch):
        def run(self, *arguments: object, **options: object) -> None:
            raise error

    found = run_search(lambda effort: Stopped(PROBLEM, effort), lambda s: s.proof(), REQUEST, width=Fraction(1, 10), **WORDS)
    assert found is not None and found.status == status and found.search.lower <= found.search.upper
    assert ("out of time after 3 s" in capsys.readouterr().err) == (status == 3)


def test_over_before_it_began(capsys: pytest.CaptureFixture[str]) -> None:
    def build(effort: es.Effort) -> es.BoundSearch:
        raise OutOfTime(1, "nothing yet")

    assert run_search(build, lambda s: s.proof(), REQUEST, width=Fraction(1, 10), **WORDS) is None
    assert "nothing yet" in capsys.readouterr().err
    assert nothing_found("bounds", as_json=True) == 3
    assert '"bounds": null' in capsys.readouterr().out
