"""The rule `low rank`: best fits of deep linear networks through a bottleneck."""

from __future__ import annotations

from fractions import Fraction

import exactsurf as es
from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.point import LOCAL_MINIMUM, Certificate
from exactsurf.certificate.verdict import Status
from exactsurf.effort import Effort
from exactsurf.minima.rules import low_rank
from exactsurf.minima.rules.rule import Proved
from exactsurf.model.point import Point

F = Fraction


def test_best_fits_through_a_bottleneck_are_proved() -> None:
    """Rank 1 between two inputs and two outputs: the kept direction is the strongest, exactly or with a tie."""
    identity = [[1, 0], [0, 1]]
    for second, status in ((1, Status.PROVED), (2, Status.PROVED), (F(2) + F(1, 10**30), Status.REFUTED)):
        for biases in (False, True):
            data = [*identity, [0, 0]] if not biases else [[1, 0], [-1, 0], [0, 1], [0, -1]]
            y = [[2 * a, second * b] for a, b in data]
            problem = es.Problem(es.Network([2, 1, 2], es.linear, biases=biases), es.Data.from_arrays(data, y))
            named = {"W1": [[4, 0]], "W2": [["1/2"], [0]], **({"b1": [6], "b2": [-3, 0]} if biases else {})}
            verdict = es.decide(problem, problem.parameters(**named))
            assert verdict.status is status, (second, biases)
            if status is Status.PROVED and verdict.certificate is not None:
                assert es.verify(verdict.certificate.encoded).kind == "local minimum"


def test_samples_that_leave_only_the_mean_to_be_fitted() -> None:
    """Two samples of one input miss by opposite amounts, the third none: what is centred is 0, and so is every best fit."""
    problem = es.Problem(es.Network([1, 1, 2]), es.Data.from_arrays([1, 2, 1], [[2, 0], [2, 1], [0, 2]]))
    theta = problem.parameters(W1=[[1]], b1=[0], W2=[[1], [0]], b2=[0, 1])
    answer = low_rank.ask(Point(problem, theta), Effort())
    assert isinstance(answer, Proved)
    assert confirmed(Certificate(LOCAL_MINIMUM, problem, theta, problem.risk(theta), local_minimum=answer.evidence))
