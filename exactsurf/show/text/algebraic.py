"""Algebraic numbers and their polynomials in words and formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from exactsurf.certificate.claims.algebraic_point import AlgebraicNumber
from exactsurf.exact.number import exact
from exactsurf.show.text.numeral import numeral
from exactsurf.show.text.prose import Blocks, Display, say


def middle(number: AlgebraicNumber) -> str:
    """About where a number is."""
    return repr(number).removeprefix("AlgebraicNumber(").removeprefix("≈ ").partition(",")[0]


def polynomial(coefficients: Sequence[Any], variable: str) -> str:
    """c₀ + c₁ t + … as formula source, the highest power first."""
    parts = []
    for k in range(len(coefficients) - 1, -1, -1):
        value = coefficients[k]
        if value:
            power = "" if k == 0 else variable if k == 1 else f"{variable}^{k}"
            size = "" if abs(value) == 1 and k else numeral(abs(value))
            parts.append((value < 0, f"{size} {power}".strip()))
    if not parts:
        return "0"
    first, *rest = parts
    text = ("−" if first[0] else "") + first[1]
    return text + "".join(f" {'−' if negative else '+'} {part}" for negative, part in rest)


def the_root(document: Mapping[str, Any]) -> Blocks:
    """``the root ≈ … between … and … of …``, of an algebraic number as a certificate has it."""
    low, high = document["interval"]
    near = middle(AlgebraicNumber.read(document))
    return (
        say(f"the root $≈ {near}$, the only one between ${low}$ and ${high}$, of"),
        Display(f"{polynomial(list(map(exact, document['polynomial'])), 't')} = 0"),
    )
