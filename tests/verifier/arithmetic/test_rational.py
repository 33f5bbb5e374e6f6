"""The two grammars of numbers, and their display."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exactsurf.verifier.arithmetic.rational import (
    MemoisedNumbers,
    approximation,
    cell_number,
    certificate_number,
    display,
    short_numbers,
)

LONG = "9" * 4000


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", Fraction(0)),
        ("-12", Fraction(-12)),
        ("-1/2", Fraction(-1, 2)),
        ("0x1f", Fraction(31)),
        ("-0xff/0x2", Fraction(-255, 2)),
        ("3/0x10", Fraction(3, 16)),
        ("0x9/2", Fraction(9, 2)),
        ("1" + "0" * 3999, Fraction(10**3999)),
        ("0x" + "f" * 250_000, Fraction((1 << 1_000_000) - 1)),
    ],
)
def test_certificate_numbers(text: str, value: Fraction) -> None:
    assert certificate_number(text) == value


NO_NUMBERS = [
    *("", "-", "-0", "+1", " 1", "1 ", "1\n", "01", "00", "1/1", "2/4", "1/0", "0/2", "1/-2", "--1", "1/2/3", "1.0"),
    *("1e3", "0x0", "-0x0", "0x", "0x01", "0xF", "0X1", "x1", "0x1/0x1", "0x2/0x4", "1/0x0", "1_000", "½", "1/", "/2"),
    *("9" + LONG, "1/" + "9" + LONG, "0x" + "f" * 250_001, "NaN", "inf", "true", "\u0661"),
]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_no_certificate_numbers(text: str) -> None:
    with pytest.raises(ValueError):
        certificate_number(text)


@pytest.mark.parametrize("text", [*NO_NUMBERS, "1,2", ",", "1,", ",1", "0x1f", "1" + "0" * 700])
def test_lists_that_are_not_read_together(text: str) -> None:
    for texts in ([text], ["1", text, "2/3"], [text, text], ["-1/2", text]):
        assert short_numbers(texts) is None
    with pytest.raises(TypeError):
        short_numbers(["1", 2])  # type: ignore[list-item]


@given(st.lists(st.fractions(), min_size=1))
def test_lists_that_are_read_together(values: list[Fraction]) -> None:
    assert short_numbers([str(value) for value in values]) == ([v.numerator for v in values], [v.denominator for v in values])


@given(st.fractions(), st.booleans(), st.booleans())
def test_certificate_round_trip(value: Fraction, top: bool, bottom: bool) -> None:
    numerator = hex(value.numerator) if top and value else str(value.numerator)
    denominator = hex(value.denominator) if bottom else str(value.denominator)
    text = numerator if value.denominator == 1 else f"{numerator}/{denominator}"
    assert certificate_number(text) == value
    assert certificate_number(text).denominator == value.denominator


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (b"1e-3", "1/1000"),
        (b" +1.50\t", "3/2"),
        (b"5.", "5"),
        (b".5", "1/2"),
        (b"-.5E+1", "-5"),
        (b"007", "7"),
        (b"-0", "0"),
        (b"6/4", "3/2"),
        (b"-06/0003", "-2"),
        (b"1e4000", "1" + "0" * 4000),
        (b"1e-00005", "1/100000"),
        (b"0e4000", "0"),
    ],
)
def test_cells(cell: bytes, value: str) -> None:
    top, _, bottom = value.partition("/")
    expected = 10**4000 if len(top) > 4000 else Fraction(int(top), int(bottom or 1))
    assert cell_number(cell) == expected


@pytest.mark.parametrize(
    "cell",
    [
        *(b"", b".", b"e5", b"1e", b"1e4001", b"1e-4001", b"1e" + b"9" * 3000, b"1 2", b"1,5", b"1/0", b"1/-2", b"1/ 2"),
        *(b"1.5/2", b"nan", b"inf", b"0x10", b"1_0", b"--1", b"\xd9\xa1", b"1\n", b"1\x0b", b"9" * 4001, b"1e1.5"),
    ],
)
def test_no_cells(cell: bytes) -> None:
    with pytest.raises(ValueError):
        cell_number(cell)


def test_the_memory_of_numbers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exactsurf.verifier.arithmetic.rational._MEMOISED", 10)
    numbers = MemoisedNumbers(cell_number)
    assert [numbers[str(i).encode()] for i in range(100)] == list(range(100))
    assert len(numbers) == 10


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(3, 4), "3/4 ≈ 0.75"),
        (Fraction(-1, 3), "-1/3 ≈ -0.333333"),
        (Fraction(7), "7"),
        (Fraction(0), "0"),
        (Fraction(2, 3_000_000), "1/1500000 ≈ 0.000000666667"),
        (Fraction(10**30), str(10**30)),
        (Fraction(10**60, 7), "≈ 2^197"),
        (Fraction(10**60, 3 * 10**59 + 1), "≈ 3.33333"),
        (Fraction(-(10**60) - 1, 10**55), "≈ -100000"),
    ],
)
def test_display(value: Fraction, text: str) -> None:
    assert display(value.numerator, value.denominator) == text


@given(st.fractions(min_value=Fraction(1, 10**12), max_value=10**12))
def test_approximations_are_close(value: Fraction) -> None:
    shown = Fraction(approximation(value.numerator, value.denominator))
    assert abs(shown - value) <= value / 10**5
