"""``exactsurf landscape --below`` for risks whose levels are enclosed."""

from __future__ import annotations

from typing import Any

from exactsurf.certificate.encoding import counted
from exactsurf.cli.enclosed_report import enclosed_valley_document, ends_of, print_enclosed_valleys
from exactsurf.cli.landscape_certificates import entry
from exactsurf.cli.landscape_report import number
from exactsurf.cli.sublevel_report import Wanted, say_without, searched_below
from exactsurf.cli.terminal import DONE, INTERRUPTED, print_json, stages, stdout
from exactsurf.effort import Effort
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.number import Exact, exact, integer_text, to_text
from exactsurf.model.problem import Problem
from exactsurf.surface.levels.enclosed_landscape import enclosed_landscape
from exactsurf.surface.levels.enclosed_list_below import certify_enclosed_valleys_below
from exactsurf.surface.levels.enclosed_paths import certify_enclosed_valley
from exactsurf.surface.levels.enclosed_sublevel import EnclosedSublevelLandscape
from exactsurf.surface.levels.near_certificate import certify_near_global_minimum
from exactsurf.surface.run.run import Progress


def print_enclosed_below(problem: Problem, level: str, width: Exact, max_cells: int, wanted: Wanted, effort: Effort) -> int:
    """Find and print the valleys below a level, where levels are enclosed."""
    least, run = exact(level, "--below"), wanted.run

    def ask(tell: Progress) -> EnclosedSublevelLandscape:
        return enclosed_landscape(
            problem,
            below=least,
            width=width,
            max_cells=max_cells,
            effort=effort,
            progress=tell,
            checkpoint=run.resume,
            workers=run.workers,
            dask=run.dask,
        )

    land = searched_below(ask, run.resume, wanted.quiet)
    if land is None:
        return INTERRUPTED
    written = _write(land, wanted)
    if wanted.as_json:
        print_json(_document(land) | {"certificates": written})
    else:
        _print(land, wanted.limit)
        if written:
            stdout().print(f"{counted(len(written), 'certificate')} written, accepted by the verifier")
    return DONE


def _write(land: EnclosedSublevelLandscape, wanted: Wanted) -> list[dict[str, Any]]:
    """Write the certificates that are asked for; what was written. Where there is none, stderr says so."""
    folder, goal = wanted.certificates, wanted.certificate
    found: list[dict[str, Any]] = []
    with stages("certificates", wanted.quiet) as stage:
        if goal is not None or (folder is not None and land.valleys):
            proof = certify_near_global_minimum(land.problem)
            goals = (goal, None if folder is None else folder / "global_minimum.json")
            found += [entry(proof.save(path), proof.kind) for path in goals if path is not None]
        if folder is None:
            return found
        for place, valley in enumerate(land.valleys):
            if valley.barrier is not None:
                stage(f"certificate of valley {place}")
                try:
                    spurious = certify_enclosed_valley(land, valley.parameters)
                except InputError as error:
                    say_without(f"valley {place} gets no certificate: {error}", wanted.quiet)
                    continue
                found.append(entry(spurious.save(folder / f"valley_{place}.json"), spurious.kind) | {"valley": place})
        stage("certificate of the list")
        try:
            listed = certify_enclosed_valleys_below(land)
        except (InputError, UnsupportedError) as error:
            say_without(f"the list of valleys gets no certificate: {error}", wanted.quiet)
        else:
            found.append(entry(listed.save(folder / "valleys_below.json"), listed.kind))
    return found


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
