"""The best last layer, and steps that never raise the risk."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.minima.local.coordinate_vector import dimension
from exactsurf.model.parameter_vector import parameters_of
from exactsurf.surface.bounds.output_fit import improved, with_best_outputs
from exactsurf.surface.bounds.term_fits import TermFits
from exactsurf.surface.bounds.unit_rays import UnitRays


@pytest.mark.parametrize("loss", ["squared", "absolute", "huber(1/2)"])
def test_no_change_of_the_last_layer_is_better(loss: str) -> None:
    source = random.Random(loss)
    network = es.Network([1, 2, 2])
    rows = [[source.randint(-2, 2), source.randint(-2, 2)] for _ in range(4)]
    problem = es.Problem(network, es.Data.from_arrays([0, 1, 2, 4], rows), loss)
    fits, rays = TermFits(problem), UnitRays(problem)
    for _ in range(6):
        theta = parameters_of(network, tuple(Fraction(source.randint(-4, 4)) for _ in range(dimension(network))))
        risk, best = with_best_outputs(fits, theta)
        assert risk == problem.risk(best) <= problem.risk(theta)
        for change in (Fraction(1, 100), Fraction(-1, 100)):
            for k in range(2):
                for j in range(2):
                    moved = [list(row) for row in best.weights[1]]
                    moved[k][j] += change
                    there = es.Parameters((best.weights[0], tuple(map(tuple, moved))), best.biases)
                    assert problem.risk(there) >= risk
        better, point = improved(fits, rays, theta)
        assert better == problem.risk(point) <= risk


def test_units_that_are_constant_are_counted_once() -> None:
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([1, 1, 0], [0, 2, 1]))
    theta = problem.parameters(W1=[[0]], b1=[1], W2=[[0]], b2=[0])
    risk, best = with_best_outputs(TermFits(problem), theta)
    assert risk == problem.risk(best) == 1
