"""The text about a certificate of a whole surface: all cells, bounds, paths, barriers, valleys."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from exactsurf.certificate.reading.claim_view import InlineData, Point
from exactsurf.certificate.reading.surface_view import SurfaceView
from exactsurf.exact.number import exact
from exactsurf.model.loss import Loss
from exactsurf.show.rules.sample_values import risk_at
from exactsurf.show.text.arrays import MAX_COLUMNS, MAX_ROWS, point_blocks, table
from exactsurf.show.text.numeral import equation, numeral
from exactsurf.show.text.prose import Block, Blocks, Display, Name, say

SURFACE_TITLES = {
    "all cells": "All activation cells",
    "global minimum": "A global minimum",
    "lower bound": "A lower bound of the risk",
    "path": "A path below a level",
    "barrier": "A barrier",
    "spurious valley": "A spurious valley",
    "all valleys": "All valleys",
}
"""The claims about whole surfaces, and how their pages are called."""

_MAX_POINTS = 10

_PROOFS = {"all cells": "all_cells.md", "global minimum": "global_minimum.md", "lower bound": "global_minimum.md"}
_CONJUGATES = {
    "squared": "B(r) = −Σ_i (r_i y_i + {quarter} r_i²)",
    "absolute": "B(r) = −Σ_i r_i y_i,  |r_i| ≤ {scale}",
    "huber": "B(r) = −Σ_i (r_i y_i + {half} r_i²),  |r_i| ≤ {slope}",
    "hinge": "B(r) = −Σ_i r_i y_i,  −{scale} ≤ r_i y_i ≤ 0",
}


def surface_statement(view: SurfaceView) -> Blocks:
    """What is claimed, with its numbers.

    Parameters: `view`. Exactness: exact, but for numbers marked with ≈. Raises: nothing. Source: proofs/FORMAT.md.
    """
    numbers, counts = view.numbers, view.counts
    match view.kind:
        case "all cells":
            text = (
                f"Each hidden unit has exactly ${counts['cells_per_unit']}$ activation cells, and the network exactly "
                f"${counts['cells']}$; up to the order of the units these are ${counts['cells_modulo_permutation']}$."
            )
            return (say(text),)
        case "lower bound":
            return (say(f"For all parameters $θ$ of the network, $L(θ) ≥ {numeral(numbers['bound'], 48)}$."),)
        case "global minimum":
            end = "and no parameters of the network have a lower risk: $θ$ is a global minimum of $L$."
            return (*_point(view), say(f"Then {equation('L(θ)', numbers['risk'])}, {end}"))
        case "spurious valley":
            end = "and one path rises no higher. So $θ$ is a bottom of a spurious valley of $L$."
            text = f"every path from $θ$ to a point of lower risk reaches at least {equation('c', numbers['barrier'])},"
            return (*_point(view), say(f"Then {equation('L(θ)', numbers['risk'])}; {text} {end}"))
        case "path":
            return (
                say(f"On the path through the points below the risk is at most {equation('c', numbers['level'])}."),
                *_points(view.points),
            )
        case "barrier":
            text = (
                f"Every path between $θ_{{1}}$ and $θ_{{{len(view.points)}}}$ reaches a risk of at least "
                f"{equation('c', numbers['level'])}, and the path through the points below rises no higher."
            )
            return (say(text), *_points(view.points))
    count = counts["valleys"]
    listed = "$θ_{1}$" if count == 1 else f"one of $θ_{{1}}$ to $θ_{{{count}}}$"
    start = "From all parameters $θ$ some path on which the risk never exceeds $L(θ)$ leads, up to the order of the units,"
    text = f"{start} to {listed}:"
    return (say(text), *_points(view.points[:count]))


def surface_proof(view: SurfaceView) -> Blocks:
    """The premises that the verifier has checked, with their numbers, and where it is proved that they are enough.

    Parameters: `view`. Exactness: exact, but for numbers marked with ≈. Raises: nothing. Source: proofs/FORMAT.md.
    """
    blocks: list[Block] = []
    if view.kind == "spurious valley":
        blocks += [say("The path leads from $θ_{0} = θ$ through"), *_points(view.points)]
    if view.kind in ("path", "barrier", "spurious valley"):
        text = (
            "In every step each unit keeps its weights, or its output weight is 0 at both ends, or that keeps its sign and all "
            "pre-activations stay in common closed pieces. So along a step, suitably parametrised, every prediction is linear, "
            "the risk is convex, and it is at most the larger one of the two ends."
        )
        blocks.append(say(text))
        blocks += _risks(view)
    if view.kind == "all valleys" and len(view.points) > view.counts["valleys"]:
        further = len(view.points) - view.counts["valleys"]
        text = (
            f"The certificate has ${further}$ further points, each of which leads in one such step to an earlier one, not higher."
        )
        blocks.append(say(text))
    if view.cells:
        blocks += _cells(view)
    if view.duals:
        blocks += _duals(view)
    source = _PROOFS.get(view.kind, f"{view.kind.replace(' ', '_')}.md")
    blocks.append(say("These premises are enough, by the proof in ", Name(f"proofs/{source}"), "."))
    return tuple(blocks)


def _point(view: SurfaceView) -> Blocks:
    return (say("Let $θ$ be the point with"), *point_blocks(view.parameters))


def _points(points: Sequence[Point]) -> Blocks:
    blocks: list[Block] = []
    for number, point in enumerate(points[:_MAX_POINTS], start=1):
        blocks += [say(f"$θ_{{{number}}}$, with"), *point_blocks(point)]
    if len(points) > _MAX_POINTS:
        blocks.append(say(f"and ${len(points) - _MAX_POINTS}$ more points, which stand in the certificate."))
    return tuple(blocks)


def _risks(view: SurfaceView) -> Blocks:
    is_from_the_bottom = view.kind == "spurious valley"
    points = (view.parameters, *view.points) if is_from_the_bottom else view.points
    found = [risk_at(view, point) for point in points[:_MAX_POINTS]]
    risks = [risk for risk in found if risk is not None]
    if len(risks) < len(found):
        return ()
    rows = [[str(k), numeral(risk)] for k, risk in enumerate(risks, start=0 if is_from_the_bottom else 1)]
    return (say("The risks at the ends of the steps are"), *table(["k", "L(θ_k)"], rows, risks))


def _cells(view: SurfaceView) -> Blocks:
    # A witness is w, and behind it the bias.
    names = [f"w_{{{k}}}" for k in range(1, view.widths[0] + 1)] + (["b"] if view.biases[0] else [])
    count = len(view.cells)
    shown = f" (the first ${MAX_ROWS}$ are shown)" if count > MAX_ROWS else ""
    text = (
        "Off the walls the weights of a hidden unit have a string of pieces: the piece of the activation on every sample, "
        f"counted from 0. The ${count}$ weight vectors below{shown} have different strings, so they lie in different cells of a "
        f"unit; and the walls have exactly ${count}$ cells, counted by deletion and restriction. So there are no others."
    )
    if len(names) + 1 > MAX_COLUMNS:
        return (say(text), say("The weights stand in the certificate."))
    first = [(pieces, tuple(map(exact, witness))) for pieces, witness in view.cells[:MAX_ROWS]]
    rows = [[_pieces(pieces), *map(numeral, witness)] for pieces, witness in first]
    return (say(text), *table(["pieces", *names], rows, (value for _, witness in first for value in witness)))


def _pieces(pieces: str) -> str:
    return pieces if len(pieces) <= 40 else f"{pieces[:40]} …"


def _duals(view: SurfaceView) -> Blocks:
    loss, count = view.loss, len(view.duals)
    total = " with $Σ_i r_i = 0$" if view.biases[-1] else ""
    scale = {"scale": loss.scale, "quarter": 1 / (4 * loss.scale), "half": 1 / (2 * loss.scale)}
    if loss.delta is not None:
        scale["slope"] = loss.scale * loss.delta
    bound = _CONJUGATES[loss.name].format(**{name: numeral(value) for name, value in scale.items()})
    blocks: list[Block] = [
        say(f"For a vector $r${total}, convexity of the loss gives for all $θ$"),
        Display(f"L(θ) ≥ Σ_i r_i f(x_i; θ) + B(r),  {bound}"),
        say(
            "Where every unit's part of the sum is not negative, $L(θ) ≥ B(r)$. On a signed cell (the cell of every unit and the "
            f"sign of its output weight) that is decided at vertices and extreme rays. {_use(view)}"
        ),
    ]
    if view.samples + 2 > MAX_COLUMNS:
        blocks.append(say(f"The ${count}$ vectors stand in the certificate."))
        return tuple(blocks)
    shown = [tuple(map(exact, dual)) for dual in view.duals[:MAX_ROWS]]
    header, bounds = ["k", *(f"r_{{{i}}}" for i in range(1, view.samples + 1))], [_bound(view, dual) for dual in shown]
    rows = [[str(k), *map(numeral, dual)] for k, dual in enumerate(shown, start=1)]
    values = [value for dual in shown for value in dual]
    known = [value for value in bounds if value is not None]
    if known:
        header.append("B(r)")
        rows = [[*row, numeral(value)] for row, value in zip(rows, known, strict=True)]
    more = f" (the first {MAX_ROWS} of ${count}$)" if count > MAX_ROWS else ""
    blocks.append(say(f"The vectors are{more}"))
    return (*blocks, *table(header, rows, [*values, *known]))


def _use(view: SurfaceView) -> str:
    many = "the vector below" if len(view.duals) == 1 else "one of the vectors below"
    match view.kind:
        case "global minimum" | "lower bound":
            return f"On every signed cell {many} is of this kind, and its $B(r)$ is at least the bound."
        case "all valleys":
            return (
                f"On every signed cell {many} is of this kind, and its $B(r)$ is at least the risk of a given point in that cell."
            )
    return (
        "A facet between two signed cells is closed if that holds on it with $B(r) ≥ c$: nothing below $c$ passes it. No chain "
        "of facets that are not closed leads from the beginning to "
        + ("the end." if view.kind == "barrier" else "a signed cell on which no vector below shows $L ≥ L(θ)$.")
    )


def _bound(view: SurfaceView, dual: Sequence[Fraction]) -> Fraction | None:
    """B(r); None if the targets are in a file."""
    if not isinstance(view.data, InlineData):
        return None
    linear = sum((r * exact(y) for r, (y,) in zip(dual, view.data.y, strict=True)), Fraction(0))
    return -linear - _curvature(view.loss) * sum((r * r for r in dual), Fraction(0))


def _curvature(loss: Loss) -> Fraction:
    return {"squared": 1 / (4 * loss.scale), "huber": 1 / (2 * loss.scale)}.get(loss.name, Fraction(0))
