"""Proposals for students and teachers: the gradient is that of the closed form, and vanishes at symmetric points."""

from __future__ import annotations

import numpy as np
import pytest

from exactsurf.minima.floats.student_teacher import gradient, symmetric_critical_point


def risk(students: np.ndarray, teachers: np.ndarray) -> float:
    rows, signs = np.concatenate([students, teachers]), np.array([1] * len(students) + [-1] * len(teachers))
    lengths = np.linalg.norm(rows, axis=1)
    angles = np.arccos(np.clip(rows @ rows.T / np.outer(lengths, lengths), -1, 1))
    kernels = np.outer(lengths, lengths) * (np.sin(angles) + (np.pi - angles) * np.cos(angles))
    return float(signs @ kernels @ signs) / (4 * np.pi)


def test_gradient_against_difference_quotients() -> None:
    random = np.random.default_rng(3)
    students, teachers = random.standard_normal((4, 3)), random.standard_normal((2, 3))
    found = gradient(students, teachers)
    for i in range(4):
        for p in range(3):
            move = np.zeros_like(students)
            move[i, p] = 1e-5
            assert abs((risk(students + move, teachers) - risk(students - move, teachers)) / 2e-5 - found[i, p]) < 1e-8


@pytest.mark.parametrize(("k", "one_more"), [(6, False), (9, False), (8, True), (11, True)])
def test_symmetric_points_are_critical(k: int, one_more: bool) -> None:
    rows = np.array(symmetric_critical_point(k, one_more=one_more), dtype=float)
    assert rows.shape == (k + one_more, k)
    assert abs(gradient(rows, np.eye(k))).max() < 1e-14
    assert risk(rows, np.eye(k)) > 0.01
