"""Reduced costs in machine integers against Python's integers, variable by variable."""

from __future__ import annotations

import random
from operator import mul

import pytest

from exactsurf.exact.cone_huber import ConeHuber
from exactsurf.exact.cone_linear import ConeLinear
from exactsurf.exact.reduced_costs import CostPricing


@pytest.mark.parametrize("count", [0, 3, 60])
@pytest.mark.parametrize("bits", [4, 90])
def test_every_reduced_cost_is_a_product(count: int, bits: int) -> None:
    source = random.Random(count + bits)
    columns = [tuple(source.randint(-9, 9) for _ in range(5)) for _ in range(count)]
    rest, costs = [tuple(source.randint(-1, 1) for _ in range(5)) for _ in range(7)], [source.randint(0, 3) for _ in range(7)]
    pricing = CostPricing(columns, rest, costs)
    for _ in range(20):
        vector, factor = (
            [source.randint(-(2**bits), 2**bits) * source.randint(0, 1) for _ in range(5)],
            source.randint(1, 2**bits),
        )
        plain = [sum(map(mul, vector, column)) for column in columns]
        expected = [*plain, *(-v for v in plain)]
        expected += [cost * factor + sum(map(mul, vector, row)) for cost, row in zip(costs, rest, strict=True)]
        found = pricing.reduced(vector, factor)
        assert [found.value(k) for k in range(len(expected))] == expected
        assert found.negative == sum(1 << k for k, value in enumerate(expected) if value < 0)


@pytest.mark.parametrize("kind", ["huber", "linear"])
def test_minima_do_not_depend_on_who_prices(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source = random.Random(kind)
    columns = [tuple(source.randint(-5, 5) for _ in range(6)) for _ in range(40)]
    target = tuple(source.randint(-9, 9) for _ in range(6))

    def table() -> ConeHuber | ConeLinear:
        return ConeHuber(columns, target, 2, [(1,) * 6]) if kind == "huber" else ConeLinear(columns, target, (1,) * 6, (2,) * 6)

    machine = table()
    monkeypatch.setattr("exactsurf.exact.reduced_costs._FEW", 10**6)
    plain = table()
    for _ in range(40):
        cone = source.getrandbits(80) & source.getrandbits(80) & source.getrandbits(80)
        assert machine.minimum(cone) == plain.minimum(cone)
