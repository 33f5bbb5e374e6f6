"""Fits of signed cells by their walls: the minimum is that of the fit by generators, and no wall is crossed."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.minima.floats import signed_cell_fit
from exactsurf.minima.floats.held_walls import minimiser_on_walls
from exactsurf.minima.floats.signed_cell_fit import fit_signed_cell
from exactsurf.minima.not_proved import NotProved


@pytest.mark.parametrize("activation", [es.relu, es.leaky_relu("1/7"), es.absolute_value], ids=repr)
@pytest.mark.parametrize("seed", range(6))
def test_the_risk_is_that_of_the_fit_by_generators(monkeypatch, activation, seed):
    source = random.Random(seed)
    inputs, units, samples = source.choice([(1, 2, 6), (2, 2, 7), (2, 1, 5), (3, 2, 6)])
    biases = [source.random() < 0.7, source.random() < 0.7]
    network = es.Network([inputs, units, 1], activation, biases=biases)
    x = [[source.randint(-4, 4) for _ in range(inputs)] for _ in range(samples)]
    problem = es.Problem(network, es.Data.from_arrays(x, [source.randint(-5, 5) for _ in x]))

    def entries(*shape):
        return [[Fraction(source.randint(-99, 99) * 2 + 1, 100) for _ in range(shape[1])] for _ in range(shape[0])]

    named = {"W1": entries(units, inputs), "W2": entries(1, units)}
    named |= {f"b{k + 1}": entries(1, (units, 1)[k])[0] for k in range(2) if biases[k]}
    theta = problem.parameters(**named)
    expected = fit_signed_cell(problem, theta)
    monkeypatch.setattr(signed_cell_fit, "_GENERATORS", 0)
    found = fit_signed_cell(problem, theta)
    assert not isinstance(expected, NotProved) and not isinstance(found, NotProved)
    assert problem.risk(found) == problem.risk(expected)
    for before, after in zip(problem.forward(theta).pre_activations[0], problem.forward(found).pre_activations[0], strict=True):
        assert all(a * b >= 0 for a, b in zip(before.fractions(), after.fractions(), strict=True))


def test_a_start_on_walls_and_dependent_rows():
    one, zero = Fraction(1), Fraction(0)
    rows, walls = [(one, one), (one, one)], [(one, zero), (zero, one), (one, one)]
    effort = es.Effort().started()
    q = minimiser_on_walls(rows, (Fraction(3), Fraction(5)), walls, (zero, one), effort)
    assert q is not None and sum(q) == 4 and min(q) >= 0
    assert minimiser_on_walls(rows, (-one, -one), walls, (one, one), effort) == (0, 0)


def test_many_walls_are_no_obstacle():
    # Extreme rays of the cone of a unit: millions. The minimiser lies on some walls, which makes it no rational of few digits.
    source = random.Random(3)
    x = [[source.randint(-9, 9) for _ in range(8)] for _ in range(60)]
    y = [max(0, sum(row[:4])) - max(0, sum(row[4:])) + source.randint(-1, 1) for row in x]
    problem = es.Problem(es.Network([8, 2, 1]), es.Data.from_arrays(x, y))
    found = es.polish(
        problem, W1=[[1.02] * 4 + [0.01] * 4, [-0.02] * 4 + [0.97] * 4], b1=[0.05, 0.03], W2=[[1.0, -1.0]], b2=[0.1]
    )
    assert found.verdict.status == "PROVED" and found.method == "signed cell"
    es.verify(found.verdict.certificate)


def test_out_of_time():
    source = random.Random(4)
    x = [[source.randint(-9, 9) for _ in range(8)] for _ in range(60)]
    problem = es.Problem(es.Network([8, 2, 1]), es.Data.from_arrays(x, [row[0] for row in x]))
    theta = problem.parameters(W1=[[1] * 8, [2] * 8], b1=[1, 1], W2=[[1, -1]], b2=[0])
    with pytest.raises(es.OutOfTime):
        fit_signed_cell(problem, theta, es.Effort(seconds="1/1000000000").started())


@pytest.mark.parametrize("size", [10**160, 10**400])
def test_numbers_beyond_doubles_propose_nothing(size):
    line = [(Fraction(size), Fraction(0)), (Fraction(0), Fraction(1))]
    found = minimiser_on_walls(line, (Fraction(-size), Fraction(2)), line, (Fraction(1), Fraction(1)), es.Effort().started())
    assert found is None or all(value >= 0 for value in found)
    assert size < 10**308 or found is None
