"""``exactsurf landscape --below`` for risks whose levels are enclosed."""

from __future__ import annotations

from typing import Any

from exactsurf.cli.enclosed_report import enclosed_valley_document, ends_of, print_enclosed_valleys
from exactsurf.cli.landscape_report import number
from exactsurf.cli.sublevel_report import Makers, Wanted, answer_below, search_options
from exactsurf.cli.terminal import stdout
from exactsurf.effort import Effort
from exactsurf.exact.number import Exact, integer_text, to_text
from exactsurf.model.problem import Problem
from exactsurf.surface.levels.enclosed_landscape import enclosed_landscape
from exactsurf.surface.levels.enclosed_list_below import certify_enclosed_valleys_below
from exactsurf.surface.levels.enclosed_paths import certify_enclosed_valley
from exactsurf.surface.levels.enclosed_sublevel import EnclosedSublevelLandscape
from exactsurf.surface.levels.near_certificate import certify_near_global_minimum
from exactsurf.surface.run.run import Progress


def print_enclosed_below(problem: Problem, level: str, width: Exact, max_cells: int, wanted: Wanted, effort: Effort) -> int:
    """Find and print the valleys below a level, where levels are enclosed."""
    options = search_options(level, max_cells, wanted, effort)

    def ask(tell: Progress) -> EnclosedSublevelLandscape:
        found: EnclosedSublevelLandscape = enclosed_landscape(problem, width=width, progress=tell, **options)
        return found

    def makers(land: EnclosedSublevelLandscape) -> Makers:
        return Makers(
            lambda: certify_near_global_minimum(land.problem),
            lambda point: certify_enclosed_valley(land, point),
            lambda: certify_enclosed_valleys_below(land),
        )

    return answer_below(ask, makers, _document, _print, lambda land: land.valleys, wanted)


def _document(land: EnclosedSublevelLandscape) -> dict[str, Any]:
    valleys = []
    for valley in land.valleys:
        least = None if valley.barrier_at_least is None else to_text(valley.barrier_at_least)
        valleys.append(enclosed_valley_document(valley) | {"barrier_at_least": least, "below": land.is_below(valley.risk)})
    return {
        "below": to_text(land.level),
        "orbits": integer_text(land.work.orbits.count),
        "orbits_below": integer_text(len(land.orbits)),
        "valleys": valleys,
        "ties": [ends_of(tie) for tie in land.ties],
        "undecided": None if land.undecided is None else ends_of(land.undecided),
    }


def _print(land: EnclosedSublevelLandscape, limit: int) -> None:
    console, level, best = stdout(), number(land.level), land.global_minimum
    console.print(
        f"{len(land.orbits)} of {land.work.orbits.count} signed cells, modulo the order of the units, go below {level}"
        f"{'' if land.undecided is None else ', or perhaps only near it'}",
        markup=False,
    )
    if best is None:
        console.print(f"no parameters have a risk below {level}", markup=False)
        return
    print_enclosed_valleys(console, best, land.valleys, land.ties, limit)
    if land.undecided is not None:
        console.print(
            f"UNDECIDED: levels at {land.undecided.ball.text} are not told from {level}; what begins or ends there may not be "
            f"below it, and a level a little lower or higher decides it",
            markup=False,
        )
