"""Hinge descent: the gain is exactly S²/(2Q), and a hinge is found whenever one can exist."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.exact.scaled_vector import ScaledVector
from exactsurf.theorems.constructions.hinge_descent import find_hinge
from tests.papers.datasets import TWO_OUTPUTS, XOR, A, D

F = Fraction


def loss_with(
    data: es.Data, residuals: list[list[Fraction]], output: int, normal: object, offset: Fraction, weight: Fraction
) -> Fraction:
    """½Σ(f − y)² after adding weight·|normal·x − offset| to one output; `residuals` by output."""
    total = F(0)
    for k, r in enumerate(residuals):
        for x, value in zip(data.x, r, strict=True):
            q = sum((a * b for a, b in zip(normal, x, strict=True)), -offset)  # type: ignore[call-overload]
            total += (value + (weight * abs(q) if k == output else 0)) ** 2
    return total / 2


def check(data: es.Data) -> None:
    residuals = [list(r.fractions()) for r in data.affine_fit.residuals]
    groups: dict[object, list[Fraction]] = {}
    for i, x in enumerate(data.x):
        sums = groups.setdefault(x, [F(0)] * len(residuals))
        for k, r in enumerate(residuals):
            sums[k] += r[i]
    found = find_hinge(data, data.affine_fit.residuals)
    if not any(any(sums) for sums in groups.values()):
        assert found is None
        return
    assert found is not None
    hinge, gain = found
    before = loss_with(data, residuals, hinge.output, hinge.normal, hinge.offset, F(0))
    after = loss_with(data, residuals, hinge.output, hinge.normal, hinge.offset, hinge.weight)
    assert before - after == gain > 0
    # The weight is the best one for this hinge: a parabola with its vertex there.
    for factor in (F(1, 2), F(9, 10), F(11, 10), F(2)):
        assert loss_with(data, residuals, hinge.output, hinge.normal, hinge.offset, factor * hinge.weight) > after
    q = [sum((a * b for a, b in zip(hinge.normal, x, strict=True)), -hinge.offset) for x in data.x]
    S = sum(a * abs(b) for a, b in zip(residuals[hinge.output], q, strict=True))
    Q = sum(b * b for b in q)
    assert gain == S * S / (2 * Q) and hinge.weight == -S / Q


@pytest.mark.parametrize("data", [A, XOR, D, TWO_OUTPUTS], ids=["A", "XOR", "D", "two outputs"])
def test_worked_examples(data: es.Data) -> None:
    check(data)


def test_one_input_takes_the_best_knot() -> None:
    """With one input there is one direction, and all knots are tried: brute force finds nothing better."""
    rnd = random.Random(3)
    for _ in range(40):
        n = rnd.randint(3, 9)
        data = es.Data.from_arrays([rnd.randint(-5, 5) for _ in range(n)], [rnd.randint(-5, 5) for _ in range(n)])
        found = find_hinge(data, data.affine_fit.residuals)
        r = data.affine_fit.residuals[0].fractions()
        gains = [F(0)]
        for (knot,) in data.x:
            S = sum(a * abs(x - knot) for a, (x,) in zip(r, data.x, strict=True))
            Q = sum((x - knot) ** 2 for (x,) in data.x)
            gains.append(S * S / (2 * Q) if Q else F(0))
        assert (found[1] if found else 0) == max(gains)


@settings(max_examples=150)
@given(st.integers(0, 10**9))
def test_random_data(seed: int) -> None:
    """Few different values, so that inputs coincide, symmetric data let all axes fail, and group sums vanish."""
    rnd = random.Random(seed)
    d, outputs, n = rnd.randint(1, 3), rnd.randint(1, 2), rnd.randint(2, 8)
    x = [[rnd.randint(-1, 1) for _ in range(d)] for _ in range(n)]
    y = [[rnd.randint(-2, 2) for _ in range(outputs)] for _ in range(n)]
    check(es.Data.from_arrays(x, y))


@pytest.mark.parametrize("d", [2, 3, 4])
def test_parity_defeats_every_axis(d: int) -> None:
    """Targets Πx on {0,1}^d or {−1,1}^d: along every axis S vanishes, so a generic direction is needed."""
    for low in (0, -1):
        x = list(product((low, 1), repeat=d))
        y = [1 - 2 * (sum(v == low for v in row) % 2) for row in x]
        check(es.Data.from_arrays(x, y))


def test_groups_that_cancel() -> None:
    data = es.Data.from_arrays([0, 0, 1, 1, 2, 2], [1, -1, 2, 0, 3, 1])
    assert find_hinge(data, data.affine_fit.residuals) is None
    perfect = es.Data.from_arrays([0, 1, 2], [1, 2, 3])
    assert find_hinge(perfect, (ScaledVector((0, 0, 0), 1),)) is None


def test_many_columns_and_many_knots() -> None:
    """More columns than are tried as axes, more different values than knots are tried."""
    rnd = random.Random(8)
    x = [[rnd.randint(-99, 99) for _ in range(14)] for _ in range(80)]
    check(es.Data.from_arrays(x, [rnd.randint(-9, 9) for _ in range(80)]))
