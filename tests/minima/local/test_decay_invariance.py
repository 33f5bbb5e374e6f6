"""Flows that leave a risk with weight decay as it is: moved for real, in exact numbers, and by finite differences."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.exact.linear_algebra import rank
from exactsurf.minima.local.decay_invariance import tangents_with_decay
from exactsurf.minima.local.invariance import invariance_tangents
from exactsurf.model.parameter_vector import parameters_of
from exactsurf.model.point import Point

F = Fraction


def random_point(source: random.Random, widths: list[int], **options: object) -> tuple[es.Problem, es.Parameters]:
    network = es.Network(widths, source.choice([es.relu, es.leaky_relu("1/2"), es.linear]), biases=source.random() < 0.7)
    data = es.Data.from_arrays(
        [source.randint(-1, 2) for _ in range(3)], [[source.randint(-2, 2) for _ in range(widths[-1])] for _ in range(3)]
    )
    problem = es.Problem(network, data, weight_decay="1/3", **options)  # type: ignore[arg-type]
    named = {
        name: [[F(source.randint(-2, 2)) for _ in range(shape[-1])] for _ in range(shape[0] if len(shape) == 2 else 1)]
        for name, shape in network.shapes.items()
    }
    return problem, problem.parameters(**{name: rows if name[0] == "W" else rows[0] for name, rows in named.items()})


@pytest.mark.parametrize("seed", range(40))
def test_the_risk_does_not_change_to_second_order(seed: int) -> None:
    """R(θ + t·tangent) − R(θ) = O(t²), and what R changes by to second order is what bends the flow back: for ± alike."""
    source = random.Random(seed)
    problem, theta = random_point(source, source.choice([[1, 2, 1], [1, 3, 2], [1, 2, 2, 1]]), decay_biases=seed % 3 == 0)
    point = Point(problem, theta)
    assert problem.decay is not None
    found = tangents_with_decay(point.undecayed, problem.decay)
    reach = F(1, 10**30)
    for tangent in found:
        direction = parameters_of(problem.network, tangent)
        ahead, behind = (problem.risk(theta.moved(direction, step)) for step in (reach, -reach))
        assert abs(ahead - behind) < reach * reach
        assert abs(ahead - problem.risk(theta)) < 10**6 * reach * reach
    # Predictions alone have these invariances, too.
    plain = invariance_tangents(point.undecayed)
    if found and plain:
        assert rank([*plain, *found]) == rank(plain)


@pytest.mark.parametrize("seed", range(20))
def test_rotations_are_exact(seed: int) -> None:
    """Turning two units by a rational angle leaves predictions and penalty as they are, as long as pieces stay."""
    source = random.Random(seed)
    widths = [2, 2, 2, 1]
    problem = es.Problem(
        es.Network(widths, es.linear), es.Data.from_arrays([[1, 2], [0, -1]], [1, 0]), weight_decay=1, decay_biases=seed % 2 == 0
    )
    named = {
        name: [[F(source.randint(-3, 3)) for _ in range(shape[-1])] for _ in range(shape[0] if len(shape) == 2 else 1)]
        for name, shape in problem.network.shapes.items()
    }
    c, s = F(3, 5), F(4, 5)
    (w, b), above = (named["W1"], named["b1"][0]), named["W2"]
    turned = {
        **named,
        "W1": [[c * p + s * q for p, q in zip(*w, strict=True)], [c * q - s * p for p, q in zip(*w, strict=True)]],
        "b1": [[c * b[0] + s * b[1], c * b[1] - s * b[0]]],
        "W2": [[c * row[0] + s * row[1], c * row[1] - s * row[0]] for row in above],
    }
    one, other = (
        problem.parameters(**{name: rows if name[0] == "W" else rows[0] for name, rows in values.items()})
        for values in (named, turned)
    )
    assert problem.risk(one) == problem.risk(other)
    assert es.decide(problem, one).status == es.decide(problem, other).status


def test_a_family_of_minima_that_turn_into_each_other() -> None:
    """x = 1, y = 5/4, λ = 1/4, three layers of length 1: r = −1/4 = −λ; the units of both hidden layers turn."""
    problem = es.Problem(es.Network([1, 2, 2, 1], biases=False), es.Data.from_arrays([1], ["5/4"]), weight_decay="1/4")
    theta = problem.parameters(W1=[["3/5"], ["4/5"]], W2=[["12/25", "16/25"], ["9/25", "12/25"]], W3=[["4/5", "3/5"]])
    verdict = es.decide(problem, theta)
    assert verdict.status is Status.PROVED
    assert (verdict.kind.strict, verdict.kind.isolated_modulo_invariance, verdict.kind.dimension) == (False, True, 2)
    other = problem.parameters(W1=[["4/5"], ["3/5"]], W2=[["12/25", "9/25"], ["16/25", "12/25"]], W3=[["3/5", "4/5"]])
    assert problem.risk(other) == problem.risk(theta)


def test_biases_that_are_not_penalised_shift() -> None:
    data = es.Data.from_arrays([0, 1, 2], [2, 0, 1])
    named = {"W1": [[0], [0]], "b1": [1, -1], "W2": [[0, 0], [0, 0]], "b2": [-1, -2], "W3": [[0, 0]], "b3": [1]}
    problem = es.Problem(es.Network([1, 2, 2, 1]), data, weight_decay=10)
    verdict = es.decide(problem, problem.parameters(**named))
    assert verdict.status is Status.PROVED
    assert verdict.kind.dimension == 4
    # Penalised biases that are not 0 are pulled.
    pulled = es.Problem(es.Network([1, 2, 2, 1]), data, weight_decay=10, decay_biases=True)
    assert es.decide(pulled, pulled.parameters(**named)).status is Status.REFUTED


def test_classes_share_a_bias() -> None:
    problem = es.Problem(es.Network([1, 2, 3]), es.Data.from_arrays([1, 1, 1], [0, 1, 2]), "cross_entropy", weight_decay=10)
    verdict = es.decide(problem, problem.parameters(W1=[[0], [0]], b1=[1, -1], W2=[[0, 0]] * 3, b2=[1, 1, 1]))
    assert verdict.status is Status.PROVED
    assert verdict.kind.dimension == 3
