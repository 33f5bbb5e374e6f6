"""``exactsurf landscape --global-only`` for several outputs or several hidden layers: bounds of the least risk."""

from __future__ import annotations

from fractions import Fraction
from functools import partial

from exactsurf.certificate.claims.enclosed_least_risk import EnclosedLeastRisk
from exactsurf.certificate.claims.global_minimum import GLOBAL_MINIMUM
from exactsurf.certificate.encoding import counted
from exactsurf.certificate.problem_document import parameters_document
from exactsurf.cli.enclosing_search import SearchRequest, nothing_found, run_search
from exactsurf.cli.landscape_certificates import entry
from exactsurf.cli.terminal import print_json, stdout
from exactsurf.exact.number import brief, near, to_text
from exactsurf.model.problem import Problem
from exactsurf.surface.bounds.bound_search import WIDTH, BoundSearch
from exactsurf.surface.bounds.fits import counts_decay
from exactsurf.surface.global_certificate import certify_search


def print_bounds(problem: Problem, request: SearchRequest) -> int:
    """Find and certify bounds of the least risk; print them, and write the certificate if a file is given for it."""
    found = run_search(
        partial(BoundSearch, problem),
        lambda search: certify_search(search),
        request,
        width=WIDTH,
        first="points of low risk",
        counts="regions",
    )
    if found is None:
        return nothing_found("bounds", request.as_json)
    search, proof, goal = found.search, found.proof, request.goal
    written = [] if goal is None else [entry(goal, proof.kind)]
    low, high = (proof.bound, proof.risk) if isinstance(proof, EnclosedLeastRisk) else (proof.risk, search.upper)
    exact = proof.kind == GLOBAL_MINIMUM
    if request.as_json:
        known = {"lower": to_text(low), "upper": to_text(high), "exact": exact, "parameters": parameters_document(search.point)}
        print_json({"bounds": known | {"dual_vectors": len(proof.duals)}, "certificates": written})
        return found.status
    console = stdout()
    if exact:
        console.print(f"global minimum  {brief(low)}  {search.point!r}", markup=False)
    else:
        console.print(f"LOWER BOUND, not the minimum: the risk is at least {_text(low)} at all parameters", markup=False)
        console.print(f"and the least risk is at most {_text(high)}  {search.point!r}", markup=False)
    if problem.decay is not None and not counts_decay(problem):
        console.print(
            f"weight decay counts as 0 in that bound: no better one is known here for {_why_decay_is_left_out(problem)}"
        )
    console.print(f"proved by {counted(len(proof.duals), 'dual vector')}, accepted by the verifier")
    if goal is not None:
        console.print(f"certificate: {goal}", markup=False)
    return found.status


def _why_decay_is_left_out(problem: Problem) -> str:
    if problem.network.layers > 2:
        return "several hidden layers"
    return "inputs that do not span their space" if problem.network.activation.two_slopes is not None else "this activation"


def _text(value: Fraction) -> str:
    """The number itself if it is short, with what it is near to."""
    text = to_text(value)
    return text if len(text) <= 12 else f"{text if len(text) <= 60 else '…'} ({near(value)})"
