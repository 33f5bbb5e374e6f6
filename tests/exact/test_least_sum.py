"""Minima of sums of convex piecewise quadratic functions against vertices of linear programs, bisection, and symmetries."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.effort import Effort, OutOfTime
from exactsurf.exact.convex_pieces import convex_pieces
from exactsurf.exact.least_sum import least_sum
from exactsurf.exact.linear_algebra import rank, solve

F = Fraction

LOSSES = [
    es.squared,
    es.absolute,
    es.quantile("1/5"),
    es.epsilon_insensitive("1/2"),
    es.huber("1/2"),
    es.piecewise_quadratic("difference", [0], [[0, -1, 0], [1, 0, 0]]),
    es.piecewise_quadratic("difference", [-1, 0, 2], [[0, -3, -1], [1, -1, 0], [0, 1, 0], [2, -5, 4]]),
]


def instance(seed: int, columns: int = 2, samples: int = 7) -> tuple[list[tuple[Fraction, ...]], list[Fraction]]:
    source = random.Random(seed)
    rows = [(*(F(source.randint(-4, 4)) for _ in range(columns - 1)), F(1)) for _ in range(samples)]
    return rows, [F(source.randint(-5, 5), source.choice((1, 2, 3))) for _ in range(samples)]


def total(loss: es.Loss, rows: list[tuple[Fraction, ...]], y: list[Fraction], z: tuple[Fraction, ...]) -> Fraction:
    return sum(loss.value(sum(a * b for a, b in zip(row, z, strict=True)), t) for row, t in zip(rows, y, strict=True))


@pytest.mark.parametrize("loss", [es.absolute, es.quantile("1/5"), es.epsilon_insensitive("1/2")], ids=repr)
@pytest.mark.parametrize("seed", range(12))
def test_linear_programs_against_all_their_vertices(loss: es.Loss, seed: int) -> None:
    columns = 2 + seed % 2
    rows, y = instance(seed, columns)
    if rank(rows) < columns:
        pytest.skip("no vertices")
    corners = [(row, t + shift) for row, t in zip(rows, y, strict=True) for shift in loss.breakpoints]
    best = min(
        total(loss, rows, y, solve([row for row, _ in chosen], [t for _, t in chosen]))
        for chosen in itertools.combinations(corners, columns)
        if rank([row for row, _ in chosen]) == columns
    )
    assert least_sum([loss.of_prediction(t) for t in y], rows, (F(0),) * columns).value == best


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
@pytest.mark.parametrize("seed", range(8))
def test_no_step_goes_lower_and_the_value_is_that_of_the_point(loss: es.Loss, seed: int) -> None:
    rows, y = instance(seed, 3)
    found = least_sum([loss.of_prediction(t) for t in y], rows, (F(1, 3), F(0), F(-2)))
    assert found.value == total(loss, rows, y, found.point)
    for direction in itertools.product((-1, 0, 1), repeat=3):
        for size in (F(1), F(1, 1000)):
            moved = tuple(a + size * d for a, d in zip(found.point, direction, strict=True))
            assert total(loss, rows, y, moved) >= found.value


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
def test_the_start_the_order_and_repeated_terms_change_nothing(loss: es.Loss) -> None:
    rows, y = instance(5)
    terms = [loss.of_prediction(t) for t in y]
    value = least_sum(terms, rows, (F(0), F(0))).value
    assert least_sum(terms[::-1], rows[::-1], (F(9), F(-4, 7))).value == value
    twice = [term.scaled(F(2)) for term in terms]
    assert least_sum(twice, rows, (F(0), F(0))).value == 2 * value == least_sum(terms * 2, rows * 2, (F(0), F(0))).value


def test_one_variable_against_bisection_of_the_slope() -> None:
    term = convex_pieces([0, 1, 3], [("1/2", -1, 0), ("1/2", 0, 0), (1, -1, "1/2"), (0, 6, "-23/2")])
    shifts = [F(-3), F(0), F(1, 3), F(7)]
    functions = [term.of_affine(F(1), -s) for s in shifts]
    low, high = F(-20), F(20)
    for _ in range(80):
        middle = (low + high) / 2
        if sum(f.slopes(middle)[1] for f in functions) >= 0:
            high = middle
        else:
            low = middle
    found = least_sum(functions, [(F(1),)] * 4, (F(0),)).point[0]
    assert low <= found <= high


def test_the_time_is_asked_after() -> None:
    rows, y = instance(1)
    with pytest.raises(OutOfTime):
        least_sum([es.absolute.of_prediction(t) for t in y], rows, (F(0), F(0)), Effort.of(F(1, 10**9)).started())
