"""Deep linear networks: planted critical points whose kind is known from their spectrum, and published examples."""

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.cells.cell import cell_of
from exactsurf.certificate.verdict import Status
from exactsurf.errors import UnsupportedError
from exactsurf.exact.ldlt import ldlt
from exactsurf.exact.linear_algebra import from_flint, to_flint
from exactsurf.minima.deep_linear.classification import DeepLinear, PointKind, classify_deep_linear
from exactsurf.model.parameter_vector import vector_of
from tests import oracle

F = Fraction
GLOBAL, SADDLE = PointKind.GLOBAL_MINIMUM, PointKind.SADDLE


def diagonal_problem(widths: list[int], diagonal: list[int], h: es.Activation = es.linear) -> es.Problem:
    """X = I and Y diagonal, no biases."""
    eye = [[int(i == j) for j in range(widths[0])] for i in range(widths[0])]
    targets = [[diagonal[i] if i == j else 0 for j in range(widths[-1])] for i in range(widths[0])]
    return es.Problem(es.Network(widths, activation=h, biases=False), es.Data.from_arrays(eye, targets))


def planted(rnd: random.Random, problem: es.Problem, diagonal: list[int], chosen: list[int]) -> es.Parameters:
    """A critical point whose product is Y on the coordinates `chosen` and 0 elsewhere, hidden by changes of coordinates."""
    widths, layers = problem.network.widths, problem.network.layers
    slope = problem.network.activation.slopes[0]
    factors = []
    for layer in range(layers):
        rows, columns = widths[layer + 1], widths[layer]
        matrix = [[F(0)] * columns for _ in range(rows)]
        for place, k in enumerate(chosen):
            row, column = (k if layer == layers - 1 else place), (k if layer == 0 else place)
            matrix[row][column] = F(diagonal[k]) / slope ** (layers - 1) if layer == 0 else F(1)
        factors.append(to_flint(matrix))
    # Further entries in one hidden layer, between units that carry nothing, leave product and gradient as they are.
    if layers > 2 and rnd.random() < 0.6:
        middle = rnd.randrange(1, layers - 1)
        entries = [list(row) for row in from_flint(factors[middle])]
        for i in range(len(chosen), len(entries)):
            for j in range(len(chosen), len(entries[0])):
                entries[i][j] = F(rnd.randint(-1, 1))
        factors[middle] = to_flint(entries)
    for layer in range(layers - 1):
        size = widths[layer + 1]
        while True:
            change = to_flint([[F(rnd.randint(-1, 1)) for _ in range(size)] for _ in range(size)])
            if change.det() != 0:
                break
        factors[layer], factors[layer + 1] = change * factors[layer], factors[layer + 1] * change.inv()
    return es.Parameters(tuple(from_flint(factor) for factor in factors), (None,) * layers)


def check(problem: es.Problem, theta: es.Parameters, answer: DeepLinear) -> None:
    """What any answer must satisfy, recomputed from the risk polynomial and by the oracle."""
    cell = cell_of(problem, theta)
    gradient, hessian = cell.risk.gradient_at(cell.coordinates(theta)), cell.risk.hessian_at(cell.coordinates(theta))
    assert (answer.kind is PointKind.NOT_CRITICAL) == any(gradient)
    assert answer.inertia == ldlt(hessian).inertia
    if answer.lower is not None:
        assert oracle.risk(problem, answer.lower.parameters) == answer.lower.risk < answer.risk
    if answer.strict is Status.PROVED:
        v = vector_of(answer.negative_direction)
        assert sum((a * h * b for a, row in zip(v, hessian, strict=True) for h, b in zip(row, v, strict=True)), F(0)) < 0
    else:
        assert answer.inertia[1] == 0
    if answer.kind is GLOBAL:
        assert not oracle.is_lower_nearby(problem, theta, [F(1), F(1, 10), F(1, 1000)], tries=6)


@pytest.mark.parametrize("seed", range(40))
def test_planted_critical_points_of_wide_networks(seed: int):
    """The Hessian class that Achour, Malgouyres and Gerchinovitz predict, and theorem 4 of Yun, Sra and Jadbabaie."""
    rnd = random.Random(seed)
    hidden = rnd.randint(1, 3)
    outputs = rnd.randint(1, 2)
    widths = [2, *(rnd.randint(2, 3) for _ in range(hidden)), outputs]
    diagonal = [3, 1][:outputs]
    h = rnd.choice([es.linear, es.piecewise_linear([], [-2]), es.piecewise_linear([], ["1/2"])])
    problem = diagonal_problem(widths, [*diagonal, 0], h)
    chosen = sorted(rnd.sample(range(outputs), rnd.randint(0, outputs)))
    theta = planted(rnd, problem, diagonal, chosen)
    answer = classify_deep_linear(problem, theta)
    check(problem, theta, answer)
    assert answer.widths_suffice
    if len(chosen) == outputs:
        assert answer.kind is GLOBAL and answer.risk == 0 and answer.full_rank_layer is not None
        return
    assert answer.kind is SADDLE
    leading = chosen == list(range(len(chosen)))
    assert (answer.strict is Status.REFUTED) == (leading and answer.is_tightened)
    assert answer.lower is not None


@pytest.mark.parametrize("seed", range(30))
def test_bottlenecks(seed: int):
    """A narrow layer: critical points choose coordinates, the largest ones are the global minimum."""
    rnd = random.Random(seed)
    widths = rnd.choice([[3, 1, 3], [3, 2, 3], [3, 3, 1, 3], [3, 2, 2, 3]])
    bound = min(widths)
    diagonal = rnd.choice([[3, 2, 1], [2, 2, 1], [1, 2, 2]])
    problem = diagonal_problem(widths, diagonal)
    chosen = sorted(rnd.sample(range(3), rnd.randint(0, bound)))
    theta = planted(rnd, problem, diagonal, chosen)
    answer = classify_deep_linear(problem, theta)
    check(problem, theta, answer)
    assert not answer.widths_suffice
    best = sum(sorted((v * v for v in diagonal), reverse=True)[:bound])
    assert (answer.kind is GLOBAL) == (sum(diagonal[k] ** 2 for k in chosen) == best)
    assert answer.kind in (GLOBAL, SADDLE)
    assert (answer.lower is None) == (answer.kind is GLOBAL)


def test_kawaguchi_with_three_layers():
    """X = I, Y = diag(2, 1), all weights 0: risk 5/2 and a Hessian that says nothing."""
    problem = diagonal_problem([2, 2, 2, 2], [2, 1])
    zero, eye = [[0, 0], [0, 0]], [[1, 0], [0, 1]]
    answer = classify_deep_linear(problem, problem.parameters(W1=zero, W2=zero, W3=zero))
    assert (answer.kind, answer.strict, answer.inertia, answer.risk, answer.is_tightened) == (
        SADDLE,
        Status.REFUTED,
        (0, 0, 12),
        F(5, 2),
        True,
    )
    # The printed witness of corollary 2.4, W1 = W2 = 0 with any W3, has a negative eigenvalue: it is strict.
    printed = classify_deep_linear(problem, problem.parameters(W1=zero, W2=zero, W3=eye))
    assert printed.kind is SADDLE and printed.strict is Status.PROVED
    check(problem, problem.parameters(W1=zero, W2=zero, W3=eye), printed)


def test_a_bottleneck_minimum_with_a_gradient_in_the_product():
    problem = diagonal_problem([2, 1, 2], [2, 1])
    answer = classify_deep_linear(problem, problem.parameters(W1=[[2, 0]], W2=[[1], [0]]))
    assert answer.kind is GLOBAL and answer.product_gradient == ((0, 0), (0, -1))
    other = classify_deep_linear(problem, problem.parameters(W1=[[0, 1]], W2=[[0], [1]]))
    assert other.kind is SADDLE and other.strict is Status.PROVED


@pytest.mark.parametrize("biases", [[True, True, True], [False, False, True], [True, False, False], [False, True, True]])
def test_biases(biases: list[bool]):
    """Output weights 0 and the output bias at the mean (or nothing): a saddle; the least squares fit: the global minimum."""
    data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    problem = es.Problem(es.Network([1, 2, 2, 1], activation=es.linear, biases=biases), data)
    named = {"W1": [[0], [0]], "W2": [[0, 0], [0, 0]], "W3": [[0, 0]], "b1": [1, 2], "b2": [0, 0], "b3": ["3/4"]}
    if not biases[2]:
        named["b1"] = [0, 0]
    theta = problem.parameters(**{name: named[name] for name in problem.network.shapes})
    answer = classify_deep_linear(problem, theta)
    check(problem, theta, answer)
    assert answer.kind is SADDLE and answer.lower.risk < answer.risk
    fit = {"W1": [[1], [0]], "W2": [[1, 0], [0, 0]], "W3": [["1/2", 0]], "b1": [0, 0], "b2": [0, 0], "b3": [0]}
    best = problem.parameters(**{name: fit[name] for name in problem.network.shapes})
    answer = classify_deep_linear(problem, best)
    check(problem, best, answer)
    assert answer.kind is GLOBAL and answer.risk == F(3, 4)


def test_a_bias_that_is_not_free_is_not_claimed():
    problem = es.Problem(
        es.Network([1, 1, 1, 1], activation=es.linear, biases=[False, True, False]), es.Data.from_arrays([0, 1], [1, 2])
    )
    answer = classify_deep_linear(problem, problem.parameters(W1=[[0]], W2=[[0]], b2=[0], W3=[[0]]))
    assert not answer.widths_suffice
    assert answer.kind in (SADDLE, PointKind.UNDECIDED)


def test_huber_and_hinge_losses():
    data = es.Data.from_arrays([[1], [2], [3]], [1, -1, 1])
    for loss in ("hinge", es.huber(1)):
        problem = es.Problem(es.Network([1, 2, 1], activation=es.linear, biases=False), data, loss=loss)
        theta = problem.parameters(W1=[[0], [0]], W2=[[0, 0]])
        answer = classify_deep_linear(problem, theta)
        # Σ r x = −1 + 2 − 3 ≠ 0 for both losses.
        assert answer.kind is SADDLE
        assert oracle.risk(problem, answer.lower.parameters) < oracle.risk(problem, theta)


def test_refusals():
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [0, 1]))
    with pytest.raises(UnsupportedError, match="one slope"):
        classify_deep_linear(problem, problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0]))
    problem = es.Problem(es.Network([1, 1], activation=es.linear), es.Data.from_arrays([0, 1], [0, 1]), loss="absolute")
    with pytest.raises(UnsupportedError, match="kink"):
        classify_deep_linear(problem, problem.parameters(W1=[[1]], b1=[0]))


@pytest.mark.parametrize("seed", range(30))
def test_decide_agrees_with_the_spectrum(seed: int):
    """With Y diagonal and a product that takes the coordinates `chosen` of it, a point is a minimum if these are the largest.

    (Eckart and Young.) Saddles are refuted at any depth; a minimum is proved unless a bottleneck makes it one."""
    rnd = random.Random(f"decide {seed}")
    widths = [rnd.randint(1, 3) for _ in range(rnd.randint(3, 5))]
    top, ends = min(widths), min(widths[0], widths[-1])
    diagonal = rnd.sample([1, -2, 3, 4], ends)
    chosen = sorted(rnd.sample(range(ends), rnd.randint(0, top)))
    problem = diagonal_problem(widths, diagonal, rnd.choice([es.linear, es.piecewise_linear([], [-2], 0)]))
    verdict = es.decide(problem, planted(rnd, problem, diagonal, chosen))
    largest = sorted(range(ends), key=lambda k: -abs(diagonal[k]))[:top]
    if sorted(largest) != chosen:
        assert verdict.status is Status.REFUTED
        assert oracle.risk(problem, verdict.lower_point) < verdict.risk
    elif top == ends:
        assert verdict.status is Status.PROVED
    else:
        assert verdict.status is Status.PROVED or "a global minimum" in verdict.reason
