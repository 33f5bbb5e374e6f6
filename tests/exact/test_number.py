"""`exact()` and its neighbours, against Python's own Decimal and Fraction and against SymPy."""

from __future__ import annotations

import decimal
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import example, given
from hypothesis import strategies as st

from exactsurf.errors import ExactsurfError, InexactNumberError, InputError
from exactsurf.exact.number import approximate, brief, exact, exact_float, integer_text, to_text

F = Fraction
fractions = st.fractions()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (7, F(7)),
        (-(10**50), F(-(10**50))),
        (F(-6, 4), F(-3, 2)),
        (Decimal("0.1"), F(1, 10)),
        (Decimal("-1.50E+3"), F(-1500)),
        ("0.1", F(1, 10)),
        ("  -3/6\t", F(-1, 2)),
        ("1e-3", F(1, 1000)),
        ("1E+2", F(100)),
        (".5", F(1, 2)),
        ("5.", F(5)),
        ("+4/2", F(2)),
        ("-0", F(0)),
        ("0x1f", F(31)),
        ("-0x1f/0x3", F(-31, 3)),
        ("0x10/6", F(8, 3)),
        ("1/0x10", F(1, 16)),
        (np.int64(-3), F(-3)),
        (np.uint8(255), F(255)),
        (np.array(5), F(5)),
        (sympy.Rational(-3, 7), F(-3, 7)),
        (sympy.Integer(4), F(4)),
        (sympy.S.Half, F(1, 2)),
        (sympy.S.Zero, F(0)),
    ],
    ids=repr,
)
def test_reads_exact_numbers(value: object, expected: Fraction) -> None:
    got = exact(value)
    assert got == expected
    assert type(got) is Fraction
    assert type(got.numerator) is int and type(got.denominator) is int


def test_numpy_integers_do_not_overflow_later() -> None:
    big = exact(np.int64(2**62))
    assert big * big == F(2**124)
    assert exact(Fraction(np.int64(2**62), 1)) ** 2 == F(2**124)


class Whole(int):
    """A subclass of int, as enumerations are."""


def test_subclasses_become_plain() -> None:
    assert type(exact(Whole(3)).numerator) is int


@pytest.mark.parametrize("value", [0.1, np.float64(0.1), np.float32(0.1), np.float16(0.1), sympy.Float("0.1")], ids=repr)
def test_floats_are_refused_with_both_readings(value: object) -> None:
    with pytest.raises(InexactNumberError) as caught:
        exact(value, "W1[0][2]")
    message = str(caught.value)
    assert message.startswith("W1[0][2]: ")
    assert "'0.1" in message
    assert caught.value.fields["binary"] == to_text(exact_float(value))
    assert caught.value.fields["binary"] in message
    assert f"exact_float({value if isinstance(value, float) else repr(value)})" in message
    assert isinstance(caught.value, TypeError)


def test_both_readings_of_a_float_are_right() -> None:
    with pytest.raises(InexactNumberError) as caught:
        exact(0.1)
    assert exact(caught.value.fields["decimal"]) == F(1, 10)
    assert exact(caught.value.fields["binary"]) == F(*(0.1).as_integer_ratio())


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_is_refused_and_exact_float_takes_it(value: float) -> None:
    with pytest.raises(InexactNumberError) as caught:
        exact(value)
    assert float(exact(caught.value.fields["decimal"])) == value
    assert exact(caught.value.fields["binary"]) == exact_float(value) == F(value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, np.float32("nan"), Decimal("nan"), Decimal("-inf")], ids=repr)
def test_non_finite_numbers_are_input_errors(value: object) -> None:
    with pytest.raises(InputError, match="finite"):
        exact(value)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "abc", "1,5", "1 000", "1_000", "--1", "1/2/3", "1/", "/2", "1.5/2", "1/-2", "e5", ".", "+", "nan", "inf",
        "１２", "٣", "1e", "0x", "0xg", "x", "0X1F", "1\n", "½", "1e+", "0x1.8", "1/0x", "1\x00",
    ],
)  # fmt: skip
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        exact(text, "here")
    assert str(caught.value).startswith("here: ")
    assert caught.value.fields["text"] is not None


@pytest.mark.parametrize("text", ["1/0", "0/0", "0x1/0x0", "-5/00"])
def test_a_zero_denominator_is_named(text: str) -> None:
    with pytest.raises(InputError, match="denominator is zero"):
        exact(text)


@pytest.mark.parametrize("value", [True, False])
def test_truth_values_are_no_numbers(value: bool) -> None:
    with pytest.raises(InputError, match="truth value"):
        exact(value)


@pytest.mark.parametrize(
    "value",
    [None, [1], (1,), {}, 1j, np.complex128(1), np.bool_(True), np.array([1, 2]), sympy.sqrt(2), sympy.pi, sympy.oo, sympy.nan,
     sympy.Symbol("x"), b"1", pytest.param(object(), id="object")],
    ids=repr,
)  # fmt: skip
def test_everything_else_is_refused(value: object) -> None:
    with pytest.raises(ExactsurfError) as caught:
        exact(value, "there")
    assert "there: " in str(caught.value)


def test_limits_of_length() -> None:
    assert exact("9" * 4_000) == F(10**4_000 - 1)
    assert exact("1e4000") == F(10**4_000)
    assert exact("1e-4000") == F(1, 10**4_000)
    with pytest.raises(InputError, match="4001"):
        exact("9" * 4_001)
    with pytest.raises(InputError, match="exponent"):
        exact("1e4001")
    with pytest.raises(InputError, match="exponent"):
        exact("1e-999999999999")
    with pytest.raises(InputError, match="exponent"):
        exact(Decimal("1e999999"))
    assert exact("0x" + "f" * 250_000) == F(16**250_000 - 1)
    with pytest.raises(InputError, match="too long"):
        exact("0x" + "f" * 250_001)


def test_both_integers_of_a_fraction_may_be_long() -> None:
    """What `to_text` writes in decimal is read back, although the fraction has twice as many digits as an integer may have."""
    value = F(10**3_900 + 1, 10**3_900 + 7)
    assert "x" not in to_text(value) and exact(to_text(value)) == value
    for text in ("1/" + "9" * 4_001, "9" * 4_001 + "/2"):
        with pytest.raises(InputError, match="too long"):
            exact(text)


LONG = [F(0), F(-3, 7), F(1, 10**200), F(10**100_000 + 1, 7), F(-(10**300), 10**299 + 1), F(10**61), F(10**4_000 - 1, 10**50)]


@pytest.mark.parametrize("value", LONG, ids=range(len(LONG)))
def test_what_is_shown_is_short_and_says_how_long_it_is(value: Fraction) -> None:
    shown = brief(value)
    assert len(shown) < 100
    if "digits" not in shown:
        assert exact(shown) == value
        return
    top, bottom = abs(value.numerator), value.denominator
    lengths = [int(word) for word in shown.partition("(")[2].replace("over ", "").replace(")", "").split() if word.isdigit()]
    assert lengths == [n for n in (_digits(top), _digits(bottom) if bottom > 1 else 0) if n]


def _digits(value: int) -> int:
    """By bisection over powers of 10."""
    low, high = 0, 200_000
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if value < 10**middle else (middle, high)
    return high


def test_messages_stay_short() -> None:
    with pytest.raises(InputError) as caught:
        exact("y" * 100_000)
    assert len(str(caught.value)) < 300


@given(fractions)
def test_to_text_is_read_back(value: Fraction) -> None:
    assert exact(to_text(value)) == value


@pytest.mark.parametrize("case", range(4))
def test_long_texts_are_read_back(case: int) -> None:
    # Built here, not in the list of parameters: pytest cannot print numbers of this length.
    long = 1 << 13_000
    value = (F(long), F(1 - long, (1 << 20_000) + 1), F(3, 1 << 30_000), F(-long, 3))[case]
    assert (exact(to_text(value)) == value) is True
    assert to_text(value).startswith("-") == (value < 0)


@given(st.integers(min_value=1, max_value=40_000), st.integers(min_value=-3, max_value=3))
def test_long_integers_are_read_back(bits: int, offset: int) -> None:
    value = (1 << bits) + offset
    assert (exact(integer_text(value)) == value) is True
    assert (exact(integer_text(-value)) == -value) is True


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_decimals_are_read_exactly(value: Decimal) -> None:
    assert exact(value) == exact(str(value)) == F(value)


def test_exact_float_names_what_it_wants() -> None:
    assert exact_float(np.float32(0.1)) == F(13421773, 134217728)
    assert exact_float(-0.0) == 0
    assert exact_float(sympy.Float("-0.1")) == F(-0.1)
    for value in (3, "0.5", None, True):
        with pytest.raises(InputError, match="takes a float"):
            exact_float(value)
    with pytest.raises(InputError, match="finite"):
        exact_float(math.inf)


@given(fractions, st.integers(min_value=1, max_value=12))
@example(F(999999, 1), 5)
@example(F(9999995, 10**7), 6)
@example(F(1, 2 * 10**6) + 1, 6)
@example(F(10**400 + 1, 3), 6)
@example(F(1, 10**400), 6)
def test_approximate_rounds_half_away_from_zero(value: Fraction, digits: int) -> None:
    with decimal.localcontext() as context:
        context.prec, context.rounding = digits, decimal.ROUND_HALF_UP
        context.Emax, context.Emin = 10**6, -(10**6)
        expected = Decimal(value.numerator) / Decimal(value.denominator) if value else Decimal(0)
        if len(str(abs(value.numerator))) > digits or len(str(value.denominator)) > digits:
            # One rounding only: of a quotient that is long enough to lie on the right side of every half.
            scaled = abs(value)
            exponent = 0
            while scaled >= 10**digits:
                scaled, exponent = scaled / 10, exponent + 1
            while scaled and scaled < 10 ** (digits - 1):
                scaled, exponent = scaled * 10, exponent - 1
            expected = Decimal(math.floor(scaled + F(1, 2))).scaleb(exponent) * (-1 if value < 0 else 1)
        assert Decimal(approximate(value, digits)) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (F(0), "0"),
        (F(100_000), "100000"),
        (F(1_000_000), "1e6"),
        (F(-1, 3), "-0.333333"),
        (F(1, 10**5), "0.00001"),
        (F(1, 10**6), "1e-6"),
        (F(9999995, 10), "1e6"),
        (F(2, 3) * 10**8, "6.66667e7"),
    ],
)
def test_approximate_shows(value: Fraction, text: str) -> None:
    assert approximate(value) == text
