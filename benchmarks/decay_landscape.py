"""Landscapes with weight decay, every level enclosed, beside descents in floats and a convex program for each orbit.

    python benchmarks/decay_landscape.py [SECTION…]

Sections: whole, valleys, peers. Processor time of one process, the start of the interpreter not included.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from time import process_time

import numpy as np

import exactsurf as es
from exactsurf.surface.levels.level_work import level_work


def drawn(samples: int, inputs: int, units: int, *, penalised: bool, seed: int = 1) -> es.Problem:
    """A ReLU network with biases on integer data, λ = 1/10; hidden biases are penalised or, with one input, not."""
    rnd = random.Random(seed)
    y = [rnd.randint(-5, 5) for _ in range(samples)]
    x = list(range(samples)) if inputs == 1 else [[rnd.randint(-5, 5) for _ in range(inputs)] for _ in range(samples)]
    network, data = es.Network([inputs, units, 1]), es.Data.from_arrays(x, y)
    return es.Problem(network, data, weight_decay="1/10", decay_biases=penalised)


SIZES = {
    "1 input, N = 10, m = 2, biases free": drawn(10, 1, 2, penalised=False),
    "1 input, N = 10, m = 2, biases penalised": drawn(10, 1, 2, penalised=True),
    "1 input, N = 10, m = 3, biases free": drawn(10, 1, 3, penalised=False),
    "plane, N = 5, m = 2, biases penalised": drawn(5, 2, 2, penalised=True),
}


def whole() -> None:
    """Levels and tree, and the certificate of the global minimum (made, then verified again)."""
    print("| size | orbits | levels | valleys | ties | landscape, s | certificate, s | verified, s |")
    print("|---|---|---|---|---|---|---|---|")
    for name, problem in SIZES.items():
        start = process_time()
        land = es.enclosed_landscape(problem)
        done = process_time()
        proof = es.certify_near_global_minimum(land)
        made = process_time()
        es.verify(proof.encoded)
        end = process_time()
        counts = f"{land.orbits} | {len(land.levels)} | {len(land.valleys)} | {len(land.ties)}"
        print(f"| {name} | {counts} | {done - start:.2f} | {made - done:.2f} | {end - made:.2f} |", flush=True)


def valleys() -> None:
    """Certificates of all spurious valleys and their barriers: made, and verified again; with weight decay and logistic loss."""
    rnd = random.Random(1)
    labels = es.Data.from_arrays(range(10), [rnd.choice([-1, 1]) for _ in range(10)])
    sizes = {**SIZES, "1 input, N = 10, m = 2, logistic": es.Problem(es.Network([1, 2, 1]), labels, es.logistic)}
    print("\n| size | certificates | landscape, s | made, s | verified, s | kB each |")
    print("|---|---|---|---|---|---|")
    for name, problem in sizes.items():
        start = process_time()
        land = es.enclosed_landscape(problem, workers=1)
        done = process_time()
        spurious = [valley for valley in land.valleys if valley.is_spurious]
        proofs = [es.certify_enclosed_valley(land, valley.parameters) for valley in spurious]
        made = process_time()
        for proof in proofs:
            es.verify(proof.encoded)
        end = process_time()
        size = sum(len(proof.encoded) for proof in proofs) / 1000 / max(1, len(proofs))
        print(f"| {name} | {len(proofs)} | {done - start:.2f} | {made - done:.2f} | {end - made:.2f} | {size:.0f} |", flush=True)


def peers() -> None:
    """The least risk of orbits drawn at random: this package's enclosures, and CLARABEL on the same cones in doubles."""
    print("\n| size | orbits drawn | enclosed, ms an orbit | CLARABEL, ms an orbit | largest difference |")
    print("|---|---|---|---|---|")
    for name, problem in SIZES.items():
        work = level_work(problem, es.exact("1/1000000000"))
        chosen = random.Random(3).sample(range(work.orbits.count), 200)
        cones = [_cone(work.orbits[k], work.atoms.kinds) for k in chosen]
        start = process_time()
        places = [work.levels.place(cone) for cone in cones]
        middle = process_time()
        found = [work.levels.levels[place] for place in places]
        solve = _program(problem)
        begin = process_time()
        values = [solve([(work.table.cells[kind // 2].signs, 1 - 2 * (kind % 2)) for kind in work.orbits[k]]) for k in chosen]
        end = process_time()
        gap = max(
            max(float(level.low) - value, value - float(level.high), 0.0) for level, value in zip(found, values, strict=True)
        )
        per = 1000 / len(chosen)
        print(f"| {name} | {len(chosen)} | {(middle - start) * per:.2f} | {(end - begin) * per:.2f} | {gap:.1e} |", flush=True)


def _cone(orbit: tuple[int, ...], kinds: tuple[int, ...]) -> int:
    found = 0
    for kind in orbit:
        found |= kinds[kind]
    return found


def _program(problem: es.Problem) -> Callable[[list[tuple[tuple[int, ...], int]]], float]:
    """The least risk over units in given closed cells with given signs, by cvxpy; compiled once."""
    import cvxpy

    x = np.array([[*map(float, row), 1.0] for row in problem.data.x])
    y = np.array([float(row[0]) for row in problem.data.y])
    assert problem.decay is not None
    factor, biases, units = float(problem.decay.factor), problem.decay.biases, problem.network.widths[1]
    seen = np.array([1.0] * (x.shape[1] - 1) + [float(biases)])
    p = [cvxpy.Variable(x.shape[1]) for _ in range(units)]
    sides = [cvxpy.Parameter(x.shape) for _ in range(units)]
    parts = [cvxpy.Parameter(x.shape) for _ in range(units)]
    bias = cvxpy.Variable()
    gap = sum((part @ weights for part, weights in zip(parts, p, strict=True)), bias) - y
    price = sum(cvxpy.norm(cvxpy.multiply(seen, weights)) for weights in p)
    penalty = factor / 2 * cvxpy.square(bias) if biases else 0
    limits = [side @ weights >= 0 for side, weights in zip(sides, p, strict=True)]
    program = cvxpy.Problem(cvxpy.Minimize(cvxpy.sum_squares(gap) / 2 + factor * price + penalty), limits)

    def solve(cells: list[tuple[tuple[int, ...], int]]) -> float:
        for (signs, sign), side, part in zip(cells, sides, parts, strict=True):
            own = np.array(signs, float)[:, None]
            side.value, part.value = own * x, sign * (own > 0) * x
        program.solve(solver="CLARABEL", tol_gap_abs=1e-10, tol_gap_rel=1e-10, tol_feas=1e-10)
        return float(program.value)

    return solve


if __name__ == "__main__":
    for section in sys.argv[1:] or ["whole", "valleys", "peers"]:
        {"whole": whole, "valleys": valleys, "peers": peers}[section]()
