"""Haeffele and Vidal, "Global Optimality in Neural Network Training", CVPR 2017: a local minimum with a zero unit is global."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.exact.scaled_vector import ScaledVector
from exactsurf.minima.decide import decide
from exactsurf.minima.local.local_form import local_form
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.data_conditions import short
from exactsurf.theorems.hypotheses import DIFFERENTIABLE_LOSS, HOMOGENEOUS, LOCAL_MINIMUM, ONE_HIDDEN_LAYER, REGULARISED
from exactsurf.theorems.network_conditions import differentiable_loss, everything_is_penalised, hidden_layers, homogeneous
from exactsurf.theorems.point_conditions import about_no_minimum, certified_global
from exactsurf.theorems.polar_condition import polar_certificate
from exactsurf.theorems.references import HAEFFELE_2017
from exactsurf.theorems.theorem import ABOUT_LOCAL_MINIMA, Check, PointHypothesis, SharpnessExample, Theorem


def _zero_unit(problem: Problem, parameters: Parameters) -> Check:
    if problem.network.layers != 2:
        return None, "the network has not one hidden layer", ()
    first, second = parameters.weights
    shifts = parameters.biases[0] or (Fraction(0),) * len(first)
    for j, (row, shift) in enumerate(zip(first, shifts, strict=True)):
        if not any(row) and not shift and not any(outer[j] for outer in second):
            return True, f"all weights of unit {j} are zero", (j,)
    return False, "no unit has all its weights zero", ()


def is_polar(problem: Problem, parameters: Parameters) -> Check:
    """The polar condition: Σ_i r_i h(w·x̃_i) = 0 for every w (and Σ r_i = 0 with an output bias), so no unit lowers the risk.

    Parameters: `problem` with one hidden layer, an activation with h(cz) = c h(z) for c > 0 and a differentiable loss;
    `parameters`. Exactness: exact: a linear part and one number per class of proportional samples must vanish.
    Raises: `ShapeError`. Source: proofs/haeffele_2017.
    """
    outputs = problem.forward(parameters).outputs
    origin = ScaledVector((0,) * len(problem.data), 1)
    for k, (r, _) in enumerate(problem.subdifferentials(outputs)):
        if problem.network.biases[1] and r.sum():
            return False, f"the derivatives at output {k} sum to {short(r.sum())}", (k, r.sum())
        form = local_form(problem, origin, r)
        if not form.is_zero:
            return False, f"Σ r_i h(w·x̃_i) is not zero for every w (output {k})", (k, form)
    return True, "Σ r_i h(w·x̃_i) = 0 for every w", ()


def _conclude(problem: Problem, parameters: Parameters | None, other: Parameters | None) -> Verdict:
    assert parameters is not None
    for check in (hidden_layers(1, 1), homogeneous, differentiable_loss):
        holds, witness, _ = check(problem)
        if not holds:
            return Verdict(Status.UNDECIDED, witness)
    holds, witness, _ = is_polar(problem, parameters)
    if holds:
        return certified_global(problem, parameters, f"{witness}; by convexity no network of any width has a lower risk")
    return _unless_lower(problem, parameters, other, witness)


def _unless_lower(problem: Problem, parameters: Parameters, other: Parameters | None, why: str) -> Verdict:
    """What is to be said where the polar condition fails: a local minimum with a lower point refutes."""
    verdict, risk = decide(problem, parameters), problem.rational_risk(parameters)
    if verdict.status is Status.REFUTED:
        return about_no_minimum(verdict)
    if verdict.status is Status.PROVED and other is not None and problem.rational_risk(other) < risk:
        reason = f"a local minimum of risk {short(risk)}, and another point has risk {short(problem.rational_risk(other))}"
        return Verdict(Status.REFUTED, reason, verdict.certificate, other, risk)
    return Verdict(Status.UNDECIDED, f"{why}; {verdict.reason}", risk=risk)


def _conclude_with_decay(problem: Problem, parameters: Parameters | None, other: Parameters | None) -> Verdict:
    assert parameters is not None
    for check in (hidden_layers(1, 1), homogeneous, differentiable_loss, everything_is_penalised):
        holds, witness, _ = check(problem)
        if not holds:
            return Verdict(Status.UNDECIDED, witness)
    found = polar_certificate(problem, parameters)
    if isinstance(found, NotProved):
        return _unless_lower(problem, parameters, other, found.reason)
    reason = "a global minimum: |Σ r_i h(w·x̃_i)| ≤ λ|w| for every w; by convexity no network of any width has a lower risk"
    return Verdict(Status.PROVED, reason, found, risk=found.risk)


def _examples() -> tuple[SharpnessExample, ...]:
    problem = Problem(Network([1, 2, 1]), Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    spurious = problem.parameters(W1=[["1/2"], [0]], b1=[1, 1], W2=[[1, 0]], b2=[-1])
    lower = problem.parameters(W1=[["1/2"], ["-1/2"]], b1=["-7/8", "5/8"], W2=[[1, -1]], b2=["3/4"])
    return (SharpnessExample("zero unit", "a spurious local minimum: its idle unit is not zero", problem, spurious, lower),)


def _examples_with_decay() -> tuple[SharpnessExample, ...]:
    problem = Problem(Network([1, 1, 1], biases=False), Data.from_arrays([1, -1], [2, 5]), weight_decay=1)
    spurious = problem.parameters(W1=[[1]], W2=[[1]])
    lower = problem.parameters(W1=[[-2]], W2=[[2]])
    return (SharpnessExample("zero unit", "the only unit fits the smaller of two targets", problem, spurious, lower),)


zero_unit = Theorem(
    key="haeffele_2017.zero_unit",
    title="A local minimum with a zero unit is global",
    statement=(
        r"For a sum of positively homogeneous units of the same degree and a convex, once differentiable loss (here without "
        r"regulariser), a local minimum at which all weights of one unit are zero is a global minimum."
    ),
    reference=HAEFFELE_2017,
    hypotheses=(
        ONE_HIDDEN_LAYER,
        HOMOGENEOUS,
        DIFFERENTIABLE_LOSS,
        PointHypothesis("zero unit", "all weights of some unit are zero", _zero_unit),
        LOCAL_MINIMUM,
    ),
    conclude=_conclude,
    without_example=(("minimum", ABOUT_LOCAL_MINIMA),),
    examples=_examples,
    remarks=(
        "The paper has a regulariser λΘ, for which see haeffele_2017.zero_unit_with_decay; here there is none, and for such "
        "problems the statement is proved in proofs/haeffele_2017. The conclusion is decided at any point by the polar "
        "condition, without the hypotheses."
    ),
)

zero_unit_with_decay = Theorem(
    key="haeffele_2017.zero_unit_with_decay",
    title="With weight decay a local minimum with a zero unit is global",
    statement=(
        r"For a sum of positively homogeneous units, a regulariser $\lambda\Theta$ that is a sum of positively homogeneous terms "
        r"of the same degree, one for each unit, and a convex, once differentiable loss, a local minimum at which all weights of "
        r"one unit are zero is a global minimum."
    ),
    reference=HAEFFELE_2017,
    hypotheses=(
        ONE_HIDDEN_LAYER,
        HOMOGENEOUS,
        REGULARISED,
        DIFFERENTIABLE_LOSS,
        PointHypothesis("zero unit", "all weights of some unit are zero", _zero_unit),
        LOCAL_MINIMUM,
    ),
    conclude=_conclude_with_decay,
    without_example=(("minimum", ABOUT_LOCAL_MINIMA),),
    examples=_examples_with_decay,
    remarks=(
        "The units v h(w·x̃) and the regulariser (λ/2)(v² + |w|²) have the degree 2. An output bias is allowed, penalised or not. "
        "The conclusion is decided at any point by the polar condition; the certificate is that of a global minimum."
    ),
    has_decay=True,
)
