"""The rule `positive products`: small changes are rejected, or what they say is true."""

from __future__ import annotations

from copy import deepcopy
from fractions import Fraction

import pytest

from tests.verifier.oracle import Document, Oracle, assert_true, parameters_of
from tests.verifier.verdicts import accepted, assert_changes_are_noticed, golden, rejection

COORDINATES = ("products_fixed", "products_signs", "products_squares")
NAMES = (
    *("products_wall", "products_vanishing", "products_kinks", "products_subgradient", "products_unit", "products_factor"),
    *COORDINATES,
)
LONG = ("products_vanishing", "products_factor")
EVIDENCE = "evidence.local_minimum"
NODES = f"{EVIDENCE}.nodes"


def nodes_of(document: Document) -> list[Document]:
    nodes: list[Document] = document["evidence"]["local_minimum"]["nodes"]
    return nodes


@pytest.mark.parametrize(
    "name", [*NAMES[:1], *NAMES[2:5], *COORDINATES, *(pytest.param(n, marks=pytest.mark.slow) for n in LONG)]
)
def test_single_changes(name: str) -> None:
    assert_changes_are_noticed(golden(name), assert_true, least=150)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_is_true(name: str) -> None:
    document = golden(name)
    assert accepted(document)
    assert_true(document)
    assert not Oracle(document).is_lower_nearby(parameters_of(document["parameters"]), tries=300, seed=2)


@pytest.mark.parametrize("name", NAMES)
def test_every_leaf_needs_its_identity(name: str) -> None:
    """Another factor, a factor less, a factor more: the two sides differ, or the factor is not positive."""
    document, count = golden(name), 0
    for index, node in enumerate(nodes_of(document)):
        for key in ("products", "vanishing"):
            for place in range(len(node.get(key, ()))):
                changed = deepcopy(document)
                factor = nodes_of(changed)[index][key][place][1]
                factor[0][0] = str(Fraction(factor[0][0]) + Fraction(1, 10**30))
                assert rejection(changed).place.startswith(f"{NODES}[{index}]")
                changed = deepcopy(document)
                del nodes_of(changed)[index][key][place]
                assert rejection(changed).place.startswith(f"{NODES}[{index}]")
                count += 1
    assert count or name in ("products_subgradient", "products_unit", "products_fixed")


def test_a_factor_that_is_negative_or_zero_at_the_point() -> None:
    """2 h(w₂h(w₁x)) has a target below it; with a target above it the factor would be −2, or 0 behind the next order."""
    document = golden("products_wall")
    index = next(k for k, node in enumerate(nodes_of(document)) if node.get("products"))
    nodes_of(document)[index]["products"][0][1] = [["-2", []]]
    assert "not positive" in rejection(document).reason
    nodes_of(document)[index]["products"][0][1] = [["2", [1]]]
    assert "not positive" in rejection(document).reason
    nodes_of(document)[index]["products"][0][1] = []
    assert "not positive" in rejection(document).reason


def test_the_other_side_of_the_target_is_no_minimum() -> None:
    document = golden("products_wall")
    document["problem"]["data"]["y"][2] = ["1"]
    assert Oracle(document).is_lower_nearby(parameters_of(document["parameters"]), tries=300, seed=2)
    document["claim"]["risk"] = str(Oracle(document).risk(parameters_of(document["parameters"])))
    assert "identity" in rejection(document).reason


def test_subgradients_stay_in_the_subdifferential() -> None:
    """What varies may start strictly inside, but not at an end, unless it is that end times the unit."""
    document = golden("products_subgradient")
    (leaf,) = nodes_of(document)
    place = next(k for k, entry in enumerate(leaf["kinks"]) if is_inside(entry[2]))
    varying = leaf["kinks"][place][2]
    for end in ("1", "-1", "2"):
        leaf["kinks"][place][2] = [[end, []], ["1/7", [free_parameter(leaf)]]]
        assert rejection(document).place == f"{NODES}[0].kinks[{place}][2]"
    kept = leaf["kinks"].pop(place)
    assert rejection(document).place == f"{NODES}[0].kinks"
    kept[2] = varying
    leaf["kinks"] += [kept, kept]
    assert "twice" in rejection(document).reason


def is_inside(terms: list[list[object]]) -> bool:
    start = [Fraction(str(value)) for value, names in terms if not names]
    return not start or -1 < start[0] < 1


def free_parameter(leaf: Document) -> int:
    return next(names[0] for _, _, terms in leaf["kinks"] for _, names in terms if names)


def test_a_unit_that_is_not_positive_at_the_point() -> None:
    document = golden("products_unit")
    (leaf,) = nodes_of(document)
    assert len(leaf["unit"]) > 1
    for unit in ([], [["-1", []]], [term for term in leaf["unit"] if term[1]]):
        changed = deepcopy(document)
        nodes_of(changed)[0]["unit"] = unit
        assert rejection(changed).place == f"{NODES}[0].unit"
    leaf["unit"] = [["1", []]]
    assert rejection(document).place.startswith(f"{NODES}[0]")


def test_only_settled_walls_and_free_parameters() -> None:
    document = golden("products_vanishing")
    split = next(k for k, node in enumerate(nodes_of(document)) if "vanishing" in node)
    used = {tuple(pair) for pairs, _ in nodes_of(document)[split]["vanishing"] for pair in pairs}
    others = [node["split"] for node in nodes_of(document) if "split" in node and tuple(node["split"]) not in used]
    changed = deepcopy(document)
    nodes_of(changed)[split]["vanishing"][0][0] = [others[-1]]
    assert "split on the way" in rejection(changed).reason
    changed = deepcopy(document)
    nodes_of(changed)[split]["vanishing"][0][0] = []
    assert "at least one boundary pair" in rejection(changed).reason
    changed = deepcopy(document)
    nodes_of(changed)[split]["vanishing"] = []
    assert "every product is 0" in rejection(changed).reason
    changed = deepcopy(document)
    nodes_of(changed)[split]["vanishing"][0][1] = [["1", []], ["1", [0]]]
    bound = rejection(changed)
    assert "not a free parameter" in bound.reason or bound.place == f"{NODES}[{split}].vanishing"
    nodes_of(changed)[split]["vanishing"][0][1] = [["1", []], ["1", [99]]]
    assert "not a free parameter" in rejection(changed).reason


def test_hostile_polynomials() -> None:
    document = golden("products_wall")
    index = next(k for k, node in enumerate(nodes_of(document)) if node.get("products"))
    free = next(p for p in range(3) if accepts_variable(document, index, p))
    entry = nodes_of(document)[index]["products"][0]
    entry[1] = [["1", []], ["1", [free] * 101]]
    assert "limits" in rejection(document).reason
    entry[1] = [["1", []], ["1", []]]
    assert "twice" in rejection(document).reason
    entry[1] = [["1", []], ["0", [free]]]
    assert "is 0" in rejection(document).reason
    entry[0] = entry[0] * 400
    entry[1] = [["1", []], *([["1", [free] * k] for k in range(1, 101)])]
    assert rejection(document)


def accepts_variable(document: Document, index: int, p: int) -> bool:
    changed = deepcopy(document)
    nodes_of(changed)[index]["products"][0][1] = [["2", []], ["1", [p]]]
    return "not a free parameter" not in rejection(changed).reason


def evidence_of(name: str) -> tuple[Document, Document]:
    document = golden(name)
    evidence: Document = document["evidence"]["local_minimum"]
    return document, evidence


def test_fixed_parameters_must_be_moved_by_the_invariances() -> None:
    """Each alone may be held, but none that no flow moves, and not the weights of one unit below and above it."""
    for fixed in ([], [0], [3, 5]):
        document, evidence = evidence_of("products_fixed")
        evidence["fixed"] = fixed
        assert rejection(document).place.startswith(NODES)
    for fixed in ([1], [0, 1], [0, 3, 4]):
        document, evidence = evidence_of("products_fixed")
        evidence["fixed"] = fixed
        assert rejection(document).place == f"{EVIDENCE}.fixed"
    for fixed in ([3, 0], [0, 0], [99], [-1], ["0"]):
        document, evidence = evidence_of("products_fixed")
        evidence["fixed"] = fixed
        assert rejection(document).place.startswith(f"{EVIDENCE}.fixed") or fixed == [-1]
    for missing in ("fixed", "polynomials"):
        document, evidence = evidence_of("products_fixed")
        del evidence[missing]
        assert rejection(document).place == f"{EVIDENCE}.polynomials"


def test_signs_of_polynomials() -> None:
    document, evidence = evidence_of("products_signs")
    place = next(k for k, node in enumerate(evidence["nodes"]) if "sign" in node)
    number = evidence["nodes"][place]["sign"]
    for changed in ([], [["1", []]], [["1", []], ["1", [0]]], [["0", [0]]]):
        document, evidence = evidence_of("products_signs")
        evidence["polynomials"][number] = changed
        assert rejection(document).place.startswith(f"{EVIDENCE}.polynomials[{number}]")
    for name in (99, "0", [1, 0, 1]):
        document, evidence = evidence_of("products_signs")
        evidence["nodes"][place]["sign"] = name
        assert rejection(document).place.startswith(f"{NODES}[{place}].sign")
    # The opposite polynomial is another one: what was ≥ 0 is ≤ 0.
    document, evidence = evidence_of("products_signs")
    evidence["polynomials"][number] = [[str(-Fraction(value)), names] for value, names in evidence["polynomials"][number]]
    assert rejection(document).place.startswith(NODES)


def test_squares_need_no_sign_and_use_the_curvature() -> None:
    document, evidence = evidence_of("products_squares")
    leaf = next(k for k, node in enumerate(evidence["nodes"]) if node.get("squares"))
    for change, reason in (
        (lambda node: node["squares"].pop(), "identity"),
        (lambda node: node["squares"].append(node["squares"][0]), "twice"),
        (lambda node: node["squares"].append([9, 0]), "kink there"),
        (lambda node: node.pop("squares"), "identity"),
        (lambda node: node["products"][0].__setitem__(0, node["products"][0][0][:1]), "odd number"),
        (lambda node: node["products"][0].__setitem__(0, [*node["products"][0][0], 0]), "odd number"),
        (lambda node: node["products"][0].__setitem__(0, []), "at least one"),
    ):
        document, evidence = evidence_of("products_squares")
        change(evidence["nodes"][leaf])
        found = rejection(document)
        assert found.place.startswith(f"{NODES}[{leaf}]") and reason in found.reason, found


def test_without_fixed_parameters_no_polynomials() -> None:
    """Numbers of polynomials, and squares, belong to the form with `fixed` only."""
    document = golden("products_kinks")
    (leaf,) = [k for k, node in enumerate(nodes_of(document)) if "unit" in node][:1]
    nodes_of(document)[leaf]["squares"] = []
    assert rejection(document).place == f"{NODES}[{leaf}].squares"


@pytest.mark.parametrize(("name", "folder"), [("analytic_classes", "accept"), ("linear_power", "accept_2")])
def test_no_squares_where_only_convexity_may_be_used(name: str, folder: str) -> None:
    """For several classes and with `linear` the squared losses in the place of the loss lie below it to first order only."""
    leaf = {"unit": [["1", []]], "products": [], "kinks": [], "squares": []}
    document = golden(name, folder)
    document["evidence"]["parts"][0] = {"rule": "positive products", "nodes": [leaf], "fixed": [], "polynomials": []}
    found = rejection(document)
    assert found.place == "evidence.parts[0].nodes[0].squares" and "no curvature" in found.reason
    del leaf["squares"]
    assert "no curvature" not in rejection(document).reason
