"""The rule `unitwise` on random problems in the plane, where s·F ≥ 0 can be decided on finitely many rays."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations, product
from typing import Any

import pytest

from exactsurf.verifier import Rejected, verify
from tests.verifier.examples import certificate, get
from tests.verifier.oracle import Document, assert_true
from tests.verifier.verdicts import encode, rejection

Vector = tuple[Fraction, ...]


def problem(rnd: random.Random) -> tuple[list[list[int]], list[Fraction], Fraction]:
    x = [[rnd.randint(-2, 2), rnd.randint(-2, 2)] for _ in range(rnd.randint(3, 5))]
    r = [Fraction(rnd.randint(-3, 3), rnd.randint(1, 2)) for _ in x]
    return [*x, [0, 0]], [*r, -sum(r)], Fraction(rnd.choice((-2, -1, 1, 3)), 2)


def local_form(x: list[list[int]], r: list[Fraction], s: int) -> tuple[Vector, dict[int, tuple[Vector, Fraction]]]:
    """s·g, and u and s·κ by the name of the hyperplane, for w = 0 and h = max(0, ·)."""
    g = tuple(s * sum(r_i * x_i[p] for x_i, r_i in zip(x, r, strict=True)) / 2 for p in (0, 1))
    planes: dict[int, tuple[Vector, Fraction]] = {}
    for i, (x_i, r_i) in enumerate(zip(x, r, strict=True)):
        if any(x_i):
            c = next(Fraction(v) for v in x_i if v)
            u = tuple(v / c for v in x_i)
            name = next((name for name, (other, _) in planes.items() if other == u), i)
            planes[name] = (u, planes.get(name, (u, Fraction(0)))[1] + s * r_i * abs(c) / 2)
    return g, planes


def is_minimum(x: list[list[int]], r: list[Fraction], s: int) -> bool:
    """Whether s·Σ r_i max(0, x_i·δ) ≥ 0 for all δ in the plane: on the rays of the arrangement and between them."""
    rays = [(a, b) for a in range(-3, 4) for b in range(-3, 4)]
    return all(s * sum(r_i * max(0, x_i[0] * a + x_i[1] * b) for x_i, r_i in zip(x, r, strict=True)) >= 0 for a, b in rays)


def combination(vectors: list[Vector], target: Vector) -> list[Fraction] | None:
    """λ ≥ 0 with Σ λ·vector = target: some two or fewer vectors are enough in the plane."""
    for size in (0, 1, 2):
        for chosen in combinations(range(len(vectors)), size):
            weights = [Fraction(0)] * len(vectors)
            if size == 2:
                (a, c), (b, d) = (vectors[i] for i in chosen)
                if not (det := a * d - b * c):
                    continue
                weights[chosen[0]] = (target[0] * d - target[1] * b) / det
                weights[chosen[1]] = (a * target[1] - c * target[0]) / det
            elif size == 1:
                v = vectors[chosen[0]]
                weights[chosen[0]] = target[0] / v[0] if v[0] else target[1] / v[1]
            total = tuple(sum((w * v[p] for w, v in zip(weights, vectors, strict=True)), Fraction(0)) for p in (0, 1))
            if min(weights, default=0) >= 0 and total == tuple(target):
                return weights
    return None


def full_tree(g: Vector, planes: dict[int, tuple[Vector, Fraction]]) -> list[Document] | None:
    """Split every hyperplane; None if some leaf has no evidence."""
    names = list(planes)
    nodes: list[Document] = [{} for _ in range(2 ** (len(names) + 1) - 1)]
    for depth, name in enumerate(names):
        for k in range(2**depth):
            index = 2**depth - 1 + k
            nodes[index] = {"split": name, "plus": 2 * index + 1, "minus": 2 * index + 2}
    for k, signs in enumerate(product((1, -1), repeat=len(names))):
        directed = [tuple(tau * v for v in planes[name][0]) for tau, name in zip(signs, names, strict=True)]
        bends = [planes[name][1] for name in names]
        target = tuple(g[p] + sum(b * d[p] for b, d in zip(bends, directed, strict=True)) for p in (0, 1))
        weights = combination(directed, target)
        closed = ((n, combination(directed, tuple(-v for v in d))) for n, d in zip(names, directed, strict=True))
        extra, found = next(((n, found) for n, found in closed if found is not None), (None, None))
        if found is not None:
            leaf = {"empty": [[n, str(Fraction(w) + (n == extra))] for n, w in zip(names, found, strict=True)]}
        elif weights is not None:
            mus = [tau * (w - b) for tau, w, b in zip(signs, weights, bends, strict=True)]
            leaf = {"multipliers": [[n, str(mu)] for n, mu in zip(names, mus, strict=True) if mu]}
        else:
            return None
        nodes[2 ** len(names) - 1 + k] = leaf
    return nodes


def build(x: list[list[int]], r: list[Fraction], v: Fraction, nodes: list[Document]) -> Document:
    return certificate(
        "local minimum",
        [2, 1, 1],
        x,
        [[-value] for value in r],
        {"W1": [[0, 0]], "W2": [[v]], "b2": [0]},
        {"local_minimum": {"rule": "unitwise", "units": [{"nodes": nodes}]}},
        biases=[False, True],
    )


def test_trees_exist_exactly_for_local_minima() -> None:
    rnd = random.Random(7)
    found = {True: 0, False: 0}
    empties = 0
    while found[True] < 60:
        x, r, v = problem(rnd)
        s = 1 if v > 0 else -1
        g, planes = local_form(x, r, s)
        nodes = full_tree(g, planes)
        truth = is_minimum(x, r, s)
        assert (nodes is not None) == truth
        found[truth] += 1
        if nodes is not None:
            document = build(x, r, v, nodes)
            verify(encode(document))
            empties += any("empty" in node for node in nodes)
            if found[True] % 6 == 0:
                assert_true(document)
    assert found[False] > 60
    assert empties > 10


def test_no_random_tree_proves_a_false_claim() -> None:
    """Trees of true claims are moved to false ones with the same hyperplanes."""
    rnd = random.Random(8)
    tried = 0
    while tried < 20:
        x, r, v = problem(rnd)
        s = 1 if v > 0 else -1
        nodes = full_tree(*local_form(x, r, s))
        if nodes is None:
            continue
        i, step = rnd.randrange(len(x) - 1), Fraction(rnd.choice((-4, -2, -1, 1)), 4)
        other = list(r)
        other[i] += step
        other[-1] -= step
        if is_minimum(x, other, s):
            continue
        tried += 1
        with pytest.raises(Rejected):
            verify(encode(build(x, other, v, nodes)))


def test_output_bias_and_output_weight() -> None:
    document = get("boundary")
    document["problem"]["data"]["y"][0] = ["0"]
    document["claim"]["risk"] = "9/2"
    assert "sum of all r_i" in str(rejection(document))
    document = get("boundary")
    document["problem"]["data"]["y"] = [["1"], ["-2"], ["1"], ["3"]]
    document["claim"]["risk"] = "3"
    document["problem"]["biases"] = [True, False]
    del document["parameters"]["b2"]
    assert "not 0 for unit 0" in str(rejection(document))


def test_the_rule_needs_one_hidden_layer_and_one_output() -> None:
    for name in ("deep", "linear"):
        document = get(name)
        document["evidence"]["local_minimum"] = {"rule": "unitwise", "units": []}
        assert "one hidden layer and one output" in str(rejection(document))


def test_units_with_output_weight_zero() -> None:
    document = get("dead_units")
    units = document["evidence"]["local_minimum"]["units"]
    units[1] = {"nodes": [{"multipliers": []}]}
    assert "must be empty" in str(rejection(document))
    document = get("boundary")
    document["parameters"]["W2"] = [["0"]]
    document["problem"]["data"]["y"] = [["1"], ["-2"], ["2"], ["-1"]]
    document["claim"]["risk"] = "5"
    document["evidence"]["local_minimum"]["units"] = [{"nodes": []}]
    assert "g or some κ" in str(rejection(document))


def test_number_of_units() -> None:
    document = get("boundary")
    units: list[Any] = document["evidence"]["local_minimum"]["units"]
    units.append(units[0])
    assert str(rejection(document)).startswith("evidence.local_minimum.units: expected 1 entries")
