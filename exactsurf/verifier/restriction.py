"""The restriction of the parameters to an affine subspace (FORMAT.md, section 44)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from .activation import Activation
from .arithmetic.document import Field, at
from .arithmetic.effort import price, spend
from .arithmetic.quadratic import null_space, whole_vector
from .arithmetic.rational import Rational
from .arithmetic.rational_rows import bits_of, dot
from .arithmetic.table import Column, Table
from .invariance import places, size
from .loss import Loss
from .network import Parameters, read_parameters, vector_of
from .problem import Problem


@dataclass(frozen=True)
class Restriction:
    """θ₀ and b_1, …, b_p, as vectors in the order of the parameters."""

    problem: Problem
    origin: list[Rational]
    directions: list[list[Rational]]

    @property
    def free(self) -> int:
        """p."""
        return len(self.directions)

    @cached_property
    def varying(self) -> frozenset[int]:
        """The places of the entries that vary."""
        return frozenset(place for direction in self.directions for place, value in enumerate(direction) if value)

    @cached_property
    def normals(self) -> list[list[int]]:
        """A basis of what is orthogonal to all b_k."""
        return null_space(self.whole, len(self.origin))

    @cached_property
    def whole(self) -> list[list[int]]:
        """Positive multiples of the b_k in integers."""
        return [whole_vector(dict(enumerate(direction)), len(direction)) for direction in self.directions]

    def pulled(self, linear: dict[int, Rational]) -> list[Rational]:
        """The derivatives along all b_k of what has these derivatives by the parameters."""
        spend(self.free * len(linear) * (1 + price(bits_of(list(linear.values())))))
        return [sum((value * direction[p] for p, value in linear.items()), start=0) for direction in self.directions]

    def moved(self, values: Sequence[Rational], start: Sequence[Rational] | None = None) -> Parameters:
        """Σ u_k b_k, as parameters, added to `start`."""
        total = list(start) if start is not None else [0] * len(self.origin)
        for value, direction in zip(values, self.directions, strict=True):
            spend(2 * len(direction) * price(bits_of([value]), bits_of(direction)))
            total = [a + value * b for a, b in zip(total, direction, strict=True)]
        return self._shaped(total)

    def _shaped(self, vector: Sequence[Rational]) -> Parameters:
        weights, biases, problem = [], [], self.problem
        for layer, rows in enumerate(places(problem)):
            width = problem.widths[layer]
            weights.append([[vector[place] for place in row[:width]] for row in rows])
            biases.append([vector[row[width]] for row in rows] if problem.biases[layer] else None)
        return Parameters(weights, biases)

    def parameters(self, values: Sequence[Rational]) -> Parameters:
        """θ(u)."""
        return self.moved(values, self.origin)

    @cached_property
    def degree(self) -> int:
        """The degree of the problem."""
        below = [0] * self.problem.widths[0]
        for rows in places(self.problem):
            spend(sum(map(len, rows)))
            below = [
                max((place in self.varying) + (below[n] if n < len(below) else 0) for n, place in enumerate(row)) for row in rows
            ]
        return max(below)

    def fixed_units(self, parameters: Parameters, sample: int) -> list[list[bool]]:
        """[layer − 1][unit]: whether a pre-activation of a hidden layer is fixed on a sample."""
        x = self.problem.x
        reads: list[Rational] = [Fraction(v, d) for v, d in zip(x.rows[sample], x.denominators, strict=True)]
        reads += [1] if self.problem.biases[0] else []
        first, *others = places(self.problem)[:-1] or [[]]
        spend(4 * self.free * len(first) * len(reads))
        layers = [[not any(dot([direction[place] for place in row], reads) for direction in self.directions) for row in first]]
        for number, rows in enumerate(others, start=1):
            spend(2 * len(rows) * len(layers[-1]))
            weights = parameters.weights[number]
            layers.append(
                [
                    self.varying.isdisjoint(row) and all(fixed or not w for fixed, w in zip(layers[-1], weights[j], strict=True))
                    for j, row in enumerate(rows)
                ]
            )
        return layers


def read_restriction_of_layers(field: Field, widths: list[int], biases: list[bool], x: Table) -> Restriction:
    """The field `restriction` of a problem with another loss or activation: it reads of a problem only layers and inputs."""
    loss, linear = Loss("difference", [], [(0, 0, 0)]), Activation([], [1], [0])
    return read_restriction(field, Problem(widths, biases, linear, loss, x, x, Column([1] * len(x.rows), 1)))


def read_restriction(field: Field, problem: Problem) -> Restriction:
    """The field `restriction` of a problem."""
    offset, basis = field.fields("offset", "basis")
    origin = vector_of(read_parameters(offset, problem.widths, problem.biases))
    directions = [vector_of(read_parameters(entry, problem.widths, problem.biases)) for entry in basis.items()]
    if not directions:
        raise basis.reject("expected at least one direction")
    found = Restriction(problem, origin, directions)
    with at(basis.place):
        if size(problem) - len(found.normals) < len(directions):
            raise basis.reject("the directions are not independent")
    return found
