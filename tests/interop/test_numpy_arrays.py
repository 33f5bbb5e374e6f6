"""NumPy arrays and scikit-learn models."""

from __future__ import annotations

import warnings
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.interop.numpy_arrays import from_arrays, read_npz, to_numpy
from exactsurf.interop.sklearn_model import from_sklearn

WEIGHTS = [np.array([[0.5, -1.25], [3.0, 0.1]]), np.array([[1, -2]], dtype=np.int64)]
BIASES = [np.array([0.25, 0.0], dtype=np.float32), None]


def test_arrays_become_the_numbers_that_they_store():
    model = from_arrays(WEIGHTS, BIASES, activation="leaky_relu:1/5")
    assert model.network == es.Network([2, 2, 1], es.leaky_relu("1/5"), biases=[True, False])
    assert model.parameters["W1"][1] == (Fraction(3), Fraction(*(0.1).as_integer_ratio()))
    assert model.parameters["b1"] == (Fraction(1, 4), Fraction(0))
    assert model.is_exact and model.rounding.startswith("floats are read as the binary values")


def test_the_same_by_name_transposed_and_from_a_file(tmp_path: Path):
    expected = from_arrays(WEIGHTS, BIASES)
    named = {"W1": WEIGHTS[0], "b1": BIASES[0], "W2": WEIGHTS[1]}
    assert from_arrays(named) == expected
    assert from_arrays([w.T for w in WEIGHTS], BIASES, transposed=True) == expected
    np.savez(tmp_path / "w.npz", **named)
    assert from_arrays(read_npz(tmp_path / "w.npz")) == expected
    state = {"0.weight": WEIGHTS[0], "0.bias": BIASES[0], "2.weight": WEIGHTS[1]}
    assert from_arrays(state).parameters == expected.parameters


def test_rounding_to_decimals_and_to_small_denominators():
    model = from_arrays(WEIGHTS, BIASES, digits=1)
    assert model.parameters["W1"] == ((Fraction(1, 2), Fraction(-6, 5)), (Fraction(3), Fraction(1, 10)))
    assert model.largest_change == Fraction(1, 20)  # 1.25 lies in the middle and 0.25 too
    nice = from_arrays(WEIGHTS, BIASES, denominator=10)
    assert nice.parameters["W1"][1][1] == Fraction(1, 10)
    assert nice.largest_change == Fraction(*(0.1).as_integer_ratio()) - Fraction(1, 10)
    assert "denominator ≤ 10" in nice.rounding


def test_way_back_to_numpy():
    theta = from_arrays(WEIGHTS, BIASES).parameters
    out = to_numpy(theta)
    assert out.is_exact and set(out.arrays) == {"W1", "b1", "W2"}
    assert (out.arrays["W1"] == WEIGHTS[0]).all() and out.arrays["W1"].dtype == np.float64
    half = to_numpy(theta, dtype="float16")
    assert half.largest_change == abs(Fraction(float(np.float16(0.1))) - Fraction(*(0.1).as_integer_ratio()))
    assert to_numpy(theta, dtype=object).arrays["W1"][1, 1] == theta["W1"][1][1]


@given(
    st.lists(st.fractions(-1000, 1000, max_denominator=10**6), min_size=2, max_size=2),
    st.fractions(-100, 100),
    st.sampled_from(["float64", "float32", object]),
)
def test_there_and_back_again(weights: list[Fraction], bias: Fraction, dtype: object):
    """What comes back differs by exactly what was announced, and a second round changes nothing."""
    theta = from_arrays([[weights]], [[bias]]).parameters
    assert theta.weights == ((tuple(weights),),)
    out = to_numpy(theta, dtype=dtype)
    back = from_arrays(out.arrays).parameters
    distances = [abs(a - b) for a, b in zip((*weights, bias), (*back["W1"][0], *back["b1"]), strict=True)]
    assert max(distances) == out.largest_change
    assert to_numpy(back, dtype=dtype).is_exact
    assert dtype is not object or out.is_exact


REFUSED = {
    "widths": ([[[1, 2]], [[1, 2]]], None, r"expected 1 × 1, got 1 × 2"),
    "bias": ([[[1, 2]]], [[1, 2]], "the bias of layer 1 has the wrong shape: expected 1, got 2"),
    "number of biases": ([[[1, 2]]], [None, None], "expected 1, got 2"),
    "vector": ([[1, 2]], None, r"W1 \(a matrix\)"),
    "ragged": ([[[1, 2], [1]]], None, r"W1 \(a matrix\)"),
    "cube": (np.ones((1, 1, 1, 1)), None, r"W1\[0\]\[0\]|W1 "),
    "infinite": ([[[np.inf]]], None, r"W1\[0\]\[0\]: not a finite number"),
    "truth": ([[[True]]], None, "truth value"),
    "names": ({"W1": [[1]], "W3": [[1]]}, None, "do not say which layers"),
    "other names": ({"kernel": [[1]]}, None, "do not say which layers"),
    "nothing": ([], None, "no affine layer"),
}


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_what_does_not_fit_is_named(case: str):
    weights, biases, message = REFUSED[case]
    with pytest.raises((es.InputError, es.ShapeError, es.UnsupportedError), match=message):
        from_arrays(weights, biases)


def test_files_that_are_no_npz(tmp_path: Path):
    np.save(tmp_path / "one.npz.npy", np.ones(2))
    (tmp_path / "one.npz.npy").rename(tmp_path / "one.npz")
    (tmp_path / "text.npz").write_text("W1")
    np.savez(tmp_path / "pickled.npz", W1=np.array([{}], dtype=object))
    for name in ("one", "text", "pickled", "none"):
        with pytest.raises(es.InputError, match=f"{name}.npz"):
            read_npz(tmp_path / f"{name}.npz")


def fitted(kind: str, **options):
    neural = pytest.importorskip("sklearn.neural_network")
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1], [2, 1]]) / 2
    y = np.array([0, 1, 1, 0, 1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return x, getattr(neural, kind)(max_iter=20, random_state=0, **options).fit(x, y)


@pytest.mark.parametrize("activation", ["relu", "identity"])
@pytest.mark.parametrize("hidden", [(3,), (3, 2)])
def test_a_regressor_predicts_the_same(activation: str, hidden: tuple[int, ...]):
    x, regressor = fitted("MLPRegressor", hidden_layer_sizes=hidden, activation=activation)
    model = from_sklearn(regressor)
    assert model.network.widths == (2, *hidden, 1)
    problem = model.problem(es.Data.from_arrays((2 * x).astype(int), [0] * 5), "squared")
    doubled = from_sklearn(regressor)
    scaled = [[w / 2 for w in row] for row in doubled.parameters["W1"]]  # the inputs above are doubled
    theta = problem.parameters(**{**dict(model.parameters.items()), "W1": scaled})
    exact = [float(v) for v in problem.forward(theta).outputs[0].fractions()]
    assert exact == pytest.approx(regressor.predict(x), abs=1e-12)


def test_a_classifier_gives_its_scores_before_the_logistic_function():
    x, classifier = fitted("MLPClassifier", hidden_layer_sizes=(3,))
    model = from_sklearn(classifier)
    assert "before the logistic" in model.notes[0]
    data = es.Data.from_arrays([[es.exact_float(v) for v in row] for row in x], [0] * 5)
    scores = [float(v) for v in model.problem(data).forward(model.parameters).outputs[0].fractions()]
    assert [score > 0 for score in scores] == list(classifier.predict(x) == 1)
    probability = 1 / (1 + np.exp(-np.array(scores)))
    assert probability == pytest.approx(classifier.predict_proba(x)[:, 1], abs=1e-12)


def test_scikit_learn_models_that_are_refused():
    neural = pytest.importorskip("sklearn.neural_network")
    with pytest.raises(es.InputError, match="not fitted"):
        from_sklearn(neural.MLPRegressor())
    with pytest.raises(es.UnsupportedError, match="'tanh'"):
        from_sklearn(fitted("MLPRegressor", activation="tanh")[1])
    with pytest.raises(es.InputError, match="dict is not supported"):
        from_sklearn({})
