"""Saddles of high order, where several weights must move together: refuted by curves with few entries."""

from __future__ import annotations

from typing import Any

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.minima.floats import short_curves
from exactsurf.minima.floats.short_curves import find_short_curve
from exactsurf.model.point import Point
from tests.minima.checked_decision import check_descent

_THREE_PIECES = {"breakpoints": [-1, 0, 1], "slopes": [0, 1, -1, 0], "value_at_0": 1}


@pytest.mark.parametrize("widths", [[1, 2, 2, 1], [2, 3, 3, 1], [3, 2, 2, 2, 2], [4, 16, 8, 3]], ids=str)
@pytest.mark.parametrize("biases", [True, False])
@pytest.mark.parametrize("loss", ["squared", es.huber(4)], ids=str)
def test_all_weights_zero(widths: list[int], biases: bool, loss: es.Loss | str) -> None:
    """Zero initialisation of a deep ReLU network: stationary in every order below the number of layers, and no minimum."""
    rows = [[(3 * i + 2 * j) % 5 - 2 for j in range(widths[0])] for i in range(6)]
    # Each output sums to 0, so that no output bias helps.
    targets = [[(-1) ** i * (1 + (i + k) % 3) for k in range(widths[-1])] for i in range(6)]
    targets[-1] = [-sum(column) for column in zip(*targets[:-1], strict=True)]
    problem = es.Problem(es.Network(widths, biases=biases), es.Data.from_arrays(rows, targets), loss)
    shapes = problem.network.shapes
    zero = problem.parameters(**{name: [[0] * s[1]] * s[0] if len(s) == 2 else [0] * s[0] for name, s in shapes.items()})
    verdict = es.decide(problem, zero)
    assert verdict.status is Status.REFUTED
    assert es.verify(verdict.certificate.encoded).kind == "not a local minimum"
    check_descent(problem, zero, verdict)


CASES: list[dict[str, Any]] = [
    {
        "widths": [1, 1, 2],
        "activation": "relu",
        "loss": "absolute",
        "biases": True,
        "x": [2, -2, -1],
        "y": [[0, 2], [0, 0], [0, 0]],
        "at": {"W1": [[0]], "b1": [1], "W2": [[0], [0]], "b2": [0, 0]},
    },
    {
        "widths": [1, 2, 1, 1],
        "activation": _THREE_PIECES,
        "loss": "hinge",
        "biases": True,
        "x": [0, -2, 2],
        "y": [-1, 1, -1],
        "at": {"W1": [[1], [-1]], "b1": [0, -1], "W2": [[0, 0]], "b2": [0], "W3": [[0]], "b3": [-1]},
    },
    {
        "widths": [1, 1, 1, 1, 1],
        "activation": "linear",
        "loss": "hinge",
        "biases": True,
        "x": [-1, -1, -2, 0, -1],
        "y": [-1, -1, -1, 1, -1],
        "at": {"W1": [[0]], "b1": [0], "W2": [[1]], "b2": [0], "W3": [[2]], "b3": ["-3/2"], "W4": [[0]], "b4": [-1]},
    },
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['widths']} {case['loss']}")
def test_kinks_of_the_loss_at_depth_and_with_several_outputs(case: dict[str, Any]) -> None:
    """Points that lower points surround although every direction and every curve of second order goes up."""
    network = es.Network(case["widths"], case["activation"], biases=case["biases"])
    problem = es.Problem(network, es.Data.from_arrays(case["x"], case["y"]), case["loss"])
    theta = problem.parameters(**case["at"])
    verdict = es.decide(problem, theta)
    assert verdict.status is Status.REFUTED
    check_descent(problem, theta, verdict)


def test_numbers_beyond_doubles_are_left_to_the_other_rules() -> None:
    """10^400 is no double: no curve is proposed, and `decide` answers without."""
    for size in (10**160, 10**400):
        data = es.Data.from_arrays([2, -2, -1], [[0, 2 * size], [0, 0], [0, 0]])
        problem = es.Problem(es.Network([1, 1, 2]), data, "absolute")
        theta = problem.parameters(W1=[[0]], b1=[size], W2=[[0], [0]], b2=[0, 0])
        verdict = es.decide(problem, theta)
        assert verdict.status is not Status.PROVED and verdict.risk == 2 * size
    assert find_short_curve(Point(problem, theta), es.Effort()) is None


def test_a_large_network_takes_as_many_rounds_as_a_small_one(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []

    def count(network: es.Network, source: Any, size: int) -> Any:
        drawn.append(size)
        return draw(network, source, size)

    draw = short_curves._draw
    monkeypatch.setattr(short_curves, "_draw", count)
    monkeypatch.setattr(short_curves, "_WORK", 200)
    problem = es.Problem(es.Network([1, 2, 2, 1]), es.Data.from_arrays([1, 2, -1], [0, 0, 0]))
    theta = problem.parameters(W1=[[1], [1]], b1=[0, 0], W2=[[0, 0], [0, 0]], b2=[0, 0], W3=[[0, 0]], b3=[0])
    assert find_short_curve(Point(problem, theta), es.Effort()) is None
    assert len(drawn) == 4 and max(drawn) < 20


def test_nothing_is_found_at_a_minimum() -> None:
    problem = es.Problem(es.Network([1, 2, 2, 1]), es.Data.from_arrays([1, 2, -1], [0, 0, 0]))
    theta = problem.parameters(W1=[[1], [1]], b1=[0, 0], W2=[[0, 0], [0, 0]], b2=[0, 0], W3=[[0, 0]], b3=[0])
    assert find_short_curve(Point(problem, theta), es.Effort()) is None


def test_the_curve_has_no_entry_that_it_does_not_need() -> None:
    problem = es.Problem(es.Network([1, 2, 2, 1], biases=False), es.Data.from_arrays([1, -1, 2], [1, 2, -1]))
    found = find_short_curve(Point(problem, problem.parameters(W1=[[0], [0]], W2=[[0, 0], [0, 0]], W3=[[0, 0]])), es.Effort())
    assert found is not None and found.order == 3
    entries = [entry for matrix in found.curve[0].weights for row in matrix for entry in row if entry]
    assert len(found.curve) == 1 and len(entries) == 3
