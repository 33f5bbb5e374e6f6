"""A network of tanh units, and one without hidden layer, through everything that takes a problem."""

from __future__ import annotations

import inspect
import pickle
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

import exactsurf as es
from exactsurf.cells.patterns.pattern_text import read_pattern
from exactsurf.errors import ExactsurfError
from exactsurf.model.enclosed_risk import enclosed_predictions

DATA = es.Data.from_arrays([-2, -1, 1, 3], [-1, -1, 1, 2])
CURVED = es.Problem(es.Network([1, 1, 1], "tanh"), DATA)
POINT = CURVED.parameters(W1=[["4/5"]], b1=[0], W2=[["8/5"]], b2=[0])
OTHER = CURVED.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[1])
RELU = es.Problem(es.Network([1, 1, 1]), DATA)

WORKS: dict[str, Callable[[es.Problem], object]] = {
    "data_symmetries": es.data_symmetries,
    "sample_symmetries": es.sample_symmetries,
    "decide": lambda p: es.decide(p, POINT),
    "find_critical_box": lambda p: es.find_critical_box(p, POINT),
    "polish": lambda p: es.polish(p, POINT),
    "enclosed_sharpness": lambda p: es.enclosed_sharpness(p, POINT),
    "plot_network": lambda p: es.plots.plot_network(p, POINT),
    "plot_network_data": lambda p: es.plots.plot_network_data(p, POINT),
}
REFUSES: dict[str, Callable[[es.Problem], object]] = {
    "BoundSearch": es.BoundSearch,
    "Cell": lambda p: p.cell(POINT),
    "EnclosedSearch": es.EnclosedSearch,
    "GlobalSearch": es.GlobalSearch,
    "Slice": lambda p: es.Slice(p, POINT, OTHER, POINT),
    "cell_classes": es.cell_classes,
    "cell_graph": es.cell_graph,
    "certify_all_cells": es.certify_all_cells,
    "certify_barrier": lambda p: es.certify_barrier(p, POINT, OTHER),
    "certify_global_minimum": es.certify_global_minimum,
    "certify_spurious_valley": lambda p: es.certify_spurious_valley(p, POINT),
    "classify_deep_linear": lambda p: es.classify_deep_linear(p, POINT),
    "count_cells": es.count_cells,
    "decay_path": lambda p: es.decay_path(p, [1, 2]),
    "gradient_descent": lambda p: es.gradient_descent(p, [0]),
    "decide_pattern": lambda p: es.decide_pattern(p, read_pattern(RELU, "0011")),
    "descending_path": lambda p: es.descending_path(p, POINT),
    "enclosed_landscape": es.enclosed_landscape,
    "enumerate_patterns": lambda p: list(es.enumerate_patterns(p)),
    "algebraic_minimum": lambda p: es.algebraic_minimum(p, POINT),
    "equal_functions": lambda p: es.equal_functions(p, POINT, OTHER),
    "functional_dimension": lambda p: es.functional_dimension(p, POINT),
    "linear_regions": lambda p: es.linear_regions(p, POINT),
    "margin_point": lambda p: es.margin_point(p, POINT),
    "escape_neurons": lambda p: es.escape_neurons(p, POINT),
    "extremal_vectors": es.extremal_vectors,
    "sharpness": lambda p: es.sharpness(p, POINT),
    "flattest_minimiser": lambda p: es.flattest_minimiser(p, POINT),
    "flattest_rescaling": lambda p: es.flattest_rescaling(p, POINT),
    "find_lifted_box": es.find_lifted_box,
    "find_minimum_on_walls": lambda p: es.find_minimum_on_walls(p, POINT),
    "find_path": lambda p: es.find_path(p, POINT, OTHER, 100),
    "in_cell_components": lambda p: es.in_cell_components(p, RELU.cell(POINT)),
    "landscape": lambda p: es.landscape(p, workers=1),
    "lowest_path": lambda p: es.lowest_path(p, POINT, OTHER),
    "pattern_regions": es.pattern_regions,
    "power_landscape": lambda p: es.power_landscape(es.RestrictedProblem(es.restriction(p.network), p.data)),
    "plot_clarke": lambda p: es.plots.plot_clarke(p, POINT, ("W1_0_0", "b1_0")),
    "plot_clarke_data": lambda p: es.plots.plot_clarke_data(p, POINT, ("W1_0_0", "b1_0")),
    "plot_function": lambda p: es.plots.plot_function(p, POINT),
    "plot_function_data": lambda p: es.plots.plot_function_data(p, POINT),
    "profile": lambda p: es.profile(p, POINT, OTHER),
    "read_pattern": lambda p: es.read_pattern(p, "0011"),
    "sosp_check": lambda p: es.sosp_check(p, POINT),
    "stationarity": lambda p: es.stationarity(p, POINT),
    "to_smtlib": lambda p: es.to_smtlib(p, POINT),
}
RESULTS = {
    "BoxOnWalls",
    "BoxWithSpuriousMinimum",
    "AllCells",
    "AllEnclosedValleys",
    "AllValleys",
    "EnclosedBarrier",
    "ExactFlattestMinimiser",
    "ExactFlattestRescaling",
    "EnclosedCapture",
    "EnclosedSpuriousValley",
    "EnclosedSublevelComponent",
    "EnclosedLeastRisk",
    "NearAnalyticMinimum",
    "Capture",
    "ValleysBelow",
    "EnclosedValleysBelow",
    "RestrictedLandscape",
    "PowerLandscape",
    "SublevelLandscape",
    "EnclosedSublevelLandscape",
    "Barrier",
    "Certificate",
    "Counterexample",
    "GlobalMinimum",
    "InputError",
    "Landscape",
    "LiftedBox",
    "LowFreePath",
    "LowPath",
    "RestrictedCell",
    "NearGlobalMinimum",
    "PathCertificate",
    "PatternRegions",
    "PopulationMinimumInBox",
    "Profile",
    "AlgebraicPoint",
    "DimensionCertificate",
    "EqualFunctions",
    "RegionCertificate",
    "ExtremalVectors",
    "ExtremalVectorsCertificate",
    "SharpnessCertificate",
    "Sharpness",
    "FlattestMinimiser",
    "FlattestRescaling",
    "EnclosedSharpness",
    "EnclosedSharpnessCertificate",
    "FlattestMinimiserCertificate",
    "FlattestRescalingCertificate",
    "SpuriousValley",
    "ThreeSamples",
}
"""What holds a problem, or the text of one, and is not asked about it."""


def test_every_name_of_the_interface_that_takes_a_problem_is_asked() -> None:
    public = {name: getattr(space, name) for space in (es, es.plots) for name in space.__all__}
    found = {
        name
        for name, value in public.items()
        if callable(value) and next(iter(inspect.signature(value).parameters), "") in ("problem", "about")
    }
    assert found - RESULTS == set(WORKS) | set(REFUSES)


@pytest.mark.parametrize("name", WORKS)
def test_what_answers_for_tanh(name: str) -> None:
    assert WORKS[name](CURVED) is not None


@pytest.mark.parametrize("name", REFUSES)
def test_what_refuses_tanh_names_a_way_on(name: str) -> None:
    with pytest.raises(ExactsurfError) as caught:
        REFUSES[name](CURVED)
    assert isinstance(caught.value, (es.InputError, es.UnsupportedError))
    text = str(caught.value)
    assert "smooth" in text and any(way in text for way in ("find_critical_box", "problem.risk", "such as relu")), text


ABOUT_ANY_SMOOTH = {
    "christof_2023.continuum": es.Status.UNDECIDED,
    "ding_2022.wide_smooth_networks": es.Status.UNDECIDED,
    "nguyen_2017.lemma_3_5": es.Status.REFUTED,
    "petzka_2021.smooth_unit_splitting": es.Status.UNDECIDED,
    "venturi_2019.no_spurious_valleys": es.Status.UNDECIDED,
    "xie_2017.stationary_points": es.Status.REFUTED,
    "yu_1995.enough_units": es.Status.UNDECIDED,
}
"""What they conclude at `POINT`, which fits the data badly and is not critical."""


@pytest.mark.parametrize("theorem", es.papers.THEOREMS.values(), ids=lambda theorem: theorem.key)
def test_theorems_answer_or_refuse(theorem: es.papers.Theorem) -> None:
    if theorem.key in ABOUT_ANY_SMOOTH:
        assert theorem.does_not_apply(CURVED, POINT) is None
        assert theorem.conclusion(CURVED, POINT).status is ABOUT_ANY_SMOOTH[theorem.key]
        assert theorem.check(CURVED, POINT).failing or theorem.conclusion(CURVED, POINT).status is not es.Status.REFUTED
        return
    assert isinstance(theorem.does_not_apply(CURVED, POINT), str)
    for ask in (theorem.check, theorem.conclusion):
        try:
            found = ask(CURVED, POINT)
        except es.InputError as error:
            assert "find_critical_box" in str(error)
        else:
            assert theorem.is_about_smooth and getattr(found, "status", None) is not es.Status.PROVED


def test_a_problem_with_tanh_is_a_value() -> None:
    again = pickle.loads(pickle.dumps(CURVED))
    assert again == CURVED == es.Problem(es.Network([1, 1, 1], es.tanh), DATA) and hash(again) == hash(CURVED) and again != RELU
    assert repr(CURVED) == "Problem(Network(1-1-1, tanh), Data(4 samples, 1 input, 1 target), squared)"
    verdict = es.decide(CURVED, POINT)
    assert isinstance(verdict.risk, es.Ball) and pickle.loads(pickle.dumps(verdict)) == verdict


@settings(max_examples=60, deadline=None)
@given(st.lists(st.fractions(-3, 3, max_denominator=9), min_size=4, max_size=4), st.sampled_from(["tanh", "sigmoid", "swish"]))
def test_risk_and_predictions_hold_what_mpmath_computes(numbers: list[Fraction], name: str) -> None:
    problem = es.Problem(es.Network([1, 1, 1], name), DATA, es.squared.mean)
    w, b, v, c = numbers
    theta = problem.parameters(W1=[[w]], b1=[b], W2=[[v]], b2=[c])
    h = {"tanh": mp.tanh, "sigmoid": lambda z: 1 / (1 + mp.exp(-z)), "swish": lambda z: z / (1 + mp.exp(-z))}[name]
    risk = problem.risk(theta, bits=200)
    with mp.workdps(80):
        real = [mpf(n.numerator) / n.denominator for n in numbers]
        outputs = [real[2] * h(real[0] * int(x) + real[1]) + real[3] for (x,) in DATA.x]
        total = sum((f - int(y)) ** 2 for f, (y,) in zip(outputs, DATA.y, strict=True)) / 8
        for found, value in [
            (risk, total),
            *zip((row[0] for row in enclosed_predictions(problem, theta, 200)), outputs, strict=True),
        ]:
            ball = found if isinstance(found, es.Ball) else es.Ball(found)
            low, high = (mpf(end.numerator) / end.denominator for end in (ball.lower, ball.upper))
            assert low - mpf(10) ** -60 <= value <= high + mpf(10) ** -60
    assert risk >= 0 and (isinstance(risk, es.Ball) or v == 0 or 0 in (w, b))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.fractions(-3, 3, max_denominator=5), min_size=4, max_size=4), st.fractions(0, 3, max_denominator=5))
def test_a_piecewise_linear_risk_is_rational_and_what_the_balls_enclose(numbers: list[Fraction], slope: Fraction) -> None:
    """A leaky ReLU computed on balls, and by the forward pass: the number is the same."""
    problem = es.Problem(es.Network([1, 1, 1], es.leaky_relu(slope)), DATA)
    w, b, v, c = numbers
    theta = problem.parameters(W1=[[w]], b1=[b], W2=[[v]], b2=[c])
    risk = problem.risk(theta)
    assert isinstance(risk, Fraction) and risk == problem.rational_risk(theta)
    expected = sum(((v * max(z, slope * z) if slope <= 1 else v * min(z, slope * z)) + c - y) ** 2 for z, y in
                   ((w * x + b, y) for (x,), (y,) in zip(DATA.x, DATA.y, strict=True)))  # fmt: skip
    assert risk == expected / 2
    assert tuple(tuple(row) for row in enclosed_predictions(problem, theta)) == problem.predictions(theta)


@pytest.mark.parametrize("activation", ["relu", "sigmoid", es.tanh, es.elu("1/2"), {"expression": "z*exp(-z**2)"}], ids=repr)
def test_without_hidden_layer_the_activation_has_no_effect(activation: object) -> None:
    data = es.Data.from_arrays([-10, "-1/10", 1], ["3/4", "1/2", "1/4"])
    problem = es.Problem(es.Network([1, 1], activation, biases=False), data)  # type: ignore[arg-type]
    assert problem.network == es.Network([1, 1], "linear", biases=False) and problem.network.layers == 1
    assert repr(problem.network) == "Network(1-1, linear model, biases=False)"
    assert problem.risk(problem.parameters(W1=[[0]])) == Fraction(7, 16)
    least = problem.parameters(W1=[[Fraction(-73, 10) / Fraction(10101, 100)]])
    verdict = es.decide(problem, least)
    assert verdict.status is es.Status.PROVED and verdict.risk == problem.risk(least)
    assert "sigmoid" not in verdict.certificate.encoded.decode() and "relu" not in verdict.certificate.encoded.decode()
    absolute = es.Problem(problem.network, data, "absolute")
    assert absolute.risk(absolute.parameters(W1=[[0]])) == Fraction(3, 2)


def test_the_risk_in_a_box_is_not_negative() -> None:
    data = es.Data.from_arrays([-10, "-1/10", 1], ["3/4", "1/2", "1/4"])
    for network in (es.Network([1, 1], "sigmoid", biases=False), es.Network([1, 1, 1], "quadratic", biases=False)):
        problem = es.Problem(network, data)
        entries = {name: [[Fraction(1, 20)]] for name in network.shapes}
        box = es.find_critical_box(problem, **entries)
        low, _ = box.certificate.risk
        assert box.risk.lower == low >= 0 and es.verify(box.certificate).kind == box.kind
        assert es.decide(problem, box.parameters).risk >= 0
