"""``exactsurf equal``: whether two points of parameter space are one function of the inputs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from exactsurf.cells.inputs.equal_functions import equal_functions
from exactsurf.certificate.claims.equal_functions import EqualFunctions
from exactsurf.certificate.problem_document import vector_document
from exactsurf.cli.point_file import CERTIFICATE_OPTION, POINT_ARGUMENT, read_point
from exactsurf.cli.terminal import (
    EFFORT_OPTION,
    EXIT_STATUS,
    JSON_OPTION,
    QUIET_OPTION,
    print_counting,
    print_json,
    stages,
    stdout,
    subcommand,
)
from exactsurf.cli.verdict_report import print_verdict, saved_certificate, verdict_document
from exactsurf.errors import InputError


@subcommand
def equal(
    problem: Annotated[Path, POINT_ARGUMENT],
    other: Annotated[Path, typer.Argument(help="A problem file with other parameters of the same network.")],
    output: Annotated[Path | None, CERTIFICATE_OPTION] = None,
    on_data: Annotated[bool, typer.Option("--on-data", help="Compare on the samples of PROBLEM only.")] = False,
    effort: Annotated[str, EFFORT_OPTION] = "60",
    as_json: Annotated[bool, JSON_OPTION] = False,
    quiet: Annotated[bool, QUIET_OPTION] = False,
) -> int:
    """Decide whether a network computes the same function at two points of parameter space.

    On all inputs, by the regions on which it is affine at both points; where the functions differ, an input is found on which
    they do. With --on-data, on the samples of the first problem file only.

    Examples:

      exactsurf equal problem.json other.json

      exactsurf equal problem.json other.json --on-data -o results
    """
    instance, first = read_point(problem, "no function to compare")
    beside, second = read_point(other, "no function to compare")
    if beside.network != instance.network:
        raise InputError(
            f"the networks differ: {instance.network!r} and {beside.network!r}",
            file=str(other),
            fix="take two points of one network",
        )
    with stages("comparing the functions", quiet):
        verdict = equal_functions(instance if on_data else instance.network, first, second, effort=effort)
    file = saved_certificate(verdict, output, problem, "equal")
    if as_json:
        found = verdict.certificate
        witness = found.witness if isinstance(found, EqualFunctions) else None
        print_json({**verdict_document(verdict, file), "input": None if witness is None else vector_document(witness)})
    else:
        print_verdict(stdout(), verdict, file)
        print_counting(stdout(), verdict.reason)
    return EXIT_STATUS[verdict.status]
