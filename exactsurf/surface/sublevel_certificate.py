"""The proof that the valleys of a landscape below a level are all that there are below it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.global_minimum import GlobalMinimum, SignSplit
from exactsurf.certificate.claims.valleys_below import CellLeaf, LevelTreeNode, ValleysBelow
from exactsurf.errors import check_kind
from exactsurf.exact.linear_algebra import Vector
from exactsurf.surface.cell_minima import CellMinima
from exactsurf.surface.facet_graph import FacetGraph
from exactsurf.surface.recent_duals import RecentDuals
from exactsurf.surface.region_search import Cutting, RegionSearch
from exactsurf.surface.spread import Spread, bottoms, matching
from exactsurf.surface.sublevel import SublevelLandscape

_LOOK_BACK = 256
"""Dual vectors that are asked whether they bound further regions, too."""


def certify_valleys_below(land: SublevelLandscape, *, embed: bool | None = None) -> ValleysBelow | GlobalMinimum:
    """That the valleys of a landscape below a level are all there are below it.

    Parameters: a landscape below a level; `embed` as in `problem_document`.
    Returns: a certificate, accepted by the verifier: that from everywhere below the level a path that does not rise leads to the
    bottom of one of `land.valleys`; if there are none, of the kind ``lower bound``. That each of these is the bottom of a valley
    of its own is the statement of `certify_spurious_valley` and `certify_global_minimum`.
    Exactness: exact. Raises: `UnsupportedError` if the minimum over a signed cell below the level is not attained.
    Source: proofs/FORMAT.md, section 20; proofs/claims/valleys_below.md.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    >>> es.certify_valleys_below(es.landscape(problem, below=1)).valleys
    3
    """
    check_kind(land, SublevelLandscape, "certify_valleys_below", "take es.landscape(problem, below=level)")
    search, minima = land.search, land.work.minima
    spread = Spread(FacetGraph(land.work), bottoms(land.valleys), dict(zip(land.orbits, land.risks, strict=True)))
    kinds = [spread.kinds_at(point) for point in spread.points]
    duals = _Duals(minima)
    found: dict[int, LevelTreeNode] = {}
    for place, regions, orbit in search.leaves():
        mask = search.table.columns(regions)
        if orbit is None:
            found[place] = duals.bounding(mask)
            continue
        home = spread.home[orbit]
        order = matching(kinds[home], [search.table.kind(region) for region in regions])
        assert order is not None, "the point lies in the signed cell"
        found[place] = CellLeaf(duals.number(mask), home, order)
    tree = written_tree(search, found, len(land.problem.network.activation.breakpoints))
    if not spread.points:
        splits = tuple(node for node in tree if not isinstance(node, CellLeaf))
        return confirmed(GlobalMinimum(land.problem, land.level, (), duals.vectors, None, embed, splits))
    points, leads_to = tuple(spread.points), tuple(spread.leads_to)
    return confirmed(ValleysBelow(land.problem, land.level, points, leads_to, duals.vectors, tree, embed))


class _Duals:
    """Dual vectors, each once; those found for regions above the level are tried on the next ones."""

    def __init__(self, minima: CellMinima) -> None:
        self._minima = minima
        self._numbers: dict[Vector, int] = {}
        self._recent = RecentDuals[int](_LOOK_BACK)

    @property
    def vectors(self) -> tuple[Vector, ...]:
        return tuple(self._numbers)

    def number(self, mask: int) -> int:
        """The dual vector of the minimum over a cone."""
        return self._number(self._fit(mask))

    def bounding(self, mask: int) -> int:
        """A dual vector with a bound of at least the level for a cone over which the minimum is that high."""
        known = self._recent.bounding(mask)
        if known is None:
            fit = self._fit(mask)
            known = self._number(fit)
            self._recent.add(fit.allowed, known)
        return known

    def _fit(self, mask: int) -> Any:
        return self._minima.cones.minimum(mask)

    def _number(self, fit: Any) -> int:
        return self._numbers.setdefault(self._minima.gradient(fit), len(self._numbers))


def written_tree(search: RegionSearch[Any], leaves: Mapping[int, LevelTreeNode], breakpoints: int) -> tuple[LevelTreeNode, ...]:
    """The nodes of a search, in the order of the format.

    Parameters: the `leaves` by their places in the search; how many `breakpoints` a sample has. Exactness: exact.
    Raises: nothing. Source: proofs/FORMAT.md, sections 18 and 20.
    """
    tree: list[LevelTreeNode] = [0]
    waiting = [(0, 0)]
    while waiting:
        place, own = waiting.pop()
        node = search.nodes[own]
        if not isinstance(node, Cutting):
            tree[place] = leaves[own]
            continue
        named = None if node.wall is None else divmod(search.table.walls[node.wall].rows[0], breakpoints)
        tree[place] = SignSplit(node.unit, named, len(tree), len(tree) + 1)
        waiting += [(len(tree), node.plus), (len(tree) + 1, node.minus)]
        tree += [0, 0]
    return tuple(tree)
