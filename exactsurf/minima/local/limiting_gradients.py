"""Limits of gradients at a point of any depth: one for every tangent cone in which all kinks take a side to first order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import gcd, lcm
from typing import TYPE_CHECKING

from exactsurf.effort import RAISE_FAN, Effort
from exactsurf.errors import UnsupportedError
from exactsurf.exact.linear_algebra import Matrix, Vector, rank
from exactsurf.minima.local.decay_descent import add_decay
from exactsurf.minima.local.second_order_form import Accumulator, SampleForm
from exactsurf.minima.local.tangent_fan import TangentFan, flat_cone

if TYPE_CHECKING:
    from flint import fmpq

Kink = tuple[int, int, int]
"""A kink: (layer, unit, sample) for a unit on a breakpoint; layer L + 1 stands for the loss, with its term as unit."""


@dataclass(frozen=True)
class LimitingCone:
    """A closed cone {d : wall·d ≥ 0} with inner points, and the gradient of the risk's one-sided derivative on it.

    `is_limit`: whether every kink takes a side inside the cone, so that `gradient` is a limit of gradients near the point.
    `is_transversal`: whether the walls that may be curved are independent of each other and of those that are flat, as those of
    the first layer are.
    Exactness: exact. Source: theory.md, section 6.
    """

    walls: Matrix
    gradient: Vector
    is_limit: bool
    is_transversal: bool


@dataclass(frozen=True)
class _Branch:
    """Sides taken so far: `signs` of the kinks, `walls` (different hyperplanes, oriented), and the wall of every kink."""

    signs: dict[Kink, int]
    walls: tuple[tuple[Vector, int], ...]
    functions: tuple[tuple[Kink, int], ...]
    is_limit: bool
    coincide: bool


def limiting_cones(fan: TangentFan, *, effort: Effort) -> Iterator[LimitingCone]:
    """All tangent cones with inner points; together they cover all directions.

    Parameters: `fan`, at the point; `effort`, whose `fan` bounds the cones to give.
    Exactness: exact. If all cones are transversal limits, their gradients are all limits of gradients: a change of
    coordinates then turns cells near the point into cones.
    Raises: `UnsupportedError` when there are more cones. Source: theory.md, section 6; Clarke 1983.

    >>> import exactsurf as es
    >>> from exactsurf.model.point import Point
    >>> problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([1], [0]), loss="absolute")
    >>> theta = problem.parameters(W1=[[0]], b1=[0])
    >>> [cone.gradient for cone in limiting_cones(TangentFan(Point(problem, theta)), effort=es.Effort())]
    [(Fraction(1, 1), Fraction(1, 1)), (Fraction(-1, 1), Fraction(-1, 1))]
    """
    slopes = fan.point.undecayed.term_slopes
    kinks = all_kinks(fan)
    pending = [_Branch({}, (), (), True, False)]
    given = 0
    while pending:
        effort.check()
        branch = pending.pop()
        if len(branch.signs) < len(kinks):
            pending += _extended(fan, branch, kinks[len(branch.signs)])
            continue
        given += 1
        if given > effort.fan:
            raise UnsupportedError(f"{len(kinks)} kinks make more than {effort.fan} tangent cones", RAISE_FAN)
        yield LimitingCone(
            tuple(tuple(sign * v for v in wall) for wall, sign in branch.walls),
            _gradient(fan, branch.signs, slopes),
            branch.is_limit,
            _is_transversal(fan, branch),
        )


def all_kinks(fan: TangentFan) -> list[Kink]:
    """The boundary pairs and the terms of the loss at its kinks, by layer. Exactness: exact. Raises: nothing. Source: `Kink`."""
    layers, slopes = fan.problem.network.layers, fan.point.undecayed.term_slopes
    outputs = [(k, i) for k, (low, high) in enumerate(slopes) if low is not high for i in range(len(low)) if low[i] != high[i]]
    return [*fan.pairs, *((layers + 1, k, i) for k, i in outputs)]


def selections(fan: TangentFan, *, effort: Effort) -> Iterator[Vector]:
    """The gradients for all choices of sides, also of those that no cell has: every limit of gradients is among them.

    Parameters: `fan`, at the point; `effort`, whose `fan` bounds the choices. Exactness: exact.
    Raises: `UnsupportedError` when there are more. Source: continuity of the pieces' gradients.
    """
    kinks, slopes = all_kinks(fan), fan.point.undecayed.term_slopes
    if 2 ** len(kinks) > effort.fan:
        raise UnsupportedError(f"{len(kinks)} kinks make 2^{len(kinks)} choices of sides (at most {effort.fan})", RAISE_FAN)
    for sides in product((-1, 1), repeat=len(kinks)):
        effort.check()
        yield _gradient(fan, dict(zip(kinks, sides, strict=True)), slopes)


def _extended(fan: TangentFan, branch: _Branch, kink: Kink) -> list[_Branch]:
    """The branch with the next kink on either side, where that leaves inner points."""
    layer, unit, sample = kink
    form, layers = fan.sample_form(sample, branch.signs), fan.problem.network.layers
    units = fan.problem.term_outputs(sample, unit) if layer > layers else ((unit, 1),)
    gradient = _pulled(fan, form.sum_gradient(min(layer, layers), units))
    if not gradient:
        vanishes = _is_constant_nearby(fan, branch, kink)
        signs = {**branch.signs, kink: -1}
        return [_Branch(signs, branch.walls, branch.functions, branch.is_limit and vanishes, branch.coincide)]
    wall, side = _oriented(fan, gradient)
    known = next((n for n, (other, _) in enumerate(branch.walls) if other == wall), None)
    if known is not None:
        _, sign = branch.walls[known]
        same = any(n == known and _same_function(fan, kink, other) for other, n in branch.functions)
        functions = (*branch.functions, (kink, known))
        return [
            _Branch({**branch.signs, kink: sign * side}, branch.walls, functions, branch.is_limit, branch.coincide or not same)
        ]
    functions = (*branch.functions, (kink, len(branch.walls)))
    found = []
    for sign in (-1, 1):
        walls = (*branch.walls, (wall, sign * side))
        if len(walls) < 2 or flat_cone([tuple(s * v for v in w) for w, s in walls]) is None:
            found.append(_Branch({**branch.signs, kink: sign}, walls, functions, branch.is_limit, branch.coincide))
    return found


def _oriented(fan: TangentFan, gradient: Mapping[int, fmpq]) -> tuple[Vector, int]:
    """The coprime integer normal, first entry positive, of the hyperplane with this gradient, and on which side it lies."""
    entries = {p: Fraction(int(value.p), int(value.q)) for p, value in gradient.items()}
    common = lcm(*(value.denominator for value in entries.values()))
    integers = {p: int(value * common) for p, value in entries.items()}
    divisor = gcd(*integers.values())
    side = 1 if integers[min(integers)] > 0 else -1
    return tuple(Fraction(side * integers.get(p, 0), divisor) for p in range(fan.size)), side


def _pulled(fan: TangentFan, gradient: Mapping[int, fmpq]) -> Mapping[int, fmpq]:
    """The entries of a gradient in the coordinates of the directions that are looked at."""
    if fan.subspace is None:
        return gradient
    from flint import fmpq

    sums = (
        sum((value * fmpq(b[p].numerator, b[p].denominator) for p, value in gradient.items() if b[p]), fmpq(0))
        for b in fan.subspace.restriction.directions
    )
    return {k: total for k, total in enumerate(sums) if total}


def _is_affine(fan: TangentFan, kink: Kink) -> bool:
    """Whether the pre-activation or output is affine where the kinks below have taken their sides."""
    layer, unit, sample = kink
    depth = fan.problem.network.layers
    if fan.subspace is None:
        return min(layer, depth) == 1
    degrees = fan.subspace.restriction.degrees[min(layer, depth) - 1]
    units = (unit,) if layer <= depth else (k for k, _ in fan.problem.term_outputs(sample, unit))
    return all(degrees[k] <= 1 for k in units)


def _same_function(fan: TangentFan, first: Kink, second: Kink) -> bool:
    """Whether two kinks with one hyperplane are on one and the same side near the point, not only to first order."""
    if _is_affine(fan, first) and _is_affine(fan, second):
        return True
    if first[:2] != second[:2]:
        return False
    (layer, unit, i), (_, _, k), problem = first, second, fan.problem
    if layer > problem.network.layers and problem.term_outputs(i, unit) != problem.term_outputs(k, unit):
        return False
    return problem.data.inputs.row(i) == problem.data.inputs.row(k)


def _is_transversal(fan: TangentFan, branch: _Branch) -> bool:
    """Whether the functions that are not affine can serve as coordinates beside the affine ones."""
    if branch.coincide:
        return False
    affine = {n for kink, n in branch.functions if _is_affine(fan, kink)}
    flat = [wall for n, (wall, _) in enumerate(branch.walls) if n in affine]
    curved = len(branch.walls) - len(flat)
    return curved == 0 or rank([wall for wall, _ in branch.walls]) == curved + (rank(flat) if flat else 0)


def _is_constant_nearby(fan: TangentFan, branch: _Branch, kink: Kink) -> bool:
    """Whether a pre-activation (or output) is known to be the same for all parameters near the point inside the cone."""
    network, h = fan.problem.network, fan.problem.network.activation
    layer, unit, sample = kink
    if fan.subspace is not None:
        units = (unit,) if layer <= network.layers else (k for k, _ in fan.problem.term_outputs(sample, unit))
        if all(fan.subspace.is_fixed(min(layer, network.layers), k, sample) for k in units):
            return True
    layer = min(layer, network.layers)
    silent = [not value for value in fan.problem.data.inputs.row(sample)]
    chosen = fan.pieces(sample, branch.signs)
    for below in range(1, layer):
        dead = all(silent) and not network.biases[below - 1]
        silent = [h.value_at_0 == 0 if dead else not any(h.lines[piece]) for piece in chosen[below - 1]]
    return all(silent) and not network.biases[layer - 1]


def _gradient(fan: TangentFan, signs: dict[Kink, int], slopes: tuple[tuple[object, object], ...]) -> Vector:
    from flint import fmpq

    layers, total = fan.problem.network.layers, Accumulator(fan.forms.size)
    for i in range(len(fan.problem.data)):
        form: SampleForm = fan.sample_form(i, signs)
        for k, (low, high) in enumerate(slopes):
            slope: Fraction = (high if signs.get((layers + 1, k, i), -1) > 0 else low)[i]  # type: ignore[index]
            if slope:
                gradient = form.sum_gradient(layers, fan.problem.term_outputs(i, k))
                total.add_gradient(gradient, fmpq(slope.numerator, slope.denominator))
    if fan.problem.decay is not None:
        add_decay(total, fan.point, fan.problem.decay)
    return fan.pulled(total.gradient())
