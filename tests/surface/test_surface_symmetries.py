"""Symmetries of the data change nothing: landscapes are invariant under them, and local minima found with them are the same."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

import pytest

import exactsurf as es
from exactsurf.surface.local_minima import find_local_minima
from exactsurf.surface.surface_symmetries import SurfaceSymmetry, fixing, images_of, others, surface_symmetries

LOSSES = [
    es.squared,
    es.huber(1),
    es.huber("1/2"),
    es.absolute,
    es.hinge,
    es.squared_hinge,
    es.smoothed_hinge,
    es.quantile("1/3"),
    es.epsilon_insensitive(1),
]
ACTIVATIONS = [es.relu, es.relu, es.leaky_relu("1/7"), es.absolute_value, es.hard_tanh]
INSTANCES = 24


def made_symmetric(source: random.Random, loss: es.Loss) -> es.Problem:
    """Samples with all their images under reflections, an exchange of inputs or a shear, and targets that are even or odd."""
    size = source.choice([1, 1, 2])
    maps = {1: [[[-1]]], 2: [[[0, 1], [1, 0]], [[-1, 0], [0, 1]], [[-1, 0], [0, -1]], [[1, 1], [0, -1]], [[0, 1], [-1, -1]]]}
    matrix = source.choice(maps[size])
    rows: dict[tuple[int, ...], int] = {}
    odd = source.random() < 0.4 and len(matrix) == 1
    labels = loss.is_of_labels
    for _ in range(source.choice([2, 3]) if size == 1 else source.choice([1, 2])):
        row = tuple(source.randint(-2, 2) for _ in range(size))
        target = source.choice([-1, 1]) if labels else source.randint(-2, 2)
        for _ in range(3):
            if row not in rows and len(rows) < 5:
                rows[row] = target
            row = tuple(sum(a * b for a, b in zip(line, row, strict=True)) for line in matrix)
            target = -target if odd else target
    activation = source.choice(ACTIVATIONS)
    units = source.choice([1, 2]) if activation.two_slopes and size == 1 else 1
    biases = [source.random() < 0.5, source.random() < 0.6]
    weights = [source.choice([1, 1, 2])] * len(rows)
    data = es.Data.from_arrays(list(rows), list(rows.values()), weights=weights)
    return es.Problem(es.Network([size, units, 1], activation, biases=biases), data, loss=loss)


def instances(loss: es.Loss) -> Iterator[es.Landscape]:
    source, found = random.Random(repr(loss)), 0
    while found < INSTANCES:
        instance = made_symmetric(source, loss)
        if any(any(row) for row in instance.data.x):
            land = es.landscape(instance, workers=1)
            if surface_symmetries(land.work):
                found += 1
                yield land


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
def test_local_minima_are_the_same_to_the_last_bit(loss: es.Loss) -> None:
    for land in instances(loss):
        again = es.landscape(land.problem, workers=1)
        with_them, without = find_local_minima(land), find_local_minima(again, use_symmetries=False)
        assert with_them == without
        assert [repr(one.parameters) for one in with_them] == [repr(one.parameters) for one in without]


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
def test_symmetries_lead_signed_cells_to_signed_cells_of_the_same_risk(loss: es.Loss) -> None:
    for land in itertools.islice(instances(loss), 8):
        work = land.work
        for one in surface_symmetries(work):
            assert sorted(one.cells) == list(range(len(work.table.cells)))
            assert sorted(one.faces) == list(range(len(work.table.faces)))
            for number, orbit in enumerate(work.orbits.between(0, work.orbits.count)):
                image = one.orbit(orbit)
                other = work.orbits.rank(image)
                assert land.risks[other] == land.risks[number]
                assert work.minima.cone(image) == one.mask(work.minima.cone(orbit))
                if loss.is_smooth:
                    assert land.residuals[land.fits[other]] == one.gradient_key(land.residuals[land.fits[number]])


def test_the_group_acts() -> None:
    corners = list(itertools.product((-1, 1), repeat=2))
    problem = es.Problem(es.Network([2, 1, 1]), es.Data.from_arrays(corners, [0, 1, 1, 0]))
    land = es.landscape(problem, workers=1)
    generators = surface_symmetries(land.work)
    key = land.residuals[0]
    everything = images_of(key, SurfaceSymmetry.gradient_key, generators)
    assert list(everything) == others(key, SurfaceSymmetry.gradient_key, generators)
    assert all(way.gradient_key(key) == image and way.undone().gradient_key(image) == key for image, way in everything.items())
    for image in everything:
        own = fixing(image, SurfaceSymmetry.gradient_key, generators)
        assert all(one.gradient_key(image) == image for one in own)
        assert not own or len(everything) + 1 < 8  # of a group of order 8


def test_parity_of_three_bits() -> None:
    corners = list(itertools.product((0, 1), repeat=3))
    problem = es.Problem(es.Network([3, 1, 1]), es.Data.from_arrays(corners, [sum(row) % 2 for row in corners]))
    land = es.landscape(problem, workers=1)
    assert find_local_minima(land) == find_local_minima(es.landscape(problem, workers=1), use_symmetries=False)
