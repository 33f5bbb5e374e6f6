"""First and second order at any depth: against exact sampling, the cell's own polynomial, and the unitwise criterion."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.certificate.rules.cone_tree import CriticalCone
from exactsurf.certificate.rules.convex_cells import ConvexCells
from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.certificate.rules.direction import DescentDirection
from exactsurf.certificate.rules.second_order import SecondOrder
from exactsurf.certificate.verdict import Status
from exactsurf.effort import Effort
from exactsurf.exact.copositivity import Sign, decide_copositive
from exactsurf.exact.linear_algebra import rank
from exactsurf.minima.local.coordinate_vector import dimension, row_positions
from exactsurf.minima.local.critical_cone import Negative, Positive, decide_on_cone
from exactsurf.minima.local.invariance import invariance_tangents
from exactsurf.minima.local.risk_series import risk_series
from exactsurf.minima.local.second_order_form import Accumulator
from exactsurf.minima.local.tangent_fan import TangentFan
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rules.second_order import ProvedOnFan, decide_second_order
from exactsurf.model.parameter_vector import parameters_of, vector_of
from exactsurf.model.point import Point
from tests import oracle
from tests.minima.planted import plant
from tests.minima.planted_deep import plant_deep
from tests.sweep import draws

F = Fraction


def random_point(rnd: random.Random, network: es.Network, samples: int, **options: object) -> tuple[es.Problem, es.Parameters]:
    x = [[rnd.randint(-3, 3) for _ in range(network.widths[0])] for _ in range(samples)]
    y = [[rnd.randint(-3, 3) for _ in range(network.widths[-1])] for _ in range(samples)]
    problem = es.Problem(network, es.Data.from_arrays(x, y), **options)  # type: ignore[arg-type]
    return problem, parameters_of(network, [F(rnd.randint(-20, 20), rnd.choice((7, 11))) for _ in range(dimension(network))])


def decided(problem: es.Problem, theta: es.Parameters) -> ProvedOnFan | object:
    return decide_second_order(Point(problem, theta))


@pytest.mark.parametrize("shape", [[2, 3, 2, 2], [1, 2, 2, 1, 1], [2, 2, 1]])
def test_gradient_and_hessian_are_those_of_the_cell_polynomial(shape: list[int]) -> None:
    rnd = random.Random(sum(shape))
    compared = 0
    while compared < 3:
        problem, theta = random_point(rnd, es.Network(shape, es.leaky_relu("1/3")), 4)
        fan = TangentFan(Point(problem, theta))
        if fan.pairs:
            continue
        compared += 1
        cell = problem.cell(theta)
        point = cell.coordinates(theta)
        # The outputs of the cell, and the Hessian of a sum of them with arbitrary weights.
        weights = [[F(rnd.randint(-3, 3)) for _ in range(shape[-1])] for _ in range(4)]
        total = Accumulator(fan.forms.size)
        expected = None
        for i, row in enumerate(weights):
            form = fan.sample_form(i, {})
            form.add_hessian(total, {(problem.network.layers, k): flint(w) for k, w in enumerate(row)})
            for k, w in enumerate(row):
                polynomial = cell.outputs[i][k] * w
                expected = polynomial if expected is None else expected + polynomial
                gradient = form.gradient(problem.network.layers, k)
                values = [flint(g.value(point)) for g in cell.outputs[i][k].gradient()]
                order = [names_position(problem, name) for name in cell.names]
                assert [gradient.get(p, 0) for p in order] == values
        assert expected is not None
        hessian = [[entry.value(point) for entry in row] for row in expected.hessian()]
        order = [names_position(problem, name) for name in cell.names]
        found = total.hessian()
        assert [[found[p][q] for q in order] for p in order] == hessian


def flint(value: Fraction) -> object:
    from flint import fmpq

    return fmpq(value.numerator, value.denominator)


def names_position(problem: es.Problem, name: str) -> int:
    kind, *indices = name.split("_")
    row = row_positions(problem.network)[int(kind[1:]) - 1][int(indices[0])]
    return row[int(indices[1])] if kind[0] == "W" else row[-1]


@pytest.mark.parametrize("loss", [es.squared, es.absolute, es.huber("1/2"), es.hinge.mean], ids=repr)
def test_series_along_curves_are_the_risk(loss: es.Loss) -> None:
    """A polynomial through exact values at many small t has the coefficients of the series."""
    rnd = random.Random(3)
    for _ in range(6):
        network = es.Network([1, 2, 1], es.leaky_relu("1/2"))
        x = [[rnd.randint(-2, 2)] for _ in range(4)]
        y = [[rnd.choice((-1, 1))] for _ in range(4)]
        problem = es.Problem(network, es.Data.from_arrays(x, y), loss)
        theta, *curve = (parameters_of(network, [F(rnd.randint(-1, 1)) for _ in range(7)]) for _ in range(3))
        series = risk_series(Point(problem, theta), curve, 8)  # of degree 8 in t: (2 + 2) · 2
        for t in (F(1, 10**6), F(1, 10**7)):
            moved = oracle.along(oracle.along(theta, curve[0], t), curve[1], t * t)
            assert oracle.risk(problem, moved) == sum((c * t**n for n, c in enumerate(series)), F(0))


def test_tangents_leave_predictions_as_they_are() -> None:
    rnd = random.Random(8)
    seen = 0
    for _ in range(60):
        planted = plant_deep(rnd, rnd.randint(0, 2))
        if planted is None:
            continue
        problem, theta = planted
        before = problem.predictions(theta)
        for tangent in invariance_tangents(Point(problem, theta)):
            seen += 1
            direction, t = parameters_of(problem.network, tangent), F(1, 10**8)
            after = problem.predictions(theta.moved(direction, t))
            slack = sum(abs(value) for value in tangent) ** 4 * 10**6
            assert all(
                abs(a - b) <= t * t * slack for rows in zip(before, after, strict=True) for a, b in zip(*rows, strict=True)
            )
    assert seen > 60


def test_dead_units_and_unread_weights_are_free() -> None:
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, 5]))
    theta = problem.parameters(W1=[[1], [-1]], b1=[1, -5], W2=[[1, 3]], b2=[0])
    # Unit 1 is never active: its weights above and below are free; unit 0 rescales and shifts.
    assert rank(invariance_tangents(Point(problem, theta))) == 3 + 2


def test_forms_on_cones_agree_with_sampling() -> None:
    rnd = random.Random(4)
    seen: Counter[str] = Counter()
    for _ in range(300):
        size, count = rnd.randint(1, 3), rnd.randint(0, 2)
        half = [[F(rnd.randint(-3, 3)) for _ in range(size)] for _ in range(size)]
        form = tuple(tuple(half[p][q] + half[q][p] for q in range(size)) for p in range(size))
        walls = [tuple(F(rnd.randint(-2, 2)) for _ in range(size)) for _ in range(count)]
        walls = [wall for wall in walls if any(wall)]
        answer = decide_on_cone(form, walls)
        seen[type(answer).__name__] += 1

        def value(y: tuple[Fraction, ...], form: tuple[tuple[Fraction, ...], ...] = form) -> Fraction:
            return sum((a * b * c for a, row in zip(y, form, strict=True) for b, c in zip(row, y, strict=True)), F(0))

        if isinstance(answer, Negative):
            assert value(answer.direction) < 0
            assert all(sum(a * b for a, b in zip(wall, answer.direction, strict=True)) >= 0 for wall in walls)
        elif isinstance(answer, Positive):
            for _ in range(60):
                y = tuple(F(rnd.randint(-9, 9)) for _ in range(size))
                heights = [sum((a * b for a, b in zip(wall, y, strict=True)), F(0)) for wall in walls]
                if any(y) and all(height >= 0 for height in heights):
                    assert value(y) > sum((nu * heights[p] * heights[q] for p, q, nu in answer.products), F(0))
    assert min(seen["Positive"], seen["Negative"]) > 30


@pytest.mark.slow
@pytest.mark.parametrize("block", range(min(draws(1), 3)))
def test_planted_points_of_deep_networks(block: int) -> None:
    rnd, seen = random.Random(100 + block), Counter[str]()
    while sum(seen.values()) - seen["second order"] < 36:
        planted = plant_deep(rnd, rnd.randint(0, 2))
        if planted is None:
            continue
        problem, theta = planted
        verdict = es.decide(problem, theta, effort=10)
        seen[str(verdict.status)] += 1
        if verdict.status is Status.PROVED:
            assert verdict.certificate is not None
            seen["second order"] += isinstance(verdict.certificate.local_minimum, SecondOrder)
            assert not oracle.is_lower_nearby(problem, theta, [F(1, 1000), F(1, 10**6), F(1, 10**30)], 15)
            near_miss(problem, theta, rnd)
        elif verdict.status is Status.REFUTED:
            assert verdict.lower_point is not None and oracle.risk(problem, verdict.lower_point) < oracle.risk(problem, theta)
        else:
            assert verdict.certificate is None and verdict.open_directions
    assert seen["second order"] >= 2 and seen["PROVED"] >= 8, seen


def near_miss(problem: es.Problem, theta: es.Parameters, rnd: random.Random) -> None:
    """With all targets moved by 10⁻³⁰ the output bias has a derivative that is not zero."""
    hair = F(1, 10**30)
    y = [[value + hair for value in row] for row in problem.data.y]
    moved = es.Problem(problem.network, es.Data.from_arrays(list(problem.data.x), y))
    assert es.decide(moved, theta).status is Status.REFUTED


@pytest.mark.slow
def test_agrees_with_the_unitwise_criterion() -> None:
    rnd = random.Random(31)
    seen: Counter[str] = Counter()
    for _ in range(150):
        planted = plant(rnd)
        problem, theta = planted.problem, planted.theta
        if problem.loss.name not in ("squared", "huber") or len(TangentFan(Point(problem, theta)).pairs) > 5:
            continue
        expected, found = es.decide(problem, theta).status, decided(problem, theta)
        seen[f"{expected} {type(found).__name__}"] += 1
        if isinstance(found, ProvedOnFan):
            assert expected is Status.PROVED
        elif not isinstance(found, NotProved):
            assert expected is Status.REFUTED
        # Without output weights 0 each cell is convex in product variables, so nothing stays open.
        assert not isinstance(found, NotProved) or not all(theta.weights[1][0])
    assert seen["PROVED ProvedOnFan"] >= 15 and sum(n for name, n in seen.items() if name.startswith("REFUTED")) >= 15, seen


def test_symmetries_do_not_change_the_verdict() -> None:
    rnd = random.Random(12)
    compared = 0
    while compared < 6:
        planted = plant_deep(rnd, 1)
        if planted is None:
            continue
        problem, theta = planted
        hidden = problem.network.widths[1]
        order = rnd.sample(range(hidden), hidden)
        scale = [F(rnd.randint(1, 5), rnd.randint(1, 5)) for _ in range(hidden)]
        w1, w2, b1 = theta.weights[0], theta.weights[1], theta.biases[0]
        assert b1 is not None
        changed = dict(theta.items())
        changed["W1"] = tuple(tuple(scale[j] * v for v in w1[j]) for j in order)
        changed["b1"] = tuple(scale[j] * b1[j] for j in order)
        changed["W2"] = tuple(tuple(row[j] / scale[j] for j in order) for row in w2)
        samples = rnd.sample(range(len(problem.data)), len(problem.data))
        x, y = list(problem.data.x), list(problem.data.y)
        other = es.Problem(problem.network, es.Data.from_arrays([x[i] for i in samples], [y[i] for i in samples]))
        assert es.decide(other, other.parameters(**changed)).status is es.decide(problem, theta).status
        compared += 1


# Points with known answers.


def test_a_minimum_that_is_not_global_in_its_cell() -> None:
    """theory.md, section 8.2."""
    y = [[1, "4/5", 0], [1, "-4/5", 0], [1, 1, "3/5"], [1, 1, "-3/5"]]
    x = [[int(i == j) for j in range(4)] for i in range(4)]
    problem = es.Problem(es.Network([4, 2, 3], biases=False), es.Data.from_arrays(x, y))
    theta = problem.parameters(W1=[[1, 1, 1, 1], [-1, -1, 1, 1]], W2=[[1, 0], [0, 1], [0, 0]])
    verdict = es.decide(problem, theta)
    assert verdict.status is Status.PROVED and verdict.kind is not None
    assert verdict.kind.strict is False and verdict.kind.isolated_modulo_invariance and verdict.kind.differentiable


@pytest.mark.parametrize("depth", [3, 4, 5])
def test_the_origin_of_a_linear_chain_is_a_saddle(depth: int) -> None:
    problem = es.Problem(es.Network([1] * (depth + 1), es.linear, biases=False), es.Data.from_arrays([1], [1]))
    theta = problem.parameters(**{f"W{layer}": [[0]] for layer in range(1, depth + 1)})
    verdict = es.decide(problem, theta)
    assert verdict.status is Status.REFUTED and verdict.certificate is not None
    evidence = verdict.certificate.descent
    assert isinstance(evidence, DescentCurve) and evidence.order == depth and evidence.coefficient == -1


def test_a_strict_minimum_at_kinks_of_the_loss() -> None:
    """The median line through two of three points: sharp, so no second order is needed."""
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([-1, 1, 0], [0, 0, 3]), es.absolute)
    found = decided(problem, problem.parameters(W1=[[0]], b1=[0]))
    half = F(1, 2)
    assert isinstance(found, ProvedOnFan) and found.dimension == 0
    assert found.evidence.nodes == (CriticalCone((), ((0, 0, half), (1, 0, half))),)


def test_published_minima_at_kinks_with_an_output_weight_0() -> None:
    """theory.md, section 8.3 (absolute loss) and 8.4 (hinge loss on separable data, weights 2, 2, 1 by repetition)."""
    data = es.Data.from_arrays([[1, 0], [2, 0], [1, 1]], [0, 0, 1])
    problem = es.Problem(es.Network([2, 1, 1], biases=False), data, es.absolute)
    verdict = es.decide(problem, problem.parameters(W1=[[1, 0]], W2=[[0]]))
    assert verdict.status is Status.PROVED and verdict.risk == 1
    x, y = [[-1, 1]] * 2 + [[1, 1]] * 2 + [[0, -1]], [1, 1, 1, 1, -1]
    for activation in (es.leaky_relu("1/4"), es.leaky_relu("3/4"), es.linear):
        problem = es.Problem(es.Network([2, 1, 1], activation), es.Data.from_arrays(x, y), es.hinge)
        verdict = es.decide(problem, problem.parameters(W1=[[1, 0]], b1=[0], W2=[[0]], b2=[1]))
        assert verdict.status is Status.PROVED and verdict.risk == 2


def test_absolute_and_hinge_losses_with_output_weights_are_always_decided() -> None:
    rnd = random.Random(1)
    seen: Counter[str] = Counter()
    for _ in range(80):
        loss, units = rnd.choice((es.absolute, es.hinge)), rnd.randint(1, 2)
        network = es.Network([1, units, 1], rnd.choice((es.relu, es.leaky_relu("1/4"))))
        x = [rnd.randint(-3, 3) for _ in range(rnd.randint(2, 6))]
        values = {
            "W1": [[rnd.choice((-1, 1))] for _ in range(units)],
            "b1": [rnd.randint(-2, 2) for _ in range(units)],
            "W2": [[rnd.choice((-1, 1, 2)) for _ in range(units)]],
            "b2": [rnd.randint(-1, 1)],
        }
        blank = es.Problem(network, es.Data.from_arrays(x, [0] * len(x)))
        fitted = [row[0] for row in blank.predictions(blank.parameters(**values))]
        y = [f + rnd.choice((0, 0, 0, 1, -1)) for f in fitted]
        if loss is es.hinge:
            y = [F(rnd.choice((-1, 1))) for _ in fitted]
        problem = es.Problem(network, es.Data.from_arrays(x, y), loss)
        theta = problem.parameters(**values)
        verdict = es.decide(problem, theta)
        assert verdict.status is not Status.UNDECIDED
        seen[str(verdict.status)] += 1
        if verdict.status is Status.PROVED:
            assert not oracle.is_lower_nearby(problem, theta, [F(1, 1000), F(1, 10**6)], 20)
            assert verdict.certificate is not None
            seen["convex cells"] += isinstance(verdict.certificate.local_minimum, ConvexCells)
    assert seen["convex cells"] >= 3 and seen["REFUTED"] >= 10, seen


def test_the_fan_covers_all_directions() -> None:
    rnd = random.Random(6)
    for _ in range(6):
        planted = plant_deep(rnd, 2)
        if planted is None:
            continue
        problem, theta = planted
        cones = list(TangentFan(Point(problem, theta)).cones())
        for _ in range(20):
            d = [F(rnd.randint(-9, 9)) for _ in vector_of(theta)]
            assert any(all(sum(a * b for a, b in zip(wall, d, strict=True)) >= 0 for _, wall in cone.walls) for cone in cones)


def test_too_many_cones_stay_open() -> None:
    problem = es.Problem(es.Network([1, 1, 1, 1]), es.Data.from_arrays([0, 0, 0, 1], [1, 2, 3, 1]))
    theta = problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0], W3=[[0]], b3=["7/4"])
    found = decide_second_order(Point(problem, theta), effort=Effort(fan=1))
    assert not isinstance(found, ProvedOnFan)


@pytest.mark.parametrize("seed", range(12))
def test_the_cones_are_counted_before_they_are_examined(seed: int) -> None:
    """With one hidden layer the count is that of the cones that the fan lists."""
    rnd = random.Random(f"count {seed}")
    network = es.Network([2, 2, 2], rnd.choice((es.relu, es.hard_tanh)), biases=[rnd.random() < 0.7, True])
    x = [[rnd.randint(-1, 1), rnd.randint(-1, 1)] for _ in range(6)]
    problem = es.Problem(network, es.Data.from_arrays(x, [[0, 1]] * 6))
    values = {"W1": [[0, 0], [rnd.randint(0, 1), 0]], "W2": [[1, 1], [0, 1]], "b2": [0, 0]}
    theta = problem.parameters(**values, **({"b1": [0, 0]} if network.biases[0] else {}))
    fan = TangentFan(Point(problem, theta))
    assert fan.count_cells(fan.pairs) == len(list(fan.cones()))


@pytest.mark.parametrize("seed", range(8))
def test_a_negative_vector_of_an_orthant_is_found_if_there_is_one(seed: int) -> None:
    """Against copositivity by principal minors, in other coordinates and with a line added to the cone."""
    rnd = random.Random(f"orthant {seed}")
    seen: Counter[type] = Counter()
    for _ in range(60):
        size = rnd.choice((2, 3, 3, 4))
        half = [[rnd.randint(-3, 3) for _ in range(size)] for _ in range(size)]
        matrix = [[F(half[p][q] + half[q][p] + (6 if p == q else 0)) for q in range(size)] for p in range(size)]
        expected = decide_copositive(matrix).sign
        flat = rnd.choice((0, 1))
        form = tuple((*row, *[F(0)] * flat) for row in matrix) + tuple((F(0),) * (size + flat) for _ in range(flat))
        walls = [tuple(F(int(p == q)) for q in range(size + flat)) for p in range(size)]
        answer = decide_on_cone(form, walls)
        seen[type(answer)] += 1
        assert isinstance(answer, Negative) == (expected is Sign.NEGATIVE)
        if isinstance(answer, Negative):
            y = answer.direction
            assert all(value >= 0 for value in y[:size])
            assert sum(a * b * c for a, row in zip(y, form, strict=True) for b, c in zip(row, y, strict=True)) < 0
        if isinstance(answer, Positive):
            assert expected is Sign.POSITIVE and not flat
    assert seen[Negative] > 5 and len(seen) > 1


def test_second_derivatives_of_large_networks_are_not_written_down() -> None:
    """First order is asked as ever; where it is open, so stays the point, and no matrix of a million entries is made."""
    network = es.Network([64, 16, 1])
    rnd = random.Random(4)
    x = [[rnd.randint(-3, 3) for _ in range(64)] for _ in range(4)]
    theta = {
        name: [[rnd.randint(-2, 2) for _ in range(shape[1])] for _ in range(shape[0])]
        if len(shape) == 2
        else [rnd.randint(-2, 2) for _ in range(shape[0])]
        for name, shape in network.shapes.items()
    }
    blank = es.Problem(network, es.Data.from_arrays([*x, x[0]], [[0]] * 5))
    fit = [row[0] for row in blank.predictions(blank.parameters(**theta))]
    problem = es.Problem(network, es.Data.from_arrays([*x, x[0]], [fit[0] + 1, *fit[1:4], fit[0] - 1]))
    found = decide_second_order(Point(problem, problem.parameters(**theta)))
    assert isinstance(found, NotProved) and "more than 1000 parameters" in found.reason
    other = es.Problem(network, es.Data.from_arrays([*x, x[0]], [fit[0] + 1, *fit[1:4], fit[0] + 1]))
    assert isinstance(decide_second_order(Point(other, other.parameters(**theta))), DescentDirection)


def test_what_waits_for_a_matrix_is_added_once() -> None:
    base = Accumulator(2)
    base.later(lambda total: total.add_square({0: flint(F(1)), 1: flint(F(2))}, flint(F(3))))
    copy = base.copy()
    copy.add(0, 0, flint(F(5)))
    assert copy.hessian() == ((8, 6), (6, 12)) == copy.hessian()
    assert base.hessian() == ((3, 6), (6, 12))
