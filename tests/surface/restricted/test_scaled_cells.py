"""Landscapes with scales against landscapes without a restriction, flooded grids, descents in floats, and decisions."""

from __future__ import annotations

import random
from collections import Counter
from math import inf

import numpy as np
import pytest

import exactsurf as es
from exactsurf.model.scales import Scales
from tests.surface.restricted.flooding import basins, float_risks
from tests.surface.restricted.scaled_problems import KINDS, SCALED, scaled

LOSSES = ("squared", "absolute", "huber(1/2)", "hinge")


def table(land: object) -> Counter[tuple[object, ...]]:
    """Valleys with their copies."""
    found: Counter[tuple[object, ...]] = Counter()
    for valley in land.valleys:  # type: ignore[attr-defined]
        found[valley.risk, valley.barrier] += valley.multiplicity
    return found


def minima_of(land: object) -> Counter[tuple[object, ...]]:
    found: Counter[tuple[object, ...]] = Counter()
    for minimum in land.local_minima:  # type: ignore[attr-defined]
        found[minimum.risk, minimum.is_global, minimum.is_valley] += minimum.multiplicity
    return found


@pytest.mark.parametrize(
    ("widths", "activation", "biases", "loss"),
    [
        *(([1, 1, 1], "relu", True, loss) for loss in LOSSES),
        *(([2, 1, 1], {"leaky_relu": "1/3"}, False, loss) for loss in LOSSES),
        *(([1, 2, 1], "absolute_value", False, loss) for loss in LOSSES),
        ([1, 2, 1], "relu", True, "squared"),
    ],
)
def test_the_ordinary_network_is_one_patch_for_each_scale(widths: list[int], activation: object, biases: bool, loss: str) -> None:
    """Valleys, barriers, and for differentiable losses all local minima, are those of the landscape without a restriction."""
    source = random.Random(f"{widths} {activation} {loss}")
    count = 3 if widths[1] == 2 and biases else 4
    data = es.Data.from_arrays(
        [[source.randint(-3, 3) for _ in range(widths[0])] for _ in range(count)], [source.choice([-1, 1]) for _ in range(count)]
    )
    network = es.Network(widths, activation, biases=biases)
    free = es.landscape(es.Problem(network, data, loss))
    land = es.landscape(es.RestrictedProblem(es.restriction(network), data, loss))
    assert table(land) == table(free) and land.cells == free.cells
    assert land.has_all_local_minima == (loss in ("squared", "huber(1/2)") or (widths[0] == 1 and not biases))
    if land.has_all_local_minima and free.has_all_local_minima:
        assert minima_of(land) == minima_of(free)
    for found in land.local_minima:
        assert land.problem.risk(found.parameters) == found.risk


def test_a_scaled_filter_is_a_fixed_head_of_either_sign() -> None:
    """The global minimum is the lower one of the minima with v = 1 and with v = −1; and samples may be permuted and scaled."""
    for seed in range(4):
        problem = scaled("opposite patches", seed)
        data, loss = problem.unrestricted.data, problem.unrestricted.loss
        heads = [es.convolution(4, [2], strides=2, head=[v, -v]) for v in (1, -1)]
        lowest = min(es.landscape(es.RestrictedProblem(head, data, loss)).global_minimum.risk for head in heads)
        land = es.landscape(problem)
        assert land.global_minimum.risk == lowest == es.certify_global_minimum(problem).risk
        turned = es.Data.from_arrays([[3 * value for value in row] for row in reversed(data.x)], list(reversed(data.y)))
        assert table(es.landscape(es.RestrictedProblem(SCALED, turned, loss))) == table(land)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("seed", range(3))
def test_no_sample_is_lower_and_descents_end_in_listed_minima(name: str, seed: int) -> None:
    problem = scaled(name, seed)
    land = es.landscape(problem)
    source = np.random.default_rng(seed)
    p = problem.restriction.dimension
    points = source.normal(size=(p, 20000)) * source.choice([0.3, 1, 3], size=20000)
    risks = float_risks(problem, points)
    lowest = float(land.global_minimum.risk)
    assert risks.min() >= lowest - 1e-9
    # Random search that only goes down: most end near the risk of a local minimum; kinks make the others slow.
    u, best = points[:, :300].copy(), risks[:300].copy()
    step = np.ones(300)
    for _ in range(2500):
        moved = u + step * source.normal(size=u.shape)
        other = float_risks(problem, moved)
        lower = other < best
        u[:, lower], best[lower] = moved[:, lower], other[lower]
        step = np.where(lower, step * 1.6, np.maximum(step * 0.93, 1e-7))
    listed = np.array([float(found.risk) for found in land.local_minima])
    ends = np.array([np.min(np.abs(listed - risk)) for risk in best])
    assert best.min() >= lowest - 1e-9 and best.min() < lowest + 1e-2
    assert np.mean(ends < 1e-2) > 0.5, sorted(best[ends >= 1e-2])[:10]


@pytest.mark.parametrize("seed", range(4))
def test_valleys_are_the_basins_of_a_flooded_grid(seed: int) -> None:
    """Three parameters: a filter of one number, its scale, and a bias that is minimised exactly on the grid of the others."""
    source = random.Random(seed)
    restriction = es.restriction(es.Network([2, 2, 1], biases=False), W1=[["w", 0], [0, "-w"]], W2=[["v", "2*v"]])
    rows = [[source.randint(-2, 2) for _ in range(2)] for _ in range(4)]
    problem = es.RestrictedProblem(restriction, es.Data.from_arrays(rows, [source.randint(-3, 3) for _ in range(4)]))
    land = es.landscape(problem)
    axis = np.linspace(-3, 3, 241)
    a, b = np.meshgrid(axis, axis, indexing="ij")
    risks = float_risks(problem, np.stack([a.ravel(), b.ravel()])).reshape(241, 241)
    deep = [(float(v.risk), inf if v.barrier is None else float(v.barrier)) for v in land.valleys]
    wide = [(low, high) for low, high in basins(risks) if high - low > 0.1]
    assert len(wide) == sum(high - low > 0.1 for low, high in deep)
    for (low, high), (risk, barrier) in zip(sorted(wide), sorted(pair for pair in deep if pair[1] - pair[0] > 0.1), strict=True):
        assert abs(low - risk) < 0.02 and (high == barrier or abs(high - barrier) < 0.05)


@pytest.mark.parametrize("seed", range(3))
def test_mirror_images_have_one_minimum(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With linear activations signed cells that are mirror images are solved once: the landscape is the same as without."""
    source = random.Random(seed)
    loss = ["squared", "absolute", "huber(1/2)"][seed]
    for restriction in (
        es.diagonal(2, 3),
        es.restriction(es.Network([2, 2, 1], "linear"), W1=[["a", "b"], ["b", "-a"]], W2=[["v", "2*v"]]),
    ):
        rows = [[source.randint(-2, 2) for _ in range(2)] for _ in range(4)]
        targets = [source.randint(-3, 3) for _ in range(4)]
        problem = es.RestrictedProblem(restriction, es.Data.from_arrays(rows, targets), loss)
        quick = es.landscape(problem)
        assert all(problem.risk(problem.restriction.at(u)) == risk for u, risk in zip(quick.minimisers, quick.risks, strict=True))
        with monkeypatch.context() as changed:
            changed.setattr(Scales, "is_signless", False)
            slow = es.landscape(problem)
            assert slow.risks == quick.risks and slow.merges == quick.merges
            assert table(slow) == table(quick) and minima_of(slow) == minima_of(quick)


def test_deep_networks_with_scales() -> None:
    """Two hidden layers, a scale in the last: valleys are found; local minima only where what is needed is known."""
    restriction = es.restriction(es.Network([2, 2, 1, 1], biases=False), W1=[["a", "b"], ["b", "-a"]], W2=[[1, -1]], W3=[["v"]])
    data = es.Data.from_arrays([[1, 2], [2, -1], [-1, 1]], [1, -1, 2])
    problem = es.RestrictedProblem(restriction, data)
    land = es.landscape(problem)
    heads = [
        es.RestrictedProblem(es.restriction(restriction.network, **{**restriction.expressions(), "W3": [[v]]}), data)
        for v in (1, -1)
    ]
    assert land.global_minimum.risk == min(es.landscape(head).global_minimum.risk for head in heads)
    assert land.global_minimum.risk == es.certify_global_minimum(problem).risk
    with pytest.raises(es.UnsupportedError, match="local minima with scales"):
        land.local_minima  # noqa: B018


def test_limits_are_told() -> None:
    problem = scaled("opposite patches", 0)
    with pytest.raises(es.InputError, match="cells, more than"):
        es.landscape(problem, max_cells=10)
    many = es.RestrictedProblem(es.diagonal(6), es.Data.from_arrays([[1] * 6], [1]))
    with pytest.raises(es.InputError, match="6 scales of this problem have 64 choices of signs"):
        es.landscape(many, max_cells=40)
    with pytest.raises(es.OutOfTime):
        es.landscape(problem, effort="1/1000000")
    with pytest.raises(es.InputError, match="regions"):
        es.certify_global_minimum(problem, max_steps=2)
    decayed = es.RestrictedProblem(SCALED, problem.unrestricted.data, weight_decay=1)
    with pytest.raises(es.UnsupportedError, match="not known with weight decay"):
        es.landscape(decayed)
