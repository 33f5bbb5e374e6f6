"""Directions of a cone along which no sample's loss rises and some fall for ever: what a linear program says of infinity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from exactsurf.exact.linear_algebra import Vector, common_denominator
from exactsurf.exact.simplex import simplex

_ZERO = Fraction(0)


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


def find_recession(features: Mapping[int, Vector], vanishing: Sequence[int], has_bias: bool) -> Recession:
    """The direction along which the losses of as many samples as possible vanish.

    Parameters: `features`, by bit what a ray adds to the predictions; `vanishing`, by sample the direction of the prediction in
    which its loss falls to 0, or 0; `has_bias`, whether there is an output bias that costs nothing.
    Exactness: exact; no direction of the cone has more samples. Raises: nothing.
    Source: Albert and Anderson 1984 (separation in logistic regression); Rockafellar 1970, theorem 8.6.

    >>> one, two = (Fraction(0), Fraction(1), Fraction(2)), (Fraction(0), Fraction(-1), Fraction(0))
    >>> sorted(find_recession({0: one}, [-1, 1, -1], True).samples), sorted(find_recession({0: two}, [-1, -1, 1], True).samples)
    ([], [1])
    """
    count = len(vanishing)
    if not any(vanishing):
        return NO_RECESSION
    rays = list(features)
    scales = [Fraction(common_denominator(features[bit])) for bit in rays]
    columns = [[int(scale * v) for v in features[bit]] for bit, scale in zip(rays, scales, strict=True)]
    if has_bias:
        columns.append([1] * count)
    ends = [i for i in range(count) if vanishing[i]]
    width = len(columns)
    shares: list[Fraction] = [_ZERO] * width
    samples: set[int] = set()
    while len(samples) < len(ends):
        # Every prediction moves by vanishing·(a slack ≥ 0), and slacks of samples that are not found yet add up to 1.
        table = [[*column, 0] for column in columns]
        for i in ends:
            slack = [0] * (count + 1)
            slack[i] = -vanishing[i]
            slack[count] = int(i not in samples)
            table.append(slack)
        lower = [_ZERO] * len(table)
        low: list[Fraction | None] = list(lower)
        if has_bias:
            low[width - 1] = None
        found = simplex(table, [0] * count + [1], low, [None] * len(table)).point
        if found is None:
            break
        shares = [a + b for a, b in zip(shares, found[:width], strict=True)]
        samples |= {i for i, slack in zip(ends, found[width:], strict=True) if slack}
    if not samples:
        return NO_RECESSION
    unit = lcm(*(value.denominator for value in shares))
    amounts = {bit: scale * unit * a for bit, scale, a in zip(rays, scales, shares, strict=False) if a}
    return Recession(amounts, unit * shares[-1] if has_bias else _ZERO, frozenset(samples))
