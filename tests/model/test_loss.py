"""Losses, against the naive formulas and against difference quotients."""

from __future__ import annotations

import pickle
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.errors import InexactNumberError, InputError
from exactsurf.model.losses import loss_from

F = Fraction
numbers = st.fractions(min_value=-9, max_value=9, max_denominator=8)
losses = st.sampled_from(
    [es.squared, es.squared.scaled(2), es.absolute, es.absolute.scaled("1/3"), es.huber(1), es.huber("3/4").scaled(2)]
)


@pytest.mark.parametrize(
    ("loss", "f", "y", "value", "left", "right"),
    [
        (es.squared, 3, 1, F(2), F(2), F(2)),
        (es.squared.scaled(2), 3, 1, F(4), F(4), F(4)),
        (es.absolute, 1, 3, F(2), F(-1), F(-1)),
        (es.absolute, 3, 3, F(0), F(-1), F(1)),
        (es.absolute.scaled("1/2"), 3, 3, F(0), F(-1, 2), F(1, 2)),
        (es.hinge, 0, 1, F(1), F(-1), F(-1)),
        (es.hinge, 1, 1, F(0), F(-1), F(0)),
        (es.hinge, -1, -1, F(0), F(0), F(1)),
        (es.hinge, 2, -1, F(3), F(1), F(1)),
        (es.hinge, 2, 1, F(0), F(0), F(0)),
        (es.huber(2), 1, 0, F(1, 2), F(1), F(1)),
        (es.huber(2), -5, 0, F(8), F(-2), F(-2)),
        (es.huber(2), 2, 0, F(2), F(2), F(2)),
    ],
)
def test_values_by_hand(loss: es.Loss, f: int, y: int, value: Fraction, left: Fraction, right: Fraction) -> None:
    assert loss.value(F(f), F(y)) == value
    assert loss.subdifferential(F(f), F(y)) == (left, right)


@given(losses, numbers, numbers, numbers)
def test_the_subdifferential_supports_the_loss(loss: es.Loss, f: Fraction, other: Fraction, y: Fraction) -> None:
    low, high = loss.subdifferential(f, y)
    assert low <= high
    for slope in (low, high, (low + high) / 2):
        assert loss.value(other, y) >= loss.value(f, y) + slope * (other - f)


@given(losses, numbers, numbers)
def test_the_subdifferential_is_not_too_small(loss: es.Loss, f: Fraction, y: Fraction) -> None:
    tiny = F(1, 10**30)
    low, high = loss.subdifferential(f, y)
    right = (loss.value(f + tiny, y) - loss.value(f, y)) / tiny
    left = (loss.value(f, y) - loss.value(f - tiny, y)) / tiny
    assert abs(right - high) <= 4 * tiny and abs(left - low) <= 4 * tiny


@given(st.sampled_from([F(1), F(-1)]), numbers, numbers)
def test_hinge_subdifferential(y: Fraction, f: Fraction, other: Fraction) -> None:
    tiny = F(1, 10**30)
    low, high = es.hinge.subdifferential(f, y)
    assert high == (es.hinge.value(f + tiny, y) - es.hinge.value(f, y)) / tiny
    assert low == (es.hinge.value(f, y) - es.hinge.value(f - tiny, y)) / tiny
    assert es.hinge.value(other, y) >= es.hinge.value(f, y) + low * (other - f)


def test_scales() -> None:
    assert es.squared.total_scale(5) == F(1, 2)
    assert es.squared.mean.total_scale(5) == F(1, 10)
    assert es.squared.scaled(2).mean.total_scale(5) == F(1, 5)
    assert es.squared.mean.scaled(2) == es.squared.scaled(2).mean
    assert [loss.is_smooth for loss in (es.squared, es.huber(), es.absolute, es.hinge)] == [True, True, False, False]


def test_names_and_descriptions() -> None:
    for name, loss in (("squared", es.squared), ("absolute", es.absolute), ("hinge", es.hinge), ("huber", es.huber(1))):
        assert loss_from(name) == loss
        assert loss_from(f"{name}.mean") == loss.mean == loss_from({"name": name, "mean": True})
        assert loss_from(loss) is loss
    assert loss_from({"name": "huber", "delta": "1/2", "scale": 3}) == es.huber("1/2").scaled(3)
    assert loss_from({"name": "squared", "scale": 1}) == es.squared.scaled(2)


@pytest.mark.parametrize(
    "value",
    ["square", "squared.sum", "", {}, {"name": 3}, {"name": "squared", "delta": 1}, {"name": "squared", "scale": 0},
     {"name": "squared", "mean": "true"}, {"name": "squared", "mean": 1},
     {"name": "squared", "weights": []}, {"name": "huber", "delta": -1}, 3, None, ["squared"]],
    ids=repr,
)  # fmt: skip
def test_other_descriptions_are_refused(value: object) -> None:
    with pytest.raises(InputError):
        loss_from(value)  # type: ignore[arg-type]


def test_near_names_are_suggested() -> None:
    with pytest.raises(InputError, match="did you mean 'squared'"):
        loss_from("sqared")


def test_errors() -> None:
    for factor in (0, -1):
        with pytest.raises(InputError, match="positive"):
            es.squared.scaled(factor)
        with pytest.raises(InputError, match="positive"):
            es.huber(factor)
    with pytest.raises(InexactNumberError, match="factor"):
        es.squared.scaled(0.5)
    with pytest.raises(InexactNumberError, match="delta"):
        es.huber(0.5)


@pytest.mark.parametrize(
    ("loss", "text"),
    [
        (es.squared, "squared"),
        (es.squared.mean, "squared.mean"),
        (es.squared.scaled(2), "squared.scaled('2')"),
        (es.absolute.scaled("1/3").mean, "absolute.scaled('1/3').mean"),
        (es.huber("1/2"), "huber('1/2')"),
        (es.hinge, "hinge"),
    ],
)
def test_repr_can_be_evaluated(loss: es.Loss, text: str) -> None:
    assert repr(loss) == text
    names = {name: getattr(es, name) for name in ("squared", "absolute", "huber", "hinge")}
    assert eval(text, names) == loss
    assert pickle.loads(pickle.dumps(loss)) == loss and hash(pickle.loads(pickle.dumps(loss))) == hash(loss)


def test_losses_are_frozen() -> None:
    with pytest.raises(AttributeError):
        es.squared.scale = F(1)  # type: ignore[misc]
