"""``exactsurf decide``: is the point in a problem file a local minimum?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from exactsurf.certificate.problem_document import parameters_document
from exactsurf.cli.terminal import EXIT_STATUS, JSON_OPTION, QUIET_OPTION, print_json, stages, stdout, subcommand
from exactsurf.errors import InputError
from exactsurf.exact.number import approximate, to_text
from exactsurf.interop.problem_file import read_problem
from exactsurf.minima.cone_tree import MAX_CONES
from exactsurf.minima.decide import decide as decide_point


@subcommand
def decide(
    problem: Annotated[Path, typer.Argument(help="A problem file (JSON or TOML, exactsurf-problem/1) with parameters.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder for the certificate.")] = Path(),
    max_cones: Annotated[
        int, typer.Option(min=1, help="Most cones to examine at one unit before the answer is UNDECIDED.")
    ] = MAX_CONES,
    as_json: Annotated[bool, JSON_OPTION] = False,
    quiet: Annotated[bool, QUIET_OPTION] = False,
) -> int:
    """Decide whether the parameters of a problem file are a local minimum of its training risk.

    Example:

      exactsurf decide problem.json
    """
    instance, parameters = read_problem(problem)
    if parameters is None:
        raise InputError(
            "the problem file has no parameters, so there is no point to decide", file=str(problem), fix='add "parameters"'
        )
    with stages("deciding", quiet):
        verdict = decide_point(instance, parameters, max_cones=max_cones)
    file = None
    if verdict.certificate is not None:
        file = verdict.certificate.save(output / f"{problem.stem}.certificate.json")
    if as_json:
        print_json(
            {
                "status": str(verdict.status),
                "reason": verdict.reason,
                "risk": None if verdict.risk is None else to_text(verdict.risk),
                "certificate": None if file is None else str(file),
                "claim": None if verdict.certificate is None else verdict.certificate.kind,
                "lower_point": None if verdict.lower_point is None else parameters_document(verdict.lower_point),
                "lower_risk": None if verdict.lower_point is None else to_text(instance.risk(verdict.lower_point)),
                "assumptions": list(verdict.assumptions),
            }
        )
    else:
        console = stdout()
        console.print(f"{verdict.status}  {verdict.reason}", markup=False)
        if verdict.risk is not None:
            console.print(f"risk         {_number(verdict.risk)}", markup=False)
        if verdict.lower_point is not None:
            console.print(
                f"lower point  {verdict.lower_point!r}, risk {_number(instance.risk(verdict.lower_point))}", markup=False
            )
        if file is not None:
            console.print(f"certificate  {file}", markup=False)
    return EXIT_STATUS[verdict.status]


def _number(value: object) -> str:
    text = to_text(value)  # type: ignore[arg-type]
    return text if len(text) <= 40 else f"≈ {approximate(value, 12)}"  # type: ignore[arg-type]
