"""All cells of an arrangement with witnesses, side by side with SageMath and polymake where they are installed.

    python benchmarks/arrangements.py [--large] [--growth FILE.svg]

SageMath: ``HyperplaneArrangements(QQ).regions()``. polymake: ``CHAMBER_DECOMPOSITION``.
Debian has both (packages sagemath and polymake).
Each peer is timed by itself, without its start. ``--large`` streams the 15,028,134 cells of threshold n = 6 and counts
them. ``--growth`` plots cells/s against the number of hyperplanes and the dimension (needs matplotlib).
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from exactsurf.arrangement.arrangement import Arrangement

SAGE = """
import json, sys, time
from sage.all import HyperplaneArrangements, QQ
for name, rows in json.load(open(sys.argv[1], encoding="utf-8")):
    H = HyperplaneArrangements(QQ, names=tuple("x%d" % i for i in range(len(rows[0]))))
    arrangement = H([(tuple(row), 0) for row in rows])
    start = time.perf_counter()
    count = len(arrangement.regions())
    print(json.dumps([name, count, time.perf_counter() - start]), flush=True)
"""
POLYMAKE = """
use application "fan";
use Time::HiRes qw(time);
$| = 1;
foreach my $case (%s) {
  my ($name, $rows) = @$case;
  my $H = new HyperplaneArrangement(HYPERPLANES=>$rows);
  my $start = time;
  my $count = $H->CHAMBER_DECOMPOSITION->MAXIMAL_CONES->rows;
  printf("[\\"%%s\\", %%d, %%f]\\n", $name, $count, time-$start);
}
"""


def threshold(n: int) -> list[list[int]]:
    return [[*bits, 1] for bits in itertools.product((0, 1), repeat=n)]


def resonance(n: int) -> list[list[int]]:
    return [list(bits) for bits in itertools.product((0, 1), repeat=n) if any(bits)]


def general(count: int, dimension: int) -> list[list[int]]:
    source = random.Random(count * 100 + dimension)
    return [[source.randint(-9, 9) for _ in range(dimension)] for _ in range(count)]


CASES = {
    "threshold n = 3": threshold(3),
    "resonance n = 4": resonance(4),
    "random 12 in 3": general(12, 3),
    "random 12 in 4": general(12, 4),
    "threshold n = 4": threshold(4),
    "resonance n = 5": resonance(5),
}


def ours(rows: list[list[int]]) -> tuple[int, float]:
    """Cells and seconds: the median of several runs."""
    times, count = [], 0
    while sum(times) < 0.5 and len(times) < 21:
        start = time.perf_counter()
        count = sum(len(table) for table in Arrangement(rows).cell_tables())
        times.append(time.perf_counter() - start)
    return count, sorted(times)[len(times) // 2]


def peer(command: list[str], limit: int) -> dict[str, tuple[int, float]]:
    """What a peer says within `limit` seconds; the cases that it does not finish are missing."""
    if shutil.which(command[0]) is None:
        return {}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8")
    try:
        output, _ = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        process.kill()
        output, _ = process.communicate()
    found = [json.loads(line) for line in output.splitlines() if line.startswith("[")]
    return {name: (count, seconds) for name, count, seconds in found}


def compare(limit: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        cases, sage, polymake = Path(folder, "cases.json"), Path(folder, "peer_sage.py"), Path(folder, "polymake.pl")
        cases.write_text(json.dumps(list(CASES.items())), encoding="utf-8")
        sage.write_text(SAGE, encoding="utf-8")
        polymake.write_text(POLYMAKE % ", ".join(json.dumps([name, rows]) for name, rows in CASES.items()), encoding="utf-8")
        peers = {
            "SageMath": peer(["sage", "-python", str(sage), str(cases)], limit),
            "polymake": peer(["polymake", "--script", str(polymake)], limit),
        }
    print("| arrangement | cells | exactsurf, ms | SageMath | polymake |\n|---|---|---|---|---|")
    for name, rows in CASES.items():
        count, seconds = ours(rows)
        ratios = []
        for answers in peers.values():
            if name not in answers:
                ratios.append("–")
                continue
            other, theirs = answers[name]
            assert other == count, (name, other, count)
            ratios.append(f"{theirs:.3g} s, {theirs / seconds:.0f}×")
        print(f"| {name} | {count} | {1000 * seconds:.2f} | {' | '.join(ratios)} |", flush=True)


def single(n: int, block: int) -> None:
    """One large arrangement: counting alone, then all cells streamed to a count and a digest."""
    arrangement = Arrangement(threshold(n))
    start = time.perf_counter()
    expected = arrangement.count_cells()
    counting = time.perf_counter() - start
    start, count, digest = time.perf_counter(), 0, hashlib.sha256()
    for table in arrangement.cell_tables(block):
        count += len(table)
        digest.update(np.packbits(table.signs > 0, axis=1).tobytes())
    seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    assert count == expected
    print(f"| threshold n = {n} | {count} | {counting:.2f} | {seconds:.1f} | {memory} | {digest.hexdigest()[:16]} |", flush=True)


def growth(path: str) -> None:
    """cells/s against the number of hyperplanes, for several dimensions."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(6, 4))
    print("| dimension | hyperplanes | cells | cells/s |\n|---|---|---|---|")
    for dimension in (2, 3, 4, 5, 6, 7):
        sizes, rates = [], []
        for count in (8, 12, 16, 24, 32, 48, 64, 96):
            cells, seconds = ours(general(count, dimension))
            sizes.append(count)
            rates.append(cells / seconds)
            print(f"| {dimension} | {count} | {cells} | {cells / seconds:.0f} |", flush=True)
            if seconds > 4:
                break
        axes.plot(sizes, rates, marker="o", label=f"d = {dimension}")
    axes.set(xscale="log", yscale="log", xlabel="hyperplanes", ylabel="cells/s with witnesses", title="Enumeration, one core")
    axes.legend(frameon=False)
    figure.tight_layout()
    figure.savefig(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--growth", metavar="FILE")
    parser.add_argument("--limit", type=int, default=300, help="seconds for each peer")
    options = parser.parse_args()
    if options.growth:
        growth(options.growth)
        return
    compare(options.limit)
    print("\n| arrangement | cells | counting, s | enumeration, s | MiB | digest |\n|---|---|---|---|---|---|")
    single(5, 1 << 17)
    if options.large:
        single(6, 2_000_000)


if __name__ == "__main__":
    sys.exit(main())
