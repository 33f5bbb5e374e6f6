"""``exactsurf training``: which valleys of the loss surface runs of training end in, against the list of all."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from exactsurf.certificate.claims.capture import Capture
from exactsurf.certificate.claims.enclosed_capture import EnclosedCapture
from exactsurf.certificate.problem_document import vector_document
from exactsurf.cli.landscape_html import check_page_file
from exactsurf.cli.terminal import DONE, EFFORT_OPTION, JSON_OPTION, QUIET_OPTION, print_json, stages, stdout, subcommand
from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.number import near, to_text
from exactsurf.files import write_file
from exactsurf.interop.problem_file import check_piecewise_linear_file, read_any_problem
from exactsurf.interop.trajectory_file import read_trajectory
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.show.pages.landscape_page import landscape_page
from exactsurf.show.plots.picture_file import check_picture_file, save_picture
from exactsurf.surface.levels.enclosed_landscape import EnclosedLandscape, enclosed_landscape
from exactsurf.surface.levels.enclosed_valley import EnclosedValley
from exactsurf.surface.levels.enclosure import Enclosure
from exactsurf.surface.levels.level_work import WIDTH
from exactsurf.surface.restricted.restricted_landscape import RestrictedLandscape, restricted_landscape
from exactsurf.surface.surface import MAX_CELLS, Landscape
from exactsurf.surface.surface import landscape as whole_landscape
from exactsurf.surface.training.capture import certify_capture
from exactsurf.surface.training.floats.gradient_descent import gradient_descent
from exactsurf.surface.training.trajectory import Trajectory
from exactsurf.surface.training.valley_counts import TrainingValleys, training_valleys
from exactsurf.surface.valley import Valley


@subcommand
def training(
    problem: Annotated[Path, typer.Argument(help="A problem file (JSON or TOML, exactsurf-problem/1).")],
    trajectory: Annotated[
        list[Path] | None,
        typer.Option("--trajectory", "-t", help="A run of your own: .npz, .jsonl or .csv (once for each run)."),
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Runs of gradient descent, if no trajectory is given.")] = 20,
    steps: Annotated[int, typer.Option(min=1, help="Steps of each.")] = 2000,
    step_size: Annotated[str, typer.Option(help="Step size of each.")] = "1/50",
    scale: Annotated[str, typer.Option(help="Size of the random weights at the start.")] = "1",
    certificates: Annotated[
        Path | None, typer.Option(help="Write a certificate of capture for each valley that a run ended in into this folder.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(help="Draw the histogram into this file (.svg, .pdf or .png; extra plots).")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write a page with the landscape and the histogram to this file.")
    ] = None,
    max_cells: Annotated[int, typer.Option(min=1, help="Most signed cells (modulo order of the units).")] = MAX_CELLS,
    width: Annotated[
        str | None, typer.Option(help="Where levels are enclosed: how wide that may be, as a part of the level. Default: 1e-9.")
    ] = None,
    effort: Annotated[str | None, EFFORT_OPTION] = None,
    as_json: Annotated[bool, JSON_OPTION] = False,
    quiet: Annotated[bool, QUIET_OPTION] = False,
) -> int:
    """Follow runs of training on the exact loss surface: which valley captures each, and which steps leap over a barrier.

    For one hidden layer and one output, as exactsurf landscape, or with a restriction in which one weight varies on each path:
    there the free parameters descend. Floats are taken as the numbers that they store; everything else is exact. A run is
    captured by a valley if no path that never rises leads from its last point to any other. A run that is not may still go down,
    or lie on a plateau: then the least risk of the signed cell that it is in is named. With weight decay, and for logistic,
    exponential, log_cosh, poisson and power(p) loss, levels lie between two numbers (--width), and what these do not decide is
    told.

    Examples:

      exactsurf training problem.json

      exactsurf training problem.json --seeds 50 --plot histogram.svg --html page.html

      exactsurf training problem.json --trajectory run.csv --certificates proofs/

      exactsurf training problem.json --width 1e-12 --effort 300
    """
    if plot is not None:
        check_picture_file(plot)
    if html is not None:
        check_page_file(html)
    instance, _ = read_any_problem(problem)
    whole = instance.unrestricted if isinstance(instance, RestrictedProblem) else instance
    check_piecewise_linear_file(whole, problem, "training")
    if isinstance(instance, RestrictedProblem) and certificates is not None:
        fix = "leave --certificates out; exactsurf landscape --certificates proves the valleys and barriers"
        raise UnsupportedError(f"{problem}: certificates of capture are not known for restricted problems", fix)
    runs = [read_trajectory(file, whole.network) for file in trajectory or ()]
    running = Effort.of(effort, UNBOUNDED).started()
    with stages("computing the landscape", quiet):
        land = _landscape(instance, width, max_cells, running)
    with stages("following the runs", quiet):
        runs = runs or gradient_descent(instance, range(seeds), steps=steps, step_size=step_size, scale=scale)
        found = training_valleys(land, runs)
    proofs = {} if certificates is None or isinstance(land, RestrictedLandscape) else _certified(land, found)
    files = {place: proof.save(_file(certificates, place)) for place, proof in proofs.items()} if certificates else {}
    if plot is not None:
        from exactsurf.show.plots.training_plot import plot_training

        save_picture(plot_training(found), plot)
    if html is not None:
        check_page_file(html)
        write_file(html, landscape_page(land, training=found).encode())
    if as_json:
        print_json(_document(found, files))
        return DONE
    _print(stdout(), found, files)
    if html is not None:
        stdout().print(f"page with the histogram: {html}", markup=False)
    return DONE


def _landscape(
    problem: Problem | RestrictedProblem, width: str | None, max_cells: int, effort: Effort
) -> Landscape | EnclosedLandscape | RestrictedLandscape:
    """The landscape of a problem, exact where its levels are rational."""
    if isinstance(problem, RestrictedProblem):
        if width is not None:
            what = "--width is for levels that are enclosed; those of restricted problems are exact"
            raise InputError(what, fix="leave it out")
        return restricted_landscape(problem, max_cells=max_cells, effort=effort)
    if problem.decay is not None or not problem.loss.is_piecewise_quadratic:
        return enclosed_landscape(problem, width=WIDTH if width is None else width, max_cells=max_cells, effort=effort)
    if width is not None:
        raise InputError("--width is for levels that are enclosed; those of this problem are exact", fix="leave it out")
    return whole_landscape(problem, max_cells=max_cells, effort=effort)


def _file(folder: Path | None, place: int) -> Path:
    if folder is None or folder.is_file():
        raise InputError("certificates go into a folder", file=str(folder))
    return folder / f"captured_by_valley_{place}.certificate.json"


def _certified(land: Landscape | EnclosedLandscape, found: TrainingValleys) -> dict[int, Capture | EnclosedCapture]:
    """For every valley the certificate of the last point of the first run that it has captured."""
    last = {run.valley: run.components[-1].parameters for run in reversed(found.runs) if run.valley is not None}
    return {place: certify_capture(land, point) for place, point in sorted(last.items())}


def _valleys(found: TrainingValleys) -> tuple[Valley | EnclosedValley, ...]:
    return found.land.valleys


def _number(value: Fraction | Enclosure) -> str | list[str]:
    """As JSON: a number, or the two between which it lies."""
    return vector_document((value.low, value.high)) if isinstance(value, Enclosure) else to_text(value)


def _document(found: TrainingValleys, files: dict[int, Path]) -> dict[str, Any]:
    def run(one: Trajectory) -> dict[str, Any]:
        end = one.components[-1]
        return {
            "valley": one.valley,
            "captured_at": one.captured_at,
            "points": len(one.components),
            "leaps": list(one.leaps),
            "rises": list(one.rises),
            "undecided": list(one.undecided),
            "risk": _number(end.risk),
            "valleys_within_reach": [list(pair) for pair in zip(end.valleys, end.copies, strict=True)],
            "least_risk_of_cell": _number(end.floor),
        }

    valleys = [
        {
            "risk": _number(valley.risk),
            "barrier": None if valley.barrier is None else _number(valley.barrier),
            "copies": valley.multiplicity,
            "runs": count,
            "certificate": str(files[place]) if place in files else None,
        }
        for place, (valley, count) in enumerate(zip(_valleys(found), found.counts, strict=True))
    ]
    open_runs = [{"least_risk_of_cell": _number(risk), "runs": count} for risk, count in found.open_floors.items()]
    undecided = list(found.undecided_runs)
    return {"runs": list(map(run, found.runs)), "valleys": valleys, "not_captured": open_runs, "undecided_runs": undecided}


def _print(console: Console, found: TrainingValleys, files: dict[int, Path]) -> None:
    total = len(found.runs)
    for place, (valley, count) in enumerate(zip(_valleys(found), found.counts, strict=True)):
        kind = "global minimum" if valley.is_global else f"spurious, barrier {_told(valley.barrier or valley.risk)}"
        copies = f", {valley.multiplicity} copies" if valley.multiplicity > 1 else ""
        console.print(f"valley {place}: risk {_told(valley.risk)} ({kind}{copies}): {count} of {total} runs", markup=False)
        if place in files:
            console.print(f"  certificate {files[place]}", markup=False)
    for risk, count in found.open_floors.items():
        console.print(f"not captured, in signed cells of least risk {_told(risk)}: {count} of {total} runs", markup=False)
    if found.undecided_runs:
        advice = "the risk is not told from the level of a barrier; name a smaller --width"
        console.print(f"of these perhaps captured: {len(found.undecided_runs)} runs ({advice})", markup=False)
    leaps, undecided = (sum(len(getattr(run, name)) for run in found.runs) for name in ("leaps", "undecided"))
    open_steps = f"; not decided: {undecided} steps" if undecided else ""
    console.print(f"leaps over barriers between the points that were kept: {leaps}{open_steps}", markup=False)


def _told(value: Fraction | Enclosure) -> str:
    if isinstance(value, Enclosure):
        return _told(value.low) if value.is_exact else value.ball.text
    text = to_text(value)
    return text if len(text) <= 12 else near(value)
