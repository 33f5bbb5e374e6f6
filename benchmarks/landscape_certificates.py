"""Certificates of landscapes: signed cells, dual vectors, size of the file, seconds to find and to verify.

    python benchmarks/landscape_certificates.py [--large]

The targets are random integers from −9 to 9 (seed 1). The global minimum is found without the landscape; the list of valleys
and their barriers need it, and its time is not counted for them.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time

import exactsurf as es
from exactsurf.surface.global_certificate import certify_global_minimum
from exactsurf.surface.paths import certify_spurious_valley
from exactsurf.surface.valley_list import certify_all_valleys
from exactsurf.surface.workload import workload

CASES = [(10, 1, 2), (10, 1, 3), (6, 2, 2), (10, 2, 2), (20, 1, 2), (10, 1, 4)]
LARGE = [(30, 1, 3), (12, 2, 2)]
WITH_VALLEYS = [(10, 1, 2), (6, 2, 2)]


def problem(samples: int, inputs: int, units: int) -> es.Problem:
    generator = random.Random(1)
    x = [[k] for k in range(samples)]
    if inputs > 1:
        x = [[generator.randint(-9, 9) for _ in range(inputs)] for _ in range(samples)]
    return es.Problem(es.Network([inputs, units, 1]), es.Data.from_arrays(x, [generator.randint(-9, 9) for _ in x]))


def seconds(action):
    start = time.perf_counter()
    result = action()
    return result, time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true")
    cases = CASES + LARGE * parser.parse_args().large
    print("global minimum: samples, inputs, units: orbits, dual vectors, bytes, seconds to find (verified), seconds to verify")
    for case in cases:
        instance = problem(*case)
        orbits = workload(instance).orbits.count
        proof, spent = seconds(lambda instance=instance: certify_global_minimum(instance))
        _, again = seconds(lambda proof=proof: es.verify(proof))
        print(case, orbits, len(proof.duals), len(proof.encoded), f"{spent:.2f}", f"{again:.2f}", flush=True)
    print("valleys: samples, inputs, units: valleys, median bytes, all seconds; list: points, dual vectors, bytes, seconds")
    for case in WITH_VALLEYS:
        land = es.landscape(problem(*case))
        spurious = [valley for valley in land.valleys if valley.is_spurious and valley.is_attained]
        start = time.perf_counter()
        sizes = [len(certify_spurious_valley(land, valley.parameters).encoded) for valley in spurious]
        spent = time.perf_counter() - start
        listed, long = seconds(lambda land=land: certify_all_valleys(land))
        about = len(listed.points), len(listed.bounds.duals), len(listed.encoded)
        print(case, len(land.valleys), statistics.median(sizes or [0]), f"{spent:.2f};", *about, f"{long:.2f}", flush=True)


if __name__ == "__main__":
    main()
