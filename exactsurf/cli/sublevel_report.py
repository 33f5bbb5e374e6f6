"""``exactsurf landscape --below``: what lies under a level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console

from exactsurf.certificate.encoding import CertificateFile, counted
from exactsurf.cli.cell_progress import goes_on_from
from exactsurf.cli.enclosed_report import Runners
from exactsurf.cli.landscape_certificates import entry
from exactsurf.cli.landscape_report import number, print_valleys, valley_document
from exactsurf.cli.terminal import DONE, INTERRUPTED, print_json, stages, stdout
from exactsurf.effort import Effort
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.number import exact, integer_text, to_text
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.surface.global_certificate import certify_global_minimum
from exactsurf.surface.levels.enclosed_valley import EnclosedValley
from exactsurf.surface.paths import certify_spurious_valley
from exactsurf.surface.run.run import Progress
from exactsurf.surface.sublevel import SublevelLandscape
from exactsurf.surface.sublevel_certificate import certify_valleys_below
from exactsurf.surface.surface import landscape
from exactsurf.surface.valley import Valley


@dataclass(frozen=True)
class Wanted:
    """What to print and to write.

    At most `limit` rows, or JSON; the certificate of the global minimum, a folder of all; who works, and the file of the search.
    """

    limit: int
    as_json: bool
    quiet: bool
    certificate: Path | None
    certificates: Path | None
    run: Runners


L = TypeVar("L")


def searched_below(ask: Callable[[Progress], L], resume: Path | None, quiet: bool, as_json: bool) -> L | None:
    """What is found below a level, with a stage that says how far the search is; None if it was interrupted, which is said."""
    with stages("signed cells", quiet) as stage:

        def tell(cells: int, regions: int) -> None:
            if regions % 64 == 1:
                stage(f"{cells} signed cells below the level, {regions} regions looked at")

        try:
            return ask(tell)
        except KeyboardInterrupt:
            if resume is None:
                raise
            goes_on_from(resume, as_json)
            return None


@dataclass(frozen=True)
class Makers:
    """What makes the certificates of the global minimum, of a valley with a point, and of the list."""

    minimum: Callable[[], CertificateFile]
    valley: Callable[[Parameters], CertificateFile]
    listed: Callable[[], CertificateFile]


def search_options(level: str, max_cells: int, wanted: Wanted, effort: Effort) -> dict[str, Any]:
    """What searches below a level are given."""
    run = wanted.run
    return {
        "below": exact(level, "--below"),
        "max_cells": max_cells,
        "effort": effort,
        "checkpoint": run.resume,
        "workers": run.workers,
        "dask": run.dask,
    }


def answer_below(
    ask: Callable[[Progress], L],
    makers: Callable[[L], Makers],
    document: Callable[[L], dict[str, Any]],
    show: Callable[[L, int], None],
    valleys: Callable[[L], Sequence[Valley | EnclosedValley]],
    wanted: Wanted,
) -> int:
    """Search below a level, write the certificates that are wanted, and print what was found; the exit status."""
    land = searched_below(ask, wanted.run.resume, wanted.quiet, wanted.as_json)
    if land is None:
        return INTERRUPTED
    written = write_below(valleys(land), makers(land), wanted)
    if wanted.as_json:
        print_json(document(land) | {"certificates": written})
        return DONE
    show(land, wanted.limit)
    if written:
        stdout().print(f"{counted(len(written), 'certificate')} written, accepted by the verifier")
    return DONE


def print_below(problem: Problem, level: str, max_cells: int, wanted: Wanted, effort: Effort) -> int:
    """Find and print the valleys below a level."""
    options = search_options(level, max_cells, wanted, effort)

    def ask(tell: Progress) -> SublevelLandscape:
        found: SublevelLandscape = landscape(problem, progress=tell, **options)
        return found

    def makers(land: SublevelLandscape) -> Makers:
        return Makers(
            lambda: certify_global_minimum(land.problem),
            lambda point: certify_spurious_valley(land, point),
            lambda: certify_valleys_below(land),
        )

    return answer_below(ask, makers, _document, _print, lambda land: land.valleys, wanted)


def write_below(valleys: Sequence[Valley | EnclosedValley], makers: Makers, wanted: Wanted) -> list[dict[str, Any]]:
    """Write the certificates that are asked for; what was written. Where there is none, stderr says so."""
    folder, goal = wanted.certificates, wanted.certificate
    found: list[dict[str, Any]] = []
    with stages("certificates", wanted.quiet) as stage:
        if goal is not None or (folder is not None and valleys):
            proof = makers.minimum()
            goals = (goal, None if folder is None else folder / "global_minimum.json")
            found += [entry(proof.save(path), proof.kind) for path in goals if path is not None]
        if folder is None:
            return found
        for place, valley in enumerate(valleys):
            if valley.barrier is not None and valley.parameters is not None:
                stage(f"certificate of valley {place}")
                spurious = _made(partial(makers.valley, valley.parameters), f"valley {place}", wanted.quiet)
                if spurious is not None:
                    found.append(entry(spurious.save(folder / f"valley_{place}.json"), spurious.kind) | {"valley": place})
        stage("certificate of the list")
        listed = _made(makers.listed, "the list of valleys", wanted.quiet)
        if listed is not None:
            found.append(entry(listed.save(folder / "valleys_below.json"), listed.kind))
    return found


def _made(make: Callable[[], CertificateFile], what: str, quiet: bool) -> CertificateFile | None:
    """A certificate; None where there is none, and stderr says why."""
    try:
        return make()
    except (InputError, UnsupportedError) as error:
        Console(stderr=True, quiet=quiet, soft_wrap=True).print(f"{what} gets no certificate: {error}", markup=False)
        return None


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
