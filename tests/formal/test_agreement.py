"""The verifier and the proved checker give the same verdicts, on all golden certificates and on thousands of small changes.

Never is a certificate accepted by the verifier and rejected by the proved checker. The other way round would be sound, but it
would mean that one of the two reads FORMAT.md more loosely than the other: no such difference is known, and none is allowed.
"""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from exactsurf.formal import Verdict, judge
from exactsurf.verifier import Rejected, verify
from tests.sweep import draws
from tests.verifier.format_2_examples import in_format_2
from tests.verifier.global_examples import get as get_global
from tests.verifier.global_examples import sentence
from tests.verifier.mutations import mutants
from tests.verifier.verdicts import GOLDEN

CLAIMS = ("local minimum", "spurious local minimum", "not a local minimum")
PROVED_RULES = ("paths", "unitwise", "unitwise vectors", "convex cells", "second order", "direction", "curve", "dead unit")
BOUNDS = ("global minimum", "lower bound")
PROVED_CLAIMS = ("path", "barrier", *BOUNDS)
PROVED = PROVED_RULES + PROVED_CLAIMS


def is_known_in_part(document: Any) -> bool:
    """Whether the checker may not know it: forms that are positive modulo tangents only; samples that count as one."""
    return subject_of(document) == "second order" or "merged" in document["evidence"].get("local_minimum", ())


def load(path: Path) -> Any:
    """The document of a golden file, None if it is no JSON text or no certificate."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return None
    return document if isinstance(document, dict) and "claim" in document else None


def subject_of(document: Any) -> Any:
    """The rule that a certificate about one point names, or the claim of another kind."""
    kind, evidence = document["claim"].get("kind"), document.get("evidence")
    if kind not in CLAIMS:
        return kind
    if not isinstance(evidence, dict):
        return None
    parts = [evidence.get("local_minimum"), evidence.get("descent")]
    return next((part.get("rule") for part in parts if isinstance(part, dict)), None)


def is_beyond(document: Any) -> bool:
    """A loss by expression, weight decay, or a bound or barrier without forms."""
    problem = document["problem"]
    has_forms = document["format"].endswith("/2") and "forms" in document["evidence"]
    if document["claim"]["kind"] in (*BOUNDS, "barrier") and not has_forms:
        return True
    return "tree" in problem["loss"] or "weight_decay" in problem


def judgement(raw: bytes, folder: Path) -> Verdict:
    """A data file that is not there is a rejection for the verifier."""
    try:
        return judge(raw, folder)
    except OSError:
        return Verdict.REJECTED


def verdicts(raw: bytes, folder: Path) -> tuple[bool, Verdict]:
    """What the two say."""
    try:
        verify(raw, data_folder=folder)
    except Rejected:
        return False, judgement(raw, folder)
    return True, judgement(raw, folder)


FILES = sorted(path for path in (*GOLDEN.glob("accept*/*.json"), *GOLDEN.glob("reject/*.json")) if path.name != "places.json")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_golden(path: Path) -> None:
    accepted, verdict = verdicts(path.read_bytes(), path.parent)
    if verdict is Verdict.UNKNOWN:
        document = load(path)
        assert document is not None
        assert subject_of(document) not in PROVED or is_known_in_part(document) or is_beyond(document)
    else:
        assert accepted == (verdict is Verdict.ACCEPTED)


def test_every_proved_rule_and_claim_is_accepted_somewhere() -> None:
    found = {subject_of(load(path)) for path in FILES if judge(path.read_bytes()) is Verdict.ACCEPTED}
    assert found == set(PROVED)


def proved_documents() -> Iterator[Any]:
    """The golden certificates and broken ones with a proved rule or claim; those of format 1 in format 2 as well."""
    for path in FILES:
        document = load(path)
        if document is None or subject_of(document) not in PROVED or is_beyond(document):
            continue
        yield document
        if document["format"].endswith("/1") and "csv" not in document["problem"]["data"] and path.parent.name == "accept":
            yield in_format_2(document)
    yield path_of(get_global("barrier"))


def path_of(barrier: Any) -> Any:
    """The path of a barrier alone."""
    document = copy.deepcopy(barrier)
    document["claim"]["kind"] = "path"
    document["claim"]["sentence"] = sentence(document)
    document["evidence"] = {"path": document["evidence"]["path"]}
    return document


def test_both_read_format_2_alike() -> None:
    for document in proved_documents():
        if document["format"].endswith("/2"):
            accepted, verdict = verdicts(json.dumps(document).encode(), GOLDEN)
            if verdict is not Verdict.UNKNOWN:
                assert accepted == (verdict is Verdict.ACCEPTED)
            else:
                assert is_known_in_part(document)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_mutants(part: int) -> None:
    """Small changes, drawn with a seed."""
    documents = list(proved_documents())
    pool = [mutant for document in documents for _, mutant in mutants(document)]
    seen: Counter[tuple[bool, Verdict]] = Counter()
    for mutant in random.Random(part).sample(pool, min(count := draws(1000), len(pool))):
        accepted, verdict = verdicts(json.dumps(mutant).encode(), GOLDEN / "accept")
        seen[accepted, verdict] += 1
        if verdict is not Verdict.UNKNOWN:
            assert accepted == (verdict is Verdict.ACCEPTED), json.dumps(mutant)
    assert 150 * seen[True, Verdict.ACCEPTED] > count and 3 * seen[False, Verdict.REJECTED] > 2 * count
