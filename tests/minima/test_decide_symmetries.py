"""decide(): what does not change the question must not change the answer."""

from __future__ import annotations

import random
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

import exactsurf as es
from tests.minima.planted import Planted, is_differentiable, plant

F = Fraction


ONE = F(1)


@st.composite
def cases(draw: st.DrawFn) -> Planted:
    planted = plant(random.Random(draw(st.integers(0, 10**6))))
    assume(is_differentiable(planted))
    return planted


def rebuilt(
    planted: Planted,
    *,
    order: list[int] | None = None,
    units: list[int] | None = None,
    stretch: list[Fraction] | None = None,
    shrink: Fraction = ONE,
    copies: int = 1,
    loss: es.Loss | None = None,
) -> Planted:
    """The same problem, with samples reordered or copied, units reordered or rescaled, inputs scaled."""
    problem, theta = planted.problem, planted.theta
    order = order if order is not None else list(range(len(problem.data)))
    count = problem.network.widths[1]
    units = units if units is not None else list(range(count))
    stretch = stretch if stretch is not None else [F(1)] * count
    x = [[shrink * value for value in problem.data.x[i]] for i in order] * copies
    y = [problem.data.y[i] for i in order] * copies
    values: dict[str, object] = {
        "W1": [[stretch[j] * w / shrink for w in theta.weights[0][j]] for j in units],
        "W2": [[theta.weights[1][0][j] / stretch[j] for j in units]],
    }
    if theta.biases[0] is not None:
        values["b1"] = [stretch[j] * theta.biases[0][j] for j in units]
    if theta.biases[1] is not None:
        values["b2"] = theta.biases[1]
    changed = es.Problem(problem.network, es.Data.from_arrays(x, y), loss or problem.loss)
    return Planted(changed, changed.parameters(**values))


def same_verdict(one: Planted, two: Planted, factor: int | Fraction = 1) -> None:
    first, second = es.decide(one.problem, one.theta), es.decide(two.problem, two.theta)
    assert first.status is second.status
    assert first.risk is not None and second.risk == factor * first.risk


@settings(max_examples=60)
@given(cases(), st.data())
def test_the_order_of_samples_and_units_does_not_matter(planted: Planted, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(planted.problem.data))))
    units = data.draw(st.permutations(range(planted.problem.network.widths[1])))
    same_verdict(planted, rebuilt(planted, order=list(order), units=list(units)))


@settings(max_examples=60)
@given(cases(), st.data())
def test_rescaling_a_homogeneous_unit_does_not_matter(planted: Planted, data: st.DataObject) -> None:
    assume(planted.problem.network.activation.two_slopes is not None)
    positive = st.fractions(min_value=F(1, 7), max_value=7, max_denominator=7)
    count = planted.problem.network.widths[1]
    stretch = data.draw(st.lists(positive, min_size=count, max_size=count))
    same_verdict(planted, rebuilt(planted, stretch=stretch))


@settings(max_examples=60)
@given(cases(), st.fractions(min_value=-5, max_value=5, max_denominator=9))
def test_scaling_the_inputs_does_not_matter(planted: Planted, factor: Fraction) -> None:
    assume(factor)
    same_verdict(planted, rebuilt(planted, shrink=factor))


@settings(max_examples=60)
@given(cases(), st.integers(2, 3))
def test_repeating_all_samples_is_scaling_the_loss(planted: Planted, copies: int) -> None:
    averaged = planted.problem.loss.averaged
    same_verdict(planted, rebuilt(planted, copies=copies), 1 if averaged else copies)
    scaled = rebuilt(planted, loss=planted.problem.loss.scaled(copies))
    same_verdict(planted, scaled, copies)


@settings(max_examples=40)
@given(cases())
def test_an_input_column_of_zeros_does_not_matter(planted: Planted) -> None:
    problem, theta = planted.problem, planted.theta
    d, units, _ = problem.network.widths
    wide = es.Problem(
        es.Network([d + 1, units, 1], problem.network.activation, biases=problem.network.biases),
        es.Data.from_arrays([[*row, 0] for row in problem.data.x], problem.data.y),
        problem.loss,
    )
    values = {**dict(theta.items()), "W1": [[*row, 5] for row in theta.weights[0]]}
    same_verdict(planted, Planted(wide, wide.parameters(**values)))
