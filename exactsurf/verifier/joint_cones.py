"""Output weights of all units that are joined: chains of generators, and corners that are cut in the middle (FORMAT.md, 53)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from .arithmetic.document import Field, at
from .arithmetic.effort import price, spend

Vectors: TypeAlias = tuple[tuple[int, ...], ...]
"""For one unit: the generators of its cone, or where output weights are joined what it has at each corner."""


def chains(field: Field, cones: Sequence[Vectors]) -> list[tuple[Field, tuple[Vectors, ...]]]:
    """The children that the field `chains` lists, each with what the units have at the corners of its chain."""
    spend(sum(map(len, cones)))
    lists = [[v for v in cone if any(v)] or [cone[0]] for cone in cones]
    ends = [len(own) - 1 for own in lists]
    corners = sum(ends) + 1
    children = field.items()
    count, length = 1, 0
    for end in ends:
        for step in range(1, end + 1):
            length += 1
            count = count * length // step
            # Partial products are binomial coefficients times earlier counts: they only grow.
            if count > len(children):
                raise field.reject(f"expected a child for each chain, and there are more than {len(children)}")
    if count < len(children):
        raise field.reject(f"expected {count} children, one for each chain")
    width = len(lists[0][0])
    found = []
    for child, places in zip(children, _rising(tuple(ends)), strict=True):
        spend(corners * len(lists) * (1 + width))
        found.append((child, tuple(tuple(own[corner[j]] for corner in places) for j, own in enumerate(lists))))
    return found


def _rising(ends: tuple[int, ...]) -> list[list[tuple[int, ...]]]:
    """All chains from (0, …, 0) to `ends` in which one entry grows by 1 at every step, in lexicographic order."""
    found = []
    waiting = [[(0,) * len(ends)]]
    while waiting:
        chain = waiting.pop()
        last = chain[-1]
        if last == ends:
            found.append(chain)
            continue
        spend(len(chain) * len(ends))
        # The smallest next tuple, which grows in the last entry that may, is to come out first.
        for j in range(len(ends)):
            if last[j] < ends[j]:
                waiting.append([*chain, (*last[:j], last[j] + 1, *last[j + 1 :])])
    return found


def bisected(split: Field, cones: Sequence[Vectors]) -> tuple[tuple[Vectors, ...], tuple[Vectors, ...]]:
    """What the units have at the corners of the two parts, all multiplied by 2: second corner moved, first corner moved."""
    first, second = split.items(2)
    a, b = first.index(len(cones[0])), second.index(len(cones[0]))
    if a == b:
        raise second.reject("expected another corner than the first")
    with at(split.place):
        spend(sum(len(v) * price(*(value.bit_length() for value in v)) for cone in cones for v in cone))
    parts: list[list[Vectors]] = [[], []]
    for cone in cones:
        middle = tuple(p + q for p, q in zip(cone[a], cone[b], strict=True))
        doubled = [tuple(2 * value for value in v) for v in cone]
        for part, place in zip(parts, (b, a), strict=True):
            part.append(tuple(middle if n == place else v for n, v in enumerate(doubled)))
    return tuple(parts[0]), tuple(parts[1])
