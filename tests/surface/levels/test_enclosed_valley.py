"""Valleys with enclosed levels: what their fields say of each other, and enclosures that are too wide."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.surface.levels.enclosed_valley import check_width

F = Fraction


def test_what_is_known_of_a_barrier() -> None:
    data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    land = es.enclosed_landscape(es.Problem(es.Network([1, 1, 1]), data, weight_decay="1/10"))
    lowest, other, *_ = land.valleys
    assert lowest.is_global and not lowest.is_spurious and lowest.persistence is None
    assert other.is_spurious and other.persistence == F(11, 8) - F(799, 1000)
    cut = replace(other, barrier=None, barrier_at_least=F(1))
    assert cut.is_spurious and not cut.is_global and cut.persistence == F(201, 1000)
    assert replace(cut, barrier_at_least=F(1, 2)).persistence == 0


def test_widths() -> None:
    one, wide = es.Enclosure(F(1), F(1)), es.Enclosure(F(1), 1 + F(1, 100))
    check_width([one, wide], F(1, 50))
    check_width([], F(1, 50))
    # Next to a level of 1 one that is nearly 0 need be known to the square of the width only.
    check_width([one, es.Enclosure(F(0), F(1, 10**5))], F(1, 100))
    with pytest.raises(es.InputError, match="--width"):
        check_width([one, wide], F(1, 200))
