"""The histogram of training draws what its data say."""

from __future__ import annotations

import pytest

import exactsurf as es
from tests.surface.training.instances import LANDS


def test_bars_are_counts():
    plt = pytest.importorskip("matplotlib.pyplot")
    land = LANDS[0]
    dead = land.problem.parameters(W1=[[1]], b1=[-100], W2=[[1]], b2=["3/4"])
    ends = [land.valleys[0].parameters, land.valleys[2].parameters, land.valleys[2].parameters, dead]
    found = es.training_valleys(land, [[point] for point in ends])
    bars = es.plots.plot_training_data(found)
    assert [(bar.valley, str(bar.risk), bar.runs, bar.is_spurious) for bar in bars] == [
        (0, "1/3", 1, False),
        (1, "3/4", 0, True),
        (2, "3/4", 2, True),
        (3, "1", 0, True),
        (None, "11/8", 1, True),
    ]
    axes = es.plots.plot_training(found)
    assert [patch.get_height() for patch in axes.patches] == [bar.runs for bar in bars]
    assert [text.get_text() for text in axes.texts] == [str(bar.runs) for bar in bars]
    names = [label.get_text() for label in axes.get_xticklabels()]
    assert names[0].startswith("1/3") and names[0].endswith("valley 0") and names[-1].endswith("open")
    axes.figure.canvas.draw()
    plt.close("all")
    other = plt.figure().gca()
    assert es.plots.plot_training(found, ax=other) is other
    plt.close("all")
