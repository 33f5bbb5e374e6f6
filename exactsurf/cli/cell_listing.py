"""Activation patterns on stdout, one at a time: what was printed stays right if the listing is interrupted."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from itertools import islice
from time import monotonic_ns
from types import FrameType, TracebackType

from exactsurf.cli.terminal import DONE, INTERRUPTED, Stage, stages

_NOTED = 4096


def list_patterns(
    patterns: Iterator[list[str]], total: int, limit: int, numbers: dict[str, str] | None, quiet: bool
) -> tuple[int, int]:
    """Print up to `limit` of the `total` patterns; how many were printed, and the exit status.

    Lines of text, or, where `numbers` are given, one JSON document of these numbers, ``patterns``, ``complete`` and, after
    an interruption, ``interrupted``: it is a whole document even then.
    """
    printed, status = 0, DONE
    output = UnbrokenOutput()
    try:
        # A terminal that shows the patterns shows the progress; it would be torn by a line that moves.
        with output, stages("listing", quiet or sys.stdout.isatty()) as stage:
            progress = Progress(stage, "listing")
            if numbers is not None:
                head = "".join(f"  {json.dumps(name)}: {json.dumps(value)},\n" for name, value in numbers.items())
                sys.stdout.write("{\n" + head + '  "patterns": [')
            for pattern in islice(patterns, limit):
                line = "  ".join(pattern) + "\n" if numbers is None else f"{',' * bool(printed)}\n    {json.dumps(pattern)}"
                printed += 1
                output.write(line)
                progress(printed)
    except KeyboardInterrupt:
        status = INTERRUPTED
    if numbers is not None:
        tail = "" if status == DONE else ',\n  "interrupted": true'
        sys.stdout.write(f'\n  ],\n  "complete": {json.dumps(printed == total)}{tail}\n}}\n')
    sys.stdout.flush()
    return printed, status


class UnbrokenOutput:
    """While it is entered, an interruption waits until what is being written to stdout is written; a second one does not.

    An interruption inside a write to a full pipe would lose a part of the text in the middle.
    """

    def __init__(self) -> None:
        self._busy = self._asked = False

    def __enter__(self) -> None:
        self._installed = signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if self._installed:
            signal.signal(signal.SIGINT, self._interrupted)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._installed:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def write(self, text: str) -> None:
        """Write `text` as a whole; raises KeyboardInterrupt after that if the user asked for it meanwhile."""
        self._busy = True
        sys.stdout.write(text)
        self._busy = False
        if self._asked:
            raise KeyboardInterrupt

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        if not self._busy or self._asked:
            raise KeyboardInterrupt
        self._asked = True


class Progress:
    """How many were found so far, and how many a second, now and then, on stderr."""

    def __init__(self, stage: Stage, work: str) -> None:
        self._stage, self._work, self._start = stage, work, monotonic_ns()

    def __call__(self, count: int) -> None:
        if count % _NOTED == 0:
            rate = count * 10**9 // max(1, monotonic_ns() - self._start)
            self._stage(f"{self._work}: {count} ({rate} a second)")
