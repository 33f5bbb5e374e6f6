"""Formulas: written once in Unicode, shown as plain text or as TeX.

Formula source is readable Unicode (``Σ_i r_i h(w_j·x̃_i) ≥ 0``) with two additions: ``_`` and ``^`` put the next character,
or what stands in braces behind them, low or high, and ``p/q`` between integers is a fraction.
"""

from __future__ import annotations

import re

from exactsurf.errors import InternalError

_LOW = dict(zip("0123456789+-−()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_HIGH = dict(zip("0123456789+-−()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ", strict=True))

_TEX = {
    "·": r"\cdot ", "−": "-", "≥": r"\ge ", "≤": r"\le ", "≠": r"\ne ", "≈": r"\approx ", "±": r"\pm ", "∈": r"\in ", "′": "'",
    "Σ": r"\sum ", "…": r"\dots ", "↓": r"\downarrow ", "×": r"\times ",
    "²": "^{2}", "⁺": "^{+}", "⁻": "^{-}",
    "θ": r"\theta ", "δ": r"\delta ", "κ": r"\kappa ", "λ": r"\lambda ", "μ": r"\mu ", "τ": r"\tau ", "φ": r"\varphi ",
    "σ": r"\sigma ", "ψ": r"\psi ", "α": r"\alpha ", "β": r"\beta ", "ℓ": r"\ell ",
    "Ψ": r"\Psi ", "ρ": r"\rho ", "ε": r"\varepsilon ", "ζ": r"\zeta ", "η": r"\eta ", "ν": r"\nu ", "ω": r"\omega ",
    "Δ": r"\Delta ", "Λ": r"\Lambda ", "π": r"\pi ", "∇": r"\nabla ", "∂": r"\partial ", "→": r"\to ",
    "ż": r"\dot{z}", "ḟ": r"\dot{f}", "Ẇ": r"\dot{W}", "ḃ": r"\dot{b}", "{": r"\{", "}": r"\}",
}  # fmt: skip
_STACKED = 7  # digits of a fraction in running text that is set as a small stacked one, at most
_WORDS = {"arctan", "cos", "exp", "lim", "log", "max", "min", "sin", "tanh"}
_TOKEN = re.compile(
    r"(?P<script>[_^])(?:\{(?P<braced>[^{}]*)\}|(?P<single>.))"
    r"|(?P<top>\d+)/(?P<bottom>\d+)"
    r"|(?P<tilde>\w)\u0303"
    r"|(?P<word>[A-Za-z]+)"
    r"|(?P<other>.)"
)
_SCRIPT = re.compile(r"([_^])(?:\{([^{}]*)\}|(.))")


def plain(source: str) -> str:
    """Formula source as plain Unicode text.

    Parameters: `source`. Returns: text in which every subscript and superscript that Unicode has is a character.
    Exactness: the numbers are those of `source`. Raises: nothing. Source: the module's docstring.

    >>> plain("Σ_i r_{ik} x_i = 0"), plain("2·10^{-9}"), plain("u_C")
    ('Σᵢ rᵢₖ xᵢ = 0', '2·10⁻⁹', 'u_C')
    """

    def script(match: re.Match[str]) -> str:
        inner = match[3] if match[2] is None else match[2]
        table = _LOW if match[1] == "_" else _HIGH
        if all(character in table for character in inner):
            return "".join(table[character] for character in inner)
        return f"{match[1]}{inner}" if len(inner) == 1 else f"{match[1]}{{{inner}}}"

    return _SCRIPT.sub(script, source)


def tex(source: str, *, display: bool = False) -> str:
    r"""Formula source as TeX in plain ASCII, for math mode.

    Parameters: `source`; `display` makes fractions large. Exactness: the numbers are those of `source`.
    Raises: `InternalError` for a character that has no TeX here. Source: the module's docstring.

    >>> tex("Σ_i r_{ik} x_i ≥ -3/4"), tex("3/4", display=True), tex("x̃_i")
    ('\\sum _{i} r_{ik} x_{i} \\ge  -\\tfrac{3}{4}', '\\frac{3}{4}', '\\tilde{x}_{i}')
    """
    fraction = r"\frac" if display else r"\tfrac"

    def translate(match: re.Match[str]) -> str:
        if match["script"]:
            inner = match["single"] if match["braced"] is None else match["braced"]
            return f"{match['script']}{{{tex(inner).strip()}}}"
        if match["top"] and not display and len(match["top"] + match["bottom"]) > _STACKED:
            return f"{match['top']}/{match['bottom']}"
        if match["top"]:
            return f"{fraction}{{{match['top']}}}{{{match['bottom']}}}"
        if match["tilde"]:
            return rf"\tilde{{{match['tilde']}}}"
        if match["word"]:
            return "\\" + match["word"] if match["word"] in _WORDS else match["word"]
        character = match["other"]
        if character == "½":
            return fraction + "{1}{2}"
        if character in _TEX:
            return _TEX[character]
        if not character.isascii() or character in "\\$%#&~":
            raise InternalError(f"no TeX for {character!r} in the formula {source!r}")
        return character

    return _TOKEN.sub(translate, source)
