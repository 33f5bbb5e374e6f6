"""The setting of students and teachers on normal inputs."""

from __future__ import annotations

from fractions import Fraction

import pytest

from exactsurf.errors import InputError
from exactsurf.model.student_teacher import StudentTeacher

ONE, ZERO = Fraction(1), Fraction(0)


def test_setting() -> None:
    problem = StudentTeacher(3, ((ONE, ZERO), (ZERO, ONE)))
    assert problem.dimension == 2 and repr(problem) == "StudentTeacher(3 units, 2 teachers, 2 inputs)"


@pytest.mark.parametrize(
    ("units", "teachers", "message"),
    [
        (1, (), "rows of one length"),
        (2, ((ONE,), (ONE, ZERO)), "rows of one length"),
        (2, ((ZERO, ZERO),), "none of them 0"),
        (1, ((ONE, ZERO), (ZERO, ONE)), "fewer students"),
    ],
)
def test_bad_settings(units: int, teachers: tuple, message: str) -> None:
    with pytest.raises(InputError, match=message):
        StudentTeacher(units, teachers)
