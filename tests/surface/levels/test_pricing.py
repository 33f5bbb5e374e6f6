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
        expected = not setting.too_cheap(setting.priced(tuple(F(value, unit) for value in whole), bits)) & bits
        assert setting.prices.are_dear(whole, bits, unit) == expected
        seen.add(expected)
    assert seen == {True, False}
