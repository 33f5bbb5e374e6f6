"""Parameters as points in named variables: ``W1_0_1`` is entry (0, 1) of W1, ``b1_0`` entry 0 of b1."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

from exactsurf.exact.number import Exact, exact
from exactsurf.exact.polynomial_variables import check_point
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters, parameters_from


def weight_names(network: Network) -> tuple[str, ...]:
    """The variables of parameter space, in the order W1 (by rows), b1, W2, b2, …; indices start at 0, layers at 1.

    Parameters: any `network`. Exactness: names only. Raises: nothing. Source: proofs/FORMAT.md, section 1.

    >>> import exactsurf as es
    >>> weight_names(es.Network([1, 2, 1], biases=[True, False]))
    ('W1_0_0', 'W1_1_0', 'b1_0', 'b1_1', 'W2_0_0', 'W2_0_1')
    """
    return tuple(name for layer in layer_names(network) for name in layer)


def layer_names(network: Network) -> tuple[tuple[str, ...], ...]:
    """The same, grouped: for every layer of weights the names of its weights and biases."""
    return _layer_names(network.widths, network.biases)


@lru_cache(maxsize=64)
def _layer_names(widths: tuple[int, ...], biases: tuple[bool, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            *(f"W{layer}_{j}_{k}" for j in range(widths[layer]) for k in range(widths[layer - 1])),
            *(f"b{layer}_{j}" for j in range(widths[layer]) if biases[layer - 1]),
        )
        for layer in range(1, len(widths))
    )


def coordinates(parameters: Parameters) -> dict[str, Fraction]:
    """The values of the variables at `parameters`, to put into a polynomial.

    Parameters: any `parameters`. Exactness: exact. Raises: nothing. Source: `weight_names`.

    >>> import exactsurf as es
    >>> coordinates(parameters_from(es.Network([1, 1]), W1=[["1/2"]], b1=[3]))
    {'W1_0_0': Fraction(1, 2), 'b1_0': Fraction(3, 1)}
    """
    point: dict[str, Fraction] = {}
    for layer, (matrix, bias) in enumerate(zip(parameters.weights, parameters.biases, strict=True), start=1):
        point.update((f"W{layer}_{j}_{k}", value) for j, row in enumerate(matrix) for k, value in enumerate(row))
        point.update((f"b{layer}_{j}", value) for j, value in enumerate(bias or ()))
    return point


def parameters_at(network: Network, point: Mapping[str, Exact]) -> Parameters:
    """The parameters with these coordinates, the inverse of `coordinates`.

    Parameters: `point` maps every name of `weight_names(network)` to an exact number. Exactness: exact.
    Raises: `InputError` for unknown (with the nearest name) and missing names. Source: `weight_names`.

    >>> import exactsurf as es
    >>> parameters_at(es.Network([1, 1]), {"W1_0_0": "1/2", "b1_0": 3})
    Parameters(W1=[['1/2']], b1=[3])
    """
    check_point(point, weight_names(network))
    values = {
        name: [[exact(point[f"{name}_{j}_{k}"]) for k in range(shape[1])] for j in range(shape[0])]
        if len(shape) == 2
        else [exact(point[f"{name}_{j}"]) for j in range(shape[0])]
        for name, shape in network.shapes.items()
    }
    return parameters_from(network, **values)
