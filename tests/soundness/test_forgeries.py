"""True evidence for a claim that has become false by changed targets, inputs or parameters: the verifier must refuse."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

import exactsurf as es
from exactsurf import verifier
from exactsurf.effort import Effort
from exactsurf.verifier.arithmetic.document import Rejected
from tests import oracle
from tests.soundness.degenerate import stationary_point

Document = dict[str, Any]


def accepted(document: Document) -> bool:
    try:
        verifier.verify(json.dumps(document).encode())
    except Rejected:
        return False
    return True


def read(document: Document) -> tuple[es.Problem, es.Parameters]:
    described = document["problem"]
    activation = es.piecewise_linear(*(described["activation"][key] for key in ("breakpoints", "slopes", "value_at_0")))
    network = es.Network(described["widths"], activation, biases=described["biases"])
    loss = described["loss"]
    losses = {"squared": es.squared, "absolute": es.absolute, "huber": es.huber(loss.get("delta", 1))}
    chosen = losses[loss["name"]] if "name" in loss else es.piecewise_quadratic(loss["gap"], loss["breakpoints"], loss["pieces"])
    problem = es.Problem(network, es.Data.from_arrays(described["data"]["x"], described["data"]["y"]), chosen)
    return problem, problem.parameters(**document["parameters"])


def numbers(value: Any, where: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of all texts that are numbers."""
    if isinstance(value, (dict, list)):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from numbers(child, (*where, key))
    elif isinstance(value, str) and where[-1] not in ("rule", "name"):
        yield where


def change(rnd: random.Random, tree: Any) -> None:
    """Another value for one number."""
    places = list(numbers(tree))
    if places:
        *way, last = rnd.choice(places)
        for key in way:
            tree = tree[key]
        value = Fraction(tree[last])
        tree[last] = str(
            rnd.choice([value + Fraction(1, 7), value - 1, -value, Fraction(0), value * 2, value + Fraction(1, 1000)])
        )


def reshape(rnd: random.Random, evidence: Document) -> None:
    """Another tree, or other numbers."""
    nodes = evidence.get("nodes")
    splits = [node["split"] for node in nodes or () if "split" in node]
    how = rnd.randrange(5) if splits else 0
    if how == 0:
        change(rnd, evidence)
    elif how == 1:
        nodes[rnd.randrange(len(nodes))] = copy.deepcopy(rnd.choice(nodes))
    elif how == 2:
        nodes[rnd.randrange(len(nodes))] = {"empty": [[rnd.choice(splits), "1"] for _ in range(rnd.randint(1, 2))]}
    elif how == 3:
        evidence["nodes"] = [rnd.choice([node for node in nodes if "split" not in node])]
    else:
        for node in nodes:
            if "products" in node:
                node["products"].append([rnd.choice(splits), rnd.choice(splits), rnd.choice(["1", "1/100", "10"])])


@pytest.mark.slow
def test_evidence_does_not_serve_another_claim():
    false_claims = forged = 0
    for seed in range(1000, 1130):
        rnd = random.Random(seed)
        planted = stationary_point(rnd)
        verdict = None if planted is None else es.decide(*planted, effort=Effort(fan=32, cones=100))
        if verdict is None or verdict.status != es.Status.PROVED:
            continue
        document = json.loads(verdict.certificate.encoded)
        if document["evidence"]["local_minimum"]["rule"] == "paths" and seed % 4:
            continue
        for _ in range(3):
            other = copy.deepcopy(document)
            change(rnd, rnd.choice([other["problem"]["data"]["y"], other["problem"]["data"]["x"], other["parameters"]]))
            problem, theta = read(other)
            other["claim"]["risk"] = str(
                problem.risk(theta) if "gap" in other["problem"]["loss"] else oracle.risk(problem, theta)
            )
            truth = es.decide(problem, theta, effort=Effort(fan=32, cones=100))
            if truth.status != es.Status.REFUTED:
                continue
            false_claims += 1
            assert not accepted(other), seed
            for _ in range(15):
                attempt = copy.deepcopy(other)
                reshape(rnd, attempt["evidence"]["local_minimum"])
                forged += 1
                assert not accepted(attempt), seed
            descent = json.loads(truth.certificate.encoded)
            descent["problem"], descent["parameters"] = document["problem"], document["parameters"]
            descent["claim"]["risk"] = document["claim"]["risk"]
            assert not accepted(descent), seed
    assert false_claims > 12
    assert forged > 200
