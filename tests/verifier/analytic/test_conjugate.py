"""Conjugates of the table against suprema that SciPy and mpmath find."""

from __future__ import annotations

from fractions import Fraction

import pytest

from exactsurf.verifier.analytic.conjugate import CONJUGATES

F = Fraction
U = ("-", "u")
LOSSES = {
    "logistic": (
        ("margin", ("softplus", U)),
        lambda u, y, m: m.log1p(m.exp(-u)),
        [F(-1, 10**9), F(-1, 7), F(-1, 2), F(-99, 100)],
    ),
    "exponential": (("margin", ("exp", U)), lambda u, y, m: m.exp(-u), [F(-1, 10**6), F(-1, 3), F(-1), F(-20)]),
    "log_cosh": (
        ("difference", ("log", ("/", ("+", ("exp", "u"), ("exp", U)), 2))),
        lambda u, y, m: m.log(m.cosh(u)),
        [F(-9, 10), F(0), F(1, 10**8), F(2, 3)],
    ),
    "poisson": (
        ("prediction", ("+", ("exp", "f"), ("-", ("*", "y", "f")))),
        lambda u, y, m: m.exp(u) - y * u,
        [F(-1, 2), F(0), F(7, 3), F(40)],
    ),
}
ENDS = {
    "logistic": ([(F(0), 0), (F(-1), 0)], [F(1, 100), F(-101, 100)]),
    "exponential": ([(F(0), 0), (F(-1), -1)], [F(1, 100)]),
    "log_cosh": ([], [F(101, 100), F(-2)]),
    "poisson": ([(F(-3), 0), (F(-2), -1)], [F(-301, 100)]),
}


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("bits", [64, 200])
def test_conjugates_hold_the_supremum(name: str, bits: int) -> None:
    mpmath = pytest.importorskip("mpmath")
    key, value, slopes = LOSSES[name]
    y = F(3)
    with mpmath.workdps(90):
        for s in slopes:
            slope = mpmath.mpf(s.numerator) / s.denominator

            def change(u, slope=slope):
                return slope - mpmath.diff(lambda v: value(v, 3, mpmath), u)

            low, high = mpmath.mpf(-60), mpmath.mpf(60)
            for _ in range(250):
                middle = (low + high) / 2
                low, high = (middle, high) if change(middle) > 0 else (low, middle)
            supremum = slope * low - value(low, 3, mpmath)
            found = CONJUGATES[key](s, y, bits)
            assert found is not None
            unit = mpmath.mpf(2) ** bits
            assert found.low / unit - 1e-25 <= supremum <= found.high / unit + 1e-25
            assert 0 <= found.high - found.low < 1 << 12


@pytest.mark.parametrize("name", LOSSES)
def test_ends_are_exact_and_nothing_lies_beyond(name: str) -> None:
    key, _, _ = LOSSES[name]
    exactly, beyond = ENDS[name]
    for s, value in exactly:
        found = CONJUGATES[key](s, F(3), 64)
        assert found is not None and found.low == found.high == value << 64
    assert all(CONJUGATES[key](s, F(3), 64) is None for s in beyond)
