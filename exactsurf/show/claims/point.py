"""The text about a claim on one point: a local minimum, a spurious one, or none (proofs/FORMAT.md, section 3)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.claims.point import LOCAL_MINIMUM, NOT_A_LOCAL_MINIMUM, SPURIOUS_LOCAL_MINIMUM
from exactsurf.certificate.reading.point_view import PointView, point_claim_view
from exactsurf.show.claims.parts import Parts
from exactsurf.show.rules import RULES
from exactsurf.show.rules.sample_values import SampleValues, sample_values
from exactsurf.show.text.arrays import MAX_COLUMNS, fits, point_blocks, table
from exactsurf.show.text.numeral import equation, numeral
from exactsurf.show.text.problem_text import setting
from exactsurf.show.text.prose import Block, Blocks, say

MAX_LOWER_POINTS = 3
"""Most lower points whose parameters are shown."""

_TITLES = {
    LOCAL_MINIMUM: "A local minimum",
    SPURIOUS_LOCAL_MINIMUM: "A spurious local minimum",
    NOT_A_LOCAL_MINIMUM: "Not a local minimum",
}
_MEANINGS = {
    LOCAL_MINIMUM: "$θ$ is a local minimum of $L$: no point in some neighbourhood of $θ$ has a lower risk.",
    SPURIOUS_LOCAL_MINIMUM: (
        "$θ$ is a spurious local minimum of $L$: no point in some neighbourhood of $θ$ has a lower risk, but some point "
        "elsewhere has."
    ),
    NOT_A_LOCAL_MINIMUM: "$θ$ is not a local minimum of $L$: every neighbourhood of $θ$ holds a point of lower risk.",
}


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, sections 3 to 5.
    """
    view = point_claim_view(document)
    values = sample_values(view)
    counted = f"Samples{', units, layers' if view.hidden_layers else ', layers'} and outputs are counted from 1 in this text."
    argument = RULES[view.evidence.rule](view.evidence, view, values)
    return Parts(
        title=f"{_TITLES[view.kind]} of the {view.risk_name}",
        setting=(*setting(view), say(counted)),
        statement=_statement(view),
        proof=(*argument, *_lower_points(view, values)),
    )


def _statement(view: PointView) -> Blocks:
    blocks: list[Block] = [say("Let $θ$ be the point with"), *point_blocks(view.parameters)]
    blocks.append(say(f"Then {equation('L(θ)', view.risk)}, and {_MEANINGS[view.kind]}"))
    for number, point in enumerate(view.lower_points[:MAX_LOWER_POINTS], start=1):
        blocks.append(say(f"A point of lower risk is $θ_{{{number}}}$, with"))
        blocks += point_blocks(point.parameters, "a" + "′" * number)  # no letter that stands for weights or biases
        name = f"L(θ_{{{number}}})"
        blocks.append(say(f"Its risk is {equation(name, point.risk)}, and the gap is {equation(f'L(θ) − {name}', point.gap)}."))
    if len(view.lower_points) > MAX_LOWER_POINTS:
        best = min(point.risk for point in view.lower_points)
        more = len(view.lower_points) - MAX_LOWER_POINTS
        blocks.append(
            say(f"The certificate holds {more} more points of lower risk; the lowest risk of all is {equation('L', best)}.")
        )
    return tuple(blocks)


def _lower_points(view: PointView, values: SampleValues | None) -> Blocks:
    """The last step for spurious minima: substitution."""
    if not view.lower_points:
        return ()
    shown = view.lower_points[:MAX_LOWER_POINTS]
    names = [f"θ_{{{number}}}" for number in range(1, len(shown) + 1)]
    listed = ", ".join(f"${name}$" for name in names)
    lower = "a risk" if len(shown) == 1 else "risks"
    blocks: list[Block] = [
        say(
            f"It is spurious: substitution of {listed} gives {lower} lower than $L(θ)$ by the gap{'s' * (len(shown) > 1)} "
            "stated above."
        )
    ]
    if values is not None and view.outputs == 1 and fits(view.samples, 2 + len(shown)) and 2 + len(shown) <= MAX_COLUMNS:
        columns = [values.problem.data.targets.column(0), values.forward.outputs[0]]
        columns += [values.predictions_at(point.parameters)[0] for point in shown]
        numbers = [column.fractions() for column in columns]
        header = ["i", "y_i", *(f"f(x_i; {name})" for name in ("θ", *names))]
        rows = [[str(i), *map(numeral, row)] for i, row in enumerate(zip(*numbers, strict=True), start=1)]
        blocks.append(say("The risks are sums over the rows of the following table of targets and predictions."))
        blocks += table(header, rows, (value for column in numbers for value in column))
    return tuple(blocks)
