"""Pictures of training: how many runs each valley has captured."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.errors import InputError
from exactsurf.show.plots.plot_axes import INK, OKABE_ITO, axes_or_new, number_texts
from exactsurf.surface.levels.enclosed_valley import EnclosedValley
from exactsurf.surface.levels.enclosure import Enclosure
from exactsurf.surface.training.trajectory import ends_of
from exactsurf.surface.training.valley_counts import TrainingValleys
from exactsurf.surface.valley import Valley

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TEXT = 10  # letters, at most, of a number that is written exactly


@dataclass(frozen=True)
class TrainingBar:
    """`runs` that a valley of this risk has captured; or, without `valley`, that none has, in signed cells of this least risk.

    `valley`, its place in the list of all valleys; `risk`, between two numbers where levels are enclosed; `is_spurious`, whether
    it is no global minimum. Exactness: exact, or enclosed. Source: `plot_training_data`.
    """

    valley: int | None
    risk: Fraction | Enclosure
    runs: int
    is_spurious: bool


def plot_training_data(found: TrainingValleys) -> tuple[TrainingBar, ...]:
    """How many runs each valley has captured, those with none too; and behind them the runs that no valley has captured.

    Parameters: `found`, from `training_valleys`. Returns: a bar for every valley, lowest first, and for every least risk of the
    signed cells in which other runs ended. Exactness: exact, or enclosed. Raises: `InputError` for anything else.
    Source: theory.md, theorem B.

    >>> import exactsurf as es
    >>> land = es.landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> found = es.training_valleys(land, [[valley.parameters] for valley in land.valleys[:2]])
    >>> [(str(bar.risk), bar.runs) for bar in es.plots.plot_training_data(found)]
    [('1/3', 1), ('3/4', 1), ('3/4', 0), ('1', 0)]
    """
    if not isinstance(found, TrainingValleys):
        fix = "give what es.training_valleys(land, trajectories) returns"
        raise InputError("a picture of training shows TrainingValleys", text=repr(found), fix=fix)
    valleys: tuple[Valley | EnclosedValley, ...] = found.land.valleys
    held = zip(valleys, found.counts, strict=True)
    bars = [TrainingBar(place, valley.risk, runs, valley.is_spurious) for place, (valley, runs) in enumerate(held)]
    return (*bars, *(TrainingBar(None, risk, runs, True) for risk, runs in found.open_floors.items()))


def plot_training(found: TrainingValleys, *, ax: Axes | None = None) -> Axes:
    """Draw a histogram of training against the list of all valleys: a bar for each, with the number of runs that it captured.

    Pale bars are runs that no valley has captured, by the least risk of the signed cell in which they ended.
    Parameters: `found`, from `training_valleys`; `ax` to draw on. Returns: the axes.
    Exactness: exact numbers (see `plot_training_data`), rounded for drawing only.
    Raises: `InputError` as `plot_training_data`; `MissingExtraError` without matplotlib. Source: theory.md, theorem B.
    """
    bars = plot_training_data(found)
    axes = axes_or_new(ax, (1.6 + 0.7 * len(bars), 3.4))
    ends = [ends_of(bar.risk) for bar in bars]
    texts = number_texts([low for low, _ in ends], _TEXT if all(low == high for low, high in ends) else 0)
    for place, bar in enumerate(bars):
        colour = OKABE_ITO[1] if bar.is_spurious else OKABE_ITO[2]
        axes.bar(place, bar.runs, 0.7, color=colour, alpha=1 if bar.valley is not None else 0.35, linewidth=0)
        axes.annotate(str(bar.runs), (place, bar.runs), (0, 2), textcoords="offset points", ha="center", fontsize=8, color=INK)
    names = [f"{text}\n{'open' if bar.valley is None else f'valley {bar.valley}'}" for text, bar in zip(texts, bars, strict=True)]
    axes.set_xticks(range(len(bars)), names, fontsize=8)
    axes.set(xlabel="least risk", ylabel="runs")
    axes.spines[["top", "right"]].set_visible(False)
    return axes
