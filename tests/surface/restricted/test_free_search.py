"""Branch and bound over free parameters: the same global minimum as the landscape's, with a certificate."""

from __future__ import annotations

import pytest

import exactsurf as es
from exactsurf.effort import Effort
from exactsurf.surface.restricted.free_search import free_search
from tests.surface.restricted.problems import LESSON, PLANES, plane


@pytest.mark.parametrize("name", PLANES)
@pytest.mark.parametrize("seed", range(3, 6))
def test_the_same_minimum_as_the_landscape(name: str, seed: int) -> None:
    problem = plane(name, seed)
    land = es.landscape(problem)
    for source in (problem, land):
        proof = es.certify_global_minimum(source)
        assert proof.risk == land.global_minimum.risk == problem.risk(proof.parameters)
        assert es.verify(proof.encoded).kind == "global minimum of a restricted risk"


@pytest.mark.parametrize("seed", range(3))
def test_several_outputs_and_layers(seed: int) -> None:
    """Three classes with hinge loss, and the last hidden layer of two."""
    classes = es.restriction(es.Network([1, 2, 3]), W2=[[1, 0], [0, 1], [-1, -1]], b2=[0, 0, "c"], b1=[0, "s"])
    rows = [[int(k == (i + seed) % 3) for k in range(3)] for i in range(3)]
    last = es.restriction(es.Network([1, 2, 2, 1]), W1=[[1], [-1]], b1=[0, 1], W2=[["a", 1], [1, "b"]], W3=[[1, -1]], b3=[0])
    for problem in (
        es.RestrictedProblem(classes, es.Data.from_arrays([-1, 0, 1], rows), "hinge"),
        es.RestrictedProblem(last, es.Data.from_arrays([-1, 0, 1, 2], [seed, 0, 1, -1])),
    ):
        proof = es.certify_global_minimum(problem)
        assert proof.risk == es.landscape(problem).global_minimum.risk


def test_the_number_of_regions_is_bounded() -> None:
    found = free_search(LESSON, Effort(), max_steps=100)
    assert found.risk == 0 and len(found.nodes) < 12
    with pytest.raises(es.InputError, match="after 1 regions"):
        es.certify_global_minimum(plane("overlapping", 0), max_steps=1)
    with pytest.raises(es.UnsupportedError, match="formal is not known"):
        es.certify_global_minimum(LESSON, formal=True)  # type: ignore[call-overload]
