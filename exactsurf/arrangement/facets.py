"""Which walls bound a cell: a point of the facet and the cell beyond it, or why the wall does not touch the cell so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.arrangement.hyperplanes import ArrangementCell, Hyperplanes
from exactsurf.arrangement.wall import Wall
from exactsurf.errors import InternalError
from exactsurf.exact.bounded_system import Multipliers, solve_bounded_system
from exactsurf.exact.linear_algebra import Vector, dot


@dataclass(frozen=True)
class Facet:
    """A wall that bounds the cell. `point` lies on it and strictly inside all other walls; `neighbour` is beyond it.

    The neighbour's signs are the cell's with those of the rows of the wall reversed.
    """

    wall: Wall
    point: Vector
    neighbour: ArrangementCell


@dataclass(frozen=True)
class RedundantWall:
    """A wall that the other walls imply: s f = Σ_i multipliers[i] s_i f_i + constant as affine functions of w.

    f and f_i are the forms of the walls, s and s_i the signs of the cell on them; all numbers are ≥ 0, that of the wall
    itself is 0.
    """

    wall: Wall
    multipliers: Vector
    constant: Fraction


def decide_walls(arrangement: Hyperplanes, cell: ArrangementCell) -> tuple[Facet | RedundantWall, ...]:
    """For every wall of the arrangement, in order: a facet of the cell, or redundant; either with its proof.

    Parameters: `cell`, a cell of `arrangement` with its witness.
    Exactness: exact; points and multipliers are checked by substitution.
    Raises: `InputError` if the signs of the cell are not those of its witness.
    Source: Farkas's lemma (a positive wall is implied by others iff it is a non-negative combination of them and 1).

    >>> import exactsurf as es
    >>> strip = es.Arrangement([[1], [1]], offsets=[0, 1])
    >>> cell = ArrangementCell((1, 1), (Fraction(3),))
    >>> first, second = decide_walls(strip, cell)
    >>> first.constant, second.point, second.neighbour.signs
    (Fraction(1, 1), (Fraction(1, 1),), (1, -1))
    """
    arrangement.check_cell(cell)
    walls, inside = arrangement.walls, cell.signs
    forms = [tuple(Fraction(inside[wall.rows[0]] * value) for value in wall.form) for wall in walls]
    if arrangement.is_central:
        ends: list[Vector] = []
        forms = [form[:-1] for form in forms]
        witness = cell.witness
    else:
        ends = [(Fraction(0),) * arrangement.dimension + (Fraction(1),)]
        witness = (*cell.witness, Fraction(1))
    return tuple(_decide(arrangement, cell, index, forms, ends, witness) for index in range(len(walls)))


def _decide(
    arrangement: Hyperplanes,
    cell: ArrangementCell,
    index: int,
    forms: Sequence[Vector],
    ends: Sequence[Vector],
    witness: Vector,
) -> Facet | RedundantWall:
    wall, form = arrangement.walls[index], forms[index]
    others = [*forms[:index], *forms[index + 1 :], *ends]
    if others:
        answer = solve_bounded_system(others, form, [Fraction(0)] * len(others), [None] * len(others))
        if isinstance(answer, Multipliers):
            values = answer.values
            constant = values[-1] if ends else Fraction(0)
            among = values[:-1] if ends else values
            return RedundantWall(wall, (*among[:index], Fraction(0), *among[index:]), constant)
        outwards = answer.values
    else:
        outwards = form
    # Along −δ this form falls and no other does: from the witness, the wall is met first, and crossed alone.
    slope, height = dot(form, outwards), dot(form, witness)
    point = _seen([slope * w - height * v for w, v in zip(witness, outwards, strict=True)], bool(ends))
    beyond = _seen([slope * w - 2 * height * v for w, v in zip(witness, outwards, strict=True)], bool(ends))
    signs = list(cell.signs)
    for row in wall.rows:
        signs[row] = -signs[row]
    on_wall = [0 if row in wall.rows else sign for row, sign in enumerate(cell.signs)]
    neighbour = ArrangementCell(tuple(signs), beyond)
    if arrangement.signs_at(beyond) != neighbour.signs or arrangement.signs_at(point) != tuple(on_wall):
        raise InternalError("the points of a facet are not where they should be")
    return Facet(wall, point, neighbour)


def _seen(point: Sequence[Fraction], affine: bool) -> Vector:
    """A homogeneous point as a point of the space."""
    return tuple(value / point[-1] for value in point[:-1]) if affine else tuple(point)
