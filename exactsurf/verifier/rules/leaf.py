"""A leaf with multipliers, as the rules `second order` and `convex cells` have it (FORMAT.md, sections 4.3 and 4.4)."""

from __future__ import annotations

from collections.abc import Collection, Set
from dataclasses import dataclass
from fractions import Fraction

from ..arithmetic.document import Field
from ..arithmetic.effort import spend
from ..arithmetic.quadratic import Quadratic
from ..arithmetic.rational import Rational
from ..cells_at_point import CellsAtPoint, Pair, Signs
from ..residuals import Name

Form = dict[int, Rational]


@dataclass(frozen=True)
class Leaf:
    """The Lagrangian on the cells with some signs, up to second order.

    `total` grows as subgradients and multipliers are read; `corners` has g at the kinks of the loss, `walls` the
    pre-activations of the boundary pairs of the samples that take part.
    """

    local: CellsAtPoint
    signs: Signs
    total: Quadratic
    corners: dict[Name, Quadratic]
    walls: dict[Pair, Quadratic]

    @classmethod
    def of(
        cls, local: CellsAtPoint, signs: Signs, field: Field, unsplit: Collection[Pair] = (), units: Set[int] = frozenset()
    ) -> Leaf:
        """The sum of the losses; samples with boundary pairs take part if these are split, `unsplit`, or of `units`."""
        spend(2 * len(local.all_pairs))
        kept = [
            i
            for i, pairs in sorted(local.pairs.items())
            if all(pair in signs or pair in unsplit or pair[1] in units for pair in pairs)
        ]
        for i in sorted(local.pairs.keys() - set(kept)):
            local.check_slack(i, field)
        start, corners = local.plain
        spend((len(start.linear) + len(start.square)) >> 5)
        leaf = cls(local, signs, start.copy(), dict(corners), {})
        for i in kept:
            sample = local.sample(i, signs)
            leaf.total.add(sample.loss, 1)
            leaf.corners.update(sample.corners)
            leaf.walls.update({pair: sample.layers[pair[0] - 1][pair[1]] for pair in local.pairs[i]})
        return leaf

    def add_decay(self) -> None:
        """What weight decay adds near the point: λ w·d + (λ/2) d·d in the penalised entries."""
        decay, parameters = self.local.problem.decay, self.local.point.parameters
        if decay is None:
            return
        factor = Fraction(decay.factor)
        for where, rows, biases in zip(self.local.places, parameters.weights, parameters.biases, strict=True):
            for j, (row, places) in enumerate(zip(rows, where, strict=True)):
                values = [*row, *([biases[j]] if biases is not None and decay.biases else [])]
                for p, value in zip(places, values, strict=False):
                    self.total.linear[p] = self.total.linear.get(p, 0) + factor * value
                    self.total.square[p, p] = self.total.square.get((p, p), 0) + Fraction(factor, 2)

    def add_subgradient(self, field: Field) -> tuple[dict[Name, Rational], list[Form]]:
        """The field `subgradient`: the numbers, and the derivatives of g where they lie strictly inside."""
        found: dict[Name, Rational] = {}
        inside = []
        for entry in field.items():
            sample, output, value = entry.items(3)
            name = (sample.size(), output.size())
            if name not in self.corners:
                raise entry.reject("the loss has no kink there, or the sample is left out")
            if name in found:
                raise entry.reject("occurs twice in this list")
            found[name] = value.number()
        if missing := self.corners.keys() - found.keys():
            i, k = min(missing)
            raise field.reject(f"output {k} of sample {i} is missing, where the loss is not differentiable")
        for entry, (name, r) in zip(field.items(), found.items(), strict=True):
            low, high = self.local.point.residuals.interval(*name)
            if not low <= r <= high:
                raise entry.reject("not in the subdifferential of the loss")
            self.total.add(self.corners[name], r)
            if low < r < high:
                inside.append(self.corners[name].linear)
        return found, inside

    def add_multipliers(self, field: Field) -> list[Form]:
        """The field `multipliers`; the derivatives of the walls in it."""
        walls = []
        for entry, (pair, value) in zip(field.items(), field.pairs(self.wall), strict=True):
            if value <= 0:
                raise entry.reject("λ is not positive")
            self.total.add(self.walls[pair], -self.signs[pair] * value)
            walls.append(self.walls[pair].linear)
        return walls

    def wall(self, field: Field) -> Pair:
        """A boundary pair that was split on the way, of a sample that takes part."""
        pair = self.local.read_split_pair(field, self.signs)
        if pair not in self.walls:
            raise field.reject("another boundary pair of this sample is not split on the way")
        return pair

    def add_products(self, field: Field) -> None:
        """The field `products`."""
        for entry in field.items():
            first, second, weight = entry.items(3)
            p, q = self.wall(first), self.wall(second)
            factor = weight.number()
            if factor < 0:
                raise weight.reject("ν is negative")
            half = -self.signs[p] * self.signs[q] * factor * Fraction(1, 2)
            self.total.add_linear_product(self.walls[p].linear, self.walls[q].linear, half)


def check_empty(local: CellsAtPoint, signs: Signs, field: Field) -> None:
    """A leaf whose cone is empty: the field `empty`."""
    if any(empty_sum(local, signs, field).linear.values()):
        raise field.reject("the sum of λτ∇z is not 0")


def empty_sum(local: CellsAtPoint, signs: Signs, field: Field) -> Quadratic:
    """Σ λτz, by the field `empty`."""
    total = Quadratic()
    weights = field.pairs(lambda entry: local.read_split_pair(entry, signs))
    for entry, (pair, weight) in zip(field.items(), weights, strict=True):
        if pair[0] != 1:
            raise entry.reject("only pairs of layer 1 may stand here")
        if weight < 0:
            raise entry.reject("λ is negative")
        total.add(local.first_layer(pair), signs[pair] * weight)
    if not any(weight for _, weight in weights):
        raise field.reject("some λ must not be 0")
    return total
