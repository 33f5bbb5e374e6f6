"""Pictures of connectivity against width: the valleys of each width, and the level above which everything is connected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.errors import InputError, check_kind
from exactsurf.show.plots.plot_axes import INK, OKABE_ITO, approximately, axes_or_new, number_texts
from exactsurf.surface.surface import Landscape
from exactsurf.theorems.constructions.connected_sublevel_sets import connectivity

if TYPE_CHECKING:
    from matplotlib.axes import Axes


_TEXT = 10  # letters, at most, of a number that is written exactly
_HALF = 0.32  # of the breadth of a column


@dataclass(frozen=True)
class WidthColumn:
    """One width of the hidden layer: `valleys`, pairs of a risk and how many valleys begin there, lowest first; `level`.

    Attributes: `width`; `valleys`, copies by the order of the units counted; `level`, above which every sublevel set is
    connected: the least risk if all are, None if some components never join.
    Exactness: exact. Source: `plot_connectivity_data`.
    """

    width: int
    valleys: tuple[tuple[Fraction, int], ...]
    level: Fraction | None


def plot_connectivity_data(lands: Sequence[Landscape]) -> tuple[WidthColumn, ...]:
    """The valleys and the level of connection of landscapes of several widths.

    Parameters: `lands`, landscapes of one problem with different widths of the hidden layer. Returns: a column for each, by
    width. Exactness: exact. Raises: `InputError` for no landscape, or two of one width. Source: theory.md, theorem B.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([1, -1], [1, 1])
    >>> networks = [es.Network([1, n, 1], es.leaky_relu("1/2"), biases=False) for n in (2, 3)]
    >>> lands = [es.landscape(es.Problem(network, data)) for network in networks]
    >>> [(one.width, one.valleys, str(one.level)) for one in es.plots.plot_connectivity_data(lands)]
    [(2, ((Fraction(0, 1), 2),), '9/10'), (3, ((Fraction(0, 1), 1),), '0')]
    """
    check_kind(lands, Iterable, "plot_connectivity", "give a list of landscapes")
    given = tuple(lands)
    for land in given:
        check_kind(land, Landscape, "plot_connectivity", "give a list of landscapes")
    columns = {}
    for land in given:
        found, births = connectivity(land), Counter[Fraction]()
        for valley in land.valleys:
            births[valley.risk] += valley.multiplicity
        if found.width in columns:
            raise InputError("two landscapes of one width", text=str(found.width), fix="give one of each width")
        level = found.least if found.is_connected else found.level
        columns[found.width] = WidthColumn(found.width, tuple(sorted(births.items())), level)
    if not columns:
        raise InputError("a picture of connectivity has at least one landscape")
    return tuple(columns[width] for width in sorted(columns))


def plot_connectivity(lands: Sequence[Landscape], *, ax: Axes | None = None) -> Axes:
    """Draw connectivity against width: for each width its valleys as ticks, and from where on all is connected as a bar.

    A tick at the risk where valleys begin says how many; the bar begins at the level above which every sublevel set is connected.
    Parameters: `lands`, as for `plot_connectivity_data`; `ax` to draw on. Returns: the axes.
    Exactness: exact numbers (see `plot_connectivity_data`), rounded for drawing only.
    Raises: as `plot_connectivity_data`; `MissingExtraError` without matplotlib. Source: Nguyen 2021; theory.md, theorem B.
    """
    columns = plot_connectivity_data(lands)
    axes = axes_or_new(ax, (1.6 + 1.3 * len(columns), 3.8))
    levels = [risk for column in columns for risk, _ in column.valleys]
    levels += [column.level for column in columns if column.level is not None]
    low, high = min(levels), max(levels)
    top = approximately(high + ((high - low) / 4 or Fraction(1)))
    text = dict(zip(levels, number_texts(levels, _TEXT), strict=True))
    for place, column in enumerate(columns):
        if column.level is not None:
            start = approximately(column.level)
            axes.bar(place, top - start, 2 * _HALF, start, color=OKABE_ITO[2], alpha=0.35, linewidth=0)
            axes.annotate(
                f"connected from {text[column.level]}", (place, start), (0, 3), textcoords="offset points",
                ha="center", va="bottom", fontsize=7, color=INK,
            )  # fmt: skip
        for risk, number in column.valleys:
            y = approximately(risk)
            axes.plot([place - _HALF, place + _HALF], [y, y], color=OKABE_ITO[1] if number > 1 else INK, linewidth=2)
            axes.annotate(
                f"{text[risk]}  ×{number}", (place + _HALF, y), (3, 0), textcoords="offset points", fontsize=7, va="center"
            )
    axes.set(xlabel="hidden units", ylabel="risk", xlim=(-0.6, len(columns) - 0.2), ylim=(None, top))
    axes.set_xticks(range(len(columns)), [str(column.width) for column in columns])
    axes.spines[["top", "right"]].set_visible(False)
    return axes
