"""Constants for nothing: where hidden biases are not penalised and there is no output bias, infima need not be attained."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.exact.linear_algebra import dot
from exactsurf.surface.levels.level import Level
from exactsurf.surface.levels.level_work import LevelWork
from exactsurf.surface.signed_cells import Orbit


def constants_are_attained(work: LevelWork, orbit: Orbit, level: Level) -> bool | None:
    """Whether a point of a signed cell attains its least risk, so far as constants that cost nothing are concerned.

    Parameters: `orbit`, whose least risk is `level`. Returns: None where it is not known. Exactness: proved.
    Raises: as `LevelTable.place`. Source: proofs/enclosed_levels.md, section 6.
    """
    atoms, setting = work.atoms, work.levels.setting
    used = level.support & atoms.constants
    lonely = [bit for bit in range(used.bit_length()) if used >> bit & 1 and not level.support & _beside(atoms.kinds, bit, used)]
    cone = 0
    for kind in orbit:
        cone |= atoms.kinds[kind]
    if not cone & atoms.constants:
        return True
    if not lonely:
        # Without constants the support has a minimiser; with them only a known one tells that it does something else, too.
        return True if (level.is_exact if used else level.alone is None) else None
    distance = setting.distance(level.low, level.high, level.gradient)
    excess = setting.priced(level.gradient, atoms.every).excess
    for bit in lonely:
        others = _beside(atoms.kinds, bit, atoms.constants) & cone
        dear = all(
            excess[other] < 0 and excess[other] ** 2 > distance**2 * _square(work, other)
            for other in range(others.bit_length())
            if others >> other & 1
        )
        without = work.levels.levels[work.levels.place(cone & ~(1 << bit))]
        if dear and without.low > level.high:
            return False
    return None


def _beside(kinds: tuple[int, ...], bit: int, constants: int) -> int:
    """The other atoms of the signed unit cells that have an atom, without constants."""
    found = 0
    for mask in kinds:
        if mask >> bit & 1:
            found |= mask
    return found & ~constants & ~(1 << bit)


def _square(work: LevelWork, bit: int) -> Fraction:
    features = work.atoms.atoms[bit >> 1].features[0]
    return dot(features, features)
