"""Seconds until a certified box with a spurious local minimum stands, start of the interpreter included, and to verify it.

Run: python benchmarks/lifted_boxes.py
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def table(file: Path, rows: int = 569, columns: int = 30) -> None:
    """Labels −1 and 1 with noise, which no hyperplane separates."""
    source = random.Random(0)
    weights = [source.randint(-3, 3) for _ in range(columns)]
    lines = [",".join([*(f"x{j}" for j in range(columns)), "label"])]
    for _ in range(rows):
        x = [source.randint(-300, 300) for _ in range(columns)]
        score = sum(a * b for a, b in zip(weights, x, strict=True)) / 100 + source.gauss(0, 8)
        lines.append(",".join([*(f"{value / 100:.2f}" for value in x), "yes" if score > 0 else "no"]))
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def timed(*arguments: str) -> float:
    """The seconds that a command takes."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", *arguments], check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Measure both tables."""
    with tempfile.TemporaryDirectory() as folder:
        wide = Path(folder) / "wide.csv"
        table(wide)
        for data, target in (("iris_two", "species"), (str(wide), "label")):
            options = ["-t", target, "--classes", "--loss", "cross_entropy", "-o", folder, "-q"]
            made = timed("exactsurf", "counterexample", data, *options)
            checked = timed("exactsurf.verifier", f"{folder}/{Path(data).stem}.certificate.json")
            print(f"{Path(data).stem:10} made in {made:.1f} s, verified in {checked:.1f} s")


if __name__ == "__main__":
    main()
