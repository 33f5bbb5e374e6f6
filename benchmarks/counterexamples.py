"""Counterexamples from scratch: seconds until a claim is refuted on some instance, and until it is made small.

    python benchmarks/counterexamples.py [--seeds N]

Every search is over the claim's default family (small networks, up to six samples, integer entries up to 3) with no hint, on one
core; the first column of times is the search alone.
"""

from __future__ import annotations

import sys
import time

from exactsurf.papers import THEOREMS
from exactsurf.search.claim_search import find_counterexample
from exactsurf.search.ready_claims import CLAIMS, claim_of

SECONDS = 120


def main() -> None:
    seeds = int(sys.argv[sys.argv.index("--seeds") + 1]) if "--seeds" in sys.argv else 3
    claims = [
        *CLAIMS.values(),
        claim_of(THEOREMS["he_2020.one_valley"]),
        claim_of(THEOREMS["laurent_2018.leaky_separable"], without="balanced"),
        claim_of(THEOREMS["yun_2019.theorem_1"], without="C1.2"),
    ]
    print("| claim | seed | instances | search (s) | with minimisation (s) | counterexample |")
    print("|---|---|---|---|---|---|")
    for claim in claims:
        for seed in range(seeds):
            began = time.perf_counter()
            found = find_counterexample(claim, seconds=SECONDS, seed=seed, minimise=False).found
            search = time.perf_counter() - began
            if found is None:
                print(f"| {claim.key} | {seed} | | > {SECONDS} | | none found |", flush=True)
                continue
            began = time.perf_counter()
            small = find_counterexample(claim, seconds=SECONDS, seed=seed).found
            whole = time.perf_counter() - began
            text = f"{small.problem.network!r}, {small.problem.data!r}, {small.problem.loss!r}" if small is not None else "none"
            print(f"| {claim.key} | {seed} | {found.tried} | {search:.1f} | {whole:.1f} | {text} |", flush=True)


if __name__ == "__main__":
    main()
