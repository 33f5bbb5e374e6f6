"""The entry point of the program ``exactsurf``: Ctrl-C is answered from the first import on."""

from __future__ import annotations

import sys

from exactsurf.cli.streams import discard_stdout, end_of_closed_pipe, end_of_interrupted_start, prepare_streams


def main() -> None:
    """Run the program."""
    try:
        from exactsurf.cli.app import app

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
