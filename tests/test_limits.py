"""Limits of lists, and precisions, are whole numbers: anything else is named at the door, by every function that takes one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import networkx
import pytest

import exactsurf as es

LINE = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, 1]))
SMOOTH = es.Problem(es.Network([1, 1, 1], es.tanh), LINE.data)
POINT = {"W1": [[1]], "b1": [0], "W2": [[1]], "b2": [0]}
PLANE = es.Slice.through(*(LINE, *(LINE.parameters(**{**POINT, "b2": [k], "b1": [k * k]}) for k in range(3))))
CALLS: dict[str, Callable[[Any], Any]] = {
    "cell graph": lambda value: es.cell_graph(LINE, limit=value),
    "cell classes": lambda value: es.cell_classes(LINE, limit=value),
    "pattern regions": lambda value: es.pattern_regions(LINE, limit=value),
    "decisions": lambda value: es.pattern_regions(LINE, decisions=value),
    "extremal vectors": lambda value: es.extremal_vectors(LINE, max_faces=value),
    "slice": lambda value: PLANE.cells(limit=value),
    "diameter": lambda value: es.graph_statistics(networkx.path_graph(2), diameter_limit=value),
    "spectrum": lambda value: es.graph_statistics(networkx.path_graph(2), spectrum_limit=value),
    "instances": lambda value: es.find_counterexample(es.CLAIMS["no_bad_saddles"], limit=value),
    "precision of a box": lambda value: es.find_critical_box(SMOOTH, precisions=[value], **POINT),
    "precision on walls": lambda value: es.find_minimum_on_walls(LINE, precisions=[value], **POINT),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("value", ["5", 1.5, -1, True, [2]])
def test_strange_limits_are_named(name: str, value: Any) -> None:
    with pytest.raises(es.InputError, match="must be an integer, at least"):
        CALLS[name](value)


@pytest.mark.parametrize("value", [5, None, "64", [1 << 20]])
def test_strange_precisions_are_named(value: Any) -> None:
    with pytest.raises(es.InputError, match="precision"):
        es.find_critical_box(SMOOTH, precisions=value, **POINT)


def test_counting_closed_regions_ends_with_its_effort() -> None:
    theta = es.Parameters(W1=[[1, 0], [-1, 0], [0, 1], [0, -1]], b1=[0] * 4, W2=[[1, 1, -1, -1]], b2=[0])
    found = es.linear_regions(es.Network([2, 4, 1]), theta)
    assert found.count_closed_regions(5) == found.closed_connected_regions
    zero = es.linear_regions(es.Network([2, 4, 1]), es.Parameters(W1=theta.weights[0], b1=[0] * 4, W2=[[0] * 4], b2=[0]))
    with pytest.raises(es.OutOfTime, match="share a point"):
        zero.count_closed_regions(es.Effort(seconds="1/1000000"))
