"""``exactsurf landscape``: global minimum, valleys, barriers and local minima of a network with one hidden layer."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from exactsurf.cells.unit_cells import unit_arrangement
from exactsurf.certificate.encoding import counted
from exactsurf.cli.bound_report import print_bounds
from exactsurf.cli.cell_progress import cell_progress, goes_on_from
from exactsurf.cli.decay_options import DECAY_BIASES_OPTION, WEIGHT_DECAY_OPTION, with_decay
from exactsurf.cli.decay_path_report import BRACKET_OPTION, PathOptions, check_no_effect, print_decay_path
from exactsurf.cli.enclosed_report import Outputs, Runners, print_enclosed
from exactsurf.cli.enclosed_search_report import print_enclosed_minimum
from exactsurf.cli.enclosed_sublevel_report import print_enclosed_below
from exactsurf.cli.enclosing_search import SearchRequest
from exactsurf.cli.landscape_certificates import print_global_minimum, write_certificates
from exactsurf.cli.landscape_html import check_page_file, write_page
from exactsurf.cli.landscape_report import landscape_document, print_landscape
from exactsurf.cli.restricted_landscape import RestrictedOptions, print_restricted_landscape
from exactsurf.cli.sublevel_report import Wanted, print_below
from exactsurf.cli.table_options import NO_TABLE, TableOptions, with_table_options
from exactsurf.cli.table_problem import read_any_problem_or_table
from exactsurf.cli.terminal import (
    DONE,
    EFFORT_OPTION,
    JSON_OPTION,
    QUIET_OPTION,
    print_json,
    stages,
    stdout,
    subcommand,
)
from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.exact.number import approximate, integer_text
from exactsurf.model.bundled_data import BUNDLED
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.show.plots.picture_file import check_picture_file, save_picture
from exactsurf.surface.global_certificate import needs_bounds
from exactsurf.surface.levels.level_work import WIDTH
from exactsurf.surface.run.run import estimated_milliseconds
from exactsurf.surface.surface import MAX_CELLS
from exactsurf.surface.surface import landscape as whole_landscape
from exactsurf.surface.workload import Workload, check_network, large_number, least_orbits, workload


@subcommand
@with_table_options
def landscape(
    problem: Annotated[
        str,
        typer.Argument(
            help="A problem file (JSON or TOML, exactsurf-problem/1); or, with --target, a CSV file, a bundled data set "
            f"({', '.join(BUNDLED)}), or - for standard input."
        ),
    ],
    table: TableOptions = NO_TABLE,
    hidden: Annotated[str | None, typer.Option(help="For a table: the number of hidden units. Default: 2.")] = None,
    activation: Annotated[
        str | None,
        typer.Option("--activation", "-a", help="For a table: relu (default), leaky_relu:1/100, absolute_value, hard_tanh, …"),
    ] = None,
    loss: Annotated[
        str | None,
        typer.Option(help="For a table: squared (default, ½Σ(f−y)²), squared.mean, absolute, hinge, …"),
    ] = None,
    weight_decay: Annotated[str | None, WEIGHT_DECAY_OPTION] = None,
    decay_biases: Annotated[bool, DECAY_BIASES_OPTION] = False,
    bracket: Annotated[str | None, BRACKET_OPTION] = None,
    local_minima: Annotated[
        bool, typer.Option("--local-minima/--no-local-minima", help="List all local minima, or valleys only.")
    ] = True,
    effort: Annotated[str | None, EFFORT_OPTION] = None,
    max_cells: Annotated[
        int, typer.Option(min=1, help="Most signed cells (modulo order of the units) of a whole landscape.")
    ] = MAX_CELLS,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes (default: all processors for long runs).")] = None,
    dask: Annotated[str | None, typer.Option(help="Work on the Dask cluster with this scheduler, e.g. tcp://host:8786.")] = None,
    resume: Annotated[
        Path | None, typer.Option(help="A file that keeps what is done; where it exists, the run goes on from it.")
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option(help="Write the certificate of the global minimum to this file (.json or .json.gz).")
    ] = None,
    certificates: Annotated[
        Path | None,
        typer.Option(help="Write certificates of the global minimum, the valleys, their list and ways down into this folder."),
    ] = None,
    global_only: Annotated[
        bool,
        typer.Option(
            "--global-only",
            help="Only the global minimum with its certificate: much faster. Several outputs or hidden layers: a lower bound.",
        ),
    ] = False,
    formal: Annotated[
        bool,
        typer.Option(
            "--formal", help="With --global-only: a certificate that the checker proved in Coq knows (verify --formal)."
        ),
    ] = False,
    below: Annotated[
        str | None,
        typer.Option(
            metavar="LEVEL", help="Only what lies below this risk: its valleys and barriers, however many cells there are."
        ),
    ] = None,
    width: Annotated[
        str | None,
        typer.Option(
            help="Where levels are enclosed: how wide that may be, as a part of the level. Default: 1e-9; 1/100 for bounds."
        ),
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(help="Draw the disconnectivity graph into this file (.svg, .pdf or .png; extra plots).")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write a page for the classroom to this file: one file that needs nothing else.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Most rows of a table to print; --json has all.")] = 20,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how much there is to do, and about how long.")] = False,
    as_json: Annotated[bool, JSON_OPTION] = False,
    quiet: Annotated[bool, QUIET_OPTION] = False,
) -> int:
    """Compute the whole loss surface: global minimum, every valley and barrier, every local minimum, exactly.

    For one hidden layer, one output and a piecewise linear activation. For absolute and hinge loss the list of local
    minima may lack points where some output weight is 0; then a note says so. With weight decay, and for logistic,
    exponential, log_cosh, poisson and power(p) loss, every level lies between two rational numbers (--width), and valleys are
    listed only.

    A problem file with a restriction (fixed output weights, a shared filter with a fixed head or a free scale, a diagonal
    linear network, one free layer) has a landscape of its free parameters, if at most one weight varies on each path of the
    network when scales are fixed. Its levels are exact, with weight decay too. Weights that are shared by layers are known
    by their powers w|w|, without files.

    A long run is best given a file with --resume: stopped or killed at any moment, it goes on from there.

    Examples:

      exactsurf landscape problem.json

      exactsurf landscape data.csv --target y --hidden 2 --html page.html

      exactsurf landscape data.csv --target y --hidden 2 --weight-decay 1/100

      exactsurf landscape data.csv --target y --hidden 1 --weight-decay 1/100,1,4 --plot path.svg

      exactsurf landscape data.csv --target label --hidden 2 --loss logistic

      exactsurf landscape problem.json --certificates proofs/

      exactsurf landscape problem.json --global-only --certificate minimum.json

      exactsurf landscape problem.json --global-only --formal --certificate minimum.json

      exactsurf landscape data.csv --target y --hidden 3 --weight-decay 1/10 --global-only --width 1/100

      exactsurf landscape problem.json --below 5/2

      exactsurf landscape problem.json --plot tree.svg

      exactsurf landscape problem.json --dry-run

      exactsurf landscape problem.json --resume run.checkpoint --max-cells 5000000
    """
    allowed = Effort.of(effort, UNBOUNDED)
    if plot is not None:
        check_picture_file(plot)
    if html is not None:
        check_page_file(html)
    if dry_run:
        unwritten = {"--html": html, "--plot": plot, "--certificate": certificate, "--certificates": certificates}
        unheeded = {"--global-only": global_only, "--resume": resume, "--workers": workers, "--dask": dask}
        _check_no_effect_with("--dry-run", {**unwritten, **unheeded, "--no-local-minima": not local_minima})
    network = {"hidden": hidden, "activation": activation, "loss": loss}
    with stages("reading the data", quiet) as stage:
        instance = read_any_problem_or_table(problem, table, network, "exactsurf landscape", stage, allowed)
    if isinstance(instance, RestrictedProblem):
        for option, is_said in (
            ("--bracket", bracket is not None),
            ("--below", below is not None),
            ("--width", width is not None),
            ("--formal", formal),
            ("--dask", dask is not None),
            ("--workers", workers is not None),
            ("--resume", resume is not None),
        ):
            if is_said:
                raise typer.BadParameter(f"{option} is not known for restricted problems; leave it out")
        if weight_decay is not None and "," in weight_decay:
            raise typer.BadParameter("--weight-decay takes one factor for restricted problems, for example 1/10")
        whole = with_decay(instance.unrestricted, weight_decay, decay_biases, problem)
        instance = RestrictedProblem.of(instance.restriction, whole)
        outputs = Outputs(plot, html, certificate, certificates, limit, as_json, quiet)
        said = RestrictedOptions(problem, max_cells, local_minima, global_only, dry_run, outputs)
        return print_restricted_landscape(instance, said, allowed)
    is_path = weight_decay is not None and "," in weight_decay
    first = weight_decay.split(",")[0].strip() if weight_decay is not None else None
    instance = with_decay(instance, first, decay_biases, problem)
    if bracket is not None and not is_path:
        raise typer.BadParameter("--bracket needs several factors, as in --weight-decay 1/100,1; or leave it out")
    if weight_decay is not None and is_path:
        check_no_effect(
            {
                "--below": below,
                "--global-only": global_only,
                "--dry-run": dry_run,
                "--html": html,
                "--resume": resume,
                "--workers": workers,
                "--dask": dask,
                "--certificate": certificate,
                "--certificates": certificates,
            }
        )
        options = PathOptions(bracket, width, max_cells, plot, limit, as_json, quiet)
        return print_decay_path(instance, weight_decay, options, allowed)
    bounded = global_only and needs_bounds(instance)
    if not bounded and (instance.decay is not None or not instance.loss.is_piecewise_quadratic):
        for option, given in (("--formal", formal), ("--dry-run", dry_run)):
            if given:
                what = "weight decay" if instance.decay is not None else f"the {instance.loss.title} loss"
                raise typer.BadParameter(f"{option} is not known for {what}; leave it out")
        if below is not None:
            _check_below(global_only, plot, html, dry_run)
            wanted = Wanted(limit, as_json, quiet, certificate, certificates, Runners(workers, dask, resume))
            return print_enclosed_below(instance, below, WIDTH if width is None else width, max_cells, wanted, allowed)
        if global_only:
            _check_global_only(certificates, plot, html, resume)
            return print_enclosed_minimum(instance, SearchRequest(certificate, width, as_json, quiet, allowed, workers, dask))
        run = Runners(workers, dask, resume)
        wanted_files = Outputs(plot, html, certificate, certificates, limit, as_json, quiet)
        return print_enclosed(instance, problem, width, max_cells, run, wanted_files, allowed)
    if width is not None and not bounded:
        raise typer.BadParameter("--width has no effect here: levels are exact without weight decay; leave it out")
    if below is not None:
        _check_below(global_only, plot, html, dry_run)
        wanted = Wanted(limit, as_json, quiet, certificate, certificates, Runners(workers, dask, resume))
        return print_below(instance, below, max_cells, wanted, allowed)
    if dry_run:
        check_network(instance)
        least = least_orbits(unit_arrangement(instance), instance.network.widths[1], max_cells)
        if least is not None:
            return _print_least(least, max_cells, as_json)
        with stages("counting", quiet):
            work = workload(instance)
            milliseconds = estimated_milliseconds(work)
        return _print_size(work, Fraction(milliseconds, 1000), as_json)
    if formal and not global_only:
        raise typer.BadParameter(
            "--formal needs --global-only: only that certificate has such proofs; add it, or leave out --formal"
        )
    if global_only:
        _check_global_only(certificates, plot, html, resume)
        if bounded:
            if formal:
                raise typer.BadParameter("--formal is not known for several outputs or hidden layers; leave it out")
            return print_bounds(instance, SearchRequest(certificate, width, as_json, quiet, allowed, workers, dask))
        return print_global_minimum(instance, certificate, formal, as_json, quiet, allowed, workers, dask)
    try:
        with cell_progress(quiet) as report:
            land = whole_landscape(
                instance,
                workers=workers,
                progress=report,
                max_cells=max_cells,
                checkpoint=resume,
                dask=dask,
                effort=allowed,
            )
    except KeyboardInterrupt:
        if resume is None:
            raise
        return goes_on_from(resume, as_json)
    with stages("local minima", quiet):
        minima = land.local_minima if local_minima else None
    if local_minima and not land.has_all_local_minima:
        note = f"with the {instance.loss.title} loss, local minima at which an output weight is 0 may be missing in the list"
        Console(stderr=True, quiet=quiet, soft_wrap=True).print(note)
    written = write_certificates(land, minima or (), certificate, certificates, quiet)
    drawn = None if plot is None else save_picture(land.plot(), plot)
    with stages("the page", quiet):
        page = None if html is None else write_page(land, problem, html)
    if as_json:
        files = {"plot": None if drawn is None else str(drawn), "html": None if page is None else str(page)}
        print_json(landscape_document(land, minima) | {"certificates": written} | files)
    else:
        print_landscape(land, minima, limit)
        if written:
            stdout().print(f"{counted(len(written), 'certificate')} written, accepted by the verifier")
        if drawn is not None:
            stdout().print(f"disconnectivity graph drawn to {drawn}", markup=False)
        if page is not None:
            stdout().print(f"page for the classroom: {page}, {page.stat().st_size // 1000 + 1} kB", markup=False)
    return DONE


def _check_below(global_only: bool, plot: Path | None, html: Path | None, dry_run: bool) -> None:
    """Refuse options that --below has no use for."""
    _check_no_effect_with("--below", {"--global-only": global_only, "--plot": plot, "--html": html, "--dry-run": dry_run})


def _check_global_only(certificates: Path | None, plot: Path | None, html: Path | None, resume: Path | None) -> None:
    """Refuse options that --global-only has no use for."""
    if certificates is not None:
        raise typer.BadParameter("--global-only knows no valleys; use --certificate FILE, or leave out --global-only")
    _check_no_effect_with("--global-only", {"--plot": plot, "--html": html, "--resume": resume})


def _check_no_effect_with(chosen: str, given: Mapping[str, object]) -> None:
    for option, value in given.items():
        if value is not None and value is not False:
            raise typer.BadParameter(f"{option} has no effect with {chosen}; leave out one of them")


def _print_size(work: Workload, seconds: Fraction, as_json: bool) -> int:
    orbits, cells, facets = map(integer_text, (work.orbits.count, work.orbits.full_count, work.facets))
    if as_json:
        numbers = {"orbits": orbits, "signed_cells": cells, "facets": facets}
        print_json({**numbers, "estimated_seconds": approximate(seconds, 3)})
        return DONE
    console = stdout()
    console.print(f"{cells} signed cells, {orbits} modulo the order of the units, with {facets} facets between them")
    about = approximate(seconds, 2) if seconds < 100 else str(round(seconds))
    console.print(
        f"about {about} s for the minima over all signed cells in one process; the merge tree takes about as long again"
    )
    return DONE


def _print_least(least: int, max_cells: int, as_json: bool) -> int:
    """What a dry run says where a lower bound is already far above the limit: nothing was counted exactly."""
    if as_json:
        print_json({"orbits_at_least": integer_text(least), "max_cells": max_cells})
    else:
        stdout().print(
            f"at least {large_number(least)} orbits of signed cells: far more than {max_cells} (--max-cells), not counted"
        )
    return DONE
