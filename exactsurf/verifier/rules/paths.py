"""The rule `paths`: a local minimum by the path test (FORMAT.md, sections 4.1 and 52)."""

from __future__ import annotations

from collections.abc import Iterable

from ..arithmetic.document import Field, at
from ..arithmetic.effort import price, spend
from ..arithmetic.table import check_size, column_sums, common_denominator, numerators
from ..cells_at_point import is_still
from ..problem import Point, Problem

MAX_VECTORS = 10_000
Vector = tuple[int, ...]


def check_paths(problem: Problem, point: Point, field: Field) -> list[str]:
    """Check the evidence; the summary of what was found.

    All conditions say that sums vanish, so r, slopes, intercepts and data columns may be scaled to integers. Samples
    whose r is 0 take no part in any sum and are left out, and so are vectors that are 0.
    """
    rule, *_ = field.fields("rule", *(name for name in ("merged", "subgradient") if field.has(name)))
    derivatives = point.residuals.read_subgradient(field).values
    if field.has("merged"):
        merged = field.child("merged")
        if not merged.boolean():
            raise merged.reject("must be true, or left out")
        with at(merged.place):
            derivatives = _merged(problem, derivatives)
    kept = [i for i, r in enumerate(zip(*derivatives, strict=True)) if any(r)]
    positions = [[[unit[i] for i in kept] for unit in layer] for layer in point.forward.positions]
    function = problem.activation
    ambiguous = {2 * m - 1 for m in range(1, len(function.slopes)) if function.is_kink(2 * m - 1)}
    for layer, units in enumerate(positions, 1):
        for j, unit in enumerate(units):
            if ambiguous.isdisjoint(unit):
                continue
            moving = (kept[n] for n, position in enumerate(unit) if position in ambiguous)
            sample = next((i for i in moving if not is_still(problem, point, layer, i)), None)
            if sample is not None:
                raise rule.reject(f"sample {sample} is ambiguous (unit {j} of layer {layer}), but its r is not 0")

    with at(rule.place):
        slopes = numerators(function.slopes, common_denominator(function.slopes))
        intercepts = numerators(function.intercepts, common_denominator(function.intercepts))
        vectors = {tuple(values[i] for i in kept) for values in derivatives if any(values)}
        counts = [len(vectors)]
        for layer in range(len(positions), -1, -1):  # vectors is V_{layer + 1}, and `units` are those of this layer
            if problem.biases[layer] and any(map(sum, vectors)):
                raise rule.reject(f"condition 1 fails for the bias of layer {layer + 1}")
            if layer == 0:
                break
            patterns = set()
            for pieces in {tuple((position + 1) // 2 for position in unit) for unit in positions[layer - 1]}:
                constants = [intercepts[m] for m in pieces]
                spend(len(vectors) * len(kept) >> 2)
                if any(constants) and any(_dot(constants, v) for v in vectors):
                    raise rule.reject(f"condition 3 fails for layer {layer}")
                patterns.add(tuple(slopes[m] for m in pieces))
            vectors = _products(patterns, vectors)
            counts.append(len(vectors))
        rows = [problem.x.rows[i] for i in kept]
        for v in vectors:
            spend(len(rows) * len(problem.x.denominators) >> 3)
            for column, total in enumerate(column_sums(rows, v)):
                if total:
                    raise rule.reject(f"condition 2 fails for input {column}")
    listed = ", ".join(map(str, reversed(counts)))
    return [f"rule paths: {len(kept)} samples with r ≠ 0, {listed} vectors in V_1, …, V_{len(counts)}; all sums vanish"]


def _merged(problem: Problem, derivatives: list[list[int]]) -> list[list[int]]:
    """The sums over samples with the same inputs, at the first one of these; 0 at the others."""
    rows = problem.x.rows
    spend(len(rows) * (len(problem.x.denominators) + len(derivatives)))
    first: dict[Vector, int] = {}
    named = [first.setdefault(tuple(row), i) for i, row in enumerate(rows)]
    sums = [[0] * len(rows) for _ in derivatives]
    for total, values in zip(sums, derivatives, strict=True):
        for i, value in zip(named, values, strict=True):
            total[i] += value
    return sums


def _dot(left: Iterable[int], right: Iterable[int]) -> int:
    return sum(a * b for a, b in zip(left, right, strict=True) if a)


def _products(patterns: set[Vector], vectors: set[Vector]) -> set[Vector]:
    """The entrywise products of two sets of vectors."""
    bits = _longest(patterns) + _longest(vectors)
    found: set[Vector] = set()
    for pattern in patterns:
        simple = set(pattern) == {1}
        for vector in vectors:
            spend(1 + (len(vector) >> 2) * price(bits))
            product = vector if simple else tuple(v if a == 1 else a * v for a, v in zip(pattern, vector, strict=True))
            if any(product):
                found.add(product)
                check_size(bits, len(product) * len(found))
                if len(found) > MAX_VECTORS:
                    raise OverflowError(f"more than {MAX_VECTORS} vectors are beyond the limits of this verifier")
    return found


def _longest(vectors: set[Vector]) -> int:
    return max((max(map(int.bit_length, vector), default=0) for vector in vectors), default=0)
