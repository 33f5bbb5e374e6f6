"""``exactsurf cells --pattern``: whether parameters have an activation pattern, with parameters or the proof."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from exactsurf.cells.patterns.pattern_decision import decide_pattern
from exactsurf.cells.patterns.pattern_text import pattern_text, read_pattern
from exactsurf.cells.patterns.unit_contradiction import UnitContradiction, find_unit_contradiction
from exactsurf.certificate.problem_document import parameters_document
from exactsurf.cli.terminal import BAD_INPUT, DONE, UNDECIDED, print_counting, print_json, stdout
from exactsurf.exact.number import brief, to_text
from exactsurf.model.problem import Problem


def show_decision(problem: Problem, text: str, as_json: bool) -> int:
    """Say whether the pattern that `text` means has a cell, and why; the exit status."""
    pattern = read_pattern(problem, text)
    units = pattern_text(problem, pattern)
    contradiction = find_unit_contradiction(problem, pattern)
    if contradiction is not None:
        return _shown(as_json, {"pattern": units, "empty": True, **_farkas(contradiction)}, _lines(contradiction, units))
    decision = decide_pattern(problem, pattern)
    possible = decision.is_possible
    document: dict[str, Any] = {
        "pattern": units,
        "empty": None if possible is None else not possible,
        "reason": decision.reason,
        "settled_by": str(decision.settled_by),
    }
    if decision.witness is not None:
        document["parameters"] = parameters_document(decision.witness)
        return _shown(as_json, document, [f"not empty: {decision.witness!r}"])
    return _shown(as_json, document, [f"{'open' if possible is None else 'empty'}: {decision.reason}"])


def _shown(as_json: bool, document: dict[str, Any], lines: list[str]) -> int:
    if as_json:
        print_json(document)
    else:
        console = stdout()
        for line in lines:
            console.print(line, markup=False)
        print_counting(console, *lines)
    if document["empty"]:
        Console(stderr=True).print("error: no parameters have this pattern", style="red", highlight=False)
        return BAD_INPUT
    return UNDECIDED if document["empty"] is None else DONE


def _farkas(contradiction: UnitContradiction) -> dict[str, Any]:
    return {
        "reason": f"unit {contradiction.unit} of layer 1 cannot have its part of the pattern",
        "settled_by": "farkas",
        "unit": contradiction.unit,
        "farkas": [
            {
                "sample": wall.sample,
                "side": "above" if wall.sign > 0 else "below",
                "breakpoint": to_text(wall.breakpoint),
                "multiplier": to_text(value),
            }
            for wall, value in contradiction.multipliers
        ],
    }


def _lines(contradiction: UnitContradiction, units: list[str]) -> list[str]:
    unit = contradiction.unit
    return [
        f"empty: unit {unit} cannot have {units[unit]}; it asks for these inequalities, and their sum, each times its",
        "multiplier, is false whatever the weights are:",
        *(f"  {brief(value)} × ({wall})" for wall, value in contradiction.multipliers),
    ]
