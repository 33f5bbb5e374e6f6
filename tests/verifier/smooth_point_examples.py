"""Certificates about rational points of smooth risks, written by hand, and mpmath as their judge."""

from __future__ import annotations

import copy
import random
from typing import Any

from mpmath import mp, mpf

from tests.verifier.examples import HALF, column
from tests.verifier.oracle import Document
from tests.verifier.smooth_examples import DIGITS, derivatives, parameters_of, problem_of, real, risk, vector_of

PHRASES = {
    "global minimum of a smooth risk": "a global minimum",
    "local minimum of a smooth risk": "a local minimum",
    "not a local minimum of a smooth risk": "not a local minimum",
}
GLOBAL, LOCAL, NONE = PHRASES
BOTH = [True, True]


def sentence(kind: str, problem: Document) -> str:
    samples, risk_in_words = len(problem["data"]["x"]), "risk" if "gap" in problem["loss"] else "squared risk"
    return (
        f"The given parameters are {PHRASES[kind]} of the {risk_in_words} of the {'-'.join(map(str, problem['widths']))} network"
        f" of {problem['activation']['name']} units on {samples} sample{'s' if samples > 1 else ''}."
    )


def certificate(kind: str, problem: Document, parameters: Document, bounds: list[str], **evidence: Any) -> Document:
    return {
        "format": f"exactsurf-certificate/{2 if 'gap' in problem['loss'] else 1}",
        "claim": {"kind": kind, "sentence": sentence(kind, problem), "risk": bounds},
        "problem": problem,
        "parameters": parameters,
        "evidence": {"bits": 64, **evidence},
    }


def point(*vector: str | list[str]) -> Document:
    """W1, b1, W2, b2 of a network with one input, one unit and one output."""
    w, b, v, c = vector
    return {"W1": [[w]], "b1": [b], "W2": [[v]], "b2": [c]}


def lower(parameters: Document, stated: str) -> Document:
    return {"parameters": parameters, "risk": stated}


THREE = {
    "widths": [2, 2, 1],
    "biases": BOTH,
    "activation": {"name": "quadratic"},
    "loss": HALF,
    "data": {"x": [["1", "0"], ["0", "1"], ["1/2", "1/2"]], "y": column(0, 0, 1)},
}
ZIGZAG = problem_of([1, 2, 1], {"name": "elu", "alpha": "1/2"}, [0, 1, 2, 3], [0, 1, 0, 2], BOTH)
CORNERS = {
    **problem_of([1, 2, 1], {"name": "elu", "alpha": "1/2"}, [1, 0, -1], [1, 2, 0], BOTH),
    "loss": {"gap": "difference", "breakpoints": [], "pieces": [["1/2", "0", "0"]]},
}
AT_ZERO = {
    **problem_of([1, 1, 1], {"name": "elu", "alpha": "1"}, [2, 1, 0, -2], [0, 1, 1, 0], [False, False]),
    "loss": {"gap": "difference", "breakpoints": [], "pieces": [["1/2", "0", "0"]]},
}
TWO_SLOPES = {
    **problem_of([1, 1, 1], {"name": "selu", "lambda": "2", "alpha": "1/2"}, [1, -1, 2], [1, 0, 1], [False, False]),
    "loss": {"gap": "difference", "breakpoints": [], "pieces": [["1/2", "0", "0"]]},
}
VEE = problem_of([1, 1, 1], {"name": "sigmoid"}, [-1, 0, 1], [1, 0, 1], BOTH)
SLOPED = problem_of([1, 1, 1], {"name": "tanh"}, [-1, 1, 2], [0, 1, 1], BOTH)
REPEATED = problem_of([1, 1, 1], {"name": "tanh"}, [0, 0, 1], [1, 3, 2], BOTH)

POINT_EXAMPLES = {
    "smooth_point_fit": certificate(GLOBAL, REPEATED, point("0", "5", "0", "2"), ["1", "1"], rule="fit"),
    "smooth_point_quadratic": certificate(
        LOCAL,
        THREE,
        {"W1": [["1", "1"], ["-1", "-1"]], "b1": ["0", "0"], "W2": [["1/6", "1/6"]], "b2": ["0"]},
        ["1/4", "1/2"],
        rule="unitwise",
    ),
    "smooth_point_elu": certificate(
        LOCAL,
        ZIGZAG,
        {"W1": [["1/2"], ["0"]], "b1": ["1", "1"], "W2": [["1", "0"]], "b2": ["-1"]},
        ["3/4", "3/4"],
        rule="unitwise",
    ),
    "smooth_point_swish": certificate(
        LOCAL,
        problem_of([1, 2, 1], {"name": "expression", "tree": ["*", "z", ["sigmoid", "z"]]}, [-1, 0, 1], [0, 1, 0], BOTH),
        {"W1": [["0"], ["0"]], "b1": ["0", "0"], "W2": [["1", "2"]], "b2": ["1/3"]},
        ["1/3", "1/3"],
        rule="unitwise",
    ),
    "smooth_point_slope": certificate(
        NONE,
        SLOPED,
        point("1", "0", "1", "0"),
        ["1/4", "1/2"],
        rule="slope",
        direction=point("0", "0", "0", "1"),
        lower_point=lower(point("1", "0", "1", "1/4"), "1/5"),
    ),
    "smooth_point_one_sided_slope": certificate(
        NONE,
        CORNERS,
        {"W1": [["1"], ["2"]], "b1": ["0", "0"], "W2": [["1", "-1"]], "b2": ["1"]},
        ["3/2", "2"],
        rule="one-sided slope",
        direction={"W1": [["0"], ["0"]], "b1": ["1", "-1"], "W2": [["0", "0"]], "b2": ["0"]},
        lower_point=lower({"W1": [["1"], ["2"]], "b1": ["1/4", "-1/4"], "W2": [["1", "-1"]], "b2": ["1"]}, "11/10"),
    ),
    "smooth_point_one_sided_curvature": certificate(
        NONE,
        AT_ZERO,
        {"W1": [["0"]], "W2": [["0"]]},
        ["291/296", "305/296"],
        rule="one-sided curvature",
        direction={"W1": [["1"]], "W2": [["1"]]},
        lower_point=lower({"W1": [["1/2"]], "W2": [["1/2"]]}, "179/184"),
    ),
    "smooth_point_one_sided_curve": certificate(
        NONE,
        TWO_SLOPES,
        {"W1": [["0"]], "W2": [["0"]]},
        ["7/8", "5/4"],
        rule="one-sided curve",
        curve=[{"W1": [["1"]], "W2": [["1/2"]]}],
        order=2,
        lower_point=lower({"W1": [["1"]], "W2": [["1/2"]]}, "3/4"),
    ),
    "smooth_point_curvature": certificate(
        NONE,
        SLOPED,
        point("0", "0", "0", "2/3"),
        ["1/4", "1/2"],
        rule="curvature",
        direction=point("1", "0", "1", "0"),
        lower_point=lower(point("1", "0", "1/4", "1/2"), "1/5"),
    ),
    "smooth_point_dead_unit": certificate(
        NONE,
        VEE,
        point("0", "0", "0", "2/3"),
        ["13/40", "2/5"],
        rule="dead unit",
        unit=0,
        output=0,
        weights=["10", "-5"],
        lower_point=lower(point("10", "-5", "1/3", "1/2"), "3/10"),
    ),
}


def get(name: str) -> Document:
    return copy.deepcopy(POINT_EXAMPLES[name])


def assert_point_true(document: Document) -> None:
    """The claim, as mpmath sees it: eigenvalues and slopes, and lower points nearby, or none among many."""
    with mp.workdps(DIGITS):
        problem, claim, evidence = document["problem"], document["claim"], document["evidence"]
        assert claim["kind"] in PHRASES and claim["sentence"] == sentence(claim["kind"], problem)
        vector = [real(v) for v in vector_of(problem, document["parameters"])]
        here, (low, high) = risk(problem, vector), map(real, claim["risk"])
        assert low <= here + mpf(10) ** -50 and here <= high + mpf(10) ** -50
        if claim["kind"] != NONE:
            near = _lowest_nearby(problem, vector, mpf(10) ** -6)
            far = _lowest_nearby(problem, vector, mpf(3)) if claim["kind"] == GLOBAL else near
            assert min(near, far) >= here - mpf(10) ** -50
            return
        stated = evidence["lower_point"]
        assert risk(problem, [real(v) for v in vector_of(problem, stated["parameters"])]) <= real(stated["risk"]) < low
        assert has_lower_point_nearby(problem, vector, here)


def _lowest_nearby(problem: Document, vector: list[Any], radius: Any) -> Any:
    generator = random.Random(len(vector))
    moves = [[generator.randint(-1000, 1000) for _ in vector] for _ in range(40)]
    return min(risk(problem, [v + radius * m / 1000 for v, m in zip(vector, move, strict=True)]) for move in moves)


def has_lower_point_nearby(problem: Document, vector: list[Any], here: Any) -> bool:
    """A slope, a negative eigenvalue, or a unit that is used a little: all within 1/100."""
    gradient, hessian = derivatives(problem, vector, list(range(len(vector))))
    if mp.norm(gradient) > mpf(10) ** -12 or min(mp.eigsy(hessian, eigvals_only=True)) < -(mpf(10) ** -8):
        return True
    named = parameters_of(problem, list(range(len(vector))))
    layers = len(problem["widths"]) - 1
    generator = random.Random(1)
    for _ in range(200):
        moved = list(vector)
        unit = generator.randrange(problem["widths"][-2])
        reader = generator.choice(named[f"W{layers}"])[unit]
        own = [*named[f"W{layers - 1}"][unit], *named.get(f"b{layers - 1}", [])[unit : unit + 1]]
        for p in own:
            moved[p] += mpf(generator.randint(-1000, 1000)) / 100_000
        for v in (mpf(10) ** -12, -(mpf(10) ** -12)):
            moved[reader] = vector[reader] + v
            if risk(problem, moved) < here:
                return True
    return False
