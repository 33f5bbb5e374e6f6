"""The families of points: how each is made, and what is known of it by that. Every one is decided exactly afterwards."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from fractions import Fraction

from planting import (
    TINY,
    Net,
    Planted,
    columns,
    is_off_walls,
    jacobian_row,
    moved,
    passed,
    problem_with,
    vanishing,
)

import exactsurf as es

F = Fraction
PROVED, REFUTED = es.Status.PROVED, es.Status.REFUTED
SHAPES = ((1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (2, 3))
ACTIVATIONS = (es.relu, es.relu, es.leaky_relu("1/2"), es.absolute_value)


def drawn(
    rnd: random.Random, widths: Sequence[int], h: es.PiecewiseLinear, silent: int | None = None, zeros: bool = False
) -> Net:
    """Small integer weights and biases; no output weight is 0, but that of the unit `silent`; `zeros` in upper layers or not."""
    layers: list[tuple[tuple[Fraction, ...], ...]] = []
    for below, above in itertools.pairwise(widths):
        choices = (-1, 0, 0, 1) if zeros and layers else (-2, -1, 1, 2)
        layers.append(tuple(tuple(F(rnd.choice(choices)) for _ in range(below + 1)) for _ in range(above)))
    last = list(layers[-1][0])
    if silent is not None:
        last[silent] = F(0)
    return Net(h, (*layers[:-1], (tuple(last),)))


def samples_of(rnd: random.Random, inputs: int, count: int) -> list[list[Fraction]]:
    """Different samples of small halves."""
    found: list[list[Fraction]] = []
    while len(found) < count:
        row = [F(rnd.randint(-8, 8), 2) for _ in range(inputs)]
        if row not in found:
            found.append(row)
    return found


def critical(net: Net, inputs: Sequence[Sequence[Fraction]], side: int, rnd: random.Random) -> list[Fraction] | None:
    """Residuals at which the derivative vanishes, on the pieces to the left or right of breakpoints."""
    return vanishing(rnd, columns([jacobian_row(net, row, True, side) for row in inputs]), len(inputs))


def minimum_off_walls(rnd: random.Random) -> Planted | None:
    """A critical point of one hidden layer off all walls, no output weight 0: a local minimum by theorem A."""
    inputs, units = rnd.choice(SHAPES)
    net = drawn(rnd, (inputs, units, 1), rnd.choice(ACTIVATIONS))
    rows = samples_of(rnd, inputs, rnd.randint(5, 9))
    residuals = critical(net, rows, 0, rnd) if is_off_walls(net, rows, True) else None
    return None if residuals is None else expecting(problem_with(net, rows, residuals, True), PROVED)


def saddle_of_order_2(rnd: random.Random) -> Planted | None:
    """A critical point off all walls at which one output weight is 0, and moving that unit first would lower the risk."""
    inputs, units = rnd.choice(SHAPES[:4])
    silent = rnd.randrange(units)
    net = drawn(rnd, (inputs, units, 1), rnd.choice(ACTIVATIONS), silent)
    rows = samples_of(rnd, inputs, rnd.randint(5, 8))
    residuals = critical(net, rows, 0, rnd) if is_off_walls(net, rows, True) else None
    if residuals is None:
        return None
    gate = [net.activation.slopes_at(passed(net, row, True)[0][1][silent])[0] for row in rows]
    form = [sum((r * g * x for r, g, x in zip(residuals, gate, column, strict=True)), F(0)) for column in columns(rows)]
    form.append(sum((r * g for r, g in zip(residuals, gate, strict=True)), F(0)))
    return expecting(problem_with(net, rows, residuals, True), REFUTED, 2) if any(form) else None


def minimum_on_walls(rnd: random.Random) -> Planted | None:
    """Samples on walls, residuals for which the left derivative vanishes and every kink points up."""
    return _on_walls(rnd, side=0, up=True)


def minimum_at_corner(rnd: random.Random) -> Planted | None:
    """The same with the right derivative, so that the left one, which frameworks call the gradient, does not vanish."""
    return _on_walls(rnd, side=1, up=True)


def fall_behind_a_wall(rnd: random.Random) -> Planted | None:
    """Samples on walls, residuals for which the left derivative vanishes, while the risk falls on the other side."""
    return _on_walls(rnd, side=0, up=False)


def fall_in_a_narrow_cone(rnd: random.Random) -> Planted | None:
    """Two samples beside each other on the wall of a unit: between their walls, an angle of 2⁻¹⁴, the risk falls."""
    units = rnd.choice((1, 2, 3))
    net = drawn(rnd, (2, units, 1), rnd.choice(ACTIVATIONS[:3]))
    net = Net(net.activation, (((F(0), *net.rows[0][0][1:]), *net.rows[0][1:]), net.rows[1]))
    rows = samples_of(rnd, 2, rnd.randint(7, 10))
    _, slope, bias = net.rows[0][0]
    for k in (0, 1):
        rows[k] = [rows[0][0] + k * F(1, 2**14), -bias / slope]
    equations = columns([jacobian_row(net, row, True, 0) for row in rows])
    # The unit's output weight times the residuals: the first kink points down, the second one three times as much up.
    equations.append([F(3), F(1), *[F(0)] * (len(rows) - 2)])
    walls = [z == 0 for row in rows for z in passed(net, row, True)[0][1]]
    residuals = vanishing(rnd, equations, len(rows), largest=2**20) if sum(walls) == 2 else None
    if residuals is None or not residuals[0]:
        return None
    turned = residuals if residuals[0] * net.rows[1][0][0] < 0 else [-r for r in residuals]
    return expecting(problem_with(net, rows, turned, True), REFUTED, 1)


def _on_walls(rnd: random.Random, side: int, up: bool) -> Planted | None:
    inputs, units = rnd.choice(SHAPES)
    net = drawn(rnd, (inputs, units, 1), rnd.choice(ACTIVATIONS[:3]))
    rows = samples_of(rnd, inputs, rnd.randint(5, 8))
    for row in some_of(rnd, rows):
        # The first coordinate puts the sample on the wall of a unit.
        weights = rnd.choice(net.rows[0])
        rest = sum((w * x for w, x in zip(weights[1:-1], row[1:], strict=True)), weights[-1])
        row[0] = -rest / weights[0]
    walls = [[net.activation.breakpoints[0] == z for z in passed(net, row, True)[0][1]] for row in rows]
    equations = columns([jacobian_row(net, row, True, side) for row in rows])
    # Two different samples on one wall lie on sides of their own of some wall nearby; three need not.
    held = [sum(on) for on in columns(walls)]
    if not any(held) or max(held) > 2 or len(set(map(tuple, rows))) < len(rows):
        return None
    for _ in range(30):
        residuals = vanishing(rnd, equations, len(rows))
        if residuals is None:
            return None
        kinks = [v * r for r, on in zip(residuals, walls, strict=True) for v, o in zip(net.rows[1][0], on, strict=False) if o]
        if up and all(k >= 0 for k in kinks) and any(kinks):
            return expecting(problem_with(net, rows, residuals, True), PROVED)
        if not up and any(k < 0 for k in kinks):
            return expecting(problem_with(net, rows, residuals, True), REFUTED, 1)
    return None


def some_of(rnd: random.Random, rows: list[list[Fraction]]) -> list[list[Fraction]]:
    """One to three of the rows."""
    return rnd.sample(rows, rnd.randint(1, min(3, len(rows))))


def deep_critical(rnd: random.Random) -> Planted | None:
    """A critical point of two or three hidden layers off all walls: the decision tells what it is."""
    widths = rnd.choice(((1, 2, 1, 1), (1, 1, 2, 1), (2, 2, 1, 1), (1, 2, 2, 1), (1, 1, 1, 1, 1)))
    net = drawn(rnd, widths, rnd.choice((es.relu, es.relu, es.leaky_relu("1/2"))), zeros=True)
    rows = samples_of(rnd, widths[0], rnd.randint(6, 10))
    residuals = critical(net, rows, 0, rnd) if is_off_walls(net, rows, True) else None
    return None if residuals is None else problem_with(net, rows, residuals, True)


def deep_minimum(rnd: random.Random) -> Planted | None:
    """Two or three hidden layers off all walls, residuals without moments on the samples of every pattern: a local minimum."""
    widths = rnd.choice(((1, 2, 1, 1), (1, 1, 2, 1), (2, 2, 1, 1), (1, 2, 2, 1), (1, 1, 1, 1, 1)))
    net = drawn(rnd, widths, rnd.choice((es.relu, es.relu, es.leaky_relu("1/2"))))
    rows = samples_of(rnd, widths[0], rnd.randint(8, 12))
    if not is_off_walls(net, rows, True):
        return None
    patterns = [tuple(z > 0 for _, above in passed(net, row, True)[:-1] for z in above) for row in rows]
    equations = []
    for pattern in sorted(set(patterns)):
        inside = [F(int(own == pattern)) for own in patterns]
        equations.append(inside)
        equations += [[i * x for i, x in zip(inside, column, strict=True)] for column in columns(rows)]
    residuals = vanishing(rnd, equations, len(rows))
    return None if residuals is None else expecting(problem_with(net, rows, residuals, True), PROVED)


def chain(rnd: random.Random, zeros: int, layers: int, h: es.PiecewiseLinear) -> Net:
    """One unit a layer, no biases; `zeros` of the weights are 0, the others positive."""
    weights = [F(rnd.choice((1, 2, 3)), rnd.choice((1, 2))) for _ in range(layers)]
    for place in rnd.sample(range(layers), zeros):
        weights[place] = F(0)
    return Net(h, tuple(((w,),) for w in weights))


def saddle(order: int) -> Callable[[random.Random], Planted | None]:
    """A network of one unit a layer in which as many layers are 0 as the order says."""

    def plant(rnd: random.Random) -> Planted | None:
        h = rnd.choice((es.linear, es.relu, es.leaky_relu("1/2")))
        net = chain(rnd, order, rnd.randint(max(2, order), 4), h)
        rows = samples_of(rnd, 1, rnd.randint(2, 5))
        residuals = [F(rnd.randint(-6, 6), 2) for _ in rows]
        # Positive weights pass on h(x); the last one, if it is not 0, has the sign for which that helps.
        moment = sum((r * h(row[0]) for r, row in zip(residuals, rows, strict=True)), F(0))
        if moment > 0:
            net = Net(h, (*net.rows[:-1], ((-net.rows[-1][0][0],),)))
        return expecting(problem_with(net, rows, residuals, False), REFUTED, order) if moment else None

    return plant


def degenerate_minimum(rnd: random.Random) -> Planted | None:
    """The same with residuals that nothing which the network can learn correlates with: the Hessian is 0, or nearly all of it."""
    h = rnd.choice((es.linear, es.relu, es.leaky_relu("1/2")))
    layers = rnd.randint(2, 4)
    net = chain(rnd, rnd.randint(1, layers), layers, h)
    rows = samples_of(rnd, 1, rnd.randint(4, 6))
    equations = [[h(row[0]) for row in rows], [h(-row[0]) for row in rows]]
    residuals = vanishing(rnd, equations, len(rows))
    return None if residuals is None else expecting(problem_with(net, rows, residuals, False), PROVED)


def plateau(rnd: random.Random) -> Planted | None:
    """All hidden units are off on all samples, the output bias is the mean of the targets: a flat local minimum."""
    inputs, units = rnd.choice(SHAPES)
    net = drawn(rnd, (inputs, units, 1), es.relu)
    hidden = tuple((*row[:-1], F(-rnd.randint(20, 30))) for row in net.rows[0])
    net = Net(es.relu, (hidden, net.rows[1]))
    rows = samples_of(rnd, inputs, rnd.randint(4, 7))
    targets = [F(rnd.randint(-8, 8), 2) for _ in rows]
    mean = sum(targets, F(0)) / len(targets)
    residuals = [mean - y for y in targets]
    return expecting(problem_with(net, rows, residuals, True), PROVED) if any(residuals) else None


def brink(rnd: random.Random) -> Planted | None:
    """A plateau at its rim: one unit is off on all samples but touches one of them, on which it would help or not."""
    inputs, units = rnd.choice(SHAPES)
    net = drawn(rnd, (inputs, units, 1), es.relu)
    rows = samples_of(rnd, inputs, rnd.randint(4, 7))
    hidden = [(*row[:-1], F(-rnd.randint(20, 30))) for row in net.rows[0]]
    slopes = hidden[0][:-1]
    hidden[0] = (*slopes, -max(sum((w * x for w, x in zip(slopes, row, strict=True)), F(0)) for row in rows))
    net = Net(es.relu, (tuple(hidden), net.rows[1]))
    residuals = vanishing(rnd, [[F(1)] * len(rows)], len(rows))
    return None if residuals is None else problem_with(net, rows, residuals, True)


def near_miss(rnd: random.Random) -> Planted | None:
    """A planted local minimum with one target or one weight moved by 10⁻³⁰, so that it is none."""
    planted = rnd.choice((minimum_off_walls, minimum_on_walls, deep_minimum))(rnd)
    return None if planted is None else expecting(moved(planted, rnd), REFUTED)


def moved_along_the_valley(rnd: random.Random) -> Planted | None:
    """A planted local minimum whose first unit is rescaled by 1 + 10⁻³⁰: a local minimum still."""
    planted = rnd.choice((minimum_off_walls, minimum_on_walls))(rnd)
    if planted is None:
        return None
    theta, factor = planted.parameters, 1 + TINY
    w, b, v, c = (theta[name] for name in ("W1", "b1", "W2", "b2"))
    first = [[factor * a for a in w[0]], *w[1:]]
    named = {"W1": first, "b1": [factor * b[0], *b[1:]], "W2": [[v[0][0] / factor, *v[0][1:]]], "b2": c}
    return expecting(Planted(planted.problem, planted.problem.parameters(**named)), PROVED)


def expecting(planted: Planted, status: es.Status | None, order: int | None = None) -> Planted:
    """The same point with what is known of it."""
    return Planted(planted.problem, planted.parameters, status, order)


FAMILIES: dict[str, tuple[Callable[[random.Random], Planted | None], es.Status | None, int]] = {
    "minimum off walls": (minimum_off_walls, PROVED, 50),
    "minimum on walls": (minimum_on_walls, PROVED, 40),
    "minimum at a corner": (minimum_at_corner, PROVED, 35),
    "deep minimum": (deep_minimum, PROVED, 35),
    "degenerate minimum": (degenerate_minimum, PROVED, 35),
    "plateau": (plateau, PROVED, 20),
    "rim of a plateau, minimum": (brink, PROVED, 15),
    "1e-30 along the valley": (moved_along_the_valley, PROVED, 20),
    "1e-30 beside a minimum": (near_miss, REFUTED, 55),
    "fall behind a wall": (fall_behind_a_wall, REFUTED, 40),
    "fall in a narrow cone": (fall_in_a_narrow_cone, REFUTED, 20),
    "saddle of order 2": (saddle_of_order_2, REFUTED, 25),
    "saddle of order 2 at 0": (saddle(2), REFUTED, 15),
    "saddle of order 3": (saddle(3), REFUTED, 30),
    "saddle of order 4": (saddle(4), REFUTED, 20),
    "deep saddle": (deep_critical, REFUTED, 30),
    "rim of a plateau, no minimum": (brink, REFUTED, 15),
}
"""By name: how a point is made, which answers are kept, and how many."""
