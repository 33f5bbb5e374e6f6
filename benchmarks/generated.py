"""Seeded tables with the shapes and digit counts of well-known ones. No data set is copied."""

from __future__ import annotations

import random
from pathlib import Path


def decimal_table(path: Path, rows: int, decimals: list[int], spans: list[tuple[int, int]], target: str, seed: int) -> None:
    """Columns with a fixed number of decimals within integer spans, and a noisy linear integer target."""
    source = random.Random(seed)
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join([*(f"x{j}" for j in range(len(decimals))), target]) + "\n")
        for _ in range(rows):
            cells = []
            level = 0
            for places, (low, high) in zip(decimals, spans, strict=True):
                value = source.randint(low * 10**places, high * 10**places)
                level += value // 10**places
                text = f"{value:0{places + 1}d}"
                cells.append(f"{text[:-places]}.{text[-places:]}" if places else text)
            file.write(",".join([*cells, str(level + source.randint(-60, 60))]) + "\n")


def like_diabetes(path: Path) -> None:
    """442 × 10: ages, a ratio, blood values with up to four decimals."""
    decimals = [0, 0, 1, 2, 0, 1, 1, 2, 4, 0]
    spans = [(19, 79), (1, 2), (18, 42), (62, 133), (97, 301), (41, 242), (22, 99), (2, 9), (3, 6), (58, 124)]
    decimal_table(path, 442, decimals, spans, "y", 442)


def like_breast_cancer(path: Path) -> None:
    """569 × 30: means, errors and extremes with two to six decimals."""
    decimals = [2, 2, 2, 1, 5, 5, 5, 5, 4, 5, 4, 4, 3, 2, 6, 5, 5, 6, 5, 6, 2, 2, 2, 1, 4, 4, 4, 4, 4, 5]
    mean = [(6, 28), (9, 39), (43, 188), (143, 2501), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1)]
    error = [(0, 3), (0, 5), (0, 22), (6, 542), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1)]
    decimal_table(path, 569, decimals, mean + error + mean, "y", 569)


def like_digits(path: Path) -> None:
    """1797 × 64 integers 0..16 and a class 0..9."""
    source = random.Random(1797)
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join([f"p{j}" for j in range(64)] + ["digit"]) + "\n")
        for _ in range(1797):
            cells = [str(source.choice((0, 0, 0, source.randint(1, 16)))) for _ in range(64)]
            file.write(",".join([*cells, str(source.randint(0, 9))]) + "\n")


def like_mnist(path: Path, rows: int = 60_000) -> None:
    """rows × 784 integers 0..255, no header; 120 columns are zero everywhere and most cells of the others are zero too."""
    source = random.Random(60_000)
    dead = set(source.sample(range(784), 120))
    with path.open("w", encoding="utf-8") as file:
        for _ in range(rows):
            cells = ["0"] * 784
            for j in range(784):
                if j not in dead and source.random() < 0.25:
                    cells[j] = str(source.randrange(256))
            file.write(",".join([*cells, str(source.randrange(10))]) + "\n")
