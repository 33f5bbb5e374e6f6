"""Boxes with weight decay: trained networks of any depth and loss end in one, and finite differences agree with its kind."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

import exactsurf as es
from exactsurf.model.parameter_vector import vector_of
from exactsurf.verifier import Rejected, verify

X = np.array([[0, 1], [1, 0.5], [-1, 2], [2, -1], [-2, -1], [1, 2], [0.5, -2], [-1, -0.5], [2, 2], [-2, 1]])
NUMBERS = np.array([1, 0.5, -1, 2, 0, 1, -0.5, 0.25, 1.5, -1])
CLASSES = np.array([0, 1, 2, 1, 0, 2, 1, 0, 2, 0])


def losses(kind: str, f: np.ndarray) -> float:
    if kind == "squared":
        return float(((f[:, 0] - NUMBERS) ** 2).sum() / 2)
    if kind == "huber":
        u = abs(f[:, 0] - NUMBERS)
        return float(np.where(u <= 1, u**2 / 2, u - 0.5).sum())
    if kind == "logistic":
        y = np.where(CLASSES > 0, 1, -1)
        return float(np.logaddexp(0, -y * f[:, 0]).sum())
    return float((np.log(np.exp(f).sum(1)) - f[np.arange(len(f)), CLASSES]).sum())


def trained(widths: list[int], kind: str, factor: float, biases: bool, seed: int) -> tuple[dict[str, Any], float]:
    """Parameters of a tanh network after descent in floats, and their risk."""
    shapes = [s for a, b in pairwise(widths) for s in ((b, a), (b,))]

    def split(v: np.ndarray) -> list[np.ndarray]:
        ends = np.cumsum([int(np.prod(s)) for s in shapes])[:-1]
        return [part.reshape(s) for part, s in zip(np.split(v, ends), shapes, strict=True)]

    def risk(v: np.ndarray) -> float:
        parts, a = split(v), X
        for layer in range(0, len(parts), 2):
            a = a @ parts[layer].T + parts[layer + 1]
            a = np.tanh(a) if layer + 2 < len(parts) else a
        penalty = sum((part**2).sum() for k, part in enumerate(parts) if biases or k % 2 == 0)
        return losses(kind, a) + factor / 2 * penalty

    start = np.random.default_rng(seed).normal(size=sum(int(np.prod(s)) for s in shapes))
    found = minimize(risk, start, method="BFGS", options={"maxiter": 2000})
    names = [f"{letter}{layer}" for layer in range(1, len(widths)) for letter in "Wb"]
    return dict(zip(names, split(found.x), strict=True)), float(found.fun)


def problem(widths: list[int], kind: str, biases: bool) -> es.Problem:
    targets = {"squared": NUMBERS, "huber": NUMBERS, "logistic": (CLASSES > 0).astype(int)}.get(kind, CLASSES)
    data = es.Data.from_arrays(
        *([[*map(es.exact_float, map(float, row))] for row in np.atleast_2d(t)] for t in (X, targets[:, None]))
    )
    if kind == "cross_entropy":
        data = es.Data.from_arrays(data.x, CLASSES.tolist())
    return es.Problem(es.Network(widths, "tanh"), data, kind, weight_decay="1/5", decay_biases=biases)


CASES = [
    ([2, 2, 1], "squared", False),
    ([2, 2, 2, 1], "squared", True),
    ([2, 2, 1], "logistic", True),
    ([2, 2, 3], "cross_entropy", False),
    ([2, 2, 3], "cross_entropy", True),
    ([2, 1, 1, 1], "huber", False),
]


@pytest.mark.parametrize(("widths", "kind", "biases"), CASES)
def test_a_trained_network_ends_in_a_box(widths, kind, biases):
    given, (floats, value) = problem(widths, kind, biases), trained(widths, kind, 0.2, biases, 1)
    box = es.polish(given, floats)
    assert isinstance(box, es.CriticalBox) and box.kind == "local minimum in a box", box
    assert box.held == () and "with weight decay 1/5" in box.certificate.sentence
    assert box.certificate.sentence.startswith("Up to one number") == (kind == "cross_entropy" and not biases)
    assert float(box.risk.lower) - 1e-6 <= value <= float(box.risk.upper) + 1e-6
    start = [float(entry) for name in floats for entry in np.ravel(floats[name])]
    assert np.allclose([float(v) for v in vector_of(box.parameters)], start, atol=1e-3)


def test_leaky_networks_off_their_kinks():
    data = es.Data.from_arrays([-3, -2, -1, 1, 2, 3], ["-7/4", "-1/4", "-3/4", "1", "3", "5/2"])
    given = es.Problem(es.Network([1, 1, 1, 1], "leaky_relu:1/2", biases=False), data, weight_decay="1/10")
    found = es.polish(given, W1=[[1.0]], W2=[[1.0]], W3=[[1.0]])
    assert found.box is not None and found.box.kind == "local minimum in a box" and found.box.held == ()
    # At a minimum of a homogeneous network the layers have equal norms.
    assert len({round(abs(float(v)), 4) for v in vector_of(found.parameters)}) == 1


def test_the_origin_is_a_saddle_or_a_minimum_as_the_factor_says():
    data = es.Data.from_arrays([1, 2], [1, 2])
    kinds = {}
    for factor in ("1/10", "10"):
        given = es.Problem(es.Network([1, 1, 1], "tanh", biases=False), data, weight_decay=factor)
        kinds[factor] = es.find_critical_box(given, W1=[[0]], W2=[[0]]).kind
        decided = es.decide(given, given.parameters(W1=[[0]], W2=[[0]])).status
        assert decided is (es.Status.REFUTED if factor == "1/10" else es.Status.UNDECIDED)
    assert kinds == {"1/10": "no local minimum in a box", "10": "local minimum in a box"}


def test_tampering_is_noticed():
    given, (floats, _) = problem([2, 2, 3], "cross_entropy", False), trained([2, 2, 3], "cross_entropy", 0.2, False, 1)
    document = json.loads(es.polish(given, floats).certificate.encoded)
    verify(json.dumps(document).encode())
    for change in (
        lambda d: d["problem"]["weight_decay"].update(factor="1/4"),
        lambda d: d["problem"]["weight_decay"].update(factor="0"),
        lambda d: d["problem"]["weight_decay"].update(biases=True),
        lambda d: d["problem"].pop("weight_decay"),
        lambda d: d["claim"].update(held=[[1, 0, 0], [1, 1, 0]]),
        lambda d: d["claim"].update(sentence=d["claim"]["sentence"].replace("number", "function")),
        lambda d: d["claim"].update(sentence=d["claim"]["sentence"].replace("1/5", "2/5")),
        lambda d: d["claim"].update(risk=["0", "1"]),
        lambda d: d["parameters"]["W1"][0].__setitem__(0, "0"),
        lambda d: d.update(format="exactsurf-certificate/1"),
    ):
        changed = json.loads(json.dumps(document))
        change(changed)
        with pytest.raises(Rejected):
            verify(json.dumps(changed).encode())


def test_texts_and_reading_back(tmp_path):
    given, (floats, _) = problem([2, 2, 3], "cross_entropy", False), trained([2, 2, 3], "cross_entropy", 0.2, False, 1)
    certificate = es.polish(given, floats).certificate
    text = es.markdown(certificate)
    assert "weight decay" in text and "the bias of the last output" in text
    assert es.load(certificate.save(tmp_path / "box.json")).encoded == certificate.encoded


def test_dead_units_are_not_left_out():
    """Their weights are penalised: where they are not 0, nothing nearby is critical, and where they are, a bias is free."""
    data = es.Data.from_arrays([-3, -2, 2, 3], [-1, 1, 2, 4])
    given = es.Problem(es.Network([1, 2, 1], "leaky_relu:1/2", biases=[True, False]), data, weight_decay="1/10")
    relu = es.Problem(es.Network([1, 2, 1], biases=[True, False]), data, "log_cosh", weight_decay="1/10")
    for problem_ in (given, relu):
        found = es.polish(problem_, W1=[[1.0], [0.1]], b1=[4.0, -9.0], W2=[[0.4, 0.7]])
        assert found.dead_units == () and (found.box is None or found.box.problem.decay == problem_.decay)
