"""The risk along curves as a series: the numbers that the verifier finds, whose code is another."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.certificate.problem_document import parameters_document, problem_document
from exactsurf.exact.balls import from_arb, working_precision
from exactsurf.minima.local.coordinate_vector import dimension
from exactsurf.minima.smooth.enclosed_point import EnclosedPoint
from exactsurf.minima.smooth.one_sided_series import order_of_fall, risk_changes
from exactsurf.model.parameter_vector import parameters_of
from exactsurf.verifier.arithmetic.document import Field
from exactsurf.verifier.arithmetic.interval import Interval
from exactsurf.verifier.network import read_parameters
from exactsurf.verifier.rules.smooth import one_sided_curve
from exactsurf.verifier.smooth_problem import read_smooth_problem

F = Fraction


@pytest.mark.parametrize("loss", ["squared", "absolute", "hinge", "cross_entropy"])
@pytest.mark.parametrize("decay", [None, "1/3"])
def test_two_programs_find_the_same_numbers(loss: str, decay: str | None) -> None:
    labels = [[1, 0], [0, 1], [0, 1]] if loss in ("hinge", "cross_entropy") else [[0, 1], [-1, "1/2"], [2, 0]]
    data = es.Data.from_arrays([1, -1, 2], labels)
    network = es.Network([1, 2, 2], es.selu(2, "1/2"), biases=[True, False])
    problem = es.Problem(network, data, loss, weight_decay=decay) if decay else es.Problem(network, data, loss)
    read = read_smooth_problem(Field(problem_document(problem, general=True), "problem"), None, version=2, every_loss=True)
    compared = 0
    for seed in range(12):
        source = random.Random(seed)
        vectors = [[F(source.choice((0, 0, 1, -1, *[2] * n))) for _ in range(dimension(network))] for n in range(3)]
        point, order = EnclosedPoint(problem, parameters_of(network, vectors[0])), 2
        with working_precision(96):
            found = risk_changes(point, vectors[1:], order)
        terms = [parameters_document(parameters_of(network, vector)) for vector in vectors]
        theirs = [read_parameters(Field(term, "terms"), read.widths, read.biases) for term in terms]
        try:
            others = one_sided_curve.risk_changes(read, theirs, order, 96)
        except ValueError:
            assert not found
            continue
        assert len(found) == order
        for mine, other in zip(found, others, strict=True):
            compared += 1
            assert isinstance(mine, Fraction) is not isinstance(other, Interval)
            if isinstance(other, Interval):
                ball = from_arb(mine)
                assert ball is not None
                assert F(other.low, 1 << 96) <= ball.upper and ball.lower <= F(other.high, 1 << 96) and ball.radius < F(1, 10**15)
            else:
                assert mine == other
    assert compared >= 8


def test_the_order_is_that_of_the_first_coefficient_that_is_not_0() -> None:
    problem = es.Problem(es.Network([1, 1, 1, 1], "elu", biases=False), es.Data.from_arrays([1], [1]))
    point = EnclosedPoint(problem, problem.parameters(W1=[[0]], W2=[[0]], W3=[[0]]))
    along = [F(1), F(-1), F(-1)]
    assert order_of_fall(point, [along], 4) == 3 and order_of_fall(point, [along], 2) is None
    assert order_of_fall(point, [[F(0)] * 3, along], 6) == 6
    assert order_of_fall(point, [[F(1), F(1), F(-1)]], 4) is None
