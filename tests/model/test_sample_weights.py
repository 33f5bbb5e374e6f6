"""Sample weights: against scikit-learn's words, against repeated samples, and what is refused."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.utils.class_weight import compute_sample_weight

import exactsurf as es
from exactsurf.errors import InexactNumberError, InputError, ShapeError
from exactsurf.interop.problem_file import read_problem
from exactsurf.interop.problem_writer import write_problem
from tests import oracle, weighted_losses
from tests.weighted_losses import FORMULAS, labels_for

F = Fraction


@pytest.mark.parametrize("labels", [[1, -1, -1, 1, -1, -1], [3, 3, 3, 3], [0, 1, 2, 2, 1, 2]])
def test_class_weights_are_scikit_learns(labels):
    data = es.Data.from_arrays(list(range(len(labels))), labels)
    balanced = es.Problem(es.Network([1, 1]), data, class_weight="balanced").data
    expected = compute_sample_weight("balanced", labels)
    assert np.allclose([float(w) for w in balanced.weights or [F(1)] * len(labels)], expected)
    chosen = {labels[0]: 5}
    other = es.Problem(es.Network([1, 1]), data, class_weight=chosen).data.weights
    assert list(other) == list(
        map(F, compute_sample_weight({label: chosen.get(label, 1) for label in labels}, labels).astype(int))
    )


def test_balanced_classes_of_one_hot_targets_and_of_repeated_samples():
    hot = es.Data.from_arrays([0, 1, 2], [[1, 0], [0, 1], [0, 1]])
    assert es.Problem(es.Network([1, 2]), hot, "hinge", class_weight="balanced").data.weights == (F(3, 2), F(3, 4), F(3, 4))
    once = es.Data.from_arrays([0, 1], [1, -1], weights=[1, 2])
    twice = es.Data.from_arrays([0, 1, 1], [1, -1, -1])
    first, second = (es.Problem(es.Network([1, 1]), data, class_weight="balanced").data.weights for data in (once, twice))
    # The weight of all samples of a class together is the same.
    assert first == (F(3, 2), 2 * F(3, 4)) and second == (F(3, 2), F(3, 4), F(3, 4))


def test_weights_multiply():
    data = es.Data.from_arrays([0, 1], [1, -1], weights=[2, 3])
    problem = es.Problem(es.Network([1, 1]), data, "hinge", sample_weight=["1/2", 5], class_weight={1: 7})
    assert problem.data.weights == (F(7), F(15))


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"sample_weight": [1, 0]}, InputError, "weight of sample 1 is not positive.*leave the sample out"),
        ({"sample_weight": [1, -1]}, InputError, "weight of sample 1 is not positive"),
        ({"sample_weight": [1]}, ShapeError, "one per sample"),
        ({"sample_weight": 2}, InputError, "not a list of numbers"),
        ({"sample_weight": [0.5, 1]}, InexactNumberError, r"sample_weight\[0\]"),
        ({"class_weight": {3: 1}}, InputError, "a label that no sample has"),
        ({"class_weight": {1: 0}}, InputError, "is not positive"),
        ({"class_weight": "even"}, InputError, "'balanced' or a mapping"),
    ],
)
def test_bad_weights_are_refused(options, error, words):
    data = es.Data.from_arrays([0, 1], [1, -1])
    with pytest.raises(error, match=words):
        es.Problem(es.Network([1, 1]), data, **options)


def random_pair(loss: es.Loss, rnd: random.Random) -> tuple[es.Problem, es.Problem, es.Parameters]:
    """A problem with weights 1, 2 and 3, the same with samples repeated, and a point of small integers."""
    x = [[rnd.randint(-2, 2) for _ in range(2)] for _ in range(3)]
    y, weights = labels_for(loss, [rnd.randint(-2, 2) for _ in range(3)]), [rnd.randint(1, 3) for _ in range(3)]
    network = es.Network([2, rnd.randint(1, 2), 1], rnd.choice(["relu", "leaky_relu:1/2", "absolute_value"]))
    weighted = es.Problem(network, es.Data.from_arrays(x, y, weights=weights), loss)
    copies = [i for i, w in enumerate(weights) for _ in range(w)]
    repeated = es.Problem(network, es.Data.from_arrays([x[i] for i in copies], [y[i] for i in copies]), loss)

    def small() -> int:
        return rnd.randint(-1, 1)

    units = network.widths[1]
    theta = weighted.parameters(
        W1=[[small(), small()] for _ in range(units)],
        b1=[small() for _ in range(units)],
        W2=[[small() for _ in range(units)]],
        b2=[small()],
    )
    return weighted, repeated, theta


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([*FORMULAS, *(loss.mean for loss in FORMULAS)]), st.integers(0, 10**6))
def test_a_weight_is_so_many_samples_in_every_verdict(loss, seed):
    weighted, repeated, theta = random_pair(loss, random.Random(seed))
    assert weighted.risk(theta) == repeated.risk(theta)
    assert weighted.risk(theta) == weighted_losses.risk(weighted, [row[0] for row in oracle.predictions(weighted, theta)])
    one, other = es.decide(weighted, theta), es.decide(repeated, theta)
    assert (one.status, one.kind) == (other.status, other.kind)
    if one.certificate is not None:
        assert one.certificate.kind == other.certificate.kind and one.certificate.risk == other.certificate.risk
    if one.status == "REFUTED":
        assert weighted.risk(one.lower_point) == repeated.risk(one.lower_point) < weighted.risk(theta)
    if one.status == "PROVED":
        # No lower neighbour on a fine grid of random directions.
        rnd, here = random.Random(seed), weighted.risk(theta)
        for _ in range(30):
            step = F(1, 1000)
            moved = weighted.parameters(
                W1=[[v + step * rnd.randint(-3, 3) for v in row] for row in theta.weights[0]],
                b1=[v + step * rnd.randint(-3, 3) for v in theta.biases[0]],
                W2=[[v + step * rnd.randint(-3, 3) for v in row] for row in theta.weights[1]],
                b2=[v + step * rnd.randint(-3, 3) for v in theta.biases[1]],
            )
            assert weighted.risk(moved) >= here


def test_problem_files_hold_weights(tmp_path):
    data = es.Data.from_arrays([0, 1, 2], [1, -1, 1], weights=[1, "1/3", 2])
    for loss in FORMULAS:
        problem = es.Problem(es.Network([1, 1, 1]), data, loss)
        path = write_problem(tmp_path / "problem.json", problem)
        assert read_problem(path)[0] == problem
