"""``exactsurf margin``: whether a point is a KKT point, and a local optimum, of the margin problem."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

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
from exactsurf.exact.number import brief, to_text
from exactsurf.minima.margin_point import margin_point


@subcommand
def margin(
    problem: Annotated[Path, POINT_ARGUMENT],
    output: Annotated[Path | None, CERTIFICATE_OPTION] = None,
    effort: Annotated[str, EFFORT_OPTION] = "60",
    as_json: Annotated[bool, JSON_OPTION] = False,
    quiet: Annotated[bool, QUIET_OPTION] = False,
) -> int:
    """Decide whether the parameters are, up to a factor, a KKT point and a local optimum of the margin problem.

    The problem is to make the norm of the weights least where every sample has margin 1 or more, for networks without biases,
    one output and labels 1 and -1; gradient flow on the logistic loss tends to the directions of its KKT points. The exit status
    is that of the second question, whether the point is a local optimum; -o writes both certificates, into a folder.

    Examples:

      exactsurf margin problem.json

      exactsurf margin problem.json -o results
    """
    instance, parameters = read_point(problem, "no point of the margin problem")
    if output is not None and output.name.endswith((".json", ".json.gz")):
        raise InputError("there are two certificates", file=str(output), fix="give a folder, for example -o results")
    with stages("solving for multipliers", quiet):
        found = margin_point(instance, parameters, effort=effort)
    verdicts = {"kkt": found.kkt, "local_optimum": found.local_optimum}
    files = {name: saved_certificate(verdict, output, problem, name) for name, verdict in verdicts.items()}
    if as_json:
        print_json(
            {
                "margin": to_text(found.margin),
                **{name: verdict_document(verdict, files[name]) for name, verdict in verdicts.items()},
                "multipliers": [[i, to_text(value)] for i, value in found.multipliers],
            }
        )
        return EXIT_STATUS[found.local_optimum.status]
    console = stdout()
    console.print(f"margin        {brief(found.margin)}", markup=False)
    for name, verdict in verdicts.items():
        print_verdict(console, verdict, files[name], {"kkt": "KKT point     "}.get(name, "local optimum "))
    for i, value in found.multipliers:
        console.print(f"multiplier of sample {i}: {brief(value)}", markup=False)
    print_counting(console, *(verdict.reason for verdict in verdicts.values()), "sample 0" if found.multipliers else "")
    return EXIT_STATUS[found.local_optimum.status]
