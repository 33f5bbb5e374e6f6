"""Pictures of two-parameter slices: true walls over the level sets of the risk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Literal

from exactsurf.arrangement.polygon import Point
from exactsurf.cells.slice import Slice, SliceCell, SliceGrid, WallSegment
from exactsurf.errors import InputError, check_kind
from exactsurf.exact.number import Exact, exact
from exactsurf.model.parameters import Parameters
from exactsurf.show.plots.plot_axes import INK, approximately, axes_or_new
from exactsurf.show.plots.slice_marks import SliceMark, draw_marks, slice_marks
from exactsurf.show.plots.slice_tints import pattern_tints
from exactsurf.show.plots.wall_styles import wall_legend, wall_name, wall_style, wall_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Colormap

_RESOLUTION = 240  # points across the window at which the polynomial of a polygon is contoured
_LABELLED = 30  # polygons, at most, with their pattern written inside
_LETTER, _LINE = Fraction(1, 90), Fraction(1, 45)  # of the window: width of a letter and height of a line of a pattern


@dataclass(frozen=True)
class SlicePlotData:
    """The exact numbers of a picture of a slice: polygons with patterns and risks, wall segments, levels of the risk, marks.

    Exactness: exact. Source: `plot_slice_data`.
    """

    cells: tuple[SliceCell, ...]
    walls: tuple[WallSegment, ...]
    levels: tuple[Fraction, ...]
    marks: tuple[SliceMark, ...] = ()


def plot_slice_data(
    plane: Slice, *, levels: int | Sequence[Exact] = 14, points: Mapping[str, Parameters] | Sequence[Parameters] = ()
) -> SlicePlotData:
    """The exact numbers that `plot_slice` draws.

    The levels begin at the lowest risk at a corner or inner point of a polygon, or at a mark.
    Parameters: as `plot_slice`. Exactness: exact. Raises: as `Slice.cells` and `Slice.position`; `InputError` for fewer
    than two levels, levels that do not increase, and points outside the window. Source: theory.md, section 1.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([-1, 1], [0, 1]))
    >>> def point(w, b, v):
    ...     return problem.parameters(W1=[[w]], b1=[b], W2=[[v]], b2=[0])
    >>> data = plot_slice_data(es.Slice(problem, point(0, 0, 1), point(1, 0, 0), point(0, 1, 0)), levels=3)
    >>> len(data.cells), len(data.walls), len(data.levels)
    (4, 2, 3)
    """
    check_kind(plane, Slice, "plot_slice", "take es.Slice(problem, origin, first, second)")
    cells = plane.cells()
    places = [(cell, place) for cell in cells for place in (*cell.polygon.vertices, cell.polygon.inner_point)]
    risks = [cell.risk(plane.plane.point(place)) for cell, place in places]
    marks = slice_marks(plane, points, cells)
    risks += [mark.risk for mark in marks]
    return SlicePlotData(cells, plane.walls(cells), _levels(levels, min(risks), max(risks)), marks)


def _levels(levels: int | Sequence[Exact], low: Fraction, high: Fraction) -> tuple[Fraction, ...]:
    """Given levels, or a number of them between low and high, dense near the lowest risk."""
    if isinstance(levels, int):
        if levels < 2:
            raise InputError("a picture has at least two levels", text=str(levels))
        span = high - low or Fraction(1)
        return tuple(low + span * Fraction(k * k, (levels - 1) ** 2) for k in range(levels))
    found = tuple(exact(value, f"level {k}") for k, value in enumerate(levels))
    if len(found) < 2 or list(found) != sorted(set(found)):
        raise InputError("levels of the risk increase, and there are at least two", text=str(levels))
    return found


def plot_slice(
    plane: Slice,
    *,
    ax: Axes | None = None,
    fill: Literal["risk", "pattern"] = "risk",
    levels: int | Sequence[Exact] = 14,
    labels: bool | None = None,
    grid: int | None = None,
    points: Mapping[str, Parameters] | Sequence[Parameters] = (),
) -> Axes:
    """Draw a slice: its walls at their true places, over the level sets of the risk.

    Every polygon is contoured with its own polynomial, so that level lines bend exactly at walls. Walls are coloured by
    unit, with a line style for each layer; kinks of the loss are grey and dotted.
    Parameters: `plane`, a `Slice`; `ax` to draw on; `fill` polygons by risk or by pattern; `levels`, a number (dense near
    the lowest risk) or exact increasing values; `labels`, whether patterns are written into the larger polygons (one unit a
    line; by default if there are few); `grid`, a number of steps: draw a slice of any kind from exact values on a
    grid instead, with walls interpolated between them and marked as not exact; `points` of the plane to mark, by name or
    in a row (A, B, …), beside those that the slice marks itself, each with an arrow for the steepest way down in every polygon
    that touches it (none on a grid): a minimum of the plane has no arrow. Returns: the axes.
    Exactness: exact numbers (see `plot_slice_data`), rounded for drawing only; level lines are traced on a fine grid.
    Raises: as `plot_slice_data`; `MissingExtraError` without matplotlib. Source: theory.md, section 1.
    """
    check_kind(plane, Slice, "plot_slice", "take es.Slice(problem, origin, first, second)")
    if fill not in ("risk", "pattern"):
        raise InputError("a slice is filled by 'risk' or by 'pattern'", text=repr(fill))
    axes = axes_or_new(ax, (6.4, 5.2))
    left, right, bottom, top = (approximately(value) for value in plane.window)
    axes.set(xlim=(left, right), ylim=(bottom, top), xlabel="s", ylabel="t")
    if grid is not None:
        marks = slice_marks(plane, points)
        _draw_grid(axes, plane.grid(grid), plane, levels, marks)
        draw_marks(axes, marks, plane.window)
        return axes
    data = plot_slice_data(plane, levels=levels, points=points)
    _draw_cells(axes, data, plane, fill)
    _draw_walls(axes, data.walls, plane.problem.network.layers)
    if labels or (labels is None and len(data.cells) <= _LABELLED):
        _write_patterns(axes, data.cells, plane)
    draw_marks(axes, data.marks, plane.window)
    return axes


def _draw_cells(axes: Axes, data: SlicePlotData, plane: Slice, fill: str) -> None:
    import numpy as np
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import BoundaryNorm
    from matplotlib.patches import Polygon as Patch

    levels = [approximately(value) for value in data.levels]
    colours = _colours()

    def norm() -> BoundaryNorm:
        # One for each contour: a shared one would tell all earlier contours of every new one.
        return BoundaryNorm(levels, colours.N, extend="both")

    tints = pattern_tints(data.cells) if fill == "pattern" else {}
    left, right, bottom, top = (approximately(value) for value in plane.window)
    for cell in data.cells:
        corners = np.array([[approximately(value) for value in point] for point in cell.polygon.vertices])
        tint = tints.get(cell.pattern, "none")
        patch = axes.add_patch(Patch(corners, closed=True, facecolor=tint, edgecolor="none", zorder=0))
        (low_s, low_t), (high_s, high_t) = corners.min(axis=0), corners.max(axis=0)
        across = np.linspace(low_s, high_s, 8 + ceil(_RESOLUTION * (high_s - low_s) / (right - left)))
        upwards = np.linspace(low_t, high_t, 8 + ceil(_RESOLUTION * (high_t - low_t) / (top - bottom)))
        s, t = np.meshgrid(across, upwards)
        risk = sum((approximately(c) * s**a * t**b for (a, b), c in cell.risk.items()), np.zeros_like(s))
        if fill == "risk":
            filled = axes.contourf(
                s, t, risk, levels=levels, norm=norm(), cmap=colours, extend="both", zorder=0, antialiased=False
            )
            filled.set_clip_path(patch)
        if any(risk.min() < level < risk.max() for level in levels):
            lines = axes.contour(s, t, risk, levels=levels, linewidths=0.6, zorder=1, colors=INK, alpha=0.45)
            lines.set_clip_path(patch)
    if fill == "risk":
        _draw_bar(axes, ScalarMappable(norm=norm(), cmap=colours), levels)


def _draw_bar(axes: Axes, scale: ScalarMappable, levels: Sequence[float]) -> None:
    if axes.figure is None:
        return
    bar = axes.figure.colorbar(scale, ax=axes, label="risk", pad=0.02)
    shown = levels[:: max(1, len(levels) // 7)]
    bar.set_ticks(shown, labels=[f"{level:.3g}" for level in shown])
    bar.minorticks_off()


def _colours() -> Colormap:
    """Pale colours, so that walls stand out."""
    import numpy as np
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap

    return ListedColormap(0.45 + 0.55 * colormaps["cividis"](np.linspace(0, 1, 256)))


def _draw_walls(axes: Axes, walls: Sequence[WallSegment], layers: int) -> None:
    from matplotlib.lines import Line2D

    units = []
    for segment in walls:
        ends = [[approximately(point[k]) for point in (segment.start, segment.end)] for k in (0, 1)]
        held = list(dict.fromkeys(sorted(map(wall_unit, segment.walls), reverse=True)))
        if held[0][0]:
            axes.plot(*ends, color="white", linewidth=3.0, solid_capstyle="butt", zorder=2)
        for unit in held:
            axes.plot(*ends, zorder=3 + unit[0] / 100, solid_capstyle="butt", dash_capstyle="butt", **wall_style(unit))
        units += held
    shown = sorted(set(units))
    entries = {wall_name(unit, layers): Line2D([], [], **wall_style(unit)) for unit in shown}
    wall_legend(axes, entries)


def _write_patterns(axes: Axes, cells: Sequence[SliceCell], plane: Slice) -> None:
    from matplotlib.patheffects import withStroke

    left, right, bottom, top = plane.window
    for cell in cells:
        lines = ["".join("|" if k is None else str(k) for k in unit) for layer in cell.pattern.pieces for unit in layer]
        half_width = (right - left) * _LETTER * max(map(len, lines), default=0) / 2
        half_height = (top - bottom) * _LINE * len(lines) / 2
        s, t = cell.polygon.inner_point
        corners = [(s + a * half_width, t + b * half_height) for a in (-1, 1) for b in (-1, 1)]
        if all(_is_left(start, end, corner) for start, end, _ in cell.polygon.edges() for corner in corners):
            axes.text(
                approximately(s),
                approximately(t),
                "\n".join(lines),
                ha="center",
                va="center",
                fontsize=6.5,
                color=INK,
                family="monospace",
                path_effects=[withStroke(linewidth=1.5, foreground="white", alpha=0.7)],
                zorder=5,
            )


def _is_left(start: Point, end: Point, point: Point) -> bool:
    """Whether a point is left of the line from start to end."""
    return (end[0] - start[0]) * (point[1] - start[1]) > (end[1] - start[1]) * (point[0] - start[0])


def _draw_grid(axes: Axes, values: SliceGrid, plane: Slice, levels: int | Sequence[Exact], marks: Sequence[SliceMark]) -> None:
    import numpy as np
    from matplotlib.colors import BoundaryNorm
    from matplotlib.lines import Line2D

    s, t = np.meshgrid(*([approximately(value) for value in ticks] for ticks in (values.s, values.t)))
    risks = [risk for row in values.risks for risk in row] + [mark.risk for mark in marks]
    bounds = [approximately(value) for value in _levels(levels, min(risks), max(risks))]
    risk = np.array([[approximately(value) for value in row] for row in values.risks])
    norm = BoundaryNorm(bounds, 256, extend="both")
    _draw_bar(axes, axes.contourf(s, t, risk, levels=bounds, norm=norm, cmap=_colours(), extend="both"), bounds)
    names = {}
    for layer, width in enumerate(plane.problem.network.widths[1:-1], start=1):
        for unit in range(width):
            style = wall_style((layer, unit))
            for sample in range(len(plane.problem.data)):
                z = np.array([[approximately(point[layer - 1][unit][sample]) for point in row] for row in values.pre_activations])
                for breakpoint in map(approximately, plane.problem.network.activation.breakpoints):
                    if z.min() < breakpoint < z.max():
                        axes.contour(
                            s,
                            t,
                            z,
                            levels=[breakpoint],
                            colors=[style["color"]],
                            linestyles=[style["linestyle"]],
                            linewidths=1.3,
                        )
                        names[wall_name((layer, unit), plane.problem.network.layers)] = Line2D([], [], **style)
    wall_legend(axes, names)
    axes.text(
        0.01, 0.01, "walls interpolated on a grid, not exact", transform=axes.transAxes, fontsize="small", color=INK,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 2},
    )  # fmt: skip
