"""Senses of stationarity against published points, sampled derivatives, cell polynomials and symmetries."""

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.cells.activation_pattern import pattern_along
from exactsurf.cells.cell import cell_of
from exactsurf.certificate.verdict import Status
from exactsurf.effort import Effort
from exactsurf.exact.number import to_text
from exactsurf.minima.local.clarke import HullPoint, Separator, decide_hull
from exactsurf.minima.senses.senses import CurvatureWitness, DescentWitness, KinkWitness, Stationarity
from exactsurf.minima.senses.stationarity import stationarity
from exactsurf.model.parameter_vector import parameters_of, vector_of
from tests import oracle
from tests.minima.planted import plant

F = Fraction
PROVED, REFUTED, UNDECIDED = Status.PROVED, Status.REFUTED, Status.UNDECIDED


def statuses(answer: Stationarity) -> tuple[Status, ...]:
    return tuple(sense.status for sense in answer.senses)


def second_coefficient(problem: es.Problem, theta: es.Parameters, direction: es.Parameters) -> Fraction:
    """The coefficient of t² of the risk along a ray, by interpolation close to the point."""
    degree, reach = 2 * problem.network.layers, F(1, 10**40)
    nodes = [reach * k / degree for k in range(degree + 1)]
    return oracle.polynomial(nodes, [oracle.risk(problem, oracle.along(theta, direction, t)) for t in nodes])[2]


def check_witnesses(problem: es.Problem, theta: es.Parameters, answer: Stationarity) -> None:
    """Every witness is recomputed by the slow oracle."""
    for sense in answer.senses:
        if isinstance(sense.witness, DescentWitness):
            value = oracle.one_sided_derivative(problem, theta, sense.witness.direction)
            assert value == sense.witness.derivative < 0
        if isinstance(sense.witness, CurvatureWitness):
            direction = sense.witness.direction
            assert oracle.one_sided_derivative(problem, theta, direction) == 0
            assert second_coefficient(problem, theta, direction) == sense.witness.coefficient < 0
        if isinstance(sense.witness, KinkWitness):
            first, second = sense.witness.first, sense.witness.second
            values = [oracle.one_sided_derivative(problem, theta, d) for d in (first, second, oracle.along(first, second, 1))]
            assert tuple(values) == sense.witness.derivatives
            assert values[0] + values[1] != values[2]


def cell_gradients(problem: es.Problem, theta: es.Parameters, rnd: random.Random, tries: int) -> set[tuple[Fraction, ...]]:
    """Limits of gradients: those of the polynomials of cells entered from the point in random directions."""
    found = set()
    for _ in range(tries):
        direction = oracle.random_direction(problem, rnd, density=rnd.choice((0.3, 0.7, 1.0)))
        if pattern_along(problem, theta, direction).boundary:
            continue
        cell = cell_of(problem, theta, side=direction)
        found.add(cell.risk.gradient_at(cell.coordinates(theta)))
    return found


def test_the_published_nondifferentiable_minimum():
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([-1, 0, 1, 2], [1, -2, 3, 1]))
    answer = stationarity(problem, problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0]))
    assert statuses(answer) == (REFUTED, REFUTED, PROVED, PROVED, PROVED)
    assert answer.risk == 5


def test_clarke_stationary_but_not_directionally():
    # ½(1 − |b|)² at b = 0: the risk falls on both sides, and gradients of either sign have 0 between them.
    network = es.Network([1, 1, 1], activation=es.absolute_value, biases=[True, False])
    problem = es.Problem(network, es.Data.from_arrays([[0]], [-1]))
    theta = problem.parameters(W1=[[0]], b1=[0], W2=[[-1]])
    answer = stationarity(problem, theta)
    assert statuses(answer) == (REFUTED, REFUTED, PROVED, REFUTED, REFUTED)
    check_witnesses(problem, theta, answer)


def test_second_order_saddle_of_a_linear_network():
    problem = es.Problem(
        es.Network([2, 2, 2], activation=es.linear, biases=False), es.Data.from_arrays([[1, 0], [0, 1]], [[2, 0], [0, 1]])
    )
    theta = problem.parameters(W1=[[0, 0], [0, 0]], W2=[[0, 0], [0, 0]])
    answer = stationarity(problem, theta)
    assert statuses(answer) == (PROVED, PROVED, PROVED, PROVED, REFUTED)
    check_witnesses(problem, theta, answer)
    deep = es.Problem(es.Network([2, 2, 2, 2], activation=es.linear, biases=False), problem.data)
    zero = [[0, 0], [0, 0]]
    assert set(statuses(stationarity(deep, deep.parameters(W1=zero, W2=zero, W3=zero)))) == {PROVED}


@pytest.mark.parametrize("seed", range(60))
def test_one_hidden_layer_against_samples(seed: int):
    rnd = random.Random(seed)
    planted = plant(rnd, near_miss=seed % 3 == 0)
    problem, theta = planted.problem, planted.theta
    answer = stationarity(problem, theta)
    check_witnesses(problem, theta, answer)
    directions = [oracle.random_direction(problem, rnd, density=rnd.choice((0.1, 0.3, 1.0))) for _ in range(8)]
    slopes = [oracle.one_sided_derivative(problem, theta, d) for d in directions]
    if answer.directional.status is PROVED:
        assert min(slopes) >= 0
    if answer.gradient_zero.status is PROVED:
        assert not any(slopes)
    if answer.differentiable.status is PROVED:
        assert answer.gradient is not None
        for d, slope in zip(directions, slopes, strict=True):
            assert slope == sum((a * b for a, b in zip(vector_of(answer.gradient), vector_of(d), strict=True)), F(0))
    if answer.second_order.status is PROVED:
        flat = [d for d, slope in zip(directions, slopes, strict=True) if slope == 0]
        assert all(second_coefficient(problem, theta, d) >= 0 for d in flat)
    if es.decide(problem, theta).status is PROVED:
        assert REFUTED not in {answer.clarke.status, answer.directional.status, answer.second_order.status}
    # One sense follows from the other.
    if answer.directional.status is PROVED:
        assert answer.clarke.status is not REFUTED
    if answer.gradient_zero.status is PROVED:
        assert answer.directional.status is PROVED


@pytest.mark.parametrize("seed", range(25))
def test_clarke_against_cell_polynomials(seed: int):
    """Layer 1 kinks, layer 2 kinks, vector outputs: the hull of gradients of cells found by rays."""
    rnd = random.Random(seed)
    widths = rnd.choice([[1, 1, 1], [1, 2, 1], [2, 1, 1], [1, 1, 1, 1], [1, 2, 1, 1], [1, 1, 2]])
    network = es.Network(widths, activation=rnd.choice([es.relu, es.absolute_value, es.leaky_relu("1/3")]))
    samples = rnd.sample(range(-3, 4), 4)
    data = es.Data.from_arrays(
        [[x if p == 0 else rnd.randint(-1, 1) for p in range(widths[0])] for x in samples],
        [[rnd.randint(-2, 2) for _ in range(widths[-1])] for _ in samples],
    )
    problem = es.Problem(network, data)
    point = {
        name: [[rnd.randint(-1, 1) for _ in range(s[1])] for _ in range(s[0])]
        if len(s) == 2
        else [rnd.randint(-1, 1) for _ in range(s[0])]
        for name, s in network.shapes.items()
    }
    theta = problem.parameters(**point)
    answer = stationarity(problem, theta)
    check_witnesses(problem, theta, answer)
    gradients = cell_gradients(problem, theta, rnd, 80)
    assert gradients
    hull = decide_hull(sorted(gradients))
    if isinstance(hull, HullPoint):
        assert answer.clarke.status is PROVED
    if answer.clarke.status is REFUTED:
        assert isinstance(hull, Separator)
        direction = vector_of(answer.clarke.witness.direction)
        assert all(sum((a * b for a, b in zip(g, direction, strict=True)), F(0)) < 0 for g in gradients)
    if answer.clarke.status is PROVED:
        assert isinstance(decide_hull(sorted(cell_gradients(problem, theta, rnd, 400))), HullPoint)
    if isinstance(answer.clarke.witness, HullPoint):
        witness = answer.clarke.witness
        assert sum(witness.weights) == 1 and min(witness.weights) > 0
        assert not any(
            sum((w * g[p] for w, g in zip(witness.weights, witness.gradients, strict=True)), F(0))
            for p in range(len(witness.gradients[0]))
        )
        assert set(witness.gradients) <= cell_gradients(problem, theta, rnd, 600)
    if len(gradients) > 1:
        assert answer.differentiable.status is REFUTED


@pytest.mark.parametrize("seed", range(30))
def test_any_depth_against_samples(seed: int):
    """Kinks in all layers and of the loss, layers without biases, saturating activations."""
    rnd = random.Random(seed)
    widths = rnd.choice([[1, 1, 1, 1], [1, 2, 1, 1], [1, 1, 2, 1], [2, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 2]])
    activation = rnd.choice([es.relu, es.absolute_value, es.leaky_relu("1/3"), es.hard_tanh])
    network = es.Network(widths, activation=activation, biases=[rnd.random() < 0.7 for _ in widths[1:]])
    x = [[rnd.randint(-2, 2) for _ in range(widths[0])] for _ in range(rnd.randint(1, 3))]
    y = [[rnd.randint(-1, 1) for _ in range(widths[-1])] for _ in x]
    problem = es.Problem(network, es.Data.from_arrays(x, y), rnd.choice(["squared", "squared", "absolute"]))
    point = {
        name: [[rnd.choice((-1, 0, 0, 1)) for _ in range(s[1])] for _ in range(s[0])]
        if len(s) == 2
        else [rnd.choice((-1, 0, 1))] * s[0]
        for name, s in network.shapes.items()
    }
    theta = problem.parameters(**point)
    answer = stationarity(problem, theta)
    check_witnesses(problem, theta, answer)
    assert UNDECIDED not in {answer.differentiable.status, answer.gradient_zero.status, answer.directional.status}
    directions = [oracle.random_direction(problem, rnd, density=rnd.choice((0.1, 0.3, 1.0))) for _ in range(12)]
    slopes = [oracle.one_sided_derivative(problem, theta, d) for d in directions]
    if answer.directional.status is PROVED:
        assert min(slopes) >= 0
    if answer.gradient is not None:
        gradient = vector_of(answer.gradient)
        assert slopes == [sum((a * b for a, b in zip(gradient, vector_of(d), strict=True)), F(0)) for d in directions]
    if answer.second_order.status is PROVED:
        assert all(second_coefficient(problem, theta, d) >= 0 for d, slope in zip(directions, slopes, strict=True) if slope == 0)


def test_kinks_of_the_loss():
    """The absolute loss at a fitted sample: theory.md, section 8.3."""
    data = es.Data.from_arrays([[1, 0], [2, 0], [1, 1]], [0, 0, 1])
    problem = es.Problem(es.Network([2, 1, 1], biases=False), data, loss="absolute")
    theta = problem.parameters(W1=[[1, 0]], W2=[[0]])
    answer = stationarity(problem, theta)
    assert answer.directional.status is PROVED and answer.clarke.status is PROVED
    assert answer.differentiable.status is REFUTED
    check_witnesses(problem, theta, answer)


def test_touching_walls_above_the_first_layer_are_not_guessed():
    """Unit of layer 2 with weights 0 and no bias: its wall vanishes to first order, so cells are missed; no false REFUTED."""
    network = es.Network([1, 1, 1, 1], biases=[True, False, False])
    problem = es.Problem(network, es.Data.from_arrays([-1, 1], [1, 1]))
    theta = problem.parameters(W1=[[1]], b1=[2], W2=[[0]], W3=[[1]])
    answer = stationarity(problem, theta)
    rnd = random.Random(0)
    hull = decide_hull(sorted(cell_gradients(problem, theta, rnd, 100)))
    assert (answer.clarke.status is PROVED) == isinstance(hull, HullPoint)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), scale=st.sampled_from(["1/2", "3", "7/5"]))
def test_symmetries(seed: int, scale: str):
    """Permuted and rescaled units and reordered samples leave every status as it is."""
    rnd = random.Random(seed)
    planted = plant(rnd)
    problem, theta = planted.problem, planted.theta
    expected = statuses(stationarity(problem, theta))
    width, n = problem.network.widths[1], len(problem.data)
    order, samples = rnd.sample(range(width), width), rnd.sample(range(n), n)
    data = es.Data.from_arrays([problem.data.x[i] for i in samples], [problem.data.y[i] for i in samples])
    again = es.Problem(problem.network, data, problem.loss)
    factor = F(scale) if problem.network.activation.two_slopes else F(1)
    point = {
        "W1": [[factor * v for v in theta.weights[0][j]] for j in order],
        "W2": [[row[j] / factor for j in order] for row in theta.weights[1]],
    }
    if theta.biases[0] is not None:
        point["b1"] = [factor * theta.biases[0][j] for j in order]
    if theta.biases[1] is not None:
        point["b2"] = list(theta.biases[1])
    assert statuses(stationarity(again, again.parameters(**point))) == expected


def test_too_many_cones_are_said():
    rnd = random.Random(3)
    xs = [[rnd.randint(-5, 5), rnd.randint(-5, 5)] for _ in range(12)]
    problem = es.Problem(es.Network([2, 1, 1]), es.Data.from_arrays(xs, [rnd.randint(-5, 5) for _ in xs]))
    theta = problem.parameters(W1=[[0, 0]], b1=[0], W2=[[1]], b2=[to_text(sum((y[0] for y in problem.data.y), F(0)) / 12)])
    answer = stationarity(problem, theta, effort=Effort(fan=1))
    assert all("more than 1" in s.reason or "at most 1" in s.reason for s in answer.senses if s.status is UNDECIDED)
    full = stationarity(problem, theta)
    for few, many in zip(answer.senses, full.senses, strict=True):
        assert few.status in (UNDECIDED, many.status)


def test_the_table_and_the_truth_value():
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1], [0, 1]))
    answer = stationarity(problem, problem.parameters(W1=[[1]], b1=[0]))
    assert answer.rows()[0][:2] == ("differentiable", "PROVED")
    assert len(str(answer).splitlines()) == 5
    with pytest.raises(TypeError, match="three answers"):
        bool(answer.clarke)


def test_kinks_of_a_linear_model_that_touch_are_all_known():
    """Predictions of a linear model are affine: rows that are multiples have one hyperplane, and take their sides together."""
    problem = es.Problem(es.Network([1, 1], biases=False), es.Data.from_arrays([1, 2, -1], [0, 0, 0]), "absolute")
    answer = stationarity(problem, problem.parameters(W1=[[0]]))
    assert statuses(answer) == (REFUTED, REFUTED, PROVED, PROVED, PROVED)
    tilted = es.Problem(es.Network([1, 1], biases=False), es.Data.from_arrays([1, 2, 9], [0, 0, 1]), "absolute")
    answer = stationarity(tilted, tilted.parameters(W1=[[0]]))
    assert answer.clarke.status is REFUTED and answer.directional.status is REFUTED
    check_witnesses(tilted, tilted.parameters(W1=[[0]]), answer)


@pytest.mark.parametrize("biases", [True, False])
@pytest.mark.parametrize("decay", [None, "1/3"])
@pytest.mark.parametrize("loss", [es.squared, es.huber(1), "squared_hinge"])
def test_the_gradient_without_hidden_layers(loss: es.Loss | str, decay: str | None, biases: bool) -> None:
    data = es.Data.from_arrays([[1, 2], [0, 1], [-1, 3]], [1, -1, 1])
    problem = es.Problem(es.Network([2, 1], biases=biases), data, loss, weight_decay=decay)
    theta = problem.parameters(W1=[["1/5", "-2/3"]], **({"b1": ["1/7"]} if biases else {}))
    answer = stationarity(problem, theta)
    assert isinstance(answer.gradient, es.Parameters) and answer.gradient_zero.status is REFUTED
    gradient = vector_of(answer.gradient)
    assert len(gradient) == 2 + biases and statuses(answer)[2:] == (REFUTED,) * 3
    for p, entry in enumerate(gradient):
        axis = parameters_of(problem.network, [F(int(p == q)) for q in range(len(gradient))])
        nodes = [F(k, 10**6) for k in range(3)]
        slope = oracle.polynomial(nodes, [problem.risk(theta.moved(axis, t)) for t in nodes])[1]
        assert entry == slope
