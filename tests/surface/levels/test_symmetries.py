"""Random landscapes with enclosed levels: symmetries, a loss and its scaled twin, a weight of 2 and a sample twice, limits."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es

F = Fraction
LOSSES = {
    "squared": True,
    "huber(1/2)": True,
    "squared_hinge": True,
    "smoothed_hinge": True,
    "logistic": False,
    "log_cosh": False,
    "power(4)": False,
}
OF_LABELS = {"squared_hinge", "smoothed_hinge", "logistic"}
BIASES = st.sampled_from([True, False, [True, False], [False, True]])


@st.composite
def instances(draw: st.DrawFn):
    """Inputs, targets, weights, loss, biases and weight decay of a small problem."""
    count = draw(st.integers(2, 4))
    x = draw(st.lists(st.integers(-4, 4), min_size=count, max_size=count, unique=True))
    loss = draw(st.sampled_from(sorted(LOSSES)))
    target = st.sampled_from([-1, 1]) if loss in OF_LABELS else st.integers(-2, 2)
    y = draw(st.lists(target, min_size=count, max_size=count))
    weights = draw(st.lists(st.sampled_from([1, 2, F(1, 2)]), min_size=count, max_size=count))
    decay = {}
    if LOSSES[loss] or draw(st.booleans()):
        decay = {"weight_decay": draw(st.sampled_from([F(1, 10), F(1, 2)])), "decay_biases": draw(st.booleans())}
    return x, y, weights, loss, draw(BIASES), decay


def levels(x, y, weights, loss, biases, decay, scale=1):
    """What a landscape says of its valleys: both ends of levels, barriers and merges, times a factor, in order."""
    data = es.Data.from_arrays(x, y, weights=weights)
    land = es.enclosed_landscape(es.Problem(es.Network([1, 1, 1], biases=biases), data, loss, **decay), workers=1)

    def ends(level):
        return (F(-1), F(-1)) if level is None else (scale * level.low, scale * level.high)

    found = [(*ends(v.risk), *ends(v.barrier), *ends(v.merges_at), F(v.multiplicity)) for v in land.valleys]
    return sorted(found, key=lambda ends: [round(float(value), 9) for value in ends]), any(v.is_tied for v in land.valleys)


def assert_same(first, second):
    """The same valleys, so far as enclosures tell; where a valley is tied on one side, only the least levels are compared."""
    (one, tied), (other, also) = first, second
    assert one[0][0] <= other[0][1] and other[0][0] <= one[0][1]
    if tied or also:
        return
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
        for k in (0, 2, 4):
            assert a[k] <= b[k + 1] and b[k] <= a[k + 1]
        assert a[6] == b[6]


def decay_times(decay, factor):
    return {**decay, "weight_decay": decay["weight_decay"] * factor} if decay else decay


@settings(max_examples=12, deadline=None)
@given(instances(), st.randoms(use_true_random=False))
def test_the_order_of_samples_and_the_sign_of_inputs_play_no_part(instance, rnd):
    x, y, weights, *rest = instance
    order = list(range(len(x)))
    rnd.shuffle(order)
    plain = levels(x, y, weights, *rest)
    assert_same(plain, levels([-x[k] for k in order], [y[k] for k in order], [weights[k] for k in order], *rest))


@settings(max_examples=8, deadline=None)
@given(instances())
def test_the_sign_of_targets_plays_no_part(instance):
    x, y, *rest = instance
    assert_same(levels(x, y, *rest), levels(x, [-value for value in y], *rest))


@settings(max_examples=8, deadline=None)
@given(instances())
def test_a_loss_and_its_scaled_twin(instance):
    x, y, weights, loss, biases, decay = instance
    scaled = [3 * weight for weight in weights]
    assert_same(levels(*instance, scale=3), levels(x, y, scaled, loss, biases, decay_times(decay, 3)))


@settings(max_examples=8, deadline=None)
@given(instances(), st.integers(0, 3))
def test_a_weight_of_2_is_a_sample_twice(instance, place):
    x, y, weights, *rest = instance
    k = place % len(x)
    doubled = [2 * weight if i == k else weight for i, weight in enumerate(weights)]
    assert_same(levels(x, y, doubled, *rest), levels([*x, x[k]], [*y, y[k]], [*weights, weights[k]], *rest))


@pytest.mark.parametrize("biases", [True, False, [True, False], [False, True]])
def test_a_far_corner_of_huber_is_no_corner(biases):
    x, y, decay = [-2, 0, 1, 3], [1, -1, 2, 0], {"weight_decay": F(1, 10), "decay_biases": True}
    near = levels(x, y, [1] * 4, es.huber(1000), biases, decay)
    assert_same(near, levels(x, y, [1] * 4, es.squared, biases, decay))


def test_little_weight_decay_changes_the_least_risk_little():
    x, y = [-2, 0, 1, 3], [1, -1, 2, 0]
    plain = es.landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays(x, y))).global_minimum.risk
    for k in (3, 6):
        ((low, high, *_), *_), _ = levels(x, y, [1] * 4, es.squared, True, {"weight_decay": F(1, 10**k)})
        assert plain <= high and low <= plain + F(10, 10**k)
