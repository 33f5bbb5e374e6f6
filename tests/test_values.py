"""Public values are values: what is unpickled equals the original, and has the same hash."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace

import pytest

import exactsurf as es

DATA = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
ONE, TWO = es.Problem(es.Network([1, 1, 1]), DATA), es.Problem(es.Network([1, 2, 1]), DATA)
SMOOTH = es.Problem(es.Network([1, 1, 1], "tanh"), DATA)
DECAY = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([-2, -1, 0, 1, 2], [2, 0, 1, 0, 1]), weight_decay="1/10")
LINEAR = es.Problem(es.Network([1, 1, 1], "linear"), DATA)
THETA = ONE.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])


def land() -> es.Landscape:
    return es.landscape(ONE, workers=1)


@es.claim("the risk is positive everywhere")
def risk_is_positive(problem: es.Problem, parameters: es.Parameters) -> es.Answer:
    return es.holds("positive") if problem.risk(parameters) > 0 else es.fails("0", parameters)


def bottom(found: es.EnclosedLandscape) -> tuple[es.EnclosedLandscape, es.Parameters]:
    return found, found.valleys[0].parameters


def ends() -> tuple[es.Landscape, es.Parameters, es.Parameters]:
    found = land()
    first, second = (valley.parameters for valley in found.valleys[:2])
    return found, second, first


VALUES: dict[str, Callable[[], object]] = {
    "data": lambda: DATA,
    "problem": lambda: TWO,
    "smooth problem": lambda: SMOOTH,
    "parameters": lambda: THETA,
    "loss": lambda: es.huber("1/2").mean,
    "activation": lambda: es.hard_tanh,
    "smooth activation": lambda: es.smooth_activation("z*exp(-z**2)"),
    "verdict": lambda: es.decide(ONE, THETA),
    "undecided verdict": lambda: es.decide(SMOOTH, SMOOTH.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=["1/9"])),
    "stationarity": lambda: es.stationarity(ONE, THETA),
    "sosp check": lambda: es.sosp_check(ONE, THETA),
    "polished": lambda: es.polish(ONE, THETA),
    "critical box": lambda: es.find_critical_box(SMOOTH, SMOOTH.parameters(W1=[["1/2"]], b1=["-1/2"], W2=[[1]], b2=["1/2"])),
    "box on walls": lambda: es.find_minimum_on_walls(DECAY, W1=[[1], [-1]], b1=["-9/10"] * 2, W2=[[1, 1]], b2=["1/3"]),
    "deep linear": lambda: es.classify_deep_linear(LINEAR, THETA),
    "cell": lambda: ONE.cell(THETA, side="right"),
    "pattern": lambda: ONE.cell(THETA, side="right").pattern,
    "polynomial": lambda: ONE.cell(THETA, side="right").risk,
    "pattern regions": lambda: es.pattern_regions(ONE),
    "statistics": lambda: es.graph_statistics(es.cell_graph(ONE)),
    "arrangement": lambda: es.Arrangement([[1, 0], [0, 1]], [0, 0]),
    "landscape": land,
    "enclosed landscape": lambda: es.enclosed_landscape(DECAY),
    "decay path": lambda: es.decay_path(DECAY, ["1/10", 1], bracket="1/2"),
    "local minima": lambda: land().local_minima,
    "lowest path": lambda: es.lowest_path(*ends()),
    "barrier": lambda: es.certify_barrier(*ends()),
    "global minimum": lambda: es.certify_global_minimum(ONE),
    "all cells": lambda: es.certify_all_cells(ONE),
    "all valleys": lambda: es.certify_all_valleys(land()),
    "all enclosed valleys": lambda: es.certify_all_enclosed_valleys(es.enclosed_landscape(DECAY)),
    "sublevel component": lambda: es.sublevel_component(land(), THETA),
    "trajectory": lambda: es.follow_trajectory(land(), [THETA, land().valleys[0].parameters]),
    "training valleys": lambda: es.training_valleys(land(), [[THETA]]),
    "capture": lambda: es.certify_capture(land(), land().valleys[0].parameters),
    "enclosed sublevel component": lambda: es.sublevel_component(*bottom(es.enclosed_landscape(DECAY))),
    "enclosed capture": lambda: es.certify_capture(*bottom(es.enclosed_landscape(DECAY))),
    "landscape below": lambda: es.landscape(ONE, below="7/8"),
    "enclosed landscape below": lambda: es.enclosed_landscape(DECAY, below=1),
    "enclosed valleys below": lambda: es.certify_enclosed_valleys_below(es.enclosed_landscape(DECAY, below=1)),
    "valleys below": lambda: es.certify_valleys_below(es.landscape(ONE, below="7/8")),
    "accepted": lambda: es.verify(es.certify_all_cells(ONE)),
    "slice": lambda: es.Slice(ONE, THETA, *ends()[1:]),
    "profile": lambda: es.profile(ONE, THETA, ends()[1]),
    "report": lambda: es.papers.yun_2019.theorem_1.check(TWO),
    "spurious minimum": lambda: es.papers.yun_2019.theorem_1.construct(TWO),
    "theorem": lambda: es.papers.yun_2019.theorem_1,
    "sharpness example": lambda: es.papers.yun_2019.theorem_1.sharpness()[0],
    "ready claim": lambda: es.CLAIMS["no_bad_saddles"],
    "claim of a theorem": lambda: es.claim_of(es.papers.yun_2019.theorem_1, without="C1.2"),
    "claim of one's own": lambda: risk_is_positive,
    "search result": lambda: es.find_counterexample(es.CLAIMS["no_bad_saddles"], seconds=None),
}


@pytest.mark.parametrize("name", VALUES)
def test_unpickled_values_equal_the_original(name: str):
    value = VALUES[name]()
    again = pickle.loads(pickle.dumps(value))
    assert again == value
    assert hash(again) == hash(value)
    assert repr(again) == repr(value)


@pytest.mark.parametrize("theorem", es.papers.THEOREMS.values(), ids=lambda theorem: theorem.key)
def test_theorems_and_their_claims_are_pickled(theorem: es.Theorem):
    assert pickle.loads(pickle.dumps(theorem)) is theorem
    try:
        claim = es.claim_of(theorem)
    except es.InputError:
        return
    again = pickle.loads(pickle.dumps(claim))
    assert again == claim == es.claim_of(theorem) and hash(again) == hash(claim)
    assert again.check.__func__ is es.Claim.check and again.decide is not claim.decide
    for hypothesis in theorem.hypotheses:
        assert es.claim_of(theorem, without=hypothesis.name) != claim


def test_ready_claims_are_pickled_by_their_key():
    for claim in es.CLAIMS.values():
        assert pickle.loads(pickle.dumps(claim)) is claim
    changed = replace(es.CLAIMS["no_bad_saddles"], key="changed")
    assert changed != es.CLAIMS["no_bad_saddles"]


def test_landscapes_of_different_problems_differ():
    other = es.landscape(es.Problem(ONE.network, es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 3])), workers=1)
    assert land() == land() and land() != other and land() != "land"
