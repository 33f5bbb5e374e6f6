"""The histogram of training on the page of a landscape: its numbers are the counts."""

from __future__ import annotations

import re

import pytest

import exactsurf as es
from exactsurf.show.pages.training_section import training_section

PROBLEM = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))


def test_bars_and_rows_are_the_counts() -> None:
    land = es.landscape(PROBLEM)
    starts = [land.valleys[place].parameters for place in (0, 1, 1, 3)]
    plateau = next(found.parameters for found in land.local_minima if not found.is_valley)
    found = es.training_valleys(land, [[point] for point in (*starts, plateau)])
    section = training_section(found)
    texts = re.findall(r"<tr><td>([^<]*)</td>.*?<td>(\d+)</td></tr>", section)
    assert texts == [("valley 0", "1"), ("valley 1", "2"), ("valley 2", "0"), ("valley 3", "1"), ("not captured", "1")]
    assert "4 of 5 runs of training ended captured" in section and section.count("<rect") == 5
    heights = [int(height) for height in re.findall(r'<rect [^>]*height="(\d+)"', section)]
    assert heights[1] == 2 * heights[0] == 180 and heights[2] == 0 and section.count("fill-opacity") == 1
    page = es.landscape_page(land, training=found)
    assert section in page and "data-panel" in page


def test_enclosed_levels_and_another_landscape() -> None:
    decayed = es.enclosed_landscape(es.Problem(PROBLEM.network, PROBLEM.data, weight_decay="1/10"))
    found = es.training_valleys(decayed, [[valley.parameters] for valley in decayed.valleys])
    assert f"of {len(decayed.valleys)} run" in es.landscape_page(decayed, training=found)
    with pytest.raises(es.InputError, match="not one on this landscape"):
        es.landscape_page(es.landscape(PROBLEM), training=found)
