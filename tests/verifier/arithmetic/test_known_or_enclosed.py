"""Numbers that are known or enclosed: intervals hold what rational arithmetic gives, and known zeros stay zeros."""

from __future__ import annotations

import random
from fractions import Fraction

from exactsurf.verifier.arithmetic.interval import Interval, enclose
from exactsurf.verifier.arithmetic.known_or_enclosed import (
    Number,
    convolution,
    enclosed,
    is_positive_somewhere,
    is_zero,
    sign,
    times,
    total,
)

F, BITS = Fraction, 32


def holds(found: Number, value: Fraction) -> bool:
    if not isinstance(found, Interval):
        return found == value
    return F(found.low, 1 << BITS) <= value <= F(found.high, 1 << BITS)


def test_enclosed_or_not_the_result_is_held() -> None:
    source = random.Random(0)
    for _ in range(200):
        exact = [F(source.randint(-5, 5), source.randint(1, 7)) for _ in range(6)]
        numbers: list[Number] = [value if source.random() < 0.5 else enclose(value, BITS) for value in exact]
        assert holds(total(numbers, BITS), sum(exact, F(0)))
        assert holds(times(numbers[0], numbers[1], BITS), exact[0] * exact[1])
        square = sum((exact[k] * exact[5 - k] for k in range(6)), F(0))
        assert holds(convolution(numbers, numbers, range(6), 5, BITS), square)
        assert sign(exact[0]) == (exact[0] > 0) - (exact[0] < 0)


def test_a_known_zero_ends_every_product() -> None:
    third = enclose(F(1, 3), BITS)
    assert times(0, third, BITS) == 0 and is_zero(times(third, F(0), BITS)) and is_zero(total([0, F(1, 2), F(-1, 2)], BITS))
    assert not is_zero(Interval(0, 0, BITS)) and sign(Interval(0, 0, BITS)) is None


def test_signs_are_told_where_the_interval_tells() -> None:
    assert [sign(Interval(*ends, BITS)) for ends in ((1, 2), (-2, -1), (0, 1), (-1, 1))] == [1, -1, None, None]
    assert [is_positive_somewhere(v) for v in (F(1), 0, Interval(-1, 0, BITS), Interval(-1, 1, BITS))] == [
        True,
        False,
        False,
        True,
    ]
    assert enclosed(F(1, 3), BITS).low < enclosed(F(1, 3), BITS).high
