"""Parameters without hidden symmetries: the two published architectures, and what the row is not about."""

from __future__ import annotations

import pytest

import exactsurf as es
from exactsurf.papers.grigsby_2023 import no_hidden_symmetries
from exactsurf.theorems.outcome import Outcome


def problem(widths: list[int], **options: object) -> es.Problem:
    return es.Problem(es.Network(widths, **options), es.Data.from_arrays([[0] * widths[0]], [[0] * widths[-1]]))


@pytest.mark.parametrize(
    ("widths", "dimension", "parameters"), [([2, 2, 2, 1], 11, 15), ([2, 3, 2, 1], 15, 20), ([1, 2, 2, 1], 9, 13)]
)
def test_the_bound_is_attained(widths: list[int], dimension: int, parameters: int) -> None:
    report = no_hidden_symmetries.examine(problem(widths))
    assert report.outcome is Outcome.CONFIRMED
    found = no_hidden_symmetries.construct(problem(widths))
    assert (found.dimension, found.parameters, found.hidden_symmetries) == (dimension, parameters, 0)
    es.verify(found.certificate.encoded)


def test_narrow_layers_and_other_settings() -> None:
    assert no_hidden_symmetries.check(problem([2, 1, 1])).failing == ("widths",)
    assert "linear" in no_hidden_symmetries.does_not_apply(problem([1, 1, 1], activation=es.linear))
    assert "layer 2 has none" in no_hidden_symmetries.does_not_apply(problem([1, 2, 1], biases=[True, False]))
