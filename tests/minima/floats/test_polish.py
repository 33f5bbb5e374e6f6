"""polish: recovered minima, trained networks, and the signed cell fit against other points of the same cell."""

import random
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.effort import Effort
from exactsurf.errors import InputError, ShapeError
from exactsurf.exact.linear_algebra import least_squares
from exactsurf.exact.number import exact_float
from exactsurf.minima.floats.polish import polish, read_floats
from exactsurf.minima.floats.signed_cell_fit import fit_signed_cell, unit_cone
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.parameter_vector import vector_of
from tests import oracle
from tests.minima.planted import ACTIVATIONS

F = Fraction


def shaken(theta: es.Parameters, rnd: random.Random, size: float) -> dict[str, list]:
    """Floats near exact parameters."""
    named = {}
    for name, value in theta.items():
        rows = [
            [float(v) + rnd.uniform(-size, size) for v in row]
            if isinstance(row, tuple)
            else float(row) + rnd.uniform(-size, size)
            for row in value
        ]
        named[name] = rows
    return named


def check_report(problem: es.Problem, answer) -> None:
    """Distances and risks, recomputed."""
    changes = [a - b for a, b in zip(vector_of(answer.parameters), vector_of(answer.start), strict=True)]
    assert answer.squared_distance == sum(c * c for c in changes)
    assert answer.largest_change == max(map(abs, changes))
    assert answer.risk == oracle.risk(problem, answer.parameters)
    assert answer.start_risk == oracle.risk(problem, answer.start)


@pytest.mark.parametrize("seed", range(6))
def test_the_spurious_minimum_of_yun_is_recovered(seed: int):
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    theta = problem.parameters(W1=[["1/2"], [0]], b1=[1, 1], W2=[[1, 0]], b2=[-1])
    answer = polish(problem, shaken(theta, random.Random(seed), 1e-3))
    check_report(problem, answer)
    assert answer.verdict.status is Status.PROVED
    assert answer.risk == F(3, 4) and answer.cells == 1
    assert answer.largest_change < F(1, 50)


def test_a_minimum_on_a_wall():
    """papers.md, section 4: risk 9, sample x = 3 on the boundary, whatever side the floats are on."""
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([5, 4, 3, 1, -1], [2, 1, 0, -3, 3]))
    for shift in (-0.01, 0.01):
        answer = polish(problem, W1=[[1.0]], b1=[-3.0 + shift], W2=[[1.0]], b2=[0.0])
        check_report(problem, answer)
        assert answer.verdict.status is Status.PROVED and answer.risk == 9


def test_an_exact_minimum_does_not_move():
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    theta = problem.parameters(W1=[["1/2"], ["1/7"]], b1=[1, -3], W2=[[1, "3/11"]], b2=[-1])
    answer = polish(problem, theta)
    assert answer.parameters == theta and answer.squared_distance == 0
    assert answer.verdict.status is Status.PROVED


def test_a_limit_on_cells_is_said():
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    theta = problem.parameters(W1=[[1]], b1=["-1/2"], W2=[[-1]], b2=[0])
    few, many = polish(problem, theta, effort=Effort(fits=1)), polish(problem, theta)
    assert many.verdict.status is Status.PROVED and many.cells > 1 and many.risk < few.risk
    assert few.verdict.status is Status.UNDECIDED and "Effort(fits=…)" in few.verdict.reason
    assert problem.risk(few.verdict.lower_point) < few.risk


def features_of_cell(problem: es.Problem, theta: es.Parameters) -> list[list[Fraction]]:
    """Columns of the least squares problem over all product variables, with the slopes of the point (breakpoint 0)."""
    h, rows = problem.network.activation, []
    for i, x in enumerate(problem.data.x):
        row = []
        for z in (layer[i] for layer in problem.forward(theta).pre_activations[0]):
            slope = h.slopes[1] if z > 0 else h.slopes[0]
            row += [slope * value for value in (*x, F(1))]
        rows.append([*row, F(1)])
    return rows


@pytest.mark.parametrize("seed", range(30))
def test_the_fit_of_a_signed_cell_is_its_minimum(seed: int):
    """Never above another point of the signed cell, never below the unconstrained fit; equal to that if it lies inside."""
    rnd = random.Random(seed)
    h = rnd.choice(ACTIVATIONS)
    units, d = rnd.randint(1, 3), rnd.randint(1, 2)
    problem = es.Problem(
        es.Network([d, units, 1], h, biases=[True, rnd.random() < 0.7]),
        es.Data.from_arrays([[rnd.randint(-3, 3) for _ in range(d)] for _ in range(5)], [rnd.randint(-3, 3) for _ in range(5)]),
    )
    network = problem.network

    def point() -> es.Parameters:
        return problem.parameters(
            **{
                name: [[F(rnd.randint(-20, 20), 7) for _ in range(shape[1])] for _ in range(shape[0])]
                if len(shape) == 2
                else [F(rnd.randint(-20, 20), 7) for _ in range(shape[0])]
                for name, shape in network.shapes.items()
            }
        )

    theta = point()
    fitted = fit_signed_cell(problem, theta)
    if isinstance(fitted, NotProved):
        assert "infinity" in fitted.reason and h.two_slopes is None
        return
    cones = [unit_cone(problem, j, theta) for j in range(units)]
    for j, cone in enumerate(cones):
        row = (*fitted.weights[0][j], fitted.biases[0][j])
        v = fitted.weights[1][0][j]
        q = (*(v * value for value in row), v)[: len(cone.point)]
        assert all(sum(a * b for a, b in zip(wall, q, strict=True)) >= 0 for wall in cone.walls)
    best = oracle.risk(problem, fitted)
    assert best <= oracle.risk(problem, theta)
    for _ in range(60):
        # Points of the same signed cell: combinations of generators, a random bias and the old one.
        weights, bias = [], []
        rows = []
        for cone in cones:
            ray, length, share = rnd.choice(cone.generators), F(rnd.randint(0, 3), rnd.randint(1, 3)), rnd.choice((0, F(1, 2), 1))
            q = [length * g + share * here for g, here in zip(ray, cone.point, strict=True)]
            v = q[-1] if len(q) > d + 1 else F(cone.sign)
            if not v and any(q):
                break
            rows.append([value / v if v else F(0) for value in q[: d + 1]])
            weights.append(v)
        else:
            if network.biases[1]:
                bias = [F(rnd.randint(-9, 9), 3)]
            named = {"W1": [row[:d] for row in rows], "b1": [row[d] for row in rows], "W2": [weights]}
            other = problem.parameters(**named, **({"b2": bias} if bias else {}))
            assert oracle.risk(problem, other) >= best
    if h.two_slopes is not None and network.biases[1]:
        rows = features_of_cell(problem, theta)
        target = [y[0] for y in problem.data.y]
        solution = least_squares(rows, target)
        residual = [
            sum((a * b for a, b in zip(row, solution, strict=True)), F(0)) - y for row, y in zip(rows, target, strict=True)
        ]
        floor = sum((r * r for r in residual), F(0)) * problem.loss.total_scale(5)
        assert floor <= best


@pytest.mark.parametrize("seed", range(8))
def test_trained_networks(seed: int):
    """Gradient descent in floats, then polish: proved, not above the floats, and near them if they had converged."""
    rng = np.random.default_rng(seed)
    x, y = np.array([-2.0, -1.0, 0.0, 1.0, 2.0, 3.0]), np.array([1.0, -1.0, 2.0, 0.0, 1.0, -2.0])
    w, b, v, c = rng.normal(size=2), rng.normal(size=2), rng.normal(size=2), 0.0
    for _ in range(20000):
        z = np.outer(x, w) + b
        a = np.maximum(z, 0)
        r = a @ v + c - y
        gate = (z > 0) * np.outer(r, v)
        w, b, v, c = w - 0.01 * x @ gate, b - 0.01 * gate.sum(0), v - 0.01 * a.T @ r, c - 0.01 * r.sum()
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([-2, -1, 0, 1, 2, 3], [1, -1, 2, 0, 1, -2]))
    answer = polish(problem, W1=w[:, None], b1=b, W2=v[None, :], b2=np.array([c]))
    check_report(problem, answer)
    assert answer.verdict.status is Status.PROVED
    assert answer.risk <= answer.start_risk
    assert answer.start_risk == oracle.risk(problem, read_floats(problem, W1=w[:, None], b1=b, W2=v[None, :], b2=[c]))


def test_a_deep_minimum_with_short_fractions():
    problem = es.Problem(es.Network([1, 2, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    theta = problem.parameters(W1=[["1/2"], [0]], b1=[1, 1], W2=[[1, 0], [0, 0]], b2=[1, 1], W3=[[1, 0]], b3=[-2])
    answer = polish(problem, shaken(theta, random.Random(1), 1e-4))
    check_report(problem, answer)
    assert (answer.verdict.status, answer.risk, answer.parameters) == (Status.PROVED, F(3, 4), theta)


def test_a_deep_minimum_that_newton_finds():
    """Weights that are no short fractions: some are held, the others follow exactly."""
    problem = es.Problem(es.Network([1, 2, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    rnd = random.Random(2)
    floats = {"W1": [[0.7312], [0.0312]], "b1": [1.3171, 1.1], "W2": [[0.8317, 0.0231]], "b2": [1.0713], "W3": [[0.8233]]}
    # Trained to the affine fit x/2 up to rounding.
    slope = 0.8233 * (0.8317 * 0.7312 + 0.0231 * 0.0312)
    floats["W3"] = [[0.8233 * 0.5 / slope]]
    at_zero = floats["W3"][0][0] * (0.8317 * 1.3171 + 0.0231 * 1.1 + 1.0713)
    floats["b3"] = [-at_zero + rnd.uniform(-1e-9, 1e-9)]
    answer = polish(problem, floats)
    check_report(problem, answer)
    assert answer.verdict.status is Status.PROVED and answer.risk == F(3, 4)
    assert answer.method == "rational critical point" and answer.largest_change < F(1, 10)


def test_vector_outputs():
    problem = es.Problem(es.Network([1, 3, 2]), es.Data.from_arrays([0, 1, 2], [[0, 0], [1, 1], [1, 3]]))
    answer = polish(
        problem, W1=[[1.0], [0.0], [0.0]], b1=[1.0, 1.0, 1.0], W2=[[0.5, 0.0, 0.0], [1.5, 0.0, 0.0]], b2=[-1 / 3, -5 / 3]
    )
    check_report(problem, answer)
    assert answer.verdict.status is Status.PROVED
    # Lines through (0, 1, 1) and (0, 1, 3): each leaves ½ · 1/6.
    assert answer.risk == F(1, 6)


def test_far_from_anything_is_undecided():
    problem = es.Problem(es.Network([1, 1, 1, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, 0]))
    answer = polish(problem, W1=[[0.37]], b1=[0.11], W2=[[0.59]], b2=[0.23], W3=[[0.71]], b3=[0.05])
    check_report(problem, answer)
    assert answer.verdict.status is not Status.PROVED or answer.risk <= answer.start_risk


def test_floats_are_read_as_they_are_stored():
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1], [0, 1]))
    for value in (np.array([[0.1]]), np.array([[0.1]], dtype=np.float32), [[0.1]], [[np.float64(0.1)]]):
        stored = float(np.asarray(value)[0, 0])
        assert read_floats(problem, W1=value, b1=[0])["W1"] == ((exact_float(stored),),)
    with pytest.raises(InputError, match="finite"):
        read_floats(problem, W1=[[float("nan")]], b1=[0.0])
    with pytest.raises(ShapeError, match="W1"):
        read_floats(problem, W1=[0.1], b1=[0.0])
    with pytest.raises(InputError, match="missing parameters b1"):
        read_floats(problem, {"W1": [[0.1]]})
    with pytest.raises(InputError, match="mapping"):
        read_floats(problem, [1.0])


X, Y = [[1, 0], [0, 1], [-1, -1]], [[2, 1], [1, 1], [0, -1]]
RANK_ONE = es.Problem(es.Network([2, 1, 1, 2], "leaky_relu:1/2", biases=False), es.Data.from_arrays(X, Y))


def rank_one_risks(negative: int) -> list[sp.Expr]:
    """The critical risks of a fit of rank 1 where W1 x < 0 for one sample, whose prediction then has a factor 1/4."""
    x = sp.diag(*(sp.Rational(1, 4) if i == negative else 1 for i in range(3))) * sp.Matrix(X)
    y = sp.Matrix(Y)
    fitted = y.T * x * (x.T * x).inv() * x.T * y
    scale = RANK_ONE.loss.total_scale(len(RANK_ONE.data))
    return sorted((sp.Rational(str(scale)) * ((y.T * y).trace() - value) for value in fitted.eigenvals()), key=sp.N)


def test_a_deep_minimum_that_is_irrational_is_held_in_a_box():
    answer = polish(RANK_ONE, W1=[[1.0, 0.7]], W2=[[1.0]], W3=[[1.6], [1.1]])
    check_report(RANK_ONE, answer)
    least = rank_one_risks(2)[0]
    assert not least.is_rational
    assert answer.method == "critical box" and answer.box is not None
    assert answer.box.kind == "local minimum in a box" and answer.box.status is Status.PROVED
    assert abs(answer.box.risk.midpoint - F(str(sp.N(least, 40)))) <= answer.box.risk.radius
    assert answer.box.held == ((1, 0, 0), (2, 0, 0)) and answer.box.contains(answer.parameters)
    assert answer.parameters == answer.box.parameters and answer.risk > F(str(sp.N(least, 40)))
    # The centre itself is a rational point beside the minimum.
    assert answer.verdict.status is Status.UNDECIDED and es.decide(RANK_ONE, answer.parameters).status is Status.REFUTED
    assert es.verify(answer.box.certificate).kind == answer.box.kind
    assert repr(answer).startswith("Polished(local minimum in a box, risk")


def test_a_deep_saddle_that_is_irrational_is_held_in_a_box():
    answer = polish(RANK_ONE, W1=[[0.399, -1.165]], W2=[[1.0]], W3=[[0.609], [-0.793]])
    check_report(RANK_ONE, answer)
    risk = rank_one_risks(1)[1]
    assert not risk.is_rational
    assert answer.box is not None and answer.box.kind == "no local minimum in a box"
    assert answer.box.status is Status.REFUTED and answer.verdict.status is Status.UNDECIDED
    assert abs(answer.box.risk.midpoint - F(str(sp.N(risk, 40)))) <= answer.box.risk.radius


@pytest.mark.parametrize("factor", [F(1, 4), F(3)])
def test_a_box_of_a_rescaled_unit_has_the_same_risk(factor: F):
    floats = {"W1": [[factor, factor * F(7, 10)]], "W2": [[1 / factor**2]], "W3": [[factor * F(8, 5)], [factor * F(11, 10)]]}
    plain, scaled = polish(RANK_ONE, W1=[[1, 0.7]], W2=[[1]], W3=[[1.6], [1.1]]).box, polish(RANK_ONE, floats).box
    assert plain is not None and scaled is not None and plain.kind == scaled.kind
    assert abs(plain.risk.midpoint - scaled.risk.midpoint) <= plain.risk.radius + scaled.risk.radius


def test_a_vector_output_minimum_of_one_hidden_layer_in_a_box():
    problem = es.Problem(es.Network([2, 1, 2], "leaky_relu:1/4", biases=False), es.Data.from_arrays(X, Y))
    answer = polish(problem, W1=[[1.0, 0.7]], W2=[[1.6], [1.1]])
    check_report(problem, answer)
    assert answer.box is not None and answer.box.is_local_minimum
    assert abs(answer.box.risk.midpoint - F(str(sp.N(rank_one_risks(2)[0], 40)))) <= answer.box.risk.radius


def test_where_no_box_is_looked_for():
    rows = [[k, k * k % 7] for k in range(1, 13)]
    wide = es.Problem(es.Network([2, 5, 4, 1]), es.Data.from_arrays(rows, [[k % 3] for k in range(12)]))
    named = {
        name: [[0.3 + 0.1 * (i + j) for j in range(s[1])] for i in range(s[0])] if len(s) == 2 else [0.1] * s[0]
        for name, s in wide.network.shapes.items()
    }
    answer = polish(wide, named)
    assert answer.box is None and answer.method == "none" and "too large" in answer.verdict.reason
    kinked = es.Problem(RANK_ONE.network, RANK_ONE.data, "absolute")
    answer = polish(kinked, W1=[[1.0, 0.7]], W2=[[1.0]], W3=[[1.6], [1.1]])
    assert answer.box is None and "squared" in answer.verdict.reason


def test_what_is_known_to_be_no_minimum_is_handed_on():
    """The logistic loss falls for ever along the weight: no minimum, no box, but a lower point."""
    problem = es.Problem(es.Network([1, 1, 1], biases=False), es.Data.from_arrays([1, 2], [1, 1]), "logistic")
    answer = polish(problem, W1=[[0.5]], W2=[[0.75]])
    assert answer.verdict.status is Status.REFUTED and answer.method == "none" and answer.box is None
    assert answer.verdict.lower_point is not None and "lowest point that was tried" in answer.verdict.reason
    assert problem.risk(answer.verdict.lower_point).upper < answer.risk.lower
    assert es.verify(answer.verdict.certificate).kind == "not a local minimum of an analytic risk"
