"""Claims of the literature and of folklore, ready for `find_counterexample`; theorems without a hypothesis: `claim_of`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from exactsurf.cells.activation_pattern import activation_pattern
from exactsurf.cells.cell import Cell
from exactsurf.cells.unit_cells import enumerate_patterns
from exactsurf.certificate.claims.point import Certificate
from exactsurf.certificate.encoding import counted
from exactsurf.certificate.verdict import Status
from exactsurf.errors import UnsupportedError
from exactsurf.minima.decide import decide
from exactsurf.minima.deep_linear.classification import PointKind, classify_deep_linear
from exactsurf.minima.local.directional import directional_derivative, selected_gradient
from exactsurf.model.activation import linear, relu
from exactsurf.model.loss import Loss
from exactsurf.model.losses import absolute, squared
from exactsurf.model.network import Network
from exactsurf.model.parameter_vector import parameters_of, vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem
from exactsurf.papers.he_cells import decide_in_cell
from exactsurf.search.claims import Answer, Claim, Decide, claim, fails, holds, undecided
from exactsurf.search.spurious import spurious_certificate
from exactsurf.search.theorem_claims import claim_of
from exactsurf.surface.in_cell_components import in_cell_components
from exactsurf.surface.run.run import batches
from exactsurf.surface.surface import Landscape, assembled
from exactsurf.surface.workload import workload
from exactsurf.theorems.constructions.cell_descent import find_lower_in_cell, has_signed_cells
from exactsurf.theorems.data_conditions import short

__all__ = ["CLAIMS", "claim_of"]

_MAX_ORBITS, _MAX_PATTERNS = 5_000, 2_000


def _ready(
    key: str, statement: str, networks: Sequence[Network] | None = None, losses: Sequence[Loss] = (squared,)
) -> Callable[[Decide], Claim]:
    return claim(statement, networks=networks, losses=losses, key=key, source=f'CLAIMS["{key}"]')


_ANY_OUTPUT = tuple(
    Network([inputs, units, outputs], relu, biases=biases)
    for inputs in (1, 2)
    for units in (1, 2)
    for outputs in (1, 2)
    for biases in (False, True)
)
_DEEP_LINEAR = tuple(
    Network([inputs, *hidden, outputs], linear, biases=False)
    for hidden in ([1], [2], [1, 1], [2, 2])
    for inputs in (1, 2)
    for outputs in (1, 2)
)


@_ready(
    "minima_in_a_cell_are_global",
    "every local minimum in an open cell is global in the cell (one hidden layer)",
    _ANY_OUTPUT,
    (absolute, squared),
)
def _minima_in_a_cell_are_global(problem: Problem, parameters: Parameters) -> Answer:
    if not activation_pattern(problem, parameters).is_interior:
        return holds("the point lies on a wall, in no open cell")
    if _falls_downhill(problem, parameters):
        return holds("the point is no local minimum: the risk falls along a direction")
    verdict = decide(problem, parameters)
    if verdict.status is Status.REFUTED:
        return holds(verdict.reason)
    if verdict.status is Status.UNDECIDED:
        return undecided(verdict.reason)
    exhaustive = has_signed_cells(problem)
    within = verdict if exhaustive else decide_in_cell(problem, parameters, None)
    if not exhaustive and within.status is Status.PROVED:
        return holds(within.reason)
    lower = find_lower_in_cell(problem, parameters, Random(0))
    if lower is not None:
        here, below = short(problem.rational_risk(parameters)), short(problem.rational_risk(lower))
        reason = f"a local minimum of risk {here}, and its cell has risk {below}"
        return fails(reason, parameters, lower, certificates=_spurious(problem, parameters, lower))
    return holds("no signed cell of its cell has a lower minimum") if exhaustive else undecided(within.reason)


@_ready("minima_in_a_cell_are_connected", "the local minima of an open cell are connected (one hidden layer)")
def _minima_in_a_cell_are_connected(problem: Problem) -> Answer:
    _check_cells(problem)
    count = 0
    for count, pattern in enumerate(enumerate_patterns(problem, modulo_permutation=True), start=1):
        if count > _MAX_PATTERNS:
            return undecided(f"more than {_MAX_PATTERNS} cells")
        found = in_cell_components(problem, Cell(problem, pattern))
        if len(found.components) > 1:
            points = [component.parameters for component in found.components]
            certificates = [decide(problem, point).certificate for point in points]
            reason = (
                f"in one cell, {pattern!r}, the local minima have risk {short(found.risk)} and lie in {len(points)} components: "
                "no path between the points keeps to local minima of the cell, for the signs of the output weights cannot change"
            )
            return fails(reason, *points, certificates=[one for one in certificates if one is not None])
    return holds(f"in each of {count} cells they are connected")


@_ready("spurious_minima_imply_spurious_valleys", "where there is a spurious local minimum there is a spurious valley")
def _spurious_minima_imply_spurious_valleys(problem: Problem) -> Answer:
    land = _landscape(problem)
    if any(valley.is_spurious for valley in land.valleys):
        return holds("there is a spurious valley")
    minimum = next((one for one in land.local_minima if one.is_spurious), None)
    if minimum is None:
        return holds("there is no spurious local minimum")
    lower = land.global_minimum.parameters
    if lower is None or not all(valley.is_attained for valley in land.valleys):
        return undecided("the lowest risk is not attained everywhere")
    reason = (
        f"a spurious local minimum of risk {short(minimum.risk)}, while every component of every sublevel set reaches the lowest "
        f"risk, {short(land.global_minimum.risk)}"
    )
    return fails(reason, minimum.parameters, lower, certificates=_spurious(problem, minimum.parameters, lower))


@_ready("a_unit_removes_spurious_valleys", "adding a unit to the hidden layer removes all spurious valleys")
def _a_unit_removes_spurious_valleys(problem: Problem) -> Answer:
    network = problem.network
    units = network.widths[1]
    if network.layers != 2 or units == 1:
        return holds("the hidden layer has one unit, or there is none: no network has one unit less")
    land = _landscape(problem)
    bottom = next((valley for valley in land.valleys if valley.is_spurious and valley.is_attained), None)
    if bottom is None:
        spurious = any(valley.is_spurious for valley in land.valleys)
        return undecided("no spurious valley has a lowest point") if spurious else holds("there is no spurious valley")
    widths = [network.widths[0], units - 1, *network.widths[2:]]
    narrower = Problem(Network(widths, network.activation, biases=network.biases), problem.data, problem.loss)
    if not any(valley.is_spurious for valley in _landscape(narrower).valleys):
        return holds(f"with {counted(units - 1, 'unit')} there is no spurious valley to remove")
    best, point = land.global_minimum, bottom.parameters
    assert point is not None and bottom.barrier is not None
    reason = (
        f"with {counted(units - 1, 'hidden unit')} there is a spurious valley, and with {units} there still is one: of risk "
        f"{short(bottom.risk)}, behind a barrier of {short(bottom.barrier)}, where the lowest risk is {short(best.risk)}"
    )
    if best.parameters is None:
        return fails(reason, point)
    return fails(reason, point, best.parameters, certificates=_spurious(problem, point, best.parameters))


@_ready("no_bad_saddles", "at every saddle of a deep linear network the Hessian has a negative eigenvalue", _DEEP_LINEAR)
def _no_bad_saddles(problem: Problem, parameters: Parameters) -> Answer:
    found = classify_deep_linear(problem, parameters)
    if found.kind is PointKind.UNDECIDED or (found.kind is PointKind.SADDLE and found.strict is Status.UNDECIDED):
        return undecided(found.reason)
    if found.kind is not PointKind.SADDLE:
        return holds(f"the point is no saddle but: {found.kind}")
    if found.strict is Status.PROVED:
        return holds("the Hessian has a negative eigenvalue")
    certificate = decide(problem, parameters).certificate
    points = [parameters] if found.lower is None else [parameters, found.lower.parameters]
    reason = f"a saddle ({found.reason}) whose Hessian has inertia {found.inertia} (positive, negative, zero)"
    return fails(reason, *points, certificates=() if certificate is None else (certificate,))


def _falls_downhill(problem: Problem, parameters: Parameters) -> bool:
    """Whether the risk has a negative derivative against the selected gradient; far quicker than `decide`."""
    point = Point(problem, parameters)
    gradient = selected_gradient(point)
    downhill = parameters_of(problem.network, [-value for value in vector_of(gradient)])
    return directional_derivative(point, downhill) < 0


def _check_cells(problem: Problem) -> None:
    if problem.network.activation.is_linear or problem.network.layers != 2:
        raise UnsupportedError(f"this claim is about one hidden layer with a breakpoint; this is {problem.network!r}")


def _landscape(problem: Problem) -> Landscape:
    _check_cells(problem)
    work = workload(problem)
    if work.orbits.count > _MAX_ORBITS:
        raise UnsupportedError(f"{work.orbits.count} orbits of signed cells, more than {_MAX_ORBITS}")
    return assembled(work, batches(work, 1, None))


def _spurious(problem: Problem, point: Parameters, lower: Parameters) -> tuple[Certificate, ...]:
    """The certificate that a point is a spurious local minimum, where `decide` gives one."""
    found = spurious_certificate(problem, decide(problem, point).certificate, lower)
    return () if found is None else (found,)


CLAIMS: dict[str, Claim] = {
    one.key: one
    for one in (
        _minima_in_a_cell_are_global,
        _minima_in_a_cell_are_connected,
        _spurious_minima_imply_spurious_valleys,
        _a_unit_removes_spurious_valleys,
        _no_bad_saddles,
    )
}
"""The ready-made claims by key; all of them fail."""
