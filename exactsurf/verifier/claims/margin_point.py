"""Claims about points of the margin problem min ½|θ|², y_i f(x_i; θ) ≥ m (FORMAT.md, section 36)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..arithmetic.document import Field, at
from ..arithmetic.effort import price, spend
from ..arithmetic.rational import Rational, display
from ..arithmetic.rational_rows import bits_of, dot
from ..input_network import InputNetwork, read_input_network, read_inputs
from ..network import vector_of
from ..submission import Submission, check_sentence, counted

Series = list[Rational]  # a polynomial in ε, from the constant upwards
PHRASES = {
    "kkt point of the margin problem": "a KKT point",
    "no kkt point of the margin problem": "no KKT point",
    "local optimum of the margin problem": "a local optimum",
    "no local optimum of the margin problem": "no local optimum",
}


def check_margin_point(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    names = ("format", "claim", "problem", "parameters", "evidence")
    format_field, claim, problem_field, parameters_field, evidence = submission.root.fields(*names)
    submission.check_second_format(format_field)
    _, sentence_field, margin_field = claim.fields("kind", "sentence", "margin")
    network, (inputs_field, labels_field) = read_input_network(problem_field, "inputs", "labels")
    if network.widths[-1] != 1 or any(network.biases) or any(network.activation.intercepts) or len(network.widths) < 3:
        raise problem_field.reject("expected one output, a hidden layer, no biases and a homogeneous activation")
    inputs = read_inputs(inputs_field, network)
    if not inputs:
        raise inputs_field.reject("expected at least one input")
    labels = labels_field.vector(len(inputs))
    if any(abs(label) != 1 for label in labels):
        raise labels_field.reject("labels are 1 and -1")
    theta = vector_of(network.parameters(parameters_field))
    submission.done(f"problem: {counted(len(inputs), 'sample')}, {network.architecture} network")
    sentence = check_sentence(
        sentence_field,
        f"The given parameters of the {network.architecture} network are, up to a factor, {PHRASES[submission.kind]} of the "
        f"margin problem on {counted(len(inputs), 'sample')}.",
    )
    with at(evidence.place):
        point = _Point(network, inputs, labels, theta)
        margins = [label * point.output(i, [[v] for v in theta])[0] for i, label in enumerate(labels)]
        margin = margin_field.positive()
        if margin != min(margins):
            raise margin_field.reject("this is not the least margin")
        submission.done(f"the least margin is {display(margin.numerator, margin.denominator)}")
        active = [i for i, value in enumerate(margins) if value == margin]
        if submission.kind == "no local optimum of the margin problem":
            (steps,) = evidence.fields("steps")
            _check_curve(point, margin, active, steps)
            submission.done("along a curve the norm falls and no margin falls below the least")
        elif submission.kind == "no kkt point of the margin problem":
            (direction,) = evidence.fields("direction")
            _check_direction(point, active, direction)
            submission.done("along a direction the norm falls and no least margin does, for all subgradients")
        else:
            local = submission.kind.startswith("local")
            multipliers, kinks, *rest = evidence.fields("multipliers", "kinks", *(["factor"] if local else []))
            found = _check_multipliers(point, active, multipliers, kinks)
            submission.done("the parameters are the combination of gradients of the least margins with these multipliers")
            if local:
                _check_second_order(point, active, found, kinks, rest[0])
                submission.done("the Hessian of the Lagrangian is positive definite where these gradients vanish")
    return sentence, None


@dataclass(frozen=True)
class _Point:
    network: InputNetwork
    inputs: list[list[Rational]]
    labels: list[Rational]
    theta: list[Rational]

    def output(self, sample: int, curve: Sequence[Series]) -> Series:
        """f(x_i) along a curve of parameters, for small ε > 0."""
        return self._along(sample, curve, None)

    def frozen(self, sample: int, curve: Sequence[Series]) -> Series:
        """f(x_i) along a curve up to order 2, with the pieces of θ, the left one at kinks."""
        return self._along(sample, curve, 3)

    def _along(self, sample: int, curve: Sequence[Series], terms: int | None) -> Series:
        """f(x_i), of which so many terms are kept: then the first one tells the piece of a unit, else the sign for small ε."""
        h, start = self.network.activation, 0
        below: list[Series] = [[value] for value in self.inputs[sample]]
        for layer, (reads, width) in enumerate(zip(self.network.widths, self.network.widths[1:], strict=False)):
            forms: list[Series] = []
            for j in range(width):
                total: Series = [0] * (terms or 1)
                for k in range(reads):
                    total = _plus(total, _times(curve[start + j * reads + k], below[k]))[:terms]
                forms.append(total)
            start += reads * width
            if layer == len(self.network.widths) - 2:
                return forms[0]
            signs = [_sign(z if terms is None else z[:1]) for z in forms]
            slopes = [h.slopes[-1] if sign > 0 else h.slopes[0] for sign in signs]
            below = [[slope * value for value in z] for slope, z in zip(slopes, forms, strict=True)]
        raise AssertionError("a network has an output layer")

    def at_kink(self, sample: int) -> list[int]:
        """The units of the first hidden layer with pre-activation 0; −1 for one of a later layer."""
        h, start, found = self.network.activation, 0, []
        if h.slopes[0] == h.slopes[-1]:
            return []
        below = list(self.inputs[sample])
        for layer, (reads, width) in enumerate(zip(self.network.widths[:-2], self.network.widths[1:-1], strict=True)):
            z = [sum(self.theta[start + j * reads + k] * below[k] for k in range(reads)) for j in range(width)]
            found += [j if layer == 0 else -1 for j, value in enumerate(z) if not value]
            below = [(h.slopes[-1] if value > 0 else h.slopes[0]) * value for value in z]
            start += reads * width
        return found

    def gradient(self, sample: int) -> list[Rational]:
        """y_i ∇f(x_i), with the left slope at kinks."""
        return [self.labels[sample] * self.linear_part(sample, k) for k in range(len(self.theta))]

    def linear_part(self, sample: int, coordinate: int) -> Rational:
        """The derivative by one coordinate, with the left slope at kinks."""
        return self.frozen(sample, [[v, int(k == coordinate)] for k, v in enumerate(self.theta)])[1]


def _times(left: Series, right: Series) -> Series:
    spend(1 + len(left) * len(right) * price(bits_of(left), bits_of(right)))
    product: Series = [0] * (len(left) + len(right) - 1)
    for i, a in enumerate(left):
        if a:
            for j, b in enumerate(right):
                product[i + j] += a * b
    return product


def _plus(left: Series, right: Series) -> Series:
    size = max(len(left), len(right))
    padded = [[*values, *[0] * (size - len(values))] for values in (left, right)]
    total = [a + b for a, b in zip(*padded, strict=True)]
    spend(price(bits_of(total)) - 1)  # a sum of numbers with different denominators is longer than these
    return total


def _sign(series: Series) -> int:
    """The sign for small ε > 0."""
    first = next((value for value in series if value), 0)
    return (first > 0) - (first < 0)


def _check_curve(point: _Point, margin: Rational, active: list[int], field: Field) -> None:
    steps = [vector_of(point.network.parameters(item)) for item in field.items()]
    if not 1 <= len(steps) <= 4:
        raise field.reject("expected one to four steps")
    curve: list[Series] = [list(values) for values in zip(point.theta, *steps, strict=True)]
    for i in active:
        gap = _plus([point.labels[i] * value for value in point.output(i, curve)], [-margin])
        if _sign(gap) < 0:
            raise field.reject(f"the margin of sample {i} falls along the curve")
    norm: Series = [0]
    for series in curve:
        norm = _plus(norm, _times(series, series))
    if _sign([0, *norm[1:]]) >= 0:
        raise field.reject("the norm does not fall along the curve")


def _kink_vector(point: _Point, sample: int, unit: int) -> list[Rational]:
    """What y_i ∇f(x_i) gains from the left to the right slope of a unit at a kink: (s₊ − s₋) y_i v_j x_i in its row."""
    h, reads = point.network.activation, point.network.widths[0]
    found: list[Rational] = [0] * len(point.theta)
    factor = (h.slopes[-1] - h.slopes[0]) * point.labels[sample] * point.theta[reads * point.network.widths[1] + unit]
    for k, value in enumerate(point.inputs[sample]):
        found[unit * reads + k] = factor * value
    return found


def _kinks(point: _Point, sample: int, field: Field) -> list[int]:
    """The units of one hidden layer at kinks; none may be there in a deeper network."""
    units = point.at_kink(sample)
    if units and len(point.network.widths) > 3:
        raise field.reject(f"a unit is at a kink on sample {sample} of least margin, which is for one hidden layer only")
    return units


def _check_direction(point: _Point, active: list[int], field: Field) -> None:
    direction = vector_of(point.network.parameters(field))
    if dot(point.theta, direction) >= 0:
        raise field.reject("the norm does not fall along this direction")
    for i in active:
        total = dot(point.gradient(i), direction)
        for unit in _kinks(point, i, field):
            total += min(0, dot(_kink_vector(point, i, unit), direction))
        if total < 0:
            raise field.reject(f"the margin of sample {i} may fall along this direction")


def _check_multipliers(point: _Point, active: list[int], field: Field, kinks_field: Field) -> dict[int, Rational]:
    found: dict[int, Rational] = {}
    total: list[Rational] = [0] * len(point.theta)
    for item, (index, value) in zip(field.items(), field.pairs(lambda one: one.index(len(point.inputs))), strict=True):
        if index not in active:
            raise item.reject("this sample has no least margin")
        if value <= 0:
            raise item.reject("expected a positive multiplier")
        _kinks(point, index, item)
        found[index] = value
        total = [a + value * b for a, b in zip(total, point.gradient(index), strict=True)]
    seen = set()
    for item in kinks_field.items():
        first, second, third = item.items(3)
        sample, unit, part = first.size(), second.size(), third.number()
        if sample not in found or unit not in point.at_kink(sample) or (sample, unit) in seen:
            raise item.reject("no unit at a kink on a sample with a multiplier, or twice")
        if not 0 <= part <= found[sample]:
            raise third.reject("expected a number from 0 to the multiplier")
        seen.add((sample, unit))
        total = [a + part * b for a, b in zip(total, _kink_vector(point, sample, unit), strict=True)]
    if total != point.theta:
        raise field.reject("the parameters are not this combination of gradients")
    return found


def _check_second_order(point: _Point, active: list[int], found: dict[int, Rational], kinks: Field, field: Field) -> None:
    """I − Σ μ_i y_i ∇²f(x_i) + ρ Σ_i ∇f(x_i) ∇f(x_i)ᵀ, over samples with a multiplier, has positive pivots."""
    if any(point.at_kink(i) for i in active):
        raise kinks.reject("a unit is at a kink on a sample of least margin")
    factor, size = field.positive(), len(point.theta)
    rows: list[list[Rational]] = [[int(i == j) for j in range(size)] for i in range(size)]
    for i, value in found.items():
        gradient = point.gradient(i)
        squares = [_square(point, i, [k]) for k in range(size)]
        for a in range(size):
            for b in range(a + 1):
                mixed = 2 * squares[a] if a == b else _square(point, i, [a, b]) - squares[a] - squares[b]
                entry = factor * gradient[a] * gradient[b] - value * point.labels[i] * mixed
                rows[a][b] += entry
                if a != b:
                    rows[b][a] += entry
    for k in range(size):
        pivot = rows[k][k]
        spend((size - k) ** 2 * price(bits_of(rows[k])))
        if pivot <= 0:
            raise field.reject(f"the Hessian of the Lagrangian with this factor is not positive definite (pivot {k})")
        for i in range(k + 1, size):
            quotient = rows[i][k] * Fraction(1, pivot)
            rows[i] = [a - quotient * b for a, b in zip(rows[i], rows[k], strict=True)]


def _square(point: _Point, sample: int, coordinates: list[int]) -> Rational:
    """The coefficient of ε² where some coordinates grow by ε: half the second derivative along their sum."""
    return point.frozen(sample, [[v, int(k in coordinates)] for k, v in enumerate(point.theta)])[2]
