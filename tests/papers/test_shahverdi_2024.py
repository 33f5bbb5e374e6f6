"""Numbers of critical points of linear convolutional networks against distance degrees that are known, and other formulas."""

from __future__ import annotations

import random

import pytest

import exactsurf as es
from exactsurf.papers.shahverdi_2024 import count_filters, generic_distance_degree, number_of_critical_points

UNIT = [[int(i == j) for j in range(4)] for i in range(4)]


def instance(kernels: list[int], strides: list[int], seed: int) -> es.RestrictedProblem:
    source, width = random.Random(seed), 1
    for kernel, stride in reversed(list(zip(kernels, strides, strict=True))):
        width = (width - 1) * stride + kernel
    inputs = [[source.randint(-3, 3) for _ in range(width)] for _ in range(width + 2)]
    filters = es.convolution(width, kernels, strides=strides, activation="linear")
    return es.RestrictedProblem(filters, es.Data.from_arrays(inputs, [source.randint(-9, 9) for _ in inputs]))


def test_degrees_of_projective_spaces_and_quadrics() -> None:
    """A linear space is nearest to a point once; the others are in the tables of Draisma et al. 2016."""
    assert [generic_distance_degree([n]) for n in range(1, 6)] == [1] * 5
    assert generic_distance_degree([2, 2]) == 6
    assert generic_distance_degree([2, 3]) == generic_distance_degree([3, 2]) == 10
    assert generic_distance_degree([2, 2, 1]) == 6
    for wrong in ([], [0], [2, "x"]):
        with pytest.raises(es.ExactsurfError):
            generic_distance_degree(wrong)


@pytest.mark.parametrize(("kernels", "strides"), [([2, 2], [2, 1]), ([2, 2], [3, 1]), ([3, 2], [2, 1]), ([2, 3], [2, 1])])
def test_generic_data_have_as_many_critical_points(kernels: list[int], strides: list[int]) -> None:
    problem = instance(kernels, strides, 1)
    report = number_of_critical_points.examine(problem)
    assert report.outcome is es.Outcome.CONFIRMED, report.summary
    count = number_of_critical_points.construct(problem)
    assert count.complex_points == generic_distance_degree(kernels) and 0 < count.real_points <= count.complex_points
    assert (count.complex_points - count.real_points) % 2 == 0


def test_unit_inputs_are_not_generic_and_few_samples_tell_nothing_apart() -> None:
    filters = es.convolution(4, [2, 2], strides=[2, 1], activation="linear")
    unit = es.RestrictedProblem(filters, es.Data.from_arrays(UNIT, [3, 1, 4, -5]))
    assert count_filters(unit).complex_points == 2
    assert number_of_critical_points.conclusion(unit).status is es.Status.UNDECIDED
    few = es.RestrictedProblem(filters, es.Data.from_arrays([[1, 2, 3, 4]], [1]))
    report = number_of_critical_points.examine(few)
    assert report.failing == ("samples",) and report.conclusion.status is es.Status.UNDECIDED


def test_other_networks_are_refused() -> None:
    one = instance([2, 2], [1, 1], 3)
    assert number_of_critical_points.does_not_apply(one) == "strides 1, 1"
    for other in (
        es.RestrictedProblem(es.diagonal(2, 3), es.Data.from_arrays([[1, 2]], [1])),
        es.RestrictedProblem(es.convolution(4, [2, 2], strides=[2, 1]), es.Data.from_arrays(UNIT, [1, 2, 3, 4])),
    ):
        with pytest.raises(es.UnsupportedError):
            count_filters(other)
        assert number_of_critical_points.conclusion(other).status is es.Status.UNDECIDED
    with pytest.raises(es.UnsupportedError, match="max_unknowns"):
        count_filters(instance([3, 3, 2], [2, 2, 1], 1))
