"""The certified global minimum, and SCIP on the same mixed integer program in the same run.

    python benchmarks/global_minimum.py [--large] [--seconds 120]

Integer data from −9 to 9 (seed 1; one input: 0, 1, 2, …), ReLU with biases, ½Σ(f − y)². CPU seconds of one process. SCIP
(PySCIPOpt, extra benchmarks; left out if it is not installed) has one program for every number of units with a positive output
weight, which are ±1 without loss of generality, with a bound on pre-activations that a user has to guess; its answers are
floats.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from multiprocessing import get_context

import exactsurf as es

CASES = [(1, 30, 3), (2, 12, 2), (2, 15, 2), (2, 20, 2), (3, 10, 2)]
LARGE = [(2, 20, 3), (1, 50, 4), (4, 20, 2)]
BOUND = 200


def problem(inputs: int, samples: int, units: int) -> es.Problem:
    generator = random.Random(1)
    x = [[k] for k in range(samples)]
    if inputs > 1:
        x = [[generator.randint(-9, 9) for _ in range(inputs)] for _ in range(samples)]
    return es.Problem(es.Network([inputs, units, 1]), es.Data.from_arrays(x, [generator.randint(-9, 9) for _ in x]))


def exact(case: tuple[int, int, int]) -> str:
    start = time.process_time()
    search = es.GlobalSearch(problem(*case))
    search.run()
    found = time.process_time() - start
    proof = es.certify_search(search)
    start = time.process_time()
    es.verify(proof)
    checked = time.process_time() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    size = f"{len(search.nodes)} | {len(proof.duals)} | {len(proof.encoded) // 1000}"
    return f"{float(proof.risk):.4f} | {found:.2f} | {checked:.2f} | {memory} | {size}"


def scip(case: tuple[int, int, int], seconds: float) -> str:
    try:
        from pyscipopt import Model, quicksum
    except ImportError:
        return "not installed"
    instance = problem(*case)
    x = [[*map(float, row), 1.0] for row in instance.data.x]
    y = [float(row[0]) for row in instance.data.y]
    units, start, best, proved = case[2], time.process_time(), float("inf"), True
    for positive in range(units + 1):
        model = Model()
        model.hideOutput()
        left = seconds - (time.process_time() - start)
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
    return f"{best:.4f} | {spent:.1f}{'' if proved else ' (stopped)'}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--seconds", type=float, default=120, help="the most seconds for SCIP on one instance")
    chosen = parser.parse_args()
    print("| inputs, samples, units | minimum | find, s | verify, s | MiB | regions | dual vectors | kB | SCIP | SCIP, s |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    # A process for each instance: its memory is its own.
    for case in CASES + LARGE * chosen.large:
        with get_context("spawn").Pool(1) as pool:
            mine = pool.apply(exact, (case,))
        with get_context("spawn").Pool(1) as pool:
            peer = pool.apply(scip, (case, chosen.seconds)) if case not in LARGE else "– | –"
        print(f"| {', '.join(map(str, case))} | {mine} | {peer} |", flush=True)


if __name__ == "__main__":
    main()
