"""Rule `second order` with weight decay: deep networks, several outputs, kinks of the loss; brute force agrees."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

import exactsurf as es
from exactsurf.model.parameter_vector import parameters_of, vector_of
from exactsurf.verifier import Rejected, verify

X = [[1, 0], [1, 1]]


def lowest_nearby(problem: es.Problem, theta: es.Parameters, rnd: random.Random, radius: Fraction, tries: int = 150) -> bool:
    """Whether no random point within the radius has a lower risk."""
    risk, here = problem.rational_risk(theta), vector_of(theta)
    for _ in range(tries):
        moved = [v + radius * Fraction(rnd.randint(-64, 64), 64) * rnd.randint(0, 1) for v in here]
        if problem.rational_risk(parameters_of(problem.network, moved)) < risk:
            return False
    return True


def chain(depth: int, factor: str, residual: str) -> tuple[es.Problem, es.Parameters]:
    """One unit a layer, one sample: all weights 1, with 1 − y = `residual`."""
    data = es.Data.from_arrays([1], [1 - Fraction(residual)])
    problem = es.Problem(es.Network([1] * (depth + 2), biases=False), data, weight_decay=factor)
    return problem, problem.parameters(**{f"W{k}": [[1]] for k in range(1, depth + 2)})


@pytest.mark.parametrize("depth", [2, 3, 4])
@pytest.mark.parametrize(("factor", "status"), [("1/40", "PROVED"), ("1/10", "PROVED"), ("3", "REFUTED")])
def test_balanced_chains(depth: int, factor: str, status: str) -> None:
    """The risk of t in all weights is ½(tⁿ − y)² + nλt²/2; with λ large the point t = 1 is a saddle, or a maximum in t."""
    problem, theta = chain(depth, factor, f"-{factor}")
    n, value = depth + 1, Fraction(factor)
    # Along t: n² − n(n − 1)λ·… + nλ; across: the Hessian is ∇f∇fᵀ + r∇²f + λI.
    along = n - (n - 1) * value + value
    across = value + value
    assert (along > 0 and across > 0) == (status == "PROVED")
    verdict = es.decide(problem, theta)
    assert str(verdict.status) == status, verdict
    if status == "PROVED":
        assert lowest_nearby(problem, theta, random.Random(1), Fraction(1, 1000))


@pytest.mark.parametrize("loss", ["squared", "huber", "absolute"])
@pytest.mark.parametrize("widths", [[2, 2, 2, 1], [2, 2, 2, 2], [2, 2, 1, 1, 1]])
def test_the_origin_of_a_deep_network_is_a_local_minimum(widths: list[int], loss: str) -> None:
    targets: list[list[int]] = [[k - i for k in range(widths[-1])] for i in range(2)]
    problem = es.Problem(es.Network(widths, biases=False), es.Data.from_arrays(X, targets), loss, weight_decay="1/100")
    zero = parameters_of(problem.network, [Fraction(0)] * len(vector_of(es.Parameters(**_ones(widths)))))
    verdict = es.decide(problem, zero)
    assert verdict.status is es.Status.PROVED, verdict
    assert lowest_nearby(problem, zero, random.Random(2), Fraction(1, 10_000))


def _ones(widths: list[int]) -> dict[str, Any]:
    return {f"W{k + 1}": [[1] * a for _ in range(b)] for k, (a, b) in enumerate(pairwise(widths))}


def test_a_loss_by_expression() -> None:
    problem = es.Problem(es.Network([2, 2, 2, 1], biases=False), es.Data.from_arrays(X, [1, -1]), "logistic", weight_decay="1/9")
    zero = problem.parameters(W1=[[0, 0]] * 2, W2=[[0, 0]] * 2, W3=[[0, 0]])
    verdict = es.decide(problem, zero)
    assert verdict.status is es.Status.PROVED, verdict
    assert json.loads(verdict.certificate.encoded)["evidence"]["parts"][0]["rule"] == "second order"


def test_random_points_are_never_wrong() -> None:
    rnd, decided = random.Random(7), 0
    for _ in range(25):
        widths = rnd.choice([[1, 1, 1, 1], [1, 2, 2], [2, 1, 2], [1, 1, 1, 1, 1]])
        biases = rnd.random() < 0.3
        network = es.Network(widths, rnd.choice(["relu", "leaky_relu:1/2"]), biases=biases)
        x = [[rnd.randint(-2, 2) for _ in range(widths[0])] for _ in range(3)]
        y = [[rnd.randint(-2, 2) for _ in range(widths[-1])] for _ in range(3)]
        options = {"weight_decay": Fraction(1, rnd.randint(1, 5)), "decay_biases": rnd.random() < 0.5}
        problem = es.Problem(network, es.Data.from_arrays(x, y), rnd.choice(["squared", "absolute", "huber"]), **options)
        size = sum((a + biases) * b for a, b in pairwise(widths))
        theta = parameters_of(network, [Fraction(rnd.choice([0, 0, 0, 1, -1])) for _ in range(size)])
        verdict = es.decide(problem, theta)
        decided += verdict.status is not es.Status.UNDECIDED
        if verdict.status is es.Status.PROVED:
            assert lowest_nearby(problem, theta, rnd, Fraction(1, 200), 60)
        elif verdict.status is es.Status.REFUTED:
            assert problem.risk(verdict.lower_point) < problem.risk(theta)
    assert decided > 15


def test_tampering_is_noticed(tmp_path) -> None:
    problem, theta = chain(2, "1/10", "-1/10")
    certificate = es.decide(problem, theta).certificate
    assert certificate is not None
    document = json.loads(certificate.encoded)
    assert document["evidence"]["local_minimum"]["rule"] == "second order"
    for change in (
        lambda d: d["problem"]["weight_decay"].update(factor="1/5"),
        lambda d: d["problem"].pop("weight_decay"),
        lambda d: d["problem"]["data"].update(y=[["6/5"]]),
        lambda d: d["parameters"].update(W1=[["2"]]),
        lambda d: d["claim"].update(risk="1/7"),
        lambda d: d["evidence"]["local_minimum"].update(nodes=[]),
        lambda d: d["claim"].update(sentence=d["claim"]["sentence"].replace("1/10", "1/9")),
    ):
        changed = json.loads(json.dumps(document))
        change(changed)
        with pytest.raises(Rejected):
            verify(json.dumps(changed).encode())
    assert es.load(certificate.save(tmp_path / "point.json")) == certificate
    assert "weight decay" in es.markdown(certificate)


def test_a_minimum_without_it_is_none_with_it() -> None:
    """Without weight decay the invariances of the network are taken off; with it nothing is."""
    plain = es.Problem(es.Network([1, 1, 1, 1], biases=False), es.Data.from_arrays([1], [1]))
    theta = plain.parameters(W1=[[1]], W2=[[1]], W3=[[1]])
    assert es.decide(plain, theta).status is es.Status.PROVED
    decayed = es.Problem(plain.network, plain.data, weight_decay="1/1000")
    assert es.decide(decayed, theta).status is es.Status.REFUTED
