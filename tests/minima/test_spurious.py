"""Spurious local minima: with points of one's own, and with points that are looked for; against landscapes and oracles."""

from __future__ import annotations

import json
import random

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import InputError, RejectedCertificate, ShapeError, UnsupportedError
from tests import oracle

# Swirszcz, Czarnecki and Pascanu 2016: a local minimum of risk 9 at a breakpoint.
LINE = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([5, 4, 3, 1, -1], [2, 1, 0, -3, 3]))
HERE = LINE.parameters(W1=[[1]], b1=[-3], W2=[[1]], b2=[0])


def test_a_lower_point_of_ones_own_is_in_the_certificate() -> None:
    better = es.landscape(LINE).global_minimum.parameters
    assert better is not None
    middle = LINE.parameters(W1=[[0]], b1=[0], W2=[[0]], b2=["3/5"])
    given = [point for point in (middle, better) if oracle.risk(LINE, point) < 9]
    verdict = es.decide(LINE, HERE, lower=given)
    assert verdict.status is Status.PROVED and verdict.reason.startswith("a spurious local minimum: the frozen risk is constant")
    assert verdict.lower_point == better
    accepted = es.verify(verdict.certificate)
    assert accepted.kind == "spurious local minimum"
    assert [lower.parameters for lower in verdict.certificate.lower_points] == sorted(given, key=lambda p: oracle.risk(LINE, p))
    assert es.decide(LINE, HERE, lower=better).certificate == es.decide(LINE, HERE, lower=[better]).certificate


def test_points_that_are_not_lower_are_refused_with_both_risks() -> None:
    with pytest.raises(InputError, match="lower point 0 has risk 9, which is not below the risk 9 of the point"):
        es.decide(LINE, HERE, lower=[HERE])
    other = es.Problem(es.Network([1, 1]), LINE.data)
    with pytest.raises(ShapeError):
        es.decide(LINE, HERE, lower=[other.parameters(W1=[[0]], b1=[0])])
    smooth = es.Problem(es.Network([1, 1, 1], "tanh"), LINE.data)
    with pytest.raises(UnsupportedError, match="piecewise linear"):
        es.decide(smooth, HERE, spurious=True)


def test_what_is_no_local_minimum_is_not_spurious() -> None:
    beside = LINE.parameters(W1=[[1]], b1=[-3], W2=[[1]], b2=[1])
    verdict = es.decide(LINE, beside, spurious=True)
    assert verdict.status is Status.REFUTED and verdict.certificate.kind == "not a local minimum"


def test_a_global_minimum_is_said_to_be_one() -> None:
    best = es.landscape(LINE).global_minimum.parameters
    verdict = es.decide(LINE, best, spurious=True)
    assert verdict.status is Status.PROVED and verdict.certificate.kind == "local minimum"
    assert "not a spurious one: it is the global minimum of the network, certified by" in verdict.reason
    fit = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [0, 1]))
    there = fit.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])
    assert "no function of the inputs does better" in es.decide(fit, there, spurious=True).reason


@pytest.mark.parametrize("seed", range(6))
def test_minima_of_landscapes_are_spurious_exactly_where_they_are_not_lowest(seed: int) -> None:
    rnd = random.Random(seed)
    data = es.Data.from_arrays([-2, -1, 0, 1, 3], [rnd.randint(-3, 3) for _ in range(5)])
    problem = es.Problem(es.Network([1, 1, 1]), data)
    land = es.landscape(problem)
    for valley in land.valleys:
        if valley.parameters is None:
            continue
        verdict = es.decide(problem, valley.parameters, spurious=True)
        assert verdict.status is Status.PROVED
        lowest = valley.risk == land.global_minimum.risk
        assert (verdict.certificate.kind == "local minimum") == lowest
        assert lowest or oracle.risk(problem, verdict.lower_point) < valley.risk


def test_a_deep_network_and_another_loss_find_a_lower_point() -> None:
    deep = es.Problem(es.Network([1, 2, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    dead = deep.parameters(W1=[[0], [0]], b1=[-1, -1], W2=[[1, 1], [1, 1]], b2=[-1, -1], W3=[[1, 1]], b3=["3/4"])
    found = es.decide(deep, dead, spurious=True)
    assert found.status is Status.PROVED and found.certificate.kind == "spurious local minimum"
    assert oracle.risk(deep, found.lower_point) < oracle.risk(deep, dead)
    absolute = es.Problem(es.Network([1, 1, 1, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, 2]), es.absolute)
    flat = absolute.parameters(W1=[[0]], b1=[-1], W2=[[1]], b2=[-1], W3=[[1]], b3=[1])
    lower = es.decide(absolute, flat, spurious=True)
    assert lower.certificate.kind == "spurious local minimum" and oracle.risk(absolute, lower.lower_point) < 2


def test_a_lower_point_that_was_raised_is_rejected(tmp_path) -> None:
    verdict = es.decide(LINE, HERE, spurious=True)
    file = verdict.certificate.save(tmp_path / "mine.certificate.json")
    document = json.loads(file.read_text())
    document["evidence"]["lower_points"][0]["parameters"]["b2"] = ["9999"]
    file.write_text(json.dumps(document))
    with pytest.raises(RejectedCertificate):
        es.verify(file)
