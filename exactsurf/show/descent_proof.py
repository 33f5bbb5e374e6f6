"""The proofs in words for certificates that a point is not a local minimum (proofs/descent.md)."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.show.arrays import cells, direction_blocks, fits, point_blocks, rounding_note, vector
from exactsurf.show.certificate_view import CertificateView, DescentView
from exactsurf.show.frozen_risk import derivative
from exactsurf.show.numeral import equation
from exactsurf.show.problem_text import prediction
from exactsurf.show.prose import Block, Blocks, Display, Table, say
from exactsurf.show.sample_values import SampleValues, parameters_of


def descent_proof(view: CertificateView, values: SampleValues | None) -> Blocks:
    """Why every neighbourhood of the point holds a lower one.

    Parameters: `view`; `values` of the samples if they were recomputed. Exactness: exact, but for numbers marked with ≈.
    Raises: nothing. Source: proofs/FORMAT.md, section 5; proofs/descent.md.
    """
    descent = view.descent
    assert descent is not None
    argument = _direction(descent) if descent.rule == "direction" else _dead_unit(view, descent, values)
    return (*argument, *_visible(descent, values))


def _direction(descent: DescentView) -> Blocks:
    slope = equation("L′(θ; d)", descent.derivative)
    return (
        say("Let $d$ be this direction in the space of the parameters."),
        *direction_blocks(descent.direction),
        say(
            "The risk is built from affine maps, products, the piecewise linear $h$ and a convex loss. These are Lipschitz "
            "near every point and have one-sided directional derivatives, which therefore obey the chain rule. Write $Ẇ_l$, "
            "$ḃ_l$ for the parts of $d$, $z_l$ for the pre-activations of layer $l$ on a sample, $f_0 = x$ and $f_l = h(z_l)$. "
            "Starting with $ḟ_0 = 0$,"
        ),
        Display("ż_l = Ẇ_l f_{l-1} + W_l ḟ_{l-1} + ḃ_l"),
        say(
            "and $ḟ_l$ is $ż_l$ times the right slope of $h$ at $z_l$ where $ż_l > 0$, times the left slope where $ż_l < 0$, "
            "and $0$ where $ż_l = 0$ (the bias term is absent in layers without a bias, and the last layer has no $h$). The "
            f"sum of the one-sided derivatives of the loss in the direction of the last $ż_l$ is {slope}. This is the limit of "
            "$(L(θ + t·d) − L(θ))/t$ for $t ↓ 0$, and it is negative. So $L(θ + t·d) < L(θ)$ for all small $t > 0$, and every "
            "neighbourhood of $θ$ holds a lower point."
        ),
    )


def _dead_unit(view: CertificateView, descent: DescentView, values: SampleValues | None) -> Blocks:
    k, j, r = view.outputs, descent.unit + 1, derivative(view.outputs)
    output = descent.output + 1
    fixed = "r_i" if k == 1 else f"r_{{i{output}}}"
    extended = "$x̃_i = (x_i, 1)$" if view.biases[0] else "$x̃_i = x_i$"
    row = f"row ${j}$ of $W_1$" + (f" followed by entry ${j}$ of $b_1$" if view.biases[0] else "")
    weight = f"entry ${j}$ of $W_2$" if k == 1 else f"row ${output}$, column ${j}$ of $W_2$"
    r_text: Blocks = ()
    if values is not None and fits(view.samples, 1):
        numbers = [(value,) for value in values.derivatives[descent.output].fractions()]
        body = tuple((str(i), *row) for i, row in enumerate(cells(numbers), start=1))
        r_text = (Table(("i", fixed), body), *rounding_note(value for (value,) in numbers))
    return (
        say(
            f"Column ${j}$ of $W_2$ is zero, so unit ${j}$ can move without any change of the predictions. Write {extended}, "
            f"$w$ for {row}, ${r}$ for the derivative of the loss at the prediction ${prediction(k)}$ (the loss is "
            f"differentiable there), $φ(w) = Σ_i {fixed} h(w·x̃_i)$, and let $δ = {vector(descent.delta)}$."
        ),
        *rounding_note(descent.delta),
        *r_text,
        say(
            "Let $θ_t$ be $θ$ with $w + t·δ$ in place of $w$. The predictions, the risk and the derivatives of the loss at "
            f"$θ_t$ are those at $θ$, and the partial derivative of $L$ at $θ_t$ by {weight} is $φ(w + t·δ)$. For small $t > "
            f"0$ it equals $φ(w) + t·D$, where $D$ is the sum of ${fixed}$ times the one-sided derivative of $h$ at $w·x̃_i$ "
            f"in the direction $δ·x̃_i$; {equation('D', descent.derivative)}, which is not $0$. So for all small $t > 0$ this "
            "partial derivative is not $0$: arbitrarily near $θ_t$, and hence arbitrarily near $θ$, there are points of lower "
            "risk."
        ),
    )


def _visible(descent: DescentView, values: SampleValues | None) -> Blocks:
    lower = descent.lower_point
    step = _step(descent, values)
    where = f"at $θ_1 = θ + t·d$ with {equation('t', step)}" if step is not None else "at the point $θ_1$"
    blocks: list[Block] = [say(f"The descent can be seen {where}:"), *point_blocks(lower.parameters)]
    blocks.append(say(f"Substitution gives {equation('L(θ_1)', lower.risk)}, lower by {equation('L(θ) − L(θ_1)', lower.gap)}."))
    return tuple(blocks)


def _step(descent: DescentView, values: SampleValues | None) -> Fraction | None:
    """The t with lower point = θ + t·direction, if it is on that ray."""
    if values is None or descent.rule != "direction":
        return None
    goal = parameters_of(values.problem, descent.lower_point.parameters)
    way = parameters_of(values.problem, descent.direction)
    steps = set()
    for (_, here), (_, there), (_, along) in zip(values.parameters.items(), goal.items(), way.items(), strict=True):
        for a, b, d in zip(_flat(here), _flat(there), _flat(along), strict=True):
            if d == 0 and a != b:
                return None
            if d:
                steps.add((b - a) / d)
    return steps.pop() if len(steps) == 1 and min(steps) > 0 else None


def _flat(value: tuple[Fraction, ...] | tuple[tuple[Fraction, ...], ...]) -> list[Fraction]:
    return [entry for row in value for entry in (row if isinstance(row, tuple) else (row,))]
