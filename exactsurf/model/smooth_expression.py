"""Expressions in z as trees: read from text or SymPy, and evaluated with two derivatives in ball arithmetic."""

from __future__ import annotations

import ast
from fractions import Fraction
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

from exactsurf.errors import ExactsurfError, InputError, nearest
from exactsurf.exact.balls import to_arb
from exactsurf.exact.number import exact, to_text
from exactsurf.model.smooth_functions import JETS

if TYPE_CHECKING:
    from flint import arb

    from exactsurf.model.smooth_functions import Jet

Tree: TypeAlias = str | Fraction | tuple[Any, ...]
"""``"z"``, a number, or a tuple: an operation and its operands; the last operand of ``"power"`` is an integer."""

MAX_PARTS = 100
MAX_POWER = 64
MAX_KNOWN_BITS = 1 << 16
_MAX_TEXT = 2000
_BINARY = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
FUNCTIONS = ("exp", "log", "tanh", "arctan", "sigmoid", "softplus")
_EXAMPLES = {("z",): "z*exp(-z**2)", ("u",): "log(1 + exp(-u))", ("f", "y"): "exp(f) - y*f"}
_SYNONYMS = {"atan": "arctan", "logistic": "sigmoid"}


def read_expression(expression: object, variables: tuple[str, ...] = ("z",)) -> Tree:
    """The tree of an expression, given as a text or in SymPy; see `smooth_activation`.

    Parameters: `expression`; `variables`, the names that may stand in it. Exactness: exact; decimals are fractions.
    Raises: `InputError` naming what is not understood. Source: theory.md, section 7.

    >>> read_expression("z*exp(-z**2)")
    ('*', 'z', ('exp', ('-', ('power', 'z', 2))))
    """
    text = expression if isinstance(expression, str) else _sympy_text(expression, variables)
    if len(text) > _MAX_TEXT:
        raise InputError(f"an expression has at most {_MAX_TEXT} characters", text=text)
    try:
        parsed = ast.parse(text.strip(), mode="eval")
        tree = _read(parsed.body, text.strip(), variables)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        if isinstance(error, ExactsurfError):
            raise
        example = _EXAMPLES.get(variables, _EXAMPLES["z",])
        raise InputError(f"not an expression in {' and '.join(variables)}", text=text, fix=f'for example "{example}"') from None
    if _parts(tree) > MAX_PARTS:
        raise InputError(f"an expression has at most {MAX_PARTS} parts", text=text)
    return tree


def _sympy_text(expression: object, variables: tuple[str, ...]) -> str:
    symbols = getattr(expression, "free_symbols", None)
    if symbols is None:
        raise InputError("an expression is a text or a SymPy expression", text=repr(expression))
    sympy = import_module("sympy")
    known = len(variables) == 1 or {str(symbol) for symbol in symbols} <= set(variables)
    if not isinstance(expression, sympy.Basic) or len(symbols) > len(variables) or not known:
        wanted = "one symbol" if len(variables) == 1 else " and ".join(variables)
        raise InputError(f"an expression in {wanted} is needed", text=str(expression))
    if expression.has(sympy.Float):
        raise InputError("the expression holds floats", text=str(expression), fix="use Rational numbers")
    if len(variables) > 1:
        return str(expression)
    return str(expression.subs({symbol: sympy.Symbol(variables[0]) for symbol in symbols}))


def _read(node: ast.expr, text: str, variables: tuple[str, ...]) -> Tree:
    match node:
        case ast.Name(id=name) if name in variables:
            return name
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int()) | ast.Constant(value=float()):
            return exact(ast.get_source_segment(text, node) or "", "number in an expression")
        case ast.UnaryOp(op=ast.UAdd()):
            return _read(node.operand, text, variables)
        case ast.UnaryOp(op=ast.USub()):
            inner = _read(node.operand, text, variables)
            return -inner if isinstance(inner, Fraction) else ("-", inner)
        case ast.BinOp(op=ast.Pow()):
            return _power(_read(node.left, text, variables), _read(node.right, text, variables))
        case ast.BinOp() if type(node.op) in _BINARY:
            return _combined(_BINARY[type(node.op)], _read(node.left, text, variables), _read(node.right, text, variables))
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]):
            function = _SYNONYMS.get(name, name)
            if function in FUNCTIONS:
                return (function, _read(argument, text, variables))
            raise InputError("unknown function", text=name, fix=f"{nearest(name, FUNCTIONS)}known: {', '.join(FUNCTIONS)}")
    shown = ast.get_source_segment(text, node) or text
    names = " and ".join(variables)
    fix = f"use {', '.join(variables)}, numbers, + - * / ** and {', '.join(FUNCTIONS)}"
    raise InputError(f"not part of an expression in {names}", text=shown, fix=fix)


def _combined(operation: str, left: Tree, right: Tree) -> Tree:
    if operation == "/" and isinstance(right, Fraction) and not right:
        raise InputError("division by 0", text=f"{infix(left)}/0")
    if not isinstance(right, Fraction):
        return ("+", left, ("-", right)) if operation == "-" else (operation, left, right)
    if operation == "-":
        operation, right = "+", -right
    if not isinstance(left, Fraction):
        return (operation, left, right)
    return left + right if operation == "+" else left * right if operation == "*" else left / right


def _power(base: Tree, exponent: Tree) -> Tree:
    if not isinstance(exponent, Fraction) or exponent.denominator != 1 or abs(exponent) > MAX_POWER:
        raise InputError(f"exponents are integers from -{MAX_POWER} to {MAX_POWER}", text=infix(exponent))
    n = int(exponent)
    if isinstance(base, Fraction):
        if not base and n < 0:
            raise InputError("division by 0", text=f"0**{n}")
        return base**n
    if n < 0:
        return ("/", Fraction(1), _power(base, -exponent))
    return Fraction(1) if n == 0 else base if n == 1 else ("power", base, n)


def _parts(tree: Tree) -> int:
    """How many operations, numbers and z the tree holds; it may be too deep for recursion."""
    count, open_parts = 0, [tree]
    while open_parts:
        part = open_parts.pop()
        count += 1
        if isinstance(part, tuple):
            open_parts += [inner for inner in part[1:] if not isinstance(inner, int)]
    return count


def tree_document(tree: Tree) -> Any:
    """The tree as a JSON value (proofs/FORMAT.md, section 10).

    >>> tree_document(read_expression("z**2/2"))
    ['/', ['power', 'z', 2], '2']
    """
    if isinstance(tree, tuple):
        return [tree[0], *(part if isinstance(part, int) else tree_document(part) for part in tree[1:])]
    return tree if isinstance(tree, str) else to_text(tree)


def tree_of(value: Any) -> Tree:
    """The tree from its JSON value: the inverse of `tree_document`; the names of variables are single letters.

    >>> tree_of(["/", ["power", "z", 2], "2"]) == read_expression("z**2/2")
    True
    """
    if isinstance(value, list):
        return (value[0], *(part if isinstance(part, int) else tree_of(part) for part in value[1:]))
    return value if value in ("z", "u", "f", "y") else exact(value)


def infix(tree: Tree, times: str = "*", power: str = "**{}") -> str:
    """The tree as a text.

    Parameters: `times` and `power`, how a product and a power are written. Exactness: exact. Raises: nothing.
    Source: none.

    >>> infix(read_expression("z/2*(1 + tanh(z))**2"))
    'z/2*(1 + tanh(z))**2'
    """
    return _infix(tree, times, power)[0]


def _infix(tree: Tree, times: str, power: str) -> tuple[str, int]:
    """The text and how strongly it binds: 0 a sum, 1 a product, 3 whole."""

    def inner(part: Tree, least: int) -> str:
        text, strength = _infix(part, times, power)
        return text if strength >= least else f"({text})"

    if not isinstance(tree, tuple):
        text = tree if isinstance(tree, str) else to_text(tree)
        return text, 0 if text.startswith("-") else 1 if "/" in text else 3
    operation, first, *rest = tree
    match operation:
        case "+":
            second = rest[0]
            if isinstance(second, tuple) and second[0] == "-":
                return f"{inner(first, 0)} - {inner(second[1], 1)}", 0
            if isinstance(second, Fraction) and second < 0:
                return f"{inner(first, 0)} - {to_text(-second)}", 0
            return f"{inner(first, 0)} + {inner(second, 1)}", 0
        case "-":
            return f"-{inner(first, 1)}", 0
        case "*":
            return f"{inner(first, 1)}{times}{inner(rest[0], 2)}", 1
        case "/":
            return f"{inner(first, 1)}/{inner(rest[0], 2)}", 1
        case "power":
            return f"{inner(first, 3)}{power.format(rest[0])}", 2
    return f"{operation}({inner(first, 0)})", 3


def is_entire(tree: Tree) -> bool:
    """Whether the expression is defined, and then analytic, at all real numbers, as far as its form tells.

    >>> is_entire(read_expression("z*tanh(z)/2")), is_entire(read_expression("1/(1 + z**2)"))
    (True, False)
    """
    if not isinstance(tree, tuple):
        return True
    if tree[0] == "log" or (tree[0] == "/" and not (isinstance(tree[2], Fraction) and tree[2])):
        return False
    return all(is_entire(part) for part in tree[1:] if not isinstance(part, int))


def exact_value_of(tree: Tree, z: Fraction) -> Fraction | None:
    """The value at z where it is known to be rational, else None.

    >>> exact_value_of(read_expression("z**2*exp(z)"), Fraction(0)), exact_value_of(read_expression("exp(z)"), Fraction(1))
    (Fraction(0, 1), None)
    """
    return _exact(tree, z, is_entire(tree))


def not_too_long(value: Fraction | None, factor: int = 1) -> Fraction | None:
    """The number, None (not known) if it is longer than the rules of certificates follow it (FORMAT.md, section 13).

    >>> not_too_long(Fraction(2) ** 10**5) is None
    True
    """
    if value is None or factor * (value.numerator.bit_length() + value.denominator.bit_length()) > MAX_KNOWN_BITS:
        return None
    return value


def _exact(tree: Tree, z: Fraction, entire: bool) -> Fraction | None:
    return not_too_long(_exact_part(tree, z, entire))


def _exact_part(tree: Tree, z: Fraction, entire: bool) -> Fraction | None:
    if isinstance(tree, Fraction):
        return tree
    if not isinstance(tree, tuple):
        return z
    operation, first = tree[0], _exact(tree[1], z, entire)
    if operation in ("+", "*", "/"):
        second = _exact(tree[2], z, entire)
        if operation == "*" and entire and 0 in (first, second):
            return Fraction(0)
        if first is None or second is None:
            return None
        if operation == "/":
            return first / second if second else None
        return first + second if operation == "+" else first * second
    if first is None:
        return None
    if operation == "-":
        return -first
    if operation == "power":
        return None if not_too_long(first, int(tree[2])) is None else first ** int(tree[2])
    if operation == "log":
        return Fraction(0) if first == 1 else None
    known = {"exp": Fraction(1), "sigmoid": Fraction(1, 2), "softplus": None}.get(operation, Fraction(0))
    return None if first else known


def value_of(tree: Tree, z: arb) -> arb:
    """The value on a FLINT ball; not finite where it may be undefined."""
    from flint import arb

    found = jet_of(tree, z)
    return arb("nan") if found is None else found[0]


def jet_of(tree: Tree, z: arb) -> Jet | None:
    """The value and two derivatives on a FLINT ball; None where the value may be undefined."""
    zero = 0 * z.mid()
    if isinstance(tree, Fraction):
        return to_arb(tree), zero, zero
    if not isinstance(tree, tuple):
        return z, zero + 1, zero
    first = jet_of(tree[1], z)
    if first is None:
        return None
    a, da, dda = first
    match tree[0]:
        case "-":
            return -a, -da, -dda
        case "power":
            n = tree[2]
            slope, curvature = n * _to_power(a, n - 1), n * (n - 1) * _to_power(a, n - 2)
            return _to_power(a, n), slope * da, curvature * (da * da).nonnegative_part() + slope * dda
        case "+" | "*" | "/":
            second = jet_of(tree[2], z)
            if second is None:
                return None
            b, db, ddb = second
            if tree[0] == "+":
                return a + b, da + db, dda + ddb
            if tree[0] == "*":
                return a * b, da * b + a * db, dda * b + 2 * da * db + a * ddb
            if not (b > 0 or b < 0):
                return None
            q = a / b
            dq = (da - q * db) / b
            return q, dq, (dda - 2 * dq * db - q * ddb) / b
    outer = _outer(tree[0], a)
    if outer is None:
        return None
    value, slope, curvature = outer
    return value, slope * da, curvature * (da * da).nonnegative_part() + slope * dda


def _to_power(a: arb, n: int) -> arb:
    """aⁿ for n ≥ 0. FLINT's own power knows nothing of balls that hold 0."""
    if n % 2:
        return a * _to_power(a, n - 1)
    if not n:
        return 0 * a.mid() + 1
    half = _to_power(a, n // 2)
    return (half * half).nonnegative_part()


def _outer(name: str, a: arb) -> Jet | None:
    if name == "exp":
        power = a.exp()
        return power, power, power
    if name == "log":
        if not a > 0:
            return None
        inverse = 1 / a
        return a.log(), inverse, -inverse * inverse
    return JETS[name](a, ())
