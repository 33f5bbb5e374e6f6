"""Exact polynomials, against SymPy and against their own terms read as nested loops."""

from __future__ import annotations

import json
import pickle
import re
import subprocess
import sys
from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from exactsurf.errors import ExactsurfError, InexactNumberError, InputError, ShapeError
from exactsurf.exact.polynomial import Polynomial
from exactsurf.exact.polynomial_forms import PolynomialFunction

F = Fraction
NAMES = ("x", "y", "W1_0_1")
numbers = st.fractions(min_value=-9, max_value=9, max_denominator=12)
exponents = st.tuples(*[st.integers(0, 3)] * 3)
term_maps = st.dictionaries(exponents, numbers, max_size=8)
polynomials = term_maps.map(lambda terms: Polynomial.from_terms(NAMES, terms))
points = st.fixed_dictionaries(dict.fromkeys(NAMES, numbers))
SYMBOLS = {name: sympy.Symbol(name) for name in NAMES}


def rational(value: Fraction) -> sympy.Rational:
    return sympy.Rational(value.numerator, value.denominator)


def in_sympy(terms: dict[tuple[int, ...], Fraction]) -> sympy.Expr:
    """The terms as an expression, not by way of `as_expr`."""
    total = sympy.Integer(0)
    for powers, c in terms.items():
        total += rational(c) * sympy.Mul(*(SYMBOLS[n] ** e for n, e in zip(NAMES, powers, strict=True)))
    return total


def at(terms: dict[tuple[int, ...], Fraction], point: dict[str, Fraction]) -> Fraction:
    total = F(0)
    for powers, c in terms.items():
        for name, e in zip(NAMES, powers, strict=True):
            c = c * point[name] ** e
        total += c
    return total


@given(term_maps, points)
def test_values_terms_and_degrees(terms: dict[tuple[int, ...], Fraction], point: dict[str, Fraction]) -> None:
    p = Polynomial.from_terms(NAMES, terms)
    kept = {e: c for e, c in terms.items() if c}
    assert dict(p.items()) == kept and p.terms == len(kept)
    assert p.value(point) == p(point) == at(terms, point) and type(p(point)) is Fraction
    assert p.total_degree == max((sum(e) for e in kept), default=-1)
    assert [p.degree(name) for name in NAMES] == [max((e[k] for e in kept), default=-1) for k in range(3)]
    assert p.degree_in(["x", "W1_0_1"]) == max((e[0] + e[2] for e in kept), default=-1)
    assert p.is_zero == (not kept) and p.is_constant == all(not any(e) for e in kept)


@given(term_maps, term_maps, numbers, st.integers(0, 3))
def test_arithmetic_is_sympys(
    a: dict[tuple[int, ...], Fraction], b: dict[tuple[int, ...], Fraction], number: Fraction, power: int
) -> None:
    p, q = (Polynomial.from_terms(NAMES, terms) for terms in (a, b))
    u, v = in_sympy(a), in_sympy(b)
    n = rational(number)
    cases = [
        (p + q, u + v), (p - q, u - v), (p * q, u * v), (-p, -u), (p**power, u**power),
        (p + number, u + n), (number + p, u + n), (p - number, u - n), (number - p, n - u), (p * number, n * u),
        (number * p, n * u),
    ]  # fmt: skip
    for ours, theirs in cases:
        assert ours.as_expr() == sympy.expand(theirs)
        assert ours.as_poly() == sympy.Poly(theirs, *SYMBOLS.values(), domain="QQ")


@given(term_maps, points)
def test_derivatives_are_sympys(terms: dict[tuple[int, ...], Fraction], point: dict[str, Fraction]) -> None:
    p, u = Polynomial.from_terms(NAMES, terms), in_sympy(terms)
    gradient, hessian = p.gradient(), p.hessian()
    assert len(gradient) == len(hessian) == 3
    for i, a in enumerate(SYMBOLS.values()):
        assert gradient[i].as_expr() == sympy.expand(sympy.diff(u, a))
        for j, b in enumerate(SYMBOLS.values()):
            assert hessian[i][j].as_expr() == sympy.expand(sympy.diff(u, a, b))
    assert p.gradient_at(point) == tuple(g(point) for g in gradient)
    assert p.hessian_at(point) == tuple(tuple(h(point) for h in row) for row in hessian)


@given(polynomials, points, numbers)
def test_restriction(p: Polynomial, point: dict[str, Fraction], number: Fraction) -> None:
    slice_ = p.restricted({"y": number})
    assert slice_.variables == ("x", "W1_0_1")
    assert slice_({"x": point["x"], "W1_0_1": point["W1_0_1"]}) == p({**point, "y": number})
    everything = p.restricted(point)
    assert everything.variables == () and everything({}) == p(point)
    assert p.restricted({}) == p and everything.restricted({}) == everything


@given(polynomials, points, points, numbers)
def test_lines(p: Polynomial, point: dict[str, Fraction], direction: dict[str, Fraction], t: Fraction) -> None:
    line = p.on_line(point, direction)
    assert line.variables == ("t",)
    assert line({"t": t}) == p({name: point[name] + t * direction[name] for name in NAMES})
    partial = p.on_line(point, {"y": direction["y"]}, variable="x")
    assert partial({"x": t}) == p({**point, "y": point["y"] + t * direction["y"]})


@given(polynomials, polynomials, points)
def test_composition(p: Polynomial, q: Polynomial, point: dict[str, Fraction]) -> None:
    assert p.composed({"x": q})(point) == p({**point, "x": q(point)})
    assert p.composed({"x": 3, "y": "1/2"}) == p.restricted({"x": 3, "y": F(1, 2)})


@given(polynomials, polynomials)
def test_quotients(p: Polynomial, q: Polynomial) -> None:
    if q.is_zero:
        with pytest.raises(InputError, match="divided by zero"):
            p.quotient(q)
        return
    assert (p * q).quotient(q) == p
    theirs = sympy.div(p.as_poly(), q.as_poly())
    exact = theirs[1].is_zero
    assert (p.quotient(q) is not None) == exact
    if exact:
        assert p.quotient(q).as_expr() == theirs[0].as_expr()  # type: ignore[union-attr]


@given(polynomials, polynomials)
def test_equality_and_hash_do_not_see_unused_variables(p: Polynomial, q: Polynomial) -> None:
    wider = p + Polynomial.constant(["z", "y"], 0)
    shuffled = Polynomial.from_terms(NAMES[::-1], {e[::-1]: c for e, c in p.items()})
    assert wider.variables == (*NAMES, "z")
    assert p == wider == shuffled and hash(p) == hash(wider) == hash(shuffled)
    assert (p == q) == (dict(p.items()) == dict(q.items()))
    assert p != "x" and p != 0


@given(polynomials, points)
def test_round_trips(p: Polynomial, point: dict[str, Fraction]) -> None:
    text = p.to_json()
    for again in (pickle.loads(pickle.dumps(p)), Polynomial.from_json(text), Polynomial.from_json(json.loads(text))):
        assert again == p and again.variables == p.variables
    plain = p.as_callable()
    assert plain(*(point[name] for name in NAMES)) == plain(**point) == p(point)
    assert pickle.loads(pickle.dumps(plain)) == plain
    assert sympy.expand(plain(*SYMBOLS.values())) == p.as_expr()


def test_long_coefficients_survive() -> None:
    (x,) = Polynomial.generators(["x"])
    p = x * F(3**40_000, 2**30_000) + 7
    assert pickle.loads(pickle.dumps(p)) == Polynomial.from_json(p.to_json()) == p
    assert len(repr(p)) < 80 and len(p.to_latex()) < 100 and r"\approx" in p.to_latex()
    assert len(p._repr_latex_()) < 100
    assert p.value({"x": 1}) == F(3**40_000, 2**30_000) + 7


def test_no_flint_in_pickles_and_results() -> None:
    x, y = Polynomial.generators(["x", "y"])
    p = x * y - "1/3"
    assert b"flint" not in pickle.dumps(p)
    values = [*p.gradient_at({"x": 1, "y": 2}), *p.hessian_at({"x": 1, "y": 2})[0], p({"x": 1, "y": 2})]
    values += [c for _, c in p.items()]
    assert {type(value) for value in values} == {Fraction}
    assert {type(e) for exponents, _ in p.items() for e in exponents} == {int}
    assert {type(v) for v in (p.terms, p.total_degree, p.degree("x"), p.degree_in(["x"]))} == {int}


@given(polynomials)
def test_latex_is_read_back(p: Polynomial) -> None:
    """The uncapped LaTeX, turned into SymPy's notation by hand, is the polynomial."""
    text = p.to_latex(None).replace("W_{1,0,1}", "W1_0_1")
    text = re.sub(r"\\frac\{(\d+)\}\{(\d+)\}", r"(\1/\2)", text)
    text = re.sub(r"\^\{(\d+)\}", r"**\1", text)
    text = re.sub(r"(?<=[\w)]) (?=[A-Za-z])", "*", text)
    assert sympy.sympify(text, locals=SYMBOLS, rational=True).expand() == p.as_expr()


def test_texts() -> None:
    x, b = Polynomial.generators(["x", "b1_0"])
    assert repr(x - x) == "Polynomial(0)" and (x - x).to_latex() == "0"
    assert repr(-x + b * b - 1) == "Polynomial(-x + b1_0^2 - 1)"
    assert (-x + b * b - 1).to_latex() == "-x + b_{1,0}^{2} - 1"
    assert (-x + b * b - 1).to_latex(1) == r"-x + \cdots \text{ (2 more terms)}"
    assert (-x + b * b - 1)._repr_latex_() == "$-x + b_{1,0}^{2} - 1$"
    many = (x + b + 1) ** 20
    assert repr(many) == "Polynomial(231 terms in 2 variables, degree 20)"
    assert many._repr_latex_().count("+") == 12
    assert Polynomial.generators(["rate_of_x"])[0].to_latex() == r"\mathrm{rate\_of\_x}"


@given(polynomials)
def test_html_is_read_back(p: Polynomial) -> None:
    """The HTML of up to twelve terms, turned into SymPy's notation by hand, is the polynomial; the rest is counted."""
    shown, cut, left = p._repr_html_().partition(" + … (")
    text = shown.replace("−", "-").replace("<var>W</var><sub>1,0,1</sub>", "<var>W1_0_1</var>")
    text = re.sub(r"<sup>(\d+)</sup>", r"**\1", text)
    text = re.sub(r" <var>", "*<var>", re.sub(r"([+-]) ", r"\1", text))
    text = re.sub(r"\*\*(\d+) (?=<)", r"**\1*", text)
    text = re.sub("</?var>", "", text)
    read = sympy.Poly(sympy.sympify(text, locals=SYMBOLS, rational=True).expand(), *SYMBOLS.values())
    exact_terms = sympy.Poly(p.as_expr(), *SYMBOLS.values()).as_dict()
    assert all(exact_terms[exponents] == value for exponents, value in read.as_dict().items() if value)
    assert len(exact_terms) == len(read.as_dict()) + (int(left.split()[0]) if cut else 0)


def test_constants_without_variables() -> None:
    one = Polynomial.constant([], 1)
    assert one({}) == 1 and one.total_degree == 0 and one.gradient() == () and one.hessian_at({}) == ()
    assert one == Polynomial.constant(["x"], 1) and one.as_expr() == 1
    assert pickle.loads(pickle.dumps(one)) == one == Polynomial.from_json(one.to_json())
    with pytest.raises(InputError, match="a SymPy Poly needs a variable"):
        one.as_poly()


def test_bad_input() -> None:
    x, y = Polynomial.generators(["weight", "y"])
    with pytest.raises(InputError, match=r"unknown variable 'wieght'; did you mean weight\? the variables are weight, y"):
        (x + y)({"wieght": 1, "y": 2})
    with pytest.raises(InputError, match="no value for y"):
        (x + y)({"weight": 1})
    with pytest.raises(InexactNumberError):
        (x + y)({"weight": 0.5, "y": 1})
    with pytest.raises(InexactNumberError):
        x + 0.5
    for call in (
        lambda: x.degree("z"), lambda: x.degree_in(["z"]), lambda: x.restricted({"z": 1}), lambda: x.composed({"z": y}),
        lambda: x.on_line({"weight": 1, "y": 1}, {"z": 1}), lambda: x.on_line({"y": 1}, {}), lambda: x ** -1,
        lambda: x**True, lambda: Polynomial.generators(["x", "x"]), lambda: Polynomial.generators(["2x"]),
        lambda: Polynomial.generators(["lambda"]), lambda: Polynomial.generators("xy"), lambda: Polynomial.generators(["W1[0]"]),
        lambda: Polynomial.generators([3]), lambda: Polynomial.from_terms(["x"], {(-1,): 1}),  # type: ignore[list-item]
        lambda: Polynomial.from_terms(["x"], {(True,): 1}), lambda: x + object(),
    ):  # fmt: skip
        with pytest.raises(InputError):
            call()
    with pytest.raises(ShapeError, match="expected 1, got 2"):
        Polynomial.from_terms(["x"], {(1, 2): 1})


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{", '{"variables": ["x"]}', '{"variables": "x", "terms": []}', '{"variables": ["x"], "terms": [["1"]]}',
        '{"variables": ["x"], "terms": [["1", {"y": 1}]]}', '{"variables": ["x"], "terms": [["1", {"x": 0}]]}',
        '{"variables": ["x"], "terms": [["1", {"x": 1.5}]]}', '{"variables": ["x"], "terms": [["1", {"x": -1}]]}',
        '{"variables": ["x"], "terms": [["1", {"x": 99999999999}]]}', '{"variables": ["x"], "terms": [[1.5, {}]]}',
        '{"variables": ["x"], "terms": [["1/0", {}]]}', '{"variables": ["x"], "terms": [["1", {}], ["2", {}]]}',
        '{"variables": ["x"], "terms": [], "more": 1}', '{"variables": ["x", "x"], "terms": []}',
        '{"variables": [1], "terms": []}',
    ],
)  # fmt: skip
def test_bad_json(text: str) -> None:
    with pytest.raises(ExactsurfError):
        Polynomial.from_json(text)


def test_bad_calls_of_the_function() -> None:
    f = PolynomialFunction(("x", "y"), (((1, 1), F(2)),))
    for call in (lambda: f(1), lambda: f(1, 2, 3), lambda: f(1, x=2), lambda: f(1, z=2)):
        with pytest.raises(InputError):
            call()
    assert repr(f) == "PolynomialFunction(2 variables, 1 terms)"


def test_sympy_is_loaded_by_its_first_use_only() -> None:
    code = (
        "import sys; from exactsurf.exact.polynomial import Polynomial; assert 'flint' not in sys.modules; "
        "x, = Polynomial.generators(['x']); (x * x).gradient_at({'x': 1}), repr(x), x.to_latex(), x.to_json(); "
        "assert 'sympy' not in sys.modules; x.as_expr(); assert 'sympy' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
