"""Dead units, SOSP-CHECK, sublevel sets, path activations, wide smooth networks: published numbers and independent checks."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import HypothesisError, UnsupportedError
from exactsurf.papers import THEOREMS, choromanska_2015, ding_2022, freeman_2017, swirszcz_2016, yun_2019_sosp
from exactsurf.search.catalogue import find_instance
from exactsurf.theorems.constructions.risk_floor import has_small_landscape
from tests import oracle
from tests.papers.datasets import ACTIVATIONS, TWO_OUTPUTS, A

F = Fraction


@pytest.mark.parametrize("widths", [[1, 1, 1], [1, 2, 1], [1, 3, 2, 1]], ids=str)
@pytest.mark.parametrize("activation", [es.relu, es.hard_tanh, es.relu6], ids=str)
def test_dead_units_have_the_risk_of_the_best_constant(widths: list[int], activation: es.Activation) -> None:
    problem = es.Problem(es.Network(widths, activation), A)
    found = swirszcz_2016.construct(problem)
    targets = [y for (y,) in A.y]
    mean = sum(targets) / len(targets)
    assert found.risk == sum((y - mean) ** 2 for y in targets) / 2 == F(11, 8)
    accepted = es.verify(found.certificate.encoded)
    assert (accepted.kind, accepted.risk) == ("spurious local minimum", F(11, 8))
    point = swirszcz_2016.dead_point(problem)
    assert oracle.risk(problem, point) == found.risk > oracle.risk(problem, found.lower_point)
    assert not oracle.is_lower_nearby(problem, point, [F(1, 10**3), F(1, 10**8)], tries=30)


def test_dead_units_with_two_outputs_and_without_a_flat_piece() -> None:
    width = TWO_OUTPUTS.inputs.columns
    assert swirszcz_2016.construct(es.Problem(es.Network([width, 2, 2]), TWO_OUTPUTS)).status is Status.PROVED
    assert swirszcz_2016.dead_units.check(es.Problem(es.Network([width, 1, 2]), TWO_OUTPUTS)).failing == ("width",)
    for activation in ACTIVATIONS:
        problem = es.Problem(es.Network([1, 2, 1], activation), A)
        if 0 not in activation.slopes:
            with pytest.raises(HypothesisError, match="flat piece"):
                swirszcz_2016.construct(problem)


def test_sosp_check_on_the_worked_example_and_on_a_flat_minimum() -> None:
    """Risk 5 at a point without a gradient: 'local minimum'; Yun's example A: no more than 'second-order stationary'."""
    for key, answer in (
        ("yun_2019_sosp.sharp_minimum", "local minimum"),
        ("yun_2019.example_a", "second-order stationary point"),
    ):
        found = find_instance(key)
        report = yun_2019_sosp.sosp_check_is_sound.examine(found.problem, found.parameters)
        assert report.status is Status.PROVED and report.conclusion.status is Status.PROVED
        assert f"SOSP-CHECK says {answer} " in report.conclusion.reason
        assert es.verify(report.conclusion.certificate.encoded).kind == "local minimum"


def test_general_position_names_the_samples() -> None:
    data = es.Data.from_arrays([[0, 0], [5, 1], [1, 1], [2, 2]], [0, 1, 0, 1])
    holds, witness, chosen = yun_2019_sosp.general_position(es.Problem(es.Network([2, 1, 1]), data))
    assert (holds, chosen) == (False, (0, 2, 3)) and "0, 2, 3" in witness


def test_connection_levels() -> None:
    one = es.Problem(es.Network([1, 1, 1]), A)
    barriers = [valley.barrier for valley in es.landscape(one, workers=1).valleys if valley.barrier is not None]
    assert freeman_2017.connection_level(one) == F(11, 8) == max(barriers)
    two = es.Problem(es.Network([1, 2, 1]), A)
    level = freeman_2017.connection_level(two)
    # A second unit helps; and no valley is left, nor does a copy join another, above the level at which all are joined.
    valleys = es.landscape(two, workers=1).valleys
    heights = [h for valley in valleys for h in (valley.barrier, valley.merges_at) if h is not None]
    assert max(heights) <= level <= F(11, 8)
    assert freeman_2017.level_sets.conclusion(two).status is Status.REFUTED
    single = es.Problem(es.Network([1, 1, 1], es.linear, biases=False), es.Data.from_arrays([1, 2], [2, 3]))
    assert "2 components" in freeman_2017.level_sets.conclusion(single).reason
    wide = es.Problem(es.Network([1, 2, 1], es.linear, biases=False), es.Data.from_arrays([1, 2], [2, 3]))
    assert freeman_2017.level_sets.check(wide).status is Status.PROVED
    assert freeman_2017.level_sets.conclusion(wide).status is Status.UNDECIDED


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-2, 2), min_size=10, max_size=10), st.lists(st.integers(-3, 3), min_size=1, max_size=4))
def test_the_assumptions_on_paths_never_hold_together(entries: list[int], inputs: list[int]) -> None:
    data = es.Data.from_arrays(inputs, [0] * len(inputs))
    problem = es.Problem(es.Network([1, 2, 2, 1], biases=False), data)
    e = entries
    theta = problem.parameters(W1=[[e[0]], [e[1]]], W2=[e[2:4], e[4:6]], W3=[e[6:8]])
    report = choromanska_2015.spin_glass.check(problem, theta)
    assert {"same ρ", "independence"} & set(report.failing)
    for path, flags in choromanska_2015.active_paths(problem, theta).items():
        by_oracle = [
            all(layer[unit] > 0 for layer, unit in zip(oracle.pre_activations(problem, theta, x), path, strict=False))
            for x in problem.data.x
        ]
        assert list(flags) == by_oracle


@pytest.mark.parametrize("width", [1, 2, 5, 20])
def test_wide_networks_with_squares_have_a_suboptimal_local_minimum(width: int) -> None:
    """papers.md, section 4: x = −1, 0, 1, y = −1, 2, −1: risk 3 at every width, and 0 with v = −3, c = 2."""
    found = ding_2022.construct([[-1], [0], [1]], width, scale=2)
    assert [y for (y,) in found.problem.data.y] == [-1, 2, -1]
    assert found.risk == squares_risk(found.problem, found.parameters) == 3
    assert found.lower_risk == squares_risk(found.problem, found.lower_point) < 3
    source = random.Random(width)
    for size in (F(1, 100), F(1, 10**6)):
        for _ in range(40):
            assert squares_risk(found.problem, jittered(found.parameters, source, size)) >= 3
    fitted = es.Parameters((((F(1),), *((F(0),),) * (width - 1)), ((F(-3), *(F(0),) * (width - 1)),)), ((F(0),) * width, (F(2),)))
    assert squares_risk(found.problem, fitted) == 0


def test_moments_in_two_dimensions() -> None:
    inputs = [[0, 0], [1, 0], [0, 1], [1, 1], [2, 1], [1, 3], [-1, 2]]
    e = ding_2022.moment_residuals(inputs)
    degrees = [(0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2)]
    moments = [sum(w * x**p * y**q for w, (x, y) in zip(e, inputs, strict=True)) for p, q in degrees]
    assert moments == [0, 0, 0, 1, 0, 1]
    with pytest.raises(HypothesisError, match="moments"):
        ding_2022.moment_residuals([[0, 0], [1, 0], [0, 1], [1, 1]])
    with pytest.raises(UnsupportedError, match="rational"):
        ding_2022.construct([[-1], [0], [1]], 2, "sigmoid")


def test_the_warning_is_refuted_by_a_certificate() -> None:
    theorem = THEOREMS["yu_1995.enough_units"]
    problem = es.Problem(es.Network([1, 5, 1], es.leaky_relu("1/3")), A)
    assert theorem.check(problem).failing == ("sigmoid",)
    verdict = theorem.conclusion(problem)
    assert verdict.status is Status.REFUTED and es.verify(verdict.certificate.encoded).kind == "spurious local minimum"


def test_the_landscape_is_asked_only_where_it_is_small() -> None:
    """The bound holds for the true number of orbits, and 150 samples of four inputs are beyond it."""
    for network in (es.Network([1, 1, 1]), es.Network([1, 2, 1]), es.Network([1, 2, 1], es.hard_tanh, biases=[True, False])):
        problem = es.Problem(network, A)
        count = es.landscape(problem, workers=1).orbits
        assert has_small_landscape(problem) and not has_small_landscape(problem, count - 1)
    source = random.Random(1)
    rows = [[source.randint(0, 99) for _ in range(4)] for _ in range(150)]
    table = es.Problem(es.Network([4, 1, 1], es.leaky_relu("1/10")), es.Data.from_arrays(rows, [i % 3 for i in range(150)]))
    assert not has_small_landscape(table)
    for key in ("yun_2019.theorem_1", "he_2020.infinitely_many", "freeman_2017.level_sets", "swirszcz_2016.dead_units"):
        assert THEOREMS[key].conclusion(table).status is Status.UNDECIDED


def squares_risk(problem: object, theta: es.Parameters) -> Fraction:
    """½ Σ (c + Σ v (w·x + b)² − y)², written out."""
    total = F(0)
    for x, (y,) in zip(problem.data.x, problem.data.y, strict=True):
        units = zip(theta.weights[0], theta.biases[0], strict=True)
        inner = [sum(a * b for a, b in zip(row, x, strict=True)) + bias for row, bias in units]
        total += (theta.biases[1][0] + sum(v * z**2 for v, z in zip(theta.weights[1][0], inner, strict=True)) - y) ** 2
    return total / 2


def jittered(theta: es.Parameters, source: random.Random, size: Fraction) -> es.Parameters:
    """Every entry moved by a random multiple of `size`."""

    def move(value: Fraction) -> Fraction:
        return value + size * source.randint(-9, 9)

    weights = tuple(tuple(tuple(map(move, row)) for row in matrix) for matrix in theta.weights)
    return es.Parameters(weights, tuple(tuple(map(move, bias)) for bias in theta.biases))
