"""Pictures of cell graphs: crossing one wall is always a step in the same direction, so its edges are parallel."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from fractions import Fraction
from math import cos, pi, sin
from typing import TYPE_CHECKING, Any, TypeAlias

from exactsurf.errors import InputError
from exactsurf.show.plots.plot_axes import INK, LINE_STYLES, OKABE_ITO, axes_or_new, unit_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from exactsurf.cells.cell_graph import CellGraph

_LABELLED = 24  # nodes, at most, with their pattern beside them
_LARGEST = 5_000  # nodes, at most, of a picture
_SMALL = 150  # nodes, at most, that are drawn large, with strong lines

WallKey: TypeAlias = tuple[int, tuple[int, ...], tuple[Fraction, ...]]


@dataclass(frozen=True)
class CellGraphPlotData:
    """What a picture of a cell graph shows, without rounding.

    `steps[node]` are the walls that separate the node from the first one, with ±1 for the direction in which they are
    crossed; `walls` are all of them, in the order in which a longest shortest path crosses them first.
    Exactness: exact. Source: `plot_cell_graph_data`.
    """

    steps: dict[str, dict[WallKey, int]]
    walls: tuple[WallKey, ...]
    edges: tuple[tuple[str, str, WallKey], ...]


def plot_cell_graph_data(graph: CellGraph) -> CellGraphPlotData:
    """The combinatorial data that `plot_cell_graph` draws.

    Parameters: `graph`, connected, from `cell_graph`. Exactness: exact. Raises: `InputError` for a graph that is not from
    `cell_graph` or is larger than 5,000 nodes. Source: cells and walls embed the graph isometrically into a cube.

    >>> import exactsurf as es
    >>> graph = es.cell_graph(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [0, 1])))
    >>> data = plot_cell_graph_data(graph)
    >>> len(data.steps), len(data.walls), len(data.edges)
    (4, 2, 4)
    """
    if not hasattr(graph, "number_of_nodes"):
        raise InputError("plot_cell_graph needs a graph", text=repr(graph), fix="take es.cell_graph(problem)")
    if graph.number_of_nodes() > _LARGEST:
        raise InputError(
            f"a graph of {graph.number_of_nodes()} nodes is too large for a picture (at most {_LARGEST})",
            fix="draw the graph of one unit, or write it to a file with write_graph",
        )
    if not graph or any(not {"unit", "samples", "breakpoints", "below"} <= set(data) for *_, data in graph.edges(data=True)):
        raise InputError("not a graph of cells with their walls", fix="build it with cell_graph(problem)")
    first = next(iter(graph))
    far = _walk(graph, first)[-1][0]
    order = _walk(graph, far)
    parents = {node: (parent, wall) for node, parent, wall, _ in order}
    path, node = [], order[-1][0]
    while node != far:
        node, wall = parents[node]
        path.append(wall)
    edges = tuple((a, b, _key(data)) for a, b, data in graph.edges(data=True))
    steps: dict[str, dict[WallKey, int]] = {}
    for node, parent, wall, sign in order:
        steps[node] = dict(steps.get(parent, {}))
        if wall is not None:
            steps[node][wall] = steps[node].get(wall, 0) + sign
    walls = dict.fromkeys([wall for wall in reversed(path) if wall is not None])
    return CellGraphPlotData(steps, tuple(dict.fromkeys([*walls, *(wall for *_, wall in edges)])), edges)


def _key(data: dict[str, Any]) -> WallKey:
    return data["unit"], data["samples"], data["breakpoints"]


def _walk(graph: CellGraph, root: str) -> list[tuple[str, str, WallKey | None, int]]:
    """(node, parent, wall between them, +1 if it is crossed upwards) in breadth-first order."""
    found: list[tuple[str, str, WallKey | None, int]] = [(root, root, None, 0)]
    seen, waiting = {root}, deque([root])
    while waiting:
        node = waiting.popleft()
        for other, data in graph.adj[node].items():
            if other not in seen:
                seen.add(other)
                waiting.append(other)
                found.append((other, node, _key(data), 1 if data["below"] == node else -1))
    return found


def plot_cell_graph(graph: CellGraph, *, ax: Axes | None = None, labels: bool | None = None) -> Axes:
    """Draw a cell graph: cells as points, shared facets as lines, parallel where they lie on the same wall.

    Points are coloured by the number of active pairs, and square where the risk is constant; lines are coloured by unit.
    Parameters: `graph`, from `cell_graph`; `ax` to draw on; `labels`, whether the patterns stand beside the points (by
    default if there are few). Returns: the axes. Exactness: the picture is a projection of the embedding in
    `plot_cell_graph_data`; modulo permutation, where no such embedding exists, points are placed along shortest paths.
    Raises: as `plot_cell_graph_data`; `MissingExtraError` without matplotlib. Source: see `plot_cell_graph_data`.
    """
    axes = axes_or_new(ax, (6.4, 5.2))
    from matplotlib.lines import Line2D

    data = plot_cell_graph_data(graph)
    count = len(data.walls)
    # Lengths that differ a little keep points apart that a regular polygon of directions would put on one place.
    reach = {wall: 1 - 0.25 * ((0.618 * k) % 1) for k, wall in enumerate(data.walls)}
    arrows = {wall: (cos(pi * k / count), sin(pi * k / count)) for k, wall in enumerate(data.walls)}
    signs = _rising(data)
    places = {
        node: tuple(sum(signs[w] * n * reach[w] * arrows[w][axis] for w, n in crossed.items()) for axis in (0, 1))
        for node, crossed in data.steps.items()
    }
    styles = {wall[0]: {"color": OKABE_ITO[wall[0] % 7], "linestyle": LINE_STYLES[wall[0] % 4]} for wall in data.walls}
    small = graph.number_of_nodes() <= _SMALL
    # Thousands of lines at full strength are a blot; fainter ones show how they gather.
    faint = 0.8 if small else max(0.08, 0.8 * _SMALL / graph.number_of_nodes())
    for a, b, wall in data.edges:
        ends = zip(places[a], places[b], strict=True)
        axes.plot(*ends, linewidth=1.1 if small else 0.5, alpha=faint, zorder=1, **styles[wall[0]])
    active: dict[str, int] = {node: held["active_pairs"] for node, held in graph.nodes(data=True)}
    for constant, marker in ((False, "o"), (True, "s")):
        chosen = [node for node, held in graph.nodes(data=True) if held["risk_constant"] == constant]
        if chosen:
            axes.scatter(
                [places[node][0] for node in chosen],
                [places[node][1] for node in chosen],
                c=[active[node] for node in chosen],
                vmin=min(active.values()),
                vmax=max(active.values()),
                cmap="cividis",
                marker=marker,
                s=44 if small else max(4, 30 * _SMALL // graph.number_of_nodes()),
                edgecolors=INK,
                linewidths=0.7 if small else 0.2,
                zorder=2,
            )
    _finish(
        axes,
        graph,
        places,
        labels,
        {f"walls of {unit_label(1, u, 2)}": Line2D([], [], **styles[u]) for u in sorted(styles)},
        active,
    )
    return axes


def _rising(data: CellGraphPlotData) -> dict[WallKey, int]:
    """For every wall the direction in which it is crossed on the way from the first node: drawn upwards."""
    found: dict[WallKey, int] = {}
    for crossed in data.steps.values():
        for wall, sign in crossed.items():
            if sign:
                found.setdefault(wall, 1 if sign > 0 else -1)
    return {wall: found.get(wall, 1) for wall in data.walls}


def _finish(
    axes: Axes,
    graph: CellGraph,
    places: dict[str, tuple[float, ...]],
    labels: bool | None,
    entries: dict[str, Any],
    active: dict[str, int],
) -> None:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize
    from matplotlib.patheffects import withStroke
    from matplotlib.ticker import MaxNLocator

    if labels or (labels is None and len(places) <= _LABELLED):
        for node, (x, y) in places.items():
            halo = [withStroke(linewidth=2, foreground="white")]
            axes.annotate(
                node, (x, y), xytext=(6, 4), textcoords="offset points", fontsize=7, family="monospace", path_effects=halo
            )
    if 1 < len(entries) <= 7:
        axes.legend(list(entries.values()), list(entries), frameon=False, fontsize="small", loc="upper left")
    if axes.figure is not None:
        scale = ScalarMappable(Normalize(min(active.values()), max(active.values())), cmap="cividis")
        bar = axes.figure.colorbar(scale, ax=axes, label="active pairs", pad=0.02, shrink=0.7)
        bar.locator = MaxNLocator(integer=True)
        bar.update_ticks()
    axes.set_title(f"{graph.number_of_nodes()} cells, {graph.number_of_edges()} shared facets", fontsize="medium")
    axes.set_aspect("equal")
    axes.margins(0.1)
    axes.set_axis_off()
