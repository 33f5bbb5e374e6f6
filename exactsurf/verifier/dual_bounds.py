"""Dual bounds: lower bounds of the risk on sets of signed cells (FORMAT.md, section 7; proofs/claims/global_minimum.md)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from operator import mul
from typing import TypeAlias

from .arithmetic.document import Field, at
from .arithmetic.packed_rows import PackedRows, Products
from .arithmetic.rational import Rational, display
from .arithmetic.region_count import Effort
from .arithmetic.table import Column, common_multiple, whole_cuts
from .cell_list import UnitProblem
from .loss import Loss
from .problem import Problem
from .unit_cells import UnitCells

MAX_DUALS = 1 << 16


@dataclass(frozen=True)
class DualBounds:
    """The dual vectors of a certificate.

    `bounds[k]` is the bound of dual vector k. It holds on the signed cells whose signed unit cells all have bit k in `masks`.
    Signed unit cell 2c is cell c with v ≥ 0, number 2c + 1 the same cell with v ≤ 0.
    """

    bounds: list[Rational]
    masks: list[int]
    products: list[Products]

    def facet(self, generators: int, sign: int) -> int:
        """The dual vectors whose form is ≥ 0 on the face with these generators, with v ≥ 0 (sign 0) or v ≤ 0 (sign 1)."""
        against = self._rising if sign else self._falling
        return sum(1 << k for k, bad in enumerate(against) if not generators & bad)

    @cached_property
    def _rising(self) -> list[int]:
        return [products.positive(-1) for products in self.products]

    @cached_property
    def _falling(self) -> list[int]:
        return [products.negative(-1) for products in self.products]

    def holds(self, number: int, generators: int, sign: int) -> bool:
        """Whether a dual vector holds where these generators are, with the side of v that is required (0: none)."""
        products = self.products[number]
        return (sign < 0 or not products.negative(generators)) and (sign > 0 or not products.positive(generators))

    def of_at_least(self, level: Rational) -> int:
        """The dual vectors (as bits) whose bound is at least `level`."""
        return sum(1 << k for k, bound in enumerate(self.bounds) if bound >= level)


Bound: TypeAlias = Callable[[Field, Sequence[int], int], Fraction]
"""Of a dual vector, as integers over a denominator, and its field, which is rejected where there is none."""


def bound_by_pieces(problem: Problem) -> Bound:
    """What bounds the risk for a loss by pieces: −Σ ψ_i*(r_i)."""

    targets = problem.y.column(0)

    def bound(entry: Field, r: Sequence[int], common: int) -> Fraction:
        return -conjugate_sum(problem.loss, problem.weights, targets, lambda i: entry.items()[i], r, common)

    return bound


def read_duals(problem: Problem, units: UnitCells, field: Field, least: Rational, effort: Effort) -> DualBounds:
    """The field `duals`: dual vectors, each with a bound of at least `least`."""
    return bounded_duals(problem, bound_by_pieces(problem), units, field, least, effort)


def bounded_duals(
    problem: UnitProblem, bound_of: Bound, units: UnitCells, field: Field, least: Rational, effort: Effort
) -> DualBounds:
    """The field `duals` for any loss."""
    entries = field.items()
    if len(entries) > MAX_DUALS:
        raise field.refuse(f"more than {MAX_DUALS} dual vectors are beyond the limits of this verifier")
    bounds: list[Rational] = []
    products: list[Products] = []
    packed = PackedRows(units.predictions)
    for entry in entries:
        r, common = entry.whole_vector(problem.samples)
        if problem.biases[1] and sum(r) != 0:
            raise entry.reject("the sum of all r_i is not 0, and the output has a bias")
        bound = bound_of(entry, r, common)
        if bound < least:
            shown, needed = (display(value.numerator, value.denominator) for value in (bound, least))
            raise entry.reject(f"its bound is {shown}, less than {needed}")
        bounds.append(bound)
        with at(entry.place):
            effort.spend(len(r))
            products.append(packed.products(r))
    with at(field.place):
        effort.spend(len(entries) * 2 * len(units.members))
        duals = DualBounds(bounds, [], products)
        for generators in units.members:
            duals.masks.extend((duals.facet(generators, 0), duals.facet(generators, 1)))
    return duals


def conjugate_sum(
    loss: Loss, weights: Column, targets: Column, place_of: Callable[[int], Field], r: Sequence[int], common: int
) -> Fraction:
    """Σ ψ_i*(r_i), for r_i = r[i]/common, with ψ_i the loss of sample i; a rejection of `place_of(i)` where that is infinite.

    The supremum in φ*(s) is attained at a breakpoint between whose slopes s lies, or inside a curved piece.
    """
    share = common_multiple(weights.numerators, len(r))
    if share == weights.denominator == 1:
        slopes = list(r)
    else:
        steepness = [share // w for w in weights.numerators]  # 1/ω_i in units of weights.denominator/share
        slopes = [weights.denominator * value * part for value, part in zip(r, steepness, strict=True)]
    if loss.gap == "margin":
        slopes = [s if y > 0 else -s for s, y in zip(slopes, targets.numerators, strict=True)]
    sums = _sums_by_place(loss, weights.numerators, slopes, common * share, place_of)
    value, level = Fraction(0), 0
    (top, bottom), total, unit = loss.unit.as_integer_ratio(), weights.denominator, common * share
    for place, (number, first, second) in enumerate(sums):
        if not number:
            continue
        # Σ ω, Σ ω s and Σ ω s² of the samples whose supremum is here, over `total`, total·unit and total·unit²
        if place % 2:
            t = loss.breakpoints[place // 2]
            a, b, c = loss.pieces[place // 2]
            value += t * Fraction(first, total * unit) - ((a * t + b) * t + c) * Fraction(number, total)
        else:
            # s²/4a − bs/2a + b²/4a − c with whole multiples a, b, c of top/bottom
            whole, slope, constant = loss.whole_piece(place // 2)
            level += constant * number
            if whole:
                shift = slope * top * unit
                square = bottom * (bottom * second - 2 * shift * first) + shift * shift * number
                value += Fraction(square, 4 * whole * top * bottom * total * unit * unit)
    if level:
        value -= Fraction(top * level, bottom * total)
    if loss.gap == "difference":
        value += Fraction(sum(map(mul, r, targets.numerators)), common * targets.denominator)
    return value


def _sums_by_place(
    loss: Loss, weights: Sequence[int], slopes: Sequence[int], denominator: int, place_of: Callable[[int], Field]
) -> list[list[int]]:
    """Σ ω, Σ ω s and Σ ω s² over the samples whose supremum is inside of piece m (place 2m) or at breakpoint m (place 2m + 1)."""
    cuts = whole_cuts(loss.ends, denominator)
    if not cuts and loss.is_curved:
        moments = list(map(mul, weights, slopes))
        return [[sum(weights), sum(moments), sum(map(mul, moments, slopes))]]
    sums = [[0, 0, 0] for _ in range(len(cuts) + 1)]
    for i, (s, weight) in enumerate(zip(slopes, weights, strict=True)):
        place = bisect_left(cuts, 2 * s)
        if place % 2 == 0 and place < len(cuts) and cuts[place] == 2 * s:
            place += 1
        if place % 2 == 0 and not _is_attained(loss, place // 2, s, denominator):
            raise place_of(i).reject(f"no subgradient of the loss has this value at sample {i}")
        entries = sums[place]
        entries[0] += weight
        entries[1] += weight * s
        entries[2] += weight * s * s
    return sums


def _is_attained(loss: Loss, piece: int, slope: int, denominator: int) -> bool:
    """Whether a piece has a slope that no kink has: it is curved, or the only one and straight with this slope."""
    a, b, _ = loss.pieces[piece]
    return bool(a) or (len(loss.pieces) == 1 and b * denominator == slope)


def uncovered(masks: Sequence[int], vectors: int, units: int, effort: Effort) -> tuple[int, ...] | None:
    """Signed unit cells that have none of the dual vectors (bits of `masks`) in common; None if there are none."""
    first: dict[int, int] = {}
    for kind, mask in enumerate(masks):
        first.setdefault(mask, kind)
    # A signed unit cell with more dual vectors than another is the easier one in every signed cell.
    effort.spend(len(first) ** 2)
    least = {mask: kind for mask, kind in first.items() if not any(other != mask and not other & ~mask for other in first)}
    reached: dict[int, tuple[int, ...]] = {(1 << vectors) - 1: ()}
    width = 8 + (vectors >> 6)
    for _ in range(units):
        effort.spend(len(reached) * len(least) * width)
        reached = {common & mask: (*path, kind) for common, path in reached.items() for mask, kind in least.items()}
        if 0 in reached:
            path = reached[0]
            return path + path[-1:] * (units - len(path))
    return None


def check_cover(masks: Sequence[int], vectors: int, problem: UnitProblem, field: Field, effort: Effort) -> None:
    """Reject dual vectors of which none holds on some signed cell."""
    with at(field.place):
        free = uncovered(masks, vectors, problem.widths[1], effort)
    if free:
        listed = ", ".join(f"cell {kind // 2} with output weight {'≤' if kind % 2 else '≥'} 0" for kind in free)
        raise field.reject(f"no dual vector bounds the signed cell of units in {listed}")
