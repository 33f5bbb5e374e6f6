"""Losses by the names that people know."""

from __future__ import annotations

import json
import re

import pytest

import exactsurf as es


def test_names_of_other_libraries_are_answered_by_what_they_are():
    data = es.Data.from_arrays([0, 1], [1, 3])
    theta = {"W1": [[0]], "b1": [0]}
    for name in ("mse", "MSE", "mean_squared_error"):
        with pytest.raises(es.InputError, match=r"es\.squared\.scaled\(2\)\.mean") as caught:
            es.Problem(es.Network([1, 1]), data, name)
    described = json.loads(re.search(r"\{.*?\}", str(caught.value))[0])
    for loss in (described, es.squared.scaled(2).mean):
        problem = es.Problem(es.Network([1, 1]), data, loss)
        assert problem.risk(problem.parameters(**theta)) == 5  # (1 + 9) / 2
