"""The problem of a certificate in words and formulas: network, activation, risk, data."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from exactsurf.certificate.reading.analytic_view import AnalyticView
from exactsurf.certificate.reading.claim_view import ClaimView, InlineData
from exactsurf.certificate.reading.lifted_view import LiftedView
from exactsurf.certificate.reading.network_view import NetworkView
from exactsurf.certificate.reading.point_view import PointView
from exactsurf.certificate.reading.surface_view import SurfaceView
from exactsurf.exact.number import exact
from exactsurf.model.activation import Activation
from exactsurf.model.loss import Loss
from exactsurf.model.smooth_expression import infix
from exactsurf.show.text.arrays import MAX_COLUMNS, cells, fits, rounding_note, table, vector
from exactsurf.show.text.numeral import numeral
from exactsurf.show.text.prose import Block, Blocks, Cases, Display, Name, Table, say

MAX_PIECES = 12
"""Most pieces of an activation that are written out."""


def setting(view: PointView | SurfaceView | AnalyticView | LiftedView) -> Blocks:
    """Network, activation, risk and data.

    Parameters: `view`. Exactness: exact, but for numbers marked with ≈. Raises: nothing. Source: proofs/FORMAT.md, 2.
    """
    return (
        *network_text(view),
        *(activation_text(view.activation) if view.hidden_layers else ()),
        *risk_text(view),
        *data_text(view),
    )


def function_setting(view: NetworkView) -> Blocks:
    """Network and activation, where there is no risk.

    Parameters: `view`. Exactness: exact, but for numbers marked with ≈. Raises: nothing. Source: proofs/FORMAT.md, 34.
    """
    return (*network_text(view), *(activation_text(view.activation) if view.hidden_layers else ()))


def network_text(view: ClaimView | NetworkView) -> Blocks:
    """The network and the formula that it computes."""
    hidden, layers = view.widths[1:-1], len(view.biases)
    if not hidden:
        units = "no hidden layer (it is a linear model)"
    elif len(hidden) == 1:
        units = f"one hidden layer of {_count(hidden[0], 'unit')}"
    else:
        units = f"{len(hidden)} hidden layers of {', '.join(map(str, hidden[:-1]))} and {hidden[-1]} units"
    with_bias = [layer for layer, has_bias in enumerate(view.biases, start=1) if has_bias]
    if len(with_bias) == layers:
        biases = "a bias" if layers == 1 else "biases in every layer"
    elif not with_bias:
        biases = "no biases"
    else:
        biases = f"biases in {'layer' if len(with_bias) == 1 else 'layers'} {', '.join(map(str, with_bias))} only"
    text = (
        f"The network has {_count(view.widths[0], 'input')}, {units}, {_count(view.outputs, 'output')} and {biases}. With $θ$ "
        "for all its parameters, it computes"
    )
    return say(text), Display(_forward(view.biases))


def _forward(biases: tuple[bool, ...]) -> str:
    def affine(layer: int | str, inner: str, has_bias: bool) -> str:
        return f"W_{{{layer}}} {inner}" + (f" + b_{{{layer}}}" if has_bias else "")

    if len(biases) <= 3:
        expression = affine(1, "x", biases[0])
        for layer, has_bias in enumerate(biases[1:], start=2):
            expression = affine(layer, f"h({expression})", has_bias)
        return f"f(x; θ) = {expression}"
    if all(biases) or not any(biases):
        last, some = len(biases), biases[0]
        step = affine("l", "h(z_{l-1})", some)
        return f"z_1 = {affine(1, 'x', some)},  z_l = {step}  (l = 2, …, {last}),  f(x; θ) = z_{{{last}}}"
    lines = [affine(layer, "x" if layer == 1 else f"h(z_{{{layer - 1}}})", b) for layer, b in enumerate(biases, start=1)]
    steps = ",  ".join(f"z_{{{layer}}} = {line}" for layer, line in enumerate(lines, start=1))
    return f"{steps},  f(x; θ) = z_{{{len(biases)}}}"


def activation_text(h: Activation) -> Blocks:
    """The activation of the hidden units."""
    two = h.two_slopes
    if two == (Fraction(1), Fraction(0)):
        return (say("The activation of the hidden units is ReLU, $h(z) = max(0, z)$."),)
    if two == (Fraction(1), Fraction(-1)):
        return (say("The activation of the hidden units is the absolute value, $h(z) = |z|$."),)
    if not h.breakpoints:
        return (say(f"The activation of the hidden units is affine, $h(z) = {line(*h.lines[0])}$."),)
    if two is not None:
        right, left = map(numeral, two)
        name = (
            f"leaky ReLU with slope ${left}$"
            if two[0] == 1 and 0 < two[1] < 1
            else f"$h_{{s+,s-}}$ with $s_+ = {right}$, $s_- = {left}$"
        )
        cases = ((line(two[0]), "z ≥ 0"), (line(two[1]), "z < 0"))
        return (say(f"The activation of the hidden units is {name}:"), Cases("h(z)", cases), *rounding_note(two))
    return _pieces(h)


def _pieces(h: Activation) -> Blocks:
    t = h.breakpoints
    what = f"The activation of the hidden units is continuous and piecewise linear, with {_count(len(t), 'breakpoint')}"
    if len(h.slopes) > MAX_PIECES:
        ends = f"from ${numeral(t[0])}$ to ${numeral(t[-1])}$ and $h(0) = {numeral(h.value_at_0)}$"
        field = "they and the slopes stand in the field problem.activation of the certificate."
        return say(f"{what} {ends}; {field}"), *rounding_note([t[0], t[-1], h.value_at_0])
    conditions = [f"z ≤ {numeral(t[0])}"]
    conditions += [f"{numeral(low)} ≤ z ≤ {numeral(high)}" for low, high in pairwise(t)]
    conditions.append(f"z ≥ {numeral(t[-1])}")
    cases = tuple((line(*piece), condition) for piece, condition in zip(h.lines, conditions, strict=True))
    numbers = [*t, *(value for piece in h.lines for value in piece)]
    return (say(f"{what}:"), Cases("h(z)", cases), *rounding_note(numbers))


def line(slope: Fraction, intercept: Fraction = Fraction(0), variable: str = "z") -> str:
    """slope·z + intercept as formula source.

    >>> line(Fraction(-1)), line(Fraction(1, 2), Fraction(-3)), line(Fraction(0))
    ('-z', '1/2·z − 3', '0')
    """
    if slope == 0:
        return numeral(intercept)
    term = {1: variable, -1: f"-{variable}"}.get(slope, f"{_factor(slope)}·{variable}")  # type: ignore[call-overload]
    if intercept == 0:
        return str(term)
    return f"{term} {'+' if intercept > 0 else '−'} {_factor(abs(intercept))}"


def _factor(value: Fraction) -> str:
    text = numeral(value)
    return f"({text})" if text.startswith("≈") else text


def prediction(outputs: int, point: str = "θ") -> str:
    """The prediction for sample i (output k, if there are several) as formula source."""
    return f"f(x_i; {point})" if outputs == 1 else f"f_k(x_i; {point})"


def total(outputs: int) -> str:
    """The sum over samples and outputs as formula source."""
    return "Σ_i" if outputs == 1 else "Σ_i Σ_k"


def target(outputs: int) -> str:
    """The target as formula source."""
    return "y_i" if outputs == 1 else "y_{ik}"


def indices(letter: str, last: int) -> str:
    """The range of an index as formula source.

    >>> indices("i", 2), indices("i", 9)
    ('i = 1, 2', 'i = 1, …, 9')
    """
    return f"{letter} = {', '.join(map(str, range(1, last + 1)))}" if last < 3 else f"{letter} = 1, …, {last}"


def scale_text(scale: Fraction) -> str:
    """A factor in front of a sum as formula source; nothing for 1.

    >>> scale_text(Fraction(1, 2)), scale_text(Fraction(1, 300)), scale_text(Fraction(1))
    ('½ ', '1/300·', '')
    """
    if scale == 1:
        return ""
    return "½ " if scale == Fraction(1, 2) else f"{_factor(scale)}·"


_TERMS = {"squared": "({f} − {y})²", "absolute": "|{f} − {y}|", "huber": "ρ({f} − {y})", "hinge": "max(0, 1 − {y} {f})"}
_GAPS = {"difference": "ρ({f} − {y})", "margin": "ρ({y} {f})", "lead": "ρ(f_k(x_i; θ) − f_c(x_i; θ))"}


def risk_text(view: ClaimView) -> Blocks:
    """The risk as a formula."""
    loss, n, outputs = view.loss, view.samples, view.outputs
    if not loss.is_piecewise_quadratic:
        return _analytic_risk_text(view)
    known = _TERMS.get(loss.name)
    term = (known or _GAPS[loss.gap]).format(f=prediction(outputs), y=target(outputs))
    summed, over, classes = total(outputs), f"${indices('i', n)}$", ""
    if view.has_classes:
        term = "max(0, 1 + f_k(x_i; θ) − f_c(x_i; θ))" if loss.is_hinge and known else term
        summed, over = "Σ_i Σ_{k≠c}", f"{over} and the wrong classes $k$"
        classes = "The class of sample $i$ is the output $c_i$ at which its target is 1. "
    elif outputs > 1:
        over += f" and ${indices('k', outputs)}$"
    mean = {1: " (the mean over the samples)", Fraction(1, 2): " (half the mean over the samples)"}.get(loss.scale * n, "")
    mean = mean if n > 1 and known and view.weights is None and view.decay is None and not classes else ""
    weight = "" if view.weights is None else " ω_i"
    blocks: list[Block] = [
        say(f"{classes}The {view.risk_name} on the {_count(n, 'sample')} $(x_i, y_i)$ is"),
        Display(f"L(θ) = {scale_text(loss.scale)}{summed}{weight} {term}{_penalty(view)}"),
        say(f"{'with $c = c_i$, ' if classes else ''}summed over {over}{mean}."),
        *rounding_note([loss.scale]),
    ]
    blocks += _penalty_text(view)
    if loss.delta is not None:
        blocks.append(say("In it, $ρ$ is Huber's function:"))
        bound = numeral(loss.delta)
        outside = line(loss.delta, -loss.delta * loss.delta / 2, "|u|")
        blocks.append(Cases("ρ(u)", (("½ u²", f"|u| ≤ {bound}"), (outside, f"|u| > {bound}"))))
        blocks += rounding_note([loss.delta, loss.delta * loss.delta / 2])
    elif known is None:
        blocks += _pieces_text(loss)
    if view.weights is not None:
        blocks += _weights_text(view.weights)
    return tuple(blocks)


def _penalty(view: ClaimView) -> str:
    return "" if view.decay is None else " + ½ λ |w|²"


def _penalty_text(view: ClaimView) -> Blocks:
    if view.decay is None:
        return ()
    what = "all weights and biases" if view.decay.biases else "all weights, and no bias"
    factor = f"$λ = {numeral(view.decay.factor)}$"
    text = f"The last term is weight decay with {factor}: $|w|²$ is the sum of the squares of {what}."
    return (say(text), *rounding_note([view.decay.factor]))


def _analytic_risk_text(view: ClaimView) -> Blocks:
    """The risk where the loss is an expression."""
    loss, outputs = view.loss, view.outputs
    weight = "" if view.weights is None else " ω_i"
    f, y = prediction(outputs), target(outputs)
    term = {"difference": f"ℓ({f} − {y})", "margin": f"ℓ({y} {f})", "prediction": f"ℓ({f}, {y})"}.get(loss.gap, "ℓ_i(θ)")
    summed = "Σ_i" if loss.is_of_classes else total(outputs)
    blocks: list[Block] = [
        say(f"The {view.risk_name} on the {_count(view.samples, 'sample')} $(x_i, y_i)$ is"),
        Display(f"L(θ) = {scale_text(loss.scale)}{summed}{weight} {term}{_penalty(view)}"),
        *rounding_note([loss.scale]),
        *_penalty_text(view),
    ]
    if loss.is_of_classes:
        blocks += [say("In it, $ℓ_i$ is the cross entropy:"), Display(f"ℓ_i(θ) = log Σ_k exp({f}) − Σ_k {y} {f}")]
    else:
        names = "f, y" if loss.gap == "prediction" else "u"
        blocks += [say("In it, $ℓ$ is the function"), Display(f"ℓ({names}) = {infix(loss.expression, '·', '^{{{}}}')}")]
        if "softplus" in infix(loss.expression):
            blocks.append(say("with $softplus(z) = log(1 + exp(z))$."))
    return (*blocks, *(() if view.weights is None else _weights_text(view.weights)))


def _pieces_text(loss: Loss) -> list[Block]:
    """The function of the gap, piece by piece."""
    points = [numeral(t) for t in loss.breakpoints]
    pieces = [quadratic(*piece) for piece in loss.pieces]
    numbers = [*loss.breakpoints, *(value for piece in loss.pieces for value in piece)]
    if not points:
        return [say("In it, $ρ$ is the function"), Display(f"ρ(u) = {pieces[0]}"), *rounding_note(numbers)]
    inner = [f"{low} ≤ u ≤ {high}" for low, high in pairwise(points)]
    where = [f"u ≤ {points[0]}", *inner, f"u ≥ {points[-1]}"]
    cases = Cases("ρ(u)", tuple(zip(pieces, where, strict=True)))
    return [say("In it, $ρ$ is the convex function"), cases, *rounding_note(numbers)]


def quadratic(a: Fraction, b: Fraction, c: Fraction) -> str:
    """a·u² + b·u + c as formula source.

    >>> quadratic(Fraction(1), Fraction(-2), Fraction(1)), quadratic(Fraction(0), Fraction(-1), Fraction(0))
    ('u² − 2·u + 1', '-u')
    """
    if not a:
        return line(b, c, "u")
    square = {Fraction(1): "u²", Fraction(1, 2): "½ u²"}.get(a, f"{_factor(a)}·u²")
    rest = [(b, line(abs(b), variable="u")), (c, _factor(abs(c)))]
    return square + "".join(f" {'+' if value > 0 else '−'} {text}" for value, text in rest if value)


def _weights_text(weights: Sequence[Fraction]) -> Blocks:
    """The weights of the samples, or where they stand."""
    if len(weights) > MAX_COLUMNS:
        return (say("The weights $ω_i$ of the samples stand in the certificate."),)
    header = [f"ω_{{{i}}}" for i in range(1, len(weights) + 1)]
    return (say("The samples have the weights"), *table(header, [list(map(numeral, weights))], weights))


def data_text(view: ClaimView) -> Blocks:
    """The data, or where they stand."""
    data, inputs, outputs = view.data, view.widths[0], view.outputs
    if not isinstance(data, InlineData):
        return (
            say(
                f"The data are {_count(data.samples, 'sample')} in the file ",
                Name(data.file),
                f": {_count(inputs, 'input')} from {_columns(data.x)}, {_count(outputs, 'target')} from {_columns(data.y)} "
                "(columns are counted from 1). SHA-256 of the file: ",
                Name(data.sha256),
                ".",
            ),
        )
    if fits(data.samples, inputs + outputs):
        header = ("i", *_numbered("x", inputs), *_numbered("y", outputs))
        rows = [[exact(text) for text in (*x, *y)] for x, y in zip(data.x, data.y, strict=True)]
        body = tuple((str(i), *row) for i, row in enumerate(cells(rows), start=1))
        return say("The data are"), Table(header, body), *rounding_note(value for row in rows for value in row)
    first = [exact(text) for text in data.x[0][:16]]
    return (
        say(
            f"The data are {_count(data.samples, 'sample')} with {_count(inputs, 'input')} and {_count(outputs, 'target')}; "
            f"they stand in the certificate and begin with $x_1 = {_start(first, inputs)}$. SHA-256 of the field problem.data "
            "(JSON, sorted keys, no spaces): ",
            Name(data.sha256),
            ".",
        ),
    )


def _start(first: list[Fraction], size: int) -> str:
    return vector(first) if size == len(first) else f"({', '.join(map(numeral, first[:4]))}, …)"


def _columns(columns: tuple[int, ...]) -> str:
    """Columns from 1, as runs; a list of 784 columns is mostly one run."""
    runs: list[list[int]] = []
    for column in columns:
        if runs and column == runs[-1][1] + 1:
            runs[-1][1] = column
        else:
            runs.append([column, column])
    shown = [f"{a + 1}" if a == b else f"{a + 1} to {b + 1}" for a, b in runs[:6]]
    more = f" and {len(runs) - 6} more runs" if len(runs) > 6 else ""
    return f"{'column' if len(columns) == 1 else 'columns'} {', '.join(shown)}{more}"


def _numbered(letter: str, count: int) -> tuple[str, ...]:
    return (letter,) if count == 1 else tuple(f"{letter}_{{{k}}}" for k in range(1, count + 1))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
