"""Pictures of one-parameter profiles: the risk along a line, with its walls."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from exactsurf.cells.parameter_slice import LossKink
from exactsurf.cells.profile import Profile
from exactsurf.cells.slice import SliceWall
from exactsurf.errors import InputError, check_kind
from exactsurf.exact.number import to_text
from exactsurf.exact.real_roots import RealRoot
from exactsurf.model.problem import Problem
from exactsurf.show.plots.plot_axes import INK, OKABE_ITO, approximately, axes_or_new, unit_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_NAMED = 10  # kinks, at most, with their walls written at the top
_WALLS = 2  # of a kink, at most, that are written

Points: TypeAlias = tuple[tuple[Fraction, Fraction], ...]


@dataclass(frozen=True)
class ProfilePlotData:
    """The exact numbers of a picture of a profile: for every piece points (t, risk), and the kinks with their walls.

    The ends of a piece that are no rational numbers stand there rounded down to the end of a narrow enclosure; the
    polynomial of the piece is taken there. Exactness: exact but for such ends. Source: `plot_profile_data`.
    """

    pieces: tuple[Points, ...]
    kinks: tuple[tuple[RealRoot, tuple[SliceWall, ...]], ...]


def plot_profile_data(profile: Profile, *, points: int = 60) -> ProfilePlotData:
    """The exact numbers that `plot_profile` draws.

    Parameters: `profile`; `points` ≥ 2 for each piece, its ends among them. Exactness: exact values of the polynomial of the
    piece. Raises: `InputError` for fewer points. Source: theory.md, section 1.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, 2]))
    >>> base = problem.parameters(W1=[[1]], b1=[-1], W2=[[1]], b2=[0])
    >>> line = es.profile(problem, base, problem.parameters(W1=[[0]], b1=[1], W2=[[0]], b2=[0]), (-1, 1))
    >>> [[(str(t), str(risk)) for t, risk in piece] for piece in plot_profile_data(line, points=2).pieces]
    [[('-1', '5/2'), ('0', '1')], [('0', '1'), ('1', '0')]]
    """
    check_kind(profile, Profile, "plot_profile", "take es.profile(problem, start, end)")
    if points < 2:
        raise InputError("a piece is drawn from two points on", text=str(points))
    found = []
    for piece in profile.pieces:
        start, stop = (end.narrowed(Fraction(1, 10**9)).low for end in (piece.start, piece.stop))
        places = [start + (stop - start) * Fraction(k, points - 1) for k in range(points)]
        found.append(tuple((t, piece.risk({"t": t})) for t in places))
    return ProfilePlotData(tuple(found), tuple(zip(profile.kinks, profile.walls, strict=True)))


def plot_profile(profile: Profile, *, ax: Axes | None = None, points: int = 60) -> Axes:
    """Draw the risk along a line: one smooth arc for every piece, a thin line at every wall.

    Up to ten walls are named at the top, units and samples counted from 1: ``h₁ on x₃`` is the wall of unit 1 and sample 3.
    Parameters: `profile`; `ax` to draw on; `points` for each piece. Returns: the axes.
    Exactness: exact numbers (see `plot_profile_data`), rounded for drawing only.
    Raises: as `plot_profile_data`; `MissingExtraError` without matplotlib. Source: theory.md, section 1.
    """
    axes = axes_or_new(ax, (6.4, 3.8))
    data = plot_profile_data(profile, points=points)
    for k, piece in enumerate(data.pieces):
        axes.plot(*zip(*[(approximately(t), approximately(risk)) for t, risk in piece], strict=True), color=OKABE_ITO[k % 2])
    left, right = (approximately(data.pieces[k][k][0]) for k in (0, -1))
    written = left - right  # where the last name stands; the next one keeps clear of it
    for (place, walls), after in zip(data.kinks, data.pieces[1:], strict=True):
        t = approximately(place)
        axes.axvline(t, color="#999999", linewidth=0.7, linestyle=(0, (4, 3)), zorder=0)
        axes.plot([t], [approximately(after[0][1])], marker="o", markersize=4, color="white", markeredgecolor=INK, zorder=3)
        if len(data.kinks) <= _NAMED:
            written = max(t, written + 0.035 * (right - left))
            more = f" +{len(walls) - _WALLS}" if len(walls) > _WALLS else ""
            axes.annotate(
                ", ".join(_name(wall, profile.problem) for wall in walls[:_WALLS]) + more,
                (t, 1),
                (written, 1.05),
                xycoords=axes.get_xaxis_transform(),
                rotation=60,
                rotation_mode="anchor",
                fontsize=7,
                color=INK,
                arrowprops={"arrowstyle": "-", "color": "#999999", "linewidth": 0.5, "shrinkA": 0, "shrinkB": 0},
            )
    axes.set(xlabel="t", ylabel="risk", xlim=(left, right))
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def _name(wall: SliceWall, problem: Problem) -> str:
    sample = f"$x_{{{wall.sample + 1}}}$"
    if isinstance(wall, LossKink):
        return f"loss on {sample}"
    at = f" = {to_text(wall.breakpoint)}" if wall.breakpoint else ""
    return f"{unit_label(wall.layer, wall.unit, problem.network.layers)} on {sample}{at}"
