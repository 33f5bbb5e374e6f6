"""Equality of functions: planted symmetries are found, changes are found with an input, random pairs against grids."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.cells.inputs.equal_functions import outputs_at
from tests.cells.inputs.functions_by_hand import outputs, random_parameters


def rescaled(theta: es.Parameters, source: random.Random) -> es.Parameters:
    """Units of every hidden layer permuted and rescaled."""
    weights, biases = [list(map(list, rows)) for rows in theta.weights], [list(b) for b in theta.biases]
    for layer in range(len(weights) - 1):
        order = source.sample(range(len(weights[layer])), len(weights[layer]))
        factors = [Fraction(source.randint(1, 9), source.randint(1, 9)) for _ in order]
        weights[layer] = [[c * w for w in weights[layer][j]] for c, j in zip(factors, order, strict=True)]
        biases[layer] = [c * biases[layer][j] for c, j in zip(factors, order, strict=True)]
        weights[layer + 1] = [[row[j] / c for c, j in zip(factors, order, strict=True)] for row in weights[layer + 1]]
    named = {f"W{k}": rows for k, rows in enumerate(weights, start=1)}
    return es.Parameters(**named, **{f"b{k}": bias for k, bias in enumerate(biases, start=1)})


@pytest.mark.parametrize("widths", [[1, 3, 1], [2, 3, 2], [2, 2, 2, 1]], ids=str)
def test_symmetries_are_proved_and_changes_refuted(widths: list[int]) -> None:
    source = random.Random(2)
    network = es.Network(widths, es.leaky_relu("1/5"))
    for _ in range(5):
        theta = random_parameters(network, source)
        other = rescaled(theta, source)
        same = es.equal_functions(network, theta, other)
        assert same.status is es.Status.PROVED
        es.verify(same.certificate.encoded)
        name = source.choice([name for name in network.shapes if name[0] == "b"])
        moved = es.Parameters(**{**dict(other.items()), name: [v + Fraction(1, 7) for v in other[name]]})
        verdict = es.equal_functions(network, theta, moved)
        if verdict.status is es.Status.REFUTED:
            x = verdict.certificate.witness
            assert outputs(network, theta, x) != outputs(network, moved, x)
        else:
            points = [[Fraction(source.randint(-99, 99), 7) for _ in range(widths[0])] for _ in range(50)]
            assert all(outputs(network, theta, x) == outputs(network, moved, x) for x in points)


def test_equal_on_data_and_not_elsewhere() -> None:
    network = es.Network([1, 1, 1])
    theta, other = (es.Parameters(W1=[[1]], b1=[b], W2=[[1]], b2=[c]) for b, c in ((0, 0), (1, -1)))
    problem = es.Problem(network, es.Data.from_arrays([1, 2], [0, 0]))
    verdict = es.equal_functions(problem, theta, other)
    assert verdict.status is es.Status.PROVED and verdict.certificate.kind == "equal predictions"
    far = es.equal_functions(network, theta, other)
    assert far.status is es.Status.REFUTED and far.certificate.kind == "different functions"
    near = es.Problem(network, es.Data.from_arrays([1, -2], [0, 0]))
    assert es.equal_functions(near, theta, other).certificate.witness == (-2,)


def test_a_unit_at_its_kink_everywhere_counts_too() -> None:
    """relu(0·x + 0) is 0, whatever its output weight: the same function, with no ordinary input at all."""
    network = es.Network([1, 2, 1])
    theta, other = (es.Parameters(W1=[[0], [1]], b1=[0, 1], W2=[[v, 1]], b2=[0]) for v in (1, 5))
    assert es.equal_functions(network, theta, other).status is es.Status.PROVED


def test_outputs_at_one_input_are_those_by_hand() -> None:
    source = random.Random(4)
    network = es.Network([2, 2, 2, 2], es.hard_tanh)
    for _ in range(20):
        theta, x = random_parameters(network, source), [Fraction(source.randint(-9, 9), 4) for _ in range(2)]
        assert list(outputs_at(network, theta, x)) == outputs(network, theta, x)


def test_two_identities_of_relu() -> None:
    """relu(x) − relu(−x) = x = relu(x + 1) − relu(−x − 1) − 1; |x| by three units is not x."""
    network = es.Network([1, 2, 1])
    one = es.Parameters(W1=[[1], [-1]], b1=[0, 0], W2=[[1, -1]], b2=[0])
    two = es.Parameters(W1=[[1], [-1]], b1=[1, -1], W2=[[1, -1]], b2=[-1])
    assert es.equal_functions(network, one, two).status is es.Status.PROVED
    absolute = es.Parameters(W1=[[1], [-1]], b1=[0, 0], W2=[[1, 1]], b2=[0])
    assert es.equal_functions(network, one, absolute).status is es.Status.REFUTED
