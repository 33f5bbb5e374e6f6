"""Import time of exactsurf beside its peers, each in fresh processes.

python benchmarks/import_time.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time


def seconds(statement: str, runs: int = 11) -> float:
    """The median time of a fresh interpreter that runs `statement`."""
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", statement], check=True)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def main() -> None:
    """Print a Markdown table; the bare interpreter is subtracted."""
    bare = seconds("pass")
    print("| import | ms beyond the bare interpreter |\n|---|---|")
    for name in ("exactsurf", "exactsurf.verifier", "flint", "numpy", "sympy"):
        print(f"| `{name}` | {(seconds(f'import {name}') - bare) * 1e3:.0f} |", flush=True)
    first = "import exactsurf as es; es.decide; es.Problem; es.relu"
    print(f"| `exactsurf`, and its first use of `decide`, `Problem`, `relu` | {(seconds(first) - bare) * 1e3:.0f} |")


if __name__ == "__main__":
    main()
