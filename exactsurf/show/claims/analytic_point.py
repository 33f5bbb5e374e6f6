"""The text about a claim on a point where the loss is an expression (proofs/claims/analytic_point.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.claims.analytic_point import (
    GLOBAL_MINIMUM_OF_ANALYTIC_RISK,
    LOCAL_MINIMUM_OF_ANALYTIC_RISK,
    NO_LOCAL_MINIMUM_OF_ANALYTIC_RISK,
    SPURIOUS_LOCAL_MINIMUM_OF_ANALYTIC_RISK,
)
from exactsurf.certificate.reading.analytic_view import AnalyticView, analytic_view
from exactsurf.certificate.rules.analytic import AnalyticDeadUnit, AnalyticDirection, AnalyticFit, Frozen, Squares
from exactsurf.show.claims.parts import Parts
from exactsurf.show.text.arrays import direction_blocks, point_blocks, rounding_note
from exactsurf.show.text.numeral import equation, numeral
from exactsurf.show.text.problem_text import setting
from exactsurf.show.text.prose import Block, Blocks, Name, say

_TITLES = {
    GLOBAL_MINIMUM_OF_ANALYTIC_RISK: "A global minimum",
    LOCAL_MINIMUM_OF_ANALYTIC_RISK: "A local minimum",
    SPURIOUS_LOCAL_MINIMUM_OF_ANALYTIC_RISK: "A spurious local minimum",
    NO_LOCAL_MINIMUM_OF_ANALYTIC_RISK: "Not a local minimum",
}
_MEANINGS = {
    GLOBAL_MINIMUM_OF_ANALYTIC_RISK: "$θ$ is a global minimum of $L$: no point has a lower risk.",
    LOCAL_MINIMUM_OF_ANALYTIC_RISK: "$θ$ is a local minimum of $L$: no point in some neighbourhood has a lower risk.",
    SPURIOUS_LOCAL_MINIMUM_OF_ANALYTIC_RISK: (
        "$θ$ is a spurious local minimum of $L$: no point in some neighbourhood has a lower risk, but some point elsewhere has."
    ),
    NO_LOCAL_MINIMUM_OF_ANALYTIC_RISK: (
        "$θ$ is not a local minimum of $L$: every neighbourhood of $θ$ holds a point of lower risk."
    ),
}


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 15; proofs/claims/analytic_point.md.
    """
    view = analytic_view(document)
    low, high = view.risk
    risk = equation("L(θ)", low) if low == high else f"${numeral(low)} ≤ L(θ) ≤ {numeral(high)}$"
    statement: list[Block] = [
        say("Let $θ$ be the point with"),
        *point_blocks(view.parameters),
        say(f"Then {risk}, and {_MEANINGS[view.kind]}"),
        *rounding_note(view.risk),
    ]
    if view.lower_risk is not None:
        statement += [
            say("A point of lower risk is $θ_1$, with"),
            *point_blocks(view.lower_point),
            say(f"Its risk is at most ${numeral(view.lower_risk)}$."),
            *rounding_note([view.lower_risk]),
        ]
    counted = "Samples, units, layers and outputs are counted from 1 in this text."
    return Parts(
        f"{_TITLES[view.kind]} of the risk",
        (*setting(view), say(counted)),
        tuple(statement),
        (*_steps(view), say("The steps are proved in ", Name("proofs/claims/analytic_point.md"), ".")),
    )


def _relations(view: AnalyticView) -> str:
    """What is said of derivatives that are combinations of others."""
    count = len(view.evidence.relations) if isinstance(view.evidence, (AnalyticFit, Frozen)) else 0
    if not count:
        return ""
    these = (
        "One of these numbers is a rational combination" if count == 1 else f"{count} of these numbers are rational combinations"
    )
    how = "with a common denominator the coefficients of every $e^{q}$ agree"
    return f" {these} of $1$ and of the others, as the certificate states: {how}."


def _steps(view: AnalyticView) -> Blocks:
    start = say(
        "The predictions at $θ$ are rational numbers. So the derivatives $r_i$ of the risk by the predictions are sums, with "
        "rational coefficients, of $1$ and of such numbers as $e^{q}$ and $1/(1 + e^{-q})$ with rational $q$. What of them is "
        "$0$ is seen when equal ones are put together, and what is not is enclosed in intervals whose ends are multiples of "
        f"$2^{{-{view.bits}}}$.{_relations(view)}"
    )
    match view.evidence:
        case AnalyticFit():
            text = "The loss is convex in the predictions, and for every input the $r_i$ of its samples add up to $0$. So"
            return start, say(f"{text} $L(θ′) − L(θ) ≥ Σ_i r_i (f(x_i; θ′) − f(x_i; θ)) = 0$ for all $θ′$.")
        case AnalyticDirection():
            text = "The one-sided derivative of $L$ at $θ$ is negative along the following direction."
            return start, say(text), *direction_blocks(view.direction)
        case AnalyticDeadUnit() as dead:
            return start, say(
                f"No output reads unit {dead.unit + 1}. When its weights move, the derivative of $Σ_i r_i h(w·x̃_i)$ is not $0$ "
                "along a direction. So after a short move its output weight can be chosen such that the risk falls."
            )
    assert isinstance(view.evidence, Frozen)
    return start, *_frozen(view.evidence)


def _frozen(evidence: Frozen) -> Blocks:
    if not evidence.parts:
        return (say("All $r_i$ are $0$, and the loss is convex: every sample is at a minimum of its loss."),)
    below = evidence.rule == "frozen"
    side, sign = ("below", "≥") if below else ("above", "≤")
    count = len(evidence.parts)
    rules = ", ".join(sorted({part.rule for part in evidence.parts}))
    hull = (
        "The $r_i$ are rational here."
        if count == 1
        else (
            f"The numbers that are not rational lie in a simplex with {count} rational corners, so $r$ is a mean of {count} "
            "rational vectors $r^{(j)}$ with weights $α_j$ that are not negative and add up to $1$."
        )
    )
    end = (
        "So $θ$ is a local minimum of every $S_j$, by the rule named, and therefore of $L$."
        if below
        else "Along the curve of the certificate every $S_j$ falls, and so does $L$."
    )
    if isinstance(evidence.curvatures, Squares):
        surrogate = "S_j(θ′) = Σ_i (r^{(j)}_i·Δ_i + Q_i(Δ_i))"
        words = f"with $Δ_i = f(x_i; θ′) - f(x_i; θ)$ and squares $Q_i$ whose second derivatives are {side} those of the loss"
        what = "These sums are treated as squared losses are"
    else:
        surrogate = "S_j(θ′) = ½ Σ_i q_i (f(x_i; θ′) − f(x_i; θ) + r^{(j)}_i/q_i)²"
        words = f"with numbers $q_i$ {side} the second derivatives of the loss"
        what = "These are squared losses with rational targets and weights"
    if evidence.curvatures is None:
        return say(hull), say(
            "The loss is convex, so $L(θ′) − L(θ) ≥ Σ_j α_j Σ_i r^{(j)}_i·(f(x_i; θ′) − f(x_i; θ))$. The certificate holds "
            f"evidence for every $j$ that the inner sum is not negative near $θ$ (rule: {rules}). So $θ$ is a local minimum."
        )
    return (
        say(hull),
        say(
            f"Let ${surrogate}$, {words}. Near $θ$, $L(θ′) − L(θ) {sign} Σ_j α_j (S_j(θ′) − S_j(θ))$. {what}, and "
            f"the certificate holds evidence about each of them (rule: {rules}). {end}"
        ),
    )
