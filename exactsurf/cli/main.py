"""The entry point of the program ``exactsurf``: Ctrl-C is answered from the first import on."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the program."""
    try:
        from exactsurf.cli.app import app

        app(prog_name="exactsurf")
    except KeyboardInterrupt:
        raise end_of_interrupted_start() from None


def end_of_interrupted_start() -> SystemExit:
    """Say on stderr that nothing was done; the end of the program, with the exit status of an interrupt."""
    if sys.stderr is not None:
        sys.stderr.write("interrupted; nothing was written\n")
    return SystemExit(130)
