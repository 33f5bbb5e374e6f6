"""The rule `direction`: points where the gradient is not 0 are refuted along it."""

from __future__ import annotations

import random
from collections import Counter

import exactsurf as es
from exactsurf.certificate.verdict import Status
from tests import oracle
from tests.minima.checked_decision import TINY, check
from tests.minima.planted import ACTIVATIONS


def test_deep_networks_and_many_outputs_are_refuted_by_the_gradient() -> None:
    rnd, seen = random.Random(11), Counter[Status]()
    for _ in range(60):
        widths = [rnd.randint(1, 2), *[rnd.randint(1, 3) for _ in range(rnd.randint(1, 3))], rnd.randint(1, 2)]
        network = es.Network(widths, rnd.choice(ACTIVATIONS), biases=[rnd.random() < 0.7 for _ in widths[1:]])
        n = rnd.randint(1, 5)
        data = es.Data.from_arrays(
            [[rnd.randint(-2, 2) for _ in range(widths[0])] for _ in range(n)],
            [[rnd.randint(-2, 2) for _ in range(widths[-1])] for _ in range(n)],
        )
        problem = es.Problem(network, data, rnd.choice([es.squared, es.absolute, es.huber(1).mean]))
        theta = oracle.random_direction(problem, rnd, density=0.6)
        seen[check(problem, theta, TINY).status] += 1
    assert seen[Status.REFUTED] >= 30, seen
