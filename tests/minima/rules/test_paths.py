"""The path test: Paths is returned exactly if the frozen risk is constant near the point, which exact sampling sees."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.point import Certificate
from exactsurf.certificate.rules.paths import Paths
from exactsurf.certificate.verdict import Status
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rules.paths import check_paths
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from tests import oracle
from tests.minima.planted import ACTIVATIONS
from tests.sweep import draws

F = Fraction
Subgradient = Sequence[Sequence[Fraction]]


def frozen_risk(problem: es.Problem, theta: Parameters, r: Subgradient) -> Fraction:
    """Ψ = Σ r·f."""
    pairs = zip(r, oracle.predictions(problem, theta), strict=True)
    return sum((a * b for row, f in pairs for a, b in zip(row, f, strict=True)), F(0))


def is_constant_nearby(problem: es.Problem, theta: Parameters, r: Subgradient, rnd: random.Random) -> bool:
    """Whether Ψ has the same value at many random points very near θ (a polynomial that is not constant has not)."""
    here = frozen_risk(problem, theta, r)
    for size in (F(1, 10**20), F(1, 10**25)):
        for _ in range(4):
            if frozen_risk(problem, oracle.along(theta, oracle.random_direction(problem, rnd), size), r) != here:
                return False
    return True


def random_network(rnd: random.Random) -> es.Network:
    widths = [rnd.randint(1, 2), *[rnd.randint(1, 3) for _ in range(rnd.randint(0, 3))], rnd.randint(1, 2)]
    return es.Network(widths, rnd.choice([*ACTIVATIONS, es.linear]), biases=[rnd.random() < 0.7 for _ in widths[1:]])


def random_inputs(rnd: random.Random, network: es.Network) -> list[list[Fraction]]:
    """Some inputs come twice, so that their residuals may cancel."""
    rows = [[F(rnd.randint(-3, 3)) for _ in range(network.widths[0])] for _ in range(rnd.randint(1, 3))]
    return [row for row in rows for _ in range(rnd.choice((1, 2, 2)))]


def linear_features(problem: es.Problem, theta: Parameters, rnd: random.Random) -> list[list[Fraction]]:
    """Enough points of the map from r to changes of Ψ to span the conditions on r, one output at a time."""
    rows = []
    for _ in range(12):
        size = F(1, 10**20) * rnd.randint(1, 9)
        moved = oracle.predictions(problem, oracle.along(theta, oracle.random_direction(problem, rnd), size))
        here = oracle.predictions(problem, theta)
        rows.append([a - b for p, q in zip(moved, here, strict=True) for a, b in zip(p, q, strict=True)])
    return rows


def plant_smooth(rnd: random.Random) -> tuple[es.Problem, Parameters]:
    """Residuals in the kernel of what random motions do to the predictions, or nearly so."""
    network = random_network(rnd)
    x = random_inputs(rnd, network)
    blank = es.Problem(network, es.Data.from_arrays(x, [[1] * network.widths[-1]] * len(x)))
    theta = oracle.random_direction(blank, rnd, density=0.8)
    basis = oracle.kernel(linear_features(blank, theta, rnd), len(x) * network.widths[-1])
    coefficients = [F(rnd.randint(-3, 3)) for _ in basis]
    flat = [sum((c * b[k] for c, b in zip(coefficients, basis, strict=True)), F(0)) for k in range(len(x) * network.widths[-1])]
    if rnd.random() < 0.2:
        flat[rnd.randrange(len(flat))] += F(rnd.choice((1, -1)), rnd.choice((1, 10**30)))
    width = network.widths[-1]
    y = [[f - flat[i * width + k] for k, f in enumerate(row)] for i, row in enumerate(oracle.predictions(blank, theta))]
    return es.Problem(network, es.Data.from_arrays(x, y)), theta


@pytest.mark.slow
@pytest.mark.parametrize("block", range(3))
def test_smooth_losses(block: int) -> None:
    rnd, seen = random.Random(block), Counter[str]()
    for _ in range(80):
        problem, theta = plant_smooth(rnd)
        r = [
            [a - b for a, b in zip(f, y, strict=True)]
            for f, y in zip(oracle.predictions(problem, theta), problem.data.y, strict=True)
        ]
        breakpoints = problem.network.activation.breakpoints
        ambiguous = any(
            any(row) and any(z in breakpoints for layer in oracle.pre_activations(problem, theta, x)[:-1] for z in layer)
            for row, x in zip(r, problem.data.x, strict=True)
        )
        answer = check_paths(Point(problem, theta))
        constant = is_constant_nearby(problem, theta, r, rnd)
        trivial = "" if any(map(any, r)) else " trivially"
        if isinstance(answer, Paths):
            assert constant and answer.subgradient is None
            verdict = es.decide(problem, theta)
            assert verdict.status is Status.PROVED
            assert not oracle.is_lower_nearby(problem, theta, [F(1, 10**8), F(1, 10**30)], tries=6)
            seen[f"deep {problem.network.layers > 2}{trivial}"] += 1
        else:
            # The test is allowed to be silent at walls only. Inside a cell it is silent exactly if Ψ is not constant.
            assert ambiguous or not constant, (problem, theta)
            seen["no"] += 1
    assert seen["deep True"] >= 10 and seen["deep False"] >= 5 and seen["no"] >= 10, seen


def plant_kinks(rnd: random.Random) -> tuple[es.Problem, Parameters]:
    """A kinked loss, with targets such that a known choice of subgradients makes Ψ constant: duplicates that cancel."""
    network = random_network(rnd)
    loss = rnd.choice((es.absolute, es.absolute.mean, es.absolute.scaled("2/3")))
    rows = [[F(rnd.randint(-3, 3)) for _ in range(network.widths[0])] for _ in range(rnd.randint(1, 2))]
    x = [row for row in rows for _ in range(3)]
    blank = es.Problem(network, es.Data.from_arrays(x, [[1] * network.widths[-1]] * len(x)), loss)
    theta = oracle.random_direction(blank, rnd, density=0.8)
    y = []
    for i, f in enumerate(oracle.predictions(blank, theta)):
        # Of three copies one lies below, one above or at the kink, one at the kink: slopes 1 and −1 and anything.
        shift = (1, rnd.choice((0, -1)), 0)[i % 3]
        y.append([value + shift for value in f])
    return es.Problem(network, es.Data.from_arrays(x, y), loss), theta


def test_kinked_losses_find_subgradients() -> None:
    rnd, found = random.Random(5), 0
    for _ in range(count := draws(20)):
        problem, theta = plant_kinks(rnd)
        answer = check_paths(Point(problem, theta), merges=True)
        assert isinstance(answer, Paths) and answer.subgradient is not None
        unit = oracle.scale(problem)
        for row, f, y in zip(answer.subgradient, oracle.predictions(problem, theta), problem.data.y, strict=True):
            for r, a, b in zip(row, f, y, strict=True):
                assert -unit <= r <= unit if a == b else r == (unit if a > b else -unit)
        assert is_constant_nearby(problem, theta, answer.subgradient, rnd)
        verdict = es.decide(problem, theta)
        assert verdict.status is Status.PROVED and verdict.certificate is not None
        assert es.verify(verdict.certificate.encoded).kind == "local minimum"
        assert not oracle.is_lower_nearby(problem, theta, [F(1, 10**8), F(1, 10**30)], tries=6)
        found += 1
    assert 4 * found >= count


def test_hinge_at_the_margin() -> None:
    """f = 1 on both classes: the subgradients −1 of the first and +1 of the second sample cancel."""
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([1, 1], [1, -1]), es.hinge)
    theta = problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])
    verdict = es.decide(problem, theta)
    assert verdict.status is Status.PROVED and verdict.certificate is not None
    evidence = verdict.certificate.local_minimum
    assert isinstance(evidence, Paths) and evidence.subgradient == ((F(-1),), (F(1),))
    assert not oracle.is_lower_nearby(problem, theta, [F(1, 10), F(1, 10**6)], tries=100)


def test_no_subgradient_fits() -> None:
    """Slopes −1, −1 and at most 1: nothing cancels, and the point is no local minimum."""
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([1, 1, 1], [2, 2, 1]), es.absolute)
    theta = problem.parameters(W1=[[1]], b1=[0])
    answer = check_paths(Point(problem, theta))
    assert isinstance(answer, NotProved) and "subgradients" in answer.reason
    assert es.decide(problem, theta).status is Status.REFUTED


def test_samples_on_walls_count_only_with_residuals() -> None:
    data = es.Data.from_arrays([0, 1, 1], [0, 2, 0])
    problem = es.Problem(es.Network([1, 2, 2, 1]), data)
    theta = problem.parameters(W1=[[1], [1]], b1=[0, 0], W2=[[1, 0], [0, 1]], b2=[0, 0], W3=[[1, 0]], b3=[0])
    verdict = es.decide(problem, theta)
    assert verdict.status is Status.PROVED and verdict.risk == 1
    shifted = es.Problem(problem.network, es.Data.from_arrays([0, 1, 1], ["1/1000", 2, 0]))
    assert es.decide(shifted, theta).status is not Status.PROVED
    answer = check_paths(Point(shifted, theta))
    assert isinstance(answer, NotProved) and answer.reason.startswith("sample 0 has a unit at a breakpoint")


LOSSES = [es.squared, es.huber("1/2"), es.absolute, es.hinge]


def test_samples_with_the_same_inputs_count_as_one() -> None:
    """Labels that contradict each other, fitted as well as can be: minima wherever the units are."""
    rnd, found = random.Random(8), Counter[str]()
    for _ in range(count := draws(48)):
        problem, theta = plant_best_constant(rnd)
        answer = check_paths(Point(problem, theta), merges=True)
        assert isinstance(answer, Paths)
        assert isinstance(check_paths(Point(problem, theta)), Paths) is not answer.merged
        risk = problem.rational_risk(theta)
        certificate = confirmed(Certificate("local minimum", problem, theta, risk, local_minimum=answer))
        assert ("/2" in certificate.document()["format"]) >= answer.merged
        assert es.decide(problem, theta).status is Status.PROVED
        assert not oracle.is_lower_nearby(problem, theta, [F(1, 10), F(1, 10**8)], tries=6)
        found[f"{answer.merged} {answer.subgradient is None}"] += 1
    assert all(16 * found[f"{merged} {smooth}"] >= count for merged in (True, False) for smooth in (True, False)), found


def plant_best_constant(rnd: random.Random) -> tuple[es.Problem, Parameters]:
    """Each input several times, with targets of which the prediction is a minimiser, in random order."""
    network, loss = random_network(rnd), rnd.choice(LOSSES)
    rows = [[F(rnd.randint(-2, 2)) for _ in range(network.widths[0])] for _ in range(rnd.randint(1, 2))]
    blank = es.Problem(network, es.Data.from_arrays(rows, [[1] * network.widths[-1]] * len(rows)))
    theta = oracle.random_direction(blank, rnd, density=0.7)
    pairs = []
    for row, f in zip(rows, oracle.predictions(blank, theta), strict=True):
        pairs += [(row, y) for y in _targets(loss, f, rnd)]
    rnd.shuffle(pairs)
    if loss is es.hinge and (network.widths[-1] > 1 or any(abs(f) > 1 for (f,) in oracle.predictions(blank, theta))):
        return plant_best_constant(rnd)
    x, y = zip(*pairs, strict=True)
    return es.Problem(network, es.Data.from_arrays(x, y), loss), theta


def _targets(loss: es.Loss, f: list[Fraction], rnd: random.Random) -> list[list[Fraction]]:
    if loss is es.hinge:
        return [[F(1)], [F(-1)]]
    away = F(rnd.randint(1, 3))
    shifts = [-away, away, F(0), F(0)] if loss == es.absolute else [-away, away]
    return [[value + shift for value in f] for shift in shifts]


def test_residuals_that_do_not_cancel() -> None:
    problem = es.Problem(es.Network([1, 1, 1, 1]), es.Data.from_arrays([1, 1, 0], [1, "-1/2", 0]))
    theta = problem.parameters(W1=[[1]], b1=[-1], W2=[[1]], b2=[1], W3=[[1]], b3=[-1])
    answer = check_paths(Point(problem, theta), merges=True)
    assert isinstance(answer, NotProved)
    assert answer.reason == "samples 0, 1 have the same inputs, a unit at a breakpoint, and residuals that do not cancel"


def test_classes_with_the_same_inputs() -> None:
    """Three classes on one input, equal outputs, the first hinge's slopes all 1: they cancel over the samples only."""
    classes = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    problem = es.Problem(es.Network([1, 1, 1, 3]), es.Data.from_arrays([1, 1, 1], classes), es.hinge)
    theta = problem.parameters(W1=[[1]], b1=[-1], W2=[[1]], b2=[0], W3=[[1], [1], [1]], b3=[0, 0, 0])
    answer = check_paths(Point(problem, theta), merges=True)
    assert isinstance(answer, Paths) and answer.merged and answer.subgradient is None
    verdict = es.decide(problem, theta)
    assert verdict.status is Status.PROVED and verdict.risk == 6
    uneven = es.Problem(problem.network, es.Data.from_arrays([1, 1], classes[:2]), es.hinge)
    assert isinstance(check_paths(Point(uneven, theta), merges=True), NotProved)
