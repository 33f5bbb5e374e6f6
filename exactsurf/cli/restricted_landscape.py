"""``exactsurf landscape`` for a problem file with a restriction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from exactsurf.certificate.encoding import counted
from exactsurf.certificate.problem_document import parameters_document, vector_document
from exactsurf.cli.cell_progress import cell_progress
from exactsurf.cli.landscape_certificates import entry, write_certificates
from exactsurf.cli.landscape_report import local_minimum_document, number, print_valleys, show_rows, valley_document
from exactsurf.cli.terminal import DONE, print_json, stages, stdout
from exactsurf.effort import Effort
from exactsurf.errors import InputError
from exactsurf.exact.number import to_text
from exactsurf.minima.restricted.decide import decide_restricted
from exactsurf.model.parameters import Parameters
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.show.plots.picture_file import save_picture
from exactsurf.surface.global_certificate import certify_global_minimum
from exactsurf.surface.restricted.minimiser_sets import RestrictedMinimum
from exactsurf.surface.restricted.restricted_landscape import RestrictedLandscape, restricted_landscape


@dataclass(frozen=True)
class RestrictedOptions:
    """What was said at the terminal, as `landscape` has it."""

    max_cells: int
    local_minima: bool
    global_only: bool
    certificate: Path | None
    certificates: Path | None
    plot: Path | None
    limit: int
    as_json: bool
    quiet: bool


def print_restricted_landscape(restricted: RestrictedProblem, options: RestrictedOptions, effort: Effort) -> int:
    """Compute the landscape of a restricted problem, or with ``--global-only`` its global minimum; print it, and write files.

    Returns: the exit status. Exactness: exact. Raises: errors of `landscape`. Source: proofs/claims/restricted_surface.md.
    """
    if options.global_only:
        return _print_global_minimum(restricted, options, effort)
    with cell_progress(options.quiet) as report:
        land = restricted_landscape(restricted, max_cells=options.max_cells, effort=effort, progress=report)
    with stages("local minima", options.quiet):
        minima = land.local_minima if options.local_minima else None
    written = _write_certificates(land, minima or (), options, effort)
    drawn = None if options.plot is None else save_picture(land.plot(), options.plot)
    if options.as_json:
        document: dict[str, Any] = {
            "cells": len(land.risks),
            "facets": land.facets,
            "global_minimum": {"risk": to_text(land.global_minimum.risk), **_place(restricted, land.global_minimum.parameters)},
            "valleys": [{**valley_document(v), **_place(restricted, v.parameters)} for v in land.valleys],
            "local_minima": None
            if minima is None
            else [{**local_minimum_document(m), **_place(restricted, m.parameters)} for m in minima],
            "local_minima_complete": minima is not None,
        }
        print_json(document | {"certificates": written, "plot": None if drawn is None else str(drawn)})
        return DONE
    console, best = stdout(), land.global_minimum
    console.print(
        f"{len(land.risks)} cells of {counted(restricted.restriction.dimension, 'free parameter')}, {land.facets} facets"
    )
    console.print(f"global minimum  {number(best.risk)}  {_named(restricted, best.parameters)}", markup=False)
    print_valleys(console, land.valleys, options.limit)
    if minima is not None:
        table = Table("risk", "dimension", "", "leads to valleys", "point", title="Local minima")
        for found in minima[: options.limit]:
            kind = "global" if found.is_global else "valley" if found.is_valley else "plateau with a way down"
            places = ", ".join(map(str, found.valleys))
            table.add_row(number(found.risk), str(found.dimension), kind, places, _named(restricted, found.parameters))
        show_rows(console, table, len(minima), options.limit)
    if written:
        console.print(f"{counted(len(written), 'certificate')} written, accepted by the verifier")
    if drawn is not None:
        console.print(f"disconnectivity graph drawn to {drawn}", markup=False)
    return DONE


def _print_global_minimum(restricted: RestrictedProblem, options: RestrictedOptions, effort: Effort) -> int:
    if options.certificates is not None:
        fix = "use --certificate FILE, or leave out --global-only"
        raise InputError("--global-only knows no valleys", text="--certificates", fix=fix)
    if options.plot is not None:
        raise InputError("--plot has no effect with --global-only", text="--plot", fix="leave out one of them")
    with stages("bounding regions of the free parameters", options.quiet) as stage:
        proof = certify_global_minimum(
            restricted, progress=lambda count: stage(f"bounding regions of the free parameters: {count}"), effort=effort
        )
        if options.certificate is not None:
            proof.save(options.certificate)
    if options.as_json:
        found = {"risk": to_text(proof.risk), "attained": True, "parameters": parameters_document(proof.parameters)}
        document = {"global_minimum": {**found, **_place(restricted, proof.parameters), "nodes": len(proof.nodes)}}
        print_json(document | {"certificates": [] if options.certificate is None else [entry(options.certificate, proof.kind)]})
        return DONE
    console = stdout()
    console.print(f"global minimum  {number(proof.risk)}  {_named(restricted, proof.parameters)}", markup=False)
    console.print(f"proved by a tree of {counted(len(proof.nodes), 'node')}, accepted by the verifier")
    if options.certificate is not None:
        console.print(f"certificate: {options.certificate}", markup=False)
    return DONE


def _write_certificates(
    land: RestrictedLandscape, minima: Sequence[RestrictedMinimum], options: RestrictedOptions, effort: Effort
) -> list[dict[str, Any]]:
    """Write what is written of an ordinary landscape, and into the folder a certificate of each other local minimum."""
    folder = options.certificates
    written = write_certificates(land, minima, options.certificate, folder, options.quiet, effort)
    with stages("certificates", options.quiet) as stage:
        best = land.problem.restriction.at(land.lowest_values)
        for place, found in enumerate(minima if folder is not None else ()):
            if found.is_global:
                continue
            stage(f"certificate of local minimum {place}")
            verdict = decide_restricted(land.problem, found.parameters, lower=best, effort=effort)
            if folder is not None and verdict.certificate is not None:
                saved = verdict.certificate.save(folder / f"local_minimum_{place}.json")
                written.append(entry(saved, verdict.certificate.kind) | {"local_minimum": place})
    return written


def _place(restricted: RestrictedProblem, parameters: Parameters | None) -> dict[str, Any]:
    """The values of the free parameters by name."""
    if parameters is None:
        return {}
    return {"values": dict(zip(restricted.restriction.names, vector_document(restricted.values(parameters)), strict=True))}


def _named(restricted: RestrictedProblem, parameters: Parameters | None) -> str:
    if parameters is None:
        return ""
    return ", ".join(
        f"{n}={to_text(v)}" for n, v in zip(restricted.restriction.names, restricted.values(parameters), strict=True)
    )
