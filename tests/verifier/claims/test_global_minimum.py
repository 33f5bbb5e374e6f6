"""Claims about all parameters, paths and barriers: accepted where they are true, rejected with the place where not."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsurf.verifier import cut, verify
from exactsurf.verifier.arithmetic.document import read_document
from exactsurf.verifier.arithmetic.region_count import Effort
from exactsurf.verifier.claims import global_minimum
from exactsurf.verifier.problem import read_problem
from exactsurf.verifier.unit_cells import unit_cells
from tests.verifier.cell_examples import extended, pieces_at
from tests.verifier.cell_examples import get as get_cells
from tests.verifier.examples import STEPS, text
from tests.verifier.examples import get as get_point
from tests.verifier.global_examples import ABSOLUTE, GLOBAL_EXAMPLES, HINGE, HUBER, get, point, sentence
from tests.verifier.oracle import Document, Oracle, activation, loss, number, numbers, parameters_of
from tests.verifier.verdicts import assert_accepted, assert_changes_are_noticed, encode, rejection


@pytest.mark.parametrize("name", GLOBAL_EXAMPLES)
def test_accepted(name: str) -> None:
    document = get(name)
    assert_accepted(document)
    assert_not_seen_false(document)


GRID = [Fraction(k, 2) for k in range(-6, 7)]


def assert_not_seen_false(document: Document) -> None:
    """Fail if some point of a grid, or of the path, shows the claim to be false."""
    claim, oracle, evidence = document["claim"], Oracle(document), document["evidence"]
    assert claim["sentence"] == sentence(document)
    if "parameters" in document:
        assert oracle.risk(parameters_of(document["parameters"])) == number(claim["risk"])
    if claim["kind"] in ("global minimum", "lower bound"):
        least = number(claim["risk" if claim["kind"] == "global minimum" else "bound"])
        generator = random.Random(1)
        shape = document["problem"]["widths"]
        for _ in range(40):
            here = {
                "W1": [[generator.choice(GRID) for _ in range(shape[0])] for _ in range(shape[1])],
                "W2": [[generator.choice(GRID) for _ in range(shape[1])]],
            }
            if document["problem"]["biases"][0]:
                here["b1"] = [generator.choice(GRID) for _ in range(shape[1])]
            if document["problem"]["biases"][1]:
                here["b2"] = [generator.choice(GRID)]
            assert oracle.risk(here) >= least
        return
    if claim["kind"] == "all valleys":
        # From everywhere on a grid: nothing is lower than the lowest of the first points.
        bottoms = [oracle.risk(parameters_of(here)) for here in evidence["points"][: int(number(claim["valleys"]))]]
        for w, b, v in product(GRID[::3], GRID[::3], (-1, 1)):
            here = {"W1": [[w]], "b1": [b], "W2": [[Fraction(v)]], "b2": [Fraction(1, 2)]}
            assert oracle.risk(here) >= min(bottoms)
        return
    level = number(claim["barrier" if claim["kind"] == "spurious valley" else "level"])
    points = [parameters_of(here) for here in ([document["parameters"]] if "parameters" in document else []) + evidence["path"]]
    for before, after in pairwise(points):
        for t in (Fraction(k, 7) for k in range(8)):
            assert oracle.risk(at(before, after, t)) <= level
    if claim["kind"] == "spurious valley":
        assert oracle.risk(points[-1]) < number(claim["risk"]) < level
    if claim["kind"] != "path":
        assert max(map(oracle.risk, points)) == level


def at(before: Any, after: Any, t: Fraction) -> Any:
    """The point of a step of a path, by the formulas of the format."""
    found: dict[str, Any] = {"W2": [[(1 - t) * v + t * w for v, w in zip(before["W2"][0], after["W2"][0], strict=True)]]}
    if "b2" in before:
        found["b2"] = [(1 - t) * a + t * b for a, b in zip(before["b2"], after["b2"], strict=True)]
    names = [name for name in ("W1", "b1") if name in before]
    for name in names:
        found[name] = []
        for j, (a, b) in enumerate(zip(before[name], after[name], strict=True)):
            v, w = before["W2"][0][j], after["W2"][0][j]
            same = all(before[other][j] == after[other][j] for other in names)

            def mixed(p: Fraction, q: Fraction, v: Fraction = v, w: Fraction = w, same: bool = same) -> Fraction:
                if same or v == w == 0:
                    return (1 - t) * p + t * q
                return ((1 - t) * v * p + t * w * q) / ((1 - t) * v + t * w)

            found[name].append([mixed(p, q) for p, q in zip(a, b, strict=True)] if isinstance(a, list) else mixed(a, b))
    return found


OFTEN = ("global_hill", "path_two_units", "barrier", "valley", "all_valleys")


RARELY = ("global_shifted", "global_hinge", "global_absolute", "lower_bound", "lower_bound_huber")


@pytest.mark.parametrize("name", [*OFTEN, *(pytest.param(name, marks=pytest.mark.slow) for name in RARELY)])
def test_every_small_change_is_rejected_or_not_seen_false(name: str) -> None:
    never = ("('claim', 'kind')", "('claim', 'sentence')", "kind", "slim", "('format'")
    assert_changes_are_noticed(get(name), assert_not_seen_false, least=300, most=Fraction(1, 7), never=never)


@pytest.mark.parametrize(
    "name", ["global_hill", "global_hinge", "global_absolute", "global_two_units", "barrier", "valley", "all_valleys"]
)
def test_no_dual_vector_of_these_is_spare(name: str) -> None:
    count = len(get(name)["evidence"]["duals"])
    for k in range(count):
        document = get(name)
        del document["evidence"]["duals"][k]
        assert rejection(document).place in ("evidence.duals", "evidence.points")


def raised_risk(document: Document) -> None:
    document["claim"]["risk"] = "1/3"


def other_parameters(document: Document) -> None:
    document["parameters"]["b2"] = ["1/3"]


def worse_parameters(document: Document) -> None:
    document["parameters"] = point(0, 0, 0, "1/3")
    document["claim"]["risk"] = "1/3"
    document["evidence"]["duals"] = [["0", "-1/2", "1/2"]]


def low_bound(document: Document) -> None:
    document["evidence"]["duals"][1] = ["1/4", "-1/4", "0"]


def sum_not_zero(document: Document) -> None:
    document["evidence"]["duals"][2][0] = "1/2"


def short_dual(document: Document) -> None:
    document["evidence"]["duals"][0].pop()


def no_duals(document: Document) -> None:
    document["evidence"]["duals"] = []


def missing_cell(document: Document) -> None:
    document["evidence"]["cells"].pop()


def wrong_sentence(document: Document) -> None:
    document["claim"]["sentence"] = "The given parameters are a global minimum."


def two_outputs(document: Document) -> None:
    document["problem"]["widths"][2] = 2
    document["problem"]["data"]["y"] = [["0", "0"]] * 3
    document["parameters"] = text({"W1": [[0]], "b1": [0], "W2": [[0], [0]], "b2": [0, 0]})
    document["claim"] |= {"risk": "0"}
    document["claim"]["sentence"] = sentence(document)


def two_layers(document: Document) -> None:
    document["problem"] |= {"widths": [1, 1, 1, 1], "biases": [True] * 3}
    document["parameters"] = text({"W1": [[0]], "b1": [0], "W2": [[0]], "b2": [0], "W3": [[0]], "b3": ["1/3"]})
    document["claim"]["risk"] = "1/3"
    document["claim"]["sentence"] = sentence(document)


def no_breakpoint(document: Document) -> None:
    document["problem"]["activation"] = {"breakpoints": [], "slopes": ["1"], "value_at_0": "0"}
    document["parameters"] = point(0, 0, 0, "1/3")
    document["claim"]["risk"] = "1/3"


PLACES: dict[Callable[[Document], None], str] = {
    raised_risk: "claim.risk",
    other_parameters: "claim.risk",
    worse_parameters: "evidence.duals[0]",
    low_bound: "evidence.duals[1]",
    sum_not_zero: "evidence.duals[2]",
    short_dual: "evidence.duals[0]",
    no_duals: "evidence.duals",
    missing_cell: "evidence.cells",
    wrong_sentence: "claim.sentence",
    two_outputs: "problem.widths",
    two_layers: "problem.widths",
    no_breakpoint: "problem.activation.breakpoints",
}


@pytest.mark.parametrize(("change", "place"), PLACES.items(), ids=lambda value: getattr(value, "__name__", None))
def test_places_global(change: Callable[[Document], None], place: str) -> None:
    document = get("global_hill")
    change(document)
    assert rejection(document).place == place


def outside(document: Document) -> None:
    document["evidence"]["duals"][0] = ["0", "2", "-2"]


def wrong_side(document: Document) -> None:
    document["evidence"]["duals"][0] = ["0", "-1", "1"]


@pytest.mark.parametrize("change", [outside, wrong_side])
def test_dual_vectors_are_subgradients(change: Callable[[Document], None]) -> None:
    document = get("global_hinge")
    change(document)
    assert rejection(document).place == "evidence.duals[0][1]"


def test_kinds_are_not_confused() -> None:
    for name, kind in product(
        GLOBAL_EXAMPLES, ("global minimum", "lower bound", "path", "barrier", "spurious valley", "all cells")
    ):
        document = get(name)
        if document["claim"]["kind"] != kind:
            document["claim"]["kind"] = kind
            rejection(document)
    local, cells = get_point("example_a"), get_cells("cells_line")
    local["claim"]["kind"] = cells["claim"]["kind"] = "global minimum"
    assert rejection(local).place == "claim.sentence"
    assert rejection(cells).place == "parameters"


def test_beyond_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(global_minimum, "Effort", lambda: Effort(100))
    assert "limits" in rejection(get("global_hill")).reason
    monkeypatch.setattr(cut, "Effort", lambda: Effort(400))
    error = rejection(get("barrier"))
    assert (error.place, "limits" in error.reason) == ("evidence.duals", True)


entry = st.integers(-3, 3).map(str)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_generators_are_in_the_closed_cells_and_points_of_cells_are_in_their_hull(data: st.DataObject) -> None:
    """A form that is ≥ 0 at the generators of a cell is so at random points of it; each generator is a limit of such points."""
    inputs, samples = data.draw(st.integers(1, 2)), data.draw(st.integers(1, 4))
    problem = get("global_hill")["problem"]
    problem["widths"] = [inputs, 1, 1]
    problem["biases"] = [data.draw(st.booleans()), True]
    problem["activation"] = data.draw(st.sampled_from([problem["activation"], STEPS, {**STEPS, "breakpoints": ["0", "3/2"]}]))
    rows = st.lists(st.lists(entry, min_size=inputs, max_size=inputs), min_size=samples, max_size=samples)
    problem["data"] = {"x": data.draw(rows), "y": [["0"]] * samples}
    size = inputs + problem["biases"][0]
    grid = product([Fraction(k, 3) for k in range(-7, 8, 2 if size == 3 else 1)], repeat=size)
    points = [(w, pieces) for w in grid if (pieces := pieces_at(problem, w)) is not None]
    if not points:
        return
    cells = [list(cell) for cell in {tuple(pieces) for _, pieces in points}]
    units = unit_cells(read_problem(read_document(encode({"problem": problem})).child("problem"), None), cells, Effort())
    r = [data.draw(st.integers(-3, 3)) for _ in range(samples)]
    forms = [sum(a * b for a, b in zip(r, prediction, strict=True)) for prediction in units.predictions]
    least = [min((forms[g] for g in range(len(forms)) if members >> g & 1), default=None) for members in units.members]
    assert None not in least
    for w, pieces in points:
        values = [
            activation(problem["activation"], sum((a * b for a, b in zip(row, w, strict=True)), Fraction(0)))
            for row in extended(problem)
        ]
        if least[cells.index(pieces)] >= 0:  # type: ignore[operator]
            assert sum(a * b for a, b in zip(r, values, strict=True)) >= 0


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_bounds_are_those_of_fenchel_and_young(data: st.DataObject) -> None:
    """The bound of r is the least of Σ ℓ(f_i) − r_i f_i: never above it, and equal where r is a subgradient."""
    kind = data.draw(st.sampled_from([{"name": "squared", "scale": "2/3"}, ABSOLUTE, HUBER, HINGE]))
    y = data.draw(st.lists(st.sampled_from([1, -1]) if kind is HINGE else st.integers(-3, 3), min_size=2, max_size=3))
    document = get("lower_bound")
    document["problem"] |= {"loss": kind, "biases": [True, False]}
    document["problem"]["data"] = {"x": [["0"]] * len(y), "y": text([[v] for v in y])}
    document["problem"]["activation"] = {"breakpoints": ["0"], "slopes": ["0", "0"], "value_at_0": "0"}
    f = data.draw(st.lists(st.fractions(-4, 4, max_denominator=3), min_size=len(y), max_size=len(y)))
    r, total = [], Fraction(0)
    for value, target in zip(f, y, strict=True):
        # A one-sided derivative is a subgradient; the losses are quadratic on short pieces, so three values give it exactly.
        step = Fraction(1, 10**6)
        here, near, far = (loss(document["problem"], value + k * step, Fraction(target)) for k in range(3))
        r.append((4 * near - 3 * here - far) / (2 * step))
        total += here - r[-1] * value
    document["evidence"] = {"cells": [["0" * len(y), ["0", "-1"]], ["1" * len(y), ["0", "1"]]], "duals": [text(r)]}
    for bound, ok in ((total, True), (total + Fraction(1, 100), False)):
        document["claim"]["bound"] = str(bound)
        document["claim"]["sentence"] = sentence(document)
        if ok:
            verify(encode(document))
        else:
            assert rejection(document).place == "evidence.duals[0]"
    assert numbers(document["problem"]["data"]["y"])
