"""``exactsurf landscape --global-only`` for several outputs or several hidden layers: bounds of the least risk."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from rich.console import Console

from exactsurf.certificate.claims.enclosed_least_risk import EnclosedLeastRisk
from exactsurf.certificate.claims.global_minimum import GLOBAL_MINIMUM
from exactsurf.certificate.encoding import counted
from exactsurf.certificate.problem_document import parameters_document
from exactsurf.cli.landscape_certificates import entry
from exactsurf.cli.terminal import DONE, INTERRUPTED, UNDECIDED, print_json, stages, stdout
from exactsurf.effort import Effort, OutOfTime
from exactsurf.exact.number import near, to_text
from exactsurf.model.problem import Problem
from exactsurf.surface.bounds.bound_search import WIDTH, BoundSearch
from exactsurf.surface.bounds.fits import counts_decay
from exactsurf.surface.global_certificate import certify_search


def print_bounds(
    problem: Problem,
    goal: Path | None,
    width: str | None,
    as_json: bool,
    quiet: bool,
    effort: Effort,
    workers: int | None = None,
    dask: str | None = None,
) -> int:
    """Find and certify bounds of the least risk; print them, and write the certificate if `goal` is given.

    Several `workers`, or those of `dask`, search together.
    """
    status, reason = DONE, ""
    with stages("points of low risk", quiet) as stage:
        running = effort.started()
        try:
            search = BoundSearch(problem, running)
        except OutOfTime as error:
            Console(stderr=True, soft_wrap=True, highlight=False).print(str(error), markup=False)
            if as_json:
                print_json({"bounds": None, "certificates": []})
            return UNDECIDED

        def tell(count: int, low: Fraction, high: Fraction) -> None:
            stage(f"{count} regions: the least risk is between {near(low)} and {near(high)}")

        try:
            search.run(running, width=WIDTH if width is None else width, watch=tell, workers=workers, dask=dask)
        except (OutOfTime, KeyboardInterrupt) as error:
            status = UNDECIDED if isinstance(error, OutOfTime) else INTERRUPTED
            reason = str(error)
        stage("the verifier reads the certificate")
        proof = certify_search(search)
        if goal is not None:
            proof.save(goal)
    if reason:
        Console(stderr=True, soft_wrap=True, highlight=False).print(reason, markup=False)
    written = [] if goal is None else [entry(goal, proof.kind)]
    low, high = (proof.bound, proof.risk) if isinstance(proof, EnclosedLeastRisk) else (proof.risk, search.upper)
    exact = proof.kind == GLOBAL_MINIMUM
    if as_json:
        known = {"lower": to_text(low), "upper": to_text(high), "exact": exact, "parameters": parameters_document(search.point)}
        print_json({"bounds": known | {"dual_vectors": len(proof.duals)}, "certificates": written})
        return status
    console = stdout()
    if exact:
        console.print(f"global minimum  {to_text(low)}  {search.point!r}", markup=False)
    else:
        console.print(f"LOWER BOUND, not the minimum: the risk is at least {_text(low)} at all parameters", markup=False)
        console.print(f"and the least risk is at most {_text(high)}  {search.point!r}", markup=False)
    if problem.decay is not None and not counts_decay(problem):
        console.print("weight decay counts as 0 in that bound: for several hidden layers no better one is known here")
    console.print(f"proved by {counted(len(proof.duals), 'dual vector')}, accepted by the verifier")
    if goal is not None:
        console.print(f"certificate: {goal}", markup=False)
    return status


def _text(value: Fraction) -> str:
    """The number itself if it is short, with what it is near to."""
    text = to_text(value)
    return text if len(text) <= 12 else f"{text if len(text) <= 60 else '…'} ({near(value)})"
