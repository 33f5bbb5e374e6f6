"""The hinge loss of several classes: decisions, their certificates, and two classes against one output."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.effort import Effort
from exactsurf.minima.local.cell_programs import CellPrograms
from exactsurf.minima.local.directional import directional_derivative
from exactsurf.minima.local.risk_series import risk_series
from exactsurf.minima.rules.second_order import ProvedOnFan, decide_second_order
from exactsurf.model.point import Point
from tests import oracle
from tests.minima.class_hinge import as_one_output, plant_classes
from tests.soundness.float_network import lower_point_nearby

F = Fraction


def test_decisions_agree_with_a_search_for_lower_points() -> None:
    found: Counter[str] = Counter()
    for seed in range(250):
        problem, theta = plant_classes(random.Random(seed))
        verdict = es.decide(problem, theta, effort=Effort(fan=256))
        assert verdict.risk == oracle.risk(problem, theta)
        found[str(verdict.status)] += 1
        if verdict.status == es.Status.REFUTED:
            assert oracle.risk(problem, verdict.lower_point) < verdict.risk
        elif verdict.status == es.Status.PROVED:
            found[type(verdict.certificate.local_minimum).__name__] += 1
            if problem.right_outputs and found["PROVED"] % 4 == 0:
                assert lower_point_nearby(problem, theta, 0.01, seed) is None, seed
    assert found["Paths"] > 20 and found["UnitwiseVectors"] and found["REFUTED"] > 50 and found["UNDECIDED"] < 10


def test_two_classes_are_one_output() -> None:
    """f_1 − f_0 alone matters, so the point is a minimum exactly if the point of the one-output problem is."""
    seen: Counter[tuple[str, str]] = Counter()
    for seed in range(200):
        problem, theta = plant_classes(random.Random(seed), ([1, 1, 2], [2, 1, 2], [1, 2, 2]))
        single, point = as_one_output(problem, theta)
        assert problem.risk(theta) == single.risk(point)
        answers = str(es.decide(problem, theta).status), str(es.decide(single, point).status)
        seen[answers] += 1
        assert set(answers) != {"PROVED", "REFUTED"}, seed
    assert seen["PROVED", "PROVED"] > 10 and seen["REFUTED", "REFUTED"] > 50


def test_derivatives_along_random_directions() -> None:
    rnd = random.Random(4)
    for _ in range(150):
        problem, theta = plant_classes(rnd)
        direction = oracle.random_direction(problem, rnd, density=0.6)
        series = risk_series(Point(problem, theta), [direction], 4)
        assert directional_derivative(Point(problem, theta), direction) == series[1]
        steps = [F(n, 10**12) for n in (1, 2)]
        # For small steps the risk is the polynomial of the series, of degree at most 3 here.
        for t in steps:
            assert oracle.risk(problem, oracle.along(theta, direction, t)) == sum(c * t**n for n, c in enumerate(series))


@pytest.mark.parametrize("classes", [2, 3])
def test_a_sharp_minimum_of_a_linear_classifier(classes: int) -> None:
    """One sample of each class at the corner vectors, margins 1 by weight 1: risk 0; at weight 0 the risk falls."""
    corners = [[int(k == i) for k in range(classes)] for i in range(classes)]
    problem = es.Problem(es.Network([classes, classes], biases=False), es.Data.from_arrays(corners, corners), es.hinge)
    assert problem.risk(problem.parameters(W1=corners)) == 0
    assert es.decide(problem, problem.parameters(W1=corners)).status == es.Status.PROVED
    nothing = problem.parameters(W1=[[0] * classes] * classes)
    assert problem.risk(nothing) == classes * (classes - 1)
    assert es.decide(problem, nothing).status == es.Status.REFUTED


def test_a_sharp_minimum_behind_a_hidden_unit() -> None:
    """Classes 0, 1, 2 of one input, five, three and one times, with outputs 1, 0, −1: every kink is strictly inside."""
    corners = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    y = [corners[0]] * 5 + [corners[1]] * 3 + [corners[2]]
    problem = es.Problem(es.Network([1, 1, 3], biases=False), es.Data.from_arrays([1] * 9, y), es.hinge)
    theta = problem.parameters(W1=[[1]], W2=[[1], [0], [-1]])
    local = CellPrograms(Point(problem, theta))
    found = decide_second_order(local.point)
    # Rescaling the unit, and moving all outputs together, are all that leaves the risk as it is.
    assert isinstance(found, ProvedOnFan) and found.dimension == 2
    assert problem.risk(theta) == 11
    tiny = Fraction(1, 10**6)
    rnd = random.Random(0)
    for _ in range(200):
        moved = oracle.along(theta, oracle.random_direction(problem, rnd, density=0.7), tiny)
        first = (moved.weights[0][0][0], *(row[0] for row in moved.weights[1]))
        leads = [first[0] * (first[k] - first[k + 1]) for k in (1, 2)]
        assert (oracle.risk(problem, moved) > 11) == (leads != [1, 1])


def test_opposite_samples_make_a_sharp_minimum_of_positive_risk() -> None:
    """The same input in classes 0, 0, 1: with a bias alone the best lead of 0 over 1 is 1, and the others are 1 behind."""
    y = [[1, 0, 0], [1, 0, 0], [0, 1, 0]]
    problem = es.Problem(es.Network([1, 3]), es.Data.from_arrays([0, 0, 0], y), es.hinge)
    best = problem.parameters(W1=[[0], [0], [0]], b1=[1, 0, -1])
    assert problem.risk(best) == 2
    verdict = es.decide(problem, best)
    assert verdict.status == es.Status.PROVED
    assert es.decide(problem, problem.parameters(W1=[[0], [0], [0]], b1=["11/10", 0, -1])).status == es.Status.REFUTED


def test_subgradients() -> None:
    """Choices between the slopes of the terms are subgradients; the slopes in one output are one-sided derivatives."""
    rnd = random.Random(9)
    for _ in range(60):
        problem, theta = plant_classes(rnd)
        outputs = problem.forward(theta).outputs
        slopes, sides = problem.term_slopes(outputs), problem.subdifferentials(outputs)
        rows, here = oracle.predictions(problem, theta), problem.risk(theta)
        r = [[F(0)] * len(outputs) for _ in rows]
        for k, (low, high) in enumerate(slopes):
            for i in range(len(rows)):
                value = low[i] + (high[i] - low[i]) * F(rnd.randint(0, 3), 3)
                for output, sign in problem.term_outputs(i, k):
                    r[i][output] += sign * value
        moved = [[value + F(rnd.randint(-9, 9), 4) for value in row] for row in rows]
        change = sum((g * (b - a) for row in zip(r, rows, moved, strict=True) for g, a, b in zip(*row, strict=True)), F(0))
        assert _risk_of(problem, moved) >= here + change
        tiny = F(1, 10**9)
        for i, k in ((i, k) for i in range(len(rows)) for k in range(len(outputs))):
            for side, step in ((0, -tiny), (1, tiny)):
                bumped = [list(row) for row in rows]
                bumped[i][k] += step
                assert (_risk_of(problem, bumped) - here) / step == sides[k][side][i]


def _risk_of(problem: es.Problem, rows: list[list[Fraction]]) -> Fraction:
    """A linear network that reads the predictions themselves."""
    classes = len(rows[0])
    same = es.Problem(es.Network([classes, classes], biases=False), es.Data.from_arrays(rows, problem.data.y), problem.loss)
    identity = [[int(p == q) for q in range(classes)] for p in range(classes)]
    return oracle.risk(same, same.parameters(W1=identity))


def test_stationarity_senses_agree_with_the_decision() -> None:
    for seed in range(120):
        problem, theta = plant_classes(random.Random(seed), ([1, 2], [1, 1, 2], [1, 1, 3]))
        verdict = es.decide(problem, theta)
        senses = es.stationarity(problem, theta)
        if verdict.status == es.Status.PROVED:
            assert senses.directional.status != es.Status.REFUTED, seed
            assert senses.clarke.status != es.Status.REFUTED, seed


def test_the_polynomial_of_a_cell_is_the_risk() -> None:
    checked = 0
    for seed in range(80):
        rnd = random.Random(seed)
        problem, theta = plant_classes(rnd)
        theta = oracle.along(theta, oracle.random_direction(problem, rnd, density=1), F(1, 97))
        try:
            cell = problem.cell(theta)
            risk = cell.risk
        except (es.InputError, es.UnsupportedError):
            continue
        checked += 1
        assert risk(cell.coordinates(theta)) == oracle.risk(problem, theta)
        near = oracle.along(theta, oracle.random_direction(problem, rnd, density=1), F(1, 10**9))
        assert cell.has_polynomial_at(near) and risk(cell.coordinates(near)) == oracle.risk(problem, near)
    assert checked > 25


def test_targets_that_are_not_one_hot_are_refused() -> None:
    network = es.Network([1, 2])
    for y in ([[1, 1], [0, 1]], [[1, 0], [0, 0]], [[1, -1], [0, 1]], [["1/2", "1/2"], [0, 1]]):
        with pytest.raises(es.InputError, match="one-hot"):
            es.Problem(network, es.Data.from_arrays([0, 1], y), es.hinge)
