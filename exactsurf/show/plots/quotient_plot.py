"""Pictures of quotient spaces: every class of local minima as one bar, its risk against its dimension and number."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.errors import InputError, check_kind
from exactsurf.show.plots.plot_axes import INK, OKABE_ITO, approximately, axes_or_new, number_texts
from exactsurf.surface.minimum_classes import QuotientSpace

if TYPE_CHECKING:
    from matplotlib.axes import Axes


_TEXT = 12  # letters, at most, of a risk that is written exactly
_WRITTEN = 20  # points, at most, with their numbers beside them


@dataclass(frozen=True)
class ClassPoint:
    """`number` classes of local minima of one `risk` and one `dimension` (in product variables).

    Exactness: exact. Source: `plot_quotient_data`.
    """

    risk: Fraction
    dimension: int
    number: int


def plot_quotient_data(space: QuotientSpace) -> tuple[ClassPoint, ...]:
    """The classes of a quotient space, counted by risk and dimension, lowest first.

    Parameters: `space`. Exactness: exact. Raises: nothing. Source: He, Wang and Tao 2020; proofs/he_2020.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    >>> space = es.papers.he_2020.quotient_of_surface(es.landscape(problem))
    >>> [(str(point.risk), point.dimension, point.number) for point in plot_quotient_data(space)]
    [('1/3', 1, 1), ('3/4', 1, 2), ('1', 1, 1), ('11/8', 2, 1)]
    """
    check_kind(space, QuotientSpace, "plot_quotient", "take es.quotient_space(land)")
    found: Counter[tuple[Fraction, int]] = Counter()
    for one in space.classes:
        found[one.risk, one.dimension] += one.multiplicity
    return tuple(ClassPoint(risk, dimension, number) for (risk, dimension), number in sorted(found.items()))


def plot_quotient(space: QuotientSpace, *, ax: Axes | None = None) -> Axes:
    """Draw a quotient space: a disc for all classes of one risk and dimension, its area growing with their number.

    Parameters: `space`, from `quotient_in_cell` or `quotient_of_surface`; `ax` to draw on. Returns: the axes.
    Exactness: exact numbers (see `plot_quotient_data`), rounded for drawing only.
    Raises: `InputError` for a space without classes; `MissingExtraError` without matplotlib. Source: see `plot_quotient_data`.
    """
    points = plot_quotient_data(space)
    if not points:
        raise InputError("there is no local minimum to draw", text=repr(space))
    axes = axes_or_new(ax, (6.4, 3.8))
    texts = number_texts([point.risk for point in points], _TEXT)
    for point, text in zip(points, texts, strict=True):
        x, y = approximately(point.risk), point.dimension
        colour = OKABE_ITO[2 if point.risk == points[0].risk else 1]
        axes.scatter([x], [y], s=[60 * (1 + 2 * (point.number.bit_length() - 1))], color=colour, alpha=0.8, zorder=2)
        if len(points) <= _WRITTEN:
            label = text + (f"  ×{point.number}" if point.number > 1 else "")
            axes.annotate(label, (x, y), (0, 10), textcoords="offset points", ha="center", fontsize=8, color=INK)
    dimensions = [point.dimension for point in points]
    axes.set(xlabel="risk", ylabel="dimension (product variables)", ylim=(min(dimensions) - 0.6, max(dimensions) + 0.8))
    axes.set_yticks(range(min(dimensions), max(dimensions) + 1))
    axes.spines[["top", "right"]].set_visible(False)
    return axes
