"""First and second order by squares of outputs: losses that are not convex, softmax, weight decay."""

from __future__ import annotations

import json
import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.certificate.claims.analytic_point import LOCAL_MINIMUM_OF_ANALYTIC_RISK, AnalyticPoint
from exactsurf.certificate.rules.analytic import Squares
from exactsurf.certificate.verdict import Status
from exactsurf.minima.analytic.analytic_point import AnalyticPosition
from exactsurf.minima.analytic.squares import decide_by_squares, squares_below
from exactsurf.verifier import verify
from tests.minima.analytic.planted import planted
from tests.verifier.analytic_examples import assert_true

F = Fraction


def evidence_of(verdict: es.Verdict):
    assert verdict.certificate is not None
    return verdict.certificate.evidence


@pytest.mark.parametrize(
    ("weight", "status"), [(0, Status.PROVED), (4, Status.PROVED), ("9/2", Status.UNDECIDED), (5, Status.REFUTED)]
)
def test_a_loss_that_is_concave_at_some_samples(weight, status: Status) -> None:
    """4u³ − 4u is −3/2 at ½ and 15/2 at 3/2, where the second derivatives are −1 and 23; at u = 0 it is 0, and they are −4.

    With the weights 5, 1 and w the second derivative by the bias is 18 − 4w; at w = 9/2 fourth order would have to decide.
    """
    x, y, weights = [0, 0, 0], ["-1/2", "-3/2", 0], [5, 1, weight]
    count = 3 if weight else 2
    data = es.Data.from_arrays(x[:count], y[:count], weights=weights[:count])
    problem = es.Problem(es.Network([1, 1]), data, "(f - y)**4 - 2*(f - y)**2")
    verdict = es.decide(problem, problem.parameters(W1=[[1]], b1=[0]))
    assert verdict.status is status
    if verdict.certificate is not None:
        assert_true(json.loads(verdict.certificate.encoded), 40)


@pytest.mark.parametrize("loss", ["(f - y)**4 - 3*(f - y)**2", "f**2*y**2 - f**4/100 + f*y", "exp(-(f - y)**2)"])
def test_random_points_of_losses_that_are_not_convex(loss: str) -> None:
    source = random.Random(1)
    for _ in range(12):
        network = es.Network([1, source.randint(1, 2), 1], biases=source.random() < 0.5)
        x, y = [source.randint(-1, 1) for _ in range(3)] * 2, [source.randint(-1, 1) for _ in range(6)]
        problem = es.Problem(network, es.Data.from_arrays(x, y), loss)
        named = {
            name: [[source.randint(-1, 1) for _ in range(shape[-1])] for _ in range(shape[0] if len(shape) == 2 else 1)]
            for name, shape in network.shapes.items()
        }
        theta = problem.parameters(**{name: rows if name[0] == "W" else rows[0] for name, rows in named.items()})
        verdict = es.decide(problem, theta, effort=5)
        if verdict.certificate is not None:
            assert_true(json.loads(verdict.certificate.encoded), 25)


def test_softmax_by_second_order() -> None:
    """Planted points with three classes: where first and second order hold, the verifier follows, and numbers agree."""
    source, proved = random.Random(4), 0
    while proved < 3:
        found = planted(source, "cross_entropy", 3, 1, source.randint(4, 6))
        if found is None:
            continue
        here = AnalyticPosition(*found)
        answer = decide_by_squares(here, 40, es.Effort())
        if not isinstance(answer, tuple):
            continue
        proved += 1
        evidence, _, kind = answer
        assert kind.isolated_modulo_invariance
        risk = here.risk(64)
        bounds = (risk.lower - 1, risk.upper + 1)
        certificate = AnalyticPoint(LOCAL_MINIMUM_OF_ANALYTIC_RISK, *found, bounds, evidence, 128)
        verify(certificate.encoded)
        assert_true(json.loads(certificate.encoded), 25)


@pytest.mark.parametrize("factor", ["1/10", "1/3", 1, 3])
def test_softmax_with_weight_decay(factor) -> None:
    """Balanced classes at x = 1: all weights 0 are the minimum of any strength, and a hidden layer is strict there, too."""
    data = es.Data.from_arrays([1, 1, 1], [0, 1, 2])
    plain = es.Problem(es.Network([1, 3], biases=False), data, "cross_entropy", weight_decay=factor)
    verdict = es.decide(plain, plain.parameters(W1=[[0]] * 3))
    assert verdict.status is Status.PROVED and isinstance(evidence_of(verdict).curvatures, Squares)
    assert verdict.kind.strict
    deep = es.Problem(es.Network([1, 2, 3], biases=False), data, "cross_entropy", weight_decay=factor)
    zero = deep.parameters(W1=[[0], [0]], W2=[[0, 0]] * 3)
    assert es.decide(deep, zero).status is Status.PROVED


def test_unbalanced_softmax_falls_with_weight_decay() -> None:
    data = es.Data.from_arrays([1, 1, 1], [0, 0, 2])
    problem = es.Problem(es.Network([1, 2, 3], biases=False), data, "cross_entropy", weight_decay="1/100")
    verdict = es.decide(problem, problem.parameters(W1=[[0], [0]], W2=[[0, 0]] * 3))
    assert verdict.status is Status.REFUTED
    assert problem.risk(verdict.lower_point).upper < verdict.risk.lower


def test_convex_losses_that_are_flat_at_some_samples_need_no_curvature() -> None:
    problem = es.Problem(es.Network([1, 1, 2], biases=False), es.Data.from_arrays([-1, -1], [[0, 1], [1, 1]]), "power(4)")
    verdict = es.decide(problem, problem.parameters(W1=[[0]], W2=[[-1], [0]]))
    assert verdict.status is Status.PROVED and evidence_of(verdict).curvatures is None
    assert_true(json.loads(verdict.certificate.encoded), 40)


def test_texts_and_reading_back(tmp_path) -> None:
    problem = es.Problem(
        es.Network([1, 1]), es.Data.from_arrays([0, 0], ["-1/2", "-3/2"], weights=[5, 1]), "(f - y)**4 - 2*(f - y)**2"
    )
    certificate = es.decide(problem, problem.parameters(W1=[[1]], b1=[0])).certificate
    assert "second derivatives are below those of the loss" in es.markdown(certificate)
    assert es.load(certificate.save(tmp_path / "point.json")) == certificate


def test_squares_are_strictly_below() -> None:
    problem = es.Problem(es.Network([1, 3]), es.Data.from_arrays([0, 1], [0, 2]), "cross_entropy")
    here = AnalyticPosition(problem, problem.parameters(W1=[[0], [1], [2]], b1=[0, 0, 0]))
    for bits in (8, 40):
        for row, loss in zip(squares_below(here, bits).rows, here.sample_losses(256), strict=True):
            for parts, q in row:
                exact = -loss.hessian[parts[0][0]][parts[1][0]].upper
                assert exact - exact / 2 ** (bits - 2) < q < exact
