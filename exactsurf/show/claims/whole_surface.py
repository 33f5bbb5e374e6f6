"""What the texts about claims on whole surfaces share: their setting, points, risks, cells, and where the proof stands."""

from __future__ import annotations

from collections.abc import Sequence

from exactsurf.certificate.reading.claim_view import Point
from exactsurf.certificate.reading.surface_view import SurfaceView
from exactsurf.exact.number import exact
from exactsurf.show.claims.parts import Parts
from exactsurf.show.rules.sample_values import risk_at
from exactsurf.show.text.arrays import MAX_COLUMNS, MAX_ROWS, point_blocks, table
from exactsurf.show.text.numeral import numeral
from exactsurf.show.text.problem_text import setting
from exactsurf.show.text.prose import Block, Blocks, Name, say

_MAX_POINTS = 10
_CONVEX_STEPS = (
    "In every step each unit keeps its weights, or its output weight is 0 at both ends, or that keeps its sign and all "
    "pre-activations stay in common closed pieces. So along a step, suitably parametrised, every prediction is linear, "
    "the risk is convex, and it is at most the larger one of the two ends."
)
_ENCLOSED_RISKS = "At the ends of the steps the risk is at most the level, as enclosures show."


def parts(view: SurfaceView, title: str, statement: Blocks, premises: Blocks, page: str) -> Parts:
    """The parts of a text about a whole surface.

    Parameters: `view`; `title`; `statement`; `premises` that the verifier has checked; `page` of proofs/claims where it is
    proved that they are enough. Exactness: nothing is computed. Raises: nothing. Source: proofs/FORMAT.md.
    """
    source = say("These premises are enough, by the proof in ", Name(f"proofs/claims/{page}.md"), ".")
    return Parts(
        title,
        (*setting(view), say("Samples and units are counted from 1 in this text.")),
        statement,
        (*premises, source),
    )


def bottom(view: SurfaceView) -> Blocks:
    """The point of the claim."""
    return (say("Let $θ$ be the point with"), *point_blocks(view.parameters))


def numbered(points: Sequence[Point]) -> Blocks:
    """Points θ_1, θ_2, …, if they are few."""
    blocks: list[Block] = []
    for number, point in enumerate(points[:_MAX_POINTS], start=1):
        blocks += [say(f"$θ_{{{number}}}$, with"), *point_blocks(point)]
    if len(points) > _MAX_POINTS:
        blocks.append(say(f"and ${len(points) - _MAX_POINTS}$ more points, which stand in the certificate."))
    return tuple(blocks)


def listed_points(view: SurfaceView) -> str:
    """What a sentence calls the bottoms of a list of valleys."""
    count = view.counts["valleys"]
    return "$θ_{1}$" if count == 1 else f"one of $θ_{{1}}$ to $θ_{{{count}}}$"


def further_points(view: SurfaceView) -> Blocks:
    """What the points behind the bottoms of a list of valleys do."""
    further = len(view.points) - view.counts["valleys"]
    text = f"The certificate has ${further}$ further points, each of which leads in one such step to an earlier one, not higher."
    return (say(text),) if further > 0 else ()


def enclosed_steps(view: SurfaceView) -> Blocks:
    """As `further_points`, where levels are enclosed, and what the height of a point is."""
    further = len(view.points) - view.counts["valleys"]
    if not further:
        return (say("The height of a point is its risk, or what an enclosure of it does not exceed."),)
    text = (
        f"The certificate has ${further}$ further points, each of which leads in a step within one signed cell to an "
        "earlier one. The height of a point is the greatest risk on its way to one of the points above, or what an "
        "enclosure of it does not exceed."
    )
    return (say(text),)


def path_premises(view: SurfaceView) -> Blocks:
    """Why the risk is convex along every step of a path, and the risks at the ends of the steps."""
    return (say(_CONVEX_STEPS), *_risks(view))


def enclosed_path_premises(view: SurfaceView) -> Blocks:
    """As `path_premises`, for risks whose levels are enclosed."""
    if view.decay is None:
        return (say(_CONVEX_STEPS), say(_ENCLOSED_RISKS))
    words = (
        "In every step each unit keeps its weights, or its output weight is 0 at both ends, or that keeps its sign and all "
        "pre-activations stay on one side of 0, or the unit begins or ends with all weights 0. So along a step, on which the "
        "squares of output weights and the products of output weight and weights move in straight lines, every prediction is "
        "linear and the weight decay $v² + |v w|²/v²$ of a unit is convex: the risk is at most the larger one of the two ends."
    )
    return (say(words), *(_risks(view) if view.loss.is_piecewise_quadratic else (say(_ENCLOSED_RISKS),)))


def _risks(view: SurfaceView) -> Blocks:
    # The path of a spurious valley starts at the point of the claim.
    points = (view.parameters, *view.points) if view.parameters else view.points
    found = [risk_at(view, point) for point in points[:_MAX_POINTS]]
    risks = [risk for risk in found if risk is not None]
    if len(risks) < len(found):
        return ()
    rows = [[str(k), numeral(risk)] for k, risk in enumerate(risks, start=0 if view.parameters else 1)]
    return (say("The risks at the ends of the steps are"), *table(["k", "L(θ_k)"], rows, risks))


def cell_list(view: SurfaceView) -> Blocks:
    """Why the cells of a unit that are listed are all of them."""
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


def sign_tree(view: SurfaceView) -> Blocks:
    """What the sign tree of a certificate is."""
    splits = sum("split" in node for node in view.nodes)
    text = (
        f"A tree of ${len(view.nodes)}$ nodes cuts the parameters into regions. At each of its ${splits}$ splits a unit is cut "
        "at a wall, where its pre-activation on a sample is at a breakpoint of the activation, or at output weight 0: at the "
        "first child the unit is on the upper side, at the second child it is on the lower side, together with all units that "
        "have the same region. Because units may be exchanged, the children cover what their node covers. The tree stands in the "
        "certificate."
    )
    return (say(text),)


def _pieces(pieces: str) -> str:
    return pieces if len(pieces) <= 40 else f"{pieces[:40]} …"
