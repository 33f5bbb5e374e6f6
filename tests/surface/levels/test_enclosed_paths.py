"""Certificates of barriers and spurious valleys with enclosed levels: made, accepted, near the levels, read back."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import exactsurf as es

F = Fraction
PLANE = [[1, 2], [0, 1], [1, 0], [-1, 2], [2, -1]]
LINE = [[0], [1], [2], [3], [4]]
CASES = {
    "free biases": ([1, 2, 1], LINE, [1, 0, 3, -2, 1], True, False, "squared"),
    "penalised biases": ([1, 2, 1], LINE, [2, -1, 0, 3, -1], True, True, "squared"),
    "no output bias": ([1, 2, 1], LINE, [2, -1, 0, 3, -1], [True, False], True, "huber(1/2)"),
    "two inputs": ([2, 2, 1], PLANE, [1, 1, -2, 0, 2], [False, True], False, "squared.mean"),
    "two inputs, free biases": ([2, 1, 1], PLANE, [3, -1, 2, 0, 1], True, False, "squared"),
    "two inputs, no output bias": ([2, 1, 1], PLANE, [3, -1, 2, 0, 1], [True, False], False, "squared"),
    "logistic with decay": ([1, 1, 1], LINE, [1, -1, 1, 1, -1], True, True, "logistic"),
    "exponential": ([1, 1, 1], LINE, [1, -1, 1, 1, -1], True, None, "exponential"),
    "logistic": ([1, 1, 1], LINE, [1, -1, 1, 1, -1], True, None, "logistic"),
    "log_cosh": ([1, 2, 1], LINE, [1, 0, 3, -2, 1], True, None, "log_cosh"),
    "log_cosh, leaky": ([2, 1, 1], PLANE, [3, -1, 2, 0, 1], True, None, "log_cosh"),
}


def case(name: str) -> es.Problem:
    widths, x, y, biases, penalised, loss = CASES[name]
    network = es.Network(widths, "leaky_relu:1/100" if "leaky" in name else "relu", biases=biases)
    data = es.Data.from_arrays(x, y, weights=[1, 2, 1, 1, "1/2"])
    decay = {} if penalised is None else {"weight_decay": "1/50", "decay_biases": penalised}
    return es.Problem(network, data, loss, **decay)


@pytest.mark.parametrize("name", CASES)
def test_every_spurious_valley_has_a_certificate(name: str, tmp_path: Path):
    land = es.enclosed_landscape(case(name))
    spurious = [valley for valley in land.valleys if valley.is_spurious and not valley.is_tied]
    assert spurious
    for valley in spurious[:4]:
        proof = es.certify_enclosed_valley(land, valley.parameters)
        little = F(1, 10**9)
        assert valley.risk.low * (1 - little) < proof.floor <= valley.risk.high
        assert valley.barrier.low * (1 - little) < proof.bound <= valley.barrier.high
        assert proof.bound < proof.level < valley.barrier.high * (1 + 2 * little)
        assert proof.floor < proof.risk < proof.bound
        assert es.verify(proof.encoded).kind == "enclosed spurious valley"
        again = es.load(proof.save(tmp_path / "valley.json"))
        assert again.document() == proof.document() and "EnclosedSpuriousValley(" in repr(again)


@pytest.mark.parametrize("name", ["free biases", "two inputs", "logistic", "log_cosh"])
def test_barriers_are_those_at_which_valleys_merge(name: str, tmp_path: Path):
    land = es.enclosed_landscape(case(name))
    tree = land.merges
    found = 0
    for first, second in ((0, 1), (1, 2)):
        if len(land.valleys) <= second:
            continue
        one, other = land.valleys[first], land.valleys[second]
        proof = es.certify_enclosed_barrier(land, one.parameters, other.parameters)
        joint = next(k for k in range(len(tree.nodes)) if {one.node, other.node} <= set(tree.leaves_under(k)))
        # The given points may be other copies than those that join first.
        assert proof.level > land.enclosure(tree.nodes[joint].level).low
        assert proof.level - proof.bound < 2 * F(1, 10**9) * proof.level
        assert es.load(
            proof.save(tmp_path / "barrier.json")
        ).document() == proof.document() and "EnclosedBarrier(between" in repr(proof)
        found += 1
    assert found


def test_barriers_do_not_depend_on_the_direction():
    land = es.enclosed_landscape(case("penalised biases"))
    first, second = (valley.parameters for valley in land.valleys[:2])
    there, back = es.certify_enclosed_barrier(land, first, second), es.certify_enclosed_barrier(land, second, first)
    assert there.bound == back.bound and {there.points[0], there.points[-1]} == {first, second}


def test_without_biases_lambda_to_0_gives_the_exact_barrier():
    data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    exact = es.landscape(es.Problem(es.Network([1, 1, 1]), data))
    near = es.enclosed_landscape(es.Problem(es.Network([1, 1, 1]), data, weight_decay="1/1000000"))
    proof = es.certify_enclosed_valley(near, near.valleys[1].parameters)
    assert abs(proof.bound - exact.valleys[1].barrier) < F(1, 10**4) and abs(proof.floor - exact.valleys[1].risk) < F(1, 10**4)


def test_many_processes_give_a_certificate_too():
    land = es.enclosed_landscape(case("penalised biases"), workers=2)
    assert es.certify_enclosed_valley(land, land.valleys[1].parameters).bound < land.valleys[1].barrier.high


def test_units_that_are_off_turn():
    """Ends whose units are off with weights that are not 0 are set to 0 first."""
    land = es.enclosed_landscape(case("penalised biases"))
    problem, valley = land.problem, land.valleys[1]
    (w1, _), (v1, _) = (row[0] for row in valley.parameters.weights[0]), valley.parameters.weights[1][0]
    b1, b2 = valley.parameters.biases[0], valley.parameters.biases[1]
    off = problem.parameters(W1=[[w1], ["1/1000"]], b1=[b1[0], "1/1000"], W2=[[v1, 0]], b2=b2)
    limit = valley.barrier.low
    if problem.risk(off) < limit:
        assert es.certify_enclosed_valley(land, off).level >= limit


def test_refusals():
    land = es.enclosed_landscape(case("penalised biases"))
    best, other = land.valleys[0].parameters, land.valleys[1].parameters
    with pytest.raises(es.InputError, match="nothing is proved to be lower"):
        es.certify_enclosed_valley(land, best)
    with pytest.raises(es.InputError, match="no barrier is proved"):
        es.certify_enclosed_barrier(land, best, best)
    with pytest.raises(es.InputError, match="max_cells"):
        es.certify_enclosed_valley(land, other, max_cells=1)
    far = land.problem.parameters(W1=[[9], [9]], b1=[0, 0], W2=[[9, 9]], b2=[0])
    with pytest.raises(es.InputError):
        es.certify_enclosed_valley(land, far)
    with pytest.raises(es.ShapeError):
        es.certify_enclosed_valley(
            land, es.Problem(es.Network([1, 1, 1]), land.problem.data).parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])
        )


def test_inputs_that_do_not_span():
    data = es.Data.from_arrays([[1, 1], [2, 2], [-1, -1]], [0, 1, 2])
    land = es.enclosed_landscape(es.Problem(es.Network([2, 1, 1], biases=[False, True]), data, weight_decay=1))
    with pytest.raises(es.UnsupportedError, match="span"):
        es.certify_enclosed_valley(land, land.valleys[0].parameters)


def test_several_cells_beyond_one_facet() -> None:
    """Without biases one facet, output weight 0, lies before cells of several generators and of both signs."""
    data = es.Data.from_arrays([1, 2, -1, 3], [1, -1, -2, 0])
    land = es.enclosed_landscape(es.Problem(es.Network([1, 1, 1], biases=False), data, loss="log_cosh"), workers=1)
    first, second = land.valleys
    assert second.barrier is not None
    proof = es.certify_enclosed_valley(land, second.parameters)
    es.verify(proof)
    assert first.risk.low <= proof.floor <= second.risk.high
    assert proof.bound <= second.barrier.high <= proof.level < proof.bound + F(1, 10**9)
    es.verify(es.certify_enclosed_barrier(land, first.parameters, second.parameters))


@pytest.mark.parametrize("nothing", [None, "land", 3])
def test_no_landscape_and_no_problem_are_refused(nothing: object) -> None:
    with pytest.raises(es.InputError, match="enclosed_landscape"):
        es.certify_enclosed_valley(nothing, None)
    for ask in (es.sample_symmetries, es.certify_global_minimum):
        with pytest.raises(es.InputError):
            ask(nothing)
