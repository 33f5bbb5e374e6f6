"""The cells that touch a point: boundary pairs, and each sample's pre-activations as polynomials up to second order."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from .arithmetic.document import Field
from .arithmetic.effort import spend
from .arithmetic.quadratic import Quadratic, constant, whole_vector
from .arithmetic.rational import Rational
from .arithmetic.table import check_size
from .invariance import places, size, tangents
from .problem import Point, Problem
from .residuals import Name

Pair = tuple[int, int, int]
Signs = dict[Pair, int]


@dataclass(frozen=True)
class Sample:
    """The pre-activations of all layers, the loss where it is differentiable, and g at its kinks."""

    layers: list[list[Quadratic]]
    loss: Quadratic
    corners: dict[Name, Quadratic]


@dataclass(frozen=True)
class Squares:
    """Second derivatives that stand for those of the loss (FORMAT.md, section 37): entries (k, m, q) of every sample.

    `bounded` says of every sample whether its loss is known to have its minimum at the point if its derivatives are 0.
    """

    entries: list[list[tuple[int, int, Rational]]]
    bounded: list[bool]


@dataclass(frozen=True)
class CellsAtPoint:
    """A point, its boundary pairs, and its samples as polynomials on the cells that touch it."""

    problem: Problem
    point: Point
    weight_signs: tuple[tuple[int, int], ...] = ()  # units of output weight 0, and the sign that stands for it
    squares: Squares | None = None

    @cached_property
    def dead(self) -> frozenset[int]:
        """The units of output weight 0."""
        return frozenset(j for j, weight in enumerate(self.point.parameters.weights[-1][0]) if not weight)

    @cached_property
    def weights(self) -> list[list[list[Rational]]]:
        """The weights, with the signs in the place of output weights 0."""
        weights = [[list(row) for row in rows] for rows in self.point.parameters.weights]
        for unit, sign in self.weight_signs:
            weights[-1][0][unit] = sign
        return weights

    @cached_property
    def pairs(self) -> dict[int, list[Pair]]:
        """The boundary pairs of every sample that has some."""
        found: dict[int, list[Pair]] = {}
        for layer, units in enumerate(self.point.forward.positions, 1):
            for j, unit in enumerate(units):
                for i, position in enumerate(unit):
                    if self.problem.activation.is_kink(position) and self.can_cross((layer, j, i)):
                        found.setdefault(i, []).append((layer, j, i))
        return found

    def can_cross(self, pair: Pair) -> bool:
        """Whether a pre-activation at a breakpoint may leave it nearby."""
        layer, _, sample = pair
        return not is_still(self.problem, self.point, layer, sample)

    @cached_property
    def all_pairs(self) -> frozenset[Pair]:
        """All boundary pairs."""
        return frozenset(pair for pairs in self.pairs.values() for pair in pairs)

    def read_pair(self, field: Field) -> Pair:
        """A boundary pair [l, j, i]."""
        layer, unit, sample = (entry.size() for entry in field.items(3))
        if (layer, unit, sample) not in self.all_pairs:
            raise field.reject("not a boundary pair")
        return layer, unit, sample

    def read_split_pair(self, field: Field, signs: Container[object]) -> Pair:
        """A boundary pair that was split on the way."""
        pair = self.read_pair(field)
        if pair not in signs:
            raise field.reject("this pair is not split on the way")
        return pair

    @cached_property
    def tangents(self) -> list[list[int]]:
        """The tangents of the list, as integer vectors."""
        return [whole_vector(entries, size(self.problem)) for entries in tangents(self.problem, self.point) if entries]

    @cached_property
    def places(self) -> list[list[list[int]]]:
        """Where the rows of weights stand among the variables."""
        return places(self.problem)

    @cached_property
    def kinks(self) -> frozenset[Name]:
        """The terms (i, k) at which the loss is not differentiable."""
        return frozenset(self.point.residuals.kinks)

    @cached_property
    def plain(self) -> tuple[Quadratic, dict[Name, Quadratic]]:
        """The sum over the samples without boundary pairs, and their outputs at kinks of the loss."""
        total, corners = Quadratic(), {}
        for i in range(self.problem.samples):
            if i not in self.pairs:
                corners.update(self._add_loss(total, i, self._pre_activations(i, {})[-1]))
        return total, corners

    @cached_property
    def _known(self) -> dict[tuple[int, tuple[tuple[Pair, int], ...]], Sample]:
        return {}

    def sample(self, sample: int, signs: Signs) -> Sample:
        """A sample on the pieces that the signs choose (the right ones for pairs without sign)."""
        pairs = self.pairs.get(sample, ())
        spend(1 + len(pairs))
        key = sample, tuple((pair, signs[pair]) for pair in pairs if pair in signs)
        if key not in self._known:
            layers, loss = self._pre_activations(sample, signs), Quadratic()
            self._known[key] = Sample(layers, loss, self._add_loss(loss, sample, layers[-1]))
        return self._known[key]

    def first_layer(self, pair: Pair) -> Quadratic:
        """The pre-activation of a boundary pair of layer 1, which is the same on all pieces."""
        return self.sample(pair[2], {}).layers[0][pair[1]]

    def _pre_activations(self, sample: int, signs: Signs) -> list[list[Quadratic]]:
        """z of every layer on a sample, on the pieces that the signs choose."""
        problem, parameters = self.problem, self.point.parameters
        row = zip(problem.x.rows[sample], problem.x.denominators, strict=True)
        below = [constant(value if denominator == 1 else Fraction(value, denominator)) for value, denominator in row]
        layers = []
        for layer, rows in enumerate(self.weights):
            biases = parameters.biases[layer]
            units = []
            for j, weights in enumerate(rows):
                z = Quadratic()
                where = self.places[layer][j]
                for weight, reading, place in zip(weights, below, where, strict=False):
                    z.add(reading, weight)
                    z.add_times_variable(reading, place)
                if biases is not None:
                    z.value += biases[j]
                    z.linear[where[-1]] = 1
                units.append(z)
            check_size(64, len(units) * max(len(z.square) for z in units))
            layers.append(units)
            if layer < problem.hidden_layers:
                below = [self._activated(z, (layer + 1, j, sample), signs) for j, z in enumerate(units)]
        return layers

    def _activated(self, z: Quadratic, pair: Pair, signs: Signs) -> Quadratic:
        layer, unit, sample = pair
        position = self.point.forward.positions[layer - 1][unit][sample]
        piece = (position + (signs.get(pair, 1) > 0)) // 2
        image = constant(self.problem.activation.intercepts[piece])
        image.add(z, self.problem.activation.slopes[piece])
        return image

    def _add_loss(self, total: Quadratic, sample: int, outputs: Sequence[Quadratic]) -> dict[Name, Quadratic]:
        """Add the loss of a sample up to second order, but for the g_ik of terms at a kink, which are given back."""
        corners, fit = {}, self.point.residuals
        for k in fit.terms(sample):
            g = outputs[k]
            if fit.right:
                g = g.copy()
                g.add(outputs[fit.right[sample]], -1)
            if (sample, k) in self.kinks:
                corners[sample, k] = g.copy()
                continue
            total.add(g, fit.interval(sample, k)[0])
            if self.squares is None and (curvature := self.curvature(sample, k)):
                total.add_linear_product(g.linear, g.linear, curvature * Fraction(1, 2))
        for k, m, q in () if self.squares is None else self.squares.entries[sample]:
            g = outputs[k].copy()
            g.add(outputs[m], -1 if k != m else 0)
            total.add_linear_product(g.linear, g.linear, q * Fraction(1, 2))
        return corners

    def curvature(self, sample: int, output: int) -> Rational:
        """The second derivative of a term of the loss."""
        return self.point.residuals.curvature(sample, output)

    def check_slack(self, sample: int, leaf: Field) -> None:
        """A sample with a pair that is not split is left out; its loss must be at its minimum."""
        if self.squares is not None and not self.squares.bounded[sample]:
            raise leaf.reject(f"a boundary pair of sample {sample} is not split, and its loss is not known to be minimal there")
        for k in self.point.residuals.terms(sample):
            low, high = self.point.residuals.interval(sample, k)
            if not low <= 0 <= high:
                raise leaf.reject(
                    f"a boundary pair of sample {sample} is not split, but the loss of output {k} is not minimal there"
                )


def is_still(problem: Problem, point: Point, layer: int, sample: int) -> bool:
    """Whether a hidden layer (from 1) has no bias and reads nothing on the sample, here and at all parameters nearby."""
    h, forward = problem.activation, point.forward
    while not problem.biases[layer - 1] and not any(forward.inputs[layer - 1].rows[sample]):
        if layer == 1 or not any(h.left(unit[sample]) or h.right(unit[sample]) for unit in forward.positions[layer - 2]):
            return True
        spend(2)
        layer -= 1  # what this layer reads stays 0 if the layer below is still
    return False
