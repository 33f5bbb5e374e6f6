"""Directions to infinity against linear programs in floats, and against what they say of separation."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

from exactsurf.surface.levels.recession import NO_RECESSION, balanced_recession, find_recession

F = Fraction


@pytest.mark.parametrize("seed", range(30))
def test_as_many_samples_vanish_as_a_linear_program_says(seed: int):
    optimize = pytest.importorskip("scipy.optimize")
    rnd = random.Random(seed)
    count, rays, has_bias = rnd.randint(1, 6), rnd.randint(0, 4), rnd.random() < 0.5
    ends = [rnd.choice([-1, 1, 1, -1, 0]) for _ in range(count)]
    features = {bit: tuple(F(rnd.randint(-2, 2), rnd.randint(1, 3)) for _ in range(count)) for bit in range(rays)}
    found = find_recession(features, ends, has_bias)
    # Greatest Σ min(gap, 1) over the cone: the samples whose gap can be positive, one by one.
    expected = set()
    columns = [[float(v) for v in feature] for feature in features.values()] + [[1.0] * count] * has_bias
    table = np.array(columns).reshape(len(columns), count).T
    bounds = [(0, 1)] * rays + [(-1, 1)] * has_bias
    fixed = [i for i in range(count) if not ends[i]]
    for i in range(count):
        if not ends[i] or not columns:
            continue
        best = optimize.linprog(
            -ends[i] * table[i],
            A_ub=-np.array(ends)[:, None] * table,
            b_ub=np.zeros(count),
            A_eq=table[fixed] if fixed else None,
            b_eq=np.zeros(len(fixed)) if fixed else None,
            bounds=bounds,
        )
        if best.fun < -1e-7:
            expected.add(i)
    assert found.samples == expected
    among = frozenset(i for i in range(count) if ends[i] and (i in expected or rnd.random() < 0.5))
    assert find_recession(features, ends, has_bias, among).samples == expected
    gaps = [found.bias + sum((a * features[bit][i] for bit, a in found.shares.items()), F(0)) for i in range(count)]
    assert all(a > 0 for a in found.shares.values()) and (has_bias or not found.bias)
    assert [i for i in range(count) if gaps[i]] == sorted(found.samples)
    assert all(gaps[i] * ends[i] > 0 for i in found.samples)
    even = balanced_recession(features, ends, has_bias, found)
    gaps = [even.bias + sum((a * features[bit][i] for bit, a in even.shares.items()), F(0)) for i in range(count)]
    assert even.samples == found.samples == {i for i in range(count) if gaps[i]}
    assert all(gaps[i] * ends[i] > 0 for i in found.samples)


def test_nothing_vanishes_where_nothing_can():
    assert find_recession({0: (F(1), F(2))}, [0, 0], True) is NO_RECESSION
    assert find_recession({}, [1, -1], True) is NO_RECESSION
    assert sorted(find_recession({}, [1, 1], True).samples) == [0, 1]
