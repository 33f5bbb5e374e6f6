"""``exactsurf landscape --below``: what lies under a level."""

from __future__ import annotations

from typing import Any

from exactsurf.cli.landscape_report import number, print_valleys, valley_document
from exactsurf.cli.terminal import DONE, print_json, stages, stdout
from exactsurf.effort import Effort
from exactsurf.exact.number import exact, integer_text, to_text
from exactsurf.model.problem import Problem
from exactsurf.surface.sublevel import SublevelLandscape
from exactsurf.surface.surface import landscape


def print_below(problem: Problem, level: str, max_cells: int, limit: int, as_json: bool, quiet: bool, effort: Effort) -> int:
    """Find and print the valleys below a level."""
    with stages("signed cells", quiet) as stage:

        def tell(cells: int, regions: int) -> None:
            if regions % 64 == 1:
                stage(f"{cells} signed cells below the level, {regions} regions looked at")

        land = landscape(problem, below=exact(level, "--below"), max_cells=max_cells, effort=effort, progress=tell)
    if as_json:
        print_json(_document(land))
    else:
        _print(land, limit)
    return DONE


def _document(land: SublevelLandscape) -> dict[str, Any]:
    valleys = []
    for valley in land.valleys:
        least = None if valley.barrier_at_least is None else to_text(valley.barrier_at_least)
        valleys.append(valley_document(valley) | {"barrier_at_least": least})
    return {
        "below": to_text(land.level),
        "orbits": integer_text(land.work.orbits.count),
        "orbits_below": integer_text(len(land.orbits)),
        "valleys": valleys,
    }


def _print(land: SublevelLandscape, limit: int) -> None:
    console, level = stdout(), number(land.level)
    console.print(
        f"{len(land.orbits)} of {land.work.orbits.count} signed cells, modulo the order of the units, go below {level}",
        markup=False,
    )
    best = land.global_minimum
    if best is None:
        console.print(f"no parameters have a risk below {level}", markup=False)
        return
    attained = repr(best.parameters) if best.is_attained else "not attained (an infimum at infinity)"
    console.print(f"global minimum  {number(best.risk)}  {attained}", markup=False)
    print_valleys(console, land.valleys, limit)
