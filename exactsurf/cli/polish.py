"""``exactsurf polish``: from trained floats to an exact point beside them, with its verdict."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.cli.import_model import read_model
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
from exactsurf.errors import InputError
from exactsurf.exact.balls import Ball
from exactsurf.exact.number import approximate, near, to_text
from exactsurf.interop.problem_file import read_any_problem
from exactsurf.interop.problem_writer import write_problem
from exactsurf.minima.floats.polish import Polished, middle
from exactsurf.minima.floats.polish import polish as polish_floats
from exactsurf.minima.restricted.box import RestrictedBox
from exactsurf.minima.smooth.critical_box import CriticalBox
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem


@subcommand
def polish(
    problem: Annotated[
        Path, typer.Argument(help='A problem file with trained numbers as its parameters ("0.98": strings), or see --weights.')
    ],
    weights: Annotated[
        Path | None, typer.Option("--weights", help="A model file with the trained numbers: .onnx, .npz, or .pt (a state dict).")
    ] = None,
    within: Annotated[
        str | None,
        typer.Option("--within", help="The largest change of any entry. Default: 10 times the largest entry, and at least 10."),
    ] = None,
    effort: Annotated[str, EFFORT_OPTION] = "60",
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder for the exact point and its certificate.")] = Path(),
    as_json: Annotated[bool, JSON_OPTION] = False,
    quiet: Annotated[bool, QUIET_OPTION] = False,
) -> int:
    """Go from trained numbers to an exact critical point beside them, and decide whether it is a local minimum.

    The exact point is written as a problem file, which exactsurf decide reads, beside its certificate. Where no rational point is
    proved, the certificate may be about a box that holds exactly one critical point, or a local minimum on walls.

    Examples:

      exactsurf polish trained.json

      exactsurf polish problem.json --weights weights.npz --within 1
    """
    instance, given = read_any_problem(problem)
    start = _start(problem, instance, given, weights)
    with stages("polishing", quiet) as tell:
        found = polish_floats(instance, start, effort=effort, within=within, progress=tell)
    box = found if isinstance(found, (CriticalBox, RestrictedBox)) else found.box if isinstance(found, Polished) else None
    verdict = found.verdict if isinstance(found, Polished) else found if isinstance(found, Verdict) else None
    status = box.status if box is not None else verdict.status if verdict is not None else Status.UNDECIDED
    beside = isinstance(found, Polished) and bool(found.dead_units)
    reason = box.reason if box is not None and not beside else verdict.reason if verdict is not None else ""
    proved = box.certificate if box is not None else verdict.certificate if verdict is not None else None
    point = found.parameters if isinstance(found, (Polished, CriticalBox, RestrictedBox)) else None
    files = []
    if proved is not None and point is not None:
        files.append(write_problem(output / f"{problem.stem}.polished.json", instance, point))
        files.append(proved.save(output / f"{problem.stem}.polished.certificate.json"))
    facts = _facts(found)
    if as_json:
        names = list(map(str, files))
        print_json({"status": str(status), "reason": reason, "is_a_box": box is not None, **facts[1], "files": names})
        return EXIT_STATUS[status]
    console = stdout()
    console.print(f"{status}  {reason}", markup=False)
    for line in facts[0]:
        console.print(line, markup=False)
    for file in files:
        console.print(f"written      {file}", markup=False)
    print_counting(console, reason)
    return EXIT_STATUS[status]


def _start(file: Path, problem: Problem | RestrictedProblem, given: Parameters | None, weights: Path | None) -> Parameters:
    if weights is None:
        if given is None:
            fix = 'add "parameters" with the trained numbers as strings, or --weights FILE'
            raise InputError("the problem file has no parameters to begin with", file=str(file), fix=fix)
        return given
    whole = problem.unrestricted if isinstance(problem, RestrictedProblem) else problem
    read = read_model(weights, whole.network.activation)
    whole.check_shapes(read.parameters)
    return read.parameters


def _facts(found: Polished | CriticalBox | RestrictedBox | Verdict) -> tuple[list[str], dict[str, Any]]:
    """What else there is to say, as lines and for JSON."""
    if isinstance(found, Verdict):
        return [], {"risk": None, "largest_change": None, "method": "none"}
    change = found.largest_change
    if isinstance(found, (CriticalBox, RestrictedBox)):
        low, high = found.risk.lower, found.risk.upper
        lines = [f"risk         {near(found.risk.midpoint, 8)} in the box"]
        risk: Any = [to_text(low), to_text(high)]
        method = "critical box"
    else:
        lines = [
            f"risk         {near(middle(found.risk), 8)}, of the floats {near(middle(found.start_risk), 8)}",
            f"method       {found.method}",
        ]
        risk = [to_text(found.risk.lower), to_text(found.risk.upper)] if isinstance(found.risk, Ball) else to_text(found.risk)
        method = found.method
    lines.append(f"moved        at most {approximate(change, 3)} in any entry")
    return lines, {"risk": risk, "largest_change": to_text(change), "method": method}
