"""Deep linear networks: critical points of every kind with published values, SymPy as an oracle, random data."""

from __future__ import annotations

import random
from fractions import Fraction
from math import comb

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import HypothesisError, UnsupportedError
from exactsurf.minima.deep_linear.classification import classify_deep_linear
from exactsurf.papers import THEOREMS
from exactsurf.papers.baldi_1989 import critical_point, critical_values, eigenvalues
from exactsurf.papers.kawaguchi_2016 import bad_saddle
from exactsurf.papers.trager_2020 import differential_rank, fibre_components, is_pure
from exactsurf.papers.yun_2019_linear import full_rank_around
from exactsurf.theorems.constructions.descent_lines import hessian
from exactsurf.theorems.constructions.linear_network import is_critical, is_global_minimum, product, product_gradient
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


def test_bad_saddles_start_at_two_hidden_layers() -> None:
    for widths in ([2, 2, 2, 2], [2, 1, 2, 2]):
        problem = linear_problem(widths)
        saddle = bad_saddle(problem)
        assert saddle.inertia[:2] == (0, 0) and saddle.verdict.status is Status.REFUTED
        assert oracle.risk(problem, saddle.verdict.lower_point) < F(5, 2) == oracle.risk(problem, saddle.parameters)
    with pytest.raises(HypothesisError, match=r"Corollary 2\.4"):
        bad_saddle(linear_problem([2, 2, 2]))


def test_the_printed_family_of_bad_saddles_fails_for_two_hidden_layers() -> None:
    """W1 = W2 = 0 with W3 = I: L = t⁴ − 3t² + 5/2 along W1 = W2 = tI, so the Hessian has a negative eigenvalue."""
    problem = linear_problem([2, 2, 2, 2])
    zero, one = [[0, 0], [0, 0]], [[1, 0], [0, 1]]
    for t in (F(1, 3), F(1, 100)):
        along = [[t, 0], [0, t]]
        assert oracle.risk(problem, problem.parameters(W1=along, W2=along, W3=one)) == t**4 - 3 * t**2 + F(5, 2)
        cube = problem.parameters(W1=along, W2=along, W3=along)
        assert oracle.risk(problem, cube) == F(5, 2) - 3 * t**3 + t**6
    verdict = THEOREMS["kawaguchi_2016.theorem_2_3"].conclusion(problem, problem.parameters(W1=zero, W2=zero, W3=one))
    assert verdict.status is Status.PROVED and verdict.reason.startswith("a saddle")


def test_the_gradient_against_sympy() -> None:
    source = random.Random(2)
    widths = [2, 3, 2]
    data = es.Data.from_arrays(
        [[source.randint(-3, 3) for _ in range(2)] for _ in range(4)],
        [[source.randint(-3, 3) for _ in range(2)] for _ in range(4)],
    )
    problem = linear_problem(widths, data)
    w1 = [[source.randint(-2, 2) for _ in range(2)] for _ in range(3)]
    w2 = [[source.randint(-2, 2) for _ in range(3)] for _ in range(2)]
    point = problem.parameters(W1=w1, W2=w2)
    x, y = (sympy.Matrix(len(t), len(t[0]), lambda i, j, t=t: int(t[i][j])).T for t in (data.x, data.y))
    expected = (sympy.Matrix(w2) * sympy.Matrix(w1) * x - y) * x.T
    assert [list(map(int, row)) for row in product_gradient(problem, point)] == expected.tolist()
    assert [list(map(int, row)) for row in product(point)] == (sympy.Matrix(w2) * sympy.Matrix(w1)).tolist()
    assert is_critical(problem, point)[0] == (
        (sympy.Matrix(w2).T * expected).is_zero_matrix and (expected * sympy.Matrix(w1).T).is_zero_matrix
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(-2, 2), min_size=12, max_size=12))
def test_the_rank_of_the_differential_against_sympy(entries: list[int]) -> None:
    names = sympy.symbols("a:12")
    first, second, third = (sympy.Matrix(2, 2, names[4 * k : 4 * k + 4]) for k in range(3))
    jacobian = sympy.Matrix(list(third * second * first)).jacobian(names)
    problem = linear_problem([2, 2, 2, 2])
    w1, w2, w3 = ([entries[4 * k : 4 * k + 2], entries[4 * k + 2 : 4 * k + 4]] for k in range(3))
    point = problem.parameters(W1=w1, W2=w2, W3=w3)
    assert differential_rank(point) == jacobian.subs(dict(zip(names, entries, strict=True))).rank()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-3, 3), min_size=4, max_size=4), st.integers(1, 2))
def test_global_minima_of_rank_one_against_sympy(entries: list[int], k: int) -> None:
    """The best matrix of rank 1 has the risk ½(tr YYᵀ − λ_max); SymPy computes λ_max."""
    data = es.Data.from_arrays([[1, 0], [0, 1]], [entries[:2], entries[2:]])
    problem = linear_problem([2, 1, 2], data)
    y = sympy.Matrix(2, 2, entries).T
    largest = max((y * y.T).eigenvals(), key=lambda value: sympy.N(value, 40))
    target = (sum(v * v for v in entries) - largest) / 2
    w2, w1 = [[1], [k]], [[entries[0] + k * entries[1], entries[2] + k * entries[3]]]
    point = problem.parameters(W1=[[F(v, 1 + k * k) for v in w1[0]]], W2=w2)
    risk = oracle.risk(problem, point)
    best = sympy.simplify(sympy.Rational(risk.numerator, risk.denominator) - target) == 0
    assert is_global_minimum(problem, point)[0] == best


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


def test_part_three_of_theorem_4() -> None:
    problem = linear_problem([2, 2, 2])
    fitted = critical_point(problem, (0, 1))
    assert full_rank_around(fitted) == 1
    assert full_rank_around(critical_point(problem, (0,))) is None
    assert THEOREMS["yun_2019.theorem_4"].conclusion(problem, fitted).reason.startswith("a global minimum")


def test_pure_and_spurious_points_and_fibres() -> None:
    narrow, square = linear_problem([2, 1, 2]), linear_problem([2, 2, 2, 2])
    assert is_pure(narrow, critical_point(narrow, (1,)))[0]  # a saddle of the determinantal variety
    assert is_pure(narrow, critical_point(narrow, ()))[0] is False
    assert is_pure(square, critical_point(square, (0, 1)))[0]
    assert is_pure(square, critical_point(square, (0,)))[0] is False
    # w2 w1 = c is a hyperbola with two branches, w2 w1 = 0 a cross; a wider layer or a lower rank connects.
    assert [fibre_components((1, 1, 1), rank) for rank in (1, 0)] == [2, 1]
    assert fibre_components((2, 2, 3, 2), 2) == 2 and fibre_components((2, 3, 2), 2) == 1


def test_the_hessian_against_sympy() -> None:
    """Two hidden layers, one output: SymPy differentiates the risk as an expression."""
    data = es.Data.from_arrays([[1, 2], [0, -1], [3, 1]], [1, -2, 0])
    problem = linear_problem([2, 1, 2, 1], data)
    entries = [1, -1, 2, 3, 1, -2]
    names = sympy.symbols("a:6")
    first, second, third = sympy.Matrix(1, 2, names[:2]), sympy.Matrix(2, 1, names[2:4]), sympy.Matrix(1, 2, names[4:])
    risk = sum(
        ((third * second * first * sympy.Matrix([int(v) for v in x]))[0] - int(y[0])) ** 2
        for x, y in zip(data.x, data.y, strict=True)
    ) / sympy.Integer(2)
    point = problem.parameters(W1=[entries[:2]], W2=[[2], [3]], W3=[entries[4:]])
    expected = sympy.hessian(risk, names).subs(dict(zip(names, entries, strict=True)))
    assert [[int(v) for v in row] for row in hessian(problem, point)] == expected.tolist()


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
