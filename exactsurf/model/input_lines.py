"""The lines through 0 on which the inputs of a table lie: samples on one line make one hyperplane of a hidden unit."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm

from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.rational_table import RationalTable


@dataclass(frozen=True, eq=False)
class Line:
    """A line by its coprime integer vector, whose first entry that is not 0 is positive."""

    direction: tuple[int, ...]

    @cached_property
    def normal(self) -> Vector:
        """The vector of the line whose first entry that is not 0 is 1."""
        lead = next(value for value in self.direction if value)
        return tuple(Fraction(value, lead) for value in self.direction)


@dataclass(frozen=True)
class InputLine:
    """x̃_i = `lead` times the normal of the `line`, which samples on one line share."""

    line: Line
    lead: Fraction


def input_lines(inputs: RationalTable, has_one: bool) -> tuple[InputLine | None, ...]:
    """For every row the line of x̃_i = (x_i, 1), or of x_i; None where that is 0.

    Parameters: `inputs`, N × n; `has_one`, whether a 1 stands behind x_i. Exactness: exact; integers only. Raises: nothing.
    Source: proofs/FORMAT.md, section 4.2.

    >>> table = RationalTable.from_rows([[Fraction(1), Fraction(1, 2)], [Fraction(-2), Fraction(-1)], [Fraction(0)] * 2])
    >>> first, second, third = input_lines(table, has_one=False)
    >>> first.line is second.line, second.lead, third, first.line.direction
    (True, Fraction(-2, 1), None, (2, 1))
    """
    common = lcm(*inputs.denominators)
    factors = [common // d for d in inputs.denominators]
    one = (common,) if has_one else ()
    lines: dict[tuple[int, ...], Line] = {}
    found: list[InputLine | None] = []
    for i in range(inputs.rows):
        row = (*(value * factor for value, factor in zip(inputs.integer_row(i), factors, strict=True)), *one)
        divisor, lead = gcd(*row), next((value for value in row if value), 0)
        if not lead:
            found.append(None)
            continue
        divisor = divisor if lead > 0 else -divisor
        direction = tuple(value // divisor for value in row)
        found.append(InputLine(lines.setdefault(direction, Line(direction)), Fraction(lead, common)))
    return tuple(found)
