"""Golden certificates about points where the loss is an expression, and mpmath as their judge."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise
from typing import Any

import mpmath
from mpmath import mpf

from tests.verifier.oracle import Document
from tests.verifier.verdicts import golden

NAMES = (
    "analytic_classes",
    "analytic_curve",
    "analytic_dead_unit",
    "analytic_direction",
    "analytic_exponential",
    "analytic_fit",
    "analytic_log_cosh",
    "analytic_logistic",
    "analytic_power",
    "analytic_spurious",
)
PHRASES = {
    "global minimum of an analytic risk": "a global minimum",
    "local minimum of an analytic risk": "a local minimum",
    "spurious local minimum of an analytic risk": "a spurious local minimum",
    "not a local minimum of an analytic risk": "not a local minimum",
}
GLOBAL, LOCAL, SPURIOUS, NONE = PHRASES
FUNCTIONS = {
    "exp": mpmath.exp,
    "log": mpmath.log,
    "tanh": mpmath.tanh,
    "arctan": mpmath.atan,
    "sigmoid": lambda z: 1 / (1 + mpmath.exp(-z)),
    "softplus": lambda z: mpmath.log1p(mpmath.exp(z)),
}


def get(name: str) -> Document:
    return golden(name)


def real(text: str) -> mpf:
    value = Fraction(text)
    return mpf(value.numerator) / value.denominator


def tree_value(tree: Any, names: dict[str, mpf]) -> mpf:
    if isinstance(tree, str):
        return names[tree] if tree in names else real(tree)
    operation, *parts = tree
    if operation == "power":
        return tree_value(parts[0], names) ** parts[1]
    a, *rest = (tree_value(part, names) for part in parts)
    match operation:
        case "+":
            return a + rest[0]
        case "*":
            return a * rest[0]
        case "/":
            return a / rest[0]
        case "-":
            return -a
    return FUNCTIONS[operation](a)


def vectors(parameters: Document) -> list[tuple[list[list[mpf]], list[mpf] | None]]:
    layers = sum(name.startswith("W") for name in parameters)
    return [
        (
            [[real(v) for v in row] for row in parameters[f"W{n}"]],
            [real(v) for v in parameters[f"b{n}"]] if f"b{n}" in parameters else None,
        )
        for n in range(1, layers + 1)
    ]


def activation(h: Document, z: mpf) -> mpf:
    points, slopes, value = [real(t) for t in h["breakpoints"]], [real(a) for a in h["slopes"]], real(h["value_at_0"])
    ends = sorted([mpf(0), z])
    inner = [ends[0], *(t for t in points if ends[0] < t < ends[1]), ends[1]]
    change = mpf(0)
    for a, b in pairwise(inner):
        change += slopes[sum(t <= (a + b) / 2 for t in points)] * (b - a)
    return value + (change if z >= 0 else -change)


def risk(problem: Document, layers: Any) -> mpf:
    loss, total = problem["loss"], mpf(0)
    weights = problem.get("weights", ["1"] * len(problem["data"]["x"]))
    for weight, x, y in zip(weights, problem["data"]["x"], problem["data"]["y"], strict=True):
        values, targets = [real(v) for v in x], [real(v) for v in y]
        for n, (matrix, bias) in enumerate(layers):
            if n:
                values = [activation(problem["activation"], z) for z in values]
            shifts = bias or [mpf(0)] * len(matrix)
            values = [sum((w * v for w, v in zip(row, values, strict=True)), b) for row, b in zip(matrix, shifts, strict=True)]
        if loss["gap"] == "classes":
            part = mpmath.log(sum(mpmath.exp(f) for f in values)) - sum(f * t for f, t in zip(values, targets, strict=True))
        else:
            gaps = {"difference": lambda f, t: f - t, "margin": lambda f, t: f * t, "prediction": lambda f, t: f}
            part = sum(
                tree_value(loss["tree"], {"u": gaps[loss["gap"]](f, t), "f": f, "y": t})
                for f, t in zip(values, targets, strict=True)
            )
        total += real(weight) * part
    return real(loss["scale"]) * total


def moved(layers: Any, size: mpf, source: random.Random) -> Any:
    def change(value: mpf) -> mpf:
        return value + size * mpf(source.choice([0, 0, 1, -1, 1]) * source.random())

    return [([[change(v) for v in row] for row in w], None if b is None else [change(v) for v in b]) for w, b in layers]


def assert_true(document: Document, trials: int = 40) -> None:
    """The claim holds, as far as numbers tell."""
    kind, problem = document["claim"]["kind"], document["problem"]
    samples = len(problem["data"]["x"])
    assert document["claim"]["sentence"] == (
        f"The given parameters are {PHRASES[kind]} of the risk of the {'-'.join(map(str, problem['widths']))} network on "
        f"{samples} sample{'s' * (samples > 1)}."
    )
    with mpmath.workdps(50):
        layers = vectors(document["parameters"])
        here = risk(problem, layers)
        low, high = map(real, document["claim"]["risk"])
        assert low <= here <= high
        source = random.Random(0)
        if kind in (NONE, SPURIOUS):
            lower = document["evidence"]["lower_point"]
            assert risk(problem, vectors(lower["parameters"])) <= real(lower["risk"]) < low
        sizes = (mpf(1), mpf(5)) if kind == GLOBAL else (mpf(10) ** -4, mpf(10) ** -7)
        if kind != NONE:
            for size in sizes:
                for _ in range(trials):
                    assert risk(problem, moved(layers, size, source)) >= here - mpf(10) ** -40
        elif document["evidence"]["rule"] == "direction":
            step = vectors(document["evidence"]["direction"])
            for size in (mpf(10) ** -3, mpf(10) ** -6):
                there = [
                    (
                        [[a + size * c for a, c in zip(r, s, strict=True)] for r, s in zip(w, dw, strict=True)],
                        None if b is None else [a + size * c for a, c in zip(b, db, strict=True)],
                    )
                    for (w, b), (dw, db) in zip(layers, step, strict=True)
                ]
                assert risk(problem, there) < here
