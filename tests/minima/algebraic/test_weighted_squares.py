"""Matrices as weighted squares of vectors."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from exactsurf.minima.algebraic.weighted_squares import weighted_squares


@pytest.mark.parametrize("rank", [0, 1, 2, 3])
def test_random_matrices_of_a_rank(rank):
    source = random.Random(rank)
    rows = [[Fraction(source.randint(-5, 5), source.randint(1, 3)) for _ in range(4)] for _ in range(rank)]
    matrix = [[sum((row[a] * row[b] for row in rows), Fraction(0)) for b in range(4)] for a in range(4)]
    vectors, shares = weighted_squares(matrix)
    assert len(vectors) == len(shares) == rank and all(share > 0 for share in shares) and all(1 in vector for vector in vectors)
    for a in range(4):
        for b in range(4):
            found = sum((d * z[a] * z[b] for d, z in zip(shares, vectors, strict=True)), Fraction(0))
            assert abs(found - matrix[a][b]) < Fraction(1, 1 << 3000)
