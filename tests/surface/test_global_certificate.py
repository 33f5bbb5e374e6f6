"""The certified global minimum against the whole landscape, published values, symmetries and descents."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf import effort
from exactsurf.cells.unit_cells import enumerate_unit_cells
from exactsurf.certificate.problem_document import problem_document
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.linear_algebra import primitive
from exactsurf.surface.global_certificate import certify_global_minimum
from exactsurf.surface.surface import landscape
from exactsurf.surface.unit_table import unit_table
from exactsurf.verifier.arithmetic.document import read_document
from exactsurf.verifier.arithmetic.region_count import Effort
from exactsurf.verifier.problem import read_problem
from exactsurf.verifier.unit_cells import unit_cells
from tests.surface.brute_force import FullLandscape

F = Fraction
SHIFTED = es.piecewise_linear([1], [0, 1], 0)


def problem(x, y, units: int, activation=es.relu, loss=es.squared, **options) -> es.Problem:
    data = es.Data.from_arrays(x, y)
    return es.Problem(es.Network([data.inputs.columns, units, 1], activation, **options), data, loss=loss)


CASES = [
    ([0, 1, 2, 3], [0, 1, 0, 2], 1, es.relu, True),
    ([0, 1, 3, 4], [1, -1, 2, 0], 1, es.leaky_relu("1/3"), True),
    ([0, 1, 3], [1, -1, 2], 1, es.absolute_value, True),
    ([0, 1, 1, 2], [1, 0, 2, -1], 1, es.relu, True),
    ([-1, 1, 2], [1, 3, -2], 1, es.relu, [True, False]),
    ([0, 1, 2, 3], [0, 1, 0, 2], 2, es.relu, True),
    ([0, 1, 2, 4], [0, 3, -1, 2], 2, es.leaky_relu("1/10"), True),
]


@pytest.mark.parametrize(("x", "y", "units", "activation", "biases"), CASES)
def test_the_lowest_level_of_the_full_space(x, y, units, activation, biases):
    instance = problem(x, y, units, activation, biases=biases)
    proof = certify_global_minimum(instance)
    full = FullLandscape(instance)
    assert proof.risk == min(risk for risk, barrier in full.valleys() if barrier is None)
    assert proof.kind == "global minimum" and instance.risk(proof.parameters) == proof.risk
    assert es.verify(proof).risk == proof.risk


@pytest.mark.parametrize("loss", [es.absolute, es.hinge, es.squared.mean])
@pytest.mark.parametrize("units", [1, 2])
def test_other_losses(loss, units):
    instance = problem([0, 1, 2, 3, 4], [1, -1, 1, 1, -1], units, es.leaky_relu("1/4"), loss)
    proof = certify_global_minimum(instance)
    assert proof.risk == landscape(instance).global_minimum.risk == instance.risk(proof.parameters)


def test_exclusive_or():
    """One ReLU unit leaves 1/3 of ½Σ(f − y)² (a hinge fits three points), two fit it (Goodfellow et al. 2016, section 6.1)."""
    corners = [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert certify_global_minimum(problem(corners, [0, 1, 1, 0], 1)).risk == F(1, 3)
    two = certify_global_minimum(problem(corners, [0, 1, 1, 0], 2))
    assert two.risk == 0 and len(two.duals) == 1 and not any(two.duals[0])


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(-5, 5), min_size=5, max_size=5), st.permutations(range(5)), st.sampled_from([-3, 2]))
def test_order_scale_and_one_more_unit(y, order, factor):
    x = [0, 1, 2, 4, 5]
    risk = certify_global_minimum(problem(x, y, 1)).risk
    assert certify_global_minimum(problem([x[i] for i in order], [y[i] for i in order], 1)).risk == risk
    assert certify_global_minimum(problem([factor * v for v in x], [factor * v for v in y], 1)).risk == factor**2 * risk
    assert certify_global_minimum(problem(x, y, 2)).risk <= risk


def test_random_points_and_the_landscape_are_not_lower():
    generator = random.Random(3)
    for _ in range(6):
        inputs = [[generator.randint(-4, 4), generator.randint(-4, 4)] for _ in range(5)]
        instance = problem(inputs, [generator.randint(-4, 4) for _ in inputs], 1)
        land = landscape(instance)
        proof = certify_global_minimum(land)
        assert proof.risk == land.global_minimum.risk
        for _ in range(40):
            entries = [[F(generator.randint(-6, 6), 2) for _ in range(4)] for _ in range(2)]
            point = instance.parameters(W1=[entries[0][:2]], b1=[entries[0][2]], W2=[[entries[1][0]]], b2=[entries[1][1]])
            assert instance.risk(point) >= proof.risk


def test_far_more_signed_cells_than_dual_vectors():
    generator = random.Random(1)
    x, y = list(range(10)), [generator.randint(-9, 9) for _ in range(10)]
    proof = certify_global_minimum(problem(x, y, 4))
    # 20 cells of a unit with two signs: C(43, 4) = 123,410 orbits.
    assert len(proof.duals) < 20 and len(proof.encoded) < 3000
    assert proof.risk <= certify_global_minimum(problem(x, y, 3)).risk


def test_an_infimum_that_is_not_attained_is_a_lower_bound():
    # The limit of v·max(0, w x − 1) with v → 0 and v w → 1 is x.
    instance = problem([1, 2, 3], [1, 2, 3], 1, SHIFTED, biases=[False, False])
    proof = certify_global_minimum(instance)
    assert (proof.kind, proof.risk, proof.parameters) == ("lower bound", 0, None)
    assert es.verify(proof).risk is None
    assert instance.risk(instance.parameters(W1=[[1000]], W2=[[F(1, 1000)]])) == F(3, 2) / 10**6
    attained = certify_global_minimum(problem([1, 2, 3], [1, 2, 4], 1, SHIFTED, biases=[False, False]))
    assert attained.kind == "global minimum" and attained.risk == F(1, 12)


def test_hard_tanh_and_two_inputs():
    instance = problem([[0, 0], [1, 0], [0, 1], [2, 1]], [0, 3, -1, 2], 1, es.hard_tanh)
    proof = certify_global_minimum(instance)
    assert proof.risk == landscape(instance).global_minimum.risk


ACTIVATIONS = [es.relu, es.hard_tanh, es.piecewise_linear([-1, 0, 2], [0, 2, -1, 3], 1), SHIFTED]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_verifier_finds_the_generators_and_neighbours_of_the_library(data):
    """The verifier cuts all walls; the library describes one cell at a time (double description)."""
    inputs, samples = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 4))
    activation = data.draw(st.sampled_from(ACTIVATIONS if inputs < 3 else ACTIVATIONS[:1]))
    x = data.draw(st.lists(st.lists(st.integers(-2, 2), min_size=inputs, max_size=inputs), min_size=samples, max_size=samples))
    instance = problem(x, [0] * samples, 1, activation, biases=[data.draw(st.booleans()), True])
    table = unit_table(instance)
    cells = [list(cell.pieces) for cell in enumerate_unit_cells(instance)]
    document = read_document(json.dumps({"problem": problem_document(instance)}).encode())
    found = unit_cells(read_problem(document.child("problem"), None), cells, Effort())
    for c, members in enumerate(table.members):
        expected = {primitive(table.generators[g].prediction)[0] for g in members}
        if table.homogeneous:  # the vertex 0 of a cone
            expected.add((0,) * samples)
        own = [found.predictions[g] for g in range(len(found.predictions)) if found.members[c] >> g & 1]
        assert {primitive([F(value) for value in prediction])[0] for prediction in own} == expected
        assert set(found.beside[c]) == {other for other, _ in table.neighbours[c]}


def test_the_file(tmp_path: Path):
    proof = certify_global_minimum(problem([0, 1, 2], [0, 1, 0], 1))
    path = proof.save(tmp_path / "proof.json")
    assert es.verify(path).kind == "global minimum"
    document = json.loads(path.read_text())
    document["claim"]["risk"] = "1/5"
    with pytest.raises(es.errors.RejectedCertificate):
        es.verify(json.dumps(document).encode())


def test_refusals():
    instance = problem([0, 1, 2, 3, 4, 5], [0, 3, -1, 2, 2, -3], 2)
    with pytest.raises(InputError, match="max_steps"):
        certify_global_minimum(instance, max_steps=5)
    with pytest.raises(UnsupportedError, match="one hidden layer"):
        es.GlobalSearch(es.Problem(es.Network([1, 2, 2, 1]), instance.data))
    with pytest.raises(InputError, match="linear"):
        certify_global_minimum(problem([0, 1], [0, 1], 1, es.piecewise_linear([], [1], 0)))


def test_the_search_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    data = es.Data.from_arrays([[0, 0], [0, 1], [1, 0], [1, 1], [2, 1]], [0, 1, 1, 0, 3])
    looks = count()
    monkeypatch.setattr(effort, "monotonic_ns", lambda: next(looks) * 10**9)
    with pytest.raises(es.OutOfTime, match="dual vectors bound some of the signed cells"):
        certify_global_minimum(es.Problem(es.Network([2, 2, 1]), data), effort=160)
