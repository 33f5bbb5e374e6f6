"""Landscapes of losses as data and of weighted samples: against all signed cells and all pieces of the loss, one by one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations, product

import pytest

import exactsurf as es
from exactsurf.errors import UnsupportedError
from exactsurf.surface.global_certificate import certify_global_minimum
from exactsurf.surface.surface import Landscape, landscape
from exactsurf.surface.valley_list import certify_all_valleys
from tests import oracle, weighted_losses
from tests.surface.brute_force import FullLandscape
from tests.surface.test_surface import valleys
from tests.weighted_losses import FORMULAS, OWN_KINKED, OWN_MIXED, OWN_SMOOTH, labels_for

F = Fraction


def instance_of(loss, x, y, units=1, activation=es.relu, *, biases=True, weights=None) -> es.Problem:
    data = es.Data.from_arrays(x, labels_for(loss, list(y)), weights=weights)
    return es.Problem(es.Network([1, units, 1], activation, biases=biases), data, loss)


def least_risk(instance: es.Problem, columns: Sequence[Sequence[F]], free: Sequence[Sequence[F]]) -> F:
    """The least risk over a cone: on every support, each prediction in each piece of the loss or at each breakpoint."""
    count = len(instance.data)
    functions = []
    for i in range(count):
        slope, start = instance.loss.gap_line(instance.data.y[i][0])
        weight = (instance.data.weights or (F(1),) * count)[i]
        # Of the product the parts need no care about their order: every prediction tries every piece.
        quadratics = [(weight * a * slope**2, weight * (2 * a * start + b) * slope) for a, b, _ in instance.loss.pieces]
        functions.append([*quadratics, *((t - start) / slope for t in instance.loss.breakpoints)])
    best = None
    for size in range(min(len(columns), count) + 1):
        for chosen in combinations(columns, size):
            used = [*chosen, *free]
            for parts in product(*functions):
                inner = [i for i, part in enumerate(parts) if isinstance(part, tuple)]
                fixed = [i for i, part in enumerate(parts) if not isinstance(part, tuple)]
                # Kuhn and Tucker: the gradient on the support is a combination of those of the predictions that are held.
                rows = []
                for u in used:
                    row = [sum((2 * parts[i][0] * u[i] * w[i] for i in inner), F(0)) for w in used]
                    row += [F(u[i]) for i in fixed]
                    rows.append([*row, -sum((parts[i][1] * u[i] for i in inner), F(0))])
                for i in fixed:
                    rows.append([*(F(u[i]) for u in used), *([F(0)] * len(fixed)), parts[i]])
                width = len(used) + len(fixed)
                reduced, pivots = oracle.echelon(rows) if rows else ([], [])
                if width in pivots:
                    continue
                x = [F(0)] * width
                for row, pivot in zip(reduced, pivots, strict=False):
                    x[pivot] = row[-1]
                if any(value < 0 for value in x[:size]):
                    continue
                f = [sum((a * u[i] for a, u in zip(x, used, strict=False)), F(0)) for i in range(count)]
                value = weighted_losses.risk(instance, f)
                best = value if best is None else min(best, value)
    assert best is not None
    return best


class FullRiskLandscape(FullLandscape):
    @cache  # noqa: B019
    def minimum(self, generators: frozenset[tuple[int, int]]) -> F:
        columns = [tuple(s * v for v in self.columns[k]) for k, s in sorted(generators)]
        return least_risk(self.problem, [c for c in columns if any(c)], self.free)


WEIGHTS = [F(1, 2), F(3), F(2, 3)]
CASES = [
    (es.quantile("1/3"), None),
    (es.epsilon_insensitive("1/2"), None),
    (OWN_KINKED, None),
    (es.squared_hinge, None),
    (es.smoothed_hinge, None),
    (OWN_SMOOTH, None),
    (es.squared, WEIGHTS),
    (es.squared.mean, WEIGHTS),
    (es.absolute.mean, WEIGHTS),
    (es.huber("1/2"), WEIGHTS),
    (es.hinge, WEIGHTS),
    (es.epsilon_insensitive("1/2").mean, WEIGHTS),
    (es.smoothed_hinge, WEIGHTS),
]


@pytest.mark.parametrize(("loss", "weights"), CASES, ids=repr)
def test_valleys_are_those_of_the_full_space(loss, weights):
    for y, activation, biases in (([2, -3, 1], es.relu, True), ([-1, 2, -2], es.leaky_relu("1/3"), [True, False])):
        instance = instance_of(loss, [0, 1, 2], y, activation=activation, biases=biases, weights=weights)
        assert valleys(landscape(instance)) == FullRiskLandscape(instance).valleys()


def shape(land: Landscape) -> Counter:
    return Counter((m.risk, m.dimension, m.multiplicity, m.is_strict, m.is_valley, len(m.valleys)) for m in land.local_minima)


@pytest.mark.parametrize("loss", [loss for loss in FORMULAS if loss != OWN_MIXED], ids=repr)
def test_a_weight_of_two_is_a_sample_twice(loss):
    for averaged in (loss, loss.mean):
        weighted = instance_of(averaged, [0, 1, 3, 4], [1, -2, 3, -1], weights=[1, 2, 1, 3])
        repeated = instance_of(averaged, [0, 1, 1, 3, 4, 4, 4], [1, -2, -2, 3, -1, -1, -1])
        one, other = landscape(weighted), landscape(repeated)
        assert valleys(one) == valleys(other)
        assert shape(one) == shape(other)
        first, second = certify_global_minimum(weighted), certify_global_minimum(repeated)
        assert (first.kind, first.risk) == (second.kind, second.risk)


@pytest.mark.parametrize(
    ("loss", "same"),
    [
        (es.quantile("1/2").scaled(2), es.absolute),
        (es.epsilon_insensitive(0), es.absolute),
        (es.piecewise_quadratic("difference", [], [["1/2", 0, 0]]), es.squared),
        (es.piecewise_quadratic("margin", [1], [[0, -1, 1], [0, 0, 0]]), es.hinge),
    ],
    ids=repr,
)
def test_losses_that_are_the_same_function_have_the_same_landscape(loss, same):
    one, other = (landscape(instance_of(each, [0, 1, 3, 4], [1, -2, 3, -1], 2)) for each in (loss, same))
    assert valleys(one) == valleys(other)
    assert shape(one) == shape(other)


@pytest.mark.parametrize(("loss", "weights"), CASES, ids=repr)
def test_representatives_are_local_minima_and_other_minimisers_are_none(loss, weights):
    weights = None if weights is None else [*weights, F(5)]
    instance = instance_of(loss, [0, 1, 2, 4], [1, -2, 3, -1], 2, weights=weights)
    land = landscape(instance)
    assert land.local_minima
    for found in land.local_minima:
        assert instance.risk(found.parameters) == found.risk
        predictions = [row[0] for row in oracle.predictions(instance, found.parameters)]
        assert weighted_losses.risk(instance, predictions) == found.risk
        assert es.decide(instance, found.parameters).status == "PROVED"
    # An inner flat piece of the loss lets predictions move between bounds; the dimension counts those that can.
    assert all(found.dimension >= 0 for found in land.local_minima)


@pytest.mark.parametrize(("loss", "weights"), CASES, ids=repr)
def test_certificates_of_the_surface_are_accepted(loss, weights):
    weights = None if weights is None else [*weights, F(5)]
    instance = instance_of(loss, [0, 1, 2, 4], [1, -2, 3, -1], weights=weights)
    land = landscape(instance)
    proof = certify_global_minimum(land)
    assert proof.risk == min(land.risks)
    document = json.loads(proof.encoded)
    if document["format"].endswith("/2"):
        # A steeper first piece is another loss, for which the same numbers prove nothing, or none at all.
        document["problem"]["loss"]["pieces"][0][1] = "-7"
    else:
        document["problem"]["loss"]["scale"] = "1/7"
    with pytest.raises(es.RejectedCertificate):
        es.verify(json.dumps(document).encode())
    assert certify_all_valleys(land).valleys == len(land.valleys)


def test_losses_with_kinks_and_curved_pieces_are_refused_by_name():
    with pytest.raises(UnsupportedError, match=r"piecewise quadratic loss, which has kinks and curved pieces"):
        landscape(instance_of(OWN_MIXED, [0, 1, 2], [1, -2, 3]))
