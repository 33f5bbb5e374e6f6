"""Boxes of values of free parameters: the identity, a root found by mpmath, scales that are held, lower points, refusals."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest

import exactsurf as es

DATA = es.Data.from_arrays([-2, -1, 1, 3], [-1, -1, 1, 2])
FILTERS = es.Data.from_arrays([[1, 2, 0], [0, 1, 1], [1, 0, -1], [1, 1, 1]], [1, 2, 0, 1])


def test_the_identity_restricts_nothing() -> None:
    network = es.Network([1, 1, 1], "tanh", biases=False)
    plain, restricted = es.Problem(network, DATA), es.RestrictedProblem(es.restriction(network), DATA)
    for start in ({"W1": [[0.8]], "W2": [[1.6]]}, {"W1": [[-0.8]], "W2": [[-1.6]]}):
        whole, box = es.find_critical_box(plain, **start), es.find_critical_box(restricted, **start)
        assert isinstance(whole, es.CriticalBox) and isinstance(box, es.RestrictedBox)
        assert box.kind == whole.kind.replace("a box", "a restricted box") and box.status is whole.status is es.Status.PROVED
        assert (box.parameters, box.radius) == (whole.parameters, whole.radius)
        assert es.verify(box.certificate).kind == box.kind


def test_the_root_of_the_derivative_is_in_the_box() -> None:
    """f = a·tanh(a x): SymPy-free, by mpmath's root of the derivative of the risk."""
    network = es.Network([1, 1, 1], "tanh", biases=False)
    tied = es.RestrictedProblem(es.restriction(network, W1=[["a"]], W2=[["a + 1/2"]]), es.Data.from_arrays([1, 2], [1, 1]))

    def risk(a: mpmath.mpf) -> mpmath.mpf:
        half = mpmath.mpf(1) / 2
        return ((a + half) * mpmath.tanh(a) - 1) ** 2 / 2 + ((a + half) * mpmath.tanh(2 * a) - 1) ** 2 / 2

    found = []
    for start in (0.9, -1.5, 0.0):
        box = es.find_critical_box(tied, a=start)
        assert isinstance(box, es.RestrictedBox) and box.held == ()
        root = mpmath.findroot(lambda a: mpmath.diff(risk, a), float(box.values[0]))
        assert abs(root - float(box.values[0])) <= float(box.radius)
        assert (mpmath.diff(risk, root, 2) > 0) is box.is_local_minimum
        assert box.risk.lower <= Fraction(float(risk(root))) <= box.risk.upper
        found.append(box)
    assert [box.is_local_minimum for box in found] == [True, True, False]
    # The minimum at positive a lies higher: it is spurious, which a smaller box than the largest one shows.
    better = found[1].parameters
    spurious = es.find_critical_box(tied, a=0.9, lower_point=better)
    assert spurious.kind == "spurious local minimum in a restricted box" and spurious.radius < found[0].radius
    assert es.find_critical_box(tied, a=-1.5, lower_point=found[0].parameters).kind == "local minimum in a restricted box"


def test_the_scale_between_two_filters_is_held() -> None:
    problem = es.RestrictedProblem(es.convolution(3, [2, 2], activation="linear"), FILTERS)
    box = es.find_critical_box(problem, w1_0=1.0, w1_1=0.3, w2_0=1.0, w2_1=0.2)
    assert isinstance(box, es.RestrictedBox) and box.is_local_minimum and len(box.held) == 1
    assert "up to invariances" in box.reason and repr(box).startswith("RestrictedBox(local minimum in a restricted box")
    # The same filters, scaled against each other, have the same predictions, and a box with the same risk.
    names = problem.restriction.names
    scaled = [value * (3 if name.startswith("w1") else Fraction(1, 3)) for name, value in zip(names, box.values, strict=True)]
    again = es.find_critical_box(problem, **dict(zip(names, scaled, strict=True)))
    assert again.kind == box.kind and abs(again.risk.midpoint - box.risk.midpoint) <= again.risk.radius + box.risk.radius
    still = es.find_critical_box(problem, **dict.fromkeys(names, 0))
    assert isinstance(still, es.Verdict) and "not isolated" in still.reason


def test_relu_filters_with_weight_decay() -> None:
    inputs = [[1, 2, 1, 0], [1, 0, 1, 2], [1, 2, 3, 1], [2, 1, 1, 1], [1, 1, 0, 1], [0, 2, 2, 1]]
    filter_ = es.convolution(4, [2], strides=2, head=[1, 1])
    problem = es.RestrictedProblem(filter_, es.Data.from_arrays(inputs, [1, 2, 3, 2, 1, 2]), weight_decay="1/10")
    box = es.find_critical_box(problem, w1_0=0.3, w1_1=0.4)
    assert isinstance(box, es.RestrictedBox) and box.status is es.Status.PROVED and box.held == ()
    # The risk is a quadratic there, and each entry of the filter stands in two places: its minimiser by Cramer's rule.
    plain = es.RestrictedProblem(filter_, problem.unrestricted.data)
    risk = plain.cell(box.parameters).risk
    zero = dict.fromkeys(problem.restriction.names, Fraction(0))
    (p, q), (r, s) = risk.hessian_at(zero)
    p, s = p + Fraction(1, 5), s + Fraction(1, 5)
    x, y = (-value for value in risk.gradient_at(zero))
    det = p * s - q * r
    exact = ((x * s - q * y) / det, (p * y - x * r) / det)
    assert all(abs(u - v) <= box.radius for u, v in zip(exact, box.values, strict=True))
    assert es.decide(problem, problem.restriction.at(exact)).status is es.Status.PROVED


def test_what_is_not_for_boxes() -> None:
    fixed = es.restriction(es.Network([1, 1, 1]), W2=[[1]])
    with pytest.raises(es.UnsupportedError, match="curved"):
        es.find_critical_box(es.RestrictedProblem(fixed, DATA, "absolute"), W1_0_0=1, b1_0=0, b2_0=0)
    smooth = es.RestrictedProblem(es.restriction(es.Network([1, 1, 1], "tanh"), W2=[[1]]), DATA)
    other = es.Parameters(W1=[[1]], b1=[0], W2=[[2]], b2=[0])
    with pytest.raises(es.InputError, match="do not obey"):
        es.find_critical_box(smooth, W1_0_0=1, b1_0=0, b2_0=0, lower_point=other)
    with pytest.raises(es.InputError, match="precision"):
        es.find_critical_box(smooth, W1_0_0=1, b1_0=0, b2_0=0, precisions=[-1])
