"""The proof in words for certificates by the rule ``dead unit`` (proofs/rules/dead_unit.md)."""

from __future__ import annotations

from exactsurf.certificate.reading.point_view import PointView
from exactsurf.certificate.rules.dead_unit import DeadUnit
from exactsurf.show.rules.frozen_risk import derivative
from exactsurf.show.rules.sample_values import SampleValues
from exactsurf.show.rules.visible_descent import visible_descent
from exactsurf.show.text.arrays import cells, fits, rounding_note, vector
from exactsurf.show.text.numeral import equation
from exactsurf.show.text.problem_text import prediction
from exactsurf.show.text.prose import Blocks, Table, say


def proof(evidence: DeadUnit, view: PointView, values: SampleValues | None) -> Blocks:
    """Why every neighbourhood of the point holds a lower one: a unit without output weight is moved.

    Parameters: `evidence` of the certificate in `view`; `values` of the samples if they were recomputed.
    Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 5; proofs/rules/dead_unit.md.
    """
    k, j, r = view.outputs, evidence.unit + 1, derivative(view.outputs)
    output = evidence.output + 1
    fixed = "r_i" if k == 1 else f"r_{{i{output}}}"
    extended = "$x̃_i = (x_i, 1)$" if view.biases[0] else "$x̃_i = x_i$"
    row = f"row ${j}$ of $W_1$" + (f" followed by entry ${j}$ of $b_1$" if view.biases[0] else "")
    weight = f"entry ${j}$ of $W_2$" if k == 1 else f"row ${output}$, column ${j}$ of $W_2$"
    r_text: Blocks = ()
    if values is not None and fits(view.samples, 1):
        numbers = [(value,) for value in values.derivatives[evidence.output].fractions()]
        body = tuple((str(i), *row) for i, row in enumerate(cells(numbers), start=1))
        r_text = (Table(("i", fixed), body), *rounding_note(value for (value,) in numbers))
    return (
        say(
            f"Column ${j}$ of $W_2$ is zero, so unit ${j}$ can move without any change of the predictions. Write {extended}, "
            f"$w$ for {row}, ${r}$ for the derivative of the loss at the prediction ${prediction(k)}$ (the loss is "
            f"differentiable there), $φ(w) = Σ_i {fixed} h(w·x̃_i)$, and let $δ = {vector(evidence.delta)}$."
        ),
        *rounding_note(evidence.delta),
        *r_text,
        say(
            "Let $θ_t$ be $θ$ with $w + t·δ$ in place of $w$. The predictions, the risk and the derivatives of the loss at "
            f"$θ_t$ are those at $θ$, and the partial derivative of $L$ at $θ_t$ by {weight} is $φ(w + t·δ)$. For small $t > "
            f"0$ it equals $φ(w) + t·D$, where $D$ is the sum of ${fixed}$ times the one-sided derivative of $h$ at $w·x̃_i$ "
            f"in the direction $δ·x̃_i$; {equation('D', evidence.derivative)}, which is not $0$. So for all small $t > 0$ this "
            "partial derivative is not $0$: arbitrarily near $θ_t$, and hence arbitrarily near $θ$, there are points of lower "
            "risk."
        ),
        *visible_descent(view, evidence.lower_point, "θ(t)", None, values),
    )
