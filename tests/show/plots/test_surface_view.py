"""The camera, the light and the bands between contour lines, against formulas of their own."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from exactsurf.show.plots.surface_view import Sheet, View, bands, height_of


def area(corners) -> float:
    following = (*corners[1:], corners[0])
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(corners, following, strict=True)) / 2


def test_bands_part_a_polygon_by_height():
    rnd = random.Random(4)
    heights = [k / 9 for k in range(10)]
    for _ in range(200):
        angles = sorted(rnd.uniform(0, 2 * math.pi) for _ in range(rnd.randint(3, 7)))
        a, b = rnd.uniform(-0.3, 0.3), rnd.uniform(-0.3, 0.3)
        corners = [(math.cos(t), math.sin(t), a * math.cos(t) + b * math.sin(t)) for t in angles]
        found = bands(corners, heights)
        assert sum(area(part) for part, _, _ in found) == pytest.approx(area(corners))
        shares = [share for _, share, _ in found]
        assert shares == sorted(shares)
        for part, share, line in found:
            level = 0.55 * (share - 0.5)
            assert all(z <= level + 1e-12 or share == 1 for *_, z in part)
            assert all(abs(z - level) < 1e-12 for *_, z in line)


def test_the_camera_is_a_rotation_and_a_perspective():
    rnd = random.Random(1)
    for _ in range(50):
        turn, tilt = rnd.uniform(-180, 180), rnd.uniform(1, 89)
        a, b = math.radians(turn), math.radians(tilt)
        about = np.array([[math.cos(a), math.sin(a), 0], [-math.sin(a), math.cos(a), 0], [0, 0, 1]])
        across = np.array([[1, 0, 0], [0, math.sin(b), math.cos(b)], [0, math.cos(b), -math.sin(b)]])
        corner = np.array([rnd.uniform(-0.5, 0.5) for _ in range(3)])
        x, up, depth = across @ about @ corner
        view = View(turn, tilt)
        assert view.place(tuple(corner)) == pytest.approx((x * 2.4 / (2.4 + depth), up * 2.4 / (2.4 + depth)))
        assert view.depth([tuple(corner)]) == pytest.approx(depth)


def test_sides_that_face_the_viewer_are_drawn_counterclockwise():
    sheet = Sheet((-1.0, 1.0, -1.0, 1.0), lambda risk: risk)
    corners = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]
    for turn in range(-175, 180, 10):
        view = View(turn, 40)
        for (x1, y1), (x2, y2) in zip(corners, (*corners[1:], corners[0]), strict=True):
            top = [(x1, y1, 0.0), (x2, y2, 0.0)]
            quad = [*top[::-1], *((x, y, sheet.floor) for x, y, _ in top)]
            assert view.faces(sheet.side(*top)) == (area([view.place(corner) for corner in quad]) > 0)
    assert sheet.side((0.0, 0.5, 0.0), (0.0, 0.4, 0.0)) is None


def test_a_level_sheet_is_lit_alike_from_every_side_and_heights_rise():
    flat = [(0.0, 0.0, 0.1), (1.0, 0.0, 0.1), (0.0, 1.0, 0.1)]
    assert View(0, 30).light(flat) == pytest.approx(0.78 + 0.36 * 0.7)
    risks = [1.0, 1.5, 2.0, 40.0]
    for logarithmic in (True, False):
        rise = height_of(risks, logarithmic)
        found = [rise(risk) for risk in risks]
        assert found == sorted(set(found)) and (found[0], found[-1]) == (0, 1)
