"""Samples whose predictions are multiples of others': what is named holds at random parameters, and what holds is named."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import exactsurf as es
from exactsurf.minima.local.input_multiples import input_multiples, is_homogeneous, is_symmetric
from tests import oracle

ACTIVATIONS = [
    es.relu,
    es.leaky_relu("1/3"),
    es.absolute_value,
    es.hard_tanh,
    es.linear,
    es.relu_like(1, -1),
    es.piecewise_linear([-1, 0, 1], [0, 1, -1, 0], 1),
    es.piecewise_linear([0, 1], [1, 1, 2], 0),
]


def test_against_predictions_at_random_parameters() -> None:
    rnd, seen = random.Random(4), Counter[str]()
    for _ in range(300):
        h = rnd.choice(ACTIVATIONS)
        widths = [rnd.randint(1, 2), *[2] * rnd.randint(1, 2), rnd.randint(1, 2)]
        biases = [rnd.random() < 0.3 for _ in widths[1:]]
        base = [rnd.randint(-2, 2) for _ in range(widths[0])]
        q = Fraction(rnd.choice((1, -1, 2, -2, "1/2")))
        x = [base, [q * value for value in base]]
        problem = es.Problem(es.Network(widths, h, biases=biases), es.Data.from_arrays(x, [[0] * widths[-1]] * 2))
        drawn = [oracle.random_direction(problem, rnd) for _ in range(8)]
        # Small parameters, too: at large ones only the outer pieces of an activation are seen.
        drawn += [far.moved(far, Fraction(-9, 10)) for far in drawn]
        points = [oracle.predictions(problem, parameters) for parameters in drawn]
        found = input_multiples(problem)
        for i, m, c in found:
            assert (i, m) == (1, 0) and c
            assert all(f[1] == [c * value for value in f[0]] for f in points)
        if any(base) and not found:
            # No factor that a symmetry could give fits at all points.
            assert not any(all(f[1] == [c * value for value in f[0]] for f in points) for c in (q, -q, 1, -1)), (problem, q)
        seen[f"{q} {bool(found)}"] += 1
    assert all(seen[f"{q} True"] >= 3 for q in ("1", "-1", "2", "-2", "1/2")), seen
    assert all(seen[f"{q} False"] >= 3 for q in ("-1", "2", "-2", "1/2")), seen


def test_chains_lead_to_the_first_sample() -> None:
    network = es.Network([1, 2, 1], es.relu, biases=False)
    problem = es.Problem(network, es.Data.from_arrays([3, -1, 1, -2, 0, 0], [0] * 6))
    assert input_multiples(problem) == ((2, 0, Fraction(1, 3)), (3, 1, Fraction(2)), (5, 4, Fraction(1)))


def test_properties_of_activations() -> None:
    assert [is_homogeneous(h) for h in ACTIVATIONS] == [True, True, True, False, True, True, False, False]
    assert [is_symmetric(h, 1) for h in ACTIVATIONS] == [False, False, True, False, False, True, True, False]
    assert [is_symmetric(h, -1) for h in ACTIVATIONS] == [False, False, False, True, True, False, False, False]
