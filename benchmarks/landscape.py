"""Whole landscapes: time, cells and facets a second, workers, memory, and other ways to a global minimum.

    python benchmarks/landscape.py [SECTION…]

Sections: whole, degenerate, symmetric, core, peers, workers, memory. `workers` and `memory` run for minutes;
`SAMPLES=50` makes `workers` longer or shorter.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from pathlib import Path
from time import perf_counter, process_time, sleep
from typing import Any

import exactsurf as es
from exactsurf.surface.run.process_pool import processors
from exactsurf.surface.run.run import batches
from exactsurf.surface.surface import assembled
from exactsurf.surface.workload import Workload, workload


def drawn(samples: int, inputs: int, units: int, seed: int = 1) -> es.Problem:
    """A ReLU network with biases on integer data: 0, 1, 2, … for one input, random points for more."""
    rnd = random.Random(seed)
    y = [rnd.randint(-5, 5) for _ in range(samples)]
    x = list(range(samples)) if inputs == 1 else [[rnd.randint(-5, 5) for _ in range(inputs)] for _ in range(samples)]
    return es.Problem(es.Network([inputs, units, 1]), es.Data.from_arrays(x, y))


SIZES = {"1 input, N = 10, m = 2": (10, 1, 2), "1 input, N = 10, m = 3": (10, 1, 3), "plane, N = 6, m = 2": (6, 2, 2)}
LARGER = {"plane, N = 10, m = 2": (10, 2, 2), "1 input, N = 10, m = 4": (10, 1, 4)}


def whole() -> None:
    """Batches by all processors, tree, local minima, certificate of the global minimum (written and verified)."""
    from exactsurf.surface.global_certificate import certify_global_minimum

    print(f"Whole landscapes, {processors()} processors, seconds\n")
    print("| size | orbits | facets | valleys | local minima | batches and tree | local minima | certificate | all |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, size in SIZES.items():
        start = perf_counter()
        land = es.landscape(drawn(*size))
        tree = perf_counter()
        found = len(land.local_minima)
        listed = perf_counter()
        certificate = certify_global_minimum(land)
        es.verify(certificate)
        end = perf_counter()
        counts = f"{land.orbits} | {land.work.facets} | {len(land.valleys)} | {found}"
        times = f"{tree - start:.2f} | {listed - tree:.2f} | {end - listed:.2f} | {end - start:.2f}"
        print(f"| {name} | {counts} | {times} |", flush=True)


def degenerate() -> None:
    """All local minima of XOR, where nearly all minimisers lie on plateaus of many dimensions; CPU seconds of one process."""
    from exactsurf.surface.global_certificate import certify_global_minimum

    print("XOR, all local minima, CPU seconds of one process\n")
    print("| units | orbits | local minima | strata of these | batches and tree | local minima | certificate | MiB |")
    print("|---|---|---|---|---|---|---|---|")
    for units in (2, 3, 4, 5):
        data = es.Data.from_arrays([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
        start = process_time()
        land = es.landscape(es.Problem(es.Network([2, units, 1]), data), workers=1)
        tree = process_time()
        found = land.local_minima
        listed = process_time()
        es.verify(certify_global_minimum(land))
        end = process_time()
        strata = sum(len(one.strata) for one in found)
        times = f"{tree - start:.2f} | {listed - tree:.2f} | {end - listed:.2f}"
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"| {units} | {land.orbits} | {len(found)} | {strata} | {times} | {peak} |", flush=True)


HEXAGON = [[2, 0], [1, 2], [-1, 2], [-2, 0], [-1, -2], [1, -2]]
SYMMETRIC: dict[str, tuple[list[list[int]], list[int], int, str, dict[str, Any]]] = {
    "XOR": ([[0, 0], [0, 1], [1, 0], [1, 1]], [-1, 1, 1, -1], 3, "logistic", {}),
    "hexagon, alternating": (HEXAGON, [1, -1, 1, -1, 1, -1], 2, "logistic", {}),
    "−4 … 4, abs(x) mod 3": ([[k] for k in range(-4, 5)], [abs(k) % 3 for k in range(-4, 5)], 2, "log_cosh", {}),
    "XOR, weight decay": ([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], 3, "squared", {"decay_biases": False}),
    "hexagon, weight decay": (HEXAGON, [0, 1, 0, 1, 0, 1], 2, "squared", {"decay_biases": True}),
}


def symmetric() -> None:
    """Enclosed landscapes of symmetric data, without symmetries and with them; CPU seconds of one process."""
    from dataclasses import replace

    from exactsurf.surface.levels.enclosed_landscape import assembled as enclosed
    from exactsurf.surface.levels.level_table import LevelTable
    from exactsurf.surface.levels.level_work import level_work

    print("| data | loss | inputs, N, m | symmetries | orbits | without | with |\n|---|---|---|---|---|---|---|")
    for name, (x, y, units, loss, options) in SYMMETRIC.items():
        decay = {"weight_decay": Fraction(1, 10), **options} if options else {}
        problem = es.Problem(es.Network([len(x[0]), units, 1]), es.Data.from_arrays(x, y), loss, **decay)
        times = []
        for used in (False, True):
            start = process_time()
            work = level_work(problem)
            work = replace(work, levels=LevelTable(problem, work.atoms, used))
            land = enclosed(work, batches(work, 1))
            times.append(f"{process_time() - start:.1f}")
        order = (es.data_symmetries if decay else es.sample_symmetries)(problem).order
        size = f"{len(x[0])}, {len(x)}, {units}"
        print(f"| {name} | {loss} | {size} | {order} | {land.orbits} | {times[0]} | {times[1]} |", flush=True)


def core() -> None:
    """Minima of signed cells, and the tree of them with the facets that it asks for, by one process from a cold start."""
    print("Minima by one core, a second\n")
    print("| size | orbits | facets | minima of signed cells | orbits with the tree | facets with the tree |")
    print("|---|---|---|---|---|---|")
    for name, size in {**SIZES, **LARGER}.items():
        work = workload(drawn(*size))
        count = work.orbits.count
        start = process_time()
        found = list(batches(work, 1))
        alone = process_time() - start
        assembled(work, iter(found))
        both = process_time() - start
        rates = f"{count / alone:.0f} | {count / both:.0f} | {work.facets / both:.0f}"
        print(f"| {name} | {count} | {work.facets} | {rates} |", flush=True)


def cells_only(work: Workload, count: int) -> None:
    """The minimum of every orbit, starting from those with one unit less."""
    minima = work.minima
    for orbit in work.orbits.between(0, count):
        start = minima.cones.minimum(minima.cone(orbit[:-1])) if len(orbit) > 1 else None
        minima.cones.minimum(minima.cone(orbit), start)


def peers() -> None:
    """The global minimum alone, by an exhaustive loop with SciPy's NNLS (floats) and by bisection with Z3."""
    print("Global minimum by other ways, seconds (ratio to the whole exact landscape, by one process)\n")
    import scipy.optimize  # noqa: F401  (its import is not counted)

    print("| size | landscape | exact minimum of every orbit | SciPy NNLS on every orbit, rounded |")
    print("|---|---|---|---|")
    for name, size in {**SIZES, "plane, N = 10, m = 2": (10, 2, 2)}.items():
        problem = drawn(*size)
        start = process_time()
        land = es.landscape(problem, workers=1)
        ours = process_time() - start
        work = workload(problem)
        start = process_time()
        cells_only(work, work.orbits.count)
        alone = process_time() - start
        work = workload(problem)
        start = process_time()
        value = by_nnls(work)
        theirs = process_time() - start
        assert abs(value - land.global_minimum.risk) < 1e-9 * max(1, value)
        print(f"| {name} | {ours:.2f} | {alone:.2f} ({alone / ours:.1f}) | {theirs:.2f} ({theirs / ours:.1f}) |", flush=True)
    print("\n| size | exactsurf | Z3, bisection to 1/1000 |\n|---|---|---|")
    for samples, units in ((3, 1), (4, 1), (3, 2)):
        problem = drawn(samples, 1, units, seed=3)
        start = process_time()
        land = es.landscape(problem, workers=1)
        ours = process_time() - start
        start = process_time()
        found = by_bisection(problem, land.risks[-1], 20)
        theirs = process_time() - start
        assert found is None or found[0] < land.global_minimum.risk <= found[1] or land.global_minimum.risk == 0
        answer = f"{theirs:.2f} ({theirs / ours:.0f})" if found else f"unknown after {theirs:.0f}"
        print(f"| 1 input, N = {samples}, m = {units} | {ours:.3f} | {answer} |", flush=True)


def by_nnls(work: Workload) -> float:
    """The least risk over all orbits: non-negative least squares on the predictions of their generators, in floats."""
    import numpy as np
    from scipy.optimize import nnls

    minima, table = work.minima, work.minima.table
    y = np.array([row[0] for row in minima.problem.data.y], dtype=float)
    columns = [np.array(generator.prediction, dtype=float) for generator in table.generators]
    ones = np.ones_like(y)
    best = np.inf
    for orbit in work.orbits.between(0, work.orbits.count):
        chosen = [(1 - 2 * (kind % 2)) * columns[g] for kind in orbit for g in table.members[kind // 2]]
        _, norm = nnls(np.column_stack([*chosen, ones, -ones]), y)
        best = min(best, norm)
    return 0.5 * best * best


def by_bisection(problem: es.Problem, high: Fraction, seconds: int) -> tuple[Fraction, Fraction] | None:
    """Bounds of the infimum of the risk, a thousandth apart, by Z3's nonlinear real arithmetic; None if it gives up."""
    import z3

    units = problem.network.widths[1]
    w, b, v = ([z3.Real(f"{name}{k}") for k in range(units)] for name in "wbv")
    c = z3.Real("c")
    risk = 0
    for (x,), (y,) in zip(problem.data.x, problem.data.y, strict=True):
        hidden = [w[k] * z3.Q(x.numerator, x.denominator) + b[k] for k in range(units)]
        output = c + sum(v[k] * z3.If(hidden[k] > 0, hidden[k], 0) for k in range(units))
        residual = output - z3.Q(y.numerator, y.denominator)
        risk = risk + residual * residual / 2
    low = Fraction(-1, 1000)
    while high - low > Fraction(1, 1000):
        middle = (low + high) / 2
        solver = z3.Solver()
        solver.set("timeout", 1000 * seconds)
        solver.add(risk <= z3.Q(middle.numerator, middle.denominator))
        answer = solver.check()
        if answer == z3.unknown:
            return None
        low, high = (low, middle) if answer == z3.sat else (middle, high)
    return low, high


SELDOM = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.worker.memory.monitor-interval": "2s",
}
"""How often the processes of a cluster look at themselves, which long computations pay for."""


def workers() -> None:
    """One process, two processes and a Dask cluster of two, on the same run; the results must be equal.

    Two single processes side by side share caches and memory as two workers do: no division of the work is more efficient.
    The cluster looks after itself as seldom as docs/guide/landscape.md advises.
    """
    import dask.config
    from distributed import LocalCluster

    samples = int(os.environ.get("SAMPLES", "40"))
    problem = drawn(samples, 2, 2)
    print(f"{workload(problem).orbits.count} orbits, plane, N = {samples}, m = 2: all batches, seconds\n", flush=True)
    print("| runners | seconds | efficiency | CPU seconds of all processes | share of it that one process needs |")
    print("|---|---|---|---|---|")
    before, start = cpu_seconds(), perf_counter()
    expected = everything(workload(problem), workers=1)
    alone, own = perf_counter() - start, cpu_seconds() - before
    print(f"| 1 process | {alone:.1f} | | {own:.1f} | |", flush=True)

    def row(name: str, before: float, used: float, runs: int = 1) -> None:
        print(f"| {name} | {used:.1f} | {runs * alone / 2 / used:.2f} | ", end="", flush=True)
        # Processes are counted when they have ended.
        sleep(2)
        spent = cpu_seconds() - before
        print(f"{spent:.1f} | {runs * own / spent:.2f} |", flush=True)

    before, start = cpu_seconds(), perf_counter()
    with ProcessPoolExecutor(2) as pool:
        assert list(pool.map(whole_run, [problem] * 2)) == [expected] * 2
    row("2 single processes side by side", before, perf_counter() - start, 2)
    before, start = cpu_seconds(), perf_counter()
    assert everything(workload(problem), workers=2) == expected
    row("2 processes", before, perf_counter() - start)
    before = cpu_seconds()
    with (
        dask.config.set(SELDOM),
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
    ):
        start = perf_counter()
        assert everything(workload(problem), dask=cluster.scheduler_address) == expected
        used = perf_counter() - start
    row("Dask, 2 workers", before, used)


def whole_run(problem: es.Problem) -> int:
    """The hash of all minima, by this process alone."""
    return everything(workload(problem), workers=1)


def cpu_seconds() -> float:
    """CPU time of this process and of its children that have ended."""
    found = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in found)


def everything(work: Workload, **options: Any) -> int:
    """A hash of all minima, in order, however they are cut into batches."""
    cells = 0
    for batch in batches(work, **options):
        own = list(map(hash, zip(batch.residuals, batch.risks, strict=True)))
        for fit in batch.fits:
            cells = hash((cells, own[fit]))
    return cells


def memory() -> None:
    """Peak memory of runs of growing size whose batches go to a file, and of putting the tree together from it."""
    print("Streaming to a checkpoint, 1 input, N = 10\n")
    print(
        "| units | orbits | seconds | peak MiB, this process | peak MiB, largest worker | file, MiB | tree, seconds | peak MiB |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for units in (3, 4, 5):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "run"
            streamed, tree = (
                subprocess.run(
                    [sys.executable, __file__, part, str(units), str(path)],
                    capture_output=True,
                    text=True,
                    encoding="utf-8",
                    check=True,
                ).stdout.strip()
                for part in ("_stream", "_tree")
            )
            print(f"| {units} | {streamed} | {os.path.getsize(path) / 2**20:.1f} | {tree} |", flush=True)


def _stream(units: str, path: str) -> None:
    work = workload(drawn(10, 1, int(units)))
    start = perf_counter()
    next(batches(work, workers=2, checkpoint=path))
    seconds = perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    import gc

    gc.collect()
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{work.orbits.count} | {seconds:.1f} | {peak:.0f} | {largest:.0f}")


def _tree(units: str, path: str) -> None:
    work = workload(drawn(10, 1, int(units)))
    start = perf_counter()
    assembled(work, batches(work, checkpoint=path))
    print(f"{perf_counter() - start:.1f} | {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")


SECTIONS = {
    "whole": whole,
    "degenerate": degenerate,
    "symmetric": symmetric,
    "core": core,
    "peers": peers,
    "workers": workers,
    "memory": memory,
}


def main() -> None:
    """Print the sections that are named, or all."""
    if sys.argv[1:2] in (["_stream"], ["_tree"]):
        (_stream if sys.argv[1] == "_stream" else _tree)(*sys.argv[2:])
        return
    for name in sys.argv[1:] or SECTIONS:
        SECTIONS[name]()
        print()


if __name__ == "__main__":
    main()
