"""Functional dimensions: what is accepted is true by exact differences, what is changed is rejected or true."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from fractions import Fraction

import pytest
import sympy

from exactsurf.verifier import Rejected, verify
from tests.verifier.oracle import Document, numbers, predict
from tests.verifier.verdicts import assert_changes_are_noticed, assert_rejected_at, encode, golden, put

NAMES = ("dimension_deep", "dimension_batch", "dimension_full", "dimension_no_input")
STEP = Fraction(1, 10**12)


def places(value: list, path: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    for i, item in enumerate(value):
        yield from places(item, (*path, i)) if isinstance(item, list) else [(*path, i)]


def moved(parameters: Document, name: str, place: tuple[int, ...]) -> Document:
    found = copy.deepcopy(parameters)
    here = found[name]
    for index in place[:-1]:
        here = here[index]
    here[place[-1]] += STEP
    return found


def holds(document: Document) -> None:
    """The rank on a grid of inputs, by differences along every parameter, in which outputs have degree 1 within a cell."""
    problem = document["problem"]
    parameters = {name: numbers(value) for name, value in document["parameters"].items()}
    ordered = [name for layer in range(1, len(problem["widths"])) for name in (f"W{layer}", f"b{layer}") if name in parameters]
    if "inputs" in problem:
        inputs = numbers(problem["inputs"])
    else:
        size = problem["widths"][0]
        inputs = [[Fraction(k, 7), *([Fraction(m, 5)] * (size - 1))] for k in range(-30, 31, 3) for m in range(-30, 31, 3)]
        inputs = [*numbers(document["evidence"]["batch"]), *(inputs if document["evidence"]["batch"] else [])]
    rows = []
    for x in inputs:
        start = predict(problem, parameters, x)
        columns = []
        for name in ordered:
            for place in places(parameters[name]):
                gap = zip(predict(problem, moved(parameters, name, place), x), start, strict=True)
                columns.append([(a - b) / STEP for a, b in gap])
        rows += [list(row) for row in zip(*columns, strict=True)]
    matrix = sympy.Matrix([[sympy.Rational(v.numerator, v.denominator) for v in row] for row in rows])
    assert (matrix.rank() if rows else 0) == document["claim"]["dimension"]


@pytest.mark.parametrize("name", NAMES)
def test_accepted_and_true(name: str) -> None:
    document = golden(name)
    assert verify(encode(document)).sentence == document["claim"]["sentence"]
    holds(document)


def lower_dimension(document: Document) -> None:
    claim, evidence = document["claim"], document["evidence"]
    claim["dimension"] -= 1
    claim["sentence"] = claim["sentence"].replace(" is 11.", " is 10.")
    evidence["rows"].pop(0)
    evidence["columns"].pop(0)


def without_two(document: Document) -> None:
    lower_dimension(document)
    document["evidence"]["kernel"].append(copy.deepcopy(document["evidence"]["kernel"][0]))


CHANGES: dict[str, tuple[str, Callable[[Document], None], str]] = {
    "format_1": ("dimension_deep", put("format", "exactsurf-certificate/1"), "format"),
    "sentence": ("dimension_deep", put("claim", "sentence", "It holds."), "claim.sentence"),
    "inputs_where_there_are_none": ("dimension_deep", put("problem", "inputs", []), "problem.inputs"),
    "no_inputs": ("dimension_batch", put("problem", "inputs", []), "problem.inputs"),
    "no_loss": ("dimension_deep", put("problem", "loss", {}), "problem.loss"),
    "dimension": ("dimension_deep", put("claim", "dimension", 10), "claim.sentence"),
    "one_less": ("dimension_deep", lower_dimension, "evidence"),
    "one_less_and_a_direction_twice": ("dimension_deep", without_two, "evidence"),
    "a_row_twice": ("dimension_batch", put("evidence", "rows", 1, [0, 0]), "evidence.rows"),
    "a_column_twice": ("dimension_batch", put("evidence", "columns", [0, 0, 1, 2]), "evidence.columns"),
    "a_column_too_far": ("dimension_batch", put("evidence", "columns", 0, 15), "evidence.columns[0]"),
    "an_output_too_far": ("dimension_batch", put("evidence", "rows", 0, [0, 1]), "evidence.rows[0][1]"),
    "an_input_at_a_kink": ("dimension_deep", put("evidence", "batch", 0, ["-1", "0"]), "evidence.batch[0]"),
    "an_input_of_the_problem_at_a_kink": ("dimension_batch", put("problem", "inputs", 0, ["-1", "0"]), "problem.inputs[0]"),
    "a_direction_that_moves": ("dimension_deep", put("evidence", "kernel", 0, "b3", ["1"]), "evidence.kernel[0]"),
    "a_direction_that_moves_on_inputs": ("dimension_batch", put("evidence", "kernel", 0, "b3", ["7"]), "evidence.kernel[0]"),
    "a_tree_that_is_not_needed": ("dimension_full", put("evidence", "tree", [[]]), "evidence.tree"),
    "no_tree": ("dimension_deep", put("evidence", "tree", []), "evidence.tree"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes_are_rejected_where_they_are(name: str) -> None:
    start, change, place = CHANGES[name]
    assert_rejected_at(place, golden(start), change)


@pytest.mark.parametrize("name", ["dimension_full", "dimension_no_input"])
def test_all_small_changes_are_noticed(name: str) -> None:
    assert_changes_are_noticed(golden(name), holds, least=100, most=Fraction(1, 3), never=("kind",))


def test_a_minor_that_is_0_modulo_one_prime_only() -> None:
    """b2 = 1 and W2 a large prime: the derivative by b1 is that prime."""
    document = copy.deepcopy(golden("dimension_full"))
    document["parameters"]["W2"] = [[str(2**61 - 1)]]
    verify(encode(document))


def test_a_hostile_tree_is_refused() -> None:
    document = copy.deepcopy(golden("dimension_deep"))
    document["evidence"]["tree"] = [[[0, "1"]]] * 10
    with pytest.raises(Rejected):
        verify(encode(document))
