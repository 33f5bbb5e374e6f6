"""Losses by name and of one's own: against SymPy and textbook formulas, and what is refused."""

from __future__ import annotations

import pickle
from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.errors import InputError
from exactsurf.model import losses as losses_by_name
from exactsurf.model.losses import FAMILIES, loss_from
from tests.weighted_losses import FORMULAS

F = Fraction
numbers = st.fractions(min_value=-5, max_value=5, max_denominator=4)
losses = st.sampled_from(list(FORMULAS))
U = sympy.Symbol("u", real=True)
SYMBOLIC = {
    es.quantile("1/3"): sympy.Max(-U / 3, 2 * U / 3),
    es.epsilon_insensitive("1/2"): sympy.Max(0, sympy.Abs(U) - sympy.Rational(1, 2)),
    es.squared_hinge: sympy.Max(0, 1 - U) ** 2,
    es.smoothed_hinge: sympy.Piecewise((sympy.Rational(1, 2) - U, U <= 0), ((1 - U) ** 2 / 2, U <= 1), (0, True)),
}


def target(loss: es.Loss, y: Fraction) -> Fraction:
    return (F(1) if y > 0 else F(-1)) if loss.gap == "margin" else y


@given(losses, numbers, numbers)
def test_values_are_those_of_the_formulas(loss: es.Loss, f: Fraction, y: Fraction) -> None:
    label = target(loss, y)
    assert loss.value(f, label) == FORMULAS[loss](f, label)


@pytest.mark.parametrize("loss", SYMBOLIC, ids=repr)
def test_functions_and_kinks_are_those_of_sympy(loss: es.Loss) -> None:
    expression, h = SYMBOLIC[loss], sympy.Rational(1, 10**9)
    kinks = []
    for k in range(-12, 13):
        place = sympy.Rational(k, 4)
        assert expression.subs(U, place) == loss.function.value(F(k, 4))
        # For quadratic pieces three values on one side tell the one-sided derivative exactly.
        sides = []
        for step in (-h, h):
            here, half, whole = (expression.subs(U, place + t * step) for t in (0, sympy.Rational(1, 2), 1))
            sides.append((4 * half - whole - 3 * here) / step)
        assert tuple(sides) == loss.function.slopes(F(k, 4))
        kinks += [F(k, 4)] if sides[0] != sides[1] else []
    assert loss.function.kinks == tuple(kinks)


@given(losses, numbers, numbers, numbers)
def test_the_conjugate_bounds_and_is_attained(loss: es.Loss, r: Fraction, f: Fraction, y: Fraction) -> None:
    label = target(loss, y)
    value = loss.conjugate(r, label)
    if value is None:
        # On one side r·f gains on the loss without end.
        gains = [[r * t * side - loss.value(t * side, label) for t in (F(10**3), F(10**6))] for side in (1, -1)]
        assert any(near < far for near, far in gains)
        return
    assert r * f - loss.value(f, label) <= value
    low, high = loss.of_prediction(label).where_slope(r)
    end = low if low is not None else high
    assert end is None or r * end - loss.value(end, label) == value


def test_known_conjugates() -> None:
    assert es.quantile("1/3").conjugate(F(2, 3), F(5)) == F(10, 3) and es.quantile("1/3").conjugate(F(1), F(5)) is None
    assert es.epsilon_insensitive("1/2").conjugate(F(1), F(0)) == F(1, 2)
    assert es.squared_hinge.conjugate(F(-2), F(1)) == F(-1) and es.squared_hinge.conjugate(F(1), F(1)) is None
    assert es.squared.conjugate(F(3), F(1)) == F(3) + F(9, 2)


def test_special_cases_are_the_same_function() -> None:
    assert es.quantile("1/2").scaled(2).of_prediction(F(3)) == es.absolute.of_prediction(F(3))
    assert es.epsilon_insensitive(0).function == es.absolute.function
    assert es.piecewise_quadratic("difference", [1], [["1/2", 0, 0], ["1/2", 0, 0]]) == es.squared


@pytest.mark.parametrize("loss", FORMULAS, ids=repr)
def test_names_reprs_and_files_lead_back(loss: es.Loss) -> None:
    assert eval(repr(loss.mean), vars(losses_by_name)) == loss.mean
    assert pickle.loads(pickle.dumps(loss)) == loss
    constants = {name: str(value) for name, value in loss.constants}
    if loss.name in FAMILIES:
        described = {"name": loss.name, "scale": str(loss.scale), **constants}
    else:
        described = {"gap": loss.gap, "breakpoints": [str(t) for t in loss.breakpoints]}
        described["pieces"] = [[str(v) for v in piece] for piece in loss.pieces]
    assert loss_from(described) == loss
    assert loss_from({**described, "mean": True}) == loss.mean


@pytest.mark.parametrize(
    ("text", "loss"),
    [
        ("quantile(1/3)", es.quantile("1/3")),
        ("huber(0.5).mean", es.huber("1/2").mean),
        ("squared_hinge", es.squared_hinge),
        ("huber:1/2", es.huber("1/2")),
        ("huber=0.5.mean", es.huber("1/2").mean),
    ],
)
def test_texts_with_constants(text: str, loss: es.Loss) -> None:
    assert loss_from(text) == loss


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("quantile", r"needs tau.*quantile\(1/3\)"),
        ("quantile(2)", "between 0 and 1"),
        ("epsilon_insensitive(-1)", "must not be negative"),
        ("hinge(1)", "has no constant"),
        ("quantil(1/3)", "quantile"),
        ({"name": "huber", "tau": "1/2"}, "tau belongs to the loss quantile only"),
        ({"name": "hinge", "gap": "margin"}, "not a loss"),
        ({"gap": "margin", "pieces": [[1, 0, 0]]}, "missing key 'breakpoints'"),
        ({"gap": "margins", "breakpoints": [], "pieces": [[1, 0, 0]]}, "unknown gap"),
        ({"gap": "margin", "breakpoints": [0], "pieces": [[0, 1, 0], [0, -1, 0]]}, "not convex"),
        ({"gap": "margin", "breakpoints": [0], "pieces": [[0, -1, 0], [0, 1, 1]]}, "jumps at the breakpoint 0"),
        ({"gap": "margin", "breakpoints": [1, 0], "pieces": [[0, -1, 0], [0, 0, 0], [0, 1, 0]]}, "do not rise"),
    ],
)
def test_what_is_refused_names_the_fix(given, words: str) -> None:
    with pytest.raises(InputError, match=words):
        loss_from(given)


def test_a_loss_of_leads_needs_classes() -> None:
    lead = es.piecewise_quadratic("lead", [-1], [[0, 0, 0], [0, 1, 1]])
    with pytest.raises(InputError, match="one for each class"):
        es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [1, -1]), lead)
    data = es.Data.from_arrays([0, 1], [[1, 0], [0, 1]])
    problems = [es.Problem(es.Network([1, 1, 2]), data, loss) for loss in (lead, es.hinge)]
    theta = problems[0].parameters(W1=[[1]], b1=[0], W2=[[1], [2]], b2=[0, 1])
    assert problems[0].risk(theta) == problems[1].risk(theta) == 2
