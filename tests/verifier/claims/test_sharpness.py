"""The claim `sharpness`: true by exact second differences and SymPy, and every change is rejected or true."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from fractions import Fraction

import pytest
import sympy

from exactsurf.verifier import Rejected, verify
from tests.verifier.oracle import Document, data, loss, number, numbers, predict
from tests.verifier.verdicts import assert_changes_are_noticed, assert_rejected_at, encode, golden, put

NAMES = ("sharpness", "sharpness_deep", "sharpness_rational")


def places(value: list, path: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    for i, item in enumerate(value):
        yield from places(item, (*path, i)) if isinstance(item, list) else [(*path, i)]


def hessian(document: Document) -> sympy.Matrix:
    """The risk near the point as a polynomial: by central differences of two step sizes, exact up to degree 5 a line."""
    problem = document["problem"]
    x, y = data(problem)
    weights = numbers(problem.get("weights", ["1"] * len(x)))
    start = {name: numbers(value) for name, value in document["parameters"].items()}
    ordered = [name for k in range(1, len(problem["widths"])) for name in (f"W{k}", f"b{k}") if name in start]
    entries = [(name, place) for name in ordered for place in places(start[name])]

    def risk(moves: list[tuple[tuple[str, tuple[int, ...]], Fraction]]) -> Fraction:
        here = copy.deepcopy(start)
        for (name, place), step in moves:
            at = here[name]
            for index in place[:-1]:
                at = at[index]
            at[place[-1]] += step
        total = Fraction(0)
        for row, target, weight in zip(x, y, weights, strict=True):
            terms = zip(predict(problem, here, row), target, strict=True)
            total += weight * sum((loss(problem, f, t) for f, t in terms), Fraction(0))
        return total

    def second(moving: list[tuple[str, tuple[int, ...]]]) -> Fraction:
        # Q(h) = L(h) − 2 L(0) + L(−h) = c₂h² + c₄h⁴ + c₆h⁶ + …: three steps give c₂ up to degree 7.
        steps = [Fraction(k, 10**6) for k in (1, 2, 3)]
        rows = [[h ** (2 * m) for m in (1, 2, 3)] for h in steps]
        right = [risk([(e, h) for e in moving]) - 2 * risk([]) + risk([(e, -h) for e in moving]) for h in steps]
        solved = sympy.Matrix(rows).solve(sympy.Matrix(right))
        return Fraction(int(sympy.Rational(solved[0]).p), int(sympy.Rational(solved[0]).q))

    own = [second([entry]) for entry in entries]
    table = [[Fraction(0)] * len(entries) for _ in entries]
    for p in range(len(entries)):
        table[p][p] = own[p]
        for q in range(p):
            table[p][q] = table[q][p] = (second([entries[p], entries[q]]) - own[p] - own[q]) / 2
    return sympy.Matrix([[sympy.Rational(v.numerator, v.denominator) for v in row] for row in table])


def holds(document: Document) -> None:
    matrix = hessian(document)
    low, high = (sympy.Rational(v.numerator, v.denominator) for v in numbers(document["claim"]["bounds"]))
    assert matrix.trace() == sympy.Rational(number(document["claim"]["trace"]))
    polynomial = sympy.Poly(matrix.charpoly().as_expr()).sqf_part()
    assert polynomial.count_roots(high, None) == (polynomial.eval(high) == 0) and polynomial.count_roots(low, None) >= 1


@pytest.mark.parametrize("name", NAMES)
def test_accepted_and_true(name: str) -> None:
    document = golden(name)
    assert verify(encode(document)).sentence == document["claim"]["sentence"]
    holds(document)


def told(low: str, high: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        document["claim"]["bounds"] = [low, high]
        document["claim"]["sentence"] = document["claim"]["sentence"].replace(
            "at least 5 and at most 5", f"at least {low} and at most {high}"
        )

    return change


def other_trace(document: Document) -> None:
    document["claim"]["trace"] = "6"
    document["claim"]["sentence"] = document["claim"]["sentence"].replace("Hessian is 5.", "Hessian is 6.")


CHANGES: dict[str, tuple[str, Callable[[Document], None], str]] = {
    "format_1": ("sharpness", put("format", "exactsurf-certificate/1"), "format"),
    "sentence": ("sharpness", put("claim", "sentence", "It holds."), "claim.sentence"),
    "risk": ("sharpness_rational", put("claim", "risk", "1"), "claim.risk"),
    "too_low": ("sharpness_rational", told("5", "499/100"), "claim.bounds[1]"),
    "too_high": ("sharpness_rational", told("501/100", "6"), "claim.bounds[0]"),
    "trace": ("sharpness_rational", other_trace, "claim.trace"),
    "no_vector": ("sharpness_rational", put("evidence", "vector", ["0", "0"]), "evidence.vector"),
    "another_vector": ("sharpness_rational", put("evidence", "vector", ["1", "1"]), "claim.bounds[0]"),
    "at_a_kink": ("sharpness", put("parameters", "b1", ["-1", "1/2"]), "claim.risk"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes_are_rejected_where_they_are(name: str) -> None:
    start, change, place = CHANGES[name]
    assert_rejected_at(place, golden(start), change)


def test_no_second_derivative() -> None:
    kinked = copy.deepcopy(golden("sharpness"))
    kinked["parameters"]["b1"] = ["-1", "1/2"]
    x, y = data(kinked["problem"])
    theta = {name: numbers(value) for name, value in kinked["parameters"].items()}
    risk = sum(
        (loss(kinked["problem"], predict(kinked["problem"], theta, r)[0], t[0]) for r, t in zip(x, y, strict=True)), Fraction(0)
    )
    kinked["claim"]["risk"] = str(risk)
    with pytest.raises(Rejected, match="at a kink"):
        verify(encode(kinked))


def test_all_small_changes_are_noticed() -> None:
    assert_changes_are_noticed(golden("sharpness_rational"), holds, least=80, most=Fraction(1, 3), never=("kind",))
