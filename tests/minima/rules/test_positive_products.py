"""Identities with positive products, and arcs of higher order: against exact sampling, symmetries and known answers."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction
from itertools import product

import pytest

import exactsurf as es
from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.point import LOCAL_MINIMUM, Certificate
from exactsurf.certificate.rules.boundary_pair import PairSplit
from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.certificate.rules.kinked_paths import KinkedPaths
from exactsurf.certificate.rules.positive_products import PositiveProducts
from exactsurf.certificate.verdict import Status
from exactsurf.effort import Effort
from exactsurf.exact.polynomial_variables import context
from exactsurf.minima.local.cell_programs import CellPrograms
from exactsurf.minima.local.unit_combination import Generator, TooLarge, combine
from exactsurf.minima.rules.positive_products import EASY, prove_positive_products
from exactsurf.model.point import Point
from tests import oracle
from tests.minima.checked_decision import check
from tests.sweep import draws

F = Fraction
SCALES = [F(1, 100), F(1, 10**4), F(1, 10**9)]


def chain(targets: list[int], inputs: list[int], last: int) -> tuple[es.Problem, es.Parameters]:
    """last·h(w₂h(w₁x)) at w₁ = w₂ = 0."""
    problem = es.Problem(es.Network([1, 1, 1, 1], biases=False), es.Data.from_arrays(inputs, targets))
    return problem, problem.parameters(W1=[[0]], W2=[[0]], W3=[[last]])


def test_a_chain_of_units_decides_by_the_sign_of_the_targets() -> None:
    """For positive inputs of equal size the predictions are equal and ≥ 0: a minimum exactly if the targets sum to ≤ 0."""
    for targets in product((-1, 0, 1), repeat=2):
        problem, theta = chain(list(targets), [1, 1], 2)
        assert (check(problem, theta, SCALES).status is Status.PROVED) == (sum(targets) <= 0)
        problem, theta = chain(list(targets), [1, 1], -2)
        assert (check(problem, theta, SCALES).status is Status.PROVED) == (sum(targets) >= 0)


def test_a_product_of_two_zeros_at_a_kink_of_the_loss() -> None:
    """f(1) = v·w with v = w = 0 and |f| + |f − …|: kinks pay for the product up to their weight, and not beyond."""
    network = es.Network([1, 1, 1, 1], es.leaky_relu("1/2"), biases=False)
    for extra in range(4):
        targets = [0, 0, *([5] * extra)]
        problem = es.Problem(network, es.Data.from_arrays([1] * len(targets), targets), loss=es.absolute)
        theta = problem.parameters(W1=[[1]], W2=[[0]], W3=[[0]])
        assert (check(problem, theta, SCALES).status is Status.PROVED) == (extra <= 2)


def small_case(rnd: random.Random, loss: es.Loss) -> tuple[es.Problem, es.Parameters]:
    """Small integers, many of them 0; targets at or next to the predictions."""
    widths = rnd.choice(([1, 1, 1, 1], [1, 2, 1, 1], [1, 1, 2]))
    network = es.Network(widths, rnd.choice((es.relu, es.leaky_relu("1/3"))), biases=[rnd.random() < 0.5 for _ in widths[1:]])
    x = [[rnd.randint(-2, 2)] for _ in range(rnd.randint(2, 4))]
    values = {
        name: [[rnd.choice((-1, 0, 0, 1, 2)) for _ in range(s[1])] for _ in range(s[0])]
        if len(s) == 2
        else [rnd.choice((-1, 0, 0, 1)) for _ in range(s[0])]
        for name, s in network.shapes.items()
    }
    blank = es.Problem(network, es.Data.from_arrays(x, [[0] * widths[-1]] * len(x)))
    fitted = blank.predictions(blank.parameters(**values))
    y = [[value + rnd.choice((-1, 0, 0, 1)) for value in row] for row in fitted]
    problem = es.Problem(network, es.Data.from_arrays(x, y), loss=loss)
    return problem, problem.parameters(**values)


def permuted(problem: es.Problem, theta: es.Parameters, rnd: random.Random) -> tuple[es.Problem, es.Parameters]:
    """The samples in another order, the inputs doubled, the weights on them halved, and the units of layer 1 rescaled by 3."""
    order = list(range(len(problem.data)))
    rnd.shuffle(order)
    x = [[2 * v for v in problem.data.x[i]] for i in order]
    data = es.Data.from_arrays(x, [list(problem.data.y[i]) for i in order])
    other = es.Problem(problem.network, data, loss=problem.loss)
    given = {name: [list(row) if isinstance(row, tuple) else row for row in value] for name, value in theta.items()}
    given["W1"] = [[3 * v / 2 for v in row] for row in given["W1"]]
    if "b1" in given:
        given["b1"] = [3 * v for v in given["b1"]]
    given["W2"] = [[v / 3 for v in row] for row in given["W2"]]
    return other, other.parameters(**given)


@pytest.mark.slow
@pytest.mark.parametrize("loss", [es.squared, es.absolute, es.hinge, es.huber("1/2")], ids=lambda loss: loss.name)
def test_random_points_against_sampling_and_symmetries(loss: es.Loss) -> None:
    rnd = random.Random(3)
    seen: Counter[str] = Counter()
    for _ in range(150):
        problem, theta = small_case(rnd, es.absolute if loss.name == "hinge" else loss)
        if loss.name == "hinge":
            if problem.network.widths[-1] > 1:
                continue
            y = [[rnd.choice((-1, 1))] for _ in problem.data.y]
            problem = es.Problem(problem.network, es.Data.from_arrays([list(r) for r in problem.data.x], y), loss=loss)
        verdict = es.decide(problem, theta)
        seen[str(verdict.status)] += 1
        evidence = verdict.certificate.local_minimum if verdict.certificate is not None else None
        if isinstance(evidence, KinkedPaths):
            # A rule that is asked before knows many of these points, too.
            evidence = prove_positive_products(CellPrograms(Point(problem, theta)), splits=0)
        if isinstance(evidence, PositiveProducts):
            seen["products"] += 1
            confirmed(Certificate(LOCAL_MINIMUM, problem, theta, problem.risk(theta), local_minimum=evidence))
            assert not oracle.is_lower_nearby(problem, theta, SCALES, 60)
            assert es.decide(*permuted(problem, theta, rnd)).status is Status.PROVED
    assert seen["products"] >= 2 and seen["UNDECIDED"] <= 3, seen


@pytest.mark.slow
@pytest.mark.parametrize("loss", [es.squared, es.absolute], ids=lambda loss: loss.name)
def test_agrees_with_the_other_rules(loss: es.Loss) -> None:
    """Asked first and not last, the rule never speaks where another one refutes, and most often where another one proves."""
    rnd = random.Random(23)
    seen: Counter[tuple[Status, bool]] = Counter()
    for _ in range(count := draws(12)):
        problem, theta = small_case(rnd, loss)
        risk = problem.risk(theta)
        evidence = prove_positive_products(CellPrograms(Point(problem, theta), effort=Effort(fan=32)))
        if evidence is not None:
            confirmed(Certificate(LOCAL_MINIMUM, problem, theta, risk, local_minimum=evidence))
        seen[es.decide(problem, theta, effort=Effort(fan=64)).status, evidence is not None] += 1
    assert not seen[Status.REFUTED, True] and 6 * seen[Status.REFUTED, False] > count, seen
    assert seen[Status.PROVED, True] > 10 * seen[Status.PROVED, False], seen


def evidence_of(problem: es.Problem, theta: es.Parameters) -> PositiveProducts:
    verdict = check(problem, theta, SCALES)
    assert verdict.certificate is not None
    evidence = verdict.certificate.local_minimum
    assert isinstance(evidence, PositiveProducts)
    return evidence


def test_weights_that_rescaling_moves_are_held() -> None:
    """Two classes at kinks of the hinge loss, two hidden layers: on the slice orthogonal to the tangents nothing was found."""
    network = es.Network([2, 1, 1, 2], es.piecewise_linear([0], [2, "-1/2"]))
    data = es.Data.from_arrays([[-1, 0], [-1, -2], [-2, 2], [0, -1], [-1, 0]], [[1, 0], [0, 1], [1, 0], [1, 0], [0, 1]])
    problem = es.Problem(network, data, loss=es.hinge)
    theta = problem.parameters(W1=[[-2, 0]], b1=[0], W2=[[1]], b2=[2], W3=[[0], [0]], b3=[1, 0])
    assert evidence_of(problem, theta).fixed == (0, 3, 5, 7)


def test_signs_of_polynomials_that_are_no_walls() -> None:
    """Three classes, hard tanh at a breakpoint: the identity needs the sign of the lead of one class over another."""
    network = es.Network([1, 1, 3], es.hard_tanh, biases=False)
    data = es.Data.from_arrays([2, -1, -1], [[0, 1, 0], [1, 0, 0], [0, 1, 0]])
    problem = es.Problem(network, data, loss=es.hinge)
    assert evidence_of(problem, problem.parameters(W1=[[1]], W2=[[0], [1], [1]])).polynomials


@pytest.mark.slow
def test_best_fits_of_rank_one_on_walls() -> None:
    """All samples at a breakpoint, three outputs: copositivity of a quadratic form once the output weights are eliminated."""
    network = es.Network([2, 1, 3], es.hard_tanh, biases=False)
    data = es.Data.from_arrays([[2, -1], [0, 1], [2, -1]], [[1, 0, 0], [-1, 1, 0], [0, -1, -2]])
    problem = es.Problem(network, data)
    evidence = evidence_of(problem, problem.parameters(W1=[[0, 1]], W2=[["-2/3"], ["2/3"], ["2/3"]]))
    assert any(getattr(node, "squares", ()) for node in evidence.nodes)


def test_arcs_of_higher_order() -> None:
    """Down to fourth order where a product of four weights that are 0 turns; and on a curve that kinks of the loss hold."""
    network = es.Network([1, 2, 1, 1], biases=False)
    problem = es.Problem(network, es.Data.from_arrays([-1, -2, 1, -1], [-1, -1, 0, 0]))
    theta = problem.parameters(W1=[[0], [1]], W2=[[0, 2]], W3=[[0]])
    verdict = check(problem, theta, SCALES)
    assert verdict.certificate is not None and isinstance(verdict.certificate.descent, DescentCurve)
    assert verdict.certificate.descent.order == 4
    vectors = es.Network([1, 1, 2], es.leaky_relu("1/3"), biases=[False, True])
    y = [[-1, -1], [-1, -1], [-2, 0], [-1, -2], [-2, -1]]
    problem = es.Problem(vectors, es.Data.from_arrays([1, 1, 0, -1, -2], y), loss=es.absolute)
    theta = problem.parameters(W1=[[0]], W2=[[2], [2]], b2=[-1, -1])
    verdict = check(problem, theta, SCALES)
    assert verdict.certificate is not None and isinstance(verdict.certificate.descent, DescentCurve)


def test_an_arc_of_fourth_order_between_kinks() -> None:
    """Two hidden layers, two outputs, absolute loss: of four kinks that hold to first order, the curve stays on two.

    With a = w₂, b = a(1 + w₁), c = a(1 + 2w₁), the best output weights between the kinks leave −⅔a²w₁²/((1 − a)(1 − b)).
    """
    network = es.Network([1, 1, 1, 2], es.piecewise_linear([-1, 0, 1], [0, 1, -1, 0], 1), biases=False)
    data = es.Data.from_arrays([0, -2, 1], [["2/3", "1/3"], [2, -1], ["2/3", "1/3"]])
    problem = es.Problem(network, data, loss=es.absolute)
    verdict = check(problem, problem.parameters(W1=[[0]], W2=[[0]], W3=[["2/3"], ["1/3"]]), SCALES)
    assert verdict.certificate is not None and isinstance(verdict.certificate.descent, DescentCurve)
    assert verdict.certificate.descent.order == 4


def test_combinations_against_values() -> None:
    """The identity holds at random points, and the bounds at 0."""
    ring = context(("x", "y", "z"))
    rnd = random.Random(5)
    x = ring.gens()
    seen: Counter[bool] = Counter()
    for _ in range(60):
        walls = [sum((rnd.randint(-1, 2) * v for v in x), ring.constant(0)) for _ in range(3)]
        walls.append(x[0] * x[1] + rnd.randint(-1, 1) * x[2])
        walls = [wall for wall in walls if wall]
        target = sum(((rnd.randint(0, 2) + rnd.randint(-1, 1) * x[rnd.randrange(3)]) * wall for wall in walls), ring.constant(0))
        found = combine(target, [Generator(-wall) for wall in walls], 3)
        seen[found is not None] += 1
        if found is None:
            continue
        zero, point = (0, 0, 0), tuple(rnd.randint(-9, 9) for _ in range(3))
        assert found.unit(*zero) > 0
        assert found.unit(*point) * target(*point) == sum(
            a(*point) * wall(*point) for a, wall in zip(found.coefficients, walls, strict=True)
        )
        for a in found.coefficients:
            assert a(*zero) > 0 or a == 0
    assert min(seen.values()) > 5, seen


def test_combinations_with_intervals() -> None:
    """x + c·y with c in [−1, 1]: an end is no room for a coefficient that varies."""
    x, y = context(("x", "y")).gens()
    inner = combine(x * y + y, [Generator(y, F(-2), F(2))], 2)
    assert inner is not None and inner.coefficients[0](0, 0) == -inner.unit(0, 0)
    assert combine(x * y + 2 * y, [Generator(y, F(-2), F(2))], 2) is None
    assert combine(2 * y, [Generator(y, F(-2), F(2))], 2) is not None
    assert combine(3 * y, [Generator(y, F(-2), F(2))], 2) is None


def test_sizes_are_bounded() -> None:
    ring = context(tuple(f"v{k}" for k in range(40)))
    with pytest.raises(TooLarge):
        combine(ring.gens()[0], [Generator(ring.gens()[1])], 3)


def test_one_sample_at_its_minimum_may_be_enough() -> None:
    """The prediction of sample 0 is nowhere below that of sample 1, so its kink pays; the walls of sample 2 are not needed."""
    tent = es.piecewise_linear([-1, 0, 1], [0, 1, -1, 0], 1)
    data = es.Data.from_arrays([0, 2, -1], ["2/3", 1, "2/3"])
    problem = es.Problem(es.Network([1, 2, 1, 1, 1], tent, biases=False), data, "absolute")
    theta = problem.parameters(W1=[[-1], [-1]], W2=[[0, 0]], W3=[[0]], W4=[["2/3"]])
    evidence = prove_positive_products(CellPrograms(Point(problem, theta)), splits=0)
    assert evidence is not None
    split = {node.pair[2] for node in evidence.nodes if isinstance(node, PairSplit)}
    assert split == {0, 1} and len(evidence.nodes) < 32


def test_all_kinks_are_tried_by_few_steps_before_some_of_them_by_all() -> None:
    """Only with the walls of all samples there is an identity; without some of them the last steps find none, and take long."""
    data = es.Data.from_arrays([-2, 2, -1], [1, 1, -1])
    problem = es.Problem(es.Network([1, 2, 1, 1], es.absolute_value), data, "hinge")
    theta = problem.parameters(W1=[[0], [1]], b1=[0, -1], W2=[[0, -1]], b2=[1], W3=[[0]], b3=[1])
    evidence = prove_positive_products(CellPrograms(Point(problem, theta)), ways=EASY)
    assert evidence is not None
    split = {node.pair[2] for node in evidence.nodes if isinstance(node, PairSplit)}
    assert split == {0, 1, 2}
    verdict = es.decide(problem, theta)
    assert verdict.status is Status.PROVED and isinstance(verdict.certificate.local_minimum, PositiveProducts)
