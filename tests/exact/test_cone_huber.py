"""Least Huber deviation over cones: the derivative at the fit proves each minimum, and warm starts change nothing."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsurf.exact.cone_huber import ConeHuber
from exactsurf.exact.cone_least_squares import ConeLeastSquares
from exactsurf.exact.cone_linear import ConeLinear, Deviation

entries = st.integers(-3, 3)


def check(columns, target, delta: int, free, cone: int, found: Deviation) -> None:
    """Primal and dual feasibility and equal values, from the definitions of Huber's loss and of its conjugate."""
    count = len(columns)
    f = [sum((a * c[i] for a, c in zip(found.free, free, strict=True)), Fraction(0)) for i in range(len(target))]
    for k, numerator in zip(found.support, found.numerators, strict=True):
        assert cone >> (k if numerator > 0 else k + count) & 1
        f = [a + Fraction(numerator, found.denominator) * b for a, b in zip(f, columns[k], strict=True)]
    gaps = [abs(a - y) for a, y in zip(f, target, strict=True)]
    reached = sum(u * u / 2 if u <= delta else delta * u - Fraction(delta * delta, 2) for u in gaps)
    rho = [Fraction(value, found.dual_denominator) for value in found.dual]
    assert rho == [max(-delta, min(delta, a - y)) for a, y in zip(f, target, strict=True)]
    for k, column in enumerate(columns):
        slope = sum(r * c for r, c in zip(rho, column, strict=True))
        assert (slope >= 0) == bool(found.allowed >> k & 1)
        assert slope >= 0 or not cone >> k & 1
        assert slope <= 0 or not cone >> (k + count) & 1
    assert all(sum(r * c for r, c in zip(rho, column, strict=True)) == 0 for column in free)
    assert reached == found.value == -sum(r * y + r * r / 2 for r, y in zip(rho, target, strict=True))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_the_derivative_proves_the_minimum(data: st.DataObject):
    size, count = data.draw(st.integers(1, 4)), data.draw(st.integers(0, 4))
    columns = [tuple(data.draw(entries) for _ in range(size)) for _ in range(count)]
    target = tuple(data.draw(st.integers(-9, 9)) for _ in range(size))
    free = [(1,) * size] if data.draw(st.booleans()) else []
    delta = data.draw(st.integers(1, 5))
    table = ConeHuber(columns, target, delta, free)
    for cone in data.draw(st.lists(st.integers(0, 4**count - 1), min_size=1, max_size=4)):
        check(columns, target, delta, free, cone, table.minimum(cone))


def test_warm_starts_change_nothing(monkeypatch: pytest.MonkeyPatch):
    rnd = random.Random(2)
    columns = [(1, 0, 2, 1), (0, 3, 1, 1), (1, 1, 1, 1), (2, -1, 0, 1)]
    arguments = columns, (30, -1, 2, 5), 2, [(1, 1, 1, 1)]
    warm = ConeHuber(*arguments)
    for limit in (1000, 2):
        monkeypatch.setattr("exactsurf.exact.cone_huber._TABLE", limit)
        for _ in range(60):
            small, more = rnd.getrandbits(8), rnd.getrandbits(8)
            found = warm.minimum(small | more, warm.minimum(rnd.choice([small, small | more | rnd.getrandbits(8), more << 1])))
            check(*arguments, small | more, found)
            cold = ConeHuber(*arguments).minimum(small | more)
            assert [r * cold.dual_denominator for r in found.dual] == [r * found.dual_denominator for r in cold.dual]


def test_between_least_squares_and_least_deviation():
    rnd = random.Random(5)
    for _ in range(30):
        columns = [tuple(rnd.randint(-3, 3) or 1 for _ in range(4)) for _ in range(3)]
        target, cone = tuple(rnd.randint(-5, 5) for _ in range(4)), rnd.getrandbits(6)
        wide = ConeHuber(columns, target, 10**6).minimum(cone)
        assert wide.value == ConeLeastSquares(columns, target).minimum(cone).value / 2
        # With δ = 1 against targets k·y, Huber's loss differs from the absolute one by at most ½ a sample.
        k = 10**6
        large = ConeHuber(columns, [k * y for y in target], 1).minimum(cone).value
        least = k * ConeLinear(columns, target, [1] * 4, [1] * 4).minimum(cone).value
        assert least - 2 <= large <= least
