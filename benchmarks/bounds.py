"""Certified bounds of the least risk for several outputs and several hidden layers: how near they are after some regions.

    python benchmarks/bounds.py [--regions 200]

Integer data from −3 to 3 (seed 1; one input: 0, 1, 2, …), ReLU with biases, ½Σ|f − y|², or classes in turn with cross-entropy;
weight decay of weights and biases. CPU seconds of one process, what is
loaded is loaded before. *Gap*: between the bounds, relative to the upper one. The verifier has accepted the certificate of the
lower bound.
"""

from __future__ import annotations

import argparse
import random
import time
from contextlib import suppress

import exactsurf as es

CASES = [([1, 1, 2], 6), ([1, 2, 2], 7), ([2, 1, 2], 6), ([2, 2, 2], 8), ([1, 2, 2, 1], 10), ([1, 1, 1, 2], 6)]
DECAYED = [([1, 1, 2], 6), ([1, 2, 2], 7), ([2, 1, 2], 6)]
CLASSES = [([1, 1, 3], 6), ([1, 2, 3], 6), ([2, 1, 3], 6)]


def problem(widths: list[int], samples: int, **risk: object) -> es.Problem:
    source = random.Random(1)
    rows = [[k] for k in range(samples)]
    if widths[0] > 1:
        rows = [[source.randint(-3, 3) for _ in range(widths[0])] for _ in rows]
    targets = [[source.randint(-3, 3) for _ in range(widths[-1])] for _ in rows]
    if risk.get("loss") == "cross_entropy":
        targets = [[int(k == i % widths[-1]) for k in range(widths[-1])] for i in range(samples)]
    return es.Problem(es.Network(widths), es.Data.from_arrays(rows, targets), **risk)  # type: ignore[arg-type]


def measured(widths: list[int], samples: int, regions: int, **risk: object) -> str:
    start = time.process_time()
    search = es.BoundSearch(problem(widths, samples, **risk))
    with suppress(es.InputError):
        search.run(max_nodes=regions)
    found = time.process_time() - start
    proof = es.certify_search(search)
    start = time.process_time()
    es.verify(proof)
    checked = time.process_time() - start
    gap = float((search.upper - search.lower) / search.upper) if search.upper else 0.0
    size = f"{len(search.nodes)} | {found:.2f} | {checked:.2f} | {len(proof.encoded) // 1000}"
    return f"{float(search.lower):.4f} | {float(search.upper):.4f} | {100 * gap:.1f} % | {size}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--regions", type=int, default=200, help="the most regions, unless the gap is 1 % before")
    chosen = parser.parse_args()
    measured([1, 1, 2], 3, 10)
    print("| widths, samples | at least | at most | gap | regions | find, s | verify, s | kB |")
    print("|---|---|---|---|---|---|---|---|")
    decay = {"weight_decay": "1/10", "decay_biases": True}
    for cases, name, risk in (
        (CASES, "", {}),
        (DECAYED, ", weight decay 1/10", decay),
        (CLASSES, ", cross-entropy, weight decay 1/10", {"loss": "cross_entropy", **decay}),
    ):
        for widths, samples in cases:
            line = measured(widths, samples, chosen.regions, **risk)
            print(f"| {'-'.join(map(str, widths))}, {samples}{name} | {line} |", flush=True)


if __name__ == "__main__":
    main()
