"""The proof in words for certificates by the rule ``second order`` (proofs/rules/second_order.md)."""

from __future__ import annotations

from exactsurf.certificate.reading.point_view import PointView
from exactsurf.certificate.rules.cone_tree import EmptyCone
from exactsurf.certificate.rules.second_order import SecondOrder
from exactsurf.exact.linear_algebra import rank
from exactsurf.minima.local.invariance import invariance_tangents
from exactsurf.model.point import Point
from exactsurf.show.rules.cone_tree_text import ConeTree
from exactsurf.show.rules.frozen_risk import definition, derivative, sample_table
from exactsurf.show.rules.sample_values import SampleValues
from exactsurf.show.text.problem_text import prediction, total
from exactsurf.show.text.prose import Block, Blocks, Display, say


def proof(evidence: SecondOrder, view: PointView, values: SampleValues | None) -> Blocks:
    """Why the point is a local minimum: first and second order are positive on every cone, but for invariances.

    Parameters: `evidence` of the certificate in `view`; `values` of the samples if they were recomputed.
    Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 4.3; proofs/rules/second_order.md.
    """
    tree = ConeTree(evidence.nodes, view.outputs)
    every = "every sample $i$" if view.outputs == 1 else "every sample $i$ and output $k$"
    return (
        say(f"For {every} let {definition(view)}"),
        *(() if tree.has_kinks else sample_table(view, values)),
        *cells_at_the_point(view, tree),
        *_invariances(view, values),
        *_multipliers(view, tree),
        *tree.leaf_list(),
        *_conclusion(view, tree),
    )


def cells_at_the_point(view: PointView, tree: ConeTree) -> Blocks:
    """How the neighbourhood of the point is cut into sets on which every unit is in one piece.

    Parameters: `view`; its `tree`. Exactness: nothing is computed. Raises: nothing.
    Source: proofs/rules/second_order.md, theorem.
    """
    if len(tree.nodes) == 1 and not tree.pairs:
        return (say(_one_set(view)),)
    weights = any(leaf.weights for leaf in tree.leaves)
    blocks: list[Block] = []
    cuts = []
    if tree.pairs:
        linear = "" if any(layer != 1 for layer, _, _ in tree.pairs) else " All $z_p$ are linear in the parameters."
        blocks.append(
            say(
                "A boundary pair is a hidden unit with a sample on which its pre-activation is, at $θ$, at a breakpoint where "
                "$h$ changes its slope. Number these pairs by $p$, write $z_p$ for the pre-activation as a function of the "
                f"parameters, and $ζ_p = z_p(θ′) − z_p(θ)$.{linear}"
            )
        )
        blocks += tree.pair_list()
    if tree.split_pairs:
        cuts.append("the signs $τ_p$ of $ζ_p$")
    if weights:
        cuts.append("the signs $s_j$ of those output weights $v′_j$ that are $0$ at $θ$")
    text = f"Cut the neighbourhood of $θ$ by {' and '.join(cuts)} into {len(tree.leaves)} closed sets, which cover it."
    empty = sum(isinstance(leaf.node, EmptyCone) for leaf in tree.leaves)
    if empty:
        which = "One of them lies" if empty == 1 else f"{empty} of them lie"
        text += (
            f" {which} in finitely many hyperplanes, because $Σ_p λ_p τ_p ∇z_p = 0$ with numbers $λ_p ≥ 0$ that are not all "
            "$0$ for pairs of the first layer, whose $z_p$ are linear and not constant; the other sets are closed and leave "
            "out nothing but parts of hyperplanes, so they cover a neighbourhood alone."
        )
    if cuts:
        blocks.append(say(text))
    if tree.has_unsplit:
        where = "On each set keep" if cuts else "Keep"
        kept = (
            f"{where} the samples each of whose boundary pairs has been split, is a pair for which the certificate gives a "
            "number $μ_p$ (those that are not listed are $0$), or is a pair of a unit of the second kind below. (The loss of "
            "every other sample, if there is one, is at its minimum at $θ$; it can only grow, and is left out.)"
        )
        return (*blocks, say(kept))
    kept = (
        "On each set keep the samples all of whose boundary pairs have been split. (The loss of every other sample is at its "
        "minimum at $θ$; it can only grow, and is left out.) On the samples that are kept every unit is, in the set and near "
        "$θ$, in one linear piece of $h$. So their pre-activations and predictions are polynomials in the parameters there."
    )
    return (*blocks, say(kept))


def _one_set(view: PointView) -> str:
    if not view.hidden_layers:
        return "There is no hidden layer: the predictions are linear in the parameters."
    return (
        "Keep the samples on which no hidden unit is, at $θ$, at a breakpoint where $h$ changes its slope. (The loss of every "
        "other sample, if there is one, is at its minimum at $θ$; it can only grow, and is left out.) On the samples that are "
        "kept every unit is, near $θ$, in one linear piece of $h$, so their predictions are polynomials in the parameters there."
    )


def _invariances(view: PointView, values: SampleValues | None) -> Blocks:
    size = ""
    if values is not None:
        tangents = invariance_tangents(Point(values.problem, values.parameters))
        found = rank(tangents) if tangents else 0
        count = sum(len(row) if isinstance(row, tuple) else 1 for _, array in values.parameters.items() for row in array)
        if not found:
            return (say(f"Let $S$ be the space of all directions, of dimension {count}: here no invariances are needed."),)
        size = f" Here they span {found} of the {count} dimensions of the parameters."
    return (
        say(
            "The network has invariances: flows on the parameters near $θ$ that leave the risk as it is (rescaling a unit, "
            "shifting a bias through a unit, moving weights that are not read, taking over the value of one unit by another"
            f"{', moving all outputs together' if view.has_classes else ''}). "
            f"The verifier recomputes the list of their tangents at $θ$.{size} Let $S$ be the space of the directions "
            "orthogonal to all of them. The flows, applied to $θ + y$ with small $y ∈ S$, reach every point near $θ$, because "
            "the derivative of that map is onto. So it is enough that $L(θ + y) > L(θ)$ for all small $y ≠ 0$ in $S$."
        ),
    )


def _multipliers(view: PointView, tree: ConeTree) -> Blocks:
    r, f, k = derivative(view.outputs), "f_i" if view.outputs == 1 else "f_{ik}", view.outputs
    walls = " − Σ_p λ_p τ_p z_p(θ′)" if tree.pairs else ""
    where = "On each of these sets" if tree.pairs else "Near $θ$"
    gives = f"with numbers $λ_p ≥ 0$ from the certificate{'; the' if tree.has_kinks else '. The'}" if tree.pairs else "where the"
    chosen = (
        f" numbers ${r}$ at the kinks of the loss, from its subdifferential, come from the certificate too. The"
        if (tree.has_kinks)
        else ""
    )
    classes = view.has_classes
    value = "f_k(x_i; θ′) − f_c(x_i; θ′)" if classes else prediction(k, "θ′")
    kept = " and $c$ for the class of sample $i$ (the output with target 1; the sum leaves it out)" if classes else ""
    return (
        say(f"{where} consider, with ${f}$ for ${value}${kept},"),
        Display(f"Λ(θ′) = {total(k)} ℓ_i({f}){walls}".replace("ℓ_i", "g_i" if k == 1 else "g_{ik}")),
        say(
            f"{gives}{chosen} convex function ${'g_i' if k == 1 else 'g_{ik}'}$ is the loss of a kept sample where that is "
            f"twice differentiable at $θ$, and otherwise its linear lower bound with slope ${r}$."
        ),
    )


def _conclusion(view: PointView, tree: ConeTree) -> Blocks:
    r, f = derivative(view.outputs), "f_i" if view.outputs == 1 else "f_{ik}"
    kinked = tree.has_kinks
    products = any(cone.products for cone in tree.cones)
    orthogonal = []
    if any(cone.multipliers for cone in tree.cones):
        orthogonal.append("to $∇z_p$ wherever $λ_p > 0$")
    if kinked:
        orthogonal.append(f"to $∇{f}$ wherever ${r}$ is strictly inside the subdifferential")
    critical = f" that are orthogonal {' and '.join(orthogonal)}" if orthogonal else ""
    form = "H(d, d) − Σ ν_{pq} (τ_p ∇z_p·d)(τ_q ∇z_q·d)" if products else "H(d, d)"
    extra = " with the numbers $ν_{pq} ≥ 0$ of the certificate" if products else ""
    blocks: list[Block] = [
        say("With the second derivative $H$ of $Λ$ at $θ$ the certificate's numbers satisfy, exactly, in each set:")
        if len(tree.nodes) > 1
        else say("With the second derivative $H$ of $Λ$ at $θ$, exactly:"),
        Display("∇Λ(θ) = 0"),
        say(f"and, for all $d ≠ 0$ in $S${critical},"),
        Display(f"{form} > 0"),
    ]
    if extra:
        blocks.append(say(extra.strip() + "."))
    gain = []
    if tree.pairs:
        gain.append("Σ_p λ_p τ_p ζ_p")
    if kinked:
        gain.append(f"η Σ |{f} − {f}(θ)|")
    bound = " + ".join(["Λ(θ + y) − Λ(θ)", *gain])
    inside = "in the set, " if len(tree.nodes) > 1 else ""
    blocks.append(say(f"Why this is enough: {inside}convexity of the loss gives, for $θ′ = θ + y$,"))
    blocks.append(Display(f"L(θ + y) − L(θ) ≥ {bound}"))
    if gain:
        eta = f" (the last sum is over the kinks with ${r}$ strictly inside, and $η > 0$ is how far inside)" if kinked else ""
        blocks.append(say(f"where what follows $Λ$ is $≥ 0${eta}."))
    text = (
        f"Suppose $L(θ + y_n) ≤ L(θ)$ for points $y_n ≠ 0$ of $S${' with $θ + y_n$ in the set' if inside else ''} and $y_n → "
        "0$, whose directions $y_n/|y_n|$ tend to $d$. "
    )
    if orthogonal:
        text += (
            "Divide the inequality by $|y_n|$: in the limit the first-order parts of the sums are $≤ 0$, so they are $0$, and "
            f"$d$ is orthogonal {' and '.join(orthogonal)}. "
        )
    text += "Divide by $|y_n|²$: as $∇Λ(θ) = 0$, in the limit $H(d, d) ≤ 0$. "
    if products:
        text += "But $τ_p ∇z_p·d ≥ 0$ for all pairs of the set, so the inequality above says $H(d, d) > 0$, a contradiction. "
    else:
        text += "This contradicts the inequality above. "
    text += (
        "So $L(θ + y) > L(θ)$ for all small $y ≠ 0$ in $S$, and $θ$ is a local minimum; the points near $θ$ with the same risk "
        "are those that the flows reach from $θ$."
    )
    blocks.append(say(text))
    return tuple(blocks)
