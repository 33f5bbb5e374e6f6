"""Random instances built so that all hypotheses of a newer row hold: its conclusion is never refuted, and mostly proved.

`EXACTSURF_SWEEP=1000` makes the sweeps as long as before a release.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.papers import THEOREMS
from tests.sweep import draws

F = Fraction
SWEEP = draws(12)
Instance = tuple[es.Problem, es.Parameters | None]


def numbers(source: random.Random, count: int, over: int = 4) -> list[Fraction]:
    return [F(source.randint(-20, 20), over) for _ in range(count)]


def random_point(source: random.Random, problem: es.Problem) -> es.Parameters:
    named = {
        name: numbers(source, s[0]) if len(s) == 1 else [numbers(source, s[1]) for _ in range(s[0])]
        for name, s in problem.network.shapes.items()
    }
    return problem.parameters(**named)


def one_region(source: random.Random) -> Instance:
    x = random.Random(source.random()).sample(range(-9, 10), 4)
    problem = es.Problem(es.Network([1, source.randint(1, 3), 1]), es.Data.from_arrays(x, numbers(source, 4)))
    return problem, random_point(source, problem)


def aligned(source: random.Random) -> Instance:
    """Targets near a positive line: the best linear fit is positive on all samples."""
    x = [F(v, 10) for v in random.Random(source.random()).sample(range(-9, 10), 3)]
    y = [2 + v / 5 + F(source.randint(-3, 3), 10) for v in x]
    return es.Problem(es.Network([1, source.randint(2, 4), 1], biases=[True, False]), es.Data.from_arrays(x, y)), None


def chain(source: random.Random) -> Instance:
    layers = source.randint(2, 4)
    weights = [F(source.choice([-1, 1]) * source.randint(1, 9), source.randint(1, 9)) for _ in range(layers)]
    product = F(1)
    for value in weights:
        product *= value
    x = [F(source.choice([-1, 1]) * source.randint(1, 5)) for _ in range(2)]
    problem = es.Problem(
        es.Network([1] * (layers + 1), es.linear, biases=False), es.Data.from_arrays(x, [product * v for v in x])
    )
    return problem, problem.parameters(**{f"W{k}": [[w]] for k, w in enumerate(weights, start=1)})


def margins(source: random.Random) -> Instance:
    """A balanced linear unit that classifies two samples: a KKT point."""
    weight, (near, far) = F(source.randint(1, 5), source.randint(1, 5)), sorted(source.sample(range(1, 9), 2))
    problem = es.Problem(es.Network([1, 1, 1], es.linear, biases=False), es.Data.from_arrays([near, -far], [1, -1]))
    return problem, problem.parameters(W1=[[weight]], W2=[[weight]])


def many_units(source: random.Random) -> Instance:
    x = random.Random(source.random()).sample([-3, -2, -1, 1, 2, 3], 2)
    network = es.Network([1, 3, 1], es.leaky_relu("1/2"), biases=False)
    return es.Problem(network, es.Data.from_arrays(x, [source.randint(-3, 3) for _ in x])), None


def functions(source: random.Random) -> Instance:
    widths = source.choice([[2, 2, 1], [2, 3, 1], [2, 2, 2], [3, 3, 1]])
    problem = es.Problem(es.Network(widths), es.Data.from_arrays([[0] * widths[0]], [[0] * widths[-1]]))
    return problem, random_point(source, problem)


MADE: dict[str, Callable[[random.Random], Instance]] = {
    "liu_2021.differentiable_minima": one_region,
    "boursier_2025.spurious_collapse": aligned,
    "mulayoff_2020.flattest_chain": chain,
    "vardi_2022.kkt_is_optimal": margins,
    "nguyen_2021.one_more_than_samples": many_units,
    "grigsby_2022.upper_bound": functions,
    "grigsby_2023.no_hidden_symmetries": functions,
    "grillo_2026.identifiable_parameters": functions,
    "stargalla_2025.six_counts": functions,
}
"""Rows about more than one local minimum; those of `wu_2025`, `sharifnassab_2020` and older papers have sweeps of their own."""


@pytest.mark.parametrize("key", MADE)
def test_nothing_is_refuted_where_the_hypotheses_hold(key: str) -> None:
    theorem, seen = THEOREMS[key], Counter[es.Outcome]()
    for seed in range(SWEEP):
        problem, point = MADE[key](random.Random(seed))
        report = theorem.examine(problem, point)
        seen[report.outcome] += 1
        assert not (report.failing == () and report.conclusion.status is es.Status.REFUTED), (key, seed, report.summary)
        if report.conclusion.certificate is not None:
            es.verify(report.conclusion.certificate.encoded)
    assert seen[es.Outcome.CONFIRMED] * 2 >= SWEEP, (key, seen)
