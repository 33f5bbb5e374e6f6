"""The literature on one problem: the construction of He, Wang and Tao, and all theorems on a table of 150 rows.

    python benchmarks/theorems.py

Processor time. The construction is timed with its verification; of the theorems first the hypotheses alone, then hypotheses
and conclusions.
"""

from __future__ import annotations

import time
from random import Random

from exactsurf.certificate.verdict import Status
from exactsurf.model.activation import hard_tanh, relu
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.problem import Problem
from exactsurf.papers import THEOREMS, he_2020


def table(rows: int, inputs: int, seed: int) -> Data:
    """Decimals with one place, as in iris."""
    source = Random(seed)
    x = [[f"{source.randint(1, 79)}e-1" for _ in range(inputs)] for _ in range(rows)]
    return Data.from_arrays(x, [f"{source.randint(1, 79)}e-1" for _ in range(rows)])


def main() -> None:
    print("| construction | samples | seconds | status |")
    print("|---|---|---|---|")
    for activation in (relu, hard_tanh):
        problem = Problem(Network([5, 8, 8, 8, 8, 8, 1], activation), table(100, 5, 1))
        began = time.process_time()
        found = he_2020.construct(problem)
        print(f"| he_2020, {problem.network!r} | 100 | {time.process_time() - began:.2f} | {found.verdict.status} |", flush=True)
    print()
    print("| table | network | theorems that apply | hypotheses, s | and conclusions, s | proved, refuted, undecided |")
    print("|---|---|---|---|---|---|")
    for hidden in ([2], [4], [4, 4]):
        problem = Problem(Network([3, *hidden, 1], relu), table(150, 3, 2))
        point = he_2020.construct(problem).parameters
        chosen = [theorem for theorem in THEOREMS.values() if theorem.does_not_apply(problem, point) is None]
        began = time.process_time()
        for theorem in chosen:
            theorem.check(problem, point)
        checked = time.process_time() - began
        began = time.process_time()
        answers = [theorem.examine(problem, point).conclusion for theorem in chosen]
        whole = time.process_time() - began
        counts = [sum(one is not None and one.status is status for one in answers) for status in Status]
        print(
            f"| 150 × 3 | {problem.network!r} | {len(chosen)} | {checked:.2f} | {whole:.2f} | {', '.join(map(str, counts))} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
