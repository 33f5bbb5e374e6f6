"""Whether a list of local minima is complete although the loss has kinks: where gradients are unique, nothing can be missing.

A local minimum with output weights 0 that is no minimiser of the signed cells around it needs, for the units that are on, two
subgradients that both prove them minimal (proofs/local_minima.md, section 4). So it is enough that these are unique.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations_with_replacement, product
from operator import mul

from exactsurf.exact.bounded_system import Multipliers, solve_bounded_system
from exactsurf.exact.cone_least_squares import Fit
from exactsurf.surface.cell_minima import CellMinima
from exactsurf.surface.workload import Workload


def has_unique_gradients(work: Workload) -> bool:
    """Whether local minima with fewer units, none of them off, have only one subgradient for each signed cell around them.

    Parameters: the workload of a problem. Exactness: exact; True proves that `find_local_minima` misses nothing.
    Raises: nothing. Source: proofs/local_minima.md, section 4.

    >>> import exactsurf as es
    >>> from exactsurf.surface.workload import workload
    >>> def question(y):
    ...     return workload(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2], y), "absolute"))
    >>> has_unique_gradients(question([0, 1, 5])), has_unique_gradients(question([0, 1, 1]))
    (True, False)
    """
    minima = work.minima
    if minima.problem.loss.is_smooth:
        return True
    unique: dict[int, bool] = {}
    for units in range(work.orbits.units):
        for mask in _masks_around(minima, units):
            if mask not in unique:
                unique[mask] = _is_unique(minima, mask)
            if not unique[mask]:
                return False
    return True


def _masks_around(minima: CellMinima, units: int) -> Iterator[int]:
    """The masks of the signed cells around all strata on which this many units, none of them off, may be at a local minimum."""
    parts = [(face, sign) for face in minima.table.faces for sign in (1, -1)]
    around = [[minima.masks[2 * cell + (sign < 0)] for cell in face.cells] for face, sign in parts]
    own = [minima.mask(face.generators, sign) for face, sign in parts]
    for chosen in combinations_with_replacement(range(len(parts)), units):
        stratum = 0
        for k in chosen:
            stratum |= own[k]
        level = minima.minimum(stratum).value
        cells = set()
        for choice in product(*(around[k] for k in chosen)):
            cell = 0
            for mask in choice:
                cell |= mask
            if minima.minimum(cell).value != level:
                break
            cells.add(cell)
        else:
            yield from cells


def _is_unique(minima: CellMinima, mask: int) -> bool:
    """Whether only one subgradient proves the minimum over the cone of a mask, for a loss that is linear between kinks.

    All in rows: at a minimiser at most one of the rows of a sample is at its kink, so their parts of r_i are unique if r_i is.
    """
    fit = minima.minimum(mask)
    assert not isinstance(fit, Fit)
    size, limit = len(fit.dual), fit.dual_denominator
    rows, y = minima.rows, minima.rows.targets
    bias = minima.problem.network.biases[1]
    f = [
        sum(
            (Fraction(n * minima.row_columns[k][i], fit.denominator) for k, n in zip(fit.support, fit.numerators, strict=True)),
            sum(fit.free, Fraction(0)),
        )
        for i in range(size)
    ]
    if len(fit.support) + sum(map(bool, fit.free)) + sum(a != b for a, b in zip(f, y, strict=True)) == size:
        # As many variables of the linear program are positive as there are samples: its dual has one solution.
        return True
    zero = Fraction(0)
    lower, upper = [], []
    for value, down, up in zip(fit.dual, rows.down, rows.up, strict=True):
        assert down is not None and up is not None
        # Where r_i is at its bound it can move one way only.
        lower.append(zero if value == -down * limit else None)
        upper.append(zero if value == up * limit else None)
    fixed = [tuple(y), *([(1,) * size] if bias else [])]
    count = len(minima.columns)
    active = []
    for k, column in enumerate(minima.row_columns):
        if sum(map(mul, column, fit.dual)):
            continue
        active += [column] if mask >> k & 1 else []
        active += [tuple(-value for value in column)] if mask >> (k + count) & 1 else []
    # Moves δ of r with δ·y = 0, Σ δ_i = 0 and δ·c ≥ 0 along the columns c that are at 0: is there one with δ_i ≠ 0?
    slack = [tuple(Fraction(-int(a == b)) for a in range(len(active))) for b in range(len(active))]
    for i in range(size):
        for way in (1, -1):
            vectors = [
                (*(Fraction(row[k]) for row in fixed), Fraction(int(k == i)), *(Fraction(column[k]) for column in active))
                for k in range(size)
            ]
            vectors += [(*([zero] * (len(fixed) + 1)), *entry) for entry in slack]
            goal = [*([zero] * len(fixed)), Fraction(way), *([zero] * len(active))]
            bounds = [*lower, *([zero] * len(active))], [*upper, *([None] * len(active))]
            if isinstance(solve_bounded_system(vectors, goal, *bounds), Multipliers):
                return False
    return True
