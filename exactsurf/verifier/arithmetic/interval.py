"""Interval arithmetic in integers, with square roots, and exp, log(1 + u), arctan from series (FORMAT.md, sections 10, 26)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from math import isqrt

from .rational import Rational

MIN_BITS, MAX_BITS = 16, 4096
_LONGEST = 1 << 16
_GUARD = 16
_LARGEST_EXPONENT = 1 << 12


class Interval:
    """All real numbers from low/2^bits to high/2^bits; the results of arithmetic are rounded outwards."""

    __slots__ = ("bits", "high", "low")

    def __init__(self, low: int, high: int, bits: int) -> None:
        if low < -1 << _LONGEST or high > 1 << _LONGEST:
            raise OverflowError(f"numbers of more than {_LONGEST} bits are beyond the limits of this verifier")
        self.low = low
        self.high = high
        self.bits = bits

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high, self.bits)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low, self.bits)

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low, self.bits)

    def __mul__(self, other: Interval) -> Interval:
        products = (self.low * other.low, self.low * other.high, self.high * other.low, self.high * other.high)
        return Interval(min(products) >> self.bits, _up(max(products), self.bits), self.bits)

    def divided_by(self, other: Interval) -> Interval:
        """The quotient; ValueError if the divisor may be 0."""
        if other.low <= 0 <= other.high:
            raise ValueError("division by an interval that holds 0")
        bounds = [(a << self.bits, b) for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(a // b for a, b in bounds), max(-(-a // b) for a, b in bounds), self.bits)

    def square(self) -> Interval:
        """The squares of the numbers."""
        small, large = sorted((abs(self.low), abs(self.high)))
        inside = self.low <= 0 <= self.high
        return Interval(0 if inside else small * small >> self.bits, _up(large * large, self.bits), self.bits)

    def power(self, exponent: int) -> Interval:
        """The powers of the numbers, for an exponent ≥ 1."""
        root = self
        while exponent % 2 == 0:
            root, exponent = root.square(), exponent // 2
        result = root
        for _ in range(exponent - 1):
            result = result * root
        return result

    def times(self, factor: int) -> Interval:
        """The multiple by an integer."""
        ends = sorted((factor * self.low, factor * self.high))
        return Interval(ends[0], ends[1], self.bits)

    def magnitude(self) -> int:
        """The largest absolute value, in units of 2^−bits."""
        return max(-self.low, self.high)


def _up(value: int, bits: int) -> int:
    """value/2^bits, rounded up."""
    return -(-value >> bits)


def enclose(value: Rational, bits: int, radius: Rational = 0) -> Interval:
    """An interval with all numbers within `radius` of a number."""
    low, high = value - radius, value + radius
    return Interval((low.numerator << bits) // low.denominator, -((-high.numerator << bits) // high.denominator), bits)


def increasing(function: Callable[[int, int], Interval], z: Interval) -> Interval:
    """The image of an interval under an increasing function that is given at multiples of 2^−bits."""
    if z.low == z.high:
        return function(z.low, z.bits)
    return Interval(function(z.low, z.bits).low, function(z.high, z.bits).high, z.bits)


def square_root(z: Interval) -> Interval:
    """The square roots of the numbers; ValueError if one may be negative."""
    if z.low < 0:
        raise ValueError("the square root of a number that may be negative")
    return Interval(isqrt(z.low << z.bits), isqrt((z.high << z.bits) - 1) + 1 if z.high else 0, z.bits)


def half_turn(bits: int) -> Interval:
    """π."""
    return _coarser(_quarter_turn(bits + _GUARD).times(4), bits)


def _coarser(value: Interval, bits: int) -> Interval:
    shift = value.bits - bits
    return Interval(value.low >> shift, _up(value.high, shift), bits)


def decaying_exponential(x: int, bits: int) -> Interval:
    """exp(−x/2^bits), for x ≥ 0: alternating series at x/2^k ≤ 1/2, then k squarings."""
    if x >> bits >= bits:  # exp(−t) ≤ 2^−t
        return Interval(0, 1, bits)
    halvings = max(0, x.bit_length() - bits + 1)
    work = bits + 2 * halvings + _GUARD
    point = x << (work - bits - halvings)
    low = high = first = last = 1 << work
    n = 0
    while last > 2:
        n += 1
        first, last = (first * point >> work) // n, -(-_up(last * point, work) // n)
        low, high = (low - last, high - first) if n % 2 else (low + first, high + last)
    # The terms fall and alternate: what is left of the series is at most the last term.
    total = Interval(low - last, high + last, work)
    for _ in range(halvings):
        total = total.square()
    return _coarser(total, bits)


def exponential(x: int, bits: int) -> Interval:
    """exp(x/2^bits)."""
    if x <= 0:
        return decaying_exponential(-x, bits)
    if x >> bits > _LARGEST_EXPONENT:
        raise OverflowError(f"exp of more than {_LARGEST_EXPONENT} is beyond the limits of this verifier")
    # exp(x) = 1/exp(−x), which needs twice as many bits before the point as exp(x) has: 3 > 2·log₂ e.
    work = bits + 3 * ((x >> bits) + 1) + _GUARD
    power = decaying_exponential(x << (work - bits), work)
    return _coarser(Interval(1 << work, 1 << work, work).divided_by(power), bits)


def logarithm(x: int, bits: int) -> Interval:
    """log(x/2^bits), for x > 0: k·log 2 + log(1 + u) with 0 ≤ u ≤ 1."""
    if x <= 0:
        raise ValueError("the logarithm of a number that may be 0 or negative")
    shift = x.bit_length() - 1 - bits
    # The significant digits of a small number would be lost at its own precision.
    work = bits + max(0, -shift) + _GUARD
    point = x << (work - bits)
    u = (point >> shift) - (1 << work) if shift >= 0 else (point << -shift) - (1 << work)
    found = log_of_one_plus(u, work)
    # What was cut off from u is less than a unit, and the slope of log(1 + u) is at most 1.
    return _coarser(Interval(found.low, found.high + 1, work) + _log_of_two(work).times(shift), bits)


@lru_cache(64)
def _log_of_two(bits: int) -> Interval:
    return log_of_one_plus(1 << bits, bits)


def log_of_one_plus(u: int, bits: int) -> Interval:
    """log(1 + u/2^bits) for 0 ≤ u ≤ 2^bits, as 2·artanh(w) with w = u/(2 + u) ≤ 1/3."""
    work = bits + _GUARD
    Interval(0, u << _GUARD, work)  # Numbers beyond the limits end here.
    numerator = u << _GUARD + work
    divisor = (u << _GUARD) + (2 << work)
    low, high = numerator // divisor, -(-numerator // divisor)
    below, above = low * low >> work, _up(high * high, work)
    first, last, n = low, high, 1
    while last > 2:
        n += 2
        first, last = first * below >> work, _up(last * above, work)
        low += first // n
        high -= -last // n
    # What is left is at most power·(w² + w⁴ + …) ≤ power/8.
    return _coarser(Interval(2 * low, 2 * (high + last), work), bits)


def arctan(x: int, bits: int) -> Interval:
    """arctan(x/2^bits): Euler's series for |x| ≤ 1, and π/2 − arctan(1/x) beyond."""
    if x < 0:
        return -arctan(-x, bits)
    work = bits + _GUARD
    point, one = Interval(x << _GUARD, x << _GUARD, work), Interval(1 << work, 1 << work, work)
    if x <= 1 << bits:
        return _coarser(_euler(point), bits)
    quarter = _quarter_turn(work)
    reciprocal = one.divided_by(point)
    rest = Interval(
        _euler(Interval(reciprocal.low, reciprocal.low, work)).low,
        _euler(Interval(min(reciprocal.high, 1 << work), min(reciprocal.high, 1 << work), work)).high,
        work,
    )
    return _coarser(quarter.times(2) - rest, bits)


@cache
def _quarter_turn(bits: int) -> Interval:
    """π/4."""
    return _euler(Interval(1 << bits, 1 << bits, bits))


def _euler(x: Interval) -> Interval:
    """arctan x = Σ 4ⁿ (n!)²/(2n + 1)! · x^(2n+1)/(1 + x²)^(n+1) for a number 0 ≤ x ≤ 1."""
    one = Interval(1 << x.bits, 1 << x.bits, x.bits)
    square = x.square()
    ratio = square.divided_by(one + square)
    term = total = x.divided_by(one + square)
    n = 0
    while term.high > 3:
        n += 1
        product = (term * ratio).times(2 * n)
        term = Interval(product.low // (2 * n + 1), -(-product.high // (2 * n + 1)), x.bits)
        total = total + term
    # Each term is less than half of the one before: what is left is at most the last term.
    return Interval(total.low, total.high + 2 * term.high, x.bits)
