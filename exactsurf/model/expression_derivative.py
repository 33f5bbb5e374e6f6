"""Value and derivative of an expression at a rational number, in an exact arithmetic that holds some numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from exactsurf.model.smooth_expression import Tree

T = TypeVar("T")


@dataclass(frozen=True)
class Dual(Generic[T]):
    """A value and its derivative; None where it is no number of the arithmetic by the rules of proofs/FORMAT.md."""

    value: T | None
    slope: T | None


@dataclass(frozen=True)
class Arithmetic(Generic[T]):
    """Numbers that hold the rational ones, e^q and σ(q), with sums, and products and quotients where these are such numbers.

    `rational` gives the number that one is known to be, if it is rational. Exactness: exact.
    Source: proofs/FORMAT.md, sections 15 and 23.
    """

    number: Callable[[Fraction], T]
    exponential: Callable[[Fraction], T]
    sigmoid: Callable[[Fraction], T]
    is_zero: Callable[[T], bool]
    rational: Callable[[T], Fraction | None]
    sum: Callable[[T, T], T]
    product: Callable[[T, T], T | None]
    quotient: Callable[[T, T], T | None]

    def dual(self, tree: Tree, z: Fraction) -> Dual[T]:
        """Value and derivative at z."""
        if isinstance(tree, str):
            return Dual(self.number(z), self.number(Fraction(1)))
        if isinstance(tree, Fraction):
            return Dual(self.number(tree), self.number(Fraction(0)))
        operation = tree[0]
        if operation == "log" and isinstance(tree[1], tuple) and tree[1][0] == "sigmoid":
            inner = self.dual(tree[1][1], z)
            at = self._rational(inner.value)
            return Dual(None, self._times(None if at is None else self.sigmoid(-at), inner.slope))
        a = self.dual(tree[1], z)
        match operation:
            case "-":
                return Dual(self._times(self._whole(-1), a.value), self._times(self._whole(-1), a.slope))
            case "+":
                b = self.dual(tree[2], z)
                return Dual(self._plus(a.value, b.value), self._plus(a.slope, b.slope))
            case "*":
                b = self.dual(tree[2], z)
                rise = self._plus(self._times(a.slope, b.value), self._times(a.value, b.slope))
                return Dual(self._times(a.value, b.value), rise)
            case "/":
                b = self.dual(tree[2], z)
                q = self._over(a.value, b.value)
                return Dual(q, self._over(self._minus(a.slope, self._times(q, b.slope)), b.value))
            case "power":
                below: T | None = self._whole(1)
                for _ in range(int(tree[2]) - 1):
                    below = self._times(below, a.value)
                return Dual(self._times(below, a.value), self._times(self._times(self._whole(int(tree[2])), below), a.slope))
        known = self._rational(a.value)
        if operation == "log":
            return Dual(self._whole(0) if known == 1 else None, self._over(a.slope, a.value))
        outer = Dual[T](None, None) if known is None else self._of_function(operation, known)
        return Dual(outer.value, self._times(outer.slope, a.slope))

    def _of_function(self, function: str, q: Fraction) -> Dual[T]:
        s, one = self.sigmoid(q), self._whole(1)
        match function:
            case "exp":
                return Dual(self.exponential(q), self.exponential(q))
            case "sigmoid":
                return Dual(s, self._times(s, self._minus(one, s)))
            case "softplus":
                return Dual(None, s)
            case "tanh":
                t = self._minus(self._times(self._whole(2), self.sigmoid(2 * q)), one)
                return Dual(t, self._minus(one, self._times(t, t)))
            case _:  # arctan
                return Dual(None if q else self._whole(0), self.number(1 / (1 + q * q)))

    def _whole(self, value: int) -> T:
        return self.number(Fraction(value))

    def _rational(self, a: T | None) -> Fraction | None:
        return None if a is None else self.rational(a)

    def _plus(self, a: T | None, b: T | None) -> T | None:
        return None if a is None or b is None else self.sum(a, b)

    def _minus(self, a: T | None, b: T | None) -> T | None:
        return self._plus(a, self._times(self._whole(-1), b))

    def _times(self, a: T | None, b: T | None) -> T | None:
        if (a is not None and self.is_zero(a)) or (b is not None and self.is_zero(b)):
            return self._whole(0)  # all values exist: the risk is enclosed, too
        return None if a is None or b is None else self.product(a, b)

    def _over(self, a: T | None, b: T | None) -> T | None:
        return None if a is None or b is None else self.quotient(a, b)
