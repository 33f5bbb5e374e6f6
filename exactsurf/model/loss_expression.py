"""A loss that is an expression of its gap: what it is at a target, its derivative, whether it is convex."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from exactsurf.model.smooth_expression import Tree

_ZERO, _ONE = Fraction(0), Fraction(1)


def bound(tree: Tree, values: Mapping[str, Tree]) -> Tree:
    """The tree with other trees in the place of its variables.

    >>> bound(("exp", "u"), {"u": ("-", "z")})
    ('exp', ('-', 'z'))
    """
    if isinstance(tree, tuple):
        return (tree[0], *(part if isinstance(part, int) else bound(part, values) for part in tree[1:]))
    return values.get(tree, tree) if isinstance(tree, str) else tree


def derivative(tree: Tree, variable: str = "z") -> Tree:
    """The derivative of an expression as a tree; other variables are constants.

    Parameters: `tree`; `variable`. Exactness: exact, wherever the expression is defined. Raises: nothing.
    Source: the chain rule.

    >>> from exactsurf.model.smooth_expression import infix, read_expression
    >>> infix(derivative(read_expression("exp(-z) + z**3/3")))
    '-exp(-z) + z**2'
    """
    if not isinstance(tree, tuple):
        return _ONE if tree == variable else _ZERO
    operation, a = tree[0], tree[1]
    da = derivative(a, variable)
    if operation == "-":
        return _negative(da)
    if operation in ("+", "*", "/"):
        b = tree[2]
        db = derivative(b, variable)
        if operation == "+":
            return _sum(da, db)
        if operation == "*":
            return _sum(_product(da, b), _product(a, db))
        return _sum(_quotient(da, b), _negative(_quotient(_product(a, db), _product(b, b))))
    return _product(_outer_slope(tree, a), da)


def _outer_slope(tree: tuple[Any, ...], a: Tree) -> Tree:
    match tree[0]:
        case "power":
            n = int(tree[2])
            return _product(Fraction(n), a if n == 2 else ("power", a, n - 1))
        case "exp":
            return tree
        case "log":
            return ("/", _ONE, a)
        case "sigmoid":
            return ("*", tree, ("+", _ONE, ("-", tree)))
        case "softplus":
            return ("sigmoid", a)
        case "tanh":
            return ("+", _ONE, ("-", ("power", tree, 2)))
        case _:  # arctan
            return ("/", _ONE, ("+", _ONE, ("power", a, 2)))


def _negative(a: Tree) -> Tree:
    return -a if isinstance(a, Fraction) else a[1] if isinstance(a, tuple) and a[0] == "-" else ("-", a)


def _sum(a: Tree, b: Tree) -> Tree:
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a + b
    return b if a == _ZERO else a if b == _ZERO else ("+", a, b)


def _product(a: Tree, b: Tree) -> Tree:
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a * b
    if _ZERO in (a, b):
        return _ZERO
    if a == -_ONE or b == -_ONE:
        return _negative(b if a == -_ONE else a)
    if isinstance(a, Fraction) and isinstance(b, tuple):
        # Numbers meet: n·(a/m) is (n/m)·a.
        if b[0] == "*" and isinstance(b[1], Fraction):
            return _product(a * b[1], b[2])
        if b[0] == "/" and isinstance(b[2], Fraction) and b[2]:
            return _product(a / b[2], b[1])
    if isinstance(b, Fraction) and not isinstance(a, Fraction):
        return _product(b, a)
    return b if a == _ONE else a if b == _ONE else ("*", a, b)


def _quotient(a: Tree, b: Tree) -> Tree:
    return _product(_ONE / b, a) if isinstance(b, Fraction) and b else _ZERO if a == _ZERO else ("/", a, b)


@dataclass(frozen=True)
class Curvature:
    """What is known of an expression as a function of one variable.

    `kind` is ``constant``, ``affine``, ``convex`` or ``concave``; `strict` if strictly so; `slope` of an affine one, if known.
    """

    kind: str
    strict: bool = False
    slope: Fraction | None = None

    @property
    def negative(self) -> Curvature:
        """That of −f."""
        kind = {"convex": "concave", "concave": "convex"}.get(self.kind, self.kind)
        return Curvature(kind, self.strict, None if self.slope is None else -self.slope)

    @property
    def is_convex(self) -> bool:
        """Whether the expression is convex."""
        return self.kind != "concave"

    def scaled(self, factor: Fraction) -> Curvature:
        """That of factor·f."""
        found = self if factor > 0 else self.negative
        return Curvature(found.kind, found.strict, None if self.slope is None else factor * self.slope)


_CONSTANT = Curvature("constant", slope=_ZERO)


def curvature(tree: Tree, variable: str) -> Curvature | None:
    """Whether an expression is convex or concave in a variable, by rules of composition; None if these do not tell.

    Sums; multiples; even powers of affine expressions; exp and softplus of convex ones; the logarithm of sums of exponentials.

    Parameters: `tree`; `variable`; other variables are constants of any sign. Exactness: proved where it is not None.
    Raises: nothing. Source: Grant, Boyd and Ye 2006; Boyd and Vandenberghe 2004, sections 3.2 and 3.5.

    >>> from exactsurf.model.smooth_expression import read_expression
    >>> curvature(read_expression("log(1 + exp(-z))"), "z")
    Curvature(kind='convex', strict=True, slope=None)
    >>> curvature(read_expression("z*exp(z)"), "z") is None
    True
    """
    if not isinstance(tree, tuple):
        return Curvature("affine", slope=_ONE) if tree == variable else _CONSTANT
    operation, first = tree[0], tree[1]
    inner = curvature(first, variable)
    if operation == "log":
        return _of_logarithm(first, variable) or (_CONSTANT if inner == _CONSTANT else None)
    if inner is None:
        return None
    if operation == "-":
        return inner.negative
    if operation in ("+", "*", "/"):
        other = curvature(tree[2], variable)
        if other is None:
            return None
        return _of_sum(inner, other) if operation == "+" else _of_product(operation, tree, inner, other)
    if inner.kind == "constant":
        return _CONSTANT
    if operation == "power":
        return Curvature("convex", bool(inner.slope)) if tree[2] % 2 == 0 and inner.kind == "affine" else None
    if operation in ("exp", "softplus") and inner.is_convex:
        return Curvature("convex", bool(inner.slope) if inner.kind == "affine" else inner.strict)
    return None


def _of_sum(a: Curvature, b: Curvature) -> Curvature | None:
    kinds = {a.kind, b.kind} - {"constant"}
    if kinds <= {"affine"}:
        slope = None if a.slope is None or b.slope is None else a.slope + b.slope
        return Curvature("affine", slope=slope) if kinds else _CONSTANT
    curved = kinds - {"affine"}
    return Curvature(curved.pop(), a.strict or b.strict) if len(curved) == 1 else None


def _of_product(operation: str, tree: tuple[Any, ...], a: Curvature, b: Curvature) -> Curvature | None:
    left, right = tree[1], tree[2]
    if operation == "/":
        if isinstance(right, Fraction) and right:
            return a.scaled(1 / right)
        # A divisor that is a constant of unknown sign: a multiple of unknown sign.
        return _CONSTANT if (a.kind, b.kind) == ("constant", "constant") else None
    for number, other in ((left, b), (right, a)):
        if isinstance(number, Fraction):
            return other.scaled(number) if number else _CONSTANT
    kinds = {a.kind, b.kind}
    return _CONSTANT if kinds == {"constant"} else Curvature("affine") if kinds == {"constant", "affine"} else None


def _of_logarithm(tree: Tree, variable: str) -> Curvature | None:
    slopes = _exponentials(tree, variable)
    if slopes is not None:
        return Curvature("convex", len(slopes) > 1)
    if isinstance(tree, tuple) and tree[0] == "sigmoid":
        inner = curvature(tree[1], variable)
        if inner is not None and inner.kind == "affine":
            return Curvature("concave", bool(inner.slope))
    return None


def _exponentials(tree: Tree, variable: str) -> frozenset[Fraction] | None:
    """The slopes of the exponents if the expression is a sum of exponentials of affine ones with positive factors, else None."""
    if isinstance(tree, Fraction):
        return frozenset([_ZERO]) if tree > 0 else None
    if not isinstance(tree, tuple):
        return None
    operation, first = tree[0], tree[1]
    if operation == "exp":
        inner = curvature(first, variable)
        return None if inner is None or inner.slope is None else frozenset([inner.slope])
    if operation == "+":
        one, other = _exponentials(first, variable), _exponentials(tree[2], variable)
        return None if one is None or other is None else one | other
    for number, rest in ((tree[2], first), (first, tree[2])) if operation in ("*", "/") else ():
        if isinstance(number, Fraction) and number > 0 and (operation == "*" or rest is first):
            return _exponentials(rest, variable)
    return None
