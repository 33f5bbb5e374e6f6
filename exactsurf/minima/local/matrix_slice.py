"""Predictions near a point as one matrix of bounded rank times known vectors, where slopes are proportional in each layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias

from exactsurf.exact.linear_algebra import Matrix, Vector, from_flint, to_flint
from exactsurf.minima.local.still_layers import still_samples
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.activation import Activation
from exactsurf.model.point import Point

_Lines: TypeAlias = tuple[Vector, Vector]
"""Slopes and intercepts of the units of a layer on a sample."""


@dataclass(frozen=True)
class MatrixSlice:
    """The predictions W u_i, plus the output bias, of the samples that are not `left_out`; at other parameters nearby W differs.

    Attributes: `kept`, the samples; `inputs` u_i; `product` W; a cut (n, c) says: but for the columns from c on the rank is ≤ n.
    Exactness: exact. Source: proofs/rules/low_rank.md.
    """

    left_out: tuple[int, ...]
    kept: tuple[int, ...]
    inputs: Matrix
    product: Matrix
    cuts: tuple[tuple[int, int], ...]


def matrix_slice(point: Point) -> MatrixSlice | NotProved:
    """The slice at a point, with as many samples as fit: those with residual 0 may be left out.

    Parameters: `point`. Exactness: exact. Raises: nothing. Source: proofs/rules/low_rank.md.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([[1, -1], [-1, 0]], [[0, 2], [-2, 0]])
    >>> problem = es.Problem(es.Network([2, 1, 2], es.absolute_value, biases=False), data)
    >>> found = matrix_slice(Point(problem, problem.parameters(W1=[[-1, 0]], W2=[[-1], [1]])))
    >>> [[str(v) for v in row] for row in found.inputs], found.cuts
    ([['1', '-1'], ['1', '0']], ((0, 0), (1, 2), (2, 2)))
    """
    count = len(point.problem.data)
    lines = _lines(point)
    nonzero = {i for values, _ in point.subdifferentials for i, r in enumerate(values.numerators) if r}
    bases: list[Vector | None] = [None] * (point.problem.network.layers - 1)
    factors: dict[int, list[Fraction]] = {}
    for sample in sorted(range(count), key=lambda i: i not in nonzero):
        here = lines[sample]
        found = None if here is None else _factors(bases, here)
        if found is not None and here is not None:
            factors[sample] = found
            bases = [base or (slopes if any(slopes) else None) for base, (slopes, _) in zip(bases, here, strict=True)]
        elif sample in nonzero:
            reason = "has a unit at a breakpoint" if here is None else "has other slopes than samples before it"
            return NotProved(f"sample {sample} {reason} and a residual that is not zero")
    if not factors:
        return NotProved("every sample has a unit at a breakpoint")
    return _built(point, bases, factors, lines)


def _lines(point: Point) -> list[list[_Lines] | None]:
    """Of every sample slopes and intercepts of all layers; None if a unit is at a breakpoint with two slopes."""
    h, stills = point.problem.network.activation, still_samples(point)
    layers = [list(zip(*(h.pieces(z) for z in layer), strict=True)) for layer in point.forward.pre_activations]
    kinks = {(left, right) for left, right in pairwise(range(len(h.slopes))) if h.slopes[left] != h.slopes[right]}
    return [
        _lines_of([units[sample] for units in layers], [sample in still for still in stills], h, kinks)
        for sample in range(len(point.problem.data))
    ]


def _lines_of(
    layers: Sequence[Sequence[tuple[int, int]]], still: Sequence[bool], h: Activation, kinks: set[tuple[int, int]]
) -> list[_Lines] | None:
    found: list[_Lines] = []
    for pieces, is_still in zip(layers, still, strict=True):
        if is_still:
            found.append(((Fraction(0),) * len(pieces), (h.value_at_0,) * len(pieces)))
        elif kinks.isdisjoint(pieces):
            found.append((tuple(h.lines[p][0] for p, _ in pieces), tuple(h.lines[p][1] for p, _ in pieces)))
        else:
            return None
    return found


def _factors(bases: Sequence[Vector | None], lines: Sequence[_Lines]) -> list[Fraction] | None:
    """How often the slopes of each layer are those of its base; None if they are no multiple of it."""
    found = []
    for base, (slopes, _) in zip(bases, lines, strict=True):
        if base is None:
            found.append(Fraction(int(any(slopes))))
            continue
        place = next(j for j, value in enumerate(base) if value)
        factor = slopes[place] / base[place]
        if any(slope != factor * value for slope, value in zip(slopes, base, strict=True)):
            return None
        found.append(factor)
    return found


def _built(
    point: Point, bases: Sequence[Vector | None], factors: dict[int, list[Fraction]], lines: Sequence[list[_Lines] | None]
) -> MatrixSlice:
    problem, parameters = point.problem, point.parameters
    widths, kept = problem.network.widths, tuple(sorted(factors))
    above = [Fraction(1)] * len(kept)
    product = to_flint([[int(p == q) for q in range(widths[-1])] for p in range(widths[-1])])
    # Columns of W, and the coordinates that they multiply, from the last one on.
    columns: list[tuple[Sequence[Fraction], list[Fraction]]] = []
    cuts = [(widths[-1], 0)]
    for layer in range(problem.network.layers - 2, -1, -1):
        product = product * to_flint(parameters.weights[layer + 1])
        constants = [[(lines[i] or [])[layer][1][j] for i in kept] for j in range(widths[layer + 1])]
        for j, column in enumerate(zip(*from_flint(product), strict=True)):
            if any(constants[j]):
                columns.append((column, [a * c for a, c in zip(above, constants[j], strict=True)]))
        base, biases = bases[layer] or (Fraction(0),) * widths[layer + 1], parameters.biases[layer]
        cuts.append((sum(map(bool, base)), len(columns)))
        product = to_flint([[value * b for value, b in zip(row, base, strict=True)] for row in from_flint(product)])
        above = [a * factors[i][layer] for a, i in zip(above, kept, strict=True)]
        if biases is not None:
            image = from_flint(product * to_flint([[b] for b in biases]))
            columns.append((tuple(value for (value,) in image), above))
    columns.reverse()
    first = from_flint(product * to_flint(parameters.weights[0]))
    inputs = tuple(
        (*(value * above[n] for value in problem.data.inputs.row(i)), *(coordinate[n] for _, coordinate in columns))
        for n, i in enumerate(kept)
    )
    matrix = tuple((*row, *(column[k] for column, _ in columns)) for k, row in enumerate(first))
    size, left_out = len(inputs[0]), tuple(i for i in range(len(problem.data)) if i not in factors)
    return MatrixSlice(left_out, kept, inputs, matrix, ((0, 0), *((n, size - count) for n, count in reversed(cuts))))
