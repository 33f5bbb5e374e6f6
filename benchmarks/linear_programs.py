"""Exact linear programs side by side: exactsurf's simplex, cddlib (GMP), and HiGHS whose basis FLINT proves or mends.

Run `python benchmarks/linear_programs.py [--seed N] [--repeats N]`; it prints a Markdown table of medians over the
instances. Peers that are not installed are skipped, and it says so. Every answer is checked exactly.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

from exactsurf.exact.bounded_system import (
    FarkasVector,
    Multipliers,
    is_farkas_vector,
    is_solution,
    solve_bounded_system,
)
from exactsurf.exact.linear_algebra import common_denominator
from exactsurf.exact.simplex import Bound, Vertex, simplex

System = tuple[list[list[Fraction]], list[Fraction], list[Bound], list[Bound]]
SIZES = ((4, 20), (6, 50), (10, 100), (20, 200))
FAMILIES = ("feasible", "boundary", "infeasible", "zero target")


def random_system(kind: str, size: int, count: int, boxed: bool, rng: random.Random) -> System:
    """A random system of `count` vectors; bounds [0, 1] or [0, ∞), for a zero target [1, 2] or [1, ∞)."""
    vectors = [[Fraction(rng.randint(-9, 9), rng.choice((1, 2, 3, 4))) for _ in range(size)] for _ in range(count)]
    target = [Fraction(0)] * size
    if kind in ("feasible", "boundary"):
        chosen = range(count) if kind == "feasible" else rng.sample(range(count), size // 2)
        for c in chosen:
            weight = Fraction(rng.randint(1, 7), 8)
            target = [t + weight * v for t, v in zip(target, vectors[c], strict=True)]
    elif kind == "infeasible":
        # All vectors in a half space that the target just leaves.
        normal = [Fraction(rng.choice((-3, -2, -1, 1, 2, 3))) for _ in range(size)]
        for c, vector in enumerate(vectors):
            if sum(a * b for a, b in zip(normal, vector, strict=True)) > 0:
                vectors[c] = [-v for v in vector]
        for vector in vectors[: size // 2]:
            target = [t + v / 8 for t, v in zip(target, vector, strict=True)]
        height = sum(a * b for a, b in zip(normal, target, strict=True))
        target[0] += (Fraction(1, 100) - height) / normal[0]
    first = Fraction(1 if kind == "zero target" else 0)
    return vectors, target, [first] * count, [first + 1 if boxed else None] * count


def by_exactsurf(system: System) -> Multipliers | FarkasVector:
    return solve_bounded_system(*system)


def by_cddlib(module: Any, system: System) -> Multipliers | FarkasVector | None:
    """cddlib's GMP simplex, in the form that suits it best.

    Cones are asked in d unknowns (max g·δ with u_c·δ ≤ 0, g·δ ≤ 1), whose dual solution holds the multipliers. Boxes
    are asked in n unknowns, and None stands for "infeasible" (no Farkas vector is asked for, which favours it).
    """
    vectors, target, lower, upper = system
    count = len(vectors)
    kinds: dict[str, Any] = {"obj_type": module.LPObjType.MAX, "rep_type": module.RepType.INEQUALITY}
    rows: list[list[Any]]
    if not any(upper):
        low = [v or Fraction(0) for v in lower]
        goal = [t - sum(v * u[i] for v, u in zip(low, vectors, strict=True)) for i, t in enumerate(target)]
        rows = [[0, *(-v for v in vector)] for vector in vectors] + [[1, *(-g for g in goal)]]
        program = module.linprog_from_matrix(module.matrix_from_array(rows, obj_func=[0, *goal], **kinds))
        module.linprog_solve(program)
        if program.obj_value > 0:
            return FarkasVector(tuple(program.primal_solution))
        shifts = dict(program.dual_solution)
        return Multipliers(tuple(v + shifts.get(c, 0) for c, v in enumerate(low)))
    rows = [[-t, *(vector[i] for vector in vectors)] for i, t in enumerate(target)]
    for c, (at_least, at_most) in enumerate(zip(lower, upper, strict=True)):
        unit = [int(c == k) for k in range(count)]
        if at_least is not None:
            rows.append([-at_least, *unit])
        if at_most is not None:
            rows.append([at_most, *(-v for v in unit)])
    objective = [0] * (count + 1)
    matrix = module.matrix_from_array(rows, lin_set=range(len(target)), obj_func=objective, **kinds)
    program = module.linprog_from_matrix(matrix)
    module.linprog_solve(program)
    if program.status == module.LPStatusType.OPTIMAL:
        return Multipliers(tuple(program.primal_solution))
    return None


def by_highs(highspy: Any, numpy: Any, system: System) -> Multipliers | FarkasVector:
    """HiGHS proposes a basis in floats; the exact simplex of exactsurf proves it or goes on from there."""
    vectors, target, lower, upper = system
    size, count = len(target), len(vectors)
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = count, size
    program.col_cost_ = numpy.zeros(count)
    program.col_lower_ = numpy.array([-highspy.kHighsInf if v is None else float(v) for v in lower])
    program.col_upper_ = numpy.array([highspy.kHighsInf if v is None else float(v) for v in upper])
    program.row_lower_ = program.row_upper_ = numpy.array([float(v) for v in target])
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = numpy.arange(0, size * count + 1, size)
    program.a_matrix_.index_ = numpy.tile(numpy.arange(size), count)
    program.a_matrix_.value_ = numpy.array([float(v) for vector in vectors for v in vector])
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("presolve", "off")
    solver.passModel(program)
    solver.run()
    basis, status = solver.getBasis(), highspy.HighsBasisStatus
    basic = [j for j, s in enumerate(basis.col_status) if s == status.kBasic]
    basic += [count + i for i, s in enumerate(basis.row_status) if s == status.kBasic]
    sides = [-1 if s == status.kLower else 1 if s == status.kUpper else 0 for s in basis.col_status]
    # One common denominator makes everything integer, which the exact simplex wants.
    common = common_denominator([*target, *(v for vector in vectors for v in vector)])
    columns = [[int(v * common) for v in vector] for vector in vectors]
    outcome = simplex(columns, [int(v * common) for v in target], lower, upper, Vertex(tuple(basic), tuple(sides)))
    if outcome.point is not None:
        return Multipliers(outcome.point)
    return FarkasVector(tuple(map(Fraction, outcome.separator or ())))


def installed_engines() -> dict[str, Callable[[System], Multipliers | FarkasVector | None]]:
    engines: dict[str, Callable[[System], Multipliers | FarkasVector | None]] = {"exactsurf": by_exactsurf}
    try:
        import cdd.gmp

        engines["cddlib GMP"] = partial(by_cddlib, cdd.gmp)
    except ImportError:
        print("cddlib GMP skipped: pycddlib with cdd.gmp is not installed (no wheels; needs libcdd-dev, libgmp-dev)\n")
    try:
        import highspy
        import numpy

        engines["HiGHS + FLINT"] = partial(by_highs, highspy, numpy)
    except ImportError:
        print("HiGHS + FLINT skipped: highspy is not installed\n")
    return engines


def check(answer: Multipliers | FarkasVector | None, expected: Multipliers | FarkasVector, system: System) -> None:
    if answer is None:
        correct = isinstance(expected, FarkasVector)
    elif isinstance(answer, Multipliers):
        correct = is_solution(answer.values, *system)
    else:
        correct = is_farkas_vector(answer.values, *system)
    if not correct:
        raise SystemExit(f"wrong answer {answer} for {system}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=20240)
    parser.add_argument("--repeats", type=int, default=15, help="instances per row")
    options = parser.parse_args()
    engines = installed_engines()
    print(f"Seed {options.seed}, {options.repeats} instances a row, medians in milliseconds (ratio to exactsurf).\n")
    print("| d × n | family | bounds | solvable |" + "".join(f" {name} |" for name in engines))
    print("|---|---|---|---|" + "---|" * len(engines))
    for size, count in SIZES:
        for kind in FAMILIES:
            for boxed in (False, True):
                rng = random.Random(f"{options.seed} {size} {count} {kind} {boxed}")
                times: dict[str, list[float]] = {name: [] for name in engines}
                solvable = 0
                for _ in range(options.repeats):
                    system = random_system(kind, size, count, boxed, rng)
                    expected = solve_bounded_system(*system)
                    solvable += isinstance(expected, Multipliers)
                    for name, engine in engines.items():
                        begin = time.perf_counter()
                        answer = engine(system)
                        times[name].append(1000 * (time.perf_counter() - begin))
                        check(answer, expected, system)
                medians = {name: statistics.median(values) for name, values in times.items()}
                cells = [f"{m:.2f} ({m / medians['exactsurf']:.1f})" for m in medians.values()]
                bounds = ("[1, 2]" if boxed else "[1, ∞)") if kind == "zero target" else "[0, 1]" if boxed else "[0, ∞)"
                row = [f"{size} × {count}", kind, bounds, f"{solvable}/{options.repeats}", *cells]
                print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
