"""The risk on active faces in floats: its steps against differences of the risk, and where faces end."""

from __future__ import annotations

import random

import numpy as np
import pytest

import exactsurf as es
from exactsurf.surface.levels.floats.active_faces import ActiveFaces, Block
from exactsurf.surface.levels.floats.float_terms import FloatTerms
from exactsurf.surface.levels.loss_terms import loss_terms


def faces_of(loss: str, y: list[int], penalty: float) -> ActiveFaces:
    """A ray with a price, and a face of two coordinates, on four samples."""
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays(range(len(y)), y), loss)
    source = np.random.default_rng(3)
    ray = Block(source.normal(size=(1, len(y))), np.ones((1, 1)), np.ones((1, 1)), True, 0.3)
    face = Block(source.normal(size=(2, len(y))), np.array([[2.0, 0.5], [0.5, 1.0]]), np.array([[1.0, -1.0]]), False, 0.0)
    return ActiveFaces([ray, face], FloatTerms(loss_terms(problem)), True, penalty, 0.1)


@pytest.mark.parametrize(
    ("loss", "y"),
    [("squared", [1, -2, 0, 3]), ("logistic", [1, -1, 1, -1]), ("log_cosh", [1, 0, 2, -1]), ("poisson", [0, 1, 3, 2])],
)
@pytest.mark.parametrize("penalty", [0.0, 0.4])
def test_a_step_of_newton_is_that_of_differences_of_the_risk(loss: str, y: list[int], penalty: float):
    faces = faces_of(loss, y, penalty)
    point = np.array([0.7, 0.9, 0.4, -0.2])
    place, h = faces.at(point), 1e-4
    units = np.eye(4) * h
    slope = np.array([(faces.at(point + e).risk - faces.at(point - e).risk) / (2 * h) for e in units])
    bends = [[faces.at(point + a + b).risk - faces.at(point + a - b).risk for b in units] for a in units]
    less = [[faces.at(point - a + b).risk - faces.at(point - a - b).risk for b in units] for a in units]
    hessian = (np.array(bends) - np.array(less)) / (4 * h * h)
    found = faces.newton_step(place)
    assert found is not None
    step, fall = found
    assert np.allclose(hessian @ step, -slope, rtol=1e-4, atol=1e-4)
    assert fall == pytest.approx(slope @ step, rel=1e-4) and fall < 0
    after = faces.moved(place, step, 1.0, fall, 0.0)
    assert after is not None and after[0].risk < place.risk
    # Where nobody sees whether the risk falls, the whole step is taken; the other way it rises, and no part is.
    unseen = faces.moved(place, step, 1.0, fall, -2 * fall)
    assert unseen is not None and unseen[1] and np.allclose(unseen[0].coordinates, point + step)
    assert faces.moved(place, -step, 1.0, fall, -1e-9 * fall) is None


def test_steps_end_where_faces_do():
    faces = faces_of("squared", [1, -2, 0, 3], 0.0)
    place = faces.at(np.array([1.0, 2.0, 1.0, 0.0]))
    assert faces.room(place, np.array([-2.0, 0.0, 0.0, 5.0])) == (0.5, 0)
    # The side of the face is the difference of its coordinates.
    assert faces.room(place, np.array([-0.5, -1.0, 3.0, 0.0])) == (0.25, 1)
    assert faces.room(place, np.array([1.0, 1.0, 1.0, 1.0])) == (1.0, -1)
    assert faces.crossing(place, np.array([0.0, -1.5, -1.0, 0.0])) == [1]
    assert not faces.crossing(place, np.array([0.0, 0.1, 0.1, 0.0]))


def test_a_face_is_worthless_where_the_risk_without_it_is_lower():
    source = random.Random(5)
    faces = faces_of("squared", [1, -2, 0, 3], 0.0)
    seen = set()
    for _ in range(40):
        point = np.array([source.uniform(0, 2), source.uniform(0, 2), source.uniform(-2, 2), source.uniform(-1, 1)])
        without, small = point * [1, 0, 0, 1], point * [1, 1e-6, 1e-6, 1]
        worthless = faces.worthless(faces.at(point), [0, 1]) == 1
        assert worthless == (faces.at(small).risk > faces.at(without).risk)
        seen.add(worthless)
    assert seen == {True, False}
