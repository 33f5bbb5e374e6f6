"""Numbers of critical points: published tables, resultants, symmetries."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy

import exactsurf as es
from exactsurf.errors import HypothesisError, InputError, UnsupportedError
from exactsurf.papers.bharadwaj_2023 import classical_bound, generic_count, number_of_critical_points, torus_bound
from exactsurf.theorems.constructions.critical_count import count_critical_points, generic_regulariser

F = Fraction


def one_sample(widths: list[int]) -> es.Problem:
    data = es.Data.from_arrays([[1 + 2 * k for k in range(widths[0])]], [[20 + 17 * k for k in range(widths[-1])]])
    return es.Problem(es.Network(widths, es.linear, biases=False), data)


@pytest.mark.parametrize(
    ("widths", "published"),
    [
        # Bharadwaj and Hoşten, Tables 3.1 and 3.2 (column NC), and the counts modulo a prime of papers.md, B.
        ([1, 1, 1], 5),
        ([2, 1, 1], 5),
        ([3, 1, 1], 5),
        ([1, 1, 2], 9),
        ([1, 2, 1], 9),
        ([2, 2, 1], 9),
        ([1, 1, 3], 13),
        ([1, 3, 1], 13),
        ([1, 2, 2], 33),
        ([1, 1, 1, 1], 17),
        ([1, 1, 1, 2], 33),
        ([2, 1, 1, 1], 17),
        ([1, 1, 1, 1, 1], 49),
    ],
    ids=str,
)
def test_published_counts(widths: list[int], published: int) -> None:
    problem = one_sample(widths)
    found = count_critical_points(problem)
    assert found.complex_points == found.with_multiplicity == published
    assert generic_count(widths, 1) == published <= classical_bound(problem)
    if len(widths) == 3:
        assert published <= torus_bound(problem)
    # 0 is one, and the others come in pairs θ, with two layers' signs turned.
    assert found.real_points % 2 == 1 <= found.real_points <= published


def test_example_3_7() -> None:
    """33 = 1 + 8 + 8 + 16 points: none, one of two, both hidden units active."""
    problem = es.Problem(es.Network([1, 2, 2], es.linear, biases=False), es.Data.from_arrays([[1]], [[2, 3]]))
    both = count_critical_points(problem, [4, 5, 6, 7, 8, 9])
    single = es.Problem(es.Network([1, 1, 2], es.linear, biases=False), problem.data)
    ones = [count_critical_points(single, factors).complex_points - 1 for factors in ([4, 6, 8], [5, 7, 9])]
    assert ones == [8, 8]
    assert both.complex_points == 1 + sum(ones) + 16


@pytest.mark.parametrize(("x", "y", "factors"), [(1, 20, (2, 3)), (3, 1, (1, 5)), (1, 1, (4, 4)), (2, -7, (F(1, 2), F(1, 3)))])
def test_one_unit_against_a_resultant(x: int, y: int, factors: tuple[Fraction, Fraction]) -> None:
    """SymPy eliminates one weight; every root of the resultant but 0 gives one critical point."""
    a, b = sympy.symbols("a b")
    decay = sum(sympy.Rational(str(f)) * w**2 / 2 for f, w in zip(factors, (a, b), strict=True))
    risk = (b * a * x - y) ** 2 / sympy.Integer(2) + decay
    eliminated = sympy.Poly(sympy.resultant(sympy.diff(risk, a), sympy.diff(risk, b), b), a).sqf_part()
    problem = es.Problem(es.Network([1, 1, 1], es.linear, biases=False), es.Data.from_arrays([x], [y]))
    found = count_critical_points(problem, factors)
    assert found.complex_points == eliminated.degree()
    assert found.real_points == eliminated.count_roots()


def test_counts_do_not_depend_on_the_direction_and_more_samples_than_inputs_do_not_matter() -> None:
    wide = es.Problem(es.Network([2, 1, 1], es.linear, biases=False), es.Data.from_arrays([[1, 2], [3, 1]], [20, -7]))
    more = es.Problem(es.Network([2, 1, 1], es.linear, biases=False), es.Data.from_arrays([[1, 2], [3, 1], [1, -1]], [20, -7, 4]))
    assert count_critical_points(wide).complex_points == 9 == generic_count([2, 1, 1], 2)
    assert count_critical_points(more).complex_points == 9 == count_critical_points(one_sample([1, 1, 2])).complex_points


def test_what_cannot_be_counted_is_refused() -> None:
    with pytest.raises(HypothesisError, match="infinitely many"):
        count_critical_points(one_sample([1, 1, 1]), [0, 0])
    with pytest.raises(UnsupportedError, match="8 weights"):
        count_critical_points(one_sample([2, 2, 2]))
    with pytest.raises(InputError, match="1 factors"):
        count_critical_points(one_sample([1, 1, 1]), [1])
    with pytest.raises(UnsupportedError, match="deep linear"):
        count_critical_points(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([1], [1])))
    assert generic_regulariser(es.Network([2, 1, 1], es.linear)) == (2, 3, 5)
    assert "5 complex" in number_of_critical_points.conclusion(one_sample([1, 1, 1])).reason
