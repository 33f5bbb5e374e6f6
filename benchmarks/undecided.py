"""How often `decide` leaves a point open, by sort of problem, and why.

The points have small integers as weights, so that many samples sit on walls and many predictions at kinks of the loss; the
deep linear ones are critical by design, the others mostly not.

    python benchmarks/undecided.py [COUNT]
"""

from __future__ import annotations

import random
import re
import sys
from collections import Counter
from collections.abc import Callable
from fractions import Fraction

import exactsurf as es
from exactsurf.effort import Effort
from exactsurf.model.point import Point

CONES = 256
Case = tuple[es.Problem, es.Parameters]
SHALLOW = ([1, 1, 1], [1, 2, 1], [2, 2, 1])
DEEP = ([1, 1, 1, 1], [1, 2, 1, 1], [2, 1, 2, 1])
VECTOR = ([1, 1, 2], [1, 2, 2], [2, 1, 2])
CLASSES = ([1, 3], [1, 1, 2], [1, 2, 3], [2, 1, 3])
LINEAR = ([2, 1, 2], [2, 2, 2], [1, 1, 1, 1], [2, 1, 1, 2], [2, 2, 2, 2])


def draw(rnd: random.Random, shapes: tuple[list[int], ...], loss: es.Loss, biases: bool | None) -> Case:
    """Small integers everywhere; targets next to the predictions, labels and classes at random."""
    widths, samples = rnd.choice(shapes), rnd.randint(2, 5)
    with_bias = [rnd.random() < 0.7 if biases is None else biases for _ in widths[1:]]
    network = es.Network(widths, rnd.choice([es.relu, es.relu, es.leaky_relu("1/3")]), biases=with_bias)
    x = [[rnd.randint(-2, 2) for _ in range(widths[0])] for _ in range(samples)]
    theta = blank(network, x).parameters(**weights(rnd, network))
    fitted = blank(network, x).predictions(theta)
    if loss.name == "hinge" and widths[-1] > 1:
        y = [[int(k == right) for k in range(widths[-1])] for right in (rnd.randrange(widths[-1]) for _ in x)]
    elif loss.name == "hinge":
        y = [[rnd.choice((-1, 1))] for _ in x]
    else:
        y = [[value + rnd.choice((-1, 0, 0, 0, 1)) for value in row] for row in fitted]
    return es.Problem(network, es.Data.from_arrays(x, y), loss), theta


def draw_linear(rnd: random.Random) -> Case:
    """A critical point of a deep linear network: the residuals are orthogonal to what the weights can do at first order."""
    from exactsurf.exact.linear_algebra import kernel
    from exactsurf.minima.local.directional import selected_gradient

    network = es.Network(rnd.choice(LINEAR), es.linear, biases=rnd.random() < 0.3)
    outputs, samples = network.widths[-1], rnd.randint(2, 4)
    x = [[rnd.randint(-2, 2) for _ in range(network.widths[0])] for _ in range(samples)]
    start = blank(network, x)
    theta = start.parameters(**weights(rnd, network))
    fitted = start.predictions(theta)
    columns = []
    for i in range(samples):
        for k in range(outputs):
            y = [[f - int((p, q) == (i, k)) for q, f in enumerate(row)] for p, row in enumerate(fitted)]
            bumped = es.Problem(network, es.Data.from_arrays(x, y))
            gradient = selected_gradient(Point(bumped, theta))
            columns.append([entry for _, array in gradient.items() for entry in flat(array)])
    r = [Fraction(0)] * len(columns)
    for vector in kernel(list(zip(*columns, strict=True))):
        factor = rnd.choice((-1, 0, 1, 2))
        r = [a + factor * b for a, b in zip(r, vector, strict=True)]
    y = [[f - r[i * outputs + k] for k, f in enumerate(row)] for i, row in enumerate(fitted)]
    return es.Problem(network, es.Data.from_arrays(x, y)), theta


def flat(array: object) -> list[Fraction]:
    """The numbers of a matrix or vector in a row."""
    return [value for item in array for value in flat(item)] if isinstance(array, tuple) else [array]  # type: ignore[list-item]


def blank(network: es.Network, x: list[list[int]]) -> es.Problem:
    """A problem without targets that mean anything."""
    return es.Problem(network, es.Data.from_arrays(x, [[0] * network.widths[-1]] * len(x)))


def weights(rnd: random.Random, network: es.Network) -> dict[str, object]:
    """Small integers, a quarter of them 0."""
    return {
        name: [[rnd.choice((-1, 0, 1, 2)) for _ in range(shape[1])] for _ in range(shape[0])]
        if len(shape) == 2
        else [rnd.choice((-1, 0, 0, 1)) for _ in range(shape[0])]
        for name, shape in network.shapes.items()
    }


CASES: dict[str, Callable[[random.Random], Case]] = {
    "one hidden layer, one output, squared": lambda rnd: draw(rnd, SHALLOW, es.squared, None),
    "the same, absolute": lambda rnd: draw(rnd, SHALLOW, es.absolute, None),
    "the same, hinge": lambda rnd: draw(rnd, SHALLOW, es.hinge, None),
    "two outputs, squared, no biases": lambda rnd: draw(rnd, VECTOR, es.squared, False),
    "two outputs, absolute": lambda rnd: draw(rnd, VECTOR, es.absolute, None),
    "two or three classes, hinge": lambda rnd: draw(rnd, CLASSES, es.hinge, None),
    "two hidden layers, squared": lambda rnd: draw(rnd, DEEP, es.squared, None),
    "two hidden layers, squared, no biases": lambda rnd: draw(rnd, DEEP, es.squared, False),
    "two hidden layers, absolute": lambda rnd: draw(rnd, DEEP, es.absolute, None),
    "two hidden layers, hinge": lambda rnd: draw(rnd, DEEP, es.hinge, None),
    "deep linear, critical": draw_linear,
}


def main() -> None:
    """Print a table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    print("| problem | proved | refuted | undecided | most frequent reason |\n|---|---|---|---|---|")
    for name, case in CASES.items():
        found, reasons = Counter[str](), Counter[str]()
        for seed in range(count):
            verdict = es.decide(*case(random.Random(seed)), effort=Effort(fan=CONES))
            found[str(verdict.status)] += 1
            if verdict.status == es.Status.UNDECIDED:
                reasons[re.sub(r"\d+", "n", verdict.reason).split(" and ")[-1]] += 1
        shares = [f"{100 * found[key] / count:.1f} %" for key in ("PROVED", "REFUTED", "UNDECIDED")]
        why = next((f"{reason} ({number} of {found['UNDECIDED']})" for reason, number in reasons.most_common(1)), "")
        print(f"| {name} | {' | '.join(shares)} | {why} |", flush=True)


if __name__ == "__main__":
    main()
