"""Bounds of the least risk of any network: accepted where true, rejected with the place where not."""

from __future__ import annotations

import copy
import math
import random
from fractions import Fraction
from typing import Any

import pytest

from tests.verifier.oracle import Document, data, number, parameters_of, predict
from tests.verifier.verdicts import assert_accepted, assert_changes_are_noticed, golden, put, rejection

NAMES = (
    "least_risk_classes",
    "least_risk_two_outputs",
    "least_risk_log_cosh",
    "least_risk_deep",
    "least_risk_deep_decay",
    "least_risk_no_biases",
)
SHORT = NAMES[3:]


def term(loss: Document, f: list[Any], y: list[Any]) -> float:
    """The loss of one sample in floats, from the definition."""
    if loss["gap"] == "classes":
        values = list(map(float, f))
        top = max(values)
        norm = top + math.log(sum(math.exp(v - top) for v in values))
        return norm - sum(float(t) * v for t, v in zip(y, values, strict=True))
    if loss["gap"] == "margin":
        u = float(y[0] * f[0])
        return max(0.0, -u) + math.log1p(math.exp(-abs(u)))
    total = 0.0
    for value, target in zip(f, y, strict=True):
        u = value - target
        if "tree" in loss:
            total += abs(float(u)) + math.log1p(math.exp(-2 * abs(float(u)))) - math.log(2)
        else:
            piece = sum(u > number(t) for t in loss["breakpoints"])
            a, b, c = map(number, loss["pieces"][piece])
            total += float((a * u + b) * u + c)
    return total


def risk(document: Document, point: dict[str, Any]) -> float:
    """The risk in floats, from the definition."""
    problem = document["problem"]
    x, y = data(problem)
    total = sum(term(problem["loss"], list(predict(problem, point, row)), t) for row, t in zip(x, y, strict=True))
    total *= float(number(problem["loss"].get("scale", "1")))
    decay = problem.get("weight_decay")
    if decay:
        rows = [row for name, value in point.items() for row in value if name[0] == "W" or decay["biases"]]
        entries = [value for row in rows for value in (row if isinstance(row, list) else [row])]
        total += float(number(decay["factor"])) / 2 * sum(float(v) ** 2 for v in entries)
    return total


def not_seen_false(document: Document) -> None:
    """Fail if the point has a greater risk than stated, or a point near it a lower one than the bound."""
    claim, own = document["claim"], parameters_of(document["parameters"])
    assert number(claim["bound"]) <= number(claim["risk"])
    assert risk(document, own) <= float(number(claim["risk"])) * (1 + 1e-9) + 1e-12
    source = random.Random(1)

    def near(value: Any, scale: Fraction) -> Any:
        if isinstance(value, list):
            return [near(entry, scale) for entry in value]
        return value + scale * source.randint(-8, 8) / 4

    for scale in (Fraction(1, 50), Fraction(1, 4), Fraction(1)):
        for _ in range(12):
            moved = {name: near(value, scale) for name, value in own.items()}
            assert risk(document, moved) >= float(number(claim["bound"])) * (1 - 1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_accepted(name: str) -> None:
    document = golden(name, "accept_2")
    assert assert_accepted(document).risk is None
    not_seen_false(document)


@pytest.mark.parametrize("name", SHORT)
def test_small_changes_are_noticed(name: str) -> None:
    never = ("('claim', 'kind')", "('claim', 'sentence')", "kind", "slim", "('format'")
    assert_changes_are_noticed(golden(name, "accept_2"), not_seen_false, least=60, most=Fraction(1, 3), never=never)


def _leaf(document: Document) -> Any:
    prices = document["evidence"]["prices"]
    found = next(entry for entry in prices if "wall" in entry)
    while "wall" in found:
        found = found["plus"]
    return found


def test_a_matrix_with_a_large_singular_value_is_rejected() -> None:
    document = golden("least_risk_classes", "accept_2")
    _leaf(document)["slope"][0][0] = "1/3"
    assert "singular value" in rejection(document).reason


def test_no_singular_value_hides_behind_small_entries() -> None:
    # No entry is above λ = 1/5, but the matrix of ones times 1/6 has a singular value of √6/6.
    document = golden("least_risk_classes", "accept_2")
    _leaf(document)["slope"] = [["1/6", "1/6"]] * 3
    assert "singular value" in rejection(document).reason


def test_a_bias_that_is_not_penalised_has_no_price() -> None:
    document = golden("least_risk_two_outputs", "accept_2")
    _leaf(document)["slope"] = [["0", "1/1000"], ["0", "0"]]
    assert "not penalised" in rejection(document).reason


def test_prices_that_bound_too_little_are_rejected() -> None:
    document = golden("least_risk_classes", "accept_2")

    def nothing(entry: Any) -> None:
        if "wall" in entry:
            nothing(entry["plus"])
            nothing(entry["minus"])
        else:
            entry["slope"] = [["0"] * len(row) for row in entry["slope"]]

    for entry in document["evidence"]["prices"]:
        nothing(entry)
    assert "do not bound" in rejection(document).reason


@pytest.mark.parametrize(
    ("name", "path", "value", "place", "reason"),
    [
        ("least_risk_classes", ("claim", "bound"), "3", "claim.sentence", "expected"),
        ("least_risk_classes", ("evidence", "bits"), 1 << 20, "evidence.bits", "bits"),
        ("least_risk_deep", ("evidence", "prices"), [], "evidence.prices", "need weight decay"),
        ("least_risk_deep_decay", ("evidence", "prices"), [], "evidence.prices", "one hidden layer"),
        ("least_risk_deep", ("evidence", "duals", 0, 0, 0), "1/8", "evidence.duals[0]", "not 0"),
    ],
)
def test_the_place_is_named(name: str, path: tuple[Any, ...], value: Any, place: str, reason: str) -> None:
    document = golden(name, "accept_2")
    put(*path, value)(document)
    found = rejection(document)
    assert found.place.startswith(place) and reason in found.reason


def test_bounds_stated_too_high_are_rejected() -> None:
    for name in NAMES:
        document = copy.deepcopy(golden(name, "accept_2"))
        claim = document["claim"]
        high = number(claim["risk"])
        claim["sentence"] = claim["sentence"].replace(f"than {claim['bound']},", f"than {high},")
        claim["bound"] = str(high)
        assert "less than" in rejection(document).reason


def test_a_loss_by_pieces_needs_weight_decay() -> None:
    document = golden("least_risk_two_outputs", "accept_2")
    del document["problem"]["weight_decay"]
    assert "weight decay" in rejection(document).reason


def test_a_price_that_no_leaf_names_is_rejected() -> None:
    document = golden("least_risk_classes", "accept_2")
    document["evidence"]["prices"].append(document["evidence"]["prices"][0])
    assert "named by no node" in rejection(document).reason


def test_prices_nested_deeply_are_refused() -> None:
    document = golden("least_risk_two_outputs", "accept_2")
    deep: Any = {"slope": [["0", "0"], ["0", "0"]]}
    for _ in range(80):
        deep = {"wall": [0, 0], "plus": deep, "minus": {"slope": [["0", "0"], ["0", "0"]]}}
    document["evidence"]["prices"][0] = deep
    assert "nested deeper" in rejection(document).reason
