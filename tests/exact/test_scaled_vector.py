"""Vectors over the samples, against lists of Fractions."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from exactsurf.exact.scaled_vector import ScaledVector, combine

F = Fraction
numbers = st.fractions(min_value=-9, max_value=9, max_denominator=12)
pairs = st.integers(1, 6).flatmap(
    lambda n: st.tuples(st.lists(numbers, min_size=n, max_size=n), st.lists(numbers, min_size=n, max_size=n))
)


def unreduced(values: list[Fraction], factor: int) -> ScaledVector:
    """A vector whose representation is not in lowest terms."""
    v = ScaledVector.from_fractions(values)
    return ScaledVector(tuple(factor * n for n in v.numerators), factor * v.denominator)


@given(pairs, numbers, st.integers(1, 6))
def test_arithmetic(pair: tuple[list[Fraction], list[Fraction]], factor: Fraction, times: int) -> None:
    a, b = pair
    v, w = unreduced(a, times), ScaledVector.from_fractions(b)
    assert list(v.fractions()) == a and len(v) == len(a) and v[0] == a[0] and v[-1] == a[-1]
    assert v.sum() == sum(a)
    assert v.dot(w) == sum(p * q for p, q in zip(a, b, strict=True))
    assert list(v.minus(w).fractions()) == [p - q for p, q in zip(a, b, strict=True)]
    assert list(v.times(w).fractions()) == [p * q for p, q in zip(a, b, strict=True)]
    assert list(v.scaled(factor).fractions()) == [factor * p for p in a]
    assert v.is_zero() == (not any(a))


@given(pairs, st.integers(1, 6))
def test_reduced_has_the_least_denominator(pair: tuple[list[Fraction], list[Fraction]], times: int) -> None:
    a, _ = pair
    v = unreduced(a, times).reduced()
    assert v == ScaledVector.from_fractions(a)
    assert all(
        any((p * (v.denominator // d)).denominator != 1 for p in a) for d in range(2, v.denominator + 1) if v.denominator % d == 0
    )


@given(pairs, numbers, numbers, numbers)
def test_combine(pair: tuple[list[Fraction], list[Fraction]], p: Fraction, q: Fraction, c: Fraction) -> None:
    a, b = pair
    found = combine((unreduced(a, 3), ScaledVector.from_fractions(b)), (p, q), c, len(a))
    assert list(found.fractions()) == [p * x + q * y + c for x, y in zip(a, b, strict=True)]


def test_combine_of_nothing_is_the_constant() -> None:
    assert combine((), (), F(2, 3), 3).fractions() == (F(2, 3),) * 3
    assert combine((ScaledVector((1, 2), 1),), (F(0),), F(-1), 2).fractions() == (F(-1), F(-1))


@given(pairs)
def test_map_pieces(pair: tuple[list[Fraction], list[Fraction]]) -> None:
    a, _ = pair
    lines = [(F(1, 3), F(-1, 2)), (F(2), F(5, 7))]
    found = unreduced(a, 2).map_pieces(lambda numerator: int(numerator > 0), lines)
    assert list(found.fractions()) == [F(1, 3) * v - F(1, 2) if v <= 0 else 2 * v + F(5, 7) for v in a]
