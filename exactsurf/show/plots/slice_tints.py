"""Colours of the polygons of a slice: one for each pattern, never the same on both sides of a wall."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from exactsurf.arrangement.polygon import Point
from exactsurf.cells.activation_pattern import ActivationPattern
from exactsurf.cells.slice import SliceCell
from exactsurf.show.plots.plot_axes import OKABE_ITO


def tint_numbers(cells: Sequence[SliceCell], count: int) -> dict[ActivationPattern, int]:
    """A number below `count` for the pattern of every polygon, different on both sides of an edge.

    Where there are no more patterns than numbers all differ; else the number taken so far by the fewest patterns is chosen.
    Parameters: `cells` of a slice; `count` of colours, which should be 6 or more (a plane map of convex polygons needs 4, but
    greedily, and where equal patterns lie apart, more). Returns: numbers; where no number is left, a neighbour has it too.
    Exactness: edges are compared exactly. Raises: nothing. Source: greedy colouring of the graph of neighbours.
    """
    neighbours: dict[ActivationPattern, set[ActivationPattern]] = {cell.pattern: set() for cell in cells}
    sides: dict[frozenset[Point], list[ActivationPattern]] = {}
    for cell in cells:
        for start, end, _ in cell.polygon.edges():
            sides.setdefault(frozenset((start, end)), []).append(cell.pattern)
    for held in sides.values():
        for one, other in pairwise(held):
            if one != other:
                neighbours[one].add(other)
                neighbours[other].add(one)
    found: dict[ActivationPattern, int] = {}
    taken = [0] * count
    for pattern, near in neighbours.items():
        used = {found[other] for other in near if other in found}
        number = min((k for k in range(count) if k not in used), key=lambda k: (taken[k], k), default=0)
        found[pattern] = number
        taken[number] += 1
    return found


def pattern_tints(cells: Sequence[SliceCell]) -> dict[ActivationPattern, tuple[float, ...]]:
    """A light colour for every pattern; those of polygons that touch along an edge differ.

    Exactness: edges are compared exactly. Raises: nothing. Source: `tint_numbers`.
    """
    from matplotlib.colors import to_rgb

    base = [colour for colour in OKABE_ITO if colour != "#000000"]
    found = {}
    for pattern, number in tint_numbers(cells, 3 * len(base)).items():
        strength = 0.42 - 0.12 * (number // len(base))
        found[pattern] = tuple(1 - strength * (1 - channel) for channel in to_rgb(base[number % len(base)]))
    return found
