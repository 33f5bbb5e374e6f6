"""The picture of connectivity against width draws the exact valleys and levels."""

from __future__ import annotations

import pytest

import exactsurf as es
from exactsurf.papers.nguyen_2021 import connectivity_by_width


def landscapes(*widths: int) -> list[es.Landscape]:
    data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    return [es.landscape(es.Problem(es.Network([1, n, 1]), data), workers=1) for n in widths]


def test_the_columns_are_those_of_the_merge_trees_in_the_order_of_the_widths() -> None:
    lands = landscapes(2, 1)
    one, two = es.plots.plot_connectivity_data(lands)
    assert (one.width, two.width) == (1, 2)
    for column, known in zip((one, two), connectivity_by_width(lands[0].problem, [1, 2]), strict=True):
        assert column.level == known.level and sum(number for _, number in column.valleys) == known.valleys
        assert column.valleys[0] == (known.least, known.components)


def test_a_connected_surface_has_the_least_risk_as_its_level() -> None:
    data = es.Data.from_arrays([1, -1], [1, 1])
    land = es.landscape(es.Problem(es.Network([1, 3, 1], es.leaky_relu("1/2"), biases=False), data), workers=1)
    (column,) = es.plots.plot_connectivity_data([land])
    assert column.valleys == ((0, 1),) and column.level == 0


def test_the_picture_is_what_the_data_say() -> None:
    pytest.importorskip("matplotlib")
    lands = landscapes(1, 2)
    axes, columns = es.plots.plot_connectivity(lands), es.plots.plot_connectivity_data(lands)
    assert [label.get_text() for label in axes.get_xticklabels()] == ["1", "2"]
    assert [patch.get_y() for patch in axes.patches] == [float(column.level) for column in columns]
    ticks = [(float(risk), number) for column in columns for risk, number in column.valleys]
    assert [line.get_ydata()[0] for line in axes.lines] == [risk for risk, _ in ticks]
    texts = [text.get_text() for text in axes.texts]
    assert "connected from 11/8" in texts and "1/4  ×4" in texts and len(texts) == len(ticks) + 2


def test_nothing_to_draw() -> None:
    with pytest.raises(es.InputError, match="at least one"):
        es.plots.plot_connectivity([])
    with pytest.raises(es.InputError, match="of one width"):
        es.plots.plot_connectivity(landscapes(1) * 2)
