"""decide() at published points, and at points whose answer is known by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.certificate.rules.unitwise import EmptyLeaf, Split, Unitwise
from exactsurf.certificate.verdict import Status
from exactsurf.effort import Effort
from exactsurf.errors import ShapeError, UnsupportedError
from tests import oracle
from tests.minima.checked_decision import TINY, check

F = Fraction


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
    """theory.md, section 8.3: a local minimum at kinks of the loss."""
    data = es.Data.from_arrays([[1, 0], [2, 0], [1, 1]], [0, 0, 1])
    problem = es.Problem(es.Network([2, 1, 1], biases=False), data, es.absolute)
    theta = problem.parameters(W1=[[1, 0]], W2=[[0]])
    lower = problem.parameters(W1=[["1/100", "99/100"]], W2=[[1]])
    assert problem.risk(theta) == 1 and problem.risk(lower) == F(3, 100)
    assert not oracle.is_lower_nearby(problem, theta, [F(1, 100), *TINY], tries=200)
    verdict = check(problem, theta, TINY)
    assert verdict.status is Status.PROVED


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
    few = es.decide(problem, problem.parameters(W1=[[0, 0]], W2=[[1]], b2=[0]), effort=Effort(cones=1))
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
    with_fewer = es.decide(problem, theta, effort=Effort(cones=2))
    assert with_fewer.status is Status.UNDECIDED


def test_every_sample_at_the_origin() -> None:
    """x̃ = 0 has no wall, however the unit moves."""
    network = es.Network([1, 1, 1], biases=[False, True])
    problem = es.Problem(network, es.Data.from_arrays([0, 0], [1, -1]))
    verdict = check(problem, problem.parameters(W1=[[0]], W2=[[3]], b2=[0]), TINY)
    assert verdict.status is Status.PROVED


def test_no_hidden_layer() -> None:
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, 0]))
    assert check(problem, problem.parameters(W1=[[0]], b1=["1/3"]), TINY).status is Status.PROVED
    assert check(problem, problem.parameters(W1=[[0]], b1=[0]), TINY).status is Status.REFUTED


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
