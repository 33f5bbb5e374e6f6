"""The global minimum of a landscape with enclosed levels, between two numbers, as a certificate."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from exactsurf.cells.unit_cells import enumerate_unit_cells
from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.all_cells import ListedCell
from exactsurf.certificate.claims.near_analytic_minimum import NearAnalyticMinimum
from exactsurf.certificate.claims.near_global_minimum import DecayDual, NearGlobalMinimum
from exactsurf.errors import InternalError, UnsupportedError
from exactsurf.exact.linear_algebra import Vector, dot
from exactsurf.exact.simplest import simplest_between
from exactsurf.surface.levels.enclosed_landscape import EnclosedLandscape
from exactsurf.surface.levels.level import Level, Setting
from exactsurf.surface.levels.level_point import risk_above
from exactsurf.surface.levels.pricing import Prices
from exactsurf.surface.unit_table import UnitTable

_ZERO = Fraction(0)
_DIGITS = (8, 16, 24, 32, 48, 64)
_BITS = 160
"""Bits with which the verifier encloses."""


def certify_near_global_minimum(land: EnclosedLandscape, *, embed: bool | None = None) -> NearGlobalMinimum | NearAnalyticMinimum:
    """That no parameters have a risk below the lower end of the global minimum, and parameters near it.

    Parameters: `land`; `embed` as in `problem_document`. Returns: a certificate that the verifier has accepted; of a
    `NearAnalyticMinimum` where the loss is an expression, whose `risk` is an upper bound.
    Exactness: exact. Raises: `UnsupportedError` if there is weight decay and the inputs do not span their space.
    Source: proofs/claims/near_global_minimum.md, proofs/claims/near_analytic_minimum.md.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    >>> land = es.enclosed_landscape(es.Problem(es.Network([1, 1, 1]), data, weight_decay="1/10"))
    >>> proof = es.certify_near_global_minimum(land)
    >>> proof.bound, proof.risk - proof.bound < Fraction(1, 10**9)
    (Fraction(37, 75), True)
    """
    best, problem = land.global_minimum, land.problem
    if problem.decay is not None and land.work.table.lineality:
        raise UnsupportedError("the inputs do not span their space", "leave out inputs that depend on others")
    room = _ZERO if best.risk.is_exact else land.work.width * abs(best.risk.low) / 2
    goal = best.risk.low - room
    levels = [_shortened(land, level, goal) for level in _cover(land, best.risk.low - room / 2)]
    setting = land.work.levels.setting
    duals = tuple(
        DecayDual(level.gradient, ()) if problem.decay is None else bounding_dual(setting, level.gradient, level.bounded)
        for level in levels
    )
    least = min(level.low for level in levels)
    cells = tuple(ListedCell(cell.pieces, cell.witness) for cell in enumerate_unit_cells(problem))
    if problem.loss.is_piecewise_quadratic:
        bound = best.risk.low if least >= best.risk.low else simplest_between(goal, least)
        return confirmed(NearGlobalMinimum(problem, bound, cells, duals, best.parameters, embed))
    risk = risk_above(problem, best.parameters)
    size = max(risk, Fraction(1, 1 << _BITS // 2))
    # The verifier's enclosures have another radius.
    spare = size / (1 << _BITS // 4)
    end = min(least, best.risk.low) - spare
    bound = best.risk.low if best.risk.is_exact else _short(end - room / 2, end)
    proof = NearAnalyticMinimum(
        problem, bound, _short(risk + spare, risk + 2 * spare), cells, duals, best.parameters, _BITS, embed
    )
    return confirmed(proof)


def _short(low: Fraction, high: Fraction) -> Fraction:
    """A short number in an interval."""
    if low <= 0 <= high:
        return _ZERO
    return simplest_between(low, high) if low > 0 else -simplest_between(-high, -low)


def _cover(land: EnclosedLandscape, bound: Fraction) -> list[Level]:
    """Levels whose dual vectors together bound the risk on all signed cells; those that bound it on many come first."""
    kinds = land.work.atoms.kinds
    able = [level for level in land.levels if level.low >= bound]
    holding = [sum(1 << k for k, mask in enumerate(kinds) if not mask & ~level.bounded) for level in able]
    ranked = sorted(range(len(able)), key=lambda k: -holding[k].bit_count())
    chosen: list[int] = []
    for orbit in land.work.orbits.between(0, land.orbits):
        wanted = sum(1 << kind for kind in set(orbit))
        if any(not wanted & ~holding[k] for k in chosen):
            continue
        found = next((k for k in ranked if not wanted & ~holding[k]), None)
        if found is None:
            raise InternalError("a signed cell without a dual vector")
        chosen.append(found)
    return [able[k] for k in chosen]


def _shortened(land: EnclosedLandscape, level: Level, goal: Fraction) -> Level:
    """The level with a dual vector in short fractions that holds on the same cones and is still good enough."""
    table = land.work.levels
    for digits in _DIGITS:
        scale = 1 << digits
        rounded = tuple(Fraction(round(value * scale), scale) for value in level.gradient)
        rounded = table.kept(level, rounded)
        for shrink in (_ZERO, Fraction(16, scale)):
            gradient = tuple((1 - shrink) * value for value in rounded)
            bound = table.setting.bound(gradient)
            if bound is None or bound < goal:
                continue
            prices = table.setting.priced(gradient, land.work.atoms.every)
            bounded = table.setting.without(table.setting.too_cheap(prices))
            if not level.bounded & ~bounded:
                return replace(level, low=bound, gradient=gradient, bounded=bounded)
    return level


def bounding_dual(setting: Setting, gradient: Vector, bounded: int) -> DecayDual:
    """A dual vector with a slope that bounds it on every signed unit cell where it holds.

    Parameters: `bounded`, the bits of the atoms on which it holds. Exactness: exact. Raises: nothing.
    Source: proofs/claims/near_global_minimum.md.
    """
    atoms = setting.atoms
    prices = setting.priced(gradient, atoms.every)
    found = []
    for kind, mask in enumerate(atoms.kinds):
        if mask & ~bounded:
            continue
        slope = _along_one_axis(atoms.table, gradient, kind) if atoms.priced else _projection(setting, prices, mask)
        if slope is not None:
            found.append((kind, slope))
    return DecayDual(gradient, tuple(found))


def _projection(setting: Setting, prices: Prices, mask: int) -> Vector:
    """The longest projection on a face of the cell that lies in this face: that on the whole cone."""
    valid = [bit for bit in prices.excess if mask >> bit & 1]
    best = max(valid, key=lambda bit: prices.excess[bit], default=None)
    size = setting.atoms.table.arrangement.dimension
    if best is None or not prices.excess[best]:
        return (_ZERO,) * size
    return setting.atoms.penalised(setting.atoms.weights(best, prices.projection[best]))


def _along_one_axis(table: UnitTable, gradient: Vector, kind: int) -> Vector | None:
    """A slope with one entry that is not 0: the least one in length between what the rays on either side need."""
    sign = 1 - 2 * (kind % 2)
    low, high = None, None
    for g in table.members[kind // 2]:
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
