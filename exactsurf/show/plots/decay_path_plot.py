"""Pictures of landscapes along the weight decay: the levels of valleys by its factor, and how many there are."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.errors import check_kind
from exactsurf.show.plots.plot_axes import INK, OKABE_ITO, approximately, axes_or_new
from exactsurf.surface.levels.decay_path import DecayPath

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class DecayPathData:
    """The exact numbers that `plot_decay_path` draws.

    `spurious`, pairs of a factor and the lower end of a valley; `least`, those of global minima; `counts`, pairs of a factor and
    the number of valleys; `changes`, the brackets. Exactness: lower ends, exactly. Source: `plot_decay_path_data`.
    """

    spurious: tuple[tuple[Fraction, Fraction], ...]
    least: tuple[tuple[Fraction, Fraction], ...]
    counts: tuple[tuple[Fraction, int], ...]
    changes: tuple[tuple[Fraction, Fraction], ...]


def plot_decay_path_data(path: DecayPath) -> DecayPathData:
    """The numbers that `plot_decay_path` draws.

    Parameters: `path`. Exactness: lower ends of levels, exactly. Raises: nothing. Source: proofs/enclosed_levels.md.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    >>> plot_decay_path_data(es.decay_path(problem, ["1/10", 1], bracket="1/2")).least[0]
    (Fraction(1, 10), Fraction(37, 75))
    """
    check_kind(path, DecayPath, "plot_decay_path", "take es.decay_path(problem, factors)")
    pairs = list(zip(path.factors, path.landscapes, strict=True))
    return DecayPathData(
        tuple((factor, v.risk.low) for factor, land in pairs for v in land.valleys if v.is_spurious),
        tuple((factor, land.global_minimum.risk.low) for factor, land in pairs),
        tuple((factor, len(land.valleys)) for factor, land in pairs),
        tuple((change.low, change.high) for change in path.changes),
    )


def plot_decay_path(path: DecayPath, *, ax: Axes | None = None) -> Axes:
    """Draw the levels of all valleys by the factor of the weight decay; above, how many valleys there are.

    Parameters: `path`, from `decay_path`; `ax` to draw on. Returns: the axes. Where the number of valleys changes a band is grey.
    Exactness: exact numbers (see `plot_decay_path_data`), rounded for drawing only. Raises: `MissingExtraError` without
    matplotlib. Source: proofs/enclosed_levels.md.
    """
    data = plot_decay_path_data(path)
    axes = axes_or_new(ax, (6.4, 4.4))
    for low, high in data.changes:
        axes.axvspan(approximately(low), approximately(high), color=INK, alpha=0.12, linewidth=0)
    xs, ys = ([approximately(pair[k]) for pair in data.spurious] for k in (0, 1))
    axes.plot(xs, ys, linestyle="none", marker="v", markersize=5, color=OKABE_ITO[1], label="spurious valley")
    xs, ys = ([approximately(pair[k]) for pair in data.least] for k in (0, 1))
    axes.plot(xs, ys, marker="o", markersize=5, linewidth=1, color=OKABE_ITO[0], label="global minimum")
    top = axes.get_xaxis_transform()
    shown = None
    for factor, count in data.counts:
        if count != shown:
            axes.text(approximately(factor), 1.01, str(count), transform=top, ha="center", va="bottom", fontsize=8)
        shown = count
    axes.set(xscale="log", xlabel="weight decay λ", ylabel="risk of valleys (their number above)")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize="small")
    return axes
