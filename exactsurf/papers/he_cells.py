"""He, Wang and Tao (2020): what holds in one cell, tested on a given cell. Connectedness is in `he_valleys`.

Each property is a theorem about a point: the cell in question is the one that holds it.
"""

from __future__ import annotations

from exactsurf.cells.activation_pattern import activation_pattern
from exactsurf.cells.cell import cell_of
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.minima.decide import decide
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rules.paths import check_paths
from exactsurf.model.activation import relu
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem
from exactsurf.surface.minimum_classes import quotient_in_cell
from exactsurf.theorems.data_conditions import short
from exactsurf.theorems.hypotheses import IN_OPEN_CELL, SOME_HIDDEN_LAYER
from exactsurf.theorems.network_conditions import (
    differentiable_loss,
    hidden_layers,
    one_output,
    strictly_convex_loss,
)
from exactsurf.theorems.outcome import nothing_claimed
from exactsurf.theorems.point_conditions import local_minimum
from exactsurf.theorems.references import HE_2020
from exactsurf.theorems.theorem import Check, Hypothesis, SharpnessExample, Theorem

_ABOUT_A_CELL = "the conclusion is about the cell of the point: on a wall it claims nothing"
OPEN_CELL = IN_OPEN_CELL


def _is_multilinear(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    assert parameters is not None
    if not activation_pattern(problem, parameters).is_interior:
        return Verdict(Status.UNDECIDED, "the point lies on a wall, in no cell")
    cell = cell_of(problem, parameters)
    if cell.is_multilinear_by_layer():
        degree = max((f.total_degree for row in cell.outputs for f in row), default=0)
        return Verdict(Status.PROVED, f"every output has degree ≤ 1 in the weights of every layer (total degree {degree})")
    return Verdict(Status.REFUTED, "some output has a higher degree in the weights of one layer")


multilinear_partition = Theorem(
    key="he_2020.multilinear_partition",
    title="In every cell the outputs are multilinear in the layers",
    statement=(
        r"The loss surface of a network with piecewise linear activations is cut by non-differentiable boundaries into smooth "
        r"and multilinear cells."
    ),
    reference=HE_2020,
    hypotheses=(SOME_HIDDEN_LAYER, OPEN_CELL),
    conclude=_is_multilinear,
    without_example=(("cell", _ABOUT_A_CELL),),
    remarks=(
        "It is the outputs that are multilinear in the layers; the risk is a convex function of them. A wall need not be "
        "non-differentiable (an output weight may be 0)."
    ),
)


def decide_in_cell(problem: Problem, parameters: Parameters | None, other: Parameters | None) -> Verdict:
    """Whether a point, if it is a local minimum, is global in its open cell; `other` may be a lower point of the cell."""
    assert parameters is not None
    if not activation_pattern(problem, parameters).is_interior:
        return Verdict(Status.UNDECIDED, "the point lies on a wall, in no cell")
    verdict = decide(problem, parameters)
    if verdict.status is Status.REFUTED:
        return nothing_claimed(verdict, f"nothing is claimed about this point: {verdict.reason}")
    risk = problem.rational_risk(parameters)
    if other is not None and cell_of(problem, parameters).contains(other) and problem.rational_risk(other) < risk:
        reason = f"a local minimum of risk {short(risk)}, and the same cell has risk {short(problem.rational_risk(other))}"
        if verdict.status is Status.PROVED:
            return Verdict(Status.REFUTED, reason, verdict.certificate, other, risk)
    try:
        paths = check_paths(Point(problem, parameters))
    except UnsupportedError as error:
        paths = NotProved(str(error))
    if isinstance(paths, NotProved):
        open_question = f"whether it is global in its cell is open ({paths.reason})"
        return Verdict(Status.UNDECIDED, f"{verdict.reason}; {open_question}", risk=risk)
    reason = "the frozen risk Σ r_i·f_i is constant on the cell, and the risk is at least its value here plus that difference"
    return Verdict(Status.PROVED, f"global in its cell: {reason}", verdict.certificate, risk=risk)


def _global_examples() -> tuple[SharpnessExample, ...]:
    columns = [[1, "4/5", 0], [1, "-4/5", 0], [1, 1, "3/5"], [1, 1, "-3/5"]]
    identity = [[int(i == j) for j in range(4)] for i in range(4)]
    three = Problem(Network([4, 2, 3], biases=False), Data.from_arrays(identity, columns))
    low_rank = three.parameters(W1=[[1, 1, 1, 1], [-1, -1, 1, 1]], W2=[[1, 0], [0, 1], [0, 0]])
    lower = three.parameters(
        W1=[["64/85", "64/765", "64/65", "16/65"], [-1, -1, "1/65", "49/65"]], W2=[[1, 1], [1, 1], ["5/8", -1]]
    )
    kinked = Problem(Network([2, 1, 1], biases=False), Data.from_arrays([[1, 0], [2, 0], [1, 1]], [0, 0, 1]), "absolute")
    # Two groups of samples, below and above the kink of the second unit, compete for the one direction of the first layer.
    plane = Data.from_arrays([[2, 2], [2, 3], [0, 2], [7, 8], [9, 7], [9, 8]], [3, 11, 7, 1, -1, -4])
    deep = Problem(Network([2, 1, 2, 1], biases=[False, True, False]), plane)
    first = deep.parameters(W1=[[1, 2]], W2=[[1], [1]], b2=[1, -15], W3=[[1, -3]])
    second = deep.parameters(W1=[[1, 10]], W2=[["1/2"], [1]], b2=["-19/4", -33], W3=[[1, "-3/4"]])
    flat, steep = kinked.parameters(W1=[[1, 0]], W2=[[0]]), kinked.parameters(W1=[["1/100", "99/100"]], W2=[[1]])
    return (
        SharpnessExample("depth", "two hidden layers: risk 13, and 207/16 in the same cell", deep, first, second),
        SharpnessExample("d_y", "three outputs share two units: the best in one rank is no best", three, low_rank, lower),
        SharpnessExample("loss", "absolute loss: output weight 0 pins a point of risk 1", kinked, flat, steep),
    )


global_in_the_cell = Theorem(
    key="he_2020.global_in_the_cell",
    title="Local minima in a cell are global in the cell (one hidden layer)",
    statement=(
        r"For one-hidden-layer networks with one output and a convex differentiable loss, every local minimum in an open cell "
        r"is a global minimum of the risk in that cell."
    ),
    reference=HE_2020,
    hypotheses=(
        Hypothesis("depth", "one hidden layer", hidden_layers(1, 1)),
        Hypothesis("d_y", "one output", one_output),
        Hypothesis("loss", "a convex and differentiable loss", differentiable_loss),
        OPEN_CELL,
    ),
    conclude=decide_in_cell,
    examples=_global_examples,
    without_example=(("cell", _ABOUT_A_CELL),),
    remarks=(
        "The abstract says it for one-hidden-layer networks without the words 'one output' and 'differentiable'; both are needed "
        "(proofs/theory.md, section 8). The proof is by product variables p = v w, in which the risk of the cell is convex."
    ),
)


def _same_predictions(problem: Problem, parameters: Parameters | None, other: Parameters | None) -> Verdict:
    assert parameters is not None
    if not activation_pattern(problem, parameters).is_interior:
        return Verdict(Status.UNDECIDED, "the point lies on a wall, in no cell")
    if other is None:
        return _is_one_class(problem, parameters)
    if not cell_of(problem, parameters).contains(other):
        return Verdict(Status.UNDECIDED, "the other point lies in another cell")
    certificate = None
    for point in (other, parameters):
        holds, witness, data = local_minimum(problem, point)
        certificate = data[0].certificate
        if not holds:
            unmet = Verdict(Status.UNDECIDED, f"nothing is claimed: {witness}")
            return unmet if holds is None else nothing_claimed(unmet, unmet.reason)
    first, second = (problem.forward(point).outputs for point in (parameters, other))
    for k, (f, g) in enumerate(zip(first, second, strict=True)):
        for i in range(len(f)):
            if f[i] != g[i]:
                reason = f"output {k} on sample {i} is {short(f[i])} at one and {short(g[i])} at the other"
                return Verdict(Status.REFUTED, reason, certificate, risk=problem.rational_risk(parameters))
    return Verdict(Status.PROVED, "both have the same predictions, hence the same residuals and the same risk", certificate)


def _is_one_class(problem: Problem, parameters: Parameters) -> Verdict:
    """The conclusion for all local minima of the cell at once."""
    if problem.network.layers != 2 or problem.network.widths[-1] != 1:
        return Verdict(Status.UNDECIDED, "decided for a whole cell with one hidden layer and one output; give two points")
    if problem.is_least_squares:
        try:
            space = quotient_in_cell(problem, cell_of(problem, parameters))
        except InputError as error:  # no sample has a wall: all inputs are zero, and there is no bias
            return Verdict(Status.UNDECIDED, str(error))
        if not space.classes:
            nothing = Verdict(Status.UNDECIDED, "", risk=problem.rational_risk(parameters))
            return nothing_claimed(nothing, "the cell has no local minimum: its least squares predictions are not reached in it")
        first = decide(problem, space.classes[0].parameters)
        parts = "one component" if space.number == 1 else f"{space.number} components"
        reason = f"all local minima of the cell have the predictions of risk {short(space.risks[0])}; they form {parts}"
        if first.status is not Status.PROVED:
            return Verdict(Status.UNDECIDED, f"{reason}, but no rule certifies one ({first.reason})", risk=first.risk)
        return Verdict(Status.PROVED, reason, first.certificate, risk=first.risk)
    if not strictly_convex_loss(problem)[0]:
        return Verdict(Status.UNDECIDED, f"minimisers may differ in their predictions for {problem.loss!r}; give two points")
    verdict = decide(problem, parameters)
    if verdict.status is not Status.PROVED:
        return Verdict(Status.UNDECIDED, f"no local minimum of the cell is known ({verdict.reason})", risk=verdict.risk)
    reason = "the point is a local minimum, and the risk of the cell is strictly convex in the predictions"
    return Verdict(Status.PROVED, reason, verdict.certificate, risk=verdict.risk)


def _class_examples() -> tuple[SharpnessExample, ...]:
    # Two samples at one input: between its targets the absolute loss is flat, so the predictions are free.
    data = Data.from_arrays([0, 0, 1], [0, 1, 0])
    problem = Problem(Network([1, 1, 1]), data, "absolute")
    first = problem.parameters(W1=[[0]], b1=[1], W2=[[0]], b2=[0])
    second = problem.parameters(W1=[[-1]], b1=[2], W2=[["1/2"]], b2=["-1/2"])
    plane = [[2, 1], [1, 2], [1, 4], [4, 3], [1, 4], [11, 12], [11, 9], [9, 11], [11, 11], [9, 11]]
    targets = [7, 39, 121, 107, 121, -45, -51, 49, -47, 49]
    deep = Problem(Network([2, 1, 2, 1], biases=[False, True, False]), Data.from_arrays(plane, targets))
    one = deep.parameters(W1=[[2, 1]], W2=[[2], [1]], b2=[3, -20], W3=[[5, -30]])
    two = deep.parameters(W1=[[3, 1]], W2=[[1], [1]], b2=["38/5", "-287/10"], W3=[[5, -20]])
    return (
        SharpnessExample("depth", "two hidden layers: minima of risk 5544 with different predictions", deep, one, two),
        SharpnessExample("loss", "absolute loss: minima with different predictions", problem, first, second),
    )


equivalence_classes = Theorem(
    key="he_2020.equivalence_classes",
    title="All local minima in a cell have the same predictions (one hidden layer)",
    statement=(
        r"For one-hidden-layer networks with one output and a strictly convex differentiable loss, all local minima in one "
        r"open cell have the same predictions: they are one equivalence class."
    ),
    reference=HE_2020,
    hypotheses=(
        Hypothesis("depth", "one hidden layer", hidden_layers(1, 1)),
        Hypothesis("d_y", "one output", one_output),
        Hypothesis("loss", "a strictly convex and differentiable loss", strictly_convex_loss),
        OPEN_CELL,
    ),
    conclude=_same_predictions,
    examples=_class_examples,
    without_example=(
        ("d_y", "none is certified: where the best rank is not unique, a family of minima is more than the rules can prove"),
        ("cell", _ABOUT_A_CELL),
    ),
    remarks=(
        "Equivalence in the sense of equal residuals; for equivalence by paths see he_2020.one_valley. Without a second point "
        "all local minima of the cell are decided at once; he_2020.quotient_in_cell and quotient_of_surface give the quotient "
        "space by paths as an object: classes, their number and dimensions."
    ),
)


def _is_one_cell(problem: Problem, _: Parameters | None, __: Parameters | None) -> Verdict:
    count = len(problem.network.activation.breakpoints)
    if count == 0:
        return Verdict(Status.PROVED, "the activation has no breakpoint, so no wall: the parameter space is one cell")
    biased = problem.network.biases[0]
    if not biased and not any(map(any, problem.data.x)):
        return Verdict(Status.UNDECIDED, "every input is zero and layer 1 has no bias, so no wall comes from layer 1")
    return Verdict(Status.REFUTED, f"{count} breakpoints cut the parameter space: some unit of layer 1 changes its piece")


def _is_linear(problem: Problem) -> Check:
    h = problem.network.activation
    return h.is_linear, f"{len(h.breakpoints)} breakpoints", h.breakpoints


def _linear_examples() -> tuple[SharpnessExample, ...]:
    problem = Problem(Network([1, 1, 1], relu), Data.from_arrays([0, 1], [0, 1]))
    return (SharpnessExample("linear", "one ReLU unit has two cells and more", problem),)


linear_collapse = Theorem(
    key="he_2020.linear_collapse",
    title="A linear activation has one cell",
    statement=r"If the activation is linear, the partition of the loss surface collapses to one single cell.",
    reference=HE_2020,
    hypotheses=(
        Hypothesis("linear", "the activation has no breakpoint", _is_linear),
        SOME_HIDDEN_LAYER,
    ),
    conclude=_is_one_cell,
    examples=_linear_examples,
)
