"""The risk of a certificate with a restriction, at values of its free parameters, by mpmath."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import mpmath
from mpmath import mpf

from tests.verifier.analytic_examples import FUNCTIONS, activation, real, tree_value, vectors
from tests.verifier.oracle import Document, numbers


def risk_at(document: Document, values: list[Fraction]) -> mpf:
    """The risk at θ(u), by the formulas."""
    problem = document["problem"]
    stated = problem["restriction"]

    def plus(a: Any, b: Any, step: Fraction) -> Any:
        return [plus(p, q, step) for p, q in zip(a, b, strict=True)] if isinstance(a, list) else a + step * b

    found = {name: numbers(value) for name, value in stated["offset"].items()}
    for value, direction in zip(values, stated["basis"], strict=True):
        found = {name: plus(entries, numbers(direction[name]), value) for name, entries in found.items()}
    layers = vectors({name: json.loads(json.dumps(entries, default=str)) for name, entries in found.items()})
    total = risk(problem, layers)
    if "weight_decay" in problem:
        squares = [v * v for w, b in layers for row in w for v in row]
        squares += [v * v for _, b in layers for v in b or () if problem["weight_decay"]["biases"]]
        total += real(problem["weight_decay"]["factor"]) / 2 * sum(squares)
    return total


def risk(problem: Document, layers: Any) -> mpf:
    """The risk without weight decay, for losses and activations of every form of format 2."""
    loss, total, h = problem["loss"], mpf(0), problem["activation"]
    weights = problem.get("weights", ["1"] * len(problem["data"]["x"]))
    for weight, x, y in zip(weights, problem["data"]["x"], problem["data"]["y"], strict=True):
        values, targets = [real(v) for v in x], [real(v) for v in y]
        for n, (matrix, bias) in enumerate(layers):
            values = [image(h, z) for z in values] if n else values
            shifts = bias or [mpf(0)] * len(matrix)
            values = [sum((w * v for w, v in zip(row, values, strict=True)), b) for row, b in zip(matrix, shifts, strict=True)]
        total += real(weight) * of_sample(loss, values, targets)
    return total


def of_sample(loss: Document, values: list[mpf], targets: list[mpf]) -> mpf:
    if loss["gap"] == "classes":
        found = mpmath.log(sum(mpmath.exp(f) for f in values)) - sum(f * t for f, t in zip(values, targets, strict=True))
        return real(loss["scale"]) * found
    gaps = {"difference": lambda f, t: f - t, "margin": lambda f, t: f * t, "prediction": lambda f, t: f}
    total = mpf(0)
    for f, t in zip(values, targets, strict=True):
        u = gaps[loss["gap"]](f, t)
        if "tree" in loss:
            total += real(loss["scale"]) * tree_value(loss["tree"], {"u": u, "f": f, "y": t})
        else:
            a, b, c = map(real, loss["pieces"][sum(real(end) < u for end in loss["breakpoints"])])
            total += a * u * u + b * u + c
    return total


def image(h: Document, z: mpf) -> mpf:
    if "name" not in h:
        return activation(h, z)
    known = {**FUNCTIONS, "quadratic": lambda v: v * v}
    return known[h["name"]](z)
