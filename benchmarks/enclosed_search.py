"""The least risk between two numbers by branch and bound: weight decay and losses by expression, by samples and units.

    python benchmarks/enclosed_search.py [SECTION…]

Sections: decay, logistic. Processor time of one process, the start of the interpreter not included.
"""

from __future__ import annotations

import random
import sys
from time import process_time

import exactsurf as es

DECAY = [(2, 12, 3), (2, 20, 2), (2, 20, 3), (1, 50, 3)]
LOGISTIC = [(2, 12, 2), (2, 20, 2)]


def drawn(inputs: int, samples: int, units: int, loss: str) -> es.Problem:
    """A ReLU network with all biases on integer data; squared loss has λ = 1/10 on weights, logistic loss has none."""
    rnd = random.Random(1)
    targets = [rnd.randint(-5, 5) for _ in range(samples)]
    x = [[i] if inputs == 1 else [rnd.randint(-5, 5) for _ in range(inputs)] for i in range(samples)]
    network = es.Network([inputs, units, 1])
    if loss == "squared":
        return es.Problem(network, es.Data.from_arrays(x, targets), weight_decay="1/10")
    return es.Problem(network, es.Data.from_arrays(x, [rnd.choice([-1, 1]) for _ in range(samples)]), loss)


def table(loss: str, sizes: list[tuple[int, int, int]]) -> None:
    """Searches until the bounds are within a hundredth, and their certificates: made, then verified again."""
    print(
        f"\n{loss}\n\n| inputs, samples, units | enclosure | regions | find, s | certificate, s | verify, s | dual vectors | kB |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for size in sizes:
        problem = drawn(*size, loss)
        start = process_time()
        search = es.EnclosedSearch(problem)
        search.run(width="1/100")
        found = process_time()
        proof = es.certify_search(search)
        made = process_time()
        es.verify(proof.encoded)
        end = process_time()
        ends = f"{float(search.lower):.4f} … {float(search.upper):.4f}"
        times = f"{found - start:.2f} | {made - found:.2f} | {end - made:.2f}"
        counts = f"{len(proof.duals)} | {len(proof.encoded) / 1000:.0f}"
        print(f"| {', '.join(map(str, size))} | {ends} | {len(search.nodes)} | {times} | {counts} |", flush=True)


if __name__ == "__main__":
    for section in sys.argv[1:] or ["decay", "logistic"]:
        table(*{"decay": ("squared", DECAY), "logistic": ("logistic", LOGISTIC)}[section])
