"""How walls of a slice are drawn: a colour for each unit, a line style for each layer, and the legend that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from exactsurf.cells.activation_pattern import BoundaryPair
from exactsurf.cells.slice import SliceWall
from exactsurf.show.plots.plot_axes import LINE_STYLES, OKABE_ITO, unit_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WallUnit: TypeAlias = tuple[int, int]
"""(layer from 1, unit from 0); (0, output) for kinks of the loss."""

_MOST = 12  # entries of a legend, at most


def wall_unit(wall: SliceWall) -> WallUnit:
    """The unit that bends on a wall."""
    return (wall.layer, wall.unit) if isinstance(wall, BoundaryPair) else (0, wall.output)


def wall_style(unit: WallUnit) -> dict[str, Any]:
    """The style of the walls of a unit, for `Axes.plot`."""
    layer, number = unit
    if not layer:
        return {"color": "#777777", "linestyle": (0, (1, 2)), "linewidth": 1.0}
    return {
        "color": OKABE_ITO[number % len(OKABE_ITO)],
        "linestyle": LINE_STYLES[(layer - 1) % len(LINE_STYLES)],
        "linewidth": 1.6,
    }


def wall_name(unit: WallUnit, layers: int) -> str:
    """What the legend calls the walls of a unit; `layers` of weights."""
    return f"walls of {unit_label(*unit, layers)}" if unit[0] else "kinks of the loss"


def wall_legend(axes: Axes, entries: dict[str, Any]) -> None:
    """The legend above a picture, unless it would be too long."""
    if not 0 < len(entries) <= _MOST:
        return
    axes.legend(
        list(entries.values()),
        list(entries),
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=3,
        frameon=False,
        fontsize="small",
        handlelength=3,
        borderaxespad=0.2,
    )
