"""Prices of atoms: whether all are dear in machine integers and in long ones, against the exact prices one by one."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.surface.levels.level_work import level_work

F = Fraction


@pytest.mark.parametrize("scale", [1, F(1, 3), 10**40])
@pytest.mark.parametrize("more", [{"weight_decay": "1/10"}, {"weight_decay": "1/3", "decay_biases": True}, {}])
@pytest.mark.parametrize("inputs", [1, 2])
def test_all_are_dear_if_none_is_too_cheap(inputs: int, more: dict, scale: Fraction):
    source = random.Random(f"{inputs} {more} {scale}")
    x = [[scale * source.randint(-3, 3) for _ in range(inputs)] for _ in range(5)]
    loss = "squared" if more else "logistic"
    data = es.Data.from_arrays(x, [source.choice([-1, 1]) for _ in x])
    setting = level_work(es.Problem(es.Network([inputs, 1, 1]), data, loss, **more)).levels.setting
    every, seen = setting.atoms.every, set()
    for n in range(40):
        unit = source.choice([1, 1 << 20, 1 << 90])
        size = max(1, int(unit / (10 * scale))) if n % 2 else unit
        whole = [source.randint(-size, size) for _ in x]
        # Along a wall of what is too cheap lie those slopes that decide most.
        whole[0] -= sum(whole) if n % 3 else 0
        bits = every & (source.getrandbits(every.bit_length()) if n % 4 else 1 << source.randrange(8))
        prices = setting.priced(tuple(F(value, unit) for value in whole), bits)
        cheap = setting.too_cheap(prices) & bits
        assert setting.prices.too_cheap(whole, bits, unit) == cheap
        assert setting.prices.are_dear(whole, bits, unit) == (not cheap)
        if not more:
            rays = {bit for bit, gain in setting.priced(tuple(map(F, whole)), every).excess.items() if not gain}
            assert setting.prices.idle(whole) == sum(1 << bit for bit in rays)
        seen.add(not cheap)
    assert seen == {True, False}


def test_a_dual_vector_holds_where_no_face_of_an_atom_is_too_cheap():
    data = es.Data.from_arrays([[0, 1], [2, -1], [1, 3], [-2, 0]], [1, -2, 0, 3])
    setting = level_work(es.Problem(es.Network([2, 1, 1]), data, weight_decay="1/2")).levels.setting
    source, seen = random.Random(5), set()
    for _ in range(60):
        slopes = tuple(F(source.randint(-9, 9), unit) for unit in [source.choice((24, 999))] * 4)
        cheap = setting.too_cheap(setting.priced(slopes, setting.atoms.every))
        holding = sum(1 << bit for bit, below in enumerate(setting.atoms.below) if not below & cheap)
        assert setting.holding(slopes) == holding
        assert setting.holds_on(slopes, holding) and setting.holds_on(slopes, setting.atoms.every) == (not cheap)
        seen.add(not cheap)
    assert seen == {True, False}
