"""The cells that touch a point of a restriction, and the leaves of a tree over them (FORMAT.md, section 44.1)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from .arithmetic.document import Field, at
from .arithmetic.effort import price, spend
from .arithmetic.quadratic import Quadratic, is_positive_on, null_space, whole_vector
from .arithmetic.rational import Rational
from .arithmetic.rational_rows import bits_of, is_nowhere_negative
from .cells_at_point import CellsAtPoint, Pair, Signs
from .invariance import size
from .restricted_flows import restricted_tangents
from .restriction import Restriction
from .rules.leaf import Leaf, empty_sum
from .rules.tree import walk


@dataclass(frozen=True)
class RestrictedCells(CellsAtPoint):
    """Moving pairs in the place of boundary pairs; without second derivatives of the loss if `is_frozen`.

    `is_convex` says whether the risk of the losses is known to lie above its tangents.
    """

    restriction: Restriction = field(kw_only=True)
    is_frozen: bool = False
    is_convex: bool = True

    def can_cross(self, pair: Pair) -> bool:
        """Whether a pre-activation at a breakpoint may leave it nearby: it is not fixed."""
        layer, unit, sample = pair
        if sample not in self._fixed:
            self._fixed[sample] = self.restriction.fixed_units(self.point.parameters, sample)
        return super().can_cross(pair) and not self._fixed[sample][layer - 1][unit]

    @cached_property
    def _fixed(self) -> dict[int, list[list[bool]]]:
        return {}

    def curvature(self, sample: int, output: int) -> Rational:
        """The second derivative of a term of the loss."""
        return 0 if self.is_frozen else super().curvature(sample, output)

    @cached_property
    def flows(self) -> list[list[int]]:
        """The tangents of the flows that stay in the restriction."""
        return restricted_tangents(self.restriction, self.problem, self.point)


def check_tree(local: RestrictedCells, nodes: Field) -> list[str]:
    """Check a tree over the cells that touch the point; the summary of what was found."""
    restriction, frozen = local.restriction, replace(local, is_frozen=True, squares=None)

    def check_leaf(node: Field, signs: Signs) -> str:
        if node.has("empty"):
            (empty,) = node.fields("empty")
            if any(restriction.pulled(empty_sum(local, signs, empty).linear)):
                raise empty.reject("the derivatives of the sum of λτz are not 0")
            return "empty"
        _check_leaf(local, frozen, signs, node)
        return "multipliers"

    with at(nodes.place):
        leaves = walk(nodes, {"split": local.read_pair}, check_leaf)
    found = f"{len(local.all_pairs)} moving pairs, {leaves['multipliers']} leaves with multipliers"
    return [f"tree on the restriction: {found}, {leaves['empty']} empty leaves"]


def _check_leaf(local: RestrictedCells, frozen: RestrictedCells, signs: Signs, node: Field) -> None:
    restriction = local.restriction
    multipliers, subgradient, products = node.fields("multipliers", "subgradient", "products")
    leaf = Leaf.of(local, signs, node)
    leaf.add_decay()
    chosen, inside = leaf.add_subgradient(subgradient)
    forced = [*inside, *leaf.add_multipliers(multipliers)]
    if any(restriction.pulled(leaf.total.linear)):
        raise node.reject("the derivatives of the Lagrangian are not 0")
    plain = local.is_convex and not products.items()
    if plain and not multipliers.items() and not any(chosen.values()) and _is_settled(local, leaf):
        return
    leaf.add_products(products)
    count = size(local.problem)
    rows = [*(whole_vector(entries, count) for entries in forced if entries), *restriction.normals, *local.flows]
    if is_positive_on(leaf.total, null_space(rows, count)):
        return
    if plain and restriction.degree <= 2:
        tangent = Leaf.of(frozen, signs, node)
        tangent.add_decay()
        tangent.add_subgradient(subgradient)
        tangent.add_multipliers(multipliers)
        if is_nowhere_negative(_gram(tangent.total, restriction)):
            return
    raise node.reject("the second-order form is not positive on the critical space")


def _is_settled(local: RestrictedCells, leaf: Leaf) -> bool:
    """Whether the losses of all samples that take part have derivative 0 where there is one."""
    fit, out = local.point.residuals, {pair[2] for pair in local.all_pairs} - {pair[2] for pair in leaf.walls}
    for i in range(local.problem.samples):
        if i in out:
            continue
        for k in fit.terms(i):
            low, high = fit.interval(i, k)
            if low == high and low:
                return False
    return True


def _gram(form: Quadratic, restriction: Restriction) -> list[list[Rational]]:
    """The second-order part as a form in the free parameters."""
    images: list[list[Rational]] = []
    long = bits_of(list(form.square.values()))
    for direction in restriction.directions:
        spend(4 * len(form.square) * price(long, bits_of(direction)))
        image: list[Rational] = [0] * len(direction)
        for (p, q), value in form.square.items():
            image[p] += value * direction[q]
            image[q] += value * direction[p]
        images.append(image)
    spend(2 * restriction.free**2 * len(restriction.origin) * price(long))
    return [
        [sum((a * b for a, b in zip(image, direction, strict=True) if a and b), start=0) for direction in restriction.directions]
        for image in images
    ]
