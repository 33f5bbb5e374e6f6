"""Pictures of merge trees: the disconnectivity graph of a landscape."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from exactsurf.errors import InputError, check_kind
from exactsurf.show.plots.plot_axes import INK, OKABE_ITO, approximately, axes_or_new, number_texts
from exactsurf.surface.levels.enclosed_landscape import EnclosedLandscape
from exactsurf.surface.restricted.restricted_landscape import RestrictedLandscape
from exactsurf.surface.surface import Landscape

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from exactsurf.surface.merge_tree import TreeNode

    AnyLandscape: TypeAlias = Landscape | EnclosedLandscape | RestrictedLandscape

_TICKS = 9  # levels, at most, that are written as exact numbers
_NAMED = 24  # leaves, at most, that are numbered

MARKS = {
    "global minimum": {"marker": "o", "color": OKABE_ITO[0]},
    "spurious valley": {"marker": "v", "color": OKABE_ITO[1]},
}
"""How valleys are marked; one whose risk is only approached has a white inside."""


@dataclass(frozen=True)
class Branch:
    """A component of the sublevel sets, drawn from `low` up to `high` at the place `position`.

    `node` is its place in the merge tree, `valley` its place in `Landscape.valleys` (None if it has none of its own), `children`
    the branches that join at `low`, `copies` the number of such components in parameter space.
    """

    node: int
    valley: int | None
    position: Fraction
    low: Fraction
    high: Fraction
    copies: int
    children: tuple[int, ...]


@dataclass(frozen=True)
class TreePlotData:
    """The exact numbers of a disconnectivity graph: `branches` by node, root last, and how many valleys are left out.

    Exactness: exact. Source: `plot_tree_data`.
    """

    branches: tuple[Branch, ...]
    left_out: int


def plot_tree_data(land: AnyLandscape, *, limit: int = 60) -> TreePlotData:
    """The exact numbers that `plot_tree` draws.

    Parameters: `land`, whose levels may be enclosed: then their lower ends are drawn; `limit`, the most valleys to draw: those
    of lowest risk among the global minima, then those with the highest barrier above them. Exactness: exact.
    Raises: `InputError` for a limit below 1. Source: theory.md, theorem B.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    >>> data = plot_tree_data(es.landscape(problem))
    >>> [str(branch.low) for branch in sorted(data.branches, key=lambda b: b.position) if branch.valley is not None]
    ['1/3', '3/4', '3/4', '1']
    """
    check_kind(land, (Landscape, EnclosedLandscape, RestrictedLandscape), "plot_tree", "take es.landscape(problem)")
    if limit < 1:
        raise InputError("a picture has at least one valley", text=str(limit))
    nodes = land.merges.nodes
    ranked = sorted(range(len(land.valleys)), key=lambda k: _rank(land, k))
    kept = {land.valleys[place].node: place for place in ranked[:limit]}
    children: dict[int, tuple[int, ...]] = {}
    lowest: dict[int, tuple[Fraction, int]] = {}
    for k, node in enumerate(nodes):
        inside = sorted((child for child in node.children if child in lowest), key=lowest.__getitem__)
        if inside or k in kept:
            children[k] = tuple(inside)
            lowest[k] = min((lowest[child] for child in inside), default=(node.level, k))
    root = len(nodes) - 1
    positions = _positions(root, children)
    highest = max(node.level for node in nodes)
    margin = (highest - lowest[root][0]) / 12 or Fraction(1)
    ceiling = {child: nodes[k].level for k, inside in children.items() for child in inside}
    branches = tuple(
        _branch(k, nodes[k], kept.get(k), positions[k], ceiling.get(k, highest + margin), children[k]) for k in sorted(children)
    )
    return TreePlotData(branches, len(land.valleys) - len(kept))


def _rank(land: AnyLandscape, place: int) -> tuple[Any, ...]:
    valley = land.valleys[place]
    return (0, place) if valley.persistence is None else (1, -valley.persistence, place)


def _positions(root: int, children: dict[int, tuple[int, ...]]) -> dict[int, Fraction]:
    """Leaves at 0, 1, 2, … in the order of the tree, every other node in the middle of its children."""
    order, waiting = [], [root]
    while waiting:
        node = waiting.pop()
        order.append(node)
        waiting += reversed(children[node])
    leaves = [node for node in order if not children[node]]
    found = {leaf: Fraction(k) for k, leaf in enumerate(leaves)}
    for node in reversed(order):
        if children[node]:
            found[node] = (found[children[node][0]] + found[children[node][-1]]) / 2
    return found


def _branch(k: int, node: TreeNode, valley: int | None, position: Fraction, high: Fraction, children: tuple[int, ...]) -> Branch:
    return Branch(k, valley, position, node.level, high, node.copies, children)


def plot_tree(land: AnyLandscape, *, ax: Axes | None = None, limit: int = 60) -> Axes:
    """Draw the disconnectivity graph of a landscape: its valleys, and the levels of risk at which they join.

    A branch is a component of the sublevel set below the height at which it is cut, modulo the order of the units; ``×2`` says
    that two such components, which differ by the order of the units, lie over it, and a diamond where copies join.
    Parameters: `land`, from `landscape`; `ax` to draw on; `limit`, as in `plot_tree_data`. Returns: the axes.
    Exactness: exact numbers (see `plot_tree_data`), rounded for drawing only.
    Raises: as `plot_tree_data`; `MissingExtraError` without matplotlib. Source: Becker and Karplus 1997; theory.md, theorem B.
    """
    data = plot_tree_data(land, limit=limit)
    axes = axes_or_new(ax, (6.4, 4.4))
    known = {branch.node: branch for branch in data.branches}
    joins = False
    for branch in data.branches:
        x, low, high = (approximately(value) for value in (branch.position, branch.low, branch.high))
        axes.plot([x, x], [low, high], color=INK, linewidth=1.2, solid_capstyle="projecting", zorder=1)
        if branch.children:
            ends = [approximately(known[child].position) for child in (branch.children[0], branch.children[-1])]
            axes.plot(ends, [low, low], color=INK, linewidth=1.2, solid_capstyle="projecting", zorder=1)
        if any(known[child].copies > branch.copies for child in branch.children):
            axes.plot([x], [low], marker="D", markersize=4.5, color="white", markeredgecolor=INK, zorder=2)
            joins = True
    _mark_valleys(axes, land, data)
    _label_levels(axes, data)
    _legend(axes, land, data, joins)
    count = 1 + max(branch.position for branch in data.branches)
    axes.set(xlim=(-0.6, approximately(count) - 0.4), ylabel="risk", xlabel="valley")
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    if data.left_out:
        axes.set_title(f"{data.left_out} more valleys are not drawn", fontsize="medium", loc="left")
    return axes


def mark_of(land: AnyLandscape, place: int) -> dict[str, Any]:
    """The marker of a valley, for `Axes.plot`. Exactness: nothing is computed. Raises: nothing. Source: `MARKS`."""
    valley = land.valleys[place]
    style = MARKS["global minimum" if valley.is_global else "spurious valley"]
    inside = "white" if valley.is_attained is False else style["color"]
    return {**style, "markerfacecolor": inside, "markersize": 8, "linestyle": "none", "zorder": 3}


def _mark_valleys(axes: Axes, land: AnyLandscape, data: TreePlotData) -> None:
    leaves = [branch for branch in data.branches if branch.valley is not None]
    for branch in leaves:
        assert branch.valley is not None
        x, low = approximately(branch.position), approximately(branch.low)
        axes.plot([x], [low], **mark_of(land, branch.valley))
        if branch.copies > 1 and len(leaves) <= _NAMED:
            axes.annotate(f"×{branch.copies}", (x, low), (0, -9), textcoords="offset points", ha="center", va="top", fontsize=8)
    if len(leaves) <= _NAMED:
        axes.set_xticks([approximately(b.position) for b in leaves], [str(b.valley) for b in leaves])
        axes.tick_params(axis="x", length=0, pad=8)
    else:
        axes.set_xticks([])


def spaced_levels(data: TreePlotData, parts: int) -> list[Fraction]:
    """The levels at which branches begin, without those that are nearer to the one before than a part of the whole height.

    Parameters: `parts` of the height. Exactness: exact. Raises: nothing. Source: none.
    """
    levels = sorted({branch.low for branch in data.branches})
    span = max(branch.high for branch in data.branches) - levels[0]
    shown: list[Fraction] = []
    for level in levels:
        if not shown or level - shown[-1] >= span / parts:
            shown.append(level)
    return shown


def _label_levels(axes: Axes, data: TreePlotData) -> None:
    """Numbers at the levels, as far as they do not run into each other."""
    shown = spaced_levels(data, 24)
    if len(shown) <= _TICKS:
        axes.set_yticks([approximately(level) for level in shown], number_texts(shown, 12))
    lowest, span = shown[0], max(branch.high for branch in data.branches) - shown[0]
    axes.set_ylim(approximately(lowest - span / 10), approximately(lowest + span))


def _legend(axes: Axes, land: AnyLandscape, data: TreePlotData, joins: bool) -> None:
    from matplotlib.lines import Line2D

    entries: dict[str, Any] = {}
    for branch in data.branches:
        if branch.valley is not None:
            valley = land.valleys[branch.valley]
            name = "global minimum" if valley.is_global else "spurious valley"
            name += ", not attained" if valley.is_attained is False else ""
            entries[name] = Line2D([], [], **mark_of(land, branch.valley))
    if joins:
        entries["copies join"] = Line2D([], [], marker="D", markersize=4.5, color="white", markeredgecolor=INK)
    axes.legend(
        list(entries.values()),
        list(entries),
        loc="lower left",
        bbox_to_anchor=(0, 1.05 if data.left_out else 1),
        ncols=3,
        frameon=False,
        fontsize="small",
        borderaxespad=0.2,
    )
