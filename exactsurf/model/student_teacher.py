"""Students and teachers on normal inputs: the setting of population risks that are no sums over samples."""

from __future__ import annotations

from dataclasses import dataclass

from exactsurf.errors import InputError
from exactsurf.exact.linear_algebra import Matrix


@dataclass(frozen=True)
class StudentTeacher:
    """½ E (Σ_{i ≤ n} max(0, w_i·x) − Σ_j max(0, v_j·x))², x standard normal: n `units` w_i that learn the `teachers` v_j.

    Parameters: `units`, at least as many as teachers, so that the least risk is 0; `teachers`, rational rows of one length, none
    of them 0 and no two parallel. Exactness: rational numbers. Raises: `InputError`. Source: proofs/claims/population_minimum.md.

    >>> from fractions import Fraction
    >>> StudentTeacher(2, ((Fraction(1), Fraction(0)), (Fraction(0), Fraction(1)))).dimension
    2
    """

    units: int
    teachers: Matrix

    def __post_init__(self) -> None:
        rows = self.teachers
        if not rows or len({len(row) for row in rows}) != 1 or not all(map(any, rows)):
            raise InputError("teachers must be rows of one length, none of them 0", fix="for example [[1, 0], [0, 1]]")
        if self.units < len(rows):
            raise InputError("fewer students than teachers", fix="the least risk is then not known to be 0")

    @property
    def dimension(self) -> int:
        """The number of inputs."""
        return len(self.teachers[0])

    def __repr__(self) -> str:
        return f"StudentTeacher({self.units} units, {len(self.teachers)} teachers, {self.dimension} inputs)"
