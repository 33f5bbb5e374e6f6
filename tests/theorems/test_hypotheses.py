"""Hypotheses that several theorems share have one address: no paper writes them anew, and none stands there unused."""

from __future__ import annotations

from collections import Counter

from exactsurf.papers import THEOREMS
from exactsurf.theorems import hypotheses
from exactsurf.theorems.theorem import Hypothesis, PointHypothesis

SHARED = {name: value for name, value in vars(hypotheses).items() if isinstance(value, (Hypothesis, PointHypothesis))}
SHARED |= {f"AFFINE_MINIMUM {one.name}": one for one in hypotheses.AFFINE_MINIMUM}
ASKED = [hypothesis for theorem in THEOREMS.values() for hypothesis in theorem.hypotheses]


def test_no_paper_writes_a_shared_hypothesis_anew():
    # Theorems about restricted problems ask the same words of the problem in which all parameters are free.
    unrestricted = [one for theorem in THEOREMS.values() if not theorem.has_restriction for one in theorem.hypotheses]
    by_words = {(one.name, one.statement, one.setting): one for one in SHARED.values()}
    again = [one for one in unrestricted if by_words.get((one.name, one.statement, one.setting), one) is not one]
    assert again == []


def test_a_shared_hypothesis_is_asked_by_several_theorems():
    asked = Counter(map(id, ASKED))
    assert {name for name, one in SHARED.items() if asked[id(one)] < 2} == set()
