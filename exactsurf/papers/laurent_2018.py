"""Laurent and von Brecht, ICML 2018: "The Multilinear Structure of ReLU Networks" and "Deep Linear Networks with Arbitrary Loss".

The statements on hinge loss are those proved in proofs/laurent_2018; of the first paper the abstracts were read, so its
theorem numbers are not used. What is here on several classes (an exact penalty) is ours; only a summary of theirs was read.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.exact.strict_system import MotzkinMultipliers
from exactsurf.minima.decide import decide
from exactsurf.minima.local.coordinate_vector import dimension
from exactsurf.minima.local.directional import directional_derivative
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rules.paths import check_paths
from exactsurf.model.activation import leaky_relu, linear, relu
from exactsurf.model.data import Data
from exactsurf.model.losses import absolute, hinge, huber
from exactsurf.model.network import Network
from exactsurf.model.parameter_vector import parameters_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem
from exactsurf.papers.laurent_classes import ClassCopies, CopiesDecision, class_copies, decide_copies
from exactsurf.papers.laurent_scenarios import (
    HingeClass,
    best_linear_point,
    classify_hinge_minimum,
    construct_dead,
    linear_hinge,
    relu_separable,
)
from exactsurf.theorems.arguments import check_problem
from exactsurf.theorems.constructions.descent_lines import not_a_local_minimum
from exactsurf.theorems.constructions.linear_network import linear_without_biases, product_gradient
from exactsurf.theorems.data_conditions import separating_hyperplane, short, two_classes
from exactsurf.theorems.hypotheses import (
    BALANCED_CLASSES,
    BIASES_EVERYWHERE,
    DEEP_LINEAR,
    HINGE_LOSS,
    HOMOGENEOUS,
    LOCAL_MINIMUM,
    ONE_HIDDEN_LAYER,
    SEPARABLE,
    WIDTHS_AT_LEAST_THE_ENDS,
)
from exactsurf.theorems.network_conditions import (
    differentiable_loss,
    leaky_relu_like,
)
from exactsurf.theorems.point_conditions import (
    about_no_minimum,
    certified_global,
    in_open_cell,
    no_kink_of_the_loss,
)
from exactsurf.theorems.references import LAURENT_2018, LAURENT_2018_LINEAR
from exactsurf.theorems.theorem import ABOUT_LOCAL_MINIMA, Check, Hypothesis, PointHypothesis, SharpnessExample, Theorem

__all__ = [
    "ClassCopies",
    "CopiesDecision",
    "HingeClass",
    "best_linear_point",
    "class_copies",
    "classify_hinge_minimum",
    "construct_dead",
    "decide_copies",
    "deep_linear",
    "flat_minima",
    "leaky_separable",
    "linear_hinge",
    "relu_separable",
    "zero_risk_point",
]


def _in_signed_cell(problem: Problem, parameters: Parameters) -> Check:
    for check in (in_open_cell, no_kink_of_the_loss):
        holds, witness, data = check(problem, parameters)
        if not holds:
            return holds, witness, data
    return True, "no unit sits on a breakpoint, no margin is 1", ()


def _is_flat_or_no_minimum(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    """Path coefficients zero, and the risk is the weight of the active samples; or the point is no local minimum."""
    assert parameters is not None
    holds, witness, _data = _in_signed_cell(problem, parameters)
    if not problem.loss.is_hinge:
        return Verdict(Status.UNDECIDED, f"the loss is {problem.loss!r}")
    if not holds:
        return _is_sharp(problem, parameters, witness)
    point = Point(problem, parameters)
    paths = check_paths(point)
    verdict, risk = not_a_local_minimum(problem, parameters), point.risk
    if not isinstance(paths, NotProved):
        # Away from the kinks a term of the loss is active where its derivative is not zero.
        slopes = [slope.numerators for slope, _ in point.term_slopes]
        active = sum(bool(n) for numerators in slopes for n in numerators)
        shares = (problem.shares[i] for numerators in slopes for i, n in enumerate(numerators) if n)
        weight = problem.loss.scale * sum(shares, Fraction(0))
        status = Status.PROVED if risk == weight and verdict.status is Status.PROVED else Status.REFUTED
        terms = "samples" if problem.right_outputs is None else "pairs of a sample and a wrong class"
        reason = (
            f"every path coefficient is zero, and the risk {short(risk)} is the weight of the {active} {terms} with margin < 1"
        )
        return Verdict(status, reason, verdict.certificate, risk=risk)
    if verdict.status is Status.REFUTED:
        reason = f"a path coefficient is not zero; {verdict.reason}"
        return Verdict(Status.PROVED, reason, verdict.certificate, verdict.lower_point, risk)
    if verdict.status is Status.PROVED:
        return Verdict(Status.REFUTED, "a local minimum with a path coefficient that is not zero", verdict.certificate, risk=risk)
    return Verdict(Status.UNDECIDED, f"a path coefficient is not zero, and no descent was found ({verdict.reason})", risk=risk)


def _is_sharp(problem: Problem, parameters: Parameters, witness: str) -> Verdict:
    """REFUTED for a local minimum from which the risk rises with slope: it is on a wall, and not flat."""
    verdict = decide(problem, parameters)
    if verdict.status is Status.PROVED:
        point = Point(problem, parameters)
        for axis in _axes(problem):
            slope = directional_derivative(point, axis)
            if slope > 0:
                reason = f"a local minimum that is not flat: along {axis} the risk rises with slope {short(slope)} ({witness})"
                return Verdict(Status.REFUTED, reason, verdict.certificate, risk=verdict.risk)
    return Verdict(Status.UNDECIDED, f"{witness}; {verdict.reason}", risk=verdict.risk)


def _axes(problem: Problem) -> Iterator[Parameters]:
    size = dimension(problem.network)
    for place in range(size):
        for sign in (1, -1):
            yield parameters_of(problem.network, [Fraction(sign * (k == place)) for k in range(size)])


def _flat_examples() -> tuple[SharpnessExample, ...]:
    (sharp,) = (example for example in _hinge_examples() if example.hypothesis == "balanced")
    title = "a sharp (type II) local minimum: two margins are 1, and the risk rises with the output bias"
    return (SharpnessExample("cell", title, sharp.problem, sharp.parameters),)


flat_minima = Theorem(
    key="laurent_2018.flat_minima",
    title="Hinge loss: a differentiable local minimum is flat (type I)",
    statement=(
        r"On a cell where the signs of all pre-activations and of all $1 - y_i \hat y_i$ are fixed, the hinge risk is a sum "
        r"of multilinear forms. A point of the cell is a local minimum if and only if every path coefficient is zero; then "
        r"the risk is constant on the cell and equals the weight of the samples with margin less than 1."
    ),
    reference=LAURENT_2018,
    hypotheses=(
        HINGE_LOSS,
        HOMOGENEOUS,
        PointHypothesis("cell", "no pre-activation and no 1 − y ŷ is zero", _in_signed_cell),
    ),
    conclude=_is_flat_or_no_minimum,
    examples=_flat_examples,
    remarks="Any depth. The path coefficients are the sums of the path test, so the verdict comes with a certificate.",
)


def zero_risk_point(problem: Problem) -> Parameters | None:
    """Parameters of hinge risk 0 for linearly separable data, one hidden layer, slopes s₊ > 0 and s₋ > 0; None otherwise.

    Exactness: exact. Raises: nothing. Source: papers.md, A1.5.
    """
    check_problem(problem)
    network = problem.network
    h, widths = network.activation, network.widths
    slopes = h.two_slopes or ((h.slopes[0], h.slopes[0]) if h.is_linear and h.value_at_0 == 0 else None)
    if slopes is None or min(slopes) <= 0 or network.layers != 2 or not all(network.biases) or not two_classes(problem)[0]:
        return None
    found = separating_hyperplane(problem.data)
    if isinstance(found, MotzkinMultipliers):
        return None
    zero, rest = Fraction(0), widths[1] - 1
    return Parameters(
        ((found[:-1], *((zero,) * widths[0],) * rest), ((1 / min(slopes), *(zero,) * rest),)),
        ((found[-1], *(zero,) * rest), (zero,)),
    )


def _is_global(problem: Problem, parameters: Parameters | None, other: Parameters | None) -> Verdict:
    """A local minimum of risk 0, or one above a lower point."""
    assert parameters is not None
    risk = problem.rational_risk(parameters)
    if risk == 0 and problem.loss.is_piecewise_quadratic and problem.loss.function.least >= 0:
        return certified_global(problem, parameters, "the risk is 0, and no loss is negative")
    verdict = decide(problem, parameters)
    if verdict.status is Status.REFUTED:
        return about_no_minimum(verdict)
    lower = other if other is not None and problem.rational_risk(other) < risk else zero_risk_point(problem)
    if lower is None or problem.rational_risk(lower) >= risk:
        return Verdict(Status.UNDECIDED, f"no point of lower risk is known ({verdict.reason})", risk=risk)
    if verdict.status is Status.PROVED:
        below = short(problem.rational_risk(lower))
        reason = f"a local minimum of risk {short(risk)}, and another point has risk {below}: {verdict.reason}"
        return Verdict(Status.REFUTED, reason, verdict.certificate, lower, risk)
    return Verdict(Status.UNDECIDED, verdict.reason, lower_point=lower, risk=risk)


def _hinge_examples() -> tuple[SharpnessExample, ...]:
    xor = Data.from_arrays([[1, 1], [-1, -1], [1, -1], [-1, 1]], [1, 1, -1, -1])
    two = Problem(Network([2, 2, 1], leaky_relu("1/2")), xor, hinge.mean)
    line = Problem(Network([1, 2, 1], relu), Data.from_arrays([1, -1, 10, -10], [1, -1, 1, -1]), hinge.mean)
    twice = Data.from_arrays([[-1, 1], [-1, 1], [1, 1], [1, 1], [0, -1]], [1, 1, 1, 1, -1])
    one = Problem(Network([2, 1, 1], leaky_relu("1/2")), twice, hinge.mean)
    return (
        SharpnessExample(
            "separable",
            "XOR: a flat local minimum of risk 1",
            two,
            two.parameters(W1=[["1/100", "2/100"], ["3/100", "-1/100"]], b1=[5, 5], W2=[["1/50", "-1/60"]], b2=[0]),
            two.parameters(W1=[[1, 1], [-1, -1]], b1=[0, 0], W2=[[4, 4]], b2=[-2]),
        ),
        SharpnessExample(
            "leaky",
            "ReLU: units that are dead on all misfitted samples",
            line,
            line.parameters(W1=[[1], [-1]], b1=[-5, -5], W2=[[1, -1]], b2=[0]),
            line.parameters(W1=[[1], [-1]], b1=[0, 0], W2=[[1, -1]], b2=[0]),
        ),
        SharpnessExample(
            "balanced",
            "classes of weight 4/5 and 1/5: a sharp local minimum of risk 2/5",
            one,
            one.parameters(W1=[[1, 0]], b1=[0], W2=[[0]], b2=[1]),
            one.parameters(W1=[[0, 1]], b1=[0], W2=[[4]], b2=[0]),
        ),
    )


leaky_separable = Theorem(
    key="laurent_2018.leaky_separable",
    title="Hinge loss, one hidden leaky layer, separable data: local minima are global",
    statement=(
        r"One hidden layer with leaky ReLU, $0 < \alpha \le 1$, hinge loss, linearly separable data whose two classes have the "
        r"same total weight: every local minimum is a global minimum (risk 0)."
    ),
    reference=LAURENT_2018,
    hypotheses=(
        HINGE_LOSS,
        BIASES_EVERYWHERE,
        ONE_HIDDEN_LAYER,
        Hypothesis("leaky", "h is leaky ReLU with 0 < α ≤ 1", leaky_relu_like),
        SEPARABLE,
        BALANCED_CLASSES,
        LOCAL_MINIMUM,
    ),
    conclude=_is_global,
    examples=_hinge_examples,
    without_example=(("minimum", ABOUT_LOCAL_MINIMA),),
    remarks=(
        "Equal weights of the classes are needed, for linear networks (α = 1) too: the abstract does not mention them. A "
        "short proof for minima at zero output weights is in proofs/zero_output_weights.md."
    ),
)


def _is_global_linear(problem: Problem, parameters: Parameters | None, other: Parameters | None) -> Verdict:
    assert parameters is not None
    holds, witness, _ = linear_without_biases(problem)
    if holds and differentiable_loss(problem)[0] and not any(map(any, product_gradient(problem, parameters))):
        return certified_global(problem, parameters, "∇ℓ₀ = 0 at the product, and ℓ₀ is convex")
    if not holds:
        return Verdict(Status.UNDECIDED, witness)
    return _is_global(problem, parameters, other)


def _linear_examples() -> tuple[SharpnessExample, ...]:
    data = Data.from_arrays([[1, 0], [1, 0], [0, 1]], [0, 0, 1])
    problem = Problem(Network([2, 1, 1], linear, biases=False), data, absolute)
    diagonal = Data.from_arrays([[1, 0], [0, 1]], [[4, 0], [0, 2]])
    narrow = Problem(Network([2, 1, 2], linear, biases=False), diagonal, huber(1))
    return (
        SharpnessExample(
            "loss",
            "absolute loss 2|A_1| + |A_2 − 1|: output weight 0 pins a point of risk 1",
            problem,
            problem.parameters(W1=[[1, 0]], W2=[[0]]),
            problem.parameters(W1=[[0, 1]], W2=[[1]]),
        ),
        SharpnessExample(
            "widths",
            "a bottleneck and the Huber loss: targets diag(4, 2), fitted in the second entry only",
            narrow,
            narrow.parameters(W1=[[0, 2]], W2=[[0], [1]]),
            narrow.parameters(W1=[[4, 0]], W2=[[1], [0]]),
        ),
    )


deep_linear = Theorem(
    key="laurent_2018.deep_linear",
    title="Deep linear networks with arbitrary convex differentiable loss: all local minima are global",
    statement=(
        r"Let $\phi(W_1, \dots, W_L) = f(W_L \cdots W_1)$ with $f$ convex and differentiable, and let every hidden layer be at "
        r"least as wide as the input or the output layer. Then every local minimum of $\phi$ is a global minimum."
    ),
    reference=LAURENT_2018_LINEAR,
    hypotheses=(
        DEEP_LINEAR,
        Hypothesis("loss", "a convex and differentiable loss", differentiable_loss),
        WIDTHS_AT_LEAST_THE_ENDS,
        LOCAL_MINIMUM,
    ),
    conclude=_is_global_linear,
    examples=_linear_examples,
    without_example=(("minimum", ABOUT_LOCAL_MINIMA),),
    remarks=(
        "No assumption on the data. Differentiability cannot be dropped; nor can the widths, although for the squared loss "
        "local minima are global at any widths (lu_2017)."
    ),
)
