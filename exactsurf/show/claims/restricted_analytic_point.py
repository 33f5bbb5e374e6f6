"""The text about claims on a point of a restricted risk whose loss is an expression."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.claims.restricted_analytic_point import (
    NO_RESTRICTED_ANALYTIC_MINIMUM,
    RESTRICTED_ANALYTIC_GLOBAL_MINIMUM,
    RESTRICTED_ANALYTIC_RULES,
    RestrictedDirection,
    RestrictedFrozen,
    RestrictedFrozenCurve,
    UnrestrictedFrozen,
)
from exactsurf.certificate.reading.surface_view import surface_view
from exactsurf.certificate.reading.values import vector_of
from exactsurf.exact.number import exact
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.restricted_point import tree_stated, values_stated
from exactsurf.show.claims.whole_surface import parts
from exactsurf.show.text.arrays import rounding_note, vector
from exactsurf.show.text.numeral import equation, numeral
from exactsurf.show.text.prose import Block, Blocks, say

_MEANINGS = {
    RESTRICTED_ANALYTIC_GLOBAL_MINIMUM: "is a global minimum of the restricted risk: no point of the subspace has a lower risk.",
    NO_RESTRICTED_ANALYTIC_MINIMUM: (
        "is not a local minimum of the restricted risk: points of the subspace as near as one likes have a lower risk."
    ),
}
_LOCAL = "is a local minimum of the restricted risk: no point of the subspace nearby has a lower risk."


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 59; proofs/claims/restricted_analytic_point.md.
    """
    claim, evidence = document["claim"], document["evidence"]
    low, high = vector_of(claim["risk"])
    risk = equation("L(θ(u))", low) if low == high else f"${numeral(low)} ≤ L(θ(u)) ≤ {numeral(high)}$"
    statement: list[Block] = [
        *values_stated(document),
        say(f"Then {risk}, and $u$ {_MEANINGS.get(claim['kind'], _LOCAL)}"),
        *rounding_note((low, high)),
    ]
    if "lower_point" in evidence:
        lower = evidence["lower_point"]
        place = vector(vector_of(lower["values"]))
        statement.append(say(f"At $u = {place}$ the risk is at most ${numeral(exact(lower['risk']))}$, which is lower."))
    title = f"{claim['kind'][0].upper()}{claim['kind'][1:]}"
    return parts(surface_view(document), title, tuple(statement), _proof(evidence), "restricted_analytic_point")


def _proof(evidence: dict[str, Any]) -> Blocks:
    start = say(
        "The predictions at $θ(u)$ are rational numbers. So the derivatives $r_i$ of the risk by the predictions are sums, with "
        "rational coefficients, of $1$ and of such numbers as $e^{q}$ and $1/(1 + e^{-q})$ with rational $q$, which are enclosed "
        f"in intervals whose ends are multiples of $2^{{-{evidence['bits']}}}$."
    )
    found = RESTRICTED_ANALYTIC_RULES[evidence["rule"]].read(evidence)
    match found:
        case RestrictedDirection(direction):
            what = f"The one-sided derivative of $L(θ(u))$ along $u = {vector(direction)}$ is negative."
            return start, say(what)
        case RestrictedFrozen() as frozen:
            count = len(frozen.parts)
            trees = [tree_stated(part["nodes"]) for part in evidence["parts"]]
            return start, _corners(count, "below"), *(trees[0] if trees else ())
        case RestrictedFrozenCurve() as falling:
            end = f"Along a polynomial curve of degree ${len(falling.curve)}$ in $u$ each of these sums falls, and so does $L$."
            return start, _corners(len(falling.parts), "above"), say(end)
        case UnrestrictedFrozen(whole):
            rules = ", ".join(sorted({part.rule for part in whole.parts})) or "every sample is at a minimum of its loss"
            return start, say(f"$θ(u)$ is a local minimum also without the restriction ({rules}); so it is one here.")
        case _:
            text = "The loss is convex in the predictions, and for every input the $r_i$ of its samples add up to $0$. So"
            return start, say(f"{text} $L(θ′) − L(θ(u)) ≥ Σ_i r_i (f(x_i; θ′) − f(x_i; θ(u))) = 0$ for all $θ′$.")


def _corners(count: int, side: str) -> Block:
    """What stands for the loss."""
    hull = (
        "They are rational here."
        if count == 1
        else f"They lie in the convex hull of {count} rational vectors, the corners of a simplex."
    )
    return say(
        f"{hull} At each corner $r$ a sum $Σ_i (r_i·Δ_i + Q_i(Δ_i))$ stands for the change of the risk, with $Δ_i$ the change of "
        f"the prediction and squares $Q_i$ whose second derivatives are {side} those of the loss."
    )
