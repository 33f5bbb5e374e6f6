"""Achour et al.: planted critical points of every class against the exact Hessian, in random bases of the hidden layers."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.papers import achour_2024
from tests import oracle

F = Fraction
THEOREM = achour_2024.second_order


def planted(source: random.Random) -> tuple[es.Problem, es.Parameters]:
    """Diagonal layers on X = I, Y diagonal: every coordinate is fitted or has two zero factors; hidden bases are sheared."""
    size, layers = source.choice([(2, 2), (2, 3), (2, 4), (3, 3)])
    values = source.sample([1, 2, 3, 5], size)
    identity = [[F(i == j) for j in range(size)] for i in range(size)]
    problem = es.Problem(
        es.Network([size] * (layers + 1), es.linear, biases=False),
        es.Data.from_arrays(identity, [[v * e for v, e in zip(values, row, strict=True)] for row in identity]),
    )
    weights = [[[F(0)] * size for _ in range(size)] for _ in range(layers)]
    for k, value in enumerate(values):
        if source.random() < 0.5:
            for layer in range(layers):
                weights[layer][k][k] = F(value if layer == 0 else 1)
        else:
            zero = set(source.sample(range(layers), 2)) | {layer for layer in range(layers) if source.random() < 0.4}
            for layer in range(layers):
                weights[layer][k][k] = F(layer not in zero)
    # Shear a hidden basis: row 0 += a row 1 below, and the inverse above.
    for layer in range(layers - 1):
        a = F(source.randint(-2, 2))
        weights[layer][0] = [p + a * q for p, q in zip(weights[layer][0], weights[layer][1], strict=True)]
        for row in weights[layer + 1]:
            row[1] -= a * row[0]
    return problem, problem.parameters(**{f"W{layer + 1}": rows for layer, rows in enumerate(weights)})


def test_the_class_is_that_of_the_exact_hessian() -> None:
    seen: Counter[str] = Counter()
    source = random.Random(12)
    for _ in range(60):
        problem, theta = planted(source)
        assert THEOREM.check(problem, theta).status is Status.PROVED
        verdict = THEOREM.conclusion(problem, theta)
        assert verdict.status is Status.PROVED, (theta, verdict)
        assert verdict.certificate is not None
        es.verify(verdict.certificate.encoded)
        if verdict.lower_point is not None:
            assert oracle.risk(problem, verdict.lower_point) < oracle.risk(problem, theta)
        seen[verdict.reason.split("; it is ")[1]] += 1
    assert min(seen[kind] for kind in ("a global minimum", "a strict saddle", "a saddle without negative eigenvalue")) >= 5


def test_bottlenecks() -> None:
    """X = I, Y = diag(2, 1), one hidden unit: the first singular vector is global, the second and 0 are strict saddles."""
    data = es.Data.from_arrays([[1, 0], [0, 1]], [[2, 0], [0, 1]])
    problem = es.Problem(es.Network([2, 1, 2], es.linear, biases=False), data)
    for w1, w2, kind in (([1, 0], [2, 0], "global"), ([0, 1], [0, 1], "strict"), ([0, 0], [0, 0], "strict")):
        theta = problem.parameters(W1=[w1], W2=[[v] for v in w2])
        assert kind in achour_2024.predicted_class(problem, theta)[0]
        assert THEOREM.conclusion(problem, theta).status is Status.PROVED


def test_points_that_are_not_critical_and_other_networks() -> None:
    data = es.Data.from_arrays([[1, 0], [0, 1]], [[2, 0], [0, 1]])
    problem = es.Problem(es.Network([2, 1, 2], es.linear, biases=False), data)
    assert "nothing is claimed" in THEOREM.conclusion(problem, problem.parameters(W1=[[1, 1]], W2=[[1], [0]])).reason
    other = es.Problem(es.Network([2, 1, 2], biases=False), data)
    assert THEOREM.conclusion(other, other.parameters(W1=[[1, 1]], W2=[[1], [0]])).status is Status.UNDECIDED
