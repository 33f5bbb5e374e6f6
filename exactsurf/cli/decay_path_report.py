"""``exactsurf landscape --weight-decay 1/100,1,4``: the landscape at several factors, as a table, as JSON and as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from rich.table import Table

from exactsurf.cli.landscape_report import show_rows
from exactsurf.cli.terminal import DONE, print_json, stages, stdout
from exactsurf.effort import Effort
from exactsurf.exact.number import brief, to_text
from exactsurf.model.problem import Problem
from exactsurf.show.plots.decay_path_plot import plot_decay_path
from exactsurf.show.plots.picture_file import save_picture
from exactsurf.surface.levels.decay_path import DecayPath, decay_path
from exactsurf.surface.levels.level_work import WIDTH

BRACKET_OPTION = typer.Option(
    help="With several factors (--weight-decay 1/100,1): how near to bracket a λ at which the number of valleys changes, as a "
    "part of it. Default: 1/50."
)


@dataclass(frozen=True)
class PathOptions:
    """How near changes are bracketed, how wide levels may be, and what is made of a path."""

    bracket: str | None
    width: str | None
    max_cells: int
    plot: Path | None
    limit: int
    as_json: bool
    quiet: bool


def check_no_effect(given: Mapping[str, object]) -> None:
    """Refuse options that a path along the weight decay has no use for."""
    for option, value in given.items():
        if value is not None and value is not False:
            raise typer.BadParameter(f"{option} is not known for several factors of the weight decay; leave it out")


def print_decay_path(problem: Problem, factors: str, options: PathOptions, effort: Effort) -> int:
    """Find and print the landscapes at several factors, parted by commas, and where the number of valleys changes."""
    with stages("landscapes along the weight decay", options.quiet):
        path = decay_path(
            problem,
            [factor.strip() for factor in factors.split(",") if factor.strip()],
            bracket="1/50" if options.bracket is None else options.bracket,
            width=WIDTH if options.width is None else options.width,
            max_cells=options.max_cells,
            effort=effort,
        )
    drawn = None if options.plot is None else save_picture(plot_decay_path(path), options.plot)
    if options.as_json:
        print_json(_document(path) | {"plot": drawn and str(drawn)})
        return DONE
    console = stdout()
    table = Table("λ", "valleys", "global minimum", "", title="Along the weight decay")
    for factor, land in list(zip(path.factors, path.landscapes, strict=True))[: options.limit]:
        best = land.global_minimum.risk.ball.text
        table.add_row(brief(factor), str(len(land.valleys)), best, "tied" if any(v.is_tied for v in land.valleys) else "")
    show_rows(console, table, len(path.landscapes), options.limit)
    for change in path.changes:
        ends = f"between λ = {brief(change.low)} and {brief(change.high)}"
        console.print(f"{ends} the number of valleys changes from {change.before} to {change.after}", markup=False)
    if path.has_ties:
        console.print("where valleys are tied, their number is not proved: name a smaller --width")
    if drawn is not None:
        console.print(f"picture of the path drawn to {drawn}", markup=False)
    return DONE


def _document(path: DecayPath) -> dict[str, Any]:
    return {
        "path": [
            {
                "weight_decay": to_text(factor),
                "valleys": len(land.valleys),
                "global_minimum": [to_text(land.global_minimum.risk.low), to_text(land.global_minimum.risk.high)],
                "tied": any(valley.is_tied for valley in land.valleys),
            }
            for factor, land in zip(path.factors, path.landscapes, strict=True)
        ],
        "changes": [
            {"low": to_text(change.low), "high": to_text(change.high), "before": change.before, "after": change.after}
            for change in path.changes
        ],
    }
