"""The certificate of all cells: built by the library, accepted by the verifier, and true by a count of its own."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.cells.all_cells import certify_all_cells
from exactsurf.certificate.check import confirmed, verify
from exactsurf.certificate.claims.all_cells import AllCells
from exactsurf.errors import InputError, InternalError, RejectedCertificate, UnsupportedError
from tests.verifier.cell_examples import assert_cells_true

STEPS = es.piecewise_linear([-1, "1/2"], [0, 1, "1/3"])
STAIRS = es.piecewise_linear(list(range(11)), list(range(12)))


def problem(
    x: list[Any], *, units: int = 1, biases: bool = True, activation: Any = es.relu, y: list[Any] | None = None
) -> es.Problem:
    rows = [row if isinstance(row, (list, tuple)) else [row] for row in x]
    network = es.Network([len(rows[0]), units, 1], activation=activation, biases=[biases, True])
    return es.Problem(network, es.Data.from_arrays([list(row) for row in rows], y or [0] * len(rows)))


def corners(n: int) -> list[Any]:
    return list(product((0, 1), repeat=n))


@pytest.mark.parametrize(("n", "count"), [(1, 4), (2, 14), (3, 104), (4, 1882)])
def test_threshold_arrangements(n: int, count: int) -> None:
    found = certify_all_cells(problem(corners(n), units=2))
    assert (found.cells_per_unit, found.total, found.total_modulo_permutation) == (count, count**2, count * (count + 1) // 2)
    assert verify(found.encoded).sentence == found.sentence


def test_xor_is_the_pattern_that_no_unit_has() -> None:
    found = certify_all_cells(problem(corners(2)))
    patterns = {cell.pieces for cell in found.cells}
    assert set(product((0, 1), repeat=4)) - patterns == {(0, 1, 1, 0), (1, 0, 0, 1)}


number = st.sampled_from([0, 0, 1, -1, 2, "1/2", "-3/2", 5])


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_small_problems_of_all_kinds(data: st.DataObject) -> None:
    inputs, samples = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 4))
    activation = data.draw(st.sampled_from([es.relu, es.leaky_relu("1/7"), STEPS, es.relu_like(0, 0)][:3]))
    row = st.lists(number, min_size=inputs, max_size=inputs)
    x = data.draw(st.lists(row, min_size=samples, max_size=samples))
    instance = problem(x, units=data.draw(st.integers(1, 2)), biases=data.draw(st.booleans()), activation=activation)
    found = certify_all_cells(instance)
    assert_cells_true(json.loads(found.encoded))
    # Neither the order of the samples, nor the units of the data, nor opposite samples matter for the number of cells.
    scaled = [[3 * Fraction(value) for value in row] for row in reversed(x)]
    if activation is not STEPS:
        again = problem(scaled, biases=instance.network.biases[0], activation=activation)
        assert certify_all_cells(again).cells_per_unit == found.cells_per_unit


def test_ten_breakpoints_and_more_are_written_with_dots() -> None:
    found = certify_all_cells(problem([1, 2], biases=False, activation=STAIRS))
    document = json.loads(found.encoded)
    assert any(pieces == "10.11" for pieces, _ in document["evidence"]["cells"])
    assert found.cells_per_unit == len({Fraction(t, k) for t in range(11) for k in (1, 2)}) + 1


def test_one_cell_less_or_twice_or_elsewhere_is_noticed() -> None:
    good = certify_all_cells(problem(corners(2), units=2))
    cells = good.cells
    moved = type(cells[0])(cells[0].pieces, cells[1].witness)
    on_a_wall = type(cells[0])(cells[0].pieces, (Fraction(0),) * 3)
    for wrong, place in (
        (cells[1:], "claim.cells_per_unit"),
        ((*cells[1:], cells[1]), "evidence.cells[13][0]"),
        ((*cells, cells[0]), "claim.cells_per_unit"),
        ((moved, *cells[1:]), "evidence.cells[0][0]"),
        ((on_a_wall, *cells[1:]), "evidence.cells[0][1]"),
    ):
        lie = AllCells(good.problem, wrong)
        with pytest.raises(RejectedCertificate) as caught:
            verify(lie)
        assert caught.value.fields["field"] == place
        with pytest.raises(InternalError):
            confirmed(lie)


def test_too_many_cells_are_refused_with_their_number() -> None:
    with pytest.raises(InputError, match="104 cells, more than the limit of 103"):
        certify_all_cells(problem(corners(3)), limit=103)
    with pytest.raises(InputError, match="no hidden layer"):
        certify_all_cells(es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1], [0, 1])))
    with pytest.raises(InputError, match="linear"):
        certify_all_cells(problem([0, 1], activation=es.linear))
    deep = es.Problem(es.Network([1, 1, 1, 1]), es.Data.from_arrays([0, 1], [0, 1]))
    with pytest.raises(UnsupportedError, match="one hidden layer"):
        certify_all_cells(deep)


def test_data_files_are_named_by_hash(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("x,y\n0,0\n1,1\n2,0\n")
    instance = es.Problem(es.Network([1, 2, 1]), es.Data.from_csv(tmp_path / "points.csv", target="y"))
    found = certify_all_cells(instance, embed=False)
    assert b'"sha256"' in found.encoded and verify(found).kind == "all cells"
    saved = found.save(tmp_path / "c.json")
    assert saved.read_bytes() == found.encoded and verify(saved) == verify(found)
    (tmp_path / "points.csv").write_text("x,y\n0,0\n1,1\n1,0\n")
    with pytest.raises(RejectedCertificate, match="sha256"):
        verify(saved)
    with pytest.raises(InputError, match="no longer what was read"):
        confirmed(found)


def test_certificates_are_values() -> None:
    first, second = (certify_all_cells(problem([0, 1], units=2)) for _ in range(2))
    assert first == second and hash(first) == hash(second) and first.encoded == second.encoded
    assert repr(first) == "AllCells(4 cells per unit, Problem(Network(1-2-1, relu), Data(2 samples, 1 input, 1 target), squared))"


@pytest.mark.parametrize("changed", [{"loss": es.losses.logistic}, {"weight_decay": "1/10"}])
def test_cells_of_problems_that_the_certificate_has_no_words_for(changed: dict[str, Any]):
    asked = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2], [1, -1, 1]), **changed)
    with pytest.raises(UnsupportedError, match=r"certify_all_cells\(es\.Problem\(problem\.network, problem\.data\)\)"):
        certify_all_cells(asked)
    assert certify_all_cells(es.Problem(asked.network, asked.data)).total == es.count_cells(asked)
