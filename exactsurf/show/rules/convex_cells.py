"""The proof in words for certificates by the rule ``convex cells`` (proofs/rules/convex_cells.md)."""

from __future__ import annotations

from exactsurf.certificate.reading.point_view import PointView
from exactsurf.certificate.rules.convex_cells import ConvexCells
from exactsurf.show.rules.cone_tree_text import ConeTree
from exactsurf.show.rules.frozen_risk import definition, sample_table
from exactsurf.show.rules.sample_values import SampleValues
from exactsurf.show.rules.second_order import cells_at_the_point
from exactsurf.show.text.prose import Blocks, Display, Items, say


def proof(evidence: ConvexCells, view: PointView, values: SampleValues | None) -> Blocks:
    """Why the point is a local minimum: every cell at it has subgradients that no unit can lower.

    Parameters: `evidence` of the certificate in `view`; `values` of the samples if they were recomputed.
    Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 4.4; proofs/rules/convex_cells.md.
    """
    tree = ConeTree(evidence.nodes, view.outputs)
    extended = "$x̃_i = (x_i, 1)$" if view.biases[0] else "$x̃_i = x_i$"
    row = "row $j$ of $W_1$" + (" followed by entry $j$ of $b_1$" if view.biases[0] else "")
    bias = ", $b$ for the bias $b_2$" if view.biases[1] else ""
    return (
        say(f"For every sample $i$ let {definition(view)}"),
        *(() if tree.has_kinks else sample_table(view, values)),
        say(f"Write {extended}, $w_j$ for {row}, and $v_j$ for entry $j$ of $W_2${bias}."),
        *cells_at_the_point(view, tree),
        *_inequality(view, tree),
        *_conditions(view, tree),
        *tree.leaf_list(),
        say(_conclusion(tree)),
    )


def _inequality(view: PointView, tree: ConeTree) -> Blocks:
    out = "(b′ − b) Σ_i r_i + " if view.biases[1] else ""
    return (
        say(
            "In each set let $r_i = 0$ for the samples that are left out, and $φ_j(w) = Σ_i r_i h(w·x̃_i)$. The loss is convex, "
            "and $0$ is a subgradient at the samples that are left out. So"
        ),
        Display(f"L(θ′) − L(θ) ≥ {out}Σ_j v′_j φ_j(w′_j) − Σ_j v_j φ_j(w_j)"),
        say(_linear_part(tree)),
    )


def _linear_part(tree: ConeTree) -> str:
    piece = "where $g_j$ is the sum of $r_i x̃_i$ times the slope of the piece in which unit $j$ is on sample $i$"
    if not tree.has_unsplit:
        return f"There, $φ_j(w′_j) = φ_j(w_j) + g_j·(w′_j − w_j)$, {piece}."
    return (
        "Write $u_j$ for $v_j$, or for $s_j$ if $v_j = 0$. There, for a unit that is not of the second kind below, "
        "$u_j φ_j(w′_j) ≥ u_j φ_j(w_j) + (u_j g_j − Σ_p μ_p x̃_{i(p)})·(w′_j − w_j)$, with the sum over its boundary pairs $p$ "
        f"that are not split, each with its sample $i(p)$, {piece}, the right one for these pairs: the certificate's numbers "
        "satisfy $0 ≤ μ_p ≤ u_j r_{i(p)} (a_p^+ − a_p^-)$ with the slopes $a_p^-$ and $a_p^+$ left and right of the breakpoint, "
        "so $u_j r_{i(p)} h$ bends upwards there, and the slope that is the right one less $μ_p$ is between its two slopes."
    )


def _conditions(view: PointView, tree: ConeTree) -> Blocks:
    sums = "$Σ_i r_i = 0$, and " if view.biases[1] else ""
    walls = "Σ_p λ_p τ_p x̃_{i(p)}" if tree.split_pairs else "0"
    where = (
        ", the sum over boundary pairs $p$ of unit $j$, each with its sample $i(p)$, and with numbers $λ_p ≥ 0$"
        if tree.split_pairs
        else ""
    )
    if tree.has_unsplit:
        return _conditions_with_slopes(tree, sums, walls, where)
    items = [(f"if $v_j ≠ 0$: $φ_j(w_j) = 0$ and $v_j g_j = {walls}${where};",)]
    if any(leaf.weights for leaf in tree.leaves):
        again = " in the same way" if tree.pairs else ""
        items.append((f"if $v_j = 0$, of the first kind: $s_j φ_j(w_j) ≥ 0$ and $s_j g_j = {walls}${again};",))
        items.append(("if $v_j = 0$, of the second kind: $s_j φ_j(w_j) > 0$.",))
    sets = "In each set" if len(tree.nodes) > 1 else "Here"
    kinks = " (with numbers $r_i$ at the kinks of the loss that may differ from set to set)" if tree.has_kinks else ""
    return (say(f"{sets} the certificate's numbers satisfy, exactly{kinks}, {sums}for every unit $j$:"), Items(tuple(items)))


def _conditions_with_slopes(tree: ConeTree, sums: str, walls: str, where: str) -> Blocks:
    equation = f"$u_j g_j − Σ_p μ_p x̃_{{i(p)}} = {walls}$"
    items = [(f"if $v_j ≠ 0$: $φ_j(w_j) = 0$ and {equation}{where};",)]
    if any(leaf.weights for leaf in tree.leaves):
        items.append((f"if $v_j = 0$, of the first kind: $s_j φ_j(w_j) ≥ 0$ and {equation} in the same way;",))
        items.append(("if $v_j = 0$, of the second kind: $s_j φ_j(w_j) > 0$.",))
    sets = "In each set" if len(tree.nodes) > 1 else "Here"
    return (say(f"{sets} the certificate's numbers satisfy, exactly, {sums}for every unit $j$:"), Items(tuple(items)))


def _conclusion(tree: ConeTree) -> str:
    if tree.has_unsplit:
        return _conclusion_with_slopes(tree)
    change = "Write $δ = w′_j − w_j$. "
    first = (
        "In the set $τ_p ζ_p ≥ 0$, and with the other parameters fixed $ζ_p = x̃_{i(p)}·δ$; so the equation gives "
        if tree.pairs
        else "The equation gives "
    )
    text = (
        f"{change}{first}$v_j g_j·δ ≥ 0$ for a unit with $v_j ≠ 0$, and as $v′_j$ has the sign of $v_j$ near $θ$, "
        "$v′_j φ_j(w′_j) = v′_j g_j·δ ≥ 0 = v_j φ_j(w_j)$."
    )
    if any(leaf.weights for leaf in tree.leaves):
        text += (
            " If $v_j = 0$, $v′_j$ has the sign $s_j$ or is $0$; and $s_j φ_j(w′_j) = s_j φ_j(w_j) + s_j g_j·δ ≥ 0$ for the "
            "first kind, while for the second kind $φ_j$ keeps its sign near $w_j$. So $v′_j φ_j(w′_j) ≥ 0$ again."
        )
    return (
        text + " The right side of the inequality is therefore $≥ 0$ in every set, and $L(θ′) ≥ L(θ)$ near $θ$: $θ$ is a "
        "local minimum."
    )


def _conclusion_with_slopes(tree: ConeTree) -> str:
    walls = (
        "In the set $τ_p ζ_p ≥ 0$, and with the other parameters fixed $ζ_p = x̃_{i(p)}·(w′_j − w_j)$. "
        if tree.split_pairs
        else ""
    )
    text = (
        f"{walls}So $u_j φ_j(w′_j) ≥ u_j φ_j(w_j)$ for every unit that is not of the second kind. If $v_j ≠ 0$, $v′_j$ has the "
        "sign of $v_j$ near $θ$, and $v′_j φ_j(w′_j) ≥ 0 = v_j φ_j(w_j)$."
    )
    if any(leaf.weights for leaf in tree.leaves):
        text += (
            " If $v_j = 0$, $v′_j$ has the sign $s_j$ or is $0$; and $s_j φ_j(w′_j) ≥ s_j φ_j(w_j) ≥ 0$ for the first kind, "
            "while for the second kind $φ_j$ keeps its sign near $w_j$. So $v′_j φ_j(w′_j) ≥ 0$ again."
        )
    return (
        text + " The right side of the inequality is therefore $≥ 0$ in every set, and $L(θ′) ≥ L(θ)$ near $θ$: $θ$ is a "
        "local minimum."
    )
