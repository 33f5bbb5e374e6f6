"""The claim `all valleys below a level`: accepted where it is true, rejected with the place where not (FORMAT.md, section 20)."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.certificate.reading.problem import problem_of
from exactsurf.certificate.reading.values import parameters_of
from exactsurf.surface.facet_graph import FacetGraph
from exactsurf.verifier import verify
from tests.verifier.oracle import Document, number
from tests.verifier.verdicts import assert_changes_are_noticed, encode, golden, rejection

NAMES = ("valleys_below", "valleys_below_two_units")


def every_valley_has_a_bottom(document: Document) -> None:
    """Fail if the whole landscape has a valley below the level in which none of the first points is a bottom."""
    problem = problem_of(document, Path())
    try:
        land = es.landscape(problem, workers=1)
    except es.UnsupportedError:  # a loss with kinks and curved pieces
        points = map(parameters_of, document["evidence"]["points"])
        assert_nothing_lower(problem, min(map(problem.risk, points)))
        return
    claim = document["claim"]
    bottoms = [parameters_of(entry) for entry in document["evidence"]["points"][: int(claim["valleys"])]]
    graph = FacetGraph(land.work)
    homes = [(problem.risk(point), land.merges.homes[land.work.orbits.rank(sorted(graph.cell_of(point)))]) for point in bottoms]
    for valley in land.valleys:
        if valley.risk < number(claim["level"]):
            assert (valley.risk, valley.node) in homes


def assert_nothing_lower(problem: es.Problem, least: Fraction) -> None:
    generator = random.Random(1)
    for _ in range(100):
        units = [[Fraction(generator.randint(-6, 6), 2) for _ in range(3)] for _ in range(problem.network.widths[1])]
        output = {"b2": [Fraction(generator.randint(-6, 6), 2)]} if problem.network.biases[1] else {}
        weights = {"W1": [[w] for w, _, _ in units], "b1": [b for _, b, _ in units], "W2": [[v for _, _, v in units]]}
        assert problem.risk(problem.parameters(**weights, **output)) >= least


@pytest.mark.parametrize("name", NAMES)
def test_accepted(name: str) -> None:
    document = golden(name, "accept_2")
    result = verify(encode(document))
    assert result.kind == "all valleys below a level" and result.sentence == document["claim"]["sentence"]
    assert any(line.startswith("tree of") for line in result.checks)
    every_valley_has_a_bottom(document)


@pytest.mark.parametrize("name", [NAMES[0], pytest.param(NAMES[1], marks=pytest.mark.slow)])
def test_changes_are_noticed(name: str) -> None:
    # Duals of leaves above the level have room, and the bottom of a valley may move where it is flat.
    never = ("('claim', 'kind')", "('claim', 'sentence')", "('format'")
    document = golden(name, "accept_2")
    assert_changes_are_noticed(document, every_valley_has_a_bottom, least=200, most=Fraction(1, 5), never=never)


def resaid(document: Document) -> Document:
    """The document with the sentence of its claim."""
    claim, widths = document["claim"], "-".join(map(str, document["problem"]["widths"]))
    count, samples = claim["valleys"], len(document["problem"]["data"]["x"])
    claim["sentence"] = (
        f"From all parameters of risk below {claim['level']} some path that never rises above the risk of its beginning leads, "
        f"up to the order of the hidden units, to one of the first {count} given point{'s' * (count != '1')}, for the {widths} "
        f"network on {samples} samples."
    )
    return document


def higher_level(document: Document) -> None:
    document["claim"]["level"] = "2"


def no_valley(document: Document) -> None:
    document["claim"]["valleys"] = "0"


def too_many_valleys(document: Document) -> None:
    document["claim"]["valleys"] = "4"


def lost_valley(document: Document) -> None:
    document["claim"]["valleys"] = "2"
    del document["evidence"]["points"][2]


def hidden_valley(document: Document) -> None:
    document["claim"]["valleys"] = "2"
    document["evidence"]["leads_to"] = [0]


def higher_point(document: Document) -> None:
    document["evidence"]["points"][0]["b2"] = ["1/2"]


def cells_of(document: Document) -> list[dict]:
    return [node for node in document["evidence"]["nodes"] if "point" in node]


def other_point(document: Document) -> None:
    cells_of(document)[0]["point"] = 0


def weak_dual(document: Document) -> None:
    cells_of(document)[0]["dual"] = 2


def dual_of_another_cell(document: Document) -> None:
    cells_of(document)[0]["dual"] = 1


def nowhere_below(document: Document) -> None:
    node = cells_of(document)[0]
    del node["point"], node["order"]


def no_order(document: Document) -> None:
    cells_of(document)[0]["order"] = []


def whole_half(document: Document) -> None:
    """A region that is more than a signed cell, with the point that is minimal on it."""
    document["evidence"]["nodes"] = [
        {"split": [0], "plus": 1, "minus": 2},
        {"dual": 2, "point": 0, "order": [0]},
        {"dual": 0, "point": 1, "order": [0]},
    ]


def no_sign(document: Document) -> None:
    document["evidence"]["nodes"] = [{"dual": 2, "point": 0, "order": [0]}]


def cells_too(document: Document) -> None:
    document["evidence"]["cells"] = []


def format_1(document: Document) -> None:
    document["format"] = "exactsurf-certificate/1"


PLACES: dict[Callable[[Document], None], str] = {
    higher_level: "evidence.nodes[20].dual",
    no_valley: "claim.valleys",
    too_many_valleys: "claim.valleys",
    lost_valley: "evidence.nodes[19].point",
    hidden_valley: "evidence.leads_to[0]",
    higher_point: "evidence.duals[2]",
    other_point: "evidence.nodes[9].order[0]",
    weak_dual: "evidence.nodes[9].dual",
    dual_of_another_cell: "evidence.nodes[9].dual",
    nowhere_below: "evidence.nodes[9].dual",
    no_order: "evidence.nodes[9].order",
    cells_too: "evidence.cells",
    format_1: "format",
}


@pytest.mark.parametrize(("change", "place"), PLACES.items(), ids=lambda value: getattr(value, "__name__", None))
def test_places(change: Callable[[Document], None], place: str) -> None:
    document = copy.deepcopy(golden("valleys_below", "accept_2"))
    change(document)
    assert rejection(resaid(document)).place == place


@pytest.mark.parametrize(
    ("change", "reason"),
    [(whole_half, "the region of unit 0 is cut by breakpoint 0 on sample 0"), (no_sign, "dual vector 2 does not")],
)
def test_leaves_that_are_no_cells(change: Callable[[Document], None], reason: str) -> None:
    document = copy.deepcopy(golden("valleys_below", "accept_2"))
    change(document)
    assert rejection(resaid(document)).reason.startswith(reason)


def test_a_region_must_lie_within_a_cell_also_where_one_dual_vector_holds_on_more() -> None:
    # On all positive labels the constant 1 is optimal, and the dual vector 0 holds everywhere: but regions are no signed cells.
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [1, 1]))
    proof = es.certify_valleys_below(es.landscape(problem, below=1))
    document = proof.document()
    dual = document["evidence"]["duals"].index(["0", "0"])
    for nodes, place in (
        ([{"dual": dual, "point": 0, "order": [0]}], "evidence.nodes[0]"),
        ([{"split": [0], "plus": 1, "minus": 2}, *([{"dual": dual, "point": 0, "order": [0]}] * 2)], "evidence.nodes[1]"),
    ):
        changed = copy.deepcopy(document)
        changed["evidence"] |= {"nodes": nodes, "duals": [["0", "0"]]}
        for node in nodes:
            if "dual" in node:
                node["dual"] = 0
        found = rejection(changed)
        assert found.place == place and ("requires no sign" in found.reason or "is cut by breakpoint" in found.reason)


def test_a_unit_of_the_point_stands_once_in_the_order() -> None:
    document = copy.deepcopy(golden("valleys_below_two_units", "accept_2"))
    cells_of(document)[0]["order"] = [0, 0]
    assert rejection(document).reason == "a unit stands twice in the order"
