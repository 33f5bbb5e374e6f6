"""``exactsurf decide`` for a smooth activation: the critical point that the parameters lead to, or the point itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from exactsurf.certificate.problem_document import number_document, parameters_document, vector_document
from exactsurf.certificate.verdict import Status
from exactsurf.cli.terminal import EXIT_STATUS, print_json, stages, stdout
from exactsurf.exact.balls import Ball
from exactsurf.exact.number import approximate, equal_or_near, near, to_text
from exactsurf.minima.smooth.critical_box import CriticalBox, Undecided, find_critical_box
from exactsurf.minima.smooth.decide import SmoothVerdict, decide_smooth
from exactsurf.minima.smooth.smooth_derivatives import risk_ball
from exactsurf.minima.smooth.smooth_exact import prove_exactly
from exactsurf.model.parameters import Parameters
from exactsurf.model.smooth_problem import SmoothProblem


def decide_smooth_problem(
    problem: SmoothProblem, parameters: Parameters, file: Path, *, point: bool, as_json: bool, quiet: bool
) -> int:
    """Decide, save the certificate to `file`, print, and give the exit status.

    Parameters: `point`, whether the question is about the parameters themselves; otherwise they are a candidate for a
    critical point, unless they are proved to be a local minimum. Exactness: exact. Raises: errors of `find_critical_box`.
    Source: theory.md, section 7.
    """
    with stages("deciding", quiet):
        found = _answer(problem, parameters, point)
    written = None
    if not isinstance(found, Undecided) and found.certificate is not None:
        written = found.certificate.save(file)
    risk = risk_ball(problem, parameters) if isinstance(found, Undecided) else found.risk
    if as_json:
        print_json(_document(found, risk, written))
    else:
        _print(found, risk, written)
    return EXIT_STATUS[found.status]


def _answer(problem: SmoothProblem, parameters: Parameters, point: bool) -> SmoothVerdict | CriticalBox | Undecided:
    if point or not isinstance(prove_exactly(problem, parameters), str):
        verdict = decide_smooth(problem, parameters)
        if point or verdict.status is Status.PROVED:
            return verdict
    return find_critical_box(problem, parameters)


def _document(found: SmoothVerdict | CriticalBox | Undecided, risk: Ball, written: Path | None) -> dict[str, Any]:
    lower = found.lower_point if isinstance(found, SmoothVerdict) else None
    document: dict[str, Any] = {
        "status": str(found.status),
        "reason": found.reason,
        "risk": vector_document([risk.lower, risk.upper]),
        "certificate": None if written is None else str(written),
        "claim": None if isinstance(found, Undecided) or found.certificate is None else found.certificate.kind,
        "question": "point" if isinstance(found, SmoothVerdict) else "critical point near the parameters",
        "lower_point": None if lower is None else parameters_document(lower),
        "box": None,
    }
    if isinstance(found, CriticalBox):
        document["box"] = {
            "parameters": parameters_document(found.parameters),
            "radius": number_document(found.radius),
            "held": [list(entry) for entry in found.held],
            "largest_change": number_document(found.largest_change),
        }
    return document


def _print(found: SmoothVerdict | CriticalBox | Undecided, risk: Ball, written: Path | None) -> None:
    console = stdout()
    console.print(f"{found.status}  {found.reason}", markup=False)
    if isinstance(found, CriticalBox):
        console.print(f"centre       {found.parameters!r}", markup=False)
        console.print(f"radius       {to_text(found.radius)} {equal_or_near(found.radius, 3)}", markup=False)
        console.print(f"moved by     {near(found.largest_change)} at most in a coordinate", markup=False)
    where = "  (of the parameters as given)" if isinstance(found, Undecided) else ""
    if risk.is_exact:
        console.print(f"risk         {to_text(risk.midpoint)}{where}", markup=False)
    else:
        low, high = approximate(risk.lower, 8), approximate(risk.upper, 8)
        text = f"≈ {low}" if low == high else f"from ≈ {low} to ≈ {high}"
        console.print(f"risk         {text}{where}", markup=False)
    if isinstance(found, SmoothVerdict) and found.lower_point is not None:
        console.print(f"lower point  {found.lower_point!r}", markup=False)
    if isinstance(found, Undecided):
        console.print("ask about the given point itself with --point", markup=False)
    if written is not None:
        console.print(f"certificate  {written}", markup=False)
