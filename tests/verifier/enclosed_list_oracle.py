"""What certificates about all enclosed valleys say, walked in floats: from random parameters to one of the given points."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import permutations

from tests.verifier.enclosed_oracle import Flat, along, risk_of, row
from tests.verifier.oracle import Document, data, number, parameters_of

_TIMES = [k / 12 for k in range(13)]


def holds_everywhere(document: Document, starts: int = 20) -> None:
    """Fail if from random parameters, below the level if there is one, no way through the given points keeps to the claim."""
    claim, evidence = document["claim"], document["evidence"]
    points = [parameters_of(point) for point in evidence["points"]]
    count, rise = int(claim["valleys"]), float(number(claim["rise"]))
    generator = random.Random(3)
    for start in _starts(document, points, starts, generator):
        risk = risk_of(document, start)
        allowed = risk + rise + 1e-9 * (1 + abs(risk))
        ways = ((place, order) for place in range(len(points)) for order in _orders(document, start, points[place]))
        assert any(
            max(_heights(document, start, _ordered(points[place], order))) <= allowed
            and max(_on(document, points, place, count)) <= allowed
            for place, order in ways
        )


def _starts(document: Document, points: list[Flat], count: int, generator: random.Random) -> list[Flat]:
    """Random parameters; below a level they are looked for around the given points."""
    if "level" not in document["claim"]:
        return [_anywhere(points[0], generator) for _ in range(count)]
    level = float(number(document["claim"]["level"]))
    found = [_around(generator.choice(points), generator) for _ in range(40 * count)]
    return [start for start in found if risk_of(document, start) < level][:count]


def _on(document: Document, points: list[Flat], place: int, count: int) -> Iterator[float]:
    """The risks along the way from a point to one of the first ones."""
    yield risk_of(document, points[place])
    while place >= count:
        goal = document["evidence"]["leads_to"][place - count]
        yield from _heights(document, points[place], points[goal])
        place = goal


def _heights(document: Document, start: Flat, end: Flat) -> list[float]:
    """The risks along a step within one signed cell, with what units that are off need before and after it."""
    first, last = start, end
    if "weight_decay" in document["problem"]:
        first, last = _idle(start), _idle(end)
    else:
        first = _turned(start, end)
        last = _turned(end, first)
    return [risk_of(document, along(document, first, last, t)) for t in _TIMES] + [risk_of(document, end)]


def _idle(point: Flat) -> Flat:
    return _with(point, [[0.0] * len(weights) for weights in _rows(point)])


def _turned(point: Flat, other: Flat) -> Flat:
    return _with(point, _rows(other))


def _with(point: Flat, rows: list[list[float]]) -> Flat:
    """A point with other weights for units that are off."""
    own = [new if not float(v) else old for old, new, v in zip(_rows(point), rows, point["W2"][0], strict=True)]
    size = len(point["W1"][0])
    found = {**point, "W1": [weights[:size] for weights in own]}
    if "b1" in point:
        found["b1"] = [weights[size] for weights in own]
    return found


def _rows(point: Flat) -> list[list[float]]:
    names = [name for name in ("W1", "b1") if name in point]
    return [row(point, unit, names) for unit in range(len(point["W2"][0]))]


def _ordered(point: Flat, order: tuple[int, ...]) -> Flat:
    found = {**point, "W1": [point["W1"][k] for k in order], "W2": [[point["W2"][0][k] for k in order]]}
    if "b1" in point:
        found["b1"] = [point["b1"][k] for k in order]
    return found


def _orders(document: Document, start: Flat, point: Flat) -> Iterator[tuple[int, ...]]:
    """The orders of the units of a point in which it lies in one closed signed cell with the start."""
    x, _ = data(document["problem"])
    walls = [float(number(t)) for t in document["problem"]["activation"]["breakpoints"]]
    for order in permutations(range(len(start["W2"][0]))):
        other = _ordered(point, order)
        if all(
            not float(w) or (float(v) * float(w) > 0 and _same_side(x, walls, old, new))
            for v, w, old, new in zip(start["W2"][0], other["W2"][0], _rows(start), _rows(other), strict=True)
        ):
            yield order


def _same_side(x: list[list[object]], walls: list[float], old: list[float], new: list[float]) -> bool:
    for sample in x:
        inputs = [*map(float, sample), 1.0]  # type: ignore[arg-type]
        a, b = (sum(p * q for p, q in zip(weights, inputs, strict=False)) for weights in (old, new))
        if any((a - t) * (b - t) < -1e-9 for t in walls):
            return False
    return True


def _around(point: Flat, generator: random.Random) -> Flat:
    scale = generator.choice((0.01, 0.1, 0.3))

    def moved(value: object) -> object:
        return list(map(moved, value)) if isinstance(value, list) else float(value) + generator.gauss(0, scale)  # type: ignore[arg-type]

    return {name: moved(value) for name, value in point.items()}


def _anywhere(point: Flat, generator: random.Random) -> Flat:
    scale = generator.choice((0.3, 1.0, 3.0))

    def drawn(value: object) -> object:
        return list(map(drawn, value)) if isinstance(value, list) else generator.gauss(0, scale)

    return {name: drawn(value) for name, value in point.items()}
