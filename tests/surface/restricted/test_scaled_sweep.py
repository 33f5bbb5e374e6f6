"""Random restrictions that turn out to have scales: every answer about them against floats, decisions and each other."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from itertools import count, islice
from typing import Any

import numpy as np
import pytest

import exactsurf as es
from exactsurf.model.scales import Scales, scales_where_needed
from tests.surface.restricted.flooding import float_risks
from tests.sweep import draws

SWEEP = draws(30)


def entry(source: random.Random, layer: int, depth: int) -> Any:
    """0, a number, a free parameter or a sum of two."""
    pool = "abc" if layer == 0 else "uv" if layer == depth else "cv"
    if source.random() < 0.1:
        pool = "abcuv"
    kind = source.random()
    if kind < 0.4:
        return 0 if kind < 0.25 else source.randint(-2, 2)
    name = source.choice(["", "-", "2*"]) + source.choice(pool)
    return name if kind < 0.85 else name + source.choice([" + ", " - "]) + source.choice([*pool, "1"])


def problems() -> Iterator[tuple[int, es.RestrictedProblem, Scales]]:
    """Small ones that have scales, one hidden layer or two, from the seeds that give them."""
    for seed in count():
        source = random.Random(seed)
        depth = source.choice([1, 1, 2])
        widths = [source.randint(1, 3), *(source.randint(1, 2) for _ in range(depth)), 1]
        biases = [source.random() < 0.3 for _ in range(depth + 1)]
        network = es.Network(widths, source.choice(["relu", "linear", {"leaky_relu": "-1/2"}, "absolute_value"]), biases=biases)
        layers = {
            name: [entry(source, int(name[1:]) - 1, depth) for _ in range(shape[0])]
            if len(shape) == 1
            else [[entry(source, int(name[1:]) - 1, depth) for _ in range(shape[1])] for _ in range(shape[0])]
            for name, shape in network.shapes.items()
        }
        try:
            restriction = es.restriction(network, **layers)
        except es.InputError:
            continue
        samples = source.randint(2, 3)
        data = es.Data.from_arrays(
            [[source.randint(-2, 2) for _ in range(widths[0])] for _ in range(samples)],
            [source.randint(-2, 2) for _ in range(samples)],
        )
        problem = es.RestrictedProblem(restriction, data, source.choice(["squared", "absolute", "huber(1/2)"]))
        scales = scales_where_needed(problem)
        if scales is not None:
            yield seed, problem, scales


@pytest.mark.parametrize(
    ("seed", "problem", "scales"), list(islice(problems(), SWEEP)), ids=lambda value: str(value) if isinstance(value, int) else ""
)
def test_every_answer(seed: int, problem: es.RestrictedProblem, scales: Scales) -> None:
    source, restriction = random.Random(seed), problem.restriction
    grid = [[Fraction(source.randint(-3, 3), source.randint(1, 2)) for _ in range(restriction.dimension)] for _ in range(5)]
    for values in grid:
        for scale in scales.scales:
            factor = Fraction(source.randint(1, 4), source.randint(1, 4))
            moved = [v / factor if k == scale.factor else v * factor if k in scale.filter else v for k, v in enumerate(values)]
            assert problem.risk(restriction.at(moved)) == problem.risk(restriction.at(values))
    lowest = es.certify_global_minimum(problem).risk
    noise = np.random.default_rng(seed)
    points = noise.normal(size=(restriction.dimension, 5000)) * noise.choice([0.3, 1, 3], size=5000)
    assert float_risks(problem, points).min() >= float(lowest) - 1e-9
    try:
        land = es.landscape(problem, max_cells=120)
    except es.InputError:
        return
    assert land.global_minimum.risk == lowest
    try:
        minima = land.local_minima
    except es.UnsupportedError:
        assert restriction.network.layers > 2 or not scales.are_last
        return
    assert minima[0].risk == lowest
    for found in minima[:4]:
        assert problem.risk(found.parameters) == found.risk
        assert es.decide(problem, found.parameters, effort=5).status is not es.Status.REFUTED
    risks = {found.risk for found in minima}
    for values in [*land.minimisers[:4], *grid[:3]] if land.has_all_local_minima else []:
        point = restriction.at(values)
        assert es.decide(problem, point, effort=5).status is not es.Status.PROVED or problem.risk(point) in risks
