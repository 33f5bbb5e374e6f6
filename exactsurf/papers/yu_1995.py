"""Yu and Chen, "On the local minima free condition of backpropagation learning", 1995: a claim that is not to be relied on."""

from __future__ import annotations

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import HypothesisError, InputError, UnsupportedError
from exactsurf.model.data import Data
from exactsurf.model.needed_problem import check_piecewise_linear
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.model.smooth_activation import sigmoid
from exactsurf.papers.he_2020 import construct
from exactsurf.papers.yun_2019 import SpuriousMinimum
from exactsurf.theorems.data_conditions import distinct_inputs
from exactsurf.theorems.hypotheses import BIASES_EVERYWHERE, ONE_HIDDEN_LAYER, ONE_OUTPUT, SQUARED_LOSS
from exactsurf.theorems.references import YU_1995
from exactsurf.theorems.theorem import Check, Hypothesis, SharpnessExample, Theorem


def _enough_units(problem: Problem) -> Check:
    units, size = problem.network.widths[1] if problem.network.layers > 1 else 0, len(problem.data)
    return units >= size - 1, f"{units} hidden units, {size} samples", (units, size)


def _sigmoid(problem: Problem) -> Check:
    h = problem.network.activation
    return h == sigmoid, f"the activation is {h!r}{'' if h == sigmoid else '; the paper is about the sigmoid'}", (h,)


def _construct(problem: Problem) -> SpuriousMinimum:
    check_piecewise_linear(problem, "yu_1995.enough_units.construct")
    return construct(problem)


def _conclude(problem: Problem, _: Parameters | None, __: Parameters | None) -> Verdict:
    """Looks for a spurious local minimum; that there is none is not claimed."""
    if not problem.network.is_piecewise_linear:
        return Verdict(Status.UNDECIDED, "whether a network of smooth units has a suboptimal local minimum is not decided here")
    try:
        found = construct(problem).verdict
    except (HypothesisError, InputError, UnsupportedError) as error:
        return Verdict(Status.UNDECIDED, f"no spurious local minimum is known here: {error}")
    return Verdict(Status.REFUTED, found.reason, found.certificate, found.lower_point, found.risk)


def _examples() -> tuple[SharpnessExample, ...]:
    data = Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    title = "ReLU instead of the sigmoid: three units for four samples, and a spurious local minimum of risk 3/4"
    return (SharpnessExample("sigmoid", title, Problem(Network([1, 3, 1]), data)),)


enough_units = Theorem(
    key="yu_1995.enough_units",
    title="Claimed: with P − 1 hidden sigmoid units for P patterns there are no suboptimal local minima",
    statement=(
        r"One hidden layer of sigmoid units, $P$ distinct patterns, at least $P - 1$ hidden units and a bias: it was claimed "
        r"that the squared risk has no suboptimal local minimum."
    ),
    reference=YU_1995,
    hypotheses=(
        ONE_HIDDEN_LAYER,
        ONE_OUTPUT,
        SQUARED_LOSS,
        BIASES_EVERYWHERE,
        Hypothesis("distinct", "the patterns are distinct", distinct_inputs),
        Hypothesis("units", "at least P − 1 hidden units", _enough_units),
        Hypothesis("sigmoid", "the activation is the sigmoid", _sigmoid),
    ),
    construct=_construct,
    conclude=_conclude,
    is_about_smooth=True,
    without_example=(
        ("distinct", "the conclusion for sigmoid units is not decided on instances; the statement is not to be relied on"),
        ("units", "the conclusion for sigmoid units is not decided on instances; the statement is not to be relied on"),
    ),
    examples=_examples,
    remarks=(
        "Warning: seen second hand only; a correction was published in 1996, and Ding, Li and Sun (ding_2022) prove that "
        "suboptimal local minima exist for wide networks with smooth activations. Do not rely on it. For piecewise linear "
        "activations the statement is false, by certificate: construct builds the spurious local minimum."
    ),
)
