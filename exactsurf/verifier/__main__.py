"""The command ``python -m exactsurf.verifier CERTIFICATE...``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any

from .arithmetic.document import MAX_DOCUMENT_BYTES, Refused, Rejected
from .arithmetic.rational import display
from .check import verify

ACCEPTED, REJECTED, UNREADABLE, INTERRUPTED = 0, 1, 2, 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m exactsurf.verifier",
        description="Check exactsurf certificates with exact arithmetic and nothing but the Python standard library.",
        epilog="Exit status: 0 all accepted, 1 some rejected or refused (not checked to the end), 2 bad usage or a file that"
        " cannot be read.",
    )
    parser.add_argument("certificates", metavar="CERTIFICATE", nargs="+", help="a certificate (a JSON file)")
    parser.add_argument("-v", "--verbose", action="store_true", help="say line by line what was checked")
    parser.add_argument("--data", metavar="FOLDER", help="where the data files are (default: beside each certificate)")
    effort = "refuse what would take longer than this on an ordinary machine (default: by the length of the file)"
    parser.add_argument("--effort", metavar="SECONDS", type=_seconds, help=effort)
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of lines")
    return parser


def _seconds(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < len(text) <= 9 and int(text)):
        raise argparse.ArgumentTypeError("expected a positive whole number of seconds")
    return int(text)


def main(arguments: list[str] | None = None) -> int:
    """Check every certificate that is named on the command line; the exit status."""
    for stream in (sys.stdout, sys.stderr):  # a terminal that cannot show ≈ must not stop the check
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    status = ACCEPTED
    reports = []
    try:
        for file in options.certificates:
            try:
                with open(file, "rb") as stream:
                    document = stream.read(MAX_DOCUMENT_BYTES + 1)
            except (OSError, ValueError) as error:
                print(f"{_printable(file)}: {getattr(error, 'strerror', None) or error}", file=sys.stderr)
                status = UNREADABLE
                continue
            report = _report(file, document, options)
            reports.append(report)
            if not report["accepted"]:
                status = max(status, REJECTED)
        if options.json:
            print(json.dumps(reports, indent=1), flush=True)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader has gone, as in `… | head`; the interpreter must not try to write the rest
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREADABLE
    return status


def _report(file: str, document: bytes, options: argparse.Namespace) -> dict[str, Any]:
    """Check one certificate, print its lines unless --json, and return what --json prints."""
    folder = os.path.dirname(os.path.abspath(file)) if options.data is None else options.data
    lines = options.verbose and not options.json
    checks: list[str] = []

    def note(line: str) -> None:
        checks.append(line)
        if lines:
            print(f"  {line}", flush=True)

    report: dict[str, Any] = {"file": _printable(file), "accepted": False, "claim": None, "risk": None}
    report |= {"place": None, "reason": None, "checks": checks}
    if lines:
        print(f"checking  {_printable(file)}", flush=True)
    try:
        result = verify(document, data_folder=folder, note=note, effort=options.effort)
    except Rejected as error:
        report |= {"place": error.place, "reason": error.reason}
        line = f"{'refused ' if isinstance(error, Refused) else 'rejected'}  {_printable(file)}: {error}"
    else:
        report |= {"accepted": True, "claim": result.sentence}
        line = f"accepted  {_printable(file)}: {result.sentence}"
        if result.risk is not None:
            report["risk"] = display(result.risk.numerator, result.risk.denominator)
            line += f" Risk {report['risk']}"
    if not options.json:
        print(line, flush=True)
    return report


def _printable(text: str) -> str:
    """File names can hold bytes that are no UTF-8, and line ends."""
    return text if text.isprintable() else ascii(text)


if __name__ == "__main__":
    sys.exit(main())
