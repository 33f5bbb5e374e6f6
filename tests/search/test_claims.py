"""Counterexamples found by search, checked by other means; true claims are never refuted; what is found is made small."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.interop.problem_file import read_problem
from exactsurf.papers import he_2020, kawaguchi_2016, nguyen_2017, yun_2019
from exactsurf.search.claim_search import find_counterexample
from exactsurf.search.claims import Answer, Claim, claim, fails, holds, undecided
from exactsurf.search.minimise_instance import size
from exactsurf.search.point_proposals import planted_problem, propose_points
from exactsurf.search.ready_claims import CLAIMS, claim_of
from exactsurf.search.search_result import SearchState
from exactsurf.theorems.constructions.cell_descent import find_lower_in_cell
from exactsurf.theorems.theorem import Theorem
from tests import oracle
from tests.papers.product_components import cell_minimisers

F = Fraction


def test_connected_minima_in_a_cell() -> None:
    """The find, against the second algorithm for components."""
    found = find_counterexample(CLAIMS["minima_in_a_cell_are_connected"], seconds=60).found
    assert found is not None and found.verdict.status is Status.REFUTED
    first, second = found.witness[:2]
    minimisers = cell_minimisers(found.problem, first)
    assert len(minimisers.components) == len(found.witness)
    assert found.problem.cell(first).contains(second)
    assert oracle.risk(found.problem, first) == oracle.risk(found.problem, second)
    signs = [tuple((v > 0) - (v < 0) for v in point.weights[1][0]) for point in (first, second)]
    assert minimisers.component_of(signs[0]) != minimisers.component_of(signs[1])
    assert [es.verify(c).kind for c in found.answer.certificates] == ["local minimum"] * len(found.witness)


@pytest.mark.slow
def test_one_valley_fails_as_worded() -> None:
    """He, Wang and Tao with all their assumptions: not affine, distinct inputs, wide enough."""
    found = find_counterexample(claim_of(he_2020.one_valley), seconds=60).found
    assert found is not None
    assert he_2020.one_valley.check(found.problem, found.witness[0]).failing == ()
    assert len(cell_minimisers(found.problem, found.witness[0]).components) > 1


@pytest.mark.parametrize("key", ["spurious_minima_imply_spurious_valleys", "a_unit_removes_spurious_valleys"])
def test_valleys(key: str) -> None:
    found = find_counterexample(CLAIMS[key], seconds=60).found
    assert found is not None and found.certificate is not None
    assert es.verify(found.certificate).kind == "spurious local minimum"
    land = es.landscape(found.problem)
    spurious = [valley for valley in land.valleys if valley.is_spurious]
    if key.startswith("spurious"):
        assert not spurious
    else:
        units = found.problem.network.widths[1]
        widths = [found.problem.network.widths[0], units - 1, 1]
        network = es.Network(widths, found.problem.network.activation, biases=found.problem.network.biases)
        fewer = es.Problem(network, found.problem.data, found.problem.loss)
        assert spurious and any(valley.is_spurious for valley in es.landscape(fewer).valleys)
    worse, better = (oracle.risk(found.problem, point) for point in found.witness)
    assert worse > better == land.global_minimum.risk


def test_no_bad_saddles() -> None:
    """The find is the smallest case of Kawaguchi's Corollary 2.4."""
    found = find_counterexample(CLAIMS["no_bad_saddles"], seconds=60).found
    assert found is not None and found.parameters is not None
    assert found.problem.network.widths == (1, 1, 1, 1)
    assert found.parameters == kawaguchi_2016.bad_saddle(found.problem).parameters


@pytest.mark.slow
def test_minima_in_a_cell_that_are_not_global() -> None:
    network = es.Network([2, 1, 1], biases=False)
    found = find_counterexample(CLAIMS["minima_in_a_cell_are_global"], networks=[network], losses=["absolute"], seconds=60).found
    assert found is not None
    point, lower = found.witness
    assert found.problem.cell(point).contains(lower)
    assert oracle.risk(found.problem, lower) < oracle.risk(found.problem, point)
    assert es.decide(found.problem, point).status is Status.PROVED


def test_the_published_cell_with_three_outputs() -> None:
    """theory.md, section 8.2: the lower point is found again, by alternating least squares."""
    example = next(one for one in he_2020.global_in_the_cell.sharpness() if one.hypothesis == "d_y")
    assert example.parameters is not None
    answer = CLAIMS["minima_in_a_cell_are_global"].check(example.problem, example.parameters)
    assert answer.status is Status.REFUTED
    assert [es.verify(one).kind for one in answer.certificates] == ["spurious local minimum"]
    cell = example.problem.cell(example.parameters)
    for lower in (answer.witness[1], find_lower_in_cell(example.problem, example.parameters, Random(7))):
        assert lower is not None
        assert oracle.risk(example.problem, lower) < 1 and cell.contains(lower)


TRUE = [
    (CLAIMS["minima_in_a_cell_are_global"], [es.Network([1, 2, 1]), es.Network([2, 1, 1], biases=False)], ["squared"], 25),
    (CLAIMS["no_bad_saddles"], [es.Network([2, 1, 1], es.linear, biases=False)], ["squared"], 40),
    (claim_of(kawaguchi_2016.theorem_2_3), None, None, 200),
    (claim_of(he_2020.equivalence_classes), [es.Network([1, 2, 1])], None, 8),
    (claim_of(yun_2019.theorem_1), [es.Network([1, 2, 1])], None, 60),
    (claim_of(nguyen_2017.lemma_3_5), None, None, 30),
]


@pytest.mark.parametrize(("true", "networks", "losses", "limit"), TRUE, ids=[row[0].key for row in TRUE])
def test_true_claims_are_not_refuted(true: Claim, networks: list | None, losses: list | None, limit: int) -> None:
    states: list[SearchState] = []
    search = {"limit": limit, "seconds": None, "seed": 3, "progress": states.append}
    assert find_counterexample(true, networks=networks, losses=losses, **search).found is None
    assert len(states) == limit


@pytest.mark.parametrize(
    ("theorem", "without"),
    [(yun_2019.theorem_1, "C1.2"), (nguyen_2017.lemma_3_5, "activation"), (he_2020.linear_collapse, "linear")],
)
def test_theorems_without_a_hypothesis(theorem: Theorem, without: str) -> None:
    """Exactly the dropped hypothesis fails where the conclusion does."""
    found = find_counterexample(claim_of(theorem, without=without), seconds=60).found
    assert found is not None
    assert theorem.check(found.problem, found.parameters).failing == (without,)
    assert theorem.conclusion(found.problem, found.parameters).status is Status.REFUTED


@claim("no three samples with two different targets and distinct inputs", networks=[es.Network([2, 2, 1]), es.Network([1, 1, 1])])
def three_samples(problem: es.Problem) -> Answer:
    x, y = problem.data.x, problem.data.y
    if len(set(x)) >= 3 and len(set(y)) >= 2:
        return fails("three distinct inputs, two targets")
    return holds("fewer")


def test_minimisation() -> None:
    """The least instance is known: one input, one unit, x = 0, 1, 2 and one target 1 among zeros."""
    large = find_counterexample(three_samples, samples=[6], entries=[5, 7, 9, -8], seed=5, minimise=False).found
    small = find_counterexample(three_samples, samples=[6], entries=[5, 7, 9, -8], seed=5).found
    assert large is not None and small is not None
    assert large.reductions == 0 < small.reductions and large.tried == small.tried
    assert size(small.problem) < size(large.problem)
    assert three_samples.check(small.problem).status is Status.REFUTED
    assert small.problem.network.widths == (1, 1, 1)
    assert sorted(small.problem.data.x) == [(0,), (1,), (2,)]
    assert sorted(small.problem.data.y) == [(0,), (0,), (1,)]


def test_searches_repeat_for_a_seed_and_stop() -> None:
    trace: list[list[es.Problem]] = []
    for seed in (1, 1, 2):
        seen: list[SearchState] = []
        never = claim("always", networks=[es.Network([1, 1, 1])])(lambda problem: holds("so"))
        assert find_counterexample(never, limit=40, seed=seed, progress=seen.append).found is None
        trace.append([state.problem for state in seen])
    assert len(trace[0]) == 40
    assert trace[0] == trace[1] != trace[2]
    assert find_counterexample(never, seconds=0).found is None
    # A finite family ends by itself: 3 samples with entries 0, 1 on one input, one output.
    seen = []
    assert find_counterexample(never, samples=2, entries=["0", "1"], seconds=None, progress=seen.append).found is None
    assert len(seen) == 2 * (4 + 10)


def test_answers_of_users() -> None:
    @claim("every point is a local minimum", networks=[es.Network([1, 1, 1])])
    def all_minima(problem: es.Problem, parameters: es.Parameters) -> es.Verdict:
        return es.decide(problem, parameters)

    @claim("undecided", networks=[es.Network([1, 1, 1])])
    def never(problem: es.Problem) -> Answer:
        return undecided("no idea")

    @claim("refused", networks=[es.Network([1, 1, 1])])
    def refused(problem: es.Problem) -> Answer:
        raise es.UnsupportedError("not this one")

    found = find_counterexample(all_minima, seconds=30).found
    assert found is not None and found.parameters == found.witness[0]
    assert oracle.risk(found.problem, found.witness[1]) < oracle.risk(found.problem, found.parameters)
    for open_claim, reason in ((never, "no idea"), (refused, "not this one")):
        states: list[SearchState] = []
        assert find_counterexample(open_claim, limit=5, progress=states.append).found is None
        assert states[-1].undecided == 4 and states[-1].last_reason == reason
    with pytest.raises(es.InputError, match="about a point"):
        all_minima.check(found.problem)
    with pytest.raises(es.InputError, match="not a point"):
        never.check(found.problem, found.parameters)
    with pytest.raises(es.InputError, match="or of a problem and a point"):
        claim("wrong")(lambda: holds(""))
    with pytest.raises(es.InputError, match="its hypotheses are"):
        claim_of(yun_2019.theorem_1, without="C9")
    with pytest.raises(es.InputError, match="positive"):
        find_counterexample(never, samples=[0])
    with pytest.raises(es.InputError, match="nothing to search"):
        find_counterexample(never, networks=[])


def test_ready_claims_refuse_other_networks() -> None:
    data = es.Data.from_arrays([0, 1, 2], [0, 1, 0])
    one, deep = es.Network([1, 2, 1], es.linear), es.Network([1, 1, 1, 1])
    for key in ("minima_in_a_cell_are_connected", "spurious_minima_imply_spurious_valleys", "a_unit_removes_spurious_valleys"):
        for network in (one, deep):
            assert CLAIMS[key].check(es.Problem(network, data)).status is not Status.REFUTED
    assert all(claim.source == f'CLAIMS["{key}"]' for key, claim in CLAIMS.items())


def test_saved_files(tmp_path: Path) -> None:
    found = find_counterexample(CLAIMS["no_bad_saddles"], seconds=60).found
    assert found is not None
    paths = found.save(tmp_path / "new")
    assert [path.name for path in paths] == ["problem.json", "counterexample.tex", "notebook_cell.py", "certificate.json"]
    problem, parameters = read_problem(paths[0])
    assert problem == found.problem and parameters == found.witness[0]
    assert es.verify(paths[3]).risk == oracle.risk(found.problem, found.witness[0])
    scope: dict[str, object] = {}
    exec(paths[2].read_text(encoding="utf-8"), scope)
    assert scope["problem"] == found.problem and tuple(scope["witness"]) == found.witness
    text = paths[1].read_text(encoding="utf-8")
    assert text.count("pmatrix") == 2 * (2 + 3 * len(found.witness)) and "negative eigenvalue" in text


def test_planted_points_are_critical() -> None:
    random, count = Random(2), 0
    for _ in range(40):
        network = es.Network([2, 2, 2], biases=False)
        inputs = [[F(random.randint(-2, 2)) for _ in range(2)] for _ in range(4)]
        found = planted_problem(network, inputs, random, 2)
        if found is not None:
            problem, point = found
            cell = problem.cell(point)
            at = cell.coordinates(point)
            assert all(slope.value(at) == 0 for slope in cell.risk.gradient())
            assert problem.risk(point) > 0
            count += 1
    assert count > 5


def test_proposed_points_fit() -> None:
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    points = list(propose_points(problem, Random(0)))
    assert len(points) > 20
    for point in points:
        problem.check_shapes(point)
    assert es.landscape(problem).global_minimum.parameters in points
