"""The rule `kinked paths`: a local minimum by paths through units at breakpoints (FORMAT.md, section 63)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

from ..activation import Activation
from ..arithmetic.document import Field, at
from ..arithmetic.effort import price, spend
from ..arithmetic.rational import Rational
from ..arithmetic.table import check_size, common_denominator, numerators
from ..cells_at_point import CellsAtPoint, Pair
from ..problem import Point, Problem

MAX_VECTORS = 10_000
Vector = tuple[int, ...]
Sums = dict[int, list[int]]
"""Sample by sample, as far as they are not 0, the s_ik for all outputs, times one positive number."""
Line = tuple[int, int]
"""Slope and intercept, each times a positive number of the layer."""


def check_kinked_paths(problem: Problem, point: Point, field: Field) -> list[str]:
    """Check the evidence; the summary of what was found."""
    names = ("rule", "multiples", "slopes", *(["subgradient"] if field.has("subgradient") else []))
    rule, multiples, slopes, *_ = field.fields(*names)
    sums = _sums(problem, point, field, multiples)
    chosen = _read_slopes(problem, point, slopes, sums)
    kept = sorted(sums)
    with at(rule.place):
        lines = _lines(problem, point, kept, chosen)
        vectors = _vanishing_vectors(problem, rule, kept, sums, lines)
        kinks = _check_kinks(problem, point, slopes, kept, sums, lines, vectors, chosen)
    samples = len(kept)
    return [f"rule kinked paths: {samples} samples with s ≠ 0, {kinks} kinks with a factor of their sign; all sums vanish"]


def _sums(problem: Problem, point: Point, field: Field, multiples: Field) -> Sums:
    values = point.residuals.read_subgradient(field).values
    spend(problem.samples * len(values))
    sums: dict[int, list[Rational]] = {i: list(row) for i, row in enumerate(zip(*values, strict=True))}
    counted: dict[int, tuple[int, Rational, Field]] = {}
    for entry in multiples.items():
        own, other, factor = entry.items(3)
        i, m, c = own.size(), other.size(), factor.number()
        if i >= problem.samples or i in counted:
            raise own.reject("no sample, or named before")
        if m >= problem.samples:
            raise other.reject("no sample")
        if not _is_multiple(problem, i, m, c):
            raise entry.reject(f"the predictions of sample {i} are not known to be this multiple of those of sample {m}")
        counted[i] = m, c, other
    for i, (m, c, other) in counted.items():
        if m in counted:
            raise other.reject(f"sample {m} counts as a multiple itself")
        spend(8 * len(values) * price(*map(_bits, (c, *sums[m], *sums[i]))))
        sums[m] = [a + c * b for a, b in zip(sums[m], sums[i], strict=True)]
    with at(multiples.place):
        common = common_denominator([r for row in sums.values() for r in row], problem.samples * len(values))
        return {i: numerators(row, common) for i, row in sums.items() if i not in counted and any(row)}


def _is_multiple(problem: Problem, i: int, m: int, c: Rational) -> bool:
    """Whether f_i = c f_m at all parameters follows from the inputs and from what the activation is."""
    h, biased = problem.activation, any(problem.biases)
    spend(len(problem.x.denominators) + len(h.breakpoints))
    for q in (c, -c):
        if not c or any(a != q * b for a, b in zip(problem.x.rows[i], problem.x.rows[m], strict=True)):
            continue
        if q not in (1, -1) and (biased or not _is_homogeneous(h)):
            continue
        if q < 0 and not (_is_symmetric(h, -1) and not biased if c < 0 else _is_symmetric(h, 1) and not problem.biases[0]):
            continue
        if q > 0 > c:
            continue
        return True
    return False


def _is_homogeneous(h: Activation) -> bool:
    bends = (t for t, (left, right) in zip(h.breakpoints, pairwise(h.slopes), strict=True) if left != right)
    return not _value(h, 0) and not any(bends)


def _is_symmetric(h: Activation, sign: int) -> bool:
    """Whether h(−z) = sign · h(z): both sides are linear between these places, and beyond the last but one."""
    places = sorted({Fraction(0), *(abs(Fraction(t)) for t in h.breakpoints)})
    return all(_value(h, -z) == sign * _value(h, z) for z in (*places, places[-1] + 1))


def _value(h: Activation, z: Rational) -> Rational:
    m = sum(t < z for t in h.breakpoints)
    return h.slopes[m] * z + h.intercepts[m]


def _read_slopes(problem: Problem, point: Point, field: Field, sums: Sums) -> dict[Pair, Rational]:
    """The chosen slope of every boundary pair of a sample with s ≠ 0."""
    cells, chosen = CellsAtPoint(problem, point), dict[Pair, Rational]()
    h = problem.activation
    for entry in field.items():
        place, slope = entry.items(2)
        pair = cells.read_pair(place)
        layer, unit, sample = pair
        if pair in chosen or sample not in sums:
            raise place.reject("named before, or a pair of a sample with s = 0 or of a multiple")
        position = point.forward.positions[layer - 1][unit][sample]
        sides = h.left(position), h.right(position)
        if not min(sides) <= slope.number() <= max(sides):
            raise slope.reject("not between the slopes left and right of the breakpoint")
        chosen[pair] = slope.number()
    missing = [pair for i in sums for pair in cells.pairs.get(i, ()) if pair not in chosen]
    if missing:
        raise field.reject(f"the boundary pair {list(min(missing))} is missing")
    return chosen


def _lines(problem: Problem, point: Point, kept: list[int], chosen: Mapping[Pair, Rational]) -> list[list[list[Line]]]:
    """[layer][unit]: slope and intercept on the samples that are kept."""
    h, found = problem.activation, []
    for layer, units in enumerate(point.forward.positions, 1):
        slopes: list[Rational] = []
        intercepts: list[Rational] = []
        for j, unit in enumerate(units):
            spend(4 * len(kept))
            for i in kept:
                m, pair = unit[i] // 2, (layer, j, i)
                slopes.append(chosen.get(pair, h.slopes[m]))
                # The line goes through (t, h(t)), t being the breakpoint on the right of piece m.
                turned = (h.slopes[m] - slopes[-1]) * h.breakpoints[m] if pair in chosen else 0
                intercepts.append(h.intercepts[m] + turned)
        over, under = (common_denominator(values, len(values)) for values in (slopes, intercepts))
        lines = list(zip(numerators(slopes, over), numerators(intercepts, under), strict=True))
        found.append([lines[j * len(kept) : (j + 1) * len(kept)] for j in range(len(units))])
    return found


def _vanishing_vectors(
    problem: Problem, rule: Field, kept: list[int], sums: Sums, lines: list[list[list[Line]]]
) -> list[set[Vector]]:
    """V_1, …, V_{L+1} without 0; conditions 1 to 3 of section 4.1 hold for them."""
    vectors: set[Vector] = {tuple(column) for column in zip(*(sums[i] for i in kept), strict=True) if any(column)}
    all_vectors = [vectors]
    for layer in range(len(lines), -1, -1):  # vectors is V_{layer + 1}
        spend(len(vectors) * len(kept))
        if problem.biases[layer] and any(map(sum, vectors)):
            raise rule.reject(f"condition 1 fails for the bias of layer {layer + 1}")
        if layer:
            vectors = _products(rule, layer, lines[layer - 1], vectors)
            all_vectors.insert(0, vectors)
    spend(len(vectors) * len(kept) * len(problem.x.denominators))
    for v in vectors:
        for column in range(len(problem.x.denominators)):
            if sum(entry * problem.x.rows[i][column] for entry, i in zip(v, kept, strict=True)):
                raise rule.reject(f"condition 2 fails for input {column}")
    return all_vectors


def _products(rule: Field, layer: int, units: list[list[Line]], vectors: set[Vector]) -> set[Vector]:
    """The products of slopes of a layer with the vectors above it, without 0; condition 3 holds for its intercepts."""
    bits = max((max(_bits(a), _bits(c)) for unit in units for a, c in unit), default=0)
    bits += max((_bits(entry) for v in vectors for entry in v), default=0)
    found: set[Vector] = set()
    for slopes, intercepts in {tuple(zip(*unit, strict=True)) for unit in units if unit}:
        for v in vectors:
            spend(1 + (len(v) >> 1) * price(bits))
            if sum(c * entry for c, entry in zip(intercepts, v, strict=True)):
                raise rule.reject(f"condition 3 fails for layer {layer}")
            product = tuple(a * entry for a, entry in zip(slopes, v, strict=True))
            if any(product):
                found.add(product)
                check_size(bits, len(v) * len(found))
                if len(found) > MAX_VECTORS:
                    raise OverflowError(f"more than {MAX_VECTORS} vectors are beyond the limits of this verifier")
    return found


def _check_kinks(
    problem: Problem,
    point: Point,
    field: Field,
    kept: list[int],
    sums: Sums,
    lines: list[list[list[Line]]],
    vectors: list[set[Vector]],
    chosen: Mapping[Pair, Rational],
) -> int:
    """That every kink that a path leads on from has a factor of its sign; the number of these."""
    h, weights, count = problem.activation, point.parameters.weights, 0
    reached = [{i for n, i in enumerate(kept) if any(v[n] for v in found)} for found in vectors]
    factors: dict[tuple[int, int], list[Rational]] = {}
    long = max((_bits(value) for rows in weights for row in rows for value in row), default=0)
    for n, i in enumerate(kept):
        back: list[Rational] = list(sums[i])
        for layer in range(len(lines), 0, -1):
            bits = long + max(map(_bits, back)) + max((_bits(a) for unit in lines[layer - 1] for a, _ in unit), default=0)
            spend(len(back) * len(lines[layer - 1]) * price(bits))
            check_size(bits, len(lines[layer - 1]))
            if layer < len(lines):
                back = [b * unit[n][0] for b, unit in zip(back, lines[layer], strict=True)]
            back = [sum(b * row[j] for b, row in zip(back, weights[layer], strict=True)) for j in range(len(lines[layer - 1]))]
            factors[layer, i] = back
    for entry, (layer, unit, i) in zip(field.items(), chosen, strict=True):
        if i not in reached[layer]:
            continue
        position = point.forward.positions[layer - 1][unit][i]
        if factors[layer, i][unit] * (h.right(position) - h.left(position)) <= 0:
            raise entry.reject("the kink has a factor that is 0 or of the other sign")
        count += 1
    return count


def _bits(value: Rational) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())
