"""The lower point that makes a descent visible."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.certificate.reading.claim_view import view_of
from exactsurf.certificate.reading.point_view import PointView
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.model.parameters import Parameters
from exactsurf.show.rules.sample_values import SampleValues
from exactsurf.show.text.arrays import point_blocks
from exactsurf.show.text.numeral import equation
from exactsurf.show.text.prose import Block, Blocks, say


def visible_descent(view: PointView, lower: LowerPoint, name: str, ray: Parameters | None, values: SampleValues | None) -> Blocks:
    """The lower point of a certificate, and where it is on the ray or curve of its descent.

    Parameters: `view` of the certificate; its `lower` point; `name`, the ray or curve as formula source; `ray`, its direction
    if it is one; `values` of the samples if they were recomputed.
    Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 5.
    """
    step = _step(lower, ray, values)
    where = "at the point $θ_1$"
    if step is not None:
        where = f"at $θ_1 = {name}$ with {equation('t', step)}"
    blocks: list[Block] = [say(f"The descent can be seen {where}:"), *point_blocks(view_of(lower.parameters))]
    gap = equation("L(θ) − L(θ_1)", view.risk - lower.risk)
    blocks.append(say(f"Substitution gives {equation('L(θ_1)', lower.risk)}, lower by {gap}."))
    return tuple(blocks)


def _step(lower: LowerPoint, ray: Parameters | None, values: SampleValues | None) -> Fraction | None:
    """The t with lower point = θ + t·direction, if it is on that ray."""
    if values is None or ray is None:
        return None
    steps = set()
    for (_, here), (_, there), (_, along) in zip(values.parameters.items(), lower.parameters.items(), ray.items(), strict=True):
        for a, b, d in zip(_flat(here), _flat(there), _flat(along), strict=True):
            if d == 0 and a != b:
                return None
            if d:
                steps.add((b - a) / d)
    return steps.pop() if len(steps) == 1 and min(steps) > 0 else None


def _flat(value: tuple[Fraction, ...] | tuple[tuple[Fraction, ...], ...]) -> list[Fraction]:
    return [entry for row in value for entry in (row if isinstance(row, tuple) else (row,))]
