"""A lower bound on the number of cells of an arrangement that costs one rank: nothing is listed and nothing restricted."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.arrangement.characteristic_polynomial import betti_numbers
from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.exact.linear_algebra import rank

if TYPE_CHECKING:
    from exactsurf.arrangement.arrangement import Arrangement


def least_count(arrangement: Arrangement) -> int:
    """A number of cells that every arrangement with as many hyperplanes and the same rank has at least.

    With n different hyperplanes of rank r it is 2^(r−1) (n − r + 2), and 1 without hyperplanes: r independent hyperplanes
    make 2^r cells, and every other one meets these in hyperplanes of rank r − 1 at least, so it cuts 2^(r−1) cells in two.
    Parameters: any arrangement. Exactness: a proved bound; it is attained by r − 1 coordinate hyperplanes and a parallel
    class. Raises: nothing. Source: Shannon, "Simplicial cells in arrangements of hyperplanes", 1979, for central ones.

    >>> import exactsurf as es
    >>> least_count(es.Arrangement([[1, 0], [0, 1], [1, 1]])), least_count(es.Arrangement([[1, 0], [0, 1]], offsets=[0, 3]))
    (6, 4)
    """
    normals = [tuple(map(Fraction, wall.form[:-1])) for wall in arrangement.walls]
    if not normals:
        return 1
    dimension = rank(normals)
    return int(2 ** (dimension - 1)) * (len(normals) - dimension + 2)


def count_up_to(normals: Sequence[Sequence[Fraction]], most: int, effort: Effort = UNBOUNDED) -> int:
    """The number of cells of central hyperplanes, or a lower bound on it that is larger than `most`.

    Parameters: `normals`, none of them zero; `most`; `effort`, whose time is bounded. Exactness: exact. Raises: `OutOfTime`.
    Source: `least_count`; `characteristic_polynomial`.

    >>> corner = [[Fraction(int(i == j)) for i in range(80)] for j in range(80)]
    >>> count_up_to([row[:2] for row in corner[:2]] + [[Fraction(1)] * 2], 6), count_up_to(corner, 6) > 6
    (6, True)
    """
    from exactsurf.arrangement.arrangement import Arrangement

    # So many independent hyperplanes have more cells than that; a few more rows are likely to hold them.
    first = normals[: 2 * most.bit_length()]
    independent = rank(first)
    if 2**independent > most:
        return int(2**independent)
    arrangement = Arrangement(normals)
    least = least_count(arrangement)
    return least if least > most else sum(betti_numbers(arrangement, effort=effort))
