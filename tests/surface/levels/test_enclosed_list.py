"""That the valleys of landscapes with enclosed levels are all there are, as certificates."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.surface.levels.level_point import risk_above
from tests.surface.levels.test_enclosed_paths import CASES, case
from tests.verifier.enclosed_list_oracle import holds_everywhere

F = Fraction


@pytest.mark.parametrize("name", CASES)
def test_the_list_has_a_certificate(name: str, tmp_path: Path):
    land = es.enclosed_landscape(case(name))
    proof = es.certify_all_enclosed_valleys(land)
    assert proof.points[: proof.valleys] == tuple(valley.parameters for valley in land.valleys)
    highest = max(risk_above(land.problem, point) for point in proof.points)
    assert 0 < proof.rise < 4 * land.work.width * highest and all(tie.width < land.work.width for tie in land.ties)
    holds_everywhere(proof.document(), 4)
    assert es.verify(proof.encoded).kind == "all enclosed valleys"
    again = es.load(proof.save(tmp_path / "all.json"))
    assert again.document() == proof.document() and "AllEnclosedValleys(" in repr(again)


def test_narrower_levels_give_a_smaller_rise():
    rises = [es.certify_all_enclosed_valleys(es.enclosed_landscape(case("logistic"), width=w)).rise for w in ("1/100", "1e-12")]
    assert rises[1] < F(1, 10**10) < F(1, 10**4) < rises[0] < F(1, 5)


def test_a_tie_is_what_a_path_may_rise():
    """Levels that are not told apart are one valley, whose points are as near to one another as the tie is wide."""
    land = es.enclosed_landscape(case("penalised biases"), width="1/3")
    fine = es.enclosed_landscape(case("penalised biases"))
    assert es.certify_all_enclosed_valleys(land).valleys == len(land.valleys) <= len(fine.valleys)


def test_refusals():
    land = es.enclosed_landscape(case("penalised biases"))
    with pytest.raises(es.InputError, match="max_orbits"):
        es.certify_all_enclosed_valleys(land, max_orbits=9)
    with pytest.raises(es.InputError, match="enclosed_landscape"):
        es.certify_all_enclosed_valleys(None)
    data = es.Data.from_arrays([[1, 1], [2, 2], [-1, -1]], [0, 1, 2])
    flat = es.enclosed_landscape(es.Problem(es.Network([2, 1, 1], biases=[False, True]), data, weight_decay=1))
    with pytest.raises(es.UnsupportedError, match="span"):
        es.certify_all_enclosed_valleys(flat)
