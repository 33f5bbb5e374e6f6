"""Valleys of landscapes with enclosed levels: the leaves of a merge tree of runs."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.errors import InputError
from exactsurf.exact.number import approximate
from exactsurf.model.parameters import Parameters
from exactsurf.surface.levels.constants import constants_are_attained, heights_are_attained
from exactsurf.surface.levels.enclosure import Enclosure, Run
from exactsurf.surface.levels.level import Level
from exactsurf.surface.levels.level_point import level_point
from exactsurf.surface.levels.level_work import LevelWork
from exactsurf.surface.merge_tree import MergeTree
from exactsurf.surface.signed_cells import Orbit, Orbits
from exactsurf.surface.valley import find_barriers

_ZERO = Fraction(0)


@dataclass(frozen=True)
class EnclosedValley:
    """A component of a sublevel set, born at a level in `risk`; as `Valley`, with enclosures in the place of numbers.

    `risk`, `barrier` and `merges_at` as in `Valley`; `multiplicity`; `parameters`, a point whose risk exceeds the lower end of
    `risk` by the width at most; `is_attained`, whether a point of least risk exists, and not only points far away that come as
    near to it as one likes (None if a tie hides which); `is_tied`, whether other levels lie so near that the valley may consist
    of several, or be less low than one that is not told from it; `cells`, the numbers of its orbits; `node`, its place in the
    merge tree; `barrier_at_least`, in a landscape below a level, that level where the barrier is not below it.
    Exactness: enclosed, with proof. Source: proofs/enclosed_levels.md.
    """

    risk: Enclosure
    barrier: Enclosure | None
    merges_at: Enclosure | None
    multiplicity: int
    parameters: Parameters
    is_attained: bool | None
    is_tied: bool
    cells: tuple[int, ...]
    node: int
    barrier_at_least: Fraction | None = None

    @property
    def is_global(self) -> bool:
        """Whether nothing is proved to be lower."""
        return self.barrier is None and self.barrier_at_least is None

    @property
    def is_spurious(self) -> bool:
        """Whether some point has a strictly lower risk."""
        return not self.is_global

    @property
    def persistence(self) -> Fraction | None:
        """The height of the barrier over the valley at least; None where nothing is proved to be lower."""
        least = self.barrier_at_least if self.barrier is None else self.barrier.low
        return None if least is None else max(least - self.risk.high, _ZERO)


def check_width(enclosures: Sequence[Enclosure], width: Fraction) -> None:
    """Refuse enclosures that are wider than asked for.

    Parameters: `width`, as a part of the levels. Exactness: exact. Raises: `InputError`. Source: none needed.
    """
    greatest = max((abs(level.high) for level in enclosures), default=_ZERO)
    for level in enclosures:
        # A level that is nearly 0 need not be known to as many digits of its own.
        if level.width > width * max(abs(level.high), width * greatest):
            raise InputError(
                f"the level {level.ball.text} is known to {approximate(level.width, 3)} only, wider than asked for",
                fix="name a larger width (--width)",
            )


def enclosed_valleys(
    work: LevelWork,
    orbits: Orbits | Sequence[Orbit],
    levels: Sequence[Level],
    sharp: Mapping[int, Enclosure],
    homes: Sequence[int],
    ordered: Sequence[Run],
    merges: MergeTree,
    below: Fraction | None = None,
) -> tuple[EnclosedValley, ...]:
    """The leaves of a merge tree of runs as valleys, lowest first.

    Parameters: the `orbits` by their numbers in the tree; `sharp[k]`, the ends of `levels[k]`; `homes`, the places of the levels
    of the orbits; the runs in order; `below`, the level that the tree lies below, if there is one.
    Exactness: enclosed, with proof. Raises: `InputError` if no parameters near a level are found.
    Source: proofs/enclosed_levels.md.
    """
    enclosure_of = {run.enclosure.low: run.enclosure for run in ordered}
    tied = {run.enclosure.low for run in ordered if run.is_tie}
    lowest = min((node.level for node in merges.nodes), default=None)
    parents = {child: node.level for node in merges.nodes for child in node.children}
    found = []
    for k, barrier in find_barriers(merges).items():
        node = merges.nodes[k]
        cells = sorted(node.cells, key=lambda cell: (levels[homes[cell]].low, cell))
        risk = Enclosure(min(sharp[homes[c]].low for c in cells), max(sharp[homes[c]].high for c in cells))
        # A level that may be 0 is not known to a part of itself.
        goal = max(risk.low + work.width * (risk.low if risk.low > 0 else 1), risk.high)
        points = (level_point(work, orbits[cell], levels[homes[cell]], goal) for cell in cells)
        point = next((point for point in points if point is not None), None)
        if point is None:
            # Every level is approached by points; only the rounding may be too coarse.
            raise InputError(
                f"no parameters so near to the level {risk.ball.text} were found", fix="name a larger width (--width)"
            )
        merged = parents.get(k)
        found.append(
            EnclosedValley(
                risk,
                None if barrier is None else enclosure_of[barrier],
                None if merged is None else enclosure_of[merged],
                node.copies,
                point,
                _is_attained(work, [(orbits[cell], levels[homes[cell]]) for cell in cells], risk.high),
                node.level in tied,
                node.cells,
                k,
                below if barrier is None and node.level != lowest else None,
            )
        )
    return tuple(sorted(found, key=lambda valley: (valley.risk, valley.node)))


def _is_attained(work: LevelWork, found: list[tuple[Orbit, Level]], high: Fraction) -> bool | None:
    """Whether the least of some levels, each with its orbit, is attained; None where it is not known which one is the least."""
    answers: dict[Hashable, bool | None] = {}
    finite = constants_are_attained if work.table.homogeneous else heights_are_attained
    for orbit, level in found:
        if level.low <= high and answers.get(level.identity) is not True:
            own = False if level.away.samples else finite(work, orbit, level)
            known = answers.get(level.identity, own)
            answers[level.identity] = own if own or known is None else known if own is False else None
    every = set(answers.values())
    return every.pop() if len(every) == 1 else None
