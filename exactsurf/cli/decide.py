"""``exactsurf decide``: is the point in a problem file a local minimum?"""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from exactsurf.certificate.problem_document import parameters_document
from exactsurf.certificate.verdict import Kind, Status
from exactsurf.cli.decay_options import DECAY_BIASES_OPTION, WEIGHT_DECAY_OPTION, with_decay
from exactsurf.cli.point_file import CERTIFICATE_OPTION, NOT_WRITTEN, POINT_ARGUMENT, certificate_file, read_any_point, read_point
from exactsurf.cli.restricted_decision import decide_restricted_problem, risk_document
from exactsurf.cli.smooth_decision import decide_smooth_problem
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
from exactsurf.cli.verdict_report import senses_document
from exactsurf.effort import Effort
from exactsurf.errors import UnsupportedError
from exactsurf.exact.balls import Ball
from exactsurf.exact.number import near, to_text
from exactsurf.minima.decide import decide as decide_point
from exactsurf.minima.senses.stationarity import stationarity
from exactsurf.model.restricted_problem import RestrictedProblem


@subcommand
def decide(
    problem: Annotated[Path, POINT_ARGUMENT],
    output: Annotated[Path | None, CERTIFICATE_OPTION] = None,
    lower: Annotated[
        list[Path] | None,
        typer.Option(help="A problem file with a point of lower risk: certify a spurious local minimum (may be repeated)."),
    ] = None,
    spurious: Annotated[
        bool, typer.Option("--spurious", help="Look for a point of lower risk, so that a local minimum is certified as spurious.")
    ] = False,
    effort: Annotated[str, EFFORT_OPTION] = "60",
    max_cones: Annotated[
        int, typer.Option(min=1, help="Most cones to examine at one unit before the answer is UNDECIDED.")
    ] = Effort().cones,
    max_fan: Annotated[
        int,
        typer.Option(
            min=1,
            help="Most tangent cones to examine, where units cannot be treated one by one, before the answer is UNDECIDED.",
        ),
    ] = Effort().fan,
    with_senses: Annotated[
        bool, typer.Option("--stationarity", help="Also decide in which senses the point is stationary.")
    ] = False,
    point: Annotated[
        bool,
        typer.Option("--point", help="For a smooth activation: decide the given point itself, not the critical point near it."),
    ] = False,
    weight_decay: Annotated[str | None, WEIGHT_DECAY_OPTION] = None,
    decay_biases: Annotated[bool, DECAY_BIASES_OPTION] = False,
    as_json: Annotated[bool, JSON_OPTION] = False,
    quiet: Annotated[bool, QUIET_OPTION] = False,
) -> int:
    """Decide whether the parameters of a problem file are a local minimum of its training risk.

    If the file has a restriction (fixed or shared weights), the answer is about the restricted risk.
    With a smooth activation (tanh, sigmoid, …) critical points are seldom rational. There the parameters are a candidate: the
    answer is about the one critical point in a box near them, PROVED if it is a local minimum and REFUTED if it is none.
    With --json the risk is then a list of two bounds, as it is with a loss that is no quadratic by pieces (logistic, …).

    Examples:

      exactsurf decide problem.json

      exactsurf decide tanh.json --point

      exactsurf decide problem.json --stationarity

      exactsurf decide problem.json --spurious -o results

      exactsurf decide problem.json --lower better.json

      exactsurf decide problem.json --weight-decay 1/100
    """
    given, parameters = read_any_point(problem, "no point to decide")
    if isinstance(given, RestrictedProblem):
        allowed = replace(Effort.of(effort), fan=max_fan)
        whole = with_decay(given.unrestricted, weight_decay, decay_biases, str(problem))
        given = RestrictedProblem.of(given.restriction, whole)
        return decide_restricted_problem(
            given, parameters, problem, output, lower or (), spurious, with_senses, allowed, as_json, quiet, point=point
        )
    instance = with_decay(given, weight_decay, decay_biases, str(problem))
    goal = None if output is None else certificate_file(output, problem)
    if not instance.network.is_piecewise_linear:
        if with_senses or lower or spurious:
            raise UnsupportedError(
                "--stationarity, --lower and --spurious are for piecewise linear activations", "leave them out"
            )
        return decide_smooth_problem(instance, parameters, goal, point=point, effort=effort, as_json=as_json, quiet=quiet)
    with stages("deciding", quiet):
        allowed = replace(Effort.of(effort), cones=max_cones, fan=max_fan)
        below = [read_point(file, "no lower point")[1] for file in lower or ()]
        verdict = decide_point(instance, parameters, lower=below, spurious=spurious, effort=allowed)
        senses = stationarity(instance, parameters, effort=allowed) if with_senses else None
    file = None
    if verdict.certificate is not None and goal is not None:
        file = verdict.certificate.save(goal)
    if as_json:
        print_json(
            {
                "status": str(verdict.status),
                "reason": verdict.reason,
                "risk": risk_document(instance.risk(parameters)),
                "certificate": None if file is None else str(file),
                "claim": None if verdict.certificate is None else verdict.certificate.kind,
                "lower_point": None if verdict.lower_point is None else parameters_document(verdict.lower_point),
                "lower_risk": None if verdict.lower_point is None else risk_document(instance.risk(verdict.lower_point)),
                "kind": None if verdict.kind is None else asdict(verdict.kind),
                "open_directions": [parameters_document(direction) for direction in verdict.open_directions],
                "assumptions": list(verdict.assumptions),
                **({} if senses is None else {"stationarity": senses_document(senses)}),
            }
        )
    else:
        console = stdout()
        console.print(f"{verdict.status}  {verdict.reason}", markup=False)
        if verdict.risk is not None:
            console.print(f"risk         {_number(verdict.risk)}", markup=False)
        if verdict.kind is not None and verdict.status is Status.PROVED:
            console.print(f"kind         {_words(verdict.kind)}", markup=False)
        for direction in verdict.open_directions:
            console.print(f"left open    {direction!r}", markup=False)
        if verdict.lower_point is not None:
            lower_risk = _number(instance.risk(verdict.lower_point))
            console.print(f"lower point  {verdict.lower_point!r}, risk {lower_risk}", markup=False)
        if verdict.certificate is not None:
            console.print(f"certificate  {file or NOT_WRITTEN}", markup=False)
        if senses is not None:
            console.print(f"\n{senses}", markup=False)
        print_counting(console, verdict.reason, "" if senses is None else str(senses))
    return EXIT_STATUS[verdict.status]


def _number(value: object) -> str:
    if isinstance(value, Ball):
        return value.text
    text = to_text(value)  # type: ignore[arg-type]
    return text if len(text) <= 40 else near(value, 12)  # type: ignore[arg-type]


def _words(kind: Kind) -> str:
    """What sort of local minimum it is, in one line."""
    if kind.flat:
        return "flat: the risk is constant nearby (type I)"
    if kind.strict:
        parts = ["strict: every other point nearby has a higher risk"]
    elif kind.isolated_modulo_invariance:
        parts = [f"strict but for invariances of the network, which move it in {_dimensions(kind.dimension)}"]
    else:
        parts = ["not strict" if kind.strict is False else "it is not known whether it is strict"]
    if kind.differentiable is not None:
        parts.append("the risk is differentiable there" if kind.differentiable else "the risk has a kink there (type II)")
    return "; ".join(parts)


def _dimensions(count: int | None) -> str:
    return "some dimensions" if count is None else f"{count} dimension{'s' * (count != 1)}"
