"""Pictures of slices, profiles and graphs: what is drawn is what the exact data say, and files can be saved."""

from __future__ import annotations

import itertools
import random
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import networkx
import pytest

import exactsurf as es
from exactsurf.cells.cell_graph import cell_graph
from exactsurf.cells.profile import profile
from exactsurf.cells.slice import Slice
from exactsurf.show.plots.graph_plot import plot_cell_graph, plot_cell_graph_data
from exactsurf.show.plots.plot_axes import axes_or_new
from exactsurf.show.plots.profile_plot import plot_profile, plot_profile_data
from exactsurf.show.plots.slice_plot import plot_slice, plot_slice_data
from exactsurf.show.plots.slice_tints import tint_numbers
from tests.cells.slice_cases import direction, random_problem

pytest.importorskip("matplotlib")
F = Fraction


@pytest.fixture(scope="module")
def plane() -> Slice:
    rnd = random.Random(3)
    problem = random_problem(rnd, (2, 2, 2, 1), samples=3)
    return Slice(problem, direction(problem, rnd), direction(problem, rnd, (1,)), direction(problem, rnd, (1,)), (-2, 1, 0, 2))


@pytest.fixture(scope="module")
def along():
    rnd = random.Random(7)
    problem = random_problem(rnd, (2, 2, 2, 1), samples=3)
    return profile(problem, direction(problem, rnd), direction(problem, rnd), (-1, 1))


@pytest.fixture(scope="module")
def graph():
    return cell_graph(es.Problem(es.Network([1, 2, 1], biases=[True, False]), es.Data.from_arrays([0, 1], [0, 1])))


@pytest.mark.parametrize("suffix", ["svg", "pdf", "png"])
def test_pictures_are_saved(plane, along, graph, tmp_path: Path, suffix: str):
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 9))
    places = iter(figure.subplots(2, 3).flat)
    drawn = [plot_slice(plane, ax=next(places), fill=fill, levels=5) for fill in ("risk", "pattern")]
    drawn += [plot_slice(plane, ax=next(places), grid=8)]
    drawn += [plot_profile(along, ax=next(places)), plot_cell_graph(graph, ax=next(places))]
    assert all(axes.figure is figure for axes in drawn)
    figure.savefig(tmp_path / f"all.{suffix}")
    begin = {"svg": b"<?xml", "pdf": b"%PDF", "png": b"\x89PNG"}[suffix]
    assert (tmp_path / f"all.{suffix}").read_bytes().startswith(begin)


def test_walls_are_drawn_where_they_are(plane):
    data, axes = plot_slice_data(plane), plot_slice(plane)
    drawn = {tuple(map(tuple, line.get_xydata())) for line in axes.lines}
    expected = {tuple(tuple(map(float, end)) for end in (wall.start, wall.end)) for wall in data.walls}
    assert drawn == expected and len(data.cells) > 4
    assert (axes.get_xlim(), axes.get_ylim()) == ((-2, 1), (0, 2))
    units = {(pair.layer, pair.unit) for wall in data.walls for pair in wall.walls}
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [
        f"walls of $h^{{({k})}}_{{{j + 1}}}$" for k, j in sorted(units)
    ]


def test_level_lines_lie_on_their_levels():
    """A linear network with risk ½(s² + t²): its level sets are circles."""
    problem = es.Problem(es.Network([2, 1], "linear", biases=False), es.Data.from_arrays([[1, 0], [0, 1]], [0, 0]))
    w = [problem.parameters(W1=[row]) for row in ([0, 0], [1, 0], [0, 1])]
    axes = plot_slice(Slice(problem, *w, (-2, 2, -2, 2)), levels=[0, "1/2", 2])
    (lines,) = [contour for contour in axes.collections if getattr(contour, "filled", None) is False]
    radii = [[(x * x + y * y) ** 0.5 for x, y in path.vertices] for path in lines.get_paths()]
    assert min(map(len, radii[1:])) > 50
    assert radii[1] == pytest.approx([1] * len(radii[1]), abs=1e-3) and radii[2] == pytest.approx([2] * len(radii[2]), abs=1e-3)


def test_the_grid_picture_says_that_it_is_not_exact(plane):
    assert any("not exact" in text.get_text() for text in plot_slice(plane, grid=6).texts)
    assert not any("not exact" in text.get_text() for text in plot_slice(plane).texts)


def test_slice_data_are_exact(plane):
    data = plot_slice_data(plane, levels=4)
    assert data.cells == plane.cells() and data.walls == plane.walls()
    assert all(isinstance(level, Fraction) for level in data.levels) and list(data.levels) == sorted(data.levels)
    risks = [cell.risk({"s": s, "t": t}) for cell in data.cells for s, t in cell.polygon.vertices]
    assert data.levels[-1] == max(risks) and data.levels[0] <= min(risks)
    assert plot_slice_data(plane, levels=["1/3", 2]).levels == (F(1, 3), F(2))


def test_profile_data_are_exact_and_drawn(along):
    data, axes = plot_profile_data(along, points=5), plot_profile(along, points=5)
    assert [place for place, _ in data.kinks] == list(along.kinks) and len(data.kinks) > 2
    for piece, points in zip(along.pieces, data.pieces, strict=True):
        assert len(points) == 5
        for t, risk in points[1:-1]:
            assert risk == along.problem.risk(along.line.parameters_at((t,))) == piece.risk({"t": t})
    for k, points in enumerate(data.pieces):
        assert [tuple(p) for p in axes.lines[k].get_xydata()] == [tuple(map(float, p)) for p in points]
    assert len(axes.texts) == (len(data.kinks) if len(data.kinks) <= 10 else 0)


@pytest.mark.parametrize("width", [1, 2])
def test_edges_of_one_wall_are_parallel_and_cells_apart(width: int):
    rows = list(itertools.product((0, 1), repeat=2))
    graph = cell_graph(es.Problem(es.Network([2, width, 1]), es.Data.from_arrays(rows, [0] * 4)))
    data, axes = plot_cell_graph_data(graph), plot_cell_graph(graph)
    lines = dict(zip(data.edges, [line.get_xydata() for line in axes.lines], strict=True))
    directions: dict = {}
    for (*_, wall), (start, end) in lines.items():
        x, y = end - start
        directions.setdefault(wall, []).append((x, y) if (x, y) > (0, 0) else (-x, -y))
    for steps in directions.values():
        assert all(step == pytest.approx(steps[0], abs=1e-9) for step in steps)
    assert len(directions) == len(data.walls) == 4 * width
    places = {tuple(round(v, 6) for v in point) for line in lines.values() for point in line}
    assert len(places) == graph.number_of_nodes()
    # Every node is as far from the first as there are walls between: the embedding is isometric.
    lengths = networkx.single_source_shortest_path_length(graph, next(iter(data.steps)))
    assert {node: sum(map(abs, crossed.values())) for node, crossed in data.steps.items()} == dict(lengths)


def test_quotients_and_constant_cells_are_drawn(graph):
    problem = es.Problem(es.Network([1, 2, 1], biases=[True, False]), es.Data.from_arrays([0, 1], [0, 1]))
    axes = plot_cell_graph(cell_graph(problem, modulo_permutation=True), labels=True)
    assert sum(len(points.get_offsets()) for points in axes.collections if points.get_offsets().size > 0) >= 10
    assert {text.get_text() for text in axes.texts} == set(cell_graph(problem, modulo_permutation=True))
    constant = [points for points in plot_cell_graph(graph).collections if len(points.get_offsets()) == 1]
    assert len(constant) == 1


def test_refusals(plane, along, graph):
    with pytest.raises(es.InputError, match="'risk' or by 'pattern'"):
        plot_slice(plane, fill="colour")
    with pytest.raises(es.InputError, match="at least two levels"):
        plot_slice(plane, levels=1)
    with pytest.raises(es.InputError, match="increase"):
        plot_slice(plane, levels=[2, 1])
    with pytest.raises(es.InputError, match="two points"):
        plot_profile(along, points=1)
    with pytest.raises(es.InputError, match="cell_graph"):
        plot_cell_graph(networkx.path_graph(3))
    with pytest.raises(es.InputError, match="too large"):
        plot_cell_graph(networkx.empty_graph(5001))


def test_without_matplotlib_the_extra_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(es.MissingExtraError, match=r"exactsurf\[plots\]"):
        axes_or_new(None, (1, 1))


def test_the_modules_load_without_matplotlib_and_numpy():
    names = ("slice", "graph", "profile", "tree", "barcode", "function", "network", "clarke")
    code = f"import sys, {', '.join(f'exactsurf.show.plots.{name}_plot' for name in names)}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"matplotlib", "numpy", "networkx", "flint"} & set(run.stdout.split())


def test_a_notebook_shows_axes_of_their_own(along):
    assert plot_profile(along)._repr_png_().startswith(b"\x89PNG")


def test_polygons_that_touch_have_different_colours():
    points = [3, 5, 8, 13, 21, 34]
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays(points, [0, 1, 0, 1, 0, 1]))

    def point(a, b, c, d):
        return problem.parameters(W1=[[a], [c]], b1=[b, d], W2=[[1, 1]], b2=[0])

    cells = es.Slice(problem, point(0, 1, 1, -5), point(1, 0, 1, 2), point(0, 1, -1, 0), (-9, 9, -9, 9)).cells()
    for count in (7, 1000):
        numbers = tint_numbers(cells, count)
        assert max(numbers.values()) < count and len(cells) > 21
        by_edge = {}
        for cell in cells:
            for start, end, _ in cell.polygon.edges():
                by_edge.setdefault(frozenset((start, end)), []).append(cell.pattern)
        shared = [held for held in by_edge.values() if len(held) == 2 and held[0] != held[1]]
        assert len(shared) > 30 and all(numbers[one] != numbers[other] for one, other in shared)
    assert len(set(tint_numbers(cells, 1000).values())) == len({cell.pattern for cell in cells})


def test_units_and_samples_are_counted_from_one(along):
    names = [text.get_text() for text in plot_profile(along).texts]
    first = next(wall for walls in along.walls for wall in walls)
    assert names[0].startswith(f"$h^{{({first.layer})}}_{{{first.unit + 1}}}$ on $x_{{{first.sample + 1}}}$")
