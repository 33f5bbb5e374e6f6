"""The landscape below a level against the whole landscape, cut at the level."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import count

import pytest

import exactsurf as es
from exactsurf import effort
from exactsurf.effort import OutOfTime
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.surface.merge_tree import MergeTree
from exactsurf.surface.signed_cells import Orbit
from exactsurf.surface.surface import Landscape

F = Fraction
LOSSES = [
    "squared",
    "absolute",
    es.huber(1),
    "hinge",
    "squared.mean",
    "quantile(1/3)",
    "squared_hinge",
    "epsilon_insensitive(1/2)",
]
ACTIVATIONS = [es.relu, es.leaky_relu("1/3"), es.absolute_value, es.piecewise_linear([1], [0, 1], 0)]


def random_problem(generator: random.Random, loss) -> es.Problem:
    units, inputs = generator.choice([(1, 1), (2, 1), (2, 1), (3, 1), (1, 2), (2, 2)])
    samples = generator.randint(1, {1: 5, 2: 4, 3: 2}[units])
    activation = generator.choice(ACTIVATIONS)
    size = generator.choice([1, 2, 4])  # small sizes give equal samples and zeros
    x = [[generator.randint(-size, size) for _ in range(inputs)] for _ in range(samples)]
    y = [generator.choice([-1, 1]) if "hinge" in str(loss) else generator.randint(-3, 3) for _ in x]
    biases = [generator.random() < F(2, 3) and (inputs == 1 or samples < 4), generator.random() < F(2, 3)]
    weights = [generator.randint(1, 3) for _ in x] if generator.random() < F(1, 3) else None
    network = es.Network([inputs, units, 1], activation, biases=biases)
    return es.Problem(network, es.Data.from_arrays(x, y), loss=loss, sample_weight=weights)


def below_all(tree: MergeTree, names: list[Orbit], level: Fraction | None) -> list:
    """The components that are left just below the level, each with all that happened in it."""
    nodes = tree.nodes
    parents = {child: k for k, node in enumerate(nodes) for child in node.children}

    def told(k: int) -> tuple:
        node = nodes[k]
        return node.level, node.copies, sorted(names[c] for c in node.cells), sorted(map(told, node.children))

    low = [k for k, node in enumerate(nodes) if level is None or node.level < level]
    tops = [k for k in low if k not in parents or (level is not None and nodes[parents[k]].level >= level)]
    return sorted(map(told, tops))


def levels_of(land: Landscape, generator: random.Random) -> list[Fraction]:
    events = sorted({node.level for node in land.merges.nodes} | set(land.risks))
    low, high = events[0], events[-1]
    return [generator.choice(events), low + (high - low) * F(generator.randint(1, 20), 20), high + 1, low]


@pytest.mark.parametrize("loss", LOSSES, ids=str)
@pytest.mark.parametrize("part", range(4))
def test_it_is_the_whole_landscape_cut_at_the_level(loss, part: int):
    generator = random.Random(f"{loss} {part}")
    for _ in range(28):
        problem = random_problem(generator, loss)
        land = es.landscape(problem, workers=1)
        names = list(land.work.orbits.between(0, land.orbits))
        level = generator.choice(levels_of(land, generator))
        low = es.landscape(problem, below=level)
        assert dict(zip(low.orbits, low.risks, strict=True)) == {
            orbit: risk for orbit, risk in zip(names, land.risks, strict=True) if risk < level
        }
        assert below_all(low.merges, list(low.orbits), None) == below_all(land.merges, names, level)
        told = []
        for valley in land.valleys:
            if valley.risk < level:
                barrier = valley.barrier if valley.barrier is not None and valley.barrier < level else None
                merges = valley.merges_at if valley.merges_at is not None and valley.merges_at < level else None
                least = level if valley.is_spurious and barrier is None else None
                told.append((valley.risk, barrier, merges, valley.multiplicity, least, valley.is_global, valley.is_attained))
        found = [
            (v.risk, v.barrier, v.merges_at, v.multiplicity, v.barrier_at_least, v.is_global, v.is_attained) for v in low.valleys
        ]
        assert sorted(found, key=str) == sorted(told, key=str)
        for valley in low.valleys:
            assert valley.parameters is None or problem.risk(valley.parameters) == valley.risk
        assert (low.global_minimum is None) == (land.global_minimum.risk >= level)


def test_few_of_many_signed_cells():
    # 2,000 of 31 million orbits would be too long for a test; here 1 of 10 is enough to see that the others are not touched.
    generator = random.Random(1)
    x, y = [[generator.randint(-9, 9)] for _ in range(9)], [generator.randint(-9, 9) for _ in range(9)]
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays(x, y))
    least = es.certify_global_minimum(problem).risk
    low = es.landscape(problem, below=F(5, 4) * least)
    assert low.global_minimum is not None and low.global_minimum.risk == least
    assert 10 * len(low.orbits) < low.work.orbits.count
    row = low.to_rows()[-1]
    assert row["barrier_at_least"] in (None, F(5, 4) * least) and row["spurious"]


def test_bad_questions(monkeypatch):
    data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    problem = es.Problem(es.Network([1, 2, 1]), data)
    with pytest.raises(es.InexactNumberError):
        es.landscape(problem, below=0.5)
    with pytest.raises(InputError, match="more than 2 orbits"):
        es.landscape(problem, below=5, max_cells=2)
    with pytest.raises(InputError, match="positive"):
        es.landscape(problem, below=5, workers=0)
    with pytest.raises(InputError, match="exclude"):
        es.landscape(problem, below=5, workers=2, dask="tcp://a:1")
    with pytest.raises(UnsupportedError):
        es.landscape(es.Problem(es.Network([1, 2, 2, 1]), data), below=5)
    looks = count()
    # A clock that moves on by a second at each look; the table of cells takes 77 of them.
    monkeypatch.setattr(effort, "monotonic_ns", lambda: next(looks) * 10**9)
    with pytest.raises(OutOfTime, match="signed cells below the level"):
        es.landscape(problem, below=5, effort=90)
