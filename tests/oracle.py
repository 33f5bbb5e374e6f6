"""An independent, slow and simple reading of problems: nested loops over Fractions.

It reads the fields of problems and parameters and shares no computation with exactsurf: no forward pass, no loss, no
linear algebra.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from exactsurf import Activation, Parameters, Problem
from exactsurf.model.parameter_vector import vector_of

Vector = tuple[Fraction, ...]


def activate(h: Activation, z: Fraction) -> Fraction:
    """h(z) = h(0) + ∫₀ᶻ h′, piece by piece."""
    low, high = min(Fraction(0), z), max(Fraction(0), z)
    edges = [min(low, *h.breakpoints, low), *h.breakpoints, max(high, *h.breakpoints, high)]
    integral = Fraction(0)
    for slope, left, right in zip(h.slopes, edges[:-1], edges[1:], strict=True):
        integral += slope * max(Fraction(0), min(high, right) - max(low, left))
    return h.value_at_0 + (integral if z > 0 else -integral)


def slope_right(h: Activation, z: Fraction) -> Fraction:
    """The slope of h just right of z."""
    return h.slopes[sum(1 for t in h.breakpoints if t <= z)]


def slope_left(h: Activation, z: Fraction) -> Fraction:
    """The slope of h just left of z."""
    return h.slopes[sum(1 for t in h.breakpoints if t < z)]


def pre_activations(problem: Problem, theta: Parameters, x: Sequence[Fraction]) -> list[list[Fraction]]:
    """z of every layer for one sample; the last entry is the prediction."""
    layers = []
    below = list(x)
    for layer, (matrix, bias) in enumerate(zip(theta.weights, theta.biases, strict=True), start=1):
        z = []
        for j, row in enumerate(matrix):
            total = bias[j] if bias is not None else Fraction(0)
            for weight, value in zip(row, below, strict=True):
                total += weight * value
            z.append(total)
        layers.append(z)
        if layer < len(theta.weights):
            below = [activate(problem.network.activation, value) for value in z]
    return layers


def predictions(problem: Problem, theta: Parameters) -> list[list[Fraction]]:
    return [pre_activations(problem, theta, x)[-1] for x in problem.data.x]


def loss(problem: Problem, f: Fraction, y: Fraction) -> Fraction:
    """ℓ(f, y) without scale."""
    kind, u = problem.loss.name, f - y
    if kind == "squared":
        return u * u
    if kind == "absolute":
        return u if u > 0 else -u
    if kind == "huber":
        delta = problem.loss.delta
        assert delta is not None
        size = abs(u)
        return u * u / 2 if size <= delta else delta * (size - delta / 2)
    assert kind == "hinge"
    margin = y * f
    return 1 - margin if margin < 1 else Fraction(0)


def scale(problem: Problem) -> Fraction:
    return problem.loss.scale / (len(problem.data.x) if problem.loss.averaged else 1)


def risk(problem: Problem, theta: Parameters) -> Fraction:
    total = Fraction(0)
    for f, y in zip(predictions(problem, theta), problem.data.y, strict=True):
        if problem.loss.name == "hinge" and len(y) > 1:
            # Laurent and von Brecht's form: the right class adds 1, which is taken off.
            right = f[y.index(Fraction(1))]
            total += sum((max(Fraction(0), 1 + a - right) for a in f), Fraction(-1))
            continue
        for a, b in zip(f, y, strict=True):
            total += loss(problem, a, b)
    return scale(problem) * total


def loss_slope(problem: Problem, f: Fraction, y: Fraction) -> Fraction:
    """The derivative of the scaled loss in f, by one-sided differences; fails where the two sides differ."""
    tiny = Fraction(1, 10**60)
    if problem.loss.name in ("squared", "huber"):
        # A central difference is exact for a parabola, and Huber's two branches agree to first order.
        left, right = (loss(problem, f + s * tiny, y) - loss(problem, f, y) for s in (-1, 1))
        slope = (right - left) / (2 * tiny)
        if problem.loss.name == "huber" and abs(f - y) == problem.loss.delta:
            slope = f - y
        return scale(problem) * slope
    left, right = ((loss(problem, f + s * tiny, y) - loss(problem, f, y)) / (s * tiny) for s in (-1, 1))
    assert left == right, "the loss has a kink here"
    return scale(problem) * left


def along(theta: Parameters, direction: Parameters, t: Fraction | int) -> Parameters:
    """θ + t·direction."""
    weights = tuple(
        tuple(tuple(a + t * b for a, b in zip(p, q, strict=True)) for p, q in zip(P, Q, strict=True))
        for P, Q in zip(theta.weights, direction.weights, strict=True)
    )
    biases = tuple(
        None if p is None or q is None else tuple(a + t * b for a, b in zip(p, q, strict=True))
        for p, q in zip(theta.biases, direction.biases, strict=True)
    )
    return Parameters(weights, biases)


def one_sided_derivative(
    problem: Problem, theta: Parameters, direction: Parameters, reach: Fraction = Fraction(1, 10**40)
) -> Fraction:
    """lim (L(θ + t·direction) − L(θ))/t for t ↓ 0.

    For small t the risk is one polynomial of t. It is found by interpolation where no entry moves by more than
    `reach`, and must then also explain the values at two further points, else `reach` is too long.
    """
    degree = problem.network.layers * (2 if problem.loss.name in ("squared", "huber") else 1)
    reach /= max([1, *map(abs, vector_of(direction))])
    nodes = [reach * k / degree for k in range(degree + 1)]
    coefficients = polynomial(nodes, [risk(problem, along(theta, direction, t)) for t in nodes])
    for t in (reach / 97, reach * Fraction(9, 10)):
        value = sum((c * t**k for k, c in enumerate(coefficients)), Fraction(0))
        assert value == risk(problem, along(theta, direction, t)), "the reach is too long"
    return coefficients[1]


def polynomial(nodes: Sequence[Fraction], values: Sequence[Fraction]) -> list[Fraction]:
    """The coefficients of the polynomial through these points (Newton's divided differences)."""
    divided = list(values)
    for level in range(1, len(nodes)):
        for i in range(len(nodes) - 1, level - 1, -1):
            divided[i] = (divided[i] - divided[i - 1]) / (nodes[i] - nodes[i - level])
    coefficients = [Fraction(0)] * len(nodes)
    for i in range(len(nodes) - 1, -1, -1):
        shifted = [Fraction(0), *coefficients[:-1]]
        coefficients = [s - nodes[i] * c for s, c in zip(shifted, coefficients, strict=True)]
        coefficients[0] += divided[i]
    return coefficients


def random_direction(problem: Problem, rnd: random.Random, density: float = 1.0) -> Parameters:
    """Small integers, some of them zero."""

    def number() -> Fraction:
        return Fraction(rnd.randint(-5, 5) if rnd.random() < density else 0)

    weights, biases = [], []
    for layer in range(1, problem.network.layers + 1):
        rows, columns = problem.network.shapes[f"W{layer}"]
        weights.append(tuple(tuple(number() for _ in range(columns)) for _ in range(rows)))
        has_bias = problem.network.biases[layer - 1]
        biases.append(tuple(number() for _ in range(rows)) if has_bias else None)
    return Parameters(tuple(weights), tuple(biases))


def is_lower_nearby(problem: Problem, theta: Parameters, scales: Sequence[Fraction], tries: int = 12, seed: int = 0) -> bool:
    """Whether some of many points nearby, exactly evaluated, has a lower risk than θ."""
    rnd, here = random.Random(seed), risk(problem, theta)
    for size in scales:
        for attempt in range(tries):
            first = random_direction(problem, rnd, density=(0.15, 0.4, 1.0)[attempt % 3])
            point = along(theta, first, size)
            if attempt % 2:
                # A curve: a second motion of another order of magnitude finds descents of second order.
                point = along(point, random_direction(problem, rnd, density=0.3), size**2)
            if risk(problem, point) < here:
                return True
    return False


# Theorem A of theory.md decided by the rays of every unit's local arrangement: no multipliers, no trees.


def echelon(rows: Sequence[Sequence[Fraction]]) -> tuple[list[list[Fraction]], list[int]]:
    """The reduced row echelon form and its pivot columns."""
    table, pivots = [list(row) for row in rows], []
    for column in range(len(table[0]) if table else 0):
        row = next((i for i in range(len(pivots), len(table)) if table[i][column]), None)
        if row is None:
            continue
        top = len(pivots)
        table[top], table[row] = table[row], table[top]
        table[top] = [value / table[top][column] for value in table[top]]
        for i in range(len(table)):
            if i != top and table[i][column]:
                factor = table[i][column]
                table[i] = [a - factor * b for a, b in zip(table[i], table[top], strict=True)]
        pivots.append(column)
    return table[: len(pivots)], pivots


def kernel(rows: Sequence[Sequence[Fraction]], size: int) -> list[Vector]:
    """A basis of {x : rows·x = 0}."""
    reduced, pivots = echelon(rows)
    basis = []
    for free in range(size):
        if free in pivots:
            continue
        vector = [Fraction(0)] * size
        vector[free] = Fraction(1)
        for row, pivot in zip(reduced, pivots, strict=True):
            vector[pivot] = -row[free]
        basis.append(tuple(vector))
    return basis


def rays(normals: Sequence[Vector], size: int) -> Iterator[Vector]:
    """Directions such that every closed cell of the central arrangement is generated by some of them."""
    lineality = kernel(normals, size)
    directions = list(lineality)
    rank = size - len(lineality)
    for chosen in combinations(normals, max(rank - 1, 0)):
        lines = kernel([*chosen, *lineality], size)
        if rank and len(lines) == 1:
            directions += lines
    for direction in directions:
        yield direction
        yield tuple(-value for value in direction)


def is_local_minimum(problem: Problem, theta: Parameters) -> bool:
    """Theorem A: one hidden layer, one output, a loss that is differentiable at the predictions."""
    assert problem.network.layers == 2 and problem.network.widths[-1] == 1
    h, has_bias = problem.network.activation, problem.network.biases[0]
    x, y = problem.data.x, problem.data.y
    r = [loss_slope(problem, f[0], t[0]) for f, t in zip(predictions(problem, theta), y, strict=True)]
    if problem.network.biases[1] and sum(r) != 0:
        return False
    extended = [(*row, Fraction(1)) if has_bias else row for row in x]
    for j, row in enumerate(theta.weights[0]):
        bias = theta.biases[0]
        w = (*row, bias[j]) if bias is not None else row
        v = theta.weights[1][0][j]

        def phi(point: Sequence[Fraction]) -> Fraction:
            return sum((r_i * activate(h, _dot(point, xi)) for r_i, xi in zip(r, extended, strict=True)), Fraction(0))

        if phi(w) != 0:
            return False
        walls = [xi for xi in extended if any(xi) and _dot(w, xi) in h.breakpoints]
        for delta in rays(walls, len(w)):
            step = Fraction(1)
            for xi in extended:
                motion = abs(_dot(delta, xi))
                for t in h.breakpoints:
                    gap = abs(_dot(w, xi) - t)
                    if motion and gap:
                        step = min(step, gap / motion / 2)
            change = phi([a + step * b for a, b in zip(w, delta, strict=True)])
            if v == 0 and change != 0 or v * change < 0:
                return False
    return True


def _dot(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    return sum((p * q for p, q in zip(a, b, strict=True)), Fraction(0))
