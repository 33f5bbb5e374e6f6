"""The polar condition with weight decay against a search over directions."""

from __future__ import annotations

import random
from fractions import Fraction

import exactsurf as es
from exactsurf.certificate.claims.near_global_minimum import NearGlobalMinimum
from exactsurf.exact.linear_algebra import dot
from exactsurf.theorems.polar_condition import polar_certificate

F = Fraction


def test_what_passes_is_bounded_and_what_does_not_has_a_direction():
    rnd, passed = random.Random(2), 0
    for _ in range(40):
        data = es.Data.from_arrays([[rnd.randint(-2, 2), k + 1] for k in range(3)], [rnd.randint(-2, 2) for _ in range(3)])
        network = es.Network([2, 1, 1], biases=False)
        problem = es.Problem(network, data, weight_decay=rnd.randint(1, 9))
        theta = problem.parameters(W1=[[0, 0]], W2=[[0]])
        found, factor = polar_certificate(problem, theta), problem.decay.factor
        r = [-row[0] for row in data.y]
        grid = [(F(a), F(b)) for a in range(-9, 10) for b in range(-9, 10)]
        gains = [sum(e * max(dot(w, x), 0) for e, x in zip(r, data.x, strict=True)) for w in grid]
        over = any(gain**2 > factor**2 * dot(w, w) for gain, w in zip(gains, grid, strict=True))
        if isinstance(found, NearGlobalMinimum):
            passed += 1
            assert not over and es.verify(found.encoded).risk == found.bound == problem.risk(theta)
        else:
            assert "for some w" in found.reason
    assert 5 < passed < 35


def test_a_bound_below_the_risk_is_no_proof():
    problem = es.Problem(es.Network([1, 1, 1], biases=False), es.Data.from_arrays([1, -1], [2, 0]), weight_decay=1)
    found = polar_certificate(problem, problem.parameters(W1=[["3/2"]], W2=[[1]]))
    assert "only" in found.reason
