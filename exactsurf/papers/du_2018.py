"""Du, Lee, Tian, Póczos and Singh, "Gradient Descent Learns One-hidden-layer CNN", ICML 2018: when their spurious minimum is one.

The population risk of one filter w with output weights a on non-overlapping patches, F(w, a) = ½ E (Σ_j a_j relu(ŵ·Z_j) −
Σ_j a*_j relu(w*·Z_j))² with ŵ = w/|w| and Z_j ~ N(0, I) independent, is no finite sum, so it is no `Problem`: its values hold π
and the angle φ between w and w*. What is decided here is the point with φ = π that the paper describes, for rational a*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.one_filter import CLAIMS_ABOUT_A_FILTER, OneFilter
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import InputError, InternalError
from exactsurf.exact.balls import PRECISIONS, Ball, from_arb, to_arb, working_precision
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import Exact, exact
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.papers.du_samples import opposite_on_samples, opposite_point, symmetric_sample
from exactsurf.theorems.arguments import number_list
from exactsurf.theorems.hypotheses import NO_BIASES, ONE_HIDDEN_LAYER, ONE_OUTPUT, RELU, SQUARED_LOSS
from exactsurf.theorems.references import DU_2018
from exactsurf.theorems.theorem import Check, Hypothesis, PointHypothesis, SharpnessExample, Theorem

if TYPE_CHECKING:
    from flint import arb

__all__ = [
    "OppositeFilter",
    "one_filter",
    "opposite_filter",
    "opposite_on_samples",
    "opposite_point",
    "population_risk",
    "spurious_minimum",
    "symmetric_sample",
]

_BITS, _MOST_BITS, _GRID = 128, 4096, 1 << 60


@dataclass(frozen=True)
class OppositeFilter:
    """The point w = −w* (|w*| = 1) with the best output weights a for it.

    Attributes: `teacher` a*; `output_weights`, balls with a = (11ᵀ + (π − 1)I)⁻¹(11ᵀ − I)a*; `product`, a ball with a·a*;
    `risk`, a ball; `is_local_minimum`, decided by the sign of a·a*; the least risk of all is 0, so the local minimum is spurious.
    `certificate`, accepted by the verifier, of a spurious local minimum or of the contrary (for patches of two or more entries).
    Exactness: decided by balls, and by proofs/claims/one_filter.md.
    Source: Du et al. 2018; papers.md, A5.
    """

    teacher: Vector
    output_weights: tuple[Ball, ...]
    product: Ball
    risk: Ball
    is_local_minimum: bool
    certificate: OneFilter


def opposite_filter(teacher: Sequence[Exact]) -> OppositeFilter:
    """The critical point of the population risk at which the filter is opposite to the teacher's, and whether it is a minimum.

    It is a spurious local minimum if a·a* < 0, that is π (Σ a*)² < (k + π − 1)|a*|², and else no local minimum.
    Parameters: `teacher`, the output weights a* of k patches, not all 0; the teacher's filter has length 1.
    Exactness: for rational a* the two sides are equal only if both factors of π and of 1 are (π is irrational), so the
    sign is always decided. Raises: `InputError` for a* = 0, errors of `exact`. Source: papers.md, A5; proofs/du_2018.

    >>> opposite_filter([1, -1]).is_local_minimum, opposite_filter([1, 1]).is_local_minimum
    (True, False)
    """
    goal = tuple(number_list(teacher, "the output weights"))
    if not any(goal):
        raise InputError("the teacher's output weights are all 0", fix="give a teacher that is not 0")
    sign = _sign(goal)
    with working_precision(_BITS):
        weights = _best_weights(goal, to_arb(Fraction(0)))
        product = sum((w * to_arb(v) for w, v in zip(weights, goal, strict=True)), to_arb(Fraction(0)))
        point = tuple(map(_ball, weights))
        risk = _ball(_risk(weights, goal, to_arb(Fraction(0))))
        return OppositeFilter(goal, point, _ball(product), risk, sign < 0, _certified(goal, risk, sign < 0))


def _certified(goal: Vector, risk: Ball, is_spurious: bool) -> OneFilter:
    """The certificate, with as many bits as the verifier needs for the sign of a linear form in π and 1."""
    bounds = (Fraction(floor(risk.lower * _GRID), _GRID), Fraction(-floor(-risk.upper * _GRID), _GRID)) if is_spurious else ()
    bits = _BITS
    while True:
        found = OneFilter(CLAIMS_ABOUT_A_FILTER[not is_spurious], goal, bounds, bits)
        try:
            return confirmed(found)
        except InternalError:
            if bits >= _MOST_BITS:
                raise
            bits *= 2


def population_risk(output_weights: Sequence[Exact], teacher: Sequence[Exact], cosine: Exact, bits: int = _BITS) -> Ball:
    """A ball with F at output weights a, for a teacher a* and a filter at the angle φ to the teacher's, cos φ given.

    Parameters: `output_weights`, `teacher` of the same length; `cosine` in [−1, 1]; `bits`, the working precision.
    Exactness: the ball holds the true value. Raises: `InputError` for other lengths or cosines, errors of `exact`.
    Source: papers.md, A5 (Cho and Saul's formula with g(φ) = (π − φ)cos φ + sin φ).

    >>> population_risk([1, 2], [1, 2], 1).contains(0), population_risk([1], [1], -1).contains("1/2")
    (True, True)
    """
    student, goal = (number_list(row, "the output weights") for row in (output_weights, teacher))
    angle = exact(cosine, "cosine")
    if len(student) != len(goal) or abs(angle) > 1:
        raise InputError("as many output weights as the teacher has, and a cosine from -1 to 1", text=str(cosine))
    with working_precision(bits):
        return _ball(_risk([to_arb(v) for v in student], goal, _turned(angle)))


def _turned(cosine: Fraction) -> arb:
    """g(φ) = (π − φ)cos φ + sin φ."""
    from flint import arb

    ball = to_arb(cosine)
    sine = (1 - ball * ball).nonnegative_part().sqrt()
    return (arb.pi() - arb.atan2(sine, ball)) * ball + sine


def _risk(student: Sequence[arb], goal: Sequence[Fraction], turned: arb) -> arb:
    """((π − 1)(|a|² + |a*|²) + s² + s*² − 2(g − 1) a·a* − 2 s s*)/(4π), s and s* the sums."""
    from flint import arb

    teacher = [to_arb(v) for v in goal]
    rest, zero = arb.pi() - 1, to_arb(Fraction(0))
    squares = sum((v * v for v in (*student, *teacher)), zero)
    product = sum((a * b for a, b in zip(student, teacher, strict=True)), zero)
    gap = sum(student, zero) - sum(teacher, zero)
    return (rest * squares + gap * gap - 2 * (turned - 1) * product) / (4 * arb.pi())


def _best_weights(goal: Sequence[Fraction], turned: arb) -> list[arb]:
    """((π − 1)I + 11ᵀ)⁻¹((g − 1)I + 11ᵀ)a*, by Sherman and Morrison."""
    from flint import arb

    rest, total = arb.pi() - 1, to_arb(sum(goal, Fraction(0)))
    size = len(goal)
    right = [(turned - 1) * to_arb(v) + total for v in goal]
    mean = sum(right, to_arb(Fraction(0))) / (rest + size)
    return [(value - mean) / rest for value in right]


def _sign(goal: Sequence[Fraction]) -> int:
    """The sign of a·a*, that of π (s² − |a*|²) − (k − 1)|a*|²."""
    from flint import arb

    total, squares = sum(goal, Fraction(0)), sum((v * v for v in goal), Fraction(0))
    with_pi, without = total * total - squares, -(len(goal) - 1) * squares
    if not with_pi:
        return (without > 0) - (without < 0)
    bits = PRECISIONS[0]
    while bits < 1 << 24:
        with working_precision(bits):
            sign = _ball(arb.pi() * to_arb(with_pi) + to_arb(without)).sign
        if sign is not None:
            return sign
        bits *= 2
    raise InternalError("a linear form in 1 and π with rational coefficients has no sign at 2^24 bits")


def _ball(value: arb) -> Ball:
    found = from_arb(value)
    if found is None:
        raise InternalError("a value of the population risk is not finite")
    return found


def _patches(problem: Problem) -> Check:
    inputs, units = problem.network.widths[0], problem.network.widths[1] if problem.network.layers > 1 else 0
    return bool(units) and inputs % units == 0, f"{inputs} inputs, {units} units", (inputs, units)


def _one_filter(problem: Problem, parameters: Parameters) -> Check:
    """Every unit sees one patch only, no two the same one, and all have the same filter; patches are blocks of inputs."""
    first = parameters.weights[0]
    size, rest = divmod(len(first[0]), len(first))
    if problem.network.layers != 2 or rest:
        return None, "the inputs do not divide into as many patches as there are units", ()
    taken: dict[int, int] = {}
    filters = []
    for j, row in enumerate(first):
        seen = sorted({p // size for p, value in enumerate(row) if value})
        if len(seen) > 1:
            return False, f"unit {j} sees patches {seen[0]} and {seen[1]}", (j, *seen)
        start = seen[0] * size if seen else j * size
        filters.append((start, row[start : start + size]))
        if seen and taken.setdefault(seen[0], j) != j:
            return False, f"units {taken[seen[0]]} and {j} see patch {seen[0]}", (taken[seen[0]], j)
    shared = filters[0][1]
    for j, (start, row) in enumerate(filters):
        for p, (value, expected) in enumerate(zip(row, shared, strict=True), start=start):
            if value != expected:
                return False, f"W1[{j}, {p}] is {value}, not {expected}", (j, p, value, expected)
    return True, f"one filter of {size} weights on {len(first)} patches", shared


def _conclude(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    return Verdict(
        Status.UNDECIDED,
        "the conclusion is about the population risk and about random starts of gradient descent; opposite_filter(a*) decides by "
        "balls whether the point with the opposite filter is a spurious local minimum, and decide answers about finite samples",
    )


def _construct(problem: Problem, teacher: Sequence[Exact]) -> OppositeFilter:
    if problem.network.layers != 2 or len(teacher) != problem.network.widths[1]:
        raise InputError("the teacher has one output weight for every hidden unit", text=f"{len(teacher)} weights")
    return opposite_filter(teacher)


def _two_entries(problem: Problem) -> Check:
    inputs, units = problem.network.widths[0], problem.network.widths[1] if problem.network.layers > 1 else 0
    size = inputs // units if units else 0
    return size >= 2, f"a patch has {size} entries" if size != 1 else "a patch has 1 entry", (size,)


def _not_zero(problem: Problem, parameters: Parameters) -> Check:
    entries = [parameters.weights[0], parameters.weights[-1]]
    zero = next((name for name, rows in zip(("filter", "output weights"), entries, strict=True) if not any(map(any, rows))), None)
    return zero is None, "filter and output weights are not 0" if zero is None else f"the {zero} of the teacher are 0", ()


def _conclude_about_the_point(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    """The parameters are the teacher, whose filter may be taken to have length 1."""
    assert parameters is not None
    for check in (_one_filter, _not_zero):
        holds, witness, _data = check(problem, parameters)
        if not holds:
            return Verdict(Status.UNDECIDED, witness)
    found = opposite_filter(parameters.weights[-1][0])
    is_one = "is a spurious" if found.is_local_minimum else "is no"
    if not _two_entries(problem)[0] and not found.is_local_minimum:
        return Verdict(
            Status.REFUTED,
            "the condition fails, and the point is a local minimum: filters of one entry have the angles 0 and π only, and the "
            "risk is convex in the output weights",
        )
    return Verdict(
        Status.PROVED,
        f"for these output weights of the teacher the point {is_one} local minimum, as the condition says",
        found.certificate if _two_entries(problem)[0] else None,
    )


def _examples() -> tuple[SharpnessExample, ...]:
    problem = Problem(Network([2, 2, 1], biases=False), Data.from_arrays([[1, 1]], [1]))
    teacher = problem.parameters(W1=[[1, 0], [0, 1]], W2=[[1, 1]])
    return (SharpnessExample("entries", "filters of one entry cannot turn", problem, teacher),)


_SETTING = (
    ONE_HIDDEN_LAYER,
    RELU,
    NO_BIASES,
    ONE_OUTPUT,
    SQUARED_LOSS,
    Hypothesis("patches", "the inputs divide into as many patches as there are units", _patches, setting=True),
)

spurious_minimum = Theorem(
    key="du_2018.spurious_minimum",
    title="One filter on non-overlapping patches: when the opposite filter is a spurious local minimum",
    statement=(
        r"Let $F(w, a) = \frac12\mathbb{E}(\sum_j a_j [\hat w \cdot Z_j]_+ - \sum_j a^*_j [w^* \cdot Z_j]_+)^2$ with "
        r"independent $Z_j \sim N(0, I)$, $j \le k$, $\hat w = w/|w|$, $|w^*| = 1$. The point $\angle(w, w^*) = \pi$, "
        r"$a = (11^T + (\pi - 1)I)^{-1}(11^T - I)a^*$ is a spurious local minimum if and only if "
        r"$(1 \cdot a^*)^2 < \frac{k + \pi - 1}{\pi}|a^*|^2$."
    ),
    reference=DU_2018,
    hypotheses=(
        *_SETTING,
        Hypothesis("entries", "a patch has two or more entries", _two_entries),
        PointHypothesis("filter", "all units have the same filter, each on its own patch", _one_filter),
        PointHypothesis("teacher", "the filter and the output weights of the teacher are not 0", _not_zero),
    ),
    construct=_construct,
    conclude=_conclude_about_the_point,
    examples=_examples,
    without_example=(
        ("filter", "the conclusion is about one filter"),
        ("teacher", "the statement divides by the length of the filter, and with a* = 0 every risk is that of the student alone"),
    ),
    remarks=(
        "The formula is recalled and derived, the condition on a* is proved in proofs/claims/one_filter.md, for patches of two "
        "or more entries; the parameters are the teacher, and samples are not used: the law of the inputs is normal. The answer "
        "is certified for both signs."
    ),
)

one_filter = Theorem(
    key="du_2018.one_filter",
    title="One filter on non-overlapping patches: a spurious local minimum with the opposite filter",
    statement=(
        r"Let $F(w, a) = \frac12\mathbb{E}(\sum_j a_j [\hat w \cdot Z_j]_+ - \sum_j a^*_j [w^* \cdot Z_j]_+)^2$ with "
        r"independent $Z_j \sim N(0, I)$, $j \le k$, $\hat w = w/|w|$, $|w^*| = 1$. The point $\angle(w, w^*) = \pi$, "
        r"$a = (11^T + (\pi - 1)I)^{-1}(11^T - I)a^*$ is a spurious local minimum if and only if "
        r"$(1 \cdot a^*)^2 < \frac{k + \pi - 1}{\pi}|a^*|^2$. Gradient descent from a random start finds the global minimum with "
        r"constant probability, and the spurious one with constant probability."
    ),
    reference=DU_2018,
    hypotheses=(
        *_SETTING,
        PointHypothesis("filter", "all units have the same filter, each on its own patch", _one_filter),
    ),
    construct=_construct,
    conclude=_conclude,
    without_example=(("filter", "the conclusion is about the population risk and is not decided on samples"),),
    remarks=(
        "The condition on a* alone is du_2018.spurious_minimum, which decides it with a certificate; the law of the inputs "
        "cannot be checked on a sample, and probabilities over random starts are not decidable on an instance. "
        "construct(problem, teacher) and opposite_filter(teacher) decide the point for rational a*; population_risk encloses F."
    ),
)
