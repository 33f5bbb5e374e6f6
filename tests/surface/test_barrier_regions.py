"""Barriers with a tree of regions have the level of those with a cut, and the proved checker accepts them."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, islice

import pytest

import exactsurf as es
from exactsurf.effort import OutOfTime
from exactsurf.formal import Verdict, judge
from tests.surface.test_global_certificate import problem

CASES = [
    problem([0, 1, 2, 3], [0, 1, 0, 2], 1),
    problem([0, 1, 3, 4], [1, -1, 2, 0], 1, es.leaky_relu("1/3")),
    problem([-1, 1, 2], [1, 3, -2], 1, biases=[True, False]),
    problem([-1, 1, 2], [1, 3, -2], 2, biases=[False, True]),
    problem([0, 1, 2, 3], [0, 1, 0, 2], 2),
    problem([0, 1, 2, 4], [0, 3, -1, 2], 1, es.hard_tanh),
    problem([0, 1, 2, 3, 4, 5], [0, 3, -1, 2, 2, -3], 1, loss=es.absolute),
    problem([0, 1, 2, 3], [1, -1, 1, -1], 1, loss=es.hinge),
    problem([0, 1, 2, 3], [0, 1, 0, 2], 1, loss=es.huber("1/2")),
]


@pytest.mark.parametrize("instance", CASES, ids=repr)
def test_the_proved_checker_accepts_barriers(instance: es.Problem) -> None:
    land = es.landscape(instance)
    points = [valley.parameters for valley in land.valleys]
    for start, end in islice(combinations(points, 2), 4):
        proof = es.certify_barrier(land, start, end, formal=True)
        assert proof.level == es.certify_barrier(land, start, end).level
        if proof.kind == "barrier":
            assert judge(proof.encoded) is Verdict.ACCEPTED


def test_the_evidence_stays_small() -> None:
    """Leaves are as large as the risk allows: there are fewer of them than signed cells."""
    land = es.landscape(CASES[4])
    first, second = (valley.parameters for valley in land.valleys[:2])
    proof = es.certify_barrier(land, first, second, formal=True)
    assert len(proof.document()["evidence"]["nodes"]) < (2 * 8) ** 2 / 4


def test_whoever_asks_waits_no_longer_than_allowed() -> None:
    land = es.landscape(CASES[4])
    first, second = (valley.parameters for valley in land.valleys[:2])
    for formal in (True, False):
        with pytest.raises(OutOfTime, match="out of time"):
            es.certify_barrier(land, first, second, formal=formal, effort=Fraction(1, 10**6))
