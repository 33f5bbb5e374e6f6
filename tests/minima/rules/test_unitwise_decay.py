"""Decisions with weight decay: published and planted points, random search nearby, and the criterion on sampled directions."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.exact.linear_algebra import solve
from exactsurf.minima.rules.unitwise_decay import ask
from exactsurf.model.point import Point
from tests.verifier.verdicts import rejection

F = Fraction
PROVED, REFUTED, UNDECIDED = es.Status.PROVED, es.Status.REFUTED, es.Status.UNDECIDED


def risk(problem: es.Problem, theta: es.Parameters) -> Fraction:
    """½ Σ ω (f − y)² and the penalty, by their definitions, for ReLU and one hidden layer."""
    ((w1, w2), (b1, b2)) = theta.weights, theta.biases
    total = F(0)
    for row, (y,) in zip(problem.data.x, problem.data.y, strict=True):
        z = [sum(map(F.__mul__, w, row), F(0)) + (b1[j] if b1 else 0) for j, w in enumerate(w1)]
        f = sum((v * max(F(0), value) for v, value in zip(w2[0], z, strict=True)), F(0)) + (b2[0] if b2 else 0)
        total += (f - y) ** 2 / 2
    assert problem.decay is not None
    squares = [w * w for matrix in (w1, w2) for row in matrix for w in row]
    squares += [b * b for bias in (b1, b2) if bias and problem.decay.biases for b in bias]
    return total + problem.decay.factor / 2 * sum(squares, F(0))


def nearby(theta: es.Parameters, rnd: random.Random, size: Fraction) -> es.Parameters:
    def moved(value: Fraction) -> Fraction:
        return value + rnd.choice((0, 1)) * F(rnd.randint(-100, 100), 100) * size

    named = {name: [[*map(moved, row)] if isinstance(row, tuple) else moved(row) for row in rows] for name, rows in theta.items()}
    return es.Parameters(**named)


def decided(problem: es.Problem, theta: es.Parameters, rnd: random.Random, tries: int = 60) -> es.Status:
    """The verdict, after a search of points of lower risk near a point that was proved, and a look at the lower point else."""
    verdict = es.decide(problem, theta)
    assert verdict.risk == problem.risk(theta) == risk(problem, theta)
    if verdict.status is PROVED:
        for _ in range(tries):
            near = nearby(theta, rnd, F(1, rnd.choice((50, 1000, 10**6))))
            assert risk(problem, near) >= verdict.risk
    if verdict.status is REFUTED:
        assert verdict.lower_point is not None and risk(problem, verdict.lower_point) < verdict.risk
    return verdict.status


@pytest.mark.parametrize(
    ("x", "y", "w", "v", "value", "status"),
    [
        ([1], [2], [1], [1], "3/2", PROVED),
        ([1], [2], [1, 0], [1, 0], "3/2", PROVED),
        ([1], [2], [0], [0], "2", REFUTED),
        ([1], [2], [-1], [-1], "3", REFUTED),
        ([1], [2], [0], [1], "5/2", REFUTED),
        ([1], [2], [-1], [0], "5/2", REFUTED),
        ([1, -1], [2, 2], [1], [1], "7/2", PROVED),
        ([1, -1], [2, 2], [1, 0], [1, 0], "7/2", REFUTED),
        ([1, -1], [2, 2], [1, -1], [1, 1], "3", PROVED),
    ],
)
def test_oracles(x: list[int], y: list[int], w: list[int], v: list[int], value: str, status: es.Status) -> None:
    problem = es.Problem(es.Network([1, len(w), 1], biases=False), es.Data.from_arrays(x, y), weight_decay=1)
    theta = problem.parameters(W1=[[a] for a in w], W2=[v])
    assert problem.risk(theta) == F(value)
    assert decided(problem, theta, random.Random(0)) is status


@pytest.mark.parametrize("biases", [False, [True, False], [False, True], True])
@pytest.mark.parametrize("everything", [False, True])
def test_idle_units_against_sampled_directions(biases: bool | list[bool], everything: bool) -> None:
    """At w′ = 0, v = 0 the criterion is |Σ r h(δ·x̃)| ≤ λ|δ′|, here on many directions."""
    rnd, seen = random.Random(3), Counter[es.Status]()
    for _ in range(25):
        size = rnd.choice((1, 2))
        network = es.Network([size, 1, 1], biases=biases)
        x = [[rnd.randint(-3, 3) for _ in range(size)] for _ in range(rnd.randint(2, 4))]
        r = [F(rnd.randint(-3, 3)) for _ in x]
        if network.biases[1] or (network.biases[0] and not everything):
            r[-1] = -sum(r[:-1], F(0))
        data = es.Data.from_arrays(x, [-value for value in r])
        problem = es.Problem(network, data, weight_decay=rnd.choice((1, 3, 6)), decay_biases=everything)
        start = rnd.choice((0, 1, -1)) if network.biases[0] and not everything else 0
        named = {"W1": [[0] * size], "W2": [[0]]} | ({"b1": [start]} if network.biases[0] else {})
        theta = problem.parameters(**named, **({"b2": [0]} if network.biases[1] else {}))
        status = decided(problem, theta, rnd)
        seen[status] += 1
        assert problem.decay is not None
        violated = False
        for _ in range(150):
            delta = [F(rnd.randint(-9, 9)) for _ in range(size + network.biases[0])]
            rows = [[*map(F, row), *([F(1)] if network.biases[0] else [])] for row in x]
            away = F(1, 10**4)
            z = [sum(map(F.__mul__, delta, row), F(0)) * away + start for row in rows]
            change = sum((a * max(F(0), b) for a, b in zip(r, z, strict=True)), F(0)) / away
            penalised = delta if everything or not network.biases[0] else delta[:-1]
            violated |= change**2 > problem.decay.factor**2 * sum((d * d for d in penalised), F(0))
        if violated:
            assert status is not PROVED
            assert status is REFUTED or (start > 0 and not network.biases[1])
    assert seen[PROVED] and seen[REFUTED]


@pytest.mark.parametrize("kind", ["one", "plane"])
def test_planted_minima_of_units_in_use(kind: str) -> None:
    """r with Σ_{seen} r x = −λ w/v for every unit makes the point critical; convexity of the risk in its cell is not needed."""
    rnd, seen = random.Random(5), Counter[es.Status]()
    for _ in range(15):
        factor = F(rnd.randint(1, 3), 2)
        if kind == "one":
            x: list[list[F]] = [[F(rnd.choice((-3, -2, -1, 1, 2, 3)))] for _ in range(4)] + [[F(1)], [F(-1)]]
            units = [([F(rnd.choice((1, 2)))], rnd.choice((1, -1))), ([F(-1)], rnd.choice((1, -1)))]
        else:
            x = [[F(4), F(3)], [F(3), F(4)], [F(1), F(-2)], [F(-4), F(-3)], [F(-3), F(-4)]]
            units = [([F(3), F(4)], rnd.choice((1, -1)))]
        size = len(x[0])
        lengths = [F(5) if kind == "plane" else abs(w[0]) for w, _ in units]
        r = [F(rnd.randint(-2, 2)) for _ in x]
        for (w, sign), length in zip(units, lengths, strict=True):
            active = [i for i, row in enumerate(x) if sum(map(F.__mul__, row, w), F(0)) > 0]
            free = active[-size:] if kind == "one" else active[:size]
            wanted = [-factor * entry * sign / length for entry in w]
            rest = [wanted[p] - sum((r[i] * x[i][p] for i in active if i not in free), F(0)) for p in range(size)]
            for i, value in zip(free, solve([[x[i][p] for i in free] for p in range(size)], rest), strict=True):
                r[i] = value
        network = es.Network([size, len(units), 1], biases=False)
        w1, w2 = [w for w, _ in units], [[sign * length for (_, sign), length in zip(units, lengths, strict=True)]]
        blank = es.Problem(network, es.Data.from_arrays(x, [0] * len(x)))
        theta = blank.parameters(W1=w1, W2=w2)
        y = [f - value for (f,), value in zip(blank.predictions(theta), r, strict=True)]
        problem = es.Problem(network, es.Data.from_arrays(x, y), weight_decay=factor)
        status = decided(problem, theta, rnd)
        assert status is PROVED
        other = es.Problem(network, es.Data.from_arrays(x, y), weight_decay=factor + 1)
        seen[decided(other, theta, rnd)] += 1
    assert seen[REFUTED] == 15


def test_what_is_left_open() -> None:
    absolute = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [0, 1]), "absolute", weight_decay=1)
    theta = absolute.parameters(W1=[[0]], b1=[0], W2=[[0]], b2=[0])
    verdict = es.decide(absolute, theta)
    assert verdict.status is UNDECIDED and "weight decay" in verdict.reason
    deep = es.Problem(es.Network([1, 1, 1, 1]), es.Data.from_arrays([0, 1], [0, 1]), weight_decay=1)
    theta = deep.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0], W3=[[1]], b3=[0])
    assert es.decide(deep, theta).status is REFUTED
    zero = deep.parameters(W1=[[0]], b1=[0], W2=[[0]], b2=[0], W3=[[0]], b3=["1/2"])
    assert es.decide(deep, zero).status is UNDECIDED


def test_a_spurious_minimum_and_no_search() -> None:
    problem = es.Problem(es.Network([1, 1, 1], biases=False), es.Data.from_arrays([1, -1], [2, 3]), weight_decay=1)
    theta = problem.parameters(W1=[[1]], W2=[[1]])
    lower = problem.parameters(W1=[["-7/5"]], W2=[["7/5"]])
    verdict = es.decide(problem, theta, lower=lower)
    assert verdict.status is PROVED and verdict.certificate.kind == "spurious local minimum"
    with pytest.raises(es.UnsupportedError, match="lower="):
        es.decide(problem, theta, spurious=True)


def test_few_cones() -> None:
    problem = es.Problem(es.Network([2, 1, 1]), es.Data.from_arrays([[1, 0], [0, 1], [1, 1]], [1, -2, 1]), weight_decay=9)
    theta = problem.parameters(W1=[[0, 0]], b1=[0], W2=[[0]], b2=[0])
    assert es.decide(problem, theta).status is PROVED
    answer = ask(Point(problem, theta), es.Effort(cones=1))
    assert "cones" in answer.reason


def test_long_slopes_are_rejected() -> None:
    problem = es.Problem(es.Network([1, 1, 1], biases=False), es.Data.from_arrays([1], [2]), weight_decay=2)
    document = es.decide(problem, problem.parameters(W1=[[0]], W2=[[0]])).certificate.document()
    document["problem"]["weight_decay"]["factor"] = "1"
    document["claim"]["sentence"] = document["claim"]["sentence"].replace("decay 2", "decay 1")
    assert "longer" in rejection(document).reason


@pytest.mark.parametrize(
    "loss", ["squared", "absolute", es.losses.epsilon_insensitive("1/2"), es.huber("1/2"), es.losses.quantile("1/3")]
)
@pytest.mark.parametrize("widths", [[1, 2, 1], [1, 1, 1, 1], [1, 2, 2]])
def test_every_point_has_an_answer(loss: str | es.Loss, widths: list[int]) -> None:
    """Points with many zeros, where losses have kinks: a verdict, never an error."""
    source = random.Random(f"{loss} {widths}")
    for _ in range(10):
        targets = [[source.choice([-1, 1]) for _ in range(widths[-1])] for _ in range(3)]
        data = es.Data.from_arrays([source.randint(-2, 2) for _ in range(3)], targets)
        problem = es.Problem(es.Network(widths), data, loss, weight_decay=1)
        named = {}
        for name, shape in problem.network.shapes.items():
            row = lambda shape=shape: [source.randint(-1, 1) for _ in range(shape[-1])]  # noqa: E731
            named[name] = row() if len(shape) == 1 else [row() for _ in range(shape[0])]
        verdict = es.decide(problem, problem.parameters(**named), effort=5)
        assert verdict.risk == problem.risk(problem.parameters(**named))
        assert (verdict.certificate is None) == (verdict.status is es.Status.UNDECIDED)
