"""Histograms of training: every run is counted once, by its last point."""

from __future__ import annotations

import pytest

import exactsurf as es
from tests.surface.training.instances import LANDS


def test_bottoms_are_counted():
    land = LANDS[0]
    found = es.training_valleys(land, [[valley.parameters] for valley in land.valleys] * 2)
    assert found.counts == (2, 2, 2, 2) and found.open_runs == () and found.open_floors == {}
    rows = found.to_rows()
    assert [row["risk"] for row in rows] == [valley.risk for valley in land.valleys]
    assert [row["runs"] for row in rows] == [2, 2, 2, 2] and rows[0]["spurious"] is False and rows[1]["spurious"] is True
    assert repr(found) == "TrainingValleys(8 runs: 2, 2, 2, 2 by valley, 0 open)"


def test_open_runs_say_where_they_lie():
    """Dead units: the risk of the best constant is a plateau, from which paths that do not rise lead to several valleys."""
    land = LANDS[0]
    dead = land.problem.parameters(W1=[[1]], b1=[-100], W2=[[1]], b2=["3/4"])
    found = es.training_valleys(land, [[dead], [land.valleys[0].parameters]])
    assert found.open_runs == (0,) and found.counts == (1, 0, 0, 0)
    assert {str(risk): count for risk, count in found.open_floors.items()} == {"11/8": 1}


@pytest.mark.parametrize("land", LANDS[:4], ids=lambda land: repr(land.problem))
def test_every_run_is_counted_once(land: es.Landscape):
    runs = es.gradient_descent(land.problem, range(10), records=4)
    found = es.training_valleys(land, runs)
    assert sum(found.counts) + len(found.open_runs) == sum(found.open_floors.values()) + sum(found.counts) == 10
    for place, run in enumerate(found.runs):
        assert (run.valley is None) == (place in found.open_runs)


def test_no_trajectory():
    with pytest.raises(es.InputError, match="no trajectory"):
        es.training_valleys(LANDS[0], [])
