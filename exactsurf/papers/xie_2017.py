"""Xie, Liang and Song, AISTATS 2017, and Soudry and Carmon, 2016: the extended feature matrix has full rank, so no misfit.

Both papers make the rank condition likely (random inputs, random slopes); that part is about probabilities and is not
decidable on one instance. The rank at a given point is, and the conclusion with it.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from exactsurf.exact.balls import Ball
from exactsurf.exact.linear_algebra import rank
from exactsurf.model.activation import leaky_relu
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.papers.nguyen_2017 import no_residual
from exactsurf.theorems.hypotheses import DIFFERENTIABLE_LOSS, IN_OPEN_CELL, LOCAL_MINIMUM, ONE_HIDDEN_LAYER, ONE_OUTPUT
from exactsurf.theorems.network_conditions import leaky_relu_like
from exactsurf.theorems.point_conditions import critical, in_open_cell
from exactsurf.theorems.references import SOUDRY_2016, XIE_2017
from exactsurf.theorems.smooth_conditions import BITS, enclosed_layers, has_full_row_rank
from exactsurf.theorems.smooth_conditions import critical as smooth_critical
from exactsurf.theorems.theorem import Check, Hypothesis, PointHypothesis, SharpnessExample, Theorem


def feature_rank(problem: Problem, parameters: Parameters, *, with_output_weights: bool) -> int:
    """The rank of the extended feature matrix with column (v_k s_ik x̃_i)_k for sample i, s_ik the slope of unit k.

    Parameters: a point in an open cell; without `with_output_weights` the factors v_k are left out (slopes ∘ inputs).
    Exactness: exact. Raises: `ShapeError`. Source: papers.md, A5 (Xie et al.; Soudry and Carmon).
    """
    h, bias = problem.network.activation, problem.network.biases[0]
    (units,) = problem.forward(parameters).pre_activations
    slopes = [[h.slopes[left] for left, _ in h.pieces(z)] for z in units]
    factors = parameters.weights[1][0] if with_output_weights else (Fraction(1),) * len(units)
    rows = []
    for i, x in enumerate(problem.data.x):
        extended = (*x, Fraction(1)) if bias else x
        rows.append([v * unit[i] * value for v, unit in zip(factors, slopes, strict=True) for value in extended])
    return rank(rows)


def _independent(with_output_weights: bool) -> Callable[[Problem, Parameters], Check]:
    def check(problem: Problem, parameters: Parameters) -> Check:
        if problem.network.layers != 2 or problem.network.widths[-1] != 1:
            return None, "the matrix is defined for one hidden layer and one output", ()
        if not problem.network.is_piecewise_linear:
            return _independent_smooth(problem, parameters, with_output_weights)
        holds, witness, data = in_open_cell(problem, parameters)
        if not holds:
            return None, witness, data
        found, size = feature_rank(problem, parameters, with_output_weights=with_output_weights), len(problem.data)
        return found == size, f"rank {found}, {size} samples", (found, size)

    return check


def _independent_smooth(problem: Problem, parameters: Parameters, with_output_weights: bool) -> Check:
    h, bias = problem.network.activation, problem.network.biases[0]
    factors = parameters.weights[1][0] if with_output_weights else (Fraction(1),) * problem.network.widths[1]
    rows: list[list[Ball]] = []
    for x, sample in zip(problem.data.x, enclosed_layers(problem, parameters).pre_activations[0], strict=True):
        row: list[Ball] = []
        for v, z in zip(factors, sample, strict=True):
            jet = h.derivatives(z, BITS)
            if jet is None:
                return None, "σ may have no second derivative at the point", ()
            row += [Ball(v * u * jet[1].midpoint, abs(v * u) * jet[1].radius) for u in ((*x, Fraction(1)) if bias else x)]
        rows.append(row)
    size = len(rows)
    full = has_full_row_rank(rows)
    if full is None:
        return None, "the rank is not decided by balls", (size,)
    return full, f"rank {size} by a Gram determinant that is not 0" if full else f"the rank is below {size}", (size,)


def _critical(problem: Problem, parameters: Parameters) -> Check:
    """The gradient is zero, for piecewise linear and smooth activations."""
    return (critical if problem.network.is_piecewise_linear else smooth_critical)(problem, parameters)


def _examples() -> tuple[SharpnessExample, ...]:
    problem = Problem(Network([1, 2, 1], leaky_relu("1/2")), Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    point = problem.parameters(W1=[["1/2"], [0]], b1=[1, 1], W2=[[1, 0]], b2=[-1])
    title = "a spurious local minimum with extended features of rank 2 on 4 samples"
    return (SharpnessExample("rank", title, problem, point),)


def _examples_at_other_points(hypothesis: str) -> tuple[SharpnessExample, ...]:
    problem = Problem(Network([1, 1, 1], leaky_relu("1/2"), biases=False), Data.from_arrays([1], [0]))
    title = "any other point that misses the targets"
    return (*_examples(), SharpnessExample(hypothesis, title, problem, problem.parameters(W1=[[1]], W2=[[1]])))


_SETTING = (ONE_HIDDEN_LAYER, ONE_OUTPUT, DIFFERENTIABLE_LOSS)

stationary_points = Theorem(
    key="xie_2017.stationary_points",
    title="Stationary points with extended features of full rank fit the data",
    statement=(
        r"The gradient with respect to the hidden weights is $D r$, $D$ the extended feature matrix with columns "
        r"$(v_k \sigma'(w_k \cdot x_i) x_i)_k$. If $D$ has full column rank, every stationary point has $r = 0$."
    ),
    reference=XIE_2017,
    hypotheses=(
        *_SETTING,
        PointHypothesis("critical", "no unit on a breakpoint, gradient zero", _critical),
        PointHypothesis("rank", "the extended feature matrix has rank N", _independent(True)),
    ),
    conclude=no_residual,
    examples=lambda: _examples_at_other_points("critical"),
    is_about_smooth=True,
    remarks=(
        "Theorems 1 and 3 of the paper (smallest singular value, with high probability) are not decidable on one instance. "
        "Smooth activations are decided by balls."
    ),
)

differentiable_minima = Theorem(
    key="soudry_2016.differentiable_minima",
    title="Differentiable local minima fit the data where slopes and inputs are in general position",
    statement=(
        r"One hidden layer of leaky ReLU, $N \le d_0 d_1$: where the $N$ columns of slopes $\circ$ inputs are linearly "
        r"independent (almost surely so with generic multiplicative noise on the slopes), every differentiable local minimum "
        r"has risk 0."
    ),
    reference=SOUDRY_2016,
    hypotheses=(
        *_SETTING,
        Hypothesis("leaky", "h is leaky ReLU with 0 < α ≤ 1", leaky_relu_like, setting=True),
        IN_OPEN_CELL,
        LOCAL_MINIMUM,
        PointHypothesis("rank", "slopes ∘ inputs has rank N", _independent(False)),
    ),
    conclude=no_residual,
    examples=lambda: _examples_at_other_points("minimum"),
    without_example=(("cell", "on a wall slopes are not defined, so the hypothesis on their rank cannot be asked"),),
    remarks="'Almost surely over the noise' is not decidable on one instance; the rank at the given point is.",
)
