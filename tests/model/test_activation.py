"""Activations, against SymPy's Piecewise and against the integral of the slopes."""

from __future__ import annotations

import pickle
from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.errors import InexactNumberError, InputError, ShapeError
from exactsurf.exact.scaled_vector import ScaledVector
from exactsurf.model.activation_names import NAMED, activation_from
from tests.oracle import activate, slope_left, slope_right

F = Fraction
numbers = st.fractions(min_value=-9, max_value=9, max_denominator=8)
Z = sympy.Symbol("z")


@st.composite
def activations(draw: st.DrawFn) -> es.Activation:
    points = sorted(draw(st.sets(numbers, max_size=4)))
    slopes = draw(st.lists(numbers, min_size=len(points) + 1, max_size=len(points) + 1))
    return es.piecewise_linear(points, slopes, draw(numbers))


@given(activations(), st.lists(numbers, min_size=1, max_size=6))
def test_values_are_the_integral_of_the_slopes(h: es.Activation, values: list[Fraction]) -> None:
    points = [*values, *h.breakpoints]
    expected = [activate(h, z) for z in points]
    assert [h(z) for z in points] == expected
    assert list(h.apply(ScaledVector.from_fractions(points)).fractions()) == expected
    for z in points:
        assert h.slopes_at(z) == (slope_left(h, z), slope_right(h, z))
    pieces = h.pieces(ScaledVector.from_fractions(points))
    assert [(h.slopes[a], h.slopes[b]) for a, b in pieces] == [h.slopes_at(z) for z in points]


SYMBOLIC = {
    es.relu: sympy.Max(Z, 0),
    es.leaky_relu("1/100"): sympy.Max(Z, Z / 100),
    es.leaky_relu(3): sympy.Min(Z, 3 * Z),
    es.absolute_value: sympy.Abs(Z),
    es.relu6: sympy.Min(sympy.Max(Z, 0), 6),
    es.hard_tanh: sympy.Max(-1, sympy.Min(1, Z)),
    es.linear: Z,
    es.relu_like(2, "1/3"): sympy.Max(2 * Z, 0) + sympy.Min(Z / 3, 0),
    es.piecewise_linear([-1, 2], [1, -1, 3], "1/2"): sympy.Piecewise(
        (Z + sympy.Rational(5, 2), Z < -1),
        (sympy.Rational(1, 2) - Z, Z < 2),
        (3 * Z - sympy.Rational(15, 2), True),
    ),
    es.piecewise_linear([1, 3], [2, 0, 1], 0): sympy.Piecewise((2 * Z, Z < 1), (2, Z < 3), (Z - 1, True)),
    es.piecewise_linear([-3, -1], [2, 0, 1], 1): sympy.Piecewise((2 * Z + 6, Z < -3), (0, Z < -1), (Z + 1, True)),
}


@pytest.mark.parametrize("h", SYMBOLIC, ids=repr)
def test_named_activations(h: es.Activation) -> None:
    for k in range(-40, 41):
        z = F(k, 5)
        expected = sympy.nsimplify(SYMBOLIC[h].subs(Z, sympy.Rational(k, 5)))
        assert h(z) == F(int(expected.p), int(expected.q)), z


def test_equality_is_that_of_functions_not_of_names() -> None:
    assert es.leaky_relu(0) == es.relu == es.relu_like(1, 0)
    assert hash(es.leaky_relu(0)) == hash(es.relu)
    assert es.relu != es.leaky_relu()
    assert es.piecewise_linear([0, 5], [0, 1, 1]) == es.relu
    assert es.piecewise_linear([0, 5], [1, 1, 1]) == es.linear and es.leaky_relu(1).is_linear
    assert not es.relu.is_linear


@pytest.mark.parametrize(
    ("h", "slopes"),
    [
        (es.relu, (F(1), F(0))),
        (es.relu_like("2/3", -1), (F(2, 3), F(-1))),
        (es.relu6, None),
        (es.linear, None),
        (es.piecewise_linear([1], [0, 1]), None),
        (es.piecewise_linear([0], [0, 1], 1), None),
    ],
)
def test_two_slopes(h: es.Activation, slopes: object) -> None:
    assert h.two_slopes == slopes


@pytest.mark.parametrize("h", [*SYMBOLIC, *NAMED.values()], ids=repr)
def test_repr_pickle_hash(h: es.Activation) -> None:
    assert "\n" not in repr(h)
    again = pickle.loads(pickle.dumps(h))
    assert again == h and hash(again) == hash(h) and again.lines == h.lines
    names = {name: getattr(es.activations, name) for name in es.activations.__all__}
    assert eval(repr(h), names) == h


def test_from_names_and_descriptions() -> None:
    assert activation_from("relu") is es.relu
    assert activation_from("leaky_relu") == es.leaky_relu("1/100")
    assert activation_from("leaky_relu:1/5") == es.leaky_relu("0.2") == activation_from({"leaky_relu": "1/5"})
    assert activation_from("relu_like:2,1/3") == es.relu_like(2, "1/3") == activation_from({"relu_like": [2, "1/3"]})
    described = {"breakpoints": ["-1", 2], "slopes": [1, -1, 3], "value_at_0": "1/2"}
    assert activation_from(described) == es.piecewise_linear([-1, 2], [1, -1, 3], "1/2")
    assert activation_from(es.relu6) is es.relu6
    for name, h in NAMED.items():
        assert activation_from(name) is h


def test_near_names_are_suggested() -> None:
    with pytest.raises(InputError, match="did you mean 'relu6'"):
        activation_from("relu_6")
    with pytest.raises(InputError, match="leaky_relu:SLOPE"):
        activation_from("softsign")
    assert activation_from("sigmoid") is es.sigmoid


@pytest.mark.parametrize("name", ["gelu", "GELU", "celu", "silu", "SiLU", "prelu", "softsign", "hardswish", "identity", "sin"])
def test_a_function_that_is_not_there_is_not_taken_for_a_misspelling(name: str) -> None:
    with pytest.raises(InputError, match="unknown activation") as caught:
        activation_from(name)
    text = str(caught.value)
    assert "did you mean" not in text and "known: relu, " in text and "gelu_tanh" in text and "es.smooth_activation(" in text
    meant = {"gelu": "gelu_tanh is its customary approximation", "silu": "here it is called swish"}.get(name.lower(), "")
    assert meant in text


def test_what_the_message_advises_works() -> None:
    assert es.smooth_activation("z*tanh(z)") == activation_from({"expression": "z*tanh(z)"})
    assert es.piecewise_linear([-1, 1], [0, 1, 0]) == es.hard_tanh


@pytest.mark.parametrize(
    "value",
    ["Relu", "", "leaky_relu:x", "relu_like:1", "relu_like:1,2,3", {}, {"leaky": 1}, {"breakpoints": [0]}, 3, None, ["relu"],
     {"breakpoints": [0], "slopes": [0, 1], "name": "x"}],
    ids=repr,
)  # fmt: skip
def test_other_descriptions_are_refused(value: object) -> None:
    with pytest.raises(InputError):
        activation_from(value)  # type: ignore[arg-type]


def test_errors_of_piecewise_linear() -> None:
    with pytest.raises(ShapeError, match="expected 3, got 2"):
        es.piecewise_linear([0, 1], [0, 1])
    with pytest.raises(InputError, match="2 stands before 1"):
        es.piecewise_linear([2, 1], [0, 1, 2])
    with pytest.raises(InputError, match="increase"):
        es.piecewise_linear([1, 1], [0, 1, 2])
    with pytest.raises(InexactNumberError, match=r"breakpoint 1: 0\.5"):
        es.piecewise_linear([0, 0.5], [0, 1, 2])
    with pytest.raises(InexactNumberError, match="slope 0"):
        es.piecewise_linear([0], [0.5, 1])
    with pytest.raises(InexactNumberError, match="leaky"):
        es.leaky_relu(0.01)


def test_activations_are_frozen() -> None:
    with pytest.raises(AttributeError):
        es.relu.slopes = ()  # type: ignore[misc]
