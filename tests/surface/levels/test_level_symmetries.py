"""Levels that symmetries lead to each other are found once: the tree is that without them, images are levels, ties are fewer."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import islice

import pytest

import exactsurf as es
from exactsurf.surface.levels.enclosed_landscape import EnclosedLandscape, assembled
from exactsurf.surface.levels.level_symmetries import level_symmetries
from exactsurf.surface.levels.level_table import LevelTable
from exactsurf.surface.levels.level_work import level_work
from exactsurf.surface.run.run import batches

LOSSES = ["logistic", "exponential", "log_cosh", "power(4)", "squared", "huber(1/2)", "squared_hinge", "poisson"]
WITHOUT_DECAY = {"logistic", "exponential", "log_cosh", "power(4)", "poisson"}
OF_LABELS = {"logistic", "exponential", "squared_hinge"}
INSTANCES = 10


def drawn(source: random.Random, loss: str) -> es.Problem:
    """Samples with their images under a reflection, an exchange or a half turn, and targets that are even or odd."""
    size = source.choice([1, 1, 2])
    maps = {1: [[[-1]]], 2: [[[0, 1], [1, 0]], [[-1, 0], [0, 1]], [[-1, 0], [0, -1]]]}
    matrix = source.choice(maps[size])
    odd = loss in {"logistic", "exponential", "log_cosh", "power(4)"} and source.random() < 0.4
    rows: dict[tuple[int, ...], int] = {}
    for _ in range(2 if size == 1 else source.choice([1, 2])):
        row = tuple(source.randint(-2, 2) for _ in range(size))
        target = source.choice([-1, 1]) if loss in OF_LABELS else source.randint(0, 2)
        for _ in range(2):
            if row not in rows:
                rows[row] = target
            row = tuple(sum(a * b for a, b in zip(line, row, strict=True)) for line in matrix)
            target = -target if odd and any(row) else target
    units = 2 if size == 1 and source.random() < 0.4 else 1
    biases = [source.random() < 0.7, source.random() < 0.7]
    decay = {}
    if loss not in WITHOUT_DECAY or (loss != "poisson" and source.random() < 0.4):
        decay = {"weight_decay": Fraction(1, source.choice([2, 10])), "decay_biases": source.random() < 0.7}
    data = es.Data.from_arrays(list(rows), list(rows.values()))
    network = es.Network([size, units, 1], source.choice([es.relu, es.relu, es.leaky_relu("1/7")]), biases=biases)
    return es.Problem(network, data, loss, **decay)


def enclosed(problem: es.Problem, use_symmetries: bool) -> EnclosedLandscape:
    work = level_work(problem)
    work = replace(work, levels=LevelTable(problem, work.atoms, use_symmetries))
    return assembled(work, batches(work, 1))


def instances(loss: str) -> Iterator[tuple[es.Problem, EnclosedLandscape]]:
    """Problems with symmetries, and their landscapes found without these."""
    source, found = random.Random(loss), 0
    while found < INSTANCES:
        problem = drawn(source, loss)
        if not any(map(any, problem.data.x)):
            continue
        try:
            land = enclosed(problem, False)
        except (es.UnsupportedError, es.InputError):
            # Not every problem with weight decay has a landscape, and where all levels are 0 their width is refused.
            continue
        if level_symmetries(problem, land.work.atoms):
            found += 1
            yield problem, land


@pytest.mark.parametrize("loss", LOSSES)
def test_the_landscape_is_that_without_symmetries(loss: str) -> None:
    for problem, without in instances(loss):
        with_them = enclosed(problem, True)
        nodes = [[(node.children, node.copies, node.cells) for node in land.merges.nodes] for land in (with_them, without)]
        assert nodes[0] == nodes[1] and with_them.merges.homes == without.merges.homes
        # Valleys of one level stand in the order of its last digits.
        other = {valley.node: valley for valley in without.valleys}
        assert len(with_them.valleys) == len(other)
        for one in with_them.valleys:
            two = other[one.node]
            assert (one.multiplicity, one.cells) == (two.multiplicity, two.cells)
            assert one.is_tied <= two.is_tied and (one.is_attained == two.is_attained or two.is_tied)
            for a, b in ((one.risk, two.risk), (one.barrier, two.barrier), (one.merges_at, two.merges_at)):
                assert (a is None) == (b is None)
                assert a is None or b is None or (a.low <= b.high and b.low <= a.high)


@pytest.mark.parametrize("loss", LOSSES)
def test_images_of_levels_are_enclosed_by_their_own_points_and_dual_vectors(loss: str) -> None:
    for problem, land in islice(instances(loss), 4):
        setting = land.work.levels.setting
        for one in level_symmetries(problem, land.work.atoms):
            for level in land.levels:
                image = one.level(level)
                assert setting.bound(image.gradient) == setting.bound(level.gradient)
                assert setting.risk_above(image.amounts, image.bias) == setting.risk_above(level.amounts, level.bias)
                bounded = setting.without(setting.too_cheap(setting.priced(image.gradient, setting.atoms.every)))
                assert bounded == image.bounded
                cone = level.alone if level.alone is not None else level.support
                true = land.work.levels.levels[land.work.levels.place(one.mask(cone))]
                assert true.low <= image.high and image.low <= true.high


def test_valleys_that_symmetries_lead_to_each_other_are_not_tied() -> None:
    data = es.Data.from_arrays([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
    land = es.enclosed_landscape(es.Problem(es.Network([2, 2, 1]), data, weight_decay="1/10", decay_biases=False), workers=1)
    levels = [valley.risk for valley in land.valleys if not valley.is_tied]
    assert len(levels) == 4 and len({(level.low, level.high) for level in levels}) == 1
