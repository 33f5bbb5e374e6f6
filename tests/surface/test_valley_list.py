"""The certified list of valleys: complete where the landscape is, rejected where a valley is taken away."""

from __future__ import annotations

import json
from collections import Counter
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.errors import InputError, RejectedCertificate, UnsupportedError
from exactsurf.surface.global_certificate import certify_global_minimum
from exactsurf.surface.paths import certify_spurious_valley
from exactsurf.surface.surface import landscape
from exactsurf.surface.valley_list import certify_all_valleys
from tests.surface.brute_force import FullLandscape
from tests.surface.test_global_certificate import SHIFTED, problem

CASES = [
    problem([0, 1, 2, 3], [0, 1, 0, 2], 1),
    problem([-1, 1, 2], [1, 3, -2], 1, biases=[True, False]),
    problem([0, 1, 2], [0, 1, 0], 2),
    problem([0, 1, 2, 4], [0, 3, -1, 2], 2, es.leaky_relu("1/10")),
    problem([0, 1, 2, 3, 4], [0, 3, -1, 2, 2], 2, loss=es.absolute),
    problem([0, 1, 2, 4], [0, 3, -1, 2], 1, es.hard_tanh),
    problem([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], 2),
]


@pytest.mark.parametrize("instance", CASES, ids=repr)
def test_every_valley_is_listed_and_every_other_point_leads_to_one(instance):
    land = landscape(instance)
    proof = certify_all_valleys(land)
    assert proof.points[: proof.valleys] == tuple(valley.parameters for valley in land.valleys)
    assert es.verify(proof).kind == "all valleys"
    risks = list(map(instance.risk, proof.points))
    for place, lead in enumerate(proof.leads_to, start=proof.valleys):
        assert lead < place and risks[lead] <= risks[place]
    # The minima over signed cells are the risks of the points.
    assert set(land.risks) == set(risks)


@pytest.mark.parametrize("instance", CASES[:3], ids=repr)
def test_the_risks_of_the_listed_bottoms_are_those_of_all_signed_cells(instance):
    proof = certify_all_valleys(landscape(instance))
    full = Counter(risk for risk, _ in FullLandscape(instance).valleys())
    assert set(map(instance.risk, proof.points[: proof.valleys])) == set(full)


@pytest.mark.parametrize("place", range(4))
def test_without_one_valley_the_list_is_rejected(place: int):
    """Another point of its signed cell, or a lead out of its valley, does not replace a bottom."""
    document = json.loads(certify_all_valleys(landscape(CASES[0])).encoded)
    evidence, claim = document["evidence"], document["claim"]
    gone = evidence["points"].pop(place)
    for leads, points in (([], evidence["points"][:3]), *((([goal]), [*evidence["points"][:3], gone]) for goal in range(3))):
        evidence["points"], evidence["leads_to"] = points, leads
        claim["valleys"] = "3"
        claim["sentence"] = claim["sentence"].replace("first 4", "first 3")
        with pytest.raises(RejectedCertificate):
            es.verify(json.dumps(document).encode())


def test_refusals():
    land = landscape(CASES[0])
    with pytest.raises(InputError, match="16 orbits"):
        certify_all_valleys(land, max_orbits=15)
    open_end = landscape(problem([1, 2, 3], [1, 2, 3], 1, SHIFTED, biases=[False, False]))
    with pytest.raises(UnsupportedError, match="not attained"):
        certify_all_valleys(open_end)


def test_long_numbers():
    """Python writes no integer of more than 4,300 decimal digits; certificates, messages and representations do without."""
    land = landscape(problem([0, 1, 2, 3], [0, 1 + Fraction(1, 10**5000 + 7), 0, 2], 1))
    spurious = next(valley for valley in land.valleys if valley.is_spurious)
    for proof in (certify_all_valleys(land), certify_global_minimum(land), certify_spurious_valley(land, spurious.parameters)):
        assert repr(proof) and es.verify(proof).checks
