"""The text about the claims on functional dimensions (proofs/claims/functional_dimension.md)."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.reading.claim_view import point_view
from exactsurf.certificate.reading.network_view import network_view
from exactsurf.show.claims.parts import Parts
from exactsurf.show.text.arrays import direction_blocks, point_blocks
from exactsurf.show.text.problem_text import function_setting
from exactsurf.show.text.prose import Block, Blocks, Name, say

_SHOWN = 6


def exposed(document: dict[str, Any]) -> Parts:
    """The parts of the text.

    Parameters: `document` of an accepted certificate. Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 34.1; proofs/claims/functional_dimension.md.
    """
    view, evidence = network_view(document), document["evidence"]
    dimension, kernel = document["claim"]["dimension"], evidence["kernel"]
    count = dimension + len(kernel)
    if view.inputs is None:
        meaning = (
            f"The largest rank of the derivatives of the outputs by the ${count}$ parameters at $θ$, over all finite batches of "
            f"inputs at which no unit is at a breakpoint, is ${dimension}$."
        )
        where = f"On ${len(evidence['batch'])}$ inputs in such places, which stand in the certificate,"
        still = (
            "On every region of inputs on which the network is affine, the derivative of every output along each of them is an "
            "affine function of the input all of whose coefficients are $0$. A tree of splits of input space lists these regions."
        )
    else:
        meaning = (
            f"On the ${view.inputs}$ inputs of the certificate the derivatives of the outputs by the ${count}$ parameters at $θ$ "
            f"have rank ${dimension}$."
        )
        where, still = "On these inputs", "On every input the derivative of every output along each of them is $0$."
    statement = (say("Let $θ$ be the point with"), *point_blocks(view.parameters), say(meaning))
    steps: list[Block] = [
        say(
            f"{where} a minor of ${dimension}$ rows and columns of the matrix of derivatives is not $0$, so the rank is no less."
        ),
        say(
            f"The other ${len(kernel)}$ dimensions are spanned by directions that are independent. {still}"
            if kernel
            else "The rank cannot be more than the number of parameters."
        ),
    ]
    for number, vector in enumerate(kernel[:_SHOWN], start=1):
        steps += [say(f"Direction ${number}$:"), *direction_blocks(point_view(vector, view.biases))]
    if len(kernel) > _SHOWN:
        steps.append(say(f"${len(kernel) - _SHOWN}$ more directions stand in the certificate."))
    steps.append(say("The steps are proved in ", Name("proofs/claims/functional_dimension.md"), "."))
    proof: Blocks = tuple(steps)
    return Parts("The functional dimension of a network", function_setting(view), statement, proof)
