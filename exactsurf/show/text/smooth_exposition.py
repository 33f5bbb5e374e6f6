"""The text about a certificate for a smooth activation: the box or the point, and what its proof rests on."""

from __future__ import annotations

from exactsurf.certificate.claims.critical_box import (
    CRITICAL_POINT,
    LOCAL_MINIMUM_IN_A_BOX,
    NO_LOCAL_MINIMUM_IN_A_BOX,
    SPURIOUS_LOCAL_MINIMUM_IN_A_BOX,
)
from exactsurf.certificate.claims.smooth_point import (
    GLOBAL_MINIMUM_OF_SMOOTH_RISK,
    LOCAL_MINIMUM_OF_SMOOTH_RISK,
    NO_LOCAL_MINIMUM_OF_SMOOTH_RISK,
)
from exactsurf.certificate.claims.three_samples import ON_THREE_SAMPLES
from exactsurf.certificate.reading.smooth_view import SmoothView
from exactsurf.show.text.arrays import direction_blocks, point_blocks, rounding_note, vector
from exactsurf.show.text.numeral import equation, numeral
from exactsurf.show.text.problem_text import activation_text, data_text, network_text, risk_text
from exactsurf.show.text.prose import Block, Blocks, Cases, Display, Name, say

SMOOTH_TITLES = {
    CRITICAL_POINT: "Exactly one critical point in a box",
    LOCAL_MINIMUM_IN_A_BOX: "A local minimum in a box",
    SPURIOUS_LOCAL_MINIMUM_IN_A_BOX: "A spurious local minimum in a box",
    NO_LOCAL_MINIMUM_IN_A_BOX: "A critical point in a box that is not a local minimum",
    ON_THREE_SAMPLES: "A spurious local minimum on three samples",
    GLOBAL_MINIMUM_OF_SMOOTH_RISK: "A global minimum",
    LOCAL_MINIMUM_OF_SMOOTH_RISK: "A local minimum",
    NO_LOCAL_MINIMUM_OF_SMOOTH_RISK: "Not a local minimum",
}
"""The claims about smooth activations, and how their pages are called."""

_SECTIONS = {
    "box": "1 to 4",
    "three samples": "5",
    "fit": "6",
    "unitwise": "6",
    "slope": "7",
    "curvature": "7",
    "dead unit": "7",
}


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


def smooth_statement(view: SmoothView) -> Blocks:
    """What is claimed, with its numbers.

    Parameters: `view`. Exactness: exact, but for numbers marked with ≈. Raises: nothing. Source: proofs/FORMAT.md, 10 to 13.
    """
    if view.rule == "three samples":
        return _on_three_samples(view)
    low, high = view.risk
    risk = equation("L(θ)", low) if low == high else f"${numeral(low)} ≤ L(θ) ≤ {numeral(high)}$"
    if view.rule != "box":
        meaning = {
            GLOBAL_MINIMUM_OF_SMOOTH_RISK: "$θ$ is a global minimum of $L$: no point has a lower risk.",
            LOCAL_MINIMUM_OF_SMOOTH_RISK: "$θ$ is a local minimum of $L$: no point in some neighbourhood has a lower risk.",
            NO_LOCAL_MINIMUM_OF_SMOOTH_RISK: (
                "$θ$ is not a local minimum of $L$: every neighbourhood of $θ$ holds a point of lower risk."
            ),
        }[view.kind]
        blocks: list[Block] = [say("Let $θ$ be the point with"), *point_blocks(view.parameters)]
        return (*blocks, say(f"Then {risk}, and {meaning}"), *rounding_note(view.risk), *_lower_point(view))
    free = " that is not held" if view.held else ""
    blocks = [say("Let $m$ be the point with"), *point_blocks(view.parameters)]
    blocks.append(
        say(f"Let $X$ be the box of all points that differ from $m$ by at most {_radius(view)} in every coordinate{free}.")
    )
    if view.held:
        held = ", ".join(f"entry $({reader + 1}, {unit + 1})$ of $W_{{{layer + 1}}}$" for layer, unit, reader in view.held)
        blocks.append(
            say(f"Held at their values in $m$ are {held}, because hidden units can be rescaled without a change of $L$.")
        )
    kinds = {
        CRITICAL_POINT: ".",
        LOCAL_MINIMUM_IN_A_BOX: ", and it is a strict local minimum.",
        SPURIOUS_LOCAL_MINIMUM_IN_A_BOX: ", and it is a strict local minimum, and a spurious one.",
        NO_LOCAL_MINIMUM_IN_A_BOX: ", and it is not a local minimum.",
    }
    scale = " up to the scale of the hidden units" if view.held else ""
    blocks.append(say(f"Then $X$ holds exactly one critical point of $L${scale}{kinds[view.kind]}"))
    blocks.append(say(f"For every point $θ$ of $X$, {risk}."))
    return (*blocks, *rounding_note(view.risk), *_lower_point(view))


def _radius(view: SmoothView) -> str:
    return equation("r", view.radius)


def _on_three_samples(view: SmoothView) -> Blocks:
    v, u = view.numbers[:2], view.numbers[2]
    return (
        say(f"Let $v_1 = {numeral(v[0])}$, $v_2 = {numeral(v[1])}$, $u_1 = {numeral(u)}$, and let $u_2$ be defined by"),
        Display("u_1 h(v_1) + u_2 h(v_2) = 1/3"),
        *rounding_note(view.numbers),
        say("Let $θ$ be the point with both entries of row $k$ of $W_1$ equal to $v_k$, $W_2 = (u_1, u_2)$ and biases $0$."),
        say(f"Then every prediction is $1/3$, {equation('L(θ)', view.risk[0])}, and $θ$ is a spurious local minimum of $L$."),
        *_lower_point(view),
    )


def _lower_point(view: SmoothView) -> Blocks:
    if view.lower_risk is None:
        return ()
    return (
        say("A point of lower risk is $θ_1$, with"),
        *point_blocks(view.lower_point),
        say(f"Its risk is at most ${numeral(view.lower_risk)}$."),
        *rounding_note([view.lower_risk]),
    )


def smooth_proof(view: SmoothView) -> Blocks:
    """The steps of the proof; what the verifier computed is said as such.

    Parameters: `view`. Exactness: nothing is computed. Raises: nothing. Source: proofs/smooth.md.
    """
    arithmetic = (
        f"Real numbers are enclosed in intervals whose ends are multiples of $2^{{-{view.bits}}}$, rounded outwards, and the "
        "values of the activation in such intervals by series with bounded remainders."
    )
    blocks: list[Block] = list(_steps(view))
    if view.rule != "fit":
        blocks.insert(0, say(arithmetic))
    if view.lower_risk is not None:
        blocks.append(say("The risk of the lower point is computed in the same way."))
    section = _SECTIONS[view.rule]
    name = "sections" if " " in section else "section"
    return (*blocks, say("The steps are proved in ", Name("proofs/smooth.md"), f", {name} {section}."))


def _steps(view: SmoothView) -> Blocks:
    if view.rule == "box":
        return _box_steps(view)
    if view.rule == "three samples":
        return (
            say(
                "Let $N$ be the matrix of entries $u_j h′(v_j) u_k h′(v_k)$, plus $u_k h′′(v_k)/3$ where $j = k$. The "
                "intervals give"
            ),
            Display("N_{11} > 0,  N_{11} N_{22} − N_{12}² > 0"),
            say("so $N$ is positive definite, and this is enough for a local minimum of the risk on these three samples."),
        )
    if view.rule == "fit":
        return (
            say(
                "All predictions at $θ$ are rational. For every input the residuals of the samples with this input add up to $0$."
            ),
            say(
                "The predictions are functions of the input, and the squared loss is convex, so no parameters have a lower risk."
            ),
        )
    if view.rule == "unitwise":
        return (
            say(
                "All predictions at $θ$ are rational. The derivatives of the loss are frozen; by convexity it is enough that for"
            ),
            say("every hidden unit its output weight times its frozen risk has a local minimum with value $0$ at its weights."),
            say(
                "Where samples have equal pre-activations this is a matter of rational equations between residuals, and of signs "
                "of second derivatives, which the intervals give."
            ),
        )
    if view.rule == "slope":
        return (say("The slope of $L$ at $θ$ is negative along the following direction."), *direction_blocks(view.direction))
    if view.rule == "curvature":
        return (
            say("The second derivative of $L$ at $θ$ is negative along the following direction $d$."),
            *direction_blocks(view.direction),
            say("So the risk falls along $d$ or along $-d$, whatever the slope is."),
        )
    return (
        say(
            f"No output reads unit {view.unit + 1} of the last hidden layer. The sum of the activations that it "
            "would have at the weights"
        ),
        Display(f"w′ = {vector(view.numbers)}"),
        say("(its bias, if it has one, is the last entry) times the residuals is not $0$."),
        *rounding_note(view.numbers),
        say(
            "This sum is an analytic function of the weights, so it is not $0$ at some weights arbitrarily near to those of the "
            "unit. There a small output weight of the right sign lowers the risk."
        ),
    )


def _box_steps(view: SmoothView) -> Blocks:
    blocks: list[Block] = [
        say(
            "Let $g$ and $H$ be gradient and Hessian of $L$ in the coordinates that vary, and $Y$ the matrix in the field "
            "evidence.inverse of the certificate. The intervals give, for every row $i$, with the largest values over the box,"
        ),
        Display("|(Y g(m))_i| + r Σ_j |(I − Y H)_{ij}| < r"),
        say(
            "So $θ − Y g(θ)$ maps $X$ into its interior and contracts it (Krawczyk); its one fixed point is the one critical "
            "point in $X$."
        ),
    ]
    if view.kind == NO_LOCAL_MINIMUM_IN_A_BOX:
        blocks += [
            say("On the whole box the second derivative of $L$ is negative along the following direction."),
            *direction_blocks(view.direction),
        ]
    elif view.kind != CRITICAL_POINT:
        blocks.append(
            say("Symmetric elimination with the intervals of $H$ has positive pivots, so $H$ is positive definite on $X$.")
        )
    return tuple(blocks)
