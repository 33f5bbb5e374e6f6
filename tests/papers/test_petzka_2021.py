"""Splitting units: the function stays, minima stay minima but for shares beyond one."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import InputError
from exactsurf.papers.petzka_2021 import split_unit, unit_splitting
from exactsurf.search.catalogue import find_instance
from tests import oracle

F = Fraction

shares = st.fractions(min_value=-2, max_value=3, max_denominator=7)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-2, 2), min_size=13, max_size=13), shares, st.sampled_from([(1, 0), (1, 1), (2, 0), (2, 1)]))
def test_splitting_does_not_change_the_function(entries: list[int], share: Fraction, place: tuple[int, int]) -> None:
    problem = es.Problem(es.Network([1, 2, 2, 1], es.hard_tanh), es.Data.from_arrays([-1, 0, 2], [1, 0, 1]))
    e = entries
    theta = problem.parameters(W1=[[e[0]], [e[1]]], b1=e[2:4], W2=[e[4:6], e[6:8]], b2=e[8:10], W3=[e[10:12]], b3=[e[12]])
    wide, split = split_unit(problem, theta, *place, share)
    assert wide.network.widths[place[0]] == 3
    assert oracle.predictions(wide, split) == oracle.predictions(problem, theta)


@pytest.mark.parametrize("key", ["swirszcz_2016.blind_spot", "yun_2019.example_a", "yun_2019.xor", "yun_2019_sosp.sharp_minimum"])
def test_split_minima_are_minima(key: str) -> None:
    found = find_instance(key)
    report = unit_splitting.examine(found.problem, found.parameters)
    assert report.status is Status.PROVED and report.conclusion.status is Status.PROVED


def test_shares_beyond_one_make_a_saddle_of_a_sharp_minimum() -> None:
    found = find_instance("yun_2019_sosp.sharp_minimum")
    for share, status in (
        (F(1, 2), Status.PROVED),
        (F(3, 2), Status.REFUTED),
        (F(-1, 10), Status.REFUTED),
        (F(1), Status.REFUTED),
    ):
        wide, theta = split_unit(found.problem, found.parameters, 1, 0, share)
        verdict = es.decide(wide, theta)
        assert verdict.status is status
        if status is Status.REFUTED:
            assert oracle.risk(wide, verdict.lower_point) < 5
    # Where the unit's form vanishes (a flat minimum) every share gives a minimum.
    flat = find_instance("yun_2019.example_a")
    wide, theta = split_unit(flat.problem, flat.parameters, 1, 0, 5)
    assert es.decide(wide, theta).status is Status.PROVED


def test_units_that_do_not_exist() -> None:
    found = find_instance("yun_2019.example_a")
    for layer, unit in ((0, 0), (2, 0), (1, 2), (1, -1)):
        with pytest.raises(InputError, match="no unit"):
            split_unit(found.problem, found.parameters, layer, unit, 1)
