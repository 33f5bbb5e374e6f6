"""decide(): verdicts against exact sampling, against Theorem A decided by rays, and against published points."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import oracle
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.certificate.evidence import DeadUnit, DescentCurve, DescentDirection, EmptyLeaf, MultiplierLeaf, Split, Unitwise
from exactsurf.certificate.verdict import Status
from exactsurf.errors import ShapeError, UnsupportedError

from .planted import ACTIVATIONS, Planted, plant

F = Fraction
ONE = F(1)
TINY = [F(1, 10**6), F(1, 10**30)]


def is_differentiable(planted: Planted) -> bool:
    """Whether the loss is differentiable at every prediction."""
    problem = planted.problem
    for f, y in zip(oracle.predictions(problem, planted.theta), problem.data.y, strict=True):
        if problem.loss.name == "absolute" and f == y or problem.loss.name == "hinge" and f[0] * y[0] == 1:
            return False
    return True


def is_on_walls(planted: Planted) -> bool:
    """Whether some unit with output weight sees some sample with residual exactly at a breakpoint."""
    problem, theta = planted.problem, planted.theta
    for x, (f,), (y,) in zip(problem.data.x, oracle.predictions(problem, theta), problem.data.y, strict=True):
        for z, v in zip(oracle.pre_activations(problem, theta, x)[0], theta.weights[1][0], strict=True):
            if v and f != y and z in problem.network.activation.breakpoints:
                return True
    return False


def check(problem: es.Problem, theta: es.Parameters, scales: list[Fraction], tries: int = 12) -> es.Verdict:
    """Decide, and hold the verdict against the oracle as far as an oracle can see."""
    verdict = es.decide(problem, theta)
    here = oracle.risk(problem, theta)
    assert verdict.risk == here
    assert verdict.assumptions == ()
    with pytest.raises(TypeError, match="three values"):
        bool(verdict)
    if verdict.status is Status.UNDECIDED:
        assert verdict.certificate is None and verdict.lower_point is None and verdict.reason
        return verdict
    assert verdict.certificate is not None
    accepted = es.verify(verdict.certificate.encoded)
    assert accepted.risk == here
    if verdict.status is Status.PROVED:
        assert accepted.kind == "local minimum" and verdict.lower_point is None
        assert not oracle.is_lower_nearby(problem, theta, scales, tries)
    else:
        assert accepted.kind == "not a local minimum"
        assert verdict.lower_point is not None and oracle.risk(problem, verdict.lower_point) < here
        check_descent(problem, theta, verdict)
    return verdict


def check_descent(problem: es.Problem, theta: es.Parameters, verdict: es.Verdict) -> None:
    """There are lower points within every distance along what the certificate points out."""
    assert verdict.certificate is not None
    evidence, here = verdict.certificate.descent, oracle.risk(problem, theta)
    for power in (3, 6, 9):
        shorter = [F(1, 10**k) for k in range(power, power + 120, 3)]
        if isinstance(evidence, DescentDirection):
            assert any(oracle.risk(problem, oracle.along(theta, evidence.direction, t)) < here for t in shorter)
            continue
        if isinstance(evidence, DescentCurve):
            assert any(oracle.risk(problem, on_curve(theta, evidence.curve, t)) < here for t in shorter)
            continue
        assert isinstance(evidence, DeadUnit)
        assert theta.weights[1][0][evidence.unit] == 0
        # First the unit moves, which changes nothing; then its output weight opens the descent.
        moved = oracle.along(theta, unit_motion(problem, evidence.unit, evidence.delta), shorter[0])
        assert oracle.risk(problem, moved) == here
        assert any(
            oracle.risk(problem, oracle.along(moved, output_motion(problem, evidence.unit, sign), t)) < here
            for t in shorter
            for sign in (1, -1)
        )


def on_curve(theta: es.Parameters, curve: tuple[es.Parameters, ...], t: Fraction) -> es.Parameters:
    """θ + t c₁ + t² c₂ + …"""
    for power, coefficient in enumerate(curve, start=1):
        theta = oracle.along(theta, coefficient, t**power)
    return theta


def unit_motion(problem: es.Problem, unit: int, delta: tuple[Fraction, ...]) -> es.Parameters:
    _, units, _ = problem.network.widths
    d = problem.network.widths[0]
    return parameters_like(
        problem,
        W1=[list(delta[:d]) if j == unit else [0] * d for j in range(units)],
        b1=[delta[d] if j == unit and len(delta) > d else 0 for j in range(units)],
    )


def output_motion(problem: es.Problem, unit: int, sign: int) -> es.Parameters:
    units = problem.network.widths[1]
    return parameters_like(problem, W2=[[sign if j == unit else 0 for j in range(units)]])


def parameters_like(problem: es.Problem, **given_values: object) -> es.Parameters:
    """Parameters that are zero but for the given ones."""
    zero = {n: [[0] * s[1]] * s[0] if len(s) == 2 else [0] * s[0] for n, s in problem.network.shapes.items()}
    return problem.parameters(**{name: given_values.get(name, value) for name, value in zero.items()})


# Random points, planted so that true local minima, near misses and dead units are frequent.


@pytest.mark.slow
@pytest.mark.parametrize("block", range(6))
def test_planted_points_are_decided_and_right(block: int) -> None:
    rnd = random.Random(block)
    seen: Counter[str] = Counter()
    for _ in range(250):
        planted = plant(rnd)
        if not is_differentiable(planted):
            continue
        problem, theta = planted.problem, planted.theta
        verdict = check(problem, theta, TINY)
        assert verdict.status is not Status.UNDECIDED, "one hidden layer, one output, differentiable: always decided"
        assert (verdict.status is Status.PROVED) == oracle.is_local_minimum(problem, theta), (problem, theta)
        seen[str(verdict.status)] += 1
        assert verdict.certificate is not None
        evidence = verdict.certificate.local_minimum
        if isinstance(evidence, Unitwise):
            nodes = [node for unit in evidence.units for node in unit]
            seen["multipliers"] += any(isinstance(node, MultiplierLeaf) and node.multipliers for node in nodes)
            seen["proved on walls"] += is_on_walls(planted)
            seen["splits"] += any(isinstance(node, Split) for node in nodes)
            seen["dead"] += () in evidence.units
        seen["dead unit"] += isinstance(verdict.certificate.descent, DeadUnit)
        seen["direction"] += isinstance(verdict.certificate.descent, DescentDirection)
    # The test would say little if one of the answers, or one kind of evidence, were rare.
    assert seen["PROVED"] >= 80 and seen["REFUTED"] >= 80, seen
    assert seen["proved on walls"] >= 25 and seen["multipliers"] >= 8 and seen["dead"] >= 3, seen
    assert seen["direction"] >= 60 and seen["dead unit"] >= 8, seen


@pytest.mark.slow
@pytest.mark.parametrize("block", range(3))
def test_near_misses_by_a_hair(block: int) -> None:
    rnd = random.Random(1000 + block)
    seen: Counter[Status] = Counter()
    for _ in range(60):
        planted = plant(rnd, near_miss=True)
        verdict = check(planted.problem, planted.theta, [F(1, 10**70), F(1, 10**90)])
        assert (verdict.status is Status.PROVED) == oracle.is_local_minimum(planted.problem, planted.theta)
        seen[verdict.status] += 1
    assert seen[Status.PROVED] >= 5 and seen[Status.REFUTED] >= 20 and not seen[Status.UNDECIDED], seen


def in_cell_minimiser(rnd: random.Random) -> Planted | None:
    """Least squares over one cell in product variables; a point of the closed cell, if it lies there."""
    d, units, samples = rnd.choice((1, 2)), rnd.randint(1, 2), rnd.randint(4, 7)
    network = es.Network([d, units, 1], rnd.choice((es.relu, es.leaky_relu("1/4"), es.absolute_value)))
    x = [[F(rnd.randint(-3, 3)) for _ in range(d)] for _ in range(samples)]
    y = [F(rnd.randint(-3, 3)) for _ in range(samples)]
    problem = es.Problem(network, es.Data.from_arrays(x, y))
    start = [[rnd.randint(-2, 2) for _ in range(d + 1)] for _ in range(units)]
    h = network.activation
    columns: list[list[Fraction]] = []
    for w in start:
        z = [oracle._dot([F(v) for v in w], [*row, F(1)]) for row in x]
        if 0 in z:
            return None
        slopes = [oracle.slope_right(h, value) for value in z]
        columns += [[a * row[p] for a, row in zip(slopes, x, strict=True)] for p in range(d)] + [slopes]
    columns.append([F(1)] * samples)
    gram = [[oracle._dot(a, b) for b in columns] for a in columns]
    augmented = [[*row, oracle._dot(column, y)] for row, column in zip(gram, columns, strict=True)]
    reduced, pivots = oracle.echelon(augmented)
    solution = [F(0)] * len(columns)
    for row, pivot in zip(reduced, pivots, strict=True):
        solution[pivot] = row[-1]
    rows, v = [], []
    for j, w in enumerate(start):
        p = solution[j * (d + 1) : (j + 1) * (d + 1)]
        sign = 1 if oracle._dot(p, [*x[0], F(1)]) * oracle._dot([F(a) for a in w], [*x[0], F(1)]) >= 0 else -1
        rows.append([sign * value for value in p])
        v.append(sign)
    theta = problem.parameters(W1=[row[:d] for row in rows], b1=[row[d] for row in rows], W2=[v], b2=[solution[-1]])
    return Planted(problem, theta)


@pytest.mark.slow
def test_minimisers_of_cells() -> None:
    rnd = random.Random(7)
    seen: Counter[Status] = Counter()
    while sum(seen.values()) < 80:
        planted = in_cell_minimiser(rnd)
        if planted is None:
            continue
        verdict = check(planted.problem, planted.theta, TINY)
        assert (verdict.status is Status.PROVED) == oracle.is_local_minimum(planted.problem, planted.theta)
        seen[verdict.status] += 1
    assert seen[Status.PROVED] >= 20 and seen[Status.REFUTED] >= 20 and not seen[Status.UNDECIDED], seen


# Published and worked points.


def problem_1d(x: list[object], y: list[object], units: int = 1, **options: object) -> es.Problem:
    loss = options.pop("loss", es.squared)
    activation = options.pop("activation", es.relu)
    network = es.Network([1, units, 1], activation, **options)  # type: ignore[arg-type]
    return es.Problem(network, es.Data.from_arrays(x, y), loss)  # type: ignore[arg-type]


def test_the_nondifferentiable_minimum() -> None:
    """papers.md, section 3: risk 5, sample x = 0 on the wall with residual 2."""
    problem = problem_1d([-1, 0, 1, 2], [1, -2, 3, 1])
    theta = problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])
    verdict = check(problem, theta, [F(1, 10), F(1, 1000), *TINY], tries=100)
    assert verdict.status is Status.PROVED and verdict.risk == 5


def test_the_nondifferentiable_minimum_missed_by_a_hair() -> None:
    hair = F(1, 10**30)
    problem = problem_1d([-1, 0, 1, 2], [1, -2, 3, 1])
    for values in ({"W1": [[1 + hair]]}, {"b1": [hair]}, {"W2": [[1 - hair]]}, {"b2": [hair]}, {"b1": [-hair]}):
        point = {"W1": [[1]], "b1": [0], "W2": [[1]], "b2": [0], **values}
        assert check(problem, problem.parameters(**point), [F(1, 10**40)]).status is Status.REFUTED


def test_swirszcz() -> None:
    """papers.md, section 4: relu(x − 3) has risk 9 and is a local minimum; 7 is attained elsewhere."""
    problem = problem_1d([5, 4, 3, 1, -1], [2, 1, 0, -3, 3])
    theta = problem.parameters(W1=[[1]], b1=[-3], W2=[[1]], b2=[0])
    verdict = check(problem, theta, [F(1, 100), *TINY], tries=100)
    assert verdict.status is Status.PROVED and verdict.risk == 9
    lower = problem.parameters(W1=[["-3/2"]], b1=["3/2"], W2=[[1]], b2=[0])
    assert problem.risk(lower) == 7
    assert check(problem, lower, TINY).status is Status.PROVED


TWO_VALLEYS = [
    ([0, 1, 2, 3], [0, 1, 3, 6], [(1, 1, 1, 1, 2, -3, -1), (-1, -1, 4, 1, 2, -3, 4)], 0),
    ([0, 1, 2, 3, 4, 5], [1, -1, 3, 5, 5, 11], [(1, 1, 1, 1, 2, -5, -1), (-1, -1, 6, 1, 2, -5, 6)], 6),
]


@pytest.mark.parametrize(("x", "y", "points", "risk"), TWO_VALLEYS)
def test_minima_in_two_valleys_of_one_cell(x: list[object], y: list[object], points: list[tuple[int, ...]], risk: int) -> None:
    """theory.md, section 8.1."""
    problem = problem_1d(x, y, units=2)
    for v1, w1, b1, v2, w2, b2, c in points:
        theta = problem.parameters(W1=[[w1], [w2]], b1=[b1, b2], W2=[[v1, v2]], b2=[c])
        verdict = check(problem, theta, TINY, tries=40)
        assert verdict.status is Status.PROVED and verdict.risk == risk


def test_minima_without_biases() -> None:
    """theory.md, section 8.1, X = I: points of risk 0, and on the way between them v₁v₂ ≥ 0, where the risk is ≥ 1/2."""
    data = es.Data.from_arrays([[1, 0], [0, 1]], [1, -1])
    problem = es.Problem(es.Network([2, 2, 1], biases=False), data)
    for v, w in (((1, -1), ((2, 1), (1, 2))), ((-1, 1), ((1, 2), (2, 1)))):
        verdict = check(problem, problem.parameters(W1=w, W2=[v]), TINY)
        assert verdict.status is Status.PROVED and verdict.risk == 0
    between = problem.parameters(W1=[[1, 1], [1, 1]], W2=[[0, 0]])
    assert problem.risk(between) == 1
    assert check(problem, between, TINY).status is Status.REFUTED


def test_absolute_loss_minimum_in_a_cell_that_is_not_global_there() -> None:
    """theory.md, section 8.3: a local minimum at kinks of the loss. It must never be refuted; today it is left open."""
    data = es.Data.from_arrays([[1, 0], [2, 0], [1, 1]], [0, 0, 1])
    problem = es.Problem(es.Network([2, 1, 1], biases=False), data, es.absolute)
    theta = problem.parameters(W1=[[1, 0]], W2=[[0]])
    lower = problem.parameters(W1=[["1/100", "99/100"]], W2=[[1]])
    assert problem.risk(theta) == 1 and problem.risk(lower) == F(3, 100)
    assert not oracle.is_lower_nearby(problem, theta, [F(1, 100), *TINY], tries=200)
    verdict = check(problem, theta, TINY)
    assert verdict.status is not Status.REFUTED
    assert verdict.status is Status.PROVED or "absolute loss is not differentiable" in verdict.reason


@pytest.mark.parametrize("activation", [es.leaky_relu("1/4"), es.leaky_relu("3/4"), es.linear], ids=repr)
def test_hinge_minimum_on_separable_data(activation: es.Activation) -> None:
    """theory.md, section 8.4, with weights 2, 2, 1 by repetition: a local minimum of risk 2, and risk 0 elsewhere."""
    x, y = [[-1, 1]] * 2 + [[1, 1]] * 2 + [[0, -1]], [1, 1, 1, 1, -1]
    problem = es.Problem(es.Network([2, 1, 1], activation), es.Data.from_arrays(x, y), es.hinge)
    theta = problem.parameters(W1=[[1, 0]], b1=[0], W2=[[0]], b2=[1])
    assert problem.risk(theta) == 2
    if activation != es.linear:
        assert problem.risk(problem.parameters(W1=[[0, 1]], b1=[0], W2=[[4]], b2=[0])) == 0
    assert not oracle.is_lower_nearby(problem, theta, [F(1, 100), *TINY], tries=200)
    assert check(problem, theta, TINY).status is not Status.REFUTED


def test_vector_output_minimum_is_not_refuted() -> None:
    """theory.md, section 8.2: critical, a local minimum (Morse–Bott); the lower point of the same cell is a rational one."""
    y = [[1, "4/5", 0], [1, "-4/5", 0], [1, 1, "3/5"], [1, 1, "-3/5"]]
    x = [[int(i == j) for j in range(4)] for i in range(4)]
    problem = es.Problem(es.Network([4, 2, 3], biases=False), es.Data.from_arrays(x, y))
    theta = problem.parameters(W1=[[1, 1, 1, 1], [-1, -1, 1, 1]], W2=[[1, 0], [0, 1], [0, 0]])
    lower = problem.parameters(
        W1=[["64/85", "64/765", "64/65", "16/65"], [-1, -1, "1/65", "49/65"]], W2=[[1, 1], [1, 1], ["5/8", -1]]
    )
    assert problem.risk(theta) == 1 and problem.risk(lower) == F(3649, 3825)
    assert check(problem, theta, TINY).status is not Status.REFUTED


def test_a_point_where_cones_must_be_split() -> None:
    """F(δ) = |δ₁| + |δ₂| − |δ₁ + δ₂|: no multipliers without a split on the concave wall."""
    network = es.Network([2, 1, 1], biases=[False, True])
    problem = es.Problem(network, es.Data.from_arrays([[1, 0], [0, 1], [1, 1], [0, 0]], [-2, -2, 2, 2]))
    verdict = check(problem, problem.parameters(W1=[[0, 0]], W2=[[1]], b2=[0]), TINY, tries=60)
    assert verdict.status is Status.PROVED and verdict.certificate is not None
    evidence = verdict.certificate.local_minimum
    assert isinstance(evidence, Unitwise)
    assert sum(isinstance(node, Split) for node in evidence.units[0]) == 1
    few = es.decide(problem, problem.parameters(W1=[[0, 0]], W2=[[1]], b2=[0]), max_cones=1)
    assert few.status is Status.UNDECIDED and few.certificate is None and "1 concave walls" in few.reason


def test_a_tree_with_an_empty_cone() -> None:
    """Three concave lines through one point of the plane leave six cones; the tree has eight leaves or prunes two."""
    x = [[1, 0], [0, 1], [1, 1], [2, 1], [1, 2], [1, -1], [0, 0]]
    # Concave at the first three, and so much convexity at the others that F ≥ 0.
    r = [F(-1), F(-1), F(-1), F(2), F(2), F(3)]
    r.append(-sum(r))
    network = es.Network([2, 1, 1], es.absolute_value, biases=[False, True])
    problem = es.Problem(network, es.Data.from_arrays(x, [-value for value in r]))
    theta = problem.parameters(W1=[[0, 0]], W2=[[1]], b2=[0])
    assert oracle.is_local_minimum(problem, theta)
    verdict = check(problem, theta, TINY, tries=60)
    assert verdict.status is Status.PROVED and verdict.certificate is not None
    evidence = verdict.certificate.local_minimum
    assert isinstance(evidence, Unitwise)
    assert any(isinstance(node, EmptyLeaf) for node in evidence.units[0])
    with_fewer = es.decide(problem, theta, max_cones=2)
    assert with_fewer.status is Status.UNDECIDED


def test_every_sample_at_the_origin() -> None:
    """x̃ = 0 has no wall, however the unit moves."""
    network = es.Network([1, 1, 1], biases=[False, True])
    problem = es.Problem(network, es.Data.from_arrays([0, 0], [1, -1]))
    verdict = check(problem, problem.parameters(W1=[[0]], W2=[[3]], b2=[0]), TINY)
    assert verdict.status is Status.PROVED


def test_a_dead_unit_can_hide_a_descent() -> None:
    """All output weights zero and the mean predicted: critical, yet moving the unit opens a descent."""
    problem = problem_1d([0, 1, 2], [0, 1, -1])
    theta = problem.parameters(W1=[[0]], b1=[0], W2=[[0]], b2=[0])
    verdict = check(problem, theta, TINY)
    assert verdict.status is Status.REFUTED and verdict.certificate is not None
    assert isinstance(verdict.certificate.descent, DeadUnit)
    asleep = problem.parameters(W1=[[0]], b1=[-1], W2=[[0]], b2=[0])
    assert check(problem, asleep, TINY, tries=60).status is Status.PROVED


def test_no_hidden_layer() -> None:
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, 0]))
    assert check(problem, problem.parameters(W1=[[0]], b1=["1/3"]), TINY).status is Status.PROVED
    assert check(problem, problem.parameters(W1=[[0]], b1=[0]), TINY).status is Status.REFUTED


def test_deep_networks_and_many_outputs_are_refuted_by_the_gradient() -> None:
    rnd, seen = random.Random(11), Counter[Status]()
    for _ in range(60):
        widths = [rnd.randint(1, 2), *[rnd.randint(1, 3) for _ in range(rnd.randint(1, 3))], rnd.randint(1, 2)]
        network = es.Network(widths, rnd.choice(ACTIVATIONS), biases=[rnd.random() < 0.7 for _ in widths[1:]])
        n = rnd.randint(1, 5)
        data = es.Data.from_arrays(
            [[rnd.randint(-2, 2) for _ in range(widths[0])] for _ in range(n)],
            [[rnd.randint(-2, 2) for _ in range(widths[-1])] for _ in range(n)],
        )
        problem = es.Problem(network, data, rnd.choice([es.squared, es.absolute, es.huber(1).mean]))
        theta = oracle.random_direction(problem, rnd, density=0.6)
        seen[check(problem, theta, TINY).status] += 1
    assert seen[Status.REFUTED] >= 30, seen


def test_parameters_of_another_network_are_refused() -> None:
    problem, other = problem_1d([0, 1], [0, 1], units=2), problem_1d([0, 1], [0, 1], units=1)
    with pytest.raises(ShapeError):
        es.decide(problem, other.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0]))


def test_numbers_beyond_the_format_are_no_internal_error() -> None:
    """Inputs may have 250,000 hexadecimal digits, and so may certificates; but the risk squares them."""
    data = es.Data.from_arrays([0, 1], ["0x" + "f" * 130_000, 1])
    problem = es.Problem(es.Network([1, 1]), data)
    theta = problem.parameters(W1=[[0]], b1=[0])
    with pytest.raises(UnsupportedError, match=r"integer of 26\d{4} hexadecimal digits"):
        es.decide(problem, theta)


# Symmetries: what does not change the question must not change the answer.


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
