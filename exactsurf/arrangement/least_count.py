"""A lower bound on the number of cells of an arrangement that costs one rank: nothing is listed and nothing restricted."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

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
