"""polish(problem, floats): from the floats of a training run to an exact candidate beside them, and its verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from exactsurf.cells.activation_pattern import ActivationPattern, activation_pattern
from exactsurf.cells.coordinates import coordinates
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.effort import AnyEffort, Effort, OutOfTime
from exactsurf.errors import InputError
from exactsurf.exact.balls import Ball
from exactsurf.exact.number import Exact, approximate, exact
from exactsurf.minima.decide import decide
from exactsurf.minima.floats.dead_units import dead_units, with_units, without_units
from exactsurf.minima.floats.float_entries import exact_entries
from exactsurf.minima.floats.rational_critical_point import propose_rational_points
from exactsurf.minima.floats.signed_cell_fit import fit_signed_cell
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.smooth.critical_box import CriticalBox, find_critical_box, why_no_box
from exactsurf.minima.walls.box import BoxOnWalls, find_minimum_on_walls
from exactsurf.model.needed_problem import check_problem
from exactsurf.model.parameter_vector import vector_of
from exactsurf.model.parameters import Parameters, parameters_from
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem

if TYPE_CHECKING:
    from exactsurf.minima.restricted.box import RestrictedBox

_MAX_PRODUCTS = 1_000_000
"""Most products of intervals in a Hessian over a box for which a box is looked for; Newton's method needs up to hundreds."""

_IN_THE_BOX = "the critical point in the box that was found"


@dataclass(frozen=True)
class Polished:
    """An exact point beside a float one.

    Attributes: `parameters`, the candidate, and `risk` there; `verdict` of `decide` on it; `start`, the floats as the exact
    binary numbers that they are, and `start_risk`; `squared_distance` and `largest_change` from `start` to the candidate;
    `pattern`, the activation pattern of the candidate; `cells`, how many signed cells were fitted (1: the cell of the start), or
    cells of a restricted problem; `method`: ``signed cell``, ``rational critical point``, ``critical box``, ``box on walls``
    or ``none`` (then the verdict may be REFUTED, of the lowest point that was tried); `box`, for both kinds of boxes, holds
    exactly one critical point, or a strict local minimum on walls, whose coordinates need not be rational:
    `parameters` is its centre, `verdict` (UNDECIDED) is about the centre, and `box.kind` and `box.status` say what is in it.
    Where some `dead_units` of layer 1 are dead on all samples, the box is one of the network without them (`box.problem`): what
    it says holds of the whole network for all weights with which they stay dead.
    Exactness: exact. Source: theory.md, sections 2, 4 and 7.
    """

    parameters: Parameters
    risk: Fraction | Ball
    verdict: Verdict
    start: Parameters
    start_risk: Fraction | Ball
    squared_distance: Fraction
    largest_change: Fraction
    pattern: ActivationPattern
    cells: int
    method: str
    box: CriticalBox | BoxOnWalls | RestrictedBox | None = None
    dead_units: tuple[int, ...] = ()

    def __repr__(self) -> str:
        moved, found = approximate(self.largest_change, 3), self.verdict.status if self.box is None else self.box.kind
        return f"Polished({found}, risk {approximate(middle(self.risk))}, largest change {moved}, {self.method})"


def polish(
    problem: Problem | RestrictedProblem,
    float_parameters: Mapping[str, Any] | Parameters | None = None,
    *,
    effort: AnyEffort = None,
    within: Exact | None = None,
    progress: Callable[[str], None] | None = None,
    **named: Any,
) -> Polished | CriticalBox | RestrictedBox | Verdict:
    """Turn trained floats into an exact candidate for a local minimum, and decide it.

    With one hidden layer, one output and squared loss the candidate is the exact minimiser of the signed cell that holds the
    floats; if that is no local minimum because lower cells touch it, the next cell is fitted, and so on: each has a lower
    risk. Else the floats, and what Newton's method makes of them, are read as fractions of short denominators. If none of
    these is proved, a box is looked for that holds exactly one critical point (`find_critical_box`), or a local minimum
    on walls (`find_minimum_on_walls`), where networks rest that are trained with weight decay or a loss that is not squared.

    Parameters: `float_parameters`, a mapping from W1, b1, … to arrays or nested lists of floats (NumPy arrays too), or
    `Parameters`; or the same by name; exact numbers are taken as they are. `effort`, seconds (60) or an `Effort`, whose `fits`
    bound the cells that are fitted; `within`, the largest change of any entry that is taken (default: 10 times the largest
    entry of the floats, and at least 10): a minimiser farther away is no polished form of them; `progress` is told each step.
    Returns: a `Polished`; its verdict is UNDECIDED if no candidate was proved, and its `box` is None if no box was found.
    For a smooth activation it is the answer of `find_critical_box`: critical points are seldom rational there. For a
    `RestrictedProblem` the floats may be given by the names of its free parameters; arrays are moved onto the subspace first.
    Exactness: floats count as the binary numbers that they store; everything after that is exact.
    Raises: `InputError` for missing or unknown names and for numbers that are not finite, `ShapeError` with both shapes.
    Source: docs/guide/models.md; theory.md, sections 2, 4 and 7; proofs/smooth.md.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([5, 4, 3, 1, -1], [2, 1, 0, -3, 3]))
    >>> es.polish(problem, W1=[[0.98]], b1=[-2.93], W2=[[1.03]], b2=[0.02])
    Polished(PROVED, risk 9, largest change 0.02, signed cell)

    The singular values of a fit of rank 1 are seldom rational:

    >>> data = es.Data.from_arrays([[1, 0], [0, 1], [-1, -1]], [[2, 1], [1, 1], [0, -1]])
    >>> deep = es.Problem(es.Network([2, 1, 1, 2], "leaky_relu:1/2", biases=False), data)
    >>> es.polish(deep, W1=[[1.0, 0.7]], W2=[[1.0]], W3=[[1.6], [1.1]])
    Polished(local minimum in a box, risk 0.459174, largest change 0.139, critical box)
    """
    running, tell = Effort.of(effort).started(), progress or (lambda _: None)
    if isinstance(problem, RestrictedProblem):
        # Imported here, because restricted problems are polished by what is here.
        from exactsurf.minima.restricted.candidate import values_near
        from exactsurf.minima.restricted.polish import polish_restricted

        values = values_near(problem, float_parameters, named)
        most = None if within is None else exact(within, "within")
        return polish_restricted(problem, values, within=most, effort=running, progress=tell)
    check_problem(problem, "polish")
    start = read_floats(problem, float_parameters, **named)
    reach = _Reach(start, _bound(start) if within is None else exact(within, "within"))
    if not problem.network.is_piecewise_linear:
        tell("looking for a box with one critical point")
        found = find_critical_box(problem, start, effort=running)
        if isinstance(found, CriticalBox) and reach.is_left_by(found.parameters):
            return Verdict(
                Status.UNDECIDED, reach.why_not(problem, found.parameters, "the critical point in the box that was found")
            )
        return found
    risk = problem.risk(start)
    if problem.network.layers == 2 and problem.network.widths[-1] == 1 and problem.is_least_squares:
        point, verdict, cells = _by_cells(problem, reach, running, tell)
        return polished(problem, start, risk, point, verdict, cells, "signed cell" if cells else "none")
    lowest: tuple[Parameters, Verdict] | None = None
    try:
        with running.governs():
            for count, candidate in enumerate(_timed(propose_rational_points(problem, start, running), running), start=1):
                if reach.is_left_by(candidate):
                    continue
                tell(f"deciding candidate {count} with short fractions")
                verdict = decide(problem, candidate, effort=running)
                if verdict.status is Status.PROVED:
                    return polished(problem, start, risk, candidate, verdict, 0, "rational critical point")
                if verdict.status is Status.REFUTED and (lowest is None or is_lower(verdict, lowest[1])):
                    lowest = candidate, verdict
    except OutOfTime:
        tell("points with short fractions take too long")
    if running.is_over:
        verdict = Verdict(Status.UNDECIDED, str(OutOfTime(running.seconds, "tried points with short fractions")), risk=risk)
        return polished(problem, start, risk, start, verdict, 0, "none")
    tell("looking for a box with one critical point, or a local minimum on walls")
    return _by_a_box(problem, reach, risk, lowest, running)


def _by_a_box(
    problem: Problem, reach: _Reach, start_risk: Fraction | Ball, lowest: tuple[Parameters, Verdict] | None, effort: Effort
) -> Polished:
    """A box with one critical point beside the floats, without the dead units; else why there is none, and the lowest point
    that is known to be no local minimum."""
    reason = "no local minimum with short fractions was found near the floats: its coordinates may be irrational"
    start, dead = reach.start, _left_out(problem, reach.start)
    box = _box(*without_units(problem, start, dead), effort) if dead else _box(problem, start, effort)
    if isinstance(box, NotProved):
        why = f"{reason}; and no box was found: {box.reason}"
        if lowest is not None:
            return polished(problem, start, start_risk, lowest[0], refuted_beside(lowest[1], why), 0, "none")
        return polished(problem, start, start_risk, start, Verdict(Status.UNDECIDED, why, risk=start_risk), 0, "none")
    point = with_units(box.parameters, start, dead) if dead else box.parameters
    if reach.is_left_by(point):
        why = f"{reason}; {reach.why_not(problem, point, _IN_THE_BOX)}"
        return polished(problem, start, start_risk, start, Verdict(Status.UNDECIDED, why, risk=start_risk), 0, "none")
    words = _beside_dead_units(box, dead) if dead else f"around the centre {box.reason}"
    verdict = Verdict(Status.UNDECIDED, f"{reason}; {words}", risk=problem.risk(point))
    found = polished(problem, start, start_risk, point, verdict, 0, _method(box))
    return replace(found, box=box, dead_units=dead)


@dataclass(frozen=True)
class _Reach:
    """How far from the floats a point may lie to count as one beside them."""

    start: Parameters
    bound: Fraction

    def is_left_by(self, point: Parameters) -> bool:
        return any(abs(a - b) > self.bound for a, b in zip(vector_of(point), vector_of(self.start), strict=True))

    def why_not(self, problem: Problem, point: Parameters, what: str) -> str:
        here, there = coordinates(self.start), coordinates(point)
        name = max(here, key=lambda entry: abs(there[entry] - here[entry]))
        moved = approximate(abs(there[name] - here[name]), 3)
        risk, bound = approximate(middle(problem.risk(point))), approximate(self.bound, 3)
        return (
            f"{what} lies {moved} away in {name}, with risk {risk}, and only points within {bound} count as beside the floats; "
            "where the risk is nearly flat, minimisers lie far away; raise within (--within) to take it"
        )


def _left_out(problem: Problem, start: Parameters) -> tuple[int, ...]:
    """The dead units, unless all units of their layer are dead; none with weight decay, on which their weights have an effect."""
    dead = dead_units(problem, start) if problem.decay is None else ()
    return dead if problem.network.layers > 1 and len(dead) < problem.network.widths[1] else ()


def _method(box: CriticalBox | BoxOnWalls) -> str:
    return "critical box" if isinstance(box, CriticalBox) else "box on walls"


def _beside_dead_units(box: CriticalBox | BoxOnWalls, dead: tuple[int, ...]) -> str:
    """What a box of the network without its dead units says of the whole: the box times an open set."""
    these = f"unit {dead[0]} of layer 1 is" if len(dead) == 1 else f"units {', '.join(map(str, dead))} of layer 1 are"
    return (
        f"{these} dead on all samples, here and nearby, so the risk does not depend on what they read and what reads them; "
        f"without them ({box.problem.network!r}) {box.reason}. With them, the critical points nearby are that one times all such "
        "weights with which they stay dead"
    )


def _bound(start: Parameters) -> Fraction:
    return 10 * max(Fraction(1), max(map(abs, vector_of(start))))


def _timed(candidates: Iterator[Parameters], effort: Effort) -> Iterator[Parameters]:
    return takewhile(lambda _: not effort.is_over, candidates)


def _box(problem: Problem, start: Parameters, effort: Effort) -> CriticalBox | BoxOnWalls | NotProved:
    """A box with exactly one critical point, or with a minimum on walls, or why there is none."""
    size = len(vector_of(start))
    if len(problem.data) * size**3 > _MAX_PRODUCTS:
        return NotProved(f"{size} parameters on {len(problem.data)} samples are too large for one")
    why = why_no_box(problem)
    if why and problem.decay is None:
        return NotProved(why)
    resting = None if problem.is_least_squares else find_minimum_on_walls(problem, start, effort=effort)
    if isinstance(resting, BoxOnWalls) and (resting.walls or resting.shifted):
        return resting
    found = None if why else find_critical_box(problem, start, effort=effort)
    if isinstance(found, CriticalBox):
        return found
    if resting is None:
        resting = find_minimum_on_walls(problem, start, effort=effort)
    if isinstance(resting, BoxOnWalls):
        return resting
    return NotProved(f"{why if found is None else found.reason}; and on walls: {resting.reason}")


def _by_cells(problem: Problem, reach: _Reach, effort: Effort, tell: Callable[[str], None]) -> tuple[Parameters, Verdict, int]:
    """Fit the signed cell of the point, then that of a lower point beside the fit, until the fit is a local minimum."""
    inside, point, lower = reach.start, reach.start, None
    for count in range(effort.fits):
        tell(f"fitting signed cell {count + 1}")
        if effort.is_over:
            reason = str(OutOfTime(effort.seconds, f"fitted {count} signed cells"))
            return point, Verdict(Status.UNDECIDED, reason, lower_point=lower, risk=problem.risk(point)), count
        try:
            with effort.governs():
                fitted = fit_signed_cell(problem, inside, effort)
        except OutOfTime as late:
            return point, Verdict(Status.UNDECIDED, str(late), lower_point=lower, risk=problem.risk(point)), count
        if isinstance(fitted, NotProved):
            return point, Verdict(Status.UNDECIDED, fitted.reason, lower_point=lower, risk=problem.risk(point)), count
        if reach.is_left_by(fitted):
            reason = reach.why_not(problem, fitted, f"the exact minimiser of signed cell {count + 1}")
            return point, Verdict(Status.UNDECIDED, reason, lower_point=lower, risk=problem.risk(point)), count
        tell(f"deciding the fit of signed cell {count + 1}")
        point, verdict = fitted, decide(problem, fitted, effort=effort)
        lower = verdict.lower_point
        if verdict.status is not Status.REFUTED or lower is None:
            return point, verdict, count + 1
        inside = lower
    reason = f"after {effort.fits} signed cells the fit still has lower points beside it; raise Effort(fits=…)"
    return point, Verdict(Status.UNDECIDED, reason, lower_point=lower, risk=problem.risk(point)), effort.fits


def polished(
    problem: Problem, start: Parameters, start_risk: Fraction | Ball, point: Parameters, verdict: Verdict, cells: int, method: str
) -> Polished:
    """The point beside the floats, with its distances. Exactness: exact."""
    changes = [abs(a - b) for a, b in zip(vector_of(point), vector_of(start), strict=True)]
    square = sum((change * change for change in changes), Fraction(0))
    pattern = activation_pattern(problem, point)
    return Polished(point, problem.risk(point), verdict, start, start_risk, square, max(changes), pattern, cells, method)


def refuted_beside(refuted: Verdict, why: str) -> Verdict:
    """The verdict on the lowest point that was tried, which is no local minimum, where none was found, and why."""
    return replace(refuted, reason=f"{why}; the lowest point that was tried is {refuted.reason}")


def is_lower(verdict: Verdict, other: Verdict) -> bool:
    """Whether a point has a lower risk than another one, as far as it shows."""
    risk, there = verdict.risk, other.risk
    return risk is not None and there is not None and middle(risk) < middle(there)


def middle(risk: Fraction | Ball) -> Fraction:
    """A risk, or the midpoint of its enclosure, for display.

    >>> middle(Fraction(1, 2))
    Fraction(1, 2)
    """
    return risk.midpoint if isinstance(risk, Ball) else risk


def read_floats(problem: Problem, values: Mapping[str, Any] | Parameters | None = None, **named: Any) -> Parameters:
    """Parameters from arrays of floats, each read as the binary number that it stores.

    Parameters: as for `polish`. Exactness: exact readings. Raises: as `polish`. Source: README.md, "Numbers".

    >>> import exactsurf as es
    >>> read_floats(es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1], [0, 1])), {"W1": [[0.5]], "b1": [-0.25]})
    Parameters(W1=[['1/2']], b1=['-1/4'])
    """
    if isinstance(values, Parameters):
        problem.check_shapes(values)
        return values
    if values is not None and not isinstance(values, Mapping):
        raise InputError("float parameters are a mapping from W1, b1, … to arrays", text=repr(values))
    together = {**(values or {}), **named}
    return parameters_from(problem.network, **{name: exact_entries(value, name) for name, value in together.items()})
