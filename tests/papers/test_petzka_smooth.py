"""Splitting smooth units: the signs of B decide, and what decide proves and refutes agrees with them."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import InputError, ShapeError
from exactsurf.papers.petzka_smooth import Definiteness, expected, smooth_unit_splitting, unit_curvature
from exactsurf.papers.petzka_split import split_unit
from exactsurf.theorems.outcome import Outcome

F = Fraction


def parabola(v: int, *, activation: es.Activation | str = "quadratic") -> tuple[es.Problem, es.Parameters]:
    """One unit without bias at w = 0, residuals ½, −1, ½ at x = −1, 0, 1."""
    network = es.Network([1, 1, 1], activation, biases=[False, True])
    problem = es.Problem(network, es.Data.from_arrays([-1, 0, 1], ["-1/2", 1, "-1/2"]))
    return problem, problem.parameters(W1=[[0]], W2=[[v]], b2=[0])


@pytest.mark.parametrize(
    "activation", ["quadratic", es.smooth_activation("z**2*exp(z)"), es.smooth_activation("z*tanh(z)")], ids=str
)
def test_a_definite_form_makes_minima_inside_and_saddles_outside(activation: es.Activation | str) -> None:
    problem, theta = parabola(1, activation=activation)
    report = smooth_unit_splitting.examine(problem, theta)
    assert report.outcome is Outcome.CONFIRMED
    es.verify(report.conclusion.certificate.encoded)
    for share, status in (
        (F(1, 7), Status.PROVED),
        (F(6, 7), Status.PROVED),
        (F(-1, 7), Status.REFUTED),
        (F(8, 7), Status.REFUTED),
    ):
        verdict = es.decide(*split_unit(problem, theta, 1, 0, share))
        assert verdict.status is status
        es.verify(verdict.certificate.encoded)


def test_no_minimum_and_no_tale() -> None:
    problem, theta = parabola(-1)
    assert smooth_unit_splitting.check(problem, theta).failing == ("minimum",)
    assert unit_curvature(problem, theta, 0).definiteness is Definiteness.NEGATIVE
    # A fit has no residuals, so B = 0 and nothing is claimed; the splittings are fits, too.
    data = es.Data.from_arrays([1, 2], [1, 4])
    fit = es.Problem(es.Network([1, 1, 1], "quadratic", biases=False), data)
    report = smooth_unit_splitting.examine(fit, fit.parameters(W1=[[1]], W2=[[1]]))
    assert report.failing == ("B",) and report.outcome is Outcome.SAYS_NOTHING


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-2, 2), min_size=14, max_size=14))
def test_the_form_is_that_of_sympy(entries: list[int]) -> None:
    x, y = [entries[0:2], entries[2:4], entries[4:6]], entries[6:9]
    problem = es.Problem(es.Network([2, 1, 1], "quadratic", biases=[False, True]), es.Data.from_arrays(x, y))
    w, v, c = entries[9:11], entries[11] or 1, entries[12]
    found = unit_curvature(problem, problem.parameters(W1=[w], W2=[[v]], b2=[c]), 0)
    rows = [sympy.Matrix(row) for row in x]
    form = sympy.zeros(2, 2)
    for row, target in zip(rows, y, strict=True):
        form += 2 * v * (v * (sympy.Matrix(w).dot(row)) ** 2 + c - target) * row * row.T
    basis = sympy.Matrix([[*b] for b in found.basis]) if found.basis else sympy.zeros(0, 2)
    wanted = basis * form * basis.T
    assert [[ball.midpoint for ball in row] for row in found.matrix] == [
        [F(int(wanted[p, q])) for q in range(wanted.cols)] for p in range(wanted.rows)
    ]
    signs = {sympy.sign(root) for root in wanted.eigenvals()} if wanted.rows else {0}
    told = {frozenset({1}): Definiteness.POSITIVE, frozenset({-1}): Definiteness.NEGATIVE}
    both = Definiteness.BOTH if {1, -1} <= signs else Definiteness.SINGULAR
    assert found.definiteness is told.get(frozenset(signs), both)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-2, 2), min_size=6, max_size=6), st.sampled_from([1, 2, -1]), st.fractions(-2, 3, max_denominator=5))
def test_what_is_decided_agrees_with_the_signs(entries: list[int], v: int, share: Fraction) -> None:
    """One unit z² at w = 0 with residuals that add up to 0: a minimum or none, as B says, for every share."""
    mean = F(sum(entries[:3]), 3)
    network = es.Network([1, 1, 1], "quadratic", biases=[False, True])
    problem = es.Problem(network, es.Data.from_arrays(entries[3:], entries[:3]))
    theta = problem.parameters(W1=[[0]], W2=[[v]], b2=[mean])
    if es.decide(problem, theta).status is not Status.PROVED:
        return
    claimed = expected(unit_curvature(problem, theta, 0).definiteness, share)
    verdict = es.decide(*split_unit(problem, theta, 1, 0, share))
    if claimed is not None:
        assert verdict.status is (Status.PROVED if claimed else Status.REFUTED)


def test_balls_decide_signs_where_nothing_is_rational() -> None:
    problem = es.Problem(es.Network([1, 2, 1], "tanh"), es.Data.from_arrays([0, 1, 2], [3, 3, 3]))
    theta = problem.parameters(W1=[[1], [1]], b1=[1, 1], W2=[[1, 0]], b2=[0])
    found = unit_curvature(problem, theta, 0)
    assert found.definiteness is Definiteness.POSITIVE and not found.matrix[0][0].is_exact
    assert unit_curvature(problem, problem.parameters(W1=[[1], [1]], b1=[1, 1], W2=[[-1, 0]], b2=[0]), 0).definiteness is (
        Definiteness.NEGATIVE
    )
    crossed = problem.parameters(W1=[[1], [1]], b1=[-1, 1], W2=[[1, 0]], b2=[0])
    assert unit_curvature(problem, crossed, 0).definiteness is Definiteness.BOTH
    corner = es.Problem(es.Network([1, 1, 1], es.elu()), es.Data.from_arrays([0], [3]))
    assert unit_curvature(corner, corner.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0]), 0) is None


def test_bad_input() -> None:
    problem, theta = parabola(1)
    with pytest.raises(InputError, match="no unit 1"):
        unit_curvature(problem, theta, 1)
    with pytest.raises(InputError, match="not a problem"):
        unit_curvature("problem", theta, 0)
    with pytest.raises(ShapeError):
        unit_curvature(problem, split_unit(problem, theta, 1, 0, 1)[1], 0)
