"""An independent, slow and simple reading of certificates: plain fractions, no sharing of code with the verifier."""

from __future__ import annotations

import csv
import random
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

Document = dict[str, Any]
Parameters = dict[str, list[Any]]


def number(text: str) -> Fraction:
    top, _, bottom = text.partition("/")
    return Fraction(int(top, 0), int(bottom or "1", 0))


def numbers(value: Any) -> Any:
    return [numbers(item) for item in value] if isinstance(value, list) else number(value)


def activation(function: Document, z: Fraction) -> Fraction:
    """h(z), by adding up h along the pieces between 0 and z."""
    value = number(function["value_at_0"])
    stops = sorted({Fraction(0), z, *(t for t in numbers(function["breakpoints"]) if min(0, z) < t < max(0, z))})
    for low, high in pairwise(stops):
        step = slope(function, (low + high) / 2) * (high - low)
        value += step if z > 0 else -step
    return value


def slope(function: Document, z: Fraction) -> Fraction:
    return numbers(function["slopes"])[sum(t < z for t in numbers(function["breakpoints"]))]


def predict(problem: Document, parameters: Parameters, x: list[Fraction]) -> list[Fraction]:
    layers = len(problem["widths"]) - 1
    for layer in range(1, layers + 1):
        z = [sum((w * v for w, v in zip(row, x, strict=True)), Fraction(0)) for row in parameters[f"W{layer}"]]
        if problem["biases"][layer - 1]:
            z = [a + b for a, b in zip(z, parameters[f"b{layer}"], strict=True)]
        x = z if layer == layers else [activation(problem["activation"], a) for a in z]
    return x


def by_pieces(kind: Document, u: Fraction) -> Fraction:
    """The value of a loss of format 2."""
    a, b, c = numbers(kind["pieces"][sum(t < u for t in numbers(kind["breakpoints"]))])
    return Fraction(a * u * u + b * u + c)


def loss(problem: Document, f: Fraction, y: Fraction) -> Fraction:
    kind, u = problem["loss"], f - y
    if "gap" in kind:
        return by_pieces(kind, y * f if kind["gap"] == "margin" else u)
    if kind["name"] == "squared":
        value = u * u
    elif kind["name"] == "absolute":
        value = abs(u)
    elif kind["name"] == "huber":
        delta = number(kind["delta"])
        value = u * u / 2 if abs(u) <= delta else delta * abs(u) - delta * delta / 2
    else:
        value = max(Fraction(0), 1 - y * f)
    return value * number(kind["scale"])


def data(problem: Document, folder: Path | None = None) -> tuple[list[list[Fraction]], list[list[Fraction]]]:
    if "csv" not in problem["data"]:
        return numbers(problem["data"]["x"]), numbers(problem["data"]["y"])
    fields = problem["data"]["csv"]
    assert folder is not None
    with open(folder / fields["file"], encoding="utf-8-sig", newline="") as stream:
        rows = [row for row in csv.reader(stream, delimiter=fields["delimiter"]) if any(cell.strip() for cell in row)]
    rows = rows[fields["skip_rows"] :]
    assert len(rows) == fields["samples"]
    return ([[Fraction(row[c].strip()) for c in fields[name]] for row in rows] for name in ("x", "y"))  # type: ignore


class Oracle:
    """The risk of a problem, and what is true of a point."""

    def __init__(self, document: Document, folder: Path | None = None) -> None:
        self.problem = document["problem"]
        self.x, self.y = data(self.problem, folder)

    def risk(self, parameters: Parameters) -> Fraction:
        total = Fraction(0)
        weights = numbers(self.problem.get("weights", ["1"] * len(self.x)))
        for x, y, weight in zip(self.x, self.y, weights, strict=True):
            f = predict(self.problem, parameters, x)
            if self.problem["loss"].get("gap") == "lead":
                right = y.index(Fraction(1))
                gaps = [a - f[right] for k, a in enumerate(f) if k != right]
                total += weight * sum((by_pieces(self.problem["loss"], u) for u in gaps), Fraction(0))
                continue
            if self.problem["loss"].get("name") == "hinge" and len(y) > 1:
                right = f[y.index(Fraction(1))]
                total += number(self.problem["loss"]["scale"]) * sum((max(Fraction(0), 1 + a - right) for a in f), Fraction(-1))
                continue
            total += weight * sum((loss(self.problem, a, b) for a, b in zip(f, y, strict=True)), Fraction(0))
        return total

    def one_sided_derivative(self, parameters: Parameters, direction: Parameters) -> Fraction:
        """The risk is a polynomial of t on some [0, ε]: interpolate it there, with ε so small that it is one piece."""
        degree = 2 * (len(self.problem["widths"]) - 1)
        results = []
        for step in (Fraction(1, 10**9), Fraction(1, 10**10)):
            nodes = [step * i for i in range(degree + 1)]
            values = [self.risk(moved(parameters, direction, t)) for t in nodes]
            results.append(_derivative_at_0(nodes, values))
        assert results[0] == results[1], "the steps are too long"
        return results[0]

    def is_lower_nearby(self, parameters: Parameters, tries: int = 30, seed: int = 0) -> bool:
        """Whether some of many points nearby has a lower risk."""
        here, rnd = self.risk(parameters), random.Random(seed)
        for attempt in range(tries):
            size = Fraction(1, 10 ** (6 + 3 * (attempt % 2)))
            kind = attempt % 3
            direction = random_like(parameters, rnd, 0.3 if kind == 0 else 1.0)
            if self.risk(moved(parameters, direction, size)) < here:
                return True
        return False


def _derivative_at_0(nodes: list[Fraction], values: list[Fraction]) -> Fraction:
    total = Fraction(0)
    for i, value in enumerate(values):
        weight = Fraction(0)
        for skipped in range(len(nodes)):
            if skipped == i:
                continue
            term = 1 / (nodes[i] - nodes[skipped])
            for other in range(len(nodes)):
                if other not in (i, skipped):
                    term *= (0 - nodes[other]) / (nodes[i] - nodes[other])
            weight += term
        total += weight * value
    return total


def moved(parameters: Any, direction: Any, t: Fraction) -> Any:
    if isinstance(parameters, dict):
        return {name: moved(parameters[name], direction[name], t) for name in parameters}
    if isinstance(parameters, list):
        return [moved(a, b, t) for a, b in zip(parameters, direction, strict=True)]
    return parameters + t * direction


def random_like(parameters: Any, rnd: random.Random, density: float) -> Any:
    if isinstance(parameters, dict):
        return {name: random_like(value, rnd, density) for name, value in parameters.items()}
    if isinstance(parameters, list):
        return [random_like(value, rnd, density) for value in parameters]
    return Fraction(rnd.randint(-9, 9) if rnd.random() < density else 0)


def parameters_of(value: Document) -> Parameters:
    return {name: numbers(entry) for name, entry in value.items()}


def assert_true(document: Document, folder: Path | None = None) -> None:
    """Fail if the claim of a document is seen to be false."""
    oracle = Oracle(document, folder)
    claim, evidence = document["claim"], document["evidence"]
    here = parameters_of(document["parameters"])
    assert oracle.risk(here) == number(claim["risk"])
    lower = evidence.get("lower_points", [])
    if "descent" in evidence:
        lower = [evidence["descent"]["lower_point"]]
    for point in lower:
        assert oracle.risk(parameters_of(point["parameters"])) == number(point["risk"]) < number(claim["risk"])
    if claim["kind"] == "not a local minimum":
        assert _descends(oracle, here, evidence["descent"])
    else:
        assert claim["kind"] != "spurious local minimum" or lower
        assert not oracle.is_lower_nearby(here)


def _descends(oracle: Oracle, here: Parameters, descent: Document) -> bool:
    """Whether points as near as anyone likes are lower (tried for two distances)."""
    risk = oracle.risk(here)
    if descent["rule"] == "direction":
        direction = parameters_of(descent["direction"])
        return all(
            any(oracle.risk(moved(here, direction, Fraction(1, 10**power))) < risk for power in range(least, least + 9))
            for least in (3, 15)
        )
    if descent["rule"] == "curve":
        curve = descent["curve"]
        return all(any(oracle.risk(_on_curve(here, curve, n)) < risk for n in range(least, least + 9)) for least in (3, 15))
    delta, unit, output = numbers(descent["delta"]), descent["unit"], descent["output"]
    direction = {name: [[0 * v for v in row] if isinstance(row, list) else 0 for row in value] for name, value in here.items()}
    direction["W1"][unit] = delta[: len(here["W1"][unit])]
    if "b1" in here:
        direction["b1"][unit] = delta[-1]
    for power in (3, 12):
        point = moved(here, direction, Fraction(1, 10**power))
        assert oracle.risk(point) == risk
        found = False
        for sign in (1, -1):
            for finer in range(power, power + 9):
                point["W2"][output][unit] = sign * Fraction(1, 10**finer)
                found = found or oracle.risk(point) < risk
        if not found:
            return False
    return True


def _on_curve(here: Parameters, curve: list[Document], power: int) -> Parameters:
    """θ + t c₁ + t² c₂ + … at t = 10^−power."""
    for n, coefficient in enumerate(curve, 1):
        here = moved(here, parameters_of(coefficient), Fraction(1, 10 ** (power * n)))
    return here
