"""What all pictures share: axes made on demand, colours that everyone can tell apart, exact numbers as floats."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from exactsurf.errors import MissingExtraError
from exactsurf.exact.number import approximate, to_text
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
    return figure.add_subplot(axes_class=_displayed_axes())


@cache
def _displayed_axes() -> type[Axes]:
    from matplotlib.axes import Axes

    class DisplayedAxes(Axes):
        """Axes of a figure of their own, which a notebook shows when they are the last value of a cell."""

        def _repr_png_(self) -> bytes | None:
            figure, picture = self.get_figure(root=True), BytesIO()
            if figure is None:
                return None
            figure.savefig(picture, format="png", dpi=120)
            return picture.getvalue()

    return DisplayedAxes


def unit_label(layer: int, unit: int, layers: int) -> str:
    """The name of a hidden unit in pictures, counted from 1 as in papers; with its layer where there are several hidden layers.

    Parameters: `layer` from 1, `unit` from 0, `layers` of weights.

    >>> unit_label(1, 0, 2), unit_label(2, 1, 3)
    ('$h_{1}$', '$h^{(2)}_{2}$')
    """
    return f"$h_{{{unit + 1}}}$" if layers == 2 else f"$h^{{({layer})}}_{{{unit + 1}}}$"


def column_label(name: str) -> str:
    """The name of a column of the data for an axis: numbered names as formulas, all others as they are.

    >>> column_label("x2"), column_label("sepal width ($)")
    ('$x_{2}$', 'sepal width (\\\\$)')
    """
    numbered = re.fullmatch(r"([a-z])(\d*)", name)
    if numbered is None:
        return name.replace("$", r"\$")
    letter, number = numbered.groups()
    return f"${letter}_{{{number}}}$" if number else f"${letter}$"


def number_texts(values: Sequence[Fraction], letters: int) -> list[str]:
    """The numbers of one picture: all exactly, or all rounded behind ≈ if one has more than so many letters.

    >>> number_texts([Fraction(1, 3), Fraction(2)], 12), number_texts([Fraction(1, 3), Fraction(2)], 2)
    (['1/3', '2'], ['≈ 0.3333', '≈ 2'])
    """
    texts = list(map(to_text, values))
    return texts if all(len(text) <= letters for text in texts) else [f"≈ {approximate(value, 4)}" for value in values]


def approximately(value: Fraction | RealRoot) -> float:
    """The nearest float, for drawing only.

    >>> approximately(Fraction(1, 3))
    0.3333333333333333
    """
    if isinstance(value, RealRoot):
        value = value.low if value.value is not None else value.narrowed(Fraction(1, 10**12)).low
    return float(value)
