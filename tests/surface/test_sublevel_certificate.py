"""Certificates that the valleys below a level are all there: accepted, for every loss, also where there are none."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.errors import UnsupportedError
from tests.surface.test_sublevel import LOSSES, random_problem

F = Fraction


@pytest.mark.parametrize("loss", LOSSES, ids=str)
def test_accepted_on_random_problems(loss):
    generator = random.Random(f"certificate {loss}")
    made = 0
    for _ in range(8):
        problem = random_problem(generator, loss)
        least = es.landscape(problem, workers=1).global_minimum.risk
        level = (least + F(1, 10)) * F(generator.choice([1, 2, 4]), generator.choice([1, 2]))
        low = es.landscape(problem, below=level)
        try:
            proof = es.certify_valleys_below(low)
        except UnsupportedError as error:
            assert "not attained" in str(error)
            continue
        made += 1
        assert es.verify(proof).kind == proof.kind
        if not low.valleys:
            assert proof.kind == "lower bound" and proof.risk == level
            continue
        assert proof.kind == "all valleys below a level"
        assert proof.points[: proof.valleys] == tuple(valley.parameters for valley in low.valleys)
    assert made > 3


def test_it_is_read_back(tmp_path):
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3, 4], [0, 1, 0, 2, -1]))
    proof = es.certify_valleys_below(es.landscape(problem, below=1))
    path = proof.save(tmp_path / "valleys.json")
    assert es.load(path) == proof and es.verify(path).kind == proof.kind
    assert proof.valleys == 5 and proof.leads_to


def test_barriers_below_the_level_have_their_certificates():
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3, 4], [0, 1, 0, 2, -1]))
    low = es.landscape(problem, below=F(3, 2))
    known = [valley for valley in low.valleys if valley.barrier is not None]
    assert len(known) == 3
    for valley in known:
        assert es.certify_spurious_valley(low, valley.parameters).level == valley.barrier
