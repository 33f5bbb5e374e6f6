"""Algebraic local minima: singular values by SymPy and NumPy, symmetries, and what is refused with a reason."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy

import exactsurf as es

EYE = [[1, 0], [0, 1]]
GOLDEN = es.Problem(es.Network([2, 1, 2], es.linear, biases=False), es.Data.from_arrays(EYE, [[1, 1], [1, 0]]))
NEAR = GOLDEN.parameters(W1=[[1, "3/5"]], W2=[["6/5"], ["7/10"]])


def value(number: object) -> sympy.Expr:
    """An algebraic number as SymPy has it."""
    t = sympy.Symbol("t")
    roots = sympy.Poly(list(reversed(number.polynomial)), t).real_roots()
    (found,) = (root for root in roots if number.low < sympy.N(root, 40) < number.high)
    return found


def test_the_golden_ratio() -> None:
    verdict = es.algebraic_minimum(GOLDEN, NEAR)
    assert verdict.status is es.Status.PROVED
    assert sympy.simplify(value(verdict.certificate.risk) - (3 - sympy.sqrt(5)) / 4) == 0
    assert verdict.risk.contains(Fraction(round(float((3 - 5**0.5) / 4) * 10**15), 10**15)) or verdict.risk.radius < 1e-15
    assert es.verify(verdict.certificate.encoded).risk is None
    alpha = value(verdict.certificate.root)
    images = {
        name: sum(sympy.Rational(c.numerator, c.denominator) * alpha**k for k, c in enumerate(image))
        for name, image in verdict.certificate.coordinates.items()
    }
    w1 = sympy.Matrix([[images["W1_0_0"], images["W1_0_1"]]])
    w2 = sympy.Matrix([[images["W2_0_0"]], [images["W2_1_0"]]])
    gap = w2 * w1 - sympy.Matrix([[1, 1], [1, 0]])
    assert (gap * w1.T).applyfunc(sympy.simplify) == sympy.zeros(2, 1)
    assert (gap.T * w2).applyfunc(sympy.simplify) == sympy.zeros(2, 1)


@pytest.mark.parametrize("h", [es.linear, es.relu, es.leaky_relu("1/3")], ids=repr)
@pytest.mark.parametrize("seed", range(3))
def test_best_rank_one_fits_of_random_matrices(h: es.Activation, seed: int) -> None:
    """The risk is half the sum of the squares of the other singular values, a root of the characteristic polynomial."""
    source = np.random.default_rng(seed)
    target = source.integers(1, 4, (2, 2)) + np.array([[1, 0], [0, 0]])
    problem = es.Problem(es.Network([2, 1, 2], h, biases=False), es.Data.from_arrays(EYE, target.T.tolist()))
    u, s, v = np.linalg.svd(target.astype(float))
    sign = np.sign(v[0, 0])
    w1 = [[str(round(x, 3)) for x in sign * v[0] * np.sqrt(s[0])]]
    w2 = [[str(round(x, 3))] for x in sign * u[:, 0] * np.sqrt(s[0])]
    verdict = es.algebraic_minimum(problem, problem.parameters(W1=w1, W2=w2))
    gram = sympy.Matrix((target.T @ target).tolist())
    least = min(gram.eigenvals(), key=lambda root: sympy.N(root)) / 2
    if sympy.Rational(sympy.nsimplify(least)) == least if least.is_rational else False:
        assert verdict.status is es.Status.UNDECIDED
    else:
        assert verdict.status is es.Status.PROVED
        assert sympy.simplify(sympy.expand(value(verdict.certificate.risk) - least)) == 0


def test_degree_three_and_two_units() -> None:
    target = [[1, 1, 1], [1, 1, 0], [1, 0, 0]]
    data = es.Data.from_arrays(np.eye(3, dtype=int).tolist(), target)
    u, s, v = np.linalg.svd(np.array(target, dtype=float))
    for width in (1, 2):
        problem = es.Problem(es.Network([3, width, 3], es.linear, biases=False), data)
        w1 = [[str(round(x, 4)) for x in row] for row in v[:width]]
        w2 = [[str(round(x, 4)) for x in row] for row in u[:, :width] * s[:width]]
        verdict = es.algebraic_minimum(problem, problem.parameters(W1=w1, W2=w2))
        assert verdict.status is es.Status.PROVED, verdict
        assert len(verdict.certificate.risk.polynomial) == 4
        assert abs(float(sympy.N(value(verdict.certificate.risk))) - sum(s[width:] ** 2) / 2) < 1e-9
        es.verify(verdict.certificate.encoded)


def test_what_is_refused() -> None:
    rational = es.Problem(GOLDEN.network, es.Data.from_arrays(EYE, [[2, 0], [0, 1]]))
    found = es.algebraic_minimum(rational, rational.parameters(W1=[[1, "1/100"]], W2=[["2"], ["1/100"]]))
    assert found.status is es.Status.UNDECIDED and "rational" in found.reason
    saddle = es.algebraic_minimum(GOLDEN, GOLDEN.parameters(W1=[["-3/5", 1]], W2=[["7/20"], ["-3/5"]]))
    assert saddle.status is es.Status.UNDECIDED and "positive definite" in saddle.reason
    far = es.algebraic_minimum(GOLDEN, GOLDEN.parameters(W1=[[1, 0]], W2=[[0], [0]]))
    assert far.status is es.Status.UNDECIDED
    huber = es.Problem(GOLDEN.network, GOLDEN.data, "huber")
    with pytest.raises(es.UnsupportedError, match="squared loss"):
        es.algebraic_minimum(huber, NEAR)
    wall = es.Problem(es.Network([2, 1, 2], biases=False), GOLDEN.data)
    with pytest.raises(es.InputError, match=r"no open cell.*off the wall"):
        es.algebraic_minimum(wall, wall.parameters(W1=[[1, 0]], W2=[[1], [1]]))


def test_samples_with_weights_and_a_mean() -> None:
    data = es.Data.from_arrays(EYE, [[1, 1], [1, 0]])
    problem = es.Problem(GOLDEN.network, data, es.squared.mean, sample_weight=[1, 2])
    verdict = es.algebraic_minimum(problem, problem.parameters(W1=[[1, "3/5"]], W2=[["6/5"], ["7/10"]]))
    assert verdict.status is es.Status.PROVED
    es.verify(verdict.certificate.encoded)
