"""``exactsurf landscape`` for a problem file with a restriction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rich.console import Console
from rich.table import Table

from exactsurf.certificate.claims.free_tree import ScaledTrees
from exactsurf.certificate.claims.restricted_surface import RestrictedGlobalMinimum
from exactsurf.certificate.encoding import counted
from exactsurf.certificate.problem_document import parameters_document, vector_document
from exactsurf.cli.cell_progress import cell_progress
from exactsurf.cli.enclosed_report import Outputs
from exactsurf.cli.landscape_certificates import entry, write_certificates
from exactsurf.cli.landscape_html import write_page
from exactsurf.cli.landscape_report import local_minimum_document, number, print_valleys, show_rows, valley_document
from exactsurf.cli.power_landscape import print_power_landscape
from exactsurf.cli.terminal import DONE, print_json, stages, stdout
from exactsurf.effort import Effort
from exactsurf.errors import InputError
from exactsurf.exact.number import approximate, brief, integer_text, to_text
from exactsurf.minima.restricted.decide import decide_restricted
from exactsurf.model.parameters import Parameters
from exactsurf.model.powers import needs_powers
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.show.plots.picture_file import save_picture
from exactsurf.surface.global_certificate import certify_global_minimum
from exactsurf.surface.restricted.minimiser_sets import RestrictedMinimum
from exactsurf.surface.restricted.restricted_landscape import RestrictedLandscape, restricted_landscape
from exactsurf.surface.restricted.restricted_size import restricted_size


@dataclass(frozen=True)
class RestrictedOptions:
    """What was said at the terminal, as `landscape` has it."""

    source: str
    max_cells: int
    local_minima: bool
    global_only: bool
    dry_run: bool
    files: Outputs


def print_restricted_landscape(restricted: RestrictedProblem, options: RestrictedOptions, effort: Effort) -> int:
    """Compute the landscape of a restricted problem, or with ``--global-only`` its global minimum; print it, and write files.

    Returns: the exit status. Exactness: exact. Raises: errors of `landscape`. Source: proofs/claims/restricted_surface.md.
    """
    if needs_powers(restricted):
        files = options.files
        said = {"--dry-run": options.dry_run, "--global-only": options.global_only, "--plot": files.plot, "--html": files.html}
        said |= {"--certificate": files.certificate, "--certificates": files.certificates}
        said |= {"--no-local-minima": not options.local_minima}
        return print_power_landscape(
            restricted, options.max_cells, files, [name for name, value in said.items() if value], effort
        )
    if options.dry_run:
        return _print_size(restricted, options, effort)
    if options.global_only:
        return _print_global_minimum(restricted, options.files, effort)
    with cell_progress(options.files.quiet) as report:
        land = restricted_landscape(restricted, max_cells=options.max_cells, effort=effort, progress=report)
    with stages("local minima", options.files.quiet):
        minima = land.local_minima if options.local_minima else None
    if options.local_minima and not land.has_all_local_minima:
        loss = restricted.unrestricted.loss.title
        note = f"with the {loss} loss, local minima at which a scale of a filter is 0 may be missing in the list"
        Console(stderr=True, quiet=options.files.quiet, soft_wrap=True).print(note)
    written = _write_certificates(land, minima or (), options, effort)
    drawn = None if options.files.plot is None else save_picture(land.plot(), options.files.plot)
    with stages("the page", options.files.quiet):
        page = None if options.files.html is None else write_page(land, options.source, options.files.html)
    if options.files.as_json:
        document: dict[str, Any] = {
            "cells": len(land.risks),
            "facets": land.facets,
            "global_minimum": {"risk": to_text(land.global_minimum.risk), **_place(restricted, land.global_minimum.parameters)},
            "valleys": [{**valley_document(v), **_place(restricted, v.parameters)} for v in land.valleys],
            "local_minima": None
            if minima is None
            else [{**local_minimum_document(m), **_place(restricted, m.parameters)} for m in minima],
            "local_minima_complete": minima is not None and land.has_all_local_minima,
        }
        pictures = {"plot": None if drawn is None else str(drawn), "html": None if page is None else str(page)}
        print_json(document | {"certificates": written} | pictures)
        return DONE
    console, best = stdout(), land.global_minimum
    free = counted(restricted.restriction.dimension, "free parameter")
    console.print(f"{counted(len(land.risks), 'cell')} of {free}, {counted(land.facets, 'facet')}")
    console.print(f"global minimum  {number(best.risk)}  {_named(restricted, best.parameters)}", markup=False)
    print_valleys(console, land.valleys, options.files.limit)
    if minima is not None:
        table = Table("risk", "dimension", "", "leads to valleys", "point", title="Local minima")
        for found in minima[: options.files.limit]:
            kind = "global" if found.is_global else "valley" if found.is_valley else "plateau with a way down"
            places = ", ".join(map(str, found.valleys))
            table.add_row(number(found.risk), str(found.dimension), kind, places, _named(restricted, found.parameters))
        show_rows(console, table, len(minima), options.files.limit)
    if written:
        console.print(f"{counted(len(written), 'certificate')} written, accepted by the verifier")
    if drawn is not None:
        console.print(f"disconnectivity graph drawn to {drawn}", markup=False)
    if page is not None:
        console.print(f"page for the classroom: {page}, {page.stat().st_size // 1000 + 1} kB", markup=False)
    return DONE


def _print_global_minimum(restricted: RestrictedProblem, files: Outputs, effort: Effort) -> int:
    if files.certificates is not None:
        fix = "use --certificate FILE, or leave out --global-only"
        raise InputError("--global-only knows no valleys", text="--certificates", fix=fix)
    for option, value in (("--plot", files.plot), ("--html", files.html)):
        if value is not None:
            raise InputError(f"{option} has no effect with --global-only", text=option, fix="leave out one of them")
    with stages("bounding regions of the free parameters", files.quiet) as stage:
        proof = certify_global_minimum(
            restricted, progress=lambda count: stage(f"bounding regions of the free parameters: {count}"), effort=effort
        )
        if files.certificate is not None:
            proof.save(files.certificate)
    if files.as_json:
        found = {"risk": to_text(proof.risk), "attained": True, "parameters": parameters_document(proof.parameters)}
        document = {"global_minimum": {**found, **_place(restricted, proof.parameters), "nodes": len(proof.nodes)}}
        print_json(document | {"certificates": [] if files.certificate is None else [entry(files.certificate, proof.kind)]})
        return DONE
    console = stdout()
    console.print(f"global minimum  {number(proof.risk)}  {_named(restricted, proof.parameters)}", markup=False)
    console.print(f"proved by {_trees(proof)}, accepted by the verifier")
    if files.certificate is not None:
        console.print(f"certificate: {files.certificate}", markup=False)
    return DONE


def _print_size(restricted: RestrictedProblem, options: RestrictedOptions, effort: Effort) -> int:
    """How many cells there are, and about how long their minima take, from some of them."""
    with stages("counting", options.files.quiet):
        found = restricted_size(restricted, options.max_cells, effort)
    seconds = None if found.milliseconds is None else Fraction(found.milliseconds, 1000)
    if options.files.as_json:
        about = None if seconds is None else approximate(seconds, 3)
        print_json({"cells": integer_text(found.cells), "hyperplanes": found.hyperplanes, "estimated_seconds": about})
        return DONE
    console, free = stdout(), counted(restricted.restriction.dimension, "free parameter")
    console.print(f"{integer_text(found.cells)} cells of {free}, between {counted(found.hyperplanes, 'hyperplane')}")
    if seconds is None:
        console.print(f"more than {options.max_cells} (--max-cells): their minima were not tried")
    else:
        about = approximate(seconds, 2) if seconds < 100 else str(round(seconds))
        console.print(f"about {about} s for the minima over all cells; facets and local minima take about as long again")
    return DONE


def _trees(proof: RestrictedGlobalMinimum) -> str:
    nodes = counted(len(proof.nodes), "node")
    if isinstance(proof.evidence, ScaledTrees) and len(proof.evidence.trees) > 1:
        return f"{len(proof.evidence.trees)} trees of {nodes}, one for each choice of signs of scales"
    return f"a tree of {nodes}"


def _write_certificates(
    land: RestrictedLandscape, minima: Sequence[RestrictedMinimum], options: RestrictedOptions, effort: Effort
) -> list[dict[str, Any]]:
    """Write what is written of an ordinary landscape, and into the folder a certificate of each other local minimum."""
    folder = options.files.certificates
    written = write_certificates(land, minima, options.files.certificate, folder, options.files.quiet, effort)
    with stages("certificates", options.files.quiet) as stage:
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
    return ", ".join(f"{n}={brief(v)}" for n, v in zip(restricted.restriction.names, restricted.values(parameters), strict=True))
