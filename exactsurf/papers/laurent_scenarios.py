"""Laurent and von Brecht 2018, scenarios 1 and 3: linear networks, and ReLU with separable data, under hinge loss.

Both statements, and what they need of the weights of the classes, are proved in proofs/laurent_2018; scenario 2 (leaky ReLU)
is `laurent_2018.leaky_separable`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.point import SPURIOUS_LOCAL_MINIMUM, Certificate
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import HypothesisError, UnsupportedError
from exactsurf.exact.bounded_system import Multipliers, solve_bounded_system
from exactsurf.exact.linear_algebra import dot
from exactsurf.exact.number import to_text
from exactsurf.exact.strict_system import MotzkinMultipliers
from exactsurf.minima.decide import decide
from exactsurf.model.activation import linear, relu
from exactsurf.model.data import Data
from exactsurf.model.losses import hinge
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.constructions.affine_minimum import affine_minimum
from exactsurf.theorems.constructions.affine_network import affine_parameters, find_anchor
from exactsurf.theorems.data_conditions import balanced_classes, separable, separating_hyperplane, short
from exactsurf.theorems.hypotheses import (
    BALANCED_CLASSES,
    BIASES_EVERYWHERE,
    HINGE_LOSS,
    LOCAL_MINIMUM,
    ONE_HIDDEN_LAYER,
    SEPARABLE,
    SOME_HIDDEN_LAYER,
)
from exactsurf.theorems.network_conditions import biases_everywhere, hidden_layers, hinge_loss, linear_network, relu_activation
from exactsurf.theorems.point_conditions import about_no_minimum, certified_global
from exactsurf.theorems.references import LAURENT_2018
from exactsurf.theorems.theorem import ABOUT_LOCAL_MINIMA, Hypothesis, PointHypothesis, SharpnessExample, Theorem

_ZERO = Fraction(0)


def best_linear_point(problem: Problem) -> Parameters:
    """Parameters with which a linear network with biases is the best affine model.

    Exactness: exact (a linear program for hinge loss). Raises: `UnsupportedError` for a loss by expression.
    Source: proofs/laurent_2018.
    """
    best, widths = affine_minimum(problem), problem.network.widths
    named: dict[str, object] = {}
    for layer in range(1, problem.network.layers + 1):
        height, width = widths[layer], widths[layer - 1]
        rows = [[_ZERO] * width for _ in range(height)]
        rows[0] = list(best.slopes[0]) if layer == 1 else [Fraction(int(k == 0)) for k in range(width)]
        named[f"W{layer}"] = rows
        named[f"b{layer}"] = list(best.constants) if layer == problem.network.layers else [0] * height
    return problem.parameters(**named)


def _is_best_linear(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    assert parameters is not None
    if problem.network.widths[-1] != 1 or not all(problem.network.biases) or not linear_network(problem)[0]:
        return Verdict(Status.UNDECIDED, "decided for linear networks with one output and a bias in every layer")
    risk, best = problem.rational_risk(parameters), affine_minimum(problem).risk
    if risk == best:
        return certified_global(problem, parameters, f"no affine model has a lower risk than {short(best)}")
    verdict = decide(problem, parameters)
    if verdict.status is Status.REFUTED:
        return about_no_minimum(verdict)
    lower = best_linear_point(problem)
    reason = f"the risk is {short(risk)}, and the best affine model has {short(best)}: {verdict.reason}"
    status = Status.REFUTED if verdict.status is Status.PROVED else Status.UNDECIDED
    return Verdict(status, reason, verdict.certificate, lower, risk)


def _linear_examples() -> tuple[SharpnessExample, ...]:
    data = Data.from_arrays([[-1, 1], [1, 1], [0, -1]], [1, 1, -1], weights=[2, 2, 1])
    problem = Problem(Network([2, 1, 1], linear), data, hinge.mean)
    theta = problem.parameters(W1=[[1, 0]], b1=[0], W2=[[0]], b2=[1])
    return (SharpnessExample("balanced", "classes of weight 4/5 and 1/5: a local minimum of risk 2/5", problem, theta),)


linear_hinge = Theorem(
    key="laurent_2018.linear_hinge",
    title="Hinge loss, deep linear network, arbitrary data: local minima are global if the classes weigh the same",
    statement=(
        r"A linear network of any depth and width with biases and one output, hinge loss, arbitrary data whose two classes have "
        r"the same total weight: every local minimum is a global minimum. (False for classes of different weights.)"
    ),
    reference=LAURENT_2018,
    hypotheses=(
        HINGE_LOSS,
        Hypothesis("activation", "h(z) = z", linear_network, setting=True),
        BIASES_EVERYWHERE,
        SOME_HIDDEN_LAYER,
        BALANCED_CLASSES,
        LOCAL_MINIMUM,
    ),
    conclude=_is_best_linear,
    examples=_linear_examples,
    without_example=(("minimum", ABOUT_LOCAL_MINIMA),),
    remarks=(
        "The abstract says it of arbitrary data, without the weights of the classes; without them it is refuted. Sample weights "
        "count: Problem(…, class_weight='balanced') has equal classes. The widths need not be large, as there is one output."
    ),
)


@dataclass(frozen=True)
class HingeClass:
    """The place of a point in the description of all local minima (ReLU, one hidden layer, hinge loss, separable data).

    Attributes: `kind`: "global" (risk 0), "flat" (units dead on all misfitted samples, which weigh the same in both classes),
    "sharp" (the same with an output bias ±1 that fitted samples hold), "none" (no local minimum) or "open" (sharp, and a
    unit with output weight 0 sees these samples); `reason`; `misfitted`, the samples with margin < 1; `holding`, those that hold
    the output bias. Exactness: exact. Source: proofs/laurent_2018.
    """

    kind: str
    reason: str
    misfitted: tuple[int, ...]
    holding: tuple[int, ...] = ()

    @property
    def is_minimum(self) -> bool | None:
        """Whether the point is a local minimum; None if that is open."""
        return None if self.kind == "open" else self.kind != "none"


def classify_hinge_minimum(problem: Problem, parameters: Parameters) -> HingeClass:
    """Where `parameters` stands in the complete description of local minima under hinge loss.

    Parameters: a `problem` with one hidden ReLU layer, biases, hinge loss and linearly separable data, any sample weights.
    Exactness: exact. Raises: `UnsupportedError` for other problems. Source: proofs/laurent_2018 (ReLU and separable data).

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([-1, 1], [-1, 1]), "hinge")
    >>> classify_hinge_minimum(problem, problem.parameters(W1=[[1]], b1=[-2], W2=[[1]], b2=[0])).kind
    'flat'
    """
    for check in (hinge_loss, relu_activation, biases_everywhere, hidden_layers(1, 1), separable):
        holds, witness, _ = check(problem)
        if not holds:
            raise UnsupportedError(f"the description is about ReLU, hinge loss and separable data: {witness}")
    problem.check_shapes(parameters)
    labels = [label for (label,) in problem.data.y]
    ((row,), (shift, (c,))) = parameters.weights[1], (parameters.biases[0], parameters.biases[1] or (_ZERO,))
    assert shift is not None
    seen = [[dot(w, x) + b for x in problem.data.x] for w, b in zip(parameters.weights[0], shift, strict=True)]
    outputs = problem.forward(parameters).outputs[0]
    margins = [label * outputs[i] for i, label in enumerate(labels)]
    misfitted = tuple(i for i, margin in enumerate(margins) if margin < 1)
    if not misfitted:
        return HingeClass("global", "the risk is 0", ())

    def is_dead(k: int, i: int) -> bool:
        return seen[k][i] < 0 or (seen[k][i] == 0 and row[k] * labels[i] < 0)

    live = [k for k, v in enumerate(row) if v]
    idle = [k for k, v in enumerate(row) if not v]
    for k in live:
        for i in misfitted:
            if not is_dead(k, i):
                return HingeClass(
                    "none", f"unit {k} sees the misfitted sample {i}, so the separating direction descends", misfitted
                )
    weight = problem.shares
    excess = sum((weight[i] * labels[i] for i in misfitted), _ZERO)
    if abs(c) < 1:
        if excess:
            return HingeClass("none", f"the misfitted samples of class {'1' if excess > 0 else '−1'} weigh more", misfitted)
        met = next(((k, i) for k in idle for i in misfitted if seen[k][i] >= 0), None)
        if met:
            return HingeClass("none", f"unit {met[0]}, with output weight 0, sees the misfitted sample {met[1]}", misfitted)
        return HingeClass("flat", "all units are dead on the misfitted samples, which weigh the same in both classes", misfitted)
    if abs(c) > 1:
        return HingeClass("none", f"the output bias {to_text(c)} is beyond ±1", misfitted)
    holding = tuple(i for i, m in enumerate(margins) if m == 1 and labels[i] == c and all(is_dead(k, i) for k in live))
    held = sum((weight[i] for i in holding), _ZERO)
    if held < abs(excess):
        return HingeClass("none", f"the output bias {to_text(c)} is held by a weight of {short(held)} only", misfitted, holding)
    met = next(((k, i) for k in idle for i in (*misfitted, *holding) if seen[k][i] >= 0), None)
    if met is None:
        return HingeClass("sharp", f"the output bias {to_text(c)} is held by samples that no unit sees", misfitted, holding)
    if held == abs(excess) or not _can_hold(seen, idle, weight, misfitted, holding):
        return HingeClass("none", f"unit {met[0]}, with output weight 0, sees sample {met[1]}", misfitted, holding)
    reason = f"unit {met[0]}, with output weight 0, sees sample {met[1]}, and the samples at margin 1 may hold it"
    return HingeClass("open", reason, misfitted, holding)


def _can_hold(
    seen: list[list[Fraction]],
    idle: list[int],
    weight: tuple[Fraction, ...],
    misfitted: tuple[int, ...],
    holding: tuple[int, ...],
) -> bool:
    """Whether some 0 ≤ λ ≤ μ on the holding samples balances the misfitted ones in every idle unit and in the output bias."""

    def column(i: int) -> list[Fraction]:
        return [Fraction(1), *(max(seen[k][i], _ZERO) for k in idle)]

    target = [sum((weight[i] * column(i)[n] for i in misfitted), _ZERO) for n in range(1 + len(idle))]
    upper = [weight[i] for i in holding]
    answer = solve_bounded_system([column(i) for i in holding], target, [_ZERO] * len(upper), upper)
    return isinstance(answer, Multipliers)


def construct_dead(problem: Problem) -> tuple[Parameters, Verdict]:
    """A flat spurious local minimum of a ReLU network of any depth: no unit is active on any sample.

    Parameters: a `problem` with ReLU, biases, hinge loss, and separable classes of the same weight. Returns: the point and its
    verdict, PROVED with a certificate. Exactness: exact. Raises: `HypothesisError` if a condition fails.
    Source: proofs/laurent_2018 (persistence at depth).

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2, 2, 1]), es.Data.from_arrays([-1, 1], [-1, 1]), es.hinge.mean)
    >>> construct_dead(problem)[1].status, construct_dead(problem)[1].risk
    (<Status.PROVED: 'PROVED'>, Fraction(1, 1))
    """
    for name, check in (
        ("loss", hinge_loss),
        ("activation", relu_activation),
        ("biases", biases_everywhere),
        ("depth", hidden_layers(1)),
        ("separable", separable),
        ("balanced", balanced_classes),
    ):
        holds, witness, _ = check(problem)
        if not holds:
            raise HypothesisError(name, witness, "the construction needs it")
    shapes, top = problem.network.shapes.items(), f"b{problem.network.layers}"
    named = {name: [[0] * s[1]] * s[0] if len(s) == 2 else [0 if name == top else -1] * s[0] for name, s in shapes}
    theta = problem.parameters(**named)
    separator, anchor = separating_hyperplane(problem.data), find_anchor(relu)
    assert not isinstance(separator, MotzkinMultipliers) and anchor is not None
    lower = affine_parameters(problem, anchor, (separator[:-1],), (separator[-1],))
    found = decide(problem, theta)
    if not isinstance(found.certificate, Certificate) or found.certificate.local_minimum is None:
        return theta, Verdict(Status.UNDECIDED, found.reason, risk=found.risk)
    risk = problem.rational_risk(theta)
    certificate = confirmed(
        Certificate(
            SPURIOUS_LOCAL_MINIMUM,
            problem,
            theta,
            risk,
            local_minimum=found.certificate.local_minimum,
            lower_points=(LowerPoint(lower, problem.rational_risk(lower)),),
        )
    )
    return theta, Verdict(Status.PROVED, "no unit is active on any sample, and risk 0 is attained", certificate, lower, risk)


def _is_as_described(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    """The description and `decide` agree; each knows nothing of the other."""
    assert parameters is not None
    verdict = decide(problem, parameters)
    try:
        found = classify_hinge_minimum(problem, parameters)
    except UnsupportedError as error:
        return _without_description(problem, parameters, verdict, str(error))
    said = f"{found.kind}: {found.reason}"
    if found.is_minimum is None or verdict.status is Status.UNDECIDED:
        return Verdict(Status.UNDECIDED, f"{said}; {verdict.reason}", risk=verdict.risk)
    agree = found.is_minimum == (verdict.status is Status.PROVED)
    status = Status.PROVED if agree else Status.REFUTED
    return Verdict(status, f"{said}; {verdict.reason}", verdict.certificate, verdict.lower_point, verdict.risk)


def _without_description(problem: Problem, parameters: Parameters, verdict: Verdict, why: str) -> Verdict:
    """REFUTED for a local minimum of positive risk at which a unit with an output weight sees a misfitted sample."""
    if verdict.status is Status.PROVED and problem.network.layers == 2 and problem.loss.is_hinge and all(problem.network.biases):
        outputs, (row,) = problem.forward(parameters).outputs[0], parameters.weights[1]
        for i, (label,) in enumerate(problem.data.y):
            for k, (w, b) in enumerate(zip(parameters.weights[0], parameters.biases[0] or (), strict=True)):
                if label * outputs[i] < 1 and row[k] and dot(w, problem.data.x[i]) + b > 0:
                    reason = f"a local minimum, and unit {k} sees the misfitted sample {i}"
                    return Verdict(Status.REFUTED, reason, verdict.certificate, risk=verdict.risk)
    return Verdict(Status.UNDECIDED, why, risk=verdict.risk)


def _relu_examples() -> tuple[SharpnessExample, ...]:
    xor = Data.from_arrays([[1, 1], [-1, -1], [1, -1], [-1, 1]], [1, 1, -1, -1])
    problem = Problem(Network([2, 2, 1], relu), xor, hinge.mean)
    theta = problem.parameters(W1=[["1/100", "2/100"], ["3/100", "-1/100"]], b1=[5, 5], W2=[["1/50", "-1/60"]], b2=[0])
    return (SharpnessExample("separable", "XOR: a flat local minimum with all units active on all samples", problem, theta),)


relu_separable = Theorem(
    key="laurent_2018.relu_separable",
    title="Hinge loss, one hidden ReLU layer, separable data: the description of all local minima",
    statement=(
        r"One hidden ReLU layer with biases $(w_k, b_k)$, $v$, $c$, hinge loss with weights $\mu_i$, separable data. Let $A$ be "
        r"the samples with margin $< 1$, not empty. A point is a local minimum if and only if no unit with $v_k \ne 0$ sees $A$ "
        r"($z_{ik} < 0$, or $z_{ik} = 0$ and $v_ky_i < 0$), and either (flat) $|c| < 1$, $\sum_A \mu_iy_i = 0$ and no unit "
        r"with $v_k = 0$ sees $A$ ($z_{ik} < 0$), or (sharp) $c = \pm1$ is held: small changes of $c$ and of the units with "
        r"$v_k = 0$ do not lower $\sum_A\mu_i(1 - y_i\hat y_i) + \sum_E\mu_i(1 - y_i\hat y_i)_+$, $E$ the samples of margin 1 "
        r"with label $c$ that no unit with $v_k \ne 0$ sees."
    ),
    reference=LAURENT_2018,
    hypotheses=(
        HINGE_LOSS,
        Hypothesis("activation", "h is ReLU", relu_activation, setting=True),
        BIASES_EVERYWHERE,
        ONE_HIDDEN_LAYER,
        SEPARABLE,
        PointHypothesis("point", "a point of parameter space, whether a minimum or not", lambda *_: (True, "given", ())),
    ),
    construct=construct_dead,
    conclude=_is_as_described,
    examples=_relu_examples,
    without_example=(("point", "every point satisfies it"),),
    remarks=(
        "Ours, with proof; the abstract promises a complete description, whose words were not read. The description needs no "
        "equal weights of the classes. classify_hinge_minimum gives the kind of a point; sharp points where a unit with output "
        "weight 0 sees the samples in question stay open. construct builds a flat one at any depth."
    ),
)
