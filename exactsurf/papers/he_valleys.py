"""He, Wang and Tao (2020): are the local minima of a cell connected? Only those with one sign vector of output weights are."""

from __future__ import annotations

from exactsurf.cells.activation_pattern import activation_pattern
from exactsurf.cells.cell import cell_of
from exactsurf.certificate.claims.point import NOT_A_LOCAL_MINIMUM
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.model.activation import leaky_relu
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.papers.he_cells import OPEN_CELL, decide_in_cell
from exactsurf.surface.in_cell_components import in_cell_components
from exactsurf.theorems.data_conditions import distinct_inputs, not_affine
from exactsurf.theorems.hypotheses import ONE_HIDDEN_LAYER, ONE_OUTPUT, STRICTLY_CONVEX_LOSS
from exactsurf.theorems.network_conditions import wider_than_output
from exactsurf.theorems.references import HE_2020
from exactsurf.theorems.theorem import Check, Hypothesis, PointHypothesis, SharpnessExample, Theorem

_SHOWN, _MAX_WORK = 6, 20_000


def _is_in_cell_minimum(problem: Problem, parameters: Parameters) -> Check:
    if not activation_pattern(problem, parameters).is_interior:
        return None, "the point lies on a wall", ()
    verdict = decide_in_cell(problem, parameters, None)
    return _is_minimiser(verdict), verdict.reason, ()


def _is_minimiser(verdict: Verdict) -> bool | None:
    """Whether `decide_in_cell` has shown that the point is a minimiser of its cell."""
    if verdict.status is not Status.PROVED or verdict.certificate is None:
        return None
    return verdict.certificate.kind != NOT_A_LOCAL_MINIMUM


def _is_connected(problem: Problem, parameters: Parameters | None, other: Parameters | None) -> Verdict:
    assert parameters is not None
    if not problem.is_least_squares:
        return Verdict(Status.UNDECIDED, "the minimisers of a loss that is not strictly convex differ in their predictions")
    try:
        minimum = decide_in_cell(problem, parameters, None)
        if not _is_minimiser(minimum):
            return Verdict(Status.UNDECIDED, f"the point is not known to be a minimiser of its cell: {minimum.reason}")
        work = 3 ** problem.network.widths[1] * len(problem.data)
        if work > _MAX_WORK:
            return Verdict(Status.UNDECIDED, "too many sign vectors and samples; ask in_cell_components(problem, cell)")
        cell = cell_of(problem, parameters)
        components = [component.signs for component in in_cell_components(problem, cell).components]
    except (UnsupportedError, InputError) as error:
        return Verdict(Status.UNDECIDED, str(error))
    risk = problem.rational_risk(parameters)
    if other is not None:
        if not cell.contains(other) or problem.rational_risk(other) != risk:
            return Verdict(Status.UNDECIDED, "the other point is not a minimiser of the same cell")
        if any(_output_signs(parameters) in signs and _output_signs(other) in signs for signs in components):
            reason = "both points lie in one component of the minimisers of the cell"
            return Verdict(Status.PROVED, reason, minimum.certificate, risk=risk)
        reason = f"the two points lie in different components, of {len(components)}, of the minimisers of their cell"
        return Verdict(Status.REFUTED, reason, minimum.certificate, risk=risk)
    parts = "; ".join(map(_component_text, components))
    if len(components) == 1:
        reason = f"the minimisers of the cell are connected (signs of output weights: {parts})"
        return Verdict(Status.PROVED, reason, minimum.certificate, risk=risk)
    reason = f"the minimisers of the cell have {len(components)} components (signs of output weights: {parts})"
    return Verdict(Status.REFUTED, reason, minimum.certificate, risk=risk)


def _output_signs(parameters: Parameters) -> tuple[int, ...]:
    return tuple((v > 0) - (v < 0) for v in parameters.weights[1][0])


def _component_text(component: tuple[tuple[int, ...], ...]) -> str:
    if len(component) > _SHOWN:
        return f"{len(component)} of them"
    return " ".join(map(_signs_text, sorted(component)))


def _signs_text(signs: tuple[int, ...]) -> str:
    return "(" + "".join("0+-"[s] for s in signs) + ")"


def _valley_examples() -> tuple[SharpnessExample, ...]:
    axes = Problem(Network([2, 2, 1], biases=False), Data.from_arrays([[1, 0], [0, 1]], [1, -1]))
    curve = Problem(Network([1, 2, 1]), Data.from_arrays([0, 1, 2, 3], [0, 1, 3, 6]))
    misfit = Problem(Network([1, 2, 1]), Data.from_arrays([0, 1, 2, 3, 4, 5], [1, -1, 3, 5, 5, 11]))
    twice = Problem(Network([1, 2, 1]), Data.from_arrays([0, 1, 2, 3, 0], [0, 1, 3, 6, 0]))
    single = Problem(Network([1, 1, 1], leaky_relu("1/2")), Data.from_arrays([1, -1, 0], [1, 0, 0]))
    return (
        SharpnessExample(
            "A2",
            "the first counterexample, with a sample given twice",
            twice,
            twice.parameters(W1=[[1], [2]], b1=[1, -3], W2=[[1, 1]], b2=[-1]),
            twice.parameters(W1=[[-1], [2]], b1=[4, -3], W2=[[-1, 1]], b2=[4]),
        ),
        SharpnessExample(
            "A3",
            "one unit, all samples on one piece: its output weight may have either sign",
            single,
            single.parameters(W1=[[1]], b1=[-3], W2=[[1]], b2=["11/6"]),
        ),
        SharpnessExample(
            "A1",
            "two samples, two units: each of them must take one sign",
            axes,
            axes.parameters(W1=[[2, 1], [1, 2]], W2=[[1, -1]]),
            axes.parameters(W1=[[1, 2], [2, 1]], W2=[[-1, 1]]),
        ),
        SharpnessExample(
            None,
            "with biases, not affine: the slope of unit 1 fixes the sign of its output weight up to reflection",
            curve,
            curve.parameters(W1=[[1], [2]], b1=[1, -3], W2=[[1, 1]], b2=[-1]),
            curve.parameters(W1=[[-1], [2]], b1=[4, -3], W2=[[-1, 1]], b2=[4]),
        ),
        SharpnessExample(
            None,
            "the same with risk 6",
            misfit,
            misfit.parameters(W1=[[1], [2]], b1=[1, -5], W2=[[1, 1]], b2=[-1]),
            misfit.parameters(W1=[[-1], [2]], b1=[6, -5], W2=[[-1, 1]], b2=[6]),
        ),
    )


one_valley = Theorem(
    key="he_2020.one_valley",
    title="Local minima in a cell are concentrated in one valley (one hidden layer): refuted as worded",
    statement=(
        r"For one-hidden-layer networks all local minima in a cell are concentrated in a valley: any two of them are connected "
        r"by a continuous path of constant risk. (False as worded. True: those with the same signs of the output weights are.)"
    ),
    reference=HE_2020,
    hypotheses=(
        Hypothesis("A1", "no affine model fits the data exactly", not_affine),
        Hypothesis("A2", "the inputs are distinct", distinct_inputs),
        Hypothesis("A3", "every hidden layer is wider than the output layer", wider_than_output),
        ONE_HIDDEN_LAYER,
        ONE_OUTPUT,
        STRICTLY_CONVEX_LOSS,
        OPEN_CELL,
        PointHypothesis("minimum", "the point is a minimiser of its cell", _is_in_cell_minimum),
    ),
    conclude=_is_connected,
    examples=_valley_examples,
    without_example=(
        ("cell", "the conclusion is about the cell of the point"),
        ("minimum", "the conclusion is about minimisers of a cell: at other points it claims nothing"),
    ),
    remarks=(
        "Decided by 3^(d_1) linear systems: a sign vector of the output weights has a minimiser in the cell, or "
        "multipliers that exclude it. The members of the construction in he_2020.infinitely_many are connected."
    ),
)
