"""The texts about paths of free parameters, barriers and valleys of a restricted risk (proofs/claims/restricted_paths.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from exactsurf.certificate.claims.restricted_paths import (
    RESTRICTED_ALL_VALLEYS,
    RESTRICTED_BARRIER,
    RESTRICTED_PATH,
    RESTRICTED_SPURIOUS_VALLEY,
)
from exactsurf.certificate.reading.problem import network_of
from exactsurf.certificate.reading.restriction import restriction_of
from exactsurf.certificate.reading.surface_view import surface_view
from exactsurf.certificate.reading.values import vector_of
from exactsurf.exact.linear_algebra import Vector
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.restricted_surface import setting, tree
from exactsurf.show.claims.whole_surface import parts
from exactsurf.show.text.arrays import MAX_COLUMNS, MAX_ROWS, table, vector
from exactsurf.show.text.numeral import equation, numeral
from exactsurf.show.text.prose import Blocks, say

_TITLES = {
    RESTRICTED_PATH: "A path of a restricted risk",
    RESTRICTED_BARRIER: "A barrier of a restricted risk",
    RESTRICTED_SPURIOUS_VALLEY: "A spurious valley of a restricted risk",
    RESTRICTED_ALL_VALLEYS: "All valleys of a restricted risk",
}
_STEPS = (
    "Between two points that follow each other all pre-activations stay in common closed pieces of the activation. So "
    "predictions are affine in $u$ on the segment, the risk is convex, and it is at most the larger one of the two ends."
)


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 57; proofs/claims/restricted_paths.md.
    """
    claim, evidence, kind = document["claim"], document["evidence"], document["claim"]["kind"]
    view = surface_view({**document, "evidence": {}})
    first = setting(restriction_of(document["problem"], network_of(document["problem"])))
    points = [vector_of(point) for point in evidence.get("path", evidence.get("points", ()))]
    statement: Blocks
    proof: Blocks = () if kind == RESTRICTED_ALL_VALLEYS else (say(_STEPS),)
    if kind == RESTRICTED_PATH:
        level = equation("c", view.numbers["level"])
        statement = (say(f"The path through these points stays at or below {level}:"), *_listed(points))
    elif kind == RESTRICTED_BARRIER:
        text = (
            f"Every path between $u^{{(1)}}$ and $u^{{({len(points)})}}$ reaches a risk of at least "
            f"{equation('c', view.numbers['level'])}, and the path through the points below rises no higher."
        )
        statement = (say(text), *_listed(points))
        proof = (*proof, *_sides(evidence, "the first point", "that of the last"))
    elif kind == RESTRICTED_SPURIOUS_VALLEY:
        values = vector_of(claim["values"])
        text = (
            f"Let $u = {vector(values)}$. Then {equation('L(θ(u))', view.numbers['risk'])}; every path from $u$ to a point of "
            f"lower risk reaches at least {equation('c', view.numbers['barrier'])}, and one path rises no higher. So $u$ is a "
            "bottom of a spurious valley."
        )
        statement = (say(text), say("The path leads from $u$ through"), *_listed(points))
        more = say("On regions of the first side the bound is at least the risk at $u$.")
        proof = (*proof, *_sides(evidence, "$u$", "the other one"), more)
    else:
        count = view.counts["valleys"]
        goal = "$u^{(1)}$" if count == 1 else f"one of $u^{{(1)}}$ to $u^{{({count})}}$"
        text = f"From all $u$ some path on which the risk never exceeds $L(θ(u))$ leads to {goal}:"
        statement = (say(text), *_listed(points[:count]))
        proof = (*_further(count, points), *tree(evidence["nodes"]), say(_LOWEST))
    return parts(view, _TITLES[kind], (*first, *statement), proof, "restricted_paths")


_LOWEST = (
    "On the region of every leaf predictions are affine, so the risk is convex, and a given point in the region is lowest there: "
    "a segment leads to it from everywhere in the region, on which the risk does not rise above its beginning."
)


def _listed(points: Sequence[Vector]) -> Blocks:
    """Values of the free parameters as a table, if they fit."""
    size = len(points[0])
    if size + 1 > MAX_COLUMNS:
        return (say(f"${len(points)}$ points of ${size}$ values each, which stand in the certificate."),)
    rows = [[str(k), *map(numeral, point)] for k, point in enumerate(points[:MAX_ROWS], start=1)]
    names = [f"u_{{{k}}}" for k in range(1, size + 1)]
    found = table(["k", *names], rows, (value for point in points[:MAX_ROWS] for value in point))
    more = len(points) - MAX_ROWS
    return (*found, say(f"and ${more}$ more points, which stand in the certificate.")) if more > 0 else found


def _further(valleys: int, points: Sequence[Vector]) -> Blocks:
    count = len(points) - valleys
    text = f"The certificate has ${count}$ further points, each of which leads straight to an earlier one, not higher."
    return (say(text),) if count else ()


def _sides(evidence: dict[str, Any], first: str, last: str) -> Blocks:
    """What the tree and the trees over its walls show."""
    nodes, walls = evidence["nodes"], evidence["walls"]
    counts = [sum(node.get("side") == side and "given" not in node for node in nodes) for side in (0, 1)]
    text = (
        f"The numbers of leaves on the side of {first} and on {last} are ${counts[0]}$ and ${counts[1]}$; on the others the risk "
        "is at least c. A path that changes the side crosses, where two regions of different sides have a facet in common, the "
        f"wall of a split with both sides under it, of which there are ${len(walls)}$. Trees over these walls, with "
        f"${sum(map(len, walls))}$ nodes in all, show that the risk is at least c there."
    )
    return (*tree(nodes), say(text))
