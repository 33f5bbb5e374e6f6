"""Certificates of critical points in boxes, built and judged with mpmath: finite differences, Newton, eigenvalues."""

from __future__ import annotations

import copy
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

from mpmath import mp, mpf

from tests.verifier.examples import HALF, column, text
from tests.verifier.oracle import Document, number

DIGITS = 60
STEP = mpf(10) ** -16
ENDINGS = {
    "critical point in a box": "",
    "local minimum in a box": ", and this is a strict local minimum",
    "spurious local minimum in a box": ", and this is a strict local minimum, and a spurious one",
    "no local minimum in a box": ", and this is not a local minimum",
}


def real(value: Any) -> Any:
    fraction = number(value) if isinstance(value, str) else Fraction(value)
    return mpf(fraction.numerator) / fraction.denominator


def function(description: Document) -> Callable[[Any], Any]:
    """h."""
    if "breakpoints" in description:
        return lambda z: integral(description, z)
    name = description["name"]
    if name == "expression":
        return lambda z: evaluated(description["tree"], z)
    scale = real(description.get("lambda", "1"))
    alpha = real(description.get("alpha", "1"))
    return {
        "sigmoid": lambda z: 1 / (1 + mp.exp(-z)),
        "tanh": mp.tanh,
        "arctan": mp.atan,
        "softplus": lambda z: mp.log(1 + mp.exp(z)),
        "quadratic": lambda z: z * z,
        "elu": lambda z: z if z > 0 else alpha * mp.expm1(z),
        "selu": lambda z: scale * (z if z > 0 else alpha * mp.expm1(z)),
    }[name]


def integral(description: Document, z: Any) -> Any:
    """h(0) and what the slopes add between 0 and z."""
    ends = [-mp.inf, *map(real, description["breakpoints"]), mp.inf]
    total = real(description["value_at_0"])
    for slope, low, high in zip(description["slopes"], ends, ends[1:], strict=False):
        total += real(slope) * (min(max(z, low), high) - min(max(mpf(0), low), high))
    return total


def evaluated(tree: Any, z: Any) -> Any:
    """The value of an expression."""
    if isinstance(tree, str):
        return z if tree == "z" else real(tree)
    operation, first, *rest = tree
    a = evaluated(first, z)
    if operation == "power":
        return a ** rest[0]
    b = evaluated(rest[0], z) if rest else None
    return {
        "+": lambda: a + b,
        "*": lambda: a * b,
        "/": lambda: a / b,
        "-": lambda: -a,
        "exp": lambda: mp.exp(a),
        "log": lambda: mp.log(a),
        "tanh": lambda: mp.tanh(a),
        "arctan": lambda: mp.atan(a),
        "sigmoid": lambda: 1 / (1 + mp.exp(-a)),
        "softplus": lambda: mp.log(1 + mp.exp(a)),
    }[operation]()


def vector_of(problem: Document, parameters: Document) -> list[Any]:
    found: list[Any] = []
    for layer, has_bias in enumerate(problem["biases"], 1):
        found += [value for row in parameters[f"W{layer}"] for value in row]
        found += parameters[f"b{layer}"] if has_bias else []
    return found


def parameters_of(problem: Document, vector: list[Any]) -> Document:
    entries, found = iter(vector), {}
    for layer, (below, above, has_bias) in enumerate(
        zip(problem["widths"], problem["widths"][1:], problem["biases"], strict=False), 1
    ):
        found[f"W{layer}"] = [[next(entries) for _ in range(below)] for _ in range(above)]
        if has_bias:
            found[f"b{layer}"] = [next(entries) for _ in range(above)]
    return found


def risk(problem: Document, vector: list[Any]) -> Any:
    h, parameters, total = function(problem["activation"]), parameters_of(problem, vector), mpf(0)
    layers = len(problem["widths"]) - 1
    for x, y in zip(problem["data"]["x"], problem["data"]["y"], strict=True):
        values = [real(v) for v in x]
        for layer in range(1, layers + 1):
            shifts = parameters.get(f"b{layer}", [0] * problem["widths"][layer])
            values = [mp.fdot(row, values) + shift for row, shift in zip(parameters[f"W{layer}"], shifts, strict=True)]
            values = [h(z) for z in values] if layer < layers else values
        total += sum(loss_of(problem["loss"], f - real(t)) for f, t in zip(values, y, strict=True))
    return total


def loss_of(description: Document, gap: Any) -> Any:
    """The loss squared, or a single piece of format 2."""
    if "scale" in description:
        return real(description["scale"]) * gap**2
    ((a, b, c),) = description["pieces"]
    return real(a) * gap**2 + real(b) * gap + real(c)


def derivatives(problem: Document, vector: list[Any], free: list[int]) -> tuple[Any, Any]:
    """Gradient and Hessian in the free coordinates, by central differences."""

    def at(*moves: tuple[int, int]) -> Any:
        moved = list(vector)
        for p, sign in moves:
            moved[p] += sign * STEP
        return risk(problem, moved)

    size = len(free)
    gradient = mp.matrix([(at((p, 1)) - at((p, -1))) / (2 * STEP) for p in free])
    hessian = mp.matrix(size, size)
    for i, p in enumerate(free):
        for j, q in enumerate(free):
            hessian[i, j] = sum(a * b * at((p, a), (q, b)) for a, b in product((1, -1), repeat=2)) / (4 * STEP**2)
    return gradient, hessian


def critical_point(problem: Document, vector: list[Any], free: list[int]) -> list[Any] | None:
    """What Newton's method finds, None if it finds nothing."""
    point = list(vector)
    for _ in range(60):
        gradient, hessian = derivatives(problem, point, free)
        try:
            step = mp.lu_solve(hessian, gradient)
        except ZeroDivisionError:
            return None
        for p, change in zip(free, step, strict=True):
            point[p] -= change
        if mp.norm(step) < mpf(10) ** -18:
            return point
    return None


def sentence(kind: str, problem: Document, held: list[Any]) -> str:
    samples = len(problem["data"]["x"])
    where = "Up to the scale of its hidden units the" if held else "The"
    return (
        f"{where} box holds exactly one critical point of the squared risk of the {'-'.join(map(str, problem['widths']))} network"
        f" of {problem['activation'].get('name', 'piecewise linear')} units on {samples} sample{'s' if samples > 1 else ''}"
        f"{ENDINGS[kind]}."
    )


def places_of(problem: Document, held: list[list[int]]) -> set[int]:
    numbered = parameters_of(problem, list(range(1000)))
    return {numbered[f"W{layer + 1}"][reader][unit] for layer, unit, reader in held}


def certificate(
    kind: str,
    problem: Document,
    start: list[str],
    radius: str,
    held: Any = (),
    bits: int = 128,
    margin: str = "1/16",
    **evidence: Any,
) -> Document:
    """The certificate of the critical point to which Newton's method leads from `start`."""
    with mp.workdps(DIGITS):
        held = [list(entry) for entry in held]
        fixed = places_of(problem, held)
        free = [p for p in range(len(start)) if p not in fixed]
        found = critical_point(problem, [real(v) for v in start], free)
        assert found is not None
        size = 64 / Fraction(radius)
        centre = [
            str(Fraction(int(mp.nint(found[p] * int(size))), int(size))) if p in free else start[p] for p in range(len(start))
        ]
        hessian = derivatives(problem, found, free)[1]
        inverse = hessian**-1
        scale = 1 << 20
        rounded = [
            [str(Fraction(int(mp.nint(inverse[i, j] * scale)), scale)) for j in range(len(free))] for i in range(len(free))
        ]
        value = risk(problem, found)
        bounds = [str(Fraction(int(mp.nint(value * 1024)), 1024) + sign * Fraction(margin)) for sign in (-1, 1)]
    claim = {"kind": kind, "sentence": sentence(kind, problem, held), "radius": radius, "held": held, "risk": bounds}
    return {
        "format": "exactsurf-certificate/1",
        "claim": claim,
        "problem": problem,
        "parameters": parameters_of(problem, centre),
        "evidence": {"bits": bits, "inverse": rounded, **text(evidence)},
    }


def problem_of(widths: list[int], activation: Document, x: list[Any], y: list[Any], biases: list[bool]) -> Document:
    return {
        "widths": widths,
        "biases": biases,
        "activation": activation,
        "loss": HALF,
        "data": {"x": column(*x), "y": column(*y)},
    }


STEPS_Y = ["-1/8", "0", "3/4", "3/2", "7/4", "7/4", "7/4", "13/8", "1", "3/8", "1/4"]
BOTH = [True, True]
NONE = [False, False]
TWO_STEPS = problem_of([1, 1, 1], {"name": "tanh"}, list(range(-5, 6)), STEPS_Y, BOTH)
LINE = problem_of([1, 1], {"name": "tanh"}, [1], [2], [False])
SOFTPLUS = problem_of([1, 1, 1], {"name": "softplus"}, [-1, 1, 2], [1, 2, 4], NONE)
SIGMOID = problem_of([1, 1, 1], {"name": "sigmoid"}, [-2, 1, 3], ["1/4", "3/2", "15/8"], NONE)
ARCTAN = problem_of([1, 1, 1, 1], {"name": "arctan"}, [-1, 1, 2, 4], [-1, 1, "9/8", "4/3"], [False, False, False])
ELU = problem_of([1, 1, 1], {"name": "elu", "alpha": "1"}, [-3, -1, 1, 2], [-2, "-1/2", 1, 3], NONE)
SELU = problem_of([1, 1, 1], {"name": "selu", "lambda": "21/20", "alpha": "5/3"}, [-3, -1, 1, 2], [-2, "-1/2", 1, 3], NONE)
SQUARE = problem_of([1, 1, 1], {"name": "quadratic"}, [0, 1, 2, 3], [1, 0, 0, 2], [True, True])
SWISH = {"name": "expression", "tree": ["*", "z", ["sigmoid", "z"]]}
BUMP = {"name": "expression", "tree": ["/", "z", ["+", "1", ["exp", ["power", "z", 2]]]]}
ODD = {
    "name": "expression",
    "tree": ["+", ["log", ["+", "2", ["tanh", "z"]]], ["-", ["arctan", ["softplus", ["*", "1/2", "z"]]]]],
}
LEAKY = problem_of([2, 1, 1, 2], {"breakpoints": ["0"], "slopes": ["1/2", "1"], "value_at_0": "0"}, [], [], [False] * 3) | {
    "data": {"x": [["1", "0"], ["0", "1"], ["-1", "-1"]], "y": [["2", "1"], ["1", "1"], ["0", "-1"]]}
}
THREE_PIECES = problem_of(
    [1, 1, 1],
    {"breakpoints": ["-1", "1"], "slopes": ["1/4", "1", "1/4"], "value_at_0": "0"},
    ["1/2", 2, 3],
    ["1/2", "5/4", "31/20"],
    NONE,
)
LOWER = {"parameters": {"W1": [["11"]], "b1": ["33"], "W2": [["2/3"]], "b2": ["3/5"]}, "risk": "3/2"}

SMOOTH_EXAMPLES = {
    "smooth_line": certificate("local minimum in a box", LINE, ["2"], "1", margin="5"),
    "smooth_tanh": certificate("local minimum in a box", TWO_STEPS, ["2", "-7", "-13/30", "2/3"], "1/1048576"),
    "smooth_spurious": certificate(
        "spurious local minimum in a box", TWO_STEPS, ["2", "-7", "-13/30", "2/3"], "1/1048576", lower_point=LOWER
    ),
    "smooth_softplus": certificate("local minimum in a box", SOFTPLUS, ["1", "2"], "1/1024"),
    "smooth_sigmoid": certificate("critical point in a box", SIGMOID, ["1", "2"], "1/64"),
    "smooth_saddle": certificate(
        "no local minimum in a box",
        problem_of([1, 1, 1], {"name": "tanh"}, [-1, 1, 2], [-1, 1, 1], NONE),
        ["0", "0"],
        "1/64",
        direction={"W1": [[1]], "W2": [["1"]]},
    ),
    "smooth_deep": certificate("critical point in a box", ARCTAN, ["2/3", "23/10", "1"], "1/4194304"),
    "smooth_elu": certificate("local minimum in a box", ELU, ["1", "1"], "1/1024"),
    "smooth_selu": certificate("local minimum in a box", SELU, ["1", "1"], "1/1024"),
    "smooth_swish": certificate(
        "local minimum in a box", problem_of([1, 1, 1], SWISH, [-2, 1, 3], ["-1/4", "3/4", "23/8"], NONE), ["1", "1"], "1/1024"
    ),
    "smooth_bump": certificate(
        "local minimum in a box",
        problem_of([1, 1, 1], BUMP, [-1, 1, 2], ["-1/4", "1/4", "1/16"], NONE),
        ["9/10", "9/10"],
        "1/1024",
    ),
    "smooth_odd": certificate(
        "critical point in a box",
        problem_of([1, 1, 1], ODD, [-1, 1, 2], ["-1/4", "1/4", "1/8"], NONE),
        ["7/6", "1"],
        "1/1024",
    ),
    "smooth_quadratic": certificate("local minimum in a box", SQUARE, ["1", "-3/2", "1/2", "0"], "1/256", held=[[1, 0, 0]]),
    "smooth_leaky": certificate(
        "local minimum in a box", LEAKY, ["1", "2/3", "1", "8/5", "6/5"], "1/256", held=[[1, 0, 0], [2, 0, 0]]
    ),
    "smooth_three_pieces": certificate("local minimum in a box", THREE_PIECES, ["1", "1"], "1/256"),
}


def get(name: str) -> Document:
    return copy.deepcopy(SMOOTH_EXAMPLES[name])


def assert_box_true(document: Document) -> None:
    """The claim, as mpmath sees it; uniqueness in the box is not seen, but that Newton's method stays in it is."""
    with mp.workdps(DIGITS):
        problem, claim = document["problem"], document["claim"]
        fixed = places_of(problem, claim["held"])
        centre = [real(v) for v in vector_of(problem, document["parameters"])]
        free = [p for p in range(len(centre)) if p not in fixed]
        found = critical_point(problem, centre, free)
        assert found is not None
        assert all(abs(found[p] - centre[p]) < real(claim["radius"]) for p in free)
        gradient = derivatives(problem, found, list(range(len(centre))))[0]
        assert mp.norm(gradient) < mpf(10) ** -12
        low, high = map(real, claim["risk"])
        assert low <= risk(problem, found) <= high
        assert claim["kind"] in ENDINGS and claim["sentence"] == sentence(claim["kind"], problem, claim["held"])
        values = mp.eigsy(derivatives(problem, found, free)[1], eigvals_only=True)
        if "local minimum in a box" in claim["kind"]:
            assert (min(values) < 0) if claim["kind"].startswith("no") else (min(values) > 0)
        if claim["kind"].startswith("spurious"):
            lower = [real(v) for v in vector_of(problem, document["evidence"]["lower_point"]["parameters"])]
            assert risk(problem, lower) <= real(document["evidence"]["lower_point"]["risk"]) < low
