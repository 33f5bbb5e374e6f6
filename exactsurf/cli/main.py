"""The entry point of the program ``exactsurf``: Ctrl-C is answered from the first import on."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the program."""
    try:
        from exactsurf.cli.app import app
        from exactsurf.cli.streams import discard_stdout, prepare_streams

        prepare_streams()
        try:
            app(prog_name="exactsurf")
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()  # what help texts leave in the buffer
    except KeyboardInterrupt:
        raise end_of_interrupted_start() from None
    except BrokenPipeError:
        raise end_of_closed_pipe() from None
    except OSError as error:
        discard_stdout()
        if sys.stderr is not None:
            sys.stderr.write(f"error: cannot be written: {error.strerror or error}\n")
        raise SystemExit(74) from None


def end_of_interrupted_start() -> SystemExit:
    """Say on stderr that nothing was done; the end of the program, with the exit status of an interrupt."""
    if sys.stderr is not None:
        sys.stderr.write("interrupted; nothing was written\n")
    return SystemExit(130)


def end_of_closed_pipe() -> SystemExit:
    """The quiet end of a program whose reader has left."""
    from exactsurf.cli.streams import CLOSED_PIPE, discard_stdout

    discard_stdout()
    return SystemExit(CLOSED_PIPE)
