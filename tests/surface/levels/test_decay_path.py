"""Landscapes along the factor of the weight decay."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest

import exactsurf as es
from exactsurf.effort import OutOfTime

F = Fraction


def problem(**options) -> es.Problem:
    return es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]), **options)


def test_changes_are_bracketed():
    path = es.decay_path(problem(), ["1/10", 4], bracket="1/5")
    assert path.factors == tuple(sorted(path.factors)) and not path.has_ties
    counts = [len(land.valleys) for land in path.landscapes]
    assert (counts[0], counts[-1]) == (4, 1)
    assert sum(change.before - change.after for change in path.changes) == 3
    for change in path.changes:
        assert 0 < change.high - change.low <= change.high / 5
        at = {land.problem.decay.factor: len(land.valleys) for land in path.landscapes}
        assert (at[change.low], at[change.high]) == (change.before, change.after)
    lows = [land.global_minimum.risk.low for land in path.landscapes]
    assert all(a <= b for a, b in pairwise(lows)) and lows[0] < lows[-1]
    # The least risk is concave in the factor: a minimum of linear functions.
    for (a, x), (b, y), (c, z) in zip(*(list(zip(path.factors, lows, strict=True))[k:] for k in range(3)), strict=False):
        assert (y - x) * (c - b) >= (z - y) * (b - a)
    assert repr(path).startswith("DecayPath(valleys by factor 1/10: 4")


def test_what_is_penalised_is_kept():
    path = es.decay_path(problem(weight_decay=1, decay_biases=True), ["1/2", "3/4"], bracket=1)
    assert all(land.problem.decay.biases for land in path.landscapes)


def test_bad_input():
    for factors in (["1/2"], [0, 1], ["-1", 1], ["1/2", "1/2"]):
        with pytest.raises(es.InputError, match="factors"):
            es.decay_path(problem(), factors)
    with pytest.raises(es.InputError, match="bracket of a path must be positive; got '0'"):
        es.decay_path(problem(), [1, 2], bracket=0)
    with pytest.raises(OutOfTime):
        es.decay_path(problem(), [1, 2], effort="1/1000")
