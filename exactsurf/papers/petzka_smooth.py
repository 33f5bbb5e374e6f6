"""Petzka and Sminchisescu 2021 for C² units: the second derivatives of a unit decide whether its splittings are local minima."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import InputError
from exactsurf.exact.balls import Ball, matrix_to_arb, to_arb, working_precision
from exactsurf.exact.ldlt import ldlt
from exactsurf.exact.linear_algebra import Matrix, dot, pivot_columns
from exactsurf.minima.decide import decide
from exactsurf.minima.smooth.hessian_box import is_positive_definite, negative_direction
from exactsurf.model.enclosed_risk import enclosed_predictions
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.papers.petzka_split import split_unit
from exactsurf.theorems.arguments import check_problem
from exactsurf.theorems.hypotheses import LOCAL_MINIMUM, ONE_HIDDEN_LAYER, ONE_OUTPUT, SQUARED_LOSS
from exactsurf.theorems.network_conditions import hidden_layers, one_output, squared_loss
from exactsurf.theorems.outcome import nothing_claimed
from exactsurf.theorems.references import PETZKA_2021
from exactsurf.theorems.smooth_conditions import BITS, enclosed_layers
from exactsurf.theorems.theorem import ABOUT_LOCAL_MINIMA, Check, Hypothesis, PointHypothesis, Theorem

INNER = (Fraction(1, 3), Fraction(1, 2), Fraction(9, 10))
"""The shares λ strictly between 0 and 1 that `conclusion` tries."""
OUTER = (Fraction(-1), Fraction(2))
"""The shares λ outside [0, 1] that `conclusion` tries."""


class Definiteness(StrEnum):
    """What is known of B = v Σ_i r_i σ″(n_i) x̃_i x̃_iᵀ of a unit, on the span of the x̃_i."""

    POSITIVE = "positive definite"
    NEGATIVE = "negative definite"
    BOTH = "of both signs"
    SINGULAR = "singular and of one sign"
    UNKNOWN = "not decided"


@dataclass(frozen=True)
class UnitCurvature:
    """The matrix B of one hidden unit, on the span of the x̃_i, and its signs.

    Attributes: `unit`, from 0; `basis`, the x̃_i that were chosen as a basis of their span; `matrix`, the numbers
    b_pᵀBb_q in balls, exact where they are known to be rational; `definiteness`.
    Exactness: the balls hold the numbers; a sign is proved. Source: Petzka and Sminchisescu 2021, Theorem 9 (as restated in
    papers.md, section 4); proofs/petzka_2021.
    """

    unit: int
    basis: Matrix
    matrix: tuple[tuple[Ball, ...], ...]
    definiteness: Definiteness


def unit_curvature(problem: Problem, parameters: Parameters, unit: int) -> UnitCurvature | None:
    """B = v Σ_i r_i σ″(n_i) x̃_i x̃_iᵀ of a unit of the one hidden layer, r_i = f_i − y_i; None where σ may have no σ″.

    Parameters: a `problem` with one hidden layer, one output and squared loss; exact `parameters`; `unit`, from 0.
    Exactness: by balls, exact where all numbers are known to be rational. Raises: `InputError` for a unit that does not
    exist, `ShapeError`. Source: Petzka and Sminchisescu 2021; proofs/petzka_2021.

    >>> import exactsurf as es
    >>> from exactsurf.papers.petzka_smooth import unit_curvature
    >>> network = es.Network([1, 1, 1], "quadratic", biases=False)
    >>> problem = es.Problem(network, es.Data.from_arrays([1, 2], [-1, -1]))
    >>> found = unit_curvature(problem, problem.parameters(W1=[[0]], W2=[[1]]), 0)
    >>> found.matrix, str(found.definiteness)
    (((Ball(10),),), 'positive definite')
    """
    check_problem(problem)
    problem.check_shapes(parameters)
    if problem.network.layers != 2 or not 0 <= unit < problem.network.widths[1]:
        raise InputError(f"{problem.network!r} has no unit {unit} in its one hidden layer", fix="units count from 0")
    v = parameters.weights[1][0][unit]
    h, layers = problem.network.activation, enclosed_layers(problem, parameters)
    bends = []
    for (prediction,), (target,), row in zip(
        enclosed_predictions(problem, parameters, BITS), problem.data.y, layers.pre_activations[0], strict=True
    ):
        jet = h.derivatives(row[unit], BITS)
        if jet is None:
            return None
        bends.append(_product(prediction, target, v, jet[2]))
    extended = [(*x, Fraction(1)) if problem.network.biases[0] else tuple(x) for x in problem.data.x]
    basis = tuple(extended[k] for k in pivot_columns(list(zip(*extended, strict=True))))
    products = [[dot(b, x) for b in basis] for x in extended]
    entries = tuple(
        tuple(_sum(bends, [row[p] * row[q] for row in products]) for q in range(len(basis))) for p in range(len(basis))
    )
    return UnitCurvature(unit, basis, entries, _definiteness(entries))


def _product(prediction: Fraction | Ball, target: Fraction, v: Fraction, bend: Ball) -> Ball:
    known = prediction if isinstance(prediction, Fraction) else prediction.midpoint if prediction.is_exact else None
    if known is not None and bend.is_exact:
        return Ball((known - target) * v * bend.midpoint)
    if known == target or not v:
        return Ball(Fraction(0))
    middle = prediction if isinstance(prediction, Ball) else Ball(prediction)
    residual, size = middle.midpoint - target, middle.radius
    centre = residual * v * bend.midpoint
    return Ball(centre, abs(v) * (abs(residual) * bend.radius + size * abs(bend.midpoint) + size * bend.radius))


def _sum(bends: list[Ball], factors: list[Fraction]) -> Ball:
    middle = sum((ball.midpoint * factor for ball, factor in zip(bends, factors, strict=True)), Fraction(0))
    return Ball(middle, sum((ball.radius * abs(factor) for ball, factor in zip(bends, factors, strict=True)), Fraction(0)))


def _definiteness(entries: tuple[tuple[Ball, ...], ...]) -> Definiteness:
    if all(ball.is_exact for row in entries for ball in row):
        positive, negative, zero = ldlt([[ball.midpoint for ball in row] for row in entries]).inertia
        if positive and negative:
            return Definiteness.BOTH
        return Definiteness.SINGULAR if zero or not entries else Definiteness.POSITIVE if positive else Definiteness.NEGATIVE
    with working_precision(BITS):
        matrix, minus = matrix_to_arb(entries), matrix_to_arb(entries) * to_arb(Fraction(-1))
        if is_positive_definite(matrix):
            return Definiteness.POSITIVE
        if is_positive_definite(minus):
            return Definiteness.NEGATIVE
        if negative_direction(matrix, matrix) is not None and negative_direction(minus, minus) is not None:
            return Definiteness.BOTH
    return Definiteness.UNKNOWN


_TELLING = (Definiteness.POSITIVE, Definiteness.NEGATIVE, Definiteness.BOTH)


def _smooth(problem: Problem) -> Check:
    h = problem.network.activation
    return h.is_smooth, f"the activation is {h!r}", (h,)


def _curvatures(problem: Problem, parameters: Parameters) -> list[UnitCurvature | None]:
    """Of every unit with an output weight that is not 0."""
    (row,) = parameters.weights[1]
    return [unit_curvature(problem, parameters, unit) for unit, v in enumerate(row) if v]


def _tells(problem: Problem, parameters: Parameters) -> Check:
    if not hidden_layers(1, 1)(problem)[0] or not one_output(problem)[0]:
        return None, "B is known for one hidden layer and one output", ()
    found = _curvatures(problem, parameters)
    known = [each for each in found if each is not None]
    told = next((each for each in known if each.definiteness in _TELLING), None)
    if told is not None:
        return True, f"B of unit {told.unit} is {told.definiteness}", (told,)
    if len(known) < len(found) or any(each.definiteness is Definiteness.UNKNOWN for each in known):
        return None, "the signs of B are not decided", tuple(known)
    return False, "no unit has an output weight" if not known else "every B is singular and of one sign", tuple(known)


def expected(definiteness: Definiteness, share: Fraction) -> bool | None:
    """Whether the unit, split with this share, is at a local minimum, says the theorem; None where it says nothing."""
    if definiteness not in _TELLING or share in (0, 1):
        return None
    inside = 0 < share < 1
    return definiteness is not Definiteness.BOTH and inside == (definiteness is Definiteness.POSITIVE)


def _conclude(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    assert parameters is not None
    for check in (hidden_layers(1, 1), one_output, squared_loss, _smooth):
        holds, witness, _data = check(problem)
        if not holds:
            return Verdict(Status.UNDECIDED, witness)
    minimum = decide(problem, parameters)
    if minimum.status is not Status.PROVED:
        return Verdict(Status.UNDECIDED, "the point is not known to be a local minimum, so nothing is claimed", risk=minimum.risk)
    told, open_cases = [], []
    for found in _curvatures(problem, parameters):
        if found is None or found.definiteness not in _TELLING:
            continue
        for share in (*INNER, *OUTER):
            wide, theta = split_unit(problem, parameters, 1, found.unit, share)
            verdict, claimed = decide(wide, theta), expected(found.definiteness, share)
            place = f"unit {found.unit}, split with λ = {share}"
            if verdict.status is Status.UNDECIDED:
                open_cases.append(f"{place}: {verdict.reason}")
            elif (verdict.status is Status.PROVED) is not claimed:
                return Verdict(
                    Status.REFUTED, f"{place}: {verdict.reason}", verdict.certificate, verdict.lower_point, minimum.risk
                )
        told.append(f"B of unit {found.unit} is {found.definiteness}")
    if not told:
        return nothing_claimed(minimum, "no B has a sign that tells, so nothing is claimed")
    if open_cases:
        reason = f"{len(open_cases)} splittings are undecided: {open_cases[0]}"
        return Verdict(Status.UNDECIDED, reason, risk=minimum.risk)
    shares = ", ".join(str(share) for share in (*INNER, *OUTER))
    reason = f"{'; '.join(told)}: so the splittings with λ = {shares} are local minima or none, each with its certificate"
    return Verdict(Status.PROVED, reason, minimum.certificate, risk=minimum.risk)


smooth_unit_splitting = Theorem(
    key="petzka_2021.smooth_unit_splitting",
    title="Splitting a smooth unit of a local minimum: the signs of its second derivatives decide",
    statement=(
        r"One hidden layer, one output, the squared loss, $\sigma$ twice continuously differentiable; a local minimum, and a "
        r"unit with $v \ne 0$ and pre-activations $n_i$. Let $B = v \sum_i (f(x_i) - y_i)\, \sigma''(n_i)\, \tilde x_i "
        r"\tilde x_i^\top$. If $B$ is positive definite, the splittings with $0 < \lambda < 1$ are local minima and those with "
        r"$\lambda < 0$ or $\lambda > 1$ are saddles; if it is negative definite, the other way round; if it has both signs, "
        r"all with $\lambda \ne 0, 1$ are saddles."
    ),
    reference=PETZKA_2021,
    hypotheses=(
        ONE_HIDDEN_LAYER,
        ONE_OUTPUT,
        SQUARED_LOSS,
        Hypothesis("smooth", "a smooth activation", _smooth, setting=True),
        LOCAL_MINIMUM,
        PointHypothesis("B", "B of some unit is definite, or has both signs", _tells),
    ),
    construct=split_unit,
    conclude=_conclude,
    is_about_smooth=True,
    without_example=(
        ("minimum", ABOUT_LOCAL_MINIMA),
        ("B", "where no B has a sign that tells nothing is claimed"),
    ),
    remarks=(
        "The paper asks for a definite Hessian at the point, which our proof does not need (proofs/petzka_2021); B is taken on "
        "the span of the inputs. Five shares are decided on the instance; all shares follow by the proof."
    ),
)
