"""The one door through which numbers enter: `exact()`, and the way out, `to_text()`.

`fractions.Fraction` is the currency of every public signature. Floats do not pass: a float has two readings, the decimal
that was typed and the binary value that is stored, and only the caller knows which one is meant.
"""

from __future__ import annotations

import operator
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any, SupportsInt, TypeAlias

from exactsurf.errors import InexactNumberError, InputError

Exact: TypeAlias = Fraction | int | str | Decimal | Any
"""What `exact()` takes: int, Fraction, Decimal, str, a NumPy integer, a SymPy rational."""

MAX_TEXT = 4_000
"""Longest decimal text, and largest absolute exponent, that `exact()` reads (Python's own limit is 4,300 digits)."""

MAX_HEX = 250_000
"""Most hexadecimal digits of an integer in text form."""

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE]([+-]?[0-9]+))?")
_RATIO = re.compile(r"[+-]?[0-9]+/[0-9]+")
_HEX = re.compile(r"([+-]?)(0x[0-9a-fA-F]+|[0-9]+)(?:/(0x[0-9a-fA-F]+|[0-9]+))?")
_LONG = 1 << 13_000
_BRIEF = 200
"""Most bits of numerator and denominator together that people are shown in full."""


def exact(value: Exact, where: str = "") -> Fraction:
    """`value` as a Fraction, exactly; the only way numbers enter exactsurf.

    Parameters: `value` is an int, Fraction, Decimal, SymPy rational, NumPy integer, or a string: ``"p/q"``, ``"0.1"``,
    ``"1e-3"``, and for long numbers hexadecimal ``"0x1f/0x3"``. `where` names the place in error messages.
    Exactness: exact; nothing is rounded.
    Raises: `InexactNumberError` for floats (and NumPy or SymPy floats), naming both readings; `InputError` for text that
    is no number, not finite, or longer than 4,000 characters (250,000 hexadecimal digits).
    Source: README.md, "Numbers"; proofs/FORMAT.md, section 1.

    >>> import exactsurf as es
    >>> es.exact("5.1"), es.exact("-3/7"), es.exact("1e-3")
    (Fraction(51, 10), Fraction(-3, 7), Fraction(1, 1000))
    >>> es.exact(0.1)
    Traceback (most recent call last):
        ...
    exactsurf.errors.InexactNumberError: 0.1 is a float and exactsurf needs exact numbers; write '0.1' if you mean the \
decimal, or exact_float(0.1) if you mean the binary value 3602879701896397/36028797018963968
    """
    if type(value) is Fraction and type(value.numerator) is int is type(value.denominator):
        return value
    if isinstance(value, str):
        return _from_text(value, where)
    if isinstance(value, bool):
        raise InputError(f"{_at(where)}a truth value stands where a number is expected", text=str(value))
    if isinstance(value, int):
        return Fraction(int(value))
    if isinstance(value, Fraction):
        return Fraction(int(value.numerator), int(value.denominator))
    if isinstance(value, Decimal):
        return _from_decimal(value, where)
    return _from_foreign(value, where)


def exact_float(value: Any) -> Fraction:
    """The binary value that a float stores, exactly. The caller names it, so the caller means it.

    Parameters: `value` is a float (a NumPy floating scalar or a SymPy Float too).
    Exactness: exact: the rational that the machine number is, not the decimal that was typed.
    Raises: `InputError` if it is no float or not finite.
    Source: README.md, "Numbers".

    >>> import exactsurf as es
    >>> es.exact_float(0.5), es.exact_float(0.1) == es.exact("0.1")
    (Fraction(1, 2), False)
    """
    as_ratio = getattr(value, "as_integer_ratio", None)
    if getattr(value, "is_Float", False):
        sign, mantissa, exponent, _ = value._mpf_  # a SymPy float
        size = int(mantissa) * Fraction(2) ** int(exponent)
        return Fraction(-size if sign else size)
    if as_ratio is None or isinstance(value, (int, str)):
        raise InputError("exact_float takes a float; other numbers are exact already", text=repr(value))
    try:
        numerator, denominator = as_ratio()
    except (OverflowError, ValueError):
        raise InputError("exact_float needs a finite number", text=repr(value)) from None
    return Fraction(int(numerator), int(denominator))


def to_text(value: Fraction) -> str:
    """The canonical text of a rational: ``"-3/7"``, ``"2"``; integers over 13,000 bits in hexadecimal.

    Parameters: `value` is a Fraction. Returns: a string that `exact()` reads back and certificates use.
    Exactness: exact.
    Raises: nothing.
    Source: proofs/FORMAT.md, section 1 (Python refuses to write integers over 4,300 decimal digits).

    >>> to_text(Fraction(-6, 14)), to_text(Fraction(4, 2))
    ('-3/7', '2')
    """
    if value.denominator == 1:
        return integer_text(value.numerator)
    return f"{integer_text(value.numerator)}/{integer_text(value.denominator)}"


def integer_text(value: int) -> str:
    """`value` in decimal, or in hexadecimal if it is longer than 13,000 bits (see `to_text`).

    >>> integer_text(-12), integer_text(1 << 13_000)[:5]
    ('-12', '0x100')
    """
    return str(value) if -_LONG < value < _LONG else hex(value)


def approximate(value: Fraction, digits: int = 6) -> str:
    """A decimal text near `value`, rounded half away from zero in integer arithmetic; for display only.

    Exactness: a rounded display; integers and short decimals come out exact. Raises nothing. Source: README.md, "Numbers".

    >>> approximate(Fraction(1, 3)), approximate(Fraction(21, 32)), approximate(Fraction(-2, 10**9))
    ('0.333333', '0.65625', '-2e-9')
    """
    if value == 0:
        return "0"
    sign, top, bottom = ("-" if value < 0 else ""), abs(value.numerator), value.denominator
    exponent = _decimal_exponent(top, bottom)
    shift = digits - 1 - exponent
    scaled_top, scaled_bottom = (top * 10**shift, bottom) if shift >= 0 else (top, bottom * 10**-shift)
    mantissa = (2 * scaled_top + scaled_bottom) // (2 * scaled_bottom)
    if mantissa == 10**digits:
        mantissa, exponent = mantissa // 10, exponent + 1
    text = str(mantissa)
    if -5 <= exponent < 0:
        return sign + "0." + ("0" * (-exponent - 1) + text).rstrip("0")
    if 0 <= exponent < digits:
        return sign + (text[: exponent + 1] + "." + text[exponent + 1 :]).rstrip("0").rstrip(".")
    return sign + (text[0] + "." + text[1:]).rstrip("0").rstrip(".") + f"e{exponent}"


def equal_or_near(value: Fraction, digits: int = 6) -> str:
    """The decimal of `approximate` behind ``=`` where it is the number itself, and behind ``≈`` where it is rounded.

    Parameters: as `approximate`. Exactness: what stands behind ``=`` is exact. Raises: nothing. Source: README.md, "Numbers".

    >>> equal_or_near(Fraction(-7, 8)), equal_or_near(Fraction(1, 3)), equal_or_near(Fraction(1234567))
    ('= -0.875', '≈ 0.333333', '≈ 1.23457e6')
    """
    exponent = _decimal_exponent(abs(value.numerator), value.denominator) if value else 0
    is_exact = (value * Fraction(10) ** (digits - 1 - exponent)).denominator == 1
    return f"{'=' if is_exact else '≈'} {approximate(value, digits)}"


def near(value: Fraction, digits: int = 6) -> str:
    """The decimal of `approximate`, behind ``≈`` where it is rounded.

    Parameters: as `approximate`. Exactness: what stands without ``≈`` is exact. Raises: nothing. Source: README.md, "Numbers".

    >>> near(Fraction(-7, 8)), near(Fraction(1, 3))
    ('-0.875', '≈ 0.333333')
    """
    return equal_or_near(value, digits).removeprefix("= ")


def brief(value: Fraction) -> str:
    """What people are shown of a number: its text, or what it is near to and how long it is; never read back.

    Exactness: what stands without ``≈`` is exact. Raises: nothing. Source: README.md, "Numbers".

    >>> brief(Fraction(-3, 7)), brief(Fraction(10**300 + 1, 3 * 10**300))
    ('-3/7', '≈ 0.333333 (301 digits over 301)')
    """
    top, bottom = abs(value.numerator), value.denominator
    if top.bit_length() + bottom.bit_length() <= _BRIEF:
        return to_text(value)
    over = f" over {_decimal_exponent(bottom, 1) + 1}" if bottom > 1 else ""
    return f"{near(value)} ({_decimal_exponent(top, 1) + 1} digits{over})"


def decimal_exponent(value: Fraction) -> int:
    """The e with 10^e ≤ value < 10^(e+1), for a positive value.

    >>> decimal_exponent(Fraction(1, 300)), decimal_exponent(Fraction(1000))
    (-3, 3)
    """
    return _decimal_exponent(value.numerator, value.denominator)


def _decimal_exponent(top: int, bottom: int) -> int:
    """The e with 10^e ≤ top/bottom < 10^(e+1)."""
    guess = (top.bit_length() - bottom.bit_length()) * 30103 // 100000
    while not (top >= bottom * 10**guess if guess >= 0 else top * 10**-guess >= bottom):
        guess -= 1
    while top >= bottom * 10 ** (guess + 1) if guess >= -1 else top * 10 ** (-guess - 1) >= bottom:
        guess += 1
    return guess


def _at(where: str) -> str:
    return f"{where}: " if where else ""


def _from_text(text: str, where: str) -> Fraction:
    stripped = text.strip(" \t")
    if "x" in stripped:
        return _from_hexadecimal(stripped, where)
    # A fraction has two integers, each of which may be so long.
    if max(map(len, stripped.split("/"))) > MAX_TEXT:
        raise InputError(
            f"{_at(where)}a number of {len(stripped)} characters is too long",
            text=stripped,
            fix=f"at most {MAX_TEXT} characters; longer integers can be written in hexadecimal (0x…)",
        )
    decimal = _DECIMAL.fullmatch(stripped)
    if decimal:
        if len(decimal[1] or "") > 6 or abs(int(decimal[1] or 0)) > MAX_TEXT:
            raise InputError(f"{_at(where)}the exponent is beyond ±{MAX_TEXT}", text=stripped)
        return Fraction(stripped)
    if _RATIO.fullmatch(stripped):
        numerator, denominator = stripped.split("/")
        return _ratio(int(numerator), int(denominator), stripped, where)
    raise InputError(
        f"{_at(where)}not a number", text=text, fix="write an integer, a decimal like 5.1 or 1e-3, or a fraction like -3/7"
    )


def _from_hexadecimal(text: str, where: str) -> Fraction:
    match = _HEX.fullmatch(text)
    if not match:
        raise InputError(f"{_at(where)}not a number", text=text, fix="hexadecimal numbers look like -0x1f or 0x1f/0x3")
    sign, numerator, denominator = match[1], match[2], match[3] or "1"
    values = []
    for part in (numerator, denominator):
        limit = MAX_HEX + 2 if part.startswith("0x") else MAX_TEXT
        if len(part) > limit:
            raise InputError(f"{_at(where)}an integer of {len(part)} digits is too long", text=part)
        values.append(int(part, 16) if part.startswith("0x") else int(part))
    return _ratio(-values[0] if sign == "-" else values[0], values[1], text, where)


def _ratio(numerator: int, denominator: int, text: str, where: str) -> Fraction:
    if denominator == 0:
        raise InputError(f"{_at(where)}the denominator is zero", text=text)
    return Fraction(numerator, denominator)


def _from_decimal(value: Decimal, where: str) -> Fraction:
    if not value.is_finite():
        raise InputError(f"{_at(where)}not a finite number", text=str(value))
    if abs(value.adjusted()) > MAX_TEXT:
        raise InputError(f"{_at(where)}the exponent is beyond ±{MAX_TEXT}", text=str(value))
    return Fraction(value)


def _from_foreign(value: Any, where: str) -> Fraction:
    """NumPy and SymPy numbers, recognised without importing either."""
    if isinstance(value, float) or getattr(value, "is_Float", False):
        raise _inexact(value, where)
    if getattr(value, "is_Rational", False):
        return Fraction(int(value.p), int(value.q))
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if kind == "f" and getattr(value, "shape", None) == ():
        raise _inexact(value, where)
    if kind in ("i", "u") and getattr(value, "shape", None) == () and isinstance(value, SupportsInt):
        return Fraction(int(value))
    if hasattr(value, "numerator") and hasattr(value, "denominator") and not callable(value.numerator):
        return Fraction(int(value.numerator), int(value.denominator))
    raise InputError(
        f"{_at(where)}a {type(value).__name__} is not a number", text=repr(value), fix="pass an int, a Fraction or a string"
    )


def _inexact(value: Any, where: str) -> InexactNumberError | InputError:
    try:
        binary = to_text(exact_float(value))
    except InputError:
        return InputError(f"{_at(where)}not a finite number", text=str(value))
    text = str(value)
    # The literal 0.1 is not the binary value of np.float32(0.1), so other kinds of floats are named with their kind.
    named = text if isinstance(value, float) else repr(value)
    return InexactNumberError(value=named, decimal=text, binary=binary, where=where)


def whole_number(value: Any, what: str, least: int = 1) -> int:
    """An integer that is not too small.

    Parameters: `value`; `what` it is, for the message; `least`. Exactness: exact. Raises: `InputError`. Source: none.

    >>> whole_number(3, "the width")
    3
    """
    try:
        number = None if isinstance(value, bool) else operator.index(value)
    except TypeError:  # no integer, or an array that is none
        number = None
    if number is None or number < least:
        raise InputError(f"{what} must be an integer, at least {least}", text=repr(value))
    return number
