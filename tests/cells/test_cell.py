"""Cells and their polynomials, against SymPy's expand on the same cell, the risk at points, and the neighbours."""

from __future__ import annotations

import pickle
import random
from fractions import Fraction

import pytest
import sympy
from hypothesis import assume, given
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.cells import cell_polynomials
from exactsurf.cells.activation_pattern import ActivationPattern, activation_pattern
from exactsurf.cells.cell import Cell, cell_of
from exactsurf.cells.coordinates import coordinates, layer_names, parameters_at, weight_names
from exactsurf.errors import InputError, ShapeError, UnsupportedError
from exactsurf.exact.polynomial import Polynomial
from exactsurf.minima.local.directional import selected_gradient
from exactsurf.model.point import Point
from tests import oracle
from tests.cells.cell_cases import ACTIVATIONS, integer_point

F = Fraction
LOSSES = [es.squared, es.squared.mean.scaled("2/3"), es.absolute.mean, es.huber("1/2").scaled(3), es.hinge]


@st.composite
def cases(draw: st.DrawFn, losses: tuple[es.Loss, ...] = tuple(LOSSES)) -> tuple[es.Problem, es.Parameters, random.Random]:
    """A problem with small integer data, and a point with denominators of 7 that is rarely on a wall."""
    rnd = random.Random(draw(st.integers(0, 10**6)))
    loss = draw(st.sampled_from(losses))
    hidden = draw(st.lists(st.integers(1, 3), min_size=0, max_size=2))
    widths = [draw(st.integers(1, 2)), *hidden, 1 if loss.name == "hinge" else draw(st.integers(1, 2))]
    network = es.Network(widths, draw(st.sampled_from(ACTIVATIONS)), biases=[rnd.random() < 0.7 for _ in widths[1:]])
    labels = (-1, 1) if loss.name == "hinge" else (-2, -1, 0, 1, 2)
    n = draw(st.integers(1, 4))
    data = es.Data.from_arrays(
        [[rnd.randint(-2, 2) for _ in range(widths[0])] for _ in range(n)],
        [[rnd.choice(labels) for _ in range(widths[-1])] for _ in range(n)],
    )
    # Without biases input 0 has one prediction, 0: if that is a kink of the loss, no cell is open.
    assume(any(network.biases) or all(map(any, data.x)))
    problem = es.Problem(network, data, loss)
    return problem, integer_point(problem, rnd, 10, 7), rnd


def open_cell(problem: es.Problem, theta: es.Parameters, rnd: random.Random) -> tuple[Cell, es.Parameters]:
    """The cell of a point in no wall and at no kink of the loss, moved there if need be."""
    for _ in range(50):
        try:
            cell = cell_of(problem, theta)
            cell.loss_pieces  # noqa: B018
            return cell, theta
        except (InputError, UnsupportedError):
            theta = oracle.along(theta, integer_point(problem, rnd, 100, 1009), F(1))
    raise AssertionError("no open cell found")


def sympy_risk(problem: es.Problem, theta: es.Parameters) -> sympy.Expr:
    """The risk on the cell of θ, written down from the values at θ and expanded by SymPy."""

    def rational(value: Fraction) -> sympy.Rational:
        return sympy.Rational(value.numerator, value.denominator)

    network, loss = problem.network, problem.loss
    total = sympy.Integer(0)
    for x, y in zip(problem.data.x, problem.data.y, strict=True):
        z = oracle.pre_activations(problem, theta, x)
        below = [rational(v) for v in x]
        for layer in range(1, network.layers + 1):
            above = []
            for j in range(network.widths[layer]):
                s = sum((sympy.Symbol(f"W{layer}_{j}_{k}") * v for k, v in enumerate(below)), sympy.Integer(0))
                s += sympy.Symbol(f"b{layer}_{j}") if network.biases[layer - 1] else 0
                if layer < network.layers:
                    slope = oracle.slope_right(network.activation, z[layer - 1][j])
                    value = oracle.activate(network.activation, z[layer - 1][j])
                    s = rational(value) + rational(slope) * (s - rational(z[layer - 1][j]))
                above.append(s)
            below = above
        for f, target, here in zip(below, y, z[-1], strict=True):
            t, u = rational(target), here - target
            if loss.name == "squared":
                total += (f - t) ** 2
            elif loss.name == "absolute":
                total += f - t if u > 0 else t - f
            elif loss.name == "hinge":
                total += 1 - t * f if target * here < 1 else 0
            else:
                d = rational(loss.delta)
                total += (f - t) ** 2 / 2 if abs(u) < loss.delta else d * (f - t if u > 0 else t - f) - d**2 / 2
    return sympy.expand(total * rational(loss.total_scale(len(problem.data))))


@given(cases())
def test_the_risk_is_sympys(case: tuple[es.Problem, es.Parameters, random.Random]) -> None:
    problem, theta, rnd = case
    cell, theta = open_cell(problem, theta, rnd)
    assert cell.risk.as_expr() == sympy_risk(problem, theta)
    assert cell.risk.terms <= cell.risk_terms_bound


@given(cases(), st.integers(0, 6))
def test_values_in_the_cell(case: tuple[es.Problem, es.Parameters, random.Random], power: int) -> None:
    problem, theta, rnd = case
    cell, theta = open_cell(problem, theta, rnd)
    assert cell.contains(theta) and cell.has_polynomial_at(theta)
    other = oracle.along(theta, integer_point(problem, rnd, 3), F(1, 2**power))
    for point in (theta, other):
        there = activation_pattern(problem, point)
        assert cell.contains(point) == (there == cell.pattern)
        inside = all(wall.side * wall.polynomial(coordinates(point)) > 0 for wall in cell.walls)
        assert inside == cell.contains(point)
        if inside:
            assert [tuple(f(cell.coordinates(point)) for f in row) for row in cell.outputs] == list(problem.predictions(point))
        if cell.has_polynomial_at(point):
            assert cell.risk(cell.coordinates(point)) == problem.risk(point)


@given(cases())
def test_the_gradient_is_backpropagations(case: tuple[es.Problem, es.Parameters, random.Random]) -> None:
    problem, theta, rnd = case
    cell, theta = open_cell(problem, theta, rnd)
    gradient = selected_gradient(Point(problem, theta))
    assert cell.risk.gradient_at(coordinates(theta)) == tuple(coordinates(gradient)[name] for name in cell.names)


@given(cases())
def test_degrees(case: tuple[es.Problem, es.Parameters, random.Random]) -> None:
    problem, theta, rnd = case
    cell, theta = open_cell(problem, theta, rnd)
    assert cell.is_multilinear_by_layer()
    most = 1 if problem.loss.name in ("absolute", "hinge") else 2
    for names in layer_names(problem.network):
        assert cell.risk.degree_in(names) <= most
    assert cell.risk.total_degree <= most * problem.network.layers
    assert cell.is_risk_constant == cell.risk.is_constant


@given(cases())
def test_neighbours_have_equal_risks_on_their_wall(case: tuple[es.Problem, es.Parameters, random.Random]) -> None:
    """From a point on one wall, at any layer, both sides: equal there, and the difference is a multiple of the wall."""
    problem, theta, rnd = case
    cell, theta = open_cell(problem, theta, rnd)
    if problem.loss.name != "squared" or not cell.walls:
        return
    wall = rnd.choice(cell.walls)
    names = layer_names(problem.network)[wall.layer - 1]
    gradient = dict(zip(cell.names, wall.polynomial.gradient_at(coordinates(theta)), strict=True))
    name = next((name for name in names if gradient[name]), None)
    assert name is not None, "a wall moves with the weights of its layer"
    distance = -wall.polynomial(coordinates(theta)) / gradient[name]  # affine in the weights of the layer
    point = {**coordinates(theta), name: coordinates(theta)[name] + distance}
    on_wall = parameters_at(problem.network, point)
    assert wall.polynomial(point) == 0
    with pytest.raises(InputError, match="lie in no open cell"):
        cell_of(problem, on_wall)
    step = parameters_at(problem.network, {**dict.fromkeys(cell.names, 0), name: 1})
    sides = []
    for way in (step, oracle.along(step, step, -2)):
        try:
            sides.append(cell_of(problem, on_wall, side=way))
        except InputError:
            return  # other walls hold the line as well
    first, second = sides
    assert first.pattern != second.pattern
    assert first.risk(point) == second.risk(point) == problem.risk(on_wall)
    flipped = [(a, b) for a, b in zip(_flat(first.pattern), _flat(second.pattern), strict=True) if a != b]
    if len(flipped) == 1:
        crossed = next(w for w in first.walls if w.polynomial(point) == 0 and _key(w) == _key(wall))
        assert (first.risk - second.risk).quotient(crossed.polynomial) is not None


def _flat(pattern: ActivationPattern) -> list[int | None]:
    return [piece for layer in pattern.pieces for unit in layer for piece in unit]


def _key(wall: object) -> tuple[object, ...]:
    return tuple(getattr(wall, name) for name in ("layer", "unit", "sample", "breakpoint"))


def test_the_quotient_test_of_neighbours_is_reached() -> None:
    """A wall of layer 2, crossed: the difference of the risks is a multiple of its polynomial, and of nothing like it."""
    problem = es.Problem(es.Network([1, 2, 2, 1], es.leaky_relu("1/2")), es.Data.from_arrays([-1, 2], [1, 3]))
    theta = problem.parameters(W1=[[1], [-2]], b1=["1/3", 1], W2=[[1, 1], [2, -1]], b2=[0, 0], W3=[[1, -1]], b3=[2])
    z = oracle.pre_activations(problem, theta, problem.data.x[1])[1][0]
    on_wall = oracle.along(
        theta, problem.parameters(W1=[[0], [0]], b1=[0, 0], W2=[[0, 0]] * 2, b2=[1, 0], W3=[[0, 0]], b3=[0]), -z
    )
    with pytest.raises(InputError, match=r"layer 2, unit 0, sample 1 \(breakpoint 0\)"):
        cell_of(problem, on_wall)
    left, right = (cell_of(problem, on_wall, side=side) for side in ("left", "right"))  # type: ignore[arg-type]
    (wall,) = [w for w in right.walls if (w.layer, w.unit, w.sample) == (2, 0, 1)]
    assert wall.side == 1 and wall.polynomial(coordinates(on_wall)) == 0
    difference = right.risk - left.risk
    assert not difference.is_zero and difference.quotient(wall.polynomial) is not None
    assert difference.quotient(wall.polynomial + 1) is None


def test_published_instance_has_the_published_size() -> None:
    """The squared risk of a 2-3-3-1 leaky ReLU network on 4 samples has 25 weights and 501 terms."""
    rnd = random.Random(5)
    data = es.Data.from_arrays([[F(rnd.randint(1, 99), 7) for _ in range(2)] for _ in range(4)], [F(1, 3), 2, -3, 5])
    problem = es.Problem(es.Network([2, 3, 3, 1], es.leaky_relu("1/10")), data)
    cell = cell_of(problem, integer_point(problem, rnd, 99, 101))
    assert (len(cell.names), cell.risk.terms, cell.risk.total_degree, cell.risk_terms_bound) == (25, 501, 6, 528)


def test_a_cell_by_hand() -> None:
    """f = v·relu(w x + b) + c on x = 1 (active) and x = −1 (not): ½(v(w + b) + c − 1)² + ½(c − 2)²."""
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([1, -1], [1, 2]))
    cell = cell_of(problem, problem.parameters(W1=[[1]], b1=[0], W2=[[3]], b2=[0]))
    assert cell.names == ("W1_0_0", "b1_0", "W2_0_0", "b2_0")
    w, b, v, c = Polynomial.generators(cell.names)
    assert cell.outputs == ((v * (w + b) + c,), (c,))
    assert cell.risk == ((v * (w + b) + c - 1) ** 2 + (c - 2) ** 2) * "1/2"
    assert [(x.layer, x.unit, x.sample, x.breakpoint, x.side, x.polynomial) for x in cell.walls] == [
        (1, 0, 0, 0, 1, w + b),
        (1, 0, 1, 0, -1, b - w),
    ]
    assert cell.active_pairs == 1 and not cell.is_risk_constant
    assert cell.risk.restricted({"b1_0": 0, "b2_0": 0}) == ((v * w - 1) ** 2 + 4) * "1/2"
    assert repr(cell) == "Cell(ActivationPattern(10), 1 active pair)"


def test_constant_risk() -> None:
    data = es.Data.from_arrays([1, 2], [1, 2])
    dead = {"W1": [[-1]], "b1": [0], "W2": [[3]]}
    without, with_bias = (es.Problem(es.Network([1, 1, 1], biases=[True, flag]), data) for flag in (False, True))
    cell = cell_of(without, without.parameters(**dead))
    assert cell.is_risk_constant and cell.risk == Polynomial.constant([], "5/2") and cell.active_pairs == 0
    assert not cell_of(with_bias, with_bias.parameters(**dead, b2=[0])).is_risk_constant
    margin = es.Problem(es.Network([1, 1]), es.Data.from_arrays([1, -1], [1, -1]), es.hinge)
    assert cell_of(margin, margin.parameters(W1=[[2]], b1=[0])).is_risk_constant
    assert not cell_of(margin, margin.parameters(W1=[["1/2"]], b1=[0])).is_risk_constant


@given(cases())
def test_pickle_and_equality(case: tuple[es.Problem, es.Parameters, random.Random]) -> None:
    problem, theta, rnd = case
    cell, theta = open_cell(problem, theta, rnd)
    risk = cell.risk
    again = pickle.loads(pickle.dumps(cell))
    assert again == cell and again.risk == risk and again.point == cell.point and hash(again) == hash(cell)
    assert Cell(problem, cell.pattern) == cell


@given(cases())
def test_coordinates_round_trip(case: tuple[es.Problem, es.Parameters, random.Random]) -> None:
    problem, theta, _ = case
    point = coordinates(theta)
    assert tuple(point) == weight_names(problem.network) == tuple(n for names in layer_names(problem.network) for n in names)
    assert parameters_at(problem.network, point) == theta
    for name in point:
        kind, *index = name.split("_")
        value = theta[kind]
        for k in index:
            value = value[int(k)]  # type: ignore[assignment]
        assert value == point[name]
        assert sympy.Symbol(name).name == name and name.isidentifier()


@pytest.fixture
def corner() -> tuple[es.Problem, es.Parameters]:
    """Samples 0 and 1 sit on the wall of the unit, on opposite sides of it."""
    problem = es.Problem(es.Network([1, 1, 1], biases=[False, True]), es.Data.from_arrays([1, -1], [0, 1]))
    return problem, problem.parameters(W1=[[0]], W2=[[1]], b2=[0])


def test_choosing_at_a_boundary_point(corner: tuple[es.Problem, es.Parameters]) -> None:
    problem, theta = corner
    with pytest.raises(InputError, match=r"unit 0, sample 0 \(breakpoint 0\); layer 1, unit 0, sample 1 .*side= or pattern="):
        cell_of(problem, theta)
    for w, pieces in ((1, (1, 0)), (-1, (0, 1))):
        step = problem.parameters(W1=[[w]], W2=[[0]], b2=[0])
        cell = cell_of(problem, theta, side=step)
        assert cell.pattern.pieces == ((pieces,),) and cell.contains(theta.moved(step, F(1, 100))) and not cell.contains(theta)
        assert cell.risk(coordinates(theta)) == problem.risk(theta)
        assert cell_of(problem, theta, pattern=cell.pattern) == cell
    assert cell_of(problem, theta, side="left").pattern.pieces == (((0, 0),),)
    assert cell_of(problem, theta, side="right").pattern.pieces == (((1, 1),),)
    along = problem.parameters(W1=[[0]], W2=[[1]], b2=[0])
    with pytest.raises(InputError, match="the direction stays on walls"):
        cell_of(problem, theta, side=along)
    with pytest.raises(InputError, match="given both"):
        cell_of(problem, theta, side=along, pattern=ActivationPattern((((0, 1),),)))
    with pytest.raises(InputError, match="'left', 'right' or a direction"):
        cell_of(problem, theta, side="up")  # type: ignore[arg-type]
    moved = problem.parameters(W1=[[1]], W2=[[1]], b2=[0])
    with pytest.raises(InputError, match="contradicts the point: layer 1, unit 0, sample 0 is on piece 1, not 0"):
        cell_of(problem, moved, pattern=ActivationPattern((((0, 0),),)))
    with pytest.raises(InputError, match="without boundary pairs"):
        Cell(problem, activation_pattern(problem, theta))


def test_parameters_of_another_network(corner: tuple[es.Problem, es.Parameters]) -> None:
    problem, theta = corner
    other = es.Problem(es.Network([1, 2, 1]), problem.data)
    there = other.parameters(W1=[[1], [1]], b1=[1, 1], W2=[[1, 1]], b2=[0])
    cell = cell_of(problem, theta, side="left")
    for call in (
        lambda: cell_of(problem, there), lambda: cell.contains(there), lambda: cell.coordinates(there),
        lambda: cell_of(problem, theta, side=there), lambda: Cell(problem, cell.pattern, there),
        lambda: Cell(other, cell.pattern),
    ):  # fmt: skip
        with pytest.raises(ShapeError):
            call()
    with pytest.raises(InputError, match="unknown variable 'W1_1_0'"):
        cell.risk(coordinates(there))
    with pytest.raises(InputError, match="did you mean W1_0_0"):
        parameters_at(problem.network, {"W1_00": 1})


@pytest.mark.parametrize("loss", [es.absolute, es.huber(2), es.hinge])
def test_a_point_at_a_kink_of_the_loss(loss: es.Loss) -> None:
    kink = {"absolute": 1, "huber": 3, "hinge": 1}[loss.name]
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1], [1, 1]), loss)
    theta = problem.parameters(W1=[[2]], b1=[kink - 2])
    cell = cell_of(problem, theta)
    assert cell.contains(theta) and not cell.has_polynomial_at(theta)
    with pytest.raises(UnsupportedError, match=f"sample 1 sits at a kink of the {loss.name} loss"):
        cell.risk  # noqa: B018
    assert len(cell.outputs) == 2
    with pytest.raises(UnsupportedError, match="no point says"):
        Cell(problem, cell.pattern).risk  # noqa: B018


def test_too_many_terms_are_refused_before_they_are_expanded() -> None:
    problem = es.Problem(es.Network([4, 20, 20, 1]), es.Data.from_arrays([[1, 2, 3, 4]], [1]))
    weights = {n: [[1] * s[1]] * s[0] if len(s) == 2 else [1] * s[0] for n, s in problem.network.shapes.items()}
    cell = cell_of(problem, problem.parameters(**weights))
    assert cell.risk_terms_bound > cell_polynomials.MAX_TERMS
    with pytest.raises(UnsupportedError, match=f"the risk on this cell may have {cell.risk_terms_bound} terms"):
        cell.risk  # noqa: B018
    wide = es.Problem(es.Network([10, 60, 60, 60, 1]), es.Data.from_arrays([[1] * 10], [1]))
    ones = {n: [[1] * s[1]] * s[0] if len(s) == 2 else [1] * s[0] for n, s in wide.network.shapes.items()}
    with pytest.raises(UnsupportedError, match="the outputs on this cell"):
        cell_of(wide, wide.parameters(**ones)).outputs  # noqa: B018
