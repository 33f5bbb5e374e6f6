"""Activation patterns: the piece of the activation in which every hidden unit is on every sample."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest
from typing import TypeAlias

from exactsurf.errors import InputError, ShapeError
from exactsurf.exact.number import to_text
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem

Pieces: TypeAlias = tuple[tuple[tuple[int | None, ...], ...], ...]
_Jet: TypeAlias = tuple[Fraction, ...]
_SHOWN = 8


@dataclass(frozen=True)
class BoundaryPair:
    """A hidden unit that sits on a breakpoint of the activation on a sample; layers count from 1, units and samples from 0."""

    layer: int
    unit: int
    sample: int
    breakpoint: Fraction

    def __str__(self) -> str:
        return f"layer {self.layer}, unit {self.unit}, sample {self.sample} (breakpoint {to_text(self.breakpoint)})"


@dataclass(frozen=True)
class ActivationPattern:
    """The piece of the activation for every hidden unit and sample.

    Parameters: `pieces[l−1][j][i]` is the index (from 0, from left to right) of the piece of unit j in hidden layer l on
    sample i, None on a boundary; `boundary`, the boundary pairs. Build one with `activation_pattern`.
    A pre-activation that is zero for all parameters near (no bias, and nothing but zeros below) is no boundary pair, and
    its piece is the one left of 0 or around it.
    Exactness: exact. Raises: nothing. Source: theory.md, section 1.
    """

    pieces: Pieces
    boundary: tuple[BoundaryPair, ...] = ()

    @property
    def is_interior(self) -> bool:
        """Whether no hidden unit sits on a breakpoint, so that the pattern holds near the point too."""
        return not self.boundary and all(piece is not None for layer in self.pieces for unit in layer for piece in unit)

    def __repr__(self) -> str:
        layers = "; ".join(" ".join("".join(map(_digit, unit)) for unit in layer) for layer in self.pieces)
        return f"ActivationPattern({layers if len(layers) <= 80 else f'{sum(map(len, self.pieces))} hidden units'})"


def _digit(piece: int | None) -> str:
    return "|" if piece is None else str(piece) if piece < 10 else f"({piece})"


def activation_pattern(problem: Problem, parameters: Parameters) -> ActivationPattern:
    """The activation pattern at a point.

    Parameters: `parameters` of the problem's network. Exactness: exact. Raises: `ShapeError` for parameters of another
    network. Source: theory.md, section 1.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    >>> pattern = activation_pattern(problem, problem.parameters(W1=[[1], [-1]], b1=[-1, "1/2"], W2=[[1, 1]], b2=[0]))
    >>> pattern, pattern.is_interior, str(pattern.boundary[0])
    (ActivationPattern(0|11 1000), False, 'layer 1, unit 0, sample 1 (breakpoint 0)')
    """
    return pattern_of(Point(problem, parameters))


def pattern_of(point: Point) -> ActivationPattern:
    """The activation pattern at a point that is one value. Exactness, Raises, Source: as for `activation_pattern`."""
    h = point.problem.network.activation
    return _pattern(point.problem, [[h.pieces(z) for z in layer] for layer in point.forward.pre_activations])


def pattern_along(problem: Problem, parameters: Parameters, direction: Parameters) -> ActivationPattern:
    """The activation pattern of θ + ε·direction for all small ε > 0, at any depth.

    Parameters: `parameters` and a `direction` of the same shapes. Returns: a pattern that has boundary pairs only if the
    whole beginning of the ray stays on walls.
    Exactness: exact: pre-activations are polynomials in ε, and their lowest coefficients decide.
    Raises: `ShapeError` for parameters of another network. Source: theory.md, section 1.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [0, 1]))
    >>> theta, step = (problem.parameters(W1=[[1]], b1=[b], W2=[[1]], b2=[0]) for b in (0, -1))
    >>> activation_pattern(problem, theta), pattern_along(problem, theta, step)
    (ActivationPattern(|1), ActivationPattern(01))
    """
    problem.check_shapes(parameters)
    problem.check_shapes(direction)
    h = problem.network.activation
    below: list[list[_Jet]] = [[(value,) for value in row] for row in problem.data.x]  # by sample
    sides: list[list[list[tuple[int, int]]]] = []
    layers = zip(parameters.weights, parameters.biases, direction.weights, direction.biases, strict=True)
    for matrix, bias, moved, shift in list(layers)[:-1]:
        found: list[list[tuple[int, int]]] = []
        above: list[list[_Jet]] = [[] for _ in below]
        for j, (row, step) in enumerate(zip(matrix, moved, strict=True)):
            start: _Jet = (bias[j], shift[j]) if bias is not None and shift is not None else ()
            jets = [_affine(inputs, row, step, start) for inputs in below]
            found.append([_sides(h.breakpoints, jet) for jet in jets])
            for values, jet, (left, _) in zip(above, jets, found[-1], strict=True):
                slope, intercept = h.lines[left]
                values.append(_added(tuple(slope * c for c in jet), (intercept,)))
        sides.append(found)
        below = above
    return _pattern(problem, sides)


def _affine(inputs: Sequence[_Jet], row: Sequence[Fraction], step: Sequence[Fraction], start: _Jet) -> _Jet:
    total = start
    for jet, weight, velocity in zip(inputs, row, step, strict=True):
        total = _added(total, tuple(weight * c for c in jet))
        if velocity:
            total = _added(total, (Fraction(0), *(velocity * c for c in jet)))
    return total


def _added(first: _Jet, second: _Jet) -> _Jet:
    return tuple(a + b for a, b in zip_longest(first, second, fillvalue=Fraction(0)))


def _sides(breakpoints: Sequence[Fraction], jet: _Jet) -> tuple[int, int]:
    """The pieces left and right of jet(ε) for small ε > 0; two different ones if the jet is a breakpoint."""
    value = jet[0] if jet else Fraction(0)
    left, right = bisect_left(breakpoints, value), bisect_right(breakpoints, value)
    lead = next((c for c in jet[1:] if c), None)
    if left == right or lead is None:
        return left, right
    return (right, right) if lead > 0 else (left, left)


def _pattern(problem: Problem, sides: Sequence[Sequence[Sequence[tuple[int, int]]]]) -> ActivationPattern:
    """The pattern from the pieces left and right of every pre-activation."""
    breakpoints = problem.network.activation.breakpoints
    boundary: list[BoundaryPair] = []

    def piece(layer: int, unit: int, sample: int) -> int | None:
        left, right = sides[layer - 1][unit][sample]
        if left == right:
            return left
        boundary.append(BoundaryPair(layer, unit, sample, breakpoints[left]))
        return None

    return ActivationPattern(_filled(problem, piece), tuple(boundary))


def _filled(problem: Problem, piece: Callable[[int, int, int], int | None]) -> Pieces:
    """`piece(layer, unit, sample)` for all pairs but those whose pre-activation is zero on the whole cell."""
    network, h = problem.network, problem.network.activation
    home = bisect_left(h.breakpoints, 0)
    silent = [not any(row) for row in problem.data.x]  # samples on which everything below is zero on the whole cell
    layers = []
    for layer, (width, has_bias) in enumerate(zip(network.widths[1:-1], network.biases[:-1], strict=True), start=1):
        fixed = [zero and not has_bias for zero in silent]
        units = tuple(tuple(home if zero else piece(layer, j, i) for i, zero in enumerate(fixed)) for j in range(width))
        dead = {k for k, line in enumerate(h.lines) if not any(line)}
        silent = [h.value_at_0 == 0 if zero else all(unit[i] in dead for unit in units) for i, zero in enumerate(fixed)]
        layers.append(units)
    return tuple(layers)


def checked_pattern(problem: Problem, pattern: ActivationPattern) -> ActivationPattern:
    """`pattern` if it is one of an open cell of this problem (which may be empty), in its canonical form.

    Parameters: an interior `pattern` with a piece for every hidden unit and sample. Exactness: exact.
    Raises: `ShapeError` for another number of layers, units or samples; `InputError` for boundary pairs and for pieces that
    the activation does not have. Source: theory.md, section 1.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [0, 1]))
    >>> checked_pattern(problem, es.ActivationPattern((((0, 2),),)))
    Traceback (most recent call last):
        ...
    exactsurf.errors.InputError: relu has no piece 2 (layer 1, unit 0, sample 1); pieces are 0 to 1
    """
    network, count = problem.network, len(problem.network.activation.slopes)
    hidden, samples = network.widths[1:-1], len(problem.data)
    shape = tuple(len(layer) for layer in pattern.pieces)
    if shape != hidden:
        raise ShapeError("the pattern (hidden units by layer)", hidden, shape)
    if not pattern.is_interior:
        raise InputError(f"a cell needs a pattern without boundary pairs; {boundary_text(pattern)}")
    for layer, units in enumerate(pattern.pieces, start=1):
        for j, unit in enumerate(units):
            if len(unit) != samples:
                raise ShapeError(f"the pattern of layer {layer}, unit {j} (samples)", (samples,), (len(unit),))
            for i, piece in enumerate(unit):
                if type(piece) is not int or not 0 <= piece < count:
                    raise InputError(
                        f"{network.activation!r} has no piece {piece} (layer {layer}, unit {j}, sample {i})",
                        fix=f"pieces are 0 to {count - 1}",
                    )
    return ActivationPattern(_filled(problem, lambda layer, j, i: pattern.pieces[layer - 1][j][i]))


def boundary_text(pattern: ActivationPattern) -> str:
    """The boundary pairs in a sentence, at most eight."""
    pairs = pattern.boundary
    if not pairs:
        return "some pieces are None"
    more = f"; … ({len(pairs)} pairs in all)" if len(pairs) > _SHOWN else ""
    return "; ".join(map(str, pairs[:_SHOWN])) + more
