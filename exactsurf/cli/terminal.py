"""What all subcommands share: results on stdout, messages on stderr, exit statuses, errors as text or JSON."""

from __future__ import annotations

import functools
import io
import json
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from exactsurf.certificate.verdict import Status
from exactsurf.cli.streams import CLOSED_PIPE, discard_stdout, is_unicode
from exactsurf.effort import OutOfTime
from exactsurf.errors import ExactsurfError, InputWarning, InternalError, RejectedCertificate
from exactsurf.files import files_written

DONE, REFUTED, BAD_INPUT, UNDECIDED, INTERNAL, UNWRITABLE, INTERRUPTED = 0, 1, 2, 3, 70, 74, 130

EXIT_STATUS = {Status.PROVED: DONE, Status.REFUTED: REFUTED, Status.UNDECIDED: UNDECIDED}

JSON_OPTION = typer.Option("--json", help="Print one JSON document on stdout; numbers are rational strings.")
EFFORT_OPTION = typer.Option("--effort", metavar="SECONDS", help="Seconds to try before the answer is UNDECIDED.")
QUIET_OPTION = typer.Option("--quiet", "-q", help="No progress on stderr.")

Stage = Callable[[str], None]

_NUMBERED = re.compile(r"\b(sample|unit|output)s? \[?\d")
_COUNTING = "Samples, units and outputs are counted from 0, as in Python and in files; proofs and pictures count from 1."


def subcommand(function: Callable[..., int]) -> Callable[..., None]:
    """Run a subcommand and end with its exit status; errors become a message (or a JSON document) and their status."""

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> None:
        # Python has no streams where the shell closed them (>&-).
        sys.stdout, sys.stderr = (stream or io.StringIO() for stream in (sys.stdout, sys.stderr))
        written: list[Path] = []
        try:
            with files_written() as written, _warnings_as_lines():
                status = function(*args, **kwargs)
            sys.stdout.flush()
        except BrokenPipeError:  # "… | head" has seen enough
            discard_stdout()
            status = CLOSED_PIPE
        except OSError as error:
            # A disk that is full: status 1 would say "refuted".
            Console(stderr=True).print(f"error: cannot be written: {error.strerror or error}", highlight=False, markup=False)
            discard_stdout()
            status = UNWRITABLE
        except MemoryError:
            message, status = "this needs more memory than there is; take a smaller problem", BAD_INPUT
            if kwargs.get("as_json"):
                print_error("MemoryError", message, status)
            Console(stderr=True).print(f"error: {message}", highlight=False)
        except KeyboardInterrupt:
            what = f"what was written before is whole: {', '.join(map(str, written))}" if written else "nothing was written"
            status = say_interrupted(what, bool(kwargs.get("as_json")))
        except ExactsurfError as error:
            status = _status_of(error)
            if kwargs.get("as_json"):
                print_error(type(error).__name__, str(error), status)
            Console(stderr=True, soft_wrap=True).print(f"error: {error}", style="red", highlight=False, markup=False)
        raise typer.Exit(status)

    return run


@contextmanager
def _warnings_as_lines() -> Iterator[None]:
    shown = warnings.showwarning

    def show(message: Warning | str, category: type[Warning], *place: Any, **more: Any) -> None:
        if issubclass(category, InputWarning):
            Console(stderr=True, soft_wrap=True).print(f"warning: {message}", style="yellow", highlight=False, markup=False)
        else:
            shown(message, category, *place, **more)

    with warnings.catch_warnings():
        warnings.simplefilter("always", InputWarning)
        warnings.showwarning = show
        yield


def _status_of(error: ExactsurfError) -> int:
    if isinstance(error, RejectedCertificate):
        return REFUTED
    if isinstance(error, OutOfTime):
        return UNDECIDED
    return INTERNAL if isinstance(error, InternalError) else BAD_INPUT


def print_json(document: Any) -> None:
    """Print one JSON document on stdout."""
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=not is_unicode(sys.stdout)) + "\n")


def print_error(name: str, message: str, status: int) -> None:
    """Print an error, by the name of its class, as a JSON document."""
    print_json({"error": {"class": name, "message": message}, "exit_status": status})


def say_interrupted(what: str, as_json: bool) -> int:
    """Say that the user has interrupted, and what is kept; the exit status."""
    message = f"interrupted; {what}"
    if as_json:
        print_error("KeyboardInterrupt", message, INTERRUPTED)
    Console(stderr=True, soft_wrap=True).print(message, highlight=False, markup=False)
    return INTERRUPTED


def print_document(text: str, *, is_html: bool = False) -> None:
    """Print a whole document on stdout; in a page, which says itself that it is UTF-8, signs become references if need be."""
    if is_html and not is_unicode(sys.stdout):
        text = text.encode("ascii", "xmlcharrefreplace").decode()
    sys.stdout.write(text)


class _Results(Console):
    def on_broken_pipe(self) -> None:
        # Rich would end with status 1, which says "refuted".
        raise


def stdout() -> Console:
    """The console for results. Where stdout is not a terminal, lines are not wrapped or coloured."""
    console = _Results(highlight=False)
    return console if console.is_terminal else _Results(highlight=False, soft_wrap=True, width=200)


def counting(*texts: str) -> str:
    """How samples, units and outputs are counted, if one of the texts names one by its number; else nothing.

    >>> counting("rank 2, 4 samples"), counting("samples 0 and 17 have the same inputs")[:7]
    ('', 'Samples')
    """
    return _COUNTING if any(map(_NUMBERED.search, texts)) else ""


def print_counting(console: Console, *texts: str) -> None:
    """A line that says how what the texts name by numbers is counted, if they do."""
    if told := counting(*texts):
        console.print(told, style="dim", markup=False)


@contextmanager
def stages(first: str, quiet: bool) -> Iterator[Stage]:
    """A spinner on stderr (only on a terminal) that names the current stage of long work."""
    console = Console(stderr=True, quiet=quiet)
    with console.status(f"{first} …") as status:
        yield lambda text: status.update(f"{text} …")
