"""Characteristic polynomials: published ones, the count of listed cells, points over a finite field, χ over flats."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import pytest
from hypothesis import given, settings

from exactsurf.arrangement.arrangement import Arrangement
from exactsurf.arrangement.characteristic_polynomial import betti_numbers, characteristic_polynomial
from exactsurf.exact.linear_algebra import rank
from tests.arrangement.arrangements import (
    A000609,
    A034997,
    braid,
    moment_curve,
    resonance,
    sign_vectors_by_brute_force,
    small_arrangements,
    threshold,
)


def product(factors: list[tuple[int, int]]) -> tuple[int, ...]:
    """Π (a + b t), lowest coefficient first."""
    result = [1]
    for a, b in factors:
        result = [a * x + b * y for x, y in zip([*result, 0], [0, *result], strict=True)]
    return tuple(result)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, pytest.param(6, marks=pytest.mark.slow)])
def test_threshold_functions_are_counted(n: int) -> None:
    assert threshold(n).count_cells() == A000609[n]


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6])
def test_the_resonance_arrangement_is_counted(n: int) -> None:
    assert resonance(n).count_cells() == A034997[n]


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6])
def test_the_braid_arrangement_has_integer_roots(n: int) -> None:
    assert characteristic_polynomial(braid(n)) == product([(-k, 1) for k in range(n)])


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_coordinate_hyperplanes_and_type_b(n: int) -> None:
    units = [[int(i == j) for j in range(n)] for i in range(n)]
    assert characteristic_polynomial(Arrangement(units)) == product([(-1, 1)] * n)
    type_b = units + [
        [(k == i) + s * (k == j) for k in range(n)] for i, j in itertools.combinations(range(n), 2) for s in (1, -1)
    ]
    assert characteristic_polynomial(Arrangement(type_b)) == product([(-2 * k - 1, 1) for k in range(n)])


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_shi_and_catalan_arrangements(n: int) -> None:
    """Shi: χ = t (t − n)^(n−1). Catalan: n! C_n cells. Both are affine."""
    pairs = list(itertools.combinations(range(n), 2))
    rows = [[(k == i) - (k == j) for k in range(n)] for i, j in pairs]
    shi = Arrangement(rows * 2, [0] * len(rows) + [1] * len(rows))
    assert characteristic_polynomial(shi) == product([(0, 1)] + [(-n, 1)] * (n - 1))
    catalan = Arrangement(rows * 3, [0] * len(rows) + [1] * len(rows) + [-1] * len(rows))
    assert catalan.count_cells() == math.factorial(n) * math.comb(2 * n, n) // (n + 1)


@pytest.mark.parametrize(("count", "dimension"), [(6, 2), (8, 3), (10, 5), (6, 9)])
def test_general_position(count: int, dimension: int) -> None:
    expected = 2 * sum(math.comb(count - 1, k) for k in range(dimension))
    assert moment_curve(count, dimension).count_cells() == expected


def test_parallel_lines_and_empty_arrangements() -> None:
    assert characteristic_polynomial(Arrangement([[1, 0], [1, 0], [2, 0]], offsets=[0, 1, 2])) == (0, -2, 1)
    assert characteristic_polynomial(Arrangement([[0, 0]])) == (0, 0, 1)
    assert betti_numbers(Arrangement([[0], [0]], offsets=[1, 0])) == (1, 0)


@given(small_arrangements())
@settings(max_examples=100)
def test_the_count_is_that_of_brute_force_and_of_the_list(arrangement: Arrangement) -> None:
    assert arrangement.count_cells() == len(sign_vectors_by_brute_force(arrangement)) == len(list(arrangement.cells()))


@given(small_arrangements())
@settings(max_examples=60)
def test_whitney_s_theorem(arrangement: Arrangement) -> None:
    """χ(t) = Σ (−1)^|B| t^(d − rank B) over the subsets B of hyperplanes with a common point."""
    d = arrangement.dimension
    expected = [0] * (d + 1)
    forms = [tuple(map(Fraction, wall.form)) for wall in arrangement.walls]
    for size in range(len(forms) + 1):
        for chosen in itertools.combinations(forms, size):
            height = rank([form[:-1] for form in chosen])
            if rank(chosen) == height:
                expected[d - height] += (-1) ** size
    assert characteristic_polynomial(arrangement) == tuple(expected)


@pytest.mark.parametrize("prime", [11, 13])
@pytest.mark.parametrize("offsets", [None, [0, 1, 0, 2, 1, 0, -1]])
def test_points_over_a_finite_field(prime: int, offsets: list[int] | None) -> None:
    """χ(p) counts the points of F_p^d on no hyperplane, for all but finitely many primes (Athanasiadis)."""
    arrangement = Arrangement(resonance(3).normals, offsets)
    free = sum(
        all(sum(int(a) * x for a, x in zip(normal, point, strict=True)) % prime != t % prime for normal, t in rows)
        for rows in [list(zip(arrangement.normals, arrangement.offsets, strict=True))]
        for point in itertools.product(range(prime), repeat=3)
    )
    assert free == sum(c * prime**k for k, c in enumerate(characteristic_polynomial(arrangement)))


def test_progress_goes_through_the_walls_and_changes_nothing() -> None:
    rows = [[1, k, k**2, k**3] for k in range(1, 13)]
    told: list[tuple[int, int]] = []
    count = Arrangement(rows).count_cells(lambda done, total: told.append((done, total)))
    # Cover's number of cells of 12 central hyperplanes in general position in dimension 4.
    assert count == 2 * sum(math.comb(11, k) for k in range(4))
    assert told == [(k, 12) for k in range(1, 13)]
