"""The six numbers never rise, and differ on one network; Σ C(m, i) regions of generic shallow networks."""

from __future__ import annotations

import random

import exactsurf as es
from exactsurf.papers.stargalla_2025 import six_counts
from exactsurf.theorems.outcome import Outcome
from tests.cells.inputs.functions_by_hand import random_parameters
from tests.cells.inputs.test_linear_regions import SIX, SIX_POINT
from tests.sweep import draws

SWEEP = draws(40)


def test_random_instances_confirm_the_order() -> None:
    source = random.Random(1)
    for _ in range(SWEEP):
        network = es.Network(source.choice([[1, 3, 1], [2, 3, 1], [2, 2, 2, 1]]))
        problem = es.Problem(network, es.Data.from_arrays([[0] * network.widths[0]], [[0]]))
        report = six_counts.examine(problem, random_parameters(network, source, source.choice([1, 2, 9])))
        assert report.outcome is Outcome.CONFIRMED
        es.verify(report.conclusion.certificate.encoded)


def test_no_two_are_equal() -> None:
    problem = es.Problem(SIX, es.Data.from_arrays([[0, 0]], [0]))
    told = six_counts.conclusion(problem, SIX_POINT).reason
    assert told == "the numbers of regions: 38 activation, 22 proper, 18 convex, 17 open, 16 closed, 13 affine"
