"""``exactsurf verify``: check certificates with the independent verifier."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from exactsurf.certificate.check import verify as verify_certificate
from exactsurf.cli.terminal import BAD_INPUT, DONE, JSON_OPTION, REFUTED, UNDECIDED, print_json, stdout, subcommand
from exactsurf.errors import InputError, RejectedCertificate
from exactsurf.exact.number import equal_or_near, to_text

_BEGINNING = 400


@subcommand
def verify(
    certificates: Annotated[list[Path], typer.Argument(help="Certificate files.")],
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say line by line what was checked.")] = False,
    data: Annotated[
        Path | None, typer.Option("--data", help="The folder of the data files that certificates name. Default: beside each.")
    ] = None,
    effort: Annotated[
        int | None,
        typer.Option("--effort", min=1, help="Refuse what takes longer, in seconds. Default: by the length of the file."),
    ] = None,
    formal: Annotated[
        bool, typer.Option("--formal", help="Ask the checker that is proved correct in Coq (proofs/formal/) instead.")
    ] = False,
    as_json: Annotated[bool, JSON_OPTION] = False,
) -> int:
    """Check certificates. Exit status 0 if all are accepted, 1 if one is rejected or refused, 2 if one cannot be read.

    With --formal also 3, if none is rejected but the proved checker does not know the rule of one.

    The same verifier runs alone, with the standard library only: python -m exactsurf.verifier CERTIFICATE…

    Example:

      exactsurf verify -v iris.certificate.json
    """
    if formal:
        return _verify_formally(certificates, data, as_json)
    console, results, status = stdout(), [], DONE
    for file in certificates:
        result: dict[str, Any] = {"file": str(file), "accepted": True}
        note = (lambda line: console.print(f"  {line}", markup=False)) if verbose and not as_json else None
        try:
            accepted = verify_certificate(file, data_folder=data, note=note, effort=effort)
        except RejectedCertificate as rejected:
            status = max(status, REFUTED)
            result |= {"accepted": False, **rejected.fields}
            place, said = rejected.fields["field"], "refused " if rejected.fields["refused"] else "rejected"
            line = f"{said}  {file}: {place}{': ' if place else ''}{rejected.fields['reason']}{_hint(file)}"
        except InputError as unreadable:
            status = BAD_INPUT
            results.append(result | {"accepted": False, "error": str(unreadable)})
            Console(stderr=True, soft_wrap=True).print(f"error: {unreadable}", style="red", highlight=False, markup=False)
            continue
        else:
            result |= {
                "claim": accepted.kind,
                "sentence": accepted.sentence,
                "risk": None if accepted.risk is None else to_text(accepted.risk),
                "checks": list(accepted.checks),
            }
            line = f"accepted  {file}: {accepted.sentence}"
            if accepted.risk is not None:
                line += f" Risk {equal_or_near(accepted.risk, 8)}"
        results.append(result)
        if not as_json:
            console.print(line, markup=False)
    if as_json:
        print_json({"accepted": status == DONE, "certificates": results})
    return status


def _hint(file: Path) -> str:
    """What is meant instead, where the beginning of a file says that it is a problem file."""
    with file.open("rb") as stream:
        is_problem = b"exactsurf-problem/" in stream.read(_BEGINNING)
    return f" (it is a problem file, not a certificate: exactsurf decide {file} decides its point)" if is_problem else ""


def _verify_formally(certificates: list[Path], data: Path | None, as_json: bool) -> int:
    from exactsurf.formal import Verdict, judge

    results: list[dict[str, Any]] = []
    for file in certificates:
        try:
            verdict = judge(file.read_bytes(), data or file.parent)
        except OSError as error:
            reason = str(error.strerror)
            if error.filename is not None and Path(error.filename) != file:
                reason = f"{error.filename}: {reason}; name the folder of its data file with --data"
            results.append({"file": str(file), "verdict": None, "error": reason})
            Console(stderr=True, soft_wrap=True).print(f"error: {file}: {reason}", style="red", highlight=False, markup=False)
            continue
        results.append({"file": str(file), "verdict": verdict.value})
        if not as_json:
            stdout().print(f"{file}: {verdict.value}", markup=False)
    found = {result["verdict"] for result in results}
    statuses = {None: BAD_INPUT, Verdict.REJECTED.value: REFUTED, Verdict.UNKNOWN.value: UNDECIDED}
    status = next((status for verdict, status in statuses.items() if verdict in found), DONE)
    if as_json:
        print_json({"accepted": status == DONE, "certificates": results})
    return status
