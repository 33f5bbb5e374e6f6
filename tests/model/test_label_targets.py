"""Labels as the losses take them."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.model.label_targets import fitted_to_labels


def problem(widths, y, loss):
    return es.Problem(es.Network(widths), es.Data.from_arrays(list(range(len(y))), y), loss)


def test_zero_and_one_are_minus_one_and_one():
    assert problem([1, 1], [0, 1, 1], "logistic") == problem([1, 1], [-1, 1, 1], "logistic")


def test_cross_entropy_of_one_output_is_logistic():
    assert problem([1, 1], [0, 1], es.losses.cross_entropy.scaled(3).mean) == problem(
        [1, 1], [-1, 1], es.losses.logistic.scaled(3).mean
    )


def test_indices_of_classes_are_one_hot_rows():
    assert problem([1, 3], [0, 2], "cross_entropy").data.y == ((1, 0, 0), (0, 0, 1))


def test_losses_by_pieces_keep_their_targets():
    data = es.Data.from_arrays([0], [0])
    assert fitted_to_labels(es.squared, 1, data) == (es.squared, data)


@pytest.mark.parametrize(
    ("widths", "y", "loss", "says"),
    [
        ([1, 1], [1, 2], "logistic", "labels −1 and 1, or 0 and 1; sample 1 has another"),
        ([1, 1], [1, -1, 0], "exponential", "sample 1 has another"),
        ([1, 3], [0, 3], "cross_entropy", "from 0 to 2.*sample 1"),
        ([1, 3], [0, "1/2"], "cross_entropy", "sample 1 is not"),
        ([1, 2], [["1/3", "1/3"]], "cross_entropy", "add up to 1; those of sample 0"),
        ([1, 2], [[2, -1]], "cross_entropy", "not negative"),
    ],
)
def test_labels_that_are_none(widths, y, loss, says):
    with pytest.raises(InputError, match=says):
        problem(widths, y, loss)


def test_margin_losses_have_one_output():
    with pytest.raises(UnsupportedError, match="cross_entropy"):
        problem([1, 2], [[1, -1]], "logistic")


def test_soft_labels_are_kept():
    assert problem([1, 2], [["1/4", "3/4"]], "cross_entropy").data.y == ((Fraction(1, 4), Fraction(3, 4)),)
