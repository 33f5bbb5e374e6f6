"""The claim `all cells`: accepted where it is true, rejected with the place where anything is not."""

from __future__ import annotations

import copy
from collections.abc import Callable
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsurf.verifier import cell_list, verify
from exactsurf.verifier.arithmetic.region_count import Effort, count_regions
from tests.verifier.cell_examples import CELL_EXAMPLES, assert_cells_true, claimed, get, sentence, whitney_count
from tests.verifier.examples import RELU, STEPS, text
from tests.verifier.examples import get as get_point
from tests.verifier.oracle import Document
from tests.verifier.verdicts import assert_accepted, assert_changes_are_noticed, encode, rejection


@pytest.mark.parametrize("name", CELL_EXAMPLES)
def test_accepted_and_true(name: str) -> None:
    document = get(name)
    assert_cells_true(document)
    result = assert_accepted(document)
    assert result.risk is None and len(result.checks) == 3


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("line", 4),
        ("xor", 14),
        ("degenerate", 4),
        ("parallel", 5),
        ("many_pieces", 12),
        ("no_wall", 1),
        ("one_sample", 2),
        ("silent", 1),
    ],
)
def test_known_counts(name: str, count: int) -> None:
    assert get(f"cells_{name}")["claim"]["cells_per_unit"] == str(count)


@pytest.mark.parametrize("name", [n for n in CELL_EXAMPLES if n != "cells_many_pieces"])
def test_every_small_change_is_rejected_or_true(name: str) -> None:
    never = ("('claim'", "kind", "slim", "('format'")
    assert_changes_are_noticed(get(name), assert_cells_true, least=300, most=Fraction(1, 6), never=never)


def missing(document: Document) -> None:
    del document["evidence"]["cells"][3]


def missing_and_claimed(document: Document) -> None:
    cells = document["evidence"]["cells"]
    document.update(claimed(document["problem"], [*cells[:3], *cells[4:]]))


def twice(document: Document) -> None:
    document["evidence"]["cells"][5] = document["evidence"]["cells"][2]


def one_more(document: Document) -> None:
    cells = document["evidence"]["cells"]
    document.update(claimed(document["problem"], [*cells, cells[0]]))


def on_a_wall(document: Document) -> None:
    document["evidence"]["cells"][1][1] = ["0", "1", "0"]


def other_cell(document: Document) -> None:
    cells = document["evidence"]["cells"]
    cells[0][1] = cells[1][1]


def short_witness(document: Document) -> None:
    document["evidence"]["cells"][1][1].pop()


def wrong_total(document: Document) -> None:
    document["claim"]["cells"] = "195"


def wrong_classes(document: Document) -> None:
    document["claim"]["cells_modulo_permutation"] = "91"


def fraction(document: Document) -> None:
    document["claim"]["cells_per_unit"] = "29/2"


def none_at_all(document: Document) -> None:
    document["claim"]["cells_per_unit"] = "0"


def wrong_sentence(document: Document) -> None:
    document["claim"]["sentence"] = sentence(document["problem"], 15)


def with_parameters(document: Document) -> None:
    document["parameters"] = {}


def with_risk(document: Document) -> None:
    document["claim"]["risk"] = "0"


def two_layers(document: Document) -> None:
    document["problem"] |= {"widths": [2, 2, 2, 1], "biases": [True] * 3}


def number_as_pieces(document: Document) -> None:
    document["evidence"]["cells"][0][0] = 1


def unknown_kind(document: Document) -> None:
    document["claim"]["kind"] = "all the cells"


PLACES: dict[Callable[[Document], None], str] = {
    missing: "evidence.cells",
    missing_and_claimed: "claim.cells_per_unit",
    twice: "evidence.cells[5][0]",
    one_more: "claim.cells_per_unit",
    on_a_wall: "evidence.cells[1][1]",
    other_cell: "evidence.cells[0][0]",
    short_witness: "evidence.cells[1][1]",
    wrong_total: "claim.cells",
    wrong_classes: "claim.cells_modulo_permutation",
    fraction: "claim.cells_per_unit",
    none_at_all: "claim.cells_per_unit",
    wrong_sentence: "claim.sentence",
    with_parameters: "parameters",
    with_risk: "claim.risk",
    two_layers: "problem.widths",
    number_as_pieces: "evidence.cells[0][0]",
    unknown_kind: "claim.kind",
}


@pytest.mark.parametrize(("change", "place"), PLACES.items(), ids=lambda value: getattr(value, "__name__", None))
def test_places(change: Callable[[Document], None], place: str) -> None:
    document = get("cells_xor")
    change(document)
    assert rejection(document).place == place


def test_claims_about_points_are_not_claims_about_cells() -> None:
    point, cells = get_point("example_a"), get("cells_xor")
    point["claim"]["kind"] = "all cells"
    assert rejection(point).place == "parameters"
    cells["claim"]["kind"] = "local minimum"
    assert rejection(cells).place == "parameters"
    del cells["claim"]["kind"]
    assert rejection(cells).place == "claim.kind"


def test_the_number_of_cells_is_not_trusted_before_it_is_cheap() -> None:
    document = get("cells_xor")
    for value in ("0x" + "f" * 9, "0x" + "f" * 200_000):
        document["claim"]["cells_per_unit"] = value
        assert "limits" in rejection(document).reason
    document = get("cells_xor")
    document["problem"]["widths"][1] = 999_999_999
    document["claim"]["sentence"] = sentence(document["problem"], 14)
    assert rejection(document).place == "claim.cells"
    silent = get("cells_silent")
    silent["problem"]["widths"][1] = 999_999_999
    silent["claim"] |= {"sentence": sentence(silent["problem"], 1)}
    verify(encode(silent))


def test_counts_and_witnesses_beyond_the_limits_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    x = [[(i**3 + 7 * i * j * j + j) % 101 for j in range(12)] for i in range(40)]
    problem = get("cells_xor")["problem"]
    problem |= {"widths": [12, 1, 1], "data": {"x": text(x), "y": [["0"]] * 40}}
    document = claimed(problem, [["0" * 40, ["1"] * 13]])
    monkeypatch.setattr(cell_list, "Effort", lambda: Effort(10**5))
    error = rejection(document)
    assert (error.place, "limits" in error.reason) == ("claim.cells_per_unit", True)
    small = get("cells_line")
    monkeypatch.setattr(cell_list, "Effort", lambda: Effort(60))
    small["evidence"]["cells"][3][1] = ["0", "0x" + "1" * 4000]
    error = rejection(small)
    assert (error.place, "limits" in error.reason) == ("evidence.cells[3][1]", True)


def test_long_numbers_are_no_obstacle() -> None:
    document = get("cells_line")
    (last,) = (entry for entry in document["evidence"]["cells"] if entry[0] == "11")
    last[1] = ["0x" + "1" * 4000, "1/0x" + "f" * 4000]
    assert_cells_true(document)
    verify(encode(document))
    last[1][1] = "-1/0x" + "f" * 4000
    assert rejection(document).place.endswith("][0]")


@pytest.mark.parametrize(("n", "count"), list(enumerate([4, 14, 104, 1882, 94572], start=1)))
def test_threshold_functions(n: int, count: int) -> None:
    """OEIS A000609."""
    normals = [(*corner, 1) for corner in product((0, 1), repeat=n)]
    assert count_regions(normals, [0] * len(normals), Effort()) == count


@pytest.mark.parametrize(("n", "count"), list(enumerate([2, 6, 32, 370, 11292], start=1)))
def test_resonance_arrangement(n: int, count: int) -> None:
    """OEIS A034997."""
    normals = [corner for corner in product((0, 1), repeat=n) if any(corner)]
    assert count_regions(normals, [0] * len(normals), Effort()) == count


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_braid_and_shi_and_catalan_arrangements(n: int) -> None:
    """n!, (n + 1)^(n − 1), and n! times a Catalan number (Stanley, lectures 1 and 5)."""
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    difference = {(i, j): tuple((k == i) - (k == j) for k in range(n)) for i, j in pairs}
    factorial = 1
    for k in range(1, n + 1):
        factorial *= k
    catalan = {2: 2, 3: 5, 4: 14, 5: 42}[n]
    for levels, expected in (([0], factorial), ([0, 1], (n + 1) ** (n - 1)), ([-1, 0, 1], factorial * catalan)):
        rows = [(difference[pair], -level) for pair in pairs for level in levels]
        assert count_regions([row for row, _ in rows], [c for _, c in rows], Effort()) == expected


entry = st.sampled_from(["0", "0", "1", "-1", "2", "1/2", "-3/2"])


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_the_count_is_whitneys(data: st.DataObject) -> None:
    inputs, samples = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 4))
    problem = copy.deepcopy(get("cells_line")["problem"])
    problem["widths"] = [inputs, 1, 1]
    problem["biases"] = [data.draw(st.booleans()), True]
    problem["activation"] = data.draw(st.sampled_from([RELU, STEPS, {**STEPS, "breakpoints": ["0", "3/2"]}]))
    rows = st.lists(st.lists(entry, min_size=inputs, max_size=inputs), min_size=samples, max_size=samples)
    problem["data"] = {"x": data.draw(rows), "y": [["0"]] * samples}
    document = claimed(problem, [[str(k), []] for k in range(whitney_count(problem))])
    # The count is accepted, and the first entry of the evidence is not; one more is not accepted.
    size = inputs + problem["biases"][0]
    error = rejection(document)
    assert error.place == ("evidence.cells[0][1]") and f"expected {size}" in error.reason
    document = claimed(problem, [*document["evidence"]["cells"], ["", []]])
    assert rejection(document).place == "claim.cells_per_unit"
