"""Students whose hidden weights lie on given lines, and teachers, on normal inputs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from exactsurf.errors import InputError
from exactsurf.exact.linear_algebra import Matrix, rank

MAX_LINES = 12


@dataclass(frozen=True)
class StudentOnLines:
    """½ E (Σ_l Σ_{i ≤ n_l} max(0, t_li u_l·x) − Σ_j max(0, v_j·x))², x standard normal, with lengths t on `lines`.

    Parameters: `lines` u_l, 1 to 12 rational rows of one length, none of them 0 and no two parallel; `units` n_l ≥ 1, one number
    a line; `teachers` v_j, one or more rows of the same length, none of them 0.
    Exactness: rational numbers. Raises: `InputError`. Source: proofs/claims/population_on_lines.md.

    >>> from fractions import Fraction
    >>> axes = ((Fraction(1), Fraction(0)), (Fraction(0), Fraction(1)))
    >>> StudentOnLines(axes, (1, 1), axes)
    StudentOnLines(2 units on 2 lines, 2 teachers, 2 inputs)
    """

    lines: Matrix
    units: tuple[int, ...]
    teachers: Matrix

    def __post_init__(self) -> None:
        rows = (*self.lines, *self.teachers)
        if not self.lines or not self.teachers or len({len(row) for row in rows}) != 1 or not all(map(any, rows)):
            raise InputError("lines and teachers must be rows of one length, none of them 0", fix="for example [[1, 0], [0, 1]]")
        if len(self.lines) > MAX_LINES:
            raise InputError(f"more than {MAX_LINES} lines", text=str(len(self.lines)))
        for j, k in combinations(range(len(self.lines)), 2):
            if rank([self.lines[j], self.lines[k]]) < 2:
                raise InputError(f"lines {j} and {k} are parallel", fix="give every line once, and how many units are on it")
        if len(self.units) != len(self.lines) or min(self.units) < 1:
            raise InputError("every line has one unit or more", text=str(self.units), fix="give one number for every line")

    @property
    def dimension(self) -> int:
        """The number of inputs."""
        return len(self.lines[0])

    @property
    def rays(self) -> Matrix:
        """u_1, −u_1, u_2, −u_2, …: the directions in which units may look."""
        return tuple(tuple(sign * value for value in row) for row in self.lines for sign in (1, -1))

    def __repr__(self) -> str:
        return (
            f"StudentOnLines({sum(self.units)} units on {len(self.lines)} lines, {len(self.teachers)} teachers, "
            f"{self.dimension} inputs)"
        )
