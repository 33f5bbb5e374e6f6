"""The proof in words for certificates by the rule ``positive products`` (proofs/rules/positive_products.md)."""

from __future__ import annotations

from exactsurf.certificate.reading.point_view import PointView
from exactsurf.certificate.rules.boundary_pair import Pair, PairSplit
from exactsurf.certificate.rules.positive_products import PositiveProducts, ProductLeaf, SignSplit, VanishingLeaf
from exactsurf.show.rules.cone_tree_text import MAX_PAIRS
from exactsurf.show.rules.frozen_risk import definition, derivative
from exactsurf.show.rules.sample_values import SampleValues
from exactsurf.show.text.problem_text import total
from exactsurf.show.text.prose import Block, Blocks, Display, say


def proof(evidence: PositiveProducts, view: PointView, values: SampleValues | None) -> Blocks:
    """Why the point is a local minimum: on every cell the change of the risk is at least a sum of products that are ≥ 0.

    Parameters: `evidence` of the certificate in `view`; `values` are not needed. Exactness: nothing is computed. Raises: nothing.
    Source: proofs/FORMAT.md, sections 4.7 and 40; proofs/rules/positive_products.md.
    """
    leaves = [node for node in evidence.nodes if isinstance(node, ProductLeaf)]
    every = "every sample $i$" if view.outputs == 1 else "every sample $i$ and output $k$"
    return (
        say(f"For {every} let {definition(view)}"),
        *_slice(evidence),
        *_cells(evidence, len(leaves)),
        *_identity(view, leaves),
    )


def _slice(evidence: PositiveProducts) -> Blocks:
    if evidence.fixed == ():
        return (say("Let $y$ be any small change of the parameters."),)
    if evidence.fixed is None:
        which = "Let $S$ be the space of the directions orthogonal to all of them."
    else:
        count = len(evidence.fixed)
        which = (
            f"Restricted to {count} parameters that the certificate names they have rank {count}. Let $S$ be the space of the "
            "directions in which these do not change."
        )
    return (
        say(
            "The network has invariances: flows on the parameters near $θ$ that leave the risk as it is. The verifier "
            f"recomputes the list of their tangents at $θ$. {which} "
            "The flows, applied to $θ + y$ with small $y ∈ S$, reach every point near $θ$, because the derivative of that map "
            "is onto. So it is enough that $L(θ + y) ≥ L(θ)$ for all small $y ∈ S$."
        ),
    )


def _cells(evidence: PositiveProducts, count: int) -> Blocks:
    pairs = sorted({node.pair for node in evidence.nodes if isinstance(node, PairSplit)})
    vanishing = sum(isinstance(node, VanishingLeaf) for node in evidence.nodes)
    signs = len({node.polynomial for node in evidence.nodes if isinstance(node, SignSplit)})
    if not pairs and not signs:
        return (say(f"{_KEPT} near $θ$, in one linear piece of $h$, so their predictions are polynomials in $y$ there."),)
    where, slice_ = "the neighbourhood of $θ$ in $θ + S$", evidence.fixed != ()
    further = f"by the signs of {signs} polynomial{'s' if signs > 1 else ''} $g$ in $y$ from the certificate" if signs else ""
    by = " and ".join(part for part in ("by the signs $τ_p$ of $ζ_p$" if pairs else "", further) if part)
    blocks: list[Block] = []
    if pairs:
        blocks.append(_boundary_pairs(pairs))
    blocks.append(
        say(
            f"Cut {where if slice_ else 'the neighbourhood of $θ$'} {by} into {count + vanishing} closed sets, which "
            f"cover it. {_KEPT} in each set and near $θ$, in one linear piece of $h$, so their pre-activations and predictions "
            f"are polynomials in $y$ there. {_walls(bool(pairs), bool(signs))}"
        )
    )
    if vanishing:
        which = "In one set" if vanishing == 1 else f"In {vanishing} of the sets"
        blocks.append(
            say(
                f"{which} a sum of products of walls, each times a polynomial that is positive at $θ$, is $0$ as a polynomial, "
                "but not every product is. So all these products are $0$ at small $y$ of the set: it lies in the zeros of a "
                "polynomial, near its points there are others, and $L$ is continuous. It can be left out."
            )
        )
    return tuple(blocks)


def _boundary_pairs(pairs: list[Pair]) -> Block:
    return say(
        "A boundary pair is a hidden unit with a sample on which its pre-activation is, at $θ$, at a breakpoint where $h$ "
        "changes its slope. Number these pairs by $p$, write $z_p$ for the pre-activation as a function of the parameters, "
        f"and $ζ_p = z_p(θ + y) − z_p(θ)$. {_list(pairs)}"
    )


def _walls(pairs: bool, signs: bool) -> str:
    if not signs:
        return "The walls $g_p = τ_p ζ_p$ are $≥ 0$ in the set."
    which = "The walls $g_p = τ_p ζ_p$, and these polynomials" if pairs else "These polynomials"
    return f"{which} times their signs are $≥ 0$ in the set; they are called walls, too."


_KEPT = (
    "Keep the samples all of whose boundary pairs have been split or that have none. (The loss of every other sample, if there "
    "is one, is at its minimum at $θ$; it can only grow, and is left out.) On these samples every unit is,"
)


def _list(pairs: list[Pair]) -> str:
    if len(pairs) > MAX_PAIRS:
        return f"The tree in the certificate splits on {len(pairs)} of them."
    several = any(layer != 1 for layer, _, _ in pairs)
    parts = [
        f"$p = {p}$: unit {unit + 1}{f' of layer {layer}' if several else ''} on sample {sample + 1}"
        for p, (layer, unit, sample) in enumerate(pairs, start=1)
    ]
    return f"The certificate splits on: {'; '.join(parts)}."


def _identity(view: PointView, leaves: list[ProductLeaf]) -> Blocks:
    r, k = derivative(view.outputs), view.outputs
    change = "η_i" if k == 1 else "η_{ik}"
    kinked = any(leaf.kinks for leaf in leaves)
    classes = view.has_classes
    lead = ", of the difference between output $k$ and that of the right class," if classes else ""
    walls, unit = any(leaf.products for leaf in leaves), any(len(leaf.unit) > 1 for leaf in leaves)
    squares = any(leaf.squares for leaf in leaves)
    curved = f" + {'u ' if unit else ''}½ {total(k)} q {change}²" if squares else ""
    parts: list[Block] = [
        say(
            f"Write ${change}$ for the change of the prediction{lead} from $θ$ to $θ + y$. In each remaining set the certificate "
            "has an identity of polynomials in $y$, which the verifier multiplies out:"
            if len(leaves) > 1
            else f"Write ${change}$ for the change of the prediction{lead} from $θ$ to $θ + y$. The verifier multiplies out the "
            "identity of polynomials in $y$"
        ),
        Display(f"{'u ' if unit else ''}{total(k)} {r} {change}{curved} = {'Σ c g_p …' if walls else '0'}"),
    ]
    by_unit = ", divided by $u$" if unit else ""
    text = ""
    if kinked:
        text += (
            f"At kinks of the loss ${r}$ is a polynomial in $y$ from the certificate{by_unit}, which is constant and in the "
            "subdifferential, or strictly inside it at $θ$, and so nearby. "
        )
    if unit:
        text += "$u$ is a polynomial that is positive at $θ$, and so nearby. "
    if squares:
        text += (
            "The last sum on the left is over terms at which the loss is differentiable; $q ≥ 0$ is its second "
            "derivative there (the smaller one of those on both sides). "
        )
    if walls:
        even = " (or of polynomials that occur an even number of times)" if squares else ""
        text += (
            f"The sum on the right is of products of walls{even}, and each $c$ is a polynomial that is positive at $θ$, and so "
            "nearby. "
        )
    why = "By convexity and this curvature" if squares else "By convexity"
    text += f"{why} $L(θ + y) − L(θ)$ is at least the left side{by_unit}, so it is $≥ 0$."
    return (*parts, say(text))
