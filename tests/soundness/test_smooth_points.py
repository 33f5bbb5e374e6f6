"""Rational points of smooth risks under attack: no false claim is accepted, and no claim fills the memory."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from exactsurf.verifier.claims import smooth_point
from tests.soundness.documents import rejection, sentence
from tests.verifier.oracle import Document
from tests.verifier.verdicts import golden

ACTIVATIONS = [{"name": name} for name in ("quadratic", "tanh", "sigmoid", "softplus")] + [{"name": "elu", "alpha": "1/2"}]

TREES = (["*", "z", ["sigmoid", "z"]], ["power", "z", 3], ["*", "z", ["exp", ["-", ["power", "z", 2]]]], ["*", "0", ["exp", "z"]])
ACTIVATIONS += [{"name": "expression", "tree": tree} for tree in TREES]


def test_a_smooth_point_is_never_both(monkeypatch: pytest.MonkeyPatch):
    """Where `fit` or `unitwise` accept, no direction and no dead unit may show a descent (lower points left aside)."""
    monkeypatch.setattr(smooth_point, "check_lower_point", lambda *_: None)
    accepted: Counter[str] = Counter()
    for seed in range(1500):
        rnd = random.Random(seed)
        described, parameters = _smooth(rnd)
        document = _smooth_claim(described, parameters, "local minimum", rule=rnd.choice(["fit", "unitwise", "unitwise"]))
        if rejection(document) is not None:
            continue
        accepted[document["evidence"]["rule"]] += 1
        for _ in range(3):
            way = {key: _shaken(rnd, value) for key, value in parameters.items()}
            weights = [str(rnd.randint(-4, 4)) for _ in range(described["widths"][0] + described["biases"][0])]
            dead = {"unit": rnd.randrange(described["widths"][1]), "output": 0, "weights": weights}
            for more in (
                {"rule": "slope", "direction": way},
                {"rule": "curvature", "direction": way},
                {"rule": "dead unit", **dead},
            ):
                false = _smooth_claim(described, parameters, "not a local minimum", lower_point={}, **more)
                assert rejection(false) is not None, false
    assert min(accepted["fit"], accepted["unitwise"]) > 10


def _smooth(rnd: random.Random) -> tuple[Document, Document]:
    widths, biases = rnd.choice([[1, 1, 1], [1, 2, 1], [2, 1, 1], [2, 2, 1]]), [rnd.random() < 0.6, rnd.random() < 0.6]
    pool = rnd.choice([[-1, 0, 1], [0, 0, 1], [-1, 1], [0]])
    parameters: Document = {}
    for layer, (above, below) in enumerate(zip(widths[1:], widths, strict=False), 1):
        parameters[f"W{layer}"] = [[str(rnd.choice(pool)) for _ in range(below)] for _ in range(above)]
        if biases[layer - 1]:
            parameters[f"b{layer}"] = [str(rnd.choice([0, 0, 1, -1])) for _ in range(above)]
    rows = []
    for _ in range(rnd.randint(1, 4)):
        x, middle = [str(rnd.randint(-2, 2)) for _ in range(widths[0])], rnd.choice([0, 0, 1, -1])
        rows += [(x, [str(middle + gap)]) for gap in rnd.choice([[0], [1], [1, -1], [1, -1], [2, -1, -1]])]
    data = {"x": [x for x, _ in rows], "y": [y for _, y in rows]}
    loss = {"name": "squared", "scale": "1/2"}
    return {"widths": widths, "biases": biases, "activation": rnd.choice(ACTIVATIONS), "loss": loss, "data": data}, parameters


def _shaken(rnd: random.Random, value: Any) -> Any:
    return [_shaken(rnd, entry) for entry in value] if isinstance(value, list) else str(rnd.randint(-2, 2))


def _smooth_claim(described: Document, parameters: Document, phrase: str, **evidence: Any) -> Document:
    article = phrase if phrase.startswith("not") else f"a {phrase}"
    units = f" of {described['activation']['name']} units"
    text = sentence(described, article, "squared", units)
    claim = {"kind": f"{phrase} of a smooth risk", "sentence": text, "risk": ["-1", "1000000"]}
    evidence = {"bits": 64, **evidence}
    return {
        "format": "exactsurf-certificate/1",
        "claim": claim,
        "problem": described,
        "parameters": parameters,
        "evidence": evidence,
    }


@pytest.mark.parametrize("activation", ["quadratic", "tower"])
def test_repeated_squares_do_not_fill_the_memory(activation: str):
    layers = 60 if activation == "quadratic" else 2
    tree: Any = "z"
    for _ in range(8):
        tree = ["power", tree, 64]
    described = {
        "widths": [1] * (layers + 1),
        "biases": [False] * layers,
        "activation": {"name": "quadratic"} if activation == "quadratic" else {"name": "expression", "tree": tree},
        "loss": {"name": "squared", "scale": "1/2"},
        "data": {"x": [["2"]], "y": [["0"]]},
    }
    document = _smooth_claim(described, {f"W{n + 1}": [["1"]] for n in range(layers)}, "local minimum", rule="fit")
    assert "not known to be rational" in (rejection(document) or "")


@pytest.mark.parametrize("name", ["smooth_point_curvature", "smooth_point_fit", "smooth_tanh"])
def test_a_bound_of_the_risk_may_be_a_long_number(name: str):
    document = golden(name)
    document["claim"]["risk"][1] = "0x" + "f" * 5000
    assert rejection(document) is None
