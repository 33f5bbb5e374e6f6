"""The rule `low rank`: a best fit among all matrices of the largest rank (FORMAT.md, sections 4.6 and 27)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..arithmetic.document import Field, at
from ..arithmetic.effort import spend
from ..arithmetic.quadratic import null_space, whole_vector
from ..arithmetic.rational import Rational
from ..arithmetic.rational_rows import is_nowhere_negative
from ..arithmetic.table import MAX_PRODUCTS, check_size
from ..matrix_model import MatrixModel, NoModel, Rows, linear_model, sliced_model, times, turned
from ..problem import Point, Problem


def check_low_rank(problem: Problem, point: Point, field: Field) -> list[str]:
    """Check the claim; the evidence has no further field, or, in format 2, `left_out`."""
    sliced = field.has("left_out")
    rule, *others = field.fields("rule", *(["left_out"] if sliced else []))
    loss = problem.loss
    if loss.gap != "difference" or len(loss.pieces) > 1 or not loss.is_curved:
        raise rule.reject("this rule needs the squared loss")
    residuals = _residuals(problem, point)
    if sliced:
        left_out = _read_left_out(others[0], residuals)
        with at(others[0].place):
            try:
                model = sliced_model(problem, point, left_out)
            except NoModel as why:
                raise others[0].reject(str(why)) from None
    else:
        if problem.activation.breakpoints:
            raise rule.reject("this rule needs an activation without breakpoints")
        if not problem.biases[-1] and (any(problem.biases) or any(problem.activation.intercepts)):
            raise rule.reject("this rule needs an output bias, or neither biases nor an activation with h(0) other than 0")
        with at(rule.place):
            model = linear_model(problem, point)
    with at(rule.place):
        found = _check(problem, model, residuals, rule)
    return [f"rule low rank: the best fit of rank {found}"]


def _residuals(problem: Problem, point: Point) -> Rows:
    """What is missing to the minimum of the loss, for every sample."""
    ((a, b, _),) = problem.loss.pieces
    fit, shift = point.residuals, Fraction(b, 2 * a)
    return [[-Fraction(gap, fit.denominator) - shift for gap in row] for row in zip(*fit.gaps, strict=True)]


def _read_left_out(field: Field, residuals: Rows) -> list[int]:
    found: list[int] = []
    for item in field.items():
        sample = item.size()
        if found and sample <= found[-1]:
            raise item.reject("samples must rise")
        if sample >= len(residuals):
            raise item.reject("no such sample")
        if any(residuals[sample]):
            raise item.reject("the loss of this sample is not at its minimum")
        found.append(sample)
    return found


def _check(problem: Problem, model: MatrixModel, residuals: Rows, rule: Field) -> int:
    outputs, x, product, kept = problem.widths[-1], model.inputs, model.product, model.kept
    inputs = len(x[0])
    products = len(kept) * inputs * (inputs + outputs) + (inputs + outputs) ** 3 + outputs**4
    if products > MAX_PRODUCTS:
        raise OverflowError(f"more than {MAX_PRODUCTS} products are beyond the limits of this verifier")
    check_size(64, products)
    weights = [problem.weights.numerators[i] for i in kept]
    weighted: Rows = [[w * value for value in residuals[i]] for w, i in zip(weights, kept, strict=True)]
    if problem.biases[-1]:
        for k, errors in enumerate(zip(*weighted, strict=True)):
            if sum(errors) != 0:
                raise rule.reject(f"the residuals of output {k} do not sum to 0")
        sums = [sum(w * value for w, value in zip(weights, values, strict=True)) for values in zip(*x, strict=True)]
        means = [total * Fraction(1, sum(weights)) for total in sums]
        x = [[value - mean for value, mean in zip(row, means, strict=True)] for row in x]
    spread = times(turned([[w * value for value in row] for w, row in zip(weights, x, strict=True)]), x)  # Σ ω x xᵀ
    moment = times(turned(weighted), x)  # C = Σ ω e xᵀ
    if any(map(any, times(product, turned(moment)))):
        raise rule.reject("W Cᵀ is not 0")
    if any(map(any, times(spread, times(turned(product), moment)))):
        raise rule.reject("G Wᵀ C is not 0")
    largest = min(least + _rank_from(spread, start) for least, start in model.cuts)
    fitted = times(times(product, spread), turned(product))
    rest = null_space([_whole(row) for row in fitted], outputs)
    basis = null_space(rest, outputs)
    if len(basis) != largest:
        raise rule.reject(f"the fitted part has rank {len(basis)}, and the widths allow {largest}")
    left = times(moment, _solved(spread, turned(moment)))  # C G⁺ Cᵀ
    gap = _difference(
        _product(_on(basis, fitted), _on(rest, None)),
        _product(_on(basis, None), _on(rest, left)),
    )
    if not is_nowhere_negative(gap):
        raise rule.reject("a direction that is left out fits better than one that is used")
    return largest


def _rank_from(square: Rows, start: int) -> int:
    """The rank of the part of a matrix behind its first so many rows and columns."""
    part = [_whole(row[start:]) for row in square[start:]]
    return len(part) - len(null_space(part, len(part))) if part else 0


def _whole(row: Sequence[Rational]) -> list[int]:
    return whole_vector(dict(enumerate(row)), len(row))


def _on(basis: Sequence[Sequence[int]], form: Rows | None) -> Rows:
    """The form (None for the dot product) on a basis."""
    images = basis if form is None else times(basis, form)
    return [[sum(a * b for a, b in zip(image, vector, strict=True)) for vector in basis] for image in images]


def _product(left: Rows, right: Rows) -> Rows:
    """The tensor product."""
    return [[a * b for a in row for b in other] for row in left for other in right]


def _difference(left: Rows, right: Rows) -> Rows:
    return [[a - b for a, b in zip(row, other, strict=True)] for row, other in zip(left, right, strict=True)]


def _solved(square: Rows, right: Rows) -> Rows:
    """Some S with square · S = right, which there is."""
    size = len(square)
    table = [[*row, *more] for row, more in zip(square, right, strict=True)]
    pivots: list[int] = []
    spend(2 * size * size * len(table[0]))
    for column in range(size):
        top = len(pivots)
        choice = next((n for n in range(top, size) if table[n][column]), None)
        if choice is None:
            continue
        table[top], table[choice] = table[choice], table[top]
        lead = table[top][column]
        table[top] = [Fraction(value, lead) for value in table[top]]
        for n in range(size):
            if n != top and table[n][column]:
                factor = table[n][column]
                table[n] = [a - factor * b for a, b in zip(table[n], table[top], strict=True)]
        pivots.append(column)
    found: Rows = [[0] * len(right[0]) for _ in range(size)]
    for n, column in enumerate(pivots):
        found[column] = table[n][size:]
    return found
