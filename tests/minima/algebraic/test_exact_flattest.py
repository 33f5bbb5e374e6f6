"""The least sharpness of a signed cell as an algebraic number: closed forms, its bounds, symmetries, and what is not found."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
import sympy

import exactsurf as es
from exactsurf.certificate.claims.algebraic_point import AlgebraicNumber
from exactsurf.minima.algebraic.exact_flattest import root_of
from exactsurf.minima.not_proved import NotProved
from tests.minima.test_flattest_minimiser import LINE, planted
from tests.sweep import draws

PLANE = es.Problem(es.Network([2, 2, 1], "linear", biases=False), es.Data.from_arrays([[1, 0], [0, 1]], [3, 4]))
SWEEP = draws(4)


def found_at(problem, parameters, **more):
    return es.flattest_minimiser(problem, parameters, exactly=True, width="1e-12", **more)


def test_two_inputs_by_the_known_norm():
    """Linear units, X = I, f = a: the least trace is 2√2·|a|, and the least largest eigenvalue is 2|a| = 10."""
    found = found_at(PLANE, PLANE.parameters(W1=[[3, 0], [0, 4]], W2=[[1, 1]]))
    assert found.least_trace.polynomial == (-200, 0, 1) and found.least_trace.index == 1
    assert found.least_eigenvalue.value == 10
    one = es.Problem(es.Network([2, 1, 1], "linear", biases=False), PLANE.data)
    alone = found_at(one, one.parameters(W1=[[3, 4]], W2=[[1]]))
    assert alone.least_trace == found.least_trace and alone.least_eigenvalue == found.least_eigenvalue


def test_two_relu_units_are_a_sum_of_two_norms():
    """x = (1, 0), (0, 1), (−1, 0): unit 1 is on at the first two, unit 2 at the last two, so both are given up to one number t.

    T = Σ_j 2√(A_j q_j(p_j)), A = 2, q(p) = |p|², p_1 = (1, 2 − t), p_2 = (−1, t); SymPy finds where its derivative is 0.
    """
    network = es.Network([2, 2, 1], biases=False)
    x = [[1, 0], [0, 1], [-1, 0]]
    blank = es.Problem(network, es.Data.from_arrays(x, [0, 0, 0]))
    theta = blank.parameters(W1=[[1, 1], [-1, 1]], W2=[[1, 1]])
    problem = es.Problem(network, es.Data.from_arrays(x, [row[0] for row in blank.predictions(theta)]))
    found = found_at(problem, theta)
    t = sympy.symbols("t")
    total = 2 * sympy.sqrt(2) * (sympy.sqrt(1 + (2 - t) ** 2) + sympy.sqrt(1 + t**2))
    (least,) = sympy.solve(sympy.diff(total, t), t)
    expected = sympy.Poly(sympy.minimal_polynomial(total.subs(t, least), t), t).all_coeffs()[::-1]
    assert [int(c) for c in found.least_trace.polynomial] == [int(c) for c in expected]


def test_it_is_between_the_bounds_that_are_proved_otherwise():
    """Planted problems: where an algebraic number is found, it lies between the bounds of the claim `flattest minimiser`."""
    rnd, found_numbers, tried = random.Random(11), 0, 0
    while tried < SWEEP:
        instance = planted(rnd)
        if instance is None:
            continue
        try:
            found = found_at(*instance)
        except es.UnsupportedError:
            continue
        tried += 1
        for bounds, root in ((found.trace, found.least_trace), (found.eigenvalue, found.least_eigenvalue)):
            if root is not None:
                found_numbers += 1
                near = root.narrowed(Fraction(1, 10**40)) if root.value is None else root
                assert bounds[0] <= near.high and near.low <= bounds[1]
    assert found_numbers > tried


@pytest.mark.slow
def test_it_is_the_same_for_other_orders_and_scales_of_units():
    rnd, seen = random.Random(4), 0
    while seen < 1:
        instance = planted(rnd)
        if instance is None or instance[0].network.widths[1] < 2 or "relu" not in repr(instance[0].network):
            continue
        problem, theta = instance
        try:
            here = found_at(problem, theta)
        except es.UnsupportedError:
            continue
        if here.least_trace is None:
            continue
        seen += 1
        rows, biases, outputs = theta.weights[0], theta.biases[0], theta.weights[1][0]
        order = range(len(rows) - 1, -1, -1)
        moved = problem.parameters(
            W1=[[3 * w for w in rows[j]] for j in order],
            b1=[3 * biases[j] for j in order],
            W2=[[outputs[j] / 3 for j in order]],
            b2=theta.biases[1],
        )
        there = found_at(problem, moved)
        assert there.least_trace == here.least_trace and there.least_eigenvalue == here.least_eigenvalue


def test_one_line_spread_over_units_and_a_unit_that_is_off():
    found = found_at(LINE, LINE.parameters(W1=[[4], ["1/2"]], W2=[["1/4", 2]]))
    assert found.least_trace.value == found.least_eigenvalue.value == 20
    off = found_at(LINE, LINE.parameters(W1=[[2], [-1]], W2=[[1, 5]]))
    assert off.least_trace.value == 20


def test_what_is_not_found_is_said_and_the_bounds_stay():
    bounds = es.flattest_minimiser(LINE, LINE.parameters(W1=[[4], ["1/2"]], W2=[["1/4", 2]]))
    assert bounds.exact_trace is None and bounds.least_trace is None
    rnd = random.Random(3)
    instance = planted(rnd)
    while instance is None or repr(instance[0].network) != "Network(2-2-1, leaky_relu('1/2'))":
        instance = planted(rnd)
    found = found_at(*instance)
    assert isinstance(found.exact_trace, NotProved) and "degree 24" in found.exact_trace.reason
    assert found.least_trace is None and found.trace[0] < found.trace[1]


@pytest.mark.parametrize(("low", "high", "index"), [(1, 2, 1), (-2, -1, 0)])
def test_roots_of_certificates(low, high, index):
    assert root_of(AlgebraicNumber((-2, 0, 1), Fraction(low), Fraction(high))).index == index
    rational = AlgebraicNumber((-low - high, 2), Fraction(low), Fraction(high))
    assert root_of(rational).value == Fraction(low + high, 2)


def test_rescalings_at_any_depth_against_their_bounds_and_older_formulas():
    """Random points of small networks: the number lies between the bounds, and is Σ √ of one hidden layer where that is known."""
    rnd, proved = random.Random(2), 0
    for _ in range(2 * SWEEP):
        widths = rnd.choice([[1, 2, 1], [2, 2, 1], [1, 1, 1, 1], [1, 2, 2, 1], [2, 2, 2]])
        network = es.Network(widths, rnd.choice(["relu", "linear"]), biases=rnd.random() < 0.5)
        x = [[rnd.randint(1, 3) for _ in range(widths[0])] for _ in range(2)]
        named = {
            name: [Fraction(rnd.randint(1, 4), 2) for _ in range(shape[0])]
            if len(shape) == 1
            else [[Fraction(rnd.randint(1, 4), 2) for _ in range(shape[1])] for _ in range(shape[0])]
            for name, shape in network.shapes.items()
        }
        blank = es.Problem(network, es.Data.from_arrays(x, [[0] * widths[-1]] * 2))
        theta = blank.parameters(**named)
        problem = es.Problem(network, es.Data.from_arrays(x, blank.predictions(theta)))
        plain, found = es.flattest_rescaling(problem, theta), es.flattest_rescaling(problem, theta, exactly=True)
        if not isinstance(found.exact_trace, NotProved) and plain.least_trace is not None:
            assert found.least_trace == plain.least_trace == root_of(found.exact_trace.value)
        for bounds, part in ((found.trace, found.exact_trace), (found.eigenvalue, found.exact_eigenvalue)):
            if not isinstance(part, NotProved):
                proved += 1
                assert bounds[0] <= part.value.high and part.value.low <= bounds[1]
    assert proved >= SWEEP
