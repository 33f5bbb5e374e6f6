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


@pytest.mark.parametrize("name", ["l1", "L2"])
def test_what_is_answered_instead_can_be_used(name: str):
    """Every loss that the advice names is one; L1 and L2 are the sums that the advice says."""
    data = es.Data.from_arrays([0, 1], [1, -1])
    with pytest.raises(es.InputError) as caught:
        es.Problem(es.Network([1, 1]), data, name)
    fix = caught.value.fields["fix"]
    named = re.findall(r"(?:take|is|,|or) (absolute|\w*hinge|squared)\b", fix)
    assert named and all(es.Problem(es.Network([1, 1]), data, loss).loss.name == loss for loss in named)
    if len(named) == 1:
        problem = es.Problem(es.Network([1, 1]), data, named[0])
        residuals = [3 - 1, 3 + 1]
        told = {"the sum of |f − y|": sum(residuals), "half the sum of (f − y)²": sum(r * r for r in residuals) / 2}
        assert problem.risk(problem.parameters(W1=[[0]], b1=[3])) == told[fix.split(" is ")[0]]
