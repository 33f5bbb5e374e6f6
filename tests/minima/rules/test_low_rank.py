"""The rule `low rank`: best fits of deep linear networks through a bottleneck."""

from __future__ import annotations

from fractions import Fraction

import exactsurf as es
from exactsurf.certificate.verdict import Status

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
