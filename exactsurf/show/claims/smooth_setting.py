"""What the texts about claims on smooth activations share: setting, lower point, and where the steps are proved."""

from __future__ import annotations

from exactsurf.certificate.reading.smooth_view import SmoothView
from exactsurf.show.claims.parts import Parts
from exactsurf.show.text.arrays import point_blocks, rounding_note
from exactsurf.show.text.numeral import equation, numeral
from exactsurf.show.text.problem_text import activation_text, data_text, network_text, risk_text
from exactsurf.show.text.prose import Blocks, Cases, Display, Name, say


def smooth_parts(
    view: SmoothView,
    title: str,
    statement: Blocks,
    steps: Blocks,
    sections: str,
    *,
    by_intervals: bool = True,
    page: str = "proofs/smooth.md",
) -> Parts:
    """The parts of a text about a smooth activation.

    Parameters: `view`; `title`; `statement`, to which the lower point is added; `steps` of the proof; the `sections` of
    `page` where they are proved, if it has any; `by_intervals`, whether real numbers are enclosed.
    Exactness: nothing is computed. Raises: nothing. Source: proofs/FORMAT.md, sections 10, 11 and 13.
    """
    arithmetic = say(
        f"Real numbers are enclosed in intervals whose ends are multiples of $2^{{-{view.bits}}}$, rounded outwards, and the "
        "values of the activation in such intervals by series with bounded remainders."
    )
    lower = "The risk of the lower point is computed in the same way."
    name = "sections" if " " in sections else "section"
    return Parts(
        title,
        (*smooth_setting(view), say("Samples, units, layers and outputs are counted from 1 in this text.")),
        (*statement, *_lower_point(view)),
        (
            *((arithmetic,) if by_intervals else ()),
            *steps,
            *(() if view.lower_risk is None else (say(lower),)),
            say("The steps are proved in ", Name(page), f", {name} {sections}." if sections else "."),
        ),
    )


def smooth_setting(view: SmoothView) -> Blocks:
    """Network, activation, risk and data.

    Parameters: `view`. Exactness: exact, but for numbers marked with ≈. Raises: nothing. Source: proofs/FORMAT.md, 10.
    """
    return (*network_text(view), *_activation(view), *risk_text(view), *data_text(view))


def _activation(view: SmoothView) -> Blocks:
    what = "The activation of the hidden units is"
    formulas = {
        "sigmoid": "the sigmoid, $h(z) = 1/(1 + e^{-z})$.",
        "tanh": "the hyperbolic tangent, $h(z) = tanh z$.",
        "arctan": "the arctangent, $h(z) = arctan z$.",
        "softplus": "softplus, $h(z) = log(1 + e^{z})$.",
        "quadratic": "the square, $h(z) = z²$.",
    }
    if not view.hidden_layers:
        return ()
    if view.piecewise is not None:
        return activation_text(view.piecewise)
    if view.name in formulas:
        return (say(f"{what} {formulas[view.name]}"),)
    if view.name == "expression":
        return say(f"{what} given by an expression:"), Display(f"h(z) = {view.expression}")
    alpha, scale = view.constants["alpha"], view.constants.get("lambda")
    factor = numeral(alpha if scale is None else scale * alpha)
    positive = "z" if scale is None else f"{numeral(scale)} z"
    constants = [alpha] if scale is None else [scale, scale * alpha]
    cases = ((positive, "z ≥ 0"), (f"{factor} (e^{{z}} − 1)", "z < 0"))
    return (say(f"{what} {view.name.upper()}:"), Cases("h(z)", cases), *rounding_note(constants))


def risk_statement(view: SmoothView) -> str:
    """The risk at θ, or its bounds."""
    low, high = view.risk
    return equation("L(θ)", low) if low == high else f"${numeral(low)} ≤ L(θ) ≤ {numeral(high)}$"


def _lower_point(view: SmoothView) -> Blocks:
    if view.lower_risk is None:
        return ()
    return (
        say("A point of lower risk is $θ_1$, with"),
        *point_blocks(view.lower_point),
        say(f"Its risk is at most ${numeral(view.lower_risk)}$."),
        *rounding_note([view.lower_risk]),
    )
