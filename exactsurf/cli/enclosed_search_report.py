"""``exactsurf landscape --global-only`` where the least risk is enclosed: weight decay, losses by expression."""

from __future__ import annotations

from functools import partial

from exactsurf.certificate.encoding import counted
from exactsurf.certificate.problem_document import parameters_document
from exactsurf.cli.enclosing_search import SearchRequest, nothing_found, run_search
from exactsurf.cli.landscape_certificates import entry
from exactsurf.cli.terminal import print_json, stdout
from exactsurf.exact.number import to_text
from exactsurf.model.problem import Problem
from exactsurf.surface.global_certificate import certify_search
from exactsurf.surface.levels.enclosed_search import EnclosedSearch
from exactsurf.surface.levels.enclosure import Enclosure
from exactsurf.surface.levels.level_work import WIDTH


def print_enclosed_minimum(problem: Problem, request: SearchRequest) -> int:
    """Enclose and certify the least risk without the landscape; print it, and write the certificate if a file is given for it.

    Stopped at any time it prints what is proved by then.
    """
    found = run_search(
        partial(EnclosedSearch, problem),
        lambda search: certify_search(search),
        request,
        width=WIDTH,
        first="listing the cells of one unit",
        counts="regions of signed cells",
    )
    if found is None:
        return nothing_found("global_minimum", request.as_json)
    search, proof, goal = found.search, found.proof, request.goal
    written = [] if goal is None else [entry(goal, proof.kind)]
    if request.as_json:
        ends = [to_text(proof.bound), to_text(proof.risk)]
        point = parameters_document(proof.parameters)
        known = {"risk": ends, "parameters": point, "dual_vectors": len(proof.duals), "regions": len(search.nodes)}
        print_json({"global_minimum": known, "certificates": written})
        return found.status
    console = stdout()
    between = Enclosure(proof.bound, max(proof.bound, proof.risk)).ball.text
    console.print(f"{'stopped: ' if found.status else ''}global minimum  {between}  near {proof.parameters!r}", markup=False)
    console.print(f"proved by {counted(len(proof.duals), 'dual vector')}, accepted by the verifier")
    if goal is not None:
        console.print(f"certificate: {goal}", markup=False)
    return found.status
