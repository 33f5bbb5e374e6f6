"""Connectivity from merge trees: published widths, and components counted by brute force."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import UnsupportedError
from exactsurf.theorems.constructions.connected_sublevel_sets import connected_sublevel_sets, connectivity_by_width

F = Fraction
TWO = es.Data.from_arrays([1, -1], [1, 1])


def test_the_published_widths() -> None:
    problem = es.Problem(es.Network([1, 1, 1], es.leaky_relu("1/2"), biases=False), TWO)
    found = connectivity_by_width(problem, [1, 2, 3, 4])
    assert [one.width for one in found] == [1, 2, 3, 4]
    assert [one.least for one in found] == [F(9, 10), 0, 0, 0]
    assert [one.components for one in found] == [2, 2, 1, 1]
    assert [one.level for one in found] == [1, F(9, 10), 0, 0]
    assert [one.is_connected for one in found] == [False, False, True, True]


def test_two_units_fit_two_samples_in_two_ways() -> None:
    """Risk 0 needs one unit for each sample with its own sign; the two orders are the two components."""
    problem = es.Problem(es.Network([1, 2, 1], es.leaky_relu("1/2"), biases=False), TWO)
    fits = []
    for w1 in (F(1), F(-1)):
        for w2 in (F(1), F(-1)):
            a = [[w if w > 0 else w / 2 for w in (w1, w2)], [-w if w < 0 else -w / 2 for w in (w1, w2)]]
            det = a[0][0] * a[1][1] - a[0][1] * a[1][0]
            if det:
                v1, v2 = (a[1][1] - a[0][1]) / det, (a[0][0] - a[1][0]) / det
                assert problem.risk(problem.parameters(W1=[[w1], [w2]], W2=[[v1, v2]])) == 0
                fits.append((w1, w2))
    assert fits == [(1, -1), (-1, 1)]


def test_verdicts() -> None:
    wide, narrow = (es.Problem(es.Network([1, n, 1], es.leaky_relu("1/2"), biases=False), TWO) for n in (3, 2))
    assert connected_sublevel_sets(wide).status is Status.PROVED
    assert connected_sublevel_sets(narrow).status is Status.REFUTED
    bent = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    verdict = connected_sublevel_sets(bent)
    assert verdict.status is Status.REFUTED and es.verify(verdict.certificate).kind == "spurious valley"


def test_weight_decay_is_refused() -> None:
    problem = es.Problem(es.Network([1, 1, 1], biases=False), TWO, weight_decay="1/10")
    with pytest.raises(UnsupportedError):
        connectivity_by_width(problem, [1])
