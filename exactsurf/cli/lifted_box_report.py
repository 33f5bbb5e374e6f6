"""What ``exactsurf counterexample`` says of a differentiable loss: the box that holds a spurious local minimum."""

from __future__ import annotations

from pathlib import Path

from exactsurf.certificate.verdict import Status
from exactsurf.cli.terminal import EXIT_STATUS, print_json, stdout
from exactsurf.exact.number import near, to_text
from exactsurf.theorems.constructions.lifted_box import BoxWithSpuriousMinimum


def report_box(found: BoxWithSpuriousMinimum, file: Path, as_json: bool, seconds: float) -> int:
    """Save the certificate, say what was found, and give the exit status.

    Parameters: `found`; `file` for the certificate; `as_json`; `seconds` that it took. Exactness: exact, or enclosed.
    Raises: `InputError` if the file cannot be written. Source: none.
    """
    verdict, certificate, lower = found.verdict, found.certificate, found.lower_point
    if certificate is not None:
        certificate.save(file)
    if as_json:
        separating = found.separating
        print_json(
            {
                "status": str(verdict.status),
                "reason": verdict.reason,
                "risk": None if certificate is None else [to_text(bound) for bound in certificate.risk],
                "lower_risk": None if lower is None else to_text(lower.risk),
                "separating": None if separating is None else [[to_text(value) for value in row] for row in separating],
                "certificate": None if certificate is None else str(file),
                "seconds": f"{seconds:.1f}",
            }
        )
        return EXIT_STATUS[verdict.status]
    console = stdout()
    console.print(f"{found.problem.network!r} on {found.problem.data!r}, loss {found.problem.loss!r}\n", markup=False)
    colour = "green" if verdict.status is Status.PROVED else "yellow"
    console.print(f"[{colour}]{verdict.status}[/]", end="  ")
    console.print(f"{verdict.reason}.", markup=False)
    if certificate is not None and lower is not None:
        low, high = certificate.risk
        console.print(f"its risk     between {near(low, 14)} and {near(high, 14)}", markup=False)
        console.print(f"lower point  risk at most {near(lower.risk, 14)}", markup=False)
        console.print(f"certificate  {file}", markup=False)
        console.print(f"check it     python -m exactsurf.verifier {file}", markup=False)
    console.print(f"time         {seconds:.1f} s", markup=False)
    return EXIT_STATUS[verdict.status]
