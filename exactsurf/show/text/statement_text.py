"""The statement of a theorem, written in LaTeX, as a person reads it in a terminal."""

from __future__ import annotations

import re

from exactsurf.show.text.formula import plain

_SIGNS = {
    "alpha": "α", "lambda": "λ", "mu": "μ", "pi": "π", "phi": "φ", "rho": "ρ", "sigma": "σ", "varepsilon": "ε", "Sigma": "Σ",
    "ell": "ℓ", "nabla": "∇", "sum": "Σ", "prod": "∏", "angle": "∠", "cdot": "·", "cdots": "⋯", "dots": "…", "circ": "∘",
    "le": "≤", "ge": "≥", "ne": "≠", "in": "∈", "sim": "∼", "succ": "≻", "mapsto": "↦", "|": "‖", "{": "(", "}": ")", ",": " ",
}  # fmt: skip
_ACCENTS = {"bar": "\u0304", "hat": "\u0302", "tilde": "\u0303"}
_UPRIGHT = ("mathrm", "mathbb", "text")
_ARGUMENT = r"(?:\{((?:[^{}]|\{[^{}]*\})*)\}|([^\s\\{}])|\\([A-Za-z]+))"
_FRACTION = re.compile(r"\\(frac|binom)\s*" + _ARGUMENT + r"\s*" + _ARGUMENT)
_ACCENT = re.compile(r"\\(bar|hat|tilde)\s*" + _ARGUMENT)
_WORD = re.compile(r"\\(" + "|".join(_UPRIGHT) + r")\s*" + _ARGUMENT)
_LEFT = re.compile(r"([_^])\{([^{}]*)\}")
_COMMAND = re.compile(r"\\([A-Za-z]+|.)\s?")


def statement_text(statement: str) -> str:
    r"""LaTeX with formulas between dollar signs as plain text; what Unicode cannot raise or lower keeps its ``_`` and ``^``.

    Parameters: `statement`. Exactness: a display. Raises: nothing. Source: none.

    >>> statement_text(r"Let $\frac12\|W_2 h(\tilde x_i)\|^2 \ge \lambda_{k+1}$ and $\mathrm{rank}(W) \le 2$.")
    'Let ½‖W₂ h(x̃ᵢ)‖² ≥ λₖ₊₁ and rank(W) ≤ 2.'
    """
    return "".join(_formula(part) if k % 2 else part for k, part in enumerate(statement.split("$")))


def _formula(source: str) -> str:
    text = _WORD.sub(lambda match: _one(match, 2), source)
    text = _ACCENT.sub(lambda match: _one(match, 2) + _ACCENTS[match[1]], text)
    while _FRACTION.search(text):
        text = _FRACTION.sub(_fraction, text)
    text = _COMMAND.sub(lambda match: _command(match[1], match[0]), text)
    text = _LEFT.sub(lambda match: match[1] + (match[2] if match[2].isalnum() else f"({match[2]})"), plain(text))
    return text.replace("^T", "ᵀ").replace("{", "").replace("}", "")


def _one(match: re.Match[str], first: int) -> str:
    braced, letter, command = match[first], match[first + 1], match[first + 2]
    return braced if braced is not None else letter or f"\\{command} "


def _fraction(match: re.Match[str]) -> str:
    top, bottom = _one(match, 2).strip(), _one(match, 5).strip()
    if match[1] == "binom":
        return f"C({top}, {bottom})"
    if (top, bottom) == ("1", "2"):
        return "½"
    is_factor = match.string[match.end() : match.end() + 1].isalnum()
    return f"{_grouped(top)}/{_grouped(bottom)}{'·' if is_factor else ''}"


def _grouped(text: str) -> str:
    return text if re.fullmatch(r"\w+|\\\w+", text) else f"({text})"


def _command(name: str, source: str) -> str:
    space = " " if source.endswith(" ") and name not in (",", "|", "{", "}", "nabla", "sum", "prod") else ""
    return _SIGNS.get(name, name) + space
