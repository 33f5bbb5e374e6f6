"""A report on the hypotheses of a theorem as LaTeX and as HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import TypeAlias

Row: TypeAlias = tuple[str, str, str, str]
_HEADINGS = ("hypothesis", "statement", "here", "witness")
_LONG, _BREAK = 16, "\u200b"

_LATEX = {
    **{sign: rf"\{sign}" for sign in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "≤": r"$\le$",
    "≥": r"$\ge$",
    "≠": r"$\ne$",
    "≈": r"$\approx$",
    "×": r"$\times$",
    "·": r"$\cdot$",
    "−": "$-$",
    "<": r"$<$",
    ">": r"$>$",
    "|": r"$|$",
    "‖": r"$\|$",
    "…": r"\dots{}",
    "½": r"$\frac12$",
    "²": r"${}^2$",
    "∇": r"$\nabla$",
    "Σ": r"$\Sigma$",
    "λ": r"$\lambda$",
    "β": r"$\beta$",
    "δ": r"$\delta$",
    "φ": r"$\varphi$",
    "ℓ": r"$\ell$",
    "ₖ": "${}_k$",
    "₀": "${}_0$",
    "₁": "${}_1$",
    "₂": "${}_2$",
    "ᵀ": r"${}^{\mathsf T}$",
    "⁻¹": "${}^{-1}$",
    "x̃": r"$\tilde x$",
    "ŷ": r"$\hat y$",
    "α": r"$\alpha$",
    "σ": r"$\sigma$",
    "μ": r"$\mu$",
    "ρ": r"$\rho$",
    "″": r"${}^{\prime\prime}$",
    "∞": r"$\infty$",
    "∘": r"$\circ$",
    "⋯": r"$\cdots$",
    "*": "$*$",
    _BREAK: r"\allowbreak{}",
}
_SIGN = re.compile("|".join(map(re.escape, sorted(_LATEX, key=len, reverse=True))))


def latex_text(text: str) -> str:
    """`text` with the signs that LaTeX reserves, and those of mathematics, written for LaTeX.

    >>> latex_text("s_- ≥ 0")
    's\\\\_- $\\\\ge$ 0'
    """
    return _SIGN.sub(lambda match: _LATEX[match[0]], text)


def latex_report(title: str, outcome: str | None, rows: Iterable[Row]) -> str:
    """The rows of a report as a LaTeX table as wide as the column, one or two on a page; it needs booktabs and tabularx.

    Name, statement and witness of a hypothesis share one cell, so that lines stay long where columns are narrow.
    Exactness: nothing is computed. Raises: nothing. Source: none.
    """
    heading = rf"\texttt{{{_breakable(title)}}}" + (f": {latex_text(outcome)}" if outcome else "")
    width = r"\dimexpr\linewidth-\parindent\relax"
    lines = [rf"\begin{{tabularx}}{{{width}}}{{@{{}}>{{\raggedright\arraybackslash}}Xl@{{}}}}", r"\toprule"]
    lines += [rf"{heading} & here \\", r"\midrule"]
    for name, statement, word, witness in rows:
        stated = f"{_breakable(statement)}: " if statement else ""
        lines.append(rf"\textbf{{{_breakable(name)}}}\quad {stated}\textit{{{_breakable(witness)}}} & {latex_text(word)} \\")
    return "\n".join([*lines, r"\bottomrule", r"\end{tabularx}"]) + "\n"


def _breakable(text: str) -> str:
    """`text` for LaTeX, with places where long words (keys, long fractions) may be broken."""

    def broken(word: re.Match[str]) -> str:
        parts = re.findall(rf".{{1,{_LONG // 2}}}", word[0])
        return _BREAK.join(parts)

    return latex_text(re.sub(rf"\S{{{_LONG},}}", broken, text))


def html_report(title: str, outcome: str | None, rows: Iterable[Row]) -> str:
    """The rows of a report as an HTML table."""
    head = "".join(f"<th>{word}</th>" for word in _HEADINGS)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>\n" for row in rows)
    caption = f"<caption>{html.escape(title)}{f': {html.escape(outcome)}' if outcome else ''}</caption>"
    return f"<table>{caption}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n"
