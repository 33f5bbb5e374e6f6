"""Value and derivative of an expression at a number, in any arithmetic that holds some numbers (FORMAT.md, sections 15, 23)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from .arithmetic.rational import Rational
from .smooth_expression import Tree

T = TypeVar("T")


@dataclass(frozen=True)
class Arithmetic(Generic[T]):
    """Numbers of one kind: those that are rational, e^q and σ(q), sums, and products and quotients where these are of the kind.

    `known` gives the number that a value is known to be, if it is rational.
    """

    rational: Callable[[Rational], T]
    exponential: Callable[[Rational], T]
    sigmoid: Callable[[Rational], T]
    is_zero: Callable[[T], bool]
    known: Callable[[T], Fraction | None]
    scaled: Callable[[T, Rational], T]
    sum: Callable[[T, T], T]
    product: Callable[[T, T], T | None]
    quotient: Callable[[T, T], T | None]

    def value_and_slope(self, tree: Tree, z: Fraction) -> tuple[T | None, T | None]:
        """Value and derivative at z, None where these rules do not know them as numbers of this kind."""
        if not isinstance(tree, tuple):
            return (self.rational(z), self.rational(1)) if isinstance(tree, str) else (self.rational(tree), self.rational(0))
        operation = tree[0]
        if operation == "log" and isinstance(tree[1], tuple) and tree[1][0] == "sigmoid":
            inner, change = self.value_and_slope(tree[1][1], z)
            number = self._number(inner)
            return None, self._times(None if number is None else self.sigmoid(-number), change)
        a, da = self.value_and_slope(tree[1], z)
        if operation == "-":
            return self._multiple(a, -1), self._multiple(da, -1)
        if operation in ("+", "*", "/"):
            b, db = self.value_and_slope(tree[2], z)
            if operation == "+":
                return self._plus(a, b), self._plus(da, db)
            if operation == "*":
                return self._times(a, b), self._plus(self._times(da, b), self._times(a, db))
            q = self._over(a, b)
            return q, self._over(self._plus(da, self._multiple(self._times(q, db), -1)), b)
        if operation == "power":
            below: T | None = self.rational(1)
            for _ in range(int(tree[2]) - 1):
                below = self._times(below, a)
            return self._times(below, a), self._times(self._multiple(below, tree[2]), da)
        known = self._number(a)
        if operation == "log":
            return (self.rational(0) if known == 1 else None), self._over(da, a)
        value, slope = (None, None) if known is None else self._at(operation, known)
        return value, self._times(slope, da)

    def _at(self, operation: str, q: Fraction) -> tuple[T | None, T | None]:
        """A function and its derivative at a rational number."""
        s, one = self.sigmoid(q), self.rational(1)
        match operation:
            case "exp":
                return self.exponential(q), self.exponential(q)
            case "sigmoid":
                return s, self._times(s, self.sum(one, self.scaled(s, -1)))
            case "softplus":
                return None, s
            case "tanh":
                t = self.sum(self.rational(-1), self.scaled(self.sigmoid(2 * q), 2))
                return t, self._plus(one, self._multiple(self._times(t, t), -1))
            case _:  # arctan
                return (None if q else self.rational(0)), self.rational(Fraction(1, 1 + q * q))

    def _number(self, value: T | None) -> Fraction | None:
        return None if value is None else self.known(value)

    def _multiple(self, value: T | None, factor: Rational) -> T | None:
        return None if value is None else self.scaled(value, factor)

    def _plus(self, first: T | None, second: T | None) -> T | None:
        return None if first is None or second is None else self.sum(first, second)

    def _times(self, first: T | None, second: T | None) -> T | None:
        if (first is not None and self.is_zero(first)) or (second is not None and self.is_zero(second)):
            return self.rational(0)  # all values exist: enclosures of them are asked for, too
        return None if first is None or second is None else self.product(first, second)

    def _over(self, first: T | None, second: T | None) -> T | None:
        return None if first is None or second is None else self.quotient(first, second)
