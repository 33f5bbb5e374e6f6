"""Decisions about patterns of deep networks: witnesses, proofs for all weights at once, and what stays open."""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.cells.patterns.impossibility import (
    Contradiction,
    Part,
    SignCases,
    SizeCases,
    check_impossible,
    count_contradictions,
)
from exactsurf.cells.patterns.pattern_decision import SettledBy, decide_pattern
from exactsurf.cells.unit_cells import enumerate_patterns
from tests.cells.patterns.deep_patterns import all_patterns, is_possible_by_z3, pattern_of, problem, sampled_patterns

XOR = [[0, 0], [0, 1], [1, 0], [1, 1]]
TINY = [
    problem([0, 1, 3], [1, 1]),
    problem([0, 1], [2, 1]),
    problem([[0, 0], [1, 0], [1, 2]], [1, 1]),
    problem([1, -1], [1, 2], "leaky_relu:1/3", biases=False),
    problem([0, 2], [1, 1, 1], "leaky_relu:1/3"),
    problem([0, 2], [1, 1], "hard_tanh"),
    problem([0, 2], [1, 1], {"breakpoints": [-1, 2], "slopes": [0, 1, -2], "value_at_0": 1}),
]


def numbers_of(instance: es.Problem, parameters: es.Parameters):
    """The entries in the order in which the oracle reads them."""
    for matrix, bias in zip(parameters.weights, parameters.biases, strict=True):
        for row in matrix:
            yield from row
        yield from bias or ()


@pytest.mark.parametrize("instance", TINY, ids=repr)
def test_every_pattern_of_tiny_networks_is_settled(instance: es.Problem):
    """Patterns that random integer weights have are possible; witnesses have their patterns; proofs hold."""
    seen = sampled_patterns(instance, 3000, 6)
    for pattern in all_patterns(instance):
        decision = decide_pattern(instance, pattern)
        if decision.is_possible:
            assert pattern_of(instance, numbers_of(instance, decision.witness)) == decision.pieces
        else:
            assert decision.settled_by is SettledBy.FARKAS and pattern not in seen
            assert check_impossible(instance, pattern, decision.proof)


@pytest.mark.parametrize("instance", [TINY[0], TINY[1], TINY[3], TINY[5]], ids=repr)
def test_every_pattern_of_tiny_networks_is_settled_as_by_z3(instance: es.Problem):
    z3 = pytest.importorskip("z3")
    for pattern in all_patterns(instance):
        decision = decide_pattern(instance, pattern)
        assert decision.is_possible == is_possible_by_z3(z3, instance, pattern)


def test_random_patterns_of_two_by_two_units_are_settled_as_by_z3():
    z3 = pytest.importorskip("z3")
    instance = problem([0, 1, 2, 4], [2, 2])
    source = random.Random(3)
    answers = set()
    for _ in range(15):
        pattern = tuple(tuple(tuple(source.randint(0, 1) for _ in range(4)) for _ in range(2)) for _ in range(2))
        decision = decide_pattern(instance, pattern)
        answers.add(decision.is_possible)
        assert decision.is_possible == is_possible_by_z3(z3, instance, pattern)
    assert answers == {True, False}


@pytest.mark.parametrize("activation", ["relu", "hard_tanh", {"breakpoints": [-1, 0, 2], "slopes": [0, 1, 0, 3]}])
def test_one_hidden_layer_agrees_with_its_arrangement(activation: object):
    instance = problem([[0, 1], [1, 2], [2, -1]], [1], activation)
    there = {pattern.pieces for pattern in enumerate_patterns(instance)}
    for pattern in all_patterns(instance):
        assert decide_pattern(instance, pattern).is_possible == (pattern in there)


def test_two_units_cannot_order_the_same_values_differently():
    """Layer 2 sees one unit only through the order of its values: two thresholds in opposite directions contradict."""
    instance = problem(XOR, [2, 2])
    # Unit 0 is on at the sample (1, 1) alone; over unit 1, sample 2 must be above sample 1, and below it.
    pattern = (((0, 0, 0, 1), (0, 1, 1, 1)), ((0, 0, 1, 0), (0, 1, 0, 0)))
    decision = decide_pattern(instance, pattern)
    assert decision.settled_by is SettledBy.FARKAS
    for unit in (0, 1):  # each of them alone is possible
        alone = (pattern[0], tuple(row if j == unit else (None,) * 4 for j, row in enumerate(pattern[1])))
        assert decide_pattern(instance, alone).is_possible


@pytest.mark.parametrize("seed", range(4))
def test_patterns_of_random_weights_are_possible(seed: int):
    for instance in (
        problem([[1, 0], [0, 1], [2, 3]], [2, 2]),
        problem([-1, 0, 2], [2, 2, 1], "relu6"),
        problem([0, 1, 2], [3, 2]),
    ):
        for pattern in sorted(sampled_patterns(instance, 6, 9, seed)):
            assert decide_pattern(instance, pattern).is_possible


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_symmetries(data: st.DataObject):
    """Reordering units or samples, and scaling or reflecting inputs, carry regions to regions."""
    bits = st.tuples(*[st.integers(0, 1)] * 3)
    pattern = data.draw(st.tuples(st.tuples(bits, bits), st.tuples(bits, bits)))
    x = data.draw(st.lists(st.integers(-4, 4), min_size=3, max_size=3, unique=True))
    answer = decide_pattern(problem(x, [2, 2]), pattern).is_possible
    assert answer is not None
    swapped = (pattern[0][::-1], pattern[1]), (pattern[0], pattern[1][::-1])
    assert {decide_pattern(problem(x, [2, 2]), other).is_possible for other in swapped} == {answer}
    assert decide_pattern(problem([Fraction(-7, 3) * v for v in x], [2, 2]), pattern).is_possible == answer
    order = data.draw(st.permutations(range(3)))
    moved = tuple(tuple(tuple(unit[i] for i in order) for unit in layer) for layer in pattern)
    assert decide_pattern(problem([x[i] for i in order], [2, 2]), moved).is_possible == answer


def test_partial_patterns():
    instance = problem([0, 1, 2], [1, 1])
    free = (None, None, None)
    rising = decide_pattern(instance, (((1, 1, 1),), ((0, None, 1),)))
    assert rising.is_possible and decide_pattern(instance, ((free,), (free,))).is_possible
    bump = decide_pattern(instance, (((0, 1, 0),), (free,)))
    assert bump.settled_by is SettledBy.FARKAS
    # What excludes the partial pattern excludes whatever completes it.
    assert check_impossible(instance, (((0, 1, 0),), (free,)), bump.proof)
    assert not decide_pattern(instance, (((0, 1, 0),), ((1, 1, 1),))).is_possible


def size_cases(proof: object) -> list[SizeCases]:
    if isinstance(proof, Contradiction):
        return []
    if isinstance(proof, Part):
        return size_cases(proof.proof)
    parts = (proof.negative, proof.positive) if isinstance(proof, SignCases) else (proof.below, proof.above)
    return ([proof] if isinstance(proof, SizeCases) else []) + [case for part in parts for case in size_cases(part)]


def test_changed_proofs_are_refused():
    instance = problem([0, 1, 2], [1, 1])
    pattern = (((1, 1, 1),), ((0, 1, 0),))
    proof = decide_pattern(instance, pattern).proof
    assert isinstance(proof, SignCases) and count_contradictions(proof) == 2
    assert check_impossible(instance, pattern, proof)
    assert not check_impossible(instance, pattern, proof.negative)
    assert not check_impossible(instance, pattern, SignCases(proof.edge, proof, proof))
    assert not check_impossible(instance, pattern, replace(proof, edge=(2, 0, 1)))
    assert not check_impossible(instance, pattern, SizeCases(proof.edge, Fraction(1), proof, proof))
    assert not check_impossible(instance, (((1, 1, 1),), ((0, 1, 1),)), proof)
    leaf = proof.negative
    for index, value in enumerate(leaf.multipliers):
        changed = (*leaf.multipliers[:index], value + 1, *leaf.multipliers[index + 1 :])
        assert not check_impossible(instance, pattern, replace(proof, negative=Contradiction(changed)))
    negated = Contradiction(tuple(-value for value in leaf.multipliers))
    assert not check_impossible(instance, pattern, replace(proof, negative=negated))
    nothing = Contradiction((Fraction(0),) * len(leaf.multipliers))
    assert not check_impossible(instance, pattern, replace(proof, negative=nothing))


def test_sizes_of_weights_that_multiply_others_are_told_apart():
    """Here signs alone do not contradict: the ranges of a weight are cut, and the proof needs both sides of the cut."""
    x = [[2, -3], [-3, -1], [2, 1], [0, -2], [2, -1]]
    instance = problem(x, [2, 2, 1], biases=False)
    pattern = (((0, 1, 0, 1, 0), (1, 0, 1, 0, 1)), ((1, 1, 1, 1, 1), (0, 1, 0, 1, 0)), ((0, 0, 0, 1, 0),))
    proof = decide_pattern(instance, pattern).proof
    cut = size_cases(proof)[0]
    assert check_impossible(instance, pattern, proof)
    assert not check_impossible(instance, pattern, _with(proof, cut, cut.below))
    assert not check_impossible(instance, pattern, _with(proof, cut, replace(cut, at=-cut.at)))
    assert not check_impossible(instance, pattern, _with(proof, cut, replace(cut, at=1000 * cut.at)))
    z3 = pytest.importorskip("z3")
    assert not is_possible_by_z3(z3, instance, pattern)


def _with(proof: object, old: object, new: object) -> object:
    """The proof with another node in the place of `old`."""
    if proof is old:
        return new
    if isinstance(proof, SignCases):
        return replace(proof, negative=_with(proof.negative, old, new), positive=_with(proof.positive, old, new))
    if isinstance(proof, SizeCases):
        return replace(proof, below=_with(proof.below, old, new), above=_with(proof.above, old, new))
    return proof


def test_a_part_that_is_impossible_settles_the_whole():
    """Two equal samples: the last unit cannot tell them apart, whatever all the others do."""
    instance = problem([-3, -1, -1], [3, 3], "leaky_relu:1/3", biases=False)
    pattern = (((0, 0, 0), (0, 0, 0), (0, 0, 0)), ((0, 0, 0), (1, 1, 1), (0, 1, 0)))
    proof = decide_pattern(instance, pattern).proof
    assert isinstance(proof, Part) and proof.pieces[1][:2] == ((None,) * 3,) * 2
    other = (pattern[0], (*pattern[1][:2], (0, 1, 1)))
    assert check_impossible(instance, pattern, proof) and not check_impossible(instance, other, proof)
    assert not check_impossible(instance, pattern, proof.proof)
    assert not check_impossible(instance, proof.pieces, Part(pattern, proof.proof))


def test_an_exhausted_search_is_open_and_z3_may_settle_it():
    instance = problem([0, 1, 2], [2, 2])
    possible = (((1, 1, 1), (1, 1, 0)), ((0, 1, 0), (1, 0, 1)))
    left = decide_pattern(instance, possible, effort=1)
    assert left.settled_by is SettledBy.OPEN and left.is_possible is None and left.witness is None
    assert "after 1 linear programs" in left.reason
    pytest.importorskip("z3")
    found = decide_pattern(instance, possible, effort=1, solver="z3")
    assert found.settled_by is SettledBy.WITNESS and "Z3 proposed" in found.reason
    assert pattern_of(instance, numbers_of(instance, found.witness)) == possible
    impossible = (((0, 0, 0), (1, 1, 0)), ((0, 1, 0), (1, 0, 1)))
    word = decide_pattern(instance, impossible, effort=1, solver="z3")
    assert word.settled_by is SettledBy.Z3 and word.is_possible is False and word.proof is None
    assert decide_pattern(instance, impossible).settled_by is SettledBy.FARKAS


def test_without_z3_the_extra_is_named(monkeypatch: pytest.MonkeyPatch):
    instance = problem([0, 1, 2], [2, 2])
    pattern = (((1, 1, 1), (1, 1, 0)), ((0, 1, 0), (1, 0, 1)))
    monkeypatch.setitem(sys.modules, "z3", None)
    with pytest.raises(es.MissingExtraError, match=r"exactsurf\[smt\]"):
        decide_pattern(instance, pattern, effort=1, solver="z3")


def test_linear_networks_and_silent_samples():
    assert decide_pattern(problem([0, 1], []), ()).is_possible
    assert decide_pattern(problem([0, 1], [2], "linear"), (((0, 0), (0, 0)),)).is_possible
    # Without biases the sample 0 is silent: any piece is read as that of 0.
    silent = problem([0, 1], [1, 1], biases=False)
    assert decide_pattern(silent, (((1, 1),), ((1, 0),))).pieces == (((0, 1),), ((0, 0),))


def test_refusals():
    instance = problem([0, 1], [1, 1])
    with pytest.raises(es.ShapeError, match="hidden units by layer"):
        decide_pattern(instance, (((0, 1),),))
    with pytest.raises(es.ShapeError, match="samples"):
        decide_pattern(instance, (((0, 1, 1),), ((0, 1),)))
    with pytest.raises(es.InputError, match="no piece 2"):
        decide_pattern(instance, (((0, 2),), ((0, 1),)))
    with pytest.raises(es.InputError, match="free below layer 2, unit 0, sample 1"):
        decide_pattern(instance, (((0, None),), ((0, 1),)))
    with pytest.raises(es.InputError, match="unknown solver"):
        decide_pattern(instance, (((0, 1),), ((0, 1),)), solver="cvc5")
    with pytest.raises(es.InputError, match="effort"):
        decide_pattern(instance, (((0, 1),), ((0, 1),)), effort=0)
