"""What linear algebra will take is foreseen: large systems are not begun with little time, others are."""

from __future__ import annotations

from fractions import Fraction

import pytest

from exactsurf.effort import Effort, OutOfTime
from exactsurf.exact.foreseen import foresee_solving

LONG = Fraction(3**2000, 7**1500)


def system(size: int, entry: Fraction) -> list[list[Fraction]]:
    return [[entry] * size for _ in range(size)]


def test_a_system_that_takes_hours_is_not_begun() -> None:
    with Effort(seconds=60).governs(), pytest.raises(OutOfTime, match="a system of long numbers"):
        foresee_solving(system(400, LONG), "a system of long numbers")


@pytest.mark.parametrize(("size", "entry"), [(5, LONG), (40, Fraction(1, 3)), (0, LONG)])
def test_small_systems_are_begun(size: int, entry: Fraction) -> None:
    with Effort(seconds=60).governs():
        assert foresee_solving(system(size, entry), "a small system") is None


def test_without_a_limit_everything_is_begun() -> None:
    with Effort(seconds=None).governs():
        assert foresee_solving(system(400, LONG), "a system of long numbers") is None


def test_the_shorter_side_counts() -> None:
    with Effort(seconds=60).governs():
        assert foresee_solving([[LONG] * 400], "one equation") is None
