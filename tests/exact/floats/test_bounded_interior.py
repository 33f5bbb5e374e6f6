"""The interior-point method against SciPy's linear programs."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

from exactsurf.effort import UNBOUNDED
from exactsurf.exact.floats.bounded_interior import find_interior

optimize = pytest.importorskip("scipy.optimize")


@pytest.mark.parametrize("seed", range(30))
def test_feasibility_is_that_of_scipy(seed: int):
    rnd = random.Random(seed)
    size, count = rnd.randint(2, 12), rnd.randint(4, 20)
    columns = [[rnd.randint(-4, 4) for _ in range(size)] for _ in range(count)]
    ends = [rnd.choice([(0, None), (-1, 1), (None, 2), (1, 1), (-3, 0)]) for _ in range(count)]
    right = [rnd.randint(-6, 6) for _ in range(size)]
    lower, upper = ([None if end is None else Fraction(end) for end in own] for own in zip(*ends, strict=True))
    found = find_interior(columns, right, lower, upper, UNBOUNDED)
    peer = optimize.linprog(np.zeros(count), A_eq=np.array(columns).T, b_eq=right, bounds=ends, method="highs")
    assert found is not None and found.is_met == (peer.status == 0)
    if found.is_met:
        assert np.allclose(np.array(columns).T @ np.array(found.point, float), right, atol=1e-4)
        for value, low, high in zip(found.point, lower, upper, strict=True):
            assert (low is None or value >= low) and (high is None or value <= high)
