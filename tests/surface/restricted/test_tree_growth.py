"""Trees that grow where cells are known: every place ends in one leaf, whose requirements it meets."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

import exactsurf as es
from exactsurf.certificate.claims.free_tree import FreeGiven, FreeSide, FreeSplit
from exactsurf.errors import InternalError
from exactsurf.exact.least_on_polyhedron import value_at
from exactsurf.surface.restricted.free_region import FreeRegion
from exactsurf.surface.restricted.tree_growth import Settled, TreeGrowth
from tests.surface.restricted.problems import PLANES, plane


@pytest.mark.parametrize("name", PLANES)
def test_labels_are_parted(name: str) -> None:
    cells = es.landscape(plane(name, 1)).affine_cells
    places = [cell.witness for cell in cells.cells]
    labels = [k % 2 for k in range(len(places))]

    def settle(region: FreeRegion, own: Sequence[int]) -> Settled:
        found = {labels[place] for place in own}
        known = all(part is not None for part in region.predictions)
        return Settled(FreeSide(min(found)) if len(found) == 1 or known else None)

    nodes = TreeGrowth(cells.network, places, labels, settle).grow(FreeRegion(cells.network))
    leaves = [node for node in nodes if not node.children]
    assert sorted(place for leaf in leaves for place in leaf.places) == list(range(len(places)))
    for node in nodes:
        assert isinstance(node.node, FreeSplit | FreeGiven if node.children else FreeSide)
        assert all(value_at(form, places[place]) > 0 for form in node.region.forms for place in node.places)
        assert all(child > nodes.index(node) for child in node.children)


def test_a_region_that_never_settles_is_an_error() -> None:
    cells = es.landscape(plane("filter", 0)).affine_cells
    places = [cell.witness for cell in cells.cells]
    growth = TreeGrowth(cells.network, places, [0] * len(places), lambda region, own: Settled())
    with pytest.raises(InternalError, match="not settled"):
        growth.grow(FreeRegion(cells.network))
