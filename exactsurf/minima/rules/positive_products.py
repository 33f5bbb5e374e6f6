"""A local minimum shown cell by cell by an identity: the change of the risk is a sum of products of walls, with factors > 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement
from math import comb, prod
from typing import TYPE_CHECKING, TypeAlias

from exactsurf.certificate.rules.boundary_pair import Pair, PairSplit
from exactsurf.certificate.rules.positive_products import PositiveProducts, Product, ProductLeaf, ProductNode, VanishingLeaf
from exactsurf.effort import Effort
from exactsurf.minima.local.cell_programs import CellPrograms
from exactsurf.minima.local.coordinate_vector import dimension
from exactsurf.minima.local.slice_polynomials import MOST_PARAMETERS, CellPolynomials, SlicePolynomials
from exactsurf.minima.local.unit_combination import Generator, TooLarge, combine
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rules.rule import Answer, Proved, Rule
from exactsurf.model.point import Point

if TYPE_CHECKING:
    from flint import fmpq_mpoly

MAX_LEAVES = 256
"""Most leaves of a tree."""

MAX_FREE = 12
"""Most free parameters, that is, dimensions modulo invariances."""

_MAX_PRODUCTS = 1_000

_Products: TypeAlias = list[tuple[tuple[Pair, ...], "fmpq_mpoly"]]


def prove_positive_products(local: CellPrograms) -> PositiveProducts | None:
    """Evidence of a local minimum by rule `positive products`, or None if none was found.

    Parameters: `local`, the cells at the point; the `fan` of its effort, and 256, bound the leaves of the tree.
    Exactness: exact. Complete for identities up to a degree that is one more than that of the network, and only for these.
    Raises: `OutOfTime`. Source: proofs/rules/positive_products.md.

    >>> import exactsurf as es
    >>> from exactsurf.model.point import Point
    >>> problem = es.Problem(es.Network([1, 1, 1, 1], biases=False), es.Data.from_arrays([1], [-1]))
    >>> theta = problem.parameters(W1=[[1]], W2=[[0]], W3=[[2]])
    >>> local = CellPrograms(Point(problem, theta))
    >>> [type(node).__name__ for node in prove_positive_products(local).nodes]
    ['PairSplit', 'ProductLeaf', 'ProductLeaf']
    """
    if dimension(local.problem.network) > MOST_PARAMETERS:
        return None
    shapes, slack = SlicePolynomials(local), local.slack_samples
    if len(shapes.free) > MAX_FREE:
        return None
    needed = tuple(pair for pair in local.fan.pairs if pair[2] not in slack)
    # Samples at their minimum of the loss may be left out; but their kinks can pay for what others lose.
    for pairs in dict.fromkeys((needed, local.fan.pairs)):
        if local.fan.count_cells(pairs, local.effort) <= min(local.effort.fan, MAX_LEAVES):
            nodes = _tree(shapes, pairs)
            if nodes is not None:
                return PositiveProducts(nodes)
    return None


def _tree(shapes: SlicePolynomials, pairs: Sequence[Pair]) -> tuple[ProductNode, ...] | None:
    nodes: list[ProductNode | None] = [None]
    pending: list[tuple[int, dict[Pair, int]]] = [(0, {})]
    while pending:
        shapes.local.effort.check()
        index, signs = pending.pop()
        cell = _Cell(shapes, shapes.cell(signs))
        if len(signs) < len(pairs):
            empty = cell.flat()
            if empty is None:
                pair = pairs[len(signs)]
                nodes[index] = PairSplit(pair, len(nodes), len(nodes) + 1)
                pending += [(len(nodes) + 1, {**signs, pair: -1}), (len(nodes), {**signs, pair: 1})]
                nodes += [None, None]
                continue
            nodes[index] = empty
        else:
            nodes[index] = cell.leaf()
            if nodes[index] is None:
                return None
    return tuple(node for node in nodes if node is not None)


@dataclass(frozen=True)
class _Cell:
    """The search on one cell."""

    shapes: SlicePolynomials
    cell: CellPolynomials

    @property
    def effort(self) -> Effort:
        return self.shapes.local.effort

    def leaf(self) -> ProductLeaf | VanishingLeaf | None:
        """Evidence for a leaf, looked for in larger and larger sets of products."""
        layers = self.shapes.local.problem.network.layers
        for degree in (max(3, layers), max(3, layers) + 1):
            for most in (1, degree):
                try:
                    found = self.identity(degree, most) or self.vanishing(degree, most)
                except TooLarge:
                    continue
                if found is not None:
                    return found
        return None

    def flat(self) -> VanishingLeaf | None:
        """Walls that add up to 0, on the way to the leaves."""
        try:
            return self.vanishing(1, 1)
        except TooLarge:
            return None

    def products(self, degree: int, most: int) -> _Products:
        """Products of at most so many walls, of at most this degree; of walls that are multiples of each other one is taken."""
        walls: dict[str, tuple[Pair, fmpq_mpoly]] = {}
        for pair, wall in self.cell.walls.items():
            if wall:
                walls.setdefault(str(wall / abs(wall.leading_coefficient())), (pair, wall))
        if comb(len(walls) + most, most) > _MAX_PRODUCTS:
            raise TooLarge
        found: _Products = []
        for count in range(1, most + 1):
            self.effort.check()
            for chosen in combinations_with_replacement(walls.values(), count):
                if sum(wall.total_degree() for _, wall in chosen) <= degree:
                    found.append((tuple(pair for pair, _ in chosen), prod((wall for _, wall in chosen[1:]), start=chosen[0][1])))
        return found

    def vanishing(self, degree: int, most: int) -> VanishingLeaf | None:
        """Products with positive factors that add up to 0."""
        products = self.products(degree, most)
        factors = (
            combine(None, [Generator(polynomial) for _, polynomial in products], degree, self.effort)
            if len(products) > 1
            else None
        )
        if factors is None:
            return None
        return VanishingLeaf(self._terms(products, factors.coefficients))

    def identity(self, degree: int, most: int) -> ProductLeaf | None:
        """The change of the frozen risk as a sum of products with positive factors, with subgradients chosen for it."""
        cell, products = self.cell, self.products(degree, most)
        generators = [Generator(-polynomial) for _, polynomial in products]
        for (i, k), f in cell.kinks.items():
            generators.append(Generator(f, *self.shapes.local.slopes[k][i]))
        terms = self.shapes.terms
        if not generators:
            return None if cell.frozen else ProductLeaf(terms(self.shapes.ring.constant(1)), ())
        found = combine(cell.frozen, generators, degree, self.effort)
        if found is None:
            return None
        kinks = zip(cell.kinks, found.coefficients[len(products) :], strict=True)
        subgradients = tuple((i, k, terms(r)) for (i, k), r in kinks)
        return ProductLeaf(terms(found.unit), self._terms(products, found.coefficients), subgradients)

    def _terms(self, products: _Products, factors: Sequence[fmpq_mpoly]) -> tuple[Product, ...]:
        terms = zip(products, factors, strict=False)
        return tuple((pairs, self.shapes.terms(factor)) for (pairs, _), factor in terms if factor)


def ask(point: Point, effort: Effort) -> Answer:
    """`prove_positive_products` as a rule. Exactness: exact. Raises: `OutOfTime`. Source: proofs/rules/positive_products.md."""
    found = prove_positive_products(CellPrograms(point, effort=effort))
    if found is None:
        return NotProved("no identity with positive products of walls was found")
    return Proved(found, "on every cell the change of the risk is at least a sum of positive products of walls")


RULE = Rule("positive products", ask, share=Fraction(1, 2))
