"""Activations given as expressions: trees, on intervals with two derivatives (FORMAT.md, section 10)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from .arithmetic.document import Field, one_of
from .arithmetic.effort import spend
from .arithmetic.interval import Interval, enclose, exponential, increasing, logarithm
from .arithmetic.rational import Rational

Tree = str | int | Fraction | tuple[Any, ...]
"""``"z"``, a number, or a tuple: an operation and its operands; the last operand of ``"power"`` is its exponent."""
Jet = tuple[Interval, Interval, Interval]
Functions = Callable[[str, Interval], Jet]

MAX_PARTS, MAX_POWER = 100, 64
MAX_KNOWN_BITS = 1 << 16  # repeated squaring would otherwise fill any memory
_TWO = ("+", "*", "/")
_NAMED = ("tanh", "arctan", "sigmoid", "softplus")


def read_tree(field: Field, variables: tuple[str, ...] = ("z",)) -> tuple[Tree, int]:
    """A tree with these variables, and how many parts it has."""
    parts = 0

    def read(part: Field) -> Tree:
        nonlocal parts
        parts += 1
        if parts > MAX_PARTS:
            raise field.reject(f"more than {MAX_PARTS} parts")
        if isinstance(part.value, str):
            return part.value if part.value in variables else part.number()
        head, *rest = part.items() or [part]
        operation = one_of(head, (*_TWO, "-", "power", "exp", "log", *_NAMED))
        if operation == "power":
            _, base, exponent = part.items(3)
            n = exponent.size(2)
            if n > MAX_POWER:
                raise exponent.reject(f"exponents end at {MAX_POWER}")
            return operation, read(base), n
        part.items(3 if operation in _TWO else 2)
        return operation, *map(read, rest)

    return read(field), parts


def is_entire(tree: Tree) -> bool:
    """Whether the expression is defined at all numbers, as far as its form tells: only numbers divide, and no logarithm."""
    if not isinstance(tree, tuple):
        return True
    if tree[0] == "power":
        return is_entire(tree[1])
    if tree[0] == "/" and (not isinstance(tree[2], (int, Fraction)) or not tree[2]):
        return False
    return tree[0] != "log" and all(map(is_entire, tree[1:]))


def exact_value(tree: Tree, z: Rational) -> Rational | None:
    """The value at z where these rules know it to be rational."""
    return _exact(tree, z, is_entire(tree))


def not_too_long(value: Rational | None, factor: int = 1) -> Rational | None:
    """The number, None (not known) if it is longer than MAX_KNOWN_BITS/factor."""
    if value is None or factor * (value.numerator.bit_length() + value.denominator.bit_length()) > MAX_KNOWN_BITS:
        return None
    return value


def _exact(tree: Tree, z: Rational, entire: bool) -> Rational | None:
    value = not_too_long(_exact_part(tree, z, entire))
    if value is not None:
        spend(2 + (value.numerator.bit_length() + value.denominator.bit_length()) ** 2 // 1_000_000)
    return value


def _exact_part(tree: Tree, z: Rational, entire: bool) -> Rational | None:
    if not isinstance(tree, tuple):
        return z if isinstance(tree, str) else tree
    operation, first = tree[0], _exact(tree[1], z, entire)
    if operation in _TWO:
        second = _exact(tree[2], z, entire)
        if operation == "*" and entire and 0 in (first, second):
            return 0
        if first is None or second is None or (operation == "/" and not second):
            return None
        if operation == "/":
            return Fraction(first.numerator * second.denominator, first.denominator * second.numerator)
        return first + second if operation == "+" else first * second
    if first is None:
        return None
    if operation == "-":
        return -first
    if operation == "power":
        return None if not_too_long(first, tree[2]) is None else Fraction(first) ** int(tree[2])
    if operation == "log":
        return 0 if first == 1 else None
    if first or operation == "softplus":
        return None
    if operation == "sigmoid":
        return Fraction(1, 2)
    return 1 if operation == "exp" else 0


def tree_jet(tree: Tree, z: Interval, functions: Functions) -> Jet:
    """The value and two derivatives; ValueError where the value may be undefined.

    `functions` gives the jets of the named functions.
    """
    bits = z.bits
    zero = Interval(0, 0, bits)
    if isinstance(tree, str):
        return z, Interval(1 << bits, 1 << bits, bits), zero
    if not isinstance(tree, tuple):
        return enclose(tree, bits), zero, zero
    operation = tree[0]
    a, da, dda = tree_jet(tree[1], z, functions)
    if operation == "-":
        return -a, -da, -dda
    if operation in _TWO:
        b, db, ddb = tree_jet(tree[2], z, functions)
        if operation == "+":
            return a + b, da + db, dda + ddb
        if operation == "*":
            return a * b, da * b + a * db, dda * b + (da * db).times(2) + a * ddb
        q = a.divided_by(b)
        dq = (da - q * db).divided_by(b)
        return q, dq, (dda - (dq * db).times(2) - q * ddb).divided_by(b)
    h, slope, curvature = _outer(operation, a, tree, functions)
    return h, slope * da, curvature * da.square() + slope * dda


def tree_value(tree: Tree, z: Interval, functions: Callable[[str, Interval], Interval]) -> Interval:
    """The value; ValueError where it may be undefined. `functions` gives the values of the named functions."""
    if isinstance(tree, str):
        return z
    if not isinstance(tree, tuple):
        return enclose(tree, z.bits)
    operation = tree[0]
    a = tree_value(tree[1], z, functions)
    if operation in _TWO:
        b = tree_value(tree[2], z, functions)
        return a + b if operation == "+" else a * b if operation == "*" else a.divided_by(b)
    match operation:
        case "-":
            return -a
        case "power":
            return a.power(int(tree[2]))
        case "exp":
            return increasing(exponential, a)
        case "log":
            return increasing(logarithm, a)
    return functions(operation, a)


def _outer(operation: str, a: Interval, tree: tuple[Any, ...], functions: Functions) -> Jet:
    one = Interval(1 << a.bits, 1 << a.bits, a.bits)
    if operation == "power":
        n = int(tree[2])
        below = one if n == 2 else a.power(n - 2)
        return a.power(n), a.power(n - 1).times(n), below.times(n * (n - 1))
    if operation == "exp":
        power = increasing(exponential, a)
        return power, power, power
    if operation == "log":
        inverse = one.divided_by(a)
        return increasing(logarithm, a), inverse, -inverse.square()
    return functions(operation, a)
