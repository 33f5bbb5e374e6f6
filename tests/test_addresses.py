"""One address for each rule and each claim: tables, modules, proof pages, FORMAT.md and tests agree with one another."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from exactsurf.certificate import rules
from exactsurf.certificate.claims import table as claims
from exactsurf.certificate.rules import smooth
from exactsurf.minima.rules import DECAY_RULES as ASKED_WITH_DECAY
from exactsurf.minima.rules import RULES as ASKED
from exactsurf.show.claims import CLAIMS as TOLD_CLAIMS
from exactsurf.show.rules import RULES as TOLD
from exactsurf.show.rules.smooth import RULES as TOLD_SMOOTH
from exactsurf.verifier.claims import CLAIMS as CHECKED_CLAIMS
from exactsurf.verifier.rules import RULES as CHECKED

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "exactsurf"
FORMAT = (ROOT / "proofs/FORMAT.md").read_text(encoding="utf-8")


def address(name: str) -> str:
    return name.replace(" ", "_")


def section(number: int) -> str:
    """A section of FORMAT.md, with its heading."""
    (found,) = re.findall(rf"^## {number}\. .*?(?=^## |\Z)", FORMAT, re.MULTILINE | re.DOTALL)
    return str(found)


def named_rules(text: str) -> set[str]:
    return set(re.findall(r'^(?:###|-) .*?`\{"rule": "([^"]+)"', text, re.MULTILINE))


def test_the_tables_of_rules_have_the_rules_of_the_format():
    assert named_rules(section(4)) | named_rules(section(16)) | named_rules(section(63)) == set(rules.LOCAL_MINIMUM_RULES)
    assert named_rules(section(5)) == set(rules.DESCENT_RULES)
    assert set(TOLD) == set(CHECKED) == set(rules.RULES)
    table = re.findall(r"^\| `[^`]+` \| `[^`]+` \| (.*) \|$", section(13), re.MULTILINE)
    assert set(re.findall("`([^`]+)`", " ".join(table))) == set(smooth.RULES) == set(TOLD_SMOOTH)


def test_what_decide_asks_are_rules_of_the_format():
    assert {rule.name for rule in (*ASKED, *ASKED_WITH_DECAY)} <= set(rules.RULES)


def test_the_tables_of_claims_agree():
    assert set(claims.CLAIMS) == set(TOLD_CLAIMS) == set(CHECKED_CLAIMS)
    assert {kind for kind in claims.CLAIMS if f"`{kind}`" not in FORMAT} == set()


@pytest.mark.parametrize("rule", rules.RULES)
def test_a_rule_stands_in_files_of_its_name(rule: str):
    assert rules.RULES[rule].rule == rule
    assert rules.RULES[rule].__module__ == f"exactsurf.certificate.rules.{address(rule)}"
    told = importlib.import_module(f"exactsurf.show.rules.{address(rule)}")
    assert TOLD[rule] is told.proof
    assert CHECKED[rule].startswith(f"{address(rule)}.")
    assert (ROOT / f"proofs/rules/{address(rule)}.md").exists() and f"(rules/{address(rule)}.md)" in FORMAT


def claim_address(kind: str) -> str:
    return claims.CLAIMS[kind].__module__.removeprefix("exactsurf.certificate.claims.")


@pytest.mark.parametrize("kind", claims.CLAIMS)
def test_a_claim_stands_in_files_of_one_name(kind: str):
    home = claim_address(kind)
    assert TOLD_CLAIMS[kind].__module__ == f"exactsurf.show.claims.{home}"
    assert f"(claims/{home}.md)" in FORMAT
    page = (ROOT / f"proofs/claims/{home}.md").read_text(encoding="utf-8")
    assert f"`{kind}`" in page


@pytest.mark.parametrize("rule", smooth.RULES)
def test_a_rule_of_smooth_activations_stands_in_files_of_one_name(rule: str):
    home = smooth.RULES[rule].__module__.removeprefix("exactsurf.certificate.rules.smooth.")
    assert TOLD_SMOOTH[rule].steps.__module__ == f"exactsurf.show.rules.smooth.{home}"
    assert (PACKAGE / f"verifier/rules/smooth/{home}.py").exists()


def test_files_of_rules_and_claims_in_packages_whose_tables_name_functions_only():
    homes = {claim_address(kind) for kind in claims.CLAIMS}
    expected = {
        *(f"exactsurf/{package}/rules/{address(rule)}.py" for rule in rules.RULES for package in ("minima", "verifier")),
        *(f"tests/{package}/rules/test_{address(rule)}.py" for rule in rules.RULES for package in ("minima", "verifier")),
        *(f"exactsurf/verifier/claims/{home}.py" for home in homes),
        *(f"tests/verifier/claims/test_{home}.py" for home in homes),
    }
    missing = {path for path in expected if not (ROOT / path).exists()}
    assert missing == set(), "give these files their names, one rule or claim a file"
    for kind in claims.CLAIMS:
        assert CHECKED_CLAIMS[kind].startswith(f"{claim_address(kind)}.")


def test_pages_of_proofs_are_about_rules_and_claims_that_exist():
    pages = {path.stem for path in (ROOT / "proofs/rules").glob("*.md")}
    assert pages == {address(rule) for rule in rules.RULES}
    assert {path.stem for path in (ROOT / "proofs/claims").glob("*.md")} == {claim_address(kind) for kind in claims.CLAIMS}


# Product files that only the tests of others reach; the list may only get shorter.
UNTESTED = (ROOT / "tests/without_tests_of_their_name.txt").read_text(encoding="utf-8").split()


# Folders of tests that are about the whole, and no package of exactsurf.
ABOUT_THE_WHOLE = {"docs", "notebooks", "soundness"}
# A test has the name of its subject; these words say when it was written.
NO_SUBJECT = re.compile(r"test_(new|further|other|more|misc|various|extra)_")


def test_tests_mirror_the_packages():
    folders = {path.parent.relative_to(ROOT / "tests") for path in (ROOT / "tests").rglob("test_*.py")}
    odd = {folder.as_posix() for folder in folders if not (PACKAGE / folder).is_dir()}
    assert odd == ABOUT_THE_WHOLE
    assert [path.name for path in (ROOT / "tests").rglob("test_*.py") if NO_SUBJECT.match(path.name)] == []


def test_product_files_have_a_test_of_their_name():
    bare = set()
    for path in PACKAGE.rglob("*.py"):
        place = path.relative_to(PACKAGE)
        if not path.name.startswith("__") and not (ROOT / "tests" / place.parent / f"test_{path.name}").exists():
            bare.add(place.as_posix())
    assert bare - set(UNTESTED) == set(), "write tests/…/test_<name>.py for these"
    assert set(UNTESTED) - bare == set(), "take these out of tests/without_tests_of_their_name.txt"
