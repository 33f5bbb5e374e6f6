"""Trees for several outputs or several hidden layers in words (proofs/claims/global_minimum.md, sections 9 to 12)."""

from __future__ import annotations

from exactsurf.certificate.reading.surface_view import SurfaceView
from exactsurf.show.text.prose import Block, Blocks, Display, say


def region_tree(view: SurfaceView) -> Blocks:
    """How the tree covers all parameters, and why the risk is bounded at each of its leaves.

    Parameters: `view`, of an accepted certificate with such a tree. Exactness: nothing is computed. Raises: nothing.
    Source: proofs/FORMAT.md, sections 29 and 53.
    """
    splits = sum("dual" not in node for node in view.tree)
    deep = len(view.widths) > 3
    kinds = "a side of a wall (a pre-activation that is above or below a breakpoint on a sample)"
    if deep:
        kinds += ", the sign of a weight between hidden layers"
    blocks: list[Block] = [
        say(
            f"A tree of ${len(view.tree)}$ nodes cuts the parameters into regions. Each of its ${splits}$ splits requires "
            f"{kinds}, or a part of a cone in which the output weights of a unit lie. At the second child that is required of "
            "all units of which the same was required so far: because these may be exchanged, the children cover what their "
            "node covers."
        ),
        say("For a matrix $U$ with a row for each sample, convexity of the loss gives for all $θ$"),
        Display("L(θ) ≥ Σ_i U_i f(x_i; θ) + B(U)"),
        say(
            "Here $B(U)$ is minus the sum of the conjugates of the terms of the risk at the entries of $U$. The certificate has "
            f"${len(view.duals)}$ such matrices, each with a $B(U)$ of at least the bound. At every leaf the sum is not negative "
            "for one of them: that is so for each unit of the last hidden layer and each generator of its cone."
        ),
    ]
    if any("chains" in node for node in view.tree):
        blocks.append(
            say(
                "At some nodes the output weights $v_j$ of all units are joined: each is a multiple of the same mean, with "
                "weights $α_s$, of vectors $v_j^s$ that the units have at corners. Each chain of generators is a child, and "
                "these children cover the node; so do the two parts between the middle of two corners. Below such a node a leaf "
                "has a matrix $U^s$ for each corner, and the mean of these is used, which moves with the weights. Because $B$ is "
                "concave its bound holds there, too, and the sum is not negative because for each unit and any two corners"
            )
        )
        blocks.append(Display("Σ_i (U_i^s v_j^t + U_i^t v_j^s) h(w_j·x_i) ≥ 0"))
    if deep:
        blocks.append(
            say(
                "It is proved layer by layer: lines below the bends of the activation leave a combination of the "
                "pre-activations, which is one of the activations of the layer below, with weights of known signs. In the first "
                "hidden layer it is decided at vertices and extreme rays."
            )
        )
    else:
        blocks.append(say("That is decided at vertices and extreme rays of the regions of the units."))
    return tuple(blocks)
