"""Combinations of polynomials: the identity holds, and equations of one sign only spare linear programs."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import pytest

from exactsurf.exact.polynomial_variables import context
from exactsurf.minima.local import unit_combination
from exactsurf.minima.local.unit_combination import Combination, Generator, combine

F = Fraction


def draw(seed: int) -> Combination | None:
    """A target and generators of degree 2 in x and y, some with two bounds if there is a target; the answer is checked."""
    source = random.Random(seed)
    x, y = context(("x", "y")).gens()
    monomials = [x, y, x * y, x**2, y**2]
    polynomials = [sum((source.choice((0, 0, 1, -1)) * m for m in monomials), 0 * x) for _ in range(4)]
    target, *others = polynomials
    generators = [Generator(p, *((F(-1), F(2)) if seed % 3 and source.random() < 0.3 else ())) for p in others]
    found = combine(target if seed % 3 else None, generators, 2)
    if found is not None:
        total = found.unit * target if seed % 3 else 0 * x
        assert total + sum((a * g.polynomial for a, g in zip(found.coefficients, generators, strict=True)), 0 * x) == 0
    return found


def test_entries_that_one_equation_forces_to_be_0_change_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same answers as from linear programs alone."""
    quick = [draw(seed) for seed in range(60)]
    solved = Counter[str]()
    answer = unit_combination.solve_bounded_system
    monkeypatch.setattr(unit_combination._System, "_forced_zeros", frozenset())
    monkeypatch.setattr(unit_combination, "solve_bounded_system", lambda *given: solved.update(["alone"]) or answer(*given))
    assert [draw(seed) for seed in range(60)] == quick
    monkeypatch.undo()
    monkeypatch.setattr(unit_combination, "solve_bounded_system", lambda *given: solved.update(["quick"]) or answer(*given))
    assert [draw(seed) for seed in range(60)] == quick
    assert None in quick and any(quick) and solved["quick"] < solved["alone"]
