"""Infima that need not be attained: constants for nothing beside weight decay, and rays of units whose output weight is 0."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_

from exactsurf.exact.linear_algebra import Vector
from exactsurf.surface.levels.level import Level, dear_atoms
from exactsurf.surface.levels.level_work import LevelWork
from exactsurf.surface.signed_cells import Orbit


def constants_are_attained(work: LevelWork, orbit: Orbit, level: Level) -> bool | None:
    """Whether a point of a signed cell attains its least risk, so far as constants that cost nothing are concerned.

    Parameters: `orbit`, whose least risk is `level`. Returns: None where it is not known. Exactness: proved.
    Raises: as `LevelTable.place`. Source: proofs/enclosed_levels.md, section 6.
    """
    atoms = work.atoms
    used = level.support & atoms.constants
    lonely = [bit for bit in range(used.bit_length()) if used >> bit & 1 and not level.support & _beside(atoms.kinds, bit, used)]
    cone = 0
    for kind in orbit:
        cone |= atoms.kinds[kind]
    if not cone & atoms.constants:
        return True
    levels = work.levels

    def rises_without(bits: int) -> bool:
        return levels.levels[levels.place(level.support & ~bits)].low > level.high

    if not lonely:
        # Without constants the support has a minimiser; with them one that does something else in the same unit, too, is needed.
        if not used:
            return True if level.alone is None else None
        places = (bit for bit in range(used.bit_length()) if used >> bit & 1)
        return True if level.is_exact or all(rises_without(_beside(atoms.kinds, bit, used)) for bit in places) else None
    dear = _certainly_dear(work, level)
    for bit in lonely:
        others = _beside(atoms.kinds, bit, atoms.constants) & cone
        without = levels.levels[levels.place(cone & ~(1 << bit))]
        if not others & ~dear and without.low > level.high:
            return False
    return None


def heights_are_attained(work: LevelWork, orbit: Orbit, level: Level) -> bool | None:
    """Whether a point of a signed cell attains its least risk, so far as output weights are concerned that fall to 0.

    Parameters: an activation with breakpoints other than 0; `orbit`, whose least risk is `level`, without minimisers at infinity
    of product variables. Returns: None where it is not known. Exactness: proved. Raises: as `LevelTable.place`.
    Source: proofs/enclosed_levels.md, section 7.
    """
    atoms = work.atoms
    masks = [atoms.kinds[kind] for kind in orbit]
    rays = [mask & ~atoms.vertices for mask in masks]
    able = [bool(mask & _idle_vertices(work)) for mask in masks]
    if all(own or not ray for own, ray in zip(able, rays, strict=True)):
        return True
    if level.alone is None:
        carried = _together(mask for mask, own in zip(masks, able, strict=True) if own or mask & level.support & atoms.vertices)
        if not level.support & ~atoms.vertices & ~carried:
            return True
    dear = _certainly_dear(work, level)
    left = [mask for mask in masks if mask & atoms.vertices & ~dear]
    if len(left) < len(masks) and work.levels.levels[work.levels.place(_together(left))].low > level.high:
        return False
    return None


def _together(masks: Iterable[int]) -> int:
    """The bits of all masks."""
    return reduce(or_, masks, 0)


def _idle_vertices(work: LevelWork) -> int:
    """The bits of vertices at which a unit changes no prediction, or all alike where the output bias makes up for it."""
    atoms, has_bias = work.atoms, work.levels.setting.has_bias
    idle = (g for g, atom in enumerate(atoms.atoms) if _is_idle(atom.features[0], has_bias))
    return sum(3 << 2 * g for g in idle) & atoms.vertices


def _is_idle(seen: Vector, has_bias: bool) -> bool:
    return len(set(seen)) == 1 if has_bias else not any(seen)


def _certainly_dear(work: LevelWork, level: Level) -> int:
    """The bits of atoms that no minimiser uses: they cost more than they gain at the best dual vector, too."""
    setting = work.levels.setting
    distance = setting.distance(level.low, level.high, level.gradient)
    return dear_atoms(setting, setting.priced(level.gradient, work.atoms.every), distance)


def _beside(kinds: tuple[int, ...], bit: int, constants: int) -> int:
    """The other atoms of the signed unit cells that have an atom, without constants."""
    found = 0
    for mask in kinds:
        if mask >> bit & 1:
            found |= mask
    return found & ~constants & ~(1 << bit)
