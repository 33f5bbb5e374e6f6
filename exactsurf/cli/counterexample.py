"""``exactsurf counterexample``: a certified spurious local minimum for a CSV file."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from exactsurf.certificate.verdict import Status
from exactsurf.cli.lifted_box_report import report_box
from exactsurf.cli.table_options import TableOptions, data_name, with_table_options
from exactsurf.cli.table_problem import hidden_widths, reading
from exactsurf.cli.terminal import (
    EXIT_STATUS,
    JSON_OPTION,
    QUIET_OPTION,
    print_counting,
    print_json,
    stages,
    stdout,
    subcommand,
)
from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.errors import InputError, shorten
from exactsurf.exact.number import near, to_text
from exactsurf.model.activation_names import activation_from
from exactsurf.model.bundled_data import BUNDLED
from exactsurf.model.losses import loss_from
from exactsurf.model.network import Network
from exactsurf.model.problem import Problem
from exactsurf.papers.yun_2019 import SpuriousMinimum, construct
from exactsurf.theorems.constructions.lifted_box import find_lifted_box

_LONG = 28


@subcommand
@with_table_options
def counterexample(
    data: Annotated[
        str, typer.Argument(help=f"A CSV file, the name of a bundled data set ({', '.join(BUNDLED)}), or - for standard input.")
    ],
    table: TableOptions,
    hidden: Annotated[
        str, typer.Option(help="Widths of the hidden layers, e.g. 2 or 3,2. Default: one layer of d_y + 1 units.")
    ] = "",
    activation: Annotated[
        str, typer.Option("--activation", "-a", help="relu, leaky_relu:1/100, absolute_value, relu_like:S+,S-, hard_tanh, relu6.")
    ] = "relu",
    loss: Annotated[
        str,
        typer.Option(
            help="squared is ½Σ(f−y)²; squared.mean divides it by the number of samples. Or absolute, huber(1/2), hinge, …"
        ),
    ] = "squared",
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder for the certificate.")] = Path(),
    reference: Annotated[
        bool | None,
        typer.Option(
            "--reference/--embed",
            help="Name the data file by its SHA-256, or restate the data in the certificate (the default up to 200,000 cells).",
        ),
    ] = None,
    effort: Annotated[
        str | None, typer.Option("--effort", metavar="SECONDS", help="Begin no further stage of the work after so many seconds.")
    ] = None,
    as_json: Annotated[bool, JSON_OPTION] = False,
    quiet: Annotated[bool, QUIET_OPTION] = False,
) -> int:
    """Build a spurious local minimum of a ReLU-like network on YOUR data, with a certificate.

    Yun, Sra and Jadbabaie (ICLR 2019, Theorem 1): a local minimum as good as linear least squares, and a strictly better
    point. For other losses it is as good as the best affine model; for differentiable ones such
    as logistic and cross_entropy it is irrational and lies in a box. Classes that a hyperplane separates have no such model.

    Examples:

      exactsurf counterexample iris --target petal_width --drop species

      exactsurf counterexample anscombe --target y1 --inputs x1

      exactsurf counterexample iris_two --target species --classes --loss cross_entropy

      exactsurf counterexample auto.csv -t mpg --hidden 3,2 --activation leaky_relu:1/100 -o results
    """
    started = time.monotonic()
    with stages("reading the data", quiet) as stage:
        running = Effort.of(effort, UNBOUNDED).started()
        h, chosen_loss, widths = activation_from(activation), loss_from(loss), hidden_widths(hidden)
        read = table.read(data, lambda rows: reading(stage, rows, running))
        if reference and read.source is None:
            fix = "leave out --reference; the data are then restated in the certificate"
            raise InputError(
                "a certificate cannot name this file: it is read with more than format 1 can say", file=data, fix=fix
            )
        widths = widths or [read.targets.columns + 1]
        problem = Problem(Network([read.inputs.columns, *widths, read.targets.columns], h), read, chosen_loss)
        keep = None if reference is None else not reference
        boxed = None if chosen_loss.is_piecewise_quadratic else find_lifted_box(problem, note=stage, embed=keep, effort=running)
        found = construct(problem, note=stage, embed=keep, effort=running) if boxed is None else None
    if boxed is not None:
        return report_box(boxed, output / f"{data_name(data)}.certificate.json", as_json, time.monotonic() - started)
    assert found is not None
    file = None
    if found.certificate is not None:
        file = found.certificate.save(output / f"{data_name(data)}.certificate.json")
    seconds = f"{time.monotonic() - started:.1f}"
    if as_json:
        print_json(_document(found, file, seconds))
    else:
        _print(found, file, seconds)
    return EXIT_STATUS[found.verdict.status]


def _document(found: SpuriousMinimum, file: Path | None, seconds: str) -> dict[str, Any]:
    return {
        "status": str(found.verdict.status),
        "reason": found.verdict.reason,
        "data": None if (report := found.problem.data.report) is None else report.document(),
        "theorem_applies": not found.report.failing,
        "hypotheses": found.report.document()["hypotheses"],
        "risk": None if found.risk is None else to_text(found.risk),
        "lower_risk": None if found.lower_risk is None else to_text(found.lower_risk),
        "lower_points": [{"construction": p.construction, "risk": to_text(p.risk)} for p in found.better_points],
        "certificate": None if file is None else str(file),
        "seconds": seconds,
    }


def _print(found: SpuriousMinimum, file: Path | None, seconds: str) -> None:
    console = stdout()
    console.print(f"{found.problem.network!r} on {found.problem.data!r}, loss {found.problem.loss!r}\n", markup=False)
    report = found.problem.data.report
    if report is not None:
        read = Table(title="How the data were read", title_justify="left", show_header=False)
        for what, how in report.lines():
            read.add_row(what, how)
        console.print(read)
    table = Table(title="Hypotheses of Yun, Sra and Jadbabaie 2019, Theorem 1", title_justify="left")
    for column in ("", "hypothesis", "", "witness"):
        table.add_column(column, overflow="fold")
    for finding in found.report.findings:
        holds = finding.status is Status.PROVED
        table.add_row(finding.name, finding.statement, "[green]✓ holds[/]" if holds else "[yellow]✗ fails[/]", finding.witness)
    console.print(table)
    print_counting(console, *(finding.witness for finding in found.report.findings))
    verdict = found.verdict
    if found.risk is None:
        console.print(f"\n[yellow]{verdict.status}[/]  {verdict.reason}")
        return
    risks = Table(title="Exact risks", title_justify="left")
    for column in ("point", "exact", "decimal"):
        risks.add_column(column, overflow="fold")
    fit = "affine least squares" if found.problem.is_least_squares else "best affine model"
    risks.add_row(f"local minimum ({fit})", _exact(found.risk), _decimal(found.risk))
    for point in found.better_points:
        risks.add_row(f"better point ({point.construction})", _exact(point.risk), _decimal(point.risk))
    lower = found.lower_risk or found.risk
    risks.add_row("gap", _exact(found.risk - lower), _decimal(found.risk - lower))
    console.print(risks)
    failing = found.report.failing
    if failing:
        console.print(
            f"\n{' and '.join(failing)} fail{'s' * (len(failing) == 1)}, so the theorem does not apply to these data. "
            "The point was decided directly: the certificate, not the theorem, proves what follows.",
            markup=False,
        )
    console.print(f"\n[green]{verdict.status}[/]  {verdict.reason}.")
    console.print(f"certificate  {file}", markup=False)
    console.print(f"check it     python -m exactsurf.verifier {_verify_arguments(found, file)}", markup=False)
    console.print(f"time         {seconds} s", markup=False)


def _verify_arguments(found: SpuriousMinimum, file: Path | None) -> str:
    certificate = found.certificate
    named = certificate is not None and certificate.names_data_file
    source = found.problem.data.source
    beside = source is None or file is None or source.folder.resolve() == file.parent.resolve()
    return f"{file}" if not named or beside or source is None else f"{file} --data {source.folder}"


def _exact(value: Any) -> str:
    text = to_text(value)
    return text if len(text) <= _LONG else shorten(text, 18)


def _decimal(value: Any) -> str:
    return near(value, 8)
