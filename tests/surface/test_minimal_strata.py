"""Local minima by families of unit strata: the same list as stratum by stratum, also where data are symmetric and degenerate."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

import exactsurf as es
from exactsurf.surface.local_minima import LocalMinimum
from tests.surface.every_stratum import EveryStratum
from tests.surface.test_landscape_of_every_loss import labelled

LOSSES = [
    es.squared,
    es.squared.mean,
    es.huber(1),
    es.huber("1/2"),
    es.absolute,
    es.hinge,
    es.quantile("1/3"),
    es.epsilon_insensitive(1),
]
ACTIVATIONS = [es.relu, es.leaky_relu("1/7"), es.absolute_value, es.hard_tanh, es.piecewise_linear([-1, 1], [0, 2, -1], 1)]
CORNERS = [(-1, -1), (-1, 1), (1, -1), (1, 1)]


def drawn(source: random.Random, loss: es.Loss, activation: es.Activation) -> es.Problem:
    """A small instance; half of them have symmetric or repeated samples."""
    units = source.choice([1, 2]) if activation.two_slopes else 1
    biases = [source.random() < 0.6, source.random() < 0.6]
    size = source.choice([2, 3]) if units == 2 or not activation.two_slopes else source.choice([2, 3, 4])
    if source.random() < 0.5:
        x = [source.randint(-3, 3) for _ in range(size)]
        if source.random() < 0.5:
            x = sorted([*x[: size // 2], *(-v for v in x[: size // 2])])
        return labelled(loss, x, [source.randint(-2, 2) for _ in x], units, activation, biases)
    units = 1 if biases[0] or size > 2 else units
    rows = source.sample(CORNERS, size)
    targets = [source.choice([-1, 1]) for _ in rows]
    return es.Problem(es.Network([2, units, 1], activation, biases=biases), es.Data.from_arrays(rows, targets), loss=loss)


def instances(loss: es.Loss, activation: es.Activation) -> Iterator[es.Landscape]:
    source = random.Random(f"{loss!r} {activation!r}")
    found = 0
    while found < 5:
        instance = drawn(source, loss, activation)
        if any(any(row) for row in instance.data.x):
            found += 1
            yield es.landscape(instance, workers=1)


def stated(minimum: LocalMinimum) -> tuple[object, ...]:
    return minimum.risk, tuple(minimum.strata), minimum.multiplicity, minimum.dimension, minimum.parameters


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
@pytest.mark.parametrize("activation", ACTIVATIONS, ids=repr)
def test_the_list_is_that_of_all_strata_one_by_one(loss, activation):
    for land in instances(loss, activation):
        slow = EveryStratum(land)
        listed = [stated(one) for one in land.local_minima if not one.is_valley]
        expected = slow.minima_outside_valleys()
        # The search by gradients meets connected sets of one risk in the order of their gradients.
        assert sorted(listed, key=repr) == sorted(expected, key=repr)
        if not loss.is_smooth:
            assert [one[1:] for one in listed] == [one[1:] for one in sorted(expected, key=lambda one: one[0])]
        for one in land.local_minima:
            if one.is_valley:
                assert one.dimension == slow.valley_dimension(one.cells)


def xor(units: int) -> es.Problem:
    return es.Problem(es.Network([2, units, 1]), es.Data.from_arrays([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]))


def test_xor_with_four_units():
    land = es.landscape(xor(4), workers=1)
    found = [(str(one.risk), one.dimension, one.multiplicity, len(one.strata)) for one in land.local_minima]
    # Stratum by stratum this took five minutes.
    outside = [("1/2", 12, 1, 210), ("1/2", 10, 4, 252), ("1/2", 10, 6, 448), ("1/2", 10, 4, 420), ("1/2", 10, 1, 170)]
    assert found == [("0", 10, 1, 0), *[("1/4", 10, 1, 19113)] * 4, *[("1/3", 11, 1, 3025)] * 4, *outside]
    for one in land.local_minima:
        if all(one.parameters.weights[-1][0]):
            assert es.decide(land.problem, one.parameters).status == "PROVED"


def test_strata_are_a_sequence():
    strata = es.landscape(xor(2), workers=1).local_minima[-1].strata
    assert len(strata) == len(set(strata)) == len(list(strata))
    assert strata[0] == strata[:1][0] and strata == tuple(strata) and hash(strata) == hash(tuple(strata))
    assert strata != tuple(strata)[1:] and repr(strata) == f"<{len(strata)} strata>"
