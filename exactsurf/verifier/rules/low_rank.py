"""The rule `low rank`: the best fit of a deep linear network, a global minimum (FORMAT.md, section 4.6)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..arithmetic.document import Field, at
from ..arithmetic.effort import price, spend
from ..arithmetic.quadratic import null_space, whole_vector
from ..arithmetic.rational import Rational
from ..arithmetic.table import MAX_PRODUCTS, check_size
from ..problem import Point, Problem

Rows = list[list[Rational]]


def check_low_rank(problem: Problem, point: Point, field: Field) -> list[str]:
    """Check the claim; the evidence has no further field."""
    (rule,) = field.fields("rule")
    loss = problem.loss
    if loss.gap != "difference" or len(loss.pieces) > 1 or not loss.is_curved or problem.activation.breakpoints:
        raise rule.reject("this rule needs the squared loss and an activation without breakpoints")
    free = problem.biases[-1]
    if not free and (any(problem.biases) or any(problem.activation.intercepts)):
        raise rule.reject("this rule needs an output bias, or neither biases nor an activation with h(0) other than 0")
    with at(rule.place):
        found = _check(problem, point, rule, free)
    return [f"rule low rank: the best fit of rank {found}"]


def _check(problem: Problem, point: Point, rule: Field, free: bool) -> int:
    inputs, outputs, largest = problem.widths[0], problem.widths[-1], min(problem.widths)
    products = problem.samples * inputs * (inputs + outputs) + (inputs + outputs) ** 3 + outputs**4
    if products > MAX_PRODUCTS:
        raise OverflowError(f"more than {MAX_PRODUCTS} products are beyond the limits of this verifier")
    check_size(64, products)
    x = [[Fraction(v, d) for v, d in zip(row, problem.x.denominators, strict=True)] for row in problem.x.rows]
    fit, weights = point.residuals, problem.weights.numerators
    ((a, b, _),) = problem.loss.pieces
    shift = Fraction(b, 2 * a)
    residuals = [[-Fraction(gap, fit.denominator) - shift for gap in row] for row in zip(*fit.gaps, strict=True)]
    weighted: Rows = [[w * value for value in row] for w, row in zip(weights, residuals, strict=True)]
    if free:
        for k, errors in enumerate(zip(*weighted, strict=True)):
            if sum(errors) != 0:
                raise rule.reject(f"the residuals of output {k} do not sum to 0")
        sums = [sum(w * value for w, value in zip(weights, values, strict=True)) for values in zip(*x, strict=True)]
        means = [total * Fraction(1, sum(weights)) for total in sums]
        x = [[value - mean for value, mean in zip(row, means, strict=True)] for row in x]
    product: Rows = [[Fraction(w) for w in row] for row in point.parameters.weights[0]]
    for matrix in point.parameters.weights[1:]:
        slope = problem.activation.slopes[0]
        product = _times([[w * slope for w in row] for row in matrix], product)
    spread = _times(_turned([[w * value for value in row] for w, row in zip(weights, x, strict=True)]), x)  # Σ ω x xᵀ
    moment = _times(_turned(weighted), x)  # C = Σ ω e xᵀ
    if any(map(any, _times(product, _turned(moment)))):
        raise rule.reject("W Cᵀ is not 0")
    if any(map(any, _times(spread, _times(_turned(product), moment)))):
        raise rule.reject("G Wᵀ C is not 0")
    fitted = _times(_times(product, spread), _turned(product))
    rest = null_space([_whole(row) for row in fitted], outputs)
    basis = null_space(rest, outputs)
    if len(basis) != largest:
        raise rule.reject(f"the fitted part has rank {len(basis)}, and the widths allow {largest}")
    left = _times(moment, _solved(spread, _turned(moment)))  # C G⁺ Cᵀ
    gap = _difference(
        _product(_on(basis, fitted), _on(rest, None)),
        _product(_on(basis, None), _on(rest, left)),
    )
    if not _is_nowhere_negative(gap):
        raise rule.reject("a direction that is left out fits better than one that is used")
    return largest


def _turned(rows: Sequence[Sequence[Rational]]) -> Rows:
    return [list(column) for column in zip(*rows, strict=True)]


def _times(left: Sequence[Sequence[Rational]], right: Sequence[Sequence[Rational]]) -> Rows:
    columns = _turned(right)
    spend(len(left) * sum(map(len, right)))
    return [[sum(a * b for a, b in zip(row, column, strict=True) if a and b) for column in columns] for row in left]


def _whole(row: Sequence[Rational]) -> list[int]:
    return whole_vector(dict(enumerate(row)), len(row))


def _on(basis: Sequence[Sequence[int]], form: Rows | None) -> Rows:
    """The form (None for the dot product) on a basis."""
    images = basis if form is None else _times(basis, form)
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


def _is_nowhere_negative(form: Rows) -> bool:
    """Whether a symmetric form is ≥ 0 everywhere: symmetric elimination, where a pivot 0 needs a row of zeros."""
    rows = [list(row) for row in form]
    for k in range(len(rows)):
        spend(2 * (len(rows) - k) ** 2 * price(*(value.numerator.bit_length() for value in rows[k])))
        pivot = rows[k][k]
        if pivot < 0 or (not pivot and any(rows[k][k:])):
            return False
        if pivot:
            for n in range(k + 1, len(rows)):
                if rows[n][k]:
                    factor = Fraction(rows[n][k], pivot)
                    rows[n] = [a - factor * b for a, b in zip(rows[n], rows[k], strict=True)]
    return True
