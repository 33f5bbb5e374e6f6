"""Numbers of one number field in the verifier: arithmetic with √2, signs by enclosures, and shapes of the evidence."""

from __future__ import annotations

import copy
from fractions import Fraction

import pytest

from exactsurf.verifier import Rejected
from exactsurf.verifier.arithmetic.document import Field
from exactsurf.verifier.field_solution import FieldSolution, read_solution
from tests.verifier.oracle import Document
from tests.verifier.test_fibre import fibre_of
from tests.verifier.verdicts import golden


def solution_of(document: Document) -> FieldSolution:
    fibre = fibre_of(document)
    return read_solution(fibre, Field(document["evidence"], "evidence"), 64, document["claim"]["of"] == "trace")


def test_arithmetic_and_signs_in_the_field_of_the_square_root_of_2() -> None:
    """The value is the root α of t² − 200, 10√2."""
    solution = solution_of(golden("exact_flattest_linear"))
    alpha = ([Fraction(0), Fraction(1)], [0, 0])
    square = solution.product(alpha, alpha)
    assert square[0] == [200, 0] and solution.equal(square, solution.ring.constant(200))
    assert solution.combined([alpha, square], [Fraction(2), Fraction(-1, 100)])[0] == [-2, 2]
    assert solution.is_positive(alpha) and not solution.is_positive(solution.minus(alpha, solution.ring.constant(15)))
    nothing = solution.minus(square, solution.ring.constant(200))
    assert solution.is_nowhere_negative(nothing) and not solution.is_positive(nothing)
    assert solution.curved == [0, 1] and [len(row) for row in solution.reads] == [2, 2]


def test_for_the_trace_the_vectors_are_known() -> None:
    solution = solution_of(golden("exact_flattest_linear"))
    assert [[entry[0][0] for entry in vector] for vector in solution.vectors] == [[1, 0], [0, 1]]
    assert [share[0][0] for share in solution.shares] == list(solution.fibre.bends)


@pytest.mark.parametrize(
    ("place", "value"),
    [("products", []), ("squares", [["1", "0"]]), ("bias", [["1", "0"]]), ("multipliers", [["1"], ["1"]]), ("value", ["1"])],
)
def test_other_shapes_are_rejected(place: str, value: object) -> None:
    document = copy.deepcopy(golden("exact_flattest_linear"))
    document["evidence"][place] = value
    with pytest.raises(Rejected, match=r"expected .* entries"):
        solution_of(document)
