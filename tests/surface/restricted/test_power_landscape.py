"""Landscapes in powers against flooded grids, non-negative least squares, decisions at rational roots, and free factors."""

from __future__ import annotations

import pickle
import random
from fractions import Fraction
from itertools import combinations
from math import inf

import numpy as np
import pytest

import exactsurf as es
from tests.surface.restricted.flooding import basins, float_risks

DIFFERENCE = es.restriction(es.Network([1, 2, 1], "linear", biases=False), W1=[["u"], ["v"]], W2=[["u", "-v"]])
PLANES = {
    "squares": es.diagonal(2, shared=True),
    "cubes": es.diagonal(2, 3, shared=True),
    "difference of squares": DIFFERENCE,
    "squares of ReLU units": es.restriction(es.Network([2, 2, 1], biases=False), W1=[["u", 0], [0, "v"]], W2=[["u", "-v"]]),
    "square and a bias": es.restriction(es.Network([2, 1, 1], "linear", biases=[False, True]), W1=[["w", "-2*w"]], W2=[["w"]]),
}


def problem_of(name: str, seed: int) -> es.RestrictedProblem:
    restriction = PLANES[name]
    source = random.Random(f"{name} {seed}")
    rows = [[source.randint(-2, 2) for _ in range(restriction.network.widths[0])] for _ in range(3)]
    loss = ("squared", "absolute", "huber(1/2)")[seed % 3]
    return es.RestrictedProblem(restriction, es.Data.from_arrays(rows, [source.randint(-3, 3) for _ in range(3)]), loss)


def roots(land: es.PowerLandscape, powers: tuple[Fraction, ...]) -> np.ndarray:
    """The values of the free parameters, by floats."""
    return np.array([np.sign(float(q)) * abs(float(q)) ** (1 / e) for q, e in zip(powers, land.exponents, strict=True)])


@pytest.mark.parametrize("name", PLANES)
@pytest.mark.parametrize("seed", range(3))
def test_levels_are_those_of_a_flooded_grid(name: str, seed: int) -> None:
    problem = problem_of(name, seed)
    land = es.power_landscape(problem)
    ends = np.array([roots(land, valley.powers) for valley in land.valleys])
    assert np.allclose(float_risks(problem, ends.T), [float(valley.risk) for valley in land.valleys])
    axis = np.linspace(-1, 1, 401) * (np.abs(ends).max() + 1)
    a, b = np.meshgrid(axis, axis, indexing="ij")
    risks = float_risks(problem, np.stack([a.ravel(), b.ravel()])).reshape(401, 401)
    assert risks.min() >= float(land.global_minimum.risk) - 1e-9
    deep = sorted((float(v.risk), inf if v.merges_at is None else float(v.merges_at)) for v in land.valleys)
    found = [(low, high) for low, high in basins(risks) if high - low > 0.3]
    lowest = [
        min(float(land.merges.nodes[leaf].level) for leaf in land.merges.leaves_under(k)) for k in range(len(land.merges.nodes))
    ]
    for node in land.merges.nodes:
        # The second lowest of what joins ends here.
        ends = sorted(lowest[child] for child in node.children)[1:]
        if ends and float(node.level) - ends[0] > 0.5:
            assert any(abs(float(node.level) - high) < 0.15 and abs(ends[0] - low) < 0.15 for low, high in found), (node, found)
    assert all(any(abs(low - risk) < 0.15 for risk, _ in deep) for low, _ in found), (found, deep)


@pytest.mark.parametrize("name", PLANES)
@pytest.mark.parametrize("seed", range(3))
def test_small_steps_from_local_minima_do_not_fall_and_random_points_are_none(name: str, seed: int) -> None:
    problem = problem_of(name, seed)
    land = es.power_landscape(problem)
    noise = np.random.default_rng(seed)
    for found in land.local_minima:
        here = roots(land, found.powers)[:, None]
        assert abs(float_risks(problem, here)[0] - float(found.risk)) < 1e-9
        for size in (1e-2, 1e-3, 1e-4):
            assert float_risks(problem, here + size * noise.normal(size=(2, 500))).min() >= float(found.risk) - 1e-9
        if all(e == 1 or _has_root(q, e) for q, e in zip(found.powers, land.exponents, strict=True)):
            exact = problem.restriction.at([_root(q, e) for q, e in zip(found.powers, land.exponents, strict=True)])
            assert problem.risk(exact) == found.risk and es.decide(problem, exact).status is not es.Status.REFUTED
    risks = {found.risk for found in land.local_minima}
    for values in ([0, 0], [1, 0], [0, 1], [1, 1], [-1, 1], [Fraction(1, 2), -1]):
        point = problem.restriction.at(values)
        if es.decide(problem, point).status is es.Status.PROVED:
            assert problem.risk(point) in risks


def _root(power: Fraction, e: int) -> Fraction:
    size = [round(abs(value) ** (1 / e)) for value in (power.numerator, power.denominator)]
    return Fraction(size[0] if power > 0 else -size[0], size[1])


def _has_root(power: Fraction, e: int) -> bool:
    return abs(_root(power, e)) ** e == abs(power)


@pytest.mark.parametrize("seed", range(4))
def test_squares_are_non_negative_least_squares(seed: int) -> None:
    """The least risk over all supports of a fit with coefficients ≥ 0, each sign of each root; no others."""
    source = random.Random(seed)
    rows = [[source.randint(-2, 2) for _ in range(3)] for _ in range(5)]
    targets = [source.randint(-3, 3) for _ in range(5)]
    land = es.power_landscape(es.RestrictedProblem(es.diagonal(3, shared=True), es.Data.from_arrays(rows, targets)))
    design, y = np.array(rows, dtype=float), np.array(targets, dtype=float)
    best = float(y @ y) / 2
    for size in (1, 2, 3):
        for support in combinations(range(3), size):
            fit, *_ = np.linalg.lstsq(design[:, support], y, rcond=None)
            if np.all(fit >= -1e-12):
                best = min(best, float(((design[:, support] @ fit - y) ** 2).sum()) / 2)
    assert abs(float(land.global_minimum.risk) - best) < 1e-9
    assert all(found.is_global and found.is_valley for found in land.local_minima)
    used = sum(q != 0 for q in land.global_minimum.powers)
    assert len(land.valleys) == len(land.local_minima) == 2**used


def test_a_difference_of_squares_reaches_what_free_factors_reach() -> None:
    """u² − v² is any number: the least risk is that of least squares, as for two free factors, and so are the barriers."""
    data = es.Data.from_arrays([1, 2, -1], [1, 3, 0])
    land = es.power_landscape(es.RestrictedProblem(DIFFERENCE, data))
    free = es.landscape(es.RestrictedProblem(es.diagonal(1), data))
    assert land.global_minimum.risk == free.global_minimum.risk
    assert {v.merges_at for v in land.valleys} == {v.merges_at for v in free.valleys} and len(land.valleys) == len(free.valleys)
    assert pickle.loads(pickle.dumps(land)) == land and repr(land).startswith("PowerLandscape(")


def test_what_is_not_known_is_refused_in_words() -> None:
    data = es.Data.from_arrays([1, 2], [1, 2])
    with pytest.raises(es.UnsupportedError, match="no landscape in powers is known"):
        es.power_landscape(es.RestrictedProblem(es.diagonal(1), data))
    with pytest.raises(es.InputError, match="power_landscape needs a RestrictedProblem"):
        es.power_landscape(es.Problem(es.Network([1, 1, 1]), data))  # type: ignore[arg-type]
    shared = es.RestrictedProblem(es.diagonal(1, shared=True), data)
    with pytest.raises(es.UnsupportedError, match=r"es\.power_landscape"):
        es.landscape(shared)
    with pytest.raises(es.UnsupportedError, match="in powers are not known with weight decay"):
        es.power_landscape(es.RestrictedProblem(shared.restriction, data, weight_decay=1))
    with pytest.raises(es.InputError, match="more than 1"):
        es.power_landscape(shared, max_cells=1)
    with pytest.raises(es.OutOfTime):
        es.power_landscape(problem_of("squares of ReLU units", 0), effort="1/1000000")
