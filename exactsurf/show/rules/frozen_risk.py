"""The first step of every proof of local minimality: the derivatives of the loss are frozen, and convexity is used."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.certificate.reading.point_view import PointView
from exactsurf.model.loss import Loss
from exactsurf.show.rules.sample_values import SampleValues
from exactsurf.show.text.arrays import fits, table
from exactsurf.show.text.numeral import numeral
from exactsurf.show.text.problem_text import prediction, scale_text, target, total
from exactsurf.show.text.prose import Blocks, Display, say


def derivative(outputs: int) -> str:
    """The frozen derivative as formula source."""
    return "r_i" if outputs == 1 else "r_{ik}"


def frozen_risk(view: PointView, values: SampleValues | None) -> Blocks:
    """Which derivatives are frozen, their values if there is room for them, and the convexity inequality.

    Parameters: `view`; `values` of the samples if they were recomputed.
    Exactness: exact, but for numbers marked with ≈. Raises: nothing.
    Source: proofs/FORMAT.md, section 4; proofs/rules/paths.md.
    """
    k = view.outputs
    r, f = derivative(k), prediction(k)
    every = "every sample $i$" if k == 1 else "every sample $i$ and output $k$"
    return (
        say(f"For {every} let {definition(view)}"),
        *sample_table(view, values),
        say(
            f"These numbers stay frozen while the parameters move. The loss is convex in the prediction, and ${r}$ is its "
            f"{'derivative' if view.subgradient is None else 'derivative or a subgradient'} at ${f}$. So for all parameters "
            "$θ′$"
        ),
        Display(f"L(θ′) − L(θ) ≥ {total(k)} {r} ({prediction(k, 'θ′')} − {f})"),
    )


def definition(view: PointView) -> str:
    """The derivative of the loss at a prediction, and what the certificate chooses where there is none."""
    loss, k = view.loss, view.outputs
    known = _DEFINITIONS.get(loss.name)
    if known is None or view.weights is not None:
        return _any_loss(view)
    if view.has_classes:
        return _hinge_of_classes(loss)
    return known(loss, derivative(k), prediction(k), target(k))


def _any_loss(view: PointView) -> str:
    weight = "" if view.weights is None else ", with its weight,"
    chosen = "where that has a kink, the certificate gives a number between its derivatives from the left and from the right."
    if view.has_classes:
        return (
            f"$r_{{ik}}$, for $k ≠ c_i$, be the derivative of the term of the risk{weight} in $f_k(x_i; θ) − f_c(x_i; θ)$, with "
            f"$c = c_i$; {chosen} And $r_{{ic}} = −Σ_{{k≠c}} r_{{ik}}$."
        )
    k = view.outputs
    return f"${derivative(k)}$ be the derivative of the term of the risk{weight} in ${prediction(k)}$; {chosen}"


def _squared(loss: Loss, r: str, f: str, y: str) -> str:
    return f"${r} = {f} − {y}$." if loss.scale == Fraction(1, 2) else f"${r} = {scale_text(2 * loss.scale)}({f} − {y})$."


def _absolute(loss: Loss, r: str, f: str, y: str) -> str:
    s = numeral(loss.scale)
    return (
        f"${r} = {s}$ if ${f} > {y}$ and ${r} = -{s}$ if ${f} < {y}$; where ${f} = {y}$, the certificate gives a number ${r}$ "
        f"between $-{s}$ and ${s}$."
    )


def _huber(loss: Loss, r: str, f: str, y: str) -> str:
    assert loss.delta is not None
    d = numeral(loss.delta)
    return f"${r} = {scale_text(loss.scale)}max(-{d}, min({d}, {f} − {y}))$."


def _hinge(loss: Loss, r: str, f: str, y: str) -> str:
    edge = f"-{scale_text(loss.scale)}{y}"
    return (
        f"${r} = {edge}$ if ${y} {f} < 1$ and ${r} = 0$ if ${y} {f} > 1$; where ${y} {f} = 1$, the certificate gives a number "
        f"${r}$ between $0$ and ${edge}$."
    )


def _hinge_of_classes(loss: Loss) -> str:
    s = numeral(loss.scale)
    return (
        f"$r_{{ik}}$, for $k ≠ c_i$, be ${s}$ if $1 + f_k(x_i; θ) − f_c(x_i; θ) > 0$ and $0$ if that is negative, with $c = c_i$;"
        f" where it is $0$, the certificate gives a number $r_{{ik}}$ between $0$ and ${s}$. And "
        "$r_{ic} = −Σ_{k≠c} r_{ik}$."
    )


_DEFINITIONS = {"squared": _squared, "absolute": _absolute, "huber": _huber, "hinge": _hinge}


def sample_table(view: PointView, values: SampleValues | None) -> Blocks:
    """Pre-activations (if there is room), predictions and frozen derivatives, sample by sample."""
    if values is None:
        return ()
    hidden = [z for layer in values.forward.pre_activations for z in layer]
    outputs = [*values.forward.outputs, *values.derivatives]
    if not fits(view.samples, len(outputs)):
        return ()
    with_hidden = fits(view.samples, len(hidden) + len(outputs))
    columns = [vector.fractions() for vector in ([*hidden, *outputs] if with_hidden else outputs)]
    several = view.hidden_layers > 1
    names = [
        f"z_{{{layer if several else ''}{j}}}"
        for layer, units in enumerate(values.forward.pre_activations, start=1)
        for j in range(1, len(units) + 1)
    ]
    ks = [""] if view.outputs == 1 else [str(k) for k in range(1, view.outputs + 1)]
    header = ["i", *(names if with_hidden else ()), *(f"f_{k}" if k else "f" for k in ks), *(f"r_{{i{k}}}" for k in ks)]
    rows = [[str(i), *map(numeral, row)] for i, row in enumerate(zip(*columns, strict=True), start=1)]
    unit = "$z_{lj}$ is the pre-activation of unit $j$ of layer $l$" if several else "$z_j$ is the pre-activation of unit $j$"
    f = ", ".join(f"$f_{k}(x_i; θ)$" if k else "$f(x_i; θ)$" for k in ks)
    said = f"On the samples ({unit + ', and ' if with_hidden and hidden else ''}${'f_k' if ks[0] else 'f'}$ stands for {f}):"
    return say(said), *table(header, rows, (value for column in columns for value in column))
