"""The guide's table of rules and losses says what the verifier allows."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from exactsurf.verifier.claims.analytic_point import _RULES as ANALYTIC
from exactsurf.verifier.rules import DECAY, DESCENT, MINIMUM
from exactsurf.verifier.surrogates import Surrogates

PAGE = Path(__file__).parents[3] / "docs" / "guide" / "losses.md"
COLUMNS = {
    "by pieces": (None, False),
    "with weight decay": (None, True),
    "smooth": ("prediction", False),
    "not convex": ("prediction", False),
    "cross-entropy": ("classes", False),
    "smooth, with weight decay": ("prediction", True),
    "cross-entropy, with weight decay": ("classes", True),
}
ONE_OUTPUT = {"unitwise", "convex cells", "unitwise decay"}
LEFT_BY_DECAY = {"fit", "dead unit"}


def table() -> dict[str, dict[str, str]]:
    rows = re.findall(r"^\| (.*) \|$", PAGE.read_text(encoding="utf-8").split("### Which rule proves what")[1], re.MULTILINE)
    head = [cell.strip() for cell in rows[0].split("|")]
    return {
        cells[0].strip("`"): dict(zip(head[1:], cells[1:], strict=True))
        for row in rows[1:]
        if len(cells := [cell.strip() for cell in row.split("|")]) == len(head)
    }


def allowed(gap: str | None, decays: bool) -> set[str]:
    if gap is None:
        return {rule for rule in {**MINIMUM, **DESCENT} if (rule in DECAY if decays else rule != "unitwise decay")}
    found: set[str] = set()
    for form in ("curvatures", "squares", "linear"):
        surrogates = Surrogates.__new__(Surrogates)
        setting = SimpleNamespace(loss=SimpleNamespace(gap=gap))
        surrogates.__dict__.update(form=form, here=SimpleNamespace(setting=setting))
        found |= {*(surrogates._rules_with_decay if decays else surrogates._rules)}
    if gap == "classes":
        found -= ONE_OUTPUT
    descents = {"curve" if rule == "frozen curve" else rule for rule in ANALYTIC["not a local minimum of an analytic risk"]}
    return found | (descents - LEFT_BY_DECAY if decays else descents)


@pytest.mark.parametrize("column", COLUMNS)
def test_the_table_says_what_the_verifier_allows(column: str) -> None:
    said = {rule for rule, row in table().items() if not row[column].isdigit()}
    assert said == allowed(*COLUMNS[column])


def test_every_rule_has_a_row_and_every_gap_a_reason() -> None:
    rows = table()
    assert set(rows) == {*MINIMUM, *DESCENT}
    notes = {int(number) for number in re.findall(r"^(\d)\. ", PAGE.read_text(encoding="utf-8"), re.MULTILINE)}
    assert {int(cell) for row in rows.values() for cell in row.values() if cell.isdigit()} <= notes
