"""The texts about all values of the free parameters of a restriction (proofs/claims/restricted_surface.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.problem_document import parameters_document
from exactsurf.certificate.reading.claim_view import point_view
from exactsurf.certificate.reading.problem import network_of
from exactsurf.certificate.reading.restriction import restriction_of
from exactsurf.certificate.reading.surface_view import surface_view
from exactsurf.certificate.reading.values import vector_of
from exactsurf.exact.number import exact
from exactsurf.model.restriction import Restriction
from exactsurf.show.claims.parts import Parts
from exactsurf.show.claims.whole_surface import parts
from exactsurf.show.text.arrays import point_blocks, vector
from exactsurf.show.text.numeral import equation
from exactsurf.show.text.prose import Blocks, Display, Name, say


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 45; proofs/claims/restricted_surface.md.
    """
    view, claim = surface_view(document), document["claim"]
    network = network_of(document["problem"])
    restriction, values = restriction_of(document["problem"], network), vector_of(claim["values"])
    point = point_view(parameters_document(restriction.at(values)), tuple(network.biases))
    end = "and no values of the free parameters have a lower risk: $u$ is a global minimum of the restricted risk."
    statement: Blocks = (
        *setting(restriction),
        say(f"Let $u = {vector(values)}$, so that $θ(u)$ has"),
        *point_blocks(point),
        say(f"Then {equation('L(θ(u))', exact(claim['risk']))}, {end}"),
    )
    evidence = document["evidence"]
    end_of_proof = say("On the region of every leaf the bound is at least the risk at $u$.")
    proof = (*(scaled(evidence) if "scales" in evidence else tree(evidence["nodes"])), end_of_proof)
    return parts(view, "A global minimum of a restricted risk", statement, proof, "restricted_surface")


def setting(restriction: Restriction) -> Blocks:
    """What the free parameters are."""
    free, entries = restriction.dimension, len(restriction.origin)
    once = ", of which at most one enters each path of the network" if restriction.degree <= 1 else ""
    return (
        say(f"The ${entries}$ weights and biases are affine functions of ${free}$ free parameter{'s' * (free != 1)} $u${once}:"),
        Display("θ(u) = θ_0 + Σ u_k b_k"),
    )


_TANGENT = (
    "With weight decay the risk has a convex quadratic term in $u$ more; it is bounded from below by its tangent at values $v$, "
    "which is added to the last sum."
)


def scaled(evidence: dict[str, Any]) -> Blocks:
    """What scales and a tree for each choice of their signs show."""
    trees = evidence["trees"]
    moved = ", ".join(
        f"$u_{{{factor + 1}}}$ into ${', '.join(f'u_{{{k + 1}}}' for k in filter)}$" for factor, filter in evidence["scales"]
    )
    choices = "1 choice of signs is" if len(trees) == 1 else f"{len(trees)} choices of signs are"
    return (
        say(
            "Predictions stay the same if one of the following free parameters is divided by a number above $0$, and those into "
            f"which it can be moved are multiplied by it: {moved}. So absolute values of these scales can be moved until they "
            "are $1$ or $−1$; where one of them is $0$, by continuity, what it can be moved into becomes $0$. Then at most one "
            f"free parameter enters each path, and {choices} enough (",
            Name("proofs/scaled_surface.md"),
            ").",
        ),
        *tree([node for nodes in trees for node in nodes], len(trees)),
    )


def tree(nodes: list[dict[str, Any]], trees: int = 1) -> Blocks:
    """What a tree over free parameters shows, or several of them together."""
    splits, given = sum("split" in node for node in nodes), sum("given" in node for node in nodes)
    leaves = len(nodes) - splits - given
    together = " for all choices together" if trees > 1 else ""
    if not splits:
        first = "The space of all $u$ is one region." if trees == 1 else "For each choice the space of all $u$ is one region."
    else:
        first = (
            f"The space of all $u$ is cut ${splits}$ times{together}, each time where a pre-activation meets a breakpoint, "
            f"into ${leaves}$ closed regions, on which pre-activations and predictions are affine in $u$ as far as they are used."
        )
    more = f" In ${given}$ places the side of a further pre-activation follows from the others." if given else ""
    return (
        say(first + more),
        say(
            "On a region numbers $r_{ik}$ bound the risk from below, as the losses are convex: "
            "$L(θ(u)) ≥ B(r) + Σ r_{ik} f_{ik}(u)$, and the last sum is a constant plus multiples, that are not negative, "
            "of what is not negative on the region."
        ),
        *(say(_TANGENT) for _ in range(any("values" in node for node in nodes))),
    )
