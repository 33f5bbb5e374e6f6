"""The conditions of a flattest minimiser: primal and dual values of their solution are equal, in long numbers."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.minima.algebraic.flattest_conditions import flattest_solution
from exactsurf.minima.local.fibre import fibre_of
from exactsurf.minima.not_proved import NotProved
from tests.minima.test_flattest_minimiser import planted


@pytest.mark.parametrize("by_trace", [True, False])
def test_primal_and_dual_agree_to_many_bits(by_trace):
    rnd, seen = random.Random(8), 0
    while seen < 4:
        instance = planted(rnd)
        if instance is None:
            continue
        fibre = fibre_of(*instance)
        found = flattest_solution(fibre, by_trace, 400, es.Effort.of(None).started())
        if isinstance(found, NotProved):
            continue
        seen += 1
        density = fibre.curvatures if by_trace else found.density
        mass = 1 if by_trace else fibre.mass(density)
        dual = sum((m * f for m, f in zip(found.multipliers, fibre.predictions, strict=True)), fibre.constant(density))
        assert abs(dual - found.value * mass) < Fraction(1, 1 << 280) * (1 + abs(found.value))
        for i, row in enumerate(fibre.equations):
            place = [*(p for own in found.products for p in own), *found.bias]
            assert abs(sum(a * b for a, b in zip(row, place, strict=True)) - fibre.predictions[i]) < Fraction(1, 1 << 280)
        # s A + p·Qp/s of each unit that is used is twice the geometric mean of its parts, and with the constant the value.
        total = fibre.constant(density)
        for form, mass_of, square, own in zip(
            fibre.unit_forms(density), fibre.masses(density), found.squares, found.products, strict=True
        ):
            if square:
                bent = sum(a * row[c] * own[c] for a, row in zip(own, form, strict=True) for c in range(len(own)))
                assert abs(square**2 * mass_of - bent) < Fraction(1, 1 << 260) * (1 + bent)
                total += square * mass_of + bent / square
        assert abs(total - found.value * mass) < Fraction(1, 1 << 240) * (1 + abs(total))
