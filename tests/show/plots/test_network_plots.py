"""Pictures of networks, of the functions they compute, and of Clarke subdifferentials, against direct evaluation."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.arrangement.polygon import Polygon
from exactsurf.cells.activation_pattern import activation_pattern
from exactsurf.cells.coordinates import coordinates
from exactsurf.minima.senses.stationarity import stationarity
from exactsurf.show.plots.clarke_plot import plot_clarke, plot_clarke_data
from exactsurf.show.plots.function_plot import plot_function, plot_function_data
from exactsurf.show.plots.network_plot import plot_network, plot_network_data
from tests import oracle

pytest.importorskip("matplotlib")
F = Fraction


def random_point(rnd: random.Random, problem: es.Problem):
    shapes = problem.network.shapes.items()

    def number() -> Fraction:
        return F(rnd.randint(-4, 4), rnd.randint(1, 3))

    return problem.parameters(
        **{
            n: [[number() for _ in range(s[1])] for _ in range(s[0])] if len(s) == 2 else [number() for _ in range(s[0])]
            for n, s in shapes
        }
    )


def prediction(problem: es.Problem, theta, x: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    other = es.Problem(problem.network, es.Data.from_arrays([x], [[0] * problem.network.widths[-1]]))
    return other.predictions(theta)[0]


@pytest.mark.parametrize(("widths", "activation"), [([1, 3, 1], "relu"), ([1, 3, 2, 2], "hard_tanh"), ([1, 2, 2, 2, 1], "relu")])
def test_a_function_of_one_input_is_straight_between_its_vertices(widths, activation):
    rnd = random.Random(5)
    problem = es.Problem(es.Network(widths, activation), es.Data.from_arrays([-1, 0, 2], [[1] * widths[-1]] * 3))
    theta = random_point(rnd, problem)
    output = widths[-1] - 1
    data = plot_function_data(problem, theta, window=(-5, 6), output=output)
    vertices = data.vertices
    assert (vertices[0][0], vertices[-1][0]) == (-5, 6) and list(vertices) == sorted(vertices)
    for (a, f), (b, g) in itertools.pairwise(vertices):
        for share in (F(0), F(1, 7), F(1, 2), F(1)):
            x = a + share * (b - a)
            assert prediction(problem, theta, (x,))[output] == f + share * (g - f)
    assert plot_function(problem, theta, window=(-5, 6), output=output).lines[0].get_xydata().tolist() == [
        [float(x), float(f)] for x, f in vertices
    ]


@pytest.mark.parametrize(("widths", "activation"), [([2, 3, 1], "relu"), ([2, 2, 2, 1], "hard_tanh"), ([2, 3, 2, 1], "relu")])
def test_a_function_of_two_inputs_is_affine_on_its_pieces(widths, activation):
    rnd = random.Random(3)
    rows = [[0, 0], [0, 1], [1, 0], [1, 1]]
    problem = es.Problem(es.Network(widths, activation), es.Data.from_arrays(rows, [0, 1, 1, 0]))
    theta = random_point(rnd, problem)
    data = plot_function_data(problem, theta)
    left, right, bottom, top = data.window
    assert sum(piece.region.area for piece in data.pieces) == (right - left) * (top - bottom) and len(data.pieces) > 2
    for piece in data.pieces:
        assert isinstance(piece.region, Polygon)
        (a, b, c) = piece.outputs[0]
        for point in (*piece.region.vertices, piece.region.inner_point):
            assert prediction(problem, theta, point) == (a * point[0] + b * point[1] + c,)
    assert data.samples == tuple(zip(problem.data.x, (0, 1, 1, 0), strict=True))
    axes = plot_function(problem, theta)
    assert axes.get_xlim() == (float(left), float(right))


def test_a_constant_function_and_one_target_are_drawn(tmp_path):
    problem = es.Problem(es.Network([2, 1, 1]), es.Data.from_arrays([[1, 1]], [3]))
    theta = problem.parameters(W1=[[0, 0]], b1=[0], W2=[[0]], b2=[3])
    assert plot_function_data(problem, theta).pieces[0].outputs == ((0, 0, 3),)
    plot_function(problem, theta).figure.savefig(tmp_path / "flat.svg")
    assert (tmp_path / "flat.svg").read_bytes().startswith(b"<?xml")


def test_refusals_of_functions():
    wide = es.Problem(es.Network([3, 1, 1]), es.Data.from_arrays([[0, 0, 0], [1, 0, 0]], [0, 1]))
    with pytest.raises(es.UnsupportedError, match="3 inputs"):
        plot_function(wide, random_point(random.Random(1), wide))
    line = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [0, 1]))
    theta = random_point(random.Random(1), line)
    with pytest.raises(es.InputError, match="outputs are counted"):
        plot_function_data(line, theta, output=1)
    with pytest.raises(es.InputError, match=r"\(left, right\)"):
        plot_function_data(line, theta, window=(1, 1))
    broad = es.Problem(es.Network([1, 17, 1]), line.data)
    theta = random_point(random.Random(1), broad)
    with pytest.raises(es.UnsupportedError, match="16"):
        plot_network(broad, theta)


def test_a_network_is_drawn_with_its_exact_weights():
    problem = es.Problem(es.Network([2, 2, 1], biases=[True, False]), es.Data.from_arrays([[0, 1], [1, 0]], [0, 1]))
    theta = problem.parameters(W1=[["1/2", 0], [-3, "123456789/7"]], b1=[5, "-2/3"], W2=[[1, -1]])
    data, axes = plot_network_data(problem, theta), plot_network(problem, theta)
    entries = {(c.layer, c.target, c.source): c.weight for c in data.connections}
    for name, value in coordinates(theta).items():
        layer, *place = (int(part) for part in name[1:].split("_"))
        if name[0] == "W":
            assert entries[(layer, *place)] == value
        else:
            assert next(u.bias for u in data.units if (u.layer, u.number) == (layer, place[0])) == value
    texts = [text.get_text() for text in axes.texts]
    assert {"1/2", "0", "−3", "+ 5", "− 2/3", "≈ 1.76·10^7"} <= {t.replace("e+7", "·10^7").replace("e7", "·10^7") for t in texts}
    assert [u.bias for u in data.units if u.layer == 2] == [None]


def test_clarke_hulls_are_those_of_gradients_beside_the_point():
    """Gradients of the risk at random points near the point, from the polynomials of cells, are the corners."""
    rows = [[0, 0], [0, 1], [1, 0], [1, 1]]
    problem = es.Problem(es.Network([2, 2, 1]), es.Data.from_arrays(rows, [0, 1, 1, 0]))
    theta = problem.parameters(W1=[[1, 1], [1, -1]], b1=[0, 0], W2=[[1, -2]], b2=[0])
    names = ("W1_1_0", "b1_1")
    data = plot_clarke_data(problem, theta, names)
    assert set(data.hull) <= set(data.gradients)
    rnd, seen, size = random.Random(2), set(), F(1, 10**6)
    for _ in range(60):
        near = theta.moved(random_point(rnd, problem), size)
        if activation_pattern(problem, near).is_interior:
            cell_risk = problem.cell(near).risk
            # The risk of the cell is a polynomial: its derivatives at θ are limits of gradients inside the cell.
            gradient = dict(zip(cell_risk.variables, cell_risk.gradient_at(coordinates(theta)), strict=True))
            seen.add(tuple(gradient[name] for name in names))
    assert seen <= set(data.gradients) and len(seen) > 1
    assert set(data.hull) <= seen
    assert len(plot_clarke(problem, theta, names).lines) >= 2


def test_zero_outside_the_projection_refutes_stationarity():
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([-1, 0, 1, 2], [1, -2, 3, 1]))
    at_minimum = problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])
    assert plot_clarke_data(problem, at_minimum, ("W1_0_0", "b1_0")).has_zero
    beside = problem.parameters(W1=[[1]], b1=[0], W2=[[2]], b2=[0])
    assert not plot_clarke_data(problem, beside, ("W1_0_0", "b1_0")).has_zero
    assert stationarity(problem, beside).clarke.status == "REFUTED"
    assert oracle.risk(problem, at_minimum) == 5
    for names in (("W1_0_0", "W1_0_0"), ("W1_0_0",), ("W1_0_0", "nonsense")):
        with pytest.raises(es.InputError):
            plot_clarke_data(problem, at_minimum, names)
