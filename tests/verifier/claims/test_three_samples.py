"""The claim `spurious local minimum on three samples`: what is accepted is true by mpmath, what is changed is rejected."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from fractions import Fraction

import pytest
from mpmath import mp, mpf

from exactsurf.verifier import Rejected, verify
from tests.verifier.examples import HALF
from tests.verifier.oracle import Document, number
from tests.verifier.smooth_examples import function, real, risk, vector_of
from tests.verifier.verdicts import GOLDEN, assert_changes_are_noticed, encode, golden


def certificate(activation: Document, v: list[str], u: str, fit: list[list[str]], weights: list[str], stated: str) -> Document:
    name = activation["name"]
    problem = {
        "widths": [2, 2, 1],
        "biases": [False, False],
        "activation": activation,
        "loss": HALF,
        "data": {"x": [["1", "0"], ["0", "1"], ["1/2", "1/2"]], "y": [["0"], ["0"], ["1"]]},
    }
    sentence = (
        f"The squared risk of the 2-2-1 network of {name} units on the three samples has a spurious local minimum at which "
        "every prediction is 1/3."
    )
    return {
        "format": "exactsurf-certificate/1",
        "claim": {"kind": "spurious local minimum on three samples", "sentence": sentence, "risk": "1/3"},
        "problem": problem,
        "evidence": {"bits": 64, "v": v, "u": u, "lower_point": {"parameters": {"W1": fit, "W2": [weights]}, "risk": stated}},
    }


# Numbers of papers.md, section 1, with logarithms rounded; u₂ follows.
THREE_SAMPLES = {
    "three_samples_sigmoid": certificate(
        {"name": "sigmoid"},
        ["-1099/1000", "-1099/1000"],
        "2/3",
        [["0", "-1099/1000"], ["-1099/1000", "-973/500"]],
        ["130", "-260"],
        "1/1000",
    ),
    "three_samples_quadratic": certificate({"name": "quadratic"}, ["1", "1"], "1/6", [["1", "1"], ["1", "-1"]], ["1", "-1"], "0"),
    "three_samples_elu": certificate(
        {"name": "elu", "alpha": "1"},
        ["1", "-693/1000"],
        "2/3",
        [["-693/1000", "-36/125"], ["-36/125", "-267/2000"]],
        ["-124", "248"],
        "1/200",
    ),
}


def assert_true(document: Document) -> None:
    """The conditions with mpmath, and that small random moves do not lower the risk."""
    with mp.workdps(60):
        problem, evidence = document["problem"], document["evidence"]
        h, step = function(problem["activation"]), mpf(10) ** -15
        v1, v2 = map(real, evidence["v"])
        first = real(evidence["u"])
        second = (mpf(1) / 3 - first * h(v1)) / h(v2)
        slopes = [u * (h(v + step) - h(v - step)) / (2 * step) for u, v in ((first, v1), (second, v2))]
        curves = [u * (h(v + step) - 2 * h(v) + h(v - step)) / step**2 / 3 for u, v in ((first, v1), (second, v2))]
        matrix = mp.matrix(
            [[slopes[0] ** 2 + curves[0], slopes[0] * slopes[1]], [slopes[0] * slopes[1], slopes[1] ** 2 + curves[1]]]
        )
        assert min(mp.eigsy(matrix, eigvals_only=True)) > 0
        point = [v1, v1, v2, v2, first, second] if not problem["biases"][0] else [v1, v1, v2, v2, 0, 0, first, second, 0]
        least = risk(problem, point)
        assert abs(least - real(document["claim"]["risk"])) < mpf(10) ** -40
        for seed in range(20):
            moved = [value + mpf((seed * 37 + 13 * k * k + 5 * k) % 21 - 10) / 10**4 for k, value in enumerate(point)]
            assert risk(problem, moved) >= least - mpf(10) ** -40
        lower = risk(problem, [real(v) for v in vector_of(problem, evidence["lower_point"]["parameters"])])
        assert lower <= real(evidence["lower_point"]["risk"]) < least


@pytest.mark.parametrize("name", THREE_SAMPLES)
def test_accepted_and_true(name: str) -> None:
    document = copy.deepcopy(THREE_SAMPLES[name])
    assert_true(document)
    result = verify(encode(document))
    assert (result.kind, result.risk) == (document["claim"]["kind"], Fraction(1, 3))
    assert result.sentence == document["claim"]["sentence"]
    assert golden(name) == document


@pytest.mark.parametrize("name", THREE_SAMPLES)
def test_every_small_change_is_rejected_or_true(name: str) -> None:
    assert_changes_are_noticed(copy.deepcopy(THREE_SAMPLES[name]), assert_true, least=100)


def _near_miss(document: Document) -> None:
    # tanh with v1 = v2, u1 = u2: N is not positive definite.
    document["problem"]["activation"] = {"name": "tanh"}
    document["claim"]["sentence"] = document["claim"]["sentence"].replace("quadratic", "tanh")
    document["evidence"]["u"] = "219/1000"


def _other_sample(document: Document) -> None:
    document["problem"]["data"]["x"][2] = ["1/2", "1/3"]


def _other_order(document: Document) -> None:
    for key in "xy":
        document["problem"]["data"][key].reverse()


def _not_lower(document: Document) -> None:
    document["evidence"]["lower_point"]["risk"] = "1/3"


REJECTED: dict[str, tuple[Callable[[Document], None], str]] = {
    "three_samples_symmetric_tanh": (_near_miss, "evidence.v"),
    "three_samples_other_sample": (_other_sample, "problem.data"),
    "three_samples_other_order": (_other_order, "problem.data"),
    "three_samples_not_lower": (_not_lower, "evidence.lower_point.risk"),
}


@pytest.mark.parametrize("name", REJECTED)
def test_rejected_with_its_place(name: str) -> None:
    change, place = REJECTED[name]
    document = copy.deepcopy(THREE_SAMPLES["three_samples_quadratic"])
    change(document)
    with pytest.raises(Rejected) as caught:
        verify(encode(document))
    assert caught.value.place == place
    assert json.loads((GOLDEN / "reject" / f"{name}.json").read_text(encoding="utf-8")) == document


def test_published_numbers_are_near() -> None:
    """sigmoid: v = −log 3; ELU: v = −log 2 (papers.md, section 1)."""
    with mp.workdps(20):
        assert abs(real(THREE_SAMPLES["three_samples_sigmoid"]["evidence"]["v"][0]) + mp.log(3)) < mpf(1) / 1000
        assert abs(real(THREE_SAMPLES["three_samples_elu"]["evidence"]["v"][1]) + mp.log(2)) < mpf(1) / 1000
    assert number(THREE_SAMPLES["three_samples_quadratic"]["evidence"]["u"]) == Fraction(1, 6)
