"""The path test (theory.md, theorem C): a sufficient condition for a local minimum, at any depth."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.certificate.rules.paths import Paths
from exactsurf.effort import Effort
from exactsurf.errors import UnsupportedError
from exactsurf.exact.bounded_system import FarkasVector, solve_bounded_system
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.scaled_vector import ScaledVector
from exactsurf.minima.local.still_layers import still_samples
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rules.rule import Answer, Proved, Rule
from exactsurf.model.class_margins import from_wrong_classes
from exactsurf.model.point import Point

Term = tuple[int, int]
"""A sample and a term of its loss."""

MAX_VECTORS = 10_000
"""Most distinct slope-product vectors per layer (as in proofs/FORMAT.md, section 4.1)."""


def check_paths(point: Point, *, merges: bool = False) -> Paths | NotProved:
    """Evidence that the frozen risk Ψ = Σ r_i·f_i is constant near the point, or the reason why this test says nothing.

    Parameters: `point`; with `merges`, samples with the same inputs may count as one where a unit is at a breakpoint on them.
    Exactness: exact. Where the loss is not differentiable, subgradients r are found by an exact linear system with bounds.
    Raises: `UnsupportedError` if there are more than 10,000 distinct slope products in a layer.
    Source: theory.md, section 5, theorem C; proofs/rules/paths.md.
    """
    ambiguous = _ambiguous_samples(point)
    silenced = _silenced(point, ambiguous, merges)
    if isinstance(silenced, NotProved):
        return silenced
    unknown = _free_slopes(point, ambiguous)
    fixed = _fixed_slopes(point, ambiguous, unknown)
    products = _slope_products(point)
    chosen: dict[Term, Fraction] = {}
    if unknown:
        found = _choose_subgradient(point, products, [_path_sums(point, products, r) for r in fixed], unknown)
        if isinstance(found, NotProved):
            return found
        chosen = found
    elif any(any(_path_sums(point, products, r)) for r in fixed):
        return NotProved("a path has a non-zero sum of residuals, so the frozen risk is not constant near the point")
    merged = any(silenced.values())
    if all(low is high or low == high for low, high in point.subdifferentials):
        return Paths(None, merged)
    rows = [list(r.fractions()) for r in fixed]
    for (i, k), value in {**silenced, **chosen}.items():
        for output, sign in point.problem.term_outputs(i, k):
            rows[output][i] += sign * value
    return Paths(tuple(zip(*rows, strict=True)), merged)


def _silenced(point: Point, ambiguous: set[int], merges: bool) -> dict[Term, Fraction] | NotProved:
    """Slopes, other than 0, of terms of ambiguous samples that add up to 0 over all samples with the same inputs."""
    slopes = point.term_slopes
    loud = {i for low, high in slopes for i in ambiguous if not low[i] <= 0 <= high[i]}
    if not loud:
        return {}
    silenced: dict[Term, Fraction] = {}
    for group in _repeated(point, loud, ambiguous) if merges else [[min(loud)]]:
        terms = [(i, k) for i in group for k in range(len(slopes))]
        columns = [[Fraction(0)] * point.problem.network.widths[-1] for _ in terms]
        for column, term in zip(columns, terms, strict=True):
            for output, sign in point.problem.term_outputs(*term):
                column[output] += sign
        lower, upper = ([slopes[k][side][i] for i, k in terms] for side in (0, 1))
        found = solve_bounded_system(columns, [Fraction(0)] * len(columns[0]), lower, upper)
        if isinstance(found, FarkasVector):
            if len(group) == 1:
                return NotProved(f"sample {group[0]} has a unit at a breakpoint and a residual that is not zero")
            these = ", ".join(map(str, group))
            return NotProved(f"samples {these} have the same inputs, a unit at a breakpoint, and residuals that do not cancel")
        silenced |= {term: value for term, value in zip(terms, found.values, strict=True) if value}
    return silenced


def _repeated(point: Point, loud: set[int], ambiguous: set[int]) -> list[list[int]]:
    """For every loud sample those with the same inputs, each group once."""
    groups: dict[Vector, list[int]] = {point.problem.data.inputs.row(i): [] for i in sorted(loud)}
    for i in sorted(ambiguous):
        groups.get(point.problem.data.inputs.row(i), []).append(i)
    return list(groups.values())


def _free_slopes(point: Point, ambiguous: set[int]) -> list[Term]:
    """Samples and terms at a kink of the loss, but for ambiguous samples."""
    return [
        (i, k)
        for k, (low, high) in enumerate(point.term_slopes)
        if low is not high
        for i in range(len(low))
        if i not in ambiguous and low[i] != high[i]
    ]


def _fixed_slopes(point: Point, ambiguous: set[int], unknown: list[Term]) -> list[ScaledVector]:
    """The slopes that are not to be chosen, 0 elsewhere, by output."""
    right = point.problem.right_outputs
    fixed = [
        _masked(low, ambiguous | {i for i, output in unknown if output == k}) for k, (low, _) in enumerate(point.term_slopes)
    ]
    return fixed if right is None else list(from_wrong_classes(fixed, right))


def _ambiguous_samples(point: Point) -> set[int]:
    h, still = point.problem.network.activation, still_samples(point)
    return {
        i
        for layer, samples in zip(point.forward.pre_activations, still, strict=True)
        for z in layer
        for i, (left, right) in enumerate(h.pieces(z))
        if left != right and i not in samples
    }


def _masked(vector: ScaledVector, hidden: set[int]) -> ScaledVector:
    if not hidden:
        return vector
    return ScaledVector(tuple(0 if i in hidden else n for i, n in enumerate(vector.numerators)), vector.denominator)


def _slope_products(point: Point) -> list[list[ScaledVector]]:
    """products[l−1]: the distinct vectors of slope products from layer l up to an output; the last one is all ones."""
    h = point.problem.network.activation
    products = [[ScaledVector((1,) * len(point.problem.data), 1)]]
    for layer in reversed(point.forward.pre_activations):
        patterns = {tuple(left for left, _ in h.pieces(z)) for z in layer}
        slopes = [ScaledVector.from_fractions([h.slopes[piece] for piece in pattern]).reduced() for pattern in sorted(patterns)]
        below = {a.times(v) for a in slopes for v in products[0]}
        if len(below) > MAX_VECTORS:
            raise UnsupportedError(f"the path test needs more than {MAX_VECTORS} slope products in one layer")
        products.insert(0, sorted(below, key=lambda v: (v.denominator, v.numerators)))
    return products


def _path_sums(point: Point, products: list[list[ScaledVector]], r: ScaledVector) -> list[Fraction]:
    """All the sums of conditions 1–3 of FORMAT.md 4.1 for one output with frozen residuals r."""
    problem, h = point.problem, point.problem.network.activation
    weighted = [[r.times(v) for v in layer] for layer in products]
    sums = [v.sum() for has_bias, layer in zip(problem.network.biases, weighted, strict=True) if has_bias for v in layer]
    for row in problem.data.inputs.weighted_sums(weighted[0]):
        sums.extend(row)
    intercepts = [intercept for _, intercept in h.lines]
    if any(intercepts):
        for depth, layer in enumerate(point.forward.pre_activations):
            for pattern in sorted({tuple(left for left, _ in h.pieces(z)) for z in layer}):
                constants = ScaledVector.from_fractions([intercepts[piece] for piece in pattern])
                sums.extend(constants.dot(v) for v in weighted[depth + 1])
    return sums


def _choose_subgradient(
    point: Point, products: list[list[ScaledVector]], sums: list[list[Fraction]], unknown: list[Term]
) -> dict[Term, Fraction] | NotProved:
    """Slopes at the kinks, within their intervals, that make every path sum vanish: a linear system with bounds."""
    problem, slopes = point.problem, point.term_slopes
    size, equations = len(problem.data), len(sums[0])
    target = [-value for output in sums for value in output]
    vectors, lower, upper = [], [], []
    for i, k in unknown:
        unit = ScaledVector(tuple(int(j == i) for j in range(size)), 1)
        column = [Fraction(0)] * (equations * len(sums))
        added = _path_sums(point, products, unit)
        for output, sign in problem.term_outputs(i, k):
            column[output * equations : (output + 1) * equations] = [sign * value for value in added]
        vectors.append(column)
        lower.append(slopes[k][0][i])
        upper.append(slopes[k][1][i])
    chosen = solve_bounded_system(vectors, target, lower, upper)
    if isinstance(chosen, FarkasVector):
        return NotProved("no choice of subgradients makes the frozen risk constant near the point")
    return dict(zip(unknown, chosen.values, strict=True))


def ask(point: Point, _: Effort) -> Answer:
    """`check_paths` as a rule. Exactness: exact. Raises: nothing. Source: theory.md, theorem C."""
    return _answer(point, merges=False)


def _ask_merged(point: Point, _: Effort) -> Answer:
    return _answer(point, merges=True)


def _answer(point: Point, *, merges: bool) -> Answer:
    try:
        found = check_paths(point, merges=merges)
    except UnsupportedError as error:
        return NotProved(str(error))
    if isinstance(found, NotProved):
        return found
    return Proved(found, "the frozen risk is constant near the point (path test, theorem C)")


def _why_not_merged(point: Point) -> str:
    rows = point.problem.data.x
    return "" if len(set(rows)) < len(rows) else "no two samples have the same inputs"


RULE = Rule("paths", ask)
MERGED = Rule("paths", _ask_merged, _why_not_merged)
"""The same where samples with the same inputs count as one (FORMAT.md, section 52)."""
