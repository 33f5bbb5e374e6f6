"""Terms of SMT-LIB 2.6 over the reals, as text: numbers, sums, products, polynomials, piecewise linear functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from exactsurf.errors import UnsupportedError
from exactsurf.exact.polynomial import Polynomial
from exactsurf.model.activation import Activation
from exactsurf.model.loss import Loss

_MOST_BITS = 13_000


def number(value: Fraction) -> str:
    """A rational as a term of the sort Real.

    Exactness: exact. Raises: `UnsupportedError` for integers over 13,000 bits (Python writes no longer decimals).

    >>> number(Fraction(2)), number(Fraction(-1, 3))
    ('2.0', '(- (/ 1.0 3.0))')
    """
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > _MOST_BITS:
        raise UnsupportedError("a number is too long for an SMT-LIB file", "use data and parameters with shorter numbers")
    size = f"{abs(value.numerator)}.0"
    if value.denominator != 1:
        size = f"(/ {size} {value.denominator}.0)"
    return f"(- {size})" if value < 0 else size


def total(terms: Iterable[str]) -> str:
    """The sum of terms; 0 if there are none.

    >>> total([]), total(["x"]), total(["x", "y"])
    ('0.0', 'x', '(+ x y)')
    """
    listed = [term for term in terms if term != "0.0"]
    if len(listed) < 2:
        return listed[0] if listed else "0.0"
    return f"(+ {' '.join(listed)})"


def multiple(factor: Fraction, term: str) -> str:
    """A constant times a term.

    >>> multiple(Fraction(0), "x"), multiple(Fraction(1), "x"), multiple(Fraction(-2), "x")
    ('0.0', 'x', '(* (- 2.0) x)')
    """
    if not factor or term == "0.0":
        return "0.0"
    return term if factor == 1 else f"(* {number(factor)} {term})"


def polynomial_term(polynomial: Polynomial) -> str:
    """A polynomial as a sum of products of its variables.

    >>> x, y = Polynomial.generators(["x", "y"])
    >>> polynomial_term(x**2 * y - 3)
    '(+ (* x x y) (- 3.0))'
    """
    terms = []
    for exponents, coefficient in polynomial.items():
        factors = [name for name, e in zip(polynomial.variables, exponents, strict=True) for _ in range(e)]
        if coefficient != 1 or not factors:
            factors.insert(0, number(coefficient))
        terms.append(f"(* {' '.join(factors)})" if len(factors) > 1 else factors[0])
    return total(terms)


def line(slope: Fraction, intercept: Fraction, z: str) -> str:
    """slope · z + intercept."""
    return total([multiple(slope, z), number(intercept)])


def pieces(points: Sequence[Fraction], terms: Sequence[str], z: str) -> str:
    """The term of the piece that holds z: `terms[k]` up to `points[k]`, the last term beyond all points.

    >>> pieces([Fraction(0)], ["a", "b"], "z")
    '(ite (<= z 0.0) a b)'
    """
    text = terms[-1]
    for point, term in zip(reversed(points), reversed(terms[:-1]), strict=True):
        text = f"(ite (<= {z} {number(point)}) {term} {text})"
    return text


def activation_term(activation: Activation, z: str) -> str:
    """h(z), with an if-then-else per breakpoint.

    >>> import exactsurf as es
    >>> activation_term(es.relu, "z")
    '(ite (<= z 0.0) 0.0 z)'
    """
    return pieces(activation.breakpoints, [line(slope, c, z) for slope, c in activation.lines], z)


def loss_term(loss: Loss, f: str, y: Fraction) -> str:
    """ℓ(f, y) without its scale; `f` is the name of a term.

    >>> import exactsurf as es
    >>> loss_term(es.hinge, "f", Fraction(1))
    '(ite (<= f 1.0) (+ (* (- 1.0) f) 1.0) 0.0)'
    """
    slope, intercept = loss.gap_line(y)
    gap = line(slope, intercept, f)
    terms = []
    for a, b, c in loss.pieces:
        if not a:
            terms.append(line(b * slope, b * intercept + c, f))
        else:
            terms.append(total([multiple(a, f"(* {gap} {gap})"), multiple(b, gap), number(c)]))
    points = loss.of_prediction(y).breakpoints
    return pieces(points, terms if slope > 0 else terms[::-1], f)
