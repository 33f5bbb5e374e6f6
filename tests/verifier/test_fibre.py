"""The fibre of a point in the verifier: slopes, sides and predictions against a network in floats, and what is rejected."""

from __future__ import annotations

import numpy as np
import pytest

from exactsurf.verifier import Rejected
from exactsurf.verifier.arithmetic.document import Field
from exactsurf.verifier.fibre import Fibre, check_shape, read_fibre
from exactsurf.verifier.problem import read_point, read_problem
from tests.verifier.oracle import Document, data, number
from tests.verifier.verdicts import golden

NAMES = ("flattest_minimiser", "flattest_minimiser_relu", "flattest_minimiser_one")


def fibre_of(document: Document) -> Fibre:
    problem = read_problem(Field(document["problem"], "problem"), None, 2)
    check_shape(problem, Field(document["problem"], "problem"))
    field = Field(document["parameters"], "parameters")
    return read_fibre(problem, read_point(problem, field, Field(document["claim"]["risk"], "claim.risk")), field)


@pytest.mark.parametrize("name", NAMES)
def test_slopes_sides_and_predictions(name: str) -> None:
    document = golden(name)
    fibre, point = fibre_of(document), document["parameters"]
    x, _ = data(document["problem"])
    rows = np.array([[*map(float, row), *([1.0] if document["problem"]["biases"][0] else [])] for row in x])
    assert np.allclose(rows, [[float(v) for v in row] for row in fibre.rows])
    w = np.array([[float(number(v)) for v in row] for row in point["W1"]])
    if "b1" in point:
        w = np.hstack([w, [[float(number(b))] for b in point["b1"]]])
    v = np.array([float(number(value)) for value in point["W2"][0]])
    slopes = [float(number(s)) for s in document["problem"]["activation"]["slopes"]]
    z = rows @ w.T
    a = np.where(z > 0, slopes[-1], slopes[0])
    assert np.allclose(a.T, [[float(s) for s in own] for own in fibre.slopes])
    sides = np.sign(z * v).T if len(slopes) > 1 else np.zeros_like(z.T)
    assert (sides == np.array(fibre.sides)).all() and (np.sign(v) == fibre.signs).all()
    bias = float(number(point["b2"][0])) if "b2" in point else 0.0
    assert np.allclose((a * z) @ v + bias, [float(f) for f in fibre.predictions])


def test_points_without_a_fibre() -> None:
    document = golden("flattest_minimiser")
    document["parameters"]["W2"] = [["1", "0"]]
    document["claim"]["risk"] = "4"
    with pytest.raises(Rejected, match="output weight is 0"):
        fibre_of(document)
    document["problem"]["activation"] = {"breakpoints": ["1"], "slopes": ["0", "1"], "value_at_0": "0"}
    with pytest.raises(Rejected, match="no breakpoint but 0"):
        fibre_of(document)
