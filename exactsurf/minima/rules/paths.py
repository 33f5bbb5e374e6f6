"""The path test (theory.md, theorem C): a sufficient condition for a local minimum, at any depth."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.certificate.rules.paths import Paths
from exactsurf.effort import Effort
from exactsurf.errors import UnsupportedError
from exactsurf.exact.bounded_system import FarkasVector, solve_bounded_system
from exactsurf.exact.scaled_vector import ScaledVector
from exactsurf.minima.local.still_layers import still_samples
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rules.rule import Answer, Proved, Rule
from exactsurf.model.class_margins import from_wrong_classes
from exactsurf.model.point import Point

MAX_VECTORS = 10_000
"""Most distinct slope-product vectors per layer (as in proofs/FORMAT.md, section 4.1)."""


def check_paths(point: Point) -> Paths | NotProved:
    """Evidence that the frozen risk Ψ = Σ r_i·f_i is constant near the point, or the reason why this test says nothing.

    Parameters: `point`.
    Exactness: exact. Where the loss is not differentiable, subgradients r are found by an exact linear system with bounds.
    Raises: `UnsupportedError` if there are more than 10,000 distinct slope products in a layer.
    Source: theory.md, section 5, theorem C; proofs/rules/paths.md.
    """
    ambiguous = _ambiguous_samples(point)
    unknown = _free_slopes(point, ambiguous)
    if isinstance(unknown, NotProved):
        return unknown
    fixed = _fixed_slopes(point, ambiguous, unknown)
    products = _slope_products(point)
    sums = [_path_sums(point, products, r) for r in fixed]
    if unknown:
        return _choose_subgradient(point, products, fixed, sums, unknown)
    if any(value for equations in sums for value in equations):
        return NotProved("a path has a non-zero sum of residuals, so the frozen risk is not constant near the point")
    differentiable = all(low is high or low == high for low, high in point.subdifferentials)
    return Paths(None if differentiable else tuple(zip(*(r.fractions() for r in fixed), strict=True)))


def _free_slopes(point: Point, ambiguous: set[int]) -> list[tuple[int, int]] | NotProved:
    """Samples and terms at a kink of the loss, but for ambiguous samples, of which 0 must be a slope everywhere."""
    unknown: list[tuple[int, int]] = []
    for k, (low, high) in enumerate(point.term_slopes):
        for i in sorted(ambiguous):
            if not low[i] <= 0 <= high[i]:
                return NotProved(f"sample {i} has a unit at a breakpoint and a residual that is not zero")
        if low is not high:
            unknown += [(i, k) for i in range(len(low)) if i not in ambiguous and low[i] != high[i]]
    return unknown


def _fixed_slopes(point: Point, ambiguous: set[int], unknown: list[tuple[int, int]]) -> list[ScaledVector]:
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
    point: Point,
    products: list[list[ScaledVector]],
    fixed: list[ScaledVector],
    sums: list[list[Fraction]],
    unknown: list[tuple[int, int]],
) -> Paths | NotProved:
    """Subgradients r_ik within their intervals that make every path sum vanish: a linear system with bounds."""
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
    rows = [list(r.fractions()) for r in fixed]
    for (i, k), value in zip(unknown, chosen.values, strict=True):
        for output, sign in problem.term_outputs(i, k):
            rows[output][i] += sign * value
    return Paths(tuple(zip(*rows, strict=True)))


def ask(point: Point, _: Effort) -> Answer:
    """`check_paths` as a rule. Exactness: exact. Raises: nothing. Source: theory.md, theorem C."""
    try:
        found = check_paths(point)
    except UnsupportedError as error:
        return NotProved(str(error))
    if isinstance(found, NotProved):
        return found
    return Proved(found, "the frozen risk is constant near the point (path test, theorem C)")


RULE = Rule("paths", ask)
