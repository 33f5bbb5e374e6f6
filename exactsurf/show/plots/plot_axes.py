"""What all pictures share: axes made on demand, colours that everyone can tell apart, exact numbers as floats."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from exactsurf.errors import MissingExtraError
from exactsurf.exact.real_roots import RealRoot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

OKABE_ITO = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442")
"""Colours for the colour-blind; Okabe and Ito, "Color universal design", 2008."""

LINE_STYLES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1.2, 1.2)), (0, (6, 1.5, 1.2, 1.5)))
"""Told apart in black and white too."""

INK = "#222222"


def axes_or_new(ax: Axes | None, size: tuple[float, float]) -> Axes:
    """`ax`, or the axes of a new figure of this size in inches; raises `MissingExtraError` without matplotlib."""
    if ax is not None:
        return ax
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtraError("matplotlib", "plots") from None
    # A figure of its own, outside pyplot: nothing global is kept, and no display is needed.
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = Figure(figsize=size, layout="constrained")
    FigureCanvasAgg(figure)
    return figure.add_subplot()


def approximately(value: Fraction | RealRoot) -> float:
    """The nearest float, for drawing only.

    >>> approximately(Fraction(1, 3))
    0.3333333333333333
    """
    if isinstance(value, RealRoot):
        value = value.low if value.value is not None else value.narrowed(Fraction(1, 10**12)).low
    return float(value)
