"""The rule `unitwise vectors`: a local minimum with several outputs, unit by unit (FORMAT.md, section 4.5)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ..arithmetic.document import Field, at
from ..arithmetic.effort import spend
from ..arithmetic.rational import Rational
from ..arithmetic.table import column_sums
from ..problem import Point, Problem
from ..residuals import Subgradient
from .unitwise import Local, check_tree, combination, extended, local_form, plane_name


def check_unitwise_vectors(problem: Problem, point: Point, field: Field) -> list[str]:
    """Check the evidence; a line for every unit."""
    rule, units, *_ = field.fields("rule", "units", *(["subgradient"] if field.has("subgradient") else []))
    if problem.hidden_layers != 1:
        raise rule.reject("this rule needs one hidden layer")
    r = point.residuals.read_subgradient(field)
    hidden = point.forward.inputs[1]
    for k, values in enumerate(r.values):
        if problem.biases[1] and sum(values) != 0:
            raise rule.reject(f"the sum of all r_i is not 0 at output {k}")
        for j, total in enumerate(column_sums(hidden.rows, values)):
            if total:
                raise rule.reject(f"the sum of r_i h(w·x_i) is not 0 for unit {j} at output {k}")
    samples = extended(problem)
    lines = []
    for j, unit in enumerate(units.items(problem.widths[1])):
        (nodes,) = unit.fields("nodes")
        weights = [row[j] for row in point.parameters.weights[1]]
        with at(nodes.place):
            positions = point.forward.positions[0][j]
            outputs = [local_form(problem, positions, samples, Subgradient([values], r.factor), 1) for values in r.values]
            found = check_tree(outputs[0], nodes, partial(_check_multipliers, outputs, weights))
        lines.append(f"unit {j}: {len(outputs[0].planes)} hyperplanes, {found}")
    return lines


def _check_multipliers(outputs: Sequence[Local], weights: Sequence[Rational], signs: dict[int, int], field: Field) -> None:
    planes = outputs[0].planes
    multipliers: dict[int, list[Rational]] = {}
    places: dict[int, Field] = {}
    for entry in field.items():
        first, second = entry.items(2)
        name = plane_name(outputs[0], first)
        if name in multipliers:
            raise first.reject("occurs twice in this list")
        multipliers[name], places[name] = second.vector(len(outputs)), entry
    spend(len(planes) * (2 + 10 * len(outputs)))
    for name in planes:
        mu = multipliers.get(name, [0] * len(outputs))
        kappa = [local.planes[name].curvature * local.unit for local in outputs]
        for tau in (signs[name],) if name in signs else (1, -1):
            a = [tau * m + k for m, k in zip(mu, kappa, strict=True)]
            if any(a) and sum(v * entry for v, entry in zip(weights, a, strict=True)) <= 0:
                raise places.get(name, field).reject(
                    f"τμ + κ of hyperplane {name} is neither 0 nor positive along the output weights"
                )
    for k, local in enumerate(outputs):
        sums, common = combination(local, [(name, mu[k]) for name, mu in multipliers.items()])
        for total, g in zip(sums or [0] * len(local.gradient), local.gradient, strict=True):
            if total * g.denominator != g.numerator * common:
                raise field.reject(f"the sum of μ·u is not g at output {k}")
