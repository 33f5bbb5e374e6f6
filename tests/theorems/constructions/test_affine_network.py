"""Networks that compute an affine map, and that map plus a hinge, inside chosen pieces of any activation."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.errors import HypothesisError
from exactsurf.theorems.constructions.affine_network import Hinge, affine_parameters, find_anchor
from tests import oracle
from tests.papers.datasets import ACTIVATIONS, TWO_OUTPUTS, XOR, A, D

F = Fraction
HIDDEN = [[3], [3, 2], [4, 3, 2], [3, 2, 2, 2]]


def random_map(rnd: random.Random, data: es.Data) -> tuple[tuple[tuple[Fraction, ...], ...], tuple[Fraction, ...]]:
    d, outputs = data.inputs.columns, data.targets.columns
    matrix = tuple(tuple(F(rnd.randint(-9, 9), rnd.randint(1, 4)) for _ in range(d)) for _ in range(outputs))
    return matrix, tuple(F(rnd.randint(-9, 9), 2) for _ in range(outputs))


def image(matrix: tuple[tuple[Fraction, ...], ...], constants: tuple[Fraction, ...], x: tuple[Fraction, ...]) -> list[Fraction]:
    return [sum((a * b for a, b in zip(row, x, strict=True)), c) for row, c in zip(matrix, constants, strict=True)]


def pieces(problem: es.Problem, theta: es.Parameters) -> list[list[set[int]]]:
    """For every unit the pieces it visits; −1 stands for a breakpoint."""
    points = problem.network.activation.breakpoints
    layers: list[list[set[int]]] = [[set() for _ in range(width)] for width in problem.network.widths[1:-1]]
    for x in problem.data.x:
        for visited, layer in zip(layers, oracle.pre_activations(problem, theta, x)[:-1], strict=True):
            for seen, z in zip(visited, layer, strict=True):
                seen.add(-1 if z in points else sum(1 for t in points if t < z))
    return layers


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=repr)
@pytest.mark.parametrize("hidden", HIDDEN, ids=str)
def test_affine_maps(activation: es.Activation, hidden: list[int]) -> None:
    rnd, anchor = random.Random(4), find_anchor(activation)
    assert anchor is not None
    for data in (A, XOR, TWO_OUTPUTS):
        network = es.Network([data.inputs.columns, *hidden, data.targets.columns], activation)
        problem = es.Problem(network, data)
        for scale in (F(1), F(10**20), F(1, 10**20), F(0)):
            matrix, constants = random_map(rnd, data)
            matrix = tuple(tuple(scale * v for v in row) for row in matrix)
            theta = affine_parameters(problem, anchor, matrix, constants)
            for x, f in zip(data.x, oracle.predictions(problem, theta), strict=True):
                assert f == image(matrix, constants, x)
            for layer in pieces(problem, theta):
                assert all(len(seen) == 1 and -1 not in seen for seen in layer), "a unit leaves its piece"


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=repr)
@pytest.mark.parametrize("hidden", HIDDEN, ids=str)
def test_affine_maps_with_a_hinge(activation: es.Activation, hidden: list[int]) -> None:
    rnd, anchor = random.Random(6), find_anchor(activation)
    assert anchor is not None
    for data in (A, XOR, TWO_OUTPUTS):
        network = es.Network([data.inputs.columns, *hidden, data.targets.columns], activation)
        problem = es.Problem(network, data)
        for _ in range(3):
            matrix, constants = random_map(rnd, data)
            normal = tuple(F(rnd.randint(-3, 3), rnd.randint(1, 2)) for _ in range(data.inputs.columns))
            hinge = Hinge(rnd.randrange(data.targets.columns), normal, F(rnd.randint(-3, 3), 2), F(rnd.randint(-5, 5), 3))
            theta = affine_parameters(problem, anchor, matrix, constants, hinge)
            for x, f in zip(data.x, oracle.predictions(problem, theta), strict=True):
                expected = image(matrix, constants, x)
                q = sum((a * b for a, b in zip(normal, x, strict=True)), -hinge.offset)
                expected[hinge.output] += hinge.weight * abs(q)
                assert f == expected


@pytest.mark.parametrize(
    ("data", "normal", "offset", "risk", "lower"),
    [
        (XOR, (1, 2), 1, F(1, 2), F(5, 12)),
        (XOR, (2, -1), 0, F(1, 2), F(5, 12)),
        (D, (1, 3), 2, F(3), F(21, 8)),
        (D, (-1, 3), 4, F(3), F(21, 8)),
        (A, (1,), 2, F(3, 4), F(2, 3)),
    ],
)
@pytest.mark.parametrize("activation", ACTIVATIONS, ids=repr)
def test_worked_hinges(
    data: es.Data, normal: tuple[int, ...], offset: int, risk: Fraction, lower: Fraction, activation: es.Activation
) -> None:
    """papers.md, section 1, examples A, B and D: the risks of the ML2 points."""
    problem = es.Problem(es.Network([data.inputs.columns, 2, 1], activation), data)
    fit = data.affine_fit
    r = [f - y for f, (y,) in zip(fit.predictions[0].fractions(), data.y, strict=True)]
    q = [sum((a * b for a, b in zip(normal, x, strict=True)), F(-offset)) for x in data.x]
    S, Q = sum(a * abs(b) for a, b in zip(r, q, strict=True)), sum(b * b for b in q)
    anchor = find_anchor(activation)
    assert anchor is not None
    hinge = Hinge(0, tuple(map(F, normal)), F(offset), -S / Q)
    flat = affine_parameters(problem, anchor, fit.slopes, fit.constants)
    bent = affine_parameters(problem, anchor, fit.slopes, fit.constants, hinge)
    assert oracle.risk(problem, flat) == problem.risk(flat) == risk
    assert oracle.risk(problem, bent) == problem.risk(bent) == lower == risk - S * S / (2 * Q)


def test_anchors() -> None:
    """An unbounded right side comes first; the slope on the chosen side is never zero."""
    right = find_anchor(es.relu)
    assert right is not None and (right.point, right.side, right.slope, right.room, right.clearance) == (
        0,
        1,
        1,
        None,
        None,
    )
    mirrored = find_anchor(es.relu_like(0, -1))
    assert mirrored is not None and (mirrored.side, mirrored.slope, mirrored.room) == (-1, -1, None)
    boxed = find_anchor(es.hard_tanh)
    assert boxed is not None and boxed.room == 2 and boxed.slope == 1
    six = find_anchor(es.relu6)
    assert six is not None and (six.point, six.side, six.room, six.clearance) == (0, 1, 6, 6)
    assert find_anchor(es.linear) is None
    for h in ACTIVATIONS:
        anchor = find_anchor(h)
        assert anchor is not None and anchor.slope != 0 and anchor.left != anchor.right
        assert anchor.value == oracle.activate(h, anchor.point) and anchor.point in h.breakpoints
        assert (anchor.left, anchor.right) == (oracle.slope_left(h, anchor.point), oracle.slope_right(h, anchor.point))


def test_room() -> None:
    anchor = find_anchor(es.relu)
    assert anchor is not None
    hinge = Hinge(0, (F(1),), F(0), F(1))
    problem = es.Problem(es.Network([1, 1, 1]), A)
    affine_parameters(problem, anchor, ((F(1),),), (F(0),))
    with pytest.raises(HypothesisError, match="2 are needed"):
        affine_parameters(problem, anchor, ((F(1),),), (F(0),), hinge)
