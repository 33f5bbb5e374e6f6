"""The tables of claims and rules name what FORMAT.md names, and every entry leads to its function."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from exactsurf.verifier import claims, rules

ROOT = Path(__file__).parents[2]
FORMAT = (ROOT / "proofs" / "FORMAT.md").read_text(encoding="utf-8")


def test_rules_of_the_format() -> None:
    assert set(re.findall(r'\{"rule": "([a-z ]+)"', FORMAT)) == {*rules.RULES}
    assert not {*rules.MINIMUM} & {*rules.DESCENT}
    assert {**rules.MINIMUM, **rules.DESCENT} == rules.RULES


def test_claims_of_the_format() -> None:
    tables = set(re.findall(r"^\| `([a-z ]+)` \| `?[^|]*[a-z]", FORMAT, re.MULTILINE))
    headings = re.findall(r"^##+ [\d.]+ The claims? (.*)$", FORMAT, re.MULTILINE)
    named = {name for heading in headings for name in re.findall(r"`([a-z ]+)`", heading)}
    kinds = {kind for kind in tables | named if kind in claims.CLAIMS} | {"critical point in a box"}
    assert kinds == {*claims.CLAIMS}
    assert all(f"`{kind}`" in FORMAT for kind in claims.CLAIMS)


@pytest.mark.parametrize("kind", claims.CLAIMS)
def test_every_claim_has_its_function(kind: str) -> None:
    assert claims.checker(kind).__module__.startswith("exactsurf.verifier.claims.")


@pytest.mark.parametrize("rule", rules.RULES)
def test_every_rule_has_its_file(rule: str) -> None:
    assert rules.checker(rule).__module__ == f"exactsurf.verifier.rules.{rule.replace(' ', '_')}"
    page = ROOT / "proofs" / "rules" / f"{rule.replace(' ', '_')}.md"
    assert page.exists() or rule in ("direction", "dead unit")


def test_only_what_a_file_needs_is_read() -> None:
    code = (
        "import sys; from exactsurf.verifier import verify; verify(open(sys.argv[1], 'rb').read());"
        "print(*(m for m in sys.modules if m.startswith('exactsurf.verifier.')))"
    )
    file = ROOT / "proofs" / "golden" / "accept" / "xor.json"
    line = [sys.executable, "-c", code, str(file)]
    loaded = subprocess.run(line, capture_output=True, text=True, check=True, cwd=ROOT).stdout.split()
    assert "exactsurf.verifier.rules.paths" in loaded and "exactsurf.verifier.claims.point" in loaded
    for name in ("rules.second_order", "claims.critical_box", "smooth_problem", "arithmetic.interval", "unit_cells"):
        assert f"exactsurf.verifier.{name}" not in loaded
