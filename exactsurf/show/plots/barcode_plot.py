"""Pictures of barcodes: at which risk the components of the sublevel sets are born, and at which they join older ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.errors import InputError, check_kind
from exactsurf.show.plots.plot_axes import INK, OKABE_ITO, approximately, axes_or_new, number_texts
from exactsurf.surface.surface import Landscape

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from exactsurf.surface.merge_tree import MergeTree

_TEXT = 12  # letters, at most, of an end of a bar that is written exactly
_WRITTEN = 20  # bars, at most, with their ends beside them
_NAMES = ("never ends", "born at the global minimum", "born higher")
_COLOURS = dict(zip(_NAMES, (OKABE_ITO[0], OKABE_ITO[2], OKABE_ITO[1]), strict=True))


@dataclass(frozen=True)
class Bar:
    """`multiplicity` components that are born at `birth` and join older or equally old ones at `death` (None: never).

    Exactness: exact. Source: `plot_barcode_data`.
    """

    birth: Fraction
    death: Fraction | None
    multiplicity: int


def plot_barcode_data(land: Landscape) -> tuple[Bar, ...]:
    """The barcode of a landscape: the persistence diagram in degree 0 of the sublevel sets, on the whole parameter space.

    Parameters: `land`. Returns: different bars with multiplicities, by birth, longest first. Where several components join,
    an oldest one goes on. Exactness: exact.
    Raises: nothing. Source: Edelsbrunner, Letscher and Zomorodian, "Topological persistence and simplification", 2002.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    >>> [(str(bar.birth), str(bar.death)) for bar in plot_barcode_data(es.landscape(problem))]
    [('1/3', 'None'), ('3/4', '11/8'), ('3/4', '9/11'), ('1', '12/11')]
    """
    check_kind(land, Landscape, "plot_barcode", "take es.landscape(problem)")
    bars = _bars(land.merges)
    longest_first = sorted(bars.items(), key=lambda item: (item[0][0], item[0][1] is not None, -(item[0][1] or item[0][0])))
    return tuple(Bar(birth, death, count) for (birth, death), count in longest_first)


def _bars(tree: MergeTree) -> Counter[tuple[Fraction, Fraction | None]]:
    found: Counter[tuple[Fraction, Fraction | None]] = Counter()
    oldest: list[Fraction] = []
    for node in tree.nodes:
        born = min((oldest[child] for child in node.children), default=node.level)
        oldest.append(born)
        for child in node.children:
            found[oldest[child], node.level] += tree.nodes[child].copies
        if node.children:
            # One oldest component of each copy goes on.
            found[born, node.level] -= node.copies
    found[oldest[-1], None] += tree.nodes[-1].copies
    return +found


def plot_barcode(land: Landscape, *, ax: Axes | None = None, limit: int = 60) -> Axes:
    """Draw the barcode of a landscape: one bar for every component of the sublevel sets, from its birth to its end.

    Parameters: `land`, from `landscape`; `ax` to draw on; `limit`, the most bars to draw (the longest). Returns: the axes.
    Exactness: exact numbers (see `plot_barcode_data`), rounded for drawing only; a bar that never ends has an arrow.
    Raises: `InputError` for a limit below 1; `MissingExtraError` without matplotlib. Source: see `plot_barcode_data`.
    """
    if limit < 1:
        raise InputError("a picture has at least one bar", text=str(limit))
    every = plot_barcode_data(land)
    drawn = set(sorted(every, key=lambda bar: (bar.death is not None, bar.birth - (bar.death or bar.birth)))[:limit])
    bars = [bar for bar in every if bar in drawn]
    axes = axes_or_new(ax, (6.4, 1.4 + 0.26 * len(bars)))
    last = max([bar.death or bar.birth for bar in bars] + [bar.birth for bar in bars])
    end = last + ((last - bars[0].birth) / 6 or Fraction(1))
    height = len(bars)
    entries, texts = {}, _texts(bars)
    for row, bar in enumerate(bars):
        y, birth = height - row, approximately(bar.birth)
        stop = approximately(end if bar.death is None else bar.death)
        name = _NAMES[0] if bar.death is None else _NAMES[1] if bar.birth == bars[0].birth else _NAMES[2]
        if bar.death is None:
            arrow = {"arrowstyle": "-|>,head_width=0.3", "color": _COLOURS[name], "linewidth": 4, "shrinkA": 0, "shrinkB": 0}
            axes.annotate("", (stop, y), (birth, y), arrowprops=arrow)
        (line,) = axes.plot(
            [birth, stop if bar.death else birth], [y, y], color=_COLOURS[name], linewidth=5, solid_capstyle="butt"
        )
        entries[name] = line
        if height <= _WRITTEN:
            axes.annotate(texts[row], (stop, y), (6, 0), textcoords="offset points", va="center", fontsize=8, color=INK)
    axes.legend(
        list(entries.values()), list(entries), loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False, fontsize="small"
    )
    axes.set(xlabel="risk", yticks=[], ylim=(0.2, height + 0.8))
    left, right = approximately(bars[0].birth), approximately(end)
    axes.set_xlim(left - 0.04 * (right - left), right + 0.3 * (right - left))
    axes.spines[["top", "right", "left"]].set_visible(False)
    if len(bars) < len(every):
        axes.text(
            1, 1, f"{len(every) - len(bars)} shorter bars are not drawn", ha="right", va="bottom", fontsize="small",
            transform=axes.transAxes,
        )  # fmt: skip
    return axes


def _texts(bars: Sequence[Bar]) -> list[str]:
    """What stands beside the bars: their ends, and how many there are."""
    ends = [end for bar in bars for end in (bar.birth, bar.death) if end is not None]
    text = dict(zip(ends, number_texts(ends, _TEXT), strict=True))
    return [
        f"{text[bar.birth]} … {'∞' if bar.death is None else text[bar.death]}"
        + (f"  ×{bar.multiplicity}" if bar.multiplicity > 1 else "")
        for bar in bars
    ]
