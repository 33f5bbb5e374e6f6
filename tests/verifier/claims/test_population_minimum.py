"""Boxes of units on normal inputs: what is accepted is true by quadrature and mpmath, what is changed is rejected or true."""

from __future__ import annotations

import copy
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest

from exactsurf.verifier import Refused, Rejected, verify
from tests.verifier.oracle import Document
from tests.verifier.verdicts import assert_changes_are_noticed, assert_rejected_at, encode, golden, put

NAMES = ("population_six", "population_nine", "population_three")


def kernel(w: list[mpmath.mpf], v: list[mpmath.mpf]) -> mpmath.mpf:
    """E relu(w·x) relu(v·x), x standard normal, by quadrature in the plane of w and v."""
    long, other = mpmath.norm(w), mpmath.norm(v)
    angle = mpmath.acos(sum(a * b for a, b in zip(w, v, strict=True)) / (long * other))
    low, high = angle - mpmath.pi / 2, mpmath.pi / 2
    return long * other * mpmath.quad(lambda a: mpmath.cos(a) * mpmath.cos(a - angle), [low, high]) / mpmath.pi


def number(text: str) -> mpmath.mpf:
    value = Fraction(text)
    return mpmath.mpf(value.numerator) / value.denominator


def risk(students: list[list[mpmath.mpf]], teachers: list[list[mpmath.mpf]]) -> mpmath.mpf:
    rows = [(row, 1) for row in students] + [(row, -1) for row in teachers]
    total = mpmath.mpf(0)
    for i, (w, sign) in enumerate(rows):
        total += mpmath.norm(w) ** 2 / 4
        total += sum(sign * other * kernel(w, v) for v, other in rows[:i])
    return total


def rows_of(document: Document) -> tuple[list[list[mpmath.mpf]], list[list[mpmath.mpf]]]:
    students, teachers = document["parameters"]["W1"], document["problem"]["teachers"]
    return [[number(v) for v in row] for row in students], [[number(v) for v in row] for row in teachers]


def holds(document: Document) -> None:
    """The stated bounds hold at the centre, and random points at a distance have a higher risk."""
    students, teachers = rows_of(document)
    here = risk(students, teachers)
    low, high = map(number, document["claim"]["risk"])
    assert 0 < low <= here <= high
    random = np.random.default_rng(0)
    for _ in range(3):
        move = random.standard_normal((len(students), len(students[0])))
        move *= 1e-3 / np.linalg.norm(move)
        moved = [
            [v + mpmath.mpf(float(a)) for v, a in zip(row, more, strict=True)] for row, more in zip(students, move, strict=True)
        ]
        assert risk(moved, teachers) > here


@pytest.mark.parametrize("name", NAMES)
def test_accepted_and_true(name: str) -> None:
    document = golden(name)
    result = verify(encode(document))
    assert result.kind == document["claim"]["kind"] and result.risk is None and len(result.checks) == 5
    holds(document)


@pytest.mark.parametrize("name", ["population_six", "population_three"])
def test_the_curvature_against_doubles(name: str) -> None:
    """The Hessian at the centre by difference quotients of the closed form, in the dimension of the claim and in one more."""
    document = golden(name)
    teachers = np.array([[float(Fraction(v)) for v in row] for row in document["problem"]["teachers"]])
    centre = np.array([[float(Fraction(v)) for v in row] for row in document["parameters"]["W1"]])
    for further in (0, 1):
        goals, point = (np.pad(table, ((0, 0), (0, further))) for table in (teachers, centre))
        eigenvalues = np.linalg.eigvalsh(hessian(point, goals))
        assert eigenvalues[0] > (0 if further else float(Fraction(document["evidence"]["curvature"])))


def hessian(students: Any, teachers: Any) -> Any:
    def value(flat: Any) -> Any:
        rows = np.concatenate([flat.reshape(students.shape), teachers])
        signs = np.array([1] * len(students) + [-1] * len(teachers))
        lengths = np.linalg.norm(rows, axis=1)
        angles = np.arccos(np.clip(rows @ rows.T / np.outer(lengths, lengths), -1, 1))
        kernels = np.outer(lengths, lengths) * (np.sin(angles) + (np.pi - angles) * np.cos(angles)) / (4 * np.pi)
        return signs @ kernels @ signs

    flat, step = students.ravel(), 1e-3
    moves = step * np.eye(len(flat))
    corners = [(1, 1), (1, -1), (-1, 1), (-1, -1)]
    return np.array(
        [[sum(s * t * value(flat + s * a + t * b) for s, t in corners) / (4 * step**2) for b in moves] for a in moves]
    )


CHANGES: dict[str, tuple[Callable[[Document], None], str]] = {
    "format_1": (put("format", "exactsurf-certificate/1"), "format"),
    "sentence": (put("claim", "sentence", "It holds."), "claim.sentence"),
    "radius_zero": (put("claim", "radius", "0"), "claim.radius"),
    "radius_tiny": (put("claim", "radius", "1/" + str(10**20)), "evidence.curvature"),
    "radius_large": (put("claim", "radius", "1/1000"), "evidence.curvature"),
    "radius_so_large_that_rows_are_parallel": (put("claim", "radius", "3"), "parameters.W1"),
    "not_larger": (put("claim", "larger", False), "claim.sentence"),
    "larger_in_words": (put("claim", "larger", "true"), "claim.larger"),
    "risk_low": (put("claim", "risk", 0, "1/50"), "claim.risk[0]"),
    "risk_high": (put("claim", "risk", 1, "1/60"), "claim.risk[1]"),
    "risk_not_positive": (put("claim", "risk", 0, "0"), "claim.risk"),
    "other_inputs": (put("problem", "inputs", "uniform"), "problem.inputs"),
    "fewer_units": (put("problem", "units", 2), "problem.units"),
    "more_units": (put("problem", "units", 4), "claim.sentence"),
    "no_teachers": (put("problem", "teachers", []), "problem.teachers"),
    "a_teacher_is_0": (put("problem", "teachers", 0, ["0", "0"]), "problem.teachers[0]"),
    "teachers_of_two_lengths": (put("problem", "teachers", 1, ["1"]), "problem.teachers[1]"),
    "parallel_teachers": (put("problem", "teachers", [["-6", "4"], ["0", "-3"], ["-3", "2"]]), "parameters.W1"),
    "another_teacher": (put("problem", "teachers", 0, ["4", "0"]), "evidence.curvature"),
    "students_are_the_teachers": (put("parameters", "W1", [["3", "0"], ["0", "-3"], ["-3", "2"]]), "parameters.W1"),
    "a_student_is_0": (put("parameters", "W1", 0, ["0", "0"]), "parameters.W1"),
    "fewer_rows": (put("parameters", "W1", [["1", "0"]]), "parameters.W1"),
    "curvature_zero": (put("evidence", "curvature", "0"), "evidence.curvature"),
    "curvature_large": (put("evidence", "curvature", "1/20"), "evidence.curvature"),
    "curvature_tiny": (put("evidence", "curvature", "1/1000000"), "evidence.curvature"),
    "few_bits": (put("evidence", "bits", 16), "evidence.curvature"),
    "too_many_bits": (put("evidence", "bits", 5000), "evidence.bits"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes_are_rejected_where_they_are(name: str) -> None:
    change, place = CHANGES[name]
    assert_rejected_at(place, golden("population_three"), change)


@pytest.mark.slow
def test_all_small_changes_are_noticed() -> None:
    """Changes of the centre that are much smaller than the radius leave the claim true."""
    document = golden("population_three")
    assert_changes_are_noticed(document, holds, least=1000, most=Fraction(1, 4), never=("kind",))


def test_the_saddle_for_five_units_is_rejected() -> None:
    """At k = 5 the symmetric critical point has a negative eigenvalue (papers.md, A5)."""
    document = copy.deepcopy(golden("population_six"))
    five = [["0.9825", "-0.0601"], ["0.2245", "-0.6"]]
    a, b, c, d, e = five[0][0], five[0][1], "0.34", five[1][0], five[1][1]
    rows = [[(a if i == j else b) if j < 4 else c for j in range(5)] for i in range(4)] + [[d] * 4 + [e]]
    document["parameters"]["W1"] = [[str(Fraction(v)) for v in row] for row in rows]
    document["problem"] |= {"units": 5, "teachers": [[str(int(i == j)) for j in range(5)] for i in range(5)]}
    for what in ("ReLU unit", "dimension"):
        document["claim"]["sentence"] = document["claim"]["sentence"].replace(f"6 {what}", f"5 {what}")
    document["claim"]["sentence"] = document["claim"]["sentence"].replace("against 6", "against 5")
    document["evidence"]["curvature"] = "1/100000"
    with pytest.raises(Rejected) as caught:
        verify(encode(document))
    assert caught.value.place == "evidence.curvature" and "smaller eigenvalue" in caught.value.reason


def test_a_hostile_size_is_refused_at_once() -> None:
    """One unit of many inputs: its Hessian would have a hundred million entries."""
    document = copy.deepcopy(golden("population_three"))
    size = 10_000
    document["problem"] |= {"units": 1, "teachers": [["1"] + ["0"] * (size - 1)]}
    document["parameters"]["W1"] = [["0", "1"] + ["0"] * (size - 2)]
    for what, new in (("3 ReLU units", "1 ReLU unit"), ("against 3", "against 1"), ("2 dimensions", f"{size} dimensions")):
        document["claim"]["sentence"] = document["claim"]["sentence"].replace(what, new)
    with pytest.raises(Refused, match="1000 coordinates"):
        verify(encode(document), effort=1000)
