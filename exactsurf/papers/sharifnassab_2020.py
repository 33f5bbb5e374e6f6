"""Sharifnassab, Salehkaleybar and Golestani 2020: how many samples allow a poor local minimum that is strict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from exactsurf.certificate.encoding import counted
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import HypothesisError, InternalError
from exactsurf.exact.linear_algebra import Vector, dot, rank
from exactsurf.exact.number import Exact, brief, whole_number
from exactsurf.minima.decide import decide
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.arguments import number_table
from exactsurf.theorems.hypotheses import ONE_HIDDEN_LAYER, ONE_OUTPUT, SQUARED_LOSS
from exactsurf.theorems.network_conditions import hidden_layers, one_output, relu_activation, squared_loss
from exactsurf.theorems.references import SHARIFNASSAB_2020
from exactsurf.theorems.theorem import Check, Hypothesis, SharpnessExample, Theorem


@dataclass(frozen=True)
class StrictMinimum:
    """A training set, and a local minimum that is strict up to the scale of its units and not global.

    Attributes: `problem` with the targets that were built; `parameters`, `risk`; `residuals` f − y; `verdict`, PROVED with
    a certificate of the claim *spurious local minimum*; `lower_point`, with `lower_risk`.
    Exactness: exact. Source: proofs/sharifnassab_2020.
    """

    problem: Problem
    parameters: Parameters
    risk: Fraction
    residuals: Vector
    verdict: Verdict
    lower_point: Parameters
    lower_risk: Fraction

    def __repr__(self) -> str:
        return f"StrictMinimum({self.problem!r}, risk {brief(self.risk)}, lower risk {brief(self.lower_risk)})"


def needed_samples(width: int, dimension: int) -> int:
    """m + 2d − 2, the number of samples of the paper. Exactness: exact. Raises: nothing. Source: the abstract.

    >>> needed_samples(4, 2)
    6
    """
    return width + 2 * dimension - 2


def construct(inputs: Sequence[Exact], width: int, *, output_bias: bool = False) -> StrictMinimum:
    """Targets for one-dimensional inputs, and a poor strict local minimum of a ReLU network of the given width on them.

    The units of the hidden layer have biases, so d = 2 in the words of the paper, and m + 2 distinct inputs are enough if the
    width m is even; if it is odd, m + 3 are taken.
    Parameters: `inputs`, numbers, of which enough are distinct; `width`; `output_bias`, whether the output has a bias.
    Returns: a `StrictMinimum`. Exactness: exact. Raises: `HypothesisError` for too few distinct inputs, `InputError` for a
    width below 1. Source: Sharifnassab et al. 2020 (abstract); proofs/sharifnassab_2020.

    >>> import exactsurf as es
    >>> found = es.papers.sharifnassab_2020.construct([0, 1, 2, 3], 2)
    >>> [str(y) for (y,) in found.problem.data.y], str(found.risk), str(found.lower_risk)
    (['15/16', '-65/32', '65/32', '-15/16'], '5', '142875/28672')
    >>> found.verdict.status, found.verdict.kind.isolated_modulo_invariance
    (<Status.PROVED: 'PROVED'>, True)
    """
    places = [row[0] for row in number_table([[value] for value in inputs], "inputs")]
    width = whole_number(width, "the width")
    corners = sorted(set(places))
    size = width + 2 + width % 2
    if len(corners) < size:
        raise HypothesisError(
            "samples", f"{len(corners)} distinct inputs, and {width} units take {size}", "take more inputs, or a lower width"
        )
    corners = corners[:size]
    residuals = _zigzag(places, corners)
    # The unit of a convex corner looks right with weight δ, that of a concave one left with weight −δ.
    units = [(1 if k % 2 else -1, corners[k]) for k in range(1, width + 1)]
    features = [[max(Fraction(0), side * (x - t)) for x in places] for side, t in units]
    plain = [
        sum((side * column[i] for (side, _), column in zip(units, features, strict=True)), Fraction(0))
        for i in range(len(places))
    ]
    ramp = [max(Fraction(0), x - corners[0]) for x in places]
    gain = dot(ramp, ramp)
    factor = Fraction(1)
    # A lower point with one unit exists once |δf|² < (1 − δ f·ramp)²/|ramp|².
    while not (factor * dot(plain, ramp) < 1 and factor**2 * dot(plain, plain) * gain < (1 - factor * dot(plain, ramp)) ** 2):
        factor /= 2
    targets = [factor * f - r for f, r in zip(plain, residuals, strict=True)]
    network = Network([1, width, 1], biases=[True, output_bias])
    problem = Problem(network, Data.from_arrays([[x] for x in places], targets))
    theta = _point(problem, [(side, -side * t, factor * side) for side, t in units])
    slope = dot(targets, ramp) / gain
    lower = _point(problem, [(1, -corners[0], slope), *[(Fraction(0), Fraction(0), Fraction(0))] * (width - 1)])
    verdict = decide(problem, theta, lower=lower)
    columns = [*features, [Fraction(1)] * len(places)] if output_bias else features
    if verdict.status is not Status.PROVED or verdict.lower_point is None or rank(columns) < len(columns):
        raise InternalError(f"the construction gave no strict spurious minimum: {verdict.reason}")
    risk, lower_risk = problem.rational_risk(theta), problem.rational_risk(lower)
    return StrictMinimum(problem, theta, risk, residuals, verdict, lower, lower_risk)


def _zigzag(places: Sequence[Fraction], corners: Sequence[Fraction]) -> Vector:
    """Residuals r with Σ r_i max(x_i − t, 0) = 1, 0, 1, …, 0 at the corners, one input each; 0 at the others."""
    ends = [Fraction(0)]
    ends += [(1 if k % 2 else -1) / (right - left) for k, (left, right) in enumerate(pairwise(corners))]
    ends.append(Fraction(0))
    jumps = {t: after - before for t, before, after in zip(corners, ends, ends[1:], strict=False)}
    return tuple(jumps.pop(x, Fraction(0)) for x in places)


def _point(problem: Problem, units: Sequence[tuple[Fraction | int, Fraction, Fraction | int]]) -> Parameters:
    named = {"W1": [[w] for w, _, _ in units], "b1": [b for _, b, _ in units], "W2": [[v for _, _, v in units]]}
    return problem.parameters(**named, **({"b2": [0]} if problem.network.biases[1] else {}))


def _dimension(problem: Problem) -> int:
    return problem.network.widths[0] + problem.network.biases[0]


def _two_weights(problem: Problem) -> Check:
    incoming = _dimension(problem)
    return incoming >= 2, f"d = {incoming}, biases counted", (incoming,)


def _enough(problem: Problem) -> Check:
    width, size = problem.network.widths[1], len(set(problem.data.x))
    needed = needed_samples(width, _dimension(problem))
    return size >= needed, f"{size} distinct inputs, {width} units: {needed} are needed", (size, needed)


def _conclude(problem: Problem, _: Parameters | None, __: Parameters | None) -> Verdict:
    for check in (hidden_layers(1, 1), one_output, squared_loss, relu_activation):
        holds, witness, _data = check(problem)
        if not holds:
            return Verdict(Status.UNDECIDED, witness)
    width, size, bias = problem.network.widths[1], len(set(problem.data.x)), problem.network.biases[1]
    if size <= width + bias:
        columns = counted(width + bias, "column") + (", the output bias among them," if bias else "")
        told = f"{columns} of features are orthogonal to residuals on {counted(size, 'input')}, so they are dependent"
        return Verdict(Status.REFUTED, f"no poor local minimum is strict: {told}")
    if problem.network.widths[0] != 1 or not problem.network.biases[0]:
        return Verdict(Status.UNDECIDED, "targets are built for one input and hidden units with biases")
    try:
        found = construct([x for (x,) in problem.data.x], width, output_bias=bias)
    except HypothesisError as error:
        return Verdict(Status.UNDECIDED, str(error))
    told = "with the targets that were built, a poor local minimum that is strict up to the scale of its units"
    return Verdict(Status.PROVED, f"{told}: {found.verdict.reason}", found.verdict.certificate, found.lower_point, found.risk)


def _construct(problem: Problem) -> StrictMinimum:
    """Targets on the inputs of a problem with one input and hidden biases; see `construct`."""
    if problem.network.widths[0] != 1 or problem.network.layers != 2 or not problem.network.biases[0]:
        raise HypothesisError("d", "targets are built for one input and one hidden layer with biases", "take one input")
    return construct([x for (x,) in problem.data.x], problem.network.widths[1], output_bias=problem.network.biases[1])


def _examples() -> tuple[SharpnessExample, ...]:
    problem = Problem(Network([1, 2, 1], biases=[True, False]), Data.from_arrays([0, 1], [0, 1]))
    line = Problem(Network([1, 2, 1], biases=False), Data.from_arrays([1, -1], [1, -1]))
    return (
        SharpnessExample("samples", "two samples and two units: every poor local minimum has flat directions", problem),
        SharpnessExample("d", "one incoming weight: m + 2d − 2 = 2 samples and two units, and none is strict", line),
    )


strict_poor_minima = Theorem(
    key="sharifnassab_2020.strict_poor_minima",
    title="Poor local minima that are strict, for training sets of m + 2d − 2 samples",
    statement=(
        r"One hidden layer of $m$ ReLU units with $d$ incoming weights (a bias counted), one output, the squared loss. For some "
        r"training sets of $n \ge m + 2d - 2$ samples there are poor local minima near which the risk increases in all "
        r"directions (up to the scale of the units)."
    ),
    reference=SHARIFNASSAB_2020,
    hypotheses=(
        ONE_HIDDEN_LAYER,
        ONE_OUTPUT,
        SQUARED_LOSS,
        Hypothesis("relu", "ReLU units", relu_activation, setting=True),
        Hypothesis("d", "at least two incoming weights, a bias counted", _two_weights),
        Hypothesis("samples", "at least m + 2d − 2 distinct inputs", _enough),
    ),
    construct=_construct,
    conclude=_conclude,
    examples=_examples,
    remarks=(
        "The abstract was read; the construction is ours, for the inputs that are given, d = 2 and even m (m + 3 inputs for odd "
        "m). With n ≤ m no poor local minimum is strict (where all incoming weights of a unit are 0, none is called strict). "
        "Whether the output has a bias is not said in the abstract; both work."
    ),
)
