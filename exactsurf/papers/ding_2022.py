"""Ding, Li and Sun, "Suboptimal Local Minima Exist for Wide Neural Networks with Smooth Activations", 2022.

The core for one hidden layer, proved in proofs/ding_2022: all hidden weights 0, all hidden biases a, residuals e with
Σ e_i = 0, Σ e_i x_i = 0 and M = Σ e_i x_i x_iᵀ positive definite, output weights v_k with v_k h″(a) > 0. Every width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import HypothesisError, InputError, UnsupportedError
from exactsurf.exact.definite_member import SemidefiniteNormal, definite_member
from exactsurf.exact.linear_algebra import Matrix, Vector, dot, kernel, least_squares, rank
from exactsurf.exact.number import Exact, exact, whole_number
from exactsurf.minima.decide import decide
from exactsurf.model.activation import Activation
from exactsurf.model.activation_names import activation_from
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.model.smooth_activation import quadratic
from exactsurf.theorems.arguments import check_problem, number_table
from exactsurf.theorems.data_conditions import short
from exactsurf.theorems.hypotheses import BIASES_EVERYWHERE, ONE_HIDDEN_LAYER, ONE_OUTPUT, SQUARED_LOSS
from exactsurf.theorems.references import DING_2022
from exactsurf.theorems.theorem import Check, Hypothesis, Theorem

_HALVINGS = 200
_CENTRES = tuple(map(Fraction, ("1", "-1", "1/2", "-1/2", "2", "-2", "1/4", "0", "3")))


@dataclass(frozen=True)
class WideMinimum:
    """A suboptimal local minimum of a network of any width, with a lower point.

    Attributes: `problem` with a smooth activation; `parameters` and `risk`; `residuals` e_i; `moment`, M = Σ e_i x_i x_iᵀ,
    positive definite; `lower_point` and `lower_risk`.
    Exactness: exact. The local minimum follows from the inequality in proofs/ding_2022, whose premises are checked here; there
    is no certificate of it. Source: Ding, Li and Sun 2022; papers.md, section 4.
    """

    problem: Problem
    parameters: Parameters
    risk: Fraction
    residuals: Vector
    moment: Matrix
    lower_point: Parameters
    lower_risk: Fraction


def moment_residuals(inputs: Sequence[Sequence[Exact]]) -> Vector:
    """Residuals e with Σ e_i = 0, Σ e_i x_i = 0 and M = Σ e_i x_i x_iᵀ positive definite; M = I, of least length, if that can be.

    There are none if and only if some xᵀZx + b·x + c with Z ≠ 0 positive semidefinite vanishes on all inputs.
    Parameters: `inputs`. Exactness: exact, by `definite_member`.
    Raises: `HypothesisError` if there are none, with Z; `UnsupportedError` if that was not decided; errors of `exact`.
    Source: papers.md, section 4; proofs/ding_2022.

    >>> moment_residuals([[-1], [0], [1]])
    (Fraction(1, 2), Fraction(-1, 1), Fraction(1, 2))
    >>> moment_residuals([[0, 0], [4, 0], [0, 2], [1, "1/2"]])
    (Fraction(1, 2), Fraction(1, 4), Fraction(1, 4), Fraction(-1, 1))
    """
    rows = number_table(inputs, "inputs")
    size = len(rows[0])
    pairs = [(p, q) for p in range(size) for q in range(p, size)]
    # One equation a row: the moments of degree 0, 1 and 2.
    table = [[Fraction(1)] * len(rows), *([row[p] for row in rows] for p in range(size))]
    affine = list(table)
    table += [[row[p] * row[q] for row in rows] for p, q in pairs]
    right = [Fraction(0)] * (1 + size) + [Fraction(int(p == q)) for p, q in pairs]
    if rank([[*row, value] for row, value in zip(table, right, strict=True)]) == rank(table):
        gram = [[dot(one, two) for two in table] for one in table]
        weights = least_squares(gram, right)
        return tuple(sum((w * row[i] for w, row in zip(weights, table, strict=True)), Fraction(0)) for i in range(len(rows)))
    free = kernel(affine)
    found = definite_member([second_moment(rows, e) for e in free], size)
    if found is None:
        raise UnsupportedError("whether residuals with a positive definite moment exist was not decided", "take more inputs")
    if isinstance(found, SemidefiniteNormal):
        raise HypothesisError(
            "moments",
            f"no residuals have the moments 0, 0 and a definite one: xᵀZx is affine on them for Z = {_table(found.matrix)}",
            "take more inputs, in general position",
        )
    chosen = [sum((c * e[i] for c, e in zip(found.coefficients, free, strict=True)), Fraction(0)) for i in range(len(rows))]
    largest = max(map(abs, chosen))
    return tuple(value / largest for value in chosen)


def second_moment(inputs: Sequence[Sequence[Fraction]], residuals: Sequence[Fraction]) -> Matrix:
    """M = Σ e_i x_i x_iᵀ. Exactness: exact. Raises: nothing."""
    size, zero = len(inputs[0]), Fraction(0)
    return tuple(
        tuple(sum((e * row[p] * row[q] for e, row in zip(residuals, inputs, strict=True)), zero) for q in range(size))
        for p in range(size)
    )


def _table(matrix: Matrix) -> str:
    return "[" + ", ".join("[" + ", ".join(map(short, row)) + "]" for row in matrix) + "]"


def construct(
    inputs: Sequence[Sequence[Exact]],
    width: int,
    activation: Activation | str = quadratic,
    *,
    bias: Exact = 1,
    scale: Exact = 1,
) -> WideMinimum:
    """Targets for given inputs, and a suboptimal local minimum of a network of the given width on them.

    Parameters: `inputs`; `width`, at least 1; `activation`, with rational h(a), h″(a) ≠ 0 (of those here, `quadratic`);
    `bias` a; `scale`, what the residuals of `moment_residuals` are multiplied by, positive.
    Returns: a `WideMinimum`; the targets have mean 0 and are minus the residuals. Exactness: exact.
    Raises: `HypothesisError` if the inputs have no such residuals, `UnsupportedError` for activations whose values are not
    rational, `InputError` for a width below 1 or a scale that is not positive.
    Source: papers.md, section 4; proofs/ding_2022.

    >>> found = construct([[-1], [0], [1]], 5, scale=2)
    >>> [str(y) for (y,) in found.problem.data.y], found.risk, found.lower_risk < found.risk
    (['-1', '2', '-1'], Fraction(3, 1), True)
    """
    h, at, factor = activation_from(activation), exact(bias, "bias"), exact(scale, "scale")
    width = whole_number(width, "the width")
    if factor <= 0:
        raise InputError("the scale must be positive", text=f"scale {factor}")
    jet = h.derivatives(at)
    if jet is None or not all(part.is_exact for part in jet):
        raise UnsupportedError(f"{h!r} has no rational derivatives at {at}", "use the activation quadratic")
    value, _, curvature = (part.midpoint for part in jet)
    if curvature == 0:
        raise HypothesisError("activation", f"h″({at}) = 0", "take another bias")
    rows = number_table(inputs, "inputs")
    residuals = tuple(factor * e for e in moment_residuals(rows))
    problem = Problem(Network([len(rows[0]), width, 1], h), Data.from_arrays(rows, [-e for e in residuals]))
    sign = Fraction(1 if curvature > 0 else -1)
    theta = _point(problem, at, [sign] * width, Fraction(0), value)
    risk = sum((e * e for e in residuals), Fraction(0)) / 2
    moment = second_moment(rows, residuals)
    # One output weight −tv with t > 0 small, and its unit moved by ε: −tε²vh″/2 uᵀMu, less a square of order t²ε².
    step = Fraction(1)
    for _ in range(_HALVINGS):
        lower = _point(problem, at, [-sign * step, *[sign] * (width - 1)], step, value)
        outputs = _outputs(h, lower, rows)
        if outputs is not None:
            lower_risk = sum((f + e) ** 2 for f, e in zip(outputs, residuals, strict=True)) / 2
            if lower_risk < risk:
                return WideMinimum(problem, theta, risk, residuals, moment, lower, Fraction(lower_risk))
        step /= 2
    raise UnsupportedError(f"no lower point was found in {_HALVINGS} halvings", "take another bias or scale")


def _point(problem: Problem, at: Fraction, outer: Sequence[Fraction], step: Fraction, value: Fraction) -> Parameters:
    """All hidden weights 0 but the first of unit 0, which is `step`; the output bias makes the mean of the centre 0."""
    size, width = problem.network.widths[0], problem.network.widths[1]
    zero = Fraction(0)
    first = tuple((step if k == 0 and p == 0 else zero) for k in range(width) for p in range(size))
    rows = tuple(first[k * size : (k + 1) * size] for k in range(width))
    shift = -value * sum(outer, zero)
    return Parameters((rows, (tuple(outer),)), ((at,) * width, (shift,)))


def _outputs(h: Activation, theta: Parameters, rows: Sequence[Sequence[Fraction]]) -> list[Fraction] | None:
    weights, (outer,) = theta.weights
    biases, shift = theta.biases
    if biases is None or shift is None:
        return None
    found = []
    for x in rows:
        total = shift[0]
        for row, b, v in zip(weights, biases, outer, strict=True):
            image = h.exact_value(sum((w * value for w, value in zip(row, x, strict=True)), b))
            if image is None:
                return None
            total += v * image
        found.append(total)
    return found


def _construct(problem: Problem) -> WideMinimum:
    check_problem(problem)
    h = problem.network.activation
    return construct(problem.data.x, problem.network.widths[1], quadratic if problem.network.is_piecewise_linear else h)


def _smooth(problem: Problem) -> Check:
    h = problem.network.activation
    if problem.network.is_piecewise_linear:
        return False, f"the activation is {h!r}, piecewise linear: h″ = 0 wherever it exists", (h,)
    for at in _CENTRES:
        jet = h.derivatives(at)
        if jet is not None and jet[2].sign:
            return True, f"h″({short(at)}) is {'positive' if jet[2].sign > 0 else 'negative'}", (at,)
    return None, f"no a with h″(a) ≠ 0 was found for {h!r}", ()


def _moments(problem: Problem) -> Check:
    try:
        found = moment_residuals(problem.data.x)
    except HypothesisError as error:
        return False, str(error), ()
    except UnsupportedError as error:
        return None, str(error), ()
    return True, f"residuals with the moments 0, 0 and {_table(second_moment(problem.data.x, found))}", found


def _conclude(problem: Problem, _: Parameters | None, __: Parameters | None) -> Verdict:
    if problem.network.is_piecewise_linear or problem.network.layers != 2 or not all(problem.network.biases):
        return Verdict(Status.UNDECIDED, "the conclusion is about one hidden layer of smooth units with biases")
    try:
        found = _construct(problem)
    except (HypothesisError, UnsupportedError) as error:
        return Verdict(Status.UNDECIDED, f"the conclusion is that some targets exist; none were constructed: {error}")
    verdict = decide(found.problem, found.parameters)
    if verdict.status is not Status.PROVED:
        return Verdict(Status.UNDECIDED, f"targets were constructed, but no rule certifies the point: {verdict.reason}")
    reason = f"for other targets a local minimum has risk {short(found.risk)}, and {short(found.lower_risk)} is reached"
    return Verdict(Status.PROVED, reason, verdict.certificate, found.lower_point, found.risk)


wide_smooth_networks = Theorem(
    key="ding_2022.wide_smooth_networks",
    title="Suboptimal local minima exist for every width, for smooth activations",
    statement=(
        r"For any width, generic inputs and an activation that is $C^2$ near some $a$ with $h''(a) \ne 0$ there are targets for "
        r"which the squared risk has a suboptimal local minimum. For one hidden layer it suffices that residuals $e$ with "
        r"$\sum e_i = 0$, $\sum e_i x_i = 0$, $\sum e_i x_i x_i^T \succ 0$ exist."
    ),
    reference=DING_2022,
    hypotheses=(
        ONE_HIDDEN_LAYER,
        ONE_OUTPUT,
        SQUARED_LOSS,
        BIASES_EVERYWHERE,
        Hypothesis("moments", "residuals with moments 0, 0 and a positive definite one exist", _moments),
        Hypothesis("smooth", "h is C² near some a with h″(a) ≠ 0", _smooth),
    ),
    construct=_construct,
    conclude=_conclude,
    is_about_smooth=True,
    without_example=(
        ("moments", "the conclusion, that some targets exist, is not decided on instances"),
        ("smooth", "the conclusion, that some targets exist, is not decided on instances"),
    ),
    remarks=(
        "The abstract was read; the core for one hidden layer is proved in proofs/ding_2022. construct(inputs, width) of the "
        "module builds the minimum where h(a) is rational, that is for the quadratic activation, and there the conclusion is "
        "decided with a certificate (of a problem with other targets); for piecewise linear activations see yun_2019.theorem_1."
    ),
)
