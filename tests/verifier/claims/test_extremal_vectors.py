"""The claim `extremal vectors`: true by a second way in the plane, and every change is rejected or true."""

from __future__ import annotations

import copy
from collections.abc import Callable
from fractions import Fraction

import pytest

from exactsurf.verifier import verify
from tests.verifier.oracle import Document, data, loss, number, numbers, predict
from tests.verifier.verdicts import assert_changes_are_noticed, assert_rejected_at, encode, golden, put

NAMES = ("extremal_vectors", "extremal_walls")
F = Fraction


def dot(left: list[Fraction], right: list[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(left, right, strict=True)), F(0))


def pulls_of(document: Document) -> tuple[list[list[Fraction]], list[list[Fraction]]]:
    """The x̃_i and the g_i x̃_i; the derivative of a quadratic loss by central differences, which are exact."""
    problem = document["problem"]
    x, y = data(problem)
    parameters = {name: numbers(value) for name, value in document["parameters"].items()}
    rows = [[*row, F(1)] if problem["biases"][0] else row for row in x]
    weights = numbers(problem.get("weights", ["1"] * len(x)))
    found = []
    for row, inputs, (target,), weight in zip(rows, x, y, weights, strict=True):
        (f,) = predict(problem, parameters, inputs)
        g = -weight * (loss(problem, f + 1, target) - loss(problem, f - 1, target)) / 2
        found.append([g * value for value in row])
    return rows, found


def in_the_plane(document: Document) -> set[tuple[int, tuple[Fraction, ...]]]:
    """All extremal vectors for d = 2, ray by ray and arc by arc around the circle."""
    rows, pulls = pulls_of(document)
    left, right = numbers(document["problem"]["activation"]["slopes"])
    rays = {(s * -b, s * a) for a, b in rows if (a, b) != (0, 0) for s in (1, -1)}
    unit = {tuple(v / (abs(a) + abs(b)) for v in (a, b)) for a, b in rays}
    above = sorted((w for w in unit if w[1] > 0 or (w[1] == 0 and w[0] > 0)), key=lambda w: -w[0])
    circle = [*above, *((-a, -b) for a, b in above)]
    arcs = [(p[0] + q[0], p[1] + q[1]) for p, q in zip(circle, circle[1:] + circle[:1], strict=True)]
    arcs = [(-p[1], p[0]) if arc == (0, 0) else arc for arc, p in zip(arcs, circle, strict=True)]
    found = set()
    for w in [*circle, *arcs] or [(F(1), F(0))]:
        fixed, low, high = [F(0), F(0)], F(0), F(0)
        normal = (-w[1], w[0])
        for row, pull in zip(rows, pulls, strict=True):
            z = dot(list(w), row)
            if z:
                fixed = [a + (right if z > 0 else left) * b for a, b in zip(fixed, pull, strict=True)]
            else:
                ends = (left * dot(list(normal), pull), right * dot(list(normal), pull))
                low, high = low + min(ends), high + max(ends)
        if w in circle:
            # D is a multiple of w, and its part along the normal is made 0 by the slopes on the wall.
            along, across = dot(fixed, list(w)), dot(fixed, list(normal))
            if along and low <= -across <= high:
                size = dot(list(w), list(w))
                found.add((1 if along > 0 else -1, tuple(along / size * v for v in w)))
        else:
            for sign in (1, -1):
                if any(fixed) and all(
                    (dot([sign * v for v in fixed], row) > 0) == (dot(list(w), row) > 0)
                    and (dot(fixed, row) != 0 or dot(list(w), row) == 0)
                    for row in rows
                ):
                    found.add((sign, tuple(fixed)))
    return found


def holds(document: Document) -> None:
    stated = {(int(number(sign)), tuple(numbers(vector))) for sign, vector in document["claim"]["vectors"]}
    assert stated == in_the_plane(document)


@pytest.mark.parametrize("name", NAMES)
def test_accepted_and_true(name: str) -> None:
    document = golden(name)
    assert verify(encode(document)).sentence == document["claim"]["sentence"]
    holds(document)


def test_the_numbers_of_the_paper() -> None:
    assert golden("extremal_vectors")["claim"]["vectors"] == [["1", ["-31/40", "2"]]]


def without_a_face(document: Document) -> None:
    document["evidence"]["faces"].pop()


def a_face_twice(document: Document) -> None:
    faces = document["evidence"]["faces"]
    faces[0] = copy.deepcopy(faces[1])


def proof_of(document: Document, name: str) -> Document:
    return next(face for face in document["evidence"]["faces"] if face.get(name))


def slope_beyond(document: Document) -> None:
    proof_of(document, "multipliers")["multipliers"] = ["2"]


def slope_that_misses(document: Document) -> None:
    proof_of(document, "multipliers")["multipliers"] = ["1/2"]


def no_separator(document: Document) -> None:
    proof_of(document, "separator")["separator"] = ["0", "0"]


def proof_dropped(document: Document) -> None:
    del proof_of(document, "separator")["separator"]


def proof_of_nothing(document: Document) -> None:
    document["evidence"]["faces"][0]["multipliers"] = []


def hides_one(document: Document) -> None:
    document["claim"]["vectors"].pop()
    document["claim"]["sentence"] = document["claim"]["sentence"].replace("2 extremal vectors", "1 extremal vector")


CHANGES: dict[str, tuple[str, Callable[[Document], None], str]] = {
    "format_1": ("extremal_vectors", put("format", "exactsurf-certificate/1"), "format"),
    "sentence": ("extremal_vectors", put("claim", "sentence", "It holds."), "claim.sentence"),
    "risk": ("extremal_vectors", put("claim", "risk", "1"), "claim.risk"),
    "vector": ("extremal_vectors", put("claim", "vectors", 0, 1, 0, "1"), "claim.vectors[0][1]"),
    "sign": ("extremal_vectors", put("claim", "vectors", 0, 0, "-1"), "claim.vectors[0][0]"),
    "one_more": ("extremal_walls", hides_one, "claim.vectors"),
    "activation": ("extremal_vectors", put("problem", "activation", "breakpoints", ["1"]), "problem.activation"),
    "a_face_less": ("extremal_vectors", without_a_face, "evidence.faces"),
    "a_face_twice": ("extremal_vectors", a_face_twice, "evidence.faces[1].witness"),
    "the_face_of_0": ("extremal_vectors", put("evidence", "faces", 0, "witness", ["0", "0"]), "evidence.faces[0].witness"),
    "slope_beyond": ("extremal_walls", slope_beyond, "evidence.faces"),
    "slope_that_misses": ("extremal_walls", slope_that_misses, "evidence.faces"),
    "no_separator": ("extremal_walls", no_separator, "evidence.faces"),
    "proof_dropped": ("extremal_walls", proof_dropped, "evidence.faces"),
    "proof_of_nothing": ("extremal_walls", proof_of_nothing, "evidence.faces[0].multipliers"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes_are_rejected_where_they_are(name: str) -> None:
    start, change, place = CHANGES[name]
    assert_rejected_at(place, golden(start), change)


@pytest.mark.parametrize("name", NAMES)
def test_all_small_changes_are_noticed(name: str) -> None:
    assert_changes_are_noticed(golden(name), holds, least=100, most=Fraction(1, 2), never=("kind",))
