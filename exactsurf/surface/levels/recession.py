"""Directions of a cone along which no sample's loss rises and some fall for ever: what a linear program says of infinity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from exactsurf.exact.linear_algebra import Vector, common_denominator
from exactsurf.exact.simplex import simplex

_ZERO, _ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Recession:
    """A direction of product variables, by bit the share of each ray, and of the output bias; `samples`, whose loss vanishes.

    Along it the loss of `samples` falls to 0, and the predictions of all others stay as they are.
    """

    shares: Mapping[int, Fraction]
    bias: Fraction
    samples: frozenset[int]


NO_RECESSION = Recession({}, _ZERO, frozenset())
"""Nothing vanishes."""


def find_recession(
    features: Mapping[int, Vector], vanishing: Sequence[int], has_bias: bool, among: frozenset[int] | None = None
) -> Recession:
    """The direction along which the losses of as many samples as possible vanish.

    Parameters: `features`, by bit what a ray adds to the predictions; `vanishing`, by sample the direction of the prediction in
    which its loss falls to 0, or 0; `has_bias`, whether there is an output bias that costs nothing; `among`, samples of which it
    is known that no others vanish.
    Exactness: exact; no direction of the cone has more samples. Raises: nothing.
    Source: Albert and Anderson 1984 (separation in logistic regression); Rockafellar 1970, theorem 8.6.

    >>> one, two = (Fraction(0), Fraction(1), Fraction(2)), (Fraction(0), Fraction(-1), Fraction(0))
    >>> sorted(find_recession({0: one}, [-1, 1, -1], True).samples), sorted(find_recession({0: two}, [-1, -1, 1], True).samples)
    ([], [1])
    """
    every = [i for i, way in enumerate(vanishing) if way]
    ends = every if among is None else sorted(among)
    shares: Vector = ()
    samples: set[int] = set()
    program = _Program(features, vanishing, has_bias)
    if among:
        # Where all of them vanish over a larger cone, all often do over this one, too.
        found = program.point({**dict.fromkeys(every, (_ZERO, _ZERO)), **dict.fromkeys(ends, (_ONE, None))}, None)
        if found is not None:
            return program.recession(found.shares, ends)
    while len(samples) < len(ends):
        # Slacks of samples that are not found yet add up to 1.
        limits = {**dict.fromkeys(every, (_ZERO, _ZERO)), **dict.fromkeys(ends, (_ZERO, None))}
        found = program.point(limits, [i for i in ends if i not in samples])
        if found is None:
            break
        shares = tuple(a + b for a, b in zip(shares, found.shares, strict=True)) if shares else found.shares
        samples |= found.moved
    return program.recession(shares, samples) if samples else NO_RECESSION


def balanced_recession(features: Mapping[int, Vector], vanishing: Sequence[int], has_bias: bool, known: Recession) -> Recession:
    """A direction along which the same samples vanish, none of them much later than the others.

    Parameters: as `find_recession`; `known`, what that has found. Exactness: exact. Raises: nothing. Source: none needed.

    >>> features = {0: (Fraction(1), Fraction(9)), 1: (Fraction(0), Fraction(-4))}
    >>> balanced_recession(features, [1, 1], False, Recession({0: Fraction(1)}, Fraction(0), frozenset({0, 1}))).shares
    {0: Fraction(1, 1), 1: Fraction(2, 1)}
    """
    program = _Program(features, vanishing, has_bias)
    greatest = _ONE
    while True:
        limits = {i: (_ONE, greatest) if i in known.samples else (_ZERO, _ZERO) for i, way in enumerate(vanishing) if way}
        found = program.point(limits, None)
        if found is not None:
            return program.recession(found.shares, known.samples)
        greatest *= 2


@dataclass(frozen=True)
class _Direction:
    shares: Vector
    moved: frozenset[int]


class _Program:
    """The linear program: how much of each ray, and of the bias; every prediction moves by its way times a slack ≥ 0."""

    def __init__(self, features: Mapping[int, Vector], vanishing: Sequence[int], has_bias: bool) -> None:
        self.rays, self.vanishing, self.has_bias = list(features), vanishing, has_bias
        self.scales = [Fraction(common_denominator(features[bit])) for bit in self.rays]
        self.columns = [[int(scale * v) for v in features[bit]] for bit, scale in zip(self.rays, self.scales, strict=True)]
        if has_bias:
            self.columns.append([1] * len(vanishing))

    def point(self, limits: Mapping[int, tuple[Fraction, Fraction | None]], adding_up: Sequence[int] | None) -> _Direction | None:
        """A direction with slacks within limits, of which those of some samples add up to 1."""
        count, width = len(self.vanishing), len(self.columns)
        rows = count + (adding_up is not None)
        table = [[*column, 0][:rows] for column in self.columns]
        low: list[Fraction | None] = [_ZERO] * width
        high: list[Fraction | None] = [None] * width
        if self.has_bias:
            low[-1] = None
        for i, (least, greatest) in limits.items():
            slack = [0] * rows
            slack[i] = -self.vanishing[i]
            if adding_up is not None:
                slack[count] = int(i in adding_up)
            table.append(slack)
            low.append(least)
            high.append(greatest)
        found = simplex(table, [0] * count + [1] * (rows - count), low, high).point
        if found is None:
            return None
        return _Direction(found[:width], frozenset(i for i, slack in zip(limits, found[width:], strict=True) if slack))

    def recession(self, shares: Vector, samples: Iterable[int]) -> Recession:
        """The direction in the rays as they were given."""
        unit = lcm(*(value.denominator for value in shares))
        amounts = {bit: scale * unit * a for bit, scale, a in zip(self.rays, self.scales, shares, strict=False) if a}
        return Recession(amounts, unit * shares[-1] if self.has_bias else _ZERO, frozenset(samples))
