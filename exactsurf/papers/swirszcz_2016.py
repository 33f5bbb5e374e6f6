"""Świrszcz, Czarnecki and Pascanu, "Local minima in training of neural networks", 2016: units that are dead on all samples."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.point import SPURIOUS_LOCAL_MINIMUM, Certificate
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.certificate.rules.paths import Paths
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import HypothesisError, InputError, InternalError, UnsupportedError
from exactsurf.minima.rules.paths import check_paths
from exactsurf.model.activation import leaky_relu, piecewise_linear
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem
from exactsurf.surface.surface import landscape
from exactsurf.theorems.arguments import check_problem
from exactsurf.theorems.constructions.affine_network import affine_parameters, find_anchor
from exactsurf.theorems.constructions.risk_floor import has_small_landscape, risk_floor
from exactsurf.theorems.data_conditions import short
from exactsurf.theorems.hypotheses import BIASES_EVERYWHERE, SOME_HIDDEN_LAYER
from exactsurf.theorems.network_conditions import reaches_any_rank, squared_loss
from exactsurf.theorems.references import SWIRSZCZ_2016
from exactsurf.theorems.theorem import Check, Hypothesis, SharpnessExample, Theorem

_MAX_CELLS = 20_000


def _flat_bias(problem: Problem) -> Fraction | None:
    """A number strictly inside a piece of slope 0, or None."""
    h = problem.network.activation
    ends = h.breakpoints
    for k, slope in enumerate(h.slopes):
        if slope == 0:
            if not ends:
                return Fraction(0)
            if k == 0:
                return ends[0] - 1
            return ends[-1] + 1 if k == len(ends) else (ends[k - 1] + ends[k]) / 2
    return None


def _flat_piece(problem: Problem) -> Check:
    found = _flat_bias(problem)
    if found is None:
        return False, f"no piece of {problem.network.activation!r} has slope 0", ()
    return True, f"the slope is 0 near {short(found)}", (found,)


def _sloped_piece(problem: Problem) -> Check:
    slopes = [slope for slope in problem.network.activation.slopes if slope]
    return bool(slopes), f"a slope is {short(slopes[0])}" if slopes else "every slope is 0, so the network is constant", ()


def _is_constant(problem: Problem) -> bool:
    """Whether a hidden layer of a constant activation makes all predictions of the network equal to one another."""
    return problem.network.layers > 1 and not any(problem.network.activation.slopes)


def _not_constant(problem: Problem) -> Check:
    fit = problem.data.affine_fit
    for k, row in enumerate(fit.slopes):
        if any(row):
            return True, f"the best affine model of output {k} is not constant", fit.slopes
    return False, "the best affine model is constant", fit.slopes


def dead_point(problem: Problem) -> Parameters:
    """All weights 0, all hidden units strictly inside a piece of slope 0, the output bias at the mean of the targets.

    Parameters: `problem` with biases and an activation that has such a piece. Exactness: exact.
    Raises: `HypothesisError` without one, or without biases. Source: papers.md, section 4.
    """
    check_problem(problem)
    bias = _flat_bias(problem)
    if bias is None:
        raise HypothesisError("flat piece", f"no piece of {problem.network.activation!r} has slope 0")
    if not all(problem.network.biases):
        raise HypothesisError("biases", "a layer has no bias")
    zero, widths, size = Fraction(0), problem.network.widths, len(problem.data)
    means = tuple(sum(column, zero) / size for column in zip(*problem.data.y, strict=True))
    layers = list(pairwise(widths))
    weights = tuple(((zero,) * below,) * above for below, above in layers)
    return Parameters(weights, (*((bias,) * above for _, above in layers[:-1]), means))


def construct(problem: Problem) -> Verdict:
    """The certified spurious local minimum at which every unit is dead on every sample, and a lower point.

    Parameters: `problem` with the squared loss. Exactness: exact; PROVED after the verifier accepted the certificate.
    Raises: `HypothesisError` if a hypothesis fails, `UnsupportedError` for other losses. Source: papers.md, section 4.

    >>> import exactsurf as es
    >>> found = construct(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> found.status, found.risk
    (<Status.PROVED: 'PROVED'>, Fraction(11, 8))
    """
    check_problem(problem)
    if not problem.is_least_squares:
        raise UnsupportedError(f"the best constant is computed for the squared loss, not for the {problem.loss_in_words}")
    theta, fit = dead_point(problem), problem.data.affine_fit
    for name, check in (("width", reaches_any_rank), ("not constant", _not_constant)):
        holds, witness, _ = check(problem)
        if not holds:
            raise HypothesisError(name, witness)
    anchor = find_anchor(problem.network.activation)
    if anchor is None:
        raise HypothesisError("activation", "no piece has a slope, so the network is constant")
    lower = affine_parameters(problem, anchor, fit.slopes, fit.constants)
    point = Point(problem, theta)
    evidence = check_paths(point)
    if not isinstance(evidence, Paths):
        raise InternalError(f"a point with dead units fails the path test ({evidence.reason})")
    risk = point.risk
    points = (LowerPoint(lower, problem.rational_risk(lower)),)
    certificate = confirmed(
        Certificate(SPURIOUS_LOCAL_MINIMUM, problem, theta, risk, local_minimum=evidence, lower_points=points)
    )
    reason = "a spurious local minimum: every unit is dead on every sample, and the best affine model is lower"
    return Verdict(Status.PROVED, reason, certificate, lower, risk)


def _conclude(problem: Problem, _: Parameters | None, __: Parameters | None) -> Verdict:
    try:
        return construct(problem)
    except (HypothesisError, UnsupportedError) as error:
        reason = str(error)
    if not problem.is_least_squares or not problem.network.biases[-1]:
        return Verdict(Status.UNDECIDED, reason)
    if _is_constant(problem):
        return Verdict(Status.REFUTED, "the activation is constant, so no point is lower than the best constant")
    means = [sum(column, Fraction(0)) / len(problem.data) for column in zip(*problem.data.y, strict=True)]
    spread = sum(((v - mean) ** 2 for row in problem.data.y for v, mean in zip(row, means, strict=True)), Fraction(0))
    constant = problem.common_scale * spread
    floor, why = risk_floor(problem)
    if constant <= floor:
        return Verdict(Status.REFUTED, f"no local minimum with the risk of the best constant is spurious: {why}")
    if not has_small_landscape(problem):
        return Verdict(Status.UNDECIDED, reason)
    try:
        found = landscape(problem, workers=1, max_cells=_MAX_CELLS).local_minima
    except (UnsupportedError, InputError):
        return Verdict(Status.UNDECIDED, reason)
    if all(minimum.risk != constant or minimum.is_global for minimum in found):
        risks = ", ".join(short(minimum.risk) for minimum in found)
        reason = f"all local minima have the risks {risks}; the best constant has {short(constant)}"
        return Verdict(Status.REFUTED, reason)
    return Verdict(Status.UNDECIDED, f"{reason}; a local minimum has the risk of the best constant all the same")


def _examples() -> tuple[SharpnessExample, ...]:
    bent, even = Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]), Data.from_arrays([0, 1, 2], [3, 3, 3])
    leaky, constant = Problem(Network([1, 1, 1], leaky_relu("1/2")), bent), Network([1, 1, 1], piecewise_linear([], [0]))
    return (
        SharpnessExample("flat piece", "leaky ReLU has no dead units: no local minimum at the best constant", leaky),
        SharpnessExample("sloped piece", "a constant activation: the network is constant", Problem(constant, bent)),
        SharpnessExample("not constant", "equal targets: the constant is optimal", Problem(Network([1, 1, 1]), even)),
    )


dead_units = Theorem(
    key="swirszcz_2016.dead_units",
    title="Units that are dead on all samples make a spurious local minimum",
    statement=(
        r"If the activation has a piece of slope 0, every unit can be strictly inside it on every sample. With the output bias "
        r"at the mean of the targets this is a local minimum whose risk is that of the best constant; if a better function of "
        r"the network exists it is spurious."
    ),
    reference=SWIRSZCZ_2016,
    hypotheses=(
        SOME_HIDDEN_LAYER,
        Hypothesis("loss", "the squared loss (any factor)", squared_loss, setting=True),
        BIASES_EVERYWHERE,
        Hypothesis("flat piece", "a piece of the activation has slope 0", _flat_piece),
        Hypothesis("sloped piece", "a piece of the activation has a slope other than 0", _sloped_piece),
        Hypothesis("width", "hidden layers at least as wide as the output (so the best affine model is lower)", reaches_any_rank),
        Hypothesis("not constant", "the best affine model is not constant", _not_constant),
    ),
    construct=construct,
    conclude=_conclude,
    without_example=(
        (
            "width",
            "none is known: the best model of the bottleneck's rank is irrational in general",
        ),
    ),
    examples=_examples,
    remarks=(
        "The paper was seen in summary only; this is its case of saturated units, proved by the path test. Blind spots (only "
        "some samples dead) are in the instance swirszcz_2016.blind_spot, risk 9 against 7; its data are recalled."
    ),
)
