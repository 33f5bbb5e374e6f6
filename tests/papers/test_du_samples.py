"""The opposite filter on symmetric samples: random ones never contradict the proposition, small moves never lower the risk."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.papers.du_samples import has_free_head, opposite_on_samples, opposite_point, symmetric_sample
from tests.sweep import draws

F = Fraction
SWEEP = draws(15)


def reflected(w: list[int], x: list[Fraction]) -> list[Fraction]:
    found = []
    for start in range(0, len(x), len(w)):
        z = x[start : start + len(w)]
        factor = F(2 * sum(a * b for a, b in zip(w, z, strict=True)), sum(a * a for a in w))
        found += [factor * a - b for a, b in zip(w, z, strict=True)]
    return found


def sample(source: random.Random, fixed: bool) -> tuple[es.RestrictedProblem, es.Parameters]:
    size, units = source.choice([(1, 2), (2, 1), (2, 2), (3, 1)])
    w = [source.choice([-2, -1, 1, 2]) for _ in range(size)]
    head = [source.choice([-1, 1, 2]) for _ in range(units)]
    half = [[F(source.randint(-3, 3)) for _ in range(size * units)] for _ in range(source.randint(1, 3))]
    inputs = [*half, *(reflected(w, x) for x in half)]
    filters = es.convolution(size * units, [size], strides=size, head=head if fixed else [None] * units)
    teacher = es.Parameters(
        W1=[[w[k - size * j] if 0 <= k - size * j < size else 0 for k in range(size * units)] for j in range(units)], W2=[head]
    )
    plain = es.RestrictedProblem(filters, es.Data.from_arrays(inputs, [0] * len(inputs)))
    targets = [row[0] for row in plain.unrestricted.predictions(teacher)]
    return es.RestrictedProblem(filters, es.Data.from_arrays(inputs, targets)), teacher


@pytest.mark.parametrize("fixed", [False, True])
def test_random_symmetric_samples(fixed: bool) -> None:
    source, seen = random.Random(7), Counter[es.Outcome]()
    for _ in range(SWEEP):
        problem, teacher = sample(source, fixed)
        report = opposite_on_samples.examine(problem, teacher)
        assert report.outcome is not es.Outcome.CONTRADICTED, (problem, teacher)
        assert "teacher" not in report.failing and "symmetric" not in report.failing
        seen[report.outcome] += 1
        if report.outcome is es.Outcome.CONFIRMED:
            assert es.verify(report.conclusion.certificate.encoded).kind == "spurious local minimum of a restricted risk"
            point = opposite_point(problem, teacher)
            values = problem.values(point)
            for _ in range(30):
                near = problem.restriction.at([v + F(source.randint(-9, 9), 10**4) for v in values])
                assert problem.risk(near) >= problem.risk(point)
    assert seen[es.Outcome.CONFIRMED]


def test_the_sample_that_has_no_counterpart_for_normal_inputs() -> None:
    problem, teacher = symmetric_sample()
    report = opposite_on_samples.examine(problem, teacher)
    assert report.outcome is es.Outcome.CONFIRMED
    point = opposite_on_samples.construct(problem, teacher)
    assert problem.risk(point) == F(13, 3) == report.conclusion.risk
    assert not es.papers.du_2018.opposite_filter([1, 1]).is_local_minimum


def test_what_is_no_filter_on_patches() -> None:
    for restriction in (
        es.convolution(3, [2], head=[1, 1]),
        es.convolution(4, [2], strides=2),
        es.restriction(es.Network([4, 2, 1], biases=False)),
        es.restriction(es.Network([4, 2, 1], biases=False), W1=[["a", "b", 0, 0], [0, 0, "a", "b"]], W2=[["c", "c"]]),
        es.residual(1, 1),
    ):
        assert has_free_head(restriction).reason
    assert has_free_head(es.convolution(4, [2], strides=2, head=[1, 0])) is False
    mixed = es.convolution(4, [2], strides=2, head=["c", "d"])
    assert has_free_head(mixed) is True
    problem = es.RestrictedProblem(es.residual(1, 1), es.Data.from_arrays([1], [1]))
    theta = problem.parameters(W1_0_0=1, V1_0_0=1)
    assert opposite_on_samples.check(problem, theta).failing == ("patches",)
    with pytest.raises(es.HypothesisError):
        opposite_on_samples.construct(problem, theta)
