"""Regions of all parameters: sides of walls of hidden units, signs of weights between hidden layers, cones of output weights."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from operator import add
from typing import NamedTuple, TypeAlias

from exactsurf.certificate.claims.region_nodes import SplitKind
from exactsurf.model.network import Network

Sides: TypeAlias = frozenset[tuple[int, int, int]]
"""What is required of one unit: (sample, breakpoint, side), with side 1 or −1."""

OutputCone: TypeAlias = tuple[tuple[int, ...], ...]
"""The generators of a cone of output weights of one unit."""


class Split(NamedTuple):
    """Where regions are cut, as in `RegionSplit`."""

    kind: SplitKind
    place: tuple[int, ...]


class NetworkRegions(NamedTuple):
    """What is required of the parameters. `walls[l][j]` are the sides of unit j of hidden layer l, counted from 0;
    `signs[l][j][k]` is the sign (0: any) of the weight from unit k of hidden layer l to unit j of the next; `cones[j]`
    generate the output weights of unit j of the last hidden layer. Where they are joined (`is_joint`), the entries of all cones
    at one place are a corner, and the output weights of all units are multiples of one and the same mean of the corners.

    Source: proofs/FORMAT.md, sections 29 and 53.
    """

    walls: tuple[tuple[Sides, ...], ...]
    signs: tuple[tuple[tuple[int, ...], ...], ...]
    cones: tuple[OutputCone, ...]
    is_joint: bool = False

    def parted(self, split: Split) -> tuple[NetworkRegions, ...]:
        """The parts of regions that are cut, up to the order of units of which the same is required.

        Exactness: exact. Raises: nothing for fitting places. Source: proofs/claims/global_minimum.md, sections 11 and 15.
        """
        if split.kind == "chains":
            return tuple(self._replace(cones=cones, is_joint=True) for cones in self._chains())
        if split.kind == "edge":
            return self._bisected(*split.place)
        if split.kind == "wall":
            layer, unit, sample, k = split.place
            alike = self._alike(layer - 1, unit)
            return self._walled(layer - 1, [unit], (sample, k, 1)), self._walled(layer - 1, alike, (sample, k, -1))
        if split.kind == "weight":
            return self._signed(split.place, 1), self._signed(split.place, -1)
        unit, a, b, alpha, beta = split.place
        cone = self.cones[unit]
        middle = tuple(alpha * p + beta * q for p, q in zip(cone[a], cone[b], strict=True))
        upper, lower = (tuple(middle if n == place else v for n, v in enumerate(cone)) for place in (b, a))
        return self._coned([unit], upper), self._coned(self._alike(len(self.walls) - 1, unit), lower)

    def _chains(self) -> list[tuple[OutputCone, ...]]:
        """The longest chains of tuples of generators ≠ 0 in which one unit goes on to its next generator at every step."""
        cones = [tuple(v for v in cone if any(v)) or cone[:1] for cone in self.cones]
        ends = tuple(len(cone) - 1 for cone in cones)
        chains: list[list[tuple[int, ...]]] = [[(0,) * len(ends)]]
        for _ in range(sum(ends)):
            chains = [
                [*chain, tuple(place + (j == unit) for j, place in enumerate(chain[-1]))]
                for chain in chains
                for unit in reversed(range(len(ends)))
                if chain[-1][unit] < ends[unit]
            ]
        return [tuple(tuple(cone[places[j]] for places in chain) for j, cone in enumerate(cones)) for chain in chains]

    def _bisected(self, first: int, second: int) -> tuple[NetworkRegions, NetworkRegions]:
        """The parts on both sides of the middle of two corners. All corners are doubled, so that all numbers are integers."""
        parts = []
        for place in (second, first):
            cones = []
            for cone in self.cones:
                doubled = [tuple(2 * value for value in v) for v in cone]
                doubled[place] = tuple(map(add, cone[first], cone[second]))
                cones.append(tuple(doubled))
            parts.append(self._replace(cones=tuple(cones)))
        return parts[0], parts[1]

    def _alike(self, layer: int, unit: int) -> list[int]:
        own = self._of_unit(layer, unit)
        return [j for j in range(len(self.walls[layer])) if self._of_unit(layer, j) == own]

    def _of_unit(self, layer: int, unit: int) -> tuple[object, ...]:
        into = self.signs[layer - 1][unit] if layer else ()
        last = layer == len(self.walls) - 1
        out = self.cones[unit] if last else tuple(row[unit] for row in self.signs[layer])
        return self.walls[layer][unit], into, out

    def _walled(self, layer: int, units: Iterable[int], side: tuple[int, int, int]) -> NetworkRegions:
        chosen = set(units)
        row = tuple(own | {side} if j in chosen else own for j, own in enumerate(self.walls[layer]))
        return self._replace(walls=(*self.walls[:layer], row, *self.walls[layer + 1 :]))

    def _coned(self, units: Iterable[int], cone: OutputCone) -> NetworkRegions:
        chosen = set(units)
        return self._replace(cones=tuple(cone if j in chosen else own for j, own in enumerate(self.cones)))

    def _signed(self, place: tuple[int, ...], side: int) -> NetworkRegions:
        layer, unit, below = place
        rows = [list(row) for row in self.signs[layer - 2]]
        rows[unit][below] = side
        return self._replace(signs=(*self.signs[: layer - 2], tuple(map(tuple, rows)), *self.signs[layer - 1 :]))


def all_parameters(network: Network) -> NetworkRegions:
    """Regions without any requirement.

    Parameters: a network with a hidden layer. Exactness: exact. Raises: nothing. Source: proofs/FORMAT.md, section 29.

    >>> import exactsurf as es
    >>> everything = all_parameters(es.Network([1, 2, 2]))
    >>> everything.cones[0]
    ((1, 0), (-1, 0), (0, 1), (0, -1))
    >>> upper, lower = everything.parted(Split("cone", (0, 0, 1, 1, 1)))
    >>> upper.cones[1] == lower.cones[1]
    False
    """
    hidden, outputs = network.widths[1:-1], network.widths[-1]
    axes = tuple(tuple(side * int(k == axis) for k in range(outputs)) for axis in range(outputs) for side in (1, -1))
    nothing: Sides = frozenset()
    return NetworkRegions(
        tuple((nothing,) * width for width in hidden),
        tuple(((0,) * below,) * width for below, width in pairwise(hidden)),
        (axes,) * hidden[-1],
    )
