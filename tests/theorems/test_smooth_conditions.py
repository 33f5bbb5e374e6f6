"""Theorems on smooth activations: ranks and slopes by balls, against SymPy and known fits; nothing is contradicted."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.exact.balls import Ball
from exactsurf.exact.linear_algebra import rank
from exactsurf.papers import THEOREMS
from exactsurf.theorems.outcome import Outcome
from exactsurf.theorems.smooth_conditions import enclosed_layers, has_full_row_rank

F = Fraction
BENT = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])


def status(key: str, name: str, problem: es.Problem, point: es.Parameters | None = None) -> Status:
    return next(finding.status for finding in THEOREMS[key].check(problem, point).findings if finding.name == name)


@pytest.mark.parametrize("key", ["nguyen_2017.lemma_3_5", "xie_2017.stationary_points"])
def test_fits_and_misfits_of_smooth_networks(key: str) -> None:
    square = es.Problem(es.Network([1, 2, 1], "quadratic"), es.Data.from_arrays([0, 1], [1, 4]))
    fit = square.parameters(W1=[[1], [1]], b1=[1, 2], W2=[[1, 0]], b2=[0])
    twins = es.Problem(es.Network([1, 2, 1], "tanh"), es.Data.from_arrays([0, 1], [0, 0]))
    cancel = twins.parameters(W1=[[1], [1]], b1=[1, 1], W2=[[1, -1]], b2=[0])
    for problem, point in ((square, fit), (twins, cancel)):
        report = THEOREMS[key].examine(problem, point)
        assert report.outcome is Outcome.CONFIRMED
        es.verify(report.conclusion.certificate.encoded)
    moved = THEOREMS[key].examine(twins, cancel.moved(cancel, F(1, 2)).moved(fit, F(1)))
    assert moved.outcome is Outcome.FAILS_WITHOUT and moved.failing == ("critical",)


def test_no_smooth_instance_is_contradicted() -> None:
    source, found = random.Random(4), Counter()
    for _ in range(60):
        h = source.choice(["tanh", "sigmoid", "softplus", "quadratic", "elu"])
        problem = es.Problem(
            es.Network([1, 2, 1], h), es.Data.from_arrays(source.sample(range(-3, 4), 3), [0, source.choice([0, 1]), 0])
        )
        draw = [source.choice([-1, 0, 1]) for _ in range(7)]
        point = problem.parameters(W1=[draw[:1], draw[1:2]], b1=draw[2:4], W2=[draw[4:6]], b2=draw[6:])
        for key in ("nguyen_2017.lemma_3_5", "xie_2017.stationary_points", "venturi_2019.no_spurious_valleys"):
            outcome = THEOREMS[key].examine(problem, point).outcome
            assert outcome is not Outcome.CONTRADICTED
            found[outcome] += 1
    assert found[Outcome.FAILS_WITHOUT]


def test_enclosures_hold_the_values_of_floats() -> None:
    problem = es.Problem(es.Network([1, 2, 2, 1], "tanh"), BENT)
    point = problem.parameters(W1=[[1], [-2]], b1=[1, 0], W2=[[1, 1], ["1/2", -1]], b2=[0, 1], W3=[[1, 1]], b3=[0])
    first = np.tanh(np.outer([0, 1, 2, 3], [1, -2]) + np.array([1, 0]))
    second = np.tanh(first @ np.array([[1, 0.5], [1, -1]]) + np.array([0, 1]))
    for layer, floats in zip(enclosed_layers(problem, point).activations, (first, second), strict=True):
        for balls, row in zip(layer, floats, strict=True):
            assert np.allclose([float(ball.midpoint) for ball in balls], row)


def test_ranks_of_exact_rows() -> None:
    source = random.Random(1)
    for _ in range(60):
        rows = [[F(source.randint(-1, 1)) for _ in range(3)] for _ in range(source.randint(1, 4))]
        exact = rank(rows) == len(rows)
        assert has_full_row_rank([[Ball(v) for v in row] for row in rows]) is exact
        blurred = has_full_row_rank([[Ball(v, F(1, 10**20)) for v in row] for row in rows])
        assert blurred is exact or (blurred is None and not exact)


def test_analytic_activations_have_no_linear_piece() -> None:
    for h in ("tanh", es.smooth_activation("2*z"), "softplus"):
        assert status("christof_2023.continuum", "activation", es.Problem(es.Network([1, 2, 1], h), BENT)) is Status.REFUTED


@pytest.mark.parametrize(("h", "dimension"), [("tanh", 3), ("quadratic", 2), ("elu", 3)])
def test_the_intrinsic_dimension_of_smooth_units(h: str, dimension: int) -> None:
    for width in range(1, 5):
        expected = Status.PROVED if width >= dimension else Status.REFUTED
        assert status("venturi_2019.no_spurious_valleys", "units", es.Problem(es.Network([1, width, 1], h), BENT)) is expected
