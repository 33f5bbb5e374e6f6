"""``exactsurf cells``: count, list and certify the activation cells of a network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from exactsurf.cells.all_cells import MAX_CELLS, certify_all_cells
from exactsurf.cells.cell_graph import cell_graph
from exactsurf.cells.patterns.pattern_text import pattern_text
from exactsurf.cells.unit_cells import count_products, count_unit_cells, enumerate_patterns
from exactsurf.cli.cell_listing import Progress, list_patterns
from exactsurf.cli.class_listing import show_classes
from exactsurf.cli.pattern_question import show_decision
from exactsurf.cli.region_listing import show_regions
from exactsurf.cli.terminal import DONE, INTERRUPTED, JSON_OPTION, QUIET_OPTION, Stage, print_json, stages, stdout, subcommand
from exactsurf.errors import InputError
from exactsurf.exact.number import integer_text
from exactsurf.interop.graph_file import check_suffix, write_graph
from exactsurf.interop.problem_file import read_piecewise_linear_problem
from exactsurf.model.problem import Problem


@subcommand
def cells(
    problem: Annotated[Path, typer.Argument(help="A problem file (JSON or TOML, exactsurf-problem/1); without parameters.")],
    count: Annotated[bool, typer.Option("--count", help="Only count, without listing (exact, however many there are).")] = False,
    limit: Annotated[int, typer.Option(min=1, help="Most patterns to list.")] = 1000,
    modulo_permutation: Annotated[
        bool, typer.Option("--modulo-permutation", help="List one of the patterns that differ by the order of the units.")
    ] = False,
    up_to_symmetry: Annotated[
        bool,
        typer.Option(
            "--up-to-symmetry",
            help="List one cell of a unit for each class under symmetries of the inputs, with the class's size.",
        ),
    ] = False,
    certificate: Annotated[
        Path | None,
        typer.Option("--certificate", help="Do not list, but write the proof that these are all the cells to this file."),
    ] = None,
    graph: Annotated[
        Path | None,
        typer.Option("--graph", help="Do not list, but write the graph of the cells: .graphml, .json (node-link), .dot or .gv."),
    ] = None,
    graph_limit: Annotated[int, typer.Option(min=1, help="Most nodes of the graph.")] = 100_000,
    pattern: Annotated[
        str | None,
        typer.Option("--pattern", help='Only decide whether this pattern has a cell, as in "0110 1100" (units between blanks).'),
    ] = None,
    decide: Annotated[
        str,
        typer.Option(
            "--decide", help="Deeper networks: how patterns without a witness are decided: exact, z3 (an extra) or none."
        ),
    ] = "exact",
    as_json: Annotated[bool, JSON_OPTION] = False,
    quiet: Annotated[bool, QUIET_OPTION] = False,
) -> int:
    """Count the activation cells of a network with one hidden layer, and list their patterns.

    For deeper networks: find their pattern regions, at most --limit (with --count at least 100000), and say whether that is
    all of them (complete: true, false or unknown; the exit status is 3 if unknown).

    A pattern is printed unit by unit, the piece of the activation on every sample in order (for ReLU 0 is off, 1 is on).
    The numbers come first and are exact, however many cells there are; patterns follow as they are found, so that an
    interrupted listing keeps what it has printed (with --json the document is closed, with "interrupted": true).
    The exit status of --pattern (for networks of any depth) is 0 if the pattern has a cell, 2 if no parameters have it, 3 if
    that is left open.

    Examples:

      exactsurf cells problem.json --count

      exactsurf cells problem.json --up-to-symmetry

      exactsurf cells problem.json --certificate cells.json

      exactsurf cells problem.json --graph cells.graphml

      exactsurf cells problem.json --pattern "0110 1100"
    """
    instance, _ = read_piecewise_linear_problem(problem, "exactsurf cells")
    if pattern is not None:
        if count or certificate is not None or graph is not None:
            raise InputError("--pattern asks about one pattern", fix="leave out --count, --certificate and --graph")
        return show_decision(instance, pattern, as_json)
    if up_to_symmetry:
        if certificate is not None or graph is not None or modulo_permutation:
            raise InputError(
                "--up-to-symmetry lists classes of cells of one unit",
                fix="leave out --certificate, --graph and --modulo-permutation",
            )
        return show_classes(instance, count=count, limit=limit, as_json=as_json)
    if graph is not None:
        if count or certificate is not None:
            raise InputError("--graph writes the graph alone", fix="leave out --count and --certificate")
        return _write_graph(instance, graph, modulo_permutation, graph_limit, as_json, quiet)
    if len(instance.network.widths) > 3 and certificate is None:
        return show_regions(
            instance,
            count=count,
            limit=limit,
            modulo_permutation=modulo_permutation,
            decide=decide,
            as_json=as_json,
            quiet=quiet,
        )
    with stages("counting", quiet) as stage:
        single = count_unit_cells(instance, _count_progress(instance, stage))
        units = instance.network.widths[1]
        total = count_products(single, units)
        classes = count_products(single, units, modulo_permutation=True)
    numbers = {
        "cells": integer_text(total),
        "cells_modulo_permutation": integer_text(classes),
        "cells_per_unit": integer_text(single),
    }
    if not as_json:
        console = stdout()
        console.print(f"{numbers['cells']} cells ({numbers['cells_modulo_permutation']} modulo permutation of units)")
        console.print(f"{numbers['cells_per_unit']} cells per unit")
    if certificate is not None:
        written = _certify(instance, certificate, quiet)
        if as_json:
            print_json({**numbers, "certificate": str(written)})
        else:
            console.print(f"certificate  {written}", markup=False)
        return DONE
    if count:
        if as_json:
            print_json(numbers)
        return DONE
    patterns = (pattern_text(instance, found) for found in enumerate_patterns(instance, modulo_permutation=modulo_permutation))
    wanted = classes if modulo_permutation else total
    printed, status = list_patterns(patterns, wanted, limit, numbers if as_json else None, quiet)
    if status == INTERRUPTED:
        Console(stderr=True).print(f"interrupted after {printed} patterns; those printed are right", highlight=False)
    elif not as_json and printed != wanted:
        console.print(f"… only the first {printed} are listed; raise --limit, or use --count")
    return status


def _count_progress(problem: Problem, stage: Stage) -> Callable[[int, int], None]:
    # In d dimensions and general position the first k of the walls take time about proportional to k^(d−1).
    power = problem.network.widths[0] + int(problem.network.biases[0]) - 1

    def tell(done: int, total: int) -> None:
        stage(f"counting: {done} of {total} walls, about {100 * done**power // total**power} % of the work")

    return tell


def _certify(instance: Problem, goal: Path, quiet: bool) -> Path:
    with stages("listing", quiet) as stage:
        proof = certify_all_cells(instance, limit=MAX_CELLS, progress=Progress(stage, "cells"))
        stage("writing")
        return proof.save(goal)


def _write_graph(instance: Problem, goal: Path, modulo_permutation: bool, limit: int, as_json: bool, quiet: bool) -> int:
    check_suffix(goal)
    with stages("building the graph", quiet) as stage:
        graph = cell_graph(instance, modulo_permutation=modulo_permutation, limit=limit)
        stage("writing")
        write_graph(graph, goal)
    nodes, edges = str(graph.number_of_nodes()), str(graph.number_of_edges())
    if as_json:
        print_json({"graph": {"file": str(goal), "nodes": nodes, "edges": edges}})
    else:
        stdout().print(f"{goal}: a graph of {nodes} cells and {edges} walls between neighbours", markup=False)
    return DONE
