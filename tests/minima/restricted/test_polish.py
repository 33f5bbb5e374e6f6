"""From floats to exact values of free parameters: least squares, planted minima, boxes, and what lies too far away."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

import exactsurf as es

FILTER = es.convolution(4, [2], strides=2, head=[1, 1])


def test_the_minimiser_of_a_cell_is_that_of_least_squares() -> None:
    """All patches positive: the risk is that of a linear model in the sums of the patches, whose fit NumPy finds in floats."""
    source = random.Random(4)
    for decay in (None, "1/10"):
        inputs = [[source.randint(1, 5) for _ in range(4)] for _ in range(6)]
        targets = [source.randint(6, 20) for _ in range(6)]
        problem = es.RestrictedProblem(FILTER, es.Data.from_arrays(inputs, targets), weight_decay=decay)
        sums = np.array([[row[0] + row[2], row[1] + row[3]] for row in inputs], dtype=float)
        shift = 0.2 if decay else 0.0
        fit = np.linalg.solve(sums.T @ sums + shift * np.eye(2), sums.T @ np.array(targets, dtype=float))
        if min(fit) <= 0:
            continue
        found = es.polish(problem, w1_0=float(fit[0]) + 0.01, w1_1=float(fit[1]) - 0.02)
        assert found.verdict.status is es.Status.PROVED and found.method == "rational critical point"
        values = problem.values(found.parameters)
        assert np.allclose([float(value) for value in values], fit, atol=1e-9)
        assert found.largest_change < Fraction(1, 20)


def test_planted_minima_are_found_again() -> None:
    """A diagonal network w² x fits 4 with w = 2, and turns off where the target is negative."""
    problem = es.RestrictedProblem(es.diagonal(2, shared=True), es.Data.from_arrays([[1, 0], [0, 1]], [4, -1]))
    found = es.polish(problem, w_0=1.97, w_1=0.03)
    assert problem.values(found.parameters) == (2, 0) and found.verdict.status is es.Status.PROVED
    arrays = {"W1": [[1.97, 0.0], [0.0, 0.03]], "W2": [[1.96, 0.02]]}
    assert es.polish(problem, arrays).parameters == found.parameters
    steps: list[str] = []
    es.polish(problem, w_0=2, w_1=0, progress=steps.append)
    assert steps == ["deciding candidate 1"]


def test_irrational_minima_lie_in_boxes() -> None:
    data = es.Data.from_arrays([[1, 2, 0], [0, 1, 1], [1, 0, -1], [1, 1, 1]], [1, 2, 0, 1])
    problem = es.RestrictedProblem(es.convolution(3, [2, 2], activation="linear"), data)
    found = es.polish(problem, w1_0=1.0, w1_1=0.3, w2_0=1.0, w2_1=0.2)
    assert isinstance(found.box, es.RestrictedBox) and found.box.is_local_minimum and found.method == "critical box"
    assert found.verdict.status is es.Status.UNDECIDED and "irrational" in found.verdict.reason
    assert repr(found).startswith("Polished(local minimum in a restricted box")
    assert problem.restriction.holds(found.parameters)


def test_smooth_activations_and_what_lies_too_far() -> None:
    network = es.Network([1, 1, 1], "tanh", biases=False)
    problem = es.RestrictedProblem(es.restriction(network, W1=[["a"]], W2=[["a"]]), es.Data.from_arrays([1], [1]))
    assert isinstance(es.polish(problem, a=1.1), es.RestrictedBox)
    far = es.polish(problem, a=1.1, within="1/100")
    assert isinstance(far, es.Verdict) and "raise within" in far.reason
    linear = es.RestrictedProblem(FILTER, es.Data.from_arrays([[1, 2, 1, 1], [2, 1, 1, 1]], [2, 3]), weight_decay=1)
    near = es.polish(linear, w1_0=1.0, w1_1=1.0, within="1/1000")
    assert near.verdict.status is es.Status.UNDECIDED and "raise within" in near.verdict.reason


def test_losses_with_kinks_and_bad_input() -> None:
    problem = es.RestrictedProblem(FILTER, es.Data.from_arrays([[1, 0, 0, 1], [1, 1, 0, 0]], [2, 1]), "absolute")
    found = es.polish(problem, w1_0=0.99, w1_1=1.01)
    assert found.verdict.status is es.Status.PROVED or "curved" in found.verdict.reason
    with pytest.raises(es.InputError, match="has no value"):
        es.polish(problem, w1_0=1)
    over = es.polish(problem, w1_0=0.7, w1_1=0.4, effort=es.Effort(seconds=0.000001))
    assert over.verdict.status is es.Status.UNDECIDED


@pytest.mark.parametrize("loss", ["squared", "absolute", "huber(1)", "hinge"])
@pytest.mark.parametrize("decay", [None, "1/5"])
def test_one_varying_weight_on_each_path_is_always_polished(loss: str, decay: str | None) -> None:
    """The descent from cell to cell ends at a proved local minimum, no higher than the floats."""
    source = random.Random(11)
    for _ in range(5):
        inputs = [[source.randint(-2, 3) for _ in range(4)] for _ in range(5)]
        targets = [source.choice((-1, 1)) if loss == "hinge" else source.randint(0, 5) for _ in inputs]
        problem = es.RestrictedProblem(FILTER, es.Data.from_arrays(inputs, targets), loss, weight_decay=decay)
        found = es.polish(problem, w1_0=source.uniform(-1, 1), w1_1=source.uniform(-1, 1), within=1000)
        assert found.verdict.status is es.Status.PROVED and found.method == "rational critical point" and found.cells > 0
        assert found.risk <= found.start_risk and es.decide(problem, found.parameters).status is es.Status.PROVED
        assert found.risk in {minimum.risk for minimum in es.landscape(problem).local_minima}


def test_what_is_known_to_be_no_minimum_is_handed_on() -> None:
    """The loss falls for ever along the filter, so there is neither a minimum nor a box near; lower points there are."""
    data = es.Data.from_arrays([[1, 0, 0, 0], [0, 1, 0, 0]], [1, 1])
    problem = es.RestrictedProblem(FILTER, data, "logistic")
    found = es.polish(problem, w1_0=0.5, w1_1=0.25)
    assert found.verdict.status is es.Status.REFUTED and found.method == "none" and found.box is None
    assert "no box was found" in found.verdict.reason and "lowest point that was tried" in found.verdict.reason
    below = found.verdict.lower_point
    assert below is not None and problem.risk(below).upper < found.risk.lower <= found.start_risk.upper
    assert es.verify(found.verdict.certificate).kind == "not a local minimum of a restricted analytic risk"
    assert es.decide(problem, found.parameters).status is es.Status.REFUTED
