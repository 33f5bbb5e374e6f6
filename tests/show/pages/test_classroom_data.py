"""The document of a landscape: what the page knows is what the landscape says, exactly."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest

import exactsurf as es
from exactsurf.show.pages import classroom_data
from exactsurf.show.pages.classroom_data import landscape_document

ZIGZAG = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])


def read(problem, document):
    biases = {"b1": document["b"]} if document["b"] is not None else {}
    biases |= {"b2": [document["c"]]} if document["c"] is not None else {}
    return problem.parameters(W1=document["w"], W2=[document["v"]], **biases)


@pytest.mark.parametrize("units", [1, 2])
def test_valleys_and_walks_are_those_of_the_landscape(units):
    land = es.landscape(es.Problem(es.Network([1, units, 1]), ZIGZAG))
    document = landscape_document(land, "zigzag")
    assert document["count"] == len(land.valleys) and document["leftOut"] == 0
    for said, valley in zip(document["valleys"], land.valleys, strict=True):
        assert Fraction(said["risk"]) == valley.risk and said["global"] == valley.is_global
        assert (said["barrier"] and Fraction(said["barrier"])) == valley.barrier
        assert read(land.problem, said["point"]) == valley.parameters
    assert set(document["walks"]) == {f"{a}-{b}" for a, b in combinations(range(len(land.valleys)), 2)}
    for name, walk in document["walks"].items():
        ends = [land.valleys[int(k)].parameters for k in name.split("-")]
        points = [read(land.problem, point) for point in walk["points"]]
        assert [points[0], points[-1]] == ends
        assert Fraction(walk["level"]) == es.lowest_path(land, *ends).level == max(map(land.problem.risk, points))
    others = [found for found in land.local_minima if not found.is_valley]
    assert [Fraction(found["risk"]) for found in document["minima"]] == [found.risk for found in others]


def test_a_margin_loss_weights_and_missing_biases():
    data = es.Data.from_arrays([[0, 1], [1, 1], [2, 1]], [1, -1, 1], weights=[1, 2, "1/2"])
    problem = es.Problem(es.Network([2, 1, 1], es.leaky_relu("1/10"), biases=False), data, es.hinge)
    document = landscape_document(es.landscape(problem), "hinge")
    for i, sample in enumerate(document["samples"]):
        for f in map(Fraction, ("-3", "-1/3", "0", "1", "7/2")):
            place = sum(f > Fraction(edge) for edge in sample["breakpoints"])
            a, b, c = map(Fraction, sample["pieces"][place])
            assert a * f * f + b * f + c == max(0, 1 - problem.data.y[i][0] * f) * problem.data.weights[i]
    assert all(valley["point"] is None or valley["point"]["b"] is None for valley in document["valleys"])
    assert document["pieceNames"] == ["slope 1/10", "slope 1"]


def test_what_is_left_out_is_said(monkeypatch):
    land = es.landscape(es.Problem(es.Network([1, 2, 1]), ZIGZAG))
    monkeypatch.setattr(classroom_data, "VALLEYS", 3)
    monkeypatch.setattr(classroom_data, "_MINIMA", 1)
    document = landscape_document(land, "zigzag")
    assert document["leftOut"] == 1 and len(document["valleys"]) == 3 and set(document["walks"]) == {"0-1", "0-2", "1-2"}
    assert len(document["minima"]) == 1 and "more are not listed" in document["minimaNote"]
    monkeypatch.setattr(classroom_data, "_LISTED_ORBITS", 10)
    monkeypatch.setattr(classroom_data, "_REACHED", 2)
    document = landscape_document(land, "zigzag")
    assert (
        document["minima"] == [] and "too large" in document["minimaNote"] and "Some walks were not found" in document["noWalk"]
    )


def test_a_landscape_with_one_valley_has_no_walk():
    document = landscape_document(es.landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [0, 1]))), "line")
    assert (document["walks"] == {}) == (document["noWalk"] is not None)
