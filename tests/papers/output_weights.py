"""An oracle for points whose output weights are all zero: strictness in output weights and bias is enough for a local minimum.

Lemma. One hidden layer, any continuous activation, convex loss ℓ, all output weights V = 0 at θ* = (w*, V = 0, c*). If the
one-sided derivative of the risk at θ* is positive in every direction (V′, c′) ≠ 0 that moves output weights and output bias
only, then θ* is a local minimum. Proof. For fixed hidden weights w the risk is a convex function of (V, c) with the same
value L* at (0, c*) for every w. Its one-sided derivative at (0, c*) is continuous in w and in the direction, positive on
the unit sphere for w = w*, hence for all w near w* (compactness), and a convex function that increases from a point in
every direction has its minimum there. So L ≥ L* near θ*.

With subgradient intervals [l_i, u_i] and features φ_i = (h(w_k·x̃_i))_k, 1 the condition says that 0 is an inner point of
{Σ r_i φ_i : l_i ≤ r_i ≤ u_i}: some r has Σ r_i φ_i = 0, strictly inside its intervals wherever these are not single points,
and the φ_i of those samples span the whole space.
"""

from __future__ import annotations

from fractions import Fraction

from exactsurf.exact.linear_algebra import Vector, rank
from exactsurf.exact.strict_system import MotzkinMultipliers, solve_strict_system
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem


def strict_in_output_weights(problem: Problem, parameters: Parameters) -> Vector | str:
    """The multipliers r of the lemma, which make the point a local minimum, or why it says nothing."""
    network = problem.network
    if network.layers != 2 or network.widths[-1] != 1:
        return "the lemma on zero output weights needs one hidden layer and one output"
    if any(parameters.weights[1][0]):
        return "an output weight is not zero"
    forward = problem.forward(parameters)
    ((low, high),) = problem.subdifferentials(forward.outputs)
    features = [list(values) for values in zip(*(a.fractions() for a in forward.activations[0]), strict=True)]
    if network.biases[1]:
        features = [[*row, Fraction(1)] for row in features]
    lower, upper, size = low.fractions(), high.fractions(), len(features)
    kinks = [i for i in range(size) if lower[i] < upper[i]]
    if not kinks or rank([features[i] for i in kinks]) < len(features[0]):
        return "the samples at a kink of the loss do not pin output weights and output bias"
    # Unknowns R_i = τ r_i at the kinks, and τ > 0: τ l_i < R_i < τ u_i and Σ R_i φ_i + τ Σ_(others) l_i φ_i = 0.
    zero, width = Fraction(0), len(features[0])
    others = [i for i in range(size) if i not in set(kinks)]
    strict = [[zero] * len(kinks) + [Fraction(1)]]
    for position, i in enumerate(kinks):
        for end, sign in ((lower[i], 1), (upper[i], -1)):
            inside = [zero] * (len(kinks) + 1)
            inside[position], inside[-1] = Fraction(sign), -sign * end
            strict.append(inside)
    equal = [[*(features[i][c] for i in kinks), sum((features[i][c] * lower[i] for i in others), zero)] for c in range(width)]
    found = solve_strict_system(strict, equal)
    if isinstance(found, MotzkinMultipliers):
        return "some direction in output weights and output bias does not raise the risk to first order"
    chosen = list(lower)
    for position, i in enumerate(kinks):
        chosen[i] = found[position] / found[-1]
    return tuple(chosen)
