"""Yun, Sra and Jadbabaie, "Efficiently testing local optimality and escaping saddles for ReLU networks", ICLR 2019."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import HypothesisError, UnsupportedError
from exactsurf.exact.linear_algebra import rank
from exactsurf.minima.senses.sosp_check import SospOutput, sosp_check
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.hypotheses import BIASES_EVERYWHERE, ONE_HIDDEN_LAYER
from exactsurf.theorems.network_conditions import squared_loss
from exactsurf.theorems.point_conditions import no_kink_of_the_loss
from exactsurf.theorems.references import YUN_2019_SOSP
from exactsurf.theorems.theorem import Check, Hypothesis, PointHypothesis, SharpnessExample, Theorem

_MAX_SUBSETS = 5_000


def _two_slopes(problem: Problem) -> Check:
    h = problem.network.activation
    return h.two_slopes is not None, f"the activation is {h!r}", (h,)


def general_position(problem: Problem) -> Check:
    """A2: no d_x + 1 samples lie on one affine hyperplane.

    Exactness: exact, by the ranks of all subsets of d_x + 1 samples; None if there are too many. Raises: nothing.
    Source: papers.md, section 3.
    """
    rows, size = problem.data.x, problem.data.inputs.columns + 1
    for number, chosen in enumerate(combinations(range(len(rows)), size)):
        if number == _MAX_SUBSETS:
            return None, f"more than {_MAX_SUBSETS} subsets of {size} samples", ()
        if rank([(*rows[i], Fraction(1)) for i in chosen]) < size:
            return False, f"samples {', '.join(map(str, chosen))} lie on one hyperplane", chosen
    return True, f"no {size} samples lie on one hyperplane", ()


def _no_zero_row(problem: Problem, parameters: Parameters) -> Check:
    shifts = parameters.biases[0]
    for k, row in enumerate(parameters.weights[0]):
        if not any(row) and not (shifts is not None and shifts[k]):
            return False, f"all incoming weights of unit {k} are zero, so every sample is on its boundary", (k,)
    return True, "every unit has an incoming weight that is not zero", ()


def _conclude(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    """The algorithm answers at this point, and what it answers is true."""
    assert parameters is not None
    try:
        answer = sosp_check(problem, parameters)
    except HypothesisError as error:
        return Verdict(
            Status.REFUTED, f"the algorithm does not run at this point: {error}", risk=problem.rational_risk(parameters)
        )
    except UnsupportedError as error:
        return Verdict(Status.UNDECIDED, str(error))
    found = answer.decision
    said = f"SOSP-CHECK says {answer.output.value} ({answer.step})"
    if answer.output is Status.UNDECIDED:
        return Verdict(Status.UNDECIDED, said, risk=found.risk)
    wrong = {SospOutput.LOCAL_MINIMUM: Status.REFUTED, SospOutput.DESCENT: Status.PROVED}.get(answer.output)
    if found.status is wrong:
        return Verdict(Status.REFUTED, f"{said}, but {found.reason}", found.certificate, found.lower_point, found.risk)
    if found.status is Status.UNDECIDED:
        return Verdict(Status.UNDECIDED, f"{said}; {found.reason}", risk=found.risk)
    return Verdict(Status.PROVED, f"{said}; {found.reason}", found.certificate, found.lower_point, found.risk)


def _examples() -> tuple[SharpnessExample, ...]:
    data = Data.from_arrays([0, 0, 1], [1, -1, 0])
    twice = Problem(Network([1, 1, 1]), data)
    on_both = twice.parameters(W1=[[1]], b1=[0], W2=[[0]], b2=[0])
    line = Problem(Network([1, 2, 1]), Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    idle = line.parameters(W1=[["1/2"], [0]], b1=[1, 0], W2=[[1, 0]], b2=[-1])
    return (
        SharpnessExample("A2", "two samples at one input, both on the boundary of a unit", twice, on_both),
        SharpnessExample("rows", "a unit without incoming weights: all samples are on its boundary", line, idle),
    )


sosp_check_is_sound = Theorem(
    key="yun_2019_sosp.sosp_check_is_sound",
    title="SOSP-CHECK decides second-order stationarity, and its answers are right",
    statement=(
        r"One hidden layer, $h = \bar h_{s_+,s_-}$, a loss that is $C^2$ and convex (A1), no $d_x + 1$ samples on one affine "
        r"hyperplane (A2): at any point the algorithm returns a descent direction, or second-order stationarity, or that the "
        r"point is a local minimum."
    ),
    reference=YUN_2019_SOSP,
    hypotheses=(
        ONE_HIDDEN_LAYER,
        Hypothesis("activation", "h is h_(s+,s-)", _two_slopes, setting=True),
        BIASES_EVERYWHERE,
        Hypothesis("A1", "the squared loss, which is C² and convex", squared_loss, setting=True),
        Hypothesis("A2", "no d_x + 1 samples lie on one affine hyperplane", general_position),
        PointHypothesis("differentiable", "the loss is differentiable at the predictions", no_kink_of_the_loss),
        PointHypothesis("rows", "no unit has all incoming weights zero", _no_zero_row),
    ),
    construct=sosp_check,
    conclude=_conclude,
    without_example=(("differentiable", "it cannot fail alone: the squared loss (A1) is differentiable everywhere"),),
    examples=_examples,
    remarks=(
        "construct runs the algorithm in exact arithmetic. The hypothesis on rows is ours: Lemma 1 of the paper fails for a unit "
        "without incoming weights, so 'any point' needs it. At minima of the kind of yun_2019.theorem_1 the algorithm can only "
        "say 'second-order stationary'; decide certifies them."
    ),
)
