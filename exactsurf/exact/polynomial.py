"""Exact polynomials in named variables with rational coefficients. FLINT's `fmpq_mpoly` works inside and never leaks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import add, mul
from typing import TYPE_CHECKING, Any, TypeAlias

from exactsurf.effort import look
from exactsurf.errors import InputError, ShapeError
from exactsurf.exact.linear_algebra import Matrix, Vector, to_fraction
from exactsurf.exact.number import Exact, exact
from exactsurf.exact.polynomial_forms import (
    PolynomialFunction,
    document_of,
    expression_of,
    html_of,
    latex_of,
    short_text,
    sympy_poly_of,
    terms_of_document,
    whole_text,
)
from exactsurf.exact.polynomial_variables import check_point, checked_names, context, flint_rational, index_of, united

if TYPE_CHECKING:
    from flint import fmpq, fmpq_mpoly

_DERIVING = "derivatives of a polynomial are computed"

Exponents: TypeAlias = tuple[int, ...]
Point: TypeAlias = Mapping[str, Exact]


@dataclass(frozen=True, eq=False, repr=False)
class Polynomial:
    """A polynomial in `variables` with rational coefficients, expanded.

    Parameters: built with `from_terms`, `generators`, `linear`, `constant` or `from_json`, and by `+ - * **` from others
    and from exact numbers; the variables of two operands are united. Two are equal if they are the same polynomial,
    whatever variables they do not use. Attributes: `variables`, names that are Python identifiers; `terms`, their number.
    Exactness: exact. Raises: `InputError` for names that are no identifiers, stand twice or are unknown (with the nearest
    one), for missing values, and errors of `exact`. Source: theory.md, section 1 (the risk on a cell).

    >>> x, y = Polynomial.generators(["x", "y"])
    >>> p = (x + 2 * y) ** 2 - "1/3"
    >>> p, p.terms, p.total_degree, p({"x": 1, "y": "1/2"})
    (Polynomial(x^2 + 4*x*y + 4*y^2 - 1/3), 4, 2, Fraction(11, 3))
    >>> p.gradient()[1], p.restricted({"y": 0}), p.on_line({"x": 0, "y": 0}, {"x": 1})
    (Polynomial(4*x + 8*y), Polynomial(x^2 - 1/3), Polynomial(t^2 - 1/3))
    """

    variables: tuple[str, ...]
    _inside: fmpq_mpoly

    @staticmethod
    def from_terms(variables: Sequence[str], terms: Mapping[Exponents, Exact]) -> Polynomial:
        """The polynomial with these coefficients.

        Parameters: `variables`, n names; `terms` maps n exponents to a coefficient. Exactness: exact.
        Raises: `ShapeError` for another number of exponents, `InputError` for a negative one. Source: standard.

        >>> Polynomial.from_terms(["x", "y"], {(2, 0): "1/2", (0, 1): -1})
        Polynomial(1/2*x^2 - y)
        """
        names = checked_names(variables)
        read = {}
        for exponents, coefficient in terms.items():
            if len(exponents) != len(names):
                raise ShapeError(f"the exponents {exponents} of a polynomial", (len(names),), (len(exponents),))
            if any(not isinstance(e, int) or isinstance(e, bool) or e < 0 for e in exponents):
                raise InputError("exponents are integers from 0 on", text=str(exponents))
            value = exact(coefficient, f"coefficient of {exponents}")
            read[tuple(exponents)] = flint_rational(value)
        return Polynomial(names, context(names).from_dict(read))

    @staticmethod
    def constant(variables: Sequence[str], value: Exact) -> Polynomial:
        """The constant polynomial `value`."""
        names = checked_names(variables)
        return Polynomial(names, context(names).constant(flint_rational(exact(value))))

    @staticmethod
    def generators(variables: Sequence[str]) -> tuple[Polynomial, ...]:
        """The variables themselves as polynomials, in their order."""
        names = checked_names(variables)
        return tuple(Polynomial(names, generator) for generator in context(names).gens())

    @staticmethod
    def from_json(text: str | Mapping[str, Any]) -> Polynomial:
        """The polynomial that `to_json` wrote.

        Parameters: the text, or the parsed document. Exactness: exact. Raises: `InputError`. Source: `to_json`.

        >>> x, y = Polynomial.generators(["x", "y"])
        >>> Polynomial.from_json((x * y - 1).to_json()) == x * y - 1
        True
        """
        return Polynomial.from_terms(*terms_of_document(text))

    @property
    def terms(self) -> int:
        """The number of terms."""
        return len(self._inside)

    @property
    def total_degree(self) -> int:
        """The total degree; −1 for the zero polynomial."""
        return int(self._inside.total_degree())

    @property
    def is_constant(self) -> bool:
        """Whether no variable occurs."""
        return bool(self._inside.is_constant())

    @property
    def is_zero(self) -> bool:
        """Whether this is the zero polynomial."""
        return self.terms == 0

    def degree(self, name: str) -> int:
        """The degree in one variable; −1 for the zero polynomial. Raises `InputError` for an unknown name."""
        return int(self._inside.degrees()[index_of(name, self.variables)])

    def degree_in(self, names: Iterable[str]) -> int:
        """The total degree in some variables, the others taken as constants; −1 for the zero polynomial."""
        chosen = [index_of(name, self.variables) for name in names]
        return max((sum(int(monomial[k]) for k in chosen) for monomial in self._inside.monoms()), default=-1)

    def items(self) -> Iterator[tuple[Exponents, Fraction]]:
        """The terms: exponents in the order of `variables`, and the coefficient."""
        for monomial, coefficient in self._inside.terms():
            yield tuple(map(int, monomial)), to_fraction(coefficient)

    def value(self, point: Point) -> Fraction:
        """The value at a point that names every variable, and no other.

        Parameters: `point` maps names to exact numbers. Exactness: exact. Raises: `InputError`. Source: standard.
        """
        return to_fraction(self._inside(*self._values(point)))

    __call__ = value

    def gradient(self) -> tuple[Polynomial, ...]:
        """The partial derivatives, in the order of `variables`."""
        return tuple(Polynomial(self.variables, self._inside.derivative(k)) for k in range(len(self.variables)))

    def hessian(self) -> tuple[tuple[Polynomial, ...], ...]:
        """The second derivatives, n × n."""
        return tuple(derivative.gradient() for derivative in self.gradient())

    def gradient_at(self, point: Point) -> Vector:
        """The gradient at a point (see `value`), n Fractions."""
        values, found = self._values(point), []
        for k in range(len(self.variables)):
            look(_DERIVING)
            found.append(to_fraction(self._inside.derivative(k)(*values)))
        return tuple(found)

    def hessian_at(self, point: Point) -> Matrix:
        """The Hessian at a point (see `value`), n × n Fractions; the second derivatives are formed one at a time."""
        values, size = self._values(point), len(self.variables)
        rows = [[Fraction(0)] * size for _ in range(size)]
        for i in range(size):
            first = self._inside.derivative(i)
            degrees = first.degrees()
            for j in range(i, size):
                look(_DERIVING)
                if degrees[j] > 0:
                    rows[i][j] = rows[j][i] = to_fraction(first.derivative(j)(*values))
        return tuple(map(tuple, rows))

    def restricted(self, values: Point) -> Polynomial:
        """The polynomial in the other variables, with these values put in: its restriction to a slice.

        Parameters: `values` maps some of the variables to exact numbers. Exactness: exact.
        Raises: `InputError` for unknown names. Source: standard.
        """
        return self.composed({name: exact(value, name) for name, value in values.items()})

    def on_line(self, point: Point, direction: Point, variable: str = "t") -> Polynomial:
        """t ↦ p(point + t·direction), a polynomial in one variable.

        Parameters: `point` names every variable; `direction` some of them (0 for the others). Exactness: exact.
        Raises: `InputError` for unknown or missing names. Source: standard.
        """
        (t,) = Polynomial.generators([variable])
        steps = {self.variables[index_of(name, self.variables)]: exact(step, name) for name, step in direction.items()}
        starts = dict(zip(self.variables, map(to_fraction, self._values(point)), strict=True))
        return self.composed({name: steps.get(name, 0) * t + start for name, start in starts.items()})

    def composed(self, images: Mapping[str, Polynomial | Exact]) -> Polynomial:
        """The polynomial with polynomials or numbers put in for some of its variables.

        Parameters: `images` by name. Returns: a polynomial in the variables that are left, followed by those of the images.
        Exactness: exact. Raises: `InputError` for unknown names, errors of `exact`. Source: standard.

        >>> x, y = Polynomial.generators(["x", "y"])
        >>> (x * y).composed({"y": 1 - x})
        Polynomial(-x^2 + x)
        """
        chosen = {index_of(name, self.variables): image for name, image in images.items()}
        read = {k: p if isinstance(p, Polynomial) else Polynomial.constant((), p) for k, p in chosen.items()}
        left = [name for k, name in enumerate(self.variables) if k not in chosen]
        names = tuple(dict.fromkeys([*left, *(name for image in read.values() for name in image.variables)]))
        generators = dict(zip(names, context(names).gens(), strict=True))
        arguments = [read[k]._in(names) if k in read else generators[name] for k, name in enumerate(self.variables)]
        return Polynomial(names, self._inside.compose(*arguments, ctx=context(names)) if arguments else self._inside)

    def quotient(self, divisor: Polynomial) -> Polynomial | None:
        """The exact quotient, or None if `divisor` does not divide this polynomial.

        Parameters: another polynomial than 0. Exactness: exact. Raises: `InputError` for 0. Source: standard.

        >>> x, y = Polynomial.generators(["x", "y"])
        >>> (x**2 - y**2).quotient(x - y), x.quotient(y)
        (Polynomial(x + y), None)
        """
        from flint.utils.flint_exceptions import DomainError

        if divisor.is_zero:
            raise InputError("a polynomial cannot be divided by zero")
        names = united(self.variables, divisor.variables)
        try:
            return Polynomial(names, self._in(names) / divisor._in(names))
        except DomainError:
            return None

    def __add__(self, other: Any) -> Polynomial:
        return self._with(other, add)

    def __mul__(self, other: Any) -> Polynomial:
        return self._with(other, mul)

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self) -> Polynomial:
        return Polynomial(self.variables, -self._inside)

    def __sub__(self, other: Any) -> Polynomial:
        return self + (-other if isinstance(other, Polynomial) else -exact(other))

    def __rsub__(self, other: Any) -> Polynomial:
        return -self + exact(other)

    def __pow__(self, exponent: int) -> Polynomial:
        if not isinstance(exponent, int) or isinstance(exponent, bool) or exponent < 0:
            raise InputError("the exponent of a polynomial is an integer from 0 on", text=repr(exponent))
        return Polynomial(self.variables, self._inside**exponent)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Polynomial):
            return NotImplemented
        names = united(self.variables, other.variables)
        return bool(self._in(names) == other._in(names))

    def __hash__(self) -> int:
        used = [k for k, degree in enumerate(self._inside.degrees()) if degree > 0]
        return hash(frozenset((frozenset((self.variables[k], e[k]) for k in used if e[k]), c) for e, c in self.items()))

    def as_expr(self) -> Any:
        """The polynomial as a SymPy expression; SymPy is loaded on the first use."""
        return expression_of(self.variables, self.items())

    def as_poly(self) -> Any:
        """The polynomial as a SymPy `Poly` over QQ in all its variables."""
        return sympy_poly_of(self.variables, self.items())

    def as_callable(self) -> PolynomialFunction:
        """A plain Python function of the variables, in their order or by name, that needs neither FLINT nor SymPy."""
        return PolynomialFunction(self.variables, tuple(self.items()))

    def to_latex(self, max_terms: int | None = 100) -> str:
        """LaTeX source, exact, with at most `max_terms` terms (None: all); what is left out is counted."""
        return latex_of(self.variables, self.items(), self.terms, max_terms)

    def to_text(self) -> str:
        """All terms in one line, exactly, such as ``1/2*s^2 - s*t + 3``; `repr` shortens long ones.

        >>> x, y = Polynomial.generators(("x", "y"))
        >>> (x * x - y).to_text()
        'x^2 - y'
        """
        return whole_text(self.variables, self.items())

    def to_json(self) -> str:
        """One JSON object with the variables, and every term as its coefficient (a rational string) and its exponents.

        >>> x, y = Polynomial.generators(["x", "y"])
        >>> print((x**2 * "1/2" - y).to_json())
        {"variables": ["x", "y"], "terms": [["1/2", {"x": 2}], ["-1", {"y": 1}]]}
        """
        return document_of(self.variables, self.items())

    def _repr_html_(self) -> str:
        return html_of(self.variables, self.items(), self.terms, 12)

    def _repr_latex_(self) -> str:
        return f"${latex_of(self.variables, self.items(), self.terms, 12)}$"

    def __repr__(self) -> str:
        return f"Polynomial({short_text(self.variables, self.items(), self.terms, self.total_degree)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Polynomial.from_terms, (self.variables, dict(self.items()))

    def _values(self, point: Point) -> list[fmpq]:
        check_point(point, self.variables)
        return [flint_rational(exact(point[name], name)) for name in self.variables]

    def _in(self, names: tuple[str, ...]) -> fmpq_mpoly:
        return self._inside if names == self.variables else self._inside.project_to_context(context(names))

    def _with(self, other: Any, operation: Callable[[Any, Any], Any]) -> Polynomial:
        if isinstance(other, Polynomial):
            names = united(self.variables, other.variables)
            return Polynomial(names, operation(self._in(names), other._in(names)))
        return Polynomial(self.variables, operation(self._inside, flint_rational(exact(other))))
