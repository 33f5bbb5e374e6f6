"""Identifiable parameters: layers narrower than the input, and what the row is not about."""

from __future__ import annotations

import pytest

import exactsurf as es
from exactsurf.papers.grigsby_2023 import no_hidden_symmetries
from exactsurf.papers.grillo_2026 import identifiable_parameters
from tests.sweep import draws

SWEEP = draws(20)


def problem(widths: list[int], **options: object) -> es.Problem:
    return es.Problem(es.Network(widths, **options), es.Data.from_arrays([[0] * widths[0]], [[0] * widths[-1]]))


@pytest.mark.parametrize(("widths", "dimension"), [([2, 2, 2, 1], 11), ([3, 2, 2, 1], 13), ([4, 2, 3, 1], 18), ([3, 2, 1], 9)])
def test_the_dimension_is_the_bound(widths: list[int], dimension: int) -> None:
    report = identifiable_parameters.examine(problem(widths))
    assert report.outcome is es.Outcome.CONFIRMED
    found = identifiable_parameters.construct(problem(widths))
    hidden = sum(widths[1:-1])
    assert found.dimension == dimension == found.parameters - hidden and found.hidden_symmetries == 0
    assert len(found.kernel) == hidden and es.verify(found.certificate.encoded).kind == "functional dimension"


def test_it_asks_less_of_the_widths_than_the_row_before() -> None:
    assert no_hidden_symmetries.check(problem([3, 2, 2, 1])).failing == ("widths",)
    assert identifiable_parameters.check(problem([3, 2, 2, 1])).failing == ()


def test_narrow_layers_and_other_settings() -> None:
    assert identifiable_parameters.check(problem([2, 1, 1])).failing == ("widths",)
    assert identifiable_parameters.check(problem([1, 2, 1])).failing == ("widths",)
    assert "linear" in identifiable_parameters.does_not_apply(problem([2, 2, 1], activation=es.linear))
    assert identifiable_parameters.does_not_apply(problem([2, 2, 1], biases=[True, False])) is not None


@pytest.mark.parametrize("seed", range(min(SWEEP, 60)))
def test_random_architectures_never_refute(seed: int) -> None:
    widths = [[2, 2, 1], [2, 3, 1], [3, 2, 1], [2, 2, 2], [3, 3, 1], [2, 4, 1]][seed % 6]
    network = es.Network(widths, [es.relu, es.leaky_relu("1/3")][seed % 2])
    verdict = identifiable_parameters.conclusion(es.Problem(network, es.Data.from_arrays([[0] * widths[0]], [[0] * widths[-1]])))
    assert verdict.status is es.Status.PROVED
