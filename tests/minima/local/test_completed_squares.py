"""Completed squares: the identity at random points, and the rest is ≥ 0 exactly where the polynomial is."""

from __future__ import annotations

import random
from collections import Counter

from exactsurf.exact.polynomial_variables import context
from exactsurf.minima.local.completed_squares import complete_squares


def test_the_identity_and_the_signs_of_its_parts() -> None:
    ring = context(("x", "y", "z"))
    rnd, variables, zero = random.Random(2), ring.gens(), (0, 0, 0)
    seen: Counter[int] = Counter()
    for _ in range(80):
        forms = [sum((rnd.randint(-2, 2) * v for v in variables), ring.constant(0)) for _ in range(3)]
        target = sum((form * form for form in forms), ring.constant(0)) + rnd.randint(-1, 1) * variables[0] * forms[0] * forms[1]
        found = complete_squares(target, kept=[0])
        seen[len(found.steps)] += 1
        assert found.unit(*zero) > 0 and found.shared(*zero) > 0
        assert all(root(*zero) == 0 and by(*zero) > 0 for root, by in found.squares)
        total = sum((by * root * root for root, by in found.squares), found.shared * found.rest)
        assert found.unit * target == total
        eliminated = {exponents[1:] for exponents in found.rest.to_dict()}
        assert len(found.steps) < 2 or eliminated <= {(0, 0)}
    assert seen[2] > 30, seen


def test_variables_that_are_not_quadratic_or_not_convex_stay() -> None:
    x, y = context(("x", "y")).gens()
    for target in (x * y, -(x**2) + y**2 * x, x**3 + y**3, x + y**2 * x):
        found = complete_squares(target)
        assert not found.steps and found.rest == target and found.unit == 1
    assert not complete_squares(x**2 + y**2).rest
