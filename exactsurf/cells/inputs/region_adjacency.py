"""How regions of input space lie to one another: facets, common points, and parts on which a network is one affine function."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations

from exactsurf.arrangement.arrangement import Arrangement
from exactsurf.arrangement.generators import Generators
from exactsurf.arrangement.hyperplanes import ArrangementCell
from exactsurf.cells.affine_network import short_form
from exactsurf.cells.inputs.input_tree import InputRegion, witness_of
from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.exact.linear_algebra import Vector, dot
from exactsurf.exact.strict_system import MotzkinMultipliers, solve_strict_system

_ZERO, _ONE = Fraction(0), Fraction(1)
_CONVEX = "the convex parts of regions of inputs"


def share_facet(first: InputRegion, second: InputRegion) -> bool:
    """Whether the closures of two different regions have a common face of one dimension less than the inputs.

    Such a face lies on a hyperplane with the two on different sides, and this is then the only one.

    Parameters: two regions of one tree. Exactness: exact. Raises: nothing. Source: proofs/claims/linear_regions.md.
    """
    one, other = ({short_form(row) for row in region.inequalities} for region in (first, second))
    between = [row for row in one if tuple(-value for value in row) in other]
    if len(between) != 1:
        return False
    (wall,) = between
    rows = (one | other) - {wall, tuple(-value for value in wall)}
    infinity = (*(_ZERO,) * (len(wall) - 1), _ONE)
    return not isinstance(solve_strict_system([*sorted(rows), infinity], [wall]), MotzkinMultipliers)


def share_point(first: InputRegion, second: InputRegion) -> bool:
    """Whether the closures of two regions have a common point. Exactness: exact."""
    rows = [*first.inequalities, *second.inequalities]
    return not rows or not isinstance(witness_of(rows, frozenset(range(len(rows)))), dict)


def neighbours(regions: Sequence[InputRegion], effort: Effort = UNBOUNDED) -> tuple[tuple[int, int], ...]:
    """The pairs of regions that share a facet, by their numbers.

    Parameters: `regions` of one tree; `effort`, which bounds the time. Exactness: exact. Raises: `OutOfTime`.
    Source: proofs/claims/linear_regions.md.

    >>> import exactsurf as es
    >>> from exactsurf.cells.inputs.input_tree import input_tree
    >>> theta = es.Parameters(W1=[[1, 0], [0, 1]], b1=[0, 0], W2=[[1, 1]], b2=[0])
    >>> neighbours(input_tree([(es.Network([2, 2, 1]), theta)]).regions)
    ((0, 1), (0, 2), (1, 3), (2, 3))
    """
    found = []
    for i, j in combinations(range(len(regions)), 2):
        effort.check("the neighbours among regions of inputs")
        if share_facet(regions[i], regions[j]):
            found.append((i, j))
    return tuple(found)


def components(count: int, joined: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The classes of the equivalence relation that pairs of numbers below `count` generate.

    >>> components(4, [(0, 2), (2, 3)])
    [[0, 2, 3], [1]]
    """
    import networkx

    graph: networkx.Graph[int] = networkx.Graph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from(joined)
    return sorted(map(sorted, networkx.connected_components(graph)))


def convex_parts(
    part: Sequence[int], regions: Sequence[InputRegion], joined: Iterable[tuple[int, int]], effort: Effort = UNBOUNDED
) -> tuple[int, int]:
    """Bounds on the least number of convex sets into which a part of input space can be cut.

    Parameters: `part`, numbers of regions with one affine function whose union is connected through facets; all `regions`;
    `joined`, the pairs of them that share a facet; `effort`, which bounds the time. Returns: a lower bound, points of which no
    two lie in one convex set, since the network is not affine between them; an upper bound, from unions of regions that are
    convex, merged greedily.
    Exactness: both bounds are exact; they may differ. Raises: `OutOfTime`. Source: proofs/claims/linear_regions.md.
    """
    groups = [{i} for i in part]
    pairs = [pair for pair in joined if pair[0] in part and pair[1] in part]
    merged = True
    while merged:
        merged = False
        for i, j in pairs:
            effort.check(_CONVEX)
            one, other = (next(g for g in groups if k in g) for k in (i, j))
            if one is not other and _is_convex(one | other, regions):
                groups = [g for g in groups if g is not one and g is not other] + [one | other]
                merged = True
    return _apart(part, regions, effort) if len(groups) > 1 else 1, len(groups)


def _is_convex(group: set[int], regions: Sequence[InputRegion]) -> bool:
    """Whether the union is convex: the half-spaces of its regions that hold all of it hold no inner point of another region."""
    rows = {short_form(row) for i in group for row in regions[i].inequalities}
    kept = [row for row in rows if all(_holds(row, regions[i]) for i in group)]
    others = (region for i, region in enumerate(regions) if i not in group)
    return all(isinstance(witness_of([*kept, *region.inequalities]), dict) for region in others)


def _holds(row: Vector, region: InputRegion) -> bool:
    """Whether a half-space holds a region."""
    if row in {short_form(own) for own in region.inequalities}:
        return True
    opposite = tuple(-value for value in row)
    return isinstance(witness_of([opposite, *region.inequalities]), dict)


def _apart(part: Sequence[int], regions: Sequence[InputRegion], effort: Effort) -> int:
    """The size of a set of inner points between any two of which the network is not affine; greedy, so others may be larger."""
    function = regions[part[0]].outputs
    points = [point for i in part for point in _inner_points(regions[i])]
    broken = set()
    for i, j in combinations(range(len(points)), 2):
        effort.check(_CONVEX)
        if _is_broken(points[i], points[j], function, regions):
            broken.add((i, j))
    best = 1
    for first in range(len(points)):
        chosen = [first]
        for i in range(len(points)):
            if all((min(i, j), max(i, j)) in broken for j in chosen):
                chosen.append(i)
        best = max(best, len(chosen))
    return best


def _inner_points(region: InputRegion) -> list[Vector]:
    """The witness, and points near the vertices and far along the rays of the closure."""
    found = generators_of(region)
    near = [
        tuple(v + (w - v) * Fraction(1, 16) for v, w in zip(vertex, region.witness, strict=True)) for vertex in found.vertices
    ]
    far = [tuple(w + 32 * r for r, w in zip(ray, region.witness, strict=True)) for ray in found.rays]
    return [point for point in (region.witness, *near, *far) if region.contains(point)]


def generators_of(region: InputRegion) -> Generators:
    """Vertices, extreme rays and lines of the closure of a region. Exactness: exact."""
    rows = region.inequalities or ((*(_ZERO,) * len(region.witness), _ONE),)
    walls = Arrangement([row[:-1] for row in rows], [-row[-1] for row in rows])
    return walls.generators(ArrangementCell((1,) * len(rows), region.witness))


def _is_broken(x: Vector, y: Vector, function: object, regions: Sequence[InputRegion]) -> bool:
    """Whether an inner point of a region with another affine function lies on a segment, among some of its points."""
    points = [tuple(a + Fraction(k, 16) * (b - a) for a, b in zip(x, y, strict=True)) for k in range(1, 16)]
    others = [region for region in regions if region.outputs != function]
    return any(region.contains(point) and _differs(point, region, function) for region in others for point in points)


def _differs(point: Vector, region: InputRegion, function: object) -> bool:
    assert isinstance(function, tuple)
    pairs = zip(region.outputs[0], function[0], strict=True)
    return any(dot(a[:-1], point) + a[-1] != dot(b[:-1], point) + b[-1] for a, b in pairs)
