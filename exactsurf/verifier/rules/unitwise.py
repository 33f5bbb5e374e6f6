"""The rule `unitwise`: a local minimum, unit by unit (FORMAT.md, section 4.2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import gcd
from operator import mul

from ..arithmetic.document import Field, at
from ..arithmetic.effort import spend
from ..arithmetic.rational import Rational
from ..arithmetic.table import Table, check_size, column_sums, common_denominator, common_multiple, numerators
from ..problem import Point, Problem
from ..residuals import Subgradient
from .tree import walk


@dataclass(frozen=True)
class Hyperplane:
    """u = vector/vector[lead] with a primitive integer vector; κ = curvature·(the unit of its `Local`)."""

    vector: tuple[int, ...]
    lead: int
    curvature: int


@dataclass(frozen=True)
class Local:
    """s·F of a unit: s·g, and the hyperplanes by name, with s·κ = curvature·unit and unit > 0."""

    gradient: list[Fraction]
    planes: dict[int, Hyperplane]
    unit: Rational


CheckLeaf = Callable[[dict[int, int], Field], None]
"""Checks the multipliers of a leaf, given the signs of the hyperplanes that were split on the way to it."""


def check_unitwise(problem: Problem, point: Point, field: Field) -> list[str]:
    """Check the evidence; a line for every unit."""
    rule, units, *_ = field.fields("rule", "units", *(["subgradient"] if field.has("subgradient") else []))
    if problem.hidden_layers != 1 or problem.widths[-1] != 1:
        raise rule.reject("this rule needs one hidden layer and one output")
    r = point.residuals.read_subgradient(field)
    (values,) = r.values
    if problem.biases[1] and sum(values) != 0:
        raise rule.reject("the sum of all r_i is not 0")
    hidden = point.forward.inputs[1]
    for j, total in enumerate(column_sums(hidden.rows, values)):
        if total:
            raise rule.reject(f"the sum of r_i h(w·x_i) is not 0 for unit {j}")
    samples = extended(problem)
    lines = []
    (outputs,) = point.parameters.weights[1]
    for j, (unit, output) in enumerate(zip(units.items(problem.widths[1]), outputs, strict=True)):
        (nodes,) = unit.fields("nodes")
        with at(nodes.place):
            local = local_form(problem, point.forward.positions[0][j], samples, r, (output > 0) - (output < 0))
            lines.append(f"unit {j}: {_check_unit(local, output, nodes)}")
    return lines


def extended(problem: Problem) -> Table:
    """The table of x̃."""
    if not problem.biases[0]:
        return problem.x
    return Table([(*row, 1) for row in problem.x.rows], [*problem.x.denominators, 1], max(problem.x.bits, 1))


def local_form(problem: Problem, positions: list[int], samples: Table, r: Subgradient, sign: int) -> Local:
    """s·g and s·κ of a unit; with s = 1 where the unit has v_j = 0."""
    (values,) = r.values
    function, sign = problem.activation, sign or 1
    common = common_denominator(function.slopes)
    slopes = numerators(function.slopes, common)
    unit = r.factor * Fraction(1, 2 * common)
    doubled = [r_i * (slopes[p // 2] + slopes[(p + 1) // 2]) for r_i, p in zip(values, positions, strict=True)]
    sums = column_sums(samples.rows, doubled)
    gradient = [sign * total * unit * Fraction(1, d) for total, d in zip(sums, samples.denominators, strict=True)]

    shared = common_multiple(samples.denominators)
    factors = [shared // d for d in samples.denominators]
    names: dict[tuple[int, ...], int] = {}
    curvatures: dict[int, int] = {}
    zero_set = [i for i, position in enumerate(positions) if position % 2 and any(samples.rows[i])]
    check_size(samples.bits + shared.bit_length(), len(zero_set) * len(factors))
    for i in zero_set:
        position = positions[i]
        whole = list(map(mul, samples.rows[i], factors))
        lead = next(filter(None, whole))
        divisor = gcd(*whole) * (1 if lead > 0 else -1)
        name = names.setdefault(tuple(entry // divisor for entry in whole), i)
        bend = slopes[(position + 1) // 2] - slopes[position // 2]
        curvatures[name] = curvatures.get(name, 0) + sign * values[i] * bend * abs(lead)
    planes = {name: Hyperplane(vector, next(filter(None, vector)), curvatures[name]) for vector, name in names.items()}
    return Local(gradient, planes, unit * Fraction(1, shared))


def _check_unit(local: Local, output: Rational, nodes: Field) -> str:
    entries = nodes.items()
    planes = local.planes
    if not output:
        if entries:
            raise nodes.reject("must be empty, because the unit has output weight 0")
        if any(local.gradient) or any(plane.curvature for plane in planes.values()):
            raise nodes.reject("g or some κ is not 0, but the unit has output weight 0")
        return f"{len(planes)} hyperplanes, output weight 0; g and every κ are 0"
    concave = {name for name, plane in planes.items() if plane.curvature < 0}
    found = check_tree(local, nodes, lambda signs, leaf: check_multipliers(local, signs, concave, leaf))
    return f"{len(planes)} hyperplanes, {len(entries)} nodes, {found}"


def check_tree(local: Local, nodes: Field, check_leaf: CheckLeaf, kind: str = "multipliers") -> str:
    """Check the tree of a unit, whose leaves have the field `kind`; how many leaves of each kind there are."""

    def check(node: Field, signs: dict[int, int]) -> str:
        if node.has("empty"):
            _check_empty(local, signs, node.fields("empty")[0])
            return "empty"
        check_leaf(signs, node.fields(kind)[0])
        return "multipliers"

    leaves = walk(nodes, {"split": partial(plane_name, local)}, check)
    return f"{leaves['multipliers']} leaves with multipliers, {leaves['empty']} empty leaves"


def plane_name(local: Local, field: Field) -> int:
    """The name of a hyperplane of the unit."""
    name = field.size()
    if name not in local.planes:
        raise field.reject("not the name of a hyperplane of this unit")
    return name


def combination(local: Local, coefficients: Sequence[tuple[int, Rational]]) -> tuple[list[int], int]:
    """Σ_C (coefficient of C)·u_C, as integers over a common denominator; no entries if there is no C."""
    planes = [local.planes[name] for name, _ in coefficients]
    spend(2 * len(planes) * (2 + len(local.gradient)))
    scaled = [m * Fraction(1, plane.lead) for (_, m), plane in zip(coefficients, planes, strict=True)]
    common = common_denominator(scaled, len(local.gradient))
    return column_sums([plane.vector for plane in planes], numerators(scaled, common)), common


def check_multipliers(local: Local, signs: dict[int, int], concave: set[int], field: Field) -> None:
    """Check multipliers μ with Σ μ u = s·g; `concave` names the hyperplanes with a negative sκ."""
    multipliers = field.pairs(lambda name: plane_name(local, name))
    for pair, (name, mu) in zip(field.items(), multipliers, strict=True):
        # s·κ and μ, both times the (positive) denominators of the unit and of μ
        kappa = local.planes[name].curvature * local.unit.numerator * mu.denominator
        own = mu.numerator * local.unit.denominator
        if name in signs:
            if signs[name] * own + kappa < 0:
                raise pair.reject("τμ + sκ is negative for this hyperplane")
        elif abs(own) > kappa:
            raise pair.reject("|μ| exceeds sκ for this hyperplane, which is not split on the way")
    missing = concave.difference(name for name, _ in multipliers)
    if missing:
        raise field.reject(f"hyperplane {min(missing)} is not listed, but its sκ is negative")
    sums, common = combination(local, multipliers)
    for total, g in zip(sums or [0] * len(local.gradient), local.gradient, strict=True):
        if total * g.denominator != g.numerator * common:
            raise field.reject("the sum of μ·u is not s·g")


def _check_empty(local: Local, signs: dict[int, int], field: Field) -> None:
    weights = field.pairs(lambda name: plane_name(local, name))
    for pair, (name, weight) in zip(field.items(), weights, strict=True):
        if name not in signs:
            raise pair.reject("this hyperplane is not split on the way")
        if weight < 0:
            raise pair.reject("λ is negative")
    if not any(weight for _, weight in weights):
        raise field.reject("some λ must not be 0")
    sums, _ = combination(local, [(name, signs[name] * weight) for name, weight in weights])
    if any(sums):
        raise field.reject("the sum of λτu is not 0")
