"""Dual bounds: lower bounds of the risk on sets of signed cells (FORMAT.md, section 7; proofs/claims/global_minimum.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import mul

from .arithmetic.document import Field, at
from .arithmetic.rational import Rational, display
from .arithmetic.region_count import Effort
from .arithmetic.table import common_denominator, numerators
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
    rising: list[int]
    falling: list[int]

    def facet(self, generators: int, sign: int) -> int:
        """The dual vectors whose form is ≥ 0 on the face with these generators, with v ≥ 0 (sign 0) or v ≤ 0 (sign 1)."""
        against = self.rising if sign else self.falling
        return sum(1 << k for k, bad in enumerate(against) if not generators & bad)

    def of_at_least(self, level: Rational) -> int:
        """The dual vectors (as bits) whose bound is at least `level`."""
        return sum(1 << k for k, bound in enumerate(self.bounds) if bound >= level)


def read_duals(problem: Problem, units: UnitCells, field: Field, least: Rational, effort: Effort) -> DualBounds:
    """The field `duals`: dual vectors, each with a bound of at least `least`."""
    entries = field.items()
    if len(entries) > MAX_DUALS:
        raise field.reject(f"more than {MAX_DUALS} dual vectors are beyond the limits of this verifier")
    bounds: list[Rational] = []
    rising, falling = [], []
    for entry in entries:
        vector = entry.vector(problem.samples)
        with at(entry.place):
            common = common_denominator(vector, len(vector))
            r = numerators(vector, common)
            effort.spend(len(units.predictions) * len(r))
        if problem.biases[1] and sum(r) != 0:
            raise entry.reject("the sum of all r_i is not 0, and the output has a bias")
        _check_domain(problem, entry, vector)
        bound = _bound(problem, r, common)
        if bound < least:
            shown, needed = (display(value.numerator, value.denominator) for value in (bound, least))
            raise entry.reject(f"its bound is {shown}, less than {needed}")
        bounds.append(bound)
        forms = [sum(map(mul, r, prediction)) for prediction in units.predictions]
        rising.append(sum(1 << g for g, form in enumerate(forms) if form > 0))
        falling.append(sum(1 << g for g, form in enumerate(forms) if form < 0))
    with at(field.place):
        effort.spend(len(entries) * 2 * len(units.members))
    duals = DualBounds(bounds, [], rising, falling)
    for generators in units.members:
        duals.masks.extend((duals.facet(generators, 0), duals.facet(generators, 1)))
    return duals


def _check_domain(problem: Problem, entry: Field, vector: Sequence[Rational]) -> None:
    """The conjugate of the loss is finite at every r_i."""
    loss = problem.loss
    if loss.name == "squared":
        return
    limit = loss.scale * loss.delta if loss.name == "huber" else loss.scale
    for i, (r, y) in enumerate(zip(vector, problem.y.column(0).numerators, strict=True)):
        low, high = -limit, limit
        if loss.name == "hinge":
            low, high = (-limit, 0) if y > 0 else (0, limit)
        if not low <= r <= high:
            raise entry.items()[i].reject(f"no subgradient of the {loss.name} loss has this value at sample {i}")


def _bound(problem: Problem, r: Sequence[int], common: int) -> Fraction:
    """−Σ (scale·ℓ)*(r_i), for r_i = r[i]/common."""
    targets, loss = problem.y.column(0), problem.loss
    linear = Fraction(sum(map(mul, r, targets.numerators)), common * targets.denominator)
    if loss.name in ("absolute", "hinge"):
        return -linear
    curvature = 4 if loss.name == "squared" else 2
    squares = sum(value * value for value in r)
    return -linear - Fraction(squares * loss.scale.denominator, common * common * curvature * loss.scale.numerator)
