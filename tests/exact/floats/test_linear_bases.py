"""Bases that floats propose: least ones where numbers are small, none where numbers are beyond doubles."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsurf.exact.cone_linear import ConeLinear
from exactsurf.exact.floats.linear_bases import LinearBases

entries = st.integers(-3, 3)


def drawn(rnd: random.Random, size: int, count: int) -> tuple:
    columns = [tuple(rnd.randint(-9, 9) for _ in range(size)) for _ in range(count)]
    target = tuple(rnd.randint(-9, 9) for _ in range(size))
    up, down = (tuple(rnd.randint(0, 3) for _ in range(size)) for _ in range(2))
    return columns, target, up, down, [(1,) * size]


def test_chains_of_smaller_cones_have_exact_minima_without_exact_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    rnd = random.Random(3)
    for _ in range(10):
        arguments = drawn(rnd, 8, 20)
        plain, proposed = ConeLinear(*arguments), ConeLinear(*arguments)
        proposed.propose()
        cone, start = (1 << 40) - 1, None
        steps = []
        vertex = ConeLinear._vertex
        while cone:
            with monkeypatch.context() as patch:
                patch.setattr(ConeLinear, "_vertex", lambda self, basis, v=vertex, s=steps: s.append(basis) or v(self, basis))
                start = proposed.minimum(cone, start)
            assert start.value == plain.minimum(cone).value
            assert not start.signed & ~cone and not cone & ~start.allowed
            cone &= rnd.getrandbits(40) | rnd.getrandbits(40)
        # One basis a cone is looked at: the proposals are optimal.
        assert len(steps) <= len(proposed._minima) + 1


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_is_proposed_the_minimum_is_the_same(data: st.DataObject) -> None:
    size, count = data.draw(st.integers(1, 4)), data.draw(st.integers(0, 5))
    columns = [tuple(data.draw(entries) for _ in range(size)) for _ in range(count)]
    target, free = tuple(data.draw(entries) for _ in range(size)), [(1,) * size] if data.draw(st.booleans()) else []
    up, down = (tuple(data.draw(st.integers(0, 2)) for _ in range(size)) for _ in range(2))
    plain, proposed = (ConeLinear(columns, target, up, down, free) for _ in range(2))
    proposed.propose()
    start = None
    for cone in data.draw(st.lists(st.integers(0, 4**count - 1), min_size=1, max_size=5)):
        start = proposed.minimum(cone, start)
        assert start.value == plain.minimum(cone).value
        assert not start.signed & ~cone and not cone & ~start.allowed


@pytest.mark.parametrize("wrong", [None, (0, 1), (0, 0), (2, 5), (4, 5)])
def test_false_proposals_change_nothing(wrong: tuple[int, ...] | None, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = [(1, 2), (2, 4)], (3, -1), (1, 1), (1, 1)
    plain, proposed = ConeLinear(*arguments), ConeLinear(*arguments)
    proposed.propose()
    monkeypatch.setattr(LinearBases, "basis", lambda *_: wrong)
    for cone in range(16):
        assert proposed.minimum(cone).value == plain.minimum(cone).value


def test_a_basis_is_the_best_of_all() -> None:
    rnd = random.Random(5)
    from itertools import combinations

    for _ in range(20):
        variables = [tuple(rnd.randint(-5, 5) for _ in range(2)) for _ in range(4)] + [(1, 0), (0, 1), (-1, 0), (0, -1)]
        costs, target = [rnd.randint(0, 3) for _ in range(4)] + [2, 3, 4, 5], (3, 4)
        found = LinearBases(variables, costs, target, (4, 5)).basis(0xFF, ())
        values = {}
        for pair in combinations(range(8), 2):
            (a, c), (b, d) = variables[pair[0]], variables[pair[1]]
            if a * d - b * c:
                x = Fraction(target[0] * d - b * target[1], a * d - b * c), Fraction(a * target[1] - c * target[0], a * d - b * c)
                if min(x) >= 0:
                    values[pair] = x[0] * costs[pair[0]] + x[1] * costs[pair[1]]
        assert values[found] == min(values.values())


def test_only_open_variables_come_in_whatever_the_start() -> None:
    rnd = random.Random(7)
    for _ in range(20):
        arguments = drawn(rnd, 6, 15)
        table = ConeLinear(*arguments)
        bases = LinearBases(table._variables, table._costs, arguments[1], table._first)
        start: tuple[int, ...] = ()
        for _ in range(5):
            cone = rnd.getrandbits(30) & rnd.getrandbits(30)
            found = bases.basis(cone | table._always, start)
            assert found is not None and all((cone | table._always) >> k & 1 for k in found)
            assert table._vertex(found).deviation.value == ConeLinear(*arguments).minimum(cone).value
            start = found


def test_numbers_beyond_doubles_have_no_proposal() -> None:
    assert LinearBases([(10**400,), (1,), (-1,)], [0, 1, 1], (5,), (1,)).basis(0b111, ()) is None
    assert LinearBases([(1,), (1,), (-1,)], [0, 1, 1], (10**400,), (1,)).basis(0b111, ()) is None
    table = ConeLinear([(10**400,)], (5,), (1,), (1,))
    table.propose()
    assert table.minimum(1).value == 0
