"""Critical points in boxes: against mpmath's Newton and eigenvalues, symmetries, and degenerate points that are refused."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import InputError, RejectedCertificate, ShapeError, UnsupportedError
from exactsurf.minima.local.coordinate_vector import row_positions
from exactsurf.minima.smooth.critical_box import CriticalBox, find_critical_box
from exactsurf.minima.smooth.smooth_derivatives import risk_derivatives
from exactsurf.model.enclosed_risk import risk_ball
from exactsurf.model.parameter_vector import parameters_of, vector_of
from exactsurf.model.smooth_activation import smooth_activation
from tests.verifier.smooth_examples import assert_box_true

STEPS = ["-1/8", "0", "3/4", "3/2", "7/4", "7/4", "7/4", "13/8", "1", "3/8", "1/4"]
BUMP = es.Problem(es.Network([1, 1, 1], "tanh"), es.Data.from_arrays(list(range(-5, 6)), STEPS))
NEAR = {"W1": [[2.0]], "b1": [-7.0], "W2": [[-0.43]], "b2": [0.69]}

SYMBOLS: dict[str, Any] = {
    "sigmoid": lambda z: 1 / (1 + sp.exp(-z)),
    "tanh": sp.tanh,
    "arctan": sp.atan,
    "softplus": lambda z: sp.log(1 + sp.exp(z)),
    "quadratic": lambda z: z**2,
}


@pytest.mark.parametrize("name", SYMBOLS)
@pytest.mark.parametrize("widths", [[1, 2, 1], [2, 1, 1, 2]])
def test_derivatives_against_sympy(name: str, widths: list[int]) -> None:
    samples = [[Fraction(k + 2 * j, 3) for j in range(widths[0])] for k in (-1, 1)]
    targets = [[Fraction(k - j, 2) for j in range(widths[-1])] for k in (1, 2)]
    problem = es.Problem(es.Network(widths, name), es.Data.from_arrays(samples, targets), es.squared.mean)
    size = sum((below + 1) * above for below, above in pairwise(widths))
    values = [Fraction((5 * k) % 11 - 4, 4) for k in range(size)]
    theta = parameters_of(problem.network, values)
    names = sp.symbols(f"t0:{size}")
    places, total = row_positions(problem.network), sp.Integer(0)
    for x, y in zip(samples, targets, strict=True):
        layer: list[Any] = [sp.Rational(v.numerator, v.denominator) for v in x]
        for index, rows in enumerate(places):
            layer = [sum(names[p] * a for p, a in zip(row, [*layer, sp.Integer(1)], strict=True)) for row in rows]
            layer = [SYMBOLS[name](z) for z in layer] if index + 2 < len(widths) else layer
        total += sum((f - sp.Rational(t.numerator, t.denominator)) ** 2 for f, t in zip(layer, y, strict=True)) / 4
    at = {s: sp.Rational(v.numerator, v.denominator) for s, v in zip(names, values, strict=True)}
    found = risk_derivatives(problem, theta, bits=200)
    assert found is not None
    chosen = [(0, 0), (0, size - 1), (1, 2), (2, 2), (size - 2, size - 1), (1, size - 2)]
    pairs = [(found.risk, total), *((found.gradient[p], sp.diff(total, names[p])) for p in range(0, size, 2))]
    pairs += [(found.hessian[p][q], sp.diff(total, names[p], names[q])) for p, q in chosen]
    for ball, expression in pairs:
        true = sp.Rational(str(sp.N(expression.subs(at), 80)))
        slack = Fraction(1, 10**60)
        assert ball.lower - slack <= Fraction(int(true.p), int(true.q)) <= ball.upper + slack
        assert ball.radius < Fraction(1, 10**40)
    assert risk_ball(problem, theta, 200).contains(found.risk.midpoint)


def test_the_box_of_a_trained_point_is_true_and_verified() -> None:
    found = find_critical_box(BUMP, NEAR)
    assert isinstance(found, CriticalBox) and found.status is Status.PROVED and found.is_local_minimum
    assert_box_true(json.loads(found.certificate.encoded))
    assert es.verify(found.certificate).sentence == found.certificate.sentence
    assert found.contains(found.parameters) and not found.contains(BUMP.parameters(W1=[[2]], b1=[-7], W2=[[-1]], b2=[1]))
    assert found.risk.contains(risk_ball(BUMP, found.parameters).midpoint)


def test_a_spurious_local_minimum_of_a_tanh_network() -> None:
    lower = BUMP.parameters(W1=[[11]], b1=[33], W2=[["2/3"]], b2=["3/5"])
    found = find_critical_box(BUMP, NEAR, lower_point=lower)
    assert isinstance(found, CriticalBox) and found.kind == "spurious local minimum in a box"
    assert_box_true(json.loads(found.certificate.encoded))
    higher = BUMP.parameters(W1=[[0]], b1=[0], W2=[[0]], b2=[0])
    plain = find_critical_box(BUMP, NEAR, lower_point=higher)
    assert isinstance(plain, CriticalBox) and plain.kind == "local minimum in a box"


@pytest.mark.parametrize(
    ("name", "targets", "start"),
    [
        ("tanh", ["-3/4", "-1/2", 1, "3/2"], ["1", "1"]),
        ("sigmoid", ["1/4", "1/2", "3/2", 2], ["1", "2"]),
        ("softplus", ["1/8", "1/4", "5/4", 3], ["1", "1"]),
        ("arctan", [-1, "-3/4", 1, "5/4"], ["1", "1"]),
        ("elu", ["-3/4", "-1/2", 1, "3/2"], ["1", "1"]),
        ("selu", ["-3/4", "-1/2", 1, "3/2"], ["1", "1"]),
    ],
)
def test_one_unit_without_biases(name: str, targets: list[Any], start: list[str]) -> None:
    problem = es.Problem(es.Network([1, 1, 1], name, biases=False), es.Data.from_arrays([-2, -1, 1, 3], targets))
    found = find_critical_box(problem, W1=[start[:1]], W2=[start[1:]])
    assert isinstance(found, CriticalBox)
    assert_box_true(json.loads(found.certificate.encoded))


def test_a_saddle_is_no_local_minimum() -> None:
    problem = es.Problem(es.Network([1, 1, 1], "tanh", biases=False), es.Data.from_arrays([-1, 1, 2], [-1, 1, 1]))
    found = find_critical_box(problem, W1=[["1/100"]], W2=[[0]])
    assert isinstance(found, CriticalBox) and found.is_local_minimum is False
    assert found.contains(problem.parameters(W1=[[0]], W2=[[0]]))
    direction = found.certificate.direction
    assert direction is not None
    step = Fraction(1, 50)
    assert risk_ball(problem, found.parameters.moved(direction, step)).upper < risk_ball(problem, found.parameters).lower


def test_quadratic_units_are_held() -> None:
    problem = es.Problem(es.Network([1, 1, 1], "quadratic"), es.Data.from_arrays([0, 1, 2, 3], [1, 0, 0, 2]))
    found = find_critical_box(problem, W1=[[1.2]], b1=[-1.6], W2=[[0.5]], b2=[-0.2])
    assert isinstance(found, CriticalBox) and found.held == ((1, 0, 0),) and found.is_local_minimum
    assert_box_true(json.loads(found.certificate.encoded))
    assert "Up to the scale" in found.certificate.sentence
    # A parabola is fitted: the residual of least squares in x², x, 1.
    assert found.risk.contains("1/40")


LINE = es.Data.from_arrays([-1, 0, 1, 2], [0, 1, 0, 2])


@pytest.mark.parametrize(
    ("problem", "point"),
    [
        # two equal units, a dead unit, fewer samples than parameters, a piecewise linear place, quadratic units of weight 0
        (es.Problem(es.Network([1, 2, 1], "tanh"), LINE), {"W1": [[1], [1]], "b1": [0, 0], "W2": [["1/2", "1/2"]], "b2": [0]}),
        (es.Problem(es.Network([1, 1, 1], "tanh"), LINE), {"W1": [[1]], "b1": [0], "W2": [[0]], "b2": ["3/4"]}),
        (
            es.Problem(es.Network([1, 2, 1], "sigmoid"), es.Data.from_arrays([0, 1], [0, 1])),
            {"W1": [[1], [2]], "b1": [0, 1], "W2": [[1, 0]], "b2": [0]},
        ),
        (es.Problem(es.Network([1, 1, 1], "elu"), LINE), {"W1": [[1]], "b1": [9], "W2": [["2/5"]], "b2": [-3]}),
        (es.Problem(es.Network([1, 1, 1], "quadratic"), LINE), {"W1": [[1]], "b1": [9], "W2": [[0]], "b2": [-3]}),
        (es.Problem(es.Network([1, 1, 1], "elu"), LINE), {"W1": [[1]], "b1": [0], "W2": [["2/5"]], "b2": [0]}),
    ],
)
def test_degenerate_points_are_left_open(problem: es.Problem, point: dict[str, Any]) -> None:
    found = find_critical_box(problem, point)
    assert isinstance(found, es.Verdict) and found.status is Status.UNDECIDED and found.reason


@settings(max_examples=8, deadline=None)
@given(st.permutations(range(11)), st.sampled_from([-1, 1]), st.fractions(Fraction(1, 2), 2, max_denominator=8))
def test_symmetries(order: list[int], sign: int, scale: Fraction) -> None:
    """Reordering samples changes nothing; the odd tanh allows a change of sign; scaling targets scales the output layer."""
    x, y = list(range(-5, 6)), [Fraction(v) for v in STEPS]
    data = es.Data.from_arrays([x[i] for i in order], [scale * y[i] for i in order])
    problem = es.Problem(es.Network([1, 1, 1], "tanh"), data)
    near = [Fraction("2.007"), Fraction("-7.048"), Fraction("-0.433"), Fraction("0.6896")]
    start = parameters_of(problem.network, [sign * near[0], sign * near[1], sign * scale * near[2], scale * near[3]])
    found, plain = find_critical_box(problem, start), find_critical_box(BUMP, NEAR)
    assert isinstance(found, CriticalBox) and isinstance(plain, CriticalBox) and found.kind == plain.kind
    factors = (sign, sign, sign * scale, scale)
    images = [factor * v for factor, v in zip(factors, vector_of(plain.parameters), strict=True)]
    gap = max(abs(a - b) for a, b in zip(images, vector_of(found.parameters), strict=True))
    assert gap <= found.radius + 2 * plain.radius
    assert abs(found.risk.midpoint - scale**2 * plain.risk.midpoint) <= found.risk.radius + scale**2 * plain.risk.radius


def test_inputs_that_are_refused() -> None:
    with pytest.raises(InputError, match="missing"):
        find_critical_box(BUMP, W1=[[1]])
    with pytest.raises(InputError):
        find_critical_box(BUMP, [1, 2])  # type: ignore[arg-type]
    with pytest.raises(ShapeError):
        find_critical_box(BUMP, W1=[[1, 2]], b1=[0], W2=[[1]], b2=[0])
    far = find_critical_box(BUMP, W1=[[0.001]], b1=[100.0], W2=[[50.0]], b2=[7.0])
    assert isinstance(far, es.Verdict)


def test_certificates_are_files(tmp_path: Any) -> None:
    found = find_critical_box(BUMP, NEAR)
    assert isinstance(found, CriticalBox)
    saved = found.certificate.save(tmp_path / "box.json")
    assert es.verify(saved).kind == "local minimum in a box"
    document = json.loads(saved.read_text())
    document["claim"]["radius"] = "1"
    with pytest.raises(RejectedCertificate):
        es.verify(json.dumps(document).encode())


BELOW, ABOVE = ([-1, 1, 2], ["-1/4", "1/4", "1/8"]), ([-2, 1, 3], ["-1/4", "3/4", "23/8"])


@pytest.mark.parametrize(
    ("text", "samples"),
    [
        ("z*sigmoid(z)", ABOVE),
        ("z*tanh(softplus(z))", ABOVE),
        ("z/(1 + exp(z**2))", BELOW),
        ("log(2 + tanh(z)) - arctan(softplus(z/2))", BELOW),
    ],
)
def test_expressions(text: str, samples: tuple[list[Any], list[Any]]) -> None:
    problem = es.Problem(es.Network([1, 1, 1], smooth_activation(text), biases=False), es.Data.from_arrays(*samples))
    found = find_critical_box(problem, W1=[[1]], W2=[[1]])
    assert isinstance(found, CriticalBox) and found.status is Status.PROVED
    assert found.reason.startswith("exactly one critical point")
    assert_box_true(found.certificate.document())


THREE = es.piecewise_linear([-1, 1], ["1/4", 1, "1/4"])


def test_a_deep_network_of_three_pieces_with_intercepts() -> None:
    data = es.Data.from_arrays(["1/2", 2, 4, 6, -7], ["7/20", "46/50", "57/50", "61/50", "-6/5"])
    problem = es.Problem(es.Network([1, 1, 1, 1], THREE, biases=False), data)
    found = find_critical_box(problem, W1=[[0.9]], W2=[[0.7]], W3=[[1.1]])
    assert isinstance(found, CriticalBox) and found.held == ()
    assert_box_true(json.loads(found.certificate.encoded))


def test_at_a_corner_there_is_no_box() -> None:
    problem = es.Problem(es.Network([1, 1, 1], es.relu, biases=False), es.Data.from_arrays([0, 1], [0, 1]))
    found = find_critical_box(problem, W1=[[1]], W2=[[1]])
    assert isinstance(found, es.Verdict) and "corner" in found.reason


def test_units_with_intercepts_are_not_rescaled_and_others_are() -> None:
    degrees = [es.Network([1, 1, 1], h).activation.degree for h in (es.relu, es.leaky_relu("1/5"), THREE, es.relu6)]
    assert degrees == [1, 1, None, None]
    assert es.Network([1, 1, 1], es.piecewise_linear([0], [0, 1], 1)).activation.degree is None


def test_boxes_need_the_squared_loss() -> None:
    problem = es.Problem(es.Network([1, 1, 1], es.relu, biases=False), es.Data.from_arrays([1, 2], [1, 1]), "absolute")
    with pytest.raises(UnsupportedError, match=r"ask decide\(problem, parameters\)"):
        find_critical_box(problem, W1=[[1]], W2=[[1]])
