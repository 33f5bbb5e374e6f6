"""The squared risk on one cell, its gradient and its Hessian at a rational point: exactsurf (FLINT) against SymPy.

    python benchmarks/cell_polynomials.py

The cell: a 2-3-3-1 leaky ReLU network on 4 samples (25 weights). Every measurement has a fresh process, in which everything
is imported before the clock starts; SymPy uses FLINT's numbers in all of them. SymPy's expressions are measured with its
cache off and on, PolyRing with the cache on (much faster for it). exactsurf's times are both the first call and the median of
21 further ones, on new cells. Results must agree, or the script fails.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import exactsurf as es
from exactsurf.cells.cell import Cell, cell_of
from exactsurf.cells.coordinates import coordinates
from exactsurf.minima.local.directional import selected_gradient
from exactsurf.model.point import Point

REPEATS = 21


def example() -> tuple[es.Problem, es.Parameters]:
    """The problem, and a point with rational coordinates in an open cell in which pieces are mixed."""
    rnd = random.Random(2331)
    data = es.Data.from_arrays([["1/2", 2], [-1, "7/3"], ["7/2", -1], [-2, "-11/4"]], [1, "1/3", -2, "5/2"])
    network = es.Network([2, 3, 3, 1], es.leaky_relu("1/10"))
    problem = es.Problem(network, data)
    number = lambda: Fraction(rnd.randint(-9, 9), rnd.randint(2, 9))  # noqa: E731
    values = {
        name: [[number() for _ in range(s[1])] for _ in range(s[0])] if len(s) == 2 else [number() for _ in range(s[0])]
        for name, s in network.shapes.items()
    }
    return problem, problem.parameters(**values)


def structured(cell: Cell, weight: Callable[[str], Any], number: Callable[[Fraction], Any]) -> Any:
    """The risk on the cell as a formula over any ring, layer by layer, nothing expanded by hand."""
    network, data = cell.problem.network, cell.problem.data
    total = number(Fraction(0))
    for i, (row, target) in enumerate(zip(data.x, data.y, strict=True)):
        below = [number(value) for value in row]
        for layer in range(1, network.layers + 1):
            z = [
                sum((weight(f"W{layer}_{j}_{k}") * value for k, value in enumerate(below)), weight(f"b{layer}_{j}"))
                for j in range(network.widths[layer])
            ]
            if layer < network.layers:
                lines = [network.activation.lines[unit[i] or 0] for unit in cell.pattern.pieces[layer - 1]]
                z = [number(slope) * value for (slope, _), value in zip(lines, z, strict=True)]
            below = z
        total = total + number(Fraction(1, 2)) * (below[0] - number(target[0])) ** 2
    return total


def timed(run: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds and result of one call."""
    started = time.perf_counter()
    result = run()
    return time.perf_counter() - started, result


def texts(values: Any) -> list[str]:
    """Rationals of any library as text."""
    return [str(Fraction(int(v.numerator), int(v.denominator))) for v in values]


def exactsurf_worker() -> dict[str, Any]:
    """First calls and medians."""
    problem, theta = example()
    import flint  # noqa: F401 (imported before any measurement)

    point, found = coordinates(theta), {}
    cells = [cell_of(problem, theta) for _ in range(REPEATS + 1)]
    runs: dict[str, Callable[[Cell], Any]] = {
        "expand": lambda cell: cell.risk,
        "gradient": lambda cell: cell.risk.gradient_at(point),
        "hessian": lambda cell: cell.risk.hessian_at(point),
        "backpropagation": lambda cell: selected_gradient(Point(problem, theta)),
    }
    for name, run in runs.items():
        first, *later = [timed(lambda cell=cell: run(cell))[0] for cell in cells]
        found[name] = {"first": first, "median": statistics.median(later)}
    risk = cells[0].risk
    hessian = [value for row in risk.hessian_at(point) for value in row]
    return {**found, "terms": risk.terms, "weights": len(risk.variables), **results(risk.gradient_at(point), hessian)}


def results(gradient: Any, hessian: Any) -> dict[str, Any]:
    """What must agree."""
    return {"gradient at point": texts(gradient), "hessian at point": texts(hessian)}


def sympy_worker(expanded: bool) -> dict[str, Any]:
    """SymPy expressions: `expand`, then `diff` and `subs`, on the expanded or on the structured risk."""
    import sympy

    problem, theta = example()
    cell = cell_of(problem, theta)
    symbols = {name: sympy.Symbol(name) for name in cell.names}
    risk = structured(cell, symbols.__getitem__, lambda v: sympy.Rational(v.numerator, v.denominator))
    expand, whole = timed(lambda: sympy.expand(risk))
    point = {symbols[name]: sympy.Rational(v.numerator, v.denominator) for name, v in coordinates(theta).items()}
    formula = whole if expanded else risk

    def gradient() -> Any:
        return [sympy.diff(formula, v).subs(point) for v in symbols.values()]

    def hessian() -> Any:
        names = list(symbols.values())
        size, first = len(names), [sympy.diff(formula, v) for v in symbols.values()]
        upper = {(i, j): sympy.diff(first[i], names[j]).subs(point) for i in range(size) for j in range(i, size)}
        return [upper[min(i, j), max(i, j)] for i in range(size) for j in range(size)]

    (first, slope), (second, curvature) = timed(gradient), timed(hessian)
    agreed = cell.risk.as_expr() - whole == 0 if expanded else True
    return {"expand": expand, "gradient": first, "hessian": second, "equal": agreed, **results(slope, curvature)}


def ring_worker() -> dict[str, Any]:
    """SymPy's PolyRing over QQ with FLINT's rationals."""
    import sympy
    from sympy.polys.rings import ring

    problem, theta = example()
    cell = cell_of(problem, theta)
    polynomials, *generators = ring(list(cell.names), sympy.QQ)
    weights = dict(zip(cell.names, generators, strict=True))

    def number(v: Fraction) -> Any:
        return polynomials.domain_new(sympy.QQ(v.numerator, v.denominator))

    def expanded() -> Any:
        return structured(cell, weights.__getitem__, lambda v: polynomials.ground_new(number(v)))

    expand = statistics.median(timed(expanded)[0] for _ in range(5))
    risk = expanded()
    point = [(weights[name], number(v)) for name, v in coordinates(theta).items()]
    values = [value for _, value in point]

    def gradient() -> Any:
        return [risk.diff(v)(*values) for v in generators]

    def hessian() -> Any:
        size, first = len(generators), [risk.diff(v) for v in generators]
        upper = {(i, j): first[i].diff(generators[j])(*values) for i in range(size) for j in range(i, size)}
        return [upper[min(i, j), max(i, j)] for i in range(size) for j in range(size)]

    (slow, slope), (slower, curvature) = timed(gradient), timed(hessian)
    ours = {exponents: Fraction(c) for exponents, c in cell.risk.items()}
    theirs = {tuple(map(int, e)): Fraction(int(c.numerator), int(c.denominator)) for e, c in risk.terms()}
    return {"expand": expand, "gradient": slow, "hessian": slower, "equal": ours == theirs, **results(slope, curvature)}


WORKERS: dict[str, Callable[[], dict[str, Any]]] = {
    "exactsurf": exactsurf_worker,
    "SymPy, expanded risk, cache off": lambda: sympy_worker(True),
    "SymPy, risk as written, cache off": lambda: sympy_worker(False),
    "SymPy, expanded risk, cache on": lambda: sympy_worker(True),
    "SymPy, risk as written, cache on": lambda: sympy_worker(False),
    "SymPy PolyRing, cache on": ring_worker,
}


def fresh(name: str) -> dict[str, Any]:
    """The answer of a worker in a process of its own."""
    environment = {**os.environ, "SYMPY_USE_CACHE": "no" if "off" in name else "yes", "SYMPY_GROUND_TYPES": "flint"}
    run = subprocess.run(
        [sys.executable, __file__, name], capture_output=True, text=True, encoding="utf-8", check=True, env=environment
    )
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer


def main() -> None:
    """Print a Markdown table of milliseconds and ratios."""
    ours = fresh("exactsurf")
    print(
        f"{ours['weights']} weights, {ours['terms']} terms; exact backpropagation (no expansion): "
        f"{ours['backpropagation']['median'] * 1e3:.2f} ms\n"
    )
    print("| | expansion, ms | gradient, ms | Hessian, ms |\n|---|---|---|---|")
    tasks = ("expand", "gradient", "hessian")
    for key, label in (("first", "exactsurf, first call"), ("median", "exactsurf, median")):
        print(f"| {label} | " + " | ".join(f"{ours[task][key] * 1e3:.2f}" for task in tasks) + " |", flush=True)
    for name in list(WORKERS)[1:]:
        theirs = fresh(name)
        if not theirs["equal"] or any(theirs[key] != ours[key] for key in ("gradient at point", "hessian at point")):
            raise SystemExit(f"{name}: the results differ")
        cells = [f"{theirs[t] * 1e3:.1f} ({theirs[t] / ours[t]['median']:.0f})" for t in tasks]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(WORKERS[sys.argv[1]]()))
    else:
        main()
