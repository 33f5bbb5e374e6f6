"""Formula source (see `formula`) as HTML: letters in italics, subscripts and superscripts, everything else escaped."""

from __future__ import annotations

import re
from html import escape

_WORDS = {"arctan", "cos", "exp", "if", "lim", "log", "max", "min", "sin", "tanh"}
_LETTER = r"[^\W\d_½²³⁺⁻Σ]\u0303?"
_TOKEN = re.compile(rf"(?P<script>[_^])(?:\{{(?P<braced>[^{{}}]*)\}}|(?P<single>.))|(?P<word>(?:{_LETTER})+)|(?P<other>.)")


def formula(source: str) -> str:
    """Formula source as HTML.

    Parameters: `source`. Returns: a span of the class ``m``. Exactness: the numbers are those of `source`.
    Raises: nothing. Source: the docstring of `exactsurf.show.text.formula`.

    >>> formula("r_i < 2·10^{-9}")
    '<span class="m"><var>r</var><sub><var>i</var></sub> &lt; 2·10<sup>−9</sup></span>'
    """
    return f'<span class="m">{_inner(source)}</span>'


def prose(piece: str) -> str:
    """Prose, with its formulas (every second part between ``$``) as HTML.

    Parameters: `piece`. Exactness: the numbers are those of `piece`. Raises: nothing. Source: `exactsurf.show.text.prose`.

    >>> prose("a & $x$")
    'a &amp; <span class="m"><var>x</var></span>'
    """
    return "".join(formula(part) if k % 2 else escape(part) for k, part in enumerate(piece.split("$")))


def _inner(source: str) -> str:
    return _TOKEN.sub(_translated, source)


def _translated(match: re.Match[str]) -> str:
    if match["script"]:
        inner = match["single"] if match["braced"] is None else match["braced"]
        tag = "sub" if match["script"] == "_" else "sup"
        return f"<{tag}>{_inner(inner)}</{tag}>"
    if match["word"]:
        return match["word"] if match["word"] in _WORDS else f"<var>{match['word']}</var>"
    return "−" if match["other"] == "-" else escape(match["other"])
