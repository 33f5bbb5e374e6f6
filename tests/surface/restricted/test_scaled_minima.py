"""All local minima of restricted problems with scales: against decisions, and theorems about diagonal linear networks."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

import exactsurf as es
from exactsurf.surface.restricted import scaled_minima
from tests.surface.restricted.scaled_problems import KINDS, scaled


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("seed", range(3))
def test_every_local_minimum_is_decided_as_one_and_none_is_missing(name: str, seed: int) -> None:
    problem = scaled(name, seed)
    land = es.landscape(problem)
    for found in land.local_minima:
        assert problem.risk(found.parameters) == found.risk
        assert es.decide(problem, found.parameters).status is es.Status.PROVED
    assert {v for m in land.local_minima if m.is_valley for v in m.valleys} == set(range(len(land.valleys)))
    risks = {found.risk for found in land.local_minima}
    source = random.Random(seed)
    grid = [tuple(Fraction(source.randint(-2, 2), source.choice([1, 2])) for _ in range(3)) for _ in range(12)]
    for values in {*land.minimisers, *grid}:
        parameters = problem.restriction.at(values)
        if es.decide(problem, parameters).status is es.Status.PROVED and land.has_all_local_minima:
            assert problem.risk(parameters) in risks


@pytest.mark.parametrize("depth", [2, 3])
def test_products_have_no_spurious_minimum_and_the_fit_of_least_squares(depth: int) -> None:
    """Diagonal linear networks: one component of global minima for each pattern of signs of the factors, if no product is 0."""
    rows, targets = [[1, 0], [1, 2], [2, -1]], [1, -2, 1]
    problem = es.RestrictedProblem(es.diagonal(2, depth), es.Data.from_arrays(rows, targets))
    land = es.landscape(problem)
    fit, rest, *_ = np.linalg.lstsq(np.array(rows, dtype=float), np.array(targets, dtype=float), rcond=None)
    assert abs(float(land.global_minimum.risk) - rest[0] / 2) < 1e-12 and np.all(np.abs(fit) > 0.1)
    assert len(land.valleys) == len(land.local_minima) == (2 ** (depth - 1)) ** 2
    assert all(valley.risk == land.global_minimum.risk for valley in land.valleys)
    assert all(found.is_global and found.dimension == 2 * (depth - 1) for found in land.local_minima)
    # Where a least product is 0 a zero joins the patterns of its factors.
    flat = es.RestrictedProblem(es.diagonal(2, depth), es.Data.from_arrays([[1, 0], [0, 1]], [1, 0]))
    assert len(es.landscape(flat).local_minima) == 2 ** (depth - 1)
    # The way between two patterns leads through a product that is 0: the barrier is the least risk there.
    single = es.landscape(es.RestrictedProblem(es.diagonal(1, depth), es.Data.from_arrays([1, 2], [1, 3])))
    assert {valley.merges_at for valley in single.valleys} == {Fraction(5)}


def test_the_choice_of_parameters_changes_nothing() -> None:
    """With the free parameters in another order, and the filter in other coordinates, the minima are the same ones."""
    problem = scaled("opposite patches", 0)
    inner = problem.restriction
    turned = es.Restriction(
        inner.network, inner.offset, [inner.basis[2], inner.direction([1, 1, 0]), inner.direction([1, -2, 0])]
    )
    other = es.landscape(es.RestrictedProblem(turned, problem.unrestricted.data, problem.unrestricted.loss))
    assert [_said(found) for found in other.local_minima] == [_said(found) for found in es.landscape(problem).local_minima]


def _said(found: es.RestrictedMinimum) -> tuple[object, ...]:
    return found.risk, found.dimension, found.is_valley, found.is_global


def test_too_many_strata_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scaled_minima, "MAX_STRATA", 50)
    with pytest.raises(es.InputError, match="strata, more than 50"):
        es.landscape(scaled("opposite patches", 0)).local_minima  # noqa: B018


def test_weight_decay_is_refused_with_scales() -> None:
    """The penalty changes along the fibres of the products, so no landscape at scales 1 and −1 is that of the problem."""
    plain = scaled("opposite patches", 1)
    free = plain.unrestricted
    problem = es.RestrictedProblem(plain.restriction, free.data, free.loss, weight_decay="1/10")
    with pytest.raises(es.UnsupportedError):
        es.landscape(problem)
    with pytest.raises(es.UnsupportedError):
        es.certify_global_minimum(problem)
