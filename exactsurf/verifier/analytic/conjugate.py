"""Conjugates of losses given by an expression, enclosed (FORMAT.md, sections 22 and 28)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from typing import TypeAlias

from ..arithmetic.document import Field, at
from ..arithmetic.effort import price, spend
from ..arithmetic.interval import Interval, enclose, increasing, logarithm
from ..dual_bounds import Bound
from ..smooth_expression import Tree
from .loss import AnalyticLoss
from .setting import Setting

Conjugate: TypeAlias = Callable[[Fraction, Fraction, int], "Interval | None"]
"""Of a slope, the target and the bits; None where the conjugate is infinite."""


def times_log(p: Fraction, bits: int) -> Interval:
    """p log p for p ≥ 0, which is exactly 0 at 0 and at 1."""
    if p in (0, 1):
        return enclose(0, bits)
    # The logarithm of a small number needs its own leading digits.
    fine = bits + max(0, p.denominator.bit_length() - p.numerator.bit_length())
    # Terms of the series of a logarithm grow in number with the bits, and so does the work in each.
    spend(150 + fine + (fine * fine * price(fine) >> 12))
    product = enclose(p, fine) * increasing(logarithm, enclose(p, fine))
    return Interval(product.low >> (fine - bits), -(-product.high >> (fine - bits)), bits)


def _coin(s: Fraction, _: Fraction, bits: int) -> Interval | None:
    return times_log(-s, bits) + times_log(1 + s, bits) if -1 <= s <= 0 else None


def _falling_exponential(s: Fraction, _: Fraction, bits: int) -> Interval | None:
    return times_log(-s, bits) - enclose(-s, bits) if s <= 0 else None


def _two_sided(s: Fraction, _: Fraction, bits: int) -> Interval | None:
    if not -1 <= s <= 1:
        return None
    return (times_log(1 + s, bits) + times_log(1 - s, bits)) * enclose(Fraction(1, 2), bits)


def _count(s: Fraction, y: Fraction, bits: int) -> Interval | None:
    return times_log(s + y, bits) - enclose(s + y, bits) if s + y >= 0 else None


def _power(p: int, s: Fraction, _: Fraction, bits: int) -> Interval:
    """(p − 1)(|s|/p)^{p/(p − 1)}: the root of degree p − 1 of the power of degree p, to a unit of 2^−bits; exactly 0 at 0."""
    if not s:
        return enclose(0, bits)
    x, degree = Fraction(abs(s), p), p - 1
    digits = p * (x.numerator.bit_length() + x.denominator.bit_length()) + bits * degree
    spend(8 * (1 + digits // 64) * (1 + (digits >> 12)))
    whole = (x.numerator**p << bits * degree) // x.denominator**p
    root = _root_below(whole, degree)
    return Interval(degree * root, degree * (root + 1), bits)


def _root_below(whole: int, degree: int) -> int:
    """The greatest whole number whose power of this degree is at most `whole`."""
    if not whole:
        return 0
    root = 1 << -(-whole.bit_length() // degree)
    while root**degree > whole:
        root = ((degree - 1) * root + whole // root ** (degree - 1)) // degree
    return root


_MINUS_U: Tree = ("-", "u")
CONJUGATES: dict[tuple[str, Tree], Conjugate] = {
    ("margin", ("softplus", _MINUS_U)): _coin,
    ("margin", ("exp", _MINUS_U)): _falling_exponential,
    ("difference", ("log", ("/", ("+", ("exp", "u"), ("exp", _MINUS_U)), Fraction(2)))): _two_sided,
    ("prediction", ("+", ("exp", "f"), ("-", ("*", "y", "f")))): _count,
}


def known_conjugate(loss: AnalyticLoss, field: Field) -> Conjugate:
    """The conjugate of a loss that is in the table; a rejection of the field `loss` otherwise."""
    found = CONJUGATES.get((loss.gap, loss.tree))
    tree = loss.tree
    if loss.gap == "difference" and isinstance(tree, tuple) and tree[:2] == ("power", "u"):
        power = int(tree[2])
        if power >= 4 and power % 2 == 0:
            return partial(_power, power)
    if found is None:
        raise field.child("tree").reject("no loss of the table of section 22")
    return found


def least_bound(setting: Setting, conjugate: Conjugate, entry: Field, vector: Sequence[Fraction], bits: int) -> Fraction:
    """A number not above −Σ ψ_i*(r_i), the bound of a dual vector."""
    total, linear = Interval(0, 0, bits), Fraction(0)
    for i, (r, (y,)) in enumerate(zip(vector, setting.targets, strict=True)):
        factor = setting.factor(i)
        value = conjugate(Fraction((y if setting.loss.gap == "margin" else 1) * r, factor), y, bits)
        if value is None:
            raise entry.items()[i].reject(f"no derivative of the loss has this value at sample {i}")
        total = total + enclose(factor, bits) * value
        if setting.loss.gap == "difference":
            linear += r * y
    return -Fraction(total.high, 1 << bits) - linear


def analytic_bound(setting: Setting, conjugate: Conjugate, bits: int) -> Bound:
    """What bounds the risk for a loss by an expression: see `least_bound`."""

    def bound(entry: Field, r: Sequence[int], common: int) -> Fraction:
        with at(entry.place):
            return least_bound(setting, conjugate, entry, [Fraction(value, common) for value in r], bits)

    return bound
