"""``exactsurf landscape`` for risks whose levels are enclosed: what is printed, as a table and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from exactsurf.certificate.encoding import counted
from exactsurf.certificate.problem_document import parameters_document
from exactsurf.cli.cell_progress import cell_progress, goes_on_from
from exactsurf.cli.landscape_certificates import entry
from exactsurf.cli.landscape_html import write_page
from exactsurf.cli.landscape_report import number, show_rows
from exactsurf.cli.terminal import DONE, print_json, stages, stdout
from exactsurf.effort import Effort
from exactsurf.errors import InputError
from exactsurf.exact.number import approximate, integer_text, to_text
from exactsurf.model.problem import Problem
from exactsurf.show.plots.picture_file import save_picture
from exactsurf.surface.levels.enclosed_landscape import EnclosedLandscape, enclosed_landscape
from exactsurf.surface.levels.enclosed_list import certify_all_enclosed_valleys
from exactsurf.surface.levels.enclosed_paths import certify_enclosed_valley
from exactsurf.surface.levels.enclosed_valley import EnclosedValley
from exactsurf.surface.levels.enclosure import Enclosure
from exactsurf.surface.levels.level_work import WIDTH
from exactsurf.surface.levels.near_certificate import certify_near_global_minimum

_NOTES = {False: "not attained", None: "perhaps not attained"}


@dataclass(frozen=True)
class Runners:
    """Who works, and the file that keeps what is done."""

    workers: int | None
    dask: str | None
    resume: Path | None


@dataclass(frozen=True)
class Outputs:
    """What is made of a landscape beside what is printed, and how much of it is printed."""

    plot: Path | None
    html: Path | None
    certificate: Path | None
    certificates: Path | None
    limit: int
    as_json: bool
    quiet: bool


def print_enclosed(
    problem: Problem, source: str, width: str | None, max_cells: int, run: Runners, wanted: Outputs, effort: Effort
) -> int:
    """Find and print a landscape with enclosed levels; `source`, where its data came from, as it was said at the terminal."""
    try:
        with cell_progress(wanted.quiet) as report:
            land = enclosed_landscape(
                problem,
                width=WIDTH if width is None else width,
                workers=run.workers,
                max_cells=max_cells,
                progress=report,
                checkpoint=run.resume,
                dask=run.dask,
                effort=effort,
            )
    except KeyboardInterrupt:
        if run.resume is None:
            raise
        return goes_on_from(run.resume, wanted.as_json)
    written = _write_certificates(land, wanted)
    drawn = None if wanted.plot is None else save_picture(land.plot(), wanted.plot)
    page = None if wanted.html is None else write_page(land, source, wanted.html)
    if wanted.as_json:
        first = None if wanted.certificate is None else written[0]["file"]
        print_json(
            _document(land)
            | {"certificate": first, "certificates": written, "plot": drawn and str(drawn), "html": page and str(page)}
        )
    else:
        _print(land, wanted.limit)
        if wanted.certificate is not None:
            goal = written[0]["file"]
            stdout().print(f"certificate of the global minimum written to {goal}, accepted by the verifier", markup=False)
        if wanted.certificates is not None:
            stdout().print(f"{counted(len(written), 'certificate')} written, accepted by the verifier")
        if drawn is not None:
            stdout().print(f"disconnectivity graph drawn to {drawn}", markup=False)
        if page is not None:
            stdout().print(f"page for the classroom: {page}, {page.stat().st_size // 1000 + 1} kB", markup=False)
    return DONE


def _write_certificates(land: EnclosedLandscape, wanted: Outputs) -> list[dict[str, Any]]:
    """Write the certificate of the global minimum, into a folder those of spurious valleys and the list; what was written."""
    goal, folder = wanted.certificate, wanted.certificates
    written: list[dict[str, Any]] = []
    if goal is None and folder is None:
        return written
    with stages("certificates", wanted.quiet) as stage:
        proof = certify_near_global_minimum(land)
        for path in (goal, None if folder is None else folder / "global_minimum.json"):
            if path is not None:
                written.append(entry(proof.save(path), proof.kind))
        for place, valley in enumerate(land.valleys if folder is not None else ()):
            if not valley.is_spurious:
                continue
            stage(f"certificate of valley {place}")
            try:
                found = certify_enclosed_valley(land, valley.parameters)
            except InputError as error:
                Console(stderr=True, quiet=wanted.quiet).print(f"valley {place} gets no certificate: {error}", markup=False)
                continue
            assert folder is not None
            written.append(entry(found.save(folder / f"valley_{place}.json"), found.kind) | {"valley": place})
        if folder is not None:
            stage("certificate of the list")
            try:
                listed = certify_all_enclosed_valleys(land)
            except InputError as error:
                Console(stderr=True, quiet=wanted.quiet).print(f"the list of valleys gets no certificate: {error}", markup=False)
            else:
                written.append(entry(listed.save(folder / "all_valleys.json"), listed.kind))
    return written


def _document(land: EnclosedLandscape) -> dict[str, Any]:
    best = land.global_minimum
    return {
        "signed_cells": integer_text(land.cells),
        "orbits": integer_text(land.orbits),
        "global_minimum": {
            "risk": ends_of(best.risk),
            "attained": best.is_attained,
            "parameters": parameters_document(best.parameters),
        },
        "valleys": [enclosed_valley_document(valley) for valley in land.valleys],
        "ties": [ends_of(tie) for tie in land.ties],
    }


def enclosed_valley_document(valley: EnclosedValley) -> dict[str, Any]:
    """A valley as ``--json`` prints it."""
    return {
        "risk": ends_of(valley.risk),
        "barrier": None if valley.barrier is None else ends_of(valley.barrier),
        "merges_at": None if valley.merges_at is None else ends_of(valley.merges_at),
        "multiplicity": valley.multiplicity,
        "global": valley.is_global,
        "spurious": valley.is_spurious,
        "attained": valley.is_attained,
        "tied": valley.is_tied,
        "parameters": parameters_document(valley.parameters),
    }


def ends_of(level: Enclosure) -> list[str]:
    """Both ends of an enclosure as ``--json`` prints them."""
    return [to_text(level.low), to_text(level.high)]


def _print(land: EnclosedLandscape, limit: int) -> None:
    console = stdout()
    best = land.global_minimum
    console.print(f"{land.cells} signed cells, {land.orbits} modulo the order of the units")
    print_enclosed_valleys(console, best, land.valleys, land.ties, limit)


def print_enclosed_valleys(
    console: Console, best: EnclosedValley, valleys: Sequence[EnclosedValley], ties: Sequence[Enclosure], limit: int
) -> None:
    """The global minimum, the table of the first `limit` valleys, and how many levels are not told apart."""
    infinity = "" if best.is_attained else f"  (an infimum at infinity, {_NOTES[best.is_attained]})"
    console.print(f"global minimum  {best.risk.ball.text}  near {best.parameters!r}{infinity}", markup=False)
    table = Table("", "risk", "barrier", "merges at", "copies", "", title="Valleys")
    for place, valley in enumerate(valleys[:limit]):
        kind = "global" if valley.is_global else "spurious"
        notes = [kind, *(["tied"] if valley.is_tied else []), *([] if valley.is_attained else [_NOTES[valley.is_attained]])]
        least = "" if valley.barrier_at_least is None else f"at least {number(valley.barrier_at_least)}"
        barrier = least if valley.barrier is None else valley.barrier.ball.text
        merges = "" if valley.merges_at is None else valley.merges_at.ball.text
        table.add_row(str(place), valley.risk.ball.text, barrier, merges, str(valley.multiplicity), ", ".join(notes))
    show_rows(console, table, len(valleys), limit)
    if ties:
        widest = approximate(max(tie.width for tie in ties), 2)
        console.print(
            f"{counted(len(ties), 'tie')}: levels that are not told apart; valleys less deep than {widest} may be missed"
        )
