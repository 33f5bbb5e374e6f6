"""The list of all valleys of a restricted landscape: its points, where they lead, and every random point's way down."""

from __future__ import annotations

import pytest

import exactsurf as es
from exactsurf.certificate.claims.free_tree import FreeLowest
from tests.surface.restricted.problems import PLANES, plane


@pytest.mark.parametrize("name", PLANES)
@pytest.mark.parametrize("seed", range(3))
def test_points_lead_to_the_valleys(name: str, seed: int) -> None:
    problem = plane(name, seed)
    land = es.landscape(problem)
    listed = es.certify_all_valleys(land)
    risks = [problem.risk(problem.restriction.at(point)) for point in listed.points]
    assert risks[: listed.valleys] == [valley.risk for valley in land.valleys]
    for number, goal in enumerate(listed.leads_to, start=listed.valleys):
        assert goal < number and risks[goal] <= risks[number]
    used = {node.point for node in listed.nodes if isinstance(node, FreeLowest)}
    assert used | {*listed.leads_to} | {*range(listed.valleys)} == {*range(len(listed.points))}
    assert len(used) <= land.cells
