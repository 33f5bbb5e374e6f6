"""Pictures of the surface over a two-parameter slice in perspective: true walls as creases, contour lines on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, TypeVar

from exactsurf.arrangement.polygon import Point, Polygon
from exactsurf.cells.slice import Slice, SliceCell, SliceWall
from exactsurf.errors import InputError
from exactsurf.exact.number import Exact
from exactsurf.model.parameters import Parameters
from exactsurf.show.plots.plot_axes import INK, approximately, axes_or_new
from exactsurf.show.plots.slice_marks import SliceMark
from exactsurf.show.plots.slice_plot import plot_slice_data
from exactsurf.show.plots.surface_view import Corner, Sheet, View, bands, height_of
from exactsurf.show.plots.wall_styles import wall_legend, wall_name, wall_style, wall_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_RAMP = ("#0b2545", "#134074", "#1b6a8c", "#3f9a94", "#8dc49a", "#d9dfa4", "#f6e9c9", "#fffaf0")  # rising in lightness
_SIDES = ("#24344f", "#31456a")
_Value = TypeVar("_Value")
_STEPS = (2, 200)  # of the grid, least and most


@dataclass(frozen=True)
class SurfacePatch:
    """A convex piece of the surface.

    Attributes: `corners` (s, t), counterclockwise; `risks` at them; `walls[k]`, on which the edge from corner k to the next lies.
    Exactness: exact. Source: `plot_surface_data`.
    """

    corners: tuple[Point, ...]
    risks: tuple[Fraction, ...]
    walls: tuple[frozenset[SliceWall], ...]


@dataclass(frozen=True)
class SurfacePlotData:
    """The exact numbers of a picture of a surface: its patches, which tile the window, levels of the risk, and marks.

    Exactness: exact. Source: `plot_surface_data`.
    """

    patches: tuple[SurfacePatch, ...]
    levels: tuple[Fraction, ...]
    marks: tuple[SliceMark, ...]


def plot_surface_data(
    plane: Slice,
    *,
    levels: int | Sequence[Exact] = 18,
    grid: int = 24,
    points: Mapping[str, Parameters] | Sequence[Parameters] = (),
) -> SurfacePlotData:
    """The exact numbers that `plot_surface` draws: the cells of the slice, cut once more by a grid, with the risk at all corners.

    Parameters: as `plot_surface`. Exactness: exact. Raises: as `plot_slice_data`; `InputError` for a grid of less than 2 or more
    than 200 steps. Source: theory.md, section 1.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([-1, 1], [0, 1]))
    >>> def point(w, b, v):
    ...     return problem.parameters(W1=[[w]], b1=[b], W2=[[v]], b2=[0])
    >>> plane = es.Slice(problem, point(0, 0, 1), point(1, 0, 0), point(0, 1, 0))
    >>> data = es.plots.plot_surface_data(plane, grid=2)
    >>> len(data.patches), max(max(patch.risks) for patch in data.patches)
    (8, Fraction(5, 2))
    """
    if not _STEPS[0] <= grid <= _STEPS[1]:
        raise InputError(f"the grid of a surface has from {_STEPS[0]} to {_STEPS[1]} steps", text=str(grid))
    data = plot_slice_data(plane, levels=levels, points=points)
    patches = tuple(patch for cell in data.cells for patch in _patches(cell, plane, grid))
    return SurfacePlotData(patches, data.levels, data.marks)


def _patches(cell: SliceCell, plane: Slice, grid: int) -> list[SurfacePatch]:
    left, right, bottom, top = plane.window
    one, zero = Fraction(1), Fraction(0)
    across = [(one, zero, -(left + (right - left) * Fraction(k, grid))) for k in range(1, grid)]
    upwards = [(zero, one, -(bottom + (top - bottom) * Fraction(k, grid))) for k in range(1, grid)]
    parts: list[Polygon[SliceWall | None]] = [Polygon(cell.polygon.vertices, cell.polygon.labels)]
    for line in (*across, *upwards):
        parts = [piece for part in parts for piece in part.cut(line, None)]
    risks: dict[Point, Fraction] = {}
    for corner in {vertex for part in parts for vertex in part.vertices}:
        risks[corner] = cell.risk(plane.plane.point(corner))
    return [
        SurfacePatch(
            part.vertices,
            tuple(map(risks.__getitem__, part.vertices)),
            tuple(frozenset(wall for wall in labels if wall is not None) for labels in part.labels),
        )
        for part in parts
    ]


def plot_surface(
    plane: Slice,
    *,
    ax: Axes | None = None,
    levels: int | Sequence[Exact] = 18,
    grid: int = 24,
    points: Mapping[str, Parameters] | Sequence[Parameters] = (),
    turn: float = -35,
    tilt: float = 48,
    height: Literal["log", "risk"] = "log",
) -> Axes:
    """Draw the risk over a slice as a surface in perspective, with its true walls as creases and contour lines on it.

    Beside it `plot_slice` of the same slice is the same surface from above.
    Parameters: `plane`, a `Slice`; `ax` to draw on; `levels`, a number (dense near the lowest risk) or exact increasing values;
    `grid`, steps across the window into which cells are cut for drawing; `points` of the plane to mark, beside those that the
    slice marks itself; `turn` and `tilt`, degrees: from where it is seen, around and above; `height`, drawn logarithmically
    above the lowest risk (high rims would flatten everything else), or as it is. Returns: the axes.
    Exactness: exact numbers (see `plot_surface_data`), rounded for drawing only; patches are drawn flat.
    Raises: as `plot_surface_data`; `InputError` for a tilt that is not above 0 and below 90, and for another height;
    `MissingExtraError` without matplotlib. Source: theory.md, section 1.
    """
    if not 0 < tilt < 90:
        raise InputError("a surface is seen from above: the tilt is between 0 and 90 degrees", text=str(tilt))
    if height not in ("log", "risk"):
        raise InputError("the height of a surface is 'log' or 'risk'", text=repr(height))
    axes = axes_or_new(ax, (7.2, 6.0))
    data = plot_surface_data(plane, levels=levels, grid=grid, points=points)
    rise = height_of([approximately(risk) for patch in data.patches for risk in patch.risks], height == "log")
    sheet = Sheet(tuple(map(approximately, plane.window)), rise)
    view = View(turn, tilt)
    picture = _Picture(sheet, view, [rise(approximately(level)) for level in data.levels])
    ordered = sorted(data.patches, key=lambda patch: -view.depth(sheet.corners(patch.corners, patch.risks)))
    for patch in ordered:
        picture.add_patch(patch)
    picture.add_sides(data.patches)
    picture.draw(axes)
    _draw_marks(axes, data.marks, sheet, view)
    _name_walls(axes, data, plane.problem.network.layers)
    axes.set_aspect("equal")
    axes.autoscale_view()
    axes.set_axis_off()
    return axes


class _Picture:
    """Polygons and lines from the farthest to the nearest, as one collection."""

    def __init__(self, sheet: Sheet, view: View, levels: Sequence[float]) -> None:
        self.sheet, self.view, self.levels = sheet, view, levels
        self.shapes: list[list[tuple[float, float]]] = []
        self.faces: list[str | tuple[float, ...]] = []
        self.edges: list[str | tuple[float, ...]] = []
        self.widths: list[float] = []

    def add_patch(self, patch: SurfacePatch) -> None:
        corners = self.sheet.corners(patch.corners, patch.risks)
        light, lines = self.view.light(corners), []
        for part, share, upper in bands(corners, self.levels):
            colour = _shade(share, light)
            self._add(part, colour, colour, 0.5)
            lines += [upper] if upper else []
        for line in lines:
            self._add(line, "none", (0.03, 0.08, 0.16, 0.6), 0.5)
        for k, walls in enumerate(patch.walls):
            ends = [corners[k], corners[(k + 1) % len(corners)]]
            for unit in sorted({wall_unit(wall) for wall in walls}):
                self._add(ends, "none", wall_style(unit)["color"], 1.5)

    def add_sides(self, patches: Sequence[SurfacePatch]) -> None:
        """The sides of the block that the surface is the top of, where they face the viewer."""
        edges = [
            (ends, risks) for patch in patches for ends, risks in zip(_pairs(patch.corners), _pairs(patch.risks), strict=True)
        ]
        inner = Counter(frozenset(ends) for ends, _ in edges)
        for ends, risks in edges:
            start, end = self.sheet.corners(ends, risks)
            side = self.sheet.side(start, end)
            if inner[frozenset(ends)] > 1 or side is None:
                continue
            below = [(x, y, self.sheet.floor) for x, y, _ in (end, start)]
            if self.view.faces(side):
                tone = _SIDES[0] if side[1] else _SIDES[1]
                self._add([start, end, *below], tone, tone, 0.8)
            self._add([start, end], "none", INK, 0.8)

    def _add(self, corners: Sequence[Corner], face: str | tuple[float, ...], edge: str | tuple[float, ...], width: float) -> None:
        self.shapes.append([self.view.place(corner) for corner in corners])
        self.faces.append(face)
        self.edges.append(edge)
        self.widths.append(width)

    def draw(self, axes: Axes) -> None:
        from matplotlib.collections import PolyCollection

        shapes = PolyCollection(
            self.shapes, facecolors=self.faces, edgecolors=self.edges, linewidths=self.widths, joinstyle="round"
        )
        axes.add_collection(shapes)


def _pairs(values: Sequence[_Value]) -> list[tuple[_Value, _Value]]:
    return list(zip(values, (*values[1:], values[0]), strict=True))


def _shade(share: float, light: float) -> tuple[float, ...]:
    place = min(0.9999, max(0.0, share)) * (len(_RAMP) - 1)
    k = int(place)
    channels = [[int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)] for colour in _RAMP[k : k + 2]]
    return tuple(min(1.0, (a + (place - k) * (b - a)) * light) for a, b in zip(*channels, strict=True))


def _draw_marks(axes: Axes, marks: Sequence[SliceMark], sheet: Sheet, view: View) -> None:
    from matplotlib.patheffects import withStroke

    for mark in marks:
        (corner,) = sheet.corners([mark.place], [mark.risk])
        x, y = view.place(corner)
        axes.plot([x], [y], "o", color="white", markeredgecolor=INK, markersize=6, markeredgewidth=1.3)
        outline = [withStroke(linewidth=2.5, foreground="white")]
        axes.annotate(
            mark.name, (x, y), xytext=(6, 6), textcoords="offset points", color=INK, path_effects=outline, weight="bold"
        )


def _name_walls(axes: Axes, data: SurfacePlotData, layers: int) -> None:
    from matplotlib.lines import Line2D

    units = sorted({wall_unit(wall) for patch in data.patches for walls in patch.walls for wall in walls})
    entries = {wall_name(unit, layers): Line2D([], [], color=wall_style(unit)["color"], linewidth=1.8) for unit in units}
    wall_legend(axes, entries)
