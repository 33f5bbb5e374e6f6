"""``exactsurf search``: look for an instance on which a claim fails."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from exactsurf.certificate.problem_document import parameters_document, problem_document
from exactsurf.cli.terminal import (
    DONE,
    JSON_OPTION,
    QUIET_OPTION,
    UNDECIDED,
    print_counting,
    print_json,
    stages,
    stdout,
    subcommand,
)
from exactsurf.errors import InputError, nearest
from exactsurf.exact.number import brief, to_text
from exactsurf.papers import THEOREMS
from exactsurf.search.claim_search import find_counterexample
from exactsurf.search.claims import Claim
from exactsurf.search.ready_claims import CLAIMS, claim_of
from exactsurf.search.search_result import SearchResult, SearchState

_REASONS = 5


@subcommand
def search(
    claim: Annotated[str, typer.Argument(help="A claim (exactsurf search list shows them) or the key of a theorem.")],
    without: Annotated[str | None, typer.Option(help="For a theorem: the hypothesis to leave out.")] = None,
    samples: Annotated[int, typer.Option(min=1, help="Most samples of an instance.")] = 6,
    entries: Annotated[int, typer.Option(min=0, help="Largest absolute value of the integer data.")] = 3,
    seconds: Annotated[
        int, typer.Option("--effort", "--seconds", min=0, metavar="SECONDS", help="Ask no new question after so many seconds.")
    ] = 60,
    limit: Annotated[int | None, typer.Option(min=1, help="Most instances to try.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the random choices.")] = 0,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A folder for the problem file, certificates, LaTeX and notebook cell.")
    ] = None,
    as_json: Annotated[bool, JSON_OPTION] = False,
    quiet: Annotated[bool, QUIET_OPTION] = False,
) -> int:
    """Search small networks and small integer data for a counterexample to a claim; what is found is decided exactly.

    Exit status 0 if one is found and 3 if not, which proves nothing.

    Examples:

      exactsurf search minima_in_a_cell_are_connected

      exactsurf search yun_2019.theorem_1 --without C1.2 -o found
    """
    if claim == "list":
        return _list(as_json)
    asked = _claim(claim, without)
    with stages("searching", quiet) as tell:

        def report(state: SearchState) -> None:
            tell(str(state))

        result = find_counterexample(
            asked, samples=samples, entries=entries, seconds=seconds, limit=limit, seed=seed, progress=report
        )
    found = result.found
    if found is None:
        if as_json:
            print_json({"claim": asked.key, "found": False, **_counts(result)})
        else:
            stdout().print(f"no counterexample found (no proof that there is none): {asked.statement}", markup=False)
            _print_counts(result)
        return UNDECIDED
    files = [str(path) for path in found.save(output)] if output is not None else []
    if as_json:
        witness = [{"parameters": parameters_document(p), "risk": to_text(found.problem.rational_risk(p))} for p in found.witness]
        print_json(
            {
                "claim": asked.key,
                "found": True,
                "status": str(found.verdict.status),
                "reason": found.verdict.reason,
                "problem": problem_document(found.problem, embed=True),
                "witness": witness,
                "instances": found.tried,
                **_counts(result),
                "reductions": found.reductions,
                "files": files,
            }
        )
        return DONE
    console = stdout()
    console.print(f"claim    {asked.statement}", markup=False)
    console.print(f"{found.verdict.status}  {found.verdict.reason}", markup=False)
    console.print(f"{found.problem!r}", markup=False)
    for sample, (x, y) in enumerate(zip(found.problem.data.x, found.problem.data.y, strict=True)):
        console.print(f"sample {sample}: x = {', '.join(map(to_text, x))}; y = {', '.join(map(to_text, y))}", markup=False)
    for point in found.witness:
        console.print(f"risk {brief(found.problem.rational_risk(point))} at {point!r}", markup=False)
    for file in files:
        console.print(f"written  {file}", markup=False)
    console.print(f"search   {result.summary}", markup=False)
    print_counting(console, "sample 0", found.verdict.reason)
    return DONE


def _counts(result: SearchResult) -> dict[str, object]:
    return {
        "tried": result.tried,
        "held": result.held,
        "outside": result.outside,
        "undecided": result.undecided,
        "reasons": [{"reason": reason, "answers": count} for reason, count in result.reasons],
        "ended": str(result.ended),
        "milliseconds": result.milliseconds,
    }


def _print_counts(result: SearchResult) -> None:
    console = stdout()
    console.print(result.summary, markup=False)
    for reason, count in result.reasons[:_REASONS]:
        console.print(f"  {count} times undecided: {reason}", markup=False)


def _claim(key: str, without: str | None) -> Claim:
    if key in CLAIMS:
        if without is not None:
            raise InputError("--without belongs to theorems", text=key, fix="leave it out")
        return CLAIMS[key]
    if key not in THEOREMS:
        hint = nearest(key, [*CLAIMS, *THEOREMS])
        raise InputError("no such claim or theorem", text=key, fix=f"{hint}exactsurf search list shows them")
    return claim_of(THEOREMS[key], without=without)


def _list(as_json: bool) -> int:
    rows = [(one.key, one.statement) for one in CLAIMS.values()]
    rows += [(theorem.key, theorem.title) for theorem in THEOREMS.values()]
    if as_json:
        print_json([{"claim": key, "statement": statement} for key, statement in rows])
    else:
        width = max(len(key) for key, _ in rows)
        for key, statement in rows:
            stdout().print(f"{key:{width}}  {statement}", markup=False)
    return DONE
