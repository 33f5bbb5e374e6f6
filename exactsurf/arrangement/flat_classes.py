"""Betti numbers of a central arrangement with many symmetries, by flats modulo isomorphism of what lies above them.

The Möbius numbers μ of the lattice of flats satisfy |Y|·|μ(Y)| = Σ (|Y| − |X|)·|μ(X)| over the flats X that Y covers, where |X|
is the number of hyperplanes that contain X. So the sum of |μ| goes up from rank to rank, one hyperplane at a time, and
flats above which the arrangement looks the same go up together.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from exactsurf.arrangement.machine_integers import largest_entry, product
from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.errors import InternalError
from exactsurf.exact.linear_algebra import common_denominator, rank, solve

if TYPE_CHECKING:
    from exactsurf.arrangement.machine_integers import Integers

_HALF = 1 << 31
"""Products of two integers below this are machine integers, and so is the difference of two such products."""
_LEAST_RANK = 4
_SHARE = 4
"""So many times as many hyperplanes as kinds of them there must be for classes of flats to be worth their search."""
_ODD = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
"""Steele, Lea and Flood's constants, which mix bits well; nothing that is claimed depends on that."""


class Above(NamedTuple):
    """The arrangement above a flat: what its hyperplanes cut out of the flat.

    `below`, the number of hyperplanes that contain the flat; for every different trace of the others how many have it, in
    `copies`, and in `gram` the inner products of one normal each, up to a common factor.
    """

    below: int
    copies: Integers
    gram: Integers


class _TooLarge(Exception):
    """A number is beyond machine integers."""


def betti_numbers_by_classes(rows: Sequence[Sequence[int]], effort: Effort = UNBOUNDED) -> list[int] | None:
    """The Betti numbers b_0, …, b_r of different central hyperplanes of rank r, r ≥ 4, none a zero row.

    Parameters: `rows`, their normals as coprime integers. Returns: None where other ways are likely to be quicker: there are
    few symmetries, or numbers are long. Exactness: exact; that two flats are of one class is proved by equal coordinates.
    Raises: `OutOfTime`. Source: proofs/flat_classes.md; Weisner 1935; for symmetric arrangements Brysiewicz, Eble and Kühne 2023.

    >>> cube = [(1, x & 1, x >> 1 & 1, x >> 2) for x in range(8)]
    >>> betti_numbers_by_classes(cube)
    [1, 8, 28, 44, 23]
    """
    height = rank([tuple(map(Fraction, row)) for row in rows])
    if height < _LEAST_RANK:
        return None
    try:
        whole = _whole(rows, height)
        if _SHARE * len(set(_colours(whole, _table(whole)).tolist())) > len(rows):
            return None
        return _summed(whole, height, effort)
    except _TooLarge:
        return None


def _summed(whole: Above, height: int, effort: Effort) -> list[int]:
    betti = [Fraction(1), Fraction(len(whole.copies))]
    classes = [(whole, Fraction(1))]
    for corank in range(height - 1, 2, -1):
        found: dict[tuple[object, ...], tuple[Above, Fraction]] = {}
        for flat, total in classes:
            for place, copies in enumerate(flat.copies.tolist()):
                effort.check("counted cells")
                above = _restricted(flat, place)
                key = _coordinates(above, corank)
                first, before = found.get(key, (above, Fraction(0)))
                found[key] = (first, before + total * Fraction(copies, above.below))
        classes = list(found.values())
        if corank < height - 1:
            betti.append(sum((total for _, total in classes), Fraction(0)))
    lines, points = Fraction(0), Fraction(0)
    for flat, total in classes:
        effort.check("counted cells")
        own = _last_two(flat)
        lines, points = lines + total * own[0], points + total * own[1]
    betti += [lines, points]
    betti.append(sum(betti[-1::-2], Fraction(0)) - sum(betti[-2::-2], Fraction(0)))  # Σ (−1)^j b_j = 0 for central arrangements
    if any(value.denominator != 1 for value in betti):
        raise InternalError("a Betti number is no whole number")
    return [int(value) for value in betti]


def _whole(rows: Sequence[Sequence[int]], height: int) -> Above:
    """The whole arrangement, with inner products that every linear map keeps that permutes the normals up to signs."""
    import numpy as np

    columns: list[tuple[Fraction, ...]] = []
    for column in zip(*rows, strict=True):
        if len(columns) < height and rank([*columns, tuple(map(Fraction, column))]) > len(columns):
            columns.append(tuple(map(Fraction, column)))
    moments = [[sum((a * b for a, b in zip(one, other, strict=True)), Fraction(0)) for other in columns] for one in columns]
    shorter = list(zip(*columns, strict=True))
    duals = [solve(moments, row) for row in shorter]
    scale = common_denominator([value for dual in duals for value in dual])
    left = np.array([[int(value) for value in row] for row in shorter], dtype=object)
    right = np.array([[int(value * scale) for value in dual] for dual in duals], dtype=object)
    return Above(0, np.ones(len(rows), dtype=np.int64), _short(product(left, right.T)))


def _short(gram: Integers) -> Integers:
    """The matrix without its common factor, in machine integers."""
    import numpy as np

    divided = gram // np.gcd.reduce(gram, axis=None)
    if largest_entry(divided) >= _HALF:
        raise _TooLarge
    short: Integers = divided.astype(np.int64, copy=False)
    return short


def _projected(gram: Integers, place: int) -> Integers:
    """The inner products after projection along one normal."""
    own = gram[place]
    return _short(own[place] * gram - own[:, None] * own)


def _restricted(flat: Above, place: int) -> Above:
    """Above the flat that one of the traces cuts out."""
    import numpy as np

    gram = _projected(flat.gram, place)
    lengths = gram.diagonal()
    kept = np.flatnonzero(lengths)
    gram, lengths, copies = gram[np.ix_(kept, kept)], lengths[kept], flat.copies[kept]
    # Two are proportional if and only if Cauchy and Schwarz's inequality is an equality; the longest stands for all.
    first = (gram * gram == lengths[:, None] * lengths).argmax(axis=1)
    order = np.lexsort((-lengths, first))
    begins = np.flatnonzero(np.diff(first[order], prepend=-1))
    shown = order[begins]
    return Above(flat.below + int(flat.copies[place]), np.add.reduceat(copies[order], begins), _short(gram[np.ix_(shown, shown)]))


def _last_two(flat: Above) -> tuple[Fraction, Fraction]:
    """Above a flat of corank 3 whose |μ| is 1: the sums of |μ| over the flats of corank 2, and of corank 1."""
    import numpy as np

    basis, gram = [int(flat.gram.diagonal().argmax())], flat.gram
    for _ in range(2):
        gram = _projected(gram, basis[-1])
        basis.append(int(gram.diagonal().argmax()))
    points = flat.gram[:, basis]
    points = points // np.gcd.reduce(points, axis=1, keepdims=True)
    if 6 * largest_entry(points) ** 3 >= 1 << 62:
        raise _TooLarge
    one, two = Fraction(0), Fraction(0)
    for place, copies in enumerate(flat.copies.tolist()):
        # The lines through this point of the projective plane and each other one, and how many hyperplanes hold each.
        sizes = (np.cross(points[place], points) @ points.T == 0) @ flat.copies
        others = np.zeros(int(sizes.max()) + 1, dtype=np.int64)
        np.add.at(others, sizes, flat.copies)
        others[sizes[place]] -= copies
        share = Fraction(copies, flat.below + copies)
        one += share
        number = np.flatnonzero(others)
        two += share * sum(Fraction(m, flat.below + s) for s, m in zip(number.tolist(), others[number].tolist(), strict=True))
    return one, two


def _table(flat: Above) -> Integers:
    """The inner products up to signs, as colours of pairs."""
    import numpy as np

    return np.abs(flat.gram).astype(np.uint64) * np.uint64(_ODD[0])


def _mixed(values: Integers) -> Integers:
    import numpy as np

    values = (values ^ (values >> np.uint64(29))) * np.uint64(_ODD[1])
    mixed: Integers = (values ^ (values >> np.uint64(32))) * np.uint64(_ODD[2])
    return mixed


def _refined(colours: Integers, table: Integers) -> Integers:
    import numpy as np

    return _mixed(colours * np.uint64(3) + _mixed(table ^ colours).sum(axis=1))


def _colours(flat: Above, table: Integers) -> Integers:
    """Numbers of the traces that isomorphisms keep."""
    import numpy as np

    colours = _mixed(flat.copies.astype(np.uint64) * np.uint64(_ODD[1]) + table.diagonal())
    return _refined(_refined(colours, table), table)


def _coordinates(flat: Above, corank: int) -> tuple[object, ...]:
    """The traces in coordinates: flats with the same ones are isomorphic. The converse saves time, and need not hold.

    The coordinates of a trace are its inner products with a basis, whose choice and signs isomorphisms keep if they can.
    """
    import numpy as np

    table, gram = _table(flat), flat.gram
    colours = _colours(flat, table)
    basis: list[int] = []
    while True:
        free = np.flatnonzero(gram.diagonal())
        values, index, sizes = np.unique(colours[free], return_inverse=True, return_counts=True)
        rarest = np.lexsort((values, sizes))[0]
        place = int(free[(index == rarest).argmax()])
        basis.append(place)
        colours = _mixed(colours + table[place])
        if len(basis) == corank:
            break
        colours, gram = _refined(colours, table), _projected(gram, place)
    found = flat.gram[:, basis]
    weights = (colours >> np.uint64(56)).astype(np.int64) + 1
    together = np.sign((found * weights[:, None]).T @ found).tolist()
    signs = [1]
    for j in range(1, corank):
        signs.append(next((signs[k] * together[j][k] for k in range(j) if together[j][k]), 1))
    found = found * np.array(signs)
    leading = found[np.arange(len(found)), (found != 0).argmax(axis=1)]
    whole = np.column_stack((found * np.sign(leading)[:, None], flat.copies))
    return flat.below, whole.shape, whole[np.lexsort(whole.T)].tobytes()
