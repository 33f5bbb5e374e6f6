"""The proofs in words that a point is not a local minimum (proofs/rules/direction.md, dead_unit.md, curve.md)."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.show.certificate_view import CertificateView, DescentView
from exactsurf.show.rules.frozen_risk import derivative
from exactsurf.show.rules.sample_values import SampleValues, parameters_of
from exactsurf.show.text.arrays import cells, direction_blocks, fits, point_blocks, rounding_note, vector
from exactsurf.show.text.numeral import equation
from exactsurf.show.text.problem_text import prediction
from exactsurf.show.text.prose import Block, Blocks, Display, Table, say


def descent_proof(view: CertificateView, values: SampleValues | None) -> Blocks:
    """Why every neighbourhood of the point holds a lower one.

    Parameters: `view`; `values` of the samples if they were recomputed. Exactness: exact, but for numbers marked with ≈.
    Raises: nothing. Source: proofs/FORMAT.md, section 5; proofs/rules/direction.md, dead_unit.md and curve.md.
    """
    descent = view.descent
    assert descent is not None
    if descent.rule == "curve":
        argument = _curve(view, descent)
    else:
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


def _curve(view: CertificateView, descent: DescentView) -> Blocks:
    n, powers = descent.order, [_power(k) for k in range(1, len(descent.curve) + 1)]
    one = len(descent.curve) == 1
    blocks: list[Block] = [
        say(
            f"Let $θ(t) = θ + {' + '.join(f'{power}·c_{{{k}}}' for k, power in enumerate(powers, start=1))}$ for $t ≥ 0$, with "
            f"{'this direction' if one else 'these directions'} in the space of the parameters."
        )
    ]
    for k, direction in enumerate(descent.curve, start=1):
        blocks += [say(f"The direction $c_{{{k}}}$:"), *direction_blocks(direction)]
    hidden = (
        "At $θ(t)$ the pre-activations of the first layer are polynomials in $t$. So each of them stays, for all small $t > 0$, "
        "on one side of every breakpoint of $h$ (or on it), which the first of its coefficients behind the constant one that "
        "is not $0$ decides, and $h$ is affine there; hence the pre-activations of the next layer are polynomials in $t$ as "
        "well, and so on up to the predictions."
        if view.hidden_layers
        else "The predictions at $θ(t)$ are polynomials in $t$."
    )
    fixed = {
        "absolute": " The loss is affine on both sides of its kink, and a prediction stays on one of them.",
        "hinge": " The loss is affine on both sides of its kink, and a prediction stays on one of them.",
        "huber": " The loss is a polynomial between the places at which it turns from square to line, and a prediction stays "
        "between two of them.",
    }.get(view.loss.name, "")
    if view.loss.name == "hinge" and view.outputs > 1:
        fixed = (
            " Each term of the loss is affine on both sides of its kink, and the difference of the two outputs in it stays on "
            "one of them."
        )
    blocks.append(
        say(
            f"{hidden}{fixed} So for small $t > 0$ the risk is a polynomial in $t$, and its coefficients come from sums and "
            f"products of power series cut off behind ${_power(n)}$:"
        )
    )
    blocks.append(Display(f"L(θ(t)) = L(θ) + a {_power(n)} + …"))
    falls = f"the lowest power of $t$ that has a coefficient other than $0$ is ${_power(n)}$"
    blocks.append(
        say(
            f"Here {falls}, and {equation('a', descent.derivative)}, which is negative. So $L(θ(t)) < L(θ)$ for all small $t > "
            "0$, and every neighbourhood of $θ$ holds a lower point."
        )
    )
    return tuple(blocks)


def _power(exponent: int) -> str:
    return "t" if exponent == 1 else f"t^{{{exponent}}}"


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
    where = "at the point $θ_1$"
    if step is not None:
        where = f"at $θ_1 = {'θ + t·d' if descent.rule == 'direction' else 'θ(t)'}$ with {equation('t', step)}"
    blocks: list[Block] = [say(f"The descent can be seen {where}:"), *point_blocks(lower.parameters)]
    blocks.append(say(f"Substitution gives {equation('L(θ_1)', lower.risk)}, lower by {equation('L(θ) − L(θ_1)', lower.gap)}."))
    return tuple(blocks)


def _step(descent: DescentView, values: SampleValues | None) -> Fraction | None:
    """The t with lower point = θ + t·direction, if it is on that ray."""
    ray = descent.curve[0] if len(descent.curve) == 1 else descent.direction
    if values is None or not ray:
        return None
    goal = parameters_of(values.problem, descent.lower_point.parameters)
    way = parameters_of(values.problem, ray)
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
