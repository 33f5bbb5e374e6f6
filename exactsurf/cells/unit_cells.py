"""Cells of a network with one hidden layer: products, over its units, of the cells of one arrangement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement, islice, product
from math import comb

from exactsurf.arrangement.arrangement import Arrangement
from exactsurf.arrangement.characteristic_polynomial import Progress
from exactsurf.arrangement.hyperplanes import ArrangementCell
from exactsurf.cells.activation_pattern import ActivationPattern
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.needed_problem import check_piecewise_linear
from exactsurf.model.problem import Problem


@dataclass(frozen=True)
class UnitCell:
    """An open cell of the weights of one hidden unit: its piece on every sample, and weights strictly inside.

    `pieces[i]` is the index of the piece of the activation on sample i; `witness` is a row of W1, and the bias behind it if
    there is one.
    """

    pieces: tuple[int, ...]
    witness: Vector


def unit_arrangement(problem: Problem) -> Arrangement:
    """The arrangement that cuts the weights of one unit of layer 1 into cells: walls w·x̃_i = t_k.

    Parameters: a problem with at least one hidden layer. The rows are ordered by sample, then by breakpoint; x̃_i = (x_i, 1)
    if layer 1 has a bias. Exactness: exact.
    Raises: `InputError` if there is no hidden layer or the activation has no breakpoint. Source: theory.md, section 2.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    >>> unit_arrangement(problem).count_cells()
    8
    """
    check_piecewise_linear(problem, "unit_arrangement")
    network = problem.network
    if network.layers < 2:
        raise InputError(
            f"{network!r} has no hidden layer, so parameter space is not cut into cells",
            fix="give it one, as in Network([2, 3, 1])",
        )
    points = network.activation.breakpoints
    if not points:
        raise InputError(
            "the activation is linear, so parameter space is not cut into cells", fix="take one with breakpoints, such as relu"
        )
    one = (Fraction(1),) if network.biases[0] else ()
    rows = [row + one for row in problem.data.inputs for _ in points]
    return Arrangement(rows, list(points) * len(problem.data))


def count_cells(problem: Problem, *, modulo_permutation: bool = False) -> int:
    """The number of activation cells of a network with one hidden layer, without listing them.

    Parameters: `modulo_permutation` counts cells that differ by the order of the units once.
    Exactness: exact, by the characteristic polynomial of the arrangement of one unit.
    Raises: `UnsupportedError` for deeper networks, `InputError` as `unit_arrangement`. Source: theory.md, section 2.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    >>> es.count_cells(problem), es.count_cells(problem, modulo_permutation=True)
    (64, 36)
    """
    check_piecewise_linear(problem, "count_cells")
    return count_products(count_unit_cells(problem), problem.network.widths[1], modulo_permutation=modulo_permutation)


def count_unit_cells(problem: Problem, progress: Progress | None = None) -> int:
    """The number of cells of one unit of a network with one hidden layer, without listing them.

    Parameters: `problem`; `progress` as for `Arrangement.count_cells`. Exactness, Raises, Source: as for `count_cells`.
    """
    check_piecewise_linear(problem, "count_unit_cells")
    _single_layer(problem)
    return unit_arrangement(problem).count_cells(progress)


def count_products(cells: int, units: int, *, modulo_permutation: bool = False) -> int:
    """The number of choices of a cell for each unit; the order of the units matters unless `modulo_permutation`.

    >>> count_products(14, 2), count_products(14, 2, modulo_permutation=True)
    (196, 105)
    """
    total: int = comb(cells + units - 1, units) if modulo_permutation else cells**units
    return total


def enumerate_unit_cells(problem: Problem) -> Iterator[UnitCell]:
    """The cells of one unit, lazily, each once, with weights strictly inside.

    Parameters: as `unit_arrangement`. Exactness: exact. Raises: as `unit_arrangement`. Source: theory.md, section 2.
    """
    count = len(problem.network.activation.breakpoints)
    for cell in unit_arrangement(problem).cells():
        yield UnitCell(unit_pieces(cell, count), cell.witness)


def enumerate_patterns(problem: Problem, *, modulo_permutation: bool = False) -> Iterator[ActivationPattern]:
    """The activation patterns of all cells of a network with one hidden layer, lazily, each once.

    Parameters: `modulo_permutation` lists one of the patterns that differ by the order of the units.
    Exactness: exact. The first patterns come as soon as the first cells of a unit are found. The cells of one unit are held
    in memory (if there are several units), their products are not.
    Raises: as `count_cells`. Source: theory.md, section 2.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1], [0, 1]))
    >>> len(set(es.enumerate_patterns(problem))) == es.count_cells(problem) == 16
    True
    """
    check_piecewise_linear(problem, "enumerate_patterns")
    return _patterns(problem, _single_layer(problem), modulo_permutation)


def _patterns(problem: Problem, units: int, modulo_permutation: bool) -> Iterator[ActivationPattern]:
    single: list[tuple[int, ...]] = []
    for cell in enumerate_unit_cells(problem):  # the last unit moves first
        if units > 1 or not single:
            single.append(cell.pieces)
        yield ActivationPattern(((*single[:1] * (units - 1), cell.pieces),))
    if units > 1:
        choices = combinations_with_replacement(single, units) if modulo_permutation else product(single, repeat=units)
        for chosen in islice(choices, len(single), None):
            yield ActivationPattern((tuple(chosen),))


def _single_layer(problem: Problem) -> int:
    hidden = problem.network.widths[1:-1]
    if len(hidden) > 1:
        raise UnsupportedError(
            f"cells are counted for one hidden layer; {problem.network!r} has {len(hidden)}",
            "the cells of its first layer are those of Network([inputs, width, 1])",
        )
    return hidden[0] if hidden else 0


def unit_pieces(cell: ArrangementCell, breakpoints: int) -> tuple[int, ...]:
    """On every sample the number of breakpoints below the pre-activation; a sample with x̃ = 0 counts t < 0 as below."""
    groups = zip(*[iter(cell.signs)] * breakpoints, strict=True)
    return tuple(sum(sign > 0 for sign in group) for group in groups)
