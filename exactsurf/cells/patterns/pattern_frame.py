"""What an activation pattern leaves open at any depth: which weights between hidden layers matter, and up to which scales."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

from exactsurf.cells.activation_pattern import Pieces
from exactsurf.errors import InputError, ShapeError
from exactsurf.model.problem import Problem

Edge: TypeAlias = tuple[int, int, int]
"""The weight W_layer[unit, source] between two hidden layers, as (layer, unit, source); layer ≥ 2."""

Unit: TypeAlias = tuple[int, int]
"""A hidden unit, as (layer, unit)."""


@dataclass(frozen=True)
class PatternFrame:
    """A pattern, perhaps a partial one, with what its structure says before any number is looked at.

    Parameters: `problem`; `pieces[l−1][j][i]`, None where unit j of layer l is free on sample i. What is above a free pair
    on the same sample is free too (`checked_partial` sees to it).
    Exactness: combinatorial. Raises: nothing. Source: theory.md, sections 1 and 2.
    """

    problem: Problem
    pieces: Pieces

    @cached_property
    def silent(self) -> tuple[tuple[bool, ...], ...]:
        """By hidden layer and sample: whether pre-activations are zero whatever the weights are."""
        network, h = self.problem.network, self.problem.network.activation
        zero, found = [not any(row) for row in self.problem.data.x], []
        for units, has_bias in zip(self.pieces, network.biases, strict=False):
            fixed = tuple(here and not has_bias for here in zero)
            found.append(fixed)
            zero = [
                h.value_at_0 == 0 if fixed[i] else all(unit[i] is not None and not any(h.lines[unit[i] or 0]) for unit in units)
                for i in range(len(fixed))
            ]
        return tuple(found)

    def is_restricted(self, unit: Unit) -> bool:
        """Whether the pattern says anything about the unit."""
        return any(piece is not None for piece in self.pieces[unit[0] - 1][unit[1]])

    def reaches(self, unit: Unit) -> bool:
        """Whether the unit has a value other than 0 on some sample where the pattern says its piece."""
        layer, j = unit
        lines, silent = self.problem.network.activation.lines, self.silent[layer - 1]
        pairs = (
            (lines[piece], quiet) for piece, quiet in zip(self.pieces[layer - 1][j], silent, strict=True) if piece is not None
        )
        return any(intercept or (slope and not quiet) for (slope, intercept), quiet in pairs)

    @cached_property
    def restricted(self) -> tuple[tuple[Unit, ...], ...]:
        """The restricted units, by layer."""
        layers = enumerate(self.pieces, start=1)
        return tuple(tuple((layer, j) for j in range(len(units)) if self.is_restricted((layer, j))) for layer, units in layers)

    @cached_property
    def sources(self) -> dict[Unit, tuple[int, ...]]:
        """For every restricted unit above layer 1 the units below it that it can feel."""
        found: dict[Unit, tuple[int, ...]] = {}
        for layer, units in enumerate(self.restricted[1:], start=2):
            felt = tuple(k for k in range(len(self.pieces[layer - 2])) if self.reaches((layer - 1, k)))
            found.update(dict.fromkeys(units, felt))
        return found

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """The weights that matter, in the order of their units."""
        return tuple((*unit, k) for unit, felt in self.sources.items() for k in felt)

    @cached_property
    def free_edges(self) -> frozenset[Edge]:
        """The weights whose size matters once every hidden unit is scaled as suits best.

        One positive scale per unit sets the sizes on a forest of weights to 1: all weights into the first restricted unit
        of every layer, and one weight into every other unit that no restricted unit above feels.
        """
        fixed: set[Edge] = set()
        for layer, units in enumerate(self.restricted[1:], start=2):
            above = self.restricted[layer] if layer < len(self.restricted) else ()
            for position, unit in enumerate(units):
                felt = self.sources[unit]
                if position and above and self.reaches(unit):
                    continue
                fixed.update((*unit, k) for k in (felt if not position else felt[:1]))
        return frozenset(self.edges) - fixed

    @property
    def scaled(self) -> bool:
        """Whether scales of units have to be variables: the activation is not positively homogeneous."""
        return self.problem.network.activation.two_slopes is None


def checked_partial(problem: Problem, pieces: Pieces) -> Pieces:
    """`pieces` in canonical form: pairs that are silent whatever the weights are get the piece of 0.

    Parameters: pieces by hidden layer, unit and sample, None where the pattern is free. Exactness: combinatorial.
    Raises: `ShapeError` for a wrong number of layers, units or samples; `InputError` for a piece that the activation does
    not have, and for a pair that is not free above one that is. Source: theory.md, section 1.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1, 1]), es.Data.from_arrays([0, 1], [0, 1]))
    >>> checked_partial(problem, (((None, 0),), ((None, 1),)))
    (((None, 0),), ((None, 1),))
    """
    network, h = problem.network, problem.network.activation
    hidden, samples = network.widths[1:-1], len(problem.data)
    shape = tuple(map(len, pieces))
    if shape != hidden:
        raise ShapeError("the pattern (hidden units by layer)", hidden, shape)
    below = [True] * samples
    for layer, units in enumerate(pieces, start=1):
        for j, unit in enumerate(units):
            if len(unit) != samples:
                raise ShapeError(f"the pattern of layer {layer}, unit {j} (samples)", (samples,), (len(unit),))
            for i, piece in enumerate(unit):
                place = f"layer {layer}, unit {j}, sample {i}"
                if piece is not None and (type(piece) is not int or not 0 <= piece < len(h.slopes)):
                    raise InputError(f"{h!r} has no piece {piece} ({place})", fix=f"pieces are 0 to {len(h.slopes) - 1}")
                if piece is not None and not below[i]:
                    raise InputError(
                        f"the pattern is free below {place}", fix="say the pieces of all units below, or None here too"
                    )
        below = [here and all(unit[i] is not None for unit in units) for i, here in enumerate(below)]
    home = bisect_left(h.breakpoints, Fraction(0))
    silent = PatternFrame(problem, pieces).silent
    return tuple(
        tuple(tuple(home if quiet and p is not None else p for p, quiet in zip(unit, row, strict=True)) for unit in units)
        for units, row in zip(pieces, silent, strict=True)
    )
