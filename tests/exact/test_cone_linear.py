"""Least deviation over cones: the dual vector proves each minimum, and warm starts change nothing."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsurf.exact.cone_linear import ConeLinear, Deviation

entries = st.integers(-3, 3)


def check(table: ConeLinear, columns, target, up, down, free, cone: int, found: Deviation) -> None:
    """Primal and dual feasibility and equal values: weak duality alone makes this a proof of the minimum."""
    count = len(columns)
    f = [sum((a * c[i] for a, c in zip(found.free, free, strict=True)), Fraction(0)) for i in range(len(target))]
    for k, numerator in zip(found.support, found.numerators, strict=True):
        assert cone >> (k if numerator > 0 else k + count) & 1
        f = [a + Fraction(numerator, found.denominator) * b for a, b in zip(f, columns[k], strict=True)]
    reached = sum(max(u * (a - y), d * (y - a)) for a, y, u, d in zip(f, target, up, down, strict=True))
    rho = [Fraction(value, found.dual_denominator) for value in found.dual]
    assert all(-d <= r <= u for r, u, d in zip(rho, up, down, strict=True))
    for k, column in enumerate(columns):
        slope = sum(r * c for r, c in zip(rho, column, strict=True))
        assert slope >= 0 or not cone >> k & 1
        assert slope <= 0 or not cone >> (k + count) & 1
    assert all(sum(r * c for r, c in zip(rho, column, strict=True)) == 0 for column in free)
    assert reached == found.value == -sum(r * y for r, y in zip(rho, target, strict=True))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_the_dual_vector_proves_the_minimum(data: st.DataObject):
    size, count = data.draw(st.integers(1, 4)), data.draw(st.integers(0, 4))
    columns = [tuple(data.draw(entries) for _ in range(size)) for _ in range(count)]
    target, free = tuple(data.draw(entries) for _ in range(size)), [(1,) * size] if data.draw(st.booleans()) else []
    up, down = (tuple(data.draw(st.integers(0, 2)) for _ in range(size)) for _ in range(2))
    table = ConeLinear(columns, target, up, down, free)
    for cone in data.draw(st.lists(st.integers(0, 4**count - 1), min_size=1, max_size=4)):
        check(table, columns, target, up, down, free, cone, table.minimum(cone))


def test_warm_starts_change_nothing(monkeypatch: pytest.MonkeyPatch):
    rnd = random.Random(2)
    columns = [(1, 0, 2, 1), (0, 3, 1, 1), (1, 1, 1, 1), (2, -1, 0, 1)]
    arguments = columns, (3, -1, 2, 5), (1, 1, 2, 0), (1, 0, 1, 3), [(1, 1, 1, 1)]
    warm = ConeLinear(*arguments)
    for limit in (1000, 2):
        monkeypatch.setattr("exactsurf.exact.cone_linear._TABLE", limit)
        for _ in range(60):
            small, more = rnd.getrandbits(8), rnd.getrandbits(8)
            found = warm.minimum(small | more, warm.minimum(rnd.choice([small, small | more | rnd.getrandbits(8), more << 1])))
            check(warm, *arguments, small | more, found)
            assert found.value == ConeLinear(*arguments).minimum(small | more).value
