"""Problems: the exact forward pass and the risk, against nested loops and against SymPy."""

from __future__ import annotations

import pickle
import random
from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.errors import InputError, ShapeError
from exactsurf.model.parameters import Parameters
from tests import oracle

F = Fraction
numbers = st.fractions(min_value=-4, max_value=4, max_denominator=6)
LOSSES = [
    es.squared,
    es.squared.mean,
    es.squared.scaled("2/3"),
    es.absolute,
    es.absolute.mean,
    es.huber("1/2"),
    es.hinge,
]
ACTIVATIONS = [
    es.relu, es.leaky_relu("1/10"), es.absolute_value, es.relu6, es.hard_tanh, es.linear,
    es.piecewise_linear([-1, "1/2"], [2, 0, 1], "-1/3"),
]  # fmt: skip


@st.composite
def problems(draw: st.DrawFn) -> tuple[es.Problem, Parameters]:
    loss = draw(st.sampled_from(LOSSES))
    widths = draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    if loss.name == "hinge":
        widths[-1] = 1
    biases = draw(st.lists(st.booleans(), min_size=len(widths) - 1, max_size=len(widths) - 1))
    network = es.Network(widths, draw(st.sampled_from(ACTIVATIONS)), biases=biases)
    rows = draw(st.integers(1, 4))

    def table(height: int, width: int) -> list[list[Fraction]]:
        return [[draw(numbers) for _ in range(width)] for _ in range(height)]

    y = table(rows, widths[-1])
    if loss.name == "hinge":
        y = [[F(1) if row[0] > 0 else F(-1)] for row in y]
    problem = es.Problem(network, es.Data.from_arrays(table(rows, widths[0]), y), loss)
    values = {name: table(*shape) if len(shape) == 2 else table(1, shape[0])[0] for name, shape in network.shapes.items()}
    return problem, problem.parameters(**values)


@given(problems())
def test_forward_pass_and_risk(case: tuple[es.Problem, Parameters]) -> None:
    problem, theta = case
    assert [list(row) for row in problem.predictions(theta)] == oracle.predictions(problem, theta)
    assert problem.risk(theta) == oracle.risk(problem, theta)
    forward = problem.forward(theta)
    for i, x in enumerate(problem.data.x):
        layers = oracle.pre_activations(problem, theta, x)
        assert [[z[i] for z in layer] for layer in forward.pre_activations] == layers[:-1]


@given(problems())
def test_subdifferentials_are_one_sided_derivatives(case: tuple[es.Problem, Parameters]) -> None:
    problem, theta = case
    outputs = problem.forward(theta).outputs
    tiny = F(1, 10**40)
    for k, (low, high) in enumerate(problem.subdifferentials(outputs)):
        for i, f in enumerate(oracle.predictions(problem, theta)):
            y = problem.data.y[i][k]
            here = oracle.loss(problem, f[k], y)
            for side, slope in ((-1, low[i]), (1, high[i])):
                quotient = (oracle.loss(problem, f[k] + side * tiny, y) - here) / (side * tiny)
                assert abs(oracle.scale(problem) * quotient - slope) <= 2 * tiny


def test_the_risk_symbolically() -> None:
    """In an open cell the risk is a polynomial; SymPy expands it, exactsurf evaluates it."""
    data = es.Data.from_arrays([[1, 2], [-1, 1], [3, 0]], [1, 0, 2])
    problem = es.Problem(es.Network([2, 2, 1], es.leaky_relu("1/3")), data)
    names = sympy.symbols("a b c d p q v w o")
    a, b, c, d, p, q, v, w, o = names
    rnd = random.Random(3)
    for _ in range(20):
        values = [F(rnd.randint(-9, 9), rnd.randint(1, 5)) for _ in names]
        theta = problem.parameters(W1=[values[0:2], values[2:4]], b1=values[4:6], W2=[values[6:8]], b2=[values[8]])
        risk = sympy.Integer(0)
        numbers = dict(zip(names, [sympy.Rational(x.numerator, x.denominator) for x in values], strict=True))
        for (x1, x2), (y,) in zip([(1, 2), (-1, 1), (3, 0)], [(1,), (0,), (2,)], strict=True):
            units = []
            for z in (a * x1 + b * x2 + p, c * x1 + d * x2 + q):
                units.append(z if z.subs(numbers) >= 0 else z / 3)
            risk += (v * units[0] + w * units[1] + o - y) ** 2 / 2
        expected = sympy.expand(risk).subs(numbers)
        assert problem.risk(theta) == F(int(expected.p), int(expected.q))


def test_risks_printed_in_papers() -> None:
    """papers.md, sections 1, 4 and 3: example A, Świrszcz's data, and the sharp minimum."""
    a = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    assert a.risk(a.parameters(W1=[["1/2"], [0]], b1=[1, 1], W2=[[1, 0]], b2=[-1])) == F(3, 4)
    assert a.risk(a.parameters(W1=[["1/2"], ["-1/2"]], b1=["-7/8", "5/8"], W2=[[1, -1]], b2=["3/4"])) == F(21, 32)
    s = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([5, 4, 3, 1, -1], [2, 1, 0, -3, 3]))
    assert s.risk(s.parameters(W1=[[1]], b1=[-3], W2=[[1]], b2=[0])) == 9
    assert s.risk(s.parameters(W1=[["-3/2"]], b1=["3/2"], W2=[[1]], b2=[0])) == 7
    n = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([-1, 0, 1, 2], [1, -2, 3, 1]))
    assert n.risk(n.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])) == 5


def test_mismatched_widths() -> None:
    data = es.Data.from_arrays([[0, 1], [1, 2], [3, 4]], [0, 1, 2])
    with pytest.raises(ShapeError, match=r"inputs.*Network\(1-2-1, relu\).*expected 3 × 1, got 3 × 2"):
        es.Problem(es.Network([1, 2, 1]), data)
    with pytest.raises(ShapeError, match=r"targets.*expected 3 × 2, got 3 × 1$"):
        es.Problem(es.Network([2, 2, 2]), data)


def test_hinge_labels() -> None:
    network = es.Network([1, 2, 1])
    es.Problem(network, es.Data.from_arrays([0, 1], ["1", "-1.0"]), es.hinge)
    with pytest.raises(InputError, match=r"sample 1 .*got '0'"):
        es.Problem(network, es.Data.from_arrays([0, 1], [1, 0]), "hinge")
    with pytest.raises(InputError, match=r"one-hot.*sample 0 .*got '1, 1'"):
        es.Problem(es.Network([1, 2, 2]), es.Data.from_arrays([0, 1], [[1, 1], [1, -1]]), es.hinge)


def test_hinge_of_several_classes() -> None:
    """Outputs 2, 3/2, −1 and class 0: the second class is half a margin behind, the third is not."""
    problem = es.Problem(es.Network([1, 3]), es.Data.from_arrays([0], [[1, 0, 0]]), es.hinge.scaled(2))
    theta = problem.parameters(W1=[[0], [0], [0]], b1=[2, "3/2", -1])
    outputs = problem.forward(theta).outputs
    assert problem.risk(theta) == oracle.risk(problem, theta) == 1
    assert [v.fractions() for v in problem.loss_terms(outputs)] == [(0,), (F(-1, 2),), (-3,)]
    assert [(low[0], high[0]) for low, high in problem.subdifferentials(outputs)] == [(-2, -2), (2, 2), (0, 0)]
    at_kinks = problem.parameters(W1=[[0], [0], [0]], b1=[1, 0, 0])
    sides = problem.subdifferentials(problem.forward(at_kinks).outputs)
    assert [(low[0], high[0]) for low, high in sides] == [(-4, 0), (0, 2), (0, 2)]


def test_losses_by_name() -> None:
    data = es.Data.from_arrays([0, 1], [1, 0])
    assert es.Problem(es.Network([1, 1]), data, "squared.mean").loss == es.squared.mean
    assert es.Problem(es.Network([1, 1]), data).loss is es.squared
    with pytest.raises(InputError, match="unknown loss"):
        es.Problem(es.Network([1, 1]), data, "mse")


def test_parameters_of_another_network() -> None:
    data = es.Data.from_arrays([0, 1], [1, 0])
    problem, other = es.Problem(es.Network([1, 2, 1]), data), es.Problem(es.Network([1, 3, 1]), data)
    theta = other.parameters(W1=[[1]] * 3, b1=[0] * 3, W2=[[1] * 3], b2=[0])
    for call in (problem.risk, problem.predictions, problem.forward, lambda t: es.decide(problem, t)):
        with pytest.raises(ShapeError, match=r"W1 for Network\(1-2-1, relu\).*expected 2 × 1, got 3 × 1"):
            call(theta)
    deep = es.Problem(es.Network([1, 2, 2, 1]), data)
    full = deep.parameters(W1=[[1]] * 2, b1=[0] * 2, W2=[[1] * 2] * 2, b2=[0] * 2, W3=[[1] * 2], b3=[0])
    with pytest.raises(ShapeError, match=r"W3.*nothing"):
        deep.risk(Parameters(full.weights[:2], full.biases[:2]))


def test_missing_and_superfluous_biases() -> None:
    data = es.Data.from_arrays([0, 1], [1, 0])
    with_bias, without = (es.Problem(es.Network([1, 1], biases=flag), data) for flag in (True, False))
    with pytest.raises(ShapeError, match=r"b1.*nothing"):
        with_bias.risk(without.parameters(W1=[[1]]))
    with pytest.raises(ShapeError, match=r"b1.*no such parameter"):
        without.risk(with_bias.parameters(W1=[[1]], b1=[0]))


def test_frozen_hashable_picklable() -> None:
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1], [1, 0]), es.huber("1/2").mean)
    with pytest.raises(AttributeError):
        problem.loss = es.squared  # type: ignore[misc]
    problem.data.x, problem.data.affine_fit  # noqa: B018 (fills the caches)
    again = pickle.loads(pickle.dumps(problem))
    assert again == problem and hash(again) == hash(problem)
    assert repr(again) == "Problem(Network(1-2-1, relu), Data(2 samples, 1 input, 1 target), huber('1/2').mean)"
    assert problem != es.Problem(problem.network, problem.data)


def test_a_table_with_too_many_columns_is_told_how_to_choose():
    flowers = es.Data.bundled("iris", target="petal_width", drop="species")
    with pytest.raises(ShapeError, match=r"expected 150 × 2, got 150 × 3; inputs= of Data.from_csv, in a terminal --inputs, "):
        es.Problem(es.Network([2, 2, 1]), flowers)
    chosen = es.Data.bundled("iris", target="petal_width", inputs=["sepal_length", "sepal_width"])
    assert es.Problem(es.Network([2, 2, 1]), chosen).data.inputs.columns == 2
