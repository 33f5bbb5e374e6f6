"""First-order questions about networks of the size that people train, beside the gradient of a float library's kind.

Integer data of ten classes, squared loss. Random weights are binary numbers of 53 bits. At "one unit at 0" that unit sits on the
wall of every sample, the others are dead, and above layer 1 all derivatives vanish: residuals of both signs, or only positive
ones. The peer is backpropagation in NumPy's doubles, which answers another question: what a gradient is where there is one.

    python benchmarks/first_order.py [SECONDS]
"""

from __future__ import annotations

import sys
from time import process_time

import numpy as np

import exactsurf as es
from exactsurf.minima.floats.polish import read_floats

SIZES = (([64, 32, 10], 500), ([784, 10, 10], 1000))
KINDS = ("random floats", "all weights 0", "one unit at 0, both signs", "one unit at 0, one sign")


def inputs(source: np.random.Generator, width: int, samples: int) -> np.ndarray:
    """Small integers, or sparse grey values where there are as many as pixels."""
    if width < 700:
        return source.integers(-9, 10, (samples, width))
    return (source.random((samples, width)) < 0.2) * source.integers(0, 256, (samples, width))


def case(widths: list[int], samples: int, kind: str) -> tuple[es.Problem, dict[str, np.ndarray]]:
    """A problem and parameters."""
    source = np.random.default_rng(0)
    x, (d, m, k) = inputs(source, widths[0], samples), widths
    idle = kind.startswith("one unit")
    y = np.eye(k, dtype=int)[source.integers(0, k, samples)]
    if idle:
        y[:, 0] = -source.integers(-3 if "both" in kind else 0, 4, samples)
    problem = es.Problem(es.Network(widths, biases=[True, not idle]), es.Data.from_arrays(x.tolist(), y.tolist()))
    if idle:
        first, last = np.zeros((m, d), int), source.integers(-2, 3, (k, m))
        last[:, 0] = np.arange(k) == 0
        return problem, {"W1": first, "b1": -(np.arange(m) > 0).astype(int), "W2": last}
    scale = kind == "random floats"
    named = {"W1": scale * source.normal(size=(m, d)) / np.sqrt(d), "b1": scale * source.normal(size=m) / 10}
    return problem, {**named, "W2": scale * source.normal(size=(k, m)) / np.sqrt(m), "b2": scale * source.normal(size=k) / 10}


def peer(problem: es.Problem, named: dict[str, np.ndarray], repeats: int = 10) -> float:
    """Seconds of one gradient in doubles, with the slope 0 at 0."""
    x, y = np.array(problem.data.x, float), np.array(problem.data.y, float)
    start = process_time()
    for _ in range(repeats):
        z = x @ named["W1"].T + named["b1"]
        slope = np.maximum(z, 0) @ named["W2"].T + named.get("b2", 0) - y
        back = (slope @ named["W2"]) * (z > 0)
        _ = slope.T @ np.maximum(z, 0), slope.sum(0), back.T @ x, back.sum(0)
    return (process_time() - start) / repeats


def main() -> None:
    """Print the table."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 300
    print("| network | rows | point | decide | CPU s | stationary (Clarke, directional) | CPU s | float gradient, s |")
    print("|---|---|---|---|---|---|---|---|")
    for widths, samples in SIZES:
        for kind in KINDS:
            problem, named = case(widths, samples, kind)
            theta = read_floats(problem, {name: value.tolist() for name, value in named.items()})
            start = process_time()
            verdict = es.decide(problem, theta, effort=seconds) if "one sign" not in kind else None
            middle = process_time()
            senses = es.stationarity(problem, theta, effort=seconds)
            end = process_time()
            decided = ["–", "–"] if verdict is None else [verdict.status, f"{middle - start:.1f}"]
            both = f"{senses.clarke.status}, {senses.directional.status}"
            row = [
                "-".join(map(str, widths)),
                samples,
                kind,
                *decided,
                both,
                f"{end - middle:.1f}",
                f"{peer(problem, named):.4f}",
            ]
            print(f"| {' | '.join(map(str, row))} |", flush=True)


if __name__ == "__main__":
    main()
