"""Random small points: stationary points are minima exactly where no unit escapes."""

from __future__ import annotations

import random

import exactsurf as es
from exactsurf.papers.wu_2025 import local_minima
from exactsurf.theorems.outcome import Outcome
from tests.sweep import draws

SWEEP = draws(60)


def test_stationary_points_of_landscapes_with_a_silent_unit() -> None:
    """Minima of one unit, beside a second unit with output weight 0 at a random place."""
    source, seen = random.Random(2), set()
    for _ in range(SWEEP):
        data = es.Data.from_arrays(source.sample(range(-3, 4), 3), [source.randint(-2, 2) for _ in range(3)])
        land = es.landscape(es.Problem(es.Network([1, 1, 1]), data), workers=1)
        one = source.choice(land.local_minima).parameters
        wide = es.Problem(es.Network([1, 2, 1]), data)
        theta = wide.parameters(
            W1=[*one.weights[0], [source.randint(-1, 1)]],
            b1=[*one.biases[0], source.randint(-3, 3)],
            W2=[[*one.weights[1][0], 0]],
            b2=one.biases[1],
        )
        report = local_minima.examine(wide, theta)
        assert report.outcome in (Outcome.CONFIRMED, Outcome.HOLDS_NEVERTHELESS, Outcome.FAILS_WITHOUT)
        seen.add((report.status, "no" not in report.conclusion.reason.split()[0] and report.conclusion.reason[0] != "0"))
    assert len(seen) >= 2
