"""What was found about a range of orbits: their levels and those of their facets."""

from __future__ import annotations

from dataclasses import dataclass

from exactsurf.surface.levels.level import Level


@dataclass(frozen=True)
class LevelBatch:
    """The levels of the orbits begin, …, end − 1 and of their facets.

    `homes[k]` is the place in `levels` of the least risk over orbit begin + k; `facets` those of the facets, in the order of
    `passages`.
    """

    begin: int
    end: int
    levels: tuple[Level, ...]
    homes: tuple[int, ...]
    facets: tuple[int, ...]
