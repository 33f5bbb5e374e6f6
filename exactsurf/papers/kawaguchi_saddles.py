"""Kawaguchi (2016), Corollary 2.4: saddles without a negative eigenvalue, at 0 and at other points, as a theorem of its own."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import HypothesisError, UnsupportedError
from exactsurf.exact.ldlt import ldlt
from exactsurf.exact.linear_algebra import rank
from exactsurf.minima.decide import decide
from exactsurf.model.activation import linear
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.arguments import check_problem
from exactsurf.theorems.constructions.descent_lines import hessian, not_a_local_minimum
from exactsurf.theorems.constructions.linear_network import is_critical, linear_without_biases
from exactsurf.theorems.data_conditions import (
    correlation,
    distinct_eigenvalues,
    fewer_targets_than_inputs,
    full_rank_correlation,
    full_rank_inputs,
    short,
)
from exactsurf.theorems.hypotheses import DEEP_LINEAR, SQUARED_LOSS
from exactsurf.theorems.network_conditions import hidden_layers, squared_loss
from exactsurf.theorems.references import KAWAGUCHI_2016
from exactsurf.theorems.theorem import Check, Hypothesis, SharpnessExample, Theorem

_SILENT = 3  # layers that are 0: then every product of all layers is 0 to second order


@dataclass(frozen=True)
class BadSaddle:
    """A saddle whose Hessian has no negative eigenvalue: `parameters`, the `inertia` of the Hessian, the `verdict`.

    `verdict` is REFUTED as a local minimum, with a point of lower risk.
    """

    problem: Problem
    parameters: Parameters
    inertia: tuple[int, int, int]
    verdict: Verdict


def bad_saddle(problem: Problem, parameters: Parameters | None = None) -> BadSaddle:
    """Corollary 2.4: a saddle without a negative eigenvalue of the Hessian, at 0 or at a point that is given.

    Parameters: a deep linear `problem` without biases, squared loss, two hidden layers or more, X Yᵀ ≠ 0; `parameters`, the point
    to examine, by default 0. The paper leaves W_{H+1} arbitrary; for two hidden layers the Hessian then has negative eigenvalues
    unless W_3ᵀ Y Xᵀ = 0, so all weights are zero by default; `bad_saddles` gives others.
    Exactness: exact. Raises: `HypothesisError` for one hidden layer, biases, another activation or loss, X Yᵀ = 0, and for a
    point that is not critical, has a negative eigenvalue, or is no saddle; `UnsupportedError` where that is not decided.
    Source: papers.md, A2 (critical finding); proofs/kawaguchi_2016.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([[1, 0], [0, 1]], [[2, 0], [0, 1]])
    >>> saddle = bad_saddle(es.Problem(es.Network([2, 2, 2, 2], es.linear, biases=False), data))
    >>> saddle.inertia, saddle.verdict.risk, saddle.verdict.status
    ((0, 0, 12), Fraction(5, 2), <Status.REFUTED: 'REFUTED'>)
    """
    check_problem(problem)
    for check in (linear_without_biases, squared_loss, hidden_layers(2)):
        holds, witness, _ = check(problem)
        if not holds:
            raise HypothesisError("Corollary 2.4", witness, "it is about deep linear networks with two hidden layers and more")
    if not any(map(any, correlation(problem.data))):
        raise HypothesisError("Corollary 2.4", "X Yᵀ = 0", "then 0 is a global minimum")
    zero, widths = Fraction(0), problem.network.widths
    weights = tuple(((zero,) * below,) * above for below, above in itertools.pairwise(widths))
    theta = Parameters(weights, (None,) * problem.network.layers) if parameters is None else parameters
    problem.check_shapes(theta)
    holds, witness, _ = is_critical(problem, theta)
    if not holds:
        raise HypothesisError("Corollary 2.4", f"the point is not critical: {witness}")
    inertia = ldlt(hessian(problem, theta)).inertia
    if inertia[1]:
        raise HypothesisError("Corollary 2.4", f"the Hessian has {inertia[1]} negative eigenvalues at the point")
    verdict = not_a_local_minimum(problem, theta)
    if verdict.status is Status.UNDECIDED:
        verdict = decide(problem, theta)
    if verdict.status is Status.PROVED:
        raise HypothesisError("Corollary 2.4", f"the point is no saddle: {verdict.reason}")
    if verdict.status is Status.UNDECIDED:
        raise UnsupportedError(f"whether the point is a saddle is not decided: {verdict.reason}")
    return BadSaddle(problem, theta, inertia, verdict)


def bad_saddles(problem: Problem, limit: int = 4) -> list[BadSaddle]:
    """Corollary 2.4 away from 0: three layers are 0 and the others are not, or W_3 alone is not and W_3ᵀ Y Xᵀ = 0.

    With three layers 0 every product is 0 to second order, so the point is critical and its Hessian is 0.
    Parameters: as `bad_saddle`, whose point 0 is not among them; at most `limit`. Exactness: exact; every point is examined by
    `bad_saddle`. Raises: as `bad_saddle`. Source: proofs/kawaguchi_2016.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([[1, 0], [0, 1]], [[2, 0], [0, 1]])
    >>> found = bad_saddles(es.Problem(es.Network([2, 2, 2, 2, 2], es.linear, biases=False), data))
    >>> [[k for k, w in enumerate(one.parameters.weights, 1) if any(map(any, w))] for one in found]
    [[4], [3], [2], [1]]
    """
    bad_saddle(problem)
    found: list[BadSaddle] = []
    for theta in itertools.islice(_candidates(problem), 4 * limit):
        try:
            found.append(bad_saddle(problem, theta))
        except (HypothesisError, UnsupportedError):  # where the other layers cut off all correlation, it may be no saddle
            continue
        if len(found) == limit:
            break
    return found


def _candidates(problem: Problem) -> Iterator[Parameters]:
    widths, layers = problem.network.widths, problem.network.layers
    shapes = list(itertools.pairwise(widths))

    def point(live: dict[int, int]) -> Parameters:
        weights = tuple(
            tuple(tuple(Fraction(live.get(k, 0) * int(p == q)) for q in range(below)) for p in range(above))
            for k, (below, above) in enumerate(shapes)
        )
        return Parameters(weights, (None,) * layers)

    if layers == _SILENT:
        table = correlation(problem.data)
        silent = [p for p, row in enumerate(table) if not any(row)]
        for p in silent:
            rows = tuple(tuple(Fraction(int(k == p and q == 0)) for q in range(widths[-2])) for k in range(widths[-1]))
            yield Parameters((*point({}).weights[:-1], rows), (None,) * layers)
    for size, silent_layers in itertools.product((1, 2, -3), itertools.combinations(range(layers), _SILENT)):
        live = {k: size for k in range(layers) if k not in silent_layers}
        if live:
            yield point(live)


def _correlated(problem: Problem) -> Check:
    table = correlation(problem.data)
    for p, row in enumerate(table):
        for q, value in enumerate(row):
            if value:
                return True, f"target {p} and input {q} have Σ y x = {short(value)}", (p, q)
    return False, "Y Xᵀ = 0", ()


def _conclude(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    """Some saddle has no negative eigenvalue: the point that is given, if it is one, else 0."""
    for holds, witness, _data in (linear_without_biases(problem), squared_loss(problem)):
        if not holds:
            return Verdict(Status.UNDECIDED, witness)
    if problem.network.layers < 2:
        return Verdict(Status.UNDECIDED, "there is no hidden layer")
    if not _correlated(problem)[0]:
        if rank(problem.data.x) < problem.network.widths[0]:
            return Verdict(Status.UNDECIDED, "X Yᵀ = 0 and X Xᵀ is not invertible")
        reason = (
            "X Yᵀ = 0: the risk is ½|P X|² and a constant, scaled by t in every layer it is t^(2H + 2), so there is no saddle"
        )
        return Verdict(Status.REFUTED, reason)
    if problem.network.layers == 2:
        for check in (full_rank_inputs, full_rank_correlation, fewer_targets_than_inputs, distinct_eigenvalues):
            if not check(problem)[0]:
                return Verdict(Status.UNDECIDED, "one hidden layer, and Theorem 2.3 (iv) does not apply")
        return Verdict(
            Status.REFUTED, "one hidden layer: by Theorem 2.3 (iv) the Hessian has a negative eigenvalue at every saddle"
        )
    try:
        found, where = bad_saddle(problem, parameters), "here"
    except HypothesisError as error:
        if parameters is None:
            return Verdict(Status.UNDECIDED, str(error))
        found, where = bad_saddle(problem), "at 0"
    reason = f"a saddle without a negative eigenvalue {where}: inertia {found.inertia}; {found.verdict.reason}"
    certificate, lower = found.verdict.certificate, found.verdict.lower_point
    return Verdict(Status.PROVED, reason, certificate, lower, found.verdict.risk)


def _examples() -> tuple[SharpnessExample, ...]:
    diagonal = Data.from_arrays([[1, 0], [0, 1]], [[2, 0], [0, 1]])
    alone = Data.from_arrays([[1], [-1]], [[1], [1]])
    shallow = Problem(Network([2, 2, 2], linear, biases=False), diagonal)
    silent = Problem(Network([1, 1, 1, 1], linear, biases=False), alone)
    return (
        SharpnessExample("depth", "one hidden layer: all saddles are strict", shallow),
        SharpnessExample("correlation", "X Yᵀ = 0: no saddle at all", silent),
    )


corollary_2_4 = Theorem(
    key="kawaguchi_2016.corollary_2_4",
    title="Deep linear networks have saddles without a negative eigenvalue",
    statement=(
        r"For $H \ge 2$ hidden layers the squared risk of a deep linear network with $XY^T \ne 0$ has saddle points at which the "
        r"Hessian has no negative eigenvalue."
    ),
    reference=KAWAGUCHI_2016,
    hypotheses=(
        DEEP_LINEAR,
        SQUARED_LOSS,
        Hypothesis("depth", "at least two hidden layers", hidden_layers(2)),
        Hypothesis("correlation", "X Yᵀ ≠ 0", _correlated),
    ),
    construct=bad_saddle,
    conclude=_conclude,
    examples=_examples,
    remarks=(
        "The proof in the paper takes W_1 = … = W_H = 0 with W_{H+1} arbitrary, which is too much for H = 2 (papers.md, A2). "
        "construct examines any point that is given, 0 without one; bad_saddles gives others, with layers that are not 0."
    ),
)
