"""Certificates of capture with enclosed levels: made wherever a point is captured, refused elsewhere, at every level."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from tests.surface.training.instances import points
from tests.surface.training.test_enclosed_component import LANDS


@pytest.mark.parametrize("land", LANDS, ids=lambda land: repr(land.problem))
def test_every_captured_point_has_a_certificate(land: es.EnclosedLandscape):
    captured = 0
    for point in [*(valley.parameters for valley in land.valleys), *points(land, 16, seed=3)]:
        component = es.sublevel_component(land, point)
        if not component.is_captured:
            with pytest.raises(es.InputError, match="not captured"):
                es.certify_capture(land, point)
            continue
        captured += 1
        proof = es.certify_capture(land, point)
        assert es.verify(proof).kind == "captured below an enclosed level"
        valley = land.valleys[component.valley]
        assert valley.risk.low <= proof.bottom <= valley.risk.high + proof.rise + Fraction(1, 10**6)
        assert component.exit_level is None or component.risk.high < proof.level <= component.exit_level.high
        lower = es.certify_capture(land, point, level=(proof.level + component.risk.high) / 2)
        assert lower.level <= (proof.level + component.risk.high) / 2 and lower.leads_to == proof.leads_to[: len(lower.leads_to)]
    assert captured >= 2


def test_levels_and_limits():
    land = LANDS[0]
    theta = land.valleys[1].parameters
    with pytest.raises(es.InputError, match="above the risk of the point and at most 312/275"):
        es.certify_capture(land, theta, level=2)
    with pytest.raises(es.InputError, match="more than 1 signed cells"):
        es.certify_capture(land, theta, max_cells=1)
    flat = es.Problem(es.Network([2, 1, 1]), es.Data.from_arrays([[0, 0], [1, 1], [2, 2]], [0, 1, 0]), weight_decay=1)
    land = es.enclosed_landscape(flat, workers=1)
    with pytest.raises(es.UnsupportedError, match="do not span"):
        es.certify_capture(land, land.valleys[0].parameters)
