"""The forms in which a polynomial is handed out: text, LaTeX, JSON, SymPy, a Python function. All from its terms."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from importlib import import_module
from itertools import islice
from typing import Any, TypeAlias

from exactsurf.errors import InputError
from exactsurf.exact.number import approximate, exact, to_text
from exactsurf.exact.polynomial_variables import index_of

Names: TypeAlias = tuple[str, ...]
Terms: TypeAlias = Iterable[tuple[tuple[int, ...], Fraction]]

_SHORT_TERMS = 6  # a repr is expanded up to this number of terms
_SHORT_TEXT = 80  # and up to this number of letters
_LONG_BITS = 400  # a coefficient with more is not written out where the text is capped
_MAX_EXPONENT = 10_000  # in files
_INDEXED = re.compile(r"([A-Za-z]+)_?((?:[0-9]+_)*[0-9]+)")


@dataclass(frozen=True)
class PolynomialFunction:
    """A polynomial as a plain Python function, called with its variables in order, or by name, or both.

    It adds and multiplies what it is given and converts nothing: ints and Fractions give a Fraction, exactly; NumPy
    arrays of objects or SymPy expressions work too. Attributes: `variables`; `terms`, (exponents, coefficient) pairs.
    Exactness: exact for exact arguments. Raises: `InputError` for unknown, missing or too many arguments.
    Source: standard.

    >>> f = PolynomialFunction(("x", "y"), (((2, 0), Fraction(1, 2)), ((0, 1), Fraction(-1))))
    >>> f(Fraction(3), 2), f(3, y=2)
    (Fraction(5, 2), Fraction(5, 2))
    """

    variables: Names
    terms: tuple[tuple[tuple[int, ...], Fraction], ...]

    def __call__(self, *values: Any, **named: Any) -> Any:
        """The value; arguments as in the description of the class."""
        if len(values) > len(self.variables):
            raise InputError(f"{len(values)} values for {len(self.variables)} variables")
        point = dict(zip(self.variables, values, strict=False))
        for name, value in named.items():
            index_of(name, self.variables)
            if name in point:
                raise InputError(f"two values for {name}")
            point[name] = value
        missing = [name for name in self.variables if name not in point]
        if missing:
            raise InputError(f"no value for {', '.join(missing)}")
        ordered = [point[name] for name in self.variables]
        total: Any = Fraction(0)
        for exponents, coefficient in self.terms:
            product: Any = coefficient
            for k, exponent in enumerate(exponents):
                if exponent:
                    product = product * (ordered[k] if exponent == 1 else ordered[k] ** exponent)
            total = total + product
        return total

    def __repr__(self) -> str:
        return f"PolynomialFunction({len(self.variables)} variables, {len(self.terms)} terms)"


def short_text(names: Names, terms: Terms, count: int, degree: int) -> str:
    """One line: the polynomial itself if it is short, else its size.

    >>> short_text(("x", "y"), [((2, 1), Fraction(-1, 2)), ((0, 0), Fraction(3))], 2, 3)
    '-1/2*x^2*y + 3'
    """
    size = f"{count} {'term' if count == 1 else 'terms'} in {len(names)} {'variable' if len(names) == 1 else 'variables'}"
    summary = f"{size}, degree {degree}"
    if count > _SHORT_TERMS:
        return summary
    listed = list(terms)
    if any(_is_long(coefficient) for _, coefficient in listed):
        return summary
    text = whole_text(names, listed)
    return text if len(text) <= _SHORT_TEXT else summary


def whole_text(names: Names, terms: Terms) -> str:
    """One line with all terms.

    >>> whole_text(("x", "y"), [((2, 1), Fraction(-1, 2)), ((0, 0), Fraction(3))])
    '-1/2*x^2*y + 3'
    """
    return _sum(_signed(c, "*".join(_powers(names, e, "{}^{}".format)), to_text, "*") for e, c in terms)


def latex_of(names: Names, terms: Terms, count: int, max_terms: int | None) -> str:
    r"""LaTeX source of the first `max_terms` terms; W1_0_1 becomes W_{1,0,1}.

    Exactness: exact, but where terms are left out (they are counted) or a coefficient stands behind an approximation sign
    (only with a cap, and only beyond 400 bits). Raises: nothing. Source: standard.

    >>> print(latex_of(("W1_0_1", "t"), [((2, 1), Fraction(-1, 2)), ((0, 0), Fraction(3))], 2, None))
    -\frac{1}{2} W_{1,0,1}^{2} t + 3
    >>> print(latex_of(("x",), [((1,), Fraction(1)), ((0,), Fraction(3))], 2, 1))
    x + \cdots \text{ (1 more term)}
    """

    def coefficient_text(value: Fraction) -> str:
        if max_terms is not None and _is_long(value):
            mantissa, _, exponent = approximate(value).partition("e")
            return rf"({{\approx}}\,{mantissa}" + (rf" \cdot 10^{{{exponent}}})" if exponent else ")")
        return rf"\frac{{{value.numerator}}}{{{value.denominator}}}" if value.denominator > 1 else str(value.numerator)

    symbols = tuple(_latex_name(name) for name in names)
    shown = terms if max_terms is None else islice(terms, max_terms)
    text = _sum(_signed(c, " ".join(_powers(symbols, e, "{}^{{{}}}".format)), coefficient_text, " ") for e, c in shown)
    left = 0 if max_terms is None else count - max_terms
    if left <= 0:
        return text
    more = rf"\cdots \text{{ ({left} more {'term' if left == 1 else 'terms'})}}"
    return f"{text} + {more}" if max_terms else more


def html_of(names: Names, terms: Terms, count: int, max_terms: int) -> str:
    """HTML of the first `max_terms` terms, which needs no script to be read; W1_0_1 becomes W with the subscript 1,0,1.

    Exactness: as `latex_of` with a cap. Raises: nothing. Source: standard.

    >>> html_of(("W1_0_1", "t"), [((2, 1), Fraction(-1, 2)), ((0, 0), Fraction(3))], 2, 12)
    '−1/2 <var>W</var><sub>1,0,1</sub><sup>2</sup> <var>t</var> + 3'
    >>> html_of(("x",), [((1,), Fraction(1)), ((0,), Fraction(3))], 2, 1)
    '<var>x</var> + … (1 more term)'
    """

    def coefficient_text(value: Fraction) -> str:
        if not _is_long(value):
            return to_text(value)
        mantissa, _, exponent = approximate(value).partition("e")
        return f"(≈ {mantissa}" + (f"·10<sup>{exponent.replace('-', '−')}</sup>)" if exponent else ")")

    symbols = tuple(_html_name(name) for name in names)
    shown = islice(terms, max_terms)
    text = _sum(_signed(c, " ".join(_powers(symbols, e, "{}<sup>{}</sup>".format)), coefficient_text, " ") for e, c in shown)
    text = re.sub("(^| )-(?=[ <(0-9])", "\\1−", text)
    left = count - max_terms
    return text if left <= 0 else f"{text} + … ({left} more {'term' if left == 1 else 'terms'})"


def _is_long(value: Fraction) -> bool:
    return value.numerator.bit_length() + value.denominator.bit_length() > _LONG_BITS


def _html_name(name: str) -> str:
    match = _INDEXED.fullmatch(name)
    letters, low = (match[1], f"<sub>{match[2].replace('_', ',')}</sub>") if match else (name, "")
    return f"<var>{escape(letters)}</var>{low}"


def _latex_name(name: str) -> str:
    match = _INDEXED.fullmatch(name)
    if match:
        return f"{_letters(match[1])}_{{{match[2].replace('_', ',')}}}"
    return _letters(name)


def _letters(text: str) -> str:
    escaped = text.replace("_", r"\_")
    return text if len(text) == 1 else rf"\mathrm{{{escaped}}}"


def _powers(names: Names, exponents: tuple[int, ...], power: Callable[[str, int], str]) -> list[str]:
    return [name if e == 1 else power(name, e) for name, e in zip(names, exponents, strict=True) if e]


def _signed(coefficient: Fraction, monomial: str, text: Callable[[Fraction], str], times: str) -> tuple[str, str]:
    size = abs(coefficient)
    body = monomial if monomial and size == 1 else text(size) + (times + monomial if monomial else "")
    return ("-" if coefficient < 0 else "+"), body


def _sum(parts: Iterable[tuple[str, str]]) -> str:
    text = "".join(f" {sign} {body}" for sign, body in parts)
    return "0" if not text else ("-" + text[3:] if text.startswith(" -") else text[3:])


def document_of(names: Names, terms: Terms) -> str:
    """The JSON text of `Polynomial.to_json`."""
    listed = [[to_text(c), {name: e for name, e in zip(names, exponents, strict=True) if e}] for exponents, c in terms]
    return json.dumps({"variables": list(names), "terms": listed})


def terms_of_document(text: str | Mapping[str, Any]) -> tuple[Names, dict[tuple[int, ...], Fraction]]:
    """What `document_of` wrote, checked: the variables, and the coefficients by exponents.

    Parameters: `text`, or the parsed document. Exactness: exact. Raises: `InputError` naming the term.
    Source: `Polynomial.to_json`.

    >>> terms_of_document('{"variables": ["x"], "terms": [["1/2", {"x": 2}]]}')
    (('x',), {(2,): Fraction(1, 2)})
    """
    try:
        document = json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError) as error:
        raise InputError(f"a polynomial is not JSON: {error}", text=str(text)) from None
    if not isinstance(document, Mapping) or set(document) != {"variables", "terms"}:
        raise InputError("a polynomial is an object with the keys 'variables' and 'terms'", text=str(document))
    names, terms = document["variables"], document["terms"]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names) or not isinstance(terms, list):
        raise InputError("'variables' is a list of names and 'terms' a list", text=str(document))
    found: dict[tuple[int, ...], Fraction] = {}
    for k, term in enumerate(terms):
        if not isinstance(term, list) or len(term) != 2 or not isinstance(term[0], str) or not isinstance(term[1], dict):
            raise InputError(f'term {k} of a polynomial is not like ["1/2", {{"x": 2}}]', text=str(term))
        exponents = [0] * len(names)
        for name, exponent in term[1].items():
            if not isinstance(exponent, int) or isinstance(exponent, bool) or not 0 < exponent <= _MAX_EXPONENT:
                raise InputError(f"term {k}: an exponent is an integer from 1 to {_MAX_EXPONENT}", text=str(exponent))
            exponents[index_of(name, tuple(names))] = exponent
        if tuple(exponents) in found:
            raise InputError(f"term {k} has the exponents of an earlier one", text=str(term[1]))
        found[tuple(exponents)] = exact(term[0], f"term {k}")
    return tuple(names), found


def _sympy() -> Any:
    return import_module("sympy")


def sympy_poly_of(names: Names, terms: Terms) -> Any:
    """A SymPy `Poly` over QQ in the symbols `names`."""
    sympy = _sympy()
    values = {exponents: sympy.QQ(c.numerator, c.denominator) for exponents, c in terms}
    if not names:
        raise InputError("a SymPy Poly needs a variable", fix="use value({}) or as_expr()")
    return sympy.Poly.from_dict(values, *sympy.symbols(list(names)), domain="QQ")


def expression_of(names: Names, terms: Terms) -> Any:
    """A SymPy expression in the symbols `names`."""
    sympy = _sympy()
    if not names:
        return sympy.Add(*(sympy.Rational(c.numerator, c.denominator) for _, c in terms))
    return sympy_poly_of(names, terms).as_expr()
