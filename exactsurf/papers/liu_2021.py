"""Liu, "Understanding the Loss Landscape of One-hidden-layer ReLU Networks", 2021: all differentiable minima of a region."""

from __future__ import annotations

from dataclasses import dataclass

from exactsurf.certificate.encoding import counted
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import HypothesisError, InputError
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.papers.he_cells import decide_in_cell
from exactsurf.surface.minimum_classes import QuotientSpace, quotient_in_cell
from exactsurf.theorems.data_conditions import short
from exactsurf.theorems.hypotheses import IN_OPEN_CELL, ONE_HIDDEN_LAYER, ONE_OUTPUT, SQUARED_LOSS
from exactsurf.theorems.network_conditions import hidden_layers, one_output, squared_loss
from exactsurf.theorems.outcome import nothing_claimed
from exactsurf.theorems.point_conditions import in_open_cell
from exactsurf.theorems.references import LIU_2021
from exactsurf.theorems.theorem import Theorem


@dataclass(frozen=True)
class RegionMinima:
    """The local minima of the risk in one differentiable region, an open cell of one hidden layer.

    Attributes: `classes`, their connected components as a `QuotientSpace`, none if the region has no local minimum;
    `dimension` of the largest, in the variables v w of the units and the output bias: 0 if every local minimum is an isolated
    point up to the scale of its units, more if they form pieces of hyperplanes; None if there is none.
    Exactness: exact. Source: Liu 2021; theory.md, section 4.
    """

    classes: QuotientSpace
    dimension: int | None

    def __repr__(self) -> str:
        return f"RegionMinima({self.classes!r}, dimension {self.dimension})"


def region_minima(problem: Problem, parameters: Parameters) -> RegionMinima:
    """All local minima of the open cell that holds a point.

    Parameters: a `problem` with one hidden layer, one output and squared loss; `parameters` in an open cell.
    Exactness: exact: the least squares solutions in the variables v w, cut with the cell. Raises: `HypothesisError` on a wall,
    `ShapeError`, `UnsupportedError` for other problems. Source: Liu 2021; theory.md, section 4.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    >>> es.papers.liu_2021.region_minima(problem, problem.parameters(W1=[[1]], b1=[1], W2=[[1]], b2=[0]))
    RegionMinima(QuotientSpace(2 classes of local minima in a cell, at risk 3/4), dimension 1)
    """
    inside, witness, _ = in_open_cell(problem, parameters)
    if not inside:
        raise HypothesisError("cell", witness, "move the point off the wall")
    space = quotient_in_cell(problem, problem.cell(parameters))
    return RegionMinima(space, max((one.dimension for one in space.classes), default=None))


def _conclude(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    assert parameters is not None
    for check in (hidden_layers(1, 1), one_output, squared_loss):
        holds, witness, _data = check(problem)
        if not holds:
            return Verdict(Status.UNDECIDED, witness)
    if not in_open_cell(problem, parameters)[0]:
        return Verdict(Status.UNDECIDED, "the point lies on a wall, in no region")
    try:
        found = region_minima(problem, parameters)
    except InputError as error:  # no sample has a wall
        return Verdict(Status.UNDECIDED, str(error))
    if not found.classes.classes:
        nothing = Verdict(Status.UNDECIDED, "", risk=problem.rational_risk(parameters))
        return nothing_claimed(nothing, "the region has no local minimum: its least squares solutions lie outside")
    global_in_it = decide_in_cell(problem, found.classes.classes[0].parameters, None)
    if global_in_it.status is not Status.PROVED:
        return global_in_it
    shape = "isolated up to the scale of the units" if not found.dimension else f"of dimension {found.dimension} in v w"
    risk = found.classes.risks[0]
    told = f"{counted(found.classes.number, 'component')} of local minima of risk {short(risk)}, {shape}"
    return Verdict(Status.PROVED, f"{told}; {global_in_it.reason}", global_in_it.certificate, risk=risk)


differentiable_minima = Theorem(
    key="liu_2021.differentiable_minima",
    title="Differentiable local minima are global in their region, and isolated or pieces of hyperplanes",
    statement=(
        r"One hidden layer of ReLU units, one output, the squared loss. Inside a region in which the risk is differentiable all "
        r"local minima are global in the region; they exist if and only if the region holds a solution of the least squares "
        r"problem of its activation pattern, and are isolated points or continuous pieces of hyperplanes."
    ),
    reference=LIU_2021,
    hypotheses=(ONE_HIDDEN_LAYER, ONE_OUTPUT, SQUARED_LOSS, IN_OPEN_CELL),
    construct=region_minima,
    conclude=_conclude,
    without_example=(("cell", "the conclusion is about the region of the point: on a wall it claims nothing"),),
    remarks=(
        "Decided for the region of the given point and every piecewise linear activation, all minima of it at once. "
        "Isolated and of which dimension is said in the variables v w: in the parameters every unit has its scale besides."
    ),
)
