"""Permutations of the units of hidden layers: canonical patterns, the parameters that go with them, and whole orbits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from math import factorial, prod
from typing import TypeAlias, TypeVar

from exactsurf.model.parameters import Parameters

T = TypeVar("T")
Order: TypeAlias = tuple[int, ...]
LayerPieces: TypeAlias = tuple[tuple[int, ...], ...]


def sorting_orders(layers: Sequence[Sequence[tuple[int, ...]]]) -> tuple[Order, ...]:
    """For every layer the order of its units that sorts their pieces.

    Parameters: pieces by layer and unit. Exactness: combinatorial. Raises: nothing. Source: the definition.

    >>> sorting_orders([[(1, 0), (0, 1)]])
    ((1, 0),)
    """
    return tuple(tuple(sorted(range(len(units)), key=lambda j, units=units: units[j])) for units in layers)  # type: ignore[misc]


def reordered(values: Sequence[T], order: Order) -> tuple[T, ...]:
    """`values` in this order."""
    return tuple(values[j] for j in order)


def with_units_reordered(parameters: Parameters, orders: Sequence[Order]) -> Parameters:
    """The parameters of the same function with the units of the first hidden layers in these orders.

    Parameters: `parameters`; `orders`, one for each of the first hidden layers. Exactness: exact. Raises: nothing for
    permutations of fitting lengths. Source: the definition.

    >>> import exactsurf as es
    >>> from exactsurf.model.parameters import parameters_from
    >>> theta = parameters_from(es.Network([1, 2, 1], biases=False), W1=[[1], [2]], W2=[[3, 4]])
    >>> with_units_reordered(theta, [(1, 0)])
    Parameters(W1=[[2], [1]], W2=[[4, 3]])
    """
    weights, biases = list(parameters.weights), list(parameters.biases)
    for index, order in enumerate(orders):
        bias = biases[index]
        weights[index] = reordered(weights[index], order)
        biases[index] = None if bias is None else reordered(bias, order)
        weights[index + 1] = tuple(reordered(row, order) for row in weights[index + 1])
    return Parameters(tuple(weights), tuple(biases))


def orbit_size(layers: Sequence[LayerPieces]) -> int:
    """In how many ways the units can be ordered with different pieces.

    Parameters: pieces by layer and unit. Exactness: exact. Raises: nothing. Source: multinomial coefficients.

    >>> orbit_size([((0,), (1,)), ((0,), (0,))])
    2
    """
    return prod(factorial(len(units)) // prod(map(factorial, Counter(units).values())) for units in layers)


def orbit(layers: Sequence[LayerPieces]) -> Iterator[tuple[Order, ...]]:
    """One choice of orders of the units for every different pattern that reordering gives; lazily.

    Parameters: pieces by layer and unit. Exactness: exact. Raises: nothing. Source: the definition.

    >>> list(orbit([((0,), (0,), (1,))]))
    [((0, 1, 2),), ((0, 2, 1),), ((2, 0, 1),)]
    """
    return product(*(tuple(_arrangements(units, tuple(range(len(units))))) for units in layers))


def _arrangements(units: LayerPieces, left: Order) -> Iterator[Order]:
    if not left:
        yield ()
    seen = set()
    for j in left:
        if units[j] not in seen:
            seen.add(units[j])
            for rest in _arrangements(units, tuple(k for k in left if k != j)):
                yield (j, *rest)
