"""Levels: dual vectors hold where they say, points have the risk that they say, and shared levels are those found alone."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.exact.linear_algebra import dot
from exactsurf.surface.levels.level_table import LevelTable
from exactsurf.surface.levels.level_work import level_work

F = Fraction
PLANE = [[1, 2], [0, 1], [1, 0], [-1, 2], [2, -1]]
CASES = [
    ([1, 2, 1], [[0], [1], [2], [3], [4]], True, False, es.squared),
    ([1, 2, 1], [[0], [1], [2], [3], [4]], True, True, es.squared),
    ([1, 2, 1], [[0], [1], [2], [3], [4]], [True, False], True, es.huber("1/2")),
    ([2, 2, 1], PLANE, [False, True], False, es.squared),
    ([2, 2, 1], PLANE, True, True, es.huber(1)),
    ([2, 2, 1], PLANE, True, False, es.squared),
    ([2, 2, 1], PLANE, [True, False], False, es.squared),
    ([2, 2, 1], PLANE, [True, False], False, es.huber("1/2")),
]


def work_of(widths, x, biases, penalised, loss):
    data = es.Data.from_arrays(x, [0, 1, 0, 2, 1])
    problem = es.Problem(es.Network(widths, biases=biases), data, loss, weight_decay="1/10", decay_biases=penalised)
    return level_work(problem, F(1, 10**9))


def cones_of(work, count: int):
    rnd, kinds = random.Random(3), work.atoms.kinds
    pairs = [(rnd.randrange(len(kinds)), rnd.randrange(len(kinds))) for _ in range(count)]
    return [kinds[a] | kinds[b] for a, b in pairs]


@pytest.mark.parametrize("case", CASES)
def test_a_shared_level_is_the_one_that_is_found_alone(case):
    work = work_of(*case)
    for orbit in range(0, work.orbits.count, 40):
        work.solve(orbit, min(orbit + 3, work.orbits.count))
    shared = 0
    for cone in cones_of(work, 20):
        known = work.levels.levels[work.levels.place(cone)]
        fresh = LevelTable(work.problem, work.atoms)
        alone = fresh.levels[fresh.place(cone)]
        assert known.low <= alone.high and alone.low <= known.high
        shared += known.support == alone.support
    assert shared > 14


@pytest.mark.parametrize("case", CASES)
def test_dual_vectors_hold_where_they_say(case):
    work = work_of(*case)
    work.solve(0, min(30, work.orbits.count))
    rnd, table, factor = random.Random(5), work.table, work.atoms.factor
    free = work.problem.network.biases[0] and not work.problem.decay.biases
    one = (F(1),) if work.problem.network.biases[0] else ()
    h = work.problem.network.activation
    for level in work.levels.levels[:8]:
        bound = -sum((work.problem.without_decay.term_function(i, 0).conjugate(r) for i, r in enumerate(level.gradient)), F(0))
        total = sum(level.gradient, F(0))
        if work.problem.network.biases[1]:
            bound -= total * total / (2 * factor) if work.problem.decay.biases else 0
            assert work.problem.decay.biases or not total
        assert bound == level.low
        for kind, mask in enumerate(work.atoms.kinds):
            if mask & ~level.bounded:
                continue
            for _ in range(20):
                shares = [F(rnd.randint(0, 9)) for _ in table.members[kind // 2]]
                chosen = [table.generators[g].weights for g in table.members[kind // 2]]
                w = tuple(dot(shares, column) for column in zip(*chosen, strict=True))
                value = sum(
                    (r * h(dot(w, (*row, *one))) for r, row in zip(level.gradient, work.problem.data.x, strict=True)), F(0)
                )
                gain, penalised = (value if kind % 2 else -value), w[:-1] if free else w
                assert gain <= 0 or gain * gain <= factor * factor * dot(penalised, penalised)


def test_the_least_of_all_signed_cells_is_that_of_a_wide_network():
    # Pilanci and Ergen: with enough units the convex program over all cells at once has the value of the network.
    for biases, penalised in ([False, False], False), ([True, True], True):
        data = es.Data.from_arrays([-1, 0, 2], [1, -1, 1])
        least = None
        for units in (1, 2, 3):
            network = es.Network([1, units, 1], biases=biases)
            land = es.enclosed_landscape(es.Problem(network, data, weight_decay="1/10", decay_biases=penalised))
            found = land.global_minimum.risk
            assert least is None or found.low <= least.high
            least = found
        every = 0
        for mask in land.work.atoms.kinds:
            every |= mask
        table = LevelTable(land.problem, land.work.atoms)
        whole = table.levels[table.place(every)]
        assert whole.low <= least.high and least.low <= whole.high


def test_levels_against_sequential_quadratic_programs():
    optimize = pytest.importorskip("scipy.optimize")
    numpy = pytest.importorskip("numpy")
    rnd = random.Random(11)
    for case in CASES:
        work = work_of(*case)
        problem, table = work.problem, work.table
        hidden, output = problem.network.biases
        x = numpy.array([[float(v) for v in row] + [1.0] * hidden for row in problem.data.x])
        y = numpy.array([float(row[0]) for row in problem.data.y])
        size, decay, delta = x.shape[1], problem.decay, problem.loss.delta
        seen = numpy.array([1.0] * (size - 1) + [float(not hidden or decay.biases)])

        def risk(z, parts, *, size=size, decay=decay, delta=delta, seen=seen, y=y, output=output):
            pairs = z[: 2 * size].reshape(2, size)
            bias = z[-1] if output else 0.0
            gap = parts[0] @ pairs[0] + parts[1] @ pairs[1] + bias - y
            far = abs(gap) > (numpy.inf if delta is None else float(delta))
            loss = numpy.where(far, float(delta or 0) * (abs(gap) - float(delta or 0) / 2), gap**2 / 2).sum()
            price = sum(numpy.sqrt(((pair * seen) ** 2).sum() + 1e-18) for pair in pairs)
            return loss + float(decay.factor) * (price + decay.biases * bias**2 / 2)

        for _ in range(4):
            orbit = work.orbits[rnd.randrange(work.orbits.count)]
            level = work.levels.levels[work.levels.place(work.atoms.kinds[orbit[0]] | work.atoms.kinds[orbit[1]])]
            sides = [numpy.array(table.cells[kind // 2].signs, float) for kind in orbit]
            parts = [(1 - 2 * (kind % 2)) * (side > 0)[:, None] * x for kind, side in zip(orbit, sides, strict=True)]
            walls = numpy.zeros((2 * len(y), 2 * size + output))
            walls[: len(y), :size], walls[len(y) :, size : 2 * size] = (side[:, None] * x for side in sides)
            found = [
                optimize.minimize(
                    risk,
                    numpy.random.default_rng(seed).normal(size=2 * size + output) * 0.3,
                    args=(parts,),
                    constraints={"type": "ineq", "fun": walls.__matmul__},
                    method="SLSQP",
                    options={"maxiter": 500, "ftol": 1e-13},
                )
                for seed in range(3)
            ]
            inside = [end.fun for end in found if (walls @ end.x).min() > -1e-7]
            assert float(level.low) - 1e-5 < min(inside) < float(level.high) + 2e-3
