"""Landscapes of logistic and log-cosh loss: known numbers, infima at infinity, symmetries, limits, descents in floats."""

from __future__ import annotations

import math
import pickle
import random
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

import exactsurf as es
from exactsurf.certificate.claims.near_analytic_minimum import NearAnalyticMinimum
from exactsurf.errors import InputError, UnsupportedError
from tests.surface.levels.test_unpriced import least_in_floats

F = Fraction
X, Y = [0, 1, 2, 3, 4], [1, -1, 1, 1, -1]
PLANE = [[1, 2], [0, 1], [1, 0], [-1, 2], [2, -1]]


def problem(widths=(1, 2, 1), x=X, y=Y, loss="logistic", biases=True, weights=None, activation=es.relu, **options):
    network = es.Network(list(widths), activation, biases=biases)
    return es.Problem(network, es.Data.from_arrays(x, y, weights=weights), loss, **options)


def levels(land, factor=1):
    """What a landscape says of valleys, as intervals times a factor, sorted by the digits that they all have."""

    def ends(level):
        return () if level is None else (factor * level.low, factor * level.high)

    found = [(ends(v.risk), ends(v.barrier), ends(v.merges_at), v.multiplicity, v.is_attained) for v in land.valleys]
    return sorted(found, key=lambda valley: ([[round(float(end), 9) for end in level] for level in valley[:3]], valley[3:]))


def meet(first, second):
    """Whether the valleys of two landscapes are the same so far as the intervals tell."""
    assert len(first) == len(second)
    for one, other in zip(first, second, strict=True):
        for a, b in zip(one[:3], other[:3], strict=True):
            assert len(a) == len(b)
            assert not a or (a[0] <= b[1] and b[0] <= a[1])
        assert one[3:] == other[3:]


CASES = {
    "line": {},
    "one unit": {"widths": (1, 1, 1)},
    "plane": {"widths": (2, 1, 1), "x": PLANE},
    "no biases": {"widths": (2, 2, 1), "x": PLANE, "biases": False},
    "leaky": {"activation": es.leaky_relu("1/10"), "widths": (1, 1, 1)},
    "exponential": {"loss": "exponential", "widths": (1, 1, 1)},
    "exponential, decay": {"loss": "exponential", "weight_decay": "1/10", "decay_biases": True},
    "log cosh": {"loss": "log_cosh", "y": [0, 1, 0, 2, 1]},
    "mean, weights": {"loss": es.logistic.mean, "weights": [1, 2, 1, "1/2", 1]},
    "decay": {"weight_decay": "1/10"},
    "decay of biases": {"weight_decay": "1/10", "decay_biases": True, "loss": "log_cosh", "y": [0, 1, 0, 2, 1]},
}


@pytest.mark.parametrize("name", CASES)
def test_points_lie_near_the_lower_ends_and_the_global_minimum_is_certified(name: str, tmp_path):
    land = es.enclosed_landscape(problem(**CASES[name]))
    for valley in land.valleys:
        risk = land.problem.risk(valley.parameters)
        allowed = valley.risk.low * (1 + F(1, 10**9)) if valley.risk.low else F(1, 10**9)
        assert valley.risk.low <= valley.risk.high <= allowed and valley.risk.low <= risk.upper and risk.upper <= allowed
        assert valley.barrier is None or valley.barrier.low > valley.risk.high
    proof = es.certify_near_global_minimum(land)
    assert isinstance(proof, NearAnalyticMinimum) and es.verify(proof.encoded).kind == proof.kind
    low = land.global_minimum.risk.low
    assert proof.bound <= low <= proof.risk and proof.risk - proof.bound <= F(3, 10**9) * (low or 1)
    again = es.load(proof.save(tmp_path / "near.json"))
    assert again.document() == proof.document() and "dual vector" in repr(again)
    text = es.markdown(proof)
    assert "Near a global minimum" in text and "near_analytic_minimum.md" in text


def test_known_numbers():
    # One unit can isolate one end only: the best is a constant for two samples of either class.
    land = es.enclosed_landscape(problem((1, 1, 1), X[:4], Y[:4]))
    assert abs(float(land.global_minimum.risk.low) - 2 * math.log(2)) < 1e-15 and not land.global_minimum.is_attained
    # x₁ = 1 with both labels, nothing else: the fit is a half, at every width.
    for units in (1, 2):
        both = es.enclosed_landscape(problem((1, units, 1), [1, 1], [1, -1]))
        assert abs(float(both.global_minimum.risk.low) - 2 * math.log(2)) < 1e-15 and both.global_minimum.is_attained
        assert len(both.valleys) == 1
    # log cosh at 0 and 2 is least at 1.
    mean = es.enclosed_landscape(problem((1, 1, 1), [1, 1], [0, 2], "log_cosh"))
    assert abs(float(mean.global_minimum.risk.high) - 2 * math.log(math.cosh(1))) < 1e-15


@pytest.mark.parametrize("units", [2, 3])
def test_separable_data_have_the_infimum_0_at_infinity(units: int):
    land = es.enclosed_landscape(problem((1, units, 1), X[:4], Y[:4]))
    best = land.global_minimum
    assert best.risk == es.Enclosure(F(0), F(0)) and best.is_attained is False
    assert 0 < land.problem.risk(best.parameters).upper <= F(1, 10**9)
    wide = es.enclosed_landscape(land.problem, width="1/10").global_minimum
    assert land.problem.risk(best.parameters).upper < land.problem.risk(wide.parameters).upper <= F(1, 10)


def test_labels_of_one_class_vanish_by_the_output_bias():
    for options in ({}, {"weight_decay": 1}):
        land = es.enclosed_landscape(problem((1, 1, 1), y=[1] * 5, **options))
        assert len(land.valleys) == 1 and land.global_minimum.risk.high == 0 and not land.global_minimum.is_attained
        assert es.certify_near_global_minimum(land).bound == 0
    # A bias that is penalised stays where it is.
    held = es.enclosed_landscape(problem((1, 1, 1), y=[1] * 5, weight_decay=1, decay_biases=True))
    assert held.global_minimum.risk.low > 0 and held.global_minimum.is_attained


@pytest.mark.parametrize("name", CASES)
def test_scaled_losses_and_repeated_samples(name: str):
    case = {"x": X, "y": Y, "loss": "logistic", **CASES[name]}
    loss = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [1, -1]), case["loss"]).loss
    first = es.enclosed_landscape(problem(**case))
    decay = case.get("weight_decay")
    tripled = {} if decay is None else {"weight_decay": 3 * F(decay)}
    scaled = es.enclosed_landscape(problem(**(case | {"loss": loss.scaled(3)} | tripled)))
    meet(levels(first, 3), levels(scaled))
    if "weights" in case:
        return
    weighted = es.enclosed_landscape(problem(**case, weights=[1, 2, 1, 1, 1]))
    twice = es.enclosed_landscape(problem(**(case | {"x": [*case["x"], case["x"][1]], "y": [*case["y"], case["y"][1]]})))
    meet(levels(weighted), levels(twice))


def test_reflected_inputs_and_labels():
    for options in ({}, {"loss": "log_cosh", "y": [0, 1, 0, 2, 1]}, {"weight_decay": "1/5"}):
        own = {"x": X, "y": Y, **options}
        plain = es.enclosed_landscape(problem(**options))
        reflected = es.enclosed_landscape(problem(**(own | {"x": [-value for value in own["x"]]})))
        turned = es.enclosed_landscape(problem(**(own | {"y": [-value for value in own["y"]]})))
        meet(levels(plain), levels(reflected))
        meet(levels(plain), levels(turned))


def test_labels_0_and_1_are_the_same():
    zero = es.enclosed_landscape(problem(y=[max(label, 0) for label in Y]))
    meet(levels(zero), levels(es.enclosed_landscape(problem())))


def test_little_decay_is_nearly_none():
    plain = es.enclosed_landscape(problem((1, 1, 1), loss="log_cosh", y=[0, 1, 0, 2, 1]))
    little = es.enclosed_landscape(problem((1, 1, 1), loss="log_cosh", y=[0, 1, 0, 2, 1], weight_decay=F(1, 10**7)))
    low, least = little.global_minimum.risk.low, plain.global_minimum.risk.low
    assert least < low < least + F(1, 10**5)
    # What vanishes at infinity costs more and more on the way there, but less than any given number if decay is small.
    logistic = [
        es.enclosed_landscape(problem((1, 1, 1), **({} if decay is None else {"weight_decay": decay}))).global_minimum.risk
        for decay in (None, F(1, 10**6), F(1, 10**4), F(1, 100))
    ]
    assert all(a.high < b.low for a, b in pairwise(logistic))
    assert logistic[1].high - logistic[0].low < F(1, 1000)


def test_a_small_log_cosh_is_the_squared_loss():
    y = [F(k, 10**5) for k in (0, 1, 0, 2, 1)]
    squared = es.landscape(problem((1, 1, 1), y=y, loss=es.squared))
    found = es.enclosed_landscape(problem((1, 1, 1), y=y, loss="log_cosh"))
    scale = 10**10
    exactly = sorted(float(valley.risk * scale) for valley in squared.valleys)
    assert np.allclose(sorted(float(valley.risk.low * scale) for valley in found.valleys), exactly, rtol=1e-6)


def descents(case: es.Problem, count: int, steps: int, seed: int):
    """Ends of gradient descents in floats: risks, and lengths of the last gradients."""
    rng = np.random.default_rng(seed)
    x, y = (np.array([[float(v) for v in row] for row in table]) for table in (case.data.x, case.data.y))
    y, units = y[:, 0], case.network.widths[1]
    w, b, v, c = (rng.normal(size=size) for size in ((count, units, x.shape[1]), (count, units), (count, units), (count,)))
    moved = [np.zeros_like(part) for part in (w, b, v, c)]
    for step in range(steps):
        z = np.einsum("nmd,Nd->nmN", w, x) + b[:, :, None]
        h, on = np.maximum(z, 0), z > 0
        f = np.einsum("nm,nmN->nN", v, h) + c[:, None]
        r = -y / (1 + np.exp(np.clip(y * f, -500, 500)))
        flow = r[:, None, :] * v[:, :, None] * on
        slopes = np.einsum("nmN,Nd->nmd", flow, x), flow.sum(2), np.einsum("nN,nmN->nm", r, h), r.sum(1)
        for part, speed, slope in zip((w, b, v, c), moved, slopes, strict=True):
            speed *= 0.95 if step < steps * 3 // 4 else 0.9
            speed += slope
            part -= 0.01 * speed
    lengths = np.sqrt(sum((slope.reshape(count, -1) ** 2).sum(1) for slope in slopes))
    risks = np.logaddexp(0, -y * f).sum(1)
    return risks, lengths


@pytest.mark.parametrize(("name", "seed"), [("one unit", 0), ("one unit", 1), ("plane", 2), ("log cosh", 3), ("leaky", 4)])
def test_merge_levels_against_a_spanning_tree_of_programs_in_floats(name: str, seed: int):
    networkx = pytest.importorskip("networkx")
    rnd = random.Random(seed)
    y = CASES[name].get("y") or [1, -1, rnd.choice([-1, 1]), rnd.choice([-1, 1]), -1]
    widths = (1, 1, 1) if name == "log cosh" else CASES[name].get("widths", (1, 2, 1))
    land = es.enclosed_landscape(problem(**(CASES[name] | {"y": y, "widths": widths})))
    work = land.work
    assert work.orbits.units == 1
    graph = networkx.Graph()
    for kind, own in enumerate(work.atoms.kinds):
        graph.add_node(kind, least=least_in_floats(work, own))
        for crossing in work.ways[kind]:
            facet = work.atoms.mask(crossing.generators, 1 - 2 * (kind % 2))
            graph.add_edge(kind, crossing.beyond, weight=least_in_floats(work, facet))
    tree = networkx.minimum_spanning_tree(graph)
    for first in land.valleys:
        least = min(graph.nodes[cell]["least"] for cell in first.cells)
        assert abs(least - float(first.risk.low)) < (1e-2 if first.is_attained is False else 1e-5)
        highest = []
        for second in land.valleys:
            path = networkx.shortest_path(tree, first.cells[0], second.cells[0])
            if second is not first:
                top = max([tree.edges[pair]["weight"] for pair in pairwise(path)])
                highest.append((second.risk.high < first.risk.low, top))
        lower = [top for is_lower, top in highest if is_lower]
        assert (first.barrier is None) == (not lower)
        assert not lower or abs(min(lower) - float(first.barrier.low)) < 1e-2
        if first.merges_at is not None:
            assert abs(min(top for _, top in highest) - float(first.merges_at.low)) < 1e-2


@pytest.mark.slow
def test_descents_in_floats_end_in_levels_of_the_list():
    rnd = random.Random(7)
    for seed in range(3):
        x, y = [[value] for value in rnd.sample(range(-4, 5), 6)], [rnd.choice([-1, 1]) for _ in range(6)]
        if len(set(y)) == 1:
            continue
        case = problem((1, 1, 1), x=x, y=y)
        land = es.enclosed_landscape(case)
        risks, lengths = descents(case, 300, 4000, seed)
        assert risks.min() >= float(land.global_minimum.risk.low) - 1e-9
        known = np.array([float(level.low) for level in land.levels])
        ends = risks[lengths < 1e-7]
        assert np.abs(ends[:, None] - known).min(1).max(initial=0) < 1e-5
        assert risks.min() <= float(land.global_minimum.risk.low) + 0.05


def test_landscapes_can_be_pickled():
    land = es.enclosed_landscape(problem())
    again = pickle.loads(pickle.dumps(land))
    assert (again.valleys, again.merges, again.runs) == (land.valleys, land.merges, land.runs)
    assert es.certify_near_global_minimum(again).document() == es.certify_near_global_minimum(land).document()


def test_what_is_refused():
    with pytest.raises(UnsupportedError, match="relu"):
        es.enclosed_landscape(problem(activation=es.relu6, weight_decay=1))
    with pytest.raises(UnsupportedError, match="conjugate is known"):
        es.enclosed_landscape(problem(loss=es.loss("exp(f - y) - f")))
    with pytest.raises(UnsupportedError, match="enclosed_landscape"):
        es.landscape(problem())


@pytest.mark.parametrize("loss", [es.logistic, es.losses.exponential, es.losses.log_cosh], ids=str)
@pytest.mark.parametrize("power", [6, 400])
def test_numbers_beyond_doubles_have_an_answer_or_an_error_that_says_so(loss: es.Loss, power: int) -> None:
    targets = [0, 10**power, 0, 1] if loss == es.losses.log_cosh else [0, 1, 0, 1]
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], targets, weights=[1, 10**power, 1, 1]), loss)
    try:
        land = es.enclosed_landscape(problem, effort=20)
    except (InputError, UnsupportedError) as error:
        assert "beyond all bounds" in str(error) or "name a larger width" in str(error)
        return
    assert land.global_minimum.risk.low <= land.global_minimum.risk.high
