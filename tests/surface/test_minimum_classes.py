"""Quotient spaces of local minima: dimensions against the rank of the derivative, numbers against the landscape."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.cells.activation_pattern import activation_pattern
from exactsurf.certificate.verdict import Status
from exactsurf.papers.christof_2023 import continuum_dimension
from exactsurf.papers.he_2020 import equivalence_classes, quotient_in_cell, quotient_of_surface
from exactsurf.theorems.outcome import Outcome
from tests import oracle

F = Fraction


def instances(count: int, seed: int) -> list[tuple[es.Problem, es.Parameters]]:
    """Small networks with a random point of integers, in an open cell."""
    source, found = random.Random(seed), []
    while len(found) < count:
        inputs, units, size = source.choice([1, 2]), source.choice([1, 2, 3]), source.randint(2, 5)
        activation = source.choice([es.relu, es.leaky_relu("1/2"), es.hard_tanh, es.absolute_value])
        network = es.Network([inputs, units, 1], activation, biases=source.choice([True, False]))
        x = [[source.randint(-3, 3) for _ in range(inputs)] for _ in range(size)]
        problem = es.Problem(network, es.Data.from_arrays(x, [source.randint(-3, 3) for _ in range(size)]))
        shape = {name: s if len(s) == 2 else (1, *s) for name, s in network.shapes.items()}
        named = {name: [[source.randint(-6, 6) for _ in range(s[1])] for _ in range(s[0])] for name, s in shape.items()}
        point = problem.parameters(**{k: v if k.startswith("W") else v[0] for k, v in named.items()})
        if activation_pattern(problem, point).is_interior:
            found.append((problem, point))
    return found


def test_every_open_cell_is_decided() -> None:
    outcomes: Counter[Outcome] = Counter()
    compared = 0
    for problem, point in instances(60, 1):
        report = equivalence_classes.examine(problem, point)
        outcomes[report.outcome] += 1
        space = quotient_in_cell(problem, problem.cell(point))
        if report.outcome is Outcome.SAYS_NOTHING:
            assert not space.classes
            continue
        assert es.verify(report.conclusion.certificate.encoded).risk == report.conclusion.risk == space.risks[0]
        assert len(space.risks) == 1 and space.number == len(space.classes)
        fits = [problem.forward(one.parameters).outputs[0] for one in space.classes]
        assert len({tuple(fit[i] for i in range(len(fit))) for fit in fits}) == 1
        for one in space.classes:
            if all(all(signs) for signs in one.signs):
                assert one.parameter_dimension == continuum_dimension(problem, one.parameters)
                compared += 1
    assert set(outcomes) == {Outcome.CONFIRMED, Outcome.SAYS_NOTHING} and compared > 15


def test_no_point_of_the_cell_is_lower_where_it_has_a_class() -> None:
    source = random.Random(3)
    for problem, point in instances(12, 2):
        cell = problem.cell(point)
        for one in quotient_in_cell(problem, cell).classes:
            assert cell.contains(one.parameters) and oracle.risk(problem, one.parameters) == one.risk
            for _ in range(20):
                other = point.moved(one.parameters, F(source.randint(-2, 2), 7))
                if cell.contains(other):
                    assert oracle.risk(problem, other) >= one.risk


def test_the_surface_is_counted_as_the_landscape_counts() -> None:
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    land = es.landscape(problem, workers=1)
    space = quotient_of_surface(land)
    assert space.number == sum(one.multiplicity for one in land.local_minima) and space.is_complete
    assert space.risks[0] == land.global_minimum.risk
    assert sum(one.multiplicity for one in space.classes if one.is_valley) >= len(land.valleys)
    for one in space.classes:
        assert es.decide(problem, one.parameters).status is Status.PROVED
    with pytest.raises(es.InputError, match="landscape"):
        quotient_of_surface(problem)  # type: ignore[arg-type]


def test_two_points_are_still_compared() -> None:
    (example,) = (one for one in equivalence_classes.sharpness() if one.hypothesis == "loss")
    assert equivalence_classes.conclusion(example.problem, example.parameters).status is Status.UNDECIDED
    verdict = equivalence_classes.conclusion(example.problem, example.parameters, other=example.other)
    assert verdict.status is Status.REFUTED


def test_inputs_that_are_all_zero_are_undecided() -> None:
    problem = es.Problem(es.Network([1, 1, 1], es.linear, biases=False), es.Data.from_arrays([0, 0, 0], [0, 0, 0]))
    verdict = equivalence_classes.conclusion(problem, problem.parameters(W1=[[0]], W2=[[0]]))
    assert verdict.status is Status.UNDECIDED and verdict.reason
