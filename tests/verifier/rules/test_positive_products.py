"""The rule `positive products`: small changes are rejected, or what they say is true."""

from __future__ import annotations

from copy import deepcopy
from fractions import Fraction

import pytest

from tests.verifier.oracle import Document, Oracle, assert_true, parameters_of
from tests.verifier.verdicts import accepted, assert_changes_are_noticed, golden, rejection

NAMES = ("products_wall", "products_vanishing", "products_kinks", "products_subgradient", "products_unit", "products_factor")
LONG = ("products_vanishing", "products_factor")
NODES = "evidence.local_minimum.nodes"


def nodes_of(document: Document) -> list[Document]:
    nodes: list[Document] = document["evidence"]["local_minimum"]["nodes"]
    return nodes


@pytest.mark.parametrize("name", [*NAMES[:1], *NAMES[2:5], *(pytest.param(n, marks=pytest.mark.slow) for n in LONG)])
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
    assert count or name in ("products_subgradient", "products_unit")


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
