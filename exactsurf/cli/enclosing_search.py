"""What the reports of searches that enclose a least risk share: a search that may be stopped, and its certificate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from rich.console import Console

from exactsurf.certificate.encoding import CertificateFile
from exactsurf.cli.terminal import DONE, INTERRUPTED, UNDECIDED, print_json, stages
from exactsurf.effort import Effort, OutOfTime
from exactsurf.exact.number import near


class Search(Protocol):
    """A branch and bound that keeps what it has found when it is stopped."""

    @property
    def run(self) -> Callable[..., None]:
        """Go on; see `BoundSearch.run`."""


S = TypeVar("S", bound=Search)
P = TypeVar("P", bound=CertificateFile)


@dataclass(frozen=True)
class SearchRequest:
    """How to search, and what to do with what is found.

    Attributes: `goal`, a file for the certificate; `width`, a part of the least risk; `as_json`, `quiet`; `effort`; `workers`, or
    `dask`, the address of a scheduler, which search together.
    """

    goal: Path | None
    width: str | None
    as_json: bool
    quiet: bool
    effort: Effort
    workers: int | None = None
    dask: str | None = None


@dataclass(frozen=True)
class Searched(Generic[S, P]):
    """A search, what it has proved, which the verifier has accepted and which is written, and the exit status."""

    search: S
    proof: P
    status: int


def run_search(
    build: Callable[[Effort], S], certify: Callable[[S], P], request: SearchRequest, *, width: Fraction, first: str, counts: str
) -> Searched[S, P] | None:
    """Search and certify; None where the effort was over before there was anything to certify.

    Parameters: `build` makes the search, in the stage `first`; `certify`, the certificate of the search as it is then; `width`,
    if none is asked for; `counts`, what the search counts, in words.
    """
    status, reason = DONE, ""
    with stages(first, request.quiet) as stage:
        running = request.effort.started()
        try:
            search = build(running)
        except OutOfTime as error:
            _say(str(error))
            return None

        def tell(count: int, low: Fraction, high: Fraction) -> None:
            stage(f"{count} {counts}: the least risk is between {near(low)} and {near(high)}")

        asked = width if request.width is None else request.width
        try:
            search.run(running, width=asked, watch=tell, workers=request.workers, dask=request.dask)
        except (OutOfTime, KeyboardInterrupt) as error:
            status = UNDECIDED if isinstance(error, OutOfTime) else INTERRUPTED
            reason = str(error)
        stage("the verifier reads the certificate")
        proof = certify(search)
        if request.goal is not None:
            proof.save(request.goal)
    if reason:
        _say(reason)
    return Searched(search, proof, status)


def nothing_found(name: str, as_json: bool) -> int:
    """Print, for `--json`, that nothing is known of what has this name; the exit status."""
    if as_json:
        print_json({name: None, "certificates": []})
    return UNDECIDED


def _say(reason: str) -> None:
    Console(stderr=True, soft_wrap=True, highlight=False).print(reason, markup=False)
