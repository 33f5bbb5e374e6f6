"""An activation pattern at any depth as linear inequalities, on a branch that fixes signs and bounds sizes of weights.

Let a unit of a hidden layer stand for a positive multiple of itself. Then a unit of the next layer is a sum of the units
below, each times a sign and a size ρ > 0. With a known ρ that is linear. Otherwise let X be all unknowns of the layers
below and of the first unit of this layer. Y = ρX gets unknowns of its own, and every form f with f(X) > 0 gives f(Y) > 0
and low·f(X) ≤ f(Y) ≤ high·f(X) for ρ ∈ [low, high]. So parameters with the pattern give a solution, for all weights of
the lower layers at once; a Farkas vector against the system proves that the branch holds no such parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from exactsurf.cells.patterns.pattern_frame import Edge, PatternFrame, Unit
from exactsurf.cells.patterns.unit_rows import parameters_with_rows
from exactsurf.exact.bounded_system import Multipliers, solve_bounded_system
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.simplex import Bound
from exactsurf.model.parameters import Parameters

Form: TypeAlias = Mapping[int, Fraction]
_ZERO, _ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Branch:
    """A part of parameter space: the signs of some weights, and bounds on the sizes of some (default: positive)."""

    signs: Mapping[Edge, int] = field(default_factory=dict)
    sizes: Mapping[Edge, tuple[Fraction, Bound]] = field(default_factory=dict)

    def with_sign(self, edge: Edge, sign: int) -> Branch:
        """The part of it in which this weight has this sign."""
        return Branch({**self.signs, edge: sign}, self.sizes)

    def with_size(self, edge: Edge, low: Fraction, high: Bound) -> Branch:
        """The part of it in which the size of this weight lies between `low` and `high` (None: any size above)."""
        return Branch(self.signs, {**self.sizes, edge: (low, high)})

    def size(self, edge: Edge) -> tuple[Fraction, Bound]:
        """The bounds on the size of this weight."""
        return self.sizes.get(edge, (_ZERO, None))


@dataclass
class PatternSystem:
    """The linear system of a pattern on a branch: `strict` forms are > 0, `weak` ones ≥ 0, in `variables` unknowns.

    For a unit, `values[unit]` are its pre-activations by sample and `tails[unit]` its bias and its scale, as far as there
    are any; `copies[edge]` pairs strict forms f(X) with f(Y) for a weight of unknown size.
    """

    frame: PatternFrame
    branch: Branch
    variables: int = 0
    strict: list[Form] = field(default_factory=list)
    weak: list[Form] = field(default_factory=list)
    values: dict[Unit, list[Form | None]] = field(default_factory=dict)
    tails: dict[Unit, list[Form]] = field(default_factory=dict)
    copies: dict[Edge, list[tuple[Form, Form]]] = field(default_factory=dict)

    def fresh(self, count: int) -> list[Form]:
        """`count` new unknowns."""
        first, self.variables = self.variables, self.variables + count
        return [{index: _ONE} for index in range(first, self.variables)]


def pattern_system(frame: PatternFrame, branch: Branch) -> PatternSystem:
    """The inequalities of all units whose weights have signs on the branch.

    Parameters: a `frame` with a checked pattern; a `branch`. Exactness: exact; every point of parameter space on the branch
    with the pattern and without zero weights between hidden layers solves the system, up to scales of units.
    Raises: nothing. Source: theory.md, section 2 (product variables), one layer at a time.
    """
    system = PatternSystem(frame, branch)
    network = frame.problem.network
    for layer, units in enumerate(frame.restricted, start=1):
        base = _Base(0, [], [])
        for position, unit in enumerate(units):
            if layer == 1:
                weights = system.fresh(network.widths[0])
                values: list[Form | None] = [_combined(zip(row, weights, strict=True)) for row in frame.problem.data.x]
            elif all((*unit, k) in branch.signs and (layer - 1, k) in system.values for k in frame.sources[unit]):
                values = _sums(system, unit, base)
            else:
                continue
            tail = system.fresh(network.biases[layer - 1] + frame.scaled)
            if network.biases[layer - 1]:
                values = [None if value is None else {**value, **tail[0]} for value in values]
            system.values[unit], system.tails[unit] = values, tail
            system.strict += _own_forms(frame, unit, values, tail[-1] if frame.scaled else {})
            if position == 0:
                base = _Base(system.variables, list(system.strict), list(system.weak))
    return system


@dataclass(frozen=True)
class _Base:
    """The unknowns X, by their number, and the forms known of them, up to the first unit of a layer."""

    variables: int
    strict: Sequence[Form]
    weak: Sequence[Form]


def _sums(system: PatternSystem, unit: Unit, base: _Base) -> list[Form | None]:
    """The pre-activations of a unit, without its bias, by sample."""
    frame, branch = system.frame, system.branch
    lines, layer, pieces = frame.problem.network.activation.lines, unit[0], frame.pieces[unit[0] - 2]
    known = [all(row[i] is not None for row in pieces) for i in range(len(frame.problem.data))]
    terms: list[list[tuple[Fraction, Form]]] = [[] for _ in known]
    for k in frame.sources[unit]:
        edge, below = (*unit, k), (layer - 1, k)
        sign, shift, size = branch.signs[edge], 0, _ONE
        if edge in frame.free_edges:
            low, high = branch.size(edge)
            shift, size = (0, low) if low == high else (_copy(system, edge, base), _ONE)
        scale = _shifted(system.tails[below][-1], shift) if frame.scaled else {}
        for i, value in enumerate(system.values[below]):
            piece = pieces[k][i]
            if piece is not None and value is not None:
                slope, intercept = lines[piece]
                terms[i] += [(sign * size * slope, _shifted(value, shift)), (sign * size * intercept, scale)]
    return [_combined(parts) if here else None for parts, here in zip(terms, known, strict=True)]


def _copy(system: PatternSystem, edge: Edge, base: _Base) -> int:
    """Add Y = ρX for the size ρ of a weight; by how much the numbers of its unknowns are greater."""
    low, high = system.branch.size(edge)
    shift = system.variables
    system.fresh(base.variables)
    for forms, found in ((base.strict, system.strict), (base.weak, system.weak)):
        for form in forms:
            image = _shifted(form, shift)
            found.append(image)
            if low:
                system.weak.append(_combined([(_ONE, image), (-low, form)]))
            if high is not None:
                system.weak.append(_combined([(high, form), (-_ONE, image)]))
    system.copies[edge] = [(form, _shifted(form, shift)) for form in base.strict]
    return shift


def _own_forms(frame: PatternFrame, unit: Unit, values: Sequence[Form | None], scale: Form) -> list[Form]:
    """The forms that the pieces of a unit make positive, and its scale."""
    layer, j = unit
    points = frame.problem.network.activation.breakpoints
    own = [scale] if frame.scaled else []
    for piece, quiet, value in zip(frame.pieces[layer - 1][j], frame.silent[layer - 1], values, strict=True):
        if piece is None or quiet or value is None:
            continue
        if piece > 0:
            own.append(_combined([(_ONE, value), (-points[piece - 1], scale)]))
        if piece < len(points):
            own.append(_combined([(points[piece], scale), (-_ONE, value)]))
    return own


def solve_pattern_system(system: PatternSystem) -> Vector | Multipliers:
    """A solution of the system, or multipliers ≥ 0 of its forms (strict ones first) that add up to the zero form.

    Parameters: a `system`. Exactness: exact; either answer is checked by substitution (`solve_bounded_system`); the
    multipliers of the strict forms have the sum 1. Raises: nothing. Source: Motzkin's transposition theorem.
    """
    vectors, target = _columns(system)
    answer = solve_bounded_system(vectors, target, [_ZERO] * len(vectors), [None] * len(vectors))
    return answer if isinstance(answer, Multipliers) else tuple(-value for value in answer.values[:-1])


def is_contradiction(system: PatternSystem, multipliers: Sequence[Fraction]) -> bool:
    """Whether `multipliers` show that the system has no solution.

    Parameters: a `system`; as many numbers as it has forms. Exactness: exact, by substitution. Raises: nothing.
    Source: Motzkin's transposition theorem.
    """
    strict = len(system.strict)
    if len(multipliers) != strict + len(system.weak) or any(value < 0 for value in multipliers):
        return False
    return sum(multipliers[:strict]) > 0 and not _combined(zip(multipliers, [*system.strict, *system.weak], strict=True))


def _columns(system: PatternSystem) -> tuple[list[list[Fraction]], list[Fraction]]:
    rows = [(form, _ONE) for form in system.strict] + [(form, _ZERO) for form in system.weak]
    vectors = [[*(form.get(v, _ZERO) for v in range(system.variables)), last] for form, last in rows]
    return vectors, [_ZERO] * system.variables + [_ONE]


def size_ranges(system: PatternSystem, point: Sequence[Fraction]) -> dict[Edge, tuple[Fraction, Fraction]]:
    """Between what the sizes of the weights with copies lie at a solution, judged by every form that is positive there.

    Parameters: a `system` and a solution. Exactness: exact. Raises: nothing. Source: the definition of a copy.
    """
    found = {}
    for edge, pairs in system.copies.items():
        quotients = [evaluated(image, point) / evaluated(original, point) for original, image in pairs]
        # Without any strict form every size will do.
        found[edge] = (min(quotients), max(quotients)) if quotients else (_ONE, _ONE)
    return found


def parameters_of(system: PatternSystem, point: Sequence[Fraction]) -> Parameters:
    """The parameters that a solution stands for, if every weight between hidden layers has a known size.

    Parameters: a `system` without copies; a solution. Returns: parameters; weights that the pattern does not feel are 0,
    those of the output layer 1. Exactness: exact. Raises: nothing. Source: see the module.
    """
    frame, network = system.frame, system.frame.problem.network
    rows = [first_layer_rows(system, point)]
    scales = {unit: evaluated(tail[-1], point) if frame.scaled else _ONE for unit, tail in system.tails.items()}
    for layer in range(2, network.layers):
        found = []
        for j in range(network.widths[layer]):
            unit = (layer, j)
            row = [_ZERO] * network.widths[layer - 1]
            for k in frame.sources.get(unit, ()):
                edge = (*unit, k)
                size = system.branch.size(edge)[0] if edge in frame.free_edges else _ONE
                row[k] = system.branch.signs[edge] * size * scales[layer - 1, k] / scales[unit]
            if network.biases[layer - 1]:
                row.append(evaluated(system.tails[unit][0], point) / scales[unit] if unit in system.tails else _ZERO)
            found.append(tuple(row))
        rows.append(found)
    return parameters_with_rows(frame.problem, rows)


def first_layer_rows(system: PatternSystem, point: Sequence[Fraction]) -> list[Vector]:
    """The rows of layer 1, each with its bias behind it if there is one, that a solution stands for.

    Parameters: a `system` and a solution. Exactness: exact. Raises: nothing. Source: see the module.
    """
    frame, network = system.frame, system.frame.problem.network
    has_bias, inputs = network.biases[0], network.widths[0]
    size, rows, start = inputs + has_bias + frame.scaled, [], 0
    for j in range(network.widths[1]):
        if (1, j) not in system.tails:
            rows.append((_ZERO,) * (inputs + has_bias))
            continue
        numbers = point[start : start + size]
        start += size
        scale = numbers[-1] if frame.scaled else _ONE
        rows.append(tuple(value / scale for value in numbers[: inputs + has_bias]))
    return rows


def evaluated(form: Form, point: Sequence[Fraction]) -> Fraction:
    """The value of a form at a point."""
    return sum((coefficient * point[index] for index, coefficient in form.items()), _ZERO)


def _shifted(form: Form, shift: int) -> Form:
    return {index + shift: value for index, value in form.items()}


def _combined(terms: Iterable[tuple[Fraction, Form]]) -> Form:
    total: dict[int, Fraction] = {}
    for factor, form in terms:
        if factor:
            for index, value in form.items():
                total[index] = total.get(index, _ZERO) + factor * value
    return {index: value for index, value in total.items() if value}
