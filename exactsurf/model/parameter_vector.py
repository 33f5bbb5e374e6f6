"""Parameters as vectors, and back: W1 by rows, b1, W2, b2, …"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters


def vector_of(parameters: Parameters) -> Vector:
    """The entries of `parameters` in one tuple.

    Parameters: any `parameters` or direction. Exactness: exact. Raises: nothing. Source: proofs/FORMAT.md, section 34.1.

    >>> import exactsurf as es
    >>> vector_of(es.Parameters(W1=[["1/2"]], b1=[3]))
    (Fraction(1, 2), Fraction(3, 1))
    """
    entries: list[Fraction] = []
    for _, value in parameters.items():
        for row in value:
            entries.extend(row if isinstance(row, tuple) else (row,))
    return tuple(entries)


def parameters_of(network: Network, vector: Iterable[Fraction]) -> Parameters:
    """The parameters with these entries, the inverse of `vector_of`.

    Parameters: `vector`, as many entries as `network` has parameters. Exactness: exact. Raises: nothing for a vector of
    the right length. Source: `vector_of`.

    >>> import exactsurf as es
    >>> parameters_of(es.Network([1, 1]), [Fraction(1, 2), Fraction(3)])
    Parameters(W1=[['1/2']], b1=[3])
    """
    entries = iter(vector)
    weights, biases = [], []
    for layer, has_bias in enumerate(network.biases, start=1):
        rows, columns = network.widths[layer], network.widths[layer - 1]
        weights.append(tuple(tuple(next(entries) for _ in range(columns)) for _ in range(rows)))
        biases.append(tuple(next(entries) for _ in range(rows)) if has_bias else None)
    return Parameters(tuple(weights), tuple(biases))


def unit_weights(parameters: Parameters) -> list[Vector]:
    """The weights of every hidden unit of the first layer, its bias behind them if there is one.

    >>> import exactsurf as es
    >>> network = es.Network([1, 1, 1], biases=[True, False])
    >>> unit_weights(parameters_of(network, [Fraction(2), Fraction(3), Fraction(4)]))
    [(Fraction(2, 1), Fraction(3, 1))]
    """
    rows, biases = parameters.weights[0], parameters.biases[0]
    return list(rows) if biases is None else [(*row, bias) for row, bias in zip(rows, biases, strict=True)]
