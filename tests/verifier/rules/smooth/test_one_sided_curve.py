"""The series of ELU and SELU networks along curves in the verifier: against differences in mpmath, and what is rejected."""

from __future__ import annotations

import random
from math import comb, factorial
from typing import Any

import pytest
from mpmath import exp, log, mp, mpf

from exactsurf.verifier import Rejected, verify
from exactsurf.verifier.arithmetic.document import Field
from exactsurf.verifier.arithmetic.interval import Interval
from exactsurf.verifier.network import Parameters, read_parameters
from exactsurf.verifier.rules.smooth.one_sided_curve import risk_changes
from exactsurf.verifier.smooth_problem import SmoothProblem, read_smooth_problem
from tests.verifier.oracle import Document
from tests.verifier.smooth_point_examples import get
from tests.verifier.verdicts import encode

SHAPES = {"W1": (2, 1), "b1": (2,), "W2": (2, 2), "b2": (2,), "W3": (1, 2), "b3": (1,)}
SQUARED = {"gap": "difference", "breakpoints": [], "pieces": [["1/2", "0", "0"]]}
ABSOLUTE = {"gap": "difference", "breakpoints": ["0"], "pieces": [["0", "-1", "0"], ["0", "1", "0"]]}
HINGE = {"gap": "margin", "breakpoints": ["1"], "pieces": [["0", "-1", "1"], ["0", "0", "0"]]}
LOGISTIC = {"gap": "margin", "scale": "1", "tree": ["log", ["+", "1", ["exp", ["-", "u"]]]]}
LOSSES: list[tuple[Document, Any]] = [
    (SQUARED, lambda f, y: (f - y) ** 2 / 2),
    (ABSOLUTE, lambda f, y: abs(f - y)),
    (HINGE, lambda f, y: max(0, 1 - y * f)),
]
ORDER, BITS = 4, 192


def deep_problem(loss: Document, **options: Any) -> Document:
    """1-2-2-1 with biases and two slopes at 0."""
    document: Document = get("smooth_point_one_sided_curve")["problem"]
    data = {"x": [["1"], ["-1"], ["2"]], "y": [["1"], ["-1"], ["1"]]}
    return {**document, "widths": [1, 2, 2, 1], "biases": [True, True, True], "loss": loss, "data": data, **options}


def draw(source: random.Random, numbers: list[int]) -> Document:
    return {
        name: [[str(source.choice(numbers)) for _ in range(s[1])] for _ in range(s[0])]
        if len(s) == 2
        else [str(source.choice(numbers)) for _ in range(s[0])]
        for name, s in SHAPES.items()
    }


def read(document: Document, terms: list[Document]) -> tuple[SmoothProblem, list[Parameters]]:
    problem = read_smooth_problem(Field(document, "problem"), None, version=2, every_loss=True)
    return problem, [read_parameters(Field(term, "parameters"), problem.widths, problem.biases) for term in terms]


def risk_at(document: Document, terms: list[Document], value: Any, t: Any) -> Any:
    """SELU with λ = 2 and α = 1/2."""
    rows: dict[str, list[list[Any]]] = {}
    for name in SHAPES:
        tables = [term[name] if name[0] == "W" else [[v] for v in term[name]] for term in terms]
        rows[name] = [
            [sum(int(v) * t**power for power, v in enumerate(entry)) for entry in zip(*row, strict=True)]
            for row in zip(*tables, strict=True)
        ]
    total = mpf(0)
    for (x,), (y,) in zip(document["data"]["x"], document["data"]["y"], strict=True):
        values = [mpf(x)]
        for layer in (1, 2, 3):
            pairs = zip(rows[f"W{layer}"], rows[f"b{layer}"], strict=True)
            z = [sum((w * a for w, a in zip(row, values, strict=True)), bias) for row, (bias,) in pairs]
            values = z if layer == 3 else [2 * v if v >= 0 else exp(v) - 1 for v in z]
        total += value(values[0], mpf(y))
    return total


def coefficients(function: Any) -> list[Any]:
    """Of t, t², … from forward differences, each right to its first digits."""
    with mp.workdps(120):
        t = mpf(10) ** -14
        values = [function(k * t) for k in range(ORDER + 3)]
        differences = [sum((-1) ** (n - k) * comb(n, k) * values[k] for k in range(n + 1)) for n in range(ORDER + 3)]
        # The Newton form Σ Δ^n C(s, n) with s = t/step, in powers of s.
        found = [mpf(0)] * (ORDER + 3)
        falling = [mpf(1)]
        for n, difference in enumerate(differences):
            for k, factor in enumerate(falling):
                found[k] += difference * factor / factorial(n)
            falling = [
                (falling[k - 1] if k else 0) - n * (falling[k] if k < len(falling) else 0) for k in range(len(falling) + 1)
            ]
        return [found[n] / t**n for n in range(1, ORDER + 1)]


@pytest.mark.parametrize("kind", range(len(LOSSES)), ids=["squared", "absolute", "hinge"])
def test_series_hold_what_differences_tend_to(kind: int) -> None:
    """Many pre-activations are 0, in both layers, and some stay 0 along the curve."""
    loss, value = LOSSES[kind]
    document, compared, enclosed = deep_problem(loss), 0, 0
    for seed in range(12):
        source = random.Random(seed)
        terms = [draw(source, [0, 0, 0, 1, -1]), draw(source, [0, 1, -1, 2]), draw(source, [0, 0, 1, -2])]
        problem, read_terms = read(document, terms)
        try:
            found = risk_changes(problem, read_terms, ORDER, BITS)
        except ValueError:
            continue
        expected = coefficients(lambda t, terms=terms: risk_at(document, terms, value, t))
        for number, near in zip(found, expected, strict=True):
            compared += 1
            enclosed += isinstance(number, Interval)
            low, high = (
                (mpf(v) / 2**BITS for v in (number.low, number.high))
                if isinstance(number, Interval)
                else [mpf(number.numerator) / number.denominator] * 2
            )
            assert low - mpf(10) ** -5 < near < high + mpf(10) ** -5
            assert high - low < mpf(10) ** -40
    assert compared > 24 and 4 < enclosed < compared


def test_a_loss_given_by_an_expression_is_followed_to_twice_the_order_of_the_outputs() -> None:
    zero: Document = {name: [["0"] * s[1]] * s[0] if len(s) == 2 else ["0"] * s[0] for name, s in SHAPES.items()}
    step = {**zero, "W1": [["1"], ["0"]], "W2": [["1", "0"], ["0", "0"]], "W3": [["1", "0"]]}
    document = deep_problem(LOGISTIC)
    problem, terms = read(document, [zero, step])
    found = risk_changes(problem, terms, 6, 64)
    expected = coefficients(lambda t: risk_at(document, [zero, step], lambda f, y: log(1 + exp(-y * f)), t))
    assert found[:2] == [0, 0]
    for number, near in zip(found[2:4], expected[2:], strict=True):
        assert mpf(number.low) / 2**64 - mpf(10) ** -5 < near < mpf(number.high) / 2**64 + mpf(10) ** -5
    with pytest.raises(ValueError, match="twice that order"):
        risk_changes(problem, terms, 7, 64)


def test_weight_decay_adds_its_square() -> None:
    decay = {"weight_decay": {"factor": "3", "biases": True}}
    step = {"W1": [["1"]], "W2": [["2"]]}
    found = []
    for options in ({}, decay):
        document = {**get("smooth_point_one_sided_curve")["problem"], **options}
        problem, terms = read(document, [{"W1": [["0"]], "W2": [["0"]]}, step])
        found.append(risk_changes(problem, terms, 3, 64))
    assert [b - a for a, b in zip(*found, strict=True)] == [0, 3 * (1 + 4) / 2, 0]


@pytest.mark.parametrize(("order", "why"), [(0, "evidence.order"), (101, "orders above 100"), (3, "may be|is not negative")])
def test_the_order_is_bounded_and_the_one_to_which_the_risk_falls(order: int, why: str) -> None:
    forged = get("smooth_point_one_sided_curve")
    forged["evidence"]["order"] = order
    with pytest.raises(Rejected, match=why):
        verify(encode(forged))


def test_format_1_does_not_have_it() -> None:
    forged = get("smooth_point_one_sided_curve")
    forged["format"] = "exactsurf-certificate/1"
    forged["problem"]["loss"] = {"name": "squared", "scale": "1/2"}
    forged["claim"]["sentence"] = forged["claim"]["sentence"].replace("the risk", "the squared risk")
    with pytest.raises(Rejected, match="in format 2"):
        verify(encode(forged))


def test_a_minimum_at_the_corner_has_no_such_curve() -> None:
    """h(z) + h(−z) ≥ 0 for λ = 2 and α = 1/2: with residuals 1 on x and on −x, and v = 1, no curve falls."""
    forged = get("smooth_point_one_sided_curve")
    forged["problem"]["data"] = {"x": [["1"], ["-1"]], "y": [["-1"], ["-1"]]}
    forged["parameters"]["W2"] = [["1"]]
    forged["claim"]["sentence"] = forged["claim"]["sentence"].replace("3 samples", "2 samples")
    source = random.Random(0)
    for _ in range(25):
        forged["evidence"]["curve"] = [
            {"W1": [[str(source.randint(-2, 2))]], "W2": [[str(source.randint(-2, 2))]]} for _ in range(2)
        ]
        forged["evidence"]["order"] = source.randint(1, 4)
        with pytest.raises(Rejected, match="as far as these bits tell"):
            verify(encode(forged))
