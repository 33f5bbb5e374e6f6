"""Critical points of linear networks: published critical values, rotated targets, and what is refused."""

from __future__ import annotations

import random
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import HypothesisError, UnsupportedError
from exactsurf.minima.deep_linear.classification import classify_deep_linear
from exactsurf.papers import THEOREMS
from exactsurf.papers.baldi_1989 import critical_point, critical_values, eigenvalues
from exactsurf.theorems.constructions.linear_network import is_critical, is_global_minimum, product_gradient
from tests import oracle
from tests.papers.spectral_global import is_global_by_eigenvalues

F = Fraction

TOY = es.Data.from_arrays([[1, 0], [0, 1]], [[2, 0], [0, 1]])

ABOUT_CRITICAL_POINTS = [
    "yun_2019.theorem_4",
    "yun_2019.corollary_5",
    "baldi_1989.landscape",
    "kawaguchi_2016.theorem_2_3",
    "lu_2017.theorem_2_3",
    "yun_2018.theorem_2_1",
    "yun_2018.theorem_2_2",
    "trager_2020.local_minima_are_pure",
]


def linear_problem(widths: list[int], data: es.Data = TOY) -> es.Problem:
    return es.Problem(es.Network(widths, es.linear, biases=False), data)


def rotated(eigen: list[int], seed: int = 1) -> es.Data:
    """X = I and Y = Q diag(eigen) Q′ with rational rotations, in the plane of the last two of three coordinates."""
    c, s = F(3, 5), F(4, 5)
    q = [[F(1), F(0), F(0)], [F(0), c, -s], [F(0), s, c]]
    y = [[sum((q[i][k] * eigen[k] * q[k][j] for k in range(3)), F(0)) for j in range(3)] for i in range(3)]
    identity = [[F(int(i == j)) for j in range(3)] for i in range(3)]
    return es.Data.from_arrays(identity, [list(row) for row in zip(*y, strict=True)])


def check_certified(problem: es.Problem, point: es.Parameters, conclusion: es.Verdict) -> None:
    """PROVED comes with a certificate; undecided is only a best fit of bounded rank with an idle unit, which no rule covers."""
    if conclusion.certificate is not None:
        assert es.verify(conclusion.certificate.encoded).risk == oracle.risk(problem, point)
    if conclusion.status is not Status.PROVED:
        widths = problem.network.widths
        assert conclusion.status is Status.UNDECIDED and "no rule certifies" in conclusion.reason
        assert min(widths) < min(widths[0], widths[-1]) and len(widths) > 3
        assert any(map(any, product_gradient(problem, point)))
    elif not conclusion.reason.startswith(("the point is pure", "nothing is claimed")):
        assert conclusion.certificate is not None, conclusion


@pytest.mark.parametrize("widths", [[2, 2, 2], [2, 2, 2, 2], [2, 3, 2, 2], [2, 1, 2], [2, 2, 1, 2]], ids=str)
def test_critical_values_of_the_toy(widths: list[int]) -> None:
    problem = linear_problem(widths)
    published = {(): F(5, 2), (0,): F(1, 2), (1,): F(2), (0, 1): F(0)}
    expected = {members: value for members, value in published.items() if len(members) <= min(widths)}
    assert critical_values(problem) == expected
    for members, value in expected.items():
        point = critical_point(problem, members)
        assert oracle.risk(problem, point) == value
        assert is_critical(problem, point)[0]
        best = is_global_minimum(problem, point)[0]
        assert best == (value == min(expected.values()))
        for key in ABOUT_CRITICAL_POINTS:
            report = THEOREMS[key].examine(problem, point)
            if report.status is Status.PROVED:
                check_certified(problem, point, report.conclusion)
        verdict = THEOREMS["lu_2017.theorem_2_3"].conclusion(problem, point)
        if verdict.status is Status.PROVED:
            assert verdict.reason.startswith("a global minimum" if best else "a saddle")
        if not best:
            assert oracle.risk(problem, verdict.lower_point) < value


def test_rotated_targets_with_three_eigenvalues() -> None:
    problem = linear_problem([3, 2, 3], rotated([3, 2, 1]))
    assert eigenvalues(problem) == (9, 4, 1)
    values = critical_values(problem)
    # Baldi and Hornik: C(3, 2) critical maps of full rank, Σ C(3, s) in all; E = ½(tr Y Yᵀ − Σ λ_i).
    assert len(values) == sum(comb(3, s) for s in range(3))
    assert values[(0, 1)] == F(1, 2) and values[(1, 2)] == F(9, 2) and values[()] == 7
    for members, value in values.items():
        point = critical_point(problem, members)
        assert oracle.risk(problem, point) == value and is_critical(problem, point)[0]
        assert is_global_minimum(problem, point)[0] == (members == (0, 1))
        report = THEOREMS["yun_2018.theorem_2_2"].examine(problem, point)
        assert report.status is Status.PROVED and report.conclusion.status is Status.PROVED


def test_irrational_and_repeated_eigenvalues_are_refused() -> None:
    with pytest.raises(UnsupportedError, match="irrational"):
        critical_values(linear_problem([2, 2, 2], es.Data.from_arrays([[1, 0], [0, 1]], [[1, 1], [1, 2]])))
    with pytest.raises(HypothesisError, match="repeated"):
        critical_values(linear_problem([2, 2, 2], es.Data.from_arrays([[1, 0], [0, 1]], [[1, 0], [0, 1]])))
    with pytest.raises(HypothesisError, match="rank X"):
        critical_values(linear_problem([2, 2, 2], es.Data.from_arrays([[1, 1], [2, 2]], [[1, 0], [0, 1]])))


@settings(max_examples=20, deadline=None)
@given(st.permutations([0, 1, 2]), st.integers(1, 4), st.sampled_from([[3, 2, 3], [3, 3, 3], [3, 1, 3]]))
def test_conclusions_do_not_depend_on_coordinates(order: list[int], factor: int, widths: list[int]) -> None:
    """Reordering samples and scaling the targets maps critical points to critical points of the same kind."""
    data = rotated([3, 2, 1])
    moved = es.Data.from_arrays([data.x[i] for i in order], [[factor * v for v in data.y[i]] for i in order])
    problem = linear_problem(widths, moved)
    assert eigenvalues(problem) == tuple(factor**2 * v for v in (9, 4, 1))
    for members in critical_values(problem):
        point = critical_point(problem, members)
        assert is_global_minimum(problem, point)[0] == (members == tuple(range(min(widths))))


def test_both_classifications_agree() -> None:
    """Eckart and Young through definiteness, minima.deep_linear, and comparing eigenvalues by Descartes' rule."""
    source = random.Random(4)
    for widths in ([2, 1, 2], [3, 2, 3], [2, 2, 2], [3, 1, 2, 3]):
        data = TOY if widths[0] == 2 else rotated([3, 2, 1])
        problem = linear_problem(widths, data)
        points = [critical_point(problem, members) for members in critical_values(problem)]
        points += [
            problem.parameters(
                **{
                    name: [[source.randint(-1, 1) for _ in range(s[1])] for _ in range(s[0])]
                    for name, s in problem.network.shapes.items()
                }
            )
            for _ in range(5)
        ]
        for point in points:
            kind = classify_deep_linear(problem, point).kind
            assert (kind == "global minimum") == is_global_minimum(problem, point)[0] == is_global_by_eigenvalues(problem, point)
