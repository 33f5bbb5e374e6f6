"""A minimiser of the squared risk over a signed cell with many walls: floats propose on which walls it lies, fractions solve.

The generators of such a cell are too many to list. A descent in floats that holds one wall after the other (an active set
method) ends on some walls; least squares on their intersection is exact, and that no other wall is crossed is checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from exactsurf.effort import Effort
from exactsurf.exact.linear_algebra import Vector, combination, dot, identity, kernel, least_squares

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]

_STEPS = 2000
"""Most walls that are taken up or left in the descent."""
_REPAIRS = 5
"""Most times that walls are added which the exact solution crosses."""
_SHORT = 1 << 20
_SMALL = 1e-9


def minimiser_on_walls(
    rows: Sequence[Vector], targets: Vector, walls: Sequence[Vector], start: Vector, effort: Effort
) -> Vector | None:
    """Some q near `start` with wall·q ≥ 0 and the least Σ (row·q − target)² over all q on the walls that it lies on.

    Parameters: `rows`, `walls` and `start` of one length; `start` is strictly inside or near. Returns: q, or None if the descent
    did not end well. Exactness: exact: on the intersection of its walls it is a minimiser, and none is crossed; whether these are
    the right walls is a proposal. Raises: `OutOfTime`. Source: Nocedal and Wright, "Numerical Optimization", 2006, section 16.5.

    >>> line = [(Fraction(1), Fraction(0)), (Fraction(0), Fraction(1))]
    >>> q = minimiser_on_walls(line, (Fraction(-1), Fraction(2)), line, (Fraction(1), Fraction(1)), Effort().started())
    >>> [str(value) for value in q]
    ['0', '2']
    """
    import numpy as np

    try:
        with np.errstate(all="ignore"):
            proposed = _proposed(rows, targets, walls, start, effort)
    except (OverflowError, np.linalg.LinAlgError):  # numbers beyond doubles
        return None
    if proposed is None:
        return None
    held, near = proposed
    for _ in range(_REPAIRS):
        effort.check("the minimiser on the walls of a signed cell is solved for")
        point = _on_walls(rows, targets, [walls[k] for k in sorted(held)], near)
        crossed = {k for k, wall in enumerate(walls) if k not in held and dot(wall, point) < 0}
        if not crossed:
            return point
        held |= crossed
    return None


def _on_walls(rows: Sequence[Vector], targets: Vector, held: Sequence[Vector], start: Vector) -> Vector:
    """The least squares solution on an intersection of walls, near `start` where there is a choice."""
    size = len(start)
    units = identity(size)
    basis = kernel(held) if held else units
    if not basis:
        return (Fraction(0),) * size
    near = [value.limit_denominator(_SHORT) for value in start]
    if held:
        near = [value.limit_denominator(_SHORT) for value in least_squares(list(zip(*basis, strict=True)), near)]
        columns = [tuple(dot(row, vector) for vector in basis) for row in rows]
    else:
        columns = list(rows)
    step = least_squares(columns, [y - dot(row, near) for row, y in zip(columns, targets, strict=True)])
    amounts = [a + b for a, b in zip(near, step, strict=True)]
    if not held:
        return tuple(amounts)
    return combination(amounts, basis)


def _proposed(
    rows: Sequence[Vector], targets: Vector, walls: Sequence[Vector], start: Vector, effort: Effort
) -> tuple[set[int], Vector] | None:
    """The walls on which a descent in floats ends, and where."""
    import numpy as np

    features, right = np.array(rows, dtype=float), np.array(targets, dtype=float)
    sides, here = np.array(walls, dtype=float).reshape(-1, len(start)), np.array(start, dtype=float)
    lengths = np.linalg.norm(sides, axis=1)
    sides = sides / np.where(lengths > 0, lengths, 1)[:, None]
    held: list[int] = []
    for _ in range(_STEPS):
        effort.check("floats look for the walls on which the minimiser of a signed cell lies")
        step = _step(features, right - features @ here, sides[held])
        moved = float(np.linalg.norm(step))
        if moved <= _SMALL * (1 + float(np.linalg.norm(here))):
            if not held:
                return set(), tuple(map(Fraction, here.tolist()))
            slope = features.T @ (features @ here - right)
            pulls = np.linalg.lstsq(sides[held].T, slope, rcond=None)[0]
            if float(pulls.min()) >= -_SMALL * (1 + float(np.abs(pulls).max())):
                return set(held), tuple(map(Fraction, here.tolist()))
            held.pop(int(pulls.argmin()))
            continue
        speeds, heights = sides @ step, sides @ here
        speeds[held] = 0
        falling = np.flatnonzero(speeds < -_SMALL * moved)
        reach = np.maximum(heights[falling], 0) / -speeds[falling]
        if len(falling) and float(reach.min()) < 1:
            here = here + float(reach.min()) * step
            held.append(int(falling[int(reach.argmin())]))
        else:
            here = here + step
    return None


def _step(features: Floats, residual: Floats, held: Floats) -> Floats:
    """The shortest step to the least squares solution along the walls that are held."""
    import numpy as np

    if not len(held):
        return np.asarray(np.linalg.lstsq(features, residual, rcond=None)[0])
    basis = np.linalg.svd(held)[2][np.linalg.matrix_rank(held) :].T
    if not basis.shape[1]:
        return np.zeros(features.shape[1])
    return np.asarray(basis @ np.linalg.lstsq(features @ basis, residual, rcond=None)[0])
