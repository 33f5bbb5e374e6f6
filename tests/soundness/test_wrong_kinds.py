"""Every public function called with what it cannot take: an error of the package that names the place, never a bare one."""

from __future__ import annotations

import inspect
from fractions import Fraction
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.errors import ExactsurfError

PROBLEM = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, 0]))
THETA = PROBLEM.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])
SPACES = (es, es.plots, es.losses, es.activations)
FUNCTIONS = {name: getattr(space, name) for space in SPACES for name in space.__all__ if inspect.isfunction(getattr(space, name))}
PARTS_OF_A_PATTERN = {("decide_pattern", "list")}


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_wrong_kinds_are_told(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    function = FUNCTIONS[name]
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    wanted = [p for p in inspect.signature(function).parameters.values() if p.default is p.empty and p.kind in kinds]
    for wrong in (None, 5, "nothing", [1], object()):
        if (name, type(wrong).__name__) in PARTS_OF_A_PATTERN:
            continue
        for right in ((), (PROBLEM,), (PROBLEM, THETA)):
            if len(right) < max(len(wanted), 1):
                try:
                    found = function(*right, *[wrong] * (len(wanted) - len(right)))
                    if inspect.isgenerator(found):
                        list(found)
                except ExactsurfError as error:
                    assert str(error)


def test_lower_points_that_are_none():
    with pytest.raises(es.InputError, match="lower is parameters"):
        es.decide(PROBLEM, THETA, lower=5)  # type: ignore[arg-type]
    shared = es.RestrictedProblem(es.diagonal(1), es.Data.from_arrays([1], [1]))
    with pytest.raises(es.InputError, match="lower is parameters"):
        es.decide(shared, shared.restriction.at((Fraction(0), Fraction(0))), lower=5)  # type: ignore[arg-type]


def test_limits_that_are_no_numbers():
    shared = es.RestrictedProblem(es.diagonal(1), es.Data.from_arrays([1], [1]))
    filters = es.RestrictedProblem(es.convolution(2, [1], head=[1, 1]), es.Data.from_arrays([[1, -1], [2, 1]], [1, 0]))
    decayed = es.Problem(PROBLEM.network, PROBLEM.data, weight_decay=1)
    for problem in (PROBLEM, shared, filters):
        with pytest.raises(es.InputError, match="max_steps must be an integer"):
            es.certify_global_minimum(problem, max_steps="many")  # type: ignore[arg-type]
    with pytest.raises(es.InputError, match="max_cells must be an integer"):
        es.landscape(filters, max_cells="many")  # type: ignore[arg-type]
    with pytest.raises(es.InputError, match="max_nodes must be an integer"):
        es.EnclosedSearch(decayed).run(max_nodes="many")  # type: ignore[arg-type]
