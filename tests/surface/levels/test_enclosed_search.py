"""The least risk where it is enclosed, by branch and bound: landscapes, symmetries, interruptions; certificates are accepted."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.surface.levels.atoms import atom_table
from exactsurf.surface.levels.enclosed_search import EnclosedSearch
from exactsurf.surface.unit_table import unit_table
from tests.surface.levels.enclosed_problems import SETTINGS, problem_of

F = Fraction


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", SETTINGS)
def test_the_enclosure_is_that_of_the_landscape(name: str, seed: int):
    problem = problem_of(name, seed)
    try:
        land = es.enclosed_landscape(problem)
        search = es.EnclosedSearch(problem)
    except (es.InputError, es.UnsupportedError) as error:
        pytest.skip(str(error))
    assert search.lower <= search.upper
    search.run()
    best = land.global_minimum.risk
    assert search.lower <= best.high and best.low <= search.upper
    assert search.upper - search.lower <= F(1, 10**9) * max(abs(search.upper), F(1, 10**9))
    assert all(search.lower <= level.high for level in land.levels)
    proof = es.certify_search(search)
    assert proof.bound <= best.high and proof.risk >= best.low
    assert proof.risk - proof.bound <= F(3, 10**9) * max(abs(best.high), 1)
    assert es.verify(proof.encoded).kind == proof.kind


def decayed(x, y, units: int = 2, **more) -> es.Problem:
    return es.Problem(es.Network([len(x[0]), units, 1]), es.Data.from_arrays(x, y), weight_decay="1/10", **more)


X, Y = [[0, 1], [2, -1], [1, 3], [-2, 0], [3, 2], [-1, -3]], [1, -2, 0, 3, -1, 2]


def test_a_stopped_search_has_a_certified_enclosure_that_holds_the_final_one():
    problem = decayed(X, Y)
    whole = EnclosedSearch(problem)
    whole.run()
    stopped = EnclosedSearch(problem)
    with pytest.raises(es.InputError, match="max_nodes"):
        stopped.run(max_nodes=8)
    assert stopped.lower <= whole.lower and whole.upper <= stopped.upper
    proof = es.certify_search(stopped)
    assert proof.bound <= whole.upper and whole.lower <= proof.risk
    stopped.run()
    assert (stopped.lower, stopped.upper, len(stopped.nodes)) == (whole.lower, whole.upper, len(whole.nodes))
    with pytest.raises(es.OutOfTime, match="between"):
        EnclosedSearch(problem).run(effort="1e-9")


def test_an_interruption_in_the_middle_of_a_batch_loses_nothing(monkeypatch: pytest.MonkeyPatch):
    problem = decayed(X, Y)
    whole = EnclosedSearch(problem)
    whole.run(width="1/1000")
    search = EnclosedSearch(problem)
    own, calls = search.levels.expansion, []

    def interrupted(*arguments):
        calls.append(arguments)
        if len(calls) in (2, 5, 9):
            raise KeyboardInterrupt
        return own(*arguments)

    monkeypatch.setattr(search.levels, "expansion", interrupted)
    stops = 0
    while True:
        try:
            search.run(width="1/1000")
            break
        except KeyboardInterrupt:
            stops += 1
            assert search.lower <= whole.upper and whole.lower <= search.upper
    assert stops and (search.lower, search.upper, len(search.nodes)) == (whole.lower, whole.upper, len(whole.nodes))


def test_a_wide_enclosure_ends_sooner_and_goes_on():
    problem = decayed(X, Y)
    search = EnclosedSearch(problem)
    search.run(width="1/10")
    few = len(search.nodes)
    assert search.upper - search.lower <= search.upper / 10
    search.run()
    assert len(search.nodes) >= few and search.upper - search.lower <= search.upper / 10**9


def test_order_and_signs_of_samples_and_scales_do_not_matter():
    first = EnclosedSearch(decayed(X, Y))
    turned = EnclosedSearch(decayed(X[::-1], Y[::-1]))
    mirrored = EnclosedSearch(decayed([[-a, b] for a, b in X], [-y for y in Y]))
    for search in (first, turned, mirrored):
        search.run()
        assert search.lower <= first.upper and first.lower <= search.upper
    # Predictions c f and penalties λ c/a belong to inputs a x and targets c y.
    scaled = es.Problem(
        es.Network([2, 2, 1], biases=[False, True]),
        es.Data.from_arrays([[2 * a, 2 * b] for a, b in X], [3 * y for y in Y]),
        weight_decay=F(1, 10) * 3 * 2,
    )
    plain = es.Problem(es.Network([2, 2, 1], biases=[False, True]), es.Data.from_arrays(X, Y), weight_decay="1/10")
    ends = []
    for problem in (plain, scaled):
        search = EnclosedSearch(problem)
        search.run()
        ends.append((search.lower, search.upper))
    assert ends[1][0] <= 9 * ends[0][1] and 9 * ends[0][0] <= ends[1][1]


def test_more_units_are_never_worse():
    risks = []
    for units in (1, 2, 3):
        search = EnclosedSearch(decayed(X[:5], Y[:5], units))
        search.run(width="1/1000")
        risks.append(search)
    assert risks[1].lower <= risks[0].upper and risks[2].lower <= risks[1].upper


def test_several_processes_find_the_same_tree():
    problem = decayed(X, Y)
    alone, together = EnclosedSearch(problem), EnclosedSearch(problem)
    alone.run()
    together.run(workers=2)
    assert (together.lower, together.upper) == (alone.lower, alone.upper)
    assert [node.regions for node in together.nodes] == [node.regions for node in alone.nodes]
    assert es.certify_search(together) == es.certify_search(alone)


@pytest.mark.parametrize("more", [{"weight_decay": "1/10"}, {"loss": "logistic"}])
def test_a_dask_cluster_finds_the_same_tree(more: dict):
    distributed = pytest.importorskip("distributed")
    problem = es.Problem(es.Network([2, 2, 1]), es.Data.from_arrays([*X, X[0]], [1, -1, -1, 1, -1, 1, -1]), **more)
    alone, together = EnclosedSearch(problem), EnclosedSearch(problem)
    alone.run(width="1/100")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None) as cluster:
        together.run(width="1/100", dask=cluster.scheduler_address)
    assert (together.lower, together.upper) == (alone.lower, alone.upper)
    assert [node.regions for node in together.nodes] == [node.regions for node in alone.nodes]
    assert es.certify_search(together) == es.certify_search(alone)
    with pytest.raises(es.InputError, match="cannot be reached"):
        EnclosedSearch(problem).run(dask="tcp://127.0.0.1:1")


@pytest.mark.parametrize("width", ["1/3", "1/1000", "1/1000000"])
@pytest.mark.parametrize("name", SETTINGS)
def test_enclosures_of_every_width_hold_one_another(name: str, width: str):
    problem = problem_of(name, 7)
    sharp, search = EnclosedSearch(problem), EnclosedSearch(problem)
    sharp.run(width="1/100000000000")
    search.run(width=width)
    assert search.lower <= sharp.upper and sharp.lower <= search.upper
    assert search.upper - search.lower <= F(width) * max(abs(search.upper), F(width))


def test_a_certificate_is_read_back_and_told(tmp_path):
    search = EnclosedSearch(decayed(X[:5], Y[:5]))
    search.run(width="1/100")
    proof = es.certify_search(search)
    assert proof.tree and proof.forms and not proof.cells
    again = es.load(proof.save(tmp_path / "least.json"))
    assert again == proof and again.document() == proof.document()
    assert "A tree of" in es.markdown(proof) and "A tree of" in es.latex(proof)
    assert "forms in the certificate" in es.markdown(proof)
    logistic = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [1, -1, 1, 1]), "logistic")
    told = es.certify_near_global_minimum(logistic)
    assert told.tree and es.load(told.save(tmp_path / "logistic.json")) == told and "tree of" in es.markdown(told)


@pytest.mark.parametrize(("loss", "y"), [("power(4)", 0), ("log_cosh", 0), ("logistic", 1), ("exponential", -1)])
def test_a_risk_that_may_vanish_has_the_bound_0(loss: str, y: int):
    search = EnclosedSearch(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2], [y] * 3), loss))
    search.run()
    assert search.lower == search.upper == 0
    proof = es.certify_search(search)
    assert proof.bound == 0 and 0 < proof.risk < F(1, 10**9)


def test_a_stopped_search_that_knows_nothing_has_the_bound_0():
    labels = es.Data.from_arrays([[0, 1], [2, -1], [1, 3], [-2, 0], [3, 2], [1, 0]], [1, -1, 1, -1, -1, 1])
    search = EnclosedSearch(es.Problem(es.Network([2, 1, 1]), labels, "logistic"))
    assert search.lower == 0 < search.upper
    assert es.certify_search(search).bound == 0


def test_refusals_say_what_to_do():
    data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    plain = es.Problem(es.Network([1, 1, 1]), data)
    with pytest.raises(es.UnsupportedError, match="GlobalSearch"):
        es.EnclosedSearch(plain)
    for problem in (es.Problem(es.Network([1, 1, 1]), data, weight_decay=1), es.Problem(es.Network([1, 1, 1]), data, "log_cosh")):
        with pytest.raises(es.UnsupportedError, match="EnclosedSearch"):
            es.GlobalSearch(problem)
        with pytest.raises(es.UnsupportedError, match="EnclosedSearch"):
            es.certify_global_minimum(problem)
    flat = es.Problem(es.Network([2, 1, 1], biases=[False, True]), es.Data.from_arrays([[1, 1], [2, 2]], [0, 1]), weight_decay=1)
    with pytest.raises(es.UnsupportedError, match="span"):
        es.EnclosedSearch(flat)
    with pytest.raises(es.UnsupportedError, match="jumps"):
        es.EnclosedSearch(es.Problem(es.Network([1, 1, 1]), data, "absolute", weight_decay=1))
    for width in (0, 1, "-1/2"):
        with pytest.raises(es.InputError, match="width"):
            es.EnclosedSearch(es.Problem(es.Network([1, 1, 1]), data, weight_decay=1)).run(width=width)


def test_the_faces_of_a_unit_are_listed_within_the_effort() -> None:
    data = es.Data.from_arrays([[0, 1], [1, 0], [2, 3]], [0, 1, 2])
    problem = es.Problem(es.Network([2, 1, 1]), data, weight_decay=1)
    with pytest.raises(es.OutOfTime, match="faces of cells"):
        atom_table(problem, unit_table(problem), es.Effort(seconds="1e-9").started())


@pytest.mark.parametrize("more", [{"weight_decay": "1/10"}, {"loss": "logistic"}])
def test_a_clock_that_runs_out_anywhere_loses_nothing(more: dict, monkeypatch: pytest.MonkeyPatch):
    from exactsurf.surface.levels.floats import relaxed_minimum

    # Samples with both labels: so no risk vanishes.
    points = [*X, [1, 1], [-1, 2], [0, -2], X[0], X[2]]
    problem = es.Problem(es.Network([2, 2, 1]), es.Data.from_arrays(points, [1, -1, -1, 1, -1, 1, 1, -1, 1, -1, 1]), **more)
    whole, search, calls = EnclosedSearch(problem), EnclosedSearch(problem), []
    whole.run(width="1/1000")

    def looked(tried: str = "") -> None:
        calls.append(tried)
        if len(calls) % 151 == 0:
            raise es.OutOfTime(1, "a step")

    monkeypatch.setattr(relaxed_minimum, "look", looked)
    stops = 0
    while True:
        try:
            search.run(width="1/1000")
            break
        except es.OutOfTime as error:
            assert "between" in str(error)
            stops += 1
            assert search.lower <= whole.upper and whole.lower <= search.upper and stops < 1000
    assert stops and (search.lower, search.upper, len(search.nodes)) == (whole.lower, whole.upper, len(whole.nodes))


def test_a_search_tells_its_state_and_is_equal_to_itself_only():
    search = EnclosedSearch(decayed(X, Y))
    before = repr(search)
    assert before.startswith("EnclosedSearch(Problem(") and " 1 region, 1 open" in before
    search.run(width="1/100")
    assert f"{len(search.nodes)} regions, none open" in repr(search) and "least risk from" in repr(search)
    assert search == search and search != EnclosedSearch(decayed(X, Y))


def test_the_construction_keeps_its_effort():
    with pytest.raises(es.OutOfTime):
        EnclosedSearch(decayed(X, Y), "1e-9")
