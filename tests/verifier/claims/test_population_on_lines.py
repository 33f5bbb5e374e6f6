"""Units on lines, on normal inputs: what is accepted is true by quadrature and mpmath, what is changed is rejected or true."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from itertools import combinations

import mpmath
import pytest

from exactsurf.verifier import Refused, Rejected, verify
from tests.verifier.oracle import Document
from tests.verifier.verdicts import assert_changes_are_noticed, assert_rejected_at, encode, golden, put

NAMES = ("lines_spurious", "lines_global", "lines_none", "lines_matched", "lines_mirrored")
Row = tuple[Fraction, ...]


def number(value: Fraction) -> mpmath.mpf:
    return mpmath.mpf(value.numerator) / value.denominator


@cache
def kernel(w: Row, v: Row) -> mpmath.mpf:
    """E relu(w·x) relu(v·x), x standard normal, by quadrature in the plane of w and v."""
    with mpmath.workdps(36):
        long, other = (mpmath.sqrt(number(sum(a * a for a in row))) for row in (w, v))
        cosine = number(sum(a * b for a, b in zip(w, v, strict=True))) / (long * other)
        angle = mpmath.acos(max(-1, min(1, cosine)))
        low, high = angle - mpmath.pi / 2, mpmath.pi / 2
        return long * other * mpmath.quad(lambda a: mpmath.cos(a) * mpmath.cos(a - angle), [low, high]) / mpmath.pi


class Oracle:
    """The quadratic ½ sKs − bs + ½e of a document, and its least value over the family, by all supports."""

    def __init__(self, document: Document) -> None:
        problem = document["problem"]
        lines = [tuple(map(Fraction, row)) for row in problem["lines"]]
        teachers = [tuple(map(Fraction, row)) for row in problem["teachers"]]
        self.units = problem["units"]
        self.rays = [tuple(sign * v for v in row) for row in lines for sign in (1, -1)]
        self.table = [[kernel(r, s) for s in self.rays] for r in self.rays]
        self.reward = [sum(kernel(r, v) for v in teachers) for r in self.rays]
        self.own = sum(kernel(v, w) for v in teachers for w in teachers)

    def solution(self, used: list[int]) -> list[mpmath.mpf]:
        sums = [mpmath.mpf(0)] * len(self.rays)
        if used:
            matrix = mpmath.matrix([[self.table[r][s] for s in used] for r in used])
            found = mpmath.lu_solve(matrix, mpmath.matrix([self.reward[r] for r in used]))
            for r, value in zip(used, found, strict=True):
                sums[r] = value
        return sums

    def slope(self, sums: list[mpmath.mpf], r: int) -> mpmath.mpf:
        return sum(k * s for k, s in zip(self.table[r], sums, strict=True)) - self.reward[r]

    def risk(self, sums: list[mpmath.mpf]) -> mpmath.mpf:
        return sum((self.slope(sums, r) - self.reward[r]) * s for r, s in enumerate(sums)) / 2 + self.own / 2

    def least(self) -> mpmath.mpf:
        found = []
        for size in range(len(self.rays) + 1):
            for used in combinations(range(len(self.rays)), size):
                if any(n == 1 and {2 * j, 2 * j + 1} <= {*used} for j, n in enumerate(self.units)):
                    continue
                try:
                    sums = self.solution([*used])
                except ZeroDivisionError:
                    continue
                if min(sums) >= 0:
                    found.append(self.risk(sums))
        return min(found)


def holds(document: Document) -> None:
    with mpmath.workdps(34):
        _holds(document)


def _holds(document: Document) -> None:
    claim, oracle = document["claim"], Oracle(document)
    used = [2 * j + side for j, pair in enumerate(claim["looking"]) for side in (0, 1) if pair[side]]
    opened = [j for j, pair in enumerate(claim["looking"]) if sum(pair) < oracle.units[j]]
    free = [2 * j + side for j in opened for side in (0, 1) if 2 * j + side not in used]
    sums = oracle.solution(used)
    tiny = mpmath.mpf(10) ** -30
    is_minimum = all(sums[r] > 0 for r in used) and all(oracle.slope(sums, r) >= -tiny for r in free)
    assert is_minimum is not claim["kind"].startswith("no")
    if not is_minimum:
        return
    stated = [number(Fraction(v)) for pair in document["parameters"]["lengths"] for v in pair]
    assert mpmath.norm([a - b for a, b in zip(stated, sums, strict=True)]) <= number(Fraction(claim["radius"])) + tiny
    here = oracle.risk(sums)
    low, high = (number(Fraction(v)) for v in claim["risk"])
    assert low - tiny <= here <= high + tiny
    least = oracle.least()
    assert (here - least > 10**-9) if claim["kind"].startswith("spurious") else abs(here - least) < 10**-20


@pytest.mark.parametrize("name", NAMES)
def test_accepted_and_true(name: str) -> None:
    document = golden(name)
    assert verify(encode(document)).kind == document["claim"]["kind"]
    holds(document)


CHANGES: dict[str, tuple[str, Callable[[Document], None], str]] = {
    "format_1": ("lines_none", put("format", "exactsurf-certificate/1"), "format"),
    "sentence": ("lines_none", put("claim", "sentence", "It holds."), "claim.sentence"),
    "a_risk_where_there_is_none": ("lines_none", put("claim", "risk", ["0", "1"]), "claim.risk"),
    "other_inputs": ("lines_none", put("problem", "inputs", "uniform"), "problem.inputs"),
    "a_line_that_is_0": ("lines_none", put("problem", "lines", 0, ["0", "0"]), "problem.lines[0]"),
    "parallel_lines": ("lines_none", put("problem", "lines", 0, ["0", "-3"]), "problem.lines"),
    "no_line": ("lines_none", put("problem", "lines", []), "problem.lines"),
    "thirteen_lines": ("lines_none", put("problem", "lines", [["1", str(k)] for k in range(13)]), "problem.lines"),
    "a_teacher_that_is_0": ("lines_none", put("problem", "teachers", 0, ["0", "0"]), "problem.teachers[0]"),
    "a_teacher_of_another_length": ("lines_none", put("problem", "teachers", 0, ["1"]), "problem.teachers[0]"),
    "no_teacher": ("lines_none", put("problem", "teachers", []), "problem.teachers"),
    "no_unit_on_a_line": ("lines_none", put("problem", "units", 0, 0), "problem.units[0]"),
    "more_units": ("lines_none", put("problem", "units", 0, 2), "claim.sentence"),
    "too_many_look": ("lines_spurious", put("claim", "looking", 0, [1, 1]), "claim.looking[0]"),
    "another_pattern": ("lines_spurious", put("claim", "looking", 0, [0, 1]), "parameters.lengths"),
    "a_ray_that_is_no_candidate": ("lines_none", put("evidence", "ray", 2), "evidence.ray"),
    "a_ray_that_does_not_exist": ("lines_none", put("evidence", "ray", 4), "evidence.ray"),
    "curvature_high": ("lines_spurious", put("evidence", "curvature", "1"), "evidence.curvature"),
    "curvature_not_positive": ("lines_spurious", put("evidence", "curvature", "0"), "evidence.curvature"),
    "radius_small": ("lines_spurious", put("claim", "radius", f"1/{2**200}"), "evidence.curvature"),
    "radius_large": ("lines_spurious", put("claim", "radius", "1"), "parameters.lengths"),
    "radius_large_at_a_wall": ("lines_global", put("claim", "radius", "1/2"), "parameters.lengths"),
    "risk_low": ("lines_spurious", put("claim", "risk", 0, "3"), "claim.risk[0]"),
    "risk_high": ("lines_spurious", put("claim", "risk", 1, "1/2"), "claim.risk[1]"),
    "risk_far_below": ("lines_spurious", put("claim", "risk", 0, "0"), "evidence.lower"),
    "a_negative_sum": ("lines_spurious", put("evidence", "lower", 0, ["0", "-1"]), "evidence.lower"),
    "two_ways_at_once": ("lines_spurious", put("evidence", "lower", 0, ["1", "1"]), "evidence.lower"),
    "too_few_sums": ("lines_spurious", put("evidence", "lower", [["0", "1"]]), "evidence.lower"),
    "a_bound_that_is_low": ("lines_mirrored", put("evidence", "bounds", 0, [["0", "0"], ["0", "0"]]), "evidence.bounds"),
    "a_risk_that_no_bound_reaches": ("lines_mirrored", put("claim", "risk", 1, "9"), "evidence.bounds"),
    "a_teacher_elsewhere": ("lines_matched", put("problem", "teachers", 0, ["-2", "-1"]), "evidence.curvature"),
    "few_bits": ("lines_spurious", put("evidence", "bits", 15), "evidence.bits"),
    "bits_that_do_not_tell": ("lines_spurious", put("evidence", "bits", 16), "evidence.curvature"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes_are_rejected_where_they_are(name: str) -> None:
    start, change, place = CHANGES[name]
    assert_rejected_at(place, golden(start), change)


@pytest.mark.parametrize("name", NAMES)
def test_all_small_changes_are_noticed(name: str) -> None:
    assert_changes_are_noticed(golden(name), holds, least=100, most=Fraction(1, 2), never=("kind",))


def test_kinds_are_not_exchanged() -> None:
    """The document of one kind with the kind, sentence and fields of the other."""
    for name, kind, what in (("lines_spurious", "global", "bounds"), ("lines_global", "spurious", "lower")):
        document = golden(name)
        claim, evidence = document["claim"], document["evidence"]
        for key in ("lower", "bounds"):
            evidence.pop(key, None)
        claim["kind"] = (
            claim["kind"].replace("spurious local", "global") if kind == "global" else f"spurious local {claim['kind'][7:]}"
        )
        text = claim["sentence"]
        claim["sentence"] = (
            text.replace("spurious local minima", "global minima")
            if kind == "global"
            else text.replace("global minima", "spurious local minima")
        )
        pairs = copy.deepcopy(document["parameters"]["lengths"])
        evidence[what] = [pairs] if kind == "global" else pairs
        with pytest.raises(Rejected) as caught:
            verify(encode(document))
        assert caught.value.place == f"evidence.{what}"


def test_many_bounds_for_many_lines_end() -> None:
    """Twelve orthogonal lines, each of which may be turned round, and thousands of bounds: refused, and soon."""
    document = golden("lines_mirrored")
    axes = [[str(int(i == j)) for j in range(13)] for i in range(12)]
    document["problem"] |= {"lines": axes, "units": [1] * 12, "teachers": [["0"] * 12 + ["1"]]}
    document["claim"]["looking"] = [[1, 0]] * 12
    document["parameters"]["lengths"] = [["1/20", "0"]] * 12
    document["evidence"]["bounds"] = [[[str(k), "0"]] * 12 for k in range(3000)]
    document["claim"]["sentence"] = document["claim"]["sentence"].replace(
        "2 ReLU units on 2 lines against 2 on standard normal inputs of 2",
        "12 ReLU units on 12 lines against 1 on standard normal inputs of 13",
    )
    with pytest.raises(Rejected):
        verify(json.dumps(document).encode())


def test_many_teachers_on_one_line_do_not_hold_the_verifier() -> None:
    document = golden("lines_matched")
    document["problem"] = {"inputs": "standard normal", "lines": [["1"]], "units": [1], "teachers": [["1"]] * 2000}
    document["claim"]["looking"], document["parameters"]["lengths"] = [[1, 0]], [["2000", "0"]]
    sentence = document["claim"]["sentence"].replace("3 ReLU units on 3 lines against 3", "1 ReLU unit on 1 line against 2000")
    document["claim"]["sentence"] = sentence.replace("2 dimensions", "1 dimension")
    start = time.process_time()
    with pytest.raises(Refused):
        verify(encode(document))
    assert time.process_time() - start < 5
