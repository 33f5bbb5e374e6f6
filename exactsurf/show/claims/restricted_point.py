"""The text about claims on a point of a restricted risk (proofs/claims/restricted_point.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.claims.restricted_point import NOT_A_RESTRICTED_MINIMUM, RESTRICTED_SPURIOUS_MINIMUM
from exactsurf.certificate.problem_document import parameters_document
from exactsurf.certificate.reading.claim_view import point_view
from exactsurf.certificate.reading.problem import network_of
from exactsurf.certificate.reading.restriction import restriction_of
from exactsurf.certificate.reading.surface_view import surface_view
from exactsurf.certificate.reading.values import vector_of
from exactsurf.exact.number import exact
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.whole_surface import parts
from exactsurf.show.text.arrays import point_blocks, vector
from exactsurf.show.text.numeral import equation, numeral
from exactsurf.show.text.prose import Block, Blocks, Display, say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 44; proofs/claims/restricted_point.md.
    """
    view, claim, evidence = surface_view(document), document["claim"], document["evidence"]
    risk = exact(claim["risk"])
    what = "is a local minimum of the restricted risk: no point of the subspace nearby has a lower risk."
    lower: list[Block] = []
    if claim["kind"] == NOT_A_RESTRICTED_MINIMUM:
        what = "is not a local minimum of the restricted risk: points of the subspace as near as one likes have a lower risk."
    if claim["kind"] == RESTRICTED_SPURIOUS_MINIMUM:
        best = min(evidence["lower_points"], key=lambda entry: exact(entry["risk"]))
        place = vector(vector_of(best["values"]))
        lower.append(say(f"It is spurious: at $u = {place}$ the risk is ${numeral(exact(best['risk']))}$."))
    statement: Blocks = (*values_stated(document), say(f"Then {equation('L(θ(u))', risk)}, and $u$ {what}"))
    return parts(
        view, f"{claim['kind'][0].upper()}{claim['kind'][1:]}", statement, (*_proof(evidence), *lower), "restricted_point"
    )


def values_stated(document: dict[str, Any]) -> Blocks:
    """The restriction of a certificate, and the values of the free parameters in its claim."""
    network = network_of(document["problem"])
    restriction, values = restriction_of(document["problem"], network), vector_of(document["claim"]["values"])
    free, entries = restriction.dimension, len(restriction.origin)
    point = point_view(parameters_document(restriction.at(values)), tuple(network.biases))
    return (
        say(
            f"The ${entries}$ weights and biases are affine functions of ${free}$ free "
            f"parameter{'s' * (free != 1)} $u$, given by the offset $θ_0$ and the basis $b_k$ of the certificate:"
        ),
        Display("θ(u) = θ_0 + Σ u_k b_k"),
        say(f"Let $u = {vector(values)}$, so that $θ(u)$ has"),
        *point_blocks(point),
    )


def _proof(evidence: dict[str, Any]) -> Blocks:
    if "descent" in evidence:
        descent = evidence["descent"]
        n, steps = descent["order"], len(descent["curve"])
        power = "t" if n == 1 else f"t^{{{n}}}"
        lower = descent["lower_point"]
        return (
            say(
                f"Along a polynomial curve of degree ${steps}$ in $u$ the risk changes by $a {power} + …$, $t > 0$ small, with "
                f"{equation('a', exact(descent['coefficient']))}, which is negative."
            ),
            say(f"At $u = {vector(vector_of(lower['values']))}$ it is ${numeral(exact(lower['risk']))}$."),
        )
    minimum = evidence["local_minimum"]
    if "unrestricted" in minimum:
        rule = minimum["unrestricted"]["rule"]
        return (say(f"$θ(u)$ is a local minimum also without the restriction, by the rule {rule}; so it is one here."),)
    return tree_stated(minimum["nodes"])


def tree_stated(nodes: list[dict[str, Any]]) -> Blocks:
    """A tree over the cells that the subspace meets at the point."""
    leaves = [node for node in nodes if "multipliers" in node]
    splits = sum("split" in node for node in nodes)
    cells = "one cell" if len(leaves) == 1 else f"{len(leaves)} cells"
    touched = (
        f"A tree of {splits} splits at pre-activations that lie on breakpoints lists the {cells} at the point that the subspace "
        "meets."
        if splits
        else "No pre-activation that the free parameters move lies on a breakpoint, so the subspace meets one cell at the point."
    )
    return (
        say(touched),
        say(
            "On each, multipliers of the walls and derivatives of the losses make the derivatives of the Lagrangian by the free "
            "parameters 0; and its second-order form, there a polynomial in the free parameters, is positive on the critical "
            "directions modulo flows of the network that stay in the subspace, or the tangents of the losses alone have their "
            "least value at the point."
        ),
    )
