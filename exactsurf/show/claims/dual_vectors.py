"""Dual vectors in words: lower bounds of the risk on signed cells."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from exactsurf.certificate.reading.claim_view import InlineData
from exactsurf.certificate.reading.surface_view import SurfaceView
from exactsurf.exact.number import exact
from exactsurf.show.text.arrays import MAX_COLUMNS, MAX_ROWS, table
from exactsurf.show.text.numeral import numeral
from exactsurf.show.text.prose import Block, Blocks, Display, say

_CONJUGATES = {
    "squared": "B(r) = −Σ_i (r_i y_i + {quarter} r_i²)",
    "absolute": "B(r) = −Σ_i r_i y_i,  |r_i| ≤ {scale}",
    "huber": "B(r) = −Σ_i (r_i y_i + {half} r_i²),  |r_i| ≤ {slope}",
    "hinge": "B(r) = −Σ_i r_i y_i,  −{scale} ≤ r_i y_i ≤ 0",
}

CLOSED_FACETS = (
    "A facet between two signed cells is closed if that holds on it with $B(r) ≥ c$: nothing below $c$ passes it. No chain "
    "of facets that are not closed leads from the beginning to"
)
"""The beginning of a sentence about the use of dual vectors in a cut at the level c."""


def dual_vectors(view: SurfaceView, use: str) -> Blocks:
    """The dual vectors, the bound that each gives, and what they are used for.

    Parameters: `view`; `use`, a sentence. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 7; proofs/claims/global_minimum.md.
    """
    loss, count = view.loss, len(view.duals)
    total = " with $Σ_i r_i = 0$" if view.biases[-1] else ""
    scale = {"scale": loss.scale, "quarter": 1 / (4 * loss.scale), "half": 1 / (2 * loss.scale)}
    if loss.delta is not None:
        scale["slope"] = loss.scale * loss.delta
    formula = _CONJUGATES.get(loss.name) if view.weights is None else None
    bound = formula.format(**{name: numeral(value) for name, value in scale.items()}) if formula else "B(r) = −Σ_i g_i(r_i)"
    conjugate = (
        "Here $g_i(r)$ is the conjugate of the term of sample $i$ in the risk, with its weight if it has one: the greatest value "
        "of $r f$ minus that term over all numbers $f$ in the place of the prediction. "
    )
    decided = (
        f"That is proved by ${view.forms}$ forms in the certificate: on a region of a unit, lines below the bends of the "
        "activation add up to a constant that is not negative."
        if view.forms
        else "On a signed cell (the cell of every unit and the sign of its output weight) that is decided at vertices and "
        "extreme rays."
    )
    blocks: list[Block] = [
        say(f"For a vector $r${total}, convexity of the loss gives for all $θ$"),
        Display(f"L(θ) ≥ Σ_i r_i f(x_i; θ) + B(r),  {bound}"),
        say(f"{'' if formula else conjugate}Where every unit's part of the sum is not negative, $L(θ) ≥ B(r)$. {decided} {use}"),
    ]
    if view.samples + 2 > MAX_COLUMNS:
        blocks.append(say(f"The ${count}$ vectors stand in the certificate."))
        return tuple(blocks)
    shown = [tuple(map(exact, dual)) for dual in view.duals[:MAX_ROWS]]
    header, bounds = ["k", *(f"r_{{{i}}}" for i in range(1, view.samples + 1))], [_bound(view, dual) for dual in shown]
    rows = [[str(k), *map(numeral, dual)] for k, dual in enumerate(shown, start=1)]
    values = [value for dual in shown for value in dual]
    known = [value for value in bounds if value is not None]
    if known:
        header.append("B(r)")
        rows = [[*row, numeral(value)] for row, value in zip(rows, known, strict=True)]
    more = f" (the first {MAX_ROWS} of ${count}$)" if count > MAX_ROWS else ""
    blocks.append(say(f"The vectors are{more}"))
    return (*blocks, *table(header, rows, [*values, *known]))


def one_of_them(view: SurfaceView) -> str:
    """What a sentence about the use of dual vectors calls one of them."""
    return "the vector below" if len(view.duals) == 1 else "one of the vectors below"


def _bound(view: SurfaceView, dual: Sequence[Fraction]) -> Fraction | None:
    """B(r); None if the targets are in a file, or it is enclosed only."""
    if not isinstance(view.data, InlineData) or not view.loss.is_piecewise_quadratic:
        return None
    weights = view.weights or (Fraction(1),) * len(dual)
    total = Fraction(0)
    for r, weight, (y,) in zip(dual, weights, view.data.y, strict=True):
        value = view.loss.of_prediction(exact(y)).scaled(weight).conjugate(r)
        assert value is not None, "the verifier has accepted this dual vector"
        total += value
    return -total
