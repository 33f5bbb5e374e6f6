"""What certificates about enclosed levels say, asked in floats and by formulas that the verifier does not use."""

from __future__ import annotations

import math
import random
from itertools import pairwise
from typing import Any

from tests.verifier.oracle import Document, data, number, parameters_of, predict

Flat = dict[str, Any]


def risk_of(document: Document, point: Flat) -> float:
    """The risk in floats, weight decay included, from the definitions."""
    problem = document["problem"]
    x, y = data(problem)
    loss, total = problem["loss"], 0.0
    weights = [float(number(weight)) for weight in problem.get("weights", ["1"] * len(x))]
    for weight, row, (label,) in zip(weights, x, y, strict=True):
        (f,) = predict(problem, point, row)
        u = float(f - label if loss["gap"] == "difference" else label * f)
        if "tree" in loss:
            total += weight * float(number(loss["scale"])) * of_tree(loss["tree"], u, float(f), float(label))
        else:
            (a, b, c) = map(float, map(number, loss["pieces"][sum(float(number(t)) < u for t in loss["breakpoints"])]))
            total += weight * ((a * u + b) * u + c)
    decay = problem.get("weight_decay")
    if decay:
        entries = [v for name, value in point.items() if name[0] == "W" or decay["biases"] for v in flat(value)]
        total += float(number(decay["factor"])) / 2 * sum(float(v) ** 2 for v in entries)
    return total


def of_tree(tree: Any, u: float, f: float, y: float) -> float:
    """The value of an expression in floats."""
    if isinstance(tree, str):
        return {"u": u, "f": f, "y": y}[tree] if tree in "ufy" else float(number(tree))
    name, *parts = tree
    if name == "power":
        return float(of_tree(parts[0], u, f, y) ** int(parts[1]))
    values = [of_tree(part, u, f, y) for part in parts]
    if name == "softplus":
        return max(values[0], 0.0) + math.log1p(math.exp(-abs(values[0])))
    if name == "-":
        return -values[0]
    by_name = {"+": sum, "*": math.prod, "/": lambda pair: pair[0] / pair[1]}
    return float(by_name[name](values)) if name in by_name else float({"exp": math.exp, "log": math.log}[name](*values))


def flat(value: Any) -> list[Any]:
    return [v for item in value for v in flat(item)] if isinstance(value, list) else [value]


def points_of(document: Document) -> list[Flat]:
    """The points of the path, the first one included."""
    first = [document["parameters"]] if "parameters" in document else []
    return [parameters_of(point) for point in (*first, *document["evidence"]["path"])]


def along(document: Document, old: Flat, new: Flat, t: float) -> Flat:
    """The point of a step at a time, as section 30 of the format says."""
    squares = "weight_decay" in document["problem"]
    found: Flat = {"W1": [], "W2": [[]]}
    names = [name for name in ("W1", "b1") if name in old]
    for j, (v, w) in enumerate(zip(map(float, old["W2"][0]), map(float, new["W2"][0]), strict=True)):
        a, b = (row(point, j, names) for point in (old, new))
        if a == b or not (v or w):
            share, height = t, (1 - t) * v + t * w
            weights = [(1 - share) * p + share * q for p, q in zip(a, b, strict=True)]
        elif not squares:
            height = (1 - t) * v + t * w
            weights = [((1 - t) * v * p + t * w * q) / height for p, q in zip(a, b, strict=True)]
        else:
            height = math.copysign(math.sqrt((1 - t) * v * v + t * w * w), v or w)
            if not v or not w:
                assert not any(a if not v else b)
            weights = [((1 - t) * v * p + t * w * q) / height if height else 0.0 for p, q in zip(a, b, strict=True)]
        found["W2"][0].append(height)
        found["W1"].append(weights[: len(old["W1"][j])])
        if "b1" in old:
            found.setdefault("b1", []).append(weights[-1])
    if "b2" in old:
        found["b2"] = [(1 - t) * float(old["b2"][0]) + t * float(new["b2"][0])]
    return found


def row(point: Flat, unit: int, names: list[str]) -> list[float]:
    return [float(v) for name in names for v in flat([point[name][unit]])]


def holds(document: Document, paths: int = 2, parts: int = 12) -> None:
    """Fail if the path rises above the level, or some path in straight lines between its ends stays below the bound."""
    claim, points = document["claim"], points_of(document)
    level, bound = (float(number(claim[name])) for name in ("level", "bound"))
    most = 1 + 1e-9
    for old, new in pairwise(points):
        for k in range(5):
            assert risk_of(document, along(document, old, new, k / 4)) <= level * most
    if claim["kind"] == "enclosed spurious valley":
        floor = float(number(claim["floor"]))
        assert risk_of(document, points[0]) <= float(number(claim["risk"])) * most
        assert risk_of(document, points[-1]) <= floor * most
    generator = random.Random(1)
    for _ in range(paths):
        ends = [points[0], moved(points[0], generator), moved(points[-1], generator), points[-1]]
        heights = [risk_of(document, between(a, b, k / parts)) for a, b in pairwise(ends) for k in range(parts + 1)]
        assert max(heights) >= bound * (1 - 1e-2)


def moved(point: Flat, generator: random.Random) -> Flat:
    return {name: shaken(value, generator) for name, value in point.items()}


def shaken(value: Any, generator: random.Random) -> Any:
    if isinstance(value, list):
        return [shaken(item, generator) for item in value]
    return float(value) + generator.gauss(0, 0.7)


def between(old: Any, new: Any, t: float) -> Any:
    """Straight lines in the parameters."""
    if isinstance(old, dict):
        return {name: between(old[name], new[name], t) for name in old}
    if isinstance(old, list):
        return [between(a, b, t) for a, b in zip(old, new, strict=True)]
    return (1 - t) * float(old) + t * float(new)
