"""From a CSV file to a verified certificate: seconds and memory, one core, one process per measurement.

    python benchmarks/tables.py            iris, 442 × 10, 569 × 30, 1797 × 64
    python benchmarks/tables.py --large    60000 × 784 as well (several minutes)

The first column of times is `exactsurf counterexample` (it verifies the certificate before it says PROVED); the second is
the stand-alone verifier in a process of its own, with the standard library only.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from generated import like_breast_cancer, like_diabetes, like_digits, like_mnist

from exactsurf.model.bundled_data import bundled_path


def measured(command: list[str]) -> tuple[float, float, int]:
    """Seconds, peak memory in MiB and exit status of a command."""
    started = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
    _, status, usage = os.wait4(child, 0)
    return time.perf_counter() - started, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)


def main() -> None:
    """Print a Markdown table."""
    cases = [
        ("iris 150 × 3", bundled_path("iris"), ["--target", "petal_width", "--drop", "species"]),
        ("decimals 442 × 10", like_diabetes, ["--target", "y"]),
        ("decimals 569 × 30", like_breast_cancer, ["--target", "y"]),
        ("integers 1797 × 64", like_digits, ["--target", "digit"]),
    ]
    if "--large" in sys.argv:
        cases.append(("integers 60000 × 784", like_mnist, ["--target", "785", "--no-header"]))
    print("| table | counterexample, s | MiB | verifier alone, s | MiB | certificate, kB |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for title, origin, options in cases:
            path = origin if isinstance(origin, Path) else folder / f"{origin.__name__}.csv"
            if not isinstance(origin, Path):
                origin(path)
            run = [sys.executable, "-m", "exactsurf", "counterexample", str(path), *options, "-o", str(folder)]
            seconds, memory, status = measured(run)
            certificate = folder / f"{path.stem}.certificate.json"
            if status != 0:
                sys.exit(f"{title}: exit status {status}")
            check = [sys.executable, "-m", "exactsurf.verifier", str(certificate), "--data", str(path.parent)]
            again, check_memory, status = measured(check)
            if status != 0:
                sys.exit(f"{title}: the verifier ended with {status}")
            size = certificate.stat().st_size / 1000
            print(f"| {title} | {seconds:.1f} | {memory:.0f} | {again:.1f} | {check_memory:.0f} | {size:.0f} |", flush=True)


if __name__ == "__main__":
    main()
