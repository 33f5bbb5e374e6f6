"""The rule `positive products`: a local minimum by an identity on every cell at the point (FORMAT.md, sections 4.7 and 40)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from ..arithmetic.document import Field, at
from ..arithmetic.polynomial import MAX_DEGREE, Polynomial, add, at_zero, product, read_polynomial
from ..arithmetic.quadratic import reduced_rows
from ..arithmetic.rational import Rational
from ..cells_at_point import CellsAtPoint, Pair
from ..invariance import places, size
from ..problem import Point, Problem
from ..residuals import Name
from .tree import walk

Wall = Pair | int
"""A boundary pair, or the number of a polynomial of the evidence."""


def check_positive_products(problem: Problem, point: Point, field: Field) -> list[str]:
    """Check the evidence; the summary of what was found."""
    local = CellsAtPoint(problem, point)
    if field.has("fixed"):
        _, nodes, fixed, listed = field.fields("rule", "nodes", "fixed", "polynomials")
        slice_ = _Slice(local, _read_fixed(local, fixed))
        polynomials = [_read_sign(entry, slice_.free) for entry in listed.items()]
    else:
        _, nodes = field.fields("rule", "nodes")
        slice_, polynomials = _Slice(local), []

    def check_leaf(node: Field, signs: dict[Wall, int]) -> str:
        cell = _Cell(slice_, signs, polynomials)
        if node.has("vanishing"):
            _check_vanishing(cell, node.fields("vanishing")[0])
            return "vanishing"
        _check_identity(cell, node)
        return "identity"

    splits: dict[str, Callable[[Field], Wall]] = {"split": local.read_pair}
    if slice_.fixed is not None:
        splits["sign"] = lambda entry: entry.index(len(polynomials))
    with at(nodes.place):
        leaves = walk(nodes, splits, check_leaf)
    found = f"{len(local.all_pairs)} boundary pairs, {leaves['identity']} leaves with an identity"
    return [f"rule positive products: {found}, {leaves['vanishing']} vanishing leaves, {len(slice_.free)} free parameters"]


def _read_fixed(local: CellsAtPoint, field: Field) -> list[int]:
    """Parameters that the flows of the invariances move at any rates."""
    fixed: list[int] = []
    for item in field.items():
        place = item.index(size(local.problem))
        if fixed and place <= fixed[-1]:
            raise item.reject("parameters must rise")
        fixed.append(place)
    moved = [[tangent[p] for p in fixed] for tangent in local.tangents]
    with at(field.place):
        if len(reduced_rows(moved, len(fixed))[0]) < len(fixed):
            raise field.reject("the tangents of the invariances do not move these parameters independently")
    return fixed


def _read_sign(field: Field, free: frozenset[int]) -> Polynomial:
    """A polynomial that is 0 at the point, and not everywhere."""
    found = read_polynomial(field, free)
    if at_zero(found) or not found:
        raise field.reject("expected a polynomial that is 0 at the point, and not everywhere")
    return found


@dataclass(frozen=True)
class _Slice:
    """The parameters on the slice that is orthogonal to all tangents, or on which those of `fixed` do not change, as polynomials
    in the free ones."""

    local: CellsAtPoint
    fixed: list[int] | None = None

    @cached_property
    def _reduced(self) -> tuple[list[int], list[list[int]]]:
        return reduced_rows(self.local.tangents, size(self.local.problem))

    @cached_property
    def free(self) -> frozenset[int]:
        """The parameters that are not the first of some combination of tangents, or not fixed."""
        bound = self._reduced[0] if self.fixed is None else self.fixed
        return frozenset(range(size(self.local.problem))) - frozenset(bound)

    @cached_property
    def parameters(self) -> list[Polynomial]:
        """Every parameter, by its number."""
        where, given = places(self.local.problem), self.local.point.parameters
        found: list[Polynomial] = [{} for _ in range(size(self.local.problem))]
        for rows, weights, biases in zip(where, given.weights, given.biases, strict=True):
            for j, (row, values) in enumerate(zip(rows, weights, strict=True)):
                for p, value in zip(row, [*values, *([] if biases is None else [biases[j]])], strict=True):
                    add(found[p], {(): value})
        for p in self.free:
            add(found[p], {(p,): 1})
        for pivot, row in zip(*self._reduced, strict=True) if self.fixed is None else ():
            add(found[pivot], {(p,): Fraction(-row[p], row[pivot]) for p in self.free if row[p]})
        return found

    def layers(self, sample: int, signs: Mapping[Wall, int]) -> list[list[Polynomial]]:
        """The pre-activations of all layers on one sample, on the pieces that the signs choose."""
        problem, h = self.local.problem, self.local.problem.activation
        row = zip(problem.x.rows[sample], problem.x.denominators, strict=True)
        below: list[Polynomial] = [{(): Fraction(value, d)} if value else {} for value, d in row]
        layers = []
        for layer, rows in enumerate(places(problem), 1):
            units = []
            for where in rows:
                z: Polynomial = {}
                for p, reading in zip(where, below, strict=False):
                    add(z, product(self.parameters[p], reading))
                if problem.biases[layer - 1]:
                    add(z, self.parameters[where[-1]])
                units.append(z)
            layers.append(units)
            if layer <= problem.hidden_layers:
                below = []
                for j, z in enumerate(units):
                    piece = (
                        self.local.point.forward.positions[layer - 1][j][sample] + (signs.get((layer, j, sample), 1) > 0)
                    ) // 2
                    image: Polynomial = {}
                    add(image, {(): h.intercepts[piece]})
                    add(image, z, h.slopes[piece])
                    below.append(image)
        return layers


@dataclass(frozen=True)
class _Cell:
    """The cells with the signs of a leaf."""

    slice_: _Slice
    signs: dict[Wall, int]
    polynomials: list[Polynomial]

    @cached_property
    def _layers(self) -> dict[int, list[list[Polynomial]]]:
        return {}

    def layers(self, sample: int) -> list[list[Polynomial]]:
        """`layers` of the slice, once per sample."""
        if sample not in self._layers:
            self._layers[sample] = self.slice_.layers(sample, self.signs)
        return self._layers[sample]

    @cached_property
    def kept(self) -> list[int]:
        """The samples all of whose boundary pairs were split on the way."""
        local = self.slice_.local
        return [i for i in range(local.problem.samples) if all(pair in self.signs for pair in local.pairs.get(i, ()))]

    def wall(self, field: Field) -> Polynomial:
        """τ(z − t) of a settled boundary pair."""
        pair = self.slice_.local.read_split_pair(field, self.signs)
        layer, unit, sample = pair
        if any(other[0] < layer and other not in self.signs for other in self.slice_.local.pairs[sample]):
            raise field.reject("a boundary pair of this sample in a lower layer is not split on the way")
        return _change(self.layers(sample)[layer - 1][unit], self.signs[pair])

    def _read_walls(self, field: Field) -> list[Polynomial]:
        """The walls of pairs and of polynomials; what is not split on the way occurs an even number of times."""
        found, unsigned = [], dict[int, int]()
        for item in field.items():
            if self.slice_.fixed is None or isinstance(item.value, list):
                found.append(self.wall(item))
                continue
            number = item.index(len(self.polynomials))
            if number not in self.signs:
                unsigned[number] = unsigned.get(number, 0) + 1
            found.append(_change(self.polynomials[number], self.signs.get(number, 1)))
        if any(count % 2 for count in unsigned.values()):
            raise field.reject("a polynomial that is not split on the way occurs an odd number of times")
        return found

    def products(self, field: Field) -> tuple[Polynomial, bool]:
        """The sum of products of walls with factors that are positive at the point; whether some product is not 0."""
        total: Polynomial = {}
        moves = False
        for entry in field.items():
            walls, factor = entry.items(2)
            if not 1 <= len(walls.items()) <= MAX_DEGREE:
                raise walls.reject(f"expected at least one boundary pair, and at most {MAX_DEGREE}")
            term: Polynomial = {(): 1}
            for wall in self._read_walls(walls):
                term = product(term, wall)
            moves = moves or bool(term)
            by = read_polynomial(factor, self.slice_.free)
            if at_zero(by) <= 0:
                raise factor.reject("not positive at the point")
            add(total, product(term, by))
        return total, moves

    @cached_property
    def terms(self) -> dict[Name, Polynomial]:
        """g − g(θ) at the terms (i, k) of the samples that are kept."""
        fit, found = self.slice_.local.point.residuals, {}
        for i in self.kept:
            outputs = [_change(f) for f in self.layers(i)[-1]]
            for k in fit.terms(i):
                found[i, k] = dict(outputs[k])
                if fit.right:
                    add(found[i, k], outputs[fit.right[i]], -1)
        return found


def _change(polynomial: Mapping[tuple[int, ...], Rational], sign: int = 1) -> Polynomial:
    return {name: sign * value for name, value in polynomial.items() if name}


def _check_vanishing(cell: _Cell, field: Field) -> None:
    total, moves = cell.products(field)
    if total:
        raise field.reject("the sum is not 0")
    if not moves:
        raise field.reject("every product is 0")


def _check_identity(cell: _Cell, leaf: Field) -> None:
    squared = cell.slice_.fixed is not None and leaf.has("squares")
    unit_field, products_field, kinks_field, *others = leaf.fields("unit", "products", "kinks", *(["squares"] if squared else []))
    local = cell.slice_.local
    unit = read_polynomial(unit_field, cell.slice_.free)
    if at_zero(unit) <= 0:
        raise unit_field.reject("not positive at the point")
    for i in range(local.problem.samples):
        if i not in cell.kept:
            local.check_slack(i, leaf)
    total: Polynomial = {}
    for (i, k), g in cell.terms.items():
        if (i, k) not in local.kinks:
            add(total, g, local.point.residuals.interval(i, k)[0])
    for i, k in _read_squares(cell, others[0]) if squared else ():
        g = cell.terms[i, k]
        add(total, product(g, g), Fraction(local.point.residuals.curvature(i, k), 2))
    total = product(unit, total)
    for name, subgradient in _read_kinks(cell, kinks_field, unit).items():
        add(total, product(subgradient, cell.terms[name]))
    products, _ = cell.products(products_field)
    add(total, products, -1)
    if total:
        raise leaf.reject("the two sides of the identity differ")


def _read_squares(cell: _Cell, field: Field) -> list[Name]:
    """Terms of samples that are kept, at which the loss is differentiable."""
    found: list[Name] = []
    for entry in field.items():
        sample, output = entry.items(2)
        name = (sample.size(), output.size())
        if name in cell.slice_.local.kinks or name not in cell.terms:
            raise entry.reject("the loss has a kink there, or the sample is left out")
        if name in found:
            raise entry.reject("occurs twice in this list")
        found.append(name)
    return found


def _read_kinks(cell: _Cell, field: Field, unit: Polynomial) -> dict[Name, Polynomial]:
    """Subgradients times the unit: constants in the subdifferential, or such that lie strictly inside at the point."""
    local, found = cell.slice_.local, dict[Name, Polynomial]()
    for entry in field.items():
        sample, output, terms = entry.items(3)
        name = (sample.size(), output.size())
        if name not in local.kinks or name not in cell.terms:
            raise entry.reject("the loss has no kink there, or the sample is left out")
        if name in found:
            raise entry.reject("occurs twice in this list")
        found[name] = read_polynomial(terms, cell.slice_.free)
        low, high = local.point.residuals.interval(*name)
        start = Fraction(at_zero(found[name]), at_zero(unit))
        varying = dict(found[name])
        add(varying, unit, -start)
        if not (low < start < high or (low <= start <= high and not varying)):
            raise terms.reject("not in the subdifferential of the loss, or not strictly inside and not constant")
    missing = {name for name in cell.terms if name in local.kinks} - found.keys()
    if missing:
        i, k = min(missing)
        raise field.reject(f"output {k} of sample {i} is missing, where the loss is not differentiable")
    return found
