"""``exactsurf decide`` for a smooth activation: the critical point that the parameters lead to, or the point itself."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from exactsurf.certificate.problem_document import number_document, parameters_document, vector_document
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.cli.point_file import NOT_WRITTEN
from exactsurf.cli.terminal import EXIT_STATUS, print_counting, print_json, stages, stdout
from exactsurf.effort import Effort
from exactsurf.exact.balls import Ball
from exactsurf.exact.number import approximate, brief, equal_or_near, near, to_text
from exactsurf.minima.smooth.critical_box import CriticalBox, find_critical_box
from exactsurf.minima.smooth.decide import decide_exactly, decide_smooth
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem


def decide_smooth_problem(
    problem: Problem, parameters: Parameters, file: Path | None, *, point: bool, effort: str, as_json: bool, quiet: bool
) -> int:
    """Decide, save the certificate to `file` if there is one, print, and give the exit status.

    Parameters: `point`, whether the question is about the parameters themselves; otherwise they are a candidate for a
    critical point, unless they are proved to be a local minimum; `effort` in seconds.
    Exactness: exact. Raises: errors of `find_critical_box`, `OutOfTime`. Source: theory.md, section 7.
    """
    with stages("deciding", quiet):
        found = _answer(problem, parameters, point, Effort.of(effort).started())
    written = None
    if found.certificate is not None and file is not None:
        written = found.certificate.save(file)
    risk = problem.risk(parameters) if found.risk is None else found.risk
    if as_json:
        print_json(_document(found, risk, written))
    else:
        _print(found, risk, written)
    return EXIT_STATUS[found.status]


def _answer(problem: Problem, parameters: Parameters, point: bool, effort: Effort) -> Verdict | CriticalBox:
    if point:
        return decide_smooth(problem, parameters, effort=effort)
    verdict = decide_exactly(problem, parameters, effort)
    if verdict is not None and verdict.status is Status.PROVED:
        return verdict
    return find_critical_box(problem, parameters, effort=effort)


def _document(found: Verdict | CriticalBox, risk: Fraction | Ball, written: Path | None) -> dict[str, Any]:
    lower = found.lower_point if isinstance(found, Verdict) else None
    document: dict[str, Any] = {
        "status": str(found.status),
        "reason": found.reason,
        "risk": vector_document([risk.lower, risk.upper] if isinstance(risk, Ball) else [risk, risk]),
        "certificate": None if written is None else str(written),
        "claim": None if found.certificate is None else found.certificate.kind,
        "question": "critical point near the parameters" if _sought_a_box(found) else "point",
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


def _sought_a_box(found: Verdict | CriticalBox) -> bool:
    """Whether the question was about the critical point near the parameters: then a verdict has no risk of its own."""
    return isinstance(found, CriticalBox) or found.risk is None


def _print(found: Verdict | CriticalBox, risk: Fraction | Ball, written: Path | None) -> None:
    console = stdout()
    console.print(f"{found.status}  {found.reason}", markup=False)
    if isinstance(found, CriticalBox):
        console.print(f"centre       {found.parameters!r}", markup=False)
        console.print(f"radius       {to_text(found.radius)} {equal_or_near(found.radius, 3)}", markup=False)
        console.print(f"moved by     {near(found.largest_change)} at most in a coordinate", markup=False)
    where = "  (of the parameters as given)" if found.risk is None else ""
    if isinstance(risk, Fraction):
        console.print(f"risk         {brief(risk)}{where}", markup=False)
    else:
        low, high = approximate(risk.lower, 8), approximate(risk.upper, 8)
        text = f"≈ {low}" if low == high else f"from ≈ {low} to ≈ {high}"
        console.print(f"risk         {text}{where}", markup=False)
    if isinstance(found, Verdict) and found.lower_point is not None:
        console.print(f"lower point  {found.lower_point!r}", markup=False)
    if found.risk is None:
        console.print("ask about the given point itself with --point", markup=False)
    if found.certificate is not None:
        console.print(f"certificate  {written or NOT_WRITTEN}", markup=False)
    print_counting(console, found.reason)
