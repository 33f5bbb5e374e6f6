"""Standard output and standard error as they are: encodings that lack signs of mathematics, pipes that are closed."""

from __future__ import annotations

import codecs
import os
import sys
import unicodedata
from contextlib import suppress

CLOSED_PIPE = 141
"""The exit status where the reader of standard output has left, as of programs that end by SIGPIPE."""

_PLAIN = "exactsurf-plain"
_SPELLED = """
≤ <= ≥ >= ≠ != ≈ ~ ∼ ~ − - – - — - × x · * … ... ⋯ ... → -> ∈ in ✓ + ✗ x ½ 1/2 ‖ || ∞ inf ∑ sum ∏ prod √ sqrt ∂ d ∇ grad
′ ' ″ '' “ " ” " ‘ ' ’ ' ⟨ < ⟩ > ≻ > ≽ >= █ # ━ - ─ - │ | ∘ o ∎ QED ß ss ⌊ [ ⌋ ]
"""
_SIGNS = dict(zip(_SPELLED.split()[::2], _SPELLED.split()[1::2], strict=True))


def prepare_streams() -> None:
    """Let standard output and standard error write what their encoding lacks in plain letters, instead of failing.

    Exactness: no digit is changed: numbers are ASCII. Raises: nothing. Source: none.
    """
    codecs.register_error(_PLAIN, _plain)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and not is_unicode(stream) and hasattr(stream, "reconfigure"):
            with suppress(OSError, ValueError):
                stream.reconfigure(errors=_PLAIN)


def is_unicode(stream: object) -> bool:
    """Whether a stream can write every character."""
    encoding = getattr(stream, "encoding", None)
    return encoding is None or encoding.lower().replace("_", "-").startswith(("utf-8", "utf8", "utf-16", "utf-32"))


def discard_stdout() -> None:
    """What is left in the buffer goes nowhere; else Python would try to write it again at its end, and fail again."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = "".join(_letter(sign) for sign in error.object[error.start : error.end])
    return text, error.end


def _letter(sign: str) -> str:
    if sign in _SIGNS or sign.isascii():
        return _SIGNS.get(sign, sign)
    parts = unicodedata.normalize("NFKD", sign)
    if parts != sign:
        return "".join(_letter(part) for part in parts if not unicodedata.combining(part))
    name = unicodedata.name(sign, f"U+{ord(sign):04X}").lower()
    return name.rpartition(" ")[2] if name.startswith("greek ") else "" if unicodedata.combining(sign) else f"<{name}>"


def end_of_interrupted_start() -> SystemExit:
    """Say on stderr that nothing was done; the end of the program, with the exit status of an interrupt."""
    if sys.stderr is not None:
        sys.stderr.write("interrupted; nothing was written\n")
    return SystemExit(130)


def end_of_closed_pipe() -> SystemExit:
    """The quiet end of a program whose reader has left."""
    discard_stdout()
    return SystemExit(CLOSED_PIPE)
