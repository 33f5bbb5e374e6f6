"""A trajectory of training on the landscape: the valleys that each point can still reach, and where the run was captured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from exactsurf.errors import InputError
from exactsurf.model.parameters import Parameters
from exactsurf.surface.facet_graph import FacetGraph, lowest_route
from exactsurf.surface.levels.enclosed_landscape import EnclosedLandscape
from exactsurf.surface.levels.enclosure import Enclosure
from exactsurf.surface.paths import MAX_CELLS
from exactsurf.surface.restricted.restricted_landscape import RestrictedLandscape
from exactsurf.surface.surface import Landscape
from exactsurf.surface.training.enclosed_component import EnclosedSublevelComponent, are_joined
from exactsurf.surface.training.sublevel_component import SublevelComponent, sublevel_component


@dataclass(frozen=True)
class Trajectory:
    """The sublevel components of the points of a trajectory, in order.

    Attributes: `components`; `leaps`, all k for which no path from point k to point k + 1 stays at or below the higher one of
    their risks: the step went over a barrier, which gradient flow cannot do; `undecided`, all k for which enclosed levels do not
    tell whether it did; `rises`, all k for which point k + 1 has the higher risk, with proof.
    Exactness: exact, or enclosed. Source: theory.md, theorem B; proofs/claims/enclosed_capture.md.
    """

    components: tuple[SublevelComponent, ...] | tuple[EnclosedSublevelComponent, ...]
    leaps: tuple[int, ...]
    undecided: tuple[int, ...] = ()

    @property
    def rises(self) -> tuple[int, ...]:
        """All k for which point k + 1 has a higher risk than point k."""
        ends = [ends_of(component.risk) for component in self.components]
        return tuple(k for k, ((_, high), (low, _)) in enumerate(pairwise(ends)) if low > high)

    @property
    def valley(self) -> int | None:
        """The place in `land.valleys` of the valley that has captured the last point; None if it could still reach several."""
        return self.components[-1].valley

    @property
    def captured_at(self) -> int | None:
        """The first point from which on all are captured by one and the same copy of a valley; None if the last one is not."""
        if self.valley is None:
            return None
        first = len(self.components) - 1
        over = {*self.leaps, *self.undecided}
        while first and self.components[first - 1].valley == self.valley and first - 1 not in over:
            first -= 1
        return first

    def __repr__(self) -> str:
        end = "not captured" if self.valley is None else f"valley {self.valley} from point {self.captured_at} on"
        leaps = f"leaps over barriers: {len(self.leaps)}" + (f", undecided {len(self.undecided)}" if self.undecided else "")
        return f"Trajectory({len(self.components)} points, {leaps}, {end})"


def ends_of(risk: Fraction | Enclosure) -> tuple[Fraction, Fraction]:
    """Two numbers between which a risk lies; equal if it is exact.

    Exactness: exact. Raises: nothing. Source: none needed.

    >>> ends_of(Fraction(1)), ends_of(Enclosure(Fraction(1), Fraction(2)))
    ((Fraction(1, 1), Fraction(1, 1)), (Fraction(1, 1), Fraction(2, 1)))
    """
    return (risk.low, risk.high) if isinstance(risk, Enclosure) else (risk, risk)


def follow_trajectory(
    land: Landscape | EnclosedLandscape | RestrictedLandscape, points: Iterable[Parameters], *, max_cells: int = MAX_CELLS
) -> Trajectory:
    """Which valleys every point of a trajectory can still reach, which steps leap over a barrier, and where it is captured.

    Parameters: `land`, as for `sublevel_component`; `points` of the trajectory, at least one, e.g. from
    `gradient_descent` or `read_trajectory`; `max_cells`, the most signed cells to look at for one step.
    Returns: a `Trajectory`. Exactness: exact; floats are the numbers that they store. Where levels are enclosed, what is told is
    proved, and steps that the enclosures do not decide are `undecided`.
    Raises: `ShapeError` for parameters of another network, `InputError` without points, and when `max_cells` are not enough.
    Source: theory.md, theorem B.

    >>> import exactsurf as es
    >>> land = es.landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> low = land.problem.parameters(W1=[[2]], b1=[-4], W2=[[1]], b2=["1/2"])
    >>> run = es.follow_trajectory(land, [land.valleys[1].parameters, low, land.valleys[0].parameters])
    >>> run.leaps, run.rises, run.captured_at, run.valley
    ((0,), (), 1, 0)
    """
    if isinstance(points, Parameters) or not isinstance(points, Iterable):
        raise InputError("a trajectory is a list of points", text=repr(points), fix="one point is the list [parameters]")
    given = tuple(points)
    if not given:
        raise InputError("a trajectory needs at least one point")
    if isinstance(land, EnclosedLandscape):
        enclosed = tuple(sublevel_component(land, point) for point in given)
        answers = [are_joined(land, one, two, max_cells) for one, two in pairwise(enclosed)]
        leaps, undecided = (tuple(k for k, answer in enumerate(answers) if answer is wanted) for wanted in (False, None))
        return Trajectory(enclosed, leaps, undecided)
    components = tuple(sublevel_component(land, point) for point in given)
    return Trajectory(
        components, tuple(k for k, (one, two) in enumerate(pairwise(components)) if not _are_joined(land, one, two, max_cells))
    )


def _are_joined(land: Landscape | RestrictedLandscape, one: SublevelComponent, two: SublevelComponent, max_cells: int) -> bool:
    """Whether a path from one point to the other stays at or below the higher one of their risks."""
    if one.cell == two.cell:
        return True
    # At the higher level the lower point's component is the node of the higher point, or the two are apart.
    high, low = (one, two) if one.risk >= two.risk else (two, one)
    if not set(low.valleys) <= set(high.valleys):
        return False
    if isinstance(land, RestrictedLandscape) or land.merges.nodes[high.node].copies == 1:
        return True
    graph = FacetGraph(land.work)
    goal = low.cell
    route = lowest_route(graph, high.cell, lambda cell: cell == goal, least=high.risk, max_cells=max_cells, highest=high.risk)
    return route is not None
