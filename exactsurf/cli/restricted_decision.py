"""``exactsurf decide`` for a problem file with a restriction."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from exactsurf.certificate.encoding import counted
from exactsurf.certificate.problem_document import number_document, parameters_document, vector_document
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.cli.point_file import NOT_WRITTEN, certificate_file, read_any_point
from exactsurf.cli.terminal import EXIT_STATUS, print_json, stages, stdout
from exactsurf.cli.verdict_report import senses_document
from exactsurf.effort import Effort
from exactsurf.errors import UnsupportedError
from exactsurf.exact.balls import Ball
from exactsurf.exact.number import brief, near, to_text
from exactsurf.minima.restricted.box import RestrictedBox, find_restricted_box
from exactsurf.minima.restricted.decide import decide_restricted
from exactsurf.minima.senses.stationarity import stationarity
from exactsurf.model.parameters import Parameters
from exactsurf.model.restricted_problem import RestrictedProblem


def decide_restricted_problem(
    restricted: RestrictedProblem,
    parameters: Parameters,
    file: Path,
    output: Path | None,
    lower: Sequence[Path],
    spurious: bool,
    with_senses: bool,
    effort: Effort,
    as_json: bool,
    quiet: bool,
    *,
    point: bool = False,
) -> int:
    """Decide the point of a restricted problem, print the answer, and write the certificate to `output` if there is one.

    With a smooth activation the parameters are a candidate for a critical point, unless the question is about the `point` itself
    or they are proved to be a local minimum. Returns: the exit status. Exactness: exact. Raises: errors of `decide_restricted`
    and `find_restricted_box`. Source: proofs/claims/restricted_point.md, restricted_box.md.
    """
    is_smooth = not restricted.unrestricted.network.is_piecewise_linear
    if is_smooth and with_senses:
        raise UnsupportedError(f"{file}: --stationarity is for piecewise linear activations", "leave it out")
    box: RestrictedBox | Verdict | None = None
    with stages("deciding", quiet):
        below = [read_any_point(path, "no lower point")[1] for path in lower]
        running = effort.started()
        verdict = decide_restricted(restricted, parameters, lower=below, spurious=spurious, effort=running)
        if is_smooth and not point and verdict.status is not Status.PROVED:
            box = find_restricted_box(restricted, restricted.values(parameters), effort=running)
        senses = stationarity(restricted, parameters, effort=running) if with_senses else None
    if box is not None:
        return _report_box(restricted, box, file, output, as_json)
    saved = None
    if verdict.certificate is not None and output is not None:
        saved = verdict.certificate.save(certificate_file(output, file))
    names, below_it = restricted.restriction.names, verdict.lower_point
    risk = restricted.risk(parameters)
    lowest = None if below_it is None else restricted.risk(below_it)
    if as_json:
        values = dict(zip(names, vector_document(restricted.values(parameters)), strict=True))
        found: dict[str, Any] = {
            "status": str(verdict.status),
            "reason": verdict.reason,
            "risk": risk_document(risk),
            "values": values,
            "certificate": None if saved is None else str(saved),
            "claim": None if verdict.certificate is None else verdict.certificate.kind,
            "lower_point": None if below_it is None else parameters_document(below_it),
            "lower_risk": None if lowest is None else risk_document(lowest),
            "open_directions": [parameters_document(direction) for direction in verdict.open_directions],
            "assumptions": list(verdict.assumptions),
            **({} if senses is None else {"stationarity": senses_document(senses, names)}),
        }
        print_json(found)
        return EXIT_STATUS[verdict.status]
    console = stdout()
    console.print(f"{verdict.status}  {verdict.reason}", markup=False)
    console.print(f"risk         {_shown(risk)}", markup=False)
    console.print(f"free         {counted(len(names), 'parameter')}: {', '.join(names)}", markup=False)
    for direction in verdict.open_directions:
        console.print(f"left open    {direction!r}", markup=False)
    if below_it is not None and lowest is not None:
        where = ", ".join(f"{n}={brief(v)}" for n, v in zip(names, restricted.values(below_it), strict=True))
        console.print(f"lower point  {where}, risk {_shown(lowest)}", markup=False)
    if verdict.certificate is not None:
        console.print(f"certificate  {saved or NOT_WRITTEN}", markup=False)
    if senses is not None:
        console.print(f"\n{senses}", markup=False)
    return EXIT_STATUS[verdict.status]


def _report_box(
    restricted: RestrictedProblem, found: RestrictedBox | Verdict, file: Path, output: Path | None, as_json: bool
) -> int:
    """The answer about the critical point near the parameters."""
    saved = None
    if found.certificate is not None and output is not None:
        saved = found.certificate.save(certificate_file(output, file))
    names, box = restricted.restriction.names, found if isinstance(found, RestrictedBox) else None
    if as_json:
        print_json(
            {
                "status": str(found.status),
                "reason": found.reason,
                "risk": None if box is None else risk_document(box.risk),
                "certificate": None if saved is None else str(saved),
                "claim": None if box is None else box.kind,
                "question": "critical point near the parameters",
                "box": None if box is None else box_document(box),
            }
        )
        return EXIT_STATUS[found.status]
    console = stdout()
    console.print(f"{found.status}  {found.reason}", markup=False)
    console.print(f"free         {counted(len(names), 'parameter')}: {', '.join(names)}", markup=False)
    if box is not None:
        where = ", ".join(f"{name}={brief(value)}" for name, value in zip(names, box.values, strict=True))
        console.print(f"centre       {where}", markup=False)
        console.print(f"radius       {brief(box.radius)}", markup=False)
        console.print(f"risk         {box.risk.text}", markup=False)
        console.print(f"certificate  {saved or NOT_WRITTEN}", markup=False)
    console.print("ask about the given point itself with --point", markup=False)
    return EXIT_STATUS[found.status]


def box_document(box: RestrictedBox) -> dict[str, Any]:
    """A box of values of the free parameters as a JSON value."""
    return {
        "values": dict(zip(box.problem.restriction.names, vector_document(box.values), strict=True)),
        "radius": number_document(box.radius),
        "held": list(box.held),
        "largest_change": number_document(box.largest_change),
    }


def risk_document(risk: Fraction | Ball) -> str | list[str]:
    """A rational number, or two bounds."""
    return vector_document([risk.lower, risk.upper]) if isinstance(risk, Ball) else to_text(risk)


def _shown(risk: Fraction | Ball) -> str:
    return risk.text if isinstance(risk, Ball) else near(risk, 12)
