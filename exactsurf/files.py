"""How files appear: whole or not at all, and noted for whoever must name them after an interrupt."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from exactsurf.errors import InputError


def as_path(path: object) -> Path:
    """The path of a file; `InputError` for what is neither a text nor a path.

    >>> as_path("problem.json").name
    'problem.json'
    """
    if isinstance(path, (str, os.PathLike)) and not isinstance(os.fspath(path), bytes):
        return Path(path)
    raise InputError("a file is named by a text or a path", text=repr(path), fix="for example 'problem.json'")


def write_file(path: str | os.PathLike[str], content: bytes) -> Path:
    """Write `content` beside `path` and rename it into place, so that `path` is never half-written.

    It is compressed if the name ends in ``.gz``. What is no ordinary file (a device, a pipe) is written to, not replaced; of a
    link, its target is. Exactness: equal content gives equal files.
    """
    goal = as_path(path)
    if goal.suffix == ".gz":
        import gzip

        content = gzip.compress(content, mtime=0)
    try:
        if goal.exists() and not (goal.is_file() or goal.is_dir()):
            goal.write_bytes(content)
            return goal
        target = goal.resolve() if goal.is_symlink() else goal
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.chmod(temporary, 0o644)
            os.replace(temporary, target)
        finally:
            # An interrupt may come when it is in place already.
            if os.path.exists(temporary):
                os.unlink(temporary)
            else:
                _note_written(goal)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", file=str(goal)) from None
    return goal


_written: ContextVar[list[Path] | None] = ContextVar("files written", default=None)


@contextmanager
def files_written() -> Iterator[list[Path]]:
    """The files that `write_file` puts into place in the block, in order, as they come."""
    token = _written.set([])
    try:
        found = _written.get()
        assert found is not None
        yield found
    finally:
        _written.reset(token)


def _note_written(goal: Path) -> None:
    found = _written.get()
    if found is not None:
        found.append(goal)
