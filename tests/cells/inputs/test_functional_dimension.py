"""Functional dimensions: the published numbers, ranks by SymPy and by floats on random batches, symmetries."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

import exactsurf as es
from exactsurf.cells.inputs.functional_dimension import largest_dimension
from tests.cells.inputs.functions_by_hand import outputs, pattern, random_parameters

DEEP = es.Parameters(W1=[[1, 2], [3, -1]], b1=[1, 2], W2=[[2, -1], [-3, 1]], b2=[-1, 7], W3=[[1, 2]], b3=[1])


def rank_of_differences(network: es.Network, theta: es.Parameters, batch: list[tuple[Fraction, ...]]) -> int:
    """The rank by exact differences with a step within the cell: outputs have degree 1 in every single parameter."""
    rows = []
    step = Fraction(1, 10**9)
    for x in batch:
        before = pattern(network, theta, x)
        columns = []
        for name, shape in network.shapes.items():
            for place in np.ndindex(*shape):
                value = [list(row) if isinstance(row, tuple) else row for row in theta[name]]
                if len(place) == 1:
                    value[place[0]] += step
                else:
                    value[place[0]][place[1]] += step
                moved = es.Parameters(**{**dict(theta.items()), name: value})
                assert pattern(network, moved, x) == before
                gap = zip(outputs(network, moved, x), outputs(network, theta, x), strict=True)
                columns.append([(a - b) / step for a, b in gap])
        rows += zip(*columns, strict=True)
    import sympy

    return int(sympy.Matrix([[sympy.Rational(v.numerator, v.denominator) for v in row] for row in rows]).rank())


def test_the_published_numbers() -> None:
    found = es.functional_dimension(es.Network([2, 2, 2, 1]), DEEP)
    assert (found.dimension, found.parameters, found.bound, found.hidden_symmetries) == (11, 15, 11, 0)
    source, best = random.Random(0), 0
    network = es.Network([2, 3, 2, 1])
    for _ in range(20):
        found = es.functional_dimension(network, random_parameters(network, source))
        assert found.dimension <= 15 and found.parameters == 20
        best = max(best, found.dimension)
    assert best == 15


@pytest.mark.parametrize("h", [es.relu, es.hard_tanh, es.linear], ids=repr)
def test_it_is_the_rank_on_a_large_batch(h: es.Activation) -> None:
    """Lower bound on random batches; the kernel leaves all predictions of random batches as they are, to first order."""
    source = random.Random(5)
    network = es.Network([2, 2, 1, 2], h)
    for _ in range(4):
        theta = random_parameters(network, source, 4)
        found = es.functional_dimension(network, theta)
        batch = [(Fraction(source.randint(-99, 99), 17), Fraction(source.randint(-99, 99), 19)) for _ in range(25)]
        batch = [x for x in batch if pattern(network, theta, x) is not None]
        assert rank_of_differences(network, theta, batch) <= found.dimension
        if found.certificate.batch:
            assert rank_of_differences(network, theta, list(found.certificate.batch)) == found.dimension
        problem = es.Problem(network, es.Data.from_arrays(batch, [[0, 0]] * len(batch)))
        on_data = es.functional_dimension(problem, theta)
        assert on_data.dimension == rank_of_differences(network, theta, batch)
        assert on_data.dimension + len(on_data.kernel) == found.parameters
        es.verify(on_data.certificate.encoded)


def test_rescaling_and_permuting_units_changes_nothing() -> None:
    found = es.functional_dimension(es.Network([2, 2, 2, 1]), DEEP).dimension
    turned = es.Parameters(
        W1=[[9, -3], ["1/2", 1]], b1=[6, "1/2"], W2=[["-1/3", 4], ["1/3", -6]], b2=[-1, 7], W3=[[1, 2]], b3=[1]
    )
    assert es.equal_functions(es.Network([2, 2, 2, 1]), DEEP, turned).status is es.Status.PROVED
    assert es.functional_dimension(es.Network([2, 2, 2, 1]), turned).dimension == found


def test_dead_units_and_samples_at_kinks() -> None:
    network = es.Network([1, 2, 1])
    dead = es.Parameters(W1=[[0], [1]], b1=[-1, 0], W2=[[2, 1]], b2=[0])
    # f = relu(x): only W1_1, b1_1, W2_1 and b2 matter, and one of them is a scaling.
    assert es.functional_dimension(network, dead).dimension == 3
    problem = es.Problem(network, es.Data.from_arrays([0, 1], [0, 1]))
    with pytest.raises(es.InputError, match="unit 1 of layer 1 is at a breakpoint on sample 0"):
        es.functional_dimension(problem, dead)
    with pytest.raises(es.InputError, match="piecewise linear activation"):
        es.functional_dimension(es.Network([1, 2, 1], "tanh"), dead)
    with pytest.raises(es.ShapeError):
        es.functional_dimension(es.Network([1, 3, 1]), dead)
    with pytest.raises(es.InputError, match="needs a Problem"):
        es.functional_dimension("problem.json", dead)


def test_no_ordinary_input_and_no_hidden_layer() -> None:
    kink = es.Parameters(W1=[[0], [1]], b1=[0, 1], W2=[[2, 1]], b2=[1])
    assert es.functional_dimension(es.Network([1, 2, 1]), kink).dimension == 0
    line = es.functional_dimension(es.Network([3, 2]), es.Parameters(W1=[[1, 2, 3], [0, 0, 0]], b1=[1, 0]))
    assert (line.dimension, line.bound, line.kernel) == (8, 8, ())


def test_the_bound_is_never_passed() -> None:
    source = random.Random(9)
    for widths in ([1, 3, 1], [2, 2, 2, 1], [3, 2, 1], [1, 2, 2, 2]):
        for h in (es.relu, es.leaky_relu("1/3"), es.absolute_value):
            network = es.Network(widths, h, biases=[source.random() < 0.7 for _ in widths[1:]])
            found = es.functional_dimension(network, random_parameters(network, source, 2))
            assert found.dimension <= largest_dimension(network)
            es.verify(found.certificate.encoded)
