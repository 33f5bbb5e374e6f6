"""Supports that floats propose: they are those of the exact method, and what is decided with them does not depend on them."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from exactsurf.exact.cone_least_squares import ConeLeastSquares
from exactsurf.exact.floats.cone_support import ConeSupports
from tests.surface.brute_force import nearest_by_supports


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_minima_with_proposals_are_those_of_the_best_support(data: st.DataObject):
    # Small numbers, so that columns depend on each other, repeat, and lie on the target.
    size, count = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 5))
    entries = st.integers(-2, 2)
    columns = [c for _ in range(count) if any(c := tuple(data.draw(entries) for _ in range(size)))] or [(1,) * size]
    target = tuple(data.draw(entries) for _ in range(size))
    table = ConeLeastSquares(columns, target)
    table.propose()
    start = None
    for _ in range(4):
        cone = data.draw(st.integers(0, (1 << 2 * len(columns)) - 1))
        start = table.minimum(cone, start)
        n = len(columns)
        free = [k for k in range(n) if cone >> k & 1 and cone >> (k + n) & 1]
        signed = [columns[k] for k in range(n) if cone >> k & 1 and k not in free]
        signed += [tuple(-v for v in columns[k]) for k in range(n) if cone >> (k + n) & 1 and k not in free]
        assert start.value == nearest_by_supports(signed, target, [columns[k] for k in free])
        assert not start.signed & ~cone and not cone & ~start.allowed


def test_proposals_are_the_supports_of_the_exact_method():
    rnd = random.Random(1)
    columns = [tuple(rnd.randint(-99, 99) for _ in range(8)) for _ in range(30)]
    target = tuple(rnd.randint(-99, 99) for _ in range(8))
    metric = tuple(rnd.randint(1, 5) for _ in range(8))
    exact, floats = ConeLeastSquares(columns, target, metric), ConeSupports(columns, target, metric)
    for _ in range(60):
        cone = rnd.getrandbits(60) & rnd.getrandbits(60) & rnd.getrandbits(60)
        fit = exact.minimum(cone)
        assert fit.value, "the nearest point is that of one support"
        # A start from elsewhere, some of it outside of the cone, changes nothing.
        start = sorted(rnd.sample(range(30), 5))
        assert floats.support(cone, ()) == floats.support(cone, start) == fit.support


def test_what_is_beyond_floats_is_not_proposed():
    big = 10**200
    assert ConeSupports([(big, 1)], (1, 1)).support(0b11, ()) is None
    table = ConeLeastSquares([(big, 1), (1, big)], (1, 1))
    table.propose()
    assert table.minimum(0b0011).value == 0
    assert ConeSupports([], (1, 1)).support(0, ()) is None
