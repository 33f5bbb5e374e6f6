"""The rules for kinks, classes, several layers and low rank under attack: no false claim is accepted."""

from __future__ import annotations

import copy
import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

import exactsurf as es
from exactsurf.certificate.rules.paths import Paths
from exactsurf.effort import Effort
from exactsurf.minima.rules import positive_products
from exactsurf.minima.rules.rule import Proved
from exactsurf.model.point import Point
from exactsurf.verifier.arithmetic.document import read_document
from exactsurf.verifier.network import Parameters as VerifierParameters
from exactsurf.verifier.problem import read_point, read_problem
from exactsurf.verifier.rules import curve as curve_rule
from tests import oracle
from tests.soundness.documents import rejection, sentence
from tests.soundness.planted_kinks import falling_curve, planted_kinks
from tests.verifier.oracle import Document
from tests.verifier.verdicts import golden

F = Fraction

KINDS = ("one", "one", "several", "classes", "deep")


def test_decide_against_a_search_for_falling_curves():
    seen: Counter[str] = Counter()
    for seed in range(120):
        problem, theta = planted_kinks(random.Random(seed), KINDS[seed % 5])
        if problem.network.layers > 2 and len(problem.data) > 4:
            continue  # these take long
        verdict = es.decide(problem, theta, effort=Effort(fan=8))
        if verdict.status == es.Status.PROVED:
            evidence = verdict.certificate.local_minimum
            seen[type(evidence).__name__] += 1
            if isinstance(evidence, Paths) and evidence.merged:
                # Found first, as it is cheap; the other rule agrees.
                seen["PositiveProducts"] += isinstance(positive_products.RULE.ask(Point(problem, theta), Effort(fan=8)), Proved)
            assert falling_curve(problem, theta, seed) is None, seed
        elif verdict.status == es.Status.REFUTED and seed % 2 == 0:
            seen["search"] += falling_curve(problem, theta, seed) is not None
            seen["refuted"] += 1
    assert min(seen[rule] for rule in ("Paths", "ConvexCells", "UnitwiseVectors", "PositiveProducts")) >= 1, seen
    assert seen["search"] >= seen["refuted"] - 1 > 5, "the search would not notice a wrong answer"


def change(rnd: random.Random, document: Document) -> None:
    """Another target, input or parameter; the evidence stays."""
    data, part = document["problem"]["data"], rnd.random()
    if part < 0.4:
        row = rnd.choice(data["y"])
        if document["problem"]["loss"]["name"] != "hinge":
            k = rnd.randrange(len(row))
            row[k] = str(F(row[k]) + rnd.choice([1, -1, F(1, 2)]))
        elif len(row) == 1:
            row[0] = str(-F(row[0]))
        else:
            rnd.shuffle(row)
    elif part < 0.55:
        i = rnd.randrange(len(data["x"]))
        for key in "xy":
            data[key].append(list(data[key][i]))
    else:
        values = rnd.choice(
            [*data["x"], *(r for m in document["parameters"].values() for r in (m if isinstance(m[0], list) else [m]))]
        )
        k = rnd.randrange(len(values))
        values[k] = str(rnd.choice([F(values[k]) + 1, F(values[k]) - 1, -F(values[k]), F(0)]))


def read(document: Document) -> tuple[es.Problem, es.Parameters]:
    described = document["problem"]
    loss = described["loss"]
    activation = es.piecewise_linear(*(described["activation"][key] for key in ("breakpoints", "slopes", "value_at_0")))
    network = es.Network(described["widths"], activation, biases=described["biases"])
    losses = {"squared": es.squared, "absolute": es.absolute, "hinge": es.hinge, "huber": es.huber(loss.get("delta", 1))}
    chosen = replace(losses[loss["name"]], scale=F(loss["scale"]), averaged=False)
    problem = es.Problem(network, es.Data.from_arrays(described["data"]["x"], described["data"]["y"]), chosen)
    return problem, problem.parameters(**document["parameters"])


def test_true_evidence_for_another_problem():
    names = ("convex_cells_unsplit", "convex_cells_dead", "convex_cells_hinge", "convex_cells_slopes", "classes_paths")
    names += ("classes_second_order", "vectors_kinks", "products_kinks", "products_unit", "products_vanishing")
    accepted: Counter[str] = Counter()
    for name in names:
        original, rnd = golden(name), random.Random(name)
        for trial in range(50):
            document = copy.deepcopy(original)
            change(rnd, document)
            problem, theta = read(document)
            document["claim"] = {
                "kind": "local minimum",
                "sentence": sentence(document["problem"], "a local minimum", problem.loss.name),
                "risk": str(oracle.risk(problem, theta)),
            }
            document["evidence"].pop("lower_points", None)
            if rejection(document) is None:
                accepted[name] += 1
                assert falling_curve(problem, theta, trial, 1000) is None, document
    assert accepted.total() >= 60
    assert all(count < 50 for count in accepted.values())


@pytest.mark.parametrize(("mu", "split"), [(["2", "0"], False), (["3", "1"], False), (["1", "-1"], False), (["2"], True)])
def test_pairs_without_split_where_the_risk_falls(mu: list[str], split: bool):
    """The risk |max(w, 0) + 1| + |max(-w, 0) - 1| falls for w < 0 at w = 0; the gradient is balanced by multipliers too large."""
    relu = {"breakpoints": ["0"], "slopes": ["0", "1"], "value_at_0": "0"}
    data = {"x": [["1"], ["-1"]], "y": [["-1"], ["1"]]}
    loss = {"name": "absolute", "scale": "1"}
    described = {"widths": [1, 1, 1], "biases": [False] * 2, "activation": relu, "loss": loss, "data": data}
    leaf: Document = {"multipliers": [], "subgradient": [], "positive": []}
    leaf["unsplit"] = [[[1, 0, i], value] for i, value in enumerate(mu)]
    nodes = [leaf]
    if split:  # left of w = 0 (the pre-activation of sample 1 is positive) and right of it
        nodes = [{"split": [1, 0, 1], "plus": 1, "minus": 2}, leaf, {**leaf, "unsplit": [[[1, 0, 0], "1"]]}]
    claim = {"kind": "local minimum", "sentence": sentence(described, "a local minimum", "absolute"), "risk": "2"}
    document = {
        "format": "exactsurf-certificate/1",
        "claim": claim,
        "problem": described,
        "parameters": {"W1": [["0"]], "W2": [["1"]]},
        "evidence": {"local_minimum": {"rule": "convex cells", "nodes": nodes}},
    }
    assert "unsplit" in (rejection(document) or "")
    data["y"] = [["-1"], ["-1"]]  # |max(w, 0) + 1| + |max(-w, 0) + 1| has its minimum at 0
    leaf["unsplit"] = [[[1, 0, 0], "1"], [[1, 0, 1], "1"]]
    document["evidence"]["local_minimum"]["nodes"] = [leaf]
    assert rejection(document) is None


def test_no_curve_falls_from_a_proved_minimum_by_the_verifiers_own_series():
    """The rule `curve` and the rules for minima must never agree on one point; nor `direction`, its first order."""
    rnd, curves = random.Random(7), 0
    for seed in range(90):
        problem, theta = planted_kinks(random.Random(seed), ("one", "several", "classes")[seed % 3])
        verdict = es.decide(problem, theta, effort=Effort(fan=8))
        if verdict.status != es.Status.PROVED:
            continue
        root = read_document(verdict.certificate.encoded)
        read_back = read_problem(root.child("problem"), None)
        point = read_point(read_back, root.child("parameters"), root.child("claim").child("risk"))
        for _ in range(6):
            terms = [_small(rnd, point.parameters) for _ in range(rnd.randint(1, 3))]
            changes = curve_rule._risk_changes(read_back, [point.parameters, *terms], 6, None)
            assert next((value for value in changes if value), 0) >= 0, seed
            curves += 1
    assert curves > 120


def _small(rnd: random.Random, like: VerifierParameters) -> VerifierParameters:
    def number() -> F:
        return F(rnd.choice([0, 0, 0, 1, -1, 2]))

    return VerifierParameters(
        [[[number() for _ in row] for row in rows] for rows in like.weights],
        [None if bias is None else [number() for _ in bias] for bias in like.biases],
    )


def test_low_rank_against_singular_values():
    """Fits along some coordinate directions, of diagonal data: the best ones are accepted, and no other."""
    accepted = 0
    for seed in range(600):
        rnd = random.Random(seed)
        inputs, outputs, rank = (rnd.randint(1, 3) for _ in range(3))
        size = min(inputs, outputs)
        values, lengths = [rnd.randint(-3, 3) for _ in range(size)], [rnd.choice([1, 1, 2, 0]) for _ in range(inputs)]
        kept = rnd.sample(range(size), min(rank, size))
        x = [[lengths[k] * (k == p) for p in range(inputs)] for k in range(inputs)]
        y = [[values[k] * lengths[k] * (k == q) if k < size else 0 for q in range(outputs)] for k in range(inputs)]
        first = [[int(j < len(kept) and kept[j] == p) for p in range(inputs)] for j in range(rank)]
        last = [[values[kept[j]] * (kept[j] == q) if j < len(kept) else 0 for j in range(rank)] for q in range(outputs)]
        data = {key: [[str(v) for v in row] for row in rows] for key, rows in (("x", x), ("y", y))}
        weights = {key: [[str(v) for v in row] for row in rows] for key, rows in (("W1", first), ("W2", last))}
        linear = {"breakpoints": [], "slopes": ["1"], "value_at_0": "0"}
        loss = {"name": "squared", "scale": "1"}
        described = {"widths": [inputs, rank, outputs], "biases": [False] * 2, "activation": linear, "loss": loss, "data": data}
        risk = sum((values[k] * lengths[k]) ** 2 for k in range(size) if k not in kept)
        claim = {"kind": "local minimum", "sentence": sentence(described, "a local minimum", "squared"), "risk": str(risk)}
        evidence = {"local_minimum": {"rule": "low rank"}}
        document = {
            "format": "exactsurf-certificate/1",
            "claim": claim,
            "problem": described,
            "parameters": weights,
            "evidence": evidence,
        }
        singular = np.linalg.svd(np.array(y, float), compute_uv=False)
        best = (singular[min(rank, size) :] ** 2).sum()
        if rejection(document) is None:
            accepted += 1
            assert abs(risk - best) < 1e-9
        else:  # a best fit may be refused only if it does not have the rank that the widths allow
            assert risk > best + 1e-9 or sum(bool(values[k] * lengths[k]) for k in kept) < min(inputs, rank, outputs)
    assert accepted > 100
