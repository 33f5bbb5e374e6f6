"""A report on the hypotheses of a theorem as LaTeX and as HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import TypeAlias

Row: TypeAlias = tuple[str, str, str, str]
_HEADINGS = ("hypothesis", "statement", "here", "witness")

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
}
_SIGN = re.compile("|".join(map(re.escape, sorted(_LATEX, key=len, reverse=True))))


def latex_text(text: str) -> str:
    """`text` with the signs that LaTeX reserves, and those of mathematics, written for LaTeX.

    >>> latex_text("s_- ≥ 0")
    's\\\\_- $\\\\ge$ 0'
    """
    return _SIGN.sub(lambda match: _LATEX[match[0]], text)


def latex_report(title: str, rows: Iterable[Row]) -> str:
    """The rows of a report as a LaTeX table; it needs booktabs and tabularx."""
    lines = [r"\begin{tabularx}{\linewidth}{llXlX}", r"\toprule", " & " + " & ".join(_HEADINGS) + r" \\", r"\midrule"]
    for count, row in enumerate(rows):
        first = rf"\texttt{{{latex_text(title)}}}" if count == 0 else ""
        lines.append(" & ".join([first, *map(latex_text, row)]) + r" \\")
    return "\n".join([*lines, r"\bottomrule", r"\end{tabularx}"]) + "\n"


def html_report(title: str, rows: Iterable[Row]) -> str:
    """The rows of a report as an HTML table."""
    head = "".join(f"<th>{word}</th>" for word in _HEADINGS)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>\n" for row in rows)
    caption = f"<caption>{html.escape(title)}</caption>"
    return f"<table>{caption}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n"
