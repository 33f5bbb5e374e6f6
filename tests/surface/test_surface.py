"""The landscape against a second one, known cases, symmetries and descents."""

from __future__ import annotations

import pickle
import random
from collections import Counter
from fractions import Fraction
from itertools import count
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf import effort
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.surface.run import run
from exactsurf.surface.surface import Landscape, landscape
from exactsurf.surface.valley import minimiser
from tests.surface.brute_force import FullLandscape

F = Fraction


def problem(x, y, units: int, activation=es.relu, **options) -> es.Problem:
    data = es.Data.from_arrays(x, y)
    return es.Problem(es.Network([data.inputs.columns, units, 1], activation, **options), data)


def valleys(land: Landscape) -> Counter:
    return Counter((valley.risk, valley.barrier) for valley in land.valleys for _ in range(valley.multiplicity))


CASES = [
    ([0, 1, 2], [0, 1, 0], 1, es.relu, True),
    ([0, 1, 2, 3], [0, 1, 0, 2], 1, es.relu, True),
    ([0, 1, 3, 4], [1, -1, 2, 0], 1, es.leaky_relu("1/3"), True),
    ([0, 1, 3], [1, -1, 2], 1, es.absolute_value, True),
    ([0, 1, 1, 2], [1, 0, 2, -1], 1, es.relu, True),
    ([-1, 1, 2], [1, 3, -2], 1, es.relu, [True, False]),
    ([0, 1, 2], [0, 1, 0], 2, es.relu, True),
    ([0, 2, 3], [1, -1, 2], 2, es.leaky_relu("1/3"), [True, False]),
    ([0, 1, 1, 2], [1, 0, 2, -1], 2, es.leaky_relu("1/2"), True),
    ([0, 1, 2, 3], [0, 1, 0, 2], 2, es.relu, True),
    ([0, 1, 2, 4], [0, 3, -1, 2], 2, es.leaky_relu("1/10"), True),
]


@pytest.mark.parametrize(("x", "y", "units", "activation", "biases"), CASES)
def test_valleys_barriers_and_multiplicities_are_those_of_the_full_space(x, y, units, activation, biases):
    instance = problem(x, y, units, activation, biases=biases)
    assert valleys(landscape(instance)) == FullLandscape(instance).valleys()


@pytest.mark.parametrize(("x", "y", "units", "activation", "biases"), CASES[:8])
def test_no_local_minimum_is_missed(x, y, units, activation, biases):
    instance = problem(x, y, units, activation, biases=biases)
    listed = {found.risk for found in landscape(instance).local_minima}
    found = FullLandscape(instance).local_minimum_risks()
    # A fit on a support may be a boundary point of a set of local minima, or of none; all sets have such a point.
    assert found <= listed
    assert {valley.risk for valley in landscape(instance).valleys} <= found


ACTIVATIONS = [es.relu, es.leaky_relu("1/7"), es.hard_tanh, es.relu6, es.piecewise_linear([-1, 0, 2], [0, 2, -1, 3], 1)]


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=repr)
@pytest.mark.parametrize("units", [1, 2])
def test_representatives_are_local_minima(activation, units):
    instance = problem([0, 1, 2], [1, -2, 3], units, activation)
    land = landscape(instance)
    assert land.local_minima
    for found in land.local_minima:
        assert found.parameters is not None
        assert instance.risk(found.parameters) == found.risk
        assert es.decide(instance, found.parameters).status == "PROVED"


@pytest.mark.parametrize(
    ("x", "y", "units", "activation", "biases"),
    [
        ([2, -1], [-1, -2], 1, es.relu_like(-1, 2), [True, False]),
        ([-3, -2], [-2, 3], 1, es.relu_like(-1, 2), [False, True]),
        ([-3, 3, -3, 1], [2, 3, 3, 1], 2, es.relu, [False, True]),
        ([[-1, -3], [-1, -3], [1, 3]], [0, -3, -2], 2, es.relu, False),
    ],
)
def test_units_with_zero_weights_keep_the_sign_that_makes_them_minima(x, y, units, activation, biases):
    # With w = 0 and v of the other sign, or v = 0, the same predictions are no local minimum.
    instance = problem(x, y, units, activation, biases=biases)
    for found in landscape(instance).local_minima:
        assert instance.risk(found.parameters) == found.risk
        assert es.decide(instance, found.parameters).status == "PROVED"


def test_minimisers_of_cells_that_are_no_minima_are_refuted():
    instance = problem([0, 1, 3, 4, 6, 7], [0, 2, -1, 3, 1, -4], 2, es.leaky_relu("1/7"))
    land = landscape(instance)
    levels = {found.risk for found in land.local_minima}
    others = [k for k, risk in enumerate(land.risks) if risk not in levels]
    assert len(others) > 20
    for k in others[::5]:
        point = minimiser(land.work.minima, land.work.orbits[k])
        assert instance.risk(point) == land.risks[k]
        assert es.decide(instance, point).status == "REFUTED"


def test_one_unit_on_three_points_by_hand():
    # Units on {0}, {0, 1}, {1, 2}, {2} or on all or none. The tent 0, 1, 0: a hinge at 1 (rays up to x = 1 or from there on)
    # gives the fit (a, b, b) or (b, b, a) with risk ½·½ = ¼, no hinge ⅓.
    land = landscape(problem([0, 1, 2], [0, 1, 0], 1))
    assert land.global_minimum.risk == F(1, 4)
    assert land.cells == 12
    assert valleys(land)[F(1, 4), None] == 2


def test_xor():
    data = es.Data.bundled("xor", target="y")
    one, two = (landscape(es.Problem(es.Network([2, units, 1]), data)) for units in (1, 2))
    # One unit cuts off one point: three points of which two are alike, ½·(⅔) = ⅓; two units compute XOR.
    assert one.global_minimum.risk == F(1, 3)
    assert two.global_minimum.risk == 0
    assert all(valley.is_global for valley in two.valleys)
    assert two.problem.risk(two.global_minimum.parameters) == 0


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=2, max_size=3),
    st.sampled_from([es.relu, es.absolute_value, es.leaky_relu("1/3"), es.relu_like(-1, 2)]),
    st.tuples(st.just(True), st.booleans()),
)
def test_one_unit_on_any_data(points, activation, biases):
    x, y = zip(*points, strict=True)
    assume(len(set(x)) > 1)
    instance = problem(x, y, 1, activation, biases=biases)
    assert valleys(landscape(instance)) == FullLandscape(instance).valleys()


def shape(land: Landscape) -> tuple:
    return valleys(land), Counter((m.risk, m.multiplicity, m.is_valley, len(m.valleys)) for m in land.local_minima)


@pytest.mark.parametrize("units", [1, 2])
def test_shifted_activations_have_the_same_landscape(units):
    # h(z − 1) is h with other biases, h + 1 is h with another output bias: bijections of parameter space, though v is a variable
    # of its own then.
    x, y = [0, 1, 3, 4], [1, -1, 2, 0]
    plain = shape(landscape(problem(x, y, units)))
    right = landscape(problem(x, y, units, es.piecewise_linear([1], [0, 1], 0)))
    up = landscape(problem(x, y, units, es.piecewise_linear([0], [0, 1], 1)))
    assert not right.work.minima.table.homogeneous and not up.work.minima.table.homogeneous
    assert shape(right) == shape(up) == plain


def test_inputs_that_say_the_same_have_the_same_landscape():
    x, y = [0, 1, 3, 4], [1, -1, 2, 0]
    plain = described(landscape(problem(x, y, 2)))
    constant = landscape(problem([[v, 1] for v in x], y, 2, biases=[False, True]))
    assert described(constant) == plain
    # A weight that no sample sees is a direction more for every unit that is on.
    silent = landscape(problem([[v, 0] for v in x], y, 2))
    assert shape(silent) == (plain[0], shape(landscape(problem(x, y, 2)))[1])
    plane = [[0, 0], [1, 2], [3, -1], [4, 4], [-2, 1]]
    mixed = [[a + 2 * b, b - a + 1] for a, b in plane]
    targets = [1, -1, 2, 0, 3]
    assert described(landscape(problem(plane, targets, 2))) == described(landscape(problem(mixed, targets, 2)))


def test_an_infimum_at_infinity():
    # v·max(w x + 1, 0) = max(p x + v, 0) has to be 1, 2, 0 at 1, 2, −1: p = 1 and v → 0.
    shifted = es.piecewise_linear([-1], [0, 1], 1)
    instance = problem([1, 2, -1], [1, 2, 0], 1, shifted, biases=False)
    land = landscape(instance)
    best = land.global_minimum
    assert (best.risk, best.is_attained, best.parameters) == (0, False, None)
    assert all(found.risk > 0 for found in land.local_minima)
    near = instance.parameters(W1=[[1000]], W2=[["1/1000"]])
    assert 0 < instance.risk(near) < F(1, 10**5)
    # With a bias, v can be positive at zero risk.
    with_bias = landscape(problem([1, 2, -1], [1, 2, 0], 1, shifted))
    assert with_bias.global_minimum.is_attained and with_bias.global_minimum.risk == 0


SYMMETRIC = ([0, 1, 3, 4], [1, -1, 2, 0])


def described(land: Landscape) -> tuple:
    minima = Counter((m.risk, m.dimension, m.multiplicity, m.is_strict, m.is_valley, len(m.valleys)) for m in land.local_minima)
    return valleys(land), minima, land.merges.nodes[-1].copies


@pytest.mark.parametrize("activation", [es.relu, es.leaky_relu("1/7"), es.hard_tanh], ids=repr)
def test_reordered_mirrored_and_scaled_data(activation):
    x, y = SYMMETRIC if activation.two_slopes else ([0, 1, 3], [1, -1, 2])
    first = described(landscape(problem(x, y, 2, activation)))
    order = [2, 0, 3, 1] if len(x) == 4 else [2, 0, 1]
    assert described(landscape(problem([x[i] for i in order], [y[i] for i in order], 2, activation))) == first
    assert described(landscape(problem([-v for v in x], y, 2, activation))) == first
    assert described(landscape(problem(x, [-v for v in y], 2, activation))) == first
    assert described(landscape(problem([5 * v for v in x], y, 2, activation))) == first
    assert described(landscape(problem([v + 7 for v in x], y, 2, activation))) == first
    scaled = landscape(problem(x, [3 * v for v in y], 2, activation))
    assert {key[0] / 9: n for key, n in valleys(scaled).items()} == {key[0]: n for key, n in first[0].items()}


def test_the_scale_of_the_loss_scales_the_landscape():
    plain = problem([0, 1, 3], [1, -1, 2], 1)
    mean = es.Problem(plain.network, plain.data, es.squared.mean)
    first, second = (valleys(landscape(instance)) for instance in (plain, mean))
    assert second == Counter({(risk / 3, None if b is None else b / 3): n for (risk, b), n in first.items()})


@pytest.mark.parametrize("seed", range(4))
def test_a_unit_more_never_raises_the_global_minimum(seed):
    rnd = random.Random(seed)
    x, y = rnd.sample(range(-5, 6), 5), [rnd.randint(-4, 4) for _ in range(5)]
    risks = [landscape(problem(x, y, units)).global_minimum.risk for units in (1, 2, 3)]
    assert risks == sorted(risks, reverse=True)
    # A unit can be spent on every sample between the first and the last: then nothing is left to fit.
    assert landscape(problem(x[:4], y[:4], 3)).global_minimum.risk == 0


def test_descents_end_at_listed_levels_and_stay_in_their_valleys():
    import numpy as np

    rnd = np.random.default_rng(3)
    x, y = [0, 1, 2, 4, 5], [1, -1, 2, 0, 3]
    land = landscape(problem(x, y, 2))
    levels = np.array([found.risk.numerator / found.risk.denominator for found in land.local_minima])
    inputs, targets = np.array(x, dtype=float), np.array(y, dtype=float)

    def descent(w, b, v, c, rate, steps):
        for _ in range(steps):
            z = w[:, :, None] * inputs + b[:, :, None]
            r = (v[:, :, None] * np.maximum(z, 0)).sum(1) + c[:, None] - targets
            dv = (np.maximum(z, 0) * r[:, None, :]).sum(2)
            dz = v[:, :, None] * (z > 0) * r[:, None, :]
            slopes = (dz * inputs).sum(2), dz.sum(2), dv, r.sum(1)
            w, b, v, c = (p - rate * slope for p, slope in zip((w, b, v, c), slopes, strict=True))
        return 0.5 * (r**2).sum(1), sum(np.abs(slope).reshape(len(r), -1).sum(1) for slope in slopes)

    starts = [rnd.normal(size=(300, 2)), 3 * rnd.normal(size=(300, 2)), rnd.normal(size=(300, 2)), rnd.normal(size=300)]
    final, slope = descent(*starts, 0.01, 10_000)
    assert final.min() > levels.min() - 1e-9
    still = final[slope < 1e-6]
    assert len(still) > 50
    assert np.abs(still[:, None] - levels).min(1).max() < 1e-6
    assert len(np.unique(still.round(5))) > 4

    valleys = [valley for valley in land.valleys if valley.is_attained]
    points = [[np.array(p[name], dtype=float) for name in ("W1", "b1", "W2", "b2")] for p in (v.parameters for v in valleys)]
    near = [np.stack([p.reshape(-1) for p in column]) for column in zip(*points, strict=True)]
    near[3] = near[3][:, 0]
    risks = np.array([valley.risk.numerator / valley.risk.denominator for valley in valleys])
    for _ in range(5):
        final, _ = descent(*(p + 1e-4 * rnd.normal(size=p.shape) for p in near), 0.0005, 2_000)
        assert (final > risks - 1e-9).all() and (final < risks + 1e-2).all()


def test_workers_and_batches_change_nothing(monkeypatch: pytest.MonkeyPatch):
    instance = problem([0, 1, 3, 4, 6], [1, -1, 2, 0, 1], 2)
    serial = landscape(instance)
    monkeypatch.setattr("exactsurf.surface.run.run._LONGEST", 37)
    seen = []
    spread = landscape(instance, workers=2, progress=lambda done, total: seen.append((done, total)))
    for name in ("risks", "fits", "residuals", "merges", "valleys", "local_minima"):
        assert getattr(spread, name) == getattr(serial, name)
    assert seen[-1] == (serial.orbits, serial.orbits) and seen == sorted(seen)


def test_the_tree_is_a_graph():
    import networkx

    land = landscape(problem([0, 1, 2, 3, 4], [0, 2, -1, 3, 1], 2))
    assert networkx.is_arborescence(land.tree.reverse())
    assert sum("valley" in data for _, data in land.tree.nodes(data=True)) == len(land.valleys)
    assert all(land.tree.nodes[a]["level"] < land.tree.nodes[b]["level"] for a, b in land.tree.edges)
    assert land.merges.nodes[-1].copies == 1


def test_the_function_stays_a_function_when_its_modules_are_loaded():
    import exactsurf.surface.surface  # noqa: F401

    assert es.landscape(problem([0, 1], [0, 1], 1)).global_minimum.risk == 0


LOSSES = [es.absolute, es.hinge, es.absolute.mean, es.hinge.scaled("3/2")]


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
@pytest.mark.parametrize("activation", [es.relu, es.leaky_relu("1/3")], ids=repr)
@pytest.mark.parametrize("units", [1, 2])
def test_absolute_and_hinge_loss(loss, activation, units):
    x, y = [0, 1, 2], [1, -1, 1] if loss.name == "hinge" else [1, -2, 3]
    instance = es.Problem(es.Network([1, units, 1], activation), es.Data.from_arrays(x, y), loss)
    land = landscape(instance)
    assert valleys(land) == FullLandscape(instance).valleys()
    for valley in land.valleys:
        assert instance.risk(valley.parameters) == valley.risk
        assert es.decide(instance, valley.parameters).status == "PROVED"


def test_refusals():
    data = es.Data.from_arrays([0, 1, 2], [0, 1, 0])
    with pytest.raises(UnsupportedError, match="one hidden layer"):
        landscape(es.Problem(es.Network([1, 2, 2, 1]), data))
    with pytest.raises(UnsupportedError, match="scalar output"):
        landscape(es.Problem(es.Network([1, 2, 2]), es.Data.from_arrays([0, 1], [[0, 1], [1, 0]])))
    with pytest.raises(InputError, match=r"78 orbits.*max_cells"):
        landscape(es.Problem(es.Network([1, 2, 1]), data), max_cells=77)
    with pytest.raises(InputError, match="linear"):
        landscape(es.Problem(es.Network([1, 2, 1], es.linear), data))
    with pytest.raises(InputError, match="workers"):
        landscape(es.Problem(es.Network([1, 2, 1]), data), workers=0)


@pytest.mark.parametrize("loss", ["squared", "absolute", "huber:1"])
def test_a_landscape_pickles_after_it_was_used(loss: str):
    plain = problem([0, 1, 2, 3], [0, 1, 0, 2], 2)
    land = landscape(es.Problem(plain.network, plain.data, es.huber(1) if loss == "huber:1" else loss))
    minima = land.local_minima
    again = pickle.loads(pickle.dumps(land))
    assert (again.valleys, again.merges, again.work, again.local_minima) == (land.valleys, land.merges, land.work, minima)


def test_a_landscape_is_left_in_time_and_a_checkpoint_goes_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    instance = problem([[0, 0], [0, 1], [1, 0], [1, 1], [2, 1]], [0, 1, 1, 0, 3], 2)
    whole, file, looks = landscape(instance, workers=1), tmp_path / "run.checkpoint", count()
    with monkeypatch.context() as patch:
        patch.setattr(run, "_LONGEST", 20)
        patch.setattr(run, "_SAMPLE", 10**6)
        # A clock that moves on by a second at each look; the table of cells takes 97 of them.
        patch.setattr(effort, "monotonic_ns", lambda: next(looks) * 10**9)
        with pytest.raises(es.OutOfTime, match=r"out of time after 116 s: \d+ of \d+ orbits of signed cells are done"):
            landscape(instance, workers=1, checkpoint=file, effort=116)
    assert file.stat().st_size
    again = landscape(instance, workers=1, checkpoint=file)
    assert again.risks == whole.risks and again.valleys == whole.valleys
    assert landscape(instance, workers=1, effort=600).risks == whole.risks


@pytest.mark.parametrize("biases", [True, [True, False]])
def test_the_three_samples_of_boursier_and_flammarion(biases):
    # Their spurious stationary point has the risk 256/975; a second unit fits all three samples.
    case = [problem(["-3/4", "-1/2", "1/8"], ["11/10", "1/10", "4/5"], units, biases=biases) for units in (1, 2)]
    one, two = map(landscape, case)
    assert F(256, 975) in {valley.risk for valley in one.valleys}
    assert two.global_minimum.risk == 0 and F(256, 975) in {minimum.risk for minimum in two.local_minima}
