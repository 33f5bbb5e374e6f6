"""Bounds where output weights are joined, against random parameters and a solver of convex problems in floats."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.surface.bounds.joint_fits import JointFits, inherited
from exactsurf.surface.bounds.regions import NetworkRegions, Split, all_parameters
from exactsurf.surface.bounds.unit_rays import UnitRays
from exactsurf.surface.levels.level_point import risk_above

LOSSES = ("squared", "absolute", "huber(1/2)", "cross_entropy")


def random_problem(source: random.Random, loss: str, widths: list[int], activation: str = "relu") -> es.Problem:
    rows = [[source.randint(-3, 3) for _ in range(widths[0])] for _ in range(4)]
    targets = [[source.randint(-2, 2) for _ in range(widths[-1])] for _ in rows]
    if loss == "cross_entropy":
        targets = [[int(k == i % widths[-1]) for k in range(widths[-1])] for i in range(4)]
    return es.Problem(es.Network(widths, activation), es.Data.from_arrays(rows, targets), loss)


def random_regions(source: random.Random, problem: es.Problem, cuts: int) -> NetworkRegions:
    """Joined regions after so many cuts, each time one of the parts."""
    regions = all_parameters(problem.network)
    for unit in range(len(regions.cones)):
        for axis in range(len(regions.cones[0][0])):
            regions = source.choice(regions.parted(Split("cone", (unit, 2 * axis, 2 * axis + 1, 1, 1))))
    regions = source.choice(regions.parted(Split("chains", ())))
    for _ in range(cuts):
        unit, i = source.randrange(len(regions.cones)), source.randrange(len(problem.data))
        if source.random() < 0.5 and not any((i, 0, side) in regions.walls[0][unit] for side in (1, -1)):
            regions = source.choice(regions.parted(Split("wall", (1, unit, i, 0))))
        else:
            s, t = source.sample(range(len(regions.cones[0])), 2)
            regions = source.choice(regions.parted(Split("edge", (s, t))))
    return regions


def points_inside(source: random.Random, problem: es.Problem, rays: UnitRays, regions: NetworkRegions) -> list[es.Parameters]:
    """Parameters of the regions: means of the corners, and weights in a cell on the required sides."""
    found = []
    outputs = len(regions.cones[0][0])
    for _ in range(30):
        shares = [source.choice([0, 0, 1, 2, 7]) for _ in regions.cones[0]]
        columns = []
        for cone in regions.cones:
            length = Fraction(source.randint(0, 6), 3)
            columns.append([length * sum(a * v[k] for a, v in zip(shares, cone, strict=True)) for k in range(outputs)])
        rows = []
        for walls in regions.walls[0]:
            row = [Fraction(source.randint(-6, 6), 2) for _ in rays.samples[0]]
            inside = rays.inside(walls)
            if not all(side * sum(a * b for a, b in zip(row, rays.samples[i], strict=True)) >= 0 for i, _, side in walls):
                row = [Fraction(0)] * len(row)
                for g in source.sample(inside, min(2, len(inside))):
                    row = [a + source.randint(0, 3) * b for a, b in zip(row, rays.weights[g], strict=True)]
            rows.append(row)
        biases = [Fraction(source.randint(-4, 4), 2) for _ in range(outputs)]
        found.append(
            problem.parameters(
                W1=[row[:-1] for row in rows],
                b1=[row[-1] for row in rows],
                W2=[[column[k] for column in columns] for k in range(outputs)],
                b2=biases,
            )
        )
    return found


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("widths", [[1, 2, 2], [2, 2, 2], [1, 1, 3], [1, 3, 2]])
def test_no_parameters_of_joined_regions_are_below_their_bound(loss: str, widths: list[int]) -> None:
    source = random.Random(f"{loss} {widths}")
    for cuts in (0, 2, 5):
        problem = random_problem(source, loss, widths)
        rays = UnitRays(problem)
        regions = random_regions(source, problem, cuts)
        found = JointFits(problem, rays).minimum(regions)
        assert len(found.duals) == len(regions.cones[0])
        for point in points_inside(source, problem, rays, regions):
            assert risk_above(problem, point) >= found.value


def test_the_bound_is_that_of_a_convex_solver() -> None:
    cvxpy = pytest.importorskip("cvxpy")
    import numpy as np

    source = random.Random(5)
    for cuts in (0, 3, 6):
        problem = random_problem(source, "squared", [2, 2, 2])
        rays, regions = UnitRays(problem), random_regions(source, problem, cuts)
        found = JointFits(problem, rays).minimum(regions)
        corners = list(zip(*regions.cones, strict=True))
        y = np.array([[float(value) for value in row] for row in problem.data.y])
        duals = [cvxpy.Variable(y.shape) for _ in corners]
        least = cvxpy.Variable()
        conditions = [cvxpy.sum(dual, axis=0) == 0 for dual in duals]
        for s, first in enumerate(corners):
            conditions.append(least <= -cvxpy.sum(cvxpy.multiply(duals[s], y)) - cvxpy.sum_squares(duals[s]) / 2)
            for t, second in enumerate(corners[: s + 1]):
                for unit, walls in enumerate(regions.walls[0]):
                    table = np.array([rays.predictions[g] for g in rays.inside(walls) if rays.lengths[g]], dtype=float)
                    if len(table):
                        form = duals[s] @ np.array(second[unit], float) + duals[t] @ np.array(first[unit], float)
                        conditions.append(table @ form >= 0)
        best = cvxpy.Problem(cvxpy.Maximize(least), conditions).solve(solver=cvxpy.CLARABEL)
        # Ours is a bound, and misses the best one by little.
        assert best * 0.97 - 1e-6 <= float(found.value) <= best + 1e-5


def test_dual_vectors_of_a_node_hold_on_its_parts() -> None:
    source = random.Random(3)
    problem = random_problem(source, "squared", [1, 2, 2])
    rays = UnitRays(problem)
    regions = random_regions(source, problem, 1)
    duals = JointFits(problem, rays).minimum(regions).duals
    for split in (Split("edge", (0, 1)), Split("edge", (2, 1)), Split("wall", (1, 0, 3, 0))):
        for part, child in enumerate(regions.parted(split)):
            own = inherited(duals, split, part)
            corners = list(zip(*child.cones, strict=True))
            for s in range(len(corners)):
                for t in range(s + 1):
                    for unit, walls in enumerate(child.walls[0]):
                        for g in rays.inside(walls):
                            assert (
                                form(own[s], corners[t][unit], rays.predictions[g])
                                + form(own[t], corners[s][unit], rays.predictions[g])
                                >= 0
                            )


def form(dual: tuple[Fraction, ...], vector: tuple[int, ...], values: tuple[int, ...]) -> Fraction:
    width = len(vector)
    return sum((dual[i * width + k] * v * z for i, z in enumerate(values) for k, v in enumerate(vector)), Fraction(0))


def test_what_is_too_large_is_not_joined() -> None:
    def may(widths: list[int], samples: int) -> bool:
        data = es.Data.from_arrays(list(range(samples)), [[0] * widths[-1]] * samples)
        problem = es.Problem(es.Network(widths), data)
        regions = all_parameters(problem.network)
        for unit in range(widths[1]):
            for axis in range(widths[2]):
                regions = regions.parted(Split("cone", (unit, 2 * axis, 2 * axis + 1, 1, 1)))[0]
        return JointFits(problem, UnitRays(problem)).may_join(regions)

    assert may([1, 2, 2], 8) and may([1, 3, 2], 8) and may([1, 1, 3], 8)
    assert not may([1, 2, 2], 60) and not may([1, 3, 3], 4) and not may([1, 2, 1], 4)
