"""Huber, absolute and hinge loss: against all signed cells one by one, against squared loss, against the decision of points."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations, product
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.model.parameter_vector import unit_weights
from exactsurf.model.parameters import Parameters
from exactsurf.surface.facet_graph import FacetGraph
from exactsurf.surface.global_certificate import certify_global_minimum
from exactsurf.surface.kinked_strata import kinked_strata
from exactsurf.surface.paths import certify_barrier, certify_spurious_valley
from exactsurf.surface.surface import Landscape, landscape
from exactsurf.surface.valley import minimiser
from exactsurf.surface.valley_list import certify_all_valleys
from tests import oracle
from tests.surface.brute_force import FullLandscape
from tests.surface.test_global_certificate import problem
from tests.surface.test_surface import valleys

F = Fraction


def labelled(loss: es.Loss, x: Sequence, y: Sequence, units: int, activation=es.relu, biases=True) -> es.Problem:
    targets = [1 if value > 0 else -1 for value in y] if loss.name == "hinge" else y
    return problem(x, targets, units, activation, biases=biases, loss=loss)


def best_of_all_regions(instance: es.Problem, columns: Sequence[Sequence[F]], free: Sequence[Sequence[F]]) -> F:
    """The least Huber risk over a cone: on every support and every region of the loss the stationary points are tried."""
    y, delta = [row[0] for row in instance.data.y], instance.loss.delta
    count = len(y)
    best = None
    for size in range(min(len(columns), count) + 1):
        for chosen in combinations(columns, size):
            used = [*chosen, *free]
            for region in product((-1, 0, 1), repeat=count):
                inner = [i for i in range(count) if not region[i]]
                rows = [
                    [
                        *(sum((u[i] * w[i] for i in inner), F(0)) for w in used),
                        sum((u[i] * y[i] for i in inner), F(0)) - delta * sum((u[i] * s for i, s in enumerate(region)), F(0)),
                    ]
                    for u in used
                ]
                reduced, pivots = oracle.echelon(rows)
                if len(used) in pivots:
                    continue
                x = [F(0)] * len(used)
                for row, pivot in zip(reduced, pivots, strict=False):
                    x[pivot] = row[-1]
                if any(value < 0 for value in x[:size]):
                    continue
                f = [sum((a * u[i] for a, u in zip(x, used, strict=True)), F(0)) for i in range(count)]
                risk = oracle.scale(instance) * sum(oracle.loss(instance, a, b) for a, b in zip(f, y, strict=True))
                best = risk if best is None else min(best, risk)
    assert best is not None
    return best


class FullHuberLandscape(FullLandscape):
    @cache  # noqa: B019
    def minimum(self, generators: frozenset[tuple[int, int]]) -> F:
        columns = [tuple(s * v for v in self.columns[k]) for k, s in sorted(generators)]
        return best_of_all_regions(self.problem, [c for c in columns if any(c)], self.free)


@pytest.mark.parametrize(
    ("x", "y", "units", "activation", "loss", "biases"),
    [
        ([0, 1, 2], [0, 5, 1], 1, es.relu, es.huber(1), True),
        ([0, 1, 2], [3, -2, 1], 1, es.leaky_relu("1/3"), es.huber("1/2").mean, True),
        ([-1, 1, 2], [1, 3, -2], 1, es.relu, es.huber(2).scaled("3/2"), [True, False]),
        ([0, 1, 2, 3], [0, 4, 0, 9], 1, es.relu, es.huber(1), [True, False]),
        ([0, 2], [1, -3], 2, es.relu, es.huber(1), [True, False]),
    ],
)
def test_huber_valleys_are_those_of_the_full_space(x, y, units, activation, loss, biases):
    instance = labelled(loss, x, y, units, activation, biases)
    assert valleys(landscape(instance)) == FullHuberLandscape(instance).valleys()


def shape(land: Landscape) -> Counter:
    """All that does not depend on the choice of points."""
    return Counter((m.risk, m.dimension, m.multiplicity, m.is_strict, m.is_valley, len(m.valleys)) for m in land.local_minima)


@pytest.mark.parametrize("activation", [es.relu, es.leaky_relu("1/7"), es.hard_tanh], ids=repr)
@pytest.mark.parametrize("units", [1, 2])
def test_a_wide_huber_loss_is_the_squared_loss(activation, units):
    x, y = ([0, 1, 3, 4], [1, -1, 2, 0]) if activation.two_slopes else ([0, 1, 3], [1, -1, 2])
    # Huber's loss is (f − y)²/2 where |f − y| ≤ δ, and no minimiser is as far away.
    wide, squared = (landscape(problem(x, y, units, activation, loss=loss)) for loss in (es.huber(1000), es.squared))
    assert valleys(wide) == valleys(squared) and shape(wide) == shape(squared)


@pytest.mark.parametrize(("x", "y", "units"), [([0, 1, 3, 4], [1, -1, 2, 0], 2), ([0, 1, 2, 4, 5], [0, 3, -1, 2, 2], 1)])
@pytest.mark.parametrize("loss", [es.squared, es.huber(1)], ids=repr)
def test_the_search_by_strata_is_the_search_by_gradients(x, y, units, loss):
    # The search for losses with kinks asks nothing of the gradient, so it serves for the others too, only slower.
    land = landscape(problem(x, y, units, loss=loss))
    leaves = {cell for valley in land.valleys for cell in valley.cells}
    found = Counter((land.risks[part.orbit], part.copies, part.dimension, part.strata) for part in kinked_strata(land, leaves))
    listed = Counter((m.risk, m.multiplicity, m.dimension, m.strata) for m in land.local_minima if not m.is_valley)
    sets = [Counter({(*key[:3], frozenset(key[3])): n for key, n in side.items()}) for side in (found, listed)]
    assert sets[0] == sets[1] and sets[0]


LOSSES = [es.huber(1), es.huber("1/3").mean, es.absolute, es.hinge, es.hinge.scaled("3/2").mean]
ACTIVATIONS = [es.relu, es.leaky_relu("1/7"), es.absolute_value, es.hard_tanh, es.piecewise_linear([-1, 1], [0, 2, -1], 1)]


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
@pytest.mark.parametrize("activation", ACTIVATIONS, ids=repr)
def test_representatives_are_local_minima(loss, activation):
    for units in (1, 2) if activation.two_slopes else (1,):
        instance = labelled(loss, [0, 1, 2, 4], [1, -2, 3, -1], units, activation)
        land = landscape(instance)
        assert land.has_all_local_minima or loss.name != "huber"
        for found in land.local_minima:
            assert instance.risk(found.parameters) == found.risk
            assert es.decide(instance, found.parameters).status == "PROVED"
            assert found.is_valley == any(found.risk == land.valleys[k].risk for k in found.valleys)


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
def test_minimisers_of_cells_that_are_not_listed_are_no_local_minima(loss):
    instance = labelled(loss, [0, 1, 3, 4, 6], [1, -2, 3, 2, -4], 2, es.leaky_relu("1/7"))
    land = landscape(instance)
    levels = {found.risk for found in land.local_minima}
    others = [k for k, risk in enumerate(land.risks) if risk not in levels]
    tried = 0
    for k in others[::2]:
        point = minimiser(land.work.minima, land.work.orbits[k])
        if land.has_all_local_minima or all(point.weights[1][0]):
            assert es.decide(instance, point).status == "REFUTED"
            tried += 1
    assert tried > 5 or loss.name == "hinge"


def vertices(full: FullLandscape) -> Iterator[Parameters]:
    """Points of every signed cell at which as many predictions as columns in use are at the kinks of the loss."""
    y = full.target
    for cell in product(range(len(full.unit_cells)), repeat=full.units):
        if list(cell) != sorted(cell):
            continue
        every = [
            (k, sign, j) for j, kind in enumerate(cell) for k in full.unit_cells[kind][0] for sign in (full.unit_cells[kind][1],)
        ]
        for size in range(len(every) + 1):
            for chosen in combinations(every, size):
                used = [tuple(s * v for v in full.columns[k]) for k, s, _ in chosen] + full.free
                for samples in combinations(range(len(y)), len(used)):
                    reduced, pivots = oracle.echelon([[*(F(u[i]) for u in used), y[i]] for i in samples])
                    x = [row[-1] for row in reduced]
                    if pivots == list(range(len(used))) and all(value > 0 for value in x[:size]):
                        yield full.point(cell, chosen, x)


@pytest.mark.parametrize("loss", [es.absolute, es.hinge, es.hinge.mean], ids=repr)
@pytest.mark.parametrize(
    ("x", "y", "units", "activation"),
    [
        ([0, 1, 3, 4], [1, -1, 2, -3], 1, es.relu),
        ([-2, 0, 1, 3], [-1, 2, -3, -1], 1, es.leaky_relu("1/2")),
        ([0, 1, 2], [1, -3, 2], 2, es.leaky_relu("1/3")),
    ],
)
def test_no_vertex_is_a_local_minimum_that_is_not_listed(loss, x, y, units, activation):
    instance = labelled(loss, x, y, units, activation, biases=[True, units == 1])
    levels = {found.risk for found in landscape(instance).local_minima}
    seen = set()
    for theta in vertices(FullLandscape(instance)):
        risk = instance.risk(theta)
        if risk not in levels and all(theta.weights[1][0]) and theta not in seen:
            seen.add(theta)
            assert es.decide(instance, theta).status == "REFUTED"
    assert seen


def test_a_local_minimum_at_an_output_weight_0_may_be_missing():
    # theory.md, section 8.3: near w = (1, 0) the first sample outweighs the third, though p = v w has a lower risk in its cell.
    data = es.Data.from_arrays([[1, 0], [2, 0], [1, 1]], [0, 0, 1])
    instance = es.Problem(es.Network([2, 1, 1], biases=False), data, es.absolute)
    theta = instance.parameters(W1=[[1, 0]], W2=[[0]])
    assert es.decide(instance, theta).status == "PROVED"
    land = landscape(instance)
    assert not land.has_all_local_minima
    for found in land.local_minima:
        for stratum in found.strata:
            (face,) = stratum.faces
            assert (stratum.signs[0], face.signs) != (0, land.work.minima.table.arrangement.signs_at((F(1), F(0))))


def one_unit_off(instance: es.Problem) -> Iterator[Parameters]:
    """Points with one unit off, here and there, on top of local minima of the network without it."""
    x, y = ([row[0] for row in side] for side in (instance.data.x, instance.data.y))
    units, (_, bias) = instance.network.widths[1], instance.network.biases
    if units == 1:
        bases: list[dict] = [
            {"W1": [], "b1": [], "W2": [[]], **({"b2": [c]} if bias else {})} for c in (sorted(set(y)) if bias else [0])
        ]
    else:
        fewer = es.Problem(
            es.Network([1, units - 1, 1], instance.network.activation, biases=[True, bias]), instance.data, instance.loss
        )
        names = ("W1", "b1", "W2", "b2") if bias else ("W1", "b1", "W2")
        bases = [{name: found.parameters[name] for name in names} for found in landscape(fewer).local_minima]
    for base in bases:
        for sign, kink in product((-1, 1), [*x, *(v + F(1, 2) for v in x)]):
            off = {"W1": [*base["W1"], [sign]], "b1": [*base["b1"], -sign * kink], "W2": [[*base["W2"][0], 0]]}
            yield instance.parameters(**{**base, **off})


@pytest.mark.parametrize("biases", [True, [True, False]], ids=["bias", "no bias"])
@pytest.mark.parametrize("units", [1, 2])
def test_no_local_minimum_at_an_output_weight_0_is_missing_from_a_complete_list(units, biases):
    rnd = random.Random(units)
    complete = {True: 0, False: 0}
    missing = Counter()
    while min(complete.values()) < 3:
        x, y = rnd.sample(range(-4, 5), 4), [rnd.randint(-3, 3) for _ in range(4)]
        instance = problem(x, y, units, es.leaky_relu("1/3"), biases=biases, loss=es.absolute)
        land = landscape(instance)
        if complete[land.has_all_local_minima] == 3:
            continue
        complete[land.has_all_local_minima] += 1
        for theta in one_unit_off(instance):
            risks = {land.risks[land.work.orbits.rank(sorted(cell))] for cell in around(FacetGraph(land.work), theta)}
            if risks != {instance.risk(theta)} and es.decide(instance, theta).status == "PROVED":
                missing[land.has_all_local_minima] += 1
    assert not missing[True]
    assert missing[False] or units == 2


def around(graph: FacetGraph, theta: Parameters) -> Iterator[tuple[int, ...]]:
    """The signed cells that contain a point, all with the same risk or not; a unit that is off has both signs."""
    table, kinds = graph.minima.table, []
    for weights, v in zip(unit_weights(theta), theta.weights[1][0], strict=True):
        signs = table.arrangement.signs_at(weights)
        cells = [c for c, cell in enumerate(table.cells) if all(a in (0, b) for a, b in zip(signs, cell.signs, strict=True))]
        kinds.append([2 * c + side for c in cells for side in ((0, 1) if not v else (int(v < 0),))])
    return product(*kinds)


@pytest.mark.parametrize("activation", [es.hard_tanh, es.piecewise_linear([1], [0, 1], 0), es.piecewise_linear([0], [0, 1], 1)])
@pytest.mark.parametrize("loss", LOSSES, ids=repr)
def test_shifted_activations_have_the_same_landscape(activation, loss):
    x, y = [0, 1, 3], [1, -1, 2]
    land = landscape(labelled(loss, x, y, 1, activation))
    mirrored = landscape(labelled(loss, [7 - v for v in x], y, 1, activation))
    assert valleys(land) == valleys(mirrored) and shape(land) == shape(mirrored)
    if len(activation.breakpoints) == 1:
        # h(z − 1) is h with other biases, h + 1 is h with another output bias.
        plain = landscape(labelled(loss, x, y, 1))
        assert valleys(land) == valleys(plain)
        assert Counter((m.risk, m.multiplicity, m.is_valley) for m in land.local_minima) == Counter(
            (m.risk, m.multiplicity, m.is_valley) for m in plain.local_minima
        )


@pytest.mark.parametrize("loss", [es.huber(1), es.absolute], ids=repr)
def test_infima_at_infinity(loss):
    # As for squared loss: v·max(w x + 1, 0) = max(p x + v, 0) has to be 1, 2, 0 at 1, 2, −1, so p = 1 and v → 0.
    shifted = es.piecewise_linear([-1], [0, 1], 1)
    land = landscape(problem([1, 2, -1], [1, 2, 0], 1, shifted, biases=False, loss=loss))
    best = land.global_minimum
    assert (best.risk, best.is_attained, best.parameters) == (0, False, None)
    assert certify_global_minimum(land).kind == "lower bound"
    with_bias = landscape(problem([1, 2, -1], [1, 2, 0], 1, shifted, loss=loss))
    assert with_bias.global_minimum.is_attained and with_bias.global_minimum.risk == 0


@pytest.mark.parametrize("loss", [es.huber(1), es.huber("1/2").scaled(3).mean, es.absolute, es.hinge], ids=repr)
@pytest.mark.parametrize(("units", "activation"), [(2, es.relu), (1, es.hard_tanh)], ids=repr)
def test_the_verifier_takes_the_certificates(loss, units, activation):
    land = landscape(labelled(loss, [0, 1, 2, 4, 5], [1, -2, 3, 1, -1], units, activation))
    best = certify_global_minimum(land)
    assert best.risk == land.global_minimum.risk and es.verify(best)
    assert certify_all_valleys(land).valleys == len(land.valleys)
    spurious = [valley for valley in land.valleys if valley.is_spurious and valley.parameters is not None]
    for valley in spurious:
        assert certify_spurious_valley(land, valley.parameters).level == valley.barrier
    for valley in spurious[-1:]:
        assert certify_barrier(land, valley.parameters, land.global_minimum.parameters).level >= valley.barrier


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
def test_symmetries(loss):
    x, y = [0, 1, 3, 4], [1, -2, 2, 3]
    first = landscape(labelled(loss, x, y, 2))
    moved = [
        labelled(loss, [x[i] for i in (2, 0, 3, 1)], [y[i] for i in (2, 0, 3, 1)], 2),
        labelled(loss, [5 - 2 * v for v in x], y, 2),
        labelled(loss, x, [-v for v in y], 2),
    ]
    for instance in moved:
        land = landscape(instance)
        assert valleys(land) == valleys(first) and shape(land) == shape(first)
    if loss.name == "absolute":
        scaled = landscape(labelled(loss, x, [3 * v for v in y], 2))
        assert {risk / 3: n for (risk, _), n in valleys(scaled).items()} == {risk: n for (risk, _), n in valleys(first).items()}


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
def test_a_unit_more_never_raises_the_global_minimum(loss):
    risks = [landscape(labelled(loss, [0, 1, 2, 4], [2, -3, 4, -1], units)).global_minimum.risk for units in (1, 2, 3)]
    assert risks == sorted(risks, reverse=True) and risks[-1] == 0


@pytest.mark.parametrize(
    ("loss", "least"),
    [(es.absolute, 1), (es.hinge, 2), (es.huber(1), F(1, 4)), (es.huber("1/2"), F(1, 4)), (es.huber("1/4"), F(3, 16))],
    ids=repr,
)
def test_one_unit_on_three_points_by_hand(loss, least):
    # A tent on 0, 1, 2. One ReLU unit and a bias fit its first sample and are flat behind it (or the mirror image), or do worse.
    # That leaves two targets for one value t: |t − 1| + |t| ≥ 1; (1 − t)₊ + (1 + t)₊ ≥ 2; Huber: ¼ in the middle, or δ − δ² if
    # both are beyond δ ≤ ½.
    assert landscape(labelled(loss, [0, 1, 2], [0, 1, 0], 1)).global_minimum.risk == least


def test_descents_end_at_listed_levels():
    import numpy as np

    from tests.soundness.float_network import FloatNetwork

    instance = problem([0, 1, 2, 4], [0, 5, -3, 2], 2, loss=es.huber(1))
    land = landscape(instance)
    levels = np.array([float(found.risk) for found in land.local_minima])
    network, rng = FloatNetwork(instance), np.random.default_rng(8)
    points = np.concatenate([spread * rng.standard_normal((120, network.dimension)) for spread in (1, 3)])
    for _ in range(6000):
        risks, gradients = network.risks(points)
        points = points - 0.01 * gradients
    assert risks.min() > levels.min() - 1e-9
    still = risks[np.abs(gradients).sum(1) < 1e-6]
    assert len(still) > 40 and len(np.unique(still.round(5))) > 2
    assert np.abs(still[:, None] - levels).min(1).max() < 1e-6
    assert still.min() < levels.min() + 1e-6


@pytest.mark.parametrize("loss", [es.huber(1), es.absolute, es.hinge], ids=repr)
def test_workers_batches_and_checkpoints_change_nothing(loss, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    instance = labelled(loss, [0, 1, 3, 4, 6], [1, -1, 2, -3, 1], 2)
    serial = landscape(instance)
    monkeypatch.setattr("exactsurf.surface.run.run._LONGEST", 37)
    for options in ({"workers": 2}, {"checkpoint": tmp_path / "run"}, {"checkpoint": tmp_path / "run"}):
        other = landscape(instance, **options)
        for name in ("risks", "fits", "residuals", "merges", "valleys", "local_minima"):
            assert getattr(other, name) == getattr(serial, name)
