"""The claim `local minimum of algebraic coordinates` (FORMAT.md, section 35)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..algebraic_ring import Element, Ring, Root, enclosed, read_root
from ..arithmetic.document import Field, at
from ..arithmetic.effort import price, spend
from ..arithmetic.interval import Interval, enclose
from ..arithmetic.interval_matrix import bad_pivot
from ..arithmetic.rational import Rational
from ..arithmetic.table import Table
from ..problem import Problem
from ..submission import Submission, check_sentence, samples_text
from .critical_box import read_bits


def check_algebraic_point(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    _, claim, problem_field, evidence = submission.root.fields("format", "claim", "problem", "evidence")
    _, sentence_field, risk_field = claim.fields("kind", "sentence", "risk")
    bits_field, root_field, coordinates_field = evidence.fields("bits", "root", "coordinates")
    problem = submission.problem(problem_field)
    if problem.loss.gap != "difference" or problem.loss.breakpoints:
        raise problem_field.child("loss").reject("this claim is for losses of one piece")
    sentence = check_sentence(
        sentence_field,
        f"The point of the given algebraic coordinates is a local minimum of the {problem.loss.risk} of the "
        f"{problem.architecture} network on {samples_text(problem)}.",
    )
    bits = read_bits(bits_field)
    root = read_root(root_field)
    with at(coordinates_field.place):
        point = _read_point(problem, root, coordinates_field, bits)
        gradient, risk = point.gradient()
        for name, value in zip(point.names, gradient, strict=True):
            if any(value[0]):
                raise coordinates_field.child(name).reject("the derivative of the risk by this coordinate is not 0")
        submission.done("the gradient is 0, as polynomials in an algebraic number of degree " + str(root.degree))
        _check_risk(risk_field, point, risk)
        submission.done("the risk is the stated algebraic number")
        pivot = bad_pivot(_transversal_hessian(point))
    if pivot is not None:
        raise coordinates_field.reject(
            f"the Hessian is not positive definite across the invariances (pivot {pivot}), as far as these bits tell"
        )
    submission.done("the Hessian is positive definite across the directions of rescaling")
    return sentence, None


@dataclass(frozen=True)
class _Point:
    """A point of algebraic coordinates strictly inside a cell."""

    problem: Problem
    ring: Ring
    alpha: Interval
    names: list[str]
    values: list[Element]
    pieces: list[list[list[int]]]  # by sample, layer, unit

    def moved(self, coordinate: int) -> list[Element]:
        """The coordinates, one of them with ε more."""
        one = self.ring.constant(1)[0]
        return [(value[0], one if k == coordinate else value[1]) for k, value in enumerate(self.values)]

    def gradient(self, values: list[Element] | None = None) -> tuple[list[Element], Element]:
        """The derivatives of the risk by all coordinates, and the risk."""
        values = self.values if values is None else values
        ring, total = self.ring, self.ring.constant(0)
        found = [ring.constant(0) for _ in values]
        a, b, c = self.problem.loss.pieces[0]
        weights, biases, places = _shaped(self.problem, values)
        for i, pieces in enumerate(self.pieces):
            share = Fraction(self.problem.weights.numerators[i], self.problem.weights.denominator)
            read = [[ring.constant(value) for value in _row(self.problem.x, i)]]
            for layer, chosen in enumerate([*pieces, None]):
                forms = [
                    _affine(ring, row, read[-1], None if biases[layer] is None else biases[layer][j])  # type: ignore[index]
                    for j, row in enumerate(weights[layer])
                ]
                if chosen is None:
                    break
                h = self.problem.activation
                lines = [(h.slopes[piece], h.intercepts[piece]) for piece in chosen]
                read.append([ring.add(ring.scaled(z, s), ring.constant(t)) for z, (s, t) in zip(forms, lines, strict=True)])
            back = []
            for f, y in zip(forms, _row(self.problem.y, i), strict=True):
                u = ring.add(f, ring.constant(-y))
                value = ring.add(ring.add(ring.scaled(ring.times(u, u), a), ring.scaled(u, b)), ring.constant(c))
                total = ring.add(total, ring.scaled(value, share))
                back.append(ring.scaled(ring.add(ring.scaled(u, 2 * a), ring.constant(b)), share))
            for layer in range(len(weights) - 1, -1, -1):
                for j, slope in enumerate(back):
                    for k, below in enumerate(read[layer]):
                        place = places[layer][0] + j * len(read[layer]) + k
                        found[place] = ring.add(found[place], ring.times(slope, below))
                    if biases[layer] is not None:
                        place = places[layer][1] + j
                        found[place] = ring.add(found[place], slope)
                if layer:
                    slopes = [self.problem.activation.slopes[piece] for piece in pieces[layer - 1]]
                    back = [
                        ring.scaled(_affine(ring, back, [row[k] for row in weights[layer]], None), slopes[k])
                        for k in range(len(read[layer]))
                    ]
        return found, total


def _row(table: Table, i: int) -> list[Fraction]:
    return [Fraction(value, unit) for value, unit in zip(table.rows[i], table.denominators, strict=True)]


def _affine(ring: Ring, row: Sequence[Element], below: Sequence[Element], bias: Element | None) -> Element:
    total = ring.constant(0) if bias is None else bias
    for weight, value in zip(row, below, strict=True):
        total = ring.add(total, ring.times(weight, value))
    return total


Shaped = tuple[list[list[list[Element]]], list[list[Element] | None], list[tuple[int, int]]]


def _shaped(problem: Problem, values: list[Element]) -> Shaped:
    """Weights and biases by layer, and where those of a layer begin."""
    weights: list[list[list[Element]]] = []
    biases: list[list[Element] | None] = []
    places, start = [], 0
    for below, width, has_bias in zip(problem.widths, problem.widths[1:], problem.biases, strict=False):
        weights.append([values[start + j * below : start + (j + 1) * below] for j in range(width)])
        middle = start + width * below
        biases.append(values[middle : middle + width] if has_bias else None)
        places.append((start, middle))
        start = middle + (width if has_bias else 0)
    return weights, biases, places


def _names(problem: Problem) -> list[str]:
    found = []
    for layer, (below, width) in enumerate(zip(problem.widths, problem.widths[1:], strict=False), start=1):
        found += [f"W{layer}_{j}_{k}" for j in range(width) for k in range(below)]
        found += [f"b{layer}_{j}" for j in range(width) if problem.biases[layer - 1]]
    return found


def _read_point(problem: Problem, root: Root, field: Field, bits: int) -> _Point:
    layers = zip(problem.widths, problem.widths[1:], problem.biases, strict=False)
    spend(sum((below + has_bias) * width for below, width, has_bias in layers))  # no field before has so many entries
    names, ring, alpha = _names(problem), Ring(root), root.enclosed(bits)
    zero: list[Rational] = [0] * root.degree
    values: list[Element] = [(entry.vector(root.degree), zero) for entry in field.fields(*names)]
    weights, biases, _ = _shaped(problem, values)
    bounds = [enclose(t, bits) for t in problem.activation.breakpoints]
    pieces = []
    for i in range(problem.samples):
        below = [ring.constant(value) for value in _row(problem.x, i)]
        chosen = []
        for layer in range(problem.hidden_layers):
            bias = biases[layer]
            forms = [_affine(ring, row, below, None if bias is None else bias[j]) for j, row in enumerate(weights[layer])]
            units = []
            for j, z in enumerate(forms):
                value = enclosed(z[0], alpha)
                piece = sum(value.low > t.high for t in bounds)
                if any(value.low <= t.high and value.high >= t.low for t in bounds):
                    raise field.reject(f"unit {j} of layer {layer + 1} may be at a breakpoint on sample {i}")
                units.append(piece)
            chosen.append(units)
            h = problem.activation
            lines = [(h.slopes[piece], h.intercepts[piece]) for piece in units]
            below = [ring.add(ring.scaled(z, s), ring.constant(t)) for z, (s, t) in zip(forms, lines, strict=True)]
        pieces.append(chosen)
    return _Point(problem, ring, alpha, names, values, pieces)


def _check_risk(field: Field, point: _Point, risk: Element) -> None:
    stated, ring = read_root(field), point.ring
    total = ring.constant(0)
    for coefficient in reversed(stated.polynomial):
        total = ring.add(ring.times(total, risk), ring.constant(coefficient))
    if any(total[0]):
        raise field.child("polynomial").reject("the risk is no root of this polynomial")
    value = enclosed(risk[0], point.alpha)
    if value.low <= stated.low * (1 << value.bits) or value.high >= stated.high * (1 << value.bits):
        raise field.child("interval").reject("the risk is not between these numbers, as far as these bits tell")


def _transversal_hessian(point: _Point) -> list[list[Interval]]:
    """The Hessian plus the squares of the directions along which units are rescaled, enclosed."""
    size = len(point.names)
    rows = [[enclosed(entry[1], point.alpha) for entry in point.gradient(point.moved(k))[0]] for k in range(size)]
    for tangent in _tangents(point):
        values = [enclosed(value[0], point.alpha) for value in tangent]
        spend(size * size * price(point.alpha.bits))
        for i in range(size):
            for j in range(size):
                rows[i][j] = rows[i][j] + values[i] * values[j]
    return rows


def _tangents(point: _Point) -> list[list[Element]]:
    """Of every hidden unit, row and bias and minus its column in the next layer, if h(cz) = c h(z) for c > 0.

    If h is linear, the same for the row and bias of one unit and the column of another in the same layer.
    """
    problem, ring = point.problem, point.ring
    h = problem.activation
    if any(h.intercepts):
        return []
    weights, biases, places = _shaped(problem, point.values)
    found = []
    for layer in range(problem.hidden_layers):
        width, below = problem.widths[layer + 1], problem.widths[layer]
        for j in range(width):
            for k in range(width) if not h.breakpoints else (j,):
                tangent = [ring.constant(0) for _ in point.values]
                for p in range(below):
                    tangent[places[layer][0] + j * below + p] = weights[layer][k][p]
                bias = biases[layer]
                if bias is not None:
                    tangent[places[layer][1] + j] = bias[k]
                for q, row in enumerate(weights[layer + 1]):
                    tangent[places[layer + 1][0] + q * width + k] = ring.scaled(row[j], -1)
                found.append(tangent)
    return found
