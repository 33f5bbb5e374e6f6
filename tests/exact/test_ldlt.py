"""LDLᵀ: the identity in plain loops, the inertia against SymPy's characteristic polynomial."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exactsurf.errors import InputError, ShapeError
from exactsurf.exact.ldlt import LDLT, ldlt

F = Fraction
PRIME = (1 << 61) - 1  # the one that the pivot order is found with


def times(left, right):
    columns = list(zip(*right, strict=True))
    return [[sum((a * b for a, b in zip(row, column, strict=True) if a and b), F(0)) for column in columns] for row in left]


def transposed(rows):
    return [list(column) for column in zip(*rows, strict=True)]


def value(rows, vector):
    return sum((rows[i][j] * vector[i] * vector[j] for i in range(len(rows)) for j in range(len(rows))), F(0))


def factored(rows):
    """The factors of `rows`, after checking everything that they promise."""
    factors = ldlt(rows)
    size = len(rows)
    order, lower, middle = factors.permutation, factors.L, factors.D
    assert sorted(order) == list(range(size))
    assert all(lower[i][j] == int(i == j) for i in range(size) for j in range(i, size))
    permuted = [[rows[i][j] for j in order] for i in order]
    assert times(times(lower, middle), transposed(lower)) == permuted
    start = 0
    for block in factors.blocks:
        if len(block) == 2:
            (a, b), (c, d) = block
            assert a == d == 0 != b == c
            # All that is left of the diagonal vanishes at this point.
            head = [row[:start] for row in lower]
            taken = times(times(head, [row[:start] for row in middle[:start]]), transposed(head)) if start else None
            assert all(permuted[i][i] == (taken[i][i] if taken else 0) for i in range(start, size))
        start += len(block)
    assert start == size
    direction = factors.negative_direction
    if direction is None:
        assert factors.is_positive_semidefinite
    else:
        assert value(rows, direction) < 0
        assert not factors.is_positive_semidefinite
    assert factors.is_positive_definite == (factors.inertia == (size, 0, 0))
    return factors


def inertia_by_sympy(rows):
    """Descartes's rule is exact for polynomials with real roots only, such as characteristic polynomials here."""
    from sympy import QQ
    from sympy.polys.matrices import DomainMatrix

    size = len(rows)
    matrix = DomainMatrix([[QQ(v.numerator, v.denominator) for v in row] for row in rows], (size, size), QQ)
    coefficients = matrix.charpoly()
    signs = [1 if c > 0 else -1 for c in coefficients if c]
    positive = sum(a != b for a, b in pairwise(signs))
    zero = next(k for k, c in enumerate(reversed(coefficients)) if c)
    return positive, size - positive - zero, zero


@st.composite
def symmetric(draw, entries, most=6):
    size = draw(st.integers(0, most))
    triangle = [draw(st.lists(entries, min_size=i + 1, max_size=i + 1)) for i in range(size)]
    return [[triangle[max(i, j)][min(i, j)] for j in range(size)] for i in range(size)]


rationals = st.fractions(min_value=-5, max_value=5, max_denominator=4)
sparse = st.sampled_from([F(0), F(0), F(1), F(-1)])
misleading = st.sampled_from([F(0), F(PRIME), F(-PRIME), F(1), F(PRIME + 1), F(1, PRIME)])


@given(st.one_of(symmetric(rationals), symmetric(sparse, most=8), symmetric(misleading)))
def test_factors_and_inertia(rows):
    assert factored(rows).inertia == inertia_by_sympy(rows) if rows else factored(rows).inertia == (0, 0, 0)


@given(symmetric(sparse), st.data())
def test_inertia_does_not_change_under_congruence(rows, data):
    """Sylvester's law, for a permutation and a unit triangular matrix with long entries."""
    size = len(rows)
    order = data.draw(st.permutations(range(size)))
    rng = data.draw(st.randoms(use_true_random=False))
    basis = [[F(int(i == j)) if j >= i else F(rng.getrandbits(200), 7) for j in range(size)] for i in order]
    assert factored(times(times(basis, rows), transposed(basis))).inertia == ldlt(rows).inertia


@given(st.lists(st.lists(st.integers(-3, 3), min_size=3, max_size=3), min_size=1, max_size=7))
def test_gram_matrices_are_semidefinite(vectors):
    gram = times([[F(v) for v in vector] for vector in vectors], transposed(vectors))
    factors = factored(gram)
    assert factors.is_positive_semidefinite
    assert factors.inertia[0] <= 3


def test_worked_examples():
    hyperbola = factored([[F(0), F(3)], [F(3), F(0)]])
    assert hyperbola == LDLT((0, 1), ((F(1), F(0)), (F(0), F(1))), (((F(0), F(3)), (F(3), F(0))),))
    assert hyperbola.inertia == (1, 1, 0)
    assert hyperbola.negative_direction == (F(1), F(-1))
    # x² − 2xy + y² + 0·z² = (x − y)²
    square = factored([[F(1), F(-1), F(0)], [F(-1), F(1), F(0)], [F(0), F(0), F(0)]])
    assert square.inertia == (1, 0, 2)
    assert square.is_positive_semidefinite
    assert not square.is_positive_definite
    # The diagonal entry in the middle is the only pivot at first.
    saddle = factored([[F(0), F(1), F(1)], [F(1), F(-2), F(0)], [F(1), F(0), F(0)]])
    assert saddle.permutation[0] == 1
    assert saddle.inertia == (1, 2, 0)


def test_smallest_matrices():
    assert ldlt([]) == LDLT((), (), ())
    assert ldlt([]).is_positive_definite
    for entry, inertia in ((F(2, 3), (1, 0, 0)), (F(0), (0, 0, 1)), (F(-1), (0, 1, 0))):
        assert factored([[entry]]).inertia == inertia
    assert factored([[F(0)] * 3] * 3).inertia == (0, 0, 3)


@pytest.mark.parametrize("size", [2, 9, 20])
def test_hilbert_matrices_are_definite_by_a_hair(size):
    hilbert = [[F(1, i + j + 1) for j in range(size)] for i in range(size)]
    assert factored(hilbert).is_positive_definite
    # The last pivot is det H_n / det H_{n−1}: by so much may the last entry fall.
    last = ldlt(hilbert).blocks[-1][0][0]
    for change, inertia in ((last, (size - 1, 0, 1)), (last + F(1, 10**60), (size - 1, 1, 0))):
        bent = [row[:] for row in hilbert]
        bent[-1][-1] -= change
        assert factored(bent).inertia == inertia


def test_pairs_only():
    """A matrix whose diagonal vanishes again after every 2 × 2 pivot."""
    size = 12
    rows = [[F(int(i ^ 1 == j)) * (i // 2 - F(5, 2)) for j in range(size)] for i in range(size)]
    factors = factored(rows)
    assert [len(block) for block in factors.blocks] == [2] * 6
    assert factors.inertia == (6, 6, 0)


def test_thousands_of_digits():
    rng = random.Random(7)
    below = rng.getrandbits(9000) | 1
    vectors = [[F(rng.getrandbits(9000), below) for _ in range(3)] for _ in range(4)]
    gram = times(vectors, transposed(vectors))
    assert factored(gram).inertia == (3, 0, 1)
    gram[3][3] -= F(1, below**2)
    assert factored(gram).inertia == (3, 1, 0)


def test_a_hundred_rows():
    """The second difference matrix, bordered: definite up to the last row, which decides."""
    size = 100
    rows = [[F(2 if i == j else -1 if abs(i - j) == 1 else 0) for j in range(size)] for i in range(size)]
    assert ldlt(rows).is_positive_definite
    # det = size + 1 and the minor without the last row is size, so the last entry may fall by (size + 1) / size.
    rows[-1][-1] -= F(size + 1, size)
    assert ldlt(rows).inertia == (size - 1, 0, 1)
    rows[-1][-1] -= F(1, 10**30)
    factors = ldlt(rows)
    assert factors.inertia == (size - 1, 1, 0)
    assert value(rows, factors.negative_direction) < 0
    rng = random.Random(3)
    dense = [[F(0)] * size for _ in range(size)]
    for i in range(size):
        for j in range(i):
            dense[i][j] = dense[j][i] = F(rng.randint(-99, 99), rng.randint(1, 9))
    assert ldlt(dense).inertia == inertia_by_sympy(dense)


def test_what_is_not_symmetric_is_refused():
    with pytest.raises(InputError, match=r"entry \(1, 0\) and entry \(0, 1\) differ.*'1/2 and 2'"):
        ldlt([[F(1), F(2)], [F(1, 2), F(1)]])
    with pytest.raises(ShapeError, match=r"row 1 of the symmetric matrix .* expected 2, got 1"):
        ldlt([[F(1), F(2)], [F(2)]])
