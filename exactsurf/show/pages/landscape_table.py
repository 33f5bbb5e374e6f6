"""The valleys of a landscape as a LaTeX table."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.errors import InputError, check_kind
from exactsurf.show.text.formula import tex
from exactsurf.show.text.numeral import numeral
from exactsurf.surface.restricted.restricted_landscape import RestrictedLandscape
from exactsurf.surface.surface import Landscape

_HEAD = ("valley", "risk", "barrier", "persistence", "copies", "")


def valley_table(land: Landscape | RestrictedLandscape, *, limit: int | None = None, standalone: bool = False) -> str:
    r"""The valleys of a landscape, lowest first, as a LaTeX tabular.

    Parameters: `land`; `limit`, most rows (None: all; what is left out is counted in the last line); `standalone` adds a
    preamble. Returns: ASCII text. Exactness: numbers are exact unless an approximation sign stands before them.
    Raises: `InputError` if `limit` < 1. Source: `Valley`.

    >>> import exactsurf as es
    >>> land = es.landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> print(es.valley_table(land, limit=2))
    \begin{tabular}{rllll@{\qquad}l}
    valley & risk & barrier & persistence & copies &  \\
    \hline
    0 & $\tfrac{1}{3}$ &  &  & 1 & global \\
    1 & $\tfrac{3}{4}$ & $\tfrac{11}{8}$ & $\tfrac{5}{8}$ & 1 & spurious \\
    \hline
    \multicolumn{6}{l}{2 valleys more} \\
    \end{tabular}
    <BLANKLINE>
    """
    check_kind(land, (Landscape, RestrictedLandscape), "valley_table", "take es.landscape(problem)")
    if limit is not None and limit < 1:
        raise InputError("a table needs at least one row", text=str(limit), fix="limit ≥ 1, or None for all")
    shown = land.valleys if limit is None else land.valleys[:limit]
    lines = [r"\begin{tabular}{rllll@{\qquad}l}", _line(_HEAD), r"\hline"]
    for place, valley in enumerate(shown):
        kind = ("global" if valley.is_global else "spurious") + ("" if valley.is_attained else ", not attained")
        numbers = map(_number, (valley.risk, valley.barrier, valley.persistence))
        lines.append(_line((str(place), *numbers, str(valley.multiplicity), kind)))
    more = len(land.valleys) - len(shown)
    if more:
        noun = "valley" if more == 1 else "valleys"
        lines += [r"\hline", rf"\multicolumn{{{len(_HEAD)}}}{{l}}{{{more} {noun} more}} \\"]
    lines.append(r"\end{tabular}")
    if standalone:
        lines = [r"\documentclass{article}", r"\usepackage{amsmath}", r"\begin{document}", *lines, r"\end{document}"]
    return "\n".join(lines) + "\n"


def _number(value: Fraction | None) -> str:
    return "" if value is None else f"${tex(numeral(value))}$"


def _line(cells: tuple[str, ...]) -> str:
    return " & ".join(cells) + r" \\"
