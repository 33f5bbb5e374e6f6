"""The picture of a quotient space shows the exact classes."""

from __future__ import annotations

import pytest

import exactsurf as es
from exactsurf.papers.he_2020 import quotient_in_cell, quotient_of_surface


def test_the_picture_is_what_the_data_say() -> None:
    pytest.importorskip("matplotlib")
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    space = quotient_of_surface(es.landscape(problem, workers=1))
    data, axes = es.plots.plot_quotient_data(space), es.plots.plot_quotient(space)
    assert sum(point.number for point in data) == space.number == 5
    drawn = [tuple(collection.get_offsets()[0]) for collection in axes.collections]
    assert drawn == [(float(point.risk), point.dimension) for point in data]
    assert [text.get_text() for text in axes.texts] == ["1/3", "3/4  ×2", "1", "11/8"]


def test_nothing_to_draw() -> None:
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [3, 0, 3, 0]))
    cell = problem.cell(problem.parameters(W1=[[2]], b1=[-5], W2=[[1]], b2=[0]))
    space = quotient_in_cell(problem, cell)
    if not space.classes:
        with pytest.raises(es.InputError, match="no local minimum"):
            es.plots.plot_quotient(space)
