"""Values of wrong types, very many walls and still layers: the verifier rejects them and never crashes."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest

from exactsurf import verifier
from exactsurf.verifier.arithmetic.document import Field, Rejected
from tests.soundness.documents import rejection, sentence
from tests.verifier.oracle import Document
from tests.verifier.verdicts import golden


@pytest.mark.parametrize("rule", ["paths", "second order"])
def test_many_still_layers(rule: str):
    layers = 1100 if rule == "paths" else 60
    described = {
        "widths": [1] * (layers + 1),
        "biases": [False] * layers,
        "activation": {"breakpoints": ["0"], "slopes": ["0", "1"], "value_at_0": "0"},
        "loss": {"name": "squared", "scale": "1"},
        "data": {"x": [["0"]], "y": [["1"]]},
    }
    evidence: Document = {"rule": rule}
    if rule == "second order":
        evidence["nodes"] = [{"multipliers": [], "subgradient": [], "products": []}]
    document = {
        "format": "exactsurf-certificate/1",
        "claim": {"kind": "local minimum", "sentence": sentence(described, "a local minimum", "squared"), "risk": "1"},
        "problem": described,
        "parameters": {f"W{n + 1}": [["1"]] for n in range(layers)},
        "evidence": {"local_minimum": evidence},
    }
    assert rejection(document) is None
    described["biases"][0], document["parameters"]["b1"] = True, ["0"]
    assert rejection(document) is not None


def test_a_product_of_very_many_walls_is_refused():
    document = golden("products_wall")
    node = next(node for node in document["evidence"]["local_minimum"]["nodes"] if node.get("products"))
    node["products"][0][0] = node["products"][0][0][:1] * 20_000
    assert "at most 100" in (rejection(document) or "")


BAD = (True, None, -1, 1.5, 10**12, "1", "٣", "-0", [], [[]], {}, [1, 0, 10**8], ["z"], "0x" + "f" * 5000)


@pytest.mark.parametrize(
    "name", ["convex_cells_unsplit", "products_unit", "vectors_kinks", "smooth_point_swish", "smooth_point_dead_unit"]
)
def test_values_of_wrong_types_are_rejected_and_never_crash(name: str):
    original, rnd = golden(name), random.Random(name)
    places = list(_places(original["evidence"]))
    tree = original["problem"]["activation"].get("tree")
    for place, value in ((place, value) for place in places for value in rnd.sample(BAD, 4)):
        document = copy.deepcopy(original)
        at: Any = document["evidence"]
        for key in place[:-1]:
            at = at[key]
        was, at[place[-1]] = at[place[-1]], value
        if rejection(document) is None:
            assert isinstance(was, type(value)) and isinstance(value, str | list), (place, value)
    for value in (*BAD, ["power", "z", True], ["power", "z", 1], ["exp"], ["log", "z", "z"], ["/", "z"]) if tree else ():
        document = copy.deepcopy(original)
        document["problem"]["activation"]["tree"] = value
        assert rejection(document) is not None, value


def _places(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return ([place] if place else []) + [found for key, entry in entries for found in _places(entry, (*place, key))]


def test_only_ascii_digits_are_integers():
    with pytest.raises(Rejected):
        Field(verifier.arithmetic.document._index("1٣"), "here").size()
