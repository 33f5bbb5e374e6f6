"""Minimisers that floats propose against those of balls, over random regions; and what they cannot hold."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.surface.levels.floats.fineness import FINE
from exactsurf.surface.levels.level import ConeBound
from exactsurf.surface.levels.region_levels import RegionLevels
from exactsurf.surface.regions import Region

SETTINGS = {
    "free biases": ("squared", {}),
    "penalised biases": ("squared", {"decay_biases": True}),
    "huber": ("huber", {}),
    "logistic": ("logistic", {}),
    "log-cosh": ("log_cosh", {"decay_biases": True}),
    "Poisson": ("poisson", {}),
    "fourth power": ("power(4)", {}),
}


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("inputs", [1, 2])
def test_levels_that_floats_propose_are_those_of_balls(name: str, inputs: int):
    loss, more = SETTINGS[name]
    source = random.Random(f"{name} {inputs}")
    x = [[source.randint(-4, 4) for _ in range(inputs)] for _ in range(6)]
    labels = [-1, 1] if loss == "logistic" else [0, 1, 3]
    data = es.Data.from_arrays(x, [source.choice(labels) for _ in x])
    levels = RegionLevels(es.Problem(es.Network([inputs, 2, 1]), data, loss, weight_decay="1/10", **more))
    count = len(levels.regions.walls)
    proposed = 0
    for _ in range(8):
        sides = [source.getrandbits(count) for _ in range(4)]
        regions = Region(1, sides[0] & sides[1], sides[0] & ~sides[1]), Region(-1, sides[2] & sides[3], sides[2] & ~sides[3])
        cone = levels.regions.cone(regions)
        about, sharp = levels.work.levels.relaxed(cone, None, FINE), levels.work.levels.relaxed(cone, None)
        assert about.low <= sharp.high and sharp.low <= about.high
        assert about.high - about.low <= Fraction(1, 10**8) * about.high
        proposed += about != sharp
        setting = levels.work.levels.setting
        assert not setting.too_cheap(setting.priced(about.gradient, cone)) & cone
    assert proposed


@pytest.mark.parametrize("loss", ["logistic", "exponential", "log_cosh", "poisson", "power(4)"])
@pytest.mark.parametrize("inputs", [1, 2])
def test_bounds_without_prices_are_those_of_balls(loss: str, inputs: int):
    source = random.Random(f"{loss} {inputs}")
    x = [[source.randint(-4, 4) for _ in range(inputs)] for _ in range(7)]
    y = [source.choice([-1, 1] if loss in ("logistic", "exponential") else [0, 1, 3]) for _ in x]
    levels = RegionLevels(es.Problem(es.Network([inputs, 2, 1]), es.Data.from_arrays(x, y), loss))
    count, table = len(levels.regions.walls), levels.work.levels
    near = table.bounded(levels.regions.cone((Region(1), Region(-1))), None)
    proposed = 0
    for _ in range(12):
        sides = [source.getrandbits(count) for _ in range(4)]
        regions = Region(1, sides[0] & sides[1], sides[0] & ~sides[1]), Region(-1, sides[2] & sides[3], sides[2] & ~sides[3])
        cone = levels.regions.cone(regions)
        sharp = table.relaxed(cone, None)
        for about in (table.bounded(cone, None), table.bounded(cone, near)):
            proposed += isinstance(about, ConeBound)
            assert sharp.low - Fraction(1, 10**6) * max(sharp.high, 1) <= about.low <= sharp.high
            assert table.setting.bound(about.gradient) == about.low
            assert not table.setting.too_cheap(table.setting.priced(about.gradient, cone)) & cone
        found = table.lower(cone, near, sharp.high + 1)
        assert found is not None and found.low <= sharp.high and sharp.low <= found.high
        assert table.lower(cone, near, sharp.low - 1) is None
    assert proposed > 12


def test_rays_that_keep_one_another_from_moving_come_in_one_at_a_time():
    # Over this cone the best three rays, taken in together, are all dropped again, round after round.
    source = random.Random(1)
    x = [[source.randint(-4, 4) for _ in range(2)] for _ in range(8)]
    levels = RegionLevels(
        es.Problem(es.Network([2, 2, 1]), es.Data.from_arrays(x, [source.choice([-1, 1]) for _ in x]), "logistic")
    )
    cone, table = levels.regions.cone((Region(1, 3), Region(-1, 1, 194))), levels.work.levels
    found, sharp = table._floats.propose(cone, {}, Fraction(0), 1e-8), table.relaxed(cone, None)
    assert found is not None and abs(found.risk - sharp.high) < 1e-6
    # With a bound known that is far below nothing changes; with the best one a point nearby is enough.
    far, near = (table._floats.propose(cone, {}, Fraction(0), 1e-8, known) for known in (sharp.low - 1, sharp.low))
    assert far == found and near is not None
    assert near.risk <= sharp.low and table.setting.risk_above(near.amounts, near.bias) < sharp.low + Fraction(1, 10**4)


def test_numbers_beyond_floats_are_left_to_others():
    data = es.Data.from_arrays([[10**400], [1], [2]], [1, 0, 1])
    levels = RegionLevels(es.Problem(es.Network([1, 1, 1]), data, weight_decay=1))
    cone = levels.regions.cone((Region(1),))
    assert levels.work.levels._floats.propose(cone, {}, Fraction(0)) is None


@pytest.mark.parametrize(
    ("target", "decay", "weight"), [(10**400, 1, 1), (1, 10**400, 1), (1, Fraction(1, 10**400), 1), (1, 1, 10**400)]
)
def test_targets_decay_and_weights_beyond_floats_are_left_to_others(target: int, decay: Fraction | int, weight: int):
    data = es.Data.from_arrays([[0], [1], [2]], [target, 0, 1], weights=[weight, 1, 1])
    problem = es.Problem(es.Network([1, 1, 1]), data, weight_decay=decay)
    levels = RegionLevels(problem)
    assert levels.work.levels._floats.propose(levels.regions.cone((Region(1),)), {}, Fraction(0)) is None
    with pytest.raises(es.UnsupportedError, match="2\\^256"):
        es.EnclosedSearch(problem)


def test_a_start_beyond_floats_is_left_to_others():
    levels = RegionLevels(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([[0], [1], [2]], [1, 0, 1]), weight_decay=1))
    cone = levels.regions.cone((Region(1),))
    assert levels.work.levels._floats.propose(cone, {}, Fraction(0)) is not None
    assert levels.work.levels._floats.propose(cone, {}, Fraction(10**400)) is None
    assert levels.work.levels._floats.propose(cone, {}, Fraction(0), known=Fraction(10**400)) is None
