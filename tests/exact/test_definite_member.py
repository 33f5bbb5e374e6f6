"""Positive definite members of spaces of symmetric matrices, against floats, planted answers and the two alternatives."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np

from exactsurf.exact.definite_member import DefiniteMember, SemidefiniteNormal, definite_member
from exactsurf.exact.linear_algebra import Matrix

F = Fraction


def symmetric(source: random.Random, size: int) -> Matrix:
    entries = {(p, q): F(source.randint(-3, 3)) for p in range(size) for q in range(p, size)}
    return tuple(tuple(entries[min(p, q), max(p, q)] for q in range(size)) for p in range(size))


def test_one_of_the_two_alternatives_is_found_and_true() -> None:
    source, seen = random.Random(1), {DefiniteMember: 0, SemidefiniteNormal: 0, type(None): 0}
    for _ in range(250):
        size = source.choice([1, 2, 2, 3])
        matrices = [symmetric(source, size) for _ in range(source.randint(0, 4))]
        found = definite_member(matrices, size)
        seen[type(found)] += 1
        if isinstance(found, DefiniteMember):
            combined = sum(c * np.array(m) for c, m in zip(found.coefficients, matrices, strict=True))
            assert (combined == np.array(found.matrix)).all()
            assert np.linalg.eigvalsh(np.array(found.matrix, dtype=float)).min() > 0
        elif isinstance(found, SemidefiniteNormal):
            normal = np.array(found.matrix)
            assert normal.any() and np.linalg.eigvalsh(normal.astype(float)).min() > -1e-9
            assert all((normal * np.array(m)).sum() == 0 for m in matrices)
    assert seen[DefiniteMember] > 60 and seen[SemidefiniteNormal] > 60 and seen[type(None)] < 10


def test_a_planted_definite_matrix_is_never_denied() -> None:
    source = random.Random(2)
    for _ in range(60):
        size = source.choice([2, 3])
        root = np.array([[F(source.randint(-2, 2)) for _ in range(size)] for _ in range(size)])
        planted = root.T @ root + np.array([[F(int(i == j)) for j in range(size)] for i in range(size)])
        other = symmetric(source, size)
        # The planted matrix is a difference of the two that are given.
        first = tuple(map(tuple, planted + np.array(other)))
        assert isinstance(definite_member([first, other], size), DefiniteMember)
