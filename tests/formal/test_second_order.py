"""The rule `second order` without tangents: planted strict minima, their certificates, and small changes of them."""

from __future__ import annotations

import json
import random
from collections import Counter
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

import exactsurf as es
from exactsurf.certificate.claims.point import Certificate
from exactsurf.certificate.rules.second_order import SecondOrder
from exactsurf.formal import Verdict, judge
from exactsurf.minima.rules.second_order import ProvedOnFan, decide_second_order
from exactsurf.model.point import Point
from exactsurf.verifier import Rejected, verify
from tests.minima.planted_deep import plant_deep
from tests.sweep import draws
from tests.verifier.mutations import mutants
from tests.verifier.verdicts import encode, golden

ACTIVATIONS = (es.hard_tanh, es.piecewise_linear([-1, 0, 1], [2, 0, 1, -1], 1), es.piecewise_linear([0, 1], ["1/3", 1, "1/2"], 0))
SHAPES = ([1, 1, 1], [1, 1, 1], [1, 1, 1, 1], [1, 1, 2], [1, 2, 1], [2, 2, 2])


@cache
def planted(seed: int, count: int) -> tuple[tuple[bytes, int], ...]:
    """Certificates by this rule, and the dimension of the minimum set, which is 0 at strict minima."""
    rnd, found = random.Random(seed), []
    while len(found) < count:
        drawn = plant_deep(rnd, rnd.randint(0, 3), shapes=SHAPES, activations=ACTIVATIONS)
        if drawn is None:
            continue
        point = Point(*drawn)
        proved = decide_second_order(point, effort=es.Effort(fan=64))
        if isinstance(proved, ProvedOnFan) and isinstance(proved.evidence, SecondOrder):
            certificate = Certificate("local minimum", *drawn, point.risk, local_minimum=proved.evidence)
            found.append((certificate.encoded, proved.dimension or 0))
    return tuple(found)


@cache
def fitted(seed: int, count: int) -> tuple[bytes, ...]:
    """Certificates of strict minima by this rule at exact fits, of losses with and without kinks, with weights of samples."""
    rnd, found = random.Random(seed), []
    while len(found) < count:
        network = es.Network(rnd.choice(SHAPES[:4]), rnd.choice(ACTIVATIONS))
        samples, outputs = rnd.randint(6, 11), network.widths[-1]
        x = [[rnd.randint(-4, 4)] for _ in range(samples)]
        values = {
            name: [[rnd.choice((-2, -1, 1, 2)) for _ in range(shape[1])] for _ in range(shape[0])]
            if len(shape) == 2
            else [Fraction(rnd.randint(-3, 3), 2) for _ in range(shape[0])]
            for name, shape in network.shapes.items()
        }
        blank = es.Problem(network, es.Data.from_arrays(x, [[0] * outputs] * samples))
        theta = blank.parameters(**values)
        data = es.Data.from_arrays(x, blank.predictions(theta))
        loss, weights = rnd.choice((es.absolute, es.huber(1))), [rnd.randint(1, 3) for _ in x]
        point = Point(es.Problem(network, data, loss=loss, sample_weight=weights), theta)
        proved = decide_second_order(point, effort=es.Effort(fan=32))
        if isinstance(proved, ProvedOnFan) and isinstance(proved.evidence, SecondOrder) and not proved.dimension:
            found.append(Certificate("local minimum", point.problem, theta, point.risk, local_minimum=proved.evidence).encoded)
    return tuple(found)


def says(raw: bytes) -> bool:
    """Whether the verifier accepts."""
    try:
        verify(raw)
    except Rejected:
        return False
    return True


def test_strict_minima_are_accepted_and_others_not_known() -> None:
    seen: Counter[str] = Counter()
    for raw, dimension in planted(0, 14):
        assert judge(raw) is (Verdict.UNKNOWN if dimension else Verdict.ACCEPTED)
        document = json.loads(raw)
        seen["strict"] += not dimension
        seen["walls"] += not dimension and "split" in document["evidence"]["local_minimum"]["nodes"][0]
        seen["deep"] += not dimension and len(document["problem"]["widths"]) > 3
    assert seen["strict"] >= 3 and seen["walls"] >= 2 and seen["deep"]


def test_exact_fits_are_accepted() -> None:
    certificates = fitted(0, 8)
    assert all(judge(raw) is Verdict.ACCEPTED for raw in certificates)
    leaves = [node for raw in certificates for node in json.loads(raw)["evidence"]["local_minimum"]["nodes"]]
    assert any(leaf.get("subgradient") for leaf in leaves) and any("split" in leaf for leaf in leaves)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_small_changes(seed: int) -> None:
    """The verifier and the proved checker agree, or the checker does not know."""
    documents = [json.loads(raw) for raw, dimension in planted(seed, 10) if not dimension]
    documents += [json.loads(raw) for raw in fitted(seed, 8)]
    documents += [
        golden("second_order_kinks"),
        golden("second_order_curved_wall"),
        golden("second_order_strict_products"),
        *(golden(name, "accept_2") for name in ("loss_own", "loss_own_curved", "loss_squared_hinge")),
    ]
    pool = [mutant for document in documents for _, mutant in mutants(document)]
    seen: Counter[tuple[bool, Verdict]] = Counter()
    for mutant in random.Random(seed).sample(pool, min(count := draws(500), len(pool))):
        raw = encode(mutant)
        accepted, verdict = says(raw), judge(raw)
        seen[accepted, verdict] += 1
        if verdict is not Verdict.UNKNOWN:
            assert accepted == (verdict is Verdict.ACCEPTED), raw
    assert 300 * seen[True, Verdict.ACCEPTED] >= count and 3 * seen[False, Verdict.REJECTED] >= 2 * count


def with_nodes(samples: int, splits: int) -> Any:
    """A fit of hard tanh to so many samples, the first of them on walls; the form is not positive."""
    document = json.loads(encode(golden("second_order_kinks")))
    document["problem"] |= {
        "widths": [1, 1, 1],
        "biases": [True, True],
        "activation": {"breakpoints": ["-1", "1"], "slopes": ["0", "1", "0"], "value_at_0": "0"},
        "loss": {"name": "squared", "scale": "1/2"},
        "data": {"x": [["1"]] * splits + [["0"]] * (samples - splits), "y": [["1"]] * splits + [["0"]] * (samples - splits)},
    }
    document["parameters"] = {"W1": [["1"]], "b1": ["0"], "W2": [["1"]], "b2": ["0"]}
    text = f"The given parameters are a local minimum of the squared risk of the 1-1-1 network on {samples} samples."
    document["claim"] = {"kind": "local minimum", "risk": "0", "sentence": text}
    leaf: dict[str, list[Any]] = {"multipliers": [], "subgradient": [], "products": []}
    nodes: list[Any] = []
    for i in range(splits):
        nodes += [{"split": [1, 0, i], "plus": 2 * i + 2, "minus": 2 * i + 1}, leaf]
    document["evidence"]["local_minimum"] = {"rule": "second order", "nodes": [*nodes, leaf]}
    return document


@pytest.mark.parametrize(("samples", "splits"), [(200, 60), (5000, 2500)])
def test_long_trees_end(samples: int, splits: int) -> None:
    document = with_nodes(samples, splits)
    assert judge(encode(document)) is Verdict.UNKNOWN
    document["evidence"]["local_minimum"]["nodes"].pop()
    assert judge(encode(document)) is not Verdict.ACCEPTED


def test_long_numbers_are_not_tried() -> None:
    document = with_nodes(60, 20)
    document["problem"]["data"]["x"][-1] = [str(Fraction(1, 2**9000 + 1))]
    document["problem"]["data"]["y"][-1] = document["problem"]["data"]["x"][-1]
    assert judge(encode(document)) is Verdict.UNKNOWN
