"""The picture of landscapes along the weight decay shows the exact levels."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es

pytest.importorskip("matplotlib")


def test_what_is_drawn_is_what_the_landscapes_say():
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    path = es.decay_path(problem, ["1/10", 1], bracket="1/2")
    data = es.plots.plot_decay_path_data(path)
    assert data.least[0] == (Fraction(1, 10), Fraction(37, 75))
    assert dict(data.counts) == {land.problem.decay.factor: len(land.valleys) for land in path.landscapes}
    assert len(data.spurious) == sum(valley.is_spurious for land in path.landscapes for valley in land.valleys)
    axes = es.plots.plot_decay_path(path)
    spurious, least = axes.get_lines()
    assert list(least.get_xdata()) == [float(factor) for factor, _ in data.least]
    assert list(least.get_ydata()) == [float(level) for _, level in data.least]
    assert len(spurious.get_xdata()) == len(data.spurious)
    assert len(axes.patches) == len(path.changes) == len(data.changes)
    assert [text.get_text() for text in axes.texts] == ["4", "3", "2"]
