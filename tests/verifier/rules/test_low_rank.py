"""The rule `low rank`: what is accepted is a global minimum, and other critical points are rejected."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from exactsurf.verifier import verify
from tests.verifier.examples import certificate, point
from tests.verifier.low_rank_examples import LINEAR, LOW_RANK, LOW_RANK_EXAMPLES, get_low_rank
from tests.verifier.oracle import Document, Oracle, assert_true, number, numbers, parameters_of
from tests.verifier.verdicts import assert_changes_are_noticed, encode, rejection

RULE = "evidence.local_minimum.rule"


def with_risk(document: Document) -> Document:
    document["claim"]["risk"] = str(Oracle(document).risk(parameters_of(document["parameters"])))
    return document


@pytest.mark.parametrize("name", LOW_RANK_EXAMPLES)
def test_what_is_said_is_true(name: str) -> None:
    document = get_low_rank(name)
    verify(encode(document))
    assert_true(document)
    assert not Oracle(document).is_lower_nearby(parameters_of(document["parameters"]), tries=200, seed=3)


@pytest.mark.parametrize("name", LOW_RANK_EXAMPLES)
def test_the_risk_is_what_the_other_singular_values_leave(name: str) -> None:
    """NumPy's singular values of the projected, centred targets."""
    document = get_low_rank(name)
    x, y = (np.array([[float(v) for v in row] for row in numbers(document["problem"]["data"][key])]) for key in "xy")
    if document["problem"]["biases"][-1]:
        x, y = x - x.mean(0), y - y.mean(0)
    seen = x @ np.linalg.pinv(x) @ y
    values = np.linalg.svd(seen, compute_uv=False)
    rank = min(document["problem"]["widths"])
    expected = (y**2).sum() - (values[:rank] ** 2).sum()
    assert abs(float(number(document["claim"]["risk"])) - expected / 2) < 1e-9


@pytest.mark.parametrize("name", LOW_RANK_EXAMPLES)
def test_single_changes(name: str) -> None:
    assert_changes_are_noticed(get_low_rank(name), assert_true, least=200)


def test_the_smaller_singular_value_is_a_saddle() -> None:
    document = get_low_rank("low_rank_diagonal")
    document["parameters"] = {"W1": [["0", "1"]], "W2": [["0"], ["1"]]}
    error = rejection(with_risk(document))
    assert error.place == RULE and "fits better" in error.reason


def test_a_hair_decides_between_two_singular_values() -> None:
    for power in (3, 30, 300):
        for sign, accepted in ((1, False), (-1, True)):
            document = get_low_rank("low_rank_tie")
            document["problem"]["data"]["y"][1][1] = str(3 + Fraction(sign, 10**power))
            document = with_risk(document)
            if accepted:
                verify(encode(document))
            else:
                assert rejection(document).place == RULE


def test_a_point_of_lower_rank_is_rejected() -> None:
    document = get_low_rank("low_rank_diagonal")
    document["parameters"] = {"W1": [["0", "0"]], "W2": [["0"], ["0"]]}
    assert "rank 0" in rejection(with_risk(document)).reason


@pytest.mark.parametrize(
    "change",
    [
        {"loss": {"name": "absolute", "scale": "1/2"}},
        {"activation": {"breakpoints": ["0"], "slopes": ["0", "1"], "value_at_0": "0"}},
        {"activation": {"breakpoints": [], "slopes": ["1"], "value_at_0": "1"}},
    ],
)
def test_other_networks_and_losses_are_rejected(change: dict[str, Any]) -> None:
    document = get_low_rank("low_rank_diagonal")
    document["problem"] |= change
    document["claim"]["sentence"] = document["claim"]["sentence"].replace("squared", document["problem"]["loss"]["name"])
    assert rejection(with_risk(document)).place == RULE


def test_a_hidden_bias_without_an_output_bias_is_rejected() -> None:
    here = point(W1=[[2, 0]], b1=[0], W2=[[1], [0]])
    y = [[2, 0], [0, 1]]
    document = certificate(
        "local minimum", [2, 1, 2], [[1, 0], [0, 1]], y, here, LOW_RANK, biases=[True, False], activation=LINEAR
    )
    assert rejection(document).place == RULE


def test_fields_that_are_too_many_are_rejected() -> None:
    document = get_low_rank("low_rank_diagonal")
    document["evidence"]["local_minimum"]["rank"] = 1
    assert rejection(document).place.startswith("evidence.local_minimum")


def test_random_saddles_are_rejected() -> None:
    """Y diagonal with distinct entries: fits that keep some p of them, of which one choice is the best."""
    rnd = random.Random(1)
    verdicts = []
    for _ in range(60):
        size, width = rnd.randint(2, 4), rnd.randint(1, 2)
        diagonal = rnd.sample(range(1, 9), size)
        kept = rnd.sample(range(size), min(width, size))
        identity = [[int(p == q) for q in range(size)] for p in range(size)]
        y = [[diagonal[p] * v for v in row] for p, row in enumerate(identity)]
        first = [[diagonal[k] * int(k == q) for q in range(size)] for k in kept]
        second = [[int(kept[c] == p) for c in range(len(kept))] for p in range(size)]
        document = certificate(
            "local minimum",
            [size, len(kept), size],
            identity,
            y,
            point(W1=first, W2=second),
            LOW_RANK,
            biases=[False, False],
            activation=LINEAR,
        )
        best = sorted(kept) == sorted(sorted(range(size), key=lambda k: -diagonal[k])[: len(kept)])
        verdicts.append(best)
        if best:
            verify(encode(document))
        else:
            assert rejection(document).place == RULE
    assert any(verdicts) and not all(verdicts)
