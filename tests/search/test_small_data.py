"""Small data sets modulo symmetry: against brute force, with the symmetries written out on values."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations, product
from random import Random

import pytest

import exactsurf as es
from exactsurf.search.small_data import SmallData, entries

Sample = tuple[tuple[Fraction, ...], tuple[Fraction, ...]]


def orbit(table: list[Sample], with_x_signs: bool = True, with_y_signs: bool = True) -> frozenset[tuple[Sample, ...]]:
    """All images of a data set, every one sorted, by moving values about."""
    inputs, outputs = len(table[0][0]), len(table[0][1])
    x_signs = list(product((1, -1), repeat=inputs)) if with_x_signs else [(1,) * inputs]
    y_signs = list(product((1, -1), repeat=outputs)) if with_y_signs else [(1,) * outputs]
    images = set()
    for p, q in product(permutations(range(inputs)), permutations(range(outputs))):
        for s, t in product(x_signs, y_signs):
            moved = [
                (tuple(s[k] * x[p[k]] for k in range(inputs)), tuple(t[k] * y[q[k]] for k in range(outputs))) for x, y in table
            ]
            images.add(tuple(sorted(moved)))
    return frozenset(images)


def samples_of(data: es.Data) -> list[Sample]:
    return list(zip(data.x, data.y, strict=True))


@pytest.mark.parametrize(
    ("samples", "inputs", "outputs", "x", "y"),
    [
        (2, 1, 1, entries(1), entries(1)),
        (3, 1, 1, entries(1), entries(2)),
        (2, 2, 1, entries(1), entries(1)),
        (2, 1, 2, entries(1), entries(1)),
        (2, 2, 2, entries(["0", "1"]), entries([1, -1])),
        (2, 1, 1, entries(["1/2", "1", "-2"]), entries(1)),
    ],
)
def test_every_orbit_exactly_once(samples: int, inputs: int, outputs: int, x: tuple, y: tuple) -> None:
    small = SmallData(samples, inputs, outputs, x, y)
    signs = {-v for v in x} == set(x), {-v for v in y} == set(y)
    rows = list(product(product(x, repeat=inputs), product(y, repeat=outputs)))
    every = {orbit(list(table), *signs) for table in product(rows, repeat=samples)}
    found = [orbit(samples_of(small.data(table)), *signs) for table in small.representatives()]
    assert len(found) == len(set(found))
    assert set(found) == every
    assert len(list(small.all_tables())) == len(rows) ** samples


def test_levels_split_the_tables() -> None:
    """Every first table belongs to exactly one largest absolute value."""
    small = SmallData(2, 1, 1, entries(2), entries(2))
    levels = [
        [level for level in range(3) if small.reaches(t, Fraction(level), with_targets=True)] for t in small.representatives()
    ]
    assert all(levels)
    largest = [
        max(abs(v) for sample in samples_of(small.data(t)) for part in sample for v in part) for t in small.representatives()
    ]
    assert largest == [max(found) for found in levels]


def test_random_data_keep_to_the_values() -> None:
    small, random = SmallData(5, 2, 1, entries(2), entries([1, -1])), Random(0)
    for _ in range(20):
        data = small.random_data(random)
        assert {v for row in data.x for v in row} <= set(entries(2))
        assert {row[0] for row in data.y} <= {1, -1}


def test_refusals() -> None:
    with pytest.raises(es.InputError, match="negative"):
        entries(-1)
    with pytest.raises(es.InputError, match="no values"):
        entries([])
    with pytest.raises(es.InexactNumberError):
        entries([0.5])
