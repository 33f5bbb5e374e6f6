"""Laurent and von Brecht's scenarios: balanced classes for linear networks; the description for ReLU against the landscape."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import HypothesisError, UnsupportedError
from exactsurf.papers.laurent_2018 import classify_hinge_minimum, construct_dead, leaky_separable, linear_hinge, relu_separable
from exactsurf.theorems.data_conditions import separable
from exactsurf.theorems.outcome import Outcome
from tests import oracle
from tests.sweep import draws

F = Fraction


def hinge_problem(source: random.Random, network: es.Network, weights: bool = True) -> es.Problem:
    """Two to four samples with small integers and labels ±1."""
    size = source.randint(2, 4)
    x = [[source.randint(-3, 3) for _ in range(network.widths[0])] for _ in range(size)]
    y = [source.choice([-1, 1]) for _ in x]
    return es.Problem(
        network, es.Data.from_arrays(x, y, weights=[source.choice([1, 1, 2, 3]) for _ in x] if weights else None), "hinge"
    )


def point(source: random.Random, problem: es.Problem) -> es.Parameters:
    """Small integers; first biases often far below 0, output biases often 0 or ±1."""
    shapes = {name: shape if len(shape) == 2 else (1, *shape) for name, shape in problem.network.shapes.items()}
    drawn = {name: [[source.randint(-2, 2) for _ in range(s[1])] for _ in range(s[0])] for name, s in shapes.items()}
    if source.random() < 0.6:
        drawn["b1"] = [[source.randint(-9, -4) for _ in drawn["b1"][0]]]
    if source.random() < 0.7:
        drawn[f"b{problem.network.layers}"] = [[source.choice([-1, 0, 0, 1])]]
    return problem.parameters(**{name: rows if name.startswith("W") else rows[0] for name, rows in drawn.items()})


def test_the_description_against_the_landscape_and_decide() -> None:
    source, found = random.Random(5), Counter()
    while found["problems"] < draws(40):
        network = es.Network([source.choice([1, 1, 2]), source.choice([1, 2]), 1])
        problem = hinge_problem(source, network)
        if not separable(problem)[0]:
            continue
        found["problems"] += 1
        for minimum in es.landscape(problem, workers=1).local_minima:
            kind = classify_hinge_minimum(problem, minimum.parameters)
            assert kind.is_minimum is not False, (problem, minimum.parameters, kind)
            found["listed", kind.kind] += 1
        for _ in range(15):
            theta = point(source, problem)
            kind, verdict = classify_hinge_minimum(problem, theta), es.decide(problem, theta)
            assert (kind.is_minimum, verdict.status) not in ((True, Status.REFUTED), (False, Status.PROVED)), (problem, theta)
            if kind.kind == "flat":
                assert verdict.risk == sum(problem.shares[i] for i in kind.misfitted)
            found[kind.kind] += 1
    assert all(found[kind] for kind in ("global", "flat", "sharp", "none"))


def test_the_row_is_confirmed_and_its_certificates_are_accepted() -> None:
    source, found = random.Random(8), Counter()
    while found[Outcome.CONFIRMED] < 25:
        problem = hinge_problem(source, es.Network([1, 2, 1]))
        if separable(problem)[0]:
            report = relu_separable.examine(problem, point(source, problem))
            found[report.outcome] += 1
            if report.conclusion.certificate is not None:
                es.verify(report.conclusion.certificate.encoded)
    assert set(found) <= {Outcome.CONFIRMED, Outcome.APPLIES}


def test_the_description_is_about_its_setting_only() -> None:
    data = es.Data.from_arrays([-1, 1], [-1, 1])
    for problem in (
        es.Problem(es.Network([1, 1, 1], es.leaky_relu("1/2")), data, "hinge"),
        es.Problem(es.Network([1, 1, 1]), data),
        es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([-1, 0, 1], [1, -1, 1]), "hinge"),
        es.Problem(es.Network([1, 1, 1], biases=False), data, "hinge"),
    ):
        shapes = problem.network.shapes.items()
        zero = problem.parameters(**{name: [0] * s[0] if len(s) == 1 else [[0] * s[1]] * s[0] for name, s in shapes})
        with pytest.raises(UnsupportedError, match="description"):
            classify_hinge_minimum(problem, zero)


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_flat_minima_persist_at_depth(depth: int) -> None:
    data = es.Data.from_arrays([-2, -1, 1], [-1, -1, 1])
    network = es.Network([1, *[2] * depth, 1])
    with pytest.raises(HypothesisError, match="balanced"):
        construct_dead(es.Problem(network, data, es.hinge.mean))
    problem = es.Problem(network, data, es.hinge.mean, class_weight="balanced")
    theta, verdict = construct_dead(problem)
    assert verdict.status is Status.PROVED and oracle.risk(problem, theta) == verdict.risk
    assert oracle.risk(problem, verdict.lower_point) == 0
    assert es.verify(verdict.certificate.encoded).kind == "spurious local minimum"
    for k in range(20):
        near = theta.moved(oracle.random_direction(problem, random.Random(k)), F(1, 1000))
        assert problem.rational_risk(near) >= verdict.risk


def test_linear_networks_need_classes_of_equal_weight() -> None:
    (example,) = linear_hinge.sharpness()
    equal = es.Problem(example.problem.network, example.problem.data, es.hinge.mean, class_weight="balanced")
    report = linear_hinge.examine(equal, example.parameters)
    assert report.outcome is Outcome.SAYS_NOTHING or report.outcome is Outcome.DOES_NOT_APPLY
    assert es.decide(equal, example.parameters).status is Status.REFUTED
    leaky = es.Problem(es.Network([2, 1, 1], es.leaky_relu("1/2")), example.problem.data, es.hinge.mean)
    assert leaky_separable.check(leaky, example.parameters).failing == ("balanced",)


def test_linear_networks_with_balanced_classes_are_never_refuted() -> None:
    """Separable or not, one or two hidden layers, widths 1 and 2; points with zero products among them."""
    source, found = random.Random(2), Counter()
    for _ in range(draws(200)):
        hidden = source.choice([[1], [2], [1, 1], [2, 1]])
        problem = hinge_problem(source, es.Network([source.choice([1, 2]), *hidden, 1], es.linear), weights=False)
        if len(set(problem.data.y)) == 1:
            continue
        problem = es.Problem(problem.network, problem.data, "hinge", class_weight="balanced")
        report = linear_hinge.examine(problem, point(source, problem))
        found[report.outcome] += 1
        assert report.outcome is not Outcome.CONTRADICTED
    assert found[Outcome.CONFIRMED]
