"""Nguyen and Hein, "The Loss Surface of Deep and Wide Neural Networks", ICML 2017: Lemma 3.5, pointwise."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.exact.balls import Ball
from exactsurf.exact.linear_algebra import rank
from exactsurf.minima.decide import decide
from exactsurf.model.activation import leaky_relu
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem
from exactsurf.theorems import smooth_conditions
from exactsurf.theorems.data_conditions import short
from exactsurf.theorems.hypotheses import BIASES_EVERYWHERE, DIFFERENTIABLE_LOSS, SOME_HIDDEN_LAYER
from exactsurf.theorems.point_conditions import certified_global, gradient_or_why_not
from exactsurf.theorems.references import NGUYEN_2017
from exactsurf.theorems.theorem import Check, PointHypothesis, SharpnessExample, Theorem


@lru_cache(maxsize=2)  # two hypotheses ask it of one point
def full_rank_layers(problem: Problem, parameters: Parameters) -> Check:
    """Some layer k has rank [F_k, 1] = N, and W_l has full row rank for all l ≥ k + 2 (F_0 = X); the data are all such k.

    Exactness: exact. Raises: `ShapeError`. Source: papers.md, A5 (Lemma 3.5).
    """
    if not problem.network.is_piecewise_linear:
        return _full_rank_smooth_layers(problem, parameters)
    forward, size, found, narrow = problem.forward(parameters), len(problem.data), [], []
    tables = [tuple(problem.data.x)]
    tables += [tuple(zip(*(a.fractions() for a in layer), strict=True)) for layer in forward.activations]
    ranks = [rank([(*row, Fraction(1)) for row in rows]) for rows in tables]
    for k, reached in enumerate(ranks):
        if reached == size:
            above = enumerate(parameters.weights[k + 1 :], start=k + 2)
            low = next((layer for layer, matrix in above if rank(matrix) < len(matrix)), None)
            if low is None:
                found.append(k)
            else:
                narrow.append(f"k = {k}: W{low} has not full row rank")
    if found:
        k = found[0]
        words = f"rank [F_{k}, 1] = {size} samples, and the weights from layer {k + 2} on have full row rank"
        return True, words, tuple(found)
    numbers = f"rank [F_k, 1] = {', '.join(map(str, ranks))} for k = 0, …, {len(ranks) - 1}, {size} samples"
    return False, "; ".join([numbers, *narrow]), tuple(ranks)


def _full_rank_smooth_layers(problem: Problem, parameters: Parameters) -> Check:
    """The same with features in balls: a layer whose rank they leave open is not named."""
    tables: list[list[list[Ball]]] = [[[Ball(v) for v in x] for x in problem.data.x]]
    tables += [[list(row) for row in layer] for layer in smooth_conditions.enclosed_layers(problem, parameters).activations]
    full = [smooth_conditions.has_full_row_rank([[*row, Ball(Fraction(1))] for row in rows]) for rows in tables]
    above = [all(rank(matrix) == len(matrix) for matrix in parameters.weights[k + 1 :]) for k in range(len(full))]
    found = tuple(k for k, (holds, rest) in enumerate(zip(full, above, strict=True)) if holds and rest)
    if found:
        k = found[0]
        words = f"rank [F_{k}, 1] = {len(problem.data)} samples, and the weights from layer {k + 2} on have full row rank"
        return True, words, found
    if any(holds is None and rest for holds, rest in zip(full, above, strict=True)):
        return None, "balls do not decide whether the features have full rank", ()
    return False, f"no layer has features of rank {len(problem.data)} below weights of full row rank", ()


def stationary_layer(problem: Problem, parameters: Parameters) -> Check:
    """The gradient with respect to W_{k+1} and b_{k+1} is zero for some k that `full_rank_layers` names (any k if it names none).

    Exactness: exact; None where the risk may have no derivative. Raises: `ShapeError`. Source: papers.md, A5 (Lemma 3.5).
    """
    if not problem.network.is_piecewise_linear:
        named, _, layers = full_rank_layers(problem, parameters)
        answers = [
            smooth_conditions.critical(problem, parameters, k + 1) for k in (layers if named else range(problem.network.layers))
        ]
        best = next((answer for answer in answers if answer[0]), None)
        return best or next((answer for answer in answers if answer[0] is None), answers[0])
    gradient = gradient_or_why_not(Point(problem, parameters))
    if not isinstance(gradient, Parameters):
        return gradient
    named, _, layers = full_rank_layers(problem, parameters)
    first = None
    for k in layers if named else range(problem.network.layers):
        shift = gradient.biases[k] or ()
        entry = next((value for row in (*gradient.weights[k], shift) for value in row if value), None)
        if entry is None:
            return True, f"the gradient is zero with respect to W{k + 1} and b{k + 1}", (k,)
        first = first or (k, entry)
    assert first is not None
    return False, f"a derivative with respect to W{first[0] + 1} or b{first[0] + 1} is {short(first[1])}", first


def positive_slopes(problem: Problem, parameters: Parameters) -> Check:
    """σ is differentiable with σ′ > 0 at every pre-activation of the point.

    Exactness: exact. Raises: `ShapeError`. Source: papers.md, A5 (Lemma 3.5).
    """
    h = problem.network.activation
    if not problem.network.is_piecewise_linear:
        return smooth_conditions.positive_slopes(h, smooth_conditions.enclosed_layers(problem, parameters))
    rising = {(k, k) for k, slope in enumerate(h.slopes) if slope > 0}
    for depth, layer in enumerate(problem.forward(parameters).pre_activations, start=1):
        for unit, values in enumerate(layer):
            for i, (left, right) in enumerate(h.pieces(values)):
                if (left, right) in rising:
                    continue
                least = min(h.slopes[left], h.slopes[right])
                if h.slopes[left] != h.slopes[right]:
                    return False, f"unit {unit} of layer {depth} is on a breakpoint on sample {i}", (depth, unit, i)
                if least <= 0:
                    return False, f"the slope of unit {unit} of layer {depth} on sample {i} is {short(least)}", (depth, unit, i)
    return True, "every unit has a positive slope on every sample", ()


def no_residual(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    """The derivative of the loss is zero at every prediction, so the point is a global minimum.

    Exactness: exact. Raises: `ShapeError`.
    """
    assert parameters is not None
    if not problem.network.is_piecewise_linear:
        return smooth_conditions.no_residual(problem, parameters)
    outputs, risk = problem.forward(parameters).outputs, problem.rational_risk(parameters)
    for k, (low, high) in enumerate(problem.subdifferentials(outputs)):
        for i in range(len(low)):
            if not low[i] <= 0 <= high[i]:
                reason = f"the derivative of the loss at output {k} on sample {i} is {short(low[i])}, not 0"
                found = decide(problem, parameters)
                return Verdict(Status.REFUTED, f"{reason}; {found.reason}", found.certificate, found.lower_point, risk)
    return certified_global(problem, parameters, "the loss has its minimum at every prediction")


def _examples() -> tuple[SharpnessExample, ...]:
    problem = Problem(Network([1, 2, 1], leaky_relu("1/2")), Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    point = problem.parameters(W1=[["1/2"], [0]], b1=[1, 1], W2=[[1, 0]], b2=[-1])
    line = Data.from_arrays([0, 1], [0, 1])
    dead, leaky = Problem(Network([1, 1, 1]), line), Problem(Network([1, 1, 1], leaky_relu("1/2")), line)
    return (
        SharpnessExample("rank", "a spurious local minimum with features of rank 2 on 4 samples", problem, point),
        SharpnessExample(
            "activation",
            "ReLU: a dead unit, so the inputs cannot be used",
            dead,
            dead.parameters(W1=[[0]], b1=[-1], W2=[[1]], b2=["1/2"]),
        ),
        SharpnessExample(
            "critical",
            "any other point that misses the targets",
            leaky,
            leaky.parameters(W1=[[1]], b1=[1], W2=[[1]], b2=[0]),
        ),
    )


lemma_3_5 = Theorem(
    key="nguyen_2017.lemma_3_5",
    title="Critical points with linearly independent features fit the data",
    statement=(
        r"Let $\sigma$ be differentiable with $\sigma' > 0$ at all pre-activations, the gradient with respect to "
        r"$W_{k+1}, b_{k+1}$ be zero, $\mathrm{rank}[F_k, 1] = N$ for some layer $k$ and $\mathrm{rank}\,W_l = n_l$ for "
        r"$l \ge k+2$. Then the point is a global minimum, and the derivative of the loss vanishes at every prediction."
    ),
    reference=NGUYEN_2017,
    hypotheses=(
        SOME_HIDDEN_LAYER,
        DIFFERENTIABLE_LOSS,
        BIASES_EVERYWHERE,
        PointHypothesis("activation", "σ is differentiable with σ' > 0 at all pre-activations", positive_slopes),
        PointHypothesis("rank", "rank [F_k, 1] = N and full row rank above, for some k", full_rank_layers),
        PointHypothesis("critical", "the gradient in W_(k+1), b_(k+1) is zero, for one such k", stationary_layer),
    ),
    conclude=no_residual,
    examples=_examples,
    is_about_smooth=True,
    remarks=(
        "The paper asks for real-analytic σ and has σ on the output, too; the proof of the lemma uses only that σ' > 0 at the "
        "point, so it holds for leaky ReLU off the kinks. Smooth activations are decided by balls: a rank by a Gram determinant "
        "that is not 0, a gradient by an exact fit or a derivative that is not 0. Theorem 3.8 (almost every point) is not "
        "decidable on one instance."
    ),
)
