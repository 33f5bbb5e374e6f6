"""``exactsurf landscape --global-only`` where the least risk is enclosed: weight decay, losses by expression."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from rich.console import Console

from exactsurf.certificate.encoding import counted
from exactsurf.certificate.problem_document import parameters_document
from exactsurf.cli.landscape_certificates import entry
from exactsurf.cli.terminal import DONE, INTERRUPTED, UNDECIDED, print_json, stages, stdout
from exactsurf.effort import Effort, OutOfTime
from exactsurf.exact.number import near, to_text
from exactsurf.model.problem import Problem
from exactsurf.surface.global_certificate import certify_search
from exactsurf.surface.levels.enclosed_search import EnclosedSearch
from exactsurf.surface.levels.enclosure import Enclosure
from exactsurf.surface.levels.level_work import WIDTH


def print_enclosed_minimum(
    problem: Problem,
    goal: Path | None,
    width: str | None,
    as_json: bool,
    quiet: bool,
    effort: Effort,
    workers: int | None = None,
    dask: str | None = None,
) -> int:
    """Enclose and certify the least risk without the landscape; print it, and write the certificate if `goal` is given.

    Several `workers`, or those of `dask`, search together. Stopped at any time it prints what is proved by then.
    """
    status, reason = DONE, ""
    with stages("listing the cells of one unit", quiet) as stage:
        running = effort.started()
        try:
            search = EnclosedSearch(problem, running)
        except OutOfTime as error:
            Console(stderr=True, soft_wrap=True, highlight=False).print(str(error), markup=False)
            if as_json:
                print_json({"global_minimum": None, "certificates": []})
            return UNDECIDED

        def tell(count: int, low: Fraction, high: Fraction) -> None:
            stage(f"bounding signed cells: {count} dual vectors, the least risk is between {near(low)} and {near(high)}")

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
    if as_json:
        ends = [to_text(proof.bound), to_text(proof.risk)]
        point = parameters_document(proof.parameters)
        known = {"risk": ends, "parameters": point, "dual_vectors": len(proof.duals), "regions": len(search.nodes)}
        print_json({"global_minimum": known, "certificates": written})
        return status
    console = stdout()
    between = Enclosure(proof.bound, max(proof.bound, proof.risk)).ball.text
    console.print(f"{'stopped: ' if status else ''}global minimum  {between}  near {proof.parameters!r}", markup=False)
    console.print(f"proved by {counted(len(proof.duals), 'dual vector')}, accepted by the verifier")
    if goal is not None:
        console.print(f"certificate: {goal}", markup=False)
    return status
