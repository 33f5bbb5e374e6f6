"""Rational numbers: as certificates and data files write them (FORMAT.md, sections 1 and 2), and their display."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import gcd
from typing import Generic, TypeVar

from .effort import spend

Rational = int | Fraction

_INTEGER = "0|[1-9][0-9]{0,3999}|0x[1-9a-f][0-9a-f]{0,249999}"
_CERTIFICATE = re.compile(f"(-?)({_INTEGER})(?:/({_INTEGER}))?")
_SHORT_FORM = "(?:0|-?[1-9][0-9]*(?:/[1-9][0-9]*)?)"
_SHORT_LIST = re.compile(f"{_SHORT_FORM}(?:,{_SHORT_FORM})*")
_DECIMAL = re.compile(rb"([+-]?)(?:([0-9]+)(?:\.([0-9]*))?|\.([0-9]+))(?:[eE]([+-]?)([0-9]+))?")
_QUOTIENT = re.compile(rb"([+-]?)([0-9]+)/([0-9]+)")
_MAX_CELL = 4000
_MAX_EXPONENT = 4000
_MEMOISED = 1 << 16  # entries; the cells of image data repeat a few values millions of times
_MEMOISED_LENGTH = 64

_DIGITS = 600

Text = TypeVar("Text", str, bytes)


def certificate_number(text: str) -> Rational:
    """A number of a certificate (FORMAT.md, section 1); ValueError for anything else."""
    match = _CERTIFICATE.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        shown = ascii(text[:30]) + ("…" if len(text) > 30 else "")
        raise ValueError(f"not a number in the form of certificates: {shown}")
    sign, top, bottom = match.groups()
    numerator = _integer(top)
    if sign:
        if numerator == 0:
            raise ValueError("zero is written 0, without a sign")
        numerator = -numerator
    if bottom is None:
        return numerator
    denominator = _integer(bottom)
    if denominator < 2:
        raise ValueError("a denominator is at least 2")
    value = _quotient(numerator, denominator)
    if value.denominator != denominator:
        raise ValueError("not in lowest terms")
    return value


def short_numbers(texts: Sequence[str]) -> tuple[list[int], list[int]] | None:
    """The numerators and denominators of numbers of a certificate, read together; None unless all are short, and decimal.

    TypeError if one is no text. None stands for some wrong numbers, too: `certificate_number` says what is wrong.
    """
    joined = ",".join(texts)
    longest = max(map(len, texts), default=0)
    if longest > _DIGITS or not _SHORT_LIST.fullmatch(joined) or joined.count(",") != len(texts) - 1:
        return None
    parts = [text.partition("/") for text in texts]
    tops, bottoms = [int(top) for top, _, _ in parts], [int(bottom) if slash else 1 for _, slash, bottom in parts]
    spend(len(texts) * (longest * longest >> 17))
    if max(map(gcd, tops, bottoms)) > 1 or any(slash and bottom == "1" for _, slash, bottom in parts):
        return None
    return tops, bottoms


def _quotient(numerator: int, denominator: int) -> Fraction:
    steps = numerator.bit_length() * denominator.bit_length() >> 19  # of a greatest common divisor
    if steps:
        spend(steps)
    return Fraction(numerator, denominator)


def _integer(text: str) -> int:
    return int(text, 16) if text.startswith("0x") else _decimal(text)


def _decimal(digits: str) -> int:
    # In pieces, because the interpreter's own limit on digits can be set as low as 640.
    if len(digits) <= _DIGITS:
        return int(digits)
    value = 0
    for start in range(0, len(digits), _DIGITS):
        piece = digits[start : start + _DIGITS]
        value = value * 10 ** len(piece) + int(piece)
    return value


def cell_number(cell: bytes) -> Rational:
    """A number in ordinary notation, as data files have it (FORMAT.md, section 2); ValueError for anything else."""
    text = cell.strip(b" \t")
    if len(text) > _MAX_CELL:
        raise ValueError(f"a cell of {len(text)} characters is too long for a number")
    if match := _DECIMAL.fullmatch(text):
        sign, whole, after, only, exponent_sign, exponent = (part and part.decode("ascii") for part in match.groups())
        fraction = (after if only is None else only) or ""
        value = _decimal((whole or "") + fraction)
        power = _decimal(exponent or "0")
        if power > _MAX_EXPONENT:
            raise ValueError(f"exponents lie between -{_MAX_EXPONENT} and {_MAX_EXPONENT}")
        power = (-power if exponent_sign == "-" else power) - len(fraction)
        numerator, denominator = (value * 10**power, 1) if power >= 0 else (value, 10**-power)
    elif match := _QUOTIENT.fullmatch(text):
        sign, top, bottom = (part.decode("ascii") for part in match.groups())
        numerator, denominator = _decimal(top), _decimal(bottom)
        if denominator == 0:
            raise ValueError("division by zero")
    else:
        raise ValueError(f"not a number: {ascii(text[:30])[1:]}")
    quotient = _quotient(-numerator if sign == "-" else numerator, denominator)
    return quotient.numerator if quotient.denominator == 1 else quotient


class MemoisedNumbers(dict[Text, Rational], Generic[Text]):
    """Numbers by their text; equal texts share one object, so a big table of few values stays small."""

    def __init__(self, read: Callable[[Text], Rational]) -> None:
        super().__init__()
        self._read: Callable[[Text], Rational] = read

    def __missing__(self, text: Text) -> Rational:
        value: Rational = self._read(text)
        if len(text) <= _MEMOISED_LENGTH and len(self) < _MEMOISED:
            self[text] = value
        return value


def approximation(numerator: int, denominator: int) -> str:
    """About six digits of numerator/denominator, by integer arithmetic (never a decimal string of a huge integer)."""
    if numerator < 0:
        return "-" + approximation(-numerator, denominator)
    if numerator == 0:
        return "0"
    magnitude = numerator.bit_length() - denominator.bit_length()
    if abs(magnitude) > 64:
        return f"2^{magnitude}"
    places = 0
    while (digits := (2 * numerator * 10**places + denominator) // (2 * denominator)) < 10**5:
        places += 1
    if not places:
        return str(digits)
    text = str(digits).rjust(places + 1, "0")
    return f"{text[:-places]}.{text[-places:]}".rstrip("0").rstrip(".")


def display(numerator: int, denominator: int = 1) -> str:
    """A number for people: exact and, where that is long, approximate."""
    if numerator.bit_length() + denominator.bit_length() < 4096:  # else not worth a greatest common divisor
        value = Fraction(numerator, denominator)
        numerator, denominator = value.numerator, value.denominator
    if numerator.bit_length() + denominator.bit_length() > 160:
        return f"≈ {approximation(numerator, denominator)}"
    if denominator == 1:
        return str(numerator)
    return f"{numerator}/{denominator} ≈ {approximation(numerator, denominator)}"
