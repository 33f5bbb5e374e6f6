"""decide at rational points of smooth risks, judged by mpmath, by the ReLU decision where both risks agree, and by symmetry."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import InputError, ShapeError, UnsupportedError
from exactsurf.exact.balls import Ball
from exactsurf.model.smooth_activation import smooth_activation
from tests.verifier.smooth_examples import DIGITS, real, risk, vector_of
from tests.verifier.smooth_point_examples import assert_point_true

NAMES = ("sigmoid", "tanh", "arctan", "softplus", "quadratic", "elu", "selu")
THREE = es.Data.from_arrays([[1, 0], [0, 1], ["1/2", "1/2"]], [0, 0, 1])


def enclosed(risk: Fraction | Ball | None) -> Ball:
    assert risk is not None
    return risk if isinstance(risk, Ball) else Ball(risk)


def assert_true(verdict: es.Verdict) -> None:
    """The certificate says what mpmath sees; the ball holds the risk."""
    assert verdict.certificate is not None
    document = verdict.certificate.document()
    assert_point_true(document)
    with mp.workdps(DIGITS):
        value = risk(document["problem"], [real(v) for v in vector_of(document["problem"], document["parameters"])])
        ball = enclosed(verdict.risk)
        assert real(str(ball.lower)) - mpf(10) ** -50 <= value <= real(str(ball.upper)) + mpf(10) ** -50


numbers = st.sampled_from([Fraction(n, d) for n in range(-3, 4) for d in (1, 2)])


@st.composite
def questions(draw: st.DrawFn):
    name = draw(st.sampled_from(NAMES))
    widths = draw(st.sampled_from([[1, 1, 1], [1, 2, 1], [2, 2, 1], [1, 2, 2], [1, 1, 2, 1]]))
    count = draw(st.integers(1, 4))
    x = draw(st.lists(st.lists(numbers, min_size=widths[0], max_size=widths[0]), min_size=count, max_size=count))
    y = draw(st.lists(st.lists(numbers, min_size=widths[-1], max_size=widths[-1]), min_size=count, max_size=count))
    problem = es.Problem(es.Network(widths, name), es.Data.from_arrays(x, y))
    zero = draw(st.booleans())
    named = {}
    for key, shape in problem.network.shapes.items():
        entry = st.just(Fraction(0)) if zero and key != f"b{len(widths) - 1}" else numbers
        row = st.lists(entry, min_size=shape[-1], max_size=shape[-1])
        named[key] = draw(row if len(shape) == 1 else st.lists(row, min_size=shape[0], max_size=shape[0]))
    return problem, problem.parameters(**named)


@settings(max_examples=60, deadline=None)
@given(questions())
def test_random_points_are_decided_truly(question) -> None:
    problem, theta = question
    verdict = es.decide(problem, theta)
    if verdict.status is Status.UNDECIDED:
        assert "find_critical_box" in verdict.reason and verdict.certificate is None
    else:
        assert_true(verdict)
        assert (verdict.status is Status.REFUTED) == (verdict.lower_point is not None)


@pytest.mark.parametrize("w", [[[1, 1], [1, 1]], [[2, 2], [-1, -1]]])
def test_the_example_of_yun_for_quadratic_units_is_proved(w) -> None:
    problem = es.Problem(es.Network([2, 2, 1], "quadratic"), THREE)
    squares = [row[0] ** 2 for row in w]
    theta = problem.parameters(W1=w, b1=[0, 0], W2=[[Fraction(1, 6 * s) for s in squares]], b2=[0])
    verdict = es.decide(problem, theta)
    assert verdict.status is Status.PROVED and verdict.risk == Fraction(1, 3) and isinstance(verdict.risk, Fraction)
    assert_true(verdict)


FIT = {"W1": [["1/2"], ["0"]], "b1": ["1", "1"], "W2": [["1", "0"]], "b2": ["-1"]}


@pytest.mark.parametrize("scale", ["1", "-1/3", "5"])
@pytest.mark.parametrize("shift", ["0", "1/1000000000000000000000000000000"])
def test_active_elu_units_are_decided_as_relu_units(scale: str, shift: str) -> None:
    # Where all pre-activations are positive, both networks compute the same functions nearby.
    v = Fraction(scale)
    named = {**FIT, "W1": [[abs(1 / v) / 2], ["0"]], "b1": [abs(1 / v), "1"], "W2": [[abs(v), "0"]], "b2": [-1 + Fraction(shift)]}
    data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    smooth = es.Problem(es.Network([1, 2, 1], "elu"), data)
    piecewise = es.Problem(es.Network([1, 2, 1]), data)
    verdict = es.decide(smooth, smooth.parameters(**named))
    expected = es.decide(piecewise, piecewise.parameters(**named))
    assert verdict.status is expected.status is (Status.REFUTED if Fraction(shift) else Status.PROVED)
    assert enclosed(verdict.risk).contains(expected.risk)


def test_all_weights_zero() -> None:
    data = es.Data.from_arrays([-1, 1, 2], [0, 1, 1])
    for name in ("tanh", "sigmoid", "arctan", "softplus", "quadratic"):
        problem = es.Problem(es.Network([1, 2, 1], name), data)
        verdict = es.decide(problem, problem.parameters(W1=[[0], [0]], b1=[0, 0], W2=[[0, 0]], b2=["2/3"]))
        assert verdict.status is Status.REFUTED
        assert_true(verdict)


def test_a_saddle_of_third_order_is_refuted_by_a_unit_that_no_output_reads() -> None:
    # The residuals are orthogonal to 1 and x, so gradient and Hessian are 0 in all mixed directions.
    problem = es.Problem(es.Network([1, 1, 1], "tanh"), es.Data.from_arrays([-1, 0, 1], [1, 0, 1]))
    verdict = es.decide(problem, problem.parameters(W1=[[0]], b1=[0], W2=[[0]], b2=["2/3"]))
    assert verdict.status is Status.REFUTED and verdict.certificate.document()["evidence"]["rule"] == "dead unit"
    assert_true(verdict)


def test_the_mean_on_repeated_inputs_is_a_global_minimum() -> None:
    problem = es.Problem(es.Network([1, 3, 1], "softplus"), es.Data.from_arrays([2, 2, 2], [0, 1, 5]))
    theta = problem.parameters(W1=[[1], [-1], [0]], b1=[0, 4, 2], W2=[[3, -1, -2]], b2=[2])
    verdict = es.decide(problem, theta)  # softplus(2) cancels: 3 − 1 − 2 = 0
    assert verdict.status is Status.PROVED and verdict.certificate.kind == "global minimum of a smooth risk"
    assert_true(verdict)


def test_nothing_depends_on_the_order_of_units_and_samples() -> None:
    x, y = [[1, 0], [0, 1], ["1/2", "1/2"]], [0, 0, 1]
    for order in ([0, 1, 2], [2, 0, 1], [1, 2, 0]):
        problem = es.Problem(
            es.Network([2, 2, 1], "quadratic"), es.Data.from_arrays([x[i] for i in order], [y[i] for i in order])
        )
        for w, v in (([[2, 2], [-1, -1]], ["1/24", "1/6"]), ([[-1, -1], [2, 2]], ["1/6", "1/24"])):
            assert es.decide(problem, problem.parameters(W1=w, b1=[0, 0], W2=[v], b2=[0])).status is Status.PROVED


def test_near_misses_are_refuted() -> None:
    problem = es.Problem(es.Network([2, 2, 1], "quadratic"), THREE)
    tiny = Fraction(1, 10**30)
    for move in ({"b2": [tiny]}, {"W1": [[1 + tiny, 1], [1, 1]]}, {"b1": [tiny, 0]}):
        named = {"W1": [[1, 1], [1, 1]], "b1": [0, 0], "W2": [["1/6", "1/6"]], "b2": [0]} | move
        verdict = es.decide(problem, problem.parameters(**named))
        assert verdict.status is Status.REFUTED


def test_the_corner_of_elu_is_passed_along_a_curve() -> None:
    """Σ r_i h(w x_i) = −w²/6 + … for w > 0, r = (−1, 2, −1)/3: with an output weight v = w the risk falls by w³/6."""
    problem = es.Problem(es.Network([1, 1, 1], "elu"), es.Data.from_arrays([-1, 0, 1], [1, 0, 1]))
    verdict = es.decide(problem, problem.parameters(W1=[[0]], b1=[0], W2=[[0]], b2=["2/3"]))
    assert verdict.status is Status.REFUTED and "to order 3" in verdict.reason
    assert_true(verdict)


def test_a_minimum_at_the_corner_of_elu_stays_open() -> None:
    """With residuals 1 at x = ±1 and v = 1 the risk rises by h(w) + h(−w) = |w| + e^{−|w|} − 1."""
    problem = es.Problem(es.Network([1, 1, 1], "elu", biases=False), es.Data.from_arrays([-1, 1], [-1, -1]))
    verdict = es.decide(problem, problem.parameters(W1=[[0]], W2=[[1]]))
    assert verdict.status is Status.UNDECIDED and "second derivative" in verdict.reason
    with pytest.raises(TypeError, match="three values"):
        bool(verdict)


def test_parameters_of_another_network_are_refused() -> None:
    problem = es.Problem(es.Network([1, 1, 1], "tanh"), es.Data.from_arrays([0], [1]))
    other = es.Problem(es.Network([1, 2, 1], "tanh"), es.Data.from_arrays([0], [1]))
    with pytest.raises(ShapeError):
        es.decide(problem, other.parameters(W1=[[0], [0]], b1=[0, 0], W2=[[0, 0]], b2=[0]))


def test_polish_finds_the_critical_box() -> None:
    problem = es.Problem(es.Network([1, 1, 1], "tanh", biases=False), es.Data.from_arrays([-2, -1, 1, 3], [-1, -1, 1, 2]))
    assert es.polish(problem, W1=[[0.8]], W2=[[1.6]]) == es.find_critical_box(problem, W1=[[0.8]], W2=[[1.6]])


def test_expressions_with_curvature_at_zero_give_exact_local_minima() -> None:
    data = es.Data.from_arrays([-1, 0, 1], [0, 1, 0])
    for h, expected in (("z*sigmoid(z)", Status.PROVED), ("1 - z*sigmoid(z)", Status.REFUTED), ("exp(z)", Status.PROVED)):
        problem = es.Problem(es.Network([1, 2, 1], smooth_activation(h)), data)
        shift = Fraction(1, 3) - 3 * problem.network.activation.exact_value(Fraction(0))
        verdict = es.decide(problem, problem.parameters(W1=[[0], [0]], b1=[0, 0], W2=[[1, 2]], b2=[shift]))
        assert verdict.status is expected, h
        assert_true(verdict)


def test_a_value_that_does_not_exist_is_not_forgotten() -> None:
    data = es.Data.from_arrays([0, 0], [1, 3])
    problem = es.Problem(es.Network([1, 1, 1], smooth_activation("log(z)")), data)
    with pytest.raises((InputError, UnsupportedError), match="beyond all bounds"):
        es.decide(problem, problem.parameters(W1=[[0]], b1=[-5], W2=[[0]], b2=[2]))
    assert es.decide(problem, problem.parameters(W1=[[0]], b1=[1], W2=[[0]], b2=[2])).status is Status.PROVED
