"""The certificates that ``exactsurf landscape`` writes: of the global minimum, of valleys and their barriers, of paths."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from rich.console import Console

from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.global_minimum import GlobalMinimum
from exactsurf.certificate.encoding import counted
from exactsurf.certificate.problem_document import parameters_document
from exactsurf.cli.terminal import DONE, INTERRUPTED, UNDECIDED, print_json, stages, stdout
from exactsurf.effort import UNBOUNDED, Effort, OutOfTime
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.number import brief, near, to_text
from exactsurf.model.problem import Problem
from exactsurf.surface.global_certificate import certify_global_minimum, certify_search
from exactsurf.surface.global_search import GlobalSearch
from exactsurf.surface.local_minima import LocalMinimum
from exactsurf.surface.paths import certify_path, certify_spurious_valley, descending_path
from exactsurf.surface.restricted.minimiser_sets import RestrictedMinimum
from exactsurf.surface.restricted.restricted_landscape import RestrictedLandscape
from exactsurf.surface.surface import Landscape
from exactsurf.surface.unit_forms import with_forms
from exactsurf.surface.valley_list import certify_all_valleys


def print_global_minimum(
    problem: Problem,
    goal: Path | None,
    formal: bool,
    as_json: bool,
    quiet: bool,
    effort: Effort,
    workers: int | None = None,
    dask: str | None = None,
) -> int:
    """Find and certify the global minimum without the landscape; print it, and write the certificate if `goal` is given.

    With `formal` the certificate is one that the proved checker knows. Several `workers`, or those of `dask`, search together.
    """
    status, reason = DONE, ""
    with stages("listing the generators of one unit", quiet) as stage:

        def tell(count: int, low: Fraction | None = None, high: Fraction | None = None) -> None:
            between = "" if low is None or high is None else f", the global minimum is between {near(low)} and {near(high)}"
            stage(f"bounding signed cells: {count} dual vectors{between}")

        running = effort.started()
        try:
            search = GlobalSearch(problem, running)
        except OutOfTime as error:
            # Not even the relaxed problem was solved: there is no enclosure to print.
            Console(stderr=True, soft_wrap=True, highlight=False).print(str(error), markup=False)
            if as_json:
                print_json({"global_minimum": None, "certificates": []})
            return UNDECIDED
        try:
            search.run(running, watch=tell, workers=workers, dask=dask)
            proof = certify_search(search, formal=formal, progress=tell, effort=running)
        except (OutOfTime, KeyboardInterrupt) as error:
            status = UNDECIDED if isinstance(error, OutOfTime) else INTERRUPTED
            reason = str(error)
            bound = search.proof(None)
            proof = confirmed(with_forms(bound) if formal else bound)
        if goal is not None:
            proof.save(goal)
    if reason:
        Console(stderr=True, soft_wrap=True, highlight=False).print(reason, markup=False)
    if status:
        return _print_enclosure(search, proof, goal, as_json, status)
    if as_json:
        document = {"global_minimum": minimum_document(proof), "search_symmetries": search.symmetries.order}
        print_json(document | {"certificates": [] if goal is None else [entry(goal, proof.kind)]})
        return DONE
    console = stdout()
    attained = repr(proof.parameters) if proof.parameters is not None else "not attained (an infimum at infinity)"
    console.print(f"global minimum  {brief(proof.risk)}  {attained}", markup=False)
    console.print(f"proved by {counted(len(proof.duals), 'dual vector')}, accepted by the verifier")
    if search.symmetries.order > 1:
        console.print(f"searched up to {search.symmetries.order} symmetries of the samples, {len(search.nodes)} regions")
    if goal is not None:
        console.print(f"certificate: {goal}", markup=False)
    return DONE


def _print_enclosure(search: GlobalSearch, proof: GlobalMinimum, goal: Path | None, as_json: bool, status: int) -> int:
    """What is known of the global minimum when the search was stopped: a proved lower bound, and what was found."""
    point = search.best_point()
    if as_json:
        parameters = None if point is None else parameters_document(point)
        known = {
            "lower": to_text(proof.risk),
            "upper": to_text(search.upper),
            "parameters": parameters,
            "dual_vectors": len(proof.duals),
        }
        print_json({"global_minimum": known, "certificates": [] if goal is None else [entry(goal, proof.kind)]})
        return status
    console = stdout()
    console.print(
        f"stopped: the global minimum is at least {brief(proof.risk)}, by {counted(len(proof.duals), 'dual vector')}",
        markup=False,
    )
    where = repr(point) if point is not None else "not attained (only approached)"
    console.print(f"and at most {brief(search.upper)}  {where}", markup=False)
    if goal is not None:
        console.print(f"certificate of the lower bound: {goal}", markup=False)
    return status


def minimum_document(proof: GlobalMinimum) -> dict[str, Any]:
    """The global minimum as ``--json`` prints it."""
    return {
        "risk": to_text(proof.risk),
        "attained": proof.parameters is not None,
        "parameters": None if proof.parameters is None else parameters_document(proof.parameters),
        "dual_vectors": len(proof.duals),
    }


def write_certificates(
    land: Landscape | RestrictedLandscape,
    minima: Sequence[LocalMinimum | RestrictedMinimum],
    goal: Path | None,
    folder: Path | None,
    quiet: bool,
    effort: Effort = UNBOUNDED,
) -> list[dict[str, Any]]:
    """Write the certificate of the global minimum to `goal`, and all that there are into `folder`; what was written.

    Of `minima` those that are no valley get a path to a lower risk that never rises. What is not attained, by a point or a path,
    gets none, and stderr says so.
    """
    written = []
    with stages("certificates", quiet) as stage:
        if goal is not None or folder is not None:
            proof = certify_global_minimum(land, effort=effort)
            for path in (goal, None if folder is None else folder / "global_minimum.json"):
                if path is not None:
                    written.append(entry(proof.save(path), proof.kind))
        for place, valley in enumerate(land.valleys if folder is not None else ()):
            if valley.is_global or valley.parameters is None:
                continue
            stage(f"certificate of valley {place}")
            try:
                found = certify_spurious_valley(land, valley.parameters)
            except UnsupportedError as error:
                Console(stderr=True, quiet=quiet).print(f"valley {place} gets no certificate: {error}", markup=False)
                continue
            assert folder is not None
            written.append(entry(found.save(folder / f"valley_{place}.json"), found.kind) | {"valley": place})
        for place, minimum in enumerate(minima if folder is not None else ()):
            if minimum.is_valley:
                continue
            stage(f"way down from local minimum {place}")
            try:
                way = descending_path(land, minimum.parameters)
            except UnsupportedError as error:
                Console(stderr=True, quiet=quiet).print(f"local minimum {place} gets no path: {error}", markup=False)
                continue
            assert folder is not None and way is not None
            down = certify_path(way)
            written.append(entry(down.save(folder / f"way_down_{place}.json"), down.kind) | {"local_minimum": place})
        if folder is not None:
            stage("certificate of the list")
            try:
                listed = certify_all_valleys(land)
            except (InputError, UnsupportedError) as error:
                Console(stderr=True, quiet=quiet).print(f"the list of valleys gets no certificate: {error}", markup=False)
            else:
                written.append(entry(listed.save(folder / "all_valleys.json"), listed.kind))
    return written


def entry(path: Path, kind: str) -> dict[str, Any]:
    """A certificate as ``--json`` lists it."""
    return {"file": str(path), "claim": kind}
