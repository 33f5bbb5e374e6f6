"""Identities on one cell: the change of the frozen risk, or 0, as a sum of products of walls with factors that are positive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations_with_replacement
from math import comb, prod
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from exactsurf.certificate.rules.positive_products import Product, ProductLeaf, VanishingLeaf, Wall
from exactsurf.minima.local.completed_squares import CompletedSquares, complete_squares
from exactsurf.minima.local.polynomial_values import value_at_zero
from exactsurf.minima.local.slice_polynomials import CellPolynomials, SlicePolynomials
from exactsurf.minima.local.unit_combination import Combination, Generator, TooLarge, combine

if TYPE_CHECKING:
    from flint import fmpq_mpoly

_MAX_PRODUCTS = 1_000

Leaf: TypeAlias = ProductLeaf | VanishingLeaf
_Products: TypeAlias = list[tuple[tuple[Wall, ...], "fmpq_mpoly"]]


class Step(NamedTuple):
    """How far one search goes: products of at most `most` walls, up to this `degree`, with factors up to this `order`."""

    degree: int
    most: int
    order: int | None


def steps(degree: int) -> tuple[Step, ...]:
    """Larger and larger searches, from constant factors of few walls to all that degree + 1 allows.

    Exactness: exact. Raises: nothing. Source: proofs/rules/positive_products.md.

    >>> [step.most for step in steps(3)]
    [1, 2, 1, 3, 1, 4]
    """
    return (
        Step(degree, 1, 0),
        Step(degree, 2, 0),
        Step(degree, 1, None),
        Step(degree, degree, None),
        Step(degree + 1, 1, None),
        Step(degree + 1, degree + 1, None),
    )


@dataclass
class Memory:
    """What the searches on one slice share.

    Attributes: `found`, what was found on cells with the same polynomials, by these and the step, since cells often differ in
    names only; `polynomials`, those whose signs or squares are used, which have their places as names; `useful`, those of them
    whose signs helped, the last one first.
    """

    found: dict[tuple[object, ...], Combination | None] = field(default_factory=dict)
    polynomials: list[fmpq_mpoly] = field(default_factory=list)
    useful: list[int] = field(default_factory=list)

    def helped(self, index: int) -> None:
        """The sign of a polynomial helped."""
        self.useful = [index, *(other for other in self.useful if other != index)]

    def name(self, polynomial: fmpq_mpoly) -> int:
        """The number of a polynomial."""
        if polynomial not in self.polynomials:
            self.polynomials.append(polynomial)
        return self.polynomials.index(polynomial)


@dataclass(frozen=True)
class CellIdentities:
    """The search for identities on one cell.

    Attributes: `shapes`, the slice; `cell` on it; `memory` of other searches on this slice.
    Exactness: exact. Source: proofs/rules/positive_products.md.
    """

    shapes: SlicePolynomials
    cell: CellPolynomials
    memory: Memory

    def leaf(self, step: Step) -> Leaf | None:
        """Evidence for a leaf, as far as one step goes. Exactness: exact. Raises: `OutOfTime`."""
        try:
            # Of one wall each, sums that vanish are found among those of several.
            return self._identity(step) or (self._vanishing(step) if step.most > 1 else None)
        except TooLarge:
            return None

    def flat(self) -> VanishingLeaf | None:
        """Walls that add up to 0. Exactness: exact. Raises: `OutOfTime`."""
        try:
            return self._vanishing(Step(1, 1, 0))
        except TooLarge:
            return None

    def factors(self) -> Iterator[fmpq_mpoly]:
        """Polynomials whose sign says more than the walls do: what divides a wall, a kink or the risk, and the variables.

        Those that helped elsewhere come first.

        Exactness: exact. Raises: nothing.
        """
        known = {_key(wall) for wall in self.cell.walls.values() if wall}
        known |= {_key(-wall) for wall in self.cell.walls.values() if wall}
        useful = [self.memory.polynomials[index] for index in self.memory.useful]
        cell, variables = self.cell, self.shapes.ring.gens()
        for polynomial in (*useful, *cell.walls.values(), *cell.kinks.values(), cell.frozen, *variables):
            if not polynomial or polynomial.total_degree() == 0:
                continue
            for factor, _ in polynomial.factor()[1]:
                if factor.total_degree() and not value_at_zero(factor) and _key(factor) not in known:
                    known |= {_key(factor), _key(-factor)}
                    yield factor

    @cached_property
    def _walls(self) -> list[tuple[Wall, fmpq_mpoly]]:
        """The walls, of those that are multiples of each other one, in an order that depends on the polynomials only."""
        found: dict[str, tuple[Wall, fmpq_mpoly]] = {}
        for name, wall in self.cell.walls.items():
            if wall:
                found.setdefault(_key(wall), (name, wall))
        return [found[key] for key in sorted(found)]

    @cached_property
    def _kinks(self) -> tuple[tuple[object, ...], ...]:
        return tuple((name, str(f)) for name, f in self.cell.kinks.items())

    def _products(self, step: Step) -> _Products:
        if comb(len(self._walls) + step.most, step.most) > _MAX_PRODUCTS:
            raise TooLarge
        found: _Products = []
        for count in range(1, step.most + 1):
            self.shapes.local.effort.check()
            for chosen in combinations_with_replacement(self._walls, count):
                if sum(wall.total_degree() for _, wall in chosen) <= step.degree:
                    product = prod((wall for _, wall in chosen[1:]), start=chosen[0][1])
                    found.append((tuple(name for name, _ in chosen), product))
        return found

    def _combined(self, target: fmpq_mpoly | None, generators: list[Generator], step: Step) -> Combination | None:
        """`combine`, once for cells with the same polynomials."""
        key = (str(target), self._kinks if target is not None else (), tuple(str(wall) for _, wall in self._walls), step)
        if key not in self.memory.found:
            effort = self.shapes.local.effort
            self.memory.found[key] = combine(target, generators, step.degree, effort, order=step.order)
        return self.memory.found[key]

    def _vanishing(self, step: Step) -> VanishingLeaf | None:
        """Products with positive factors that add up to 0."""
        products = self._products(step)
        if len(products) < 2:
            return None
        found = self._combined(None, [Generator(polynomial) for _, polynomial in products], step)
        return None if found is None else VanishingLeaf(self._terms(products, found.coefficients))

    @cached_property
    def _completed(self) -> CompletedSquares:
        """The risk with as many squares completed as there can be; variables of walls are kept where that leaves some."""
        cell, none = self.cell, CompletedSquares((), self.cell.frozen)
        if not cell.squares or cell.kinks:
            return none
        walls = [wall for wall in cell.walls.values() if wall]
        kept = {p for wall in walls for exponents in wall.to_dict() for p, power in enumerate(exponents) if power}
        return complete_squares(cell.frozen, kept)

    def _identity(self, step: Step) -> ProductLeaf | None:
        """The change of the frozen risk as a sum of products with positive factors, with subgradients chosen for it."""
        cell, completed, one = self.cell, self._completed, self.shapes.ring.constant(1)
        products = self._products(step)
        generators = [Generator(-polynomial) for _, polynomial in products]
        for (i, k), f in cell.kinks.items():
            generators.append(Generator(f, *self.shapes.local.slopes[k][i]))
        if not completed.rest:
            found = Combination(one, [one * 0 for _ in generators])
        elif not generators:
            return None
        else:
            degree = max(step.degree, completed.rest.total_degree())
            combined = self._combined(completed.rest, generators, step._replace(degree=degree))
            if combined is None:
                return None
            found = combined
        terms, shared = self.shapes.terms, completed.shared
        squares = [((self.memory.name(root),) * 2, terms(by * found.unit)) for root, by in completed.squares]
        products_of_walls = self._terms(products, [shared * factor for factor in found.coefficients])
        kinks = zip(cell.kinks, found.coefficients[len(products) :], strict=True)
        subgradients = tuple((i, k, terms(r)) for (i, k), r in kinks)
        unit = terms(completed.unit * found.unit)
        return ProductLeaf(unit, (*squares, *products_of_walls), subgradients, cell.squares)

    def _terms(self, products: _Products, factors: Sequence[fmpq_mpoly]) -> tuple[Product, ...]:
        terms = zip(products, factors, strict=False)
        return tuple((walls, self.shapes.terms(factor)) for (walls, _), factor in terms if factor)


def _key(polynomial: fmpq_mpoly) -> str:
    """The same for positive multiples."""
    return str(polynomial / abs(polynomial.leading_coefficient()))
