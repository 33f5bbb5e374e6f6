"""1000 decisions on a 2-3-1 ReLU network with 10 samples, a third of the points on three or more walls.

Every verdict includes writing the certificate, reading it back and verifying it. Half of the points have targets such
that they are critical or nearly so; the rest are random.

    python benchmarks/decisions.py [COUNT]
    python benchmarks/decisions.py --smt [COUNT]
    python benchmarks/decisions.py --losses [COUNT]

`--smt` asks Z3 and cvc5 (nonlinear real arithmetic) about small networks instead: is there a point of lower risk in the box
of radius 1/100 around the point? That is less than `decide` answers: unsat is the minimum on that box, and sat says nothing
about smaller boxes. `--losses` asks the same points with squared and with logistic loss, on labels −1 and 1.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from statistics import median
from time import perf_counter, process_time

import exactsurf as es
from exactsurf.interop.smtlib import to_smtlib

SAMPLES, WALLS = 10, 3
TINY = (([1, 1, 1], 3), ([1, 1, 1], 5), ([2, 1, 1], 4), ([1, 2, 1], 4))
"""Widths and numbers of samples of the questions to the solvers."""
SECONDS = 20
"""What a solver may take for one question."""


def draw(rnd: random.Random, walls: int, widths: list[int], samples: int) -> tuple[es.Problem, es.Parameters]:
    """A random problem and point; the first `walls` samples or more sit on the wall of some unit."""
    width, units, _ = widths
    inputs = [[rnd.randint(-5, 5) for _ in range(width)] for _ in range(samples)]
    network = es.Network(widths)
    weights = [[rnd.randint(-3, 3) for _ in range(width)] for _ in range(units)]
    biases = [rnd.randint(-3, 3) for _ in range(units)]
    if walls:
        # A sample at the origin of a unit's line, and its double on the other side: both on the wall.
        unit = rnd.randrange(units)
        step = [-weights[unit][1], weights[unit][0]] if width == 2 else [0]
        for k in range(walls):
            inputs[k] = [a + k * b for a, b in zip(inputs[0], step, strict=True)]
        biases[unit] = -sum(w * v for w, v in zip(weights[unit], inputs[0], strict=True))
    output = [[rnd.choice((-2, -1, 1, 2)) for _ in range(units)]]
    named = {"W1": weights, "b1": biases, "W2": output, "b2": [rnd.randint(-2, 2)]}
    blank = es.Problem(network, es.Data.from_arrays(inputs, [0] * samples))
    fitted = [row[0] for row in blank.predictions(blank.parameters(**named))]
    kind = rnd.randrange(4)
    residuals = [Fraction(rnd.randint(-9, 9), rnd.randint(1, 5)) for _ in range(samples)]
    if kind < 2:
        residuals = stationary(blank, blank.parameters(**named), residuals)
    if kind == 1:
        residuals[rnd.randrange(samples)] += Fraction(1, 10**30)
    targets = [f - r for f, r in zip(fitted, residuals, strict=True)]
    problem = es.Problem(network, es.Data.from_arrays(inputs, targets))
    return problem, problem.parameters(**named)


def stationary(problem: es.Problem, theta: es.Parameters, residuals: list[Fraction]) -> list[Fraction]:
    """The residuals nearest to the given ones that make the derivative vanish on the cell of right-hand pieces."""
    from exactsurf.exact.linear_algebra import least_squares

    rows = []
    for row in problem.data.x:
        entries = [Fraction(1)]
        for weights, bias in zip(theta.weights[0], theta.biases[0] or (), strict=True):
            active = sum((w * v for w, v in zip(weights, row, strict=True)), bias) >= 0
            entries += [value if active else Fraction(0) for value in (*row, Fraction(1))]
        rows.append(entries)
    solution = least_squares(rows, residuals)
    return [r - sum(a * s for a, s in zip(row, solution, strict=True)) for r, row in zip(residuals, rows, strict=True)]


def ask_z3(text: str) -> str:
    """sat, unsat or unknown."""
    import z3

    solver = z3.SolverFor("QF_NRA")
    solver.set("timeout", 1000 * SECONDS)
    solver.from_string(text)
    return str(solver.check())


def ask_cvc5(text: str) -> str:
    """sat, unsat or unknown."""
    import cvc5

    solver = cvc5.Solver()
    solver.setOption("tlimit-per", str(1000 * SECONDS))
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "question")
    answers = []
    while not (command := parser.nextCommand()).isNull():
        answers.append(str(command.invoke(solver, parser.getSymbolManager())).strip())
    return next(answer for answer in answers if answer)


def compare(count: int) -> None:
    """Print how long the solvers take for the existence of a lower point in a box, as ratios to `decide`."""
    solvers: dict[str, Callable[[str], str]] = {"Z3": ask_z3, "cvc5": ask_cvc5}
    print(f"| network, samples | points | decide, ms | solver | answers within {SECONDS} s | median, ms | ratio |")
    print("|---|---|---|---|---|---|---|")
    for widths, samples in TINY:
        rnd = random.Random(f"{widths} {samples}")
        drawn = [draw(rnd, k % 3 if k % 2 else 0, widths, samples) for k in range(count)]
        times, verdicts = [], []
        for problem, theta in drawn:
            start = perf_counter()
            verdicts.append(es.decide(problem, theta))
            times.append(perf_counter() - start)
        found = Counter(str(verdict.status) for verdict in verdicts)
        for name, ask in solvers.items():
            taken, answers = [], Counter[str]()
            for (problem, theta), verdict in zip(drawn, verdicts, strict=True):
                text = to_smtlib(problem, theta)
                start = perf_counter()
                answer = ask(text)
                taken.append(perf_counter() - start)
                answers[answer] += 1
                if answer == "unsat" and str(verdict.status) == "REFUTED":
                    raise SystemExit(f"{name} contradicts {verdict!r} at {theta!r} of {problem!r}")
            listed = ", ".join(f"{key} {answers[key]}" for key in ("sat", "unsat") if answers[key]) or "none"
            shape = "-".join(map(str, widths))
            ratios = [solver / own for solver, own in zip(taken, times, strict=True)]
            points = ", ".join(f"{key} {number}" for key, number in sorted(found.items()))
            print(
                f"| {shape}, {samples} | {points} | {1000 * median(times):.1f} | {name} | {listed} of {count} | "
                f"{1000 * median(taken):.0f} | {median(ratios):.0f} |",
                flush=True,
            )


def measure(count: int) -> None:
    """Print the time of all decisions, of their verification, and what was decided."""
    rnd = random.Random(2026)
    drawn = [draw(rnd, WALLS + rnd.randrange(2) if k % 3 == 0 else 0, [2, 3, 1], SAMPLES) for k in range(count)]
    start = process_time()
    verdicts = [es.decide(problem, theta) for problem, theta in drawn]
    decided = process_time() - start
    start = process_time()
    for verdict in verdicts:
        if verdict.certificate is not None:
            es.verify(verdict.certificate.encoded)
    verified = process_time() - start
    found = Counter(str(verdict.status) for verdict in verdicts)
    listed = ", ".join(f"{name} {number}" for name, number in sorted(found.items()))
    print(f"{count} decisions: {decided:.2f} s, of that verification {verified:.2f} s; {listed}")


def labelled(rnd: random.Random, kind: str, loss: str) -> tuple[es.Problem, es.Parameters]:
    """Labels −1 and 1: a random point, one that no unit leaves, or one of doubled samples, where a minimum is."""
    inputs = [[rnd.randint(-5, 5) for _ in range(2)] for _ in range(SAMPLES)]
    labels = [rnd.choice((-1, 1)) for _ in inputs]
    weights, biases = [[rnd.randint(-3, 3) for _ in range(2)] for _ in range(3)], [rnd.randint(-3, 3) for _ in range(3)]
    output = [rnd.choice((-2, -1, 1, 2)) for _ in range(3)]
    shift = rnd.randint(-2, 2)
    if kind != "random":
        labels, shift = [1, -1] * (SAMPLES // 2), 0
    if kind == "units off":
        weights, biases = [[rnd.randint(-1, 1) for _ in range(2)] for _ in range(3)], [-rnd.randint(11, 20) for _ in range(3)]
    if kind == "doubled":
        inputs, output = [inputs[k // 2] for k in range(SAMPLES)], [0] * 3
    problem = es.Problem(es.Network([2, 3, 1]), es.Data.from_arrays(inputs, labels), loss)
    return problem, problem.parameters(W1=weights, b1=biases, W2=[output], b2=[shift])


def compare_losses(count: int) -> None:
    """Print the processor time of the same decisions with squared and with logistic loss."""
    for kind in ("random", "units off", "doubled"):
        spent, found = {}, {}
        for loss in ("squared", "logistic"):
            rnd = random.Random(2026)
            drawn = [labelled(rnd, kind, loss) for _ in range(count)]
            es.decide(*drawn[0])
            start = process_time()
            verdicts = [es.decide(problem, theta) for problem, theta in drawn]
            spent[loss] = (process_time() - start) / count
            found[loss] = ", ".join(f"{n} {name}" for name, n in sorted(Counter(str(v.status) for v in verdicts).items()))
        ratio = spent["logistic"] / spent["squared"]
        times = "; ".join(f"{loss} {1000 * value:.1f} ms ({found[loss]})" for loss, value in spent.items())
        print(f"{kind}: {times}; ratio {ratio:.1f}")


def main() -> None:
    """Read the arguments."""
    arguments = [argument for argument in sys.argv[1:] if argument not in ("--smt", "--losses")]
    if "--losses" in sys.argv:
        compare_losses(int(arguments[0]) if arguments else 100)
    elif "--smt" in sys.argv:
        compare(int(arguments[0]) if arguments else 8)
    else:
        measure(int(arguments[0]) if arguments else 1000)


if __name__ == "__main__":
    main()
