"""A network on one region of input space: pre-activations, outputs and derivatives as affine functions of the input.

An affine function a·x + c is the vector of a with c behind it. A single input is the case of no x at all: every function is
its constant.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction

from exactsurf.effort import look
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters

Pieces = tuple[tuple[int, ...], ...]
"""The piece of every hidden unit, by layer."""

_ZERO = Fraction(0)


def coordinates_of_inputs(size: int) -> Matrix:
    """The inputs x_1, …, x_n as affine functions of x."""
    return tuple(tuple(Fraction(i == j) for j in range(size + 1)) for i in range(size))


def constants(values: Sequence[Fraction]) -> Matrix:
    """Numbers as affine functions of nothing."""
    return tuple((value,) for value in values)


def combination(weights: Sequence[Fraction], functions: Sequence[Vector], constant: Fraction, size: int) -> Vector:
    """Σ_k weights[k]·functions[k] + constant, as a vector of `size` numbers."""
    total = [_ZERO] * size
    total[-1] = constant
    for weight, function in zip(weights, functions, strict=True):
        if weight:
            for place, value in enumerate(function):
                if value:
                    total[place] += weight * value
    return tuple(total)


def layer_of(parameters: Parameters, layer: int, below: Sequence[Vector], size: int) -> Matrix:
    """The pre-activations of a layer (from 0) from the outputs of the layer below it."""
    matrix, bias = parameters.weights[layer], parameters.biases[layer]
    values = bias if bias is not None else (_ZERO,) * len(matrix)
    return tuple(combination(row, below, c, size) for row, c in zip(matrix, values, strict=True))


def on_piece(network: Network, function: Vector, piece: int) -> Vector:
    """h of a function all whose values are on a piece of h."""
    slope, intercept = network.activation.lines[piece]
    image = [slope * value for value in function]
    image[-1] += intercept
    return tuple(image)


def pieces_at(network: Network, parameters: Parameters, x: Sequence[Fraction]) -> tuple[Pieces, tuple[int, int] | None]:
    """The pieces of all hidden units at an input, the left ones at breakpoints, and the first unit that is at one.

    Parameters: `x`, n₀ numbers. Returns: the pieces, and (layer, unit) with the layer counted from 1, or None.
    Exactness: exact. Raises: nothing for parameters of the network. Source: theory.md, section 1.

    >>> import exactsurf as es
    >>> theta = es.Parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])
    >>> pieces_at(es.Network([1, 1, 1]), theta, [Fraction(2)]), pieces_at(es.Network([1, 1, 1]), theta, [Fraction(0)])
    ((((1,),), None), (((0,),), (1, 0)))
    """
    below, found, wall = constants(x), [], None
    h = network.activation
    for layer in range(network.layers - 1):
        pre = layer_of(parameters, layer, below, 1)
        pieces = tuple(bisect_left(h.breakpoints, z[0]) for z in pre)
        if wall is None:
            wall = next(((layer + 1, j) for j, z in enumerate(pre) if z[0] in h.breakpoints), None)
        found.append(pieces)
        below = tuple(on_piece(network, z, piece) for z, piece in zip(pre, pieces, strict=True))
    return tuple(found), wall


def outputs_on(network: Network, parameters: Parameters, pieces: Pieces, inputs: Matrix) -> tuple[Matrix, ...]:
    """What every layer reads, and behind that the outputs, as affine functions."""
    size, below = len(inputs[0]), inputs
    read = [inputs]
    for layer, chosen in enumerate(pieces):
        pre = layer_of(parameters, layer, below, size)
        below = tuple(on_piece(network, z, piece) for z, piece in zip(pre, chosen, strict=True))
        read.append(below)
    return (*read, layer_of(parameters, network.layers - 1, below, size))


def gradients_on(network: Network, parameters: Parameters, pieces: Pieces, inputs: Matrix) -> tuple[Matrix, ...]:
    """For every output its derivatives by all parameters, each an affine function; W1 by rows, then b1, W2, …

    Parameters: `pieces` of all hidden units; `inputs`, from `coordinates_of_inputs` or `constants`.
    Exactness: exact. Raises: `OutOfTime` of the effort that governs. Source: proofs/claims/functional_dimension.md.

    >>> import exactsurf as es
    >>> theta = es.Parameters(W1=[[1]], b1=[1], W2=[[3]], b2=[0])
    >>> (row,) = gradients_on(es.Network([1, 1, 1]), theta, ((1,),), coordinates_of_inputs(1))
    >>> [tuple(map(int, derivative)) for derivative in row]
    [(3, 0), (0, 3), (1, 1), (0, 1)]
    """
    size = len(inputs[0])
    read = outputs_on(network, parameters, pieces, inputs)
    unit = (*(_ZERO,) * (size - 1), Fraction(1))
    slopes = network.activation.slopes
    layers: list[list[list[Vector]]] = []
    back = [[Fraction(k == j) for j in range(network.widths[-1])] for k in range(network.widths[-1])]
    for layer in range(network.layers - 1, -1, -1):
        look("derivatives of the outputs are computed")
        layers.append([_layer_gradient(row, read[layer], unit, network.biases[layer]) for row in back])
        if layer:
            matrix, chosen = parameters.weights[layer], pieces[layer - 1]
            back = [
                [
                    slopes[chosen[i]] * sum((b * matrix[j][i] for j, b in enumerate(row) if b), _ZERO)
                    for i in range(len(matrix[0]))
                ]
                for row in back
            ]
    return tuple(tuple(d for layer in reversed(layers) for d in layer[k]) for k in range(network.widths[-1]))


def _layer_gradient(back: Sequence[Fraction], read: Matrix, unit: Vector, has_bias: bool) -> list[Vector]:
    found = [tuple(b * value for value in function) if b else (_ZERO,) * len(unit) for b in back for function in read]
    return found + ([tuple(b * value for value in unit) for b in back] if has_bias else [])
