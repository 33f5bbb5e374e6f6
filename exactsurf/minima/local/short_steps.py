"""Steps of descent in short binary fractions, and the points from which they start."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Protocol, Self, TypeVar

from exactsurf.minima.local.coordinate_vector import dimension
from exactsurf.model.network import Network
from exactsurf.model.parameter_vector import parameters_of, vector_of
from exactsurf.model.parameters import Parameters

_BITS = 12


class Position(Protocol):
    """Parameters of a problem, from where one can move."""

    @property
    def parameters(self) -> Parameters:
        """Where it is."""

    def moved(self, direction: Parameters, step: Fraction) -> Self:
        """θ + step · direction."""


P = TypeVar("P", bound=Position)


def starts(network: Network, parameters: Parameters, number: int) -> Iterator[Parameters]:
    """Points near the given one and small ones in turn, at random from a fixed seed.

    Exactness: exact, short binary fractions. Raises: nothing. Source: none needed.
    """
    source, here, size = random.Random(0), vector_of(parameters), dimension(network)
    for start in range(number):
        reach = Fraction(2 ** (start % 5), 4)
        noise = [reach * Fraction(source.randint(-16, 16), 8) for _ in range(size)]
        entries = [a + b for a, b in zip(here, noise, strict=True)] if start % 2 else noise
        yield parameters_of(network, tuple(map(_short, entries)))


def best_step(
    current: P,
    network: Network,
    gradient: Parameters,
    at: Callable[[Parameters], P],
    is_lower: Callable[[P, P], bool],
    halvings: int,
) -> P | None:
    """The best of a few steps against a gradient, None if none goes down.

    Parameters: `at` makes a position, `is_lower` compares the risks of two; `halvings`, the most steps that are tried.
    Exactness: exact, short binary fractions; what lower means is decided by `is_lower`. Raises: nothing. Source: standard.
    """
    slopes = vector_of(gradient)
    if not any(slopes):
        return None
    best, step = current, 1 / max(map(abs, slopes))
    for _ in range(halvings):
        entries = vector_of(current.moved(gradient, -step).parameters)
        there = at(parameters_of(network, tuple(map(_short, entries))))
        if is_lower(there, best):
            best = there
        elif best is not current:
            break
        step /= 2
    return None if best is current else best


def _short(value: Fraction) -> Fraction:
    return Fraction(round(value * (1 << _BITS)), 1 << _BITS)
