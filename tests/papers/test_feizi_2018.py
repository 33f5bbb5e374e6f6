"""Porcupine networks on samples against brute force."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import InputError, ShapeError
from exactsurf.papers import feizi_2018
from exactsurf.papers.feizi_2018 import matched_sample, porcupine_optimum

F = Fraction

LINES = [[2, -1], [2, -2]]


def risk(data: es.Data, lines: list[list[int]], t: list[Fraction]) -> Fraction:
    """½ Σ (Σ_j relu(t_j u_j·x) − y)², from the definition."""
    total = F(0)
    for x, (y,) in zip(data.x, data.y, strict=True):
        units = [length * sum(u * v for u, v in zip(line, x, strict=True)) for length, line in zip(t, lines, strict=True)]
        total += (sum((max(F(0), z) for z in units), F(0)) - y) ** 2
    return total / 2


def test_a_matched_sample_with_a_local_optimum_that_is_not_global() -> None:
    problem, local, teacher = matched_sample()
    found = porcupine_optimum(problem.data, LINES, ["4/3", "-11/5"])
    assert (found.risk, found.least, found.best) == (F(8, 5), 0, (F(-2), F(1)))
    assert problem.risk(local) == found.risk and problem.risk(teacher) == 0
    source = random.Random(3)
    for _ in range(300):
        t = [v + F(source.randint(-9, 9), 1000) for v in found.lengths]
        assert risk(problem.data, LINES, t) >= found.risk


samples = st.lists(st.tuples(st.integers(-2, 2), st.integers(-2, 2), st.integers(-3, 3)), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(samples, st.lists(st.integers(-2, 2), min_size=2, max_size=2))
def test_local_and_global_against_a_grid(rows, lengths) -> None:
    data = es.Data.from_arrays([row[:2] for row in rows], [row[2] for row in rows])
    lines = [[1, 0], [1, 1]]
    found = porcupine_optimum(data, lines, lengths)
    assert found.risk == risk(data, lines, list(map(F, lengths))) and found.least == risk(data, lines, list(found.best))
    near = [
        risk(data, lines, [v + F(d, 10**6) for v, d in zip(lengths, step, strict=True)]) for step in product((-1, 0, 1), repeat=2)
    ]
    assert found.is_local_minimum == (min(near) >= found.risk)
    grid = [F(n, 2) for n in range(-8, 9)]
    assert found.least <= min(risk(data, lines, [a, b]) for a, b in product(grid, grid))
    best = porcupine_optimum(data, lines, found.best)
    assert best.is_local_minimum and best.is_global_minimum


def test_lines_and_lengths_are_checked() -> None:
    data = es.Data.from_arrays([[1, 0]], [1])
    for lines in ([[1, 0], [-2, 0]], [[0, 0]], []):
        with pytest.raises(InputError):
            porcupine_optimum(data, lines, [0] * len(lines))
    with pytest.raises(ShapeError):
        porcupine_optimum(data, [[1, 0]], [1, 2])
    with pytest.raises(ShapeError):
        porcupine_optimum(data, [[1]], [1])


def test_porcupine_hypotheses() -> None:
    problem, local, _ = matched_sample()
    theorem = feizi_2018.porcupine
    assert theorem.check(problem, local).status is Status.PROVED
    twice = problem.parameters(W1=[[1, 1], [2, 2]], W2=[[1, 1]])
    assert theorem.check(problem, twice).failing == ("lines",)
    assert theorem.check(problem, problem.parameters(W1=[[1, 1], [1, 0]], W2=[[1, 2]])).failing == ("lines",)
    assert theorem.check(problem, problem.parameters(W1=[[0, 0], [1, 0]], W2=[[1, 1]])).undecided == ("lines",)
    assert theorem.conclusion(problem, local).status is Status.UNDECIDED
    assert theorem.construct(problem, LINES).is_global_minimum
