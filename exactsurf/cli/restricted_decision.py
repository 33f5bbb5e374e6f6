"""``exactsurf decide`` for a problem file with a restriction."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from exactsurf.certificate.problem_document import parameters_document, vector_document
from exactsurf.cli.point_file import NOT_WRITTEN, certificate_file, read_any_point
from exactsurf.cli.terminal import EXIT_STATUS, print_json, stages, stdout
from exactsurf.effort import Effort
from exactsurf.exact.balls import Ball
from exactsurf.exact.number import near, to_text
from exactsurf.minima.restricted.decide import decide_restricted
from exactsurf.model.parameters import Parameters
from exactsurf.model.restricted_problem import RestrictedProblem


def decide_restricted_problem(
    restricted: RestrictedProblem,
    parameters: Parameters,
    file: Path,
    output: Path | None,
    lower: Sequence[Path],
    spurious: bool,
    effort: Effort,
    as_json: bool,
    quiet: bool,
) -> int:
    """Decide the point of a restricted problem, print the answer, and write the certificate to `output` if there is one.

    Returns: the exit status. Exactness: exact. Raises: errors of `decide_restricted`. Source: proofs/claims/restricted_point.md.
    """
    with stages("deciding", quiet):
        below = [read_any_point(path, "no lower point")[1] for path in lower]
        verdict = decide_restricted(restricted, parameters, lower=below, spurious=spurious, effort=effort)
    saved = None
    if verdict.certificate is not None and output is not None:
        saved = verdict.certificate.save(certificate_file(output, file))
    names, point = restricted.restriction.names, verdict.lower_point
    risk = restricted.risk(parameters)
    lowest = None if point is None else restricted.risk(point)
    if as_json:
        values = dict(zip(names, vector_document(restricted.values(parameters)), strict=True))
        found: dict[str, Any] = {
            "status": str(verdict.status),
            "reason": verdict.reason,
            "risk": risk_document(risk),
            "values": values,
            "certificate": None if saved is None else str(saved),
            "claim": None if verdict.certificate is None else verdict.certificate.kind,
            "lower_point": None if point is None else parameters_document(point),
            "lower_risk": None if lowest is None else risk_document(lowest),
            "open_directions": [parameters_document(direction) for direction in verdict.open_directions],
            "assumptions": list(verdict.assumptions),
        }
        print_json(found)
        return EXIT_STATUS[verdict.status]
    console = stdout()
    console.print(f"{verdict.status}  {verdict.reason}", markup=False)
    console.print(f"risk         {_shown(risk)}", markup=False)
    console.print(f"free         {len(names)} parameters: {', '.join(names)}", markup=False)
    for direction in verdict.open_directions:
        console.print(f"left open    {direction!r}", markup=False)
    if point is not None and lowest is not None:
        where = ", ".join(f"{n}={to_text(v)}" for n, v in zip(names, restricted.values(point), strict=True))
        console.print(f"lower point  {where}, risk {_shown(lowest)}", markup=False)
    if verdict.certificate is not None:
        console.print(f"certificate  {saved or NOT_WRITTEN}", markup=False)
    return EXIT_STATUS[verdict.status]


def risk_document(risk: Fraction | Ball) -> str | list[str]:
    """A rational number, or two bounds."""
    return vector_document([risk.lower, risk.upper]) if isinstance(risk, Ball) else to_text(risk)


def _shown(risk: Fraction | Ball) -> str:
    return risk.text if isinstance(risk, Ball) else near(risk, 12)
