"""Losses by expression: values and derivatives against mpmath, convexity, names, problems, files."""

from __future__ import annotations

import pickle
from fractions import Fraction

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.interop.problem_file import read_problem
from exactsurf.interop.problem_writer import write_problem
from exactsurf.model.analytic_losses import analytic_loss
from exactsurf.model.losses import loss_from

FORMULAS = {
    "logistic": lambda f, y: mpmath.log1p(mpmath.exp(-y * f)),
    "exponential": lambda f, y: mpmath.exp(-y * f),
    "log_cosh": lambda f, y: mpmath.log(mpmath.cosh(f - y)),
    "poisson": lambda f, y: mpmath.exp(f) - y * f,
    "power(6)": lambda f, y: (f - y) ** 6,
    "log(1 + (f - y)**2)": lambda f, y: mpmath.log1p((f - y) ** 2),
    "(sigmoid(f) - y)**2/2": lambda f, y: (1 / (1 + mpmath.exp(-f)) - y) ** 2 / 2,
}
NUMBERS = st.fractions(min_value=-20, max_value=20, max_denominator=60)


def real(value: Fraction) -> mpmath.mpf:
    return mpmath.mpf(value.numerator) / value.denominator


@pytest.mark.parametrize("name", FORMULAS)
@given(f=NUMBERS, y=NUMBERS)
def test_value_and_derivatives_are_those_of_mpmath(name, f, y):
    loss = loss_from(name).scaled("3/2")
    y = (Fraction(1) if y > 0 else Fraction(-1)) if loss.is_of_labels else y
    jet = loss.jet(f, y, bits=256)
    with mpmath.workdps(120):
        for order, ball in enumerate(jet):
            expected = mpmath.mpf("1.5") * mpmath.diff(lambda t: FORMULAS[name](t, real(y)), real(f), order)
            assert abs(real(ball.midpoint) - expected) <= real(ball.radius) + mpmath.mpf(10) ** -25 * (1 + abs(expected))
            assert ball.radius < Fraction(1, 10**20) * (1 + abs(ball.midpoint))


@pytest.mark.parametrize(
    ("name", "convex", "strict"),
    [
        ("logistic", True, True),
        ("exponential", True, True),
        ("log_cosh", True, True),
        ("poisson", True, True),
        ("power(4)", True, True),
        ("cross_entropy", True, False),
        ("exp(f) + exp(-f) - 3*y*f", True, True),
        ("-log(sigmoid(f)) + 2*f", True, True),
        ("(f - y)**3", False, False),
        ("log(1 + (f - y)**2)", False, False),
        ("(sigmoid(f) - y)**2", False, False),
    ],
)
def test_convexity(name, convex, strict):
    loss = loss_from(name)
    assert loss.is_convex is convex
    assert loss.is_strictly_convex is strict
    assert loss.is_smooth
    assert not loss.is_piecewise_linear
    assert not loss.is_squared


def test_what_is_not_known_to_be_convex_is_refused_by_name():
    loss = es.loss("f**64 + f*exp(f)")
    with pytest.raises(UnsupportedError, match=r"whether loss\('f\*\*64 \+ f\*exp\(f\)'\) is convex is not known"):
        _ = loss.is_convex
    with pytest.raises(UnsupportedError, match="strictly convex is not known"):
        _ = es.loss("exp(y*f)").is_strictly_convex


@pytest.mark.parametrize("text", ["logistic", "power('4').mean", "loss('exp(f) - y*f').scaled('2/3')", "log_cosh.scaled('5')"])
def test_repr_pastes_and_pickles(text):
    loss = eval(text, {**vars(es.losses)})
    assert repr(loss) == text
    assert pickle.loads(pickle.dumps(loss)) == loss


def test_pieces_are_refused():
    for ask in ("function", "pieces", "breakpoints"):
        with pytest.raises(UnsupportedError, match="the log cosh loss is not"):
            getattr(es.losses.log_cosh, ask)
    with pytest.raises(UnsupportedError, match="given by pieces"):
        _ = es.squared.expression


@pytest.mark.parametrize(("p", "fix"), [(2, "squared"), (1, "absolute"), (5, ""), ("9/2", ""), (66, "")])
def test_powers_that_are_none(p, fix):
    with pytest.raises(InputError, match=rf"p of the power loss.*{fix}"):
        es.losses.power(p)


def test_expressions_that_are_none():
    with pytest.raises(InputError, match="the prediction f stands"):
        es.loss("exp(y)")
    with pytest.raises(InputError, match="unknown function"):
        es.loss("cosh(f)")
    with pytest.raises(InputError, match="not part of an expression in f and y"):
        es.loss("exp(f - t)")


def test_names_are_found_again():
    for name in ("logistic", "exponential", "log_cosh", "poisson", "cross_entropy", "power(8)"):
        loss = loss_from(name)
        assert analytic_loss(loss.gap, loss.expression) == loss


@pytest.mark.parametrize(("name", "says"), [("BCEWithLogitsLoss", "logistic.mean"), ("CrossEntropyLoss", "cross_entropy.mean")])
def test_the_names_of_other_libraries_are_answered(name, says):
    with pytest.raises(InputError, match=f"is {says}:"):
        loss_from(name)
    assert repr(loss_from(says)) == says


@pytest.mark.parametrize(
    ("loss", "widths", "y"),
    [
        ("logistic.mean", [1, 1], [1, -1]),
        ("exp(f) - y*f", [1, 2], [[1, 2], [3, 4]]),
        ("power(4)", [1, 1], [1, 5]),
        ("cross_entropy", [1, 2], [["1/3", "2/3"], [0, 1]]),
    ],
)
def test_problem_files_hold_them(tmp_path, loss, widths, y):
    problem = es.Problem(es.Network(widths), es.Data.from_arrays([1, 2], y, weights=[1, 3]), loss)
    read, _ = read_problem(write_problem(tmp_path / "problem.json", problem))
    assert read == problem
    assert pickle.loads(pickle.dumps(problem)) == problem
