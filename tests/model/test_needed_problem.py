"""What stands where a problem belongs is named, whichever function is asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import exactsurf as es
from exactsurf.minima.floats.polish import read_floats

DATA = es.Data.from_arrays([0, 1, 2], [0, 1, 0])
RELU = es.Problem(es.Network([1, 1, 1]), DATA)
TANH = es.Problem(es.Network([1, 1, 1], "tanh"), DATA)
ENTRIES = {"W1": [[1]], "b1": [0], "W2": [[1]], "b2": [0]}
POINT = RELU.parameters(**ENTRIES)
THEOREM = es.papers.yun_2019.theorem_1

PIECEWISE_LINEAR: dict[str, Callable[[object], object]] = {
    "count_cells": es.count_cells,
    "enumerate_patterns": es.enumerate_patterns,
    "cell_graph": es.cell_graph,
    "certify_all_cells": es.certify_all_cells,
    "pattern_regions": es.pattern_regions,
    "stationarity": lambda problem: es.stationarity(problem, POINT),
    "sosp_check": lambda problem: es.sosp_check(problem, POINT),
    "Slice": lambda problem: es.Slice(problem, POINT, POINT, POINT),
    "Slice.through": lambda problem: es.Slice.through(problem, POINT, POINT, POINT),
    "profile": lambda problem: es.profile(problem, POINT, POINT),
    "landscape": es.landscape,
    "yun_2019.theorem_1.check": THEOREM.check,
    "yun_2019.theorem_1.conclusion": lambda problem: THEOREM.conclusion(problem, POINT),
    "yun_2019.theorem_1.construct": THEOREM.construct,
}


@pytest.mark.parametrize("name", PIECEWISE_LINEAR)
@pytest.mark.parametrize("wrong", [RELU.network, POINT, "problem.json", 3, None, [[1]]], ids=lambda value: type(value).__name__)
def test_what_is_no_problem(name: str, wrong: object):
    with pytest.raises(es.InputError) as caught:
        PIECEWISE_LINEAR[name](wrong)
    assert caught.value.problem == f"{name} needs a Problem"
    assert caught.value.fields["text"] == repr(wrong)
    assert "Problem(network, data, loss)" in str(caught.value)


@pytest.mark.parametrize("name", PIECEWISE_LINEAR)
def test_a_smooth_problem_where_a_piecewise_linear_one_is_needed(name: str):
    with pytest.raises(es.InputError, match=f"^{name} needs a problem with a piecewise linear activation; got 'Problem"):
        PIECEWISE_LINEAR[name](TANH)


@pytest.mark.parametrize("wrong", [RELU.network, None])
def test_where_any_problem_is_needed(wrong: object):
    with pytest.raises(es.InputError, match=r"^find_critical_box needs a Problem; got"):
        es.find_critical_box(wrong, POINT)


def test_polish_takes_both_kinds_and_nothing_else():
    assert es.polish(TANH, ENTRIES) is not None and es.polish(RELU, ENTRIES) is not None
    with pytest.raises(es.InputError, match=r"^polish needs a Problem; got 'Network"):
        es.polish(RELU.network, ENTRIES)


@pytest.mark.parametrize(("name", "value", "entry"), [("W1", [["nan"]], "W1[0][0]"), ("b2", ["inf"], "b2[0]")])
def test_a_number_that_is_not_finite_is_named(name: str, value: list, entry: str):
    import numpy

    array = numpy.array(value, dtype=float)
    for ask in (es.polish, read_floats):
        with pytest.raises(es.InputError, match="is not a finite number") as caught:
            ask(RELU, {**ENTRIES, name: array})
        assert str(caught.value).startswith(entry)
    with pytest.raises(es.InputError, match="is not a finite number") as caught:
        es.find_critical_box(TANH, {**ENTRIES, name: array.tolist()})
    assert str(caught.value).startswith(entry)


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        ("no_bad_saddles", r"write CLAIMS\['no_bad_saddles'\]"),
        ("no_bad_sadles", "did you mean 'no_bad_saddles'"),
        (THEOREM, "claim_of"),
    ],
    ids=str,
)
def test_a_claim_by_its_name(wrong: object, advice: str):
    with pytest.raises(es.InputError, match=rf"^find_counterexample needs a Claim; got .*{advice}"):
        es.find_counterexample(wrong)
