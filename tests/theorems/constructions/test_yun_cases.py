"""The paper's own better points: case 1 where a partial residual sum differs from zero, else case 2."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.theorems.constructions.yun_cases import better_point
from tests import oracle
from tests.papers.datasets import TWO_OUTPUTS, XOR, A, D

F = Fraction


def partial_sums(data: es.Data) -> list[Fraction]:
    """Σ_{i ≤ j} (ȳ_i − y_i) at the gaps between different values of ȳ, in ascending order."""
    fit = data.affine_fit
    pairs = sorted(zip(fit.predictions[0].fractions(), fit.residuals[0].fractions(), strict=True))
    sums, total = [], F(0)
    for (value, residual), (after, _) in itertools.pairwise(pairs):
        total += residual
        if value < after:
            sums.append(total)
    return sums


def symmetric(rnd: random.Random) -> es.Data:
    """Data whose fit has groups of equal predictions: copies mirrored in a second input with opposite misfits."""
    x, y = [], []
    for value in rnd.sample(range(-3, 4), rnd.randint(1, 3)):
        base, spread = rnd.randint(-1, 1) + 2 * value, rnd.randint(0, 3)
        side = rnd.randint(1, 3)
        x += [[value, -side], [value, 0], [value, side]]
        y += [base + spread, base - 2 * spread, base + spread]
    return es.Data.from_arrays(x, y)


def test_the_case_is_that_of_the_paper_and_the_point_is_lower() -> None:
    rnd, seen = random.Random(0), Counter[str]()
    for k in range(300):
        if k % 2:
            data = symmetric(rnd)
        else:
            d = rnd.randint(1, 2)
            rows = rnd.sample([(p, q)[:d] for p in range(-2, 3) for q in range(-2, 3)][:: 1 if d == 2 else 5], 4)
            data = es.Data.from_arrays(rows, [rnd.randint(-2, 2) for _ in rows])
        if data.affine_fit.is_perfect:
            continue
        h = rnd.choice([es.relu, es.leaky_relu("1/10"), es.relu_like(1, 4), es.relu_like("1/3", 0)])
        problem = es.Problem(es.Network([data.inputs.columns, rnd.randint(2, 4), 1], h), data)
        found = better_point(problem)
        assert found is not None
        case, theta = found
        assert case == ("case 1" if any(partial_sums(data)) else "case 2")
        fit_risk = sum(r * r for r in data.affine_fit.residuals[0].fractions()) / 2
        assert oracle.risk(problem, theta) < fit_risk
        seen[case] += 1
    assert seen["case 1"] >= 80 and seen["case 2"] >= 40, seen


@pytest.mark.parametrize(
    "problem",
    [
        es.Problem(es.Network([1, 2, 1], es.absolute_value), A),
        es.Problem(es.Network([1, 2, 1], es.relu6), A),
        es.Problem(es.Network([1, 2, 2, 1]), A),
        es.Problem(es.Network([2, 3, 2]), TWO_OUTPUTS),
    ],
    ids=repr,
)
def test_where_the_paper_has_no_point(problem: es.Problem) -> None:
    assert better_point(problem) is None


def test_worked_points() -> None:
    """papers.md, section 1: the losses 21/32, 1017/2048 and 19131/6400."""
    for data, case, risk in ((A, "case 1", F(21, 32)), (XOR, "case 2", F(1017, 2048)), (D, "case 2", F(19131, 6400))):
        problem = es.Problem(es.Network([data.inputs.columns, 2, 1]), data)
        found = better_point(problem)
        assert found is not None
        assert found[0] == case and oracle.risk(problem, found[1]) == risk
