"""Dual vectors of levels as a certificate has them: in short fractions, with slopes that bound them on cells and facets."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from fractions import Fraction

from exactsurf.certificate.claims.near_global_minimum import DecayDual
from exactsurf.exact.linear_algebra import Vector, dot
from exactsurf.exact.simplest import simplest_between
from exactsurf.model.problem import Problem
from exactsurf.surface.levels.enclosed_landscape import AnyEnclosedLandscape
from exactsurf.surface.levels.level import ConeBound, Level, Setting
from exactsurf.surface.levels.level_table import LevelTable
from exactsurf.surface.levels.pricing import Prices
from exactsurf.surface.unit_table import UnitTable

_ZERO = Fraction(0)
_DIGITS = (8, 16, 24, 32, 48, 64)
BITS = 160
"""Bits with which the verifier encloses a loss that is an expression, if no sample has a weight above 1."""


def certificate_bits(problem: Problem) -> int:
    """The bits with which the verifier encloses a loss that is an expression: a weight multiplies what rounding does.

    Exactness: a choice. Raises: nothing. Source: FORMAT.md, sections 10 and 22.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([0, 1], [1, -1], weights=[1, 1024])
    >>> certificate_bits(es.Problem(es.Network([1, 1, 1]), data, "logistic"))
    170
    """
    return min(4096, BITS + max(0, int(max(problem.without_decay.shares)).bit_length() - 1))


def short_between(low: Fraction, high: Fraction) -> Fraction:
    """A short number in an interval.

    Exactness: exact. Raises: nothing. Source: none needed.

    >>> from fractions import Fraction
    >>> short_between(Fraction(-5, 2), Fraction(-9, 4)), short_between(Fraction(-1), Fraction(1))
    (Fraction(-5, 2), Fraction(0, 1))
    """
    if low <= 0 <= high:
        return _ZERO
    return simplest_between(low, high) if low > 0 else -simplest_between(-high, -low)


def spare(size: Fraction) -> Fraction:
    """How much further a number of about this size is rounded, so that the verifier's enclosures agree.

    Exactness: a choice. Raises: nothing. Source: none needed.
    """
    return max(abs(size), Fraction(1, 1 << BITS // 2)) / (1 << BITS // 4)


def shortened(land: AnyEnclosedLandscape, level: Level, goal: Fraction) -> Level:
    """The level with a dual vector in short fractions that holds on the same cones, with a bound of at least `goal`.

    Exactness: exact. Raises: nothing; the level itself is returned where none is found. Source: none needed.
    """
    gradient, bound, bounded = short_gradient(land.work.levels, level, level.bounded, goal)
    return level if gradient == level.gradient else replace(level, low=bound, gradient=gradient, bounded=bounded)


def short_gradient(table: LevelTable, level: Level | ConeBound, cone: int, goal: Fraction) -> tuple[Vector, Fraction, int]:
    """A dual vector in short fractions with a bound of at least `goal` that holds on a cone, the bound, and all where it holds.

    Parameters: `level` whose own one holds on `cone` (bits). Exactness: exact. Raises: nothing; it is the own one where none is
    found. Source: none needed.
    """
    setting = table.setting
    for digits in _DIGITS:
        scale = 1 << digits
        rounded = tuple(Fraction(round(value * scale), scale) for value in level.gradient)
        rounded = table.kept(level, rounded)
        for shrink in (_ZERO, Fraction(16, scale)):
            gradient = tuple((1 - shrink) * value for value in rounded)
            bound = setting.bound(gradient)
            if bound is None or bound < goal:
                continue
            if setting.holds_on(gradient, cone):
                return gradient, bound, setting.holding(gradient)
    return level.gradient, level.low, setting.holding(level.gradient)


def bounding_dual(
    setting: Setting,
    gradient: Vector,
    bounded: int,
    kinds: Collection[int] | None = None,
    facets: Iterable[tuple[int, int]] = (),
) -> DecayDual:
    """A dual vector with a slope that bounds it on every signed unit cell where it holds, and on facets.

    Parameters: `bounded`, the bits of the atoms on which it holds; `kinds`, the signed unit cells that matter (None: all);
    `facets`, pairs of signed unit cells with a common facet; where one of the two is bounded nothing is said of the facet.
    Exactness: exact. Raises: nothing. Source: proofs/claims/near_global_minimum.md.
    """
    atoms, members = setting.atoms, setting.atoms.table.members
    prices = setting.priced(gradient, atoms.every)

    def slope_on(generators: Collection[int], sign: int) -> Vector | None:
        mask = atoms.mask(generators, sign)
        if mask & ~bounded:
            return None
        if atoms.priced:
            return _along_one_axis(atoms.table, gradient, generators, sign)
        return _projection(setting, prices, mask)

    found: dict[int, Vector] = {}
    for kind in range(len(atoms.kinds)) if kinds is None else sorted(kinds):
        slope = slope_on(members[kind // 2], 1 - 2 * (kind % 2))
        if slope is not None:
            found[kind] = slope
    walls = []
    for kind, other in sorted({(min(pair), max(pair)) for pair in facets if not (pair[0] - pair[1]) % 2}):
        if kind not in found and other not in found:
            common = [g for g in members[kind // 2] if g in members[other // 2]]
            slope = slope_on(common, 1 - 2 * (kind % 2))
            if slope is not None:
                walls.append((kind, other, slope))
    return DecayDual(gradient, tuple(found.items()), tuple(walls))


def _projection(setting: Setting, prices: Prices, mask: int) -> Vector:
    """The longest projection on a face of the cell that lies in this face: that on the whole cone."""
    valid = [bit for bit in prices.excess if mask & setting.atoms.faces & 1 << bit]
    best = max(valid, key=lambda bit: prices.excess[bit], default=None)
    size = setting.atoms.table.arrangement.dimension
    if best is None or not prices.excess[best]:
        return (_ZERO,) * size
    return setting.atoms.penalised(setting.atoms.weights(best, prices.projection[best]))


def _along_one_axis(table: UnitTable, gradient: Vector, generators: Iterable[int], sign: int) -> Vector | None:
    """A slope with one entry that is not 0: the least one in length between what the rays on either side need."""
    low, high = None, None
    for g in generators:
        generator = table.generators[g]
        first, gain = generator.weights[0], -sign * dot(gradient, generator.prediction)
        if first > 0:
            low = gain / first if low is None else max(low, gain / first)
        elif first < 0:
            high = gain / first if high is None else min(high, gain / first)
        elif gain > 0:
            return None
    entry = _ZERO
    if low is not None and low > 0:
        entry = low
    elif high is not None and high < 0:
        entry = high
    return (entry, *(_ZERO,) * (table.arrangement.dimension - 1))
