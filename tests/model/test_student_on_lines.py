"""Students on lines: what is refused."""

from __future__ import annotations

from fractions import Fraction

import pytest

from exactsurf.errors import InputError
from exactsurf.model.student_on_lines import StudentOnLines

F = Fraction
AXES = ((F(1), F(0)), (F(0), F(1)))


def test_rays_come_in_pairs() -> None:
    student = StudentOnLines(AXES, (1, 2), AXES)
    assert student.rays == ((1, 0), (-1, 0), (0, 1), (0, -1)) and student.dimension == 2


@pytest.mark.parametrize(
    ("lines", "units", "teachers", "said"),
    [
        ((), (), AXES, "none of them 0"),
        (AXES, (1, 1), (), "none of them 0"),
        (AXES, (1, 1), ((F(1),),), "one length"),
        (((F(0), F(0)),), (1,), AXES, "none of them 0"),
        ((AXES[0], (F(-2), F(0))), (1, 1), AXES, "lines 0 and 1 are parallel"),
        (AXES, (1,), AXES, "one unit or more"),
        (AXES, (1, 0), AXES, "one unit or more"),
        (tuple((F(1), F(k)) for k in range(13)), (1,) * 13, AXES, "more than 12 lines"),
    ],
)
def test_what_is_no_such_student(lines, units, teachers, said) -> None:
    with pytest.raises(InputError, match=said):
        StudentOnLines(lines, units, teachers)
