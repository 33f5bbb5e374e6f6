"""Numerals: how a rational is shown. Short ones exactly, long ones rounded, marked with ≈ and with their number of digits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction

from exactsurf.exact.balls import Ball
from exactsurf.exact.number import approximate, exact, to_text

CELL_DIGITS = 12
"""A number in a table or matrix is written exactly if numerator and denominator together have at most this many digits."""

HEADLINE_DIGITS = 48
"""The same for the few numbers that the claim is about (risks, gaps, derivatives)."""

_BITS_PER_DIGIT = 4  # more than log2(10), so that a number with fewer bits than this is certainly short


def digit_count(value: int) -> int:
    """How many decimal digits `value` has, without writing them (Python refuses to write more than 4,300).

    Exactness: exact. Raises: nothing. Source: proofs/FORMAT.md, section 1.

    >>> digit_count(0), digit_count(-999), digit_count(1000), digit_count(10**5000)
    (1, 3, 4, 5001)
    """
    size = abs(value)
    guess = max(0, size.bit_length() - 1) * 30103 // 100000
    while guess and size < 10**guess:
        guess -= 1
    while size >= 10 ** (guess + 1):
        guess += 1
    return guess + 1


_cell_digits: ContextVar[int] = ContextVar("digits of a number that is written exactly", default=CELL_DIGITS)


@contextmanager
def exact_digits(digits: int) -> Iterator[None]:
    """In the block numbers in tables and matrices are written exactly up to so many digits.

    >>> with exact_digits(30):
    ...     print(numeral(Fraction(10**20, 7)))
    100000000000000000000/7
    """
    token = _cell_digits.set(digits)
    try:
        yield
    finally:
        _cell_digits.reset(token)


def is_short(value: Fraction, digits: int | None = None) -> bool:
    """Whether numerator and denominator (unless it is 1) have at most `digits` digits together (by default, of `exact_digits`).

    >>> is_short(Fraction(123456, 654323)), is_short(Fraction(1234567, 654323))
    (True, False)
    """
    digits = _cell_digits.get() if digits is None else digits
    top, bottom = value.numerator, value.denominator
    if top.bit_length() + bottom.bit_length() > _BITS_PER_DIGIT * (digits + 1):
        return False
    return digit_count(top) + (digit_count(bottom) if bottom != 1 else 0) <= digits


def numeral(value: Fraction | Ball, digits: int | None = None) -> str:
    """`value` as formula source: exactly if it is short, else rounded to six digits behind ≈; a ball with its radius.

    Parameters: `value`, a number or a ball that encloses one; `digits` as in `is_short`.
    Exactness: a display; what stands without ≈ is exact. Raises: nothing.
    Source: docs/guide/certificates.md, "Print one".

    >>> import exactsurf as es
    >>> numeral(Fraction(-7, 8)), numeral(Fraction(10**40, 7)), numeral(es.Ball(Fraction(1, 3), Fraction(1, 10**40)))
    ('-7/8', '≈ 1.42857·10^{39}', '≈ 0.333333333333 ± 1·10^{-40}')
    """
    if isinstance(value, Ball):
        if value.is_exact:
            return numeral(value.midpoint, digits)
        return f"≈ {rounded(value.midpoint, value.digits)} ± {rounded(value.shown_radius, 3)}"
    return to_text(value) if is_short(value, digits) else f"≈ {rounded(value)}"


def rounded(value: Fraction, digits: int = 6) -> str:
    """`value` rounded to six digits, or as many as are asked for, as formula source.

    >>> rounded(Fraction(2, 3)), rounded(Fraction(2, 3 * 10**9))
    ('0.666667', '6.66667·10^{-10}')
    """
    mantissa, mark, exponent = approximate(value, digits).partition("e")
    return f"{mantissa}·10^{{{exponent}}}" if mark else mantissa


def equation(left: str, value: Fraction) -> str:
    """The prose ``$left = p/q = decimal$``; if p/q is long, only the decimal and the number of digits.

    Parameters: `left`, formula source; `value`. Exactness: ``=`` stands only between equal numbers, else ``≈``.
    Raises: nothing. Source: docs/guide/certificates.md, "Print one".

    >>> equation("L", Fraction(21, 32)), equation("L", Fraction(2, 3)), equation("L", Fraction(9))
    ('$L = 21/32 = 0.65625$', '$L = 2/3 ≈ 0.666667$', '$L = 9$')
    >>> equation("L", Fraction(10**90 + 1, 3))
    '$L ≈ 3.33333·10^{89}$ (rounded; the exact value is a fraction of 91 digits over 1 digit)'
    """
    if not is_short(value, max(HEADLINE_DIGITS, _cell_digits.get())):
        return f"${left} ≈ {rounded(value)}$ (rounded; the exact value is {digits_of(value)})"
    if value.denominator == 1 and is_short(value):
        return f"${left} = {to_text(value)}$"
    sign = "=" if exact(approximate(value)) == value else "≈"
    return f"${left} = {to_text(value)} {sign} {rounded(value)}$"


def digits_of(value: Fraction) -> str:
    """The size of a number in words.

    >>> digits_of(Fraction(1, 10)), digits_of(Fraction(100))
    ('a fraction of 1 digit over 2 digits', 'an integer of 3 digits')
    """
    top, bottom = digit_count(value.numerator), digit_count(value.denominator)
    if value.denominator == 1:
        return f"an integer of {_count(top)}"
    return f"a fraction of {_count(top)} over {_count(bottom)}"


def longest(values: Iterable[Fraction]) -> int:
    """The largest number of digits of a numerator or denominator among those `values` that are not short; 0 if all are.

    >>> longest([Fraction(1, 2), Fraction(10**30, 3)])
    31
    """
    return max((digit_count(part) for v in values if not is_short(v) for part in (v.numerator, v.denominator)), default=0)


def equals(value: Fraction) -> str:
    """A number behind the sign before it: ``= 1/2``, or ``≈ …`` where it is too long.

    >>> equals(Fraction(1, 2))
    '= 1/2'
    """
    text = numeral(value)
    return text if text.startswith("≈") else f"= {text}"


def named_samples(indices: Sequence[int]) -> str:
    """Samples by their numbers from 1.

    >>> named_samples([0]), named_samples([0, 2])
    ('sample 1', 'samples 1, 3')
    """
    return f"{'sample' if len(indices) == 1 else 'samples'} {listed(indices)}"


def listed(indices: Sequence[int], limit: int = 12) -> str:
    """Ascending indices counted from 0 as a list counted from 1, with runs shortened and at most `limit` parts.

    >>> listed([0, 1, 2, 4]), listed([6]), listed(range(0, 60, 2), 3)
    ('1 to 3, 5', '7', '1, 3, 5 and 27 more')
    """
    runs: list[list[int]] = []
    for index in indices:
        if runs and index == runs[-1][-1] + 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    parts, shown = [], 0
    for run in runs[:limit]:
        shown += len(run)
        ends = [str(run[0] + 1), str(run[-1] + 1)][: len(run)]
        parts.append((" to " if len(run) > 2 else ", ").join(ends))
    more = len(indices) - shown
    return ", ".join(parts) + (f" and {more} more" if more else "")


def _count(digits: int) -> str:
    return "1 digit" if digits == 1 else f"{digits} digits"


def power_of_t(exponent: int) -> str:
    """t, t², … in LaTeX. Exactness: exact. Raises: nothing.

    >>> power_of_t(1), power_of_t(2)
    ('t', 't^{2}')
    """
    return "t" if exponent == 1 else f"t^{{{exponent}}}"
