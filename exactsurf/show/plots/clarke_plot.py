"""Pictures of the Clarke subdifferential: its projection to the plane of two parameters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.arrangement.polygon import Point as PlanePoint
from exactsurf.cells.coordinates import weight_names
from exactsurf.effort import AnyEffort, Effort
from exactsurf.errors import InputError, UnsupportedError, check_kind, nearest
from exactsurf.minima.local.limiting_gradients import limiting_cones
from exactsurf.minima.local.tangent_fan import TangentFan
from exactsurf.model.needed_problem import check_problem
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem
from exactsurf.show.plots.plot_axes import INK, OKABE_ITO, approximately, axes_or_new

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class ClarkePlotData:
    """A projected Clarke subdifferential: `gradients`, the projected limits of gradients, and `hull`, the corners of their
    convex hull counterclockwise (one point or two for a degenerate one). `has_zero`: whether 0 is in the hull.
    Exactness: exact. Source: `plot_clarke_data`.
    """

    coordinates: tuple[str, str]
    gradients: tuple[PlanePoint, ...]
    hull: tuple[PlanePoint, ...]
    has_zero: bool


def plot_clarke_data(
    problem: Problem, parameters: Parameters, coordinates: Sequence[str], *, effort: AnyEffort = None
) -> ClarkePlotData:
    """The exact numbers that `plot_clarke` draws.

    Parameters: `parameters` of the network of `problem`, of any depth; `coordinates`, two names as in `weight_names`, such as
    ``("W1_0_0", "b1_0")``; `effort`, whose `fan` bounds the tangent cones to list.
    Returns: the projection of the whole subdifferential.
    If 0 is not in it, the point is not Clarke stationary; the converse does not hold.
    Exactness: exact. Raises: `InputError` for unknown or equal names; `UnsupportedError` for more cones, and where walls above
    the first layer touch, so that not all limits of gradients are known. Source: Clarke 1983; theory.md, section 6.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([1], [0]), loss="absolute")
    >>> data = plot_clarke_data(problem, problem.parameters(W1=[[0]], b1=[0]), ("W1_0_0", "b1_0"))
    >>> [tuple(map(str, point)) for point in data.hull], data.has_zero
    ([('-1', '-1'), ('1', '1')], True)
    """
    check_kind(coordinates, Iterable, "plot_clarke", "give two names of parameters")
    check_problem(problem, "plot_clarke")
    names = weight_names(problem.network)
    for name in coordinates:
        if name not in names:
            raise InputError(
                "no such parameter", text=str(name), fix=f"{nearest(str(name), names)}names are {', '.join(names[:8])}"
            )
    if len(coordinates) != 2 or coordinates[0] == coordinates[1]:
        raise InputError("a plane needs two different coordinates", text=str(tuple(coordinates)))
    fan = TangentFan(Point(problem, parameters))
    first, second = (names.index(name) for name in coordinates)
    gradients: set[PlanePoint] = set()
    for cone in limiting_cones(fan, effort=Effort.of(effort).started()):
        if not cone.is_limit or not cone.is_transversal:
            raise UnsupportedError(
                "walls above the first layer touch at this point, so not all limits of gradients are known",
                "ask stationarity(problem, parameters) for a verdict",
            )
        gradients.add((cone.gradient[first], cone.gradient[second]))
    hull = _hull(sorted(gradients))
    return ClarkePlotData((coordinates[0], coordinates[1]), tuple(sorted(gradients)), hull, _holds_zero(hull))


def _turn(a: PlanePoint, b: PlanePoint, c: PlanePoint) -> Fraction:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _hull(points: Sequence[PlanePoint]) -> tuple[PlanePoint, ...]:
    """Andrew's monotone chain; `points` are sorted and different."""
    if len(points) < 3:
        return tuple(points)
    chains = []
    for ordered in (points, points[::-1]):
        chain: list[PlanePoint] = []
        for point in ordered:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
                chain.pop()
            chain.append(point)
        chains.append(chain[:-1])
    return (*chains[0], *chains[1])


def _holds_zero(hull: Sequence[PlanePoint]) -> bool:
    zero = (Fraction(0), Fraction(0))
    if len(hull) < 3:
        first, last = hull[0], hull[-1]
        inside = first[0] * last[0] + first[1] * last[1] <= 0
        return _turn(first, last, zero) == 0 and inside if first != last else first == zero
    return all(_turn(a, b, zero) >= 0 for a, b in zip(hull, [*hull[1:], hull[0]], strict=True))


def plot_clarke(
    problem: Problem, parameters: Parameters, coordinates: Sequence[str], *, ax: Axes | None = None, effort: AnyEffort = None
) -> Axes:
    """Draw the Clarke subdifferential at a point, projected to the plane of two parameters.

    Points are limits of gradients, the polygon is their convex hull, and a cross marks 0.
    Parameters: as `plot_clarke_data`; `ax` to draw on. Returns: the axes.
    Exactness: exact numbers (see `plot_clarke_data`), rounded for drawing only.
    Raises: as `plot_clarke_data`; `MissingExtraError` without matplotlib. Source: Clarke 1983.
    """
    data = plot_clarke_data(problem, parameters, coordinates, effort=effort)
    axes = axes_or_new(ax, (5.0, 4.4))
    from matplotlib.patches import Polygon as Patch

    def drawn(points: Sequence[PlanePoint]) -> list[tuple[float, float]]:
        return [(approximately(x), approximately(y)) for x, y in points]

    if len(data.hull) > 2:
        axes.add_patch(Patch(drawn(data.hull), closed=True, facecolor="#CFE3F1", edgecolor=OKABE_ITO[0], linewidth=1.4, zorder=1))
    else:
        axes.plot(*zip(*drawn(data.hull), strict=True), color=OKABE_ITO[0], linewidth=2.5, zorder=1)
    axes.plot(
        *zip(*drawn(data.gradients), strict=True),
        marker="o",
        color=OKABE_ITO[0],
        markeredgecolor=INK,
        markersize=5,
        linestyle="none",
        zorder=3,
        label="limits of gradients",
    )
    words = "0, in the projection" if data.has_zero else "0, not in the projection: not stationary"
    axes.plot(
        [0], [0], marker="X", color=OKABE_ITO[1], markeredgecolor="white", markersize=11, linestyle="none", zorder=4, label=words
    )
    axes.set(xlabel=f"∂/∂{data.coordinates[0]}", ylabel=f"∂/∂{data.coordinates[1]}")
    axes.margins(0.12)
    # Where all gradients agree in a coordinate, the scale of that axis is free.
    for axis, limits in ((0, axes.set_xlim), (1, axes.set_ylim)):
        if len({Fraction(0), *(point[axis] for point in data.gradients)}) == 1:
            limits(-1, 1)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), frameon=False, fontsize="small", borderaxespad=0.2)
    axes.spines[["top", "right"]].set_visible(False)
    return axes
