"""Hypotheses on the network and the loss, each with a witness."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from exactsurf.exact.number import to_text
from exactsurf.model.activation import relu
from exactsurf.model.problem import Problem
from exactsurf.theorems.theorem import Check


def squared_loss(problem: Problem) -> Check:
    """The squared loss, with any factor, and samples of equal weights."""
    weights = "" if problem.has_equal_weights else ", and the samples have different weights"
    return problem.is_least_squares, f"the loss is {problem.loss!r}{weights}", (problem.loss,)


def differentiable_loss_or_by_pieces(problem: Problem) -> Check:
    """A continuously differentiable loss, as papers on affine minima have it, or a convex one by pieces, which is built too."""
    if problem.loss.is_smooth:
        return True, f"the loss is {problem.loss!r}, continuously differentiable", (problem.loss,)
    beyond = "with kinks, which the paper does not have, and convex by pieces"
    return problem.loss.is_piecewise_quadratic, f"the loss is {problem.loss!r}, {beyond}", (problem.loss,)


def hinge_loss(problem: Problem) -> Check:
    """The hinge loss of one output, with labels −1 and 1."""
    if problem.right_outputs is not None:
        classes = problem.network.widths[-1]
        return False, f"the loss is {problem.loss!r} with {classes} classes", (problem.loss, classes)
    return problem.loss.is_hinge, f"the loss is {problem.loss!r}", (problem.loss,)


def differentiable_loss(problem: Problem) -> Check:
    """A loss that is convex and differentiable."""
    return problem.loss.is_smooth and problem.loss.is_convex, f"the loss is {problem.loss!r}", (problem.loss,)


def strictly_convex_loss(problem: Problem) -> Check:
    """A loss that is strictly convex and differentiable."""
    holds = problem.loss.is_strictly_convex and problem.loss.is_smooth
    return holds, f"the loss is {problem.loss!r}", (problem.loss,)


def no_biases(problem: Problem) -> Check:
    """No layer has a bias."""
    biased = [layer for layer, flag in enumerate(problem.network.biases, start=1) if flag]
    return not biased, f"layer {biased[0]} has a bias" if biased else "no biases", (problem.network.biases,)


def biases_everywhere(problem: Problem) -> Check:
    """Every layer has a bias."""
    bare = [layer for layer, flag in enumerate(problem.network.biases, start=1) if not flag]
    return not bare, f"layer {bare[0]} has no bias" if bare else "every layer has a bias", (problem.network.biases,)


def no_output_bias(problem: Problem) -> Check:
    """The output layer has no bias."""
    biased = problem.network.biases[-1]
    return not biased, "the output has a bias" if biased else "the output has no bias", (biased,)


def linear_network(problem: Problem) -> Check:
    """h(z) = z: no activation at all."""
    h = problem.network.activation
    if h.is_linear and h.slopes == (Fraction(1),) and h.value_at_0 == 0:
        return True, "h(z) = z", (h,)
    return False, f"the activation is {h!r}", (h,)


def relu_activation(problem: Problem) -> Check:
    """h(z) = max(z, 0)."""
    h = problem.network.activation
    return h == relu, f"the activation is {h!r}", (h,)


def not_linear(problem: Problem) -> Check:
    """A piecewise linear activation with a breakpoint."""
    h = problem.network.activation
    if h.is_linear:
        return False, f"the activation is linear (slope {to_text(h.slopes[0])})", (h,)
    t = h.breakpoints[0]
    left, right = h.slopes[0], h.slopes[1]
    return True, f"the slope changes from {to_text(left)} to {to_text(right)} at {to_text(t)}", (t, left, right)


def homogeneous(problem: Problem) -> Check:
    """h(cz) = c h(z) for c > 0."""
    h = problem.network.activation
    holds = h.two_slopes is not None or (h.is_linear and h.value_at_0 == 0)
    return holds, f"the activation is {h!r}", (h,)


def leaky_relu_like(problem: Problem) -> Check:
    """h(z) = z for z > 0 and αz for z < 0, with 0 < α ≤ 1."""
    h = problem.network.activation
    slopes = h.two_slopes or ((h.slopes[0],) * 2 if h.is_linear and h.value_at_0 == 0 else None)
    if slopes is None:
        return False, f"the activation is {h!r}", (h,)
    right, left = slopes
    return right > 0 and 0 < left <= right, f"slopes {to_text(right)} and α = {to_text(left)}", slopes


def everything_is_penalised(problem: Problem) -> Check:
    """Weight decay of all weights, and of all hidden biases if there are any."""
    decay = problem.decay
    if decay is None:
        return False, "there is no weight decay", ()
    if any(problem.network.biases[:-1]) and not decay.biases:
        return False, f"weight decay with λ = {to_text(decay.factor)}, but hidden biases are not penalised", (decay,)
    return True, f"weight decay with λ = {to_text(decay.factor)} of everything that hidden units have", (decay,)


def hidden_layers(least: int, most: int | None = None) -> Callable[[Problem], Check]:
    """The check that there are at least `least` hidden layers, and at most `most`."""

    def check(problem: Problem) -> Check:
        count = problem.network.layers - 1
        holds = least <= count and (most is None or count <= most)
        return holds, f"{count} hidden {'layer' if count == 1 else 'layers'}", (count,)

    return check


def one_output(problem: Problem) -> Check:
    """d_y = 1."""
    outputs = problem.network.widths[-1]
    return outputs == 1, f"d_y = {outputs}", (outputs,)


def widths_at_least_the_ends(problem: Problem) -> Check:
    """Every hidden width is at least min(d_x, d_y)."""
    widths = problem.network.widths
    needed = min(widths[0], widths[-1])
    for layer, width in enumerate(widths[1:-1], start=1):
        if width < needed:
            return False, f"hidden layer {layer} has {width} units; min(d_x, d_y) = {needed}", (layer, width)
    return True, f"every hidden layer has at least min(d_x, d_y) = {needed} units", (needed,)


def reaches_any_rank(problem: Problem) -> Check:
    """No hidden layer is narrower than the output layer."""
    widths = problem.network.widths
    least = min(widths[1:-1], default=0)
    return least >= widths[-1], f"the least hidden width is {least}, d_y = {widths[-1]}", (least, widths[-1])


def wider_than_output(problem: Problem) -> Check:
    """Every hidden layer is wider than the output layer."""
    *_, outputs = widths = problem.network.widths
    for layer, width in enumerate(widths[1:-1], start=1):
        if width <= outputs:
            return False, f"hidden layer {layer} has {width} units and the output layer {outputs}", (layer, width)
    return True, f"hidden widths {', '.join(map(str, widths[1:-1]))} > d_y = {outputs}", widths
