"""Which valleys training finds: the ends of many runs against the list of all valleys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.errors import InputError
from exactsurf.model.parameters import Parameters
from exactsurf.surface.levels.enclosed_landscape import EnclosedLandscape
from exactsurf.surface.levels.enclosed_valley import EnclosedValley
from exactsurf.surface.levels.enclosure import Enclosure
from exactsurf.surface.restricted.restricted_landscape import RestrictedLandscape
from exactsurf.surface.surface import Landscape
from exactsurf.surface.training.enclosed_component import EnclosedSublevelComponent
from exactsurf.surface.training.trajectory import Trajectory, ends_of, follow_trajectory
from exactsurf.surface.valley import Valley


@dataclass(frozen=True)
class TrainingValleys:
    """The valleys that runs of training end in, against all that there are.

    Attributes: `land`; `runs`, the trajectories, followed; `counts`, for every valley of `land.valleys` how many runs it has
    captured; `open_runs`, the places of runs whose last point could still reach several valleys; `undecided_runs`, those among
    them for which enclosed levels leave that open.
    Exactness: exact for the given points; enclosed where the levels of `land` are. Source: theory.md, theorem B.
    """

    land: Landscape | EnclosedLandscape | RestrictedLandscape
    runs: tuple[Trajectory, ...]

    @property
    def counts(self) -> tuple[int, ...]:
        """For every valley how many runs end captured by it."""
        ends = [run.valley for run in self.runs]
        return tuple(ends.count(place) for place in range(len(self.land.valleys)))

    @property
    def open_runs(self) -> tuple[int, ...]:
        """The places of the runs that were not captured."""
        return tuple(k for k, run in enumerate(self.runs) if run.valley is None)

    @property
    def undecided_runs(self) -> tuple[int, ...]:
        """The places of the runs that were perhaps captured: the enclosures do not tell."""
        ends = [run.components[-1] for run in self.runs]
        return tuple(k for k, end in enumerate(ends) if isinstance(end, EnclosedSublevelComponent) and end.is_undecided)

    @property
    def open_floors(self) -> dict[Fraction | Enclosure, int]:
        """For runs that were not captured: the infimum over the signed cell of the last point, and how many runs have it.

        No run that stays in that cell gets lower; if no valley has this risk, it is that of a plateau, or of a way down.
        """
        found: Counter[Fraction | Enclosure] = Counter(self.runs[k].components[-1].floor for k in self.open_runs)
        return dict(sorted(found.items(), key=lambda entry: ends_of(entry[0])))

    def to_rows(self) -> list[dict[str, object]]:
        """The valleys as a plain table, one dict a row: risk, barrier, copies, and how many runs were captured."""
        rows: list[dict[str, object]] = []
        valleys: tuple[Valley | EnclosedValley, ...] = self.land.valleys
        for place, (valley, count) in enumerate(zip(valleys, self.counts, strict=True)):
            numbers = {"risk": valley.risk, "barrier": valley.barrier, "copies": valley.multiplicity}
            rows.append({"valley": place, **numbers, "spurious": valley.is_spurious, "runs": count})
        return rows

    def __repr__(self) -> str:
        listed = ", ".join(map(str, self.counts))
        return f"TrainingValleys({len(self.runs)} runs: {listed} by valley, {len(self.open_runs)} open)"


def training_valleys(
    land: Landscape | EnclosedLandscape | RestrictedLandscape, trajectories: Iterable[Sequence[Parameters]]
) -> TrainingValleys:
    """Which valley every run of training ends in, against the list of all valleys.

    Parameters: `land`, as for `sublevel_component`; `trajectories`, at least one, each with at least one point, e.g.
    from `gradient_descent`; a run of which only the end is known is a list of one point.
    Returns: a `TrainingValleys`. Exactness: exact for the given points, as far as the levels of `land` tell. Raises: as
    `follow_trajectory`, and `InputError` without trajectories. Source: theory.md, theorem B.

    >>> import exactsurf as es
    >>> land = es.landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> found = es.training_valleys(land, es.gradient_descent(land.problem, range(8), records=5))
    >>> len(found.runs), sum(found.counts) + len(found.open_runs)
    (8, 8)
    """
    if isinstance(trajectories, Parameters) or not isinstance(trajectories, Iterable):
        raise InputError("trajectories are a list of lists of points", text=repr(trajectories), fix="one is [[parameters, …]]")
    runs = tuple(follow_trajectory(land, points) for points in trajectories)
    if not runs:
        raise InputError("no trajectory was given")
    return TrainingValleys(land, runs)
