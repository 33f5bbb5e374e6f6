"""Exact least squares: exactsurf (FLINT) against SymPy's DomainMatrix and plain fractions, same data, same run.

    python benchmarks/least_squares.py

All three solve the normal equations exactly and must agree. Peers are left out (and named) where they would take minutes.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from fractions import Fraction

from exactsurf.exact.linear_algebra import least_squares

Rows = list[list[Fraction]]


def table(rows: int, columns: int, decimals: int) -> tuple[Rows, list[Fraction]]:
    """A seeded decimal table with a column of ones, and targets."""
    source = random.Random(rows * columns)
    scale = 10**decimals
    x = [[Fraction(source.randint(0, 100 * scale), scale) for _ in range(columns)] + [Fraction(1)] for _ in range(rows)]
    return x, [Fraction(source.randint(0, 300)) for _ in range(rows)]


def with_fractions(x: Rows, y: list[Fraction]) -> list[Fraction]:
    """Gauss elimination on the normal equations, in Fractions."""
    size = len(x[0])
    a = [
        [sum(row[i] * row[j] for row in x) for j in range(size)] + [sum(r[i] * t for r, t in zip(x, y, strict=True))]
        for i in range(size)
    ]
    for column in range(size):
        pivot = next(i for i in range(column, size) if a[i][column])
        a[column], a[pivot] = a[pivot], a[column]
        a[column] = [value / a[column][column] for value in a[column]]
        for i in range(size):
            if i != column and a[i][column]:
                factor = a[i][column]
                a[i] = [p - factor * q for p, q in zip(a[i], a[column], strict=True)]
    return [row[-1] for row in a]


def with_sympy(x: Rows, y: list[Fraction]) -> list[Fraction]:
    """SymPy's DomainMatrix over QQ."""
    from sympy import QQ
    from sympy.polys.matrices import DomainMatrix

    def domain(rows: Rows) -> DomainMatrix:
        return DomainMatrix([[QQ(v.numerator, v.denominator) for v in row] for row in rows], (len(rows), len(rows[0])), QQ)

    design = domain(x)
    transposed = design.transpose()
    solution = (transposed * design).lu_solve(transposed * domain([[t] for t in y]))
    return [Fraction(int(v.numerator), int(v.denominator)) for v in solution.to_list_flat()]


def median(run: Callable[[], object], budget: float) -> float:
    """The median time of up to five runs within a budget of seconds."""
    times: list[float] = []
    while len(times) < 5 and sum(times) < budget:
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def main() -> None:
    """Print a Markdown table of medians and ratios."""
    import sympy  # noqa: F401 (imported before any measurement)

    print("| table | exactsurf, ms | SymPy DomainMatrix, ms | ratio | fractions, ms | ratio |\n|---|---|---|---|---|---|")
    for rows, columns, decimals in ((150, 3, 1), (442, 10, 2), (569, 30, 4), (1797, 64, 0)):
        x, y = table(rows, columns, decimals)
        ours = median(lambda: least_squares(x, y), 2)
        results = [tuple(least_squares(x, y)), tuple(with_sympy(x, y)), tuple(with_fractions(x, y))]
        if len(set(results)) != 1:
            raise SystemExit("the three results differ")
        theirs, plain = median(lambda: with_sympy(x, y), 10), median(lambda: with_fractions(x, y), 10)
        print(
            f"| {rows} × {columns}, {decimals} decimals | {ours * 1e3:.2f} | {theirs * 1e3:.1f} | {theirs / ours:.0f} | "
            f"{plain * 1e3:.1f} | {plain / ours:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
