"""The text about a claim on a local minimum on walls (proofs/claims/minimum_on_walls.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.claims.minimum_on_walls import MINIMUM_ON_WALLS, SPURIOUS_MINIMUM_ON_WALLS
from exactsurf.certificate.reading.smooth_view import SmoothView, smooth_view
from exactsurf.exact.number import exact
from exactsurf.show.claims.critical_box import common_of
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.smooth_setting import smooth_parts
from exactsurf.show.text.arrays import point_blocks, rounding_note
from exactsurf.show.text.numeral import equation, numeral
from exactsurf.show.text.prose import Block, Blocks, Display, say

_TITLES = {
    MINIMUM_ON_WALLS: "A local minimum on walls",
    SPURIOUS_MINIMUM_ON_WALLS: "A spurious local minimum on walls",
}


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 32; proofs/claims/minimum_on_walls.md.
    """
    view = smooth_view(document)
    return smooth_parts(
        view,
        _TITLES[view.kind],
        _statement(view, document["claim"]),
        _steps(document),
        "",
        page="proofs/claims/minimum_on_walls.md",
    )


def _statement(view: SmoothView, claim: dict[str, Any]) -> Blocks:
    walls, shifted, common = claim["walls"], claim["shifted"], common_of(view)
    fixed = " that is not held" if view.held or shifted or common else ""
    blocks: list[Block] = [
        say("Let $m$ be the point with"),
        *point_blocks(view.parameters),
        say(
            f"Let $X$ be the box of all points that differ from $m$ by at most {equation('r', view.radius)} in every "
            f"coordinate{fixed}."
        ),
    ]
    if view.held:
        held = ", ".join(f"entry $({reader + 1}, {unit + 1})$ of $W_{{{layer + 1}}}$" for layer, unit, reader in view.held)
        blocks.append(say(f"Held are {held}, because hidden units can be rescaled without a change of $L$."))
    if shifted:
        biases = ", ".join(f"entry ${unit + 1}$ of $b_{{{layer}}}$" for layer, unit in shifted)
        one = len(shifted) == 1
        why = f"{'its unit lies' if one else 'their units lie'} in one piece on all samples"
        held = f"Held {'too ' if view.held else ''}{'is' if one else 'are'} {biases}, because {why}"
        blocks.append(say(f"{held}, so that a change of the bias can be taken off in the next layer."))
    if common:
        blocks.append(say(f"Held too are {common} of the last output, because the loss depends on differences of outputs only."))
    blocks += _walls(view, walls)
    spurious = ", and it is spurious" if view.kind == SPURIOUS_MINIMUM_ON_WALLS else ""
    low, high = view.risk
    where = "on all of these walls" if walls else "inside a cell"
    up = ", up to what is held" if fixed else ""
    blocks.append(
        say(
            f"Then $X$ holds a strict local minimum $θ$ of $L$ {where}{up}{spurious}, "
            f"with ${numeral(low)} ≤ L(θ) ≤ {numeral(high)}$."
        )
    )
    return (*blocks, *rounding_note(view.risk))


def _walls(view: SmoothView, walls: list[list[int]]) -> Blocks:
    """Which walls there are, layer by layer."""
    outer = len(view.widths) - 1
    names = [
        f"$(i, k) = ({sample + 1}, {unit + 1})$ of the loss"
        if layer == outer
        else f"unit ${unit + 1}$ of layer ${layer}$ at sample "
        f"${sample + 1}$"
        + (f", breakpoint ${k + 1}$" if view.piecewise is not None and len(view.piecewise.breakpoints) > 1 else "")
        for layer, unit, sample, k in walls
    ]
    if not names:
        return ()
    intro = "A wall is where the pre-activation of a unit is exactly at a breakpoint of $h$"
    loss = ", or the argument of a term of the loss at one of the loss" if any(layer == outer for layer, *_ in walls) else ""
    return (say(f"{intro}{loss}. The walls of this statement are those of {'; '.join(names)}."),)


def _steps(document: dict[str, Any]) -> Blocks:
    multipliers = list(map(exact, document["evidence"]["multipliers"]))
    blocks: list[Block] = []
    if multipliers:
        listed = ", ".join(f"${numeral(value)}$" for value in multipliers)
        blocks += [
            say(
                "Follow every unit and every term of the loss on a wall from its left side, and let $p_n$ be how far a point is "
                "on the right of wall $n$. The risk is then a smooth function of $θ$ and $p$ near the point. With the height "
                "$U_n$ of a point above wall $n$ let"
            ),
            Display("Λ(θ, p, μ) = L(θ, p) + Σ_n μ_n U_n(θ, p)"),
            say(f"The multipliers $μ_n$ differ by at most $r$ from {listed}."),
            *rounding_note(multipliers),
        ]
    else:
        blocks.append(say("Let $Λ$ be $L$; there are no walls."))
    blocks += [
        say(
            "Let $g$ and $H$ be gradient and Hessian of $Λ$ at $p = 0$ by the coordinates that vary, those of $θ$ and then $μ$, "
            "and $Y$ the matrix in the field evidence.inverse of the certificate. The intervals give, for every row $i$, with "
            "the largest values over the box,"
        ),
        Display("|(Y g(m))_i| + r Σ_j |(I − Y H)_{ij}| < r"),
        say(
            "So exactly one point of the box, with its multipliers, is a zero of $g$ (Krawczyk): it lies on the walls, and the "
            "gradient of $Λ$ vanishes there."
        ),
    ]
    if multipliers:
        blocks += [
            say("For every wall the intervals give"),
            Display("0 < μ_n < ∂Λ/∂p_n"),
            say("so the risk rises at first order on both sides of every wall, whatever the sides of the others."),
        ]
    weight = numeral(exact(document["evidence"]["weight"]))
    along = f"plus ${weight}$ times the squares of the gradients of the $U_n$, " if multipliers else ""
    blocks.append(
        say(
            f"Symmetric elimination with the intervals of the Hessian of $Λ$ by $θ$, {along}has positive pivots: the second "
            f"derivative is positive{' along the walls' if multipliers else ''}."
        )
    )
    return tuple(blocks)
