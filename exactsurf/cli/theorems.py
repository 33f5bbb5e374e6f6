"""``exactsurf theorems``: which published theorems apply to a problem, do their hypotheses hold, does the conclusion?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from exactsurf.certificate.verdict import Status
from exactsurf.cli.terminal import (
    DONE,
    JSON_OPTION,
    QUIET_OPTION,
    counting,
    print_document,
    print_json,
    stages,
    stdout,
    subcommand,
)
from exactsurf.effort import UNBOUNDED, Effort, OutOfTime
from exactsurf.errors import InputError, nearest
from exactsurf.interop.problem_file import read_any_problem
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.papers import THEOREMS
from exactsurf.theorems.outcome import Outcome, conclusion_word
from exactsurf.theorems.theorem import AnyProblem, Report, Theorem, whole

_SIGNS = {Status.PROVED: "[green]✓ holds[/]", Status.REFUTED: "[yellow]✗ fails[/]", Status.UNDECIDED: "[dim]? undecided[/]"}
_STYLES = {Outcome.CONFIRMED: "green", Outcome.CONTRADICTED: "bold red"}


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
    effort: Annotated[
        str | None, typer.Option("--effort", metavar="SECONDS", help="Examine no further theorem after so many seconds.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every hypothesis with its witness.")] = False,
    as_json: Annotated[bool, JSON_OPTION] = False,
    quiet: Annotated[bool, QUIET_OPTION] = False,
) -> int:
    """Which published theorems apply to a problem, one line each: do the hypotheses hold, and does the conclusion?

    Theorems about a point need parameters in the problem file. A conclusion that fails where a hypothesis fails says nothing
    against the theorem.

    Example:

      exactsurf theorems problem.json --paper yun_2019
    """
    running = Effort.of(effort, UNBOUNDED).started()
    instance, parameters = read_any_problem(problem)
    reports: list[Report] = []
    others: list[tuple[Theorem, str]] = []
    with stages("checking", quiet) as tell:
        for theorem in find_theorems(paper):
            why = theorem.does_not_apply(instance, parameters)
            if why is not None and (paper is None or not _can_be_asked(theorem, instance)):
                others.append((theorem, why))
                continue
            if running.is_over:
                others.append((theorem, str(OutOfTime(running.seconds, "not examined"))))
                continue
            tell(theorem.key)
            reports.append(theorem.examine(instance, parameters))
    if as_json:
        documents = [report.document() for report in reports]
        print_json({"theorems": documents, "not_applicable": [{"theorem": t.key, "reason": why} for t, why in others]})
    elif latex or as_html:
        print_document("\n".join(report.to_latex() if latex else report.to_html() for report in reports), is_html=as_html)
    else:
        console = stdout()
        _print_summary(console, reports, others)
        told = counting(*(report.summary for report in reports))
        if verbose:
            for report in reports:
                _print_report(console, report)
            witnesses = [finding.witness for report in reports for finding in report.findings]
            told = told or counting(*witnesses)
        elif reports:
            told = f"-v shows every hypothesis with its witness. {told}".rstrip()
        if told:
            console.print(told, style="dim", markup=False)
    return DONE


def _can_be_asked(theorem: Theorem, instance: AnyProblem) -> bool:
    """Whether the theorem knows problems of this kind, so that one that does not apply can be examined nevertheless."""
    problem = whole(instance)
    is_known = problem.network.is_piecewise_linear and (problem.decay is None or theorem.has_decay)
    return is_known and theorem.has_restriction == isinstance(instance, RestrictedProblem)


def find_theorems(key: str | None) -> list[Theorem]:
    """The theorem with this key, or all of the paper with this key; all of them for None. Raises `InputError`."""
    found = [theorem for name, theorem in THEOREMS.items() if key is None or name == key or name.startswith(f"{key}.")]
    if not found:
        raise InputError("no such theorem", text=key, fix=f"{nearest(key or '', THEOREMS)}known: {', '.join(THEOREMS)}")
    return found


def _print_summary(console: Console, reports: Sequence[Report], others: Sequence[tuple[Theorem, str]]) -> None:
    """One line a theorem; on a terminal no line is longer than it is wide."""
    width = max((len(report.theorem) for report in reports), default=0)
    for report in reports:
        style = _STYLES.get(report.outcome or Outcome.NOT_DECIDED, "")
        _print_line(console, f"{report.theorem:{width}}  {report.summary}{_contradiction(report)}", style)
    for theorem, why in others:
        _print_line(console, f"{theorem.key} does not apply: {why}", "dim")


def _contradiction(report: Report) -> str:
    if report.outcome is not Outcome.CONTRADICTED:
        return ""
    is_known = THEOREMS[report.theorem].counterexamples()
    return f" (known: see exactsurf papers {report.theorem})" if is_known else " (a discovery, or a bug of exactsurf: report it)"


def _print_line(console: Console, text: str, style: str) -> None:
    if console.is_terminal and len(text) > console.width:
        text = f"{text[: console.width - 2]} …"
    console.print(text, style=style, markup=False)


def _print_report(console: Console, report: Report) -> None:
    console.print()
    console.print(f"{report.theorem}  {THEOREMS[report.theorem].title}", style="bold", markup=False)
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in report.findings:
        table.add_row(f"  {_SIGNS[finding.status]}", f"{escape(finding.name)}: {escape(finding.statement)}")
        table.add_row("", f"[dim]{escape(finding.witness)}[/]")
    if report.conclusion is not None:
        table.add_row(f"  {conclusion_word(report.conclusion)}", f"conclusion: {escape(report.conclusion.reason)}")
    console.print(table)
    console.print(f"  {report.outcome}{_contradiction(report)}", markup=False)
