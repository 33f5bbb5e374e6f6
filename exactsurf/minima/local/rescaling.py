"""Rescaling hidden units of homogeneous networks: scales of parameters, balance of masses, flows below them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from exactsurf.effort import Effort
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.model.network import Network
from exactsurf.model.parameter_vector import parameters_of, vector_of
from exactsurf.model.parameters import Parameters

_BITS, _SWEEPS = 64, 400


@dataclass(frozen=True)
class Rescaling:
    """The hidden units of a network, in order of layers, and what comes into each and goes out of each.

    Attributes: `network`; `into` and `out_of`, for every unit places of parameters, in the order of `vector_of`.
    Exactness: exact. Source: proofs/claims/flattest_rescaling.md.
    """

    network: Network
    into: tuple[tuple[int, ...], ...]
    out_of: tuple[tuple[int, ...], ...]

    @staticmethod
    def of(network: Network) -> Rescaling:
        """The units of a network."""
        into: list[list[int]] = []
        out_of: list[list[int]] = []
        place, first = 0, 0
        for layer in range(1, network.layers + 1):
            width, below = network.widths[layer], network.widths[layer - 1]
            is_hidden = layer < network.layers
            if is_hidden:
                into += [[] for _ in range(width)]
                out_of += [[] for _ in range(width)]
            start = first + (below if layer > 1 else 0)
            for j in range(width):
                for k in range(below):
                    if is_hidden:
                        into[start + j].append(place)
                    if layer > 1:
                        out_of[first + k].append(place)
                    place += 1
            if network.biases[layer - 1]:
                for j in range(width):
                    if is_hidden:
                        into[start + j].append(place)
                    place += 1
            first = start
        return Rescaling(network, tuple(map(tuple, into)), tuple(map(tuple, out_of)))

    def exponents(self, size: int) -> list[list[int]]:
        """For every parameter 1 at the unit that it comes into, −1 at the one that it goes out of, else 0."""
        rows = [[0] * len(self.into) for _ in range(size)]
        for unit, (comes, goes) in enumerate(zip(self.into, self.out_of, strict=True)):
            for p in comes:
                rows[p][unit] += 1
            for p in goes:
                rows[p][unit] -= 1
        return rows

    def scales(self, factors: Sequence[Fraction], size: int) -> Vector:
        """What every parameter is multiplied by."""
        found = [Fraction(1)] * size
        for factor, comes, goes in zip(factors, self.into, self.out_of, strict=True):
            for p in comes:
                found[p] *= factor
            for p in goes:
                found[p] /= factor
        return tuple(found)

    def rescaled(self, parameters: Parameters, factors: Sequence[Fraction]) -> Parameters:
        """The same function, each unit multiplied by its factor. Exactness: exact."""
        vector = vector_of(parameters)
        scales = self.scales(factors, len(vector))
        return parameters_of(self.network, (a * s for a, s in zip(vector, scales, strict=True)))

    def by_layer(self, factors: Sequence[Fraction]) -> Matrix:
        """The factors, layer by layer."""
        rows, place = [], 0
        for width in self.network.widths[1:-1]:
            rows.append(tuple(factors[place : place + width]))
            place += width
        return tuple(rows)

    def balancing_factors(self, masses: Sequence[Fraction], effort: Effort) -> tuple[Vector, bool]:
        """Factors at which the sum of mass over squared scale is almost least, and whether a least value is attained.

        Unit by unit c⁴ = (what comes in)/(what goes out), over and over; a unit of which only one side has mass is driven on.
        Parameters: `masses` ≥ 0; `effort`, its clock running. Exactness: factors are rounded to 64 bits; what they give is exact.
        Raises: `OutOfTime`. Source: Osborne 1960 (balancing of matrices).
        """
        size = len(masses)
        factors, one_sided = [Fraction(1)] * len(self.into), False
        for sweep in range(_SWEEPS):
            effort.check("the factors of the least trace are looked for")
            moved = False
            for unit, (comes, goes) in enumerate(zip(self.into, self.out_of, strict=True)):
                squares = [s * s for s in self.scales(factors, size)]
                above = sum((masses[p] / squares[p] for p in comes), Fraction(0))
                below = sum((masses[p] / squares[p] for p in goes), Fraction(0))
                if above == below:
                    continue
                if not above or not below:
                    one_sided = True
                    if sweep < 2:
                        factors[unit] *= Fraction(1, 1 << 32) if below else Fraction(1 << 32)
                    continue
                ratio = fourth_root(above / below)
                if abs(ratio - 1) > Fraction(1, 1 << (_BITS - 8)):
                    factors[unit], moved = _rounded(factors[unit] * ratio), True
            if not moved:
                break
        return tuple(factors), not one_sided

    def flow_below(self, masses: Sequence[Fraction]) -> Vector:
        """A flow below the masses: as much comes into every unit as goes out of it.

        Parameters: `masses` ≥ 0. Exactness: exact: what goes out is cut down to what comes in, layer by layer, and then
        backwards what comes in to what goes out. Raises: nothing. Source: proofs/claims/flattest_rescaling.md.

        >>> import exactsurf as es
        >>> [str(value) for value in Rescaling.of(es.Network([1, 1, 1], biases=False)).flow_below([Fraction(3), Fraction(2)])]
        ['2', '2']
        """
        flow = list(masses)
        order = range(len(self.into))
        for unit, cut, kept in [
            *((u, self.out_of, self.into) for u in order),
            *((u, self.into, self.out_of) for u in reversed(order)),
        ]:
            most = sum((flow[p] for p in kept[unit]), Fraction(0))
            total = sum((flow[p] for p in cut[unit]), Fraction(0))
            if total > most:
                share = most / total
                for p in cut[unit]:
                    flow[p] *= share
        return tuple(flow)


def fourth_root(value: Fraction) -> Fraction:
    """The fourth root of a positive number, to 64 bits.

    Parameters: `value` > 0. Exactness: exact for fourth powers of short fractions, else rounded down. Raises: nothing.
    Source: standard.

    >>> fourth_root(Fraction(16, 81))
    Fraction(2, 3)
    """
    whole = [isqrt(isqrt(part)) for part in (value.numerator, value.denominator)]
    if whole[0] ** 4 == value.numerator and whole[1] ** 4 == value.denominator:
        return Fraction(whole[0], whole[1])
    shift = max(0, _BITS + (value.denominator.bit_length() - value.numerator.bit_length()) // 4 + 1)
    return Fraction(isqrt(isqrt((value.numerator << (4 * shift)) // value.denominator)), 1 << shift)


def _rounded(value: Fraction) -> Fraction:
    """A number near, of 64 bits; short numbers stay."""
    if max(value.numerator.bit_length(), value.denominator.bit_length()) <= _BITS:
        return value
    shift = _BITS - value.numerator.bit_length() + value.denominator.bit_length()
    return Fraction(round(value * 2**shift), 1) / Fraction(2) ** shift
