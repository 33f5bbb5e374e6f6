"""The exact forward pass and its first-order data, for all samples at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.exact.rational_table import RationalTable
from exactsurf.exact.scaled_vector import ScaledVector, combine
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters


@dataclass(frozen=True)
class ForwardPass:
    """What a network computes on a table of inputs, one `ScaledVector` over the samples per unit.

    Attributes: `pre_activations[l−1][j]` is z of unit j in hidden layer l; `activations` are their images under h;
    `outputs[k]` is output k. Exactness: exact. Source: theory.md, section 1.
    """

    pre_activations: tuple[tuple[ScaledVector, ...], ...]
    activations: tuple[tuple[ScaledVector, ...], ...]
    outputs: tuple[ScaledVector, ...]


def forward_pass(network: Network, inputs: RationalTable, parameters: Parameters) -> ForwardPass:
    """The forward pass of `network` with `parameters` on all rows of `inputs`.

    Parameters: `inputs` N × n_0; fitting `parameters`. Exactness: exact. Raises: nothing. Source: theory.md, section 1.

    >>> import exactsurf as es
    >>> from exactsurf.model.parameters import parameters_from
    >>> net = es.Network([1, 1, 1])
    >>> theta = parameters_from(net, W1=[[1]], b1=[-1], W2=[[2]], b2=[3])
    >>> table = RationalTable.from_rows([[Fraction(0)], [Fraction(2)]])
    >>> forward_pass(net, table, theta).outputs[0].fractions()
    (Fraction(3, 1), Fraction(5, 1))
    """
    size = inputs.rows
    pre: list[tuple[ScaledVector, ...]] = []
    post: list[tuple[ScaledVector, ...]] = []
    current: tuple[ScaledVector, ...] = ()
    for layer, (matrix, bias) in enumerate(zip(parameters.weights, parameters.biases, strict=True), start=1):
        constants: Sequence[Fraction] = bias if bias is not None else (Fraction(0),) * len(matrix)
        if layer == 1:
            current = inputs.affine_image(matrix, constants)
        else:
            below = current
            current = tuple(combine(below, row, c, size) for row, c in zip(matrix, constants, strict=True))
        if layer < network.layers:
            pre.append(current)
            current = tuple(network.activation.apply(z) for z in current)
            post.append(current)
    return ForwardPass(tuple(pre), tuple(post), current)
