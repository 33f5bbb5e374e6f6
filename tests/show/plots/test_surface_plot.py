"""The surface in perspective: exact patches that tile the window, walls where the slice has them, and a drawing of them."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.arrangement.polygon import Polygon
from exactsurf.show.plots.surface_plot import plot_surface, plot_surface_data
from exactsurf.show.plots.wall_styles import wall_style, wall_unit

pytest.importorskip("matplotlib")


@pytest.fixture(scope="module")
def plane():
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    return es.landscape(problem).slice(2, 0)


@pytest.fixture(scope="module")
def data(plane):
    return plot_surface_data(plane, grid=5)


def test_patches_tile_the_window_and_have_the_risk_of_the_problem(plane, data):
    left, right, bottom, top = plane.window
    areas = [Polygon(patch.corners, patch.walls).area for patch in data.patches]
    assert min(areas) > 0 and sum(areas) == (right - left) * (top - bottom)
    for patch in data.patches[::7]:
        for corner, risk in zip(patch.corners, patch.risks, strict=True):
            assert risk == plane.problem.risk(plane.parameters_at(*corner))
    step = Fraction(3, 2) / 5
    assert all(max(s for s, _ in p.corners) - min(s for s, _ in p.corners) <= step for p in data.patches)


def test_the_surface_has_no_gap(data):
    """Every edge belongs to two patches, or to one at the rim; both say the same heights and the same walls."""
    edges = Counter()
    said = {}
    for patch in data.patches:
        ends = list(pairwise((*zip(patch.corners, patch.risks, strict=True), (patch.corners[0], patch.risks[0]))))
        for pair, walls in zip(ends, patch.walls, strict=True):
            edges[frozenset(pair)] += 1
            assert said.setdefault(frozenset(pair), walls) == walls
    rim = [pair for pair, count in edges.items() if count == 1]
    assert set(edges.values()) == {1, 2}
    window = (Fraction(-1, 4), Fraction(5, 4))
    assert all(any(len({p[k] for p, _ in pair}) == 1 and next(iter(pair))[0][k] in window for k in (0, 1)) for pair in rim)


def test_walls_are_those_of_the_slice(plane, data):
    def length(pairs):
        total = Counter()
        for (a, b), walls in pairs:
            for wall in walls:
                total[wall] += max(abs(a[0] - b[0]), abs(a[1] - b[1]))
        return total

    drawn = {}
    for patch in data.patches:
        for pair, walls in zip(pairwise((*patch.corners, patch.corners[0])), patch.walls, strict=True):
            drawn[frozenset(pair)] = (pair, walls)
    assert length(drawn.values()) == length([((s.start, s.end), s.walls) for s in plane.walls()])


def test_it_is_drawn(plane, data, tmp_path: Path):
    axes = plot_surface(plane, grid=5, turn=20)
    (shapes,) = axes.collections
    assert len(shapes.get_paths()) > len(data.patches)
    assert {text.get_text() for text in axes.texts} == {"valley 2", "valley 0"}
    assert len(axes.get_legend().get_texts()) == 2
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    for path in shapes.get_paths():
        assert (path.vertices >= (left, low)).all() and (path.vertices <= (right, high)).all()
    for suffix in ("svg", "png"):
        axes.get_figure().savefig(tmp_path / f"surface.{suffix}")
    from matplotlib.colors import to_rgba

    units = {wall_unit(wall) for patch in data.patches for walls in patch.walls for wall in walls}
    colours = {tuple(colour) for colour in shapes.get_edgecolors()}
    assert {to_rgba(wall_style(unit)["color"]) for unit in units} <= colours


def test_heights_as_they_are_and_flat_surfaces(plane):
    plot_surface(plane, grid=3, height="risk", levels=["1/4", "1/3", 1, 5])
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [0, 0]))
    zero = problem.parameters(W1=[[0]], b1=[0], W2=[[0]], b2=[0])
    along = problem.parameters(W1=[[1]], b1=[0], W2=[[0]], b2=[0]), problem.parameters(W1=[[0]], b1=[1], W2=[[0]], b2=[0])
    plot_surface(es.Slice(problem, zero, *along), grid=3)


@pytest.mark.parametrize(
    ("options", "said"),
    [({"tilt": 90}, "tilt"), ({"tilt": 0}, "tilt"), ({"grid": 1}, "grid"), ({"grid": 201}, "grid"), ({"height": "x"}, "'log'")],
)
def test_refusals(plane, options, said):
    with pytest.raises(es.InputError, match=said):
        plot_surface(plane, **options)
