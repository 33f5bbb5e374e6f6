"""The kernel matrix of rays against random inputs, and supports against their functions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from exactsurf.exact.balls import BITS, finite, to_arb, working_precision
from exactsurf.exact.linear_algebra import rank
from exactsurf.model.student_on_lines import StudentOnLines
from exactsurf.theorems.constructions.kernel_of_rays import KernelOfRays, independent_support

F = Fraction
LINES = ((F(1), F(2)), (F(2), F(-1)), (F(1), F(0)))
TEACHERS = ((F(-1), F(-2)), (F(0), F(3)))


def test_the_risk_against_random_inputs() -> None:
    """A million antithetic samples: five standard errors."""
    problem = StudentOnLines(LINES, (2, 1, 1), TEACHERS)
    sums = [F(1, 2), F(1), F(0), F(2), F(3, 2), F(0)]
    with working_precision(BITS):
        found = finite(KernelOfRays(problem).risk([to_arb(v) for v in sums]))
    half = np.random.default_rng(1).standard_normal((500_000, 2))
    x = np.concatenate([half, -half])
    relu = np.maximum(x @ np.array(problem.rays, dtype=float).T, 0) @ np.array(sums, dtype=float)
    goal = np.maximum(x @ np.array(TEACHERS, dtype=float).T, 0).sum(axis=1)
    values = (relu - goal) ** 2 / 2
    assert abs(values.mean() - float(found.midpoint)) < 5 * values.std() / 1000
    assert found.radius < F(1, 10**30)


def test_opposite_and_equal_directions_are_exact() -> None:
    problem = StudentOnLines(LINES, (2, 1, 1), TEACHERS)
    with working_precision(BITS):
        kernel = KernelOfRays(problem)
        assert finite(kernel.table[0][0]).midpoint == F(5, 2) and finite(kernel.table[0][0]).is_exact
        assert finite(kernel.table[0][1]).midpoint == 0 and finite(kernel.table[0][1]).is_exact


def test_supports_become_independent_with_the_same_function() -> None:
    sums = {0: F(1), 1: F(2), 2: F(3), 3: F(1, 2), 4: F(1), 5: F(5)}
    left = independent_support(LINES, sums)
    both = [j for j in range(3) if {2 * j, 2 * j + 1} <= {*left}]
    assert not both or rank([LINES[j] for j in both]) == len(both)
    assert {*left} < {*sums}
    assert independent_support(LINES, {0: F(1), 3: F(1)}) == (0, 3)
