"""Trees for several outputs or several hidden layers in words (proofs/claims/global_minimum.md, sections 9 to 12)."""

from __future__ import annotations

from exactsurf.certificate.reading.surface_view import SurfaceView
from exactsurf.show.text.prose import Block, Blocks, Display, say


def region_tree(view: SurfaceView) -> Blocks:
    """How the tree covers all parameters, and why the risk is bounded at each of its leaves.

    Parameters: `view`, of an accepted certificate with such a tree. Exactness: nothing is computed. Raises: nothing.
    Source: proofs/FORMAT.md, section 29.
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
