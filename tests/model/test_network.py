"""Networks: widths, shapes, errors."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import exactsurf as es
from exactsurf.errors import InputError, ShapeError


def test_shapes() -> None:
    network = es.Network([3, 4, 2, 1], es.leaky_relu("1/5"), biases=[True, False, True])
    assert network.widths == (3, 4, 2, 1) and network.layers == 3
    assert network.shapes == {"W1": (4, 3), "b1": (4,), "W2": (2, 4), "W3": (1, 2), "b3": (1,)}
    assert list(network.shapes) == ["W1", "b1", "W2", "W3", "b3"]


def test_activations_by_name() -> None:
    assert es.Network([1, 2, 1], "leaky_relu:1/5") == es.Network([1, 2, 1], es.leaky_relu("1/5"))
    assert es.Network([1, 2, 1]).activation is es.relu


def test_numpy_widths() -> None:
    assert es.Network(np.array([1, 2, 1])) == es.Network((1, 2, 1))
    assert all(type(width) is int for width in es.Network(np.array([1, 2, 1])).widths)


@pytest.mark.parametrize(
    ("widths", "message"),
    [
        ([1], "at least two widths"),
        ([], "at least two widths"),
        ([1, 0, 1], "width 1 of the network is 0"),
        ([1, -2, 1], "width 1 of the network is -2"),
        ([1, 2.0, 1], "width 1 of the network is not an integer"),
        ([1, True, 1], "width 1 of the network is not an integer"),
        (["1", 1], "width 0 of the network is not an integer"),
        ([np.array([2, 3]), 1], "width 0 of the network is not an integer"),
        (np.array(3), "the widths of a network are a list of integers"),
    ],
)
def test_bad_widths(widths: list[object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        es.Network(widths)  # type: ignore[arg-type]


def test_bad_biases() -> None:
    with pytest.raises(ShapeError, match="expected 2, got 1"):
        es.Network([1, 2, 1], biases=[True])
    with pytest.raises(InputError, match="truth values"):
        es.Network([1, 2, 1], biases=[1, 0])  # type: ignore[list-item]
    with pytest.raises(InputError, match="one truth value, or a list of them"):
        es.Network([1, 2, 1], biases=np.array(True))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("network", "text"),
    [
        (es.Network([7, 2, 1]), "Network(7-2-1, relu)"),
        (es.Network([7, 2, 1], biases=False), "Network(7-2-1, relu, biases=False)"),
        (es.Network([7, 2, 1], biases=[True, False]), "Network(7-2-1, relu, biases=[True, False])"),
        (es.Network([1, 2, 1], es.leaky_relu("1/5")), "Network(1-2-1, leaky_relu('1/5'))"),
        (es.Network([1, 1], es.leaky_relu("1/5")), "Network(1-1, linear model)"),
        (es.Network([2, 1], "sigmoid", biases=False), "Network(2-1, linear model, biases=False)"),
        (es.Network([1, 2, 1], "tanh"), "Network(1-2-1, tanh)"),
    ],
)
def test_repr_equality_hash_pickle(network: es.Network, text: str) -> None:
    assert repr(network) == text
    again = pickle.loads(pickle.dumps(network))
    assert again == network and hash(again) == hash(network)
    with pytest.raises(AttributeError):
        network.widths = (1, 1)  # type: ignore[misc]


def test_differences_matter() -> None:
    base = es.Network([1, 2, 1])
    different = [es.Network([1, 3, 1]), es.Network([1, 2, 1], es.relu6), es.Network([1, 2, 1], biases=False)]
    assert all(other != base for other in different)
    assert base == es.Network([1, 2, 1], es.leaky_relu(0))
