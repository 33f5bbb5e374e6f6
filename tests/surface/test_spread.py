"""Steps from bottoms of valleys to all signed cells, and the choice of units that lie in given signed unit cells."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.surface.facet_graph import FacetGraph
from exactsurf.surface.spread import Spread, bottoms, matching


@given(st.data())
def test_a_matching_is_found_where_an_order_fits(data: st.DataObject):
    units = data.draw(st.integers(1, 4))
    kinds = [data.draw(st.sets(st.integers(0, 4))) for _ in range(units)]
    wanted = [data.draw(st.integers(0, 4)) for _ in range(units)]
    fits = [order for order in permutations(range(units)) if all(w in kinds[u] for w, u in zip(wanted, order, strict=True))]
    found = matching(kinds, wanted)
    assert (found in fits) if fits else found is None


def test_every_signed_cell_has_a_minimal_point_and_every_point_leads_down():
    land = es.landscape(es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])), workers=1)
    orbits = list(land.work.orbits.between(0, land.orbits))
    graph = FacetGraph(land.work)
    spread = Spread(graph, bottoms(land.valleys), dict(zip(orbits, land.risks, strict=True)))
    risks = [land.problem.risk(point) for point in spread.points]
    for orbit, risk in zip(orbits, land.risks, strict=True):
        home = spread.home[orbit]
        assert risks[home] == risk and matching(spread.kinds_at(spread.points[home]), orbit) is not None
    for place, lead in enumerate(spread.leads_to, start=len(land.valleys)):
        assert lead < place and risks[lead] <= risks[place]
