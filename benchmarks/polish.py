"""Networks trained in floats to exact points: seconds of `polish`, its decision and certificate included.

python benchmarks/polish.py
"""

from __future__ import annotations

from time import process_time

import numpy as np

import exactsurf as es

CASES = [([3, 6, 1], 20), ([3, 16, 1], 60), ([10, 16, 1], 200), ([4, 8, 8, 1], 100)]
SECONDS = 300


def trained(widths: list[int], samples: int, steps: int = 3000) -> tuple[es.Problem, dict[str, object]]:
    """A ReLU network on random integers after full-batch Adam, in floats."""
    source = np.random.default_rng(0)
    x, y = source.integers(-9, 10, (samples, widths[0])), source.integers(-9, 10, (samples, 1))
    shapes = list(zip(widths[1:], widths, strict=False))
    entries = [source.normal(size=shape) * np.sqrt(2 / shape[1]) for shape in shapes] + [np.zeros(a) for a, _ in shapes]
    layers = len(shapes)
    first, second = [np.zeros_like(entry) for entry in entries], [np.zeros_like(entry) for entry in entries]
    for step in range(1, steps + 1):
        active, heights = [x.T.astype(float)], []
        for k in range(layers):
            heights.append(entries[k] @ active[-1] + entries[layers + k][:, None])
            active.append(heights[-1] if k == layers - 1 else np.maximum(heights[-1], 0))
        slope = (active[-1] - y.T) / samples
        slopes: list[np.ndarray] = [np.zeros(0)] * (2 * layers)
        for k in reversed(range(layers)):
            slopes[k], slopes[layers + k] = slope @ active[k].T, slope.sum(axis=1)
            if k:
                slope = (entries[k].T @ slope) * (heights[k - 1] > 0)
        for entry, own, m, v in zip(entries, slopes, first, second, strict=True):
            m += 0.1 * (own - m)
            v += 0.001 * (own * own - v)
            entry -= 0.01 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
    problem = es.Problem(es.Network(widths), es.Data.from_arrays(x.tolist(), y[:, 0].tolist()))
    names = [f"W{k + 1}" for k in range(layers)] + [f"b{k + 1}" for k in range(layers)]
    return problem, {name: entry.tolist() for name, entry in zip(names, entries, strict=True)}


def main() -> None:
    """Print the table."""
    print("| network | samples | CPU s | status | risk | method | cells fitted | reason |\n|---|---|---|---|---|---|---|---|")
    for widths, samples in CASES:
        problem, floats = trained(widths, samples)
        start = process_time()
        found = es.polish(problem, floats, effort=SECONDS)
        spent = process_time() - start
        risk = f"{float(found.risk):.4f}"
        row = ["-".join(map(str, widths)), samples, f"{spent:.1f}", found.verdict.status, risk, found.method, found.cells]
        print(f"| {' | '.join(map(str, row))} | {found.verdict.reason[:120]} |", flush=True)


if __name__ == "__main__":
    main()
