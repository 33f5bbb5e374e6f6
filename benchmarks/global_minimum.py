"""The certified global minimum, SCIP on the same mixed integer program and the convex reformulation, in the same run.

    python benchmarks/global_minimum.py [--large] [--alone] [--seconds 120] [--growth growth.svg] [--record]

Integer data from −9 to 9 (seed 1; one input: 0, 1, 2, …), ReLU with biases, ½Σ(f − y)². CPU seconds of one process. SCIP
(PySCIPOpt, extra benchmarks; left out if it is not installed) has one program for every number of units with a positive output
weight, which are ±1 without loss of generality, with a bound on pre-activations that a user has to guess; its answers are
floats. The convex reformulation (Pilanci and Ergen 2020; cvxpy with Clarabel) knows no number of units: it is compared without
biases, where several samples lie on a ray and no network fits them all, with enough units for its value. With `--alone` neither
of them is asked. Absolute and hinge loss are measured on the same inputs (for the hinge loss with labels). With `--growth` the
times are also measured while samples, inputs and units grow, and drawn. Ratios of times are compared with those in
`global_minimum_ratios.json`; `--record` writes them anew.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
from itertools import product
from multiprocessing import get_context
from pathlib import Path

import exactsurf as es

CASES = [(1, 30, 3), (2, 12, 2), (2, 15, 2), (2, 20, 2), (3, 10, 2)]
LARGE = [(2, 20, 3), (1, 50, 4), (4, 20, 2)]
LOSSES = [(2, 20, 2, "absolute"), (3, 10, 2, "absolute"), (2, 20, 2, "hinge")]
WIDE = [(10, 8, 9), (20, 8, 9), (10, 8, 10**5), (10, 8, 10**6), (10, 8, 10**9)]
"""Samples, units and the largest target, for the convex reformulation."""


def bump(row: tuple[int, ...]) -> int:
    return row[0] ** 2 * row[1] ** 2 + row[0] ** 2 + row[1] ** 2


SYMMETRIC = {
    "parity of 3 bits, 2 units": (list(product((0, 1), repeat=3)), lambda row: sum(row) % 2, 2),
    "3 × 3 grid, 2 units": (list(product((-1, 0, 1), repeat=2)), bump, 2),
    "3 × 3 grid, 3 units": (list(product((-1, 0, 1), repeat=2)), bump, 3),
    "−8 … 8, 4 units": ([(k,) for k in range(-8, 9)], lambda row: abs(row[0]) % 3, 4),
}
"""Samples, targets and units."""
BOUND = 200
RATIOS = Path(__file__).with_name("global_minimum_ratios.json")
SLOWER = 2
"""A ratio that has changed by more than this factor is named: machines differ by less."""
GROWTH = {
    "samples (2 inputs, 2 units)": [(2, n, 2) for n in (8, 12, 16, 20, 24)],
    "inputs (12 samples, 2 units)": [(d, 12, 2) for d in (1, 2, 3, 4)],
    "units (2 inputs, 12 samples)": [(2, 12, m) for m in (1, 2, 3, 4)],
}


def problem(inputs: int, samples: int, units: int, loss: str = "squared") -> es.Problem:
    generator = random.Random(1)
    x = [[k] for k in range(samples)]
    if inputs > 1:
        x = [[generator.randint(-9, 9) for _ in range(inputs)] for _ in range(samples)]
    y = [generator.choice([-1, 1]) if loss == "hinge" else generator.randint(-9, 9) for _ in x]
    return es.Problem(es.Network([inputs, units, 1]), es.Data.from_arrays(x, y), loss)


def wide_problem(samples: int, units: int, largest: int) -> es.Problem:
    """Samples on few rays; behind targets up to 9 a multiple of |x₁|, which two units fit, so that the minimum stays small."""
    generator = random.Random(2)
    x = [
        [generator.choice([-2, -1, 1, 2]) * a for a in generator.choice([(1, 0), (0, 1), (1, 1), (1, -1)])]
        for _ in range(samples)
    ]
    y = [generator.randint(-9, 9) + (largest - largest % 10) * (largest > 9) * abs(row[0]) for row in x]
    return es.Problem(es.Network([2, units, 1], biases=False), es.Data.from_arrays(x, y))


def loaded() -> None:
    """Load what the search needs before the clock starts, as PySCIPOpt is loaded before."""
    es.verify(es.certify_search(es.GlobalSearch(problem(2, 4, 1))))


def timed(instance: es.Problem) -> tuple[float, float, str]:
    loaded()
    start = time.process_time()
    search = es.GlobalSearch(instance)
    search.run()
    found = time.process_time() - start
    proof = es.certify_search(search)
    start = time.process_time()
    es.verify(proof)
    checked = time.process_time() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    size = f"{len(search.nodes)} | {len(proof.duals)} | {len(proof.encoded) // 1000}"
    return found, checked, f"{float(proof.risk):.4f} | {found:.2f} | {checked:.2f} | {memory} | {size}"


def exact(case: tuple[int, int, int] | tuple[int, int, int, str]) -> tuple[float, float, str]:
    return timed(problem(*case))


def exact_wide(case: tuple[int, int, int]) -> tuple[float, float, str]:
    return timed(wide_problem(*case))


def symmetric(name: str) -> tuple[float, str]:
    """Up to the symmetries of the samples, and without them."""
    rows, target, units = SYMMETRIC[name]
    instance = es.Problem(es.Network([len(rows[0]), units, 1]), es.Data.from_arrays(rows, list(map(target, rows))))
    loaded()
    times, cells, values = [], [], set()
    for use in (True, False):
        start = time.process_time()
        search = es.GlobalSearch(instance, use_symmetries=use)
        search.run()
        times.append(time.process_time() - start)
        proof = es.certify_search(search)
        start = time.process_time()
        es.verify(proof)
        cells.append(f"{len(search.nodes)} | {times[-1]:.2f} | {time.process_time() - start:.2f} | {len(proof.encoded) // 1000}")
        values.add(search.upper)
    (value,) = values
    return times[1] / times[0], f"{es.sample_symmetries(instance).order} | {float(value):.4f} | {' | '.join(cells)}"


def convex(case: tuple[int, int, int]) -> tuple[float | None, str]:
    """The convex reformulation: for every pattern of a unit two vectors in its cone, one with each sign of the output."""
    try:
        import cvxpy as cp
        import numpy as np
    except ImportError:
        return None, "not installed | –"
    instance = wide_problem(*case)
    start = time.process_time()
    x = np.array([[float(value) for value in row] for row in instance.data.x])
    y = np.array([float(row[0]) for row in instance.data.y])
    patterns = {tuple(map(bool, x @ w > 0)) for w in np.random.default_rng(1).normal(size=(2000, x.shape[1]))}
    terms, constraints = [], []
    for pattern in sorted(patterns):
        on = np.array(pattern)
        for sign in (1, -1):
            u = cp.Variable(x.shape[1])
            constraints.append(cp.multiply(2.0 * on - 1, x @ u) >= 0)
            terms.append(sign * cp.multiply(on.astype(float), x @ u))
    program = cp.Problem(cp.Minimize(cp.sum_squares(sum(terms) - y) / 2), constraints)
    try:
        program.solve(solver=cp.CLARABEL)
    except cp.error.SolverError as error:
        return None, f"{type(error).__name__} | –"
    spent = time.process_time() - start
    return spent if program.status == "optimal" else None, f"{program.value:.4f} ({program.status}) | {spent:.2f}"


def scip(case: tuple[int, int, int], seconds: float) -> tuple[float | None, str]:
    try:
        from pyscipopt import Model, quicksum
    except ImportError:
        return None, "not installed | –"
    instance = problem(*case)
    x = [[*map(float, row), 1.0] for row in instance.data.x]
    y = [float(row[0]) for row in instance.data.y]
    units, start, best, proved = case[2], time.process_time(), float("inf"), True
    for positive in range(units + 1):
        model = Model()
        model.hideOutput()
        left = seconds - (time.process_time() - start)
        model.setParam("timing/clocktype", 1)  # CPU seconds: the machine may be busy
        model.setParam("limits/time", max(left, 1.0))
        signs = [1] * positive + [-1] * (units - positive)
        w = [[model.addVar(lb=None) for _ in x[0]] for _ in signs]
        bias = model.addVar(lb=None)
        gaps = []
        for row, target in zip(x, y, strict=True):
            outputs = []
            for j in range(units):
                z = quicksum(a * b for a, b in zip(w[j], row, strict=True))
                h, on = model.addVar(ub=BOUND), model.addVar(vtype="B")
                model.addCons(h >= z)
                model.addCons(h <= z + BOUND * (1 - on))
                model.addCons(h <= BOUND * on)
                outputs.append(signs[j] * h)
            gap = model.addVar(lb=None)
            model.addCons(gap == quicksum(outputs) + bias - target)
            gaps.append(gap)
        total = model.addVar()
        model.addCons(total >= quicksum(gap * gap for gap in gaps) / 2)
        model.setObjective(total)
        if best < float("inf"):
            model.setObjlimit(best)
        model.optimize()
        proved = proved and model.getStatus() in ("optimal", "infeasible", "inforunbd")
        if model.getNSols():
            best = min(best, model.getObjVal())
    spent = time.process_time() - start
    return spent if proved else None, f"{best:.4f} | {spent:.1f}{'' if proved else ' (stopped)'}"


def alone(function, *arguments):
    """In a process of its own: its memory is its own."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments)


def compared(ratios: dict[str, float], record: bool) -> None:
    """Say which ratios have changed by more than a factor; with `record` keep these ones."""
    known = json.loads(RATIOS.read_text(encoding="utf-8")) if RATIOS.exists() else {}
    changed = [
        f"{name}: {known[name]} → {value}" for name, value in ratios.items() if name in known and value < known[name] / SLOWER
    ]
    print(f"\n{len(ratios)} ratios; worse than recorded by a factor of {SLOWER} or more: {', '.join(changed) or 'none'}")
    if record:
        RATIOS.write_text(json.dumps(dict(sorted({**known, **ratios}.items())), indent=1) + "\n", encoding="utf-8")


def draw_growth(path: str) -> None:
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, len(GROWTH), figsize=(12, 3.5), sharey=True)
    print("\n| what grows | CPU seconds to find |\n|---|---|")
    for ax, (name, cases) in zip(axes, GROWTH.items(), strict=True):
        sizes = [case[1] if name.startswith("samples") else case[0] if name.startswith("inputs") else case[2] for case in cases]
        times = [alone(exact, case)[0] for case in cases]
        print(f"| {name} | {', '.join(f'{size}: {spent:.2f}' for size, spent in zip(sizes, times, strict=True))} |", flush=True)
        ax.semilogy(sizes, times, "o-")
        ax.set_xlabel(name)
    axes[0].set_ylabel("CPU seconds")
    figure.savefig(path, bbox_inches="tight")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--alone", action="store_true", help="leave SCIP and the convex reformulation out")
    parser.add_argument("--seconds", type=float, default=120, help="the most seconds for SCIP on one instance")
    parser.add_argument("--growth", metavar="FILE", help="measure how times grow, and draw it (.svg, .pdf, .png)")
    parser.add_argument("--record", action="store_true", help="keep the ratios of this run as those to compare with")
    chosen = parser.parse_args()
    ratios: dict[str, float] = {}
    print("| inputs, samples, units | minimum | find, s | verify, s | MiB | regions | dual vectors | kB | SCIP | SCIP, s |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for case in CASES + LARGE * chosen.large:
        name = ", ".join(map(str, case))
        found, checked, mine = alone(exact, case)
        asked = case not in LARGE and not chosen.alone
        spent, peer = alone(scip, case, chosen.seconds) if asked else (None, "– | –")
        ratios[f"{name}: finding over verification"] = round(found / checked, 1)
        if spent is not None:
            ratios[f"{name}: SCIP over finding and verification"] = round(spent / (found + checked), 1)
        print(f"| {name} | {mine} | {peer} |", flush=True)
    print("\n| inputs, samples, units, loss | minimum | find, s | verify, s | MiB | regions | dual vectors | kB |")
    print("|---|---|---|---|---|---|---|---|")
    for other in LOSSES:
        name = ", ".join(map(str, other))
        found, checked, mine = alone(exact, other)
        ratios[f"{name}: finding over verification"] = round(found / checked, 1)
        print(f"| {name} | {mine} |", flush=True)
    print(
        "\n| samples, units, largest target | minimum | find, s | verify, s | MiB | regions | dual vectors | kB | Clarabel | s |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for case in WIDE:
        name = ", ".join(map(str, case))
        found, checked, mine = alone(exact_wide, case)
        spent, peer = (None, "– | –") if chosen.alone else alone(convex, case)
        if spent is not None:
            ratios[f"{name}: convex reformulation over finding and verification"] = round(spent / (found + checked), 1)
        print(f"| {name} | {mine} | {peer} |", flush=True)
    print("\n| data | symmetries | minimum | regions | find, s | verify, s | kB | without: regions | find, s | verify, s | kB |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for name in SYMMETRIC:
        ratio, row = alone(symmetric, name)
        ratios[f"{name}: without symmetries over with them"] = round(ratio, 1)
        print(f"| {name} | {row} |", flush=True)
    compared(ratios, chosen.record)
    if chosen.growth:
        draw_growth(chosen.growth)


if __name__ == "__main__":
    main()
