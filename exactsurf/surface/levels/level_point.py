"""Short rational parameters near a level, in a given signed cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import reduce
from operator import or_
from typing import TypeAlias

from exactsurf.exact.balls import Ball
from exactsurf.exact.linear_algebra import Vector, dot
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.surface.facet_graph import SignedCell
from exactsurf.surface.levels.atoms import root_above
from exactsurf.surface.levels.level import Level
from exactsurf.surface.levels.level_work import LevelWork

_ZERO = Fraction(0)

UnitCone: TypeAlias = tuple[int, int]
"""The bits of the atoms of one unit, and the sign of its output weight."""
_DIGITS = (12, 16, 20, 24, 32, 48, 64, 96, 112)
_BITS = 192
_FARTHEST = 64
"""Points are at most 2 to this power times as far away as the shortest direction of the recession cone is long."""


def level_point(work: LevelWork, cell: SignedCell, level: Level, goal: Fraction) -> Parameters | None:
    """Parameters in a signed cell whose risk is at most `goal`, the shorter ones first; None if none were found.

    Parameters: `cell`, whose least risk is `level`. Exactness: the risk is that of the parameters, proved.
    Raises: nothing. Source: proofs/enclosed_levels.md, section 4.
    """
    return face_point(work, [(work.atoms.kinds[kind], 1 - 2 * (kind % 2)) for kind in cell], level, goal)


def face_point(work: LevelWork, units: Sequence[UnitCone], level: Level, goal: Fraction) -> Parameters | None:
    """Parameters in a signed cell or a facet of one, as `level_point`.

    Parameters: `units`, for every unit the bits of the atoms that it may have, and the sign of its output weight.
    Exactness, Raises, Source: as `level_point`.
    """
    amounts, bias = _far_enough(work, units, level, goal)
    shares = _by_unit(units, amounts, work.atoms.constants)
    if shares is None:
        return None
    for digits in _DIGITS:
        point = _parameters(work, units, shares, bias, digits)
        if point is not None and risk_above(work.problem, point) <= goal:
            return point
    return None


def risk_above(problem: Problem, parameters: Parameters) -> Fraction:
    """The risk, or an upper bound of it where it is enclosed.

    Parameters: a problem, and parameters of its network. Exactness: exact, or proved. Raises: as `Problem.risk`.
    Source: none needed.
    """
    # A weight multiplies what rounding does.
    risk = problem.risk(parameters, bits=_BITS + int(max(problem.without_decay.shares)).bit_length())
    return risk.upper if isinstance(risk, Ball) else risk


def _far_enough(
    work: LevelWork, units: Sequence[UnitCone], level: Level, goal: Fraction
) -> tuple[Mapping[int, Vector], Fraction]:
    """The point of a level, so far away where samples vanish that half of what the goal allows is left of them."""
    setting = work.levels.setting
    if not level.away.samples:
        return level.amounts, level.bias
    away = work.levels.direction(reduce(or_, (cone for cone, _ in units)), level.away)
    for power in range(_FARTHEST):
        amounts = dict(level.amounts)
        for bit, share in away.shares.items():
            amounts[bit] = (amounts.get(bit, (_ZERO,))[0] + share * 2**power,)
        bias = level.bias + away.bias * 2**power
        if 2 * (setting.risk_above(amounts, bias) - level.high) <= goal - level.high:
            break
    return amounts, bias


def _by_unit(units: Sequence[UnitCone], amounts: Mapping[int, Vector], constants: int) -> list[dict[int, Vector]] | None:
    """What every unit carries: each atom goes to the first unit in whose cell it is."""
    found: list[dict[int, Vector]] = [{} for _ in units]
    # A constant that costs nothing is attained by a unit that does something else, too.
    for bit, y in sorted(amounts.items(), key=lambda entry: not constants >> entry[0] & 1):
        able = [j for j, (cone, _) in enumerate(units) if cone >> bit & 1]
        unit = max(able, key=lambda j: any(constants >> own & 1 for own in found[j]), default=None)
        if unit is None:
            return None
        found[unit][bit] = y
    return found


def _parameters(
    work: LevelWork, units: Sequence[UnitCone], shares: list[dict[int, Vector]], bias: Fraction, digits: int
) -> Parameters | None:
    problem = work.problem
    hidden_bias, output_bias = problem.network.biases
    free = hidden_bias and problem.decay is not None and not problem.decay.biases
    rows, outputs = [], []
    for (cone, sign), own in zip(units, shares, strict=True):
        if not work.table.homogeneous:
            weights, height = _affine_unit(work, cone, own, digits)
            rows.append(weights)
            outputs.append(sign * height)
            continue
        total = (_ZERO,) * work.table.arrangement.dimension
        for bit, y in own.items():
            short = tuple(_rounded(v, digits) for v in y)
            if any(dot(row, short) < 0 for row in work.atoms.atoms[bit >> 1].rows):
                return None
            total = tuple(a + b for a, b in zip(total, work.atoms.weights(bit, short), strict=True))
        penalised = total[:-1] if free else total
        length = dot(penalised, penalised)
        if not any(total):
            rows.append(total)
            outputs.append(_ZERO)
            continue
        if not length and not problem.network.biases[1]:
            # Alone, a bias that is not penalised costs next to nothing with a small output weight.
            height = Fraction(1, 1 << digits // 2)
            rows.append(tuple(value / height for value in total))
            outputs.append(sign * height)
            continue
        if not length:
            return None
        # Weights of equal length in both layers are the cheapest.
        height = (
            Fraction(1)
            if problem.decay is None
            else _rounded(root_above(root_above(length, 2 * digits), digits), digits) or Fraction(1, 1 << digits)
        )
        rows.append(tuple(value / height for value in total))
        outputs.append(sign * height)
    named = {"W1": [row[:-1] for row in rows] if hidden_bias else rows, "W2": [outputs]}
    if hidden_bias:
        named["b1"] = [row[-1] for row in rows]
    if output_bias:
        named["b2"] = [_rounded(bias, digits)]
    return problem.parameters(**named)


def _affine_unit(work: LevelWork, cone: int, own: Mapping[int, Vector], digits: int) -> tuple[Vector, Fraction]:
    """The weights and |v| of a unit where v is a variable; along rays alone v may be as small as one likes, but not 0."""
    atoms = work.atoms
    amounts = {bit: found for bit, (y,) in own.items() if (found := _rounded(y, digits))}
    height = sum((y for bit, y in amounts.items() if atoms.vertices >> bit & 1), _ZERO)
    total = (_ZERO,) * work.table.arrangement.dimension
    if amounts and not height:
        vertices = cone & atoms.vertices
        bit, height = (vertices & -vertices).bit_length() - 1, Fraction(1, 1 << digits // 2)
        amounts = {**amounts, bit: height}
    for bit, y in amounts.items():
        total = tuple(a + b for a, b in zip(total, atoms.weights(bit, (y,)), strict=True))
    return tuple(value / height for value in total) if height else total, height


def _rounded(value: Fraction, digits: int) -> Fraction:
    """A number to the nearest multiple of 2^−digits, one that is short already as it is."""
    scale = 1 << digits
    return value if value.denominator <= scale else Fraction(round(value * scale), scale)
