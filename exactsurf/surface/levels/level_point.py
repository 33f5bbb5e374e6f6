"""Short rational parameters near a level, in a given signed cell."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from exactsurf.exact.linear_algebra import Vector, dot
from exactsurf.model.parameters import Parameters
from exactsurf.surface.levels.atoms import root_above
from exactsurf.surface.levels.level import Level
from exactsurf.surface.levels.level_work import LevelWork
from exactsurf.surface.signed_cells import Orbit

_ZERO = Fraction(0)
_DIGITS = (12, 16, 20, 24, 32, 48, 64, 96)


def level_point(work: LevelWork, orbit: Orbit, level: Level, goal: Fraction) -> Parameters | None:
    """Parameters in a signed cell whose risk is at most `goal`, the shorter ones first; None if none were found.

    Parameters: `orbit`, whose least risk is `level`. Exactness: the risk is that of the parameters, exactly.
    Raises: nothing. Source: proofs/enclosed_levels.md, section 4.
    """
    shares = _by_unit(work, orbit, level.amounts)
    if shares is None:
        return None
    for digits in _DIGITS:
        point = _parameters(work, orbit, shares, level.bias, digits)
        if point is not None and work.problem.rational_risk(point) <= goal:
            return point
    return None


def _by_unit(work: LevelWork, orbit: Orbit, amounts: Mapping[int, Vector]) -> list[dict[int, Vector]] | None:
    """What every unit carries: each atom goes to the first unit in whose cell it is."""
    found: list[dict[int, Vector]] = [{} for _ in orbit]
    for bit, y in amounts.items():
        unit = next((j for j, kind in enumerate(orbit) if work.atoms.kinds[kind] >> bit & 1), None)
        if unit is None:
            return None
        found[unit][bit] = y
    return found


def _parameters(work: LevelWork, orbit: Orbit, shares: list[dict[int, Vector]], bias: Fraction, digits: int) -> Parameters | None:
    problem = work.problem
    hidden_bias, output_bias = problem.network.biases
    free = hidden_bias and problem.decay is not None and not problem.decay.biases
    rows, outputs = [], []
    for kind, own in zip(orbit, shares, strict=True):
        total = (_ZERO,) * work.table.arrangement.dimension
        for bit, y in own.items():
            total = tuple(
                a + b for a, b in zip(total, work.atoms.weights(bit, tuple(_rounded(v, digits) for v in y)), strict=True)
            )
        penalised = total[:-1] if free else total
        length = dot(penalised, penalised)
        if not any(total):
            rows.append(total)
            outputs.append(_ZERO)
            continue
        if not length:
            return None
        # Weights of equal length in both layers are the cheapest.
        height = _rounded(root_above(root_above(length, 2 * digits), digits), digits) or Fraction(1, 1 << digits)
        rows.append(tuple(value / height for value in total))
        outputs.append((1 - 2 * (kind % 2)) * height)
    named = {"W1": [row[:-1] for row in rows] if hidden_bias else rows, "W2": [outputs]}
    if hidden_bias:
        named["b1"] = [row[-1] for row in rows]
    if output_bias:
        named["b2"] = [_rounded(bias, digits)]
    return problem.parameters(**named)


def _rounded(value: Fraction, digits: int) -> Fraction:
    """A number to the nearest multiple of 2^−digits, one that is short already as it is."""
    scale = 1 << digits
    return value if value.denominator <= scale else Fraction(round(value * scale), scale)
