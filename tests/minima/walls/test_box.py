"""Boxes with a minimum on walls: planted minima, symmetries, and what has none."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.minima.local.coordinate_vector import dimension
from exactsurf.model.parameter_vector import parameters_of, vector_of

FIVE = es.Data.from_arrays([-2, -1, 0, 1, 2], [2, 0, 1, 0, 1])
START = {"W1": [[1.0], [-1.0]], "b1": [-0.9, -0.9], "W2": [[1.1, 1.3]], "b2": [0.3]}


def decayed(**changes) -> es.Problem:
    return es.Problem(**{"network": es.Network([1, 2, 1]), "data": FIVE, "weight_decay": "1/10", **changes})


def found(problem: es.Problem, **start) -> es.BoxOnWalls:
    box = es.find_minimum_on_walls(problem, **start)
    assert isinstance(box, es.BoxOnWalls), box
    assert es.verify(box.certificate).sentence == box.certificate.sentence
    return box


def test_a_minimum_solved_by_hand():
    """f = v max(0, wx + b) + c at x = −1, 0, 1: with b = 0 the unit begins exactly at the second sample.

    With p = vw, v = w and λ = ½ the risk on the wall is ½(c² + (c + 1)² + (p + c − 2)²) + p/2. So p + c − 2 = −½ and 2c + 1 = ½:
    c = −¼, p = 7/4. The slopes in b are −½v on the left and (¾ − ½)v on the right.
    """
    data = es.Data.from_arrays([-1, 0, 1], [0, -1, 2])
    box = found(decayed(network=es.Network([1, 1, 1]), data=data, weight_decay="1/2"), W1=[[1]], b1=[0.1], W2=[[1.5]], b2=[0.1])
    assert [(wall.layer, wall.unit, wall.samples) for wall in box.walls] == [(1, 0, (1,))]
    scale = math.sqrt(7 / 4)
    values = [float(v) for v in vector_of(box.parameters)]
    assert values == pytest.approx([scale, 0, scale, -0.25], abs=2 * float(box.radius))
    assert box.risk.contains(Fraction(21, 16)) and float(box.certificate.multipliers[0]) == pytest.approx(scale / 2, abs=1e-3)


def test_kinks_of_a_loss_are_walls():
    problem = es.Problem(es.Network([1, 1], biases=False), es.Data.from_arrays([1], [1]), "absolute", weight_decay="1/2")
    box = found(problem, W1=[[0.3]])
    assert box.walls[0].layer == 1 and box.contains(problem.parameters(W1=[[1]])) and box.risk.contains(Fraction(1, 4))
    assert not box.contains(problem.parameters(W1=[["1/2"]]))


@pytest.mark.parametrize(
    ("loss", "y"),
    [
        ("hinge", [1, -1, -1, 1, 1]),
        ("absolute", [2, 0, 1, 0, 3]),
        (es.losses.quantile("1/3"), [2, 0, 1, "1/2", 3]),
        (es.huber("1/2"), [2, 0, 1, 0, 3]),
    ],
)
def test_linear_models_with_decay_rest_on_walls_of_their_loss(loss: object, y: list[object]):
    """Convex: the one minimum is the global one, which SciPy finds from anywhere."""
    minimize = pytest.importorskip("scipy.optimize").minimize
    data = es.Data.from_arrays([-2, -1, 0, 1, 3], y)
    problem = es.Problem(es.Network([1, 1]), data, loss, weight_decay="1/3", decay_biases=True)
    box = found(problem, W1=[[0.3]], b1=[0.2])

    def risk(v):
        return float(problem.risk(parameters_of(problem.network, [Fraction(float(x)) for x in v])))

    options = {"xatol": 1e-9, "fatol": 1e-12}
    best = min(minimize(risk, [a, b], method="Nelder-Mead", options=options).fun for a in (0, 1) for b in (0, 1))
    assert float(box.risk.lower) - 1e-9 <= best <= float(box.risk.upper) + 1e-6


def test_a_sample_twice_is_a_sample_of_weight_two():
    twice = es.Data.from_arrays([-2, -1, -1, 0, 1, 2], [2, 0, 0, 1, 0, 1])
    weighted = es.Data.from_arrays([-2, -1, 0, 1, 2], [2, 0, 1, 0, 1], weights=[1, 2, 1, 1, 1])
    second = found(decayed(data=weighted), **START)
    first = found(decayed(data=twice), candidate=second.parameters)
    same = {0: (0,), 1: (1, 2), 2: (3,), 3: (4,), 4: (5,)}
    assert second.walls and [wall.samples for wall in first.walls] == [same[wall.sample] for wall in second.walls]
    assert any(len(wall.samples) == 2 for wall in first.walls)
    assert abs(first.risk.midpoint - second.risk.midpoint) <= first.risk.radius + second.risk.radius
    assert first.parameters == second.parameters or first.contains(second.parameters)


def test_a_spurious_one():
    problem = decayed()
    low = found(problem, **START)
    high = found(problem, W1=[[0], [-1.17]], b1=[-1.5, -1.17], W2=[[0, 1.17]], b2=[0.52])
    assert len(high.walls) == 1 and high.shifted == ((1, 0),) and high.risk.lower > low.risk.upper
    spurious = es.find_minimum_on_walls(problem, high.parameters, lower_point=low.parameters)
    assert spurious.kind == "spurious local minimum on walls" and "spurious" in spurious.reason
    unchanged = es.find_minimum_on_walls(problem, low.parameters, lower_point=high.parameters)
    assert unchanged.kind == "local minimum on walls"


def test_texts_and_reading_back(tmp_path):
    box = found(decayed(), **START)
    certificate = box.certificate
    text = es.markdown(certificate)
    assert "unit 1 of layer 1 at sample 4" in text and "Λ" in text and "minimum_on_walls.md" in text
    assert r"\mu" in es.latex(certificate)
    again = es.load(certificate.save(tmp_path / "walls.json"))
    assert again.encoded == certificate.encoded and again == certificate
    assert "PROVED" in box._repr_html_() and repr(box).startswith("BoxOnWalls(2 walls")


def test_what_has_no_such_box():
    flat = es.find_minimum_on_walls(decayed(weight_decay=None), **START)
    assert flat.status is es.Status.UNDECIDED
    with pytest.raises(es.UnsupportedError, match="find_critical_box"):
        es.find_minimum_on_walls(decayed(network=es.Network([1, 2, 1], "tanh")), **START)
    with pytest.raises(es.ShapeError):
        es.find_minimum_on_walls(decayed(), W1=[[1]], b1=[0], W2=[[1]], b2=[0])
    late = es.find_minimum_on_walls(decayed(), effort=es.Effort(seconds=0.000001), **START)
    assert late.status is es.Status.UNDECIDED and "time" in late.reason


def test_two_equal_units_are_no_isolated_minimum():
    problem = decayed(network=es.Network([1, 2, 1]), data=es.Data.from_arrays([0, 1, 2], [0, 1, 2]))
    answer = es.find_minimum_on_walls(problem, W1=[[0.7], [0.7]], b1=[0, 0], W2=[[0.7, 0.7]], b2=[0])
    assert not isinstance(answer, es.BoxOnWalls) and answer.status is es.Status.UNDECIDED


def test_a_certificate_with_a_wall_less_is_rejected():
    certificate = found(decayed(), **START).certificate
    fewer = replace(certificate, walls=certificate.walls[:1], multipliers=certificate.multipliers[:1])
    with pytest.raises(es.RejectedCertificate):
        es.verify(fewer)


def test_dimension_of_the_shape():
    box = found(decayed(), **START)
    assert len(box.certificate.inverse) == dimension(box.problem.network) + len(box.walls)


@pytest.mark.parametrize("where", ["data", "parameters"])
def test_numbers_beyond_doubles_are_undecided(where: str) -> None:
    far = 10**400
    x, w = (far, 1) if where == "data" else (1, far)
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([x, 0, 2], [1, 0, 1]), weight_decay="1/10")
    found = es.find_minimum_on_walls(problem, W1=[[w], [1]], b1=[0, 0], W2=[[1, 1]], b2=[0])
    assert isinstance(found, es.Verdict)
    assert found.status is es.Status.UNDECIDED
    assert "beyond doubles" in found.reason
