"""Certificates that the valleys below a level are all there where levels are enclosed: accepted, for every loss and decay."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import pytest

import exactsurf as es
from tests.surface.levels.enclosed_problems import SETTINGS, problem_of

F = Fraction


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", SETTINGS)
def test_accepted_on_random_problems(name: str, seed: int) -> None:
    problem = problem_of(name, seed)
    try:
        whole = es.enclosed_landscape(problem)
    except (es.InputError, es.UnsupportedError) as error:
        pytest.skip(str(error))
    if problem.decay is not None and whole.work.table.lineality:
        pytest.skip("the inputs do not span their space")
    ends = [run.enclosure for run in whole.runs]
    place = random.Random(f"{name} {seed}").randrange(len(ends))
    level = (ends[place].high + ends[place + 1].low) / 2 if place + 1 < len(ends) else ends[-1].high + 1
    low = es.enclosed_landscape(problem, below=level)
    proof = es.certify_enclosed_valleys_below(low)
    assert es.verify(proof.encoded).kind == proof.kind == "all enclosed valleys below a level"
    assert proof.points[: proof.valleys] == tuple(valley.parameters for valley in low.valleys)
    assert proof.level == level and proof.rise <= F(1, 10**7) * max(1, level)
    nothing = es.certify_enclosed_valleys_below(es.enclosed_landscape(problem, below=ends[0].low * F(9, 10)))
    assert es.verify(nothing.encoded).kind == nothing.kind and nothing.kind.startswith("near global minimum")
    assert nothing.bound == ends[0].low * F(9, 10)


def test_it_is_read_back(tmp_path: Path) -> None:
    data = es.Data.from_arrays([0, 1, 2, 3, 4], [0, 1, 0, 2, -1])
    problem = es.Problem(es.Network([1, 2, 1]), data, weight_decay="1/10", decay_biases=True)
    low = es.enclosed_landscape(problem, below=2)
    proof = es.certify_enclosed_valleys_below(low)
    path = proof.save(tmp_path / "valleys.json")
    assert es.load(path) == proof and es.verify(path).kind == proof.kind
    assert proof.valleys == len(low.valleys) and proof.leads_to and proof.forms


def test_barriers_below_the_level_have_their_certificates() -> None:
    data = es.Data.from_arrays([0, 1, 2, 3, 4], [0, 1, 0, 2, -1])
    low = es.enclosed_landscape(es.Problem(es.Network([1, 2, 1]), data, weight_decay="1/10"), below="3/2")
    known = [valley for valley in low.valleys if valley.barrier is not None]
    assert len(known) == 2
    for valley in known:
        proof = es.certify_enclosed_valley(low, valley.parameters)
        assert valley.barrier.low - F(1, 10**6) < proof.bound <= valley.barrier.high <= proof.level
    open_ones = [valley for valley in low.valleys if valley.barrier_at_least is not None]
    with pytest.raises(es.InputError, match="joined with the point below the level"):
        es.certify_enclosed_valley(low, open_ones[-1].parameters)
    barrier = es.certify_enclosed_barrier(low, low.valleys[0].parameters, known[0].parameters)
    assert barrier.bound <= known[0].barrier.high <= barrier.level
    with pytest.raises(es.InputError, match="no path between the points stays below"):
        es.certify_enclosed_barrier(low, low.valleys[0].parameters, open_ones[-1].parameters)


def test_an_undecided_level_has_a_certificate_too() -> None:
    data = es.Data.from_arrays([[0, 1], [1, 2], [2, -1]], [0, 0, 1])
    low = es.enclosed_landscape(es.Problem(es.Network([2, 1, 1]), data, weight_decay=10), below=F(1, 3))
    assert low.undecided is not None
    proof = es.certify_enclosed_valleys_below(low)
    assert F(1, 3) - F(1, 10**9) < proof.level <= low.level and proof.valleys == 1


def test_refusals() -> None:
    data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    land = es.enclosed_landscape(es.Problem(es.Network([1, 1, 1]), data, weight_decay="1/10"))
    with pytest.raises(es.InputError, match="below=level"):
        es.certify_enclosed_valleys_below(land)
    with pytest.raises(es.InputError, match="EnclosedLandscape"):
        es.certify_all_enclosed_valleys(es.enclosed_landscape(land.problem, below=1))
