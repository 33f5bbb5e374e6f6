"""Certificates of capture: made wherever a point is captured, refused elsewhere, at every level that is right."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from tests.surface.training.instances import LANDS, points


@pytest.mark.parametrize("land", LANDS, ids=lambda land: repr(land.problem))
def test_every_captured_point_has_a_certificate(land: es.Landscape):
    captured = 0
    for point in points(land, 24, seed=3):
        component = es.sublevel_component(land, point)
        if not component.is_captured:
            with pytest.raises(es.InputError, match="the point is not captured"):
                es.certify_capture(land, point)
            continue
        captured += 1
        proof = es.certify_capture(land, point)
        accepted = es.verify(proof)
        assert accepted.kind == "captured below a level" and accepted.risk == component.risk == proof.risk
        assert proof.bottom == land.valleys[component.valley].risk
        assert proof.level == (component.exit_level or component.risk + 1)
        # The path that the claim speaks of exists, for the point itself.
        assert es.lowest_path(land, point, proof.points[0]).level == component.risk
        lower = es.certify_capture(land, point, level=(proof.level + component.risk) / 2)
        assert lower.bottom == proof.bottom and len(lower.encoded) <= len(proof.encoded) + 200
    assert captured >= 2


def test_levels_out_of_range():
    land = LANDS[0]
    theta = land.valleys[1].parameters
    with pytest.raises(es.InputError, match="above the risk of the point and at most 12/11"):
        es.certify_capture(land, theta, level=Fraction(2))
    with pytest.raises(es.InputError, match="above the risk"):
        es.certify_capture(land, theta, level=Fraction(3, 4))
    with pytest.raises(es.InputError, match="above the risk"):
        es.certify_capture(land, theta, level="3/4")
    with pytest.raises(es.InexactNumberError, match="level"):
        es.certify_capture(land, theta, level=0.75)


def test_the_limit_of_cells():
    with pytest.raises(es.InputError, match="more than 1 signed cells"):
        es.certify_capture(LANDS[1], LANDS[1].valleys[0].parameters, max_cells=1)


def test_saved_loaded_and_told(tmp_path):
    land = LANDS[0]
    proof = es.certify_capture(land, land.valleys[0].parameters)
    assert es.load(proof.save(tmp_path / "captured.json")) == proof
    assert "Captured by a valley" in es.markdown(proof) and "never exceeds" in es.markdown(proof)
    assert "Capture(" in repr(proof)
