"""Searches in floats never end below a global minimum, and random points never have a pattern that a complete list lacks."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest

import exactsurf as es
from exactsurf.cells.activation_pattern import activation_pattern
from exactsurf.cells.patterns.pattern_regions import pattern_regions
from exactsurf.model.parameter_vector import vector_of
from exactsurf.surface.global_certificate import certify_global_minimum
from exactsurf.surface.surface import landscape
from tests import oracle
from tests.soundness.degenerate import ACTIVATIONS
from tests.soundness.float_network import FloatNetwork, rational


@pytest.mark.slow
def test_no_float_run_ends_below_the_global_minimum():
    reached = 0
    for seed in range(24):
        rnd, rng = random.Random(seed), np.random.default_rng(seed)
        activation = rnd.choice([h for h in ACTIVATIONS if h.breakpoints])
        inputs, units = rnd.choice([(1, 1), (1, 2), (1, 3), (2, 1), (2, 2)])
        biases = [rnd.random() < 0.5 if inputs + units < 4 else False, rnd.random() < 0.5]
        x = [[rnd.randint(-2, 3) for _ in range(inputs)] for _ in range(rnd.randint(1, 4))]
        loss = rnd.choice([es.squared, es.absolute, es.huber("1/2"), es.hinge])
        data = es.Data.from_arrays(x, [[rnd.choice([-1, 1] if loss is es.hinge else [-2, -1, 1, 2])] for _ in x])
        problem = es.Problem(es.Network([inputs, units, 1], activation, biases=biases), data, loss)
        land = landscape(problem, workers=1)
        lowest = land.global_minimum.risk
        for valley in land.valleys:
            assert valley.parameters is None or oracle.risk(problem, valley.parameters) == valley.risk
        network = FloatNetwork(problem)
        for spread in (0.5, 3):
            best = network.descend(rng.standard_normal((60, network.dimension)) * spread, 150)[0]
            risk = oracle.risk(problem, rational(problem, [0] * network.dimension, best))
            assert risk >= lowest, seed
            reached += risk < lowest + oracle.scale(problem) / 50
        if seed % 4 == 0:
            proof = certify_global_minimum(problem)
            assert (proof.risk, proof.parameters is not None) == (lowest, land.global_minimum.is_attained)
    assert reached > 30


@pytest.mark.slow
def test_no_pattern_outside_a_complete_list():
    complete = 0
    for seed in range(14):
        rnd, rng = random.Random(seed), np.random.default_rng(seed)
        widths = rnd.choice([[1, 1, 1, 1], [1, 1, 2, 1], [1, 2, 1, 1], [2, 1, 1, 1], [1, 1, 1, 1, 1]])
        biases = [rnd.random() < 0.7 for _ in widths[1:]]
        activation = rnd.choice([h for h in ACTIVATIONS if h.breakpoints])
        x = [[rnd.randint(-2, 3) for _ in range(widths[0])] for _ in range(rnd.randint(1, 3))]
        problem = es.Problem(es.Network(widths, activation, biases=biases), es.Data.from_arrays(x, [[0]] * len(x)))
        regions = pattern_regions(problem, limit=2000, decisions=2000)
        if not regions.complete:
            continue
        complete += 1
        listed = {region.pattern.pieces for region in regions.regions}
        network = FloatNetwork(problem)
        for spread in (0, 1, 3):
            points = rng.standard_normal((600, network.dimension)) * np.exp(
                rng.standard_normal((600, network.dimension)) * spread
            )
            _, readings, _ = network.forward(points)
            for point in points[_first_of_each_pattern(network, points, readings)]:
                theta = rational(problem, [0] * network.dimension, point)
                pattern = activation_pattern(problem, theta)
                assert not pattern.is_interior or pattern.pieces in listed, (seed, vector_of(theta))
    assert complete > 8


def _first_of_each_pattern(network: FloatNetwork, points: np.ndarray, readings: list[np.ndarray]) -> np.ndarray:
    """Places of points such that every pattern (as floats see it) occurs."""
    pieces = []
    for (below, _), (weights, bias) in zip(pairwise(readings), network.layers(points), strict=False):
        z = np.einsum("sni,sji->snj", below, weights)
        z = z if bias is None else z + bias[:, None, :]
        pieces.append(np.searchsorted(network.breakpoints, z).reshape(len(points), -1))
    return np.unique(np.concatenate(pieces, axis=1), axis=0, return_index=True)[1]
