"""The exact simplex: degenerate and cycling programs, long entries and their rehearsal, least indices."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exactsurf.exact.bounded_system import FarkasVector, Multipliers
from exactsurf.exact.linear_algebra import common_denominator
from exactsurf.exact.simplex import Vertex, _entering, _leaving, feasible_point, simplex
from tests.bounded_systems import answered, dot, separates, solves, systems

F = Fraction
PRIME = (1 << 61) - 1  # the one that the simplex reduces by: rows of its multiples try to mislead it


@given(systems(), st.randoms(use_true_random=False), st.sampled_from([1, PRIME, PRIME**3]))
def test_long_equations_do_not_change_the_answer(system, rng, special):
    """Every equation times a number of 1,500 bits: long entries without a common factor, so a rehearsal takes place."""
    vectors, target, lower, upper = system
    kind = answered(system)
    factors = [F(rng.getrandbits(1500) | 1) for _ in target]
    if factors:
        factors[0] *= special
    stretched = [[v * f for v, f in zip(u, factors, strict=True)] for u in vectors]
    assert answered((stretched, [t * f for t, f in zip(target, factors, strict=True)], lower, upper)) is kind
    # … and every equation added to the one before, which makes rows nearly dependent after rounding.
    stretched.append([t * f for t, f in zip(target, factors, strict=True)])
    mixed = [[v + w for v, w in zip(u, [*u[1:], F(0)][: len(u)], strict=True)] for u in stretched]
    assert answered((mixed[:-1], mixed[-1], lower, upper)) is kind


@given(systems(most_vectors=10), st.sampled_from([1, 2]))
def test_the_rule_of_least_indices_gives_the_same_answer(system, patience):
    vectors, target, lower, upper = system
    common = common_denominator([*target, *(v for u in vectors for v in u)])
    columns, right = [[int(v * common) for v in u] for u in vectors], [int(v * common) for v in target]
    outcome = simplex(columns, right, lower, upper, patience=patience)
    if answered(system) is Multipliers:
        assert solves(outcome.point, system)
    else:
        assert separates(outcome.separator, system)


def standard_form(rows, right):
    """{x ≥ 0 : rows·x ≤ right} as a bounded system, with a slack for every row."""
    size = len(rows)
    columns = [[F(row[j]) for row in rows] for j in range(len(rows[0]))]
    columns += [[F(int(i == k)) for i in range(size)] for k in range(size)]
    return columns, [F(v) for v in right], [F(0)] * len(columns), [None] * len(columns)


def klee_minty(n, at_least):
    """Klee and Minty's cube, whose corners a careless simplex visits one by one, with objective ≥ `at_least`."""
    rows = [[2 ** (i - j + 1) if j < i else int(i == j) for j in range(n)] for i in range(n)]
    objective = [-(2 ** (n - 1 - j)) for j in range(n)]
    return standard_form([*rows, objective], [*(5 ** (i + 1) for i in range(n)), -at_least])


@pytest.mark.parametrize("n", [2, 5, 10, 16])
def test_klee_minty(n):
    assert answered(klee_minty(n, 5**n)) is Multipliers
    assert answered(klee_minty(n, 5**n + F(1, 10**6))) is FarkasVector


@pytest.mark.parametrize("patience", [None, 1, 3])
@pytest.mark.parametrize(("value", "kind"), [("-1/20", Multipliers), ("-50001/1000000", FarkasVector)])
def test_beale(value, kind, patience):
    """Beale's example, on which the textbook simplex cycles; its minimum is −1/20."""
    rows = [["1/4", -60, "-1/25", 9], ["1/2", -90, "-1/50", 3], [0, 0, 1, 0], ["-3/4", 150, "-1/50", 6]]
    system = standard_form(rows, [0, 0, 1, value])
    assert answered(system) is kind
    columns = [[int(v * 10**6) for v in column] for column in system[0]]
    outcome = simplex(columns, [int(v * 10**6) for v in system[1]], *system[2:], patience=patience)
    assert (outcome.point is not None) == (kind is Multipliers)


@pytest.mark.parametrize("size", [3, 6])
def test_transport_polytopes(size):
    """Doubly stochastic matrices with a forbidden block: massively degenerate, and solvable up to Hall's condition."""
    for hole in range(size + 1):
        cells = [(i, j) for i in range(size) for j in range(size) if i >= hole or j >= size - hole]
        vectors = [[F(int(k in (i, size + j))) for k in range(2 * size)] for i, j in cells]
        zero = [F(0)] * len(cells)
        # `hole` rows share `hole` columns: exactly enough, until one row more is confined to them.
        assert answered((vectors, [F(1)] * 2 * size, zero, [None] * len(cells))) is Multipliers
        confined = [c for c, (i, j) in enumerate(cells) if i != hole or j >= size - hole]
        if 0 < hole < size:
            fewer = [vectors[c] for c in confined]
            assert answered((fewer, [F(1)] * 2 * size, [F(0)] * len(fewer), [F(1)] * len(fewer))) is FarkasVector


@pytest.mark.parametrize("dependent", [False, True])
def test_dense_long_entries(dependent):
    rng = random.Random(1)
    below = rng.getrandbits(2000) | 1
    vectors = [[F(rng.getrandbits(2000) - (1 << 1999), below) for _ in range(8)] for _ in range(30)]
    if dependent:
        for vector in vectors:
            vector[5] = vector[0] - 3 * vector[1]
    zero = [F(0)] * 30
    corner = [sum(column[:4], F(0)) for column in zip(*vectors, strict=True)]
    assert answered((vectors, corner, zero, [None] * 30)) is Multipliers
    assert answered((vectors, [v / 2 for v in corner], zero, [F(1)] * 30)) is Multipliers
    assert answered((vectors, [v * 100 for v in corner], zero, [F(1)] * 30)) is FarkasVector
    if dependent:
        corner[5] += F(1, below)
        assert answered((vectors, corner, [None] * 30, [None] * 30)) is FarkasVector


def test_equations_that_vanish_modulo_the_prime_still_count():
    """Rows that the rehearsal leaves out because they vanish modulo its prime are equations all the same."""
    long = PRIME**6
    columns, right = [[long, 3 * long], [long, long]], [long, 4 * long]
    outcome = feasible_point(columns, right, [None, None], [None, None])
    assert outcome.point == (F(3, 2), F(-1, 2))
    columns, right = [[1 << 300, long], [1, 2 * long]], [1, -long]
    assert feasible_point(columns, right, [F(0), F(0)], [None, None]).separator is not None
    point = feasible_point(columns, right, [None, None], [None, None]).point
    assert [dot(point, [column[i] for column in columns]) for i in range(2)] == right


@pytest.mark.parametrize("factor", [F(1, 3), F(50)])
def test_the_rehearsal_leaves_nothing_to_do(factor):
    """Boxes of long entries in general position: the exact simplex ends where the rounded one did."""
    rng = random.Random(5)
    columns = [[rng.getrandbits(1000) - (1 << 999) for _ in range(6)] for _ in range(40)]
    right = [int(sum(column) * factor) for column in zip(*columns, strict=True)]
    system = columns, right, [F(0)] * 40, [F(1)] * 40
    assert simplex(*system).steps > 6
    outcome = feasible_point(*system)
    assert outcome.steps == 0
    assert (outcome.point is None) == (factor > 1)


def test_a_column_fixed_by_its_bounds_does_not_return():
    columns = [[1, 0], [0, 1], [1, 1], [2, 1]]
    for right in product(range(-2, 6), repeat=2):
        answered((columns, right, [F(0), F(1), F(1), F(-1)], [F(0), F(1), F(1), F(1, 2)]))
        answered((columns, right, [F(0), None, F(1), F(-1)], [F(0), F(1), F(1), F(-1)]))


def test_the_least_index_leaves_when_it_has_to():
    """What makes the steps finite: in the cautious phases the least index counts, not the largest violation."""
    from flint import fmpq

    values, bound = [fmpq(-9), fmpq(-1), fmpq(5)], [fmpq(0)] * 6
    assert _leaving(values, [5, 2, 4], bound, bound, least_index=False) == (0, True)
    assert _leaving(values, [5, 2, 4], bound, bound, least_index=True) == (1, True)
    assert _leaving(values, [5, 4, 2], bound, bound, least_index=True) == (2, False)
    assert _leaving(values, [5, 4, 2], [None] * 6, [fmpq(9)] * 6, least_index=True)[0] == -1
    assert _entering([1, -7, 9], [False, True, True], [True, False, True], least_index=False) == 2
    assert _entering([0, -7, 9], [True] * 3, [True] * 3, least_index=True) == 1
    assert _entering([1, -7], [True, False], [False, True], least_index=True) == -1


def test_the_simplex_continues_from_any_vertex():
    columns, right = [[1, 0], [1, 1], [0, 2]], [3, 4]
    for basis in ([0, 1], [1, 2], [2, 0], [3, 4], [0, 4]):
        for sides in product((-1, 0, 1), repeat=3):
            outcome = simplex(columns, right, [F(0)] * 3, [F(2), F(2), None], Vertex(tuple(basis), sides))
            assert solves(outcome.point, (columns, right, [F(0)] * 3, [F(2), F(2), None]))
