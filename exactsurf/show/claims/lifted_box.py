"""The text about a claim on a box of networks that are affine on the data (proofs/claims/lifted_box.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.lifted_view import LiftedView, lifted_view
from exactsurf.show.claims.parts import Parts
from exactsurf.show.text.arrays import point_blocks, rounding_note
from exactsurf.show.text.numeral import equation, numeral
from exactsurf.show.text.problem_text import setting
from exactsurf.show.text.prose import Blocks, Display, Name, say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 17; proofs/claims/lifted_box.md.
    """
    view = lifted_view(document)
    return Parts(
        "A spurious local minimum in a box",
        (*setting(view), say("Samples, units, layers and outputs are counted from 1 in this text.")),
        _statement(view),
        (*_steps(view), say("The steps are proved in ", Name("proofs/claims/lifted_box.md"), ".")),
    )


def _statement(view: LiftedView) -> Blocks:
    low, high = view.risk
    units = ", ".join(str(unit + 1) for unit in view.units)
    return (
        say("Let $m$ be the point with"),
        *point_blocks(view.parameters),
        say(
            f"On the data its network is affine. Let $B$ be the affine models whose {view.size} free coefficients differ from "
            f"those of $m$ by at most {equation('r', view.radius)}, and $X$ the points that differ from $m$ in the weights and "
            f"biases of the units {units} of layer 1 only, and compute a model of $B$."
        ),
        say(f"Then $X$ holds a spurious local minimum of $L$, and its risk lies between ${numeral(low)}$ and ${numeral(high)}$."),
        *rounding_note(view.risk),
        say("A point of lower risk is $θ_1$, with"),
        *point_blocks(view.lower_point),
        say(f"Its risk is at most ${numeral(view.lower_risk)}$."),
        *rounding_note([view.lower_risk]),
    )


def _steps(view: LiftedView) -> Blocks:
    held = (
        ""
        if not view.held
        else " The columns of the inputs that are held are combinations of the others on all samples, so they add no model."
    )
    return (
        say(
            "At every point of $X$ every hidden unit is, on all samples, strictly inside one piece of the activation: so the "
            "network computes an affine model at all points nearby, too."
        ),
        say(
            "Let $g$ be the risk as a function of the free coefficients of an affine model, $H$ its Hessian on $B$, and $Y$ the "
            "matrix in the field evidence.inverse of the certificate. The intervals give, for every row $i$, with the largest "
            "values on $B$,"
        ),
        Display("|(Y ∇g(m))_i| + r Σ_j |(I − Y H)_{ij}| < r"),
        say(
            "So $g$ has exactly one critical point in $B$ (Krawczyk). Symmetric elimination with the intervals of $H$ has "
            f"positive pivots, so it is a strict minimum of $g$ in the free coefficients.{held} So no affine model near it has a "
            "lower risk, and no network near the point of $X$ that computes it has one."
        ),
    )
