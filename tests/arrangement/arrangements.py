"""Arrangements that several tests use, and a second, naive algorithm for their cells."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

from hypothesis import strategies as st

from exactsurf.arrangement.arrangement import Arrangement
from exactsurf.exact.bounded_system import FarkasVector, solve_bounded_system

A000609 = {1: 4, 2: 14, 3: 104, 4: 1882, 5: 94572, 6: 15028134}
A034997 = {1: 2, 2: 6, 3: 32, 4: 370, 5: 11292, 6: 1066044}


def threshold(n: int) -> Arrangement:
    """{0,1}^n with a bias: its cells are the threshold functions of n variables."""
    return Arrangement([(*x, 1) for x in itertools.product((0, 1), repeat=n)])


def resonance(n: int) -> Arrangement:
    """The non-zero vectors of {0,1}^n."""
    return Arrangement([x for x in itertools.product((0, 1), repeat=n) if any(x)])


def braid(n: int) -> Arrangement:
    """w_i = w_j for all i < j."""
    return Arrangement([[(k == i) - (k == j) for k in range(n)] for i, j in itertools.combinations(range(n), 2)])


def moment_curve(count: int, dimension: int) -> Arrangement:
    """Rows (1, t, t², …): every `dimension` of them are independent, so the arrangement is in general position."""
    return Arrangement([[t**k for k in range(dimension)] for t in range(count)])


def is_cell(arrangement: Arrangement, signs: Sequence[int]) -> bool:
    """Whether the strict system sign_i (a_i·w − t_i) > 0 has a solution, zero rows left out, by Farkas's lemma.

    It has none iff 0 is a convex combination of the vectors sign_i (a_i, −t_i) and, for the added coordinate, (0, 1).
    """
    rows = zip(signs, arrangement.normals, arrangement.offsets, strict=True)
    vectors = [[sign * v for v in (*a, -t)] for sign, a, t in rows if any(a)]
    vectors.append([Fraction(0)] * arrangement.dimension + [Fraction(1)])
    vectors = [[*vector, Fraction(1)] for vector in vectors]
    target = [Fraction(0)] * (arrangement.dimension + 1) + [Fraction(1)]
    answer = solve_bounded_system(vectors, target, [Fraction(0)] * len(vectors), [None] * len(vectors))
    return isinstance(answer, FarkasVector)


def sign_vectors_by_brute_force(arrangement: Arrangement) -> set[tuple[int, ...]]:
    """Every sign vector of 2^n that is feasible."""
    choices = [(-1, 1) if any(a) else ((t < 0) - (t > 0),) for a, t in zip(arrangement.normals, arrangement.offsets, strict=True)]
    return {signs for signs in itertools.product(*choices) if is_cell(arrangement, signs)}


@st.composite
def small_arrangements(draw: st.DrawFn, central: bool | None = None) -> Arrangement:
    """Up to seven rows in up to four dimensions, often zero, repeated, opposite, parallel or dependent."""
    dimension = draw(st.integers(1, 4))
    entry = st.one_of(st.integers(-2, 2), st.fractions(min_value=-3, max_value=3, max_denominator=4))
    rows = draw(st.lists(st.lists(entry, min_size=dimension, max_size=dimension), min_size=1, max_size=5))
    for _ in range(draw(st.integers(0, 2))):
        chosen, factor = draw(st.sampled_from(rows)), draw(st.sampled_from([0, 1, -1, 2, Fraction(-1, 3)]))
        rows.append([factor * value for value in chosen])
    if draw(st.booleans()) and dimension > 1:
        rows = [[*row[:-1], row[0]] for row in rows]
    if central if central is not None else draw(st.booleans()):
        return Arrangement(rows)
    return Arrangement(rows, draw(st.lists(entry, min_size=len(rows), max_size=len(rows))))
