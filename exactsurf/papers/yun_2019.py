"""Yun, Sra and Jadbabaie, "Small nonlinearities in activation functions create bad local minima", ICLR 2019."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.certificate.claims.point import Certificate
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.effort import UNBOUNDED, AnyEffort, Effort
from exactsurf.errors import HypothesisError, InputError, UnsupportedError
from exactsurf.exact.number import to_text
from exactsurf.model.activation import linear
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.papers.yun_2019_linear import corollary_5, theorem_4
from exactsurf.papers.yun_2019_smooth import theorem_2
from exactsurf.surface.surface import landscape
from exactsurf.theorems.arguments import check_problem
from exactsurf.theorems.constructions.affine_lift import AffineLift, lift_affine_minimum
from exactsurf.theorems.constructions.affine_minimum import affine_minimum, check_has_affine_minimum
from exactsurf.theorems.constructions.affine_network import affine_parameters, hinge_anchor
from exactsurf.theorems.constructions.lifted_box import lifted_box_of
from exactsurf.theorems.constructions.risk_floor import has_small_landscape, risk_floor
from exactsurf.theorems.constructions.yun_cases import better_point
from exactsurf.theorems.data_conditions import distinct_inputs, not_affine, short
from exactsurf.theorems.references import YUN_2019
from exactsurf.theorems.theorem import Check, Hypothesis, Report, SharpnessExample, Theorem

__all__ = ["BetterPoint", "SpuriousMinimum", "construct", "corollary_5", "theorem_1", "theorem_2", "theorem_4"]


_MAX_CELLS = 2_000


@dataclass(frozen=True)
class BetterPoint:
    """A point of strictly lower risk, and the construction (``case 1``, ``case 2``, ``hinge descent``) it comes from."""

    construction: str
    parameters: Parameters
    risk: Fraction


@dataclass(frozen=True)
class SpuriousMinimum:
    """What Theorem 1 promises, built on a problem.

    Attributes: `report` on the hypotheses; `verdict` (PROVED with a certificate of the claim *spurious local minimum*, or
    UNDECIDED with the reason); `parameters` and `risk` of the local minimum; `better_points` with their constructions.
    """

    problem: Problem
    report: Report
    verdict: Verdict
    parameters: Parameters | None
    risk: Fraction | None
    better_points: tuple[BetterPoint, ...]

    @property
    def certificate(self) -> Certificate | None:
        """The certificate of the verdict."""
        found = self.verdict.certificate
        return found if isinstance(found, Certificate) else None

    @property
    def lower_risk(self) -> Fraction | None:
        """The lowest risk among the better points."""
        return min((point.risk for point in self.better_points), default=None)

    def __repr__(self) -> str:
        return f"SpuriousMinimum({self.verdict!r})"


def _one_output_not_affine(problem: Problem) -> Check:
    holds, witness, data = not_affine(problem)
    outputs = problem.network.widths[-1]
    if holds and outputs > 1:
        return False, f"{witness}, but d_y = {outputs} (the paper has d_y = 1; exactsurf builds the extension)", data
    return holds, witness, data


def _two_slopes(problem: Problem) -> Check:
    h = problem.network.activation
    slopes = h.two_slopes
    if slopes is None:
        points = ", ".join(map(to_text, h.breakpoints)) or "none"
        return False, f"h is not of the form h_(s+,s-): its breakpoints are {points}", (h,)
    text = f"s+ = {to_text(slopes[0])}, s- = {to_text(slopes[1])}"
    if slopes[0] <= 0 or slopes[1] < 0:
        return False, f"{text}, but the paper asks for s+ > 0 and s- ≥ 0", slopes
    return True, text, slopes


def _wide(problem: Problem) -> Check:
    widths = problem.network.widths
    if len(widths) != 3:
        return False, f"the paper has one hidden layer; this network has {len(widths) - 2}", (widths,)
    return widths[1] >= 2, f"d_1 = {widths[1]}", (widths,)


def _setting(problem: Problem) -> Check:
    if not problem.is_least_squares:
        return False, f"the loss is {problem.loss!r}", (problem.loss,)
    if not all(problem.network.biases):
        return False, "not every layer has a bias", (problem.network.biases,)
    return True, "squared loss, biases in every layer", ()


def _check_data(problem: Problem) -> None:
    """Refuse data on which the question makes no sense."""
    data = problem.data
    file = data.source.file if data.source else None
    if len(data) == 1:
        raise InputError("there is only one sample", file=file, fix="an affine model fits one sample exactly; add samples")
    if len({data.inputs.integer_row(i) for i in range(len(data))}) == 1:
        raise InputError("all samples have the same inputs", file=file, fix="no model can tell them apart")
    if len({data.targets.integer_row(i) for i in range(len(data))}) == 1:
        name = data.target_names[0]
        raise InputError("the target is constant", file=file, column=name, fix="an affine model fits it exactly; choose another")
    if data.inputs.columns > len(data) and data.affine_fit.is_perfect:
        raise InputError(
            f"there are more input columns ({data.inputs.columns}) than samples ({len(data)}), "
            "and an affine model fits them exactly",
            file=file,
            fix="drop columns or add samples",
        )


def construct(
    problem: Problem, *, note: Callable[[str], None] | None = None, embed: bool | None = None, effort: AnyEffort = None
) -> SpuriousMinimum:
    """A certified spurious local minimum of the risk of `problem`, if the data admit this construction.

    The local minimum computes the best affine model with all units inside one piece of the activation, at any depth, for any
    continuous piecewise linear activation with a breakpoint, for d_y ≥ 1 outputs (layer 1 of width at least d_y + 1, further
    ones at least d_y). For the squared loss the better point is built twice where the paper's own cases apply: by the paper's
    case 1 or 2, and by hinge descent. For any other convex loss by pieces, and for weighted samples, the best affine model is
    found exactly (for the absolute loss it is a linear program), and so is a better one that is bent once. A failing hypothesis
    is reported, and the construction is tried all the same: the certificate stands on its own.

    Parameters: `problem` with a loss by pieces; `note` is told the stages of long work; `embed` as in `problem_document`;
    `effort`, seconds or an `Effort`, after which no further stage begins (as long as it takes unless given).
    Returns: a `SpuriousMinimum`; its verdict is PROVED only after the verifier has accepted the certificate's bytes.
    Exactness: exact.
    Raises: `InputError` for one sample, equal inputs or a constant target, `HypothesisError` if the activation is linear,
    a layer is too narrow or has no bias, `UnsupportedError` for losses by expression, `OutOfTime`.
    Source: papers.md, section 1 (Theorem 1), section 2 (any depth and activation), ML1, ML2.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    >>> found = construct(problem)
    >>> found.verdict.status, found.risk, [(p.construction, str(p.risk)) for p in found.better_points]
    (<Status.PROVED: 'PROVED'>, Fraction(3, 4), [('case 1', '21/32'), ('hinge descent', '2/3')])
    """
    check_problem(problem)
    running = Effort.of(effort, UNBOUNDED).started()
    tell = _stages(note, running)
    check_has_affine_minimum(problem)
    anchor = hinge_anchor(problem, "C1.3")
    _check_data(problem)
    tell("affine least squares, exactly" if problem.is_least_squares else "the best affine model, exactly")
    best = affine_minimum(problem, running)
    tell("checking the hypotheses")
    report = theorem_1.check(problem)
    theta = affine_parameters(problem, anchor, best.slopes, best.constants)
    case = better_point(problem) if problem.is_least_squares and not best.is_perfect else None
    further = () if case is None else (LowerPoint(case[1], problem.rational_risk(case[1])),)
    found = lift_affine_minimum(problem, best, anchor, theta, further=further, note=tell, embed=embed, effort=running)
    return of_lift(problem, report, found, () if case is None else case[:1])


def of_lift(problem: Problem, report: Report, found: AffineLift, further: Sequence[str] = ()) -> SpuriousMinimum:
    """A lifted minimum of the affine model as a `SpuriousMinimum`; `further` constructions that gave lower points."""
    names = (*further, "hinge descent" if problem.is_least_squares else "bent affine model")
    below = tuple(
        BetterPoint(name, lower.parameters, lower.risk) for name, lower in zip(names, found.lower, strict=bool(found.lower))
    )
    return SpuriousMinimum(problem, report, found.verdict, found.parameters, found.risk, below)


def _stages(note: Callable[[str], None] | None, effort: Effort) -> Callable[[str], None]:
    """What is told of each stage, before which the time is looked at."""

    def tell(stage: str) -> None:
        effort.check(f"the next stage was: {stage}")
        if note is not None:
            note(stage)

    return tell


def _conclude(problem: Problem, _: Parameters | None, __: Parameters | None) -> Verdict:
    if not problem.is_least_squares:
        try:
            return construct(problem).verdict if problem.loss.is_piecewise_quadratic else lifted_box_of(problem).verdict
        except (HypothesisError, InputError, UnsupportedError) as error:
            return Verdict(Status.UNDECIDED, str(error))
    floor, why = risk_floor(problem)
    fitted = problem.risk_of(problem.data.affine_fit.predictions)
    if fitted <= floor:
        return Verdict(Status.REFUTED, f"no local minimum with the risk of linear least squares is spurious: {why}")
    try:
        return construct(problem).verdict
    except (HypothesisError, InputError) as error:
        reason = str(error)
    if not has_small_landscape(problem):
        return Verdict(Status.UNDECIDED, reason)
    try:
        least = landscape(problem, workers=1, max_cells=_MAX_CELLS).global_minimum.risk
    except (UnsupportedError, InputError):
        return Verdict(Status.UNDECIDED, reason)
    if fitted <= least:
        return Verdict(Status.REFUTED, "the risk of linear least squares is the least that the network reaches anywhere")
    return Verdict(Status.UNDECIDED, f"{reason}; the network reaches {short(least)}, below the risk of linear least squares")


def _examples() -> tuple[SharpnessExample, ...]:
    line, bent = Data.from_arrays([0, 1, 2], [0, 1, 2]), Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    twins = Data.from_arrays([0, 0, 1, 1], [0, 1, 0, 3])
    network, zigzag = Network([1, 2, 1]), Data.from_arrays([0, 1, 2, 3], [-1, 3, 5, 9])
    return (
        SharpnessExample("C1.1", "data on a line: the affine points are global minima", Problem(network, line)),
        SharpnessExample("C1.2", "twins with different targets: their means are affine", Problem(network, twins)),
        SharpnessExample("C1.4", "one unit: none of its hinges helps on this zigzag", Problem(Network([1, 1, 1]), zigzag)),
        SharpnessExample("C1.3", "s+ = s-: the network is linear", Problem(Network([1, 2, 1], linear), bent)),
    )


theorem_1 = Theorem(
    key="yun_2019.theorem_1",
    title="ReLU-like networks have spurious local minima for almost all data",
    statement=(
        r"Let $d_y = 1$ and let no affine model $R\tilde X$ equal $Y$ (C1.1); let the $x_i$ be distinct (C1.2); let "
        r"$h = \bar h_{s_+,s_-}$, $s_+ > 0$, $s_- \ge 0$, $s_+ \ne s_-$ (C1.3); let $d_1 \ge 2$ (C1.4). Then the risk "
        r"$\frac12\|W_2 h(W_1 X + b_1 1^T) + b_2 1^T - Y\|_F^2$ has a spurious local minimum whose risk equals that of linear "
        r"least squares. By homogeneity there are infinitely many."
    ),
    reference=YUN_2019,
    hypotheses=(
        Hypothesis("C1.1", "one output, and no affine model fits the data exactly", _one_output_not_affine),
        Hypothesis("C1.2", "the inputs are distinct", distinct_inputs),
        Hypothesis("C1.3", "the activation is h_(s+,s-) with s+ > 0, s- ≥ 0, s+ ≠ s-", _two_slopes),
        Hypothesis("C1.4", "one hidden layer of at least two units", _wide),
        Hypothesis("setting", "the squared loss (any factor), and a bias in every layer", _setting, setting=True),
    ),
    construct=construct,
    conclude=_conclude,
    examples=_examples,
    remarks=(
        "exactsurf builds the point at any depth, for any continuous piecewise linear activation with a breakpoint and for "
        "several outputs (layer 1 of width d_y + 1), and replaces both cases of the proof by hinge descent; for every convex "
        "loss by pieces and weighted samples too, where the best affine model is a linear or a convex quadratic program."
    ),
)
