"""Cells of networks with one hidden layer: products of the cells of one unit."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from random import Random

import pytest

import exactsurf as es
from exactsurf.cells.unit_cells import count_cells, enumerate_patterns, enumerate_unit_cells, unit_arrangement


def problem(x: list[list[object]], hidden: list[int], activation: object = "relu", biases: bool = True) -> es.Problem:
    network = es.Network([len(x[0]), *hidden, 1], activation, biases=biases)
    return es.Problem(network, es.Data.from_arrays(x, list(range(len(x)))))


@pytest.mark.parametrize(("samples", "cells"), [(1, 2), (2, 4), (3, 6), (6, 12)])
def test_one_input_with_bias_has_two_cells_a_sample(samples: int, cells: int):
    # Cover: 2·(C(N−1, 0) + C(N−1, 1)) = 2N for distinct points on the line.
    assert count_cells(problem([[k] for k in range(samples)], [1])) == cells


def test_xor_has_the_threshold_count():
    # OEIS A000609: 14 threshold functions of two variables.
    xor = problem([[0, 0], [0, 1], [1, 0], [1, 1]], [2])
    assert unit_arrangement(xor).count_cells() == 14
    assert count_cells(xor) == 14**2
    assert count_cells(xor, modulo_permutation=True) == 14 * 15 // 2


@pytest.mark.parametrize("activation", ["relu", "hard_tanh", {"breakpoints": [-1, 0, 2], "slopes": [0, 1, 0, 3]}])
@pytest.mark.parametrize("biases", [True, False])
def test_patterns_are_those_of_random_weights(activation: object, biases: bool):
    """Every pattern that random weights hit is listed, the witnesses have theirs, and nothing is listed twice."""
    instance = problem([[1, 0], [0, 2], [1, 1], [-1, 1]], [1], activation, biases)
    h = instance.network.activation
    samples = [(*row, Fraction(1)) if biases else row for row in instance.data.x]

    def pieces(w: tuple[Fraction, ...]) -> tuple[int, ...] | None:
        z = [sum(a * b for a, b in zip(w, row, strict=True)) for row in samples]
        return None if set(z) & set(h.breakpoints) else tuple(sum(t < value for t in h.breakpoints) for value in z)

    listed = list(enumerate_unit_cells(instance))
    assert len({cell.pieces for cell in listed}) == len(listed) == count_cells(instance)
    assert all(pieces(cell.witness) == cell.pieces for cell in listed)
    source = Random(7)
    for _ in range(2000):
        w = tuple(Fraction(source.randint(-60, 60), source.randint(1, 20)) for _ in samples[0])
        found = pieces(w)
        assert found is None or found in {cell.pieces for cell in listed}


def test_products_and_orbits():
    instance = problem([[0], [1]], [2])
    patterns = list(enumerate_patterns(instance))
    orbits = list(enumerate_patterns(instance, modulo_permutation=True))
    assert len(set(patterns)) == len(patterns) == count_cells(instance) == 16
    assert len(orbits) == count_cells(instance, modulo_permutation=True) == 10
    unordered = {min(permutations(p.pieces[0])) for p in patterns}
    assert unordered == {min(permutations(p.pieces[0])) for p in orbits}


def test_huge_counts_need_no_listing():
    wide = problem([[k, k * k] for k in range(30)], [200])
    single = unit_arrangement(wide).count_cells()
    assert single == 2 * (1 + 29 + 29 * 28 // 2)
    assert count_cells(wide) == single**200


def test_refusals():
    with pytest.raises(es.UnsupportedError, match="one hidden layer"):
        count_cells(problem([[0], [1]], [2, 2]))
    with pytest.raises(es.InputError, match="no hidden layer"):
        unit_arrangement(problem([[0], [1]], []))
    with pytest.raises(es.InputError, match="linear"):
        count_cells(problem([[0], [1]], [2], "linear"))
