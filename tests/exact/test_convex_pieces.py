"""Convex piecewise quadratic functions against SymPy and against their definitions."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from exactsurf.errors import InputError
from exactsurf.exact.convex_pieces import ConvexPieces, convex_pieces

F = Fraction
numbers = st.fractions(-4, 4, max_denominator=3)


@st.composite
def functions(draw) -> ConvexPieces:
    """A function from its second derivative: curvatures between breakpoints and jumps of the slope at them."""
    points = sorted(draw(st.lists(numbers, max_size=3, unique=True)))
    curves = [draw(st.sampled_from([F(0), F(1, 2), F(2)])) for _ in range(len(points) + 1)]
    jumps = [draw(st.sampled_from([F(0), F(1), F(1, 3)])) for _ in points]
    a, b, c = curves[0] / 2, draw(numbers), draw(numbers)
    pieces = [(a, b, c)]
    for t, curve, jump in zip(points, curves[1:], jumps, strict=True):
        p = curve / 2
        q = 2 * a * t + b + jump - 2 * p * t
        r = (a * t + b) * t + c - (p * t + q) * t
        pieces.append((p, q, r))
        a, b, c = p, q, r
    # A slope that has the wrong sign at one end is tilted away.
    first, last = pieces[0], pieces[-1]
    low, high = (first[1] if not first[0] else None), (last[1] if not last[0] else None)
    tilt = -low if low is not None and low > 0 else -high if high is not None and high < 0 else F(0)
    pieces = [(a, b + tilt, c) for a, b, c in pieces]
    if all(piece == (0, 0, pieces[0][2]) for piece in pieces):
        pieces = [(F(1), F(0), F(0))] * len(pieces)
    return convex_pieces(points, pieces)


def symbolic(function: ConvexPieces) -> tuple[sympy.Expr, sympy.Symbol]:
    u = sympy.Symbol("u", real=True)
    rows = [sum(sympy.Rational(v.numerator, v.denominator) * u**n for n, v in enumerate(reversed(p))) for p in function.pieces]
    points = [sympy.Rational(t.numerator, t.denominator) for t in function.breakpoints]
    return sympy.Piecewise(*((row, u <= t) for row, t in zip(rows, points, strict=False)), (rows[-1], True)), u


@given(functions(), numbers)
def test_value_and_slopes_are_those_of_sympy(function: ConvexPieces, at: F):
    expression, u = symbolic(function)
    place = sympy.Rational(at.numerator, at.denominator)
    assert expression.subs(u, place) == function.value(at)
    # Close by there is one quadratic, whose derivative three of its values tell exactly.
    for side, slope in zip((-1, 1), function.slopes(at), strict=True):
        step = sympy.Rational(side, 10**6)
        here, half, whole = (expression.subs(u, place + k * step) for k in (0, sympy.Rational(1, 2), 1))
        assert (4 * half - whole - 3 * here) / step == slope


@given(functions(), numbers, numbers, st.fractions(0, 1, max_denominator=4))
def test_chords_lie_above(function: ConvexPieces, u: F, v: F, t: F):
    assert function.value(t * u + (1 - t) * v) <= t * function.value(u) + (1 - t) * function.value(v)


@given(functions(), numbers, numbers)
def test_conjugate_is_the_greatest_gap(function: ConvexPieces, r: F, u: F):
    value, where = function.conjugate(r), function.where_slope(r)
    if value is None or where is None:
        assert value is None
        assert where is None
        low, high = function.slope_range
        assert (low is not None and r < low) or (high is not None and r > high)
        return
    assert r * u - function.value(u) <= value
    low, high = where
    inside = (low is None or u >= low) and (high is None or u <= high)
    assert (r * u - function.value(u) == value) == inside
    left, right = function.slopes(u)
    assert (left <= r <= right) == inside


@given(functions(), numbers)
def test_blocks_have_the_slopes_and_add_up(function: ConvexPieces, u: F):
    slopes = [block.slope(u) for block in function.blocks]
    assert (sum(low for low, _ in slopes), sum(high for _, high in slopes)) == function.slopes(u)
    assert all(value is None or value >= 0 for block in function.blocks for value in (block.down, block.up))
    for block in function.blocks:
        low, high = block.slope(block.centre)
        assert low <= 0 <= high


@given(functions(), numbers, numbers.filter(bool), numbers)
def test_composition_with_a_line(function: ConvexPieces, f: F, slope: F, intercept: F):
    composed = function.of_affine(slope, intercept)
    assert composed.value(f) == function.value(slope * f + intercept)
    assert list(composed.breakpoints) == sorted(composed.breakpoints)


@pytest.mark.parametrize(
    ("points", "pieces", "words"),
    [
        ([1, 0], [(0, -1, 0), (0, 0, -1), (0, 1, -1)], "do not rise"),
        ([0], [(0, -1, 0), (0, 1, 1)], "jumps at the breakpoint 0"),
        ([0], [(0, 1, 0), (0, -1, 0)], "its slope falls at the breakpoint 0"),
        ([], [(-1, 0, 0)], "piece 0 bends down"),
        ([], [(0, 1, 0)], "falls for ever"),
        ([0], [(0, 0, 0), (0, 0, 0)], "is constant"),
        ([0], [(0, -1, 0)], "needs 2 pieces, and 1 are given"),
        ([0], [(0, -1), (0, 1)], "three numbers"),
        ("0", [(0, -1, 0), (0, 1, 0)], "must be a list"),
        ([0], 3, "must be a list"),
    ],
)
def test_bad_functions_are_refused_by_what_is_wrong(points, pieces, words: str):
    with pytest.raises(InputError, match=words):
        convex_pieces(points, pieces)


def test_equal_neighbours_become_one_piece():
    assert convex_pieces([0, 1], [(1, 0, 0)] * 3) == convex_pieces([], [(1, 0, 0)])
