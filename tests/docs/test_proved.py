"""The page on what is proved says no more than what is so, where a program can tell."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.formal import Verdict, judge

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/guide/proved.md").read_text(encoding="utf-8")
ACCEPTED = sorted((ROOT / "proofs/golden").glob("accept*/*.json"))


def test_the_rules_that_a_machine_has_proved_are_those_that_are_named():
    (row,) = [line for line in PAGE.splitlines() if "**a machine**" in line]
    named = set(re.findall(r"`([a-z ]+)`", row.split(" | ")[0]))
    known = set()
    for file in ACCEPTED:
        text = file.read_text(encoding="utf-8")
        if judge(file.read_bytes()) is Verdict.ACCEPTED:
            rules = set(re.findall(r'"rule":\s*"([^"]+)"', text))
            # A claim about more than a point has no rules: its evidence is that of its kind.
            known |= rules or {json.loads(text)["claim"]["kind"]}
    assert known == named


def test_the_length_of_the_verifier_is_as_said():
    (said,) = re.findall(r"the ([\d,]+) lines of `exactsurf/verifier/`", PAGE)
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in (ROOT / "exactsurf/verifier").rglob("*.py"))
    assert abs(lines / int(said.replace(",", "")) - 1) < 0.1, lines


@pytest.mark.parametrize("loss", ["squared", "absolute", "huber"])
def test_one_hidden_layer_is_always_decided_without_weight_decay(loss: str):
    data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    problem = es.Problem(es.Network([1, 2, 1]), data, loss)
    for w in (-1, 0, 1):
        for v in (-1, 0, 1):
            point = problem.parameters(W1=[[w], [0]], b1=[-w, 0], W2=[[v, 0]], b2=["1/2"])
            assert es.decide(problem, point).status is not es.Status.UNDECIDED
