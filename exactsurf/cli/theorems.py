"""``exactsurf theorems``: which published theorems apply to a problem, do their hypotheses hold, does the conclusion?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from exactsurf.certificate.verdict import Status
from exactsurf.cli.terminal import DONE, JSON_OPTION, QUIET_OPTION, print_json, stages, stdout, subcommand
from exactsurf.errors import InputError, nearest
from exactsurf.interop.problem_file import read_problem
from exactsurf.model.smooth_problem import SmoothProblem
from exactsurf.papers import THEOREMS
from exactsurf.theorems.theorem import Report, Theorem

_SIGNS = {Status.PROVED: "[green]✓ holds[/]", Status.REFUTED: "[yellow]✗ fails[/]", Status.UNDECIDED: "[dim]? undecided[/]"}


@subcommand
def theorems(
    problem: Annotated[
        Path, typer.Argument(help="A problem file (JSON or TOML, exactsurf-problem/1), with or without parameters.")
    ],
    paper: Annotated[
        str | None, typer.Option("--paper", help="Only this paper or theorem, e.g. yun_2019, whether it applies or not.")
    ] = None,
    latex: Annotated[bool, typer.Option("--latex", help="Print the reports as LaTeX tables (booktabs, tabularx).")] = False,
    as_html: Annotated[bool, typer.Option("--html", help="Print the reports as HTML tables.")] = False,
    as_json: Annotated[bool, JSON_OPTION] = False,
    quiet: Annotated[bool, QUIET_OPTION] = False,
) -> int:
    """Check the hypotheses of all published theorems that apply to a problem, and decide their conclusions on it.

    Theorems about a point need parameters in the problem file.

    Example:

      exactsurf theorems problem.json --paper yun_2019
    """
    instance, parameters = read_problem(problem)
    reports: list[Report] = []
    others: list[tuple[Theorem, str]] = []
    with stages("checking", quiet) as tell:
        for theorem in find_theorems(paper):
            why = theorem.does_not_apply(instance, parameters)
            if why is not None and (paper is None or isinstance(instance, SmoothProblem)):
                others.append((theorem, why))
                continue
            tell(theorem.key)
            reports.append(theorem.examine(instance, parameters))
    if as_json:
        documents = [report.document() for report in reports]
        print_json({"theorems": documents, "not_applicable": [{"theorem": t.key, "reason": why} for t, why in others]})
    elif latex or as_html:
        for report in reports:
            typer.echo(report.to_latex() if latex else report.to_html())
    else:
        console = stdout()
        for report in reports:
            _print_report(console, report)
        for theorem, why in others:
            console.print(f"{theorem.key} does not apply: {why}", markup=False, style="dim")
    return DONE


def find_theorems(key: str | None) -> list[Theorem]:
    """The theorem with this key, or all of the paper with this key; all of them for None. Raises `InputError`."""
    found = [theorem for name, theorem in THEOREMS.items() if key is None or name == key or name.startswith(f"{key}.")]
    if not found:
        raise InputError("no such theorem", text=key, fix=f"{nearest(key or '', THEOREMS)}known: {', '.join(THEOREMS)}")
    return found


def _print_report(console: Console, report: Report) -> None:
    console.print(f"{report.theorem}  {THEOREMS[report.theorem].title}", style="bold", markup=False)
    table = Table(show_header=False, box=None, pad_edge=False)
    for _ in range(4):
        table.add_column(overflow="fold")
    for finding in report.findings:
        table.add_row(f"  {finding.name}", finding.statement, _SIGNS[finding.status], finding.witness)
    if report.conclusion is not None:
        table.add_row("  conclusion", "", f"[bold]{report.conclusion.status}[/]", report.conclusion.reason)
    console.print(table)
    console.print()
