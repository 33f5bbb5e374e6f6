"""Landscapes of logistic loss, every level enclosed, beside many descents in doubles.

    python benchmarks/logistic_landscape.py [SECTION…]

Sections: whole, peers. Processor time of one process, the start of the interpreter not included.
"""

from __future__ import annotations

import random
import sys
from time import process_time

import numpy as np

import exactsurf as es

_STARTS, _STEPS = 1000, 10000


def drawn(samples: int, inputs: int, units: int, decay: str | None = None, seed: int = 1) -> es.Problem:
    """A ReLU network with biases on integer inputs with random labels; with decay all biases are penalised."""
    rnd = random.Random(seed)
    x = list(range(samples)) if inputs == 1 else [[rnd.randint(-5, 5) for _ in range(inputs)] for _ in range(samples)]
    data = es.Data.from_arrays(x, [rnd.choice([-1, 1]) for _ in range(samples)])
    return es.Problem(es.Network([inputs, units, 1]), data, es.logistic, weight_decay=decay, decay_biases=decay is not None)


SIZES = {
    "1 input, N = 10, m = 2": drawn(10, 1, 2),
    "1 input, N = 10, m = 2, λ = 1/10": drawn(10, 1, 2, "1/10"),
    "1 input, N = 8, m = 3": drawn(8, 1, 3),
    "plane, N = 6, m = 2": drawn(6, 2, 2),
}


def whole() -> None:
    """Levels and tree, and the certificate of the global minimum (made, then verified again)."""
    print("| size | orbits | levels | valleys | at infinity | ties | landscape, s | certificate, s | verified, s |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, problem in SIZES.items():
        start = process_time()
        land = es.enclosed_landscape(problem)
        done = process_time()
        proof = es.certify_near_global_minimum(land)
        made = process_time()
        es.verify(proof.encoded)
        end = process_time()
        far = sum(valley.is_attained is False for valley in land.valleys)
        counts = f"{land.orbits} | {len(land.levels)} | {len(land.valleys)} | {far} | {len(land.ties)}"
        print(f"| {name} | {counts} | {done - start:.2f} | {made - done:.2f} | {end - made:.2f} |", flush=True)


def peers() -> None:
    """Descents in doubles from random starts: the least risk, and how many of the levels of valleys they come near."""
    print("\n| size | landscape, s | descents, s | global minimum | least risk of the descents | levels of valleys | met |")
    print("|---|---|---|---|---|---|---|")
    for name, problem in SIZES.items():
        start = process_time()
        land = es.enclosed_landscape(problem)
        middle = process_time()
        risks = descents(problem)
        end = process_time()
        levels = sorted({round(float(valley.risk.low), 9) for valley in land.valleys})
        met = sum(bool((abs(risks - level) < 1e-3).any()) for level in levels)
        least = f"{levels[0]:.6f} | {risks.min():.6f}"
        print(f"| {name} | {middle - start:.2f} | {end - middle:.2f} | {least} | {len(levels)} | {met} |", flush=True)


def descents(problem: es.Problem) -> np.ndarray:
    """The risks at the ends of gradient descents with momentum, all at once."""
    rng, decay = np.random.default_rng(1), problem.decay
    x, y = (np.array([[float(v) for v in row] for row in table]) for table in (problem.data.x, problem.data.y))
    y, units, factor = y[:, 0], problem.network.widths[1], 0.0 if decay is None else float(decay.factor)
    shapes = (_STARTS, units, x.shape[1]), (_STARTS, units), (_STARTS, units), (_STARTS,)
    parts = [rng.normal(size=shape) for shape in shapes]
    parts[1] -= np.einsum("nmd,nmd->nm", parts[0], x[rng.integers(len(x), size=(_STARTS, units))])
    moved = [np.zeros_like(part) for part in parts]
    for _ in range(_STEPS):
        w, b, v, c = parts
        z = np.einsum("nmd,Nd->nmN", w, x) + b[:, :, None]
        h = np.maximum(z, 0)
        f = np.einsum("nm,nmN->nN", v, h) + c[:, None]
        r = -y / (1 + np.exp(np.clip(y * f, -500, 500)))
        flow = r[:, None, :] * v[:, :, None] * (z > 0)
        slopes = np.einsum("nmN,Nd->nmd", flow, x), flow.sum(2), np.einsum("nN,nmN->nm", r, h), r.sum(1)
        for part, speed, slope in zip(parts, moved, slopes, strict=True):
            speed *= 0.9
            speed += slope + factor * part
            part -= 0.01 * speed
    w, b, v, c = parts
    f = np.einsum("nm,nmN->nN", v, np.maximum(np.einsum("nmd,Nd->nmN", w, x) + b[:, :, None], 0)) + c[:, None]
    penalty = sum((part**2).reshape(_STARTS, -1).sum(1) for part in parts)
    risks: np.ndarray = np.logaddexp(0, -y * f).sum(1) + factor / 2 * penalty
    return risks


if __name__ == "__main__":
    for section in sys.argv[1:] or ["whole", "peers"]:
        {"whole": whole, "peers": peers}[section]()
