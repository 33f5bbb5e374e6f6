"""SOSP-CHECK against the published worked examples and against the senses of stationarity, an independent computation."""

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import HypothesisError, UnsupportedError
from exactsurf.exact.copositivity import Sign
from exactsurf.minima.senses.sosp_check import FlatRays, SospOutput, sosp_check
from exactsurf.minima.senses.stationarity import stationarity
from tests import oracle

F = Fraction


def test_the_worked_nondifferentiable_minimum():
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([-1, 0, 1, 2], [1, -2, 3, 1]))
    answer = sosp_check(problem, problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0]))
    assert answer.output is SospOutput.LOCAL_MINIMUM and answer.decision.status is Status.PROVED
    assert answer.boundary == (1,) and answer.flat == ()
    assert [program.sign for program in answer.programs] == [Sign.POSITIVE]
    assert answer.rows()[0][:2] == ("SOSP-CHECK", "local minimum") and len(str(answer).splitlines()) == 2


def test_theorem_1_minima_are_only_sosp_where_we_prove_a_minimum():
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    answer = sosp_check(problem, problem.parameters(W1=[["1/2"], [0]], b1=[1, 1], W2=[[1, 0]], b2=[-1]))
    assert answer.output is SospOutput.SOSP and answer.decision.status is Status.PROVED


def test_flat_rays_of_a_fitted_boundary_sample():
    """Risk 9 with sample x = 3 on the boundary and residual 0: both of its rays are flat."""
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([5, 4, 3, 1, -1], [2, 1, 0, -3, 3]))
    answer = sosp_check(problem, problem.parameters(W1=[[1]], b1=[-3], W2=[[1]], b2=[0]))
    assert answer.flat == (FlatRays(0, 2, (1, -1)),)
    assert [program.signs for program in answer.programs] == [(0,), (1,), (-1,)]
    assert answer.output is not SospOutput.DESCENT and answer.decision.status is Status.PROVED


def general_point(rnd: random.Random) -> tuple[es.Problem, es.Parameters]:
    """Samples in general position; units through as many of them as they can; labels that make the point stationary, often."""
    d, units, outputs = rnd.choice((1, 2)), rnd.randint(1, 2), rnd.choice((1, 1, 2))
    xs = [[F(t) ** k for k in range(1, d + 1)] for t in rnd.sample(range(-4, 5), 6)]
    network = es.Network([d, units, outputs], rnd.choice([es.relu, es.leaky_relu("1/3"), es.relu_like(1, -2), es.absolute_value]))
    rows = []
    for _ in range(units):
        chosen = rnd.sample(xs, rnd.randint(0, d))
        while True:
            row = [F(rnd.randint(-2, 2)) for _ in range(d + 1)]
            if chosen:
                basis = oracle.kernel([[*x, F(1)] for x in chosen], d + 1)
                row = [sum((c * v for c, v in zip(row, column, strict=False)), F(0)) for column in zip(*basis, strict=True)]
            if any(row):
                break
        rows.append(row)
    blank = es.Problem(network, es.Data.from_arrays(xs, [[0] * outputs for _ in xs]))
    theta = blank.parameters(
        W1=[row[:d] for row in rows],
        b1=[row[d] for row in rows],
        W2=[[rnd.randint(-1, 2) for _ in range(units)] for _ in range(outputs)],
        b2=[rnd.randint(-1, 1) for _ in range(outputs)],
    )
    fitted = oracle.predictions(blank, theta)
    # Residuals orthogonal to outputs and active features, with a subgradient between the slopes on the walls.
    features = [[F(1)] * len(xs)]
    for row in rows:
        z = [sum((a * b for a, b in zip(row, (*x, F(1)), strict=True)), F(0)) for x in xs]
        share = rnd.choice((F(0), F(1, 2), F(1)))
        low, high = network.activation.slopes
        slopes = [high if v > 0 else low if v < 0 else low + share * (high - low) for v in z]
        features += [[s * x[p] for s, x in zip(slopes, xs, strict=True)] for p in range(d)]
        features += [slopes, [oracle.activate(network.activation, v) for v in z]]
    basis = oracle.kernel(features, len(xs))
    residuals = []
    for _ in range(outputs):
        weights = [F(rnd.randint(-3, 3)) for _ in basis]
        r = [sum((w * v[i] for w, v in zip(weights, basis, strict=True)), F(0)) for i in range(len(xs))]
        if rnd.random() < 0.15:
            r[0] += 1
        residuals.append(r)
    labels = [[f - r[i] for f, r in zip(fitted[i], residuals, strict=True)] for i in range(len(xs))]
    return es.Problem(network, es.Data.from_arrays(xs, labels)), theta


@pytest.mark.parametrize("seed", range(60))
def test_agreement_with_stationarity(seed: int):
    problem, theta = general_point(random.Random(seed))
    answer, senses = sosp_check(problem, theta), stationarity(problem, theta)
    assert (answer.output is SospOutput.DESCENT) == (senses.second_order.status is Status.REFUTED)
    assert senses.second_order.status is not Status.UNDECIDED
    if answer.output is SospOutput.DESCENT:
        slope = oracle.one_sided_derivative(problem, theta, answer.direction)
        assert slope < 0 or (slope == 0 and answer.programs)
        reach = F(1, 10**12)
        assert oracle.risk(problem, oracle.along(theta, answer.direction, reach)) < oracle.risk(problem, theta)
        assert answer.decision.status is not Status.PROVED
    if answer.output is SospOutput.LOCAL_MINIMUM:
        assert answer.decision.status is not Status.REFUTED
        assert not oracle.is_lower_nearby(problem, theta, [F(1, 10**6)], tries=12)


def test_all_outputs_occur_in_these_tests():
    outputs = {sosp_check(*general_point(random.Random(seed))).output for seed in range(20)}
    assert outputs == set(SospOutput)


def test_hypotheses():
    data = es.Data.from_arrays([0, 1, 2], [0, 1, 0])
    problem = es.Problem(es.Network([1, 1, 1]), data)
    with pytest.raises(HypothesisError, match="A2"):
        sosp_check(problem, problem.parameters(W1=[[0]], b1=[0], W2=[[1]], b2=[0]))
    huber = es.Problem(es.Network([1, 1, 1]), data, loss=es.huber(1))
    with pytest.raises(HypothesisError, match="A1"):
        sosp_check(huber, huber.parameters(W1=[[1]], b1=[1], W2=[[0]], b2=[0]))
    deep = es.Problem(es.Network([1, 1, 1, 1]), data)
    with pytest.raises(UnsupportedError, match="one hidden layer"):
        sosp_check(deep, deep.parameters(W1=[[1]], b1=[1], W2=[[0]], b2=[0], W3=[[1]], b3=[0]))
